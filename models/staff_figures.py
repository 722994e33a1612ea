"""Figures of training, assessment and the three routines; knows no rule of who must have staff and no document."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.core.figure import Figure, figure
from models.enterprise import Enterprise, EnterpriseState, in_business, state_on
from models.inspection import Inspection
from models.routine import KINDS, RoutineCheck, kept
from models.safety_staff import SafetyStaff, StaffAssessment, serving, trained


def _in_post(day: dt.date) -> Any:
    operating = (
        Enterprise.live()
        .select(Enterprise.id)
        .join(EnterpriseState, on=(EnterpriseState.enterprise == Enterprise.id))
        .where(in_business(EnterpriseState, day))
    )
    return SafetyStaff.select(SafetyStaff.id).where(serving(day), SafetyStaff.enterprise.in_(operating))


def _spot(start: dt.date, end: dt.date) -> Any:
    span = StaffAssessment.assessed_on.between(start, end)
    return StaffAssessment.live().select(StaffAssessment.id).where(span, StaffAssessment.kind == "spot")


def checks(start: dt.date, end: dt.date, kind: str = "") -> Any:
    """The routines looked at in the inspections done in a period, by their ids."""
    done = Inspection.select(Inspection.id).where(
        Inspection.id.in_(figure("inspections.total").select(start, end))
    )
    query = RoutineCheck.live().select(RoutineCheck.id).where(RoutineCheck.inspection.in_(done))
    return query.where(RoutineCheck.kind == kind) if kind else query


def by_fact(fact: str, start: dt.date, end: dt.date) -> dict[Any, tuple[int, int]]:
    """(looked at, kept) of the three routines by a dated fact of the enterprise on the inspection's day."""
    import peewee

    from models.core.record import database

    state, on = state_on(Inspection.enterprise, Inspection.inspected_on)
    value = getattr(state, fact)
    good = peewee.fn.SUM(peewee.Case(None, [(kept(), 1)], 0))
    query = (
        RoutineCheck.select(value, peewee.fn.COUNT(RoutineCheck.id), good)
        .join(Inspection, on=(RoutineCheck.inspection == Inspection.id))
        .join(state, on=on)
        .where(RoutineCheck.id.in_(checks(start, end)))
        .group_by(value)
    )
    return {key: (int(seen), int(fine or 0)) for key, seen, fine in database.execute(query)}


def _count(name: str, label: str, unit: str, basis: Any, register: str, rule: str, query: Any) -> None:
    Figure(
        name=name, label=label, unit=unit, rule=rule, kind="count", basis=basis, register=register, query=query
    )  # fmt: skip


def _ratio(name: str, label: str, register: str, rule: str, part: str, whole: str, basis: Any) -> None:
    Figure(
        name=name, label=label, unit="%", rule=rule, kind="ratio", basis=basis, register=register, part=part,
        whole=whole,
    )  # fmt: skip


_count(
    "staff.serving", "在任总监和安全员", "人", "stock", "safety_staff",
    "期末在营的主体登记的在任食品安全总监、食品安全员人数，按任职记录计，一人任两职的计两人。",
    lambda start, end: _in_post(end),
)  # fmt: skip
_count(
    "staff.trained", "学时达标的总监和安全员", "人", "stock", "safety_staff",
    "在任的食品安全总监、食品安全员中，期末所在年度1月1日至期末的培训学时达到当年要求的人数。",
    lambda start, end: _in_post(end).where(SafetyStaff.id.in_(trained(end))),
)  # fmt: skip
_ratio(
    "staff.trained_rate", "培训学时达标率", "safety_staff",
    "学时达标的总监和安全员人数除以在任总监和安全员人数；年中按当年已登记的学时计。",
    "staff.trained", "staff.serving", "stock",
)  # fmt: skip
_count(
    "staff.assessed", "监督抽查考核", "人次", "flow", "staff_assessments",
    "期内对食品安全总监、食品安全员监督抽查考核的人次，按考核日期计。", _spot,
)  # fmt: skip
_count(
    "staff.assessed_passed", "监督抽查考核合格", "人次", "flow", "staff_assessments",
    "期内监督抽查考核结果为合格的人次，按考核日期计。",
    lambda start, end: _spot(start, end).where(StaffAssessment.outcome == "passed"),
)  # fmt: skip
_ratio(
    "staff.passed_rate", "监督抽查考核合格率", "staff_assessments", "监督抽查考核合格人次除以监督抽查考核人次。",
    "staff.assessed_passed", "staff.assessed", "flow",
)  # fmt: skip
for _code, _word in (("", "日管控、周排查、月调度"), *KINDS):
    _name = f"routines.{_code or 'all'}"
    _count(
        f"{_name}_checked", f"{_word}检查", "项次", "flow", "routine_checks",
        f"期内已完成的监督检查中，查看了{_word}的项次，按检查日期计。",
        lambda start, end, code=_code: checks(start, end, code),
    )  # fmt: skip
    _count(
        f"{_name}_kept", f"{_word}落实", "项次", "flow", "routine_checks",
        f"{_word}检查中，有记录、按时开展并如实记录的项次。",
        lambda start, end, code=_code: checks(start, end, code).where(kept()),
    )  # fmt: skip
    _ratio(
        f"{_name}_rate", f"{_word}落实率", "routine_checks", f"{_word}落实的项次除以{_word}检查的项次。",
        f"{_name}_kept", f"{_name}_checked", "flow",
    )  # fmt: skip
Figure(
    name="canteens.dual_rate",
    label="双总监、双食品安全员配齐率",
    unit="%",
    rule="双总监、双食品安全员配齐的食堂家数除以承包经营的学校、幼儿园食堂家数。",
    kind="ratio",
    basis="stock",
    register="enterprises",
    part="canteens.dual_staffed",
    whole="canteens.contracted",
)
