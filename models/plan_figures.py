"""The figures of the year's inspection plan: visits planned, made, overdue, and the draws. Knows no screen."""

from __future__ import annotations

import datetime as dt

import peewee

from models.core.figure import Figure
from models.draw import Draw
from models.inspection_plan import InspectionPlan, PlannedVisit


def _planned(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """The visits due in a period, cancelled ones left out, of plans that are there."""
    visit = PlannedVisit
    return (
        visit.live()
        .select(visit.id)
        .join(InspectionPlan)
        .where(visit.due_on.between(start, end), visit.state != "cancelled", InspectionPlan.removed_at.is_null())
    )


def _done(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return _planned(start, end).where(PlannedVisit.done_on <= end)


def _late(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """Due before the period's last day in its year, and not made by then."""
    return _planned(dt.date(end.year, 1, 1), end).where(
        PlannedVisit.due_on < end, PlannedVisit.done_on.is_null() | (PlannedVisit.done_on > end)
    )


def _key(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return _planned(start, end).where(PlannedVisit.key_target)


def _draws(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return Draw.live().select(Draw.id).where(Draw.drawn_on.between(start, end))


for _name, _label, _rule, _query in (
    ("plan.visits", "计划检查", "年度计划中应在期内完成的检查，按计划日期（只定月份的按月末），取消的不计。", _planned),
    ("plan.done", "完成计划检查", "应在期内完成的计划检查中，截至期末已由监督检查完成的（提前完成的也计）。", _done),
    ("plan.key", "重点对象计划检查", "应在期内完成的计划检查中，对第二十二条重点监管对象的。", _key),
):
    Figure(
        name=_name,
        label=_label,
        unit="家次",
        kind="count",
        basis="flow",
        register="planned_visits",
        rule=_rule,
        query=_query,
    )
Figure(
    name="plan.overdue",
    label="逾期的计划检查",
    unit="家次",
    kind="count",
    basis="stock",
    register="planned_visits",
    rule="期末所在年度的计划检查中，计划日期早于期末而截至期末没有完成的；已取消的不计。",
    query=_late,
)
Figure(
    name="plan.rate",
    label="计划完成率",
    unit="%",
    kind="ratio",
    basis="flow",
    register="planned_visits",
    rule="完成计划检查的家次除以期内计划检查的家次。",
    part="plan.done",
    whole="plan.visits",
)
Figure(
    name="draw.draws",
    label="双随机抽取",
    unit="次",
    kind="count",
    basis="flow",
    register="draws",
    rule="期内按种子抽取检查对象和检查人员的次数，按抽取日期。",
    query=_draws,
)
