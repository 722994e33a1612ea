"""Figures of inspections and findings: what was visited and found in a period, by the facts of the day of the visit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import peewee

from models.core.figure import Figure
from models.enterprise import RICE, Enterprise, is_campus, state_on
from models.inspection import Finding, Inspection


def _inspected(start: dt.date, end: dt.date, where: Any = None) -> peewee.ModelSelect:
    """Ids of the inspections done in a period, ``where`` taking the enterprise's facts of the day of inspection."""
    query = (
        Inspection.live()
        .select(Inspection.id)
        .where(Inspection.inspected_on.between(start, end), Inspection.state == "done")
    )
    if where is not None:
        state, on = state_on(Inspection.enterprise, Inspection.inspected_on)
        query = query.join(state, on=on).where(where(state))
    return query


def _found(start: dt.date, end: dt.date, where: Any = None) -> peewee.ModelSelect:
    """Ids of the findings of inspections done in a period."""
    query = (
        Finding.live()
        .select(Finding.id)
        .join(Inspection, on=(Finding.inspection == Inspection.id))
        .where(
            Inspection.removed_at.is_null(),
            Inspection.inspected_on.between(start, end),
            Inspection.state == "done",
        )
    )
    if where is not None:
        state, on = state_on(Inspection.enterprise, Inspection.inspected_on)
        query = query.join_from(Inspection, state, on=on).where(where(state))
    return query


def _makes_rice(state: Any) -> Any:
    return (state.category == "production") & (state.product == RICE)


def _rice_enterprises(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    visited = _inspected(start, end, _makes_rice).columns(Inspection.enterprise)
    return Enterprise.live().select(Enterprise.id).where(Enterprise.id.in_(visited))


def _inspected_enterprises(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    visited = _inspected(start, end).columns(Inspection.enterprise)
    return Enterprise.live().select(Enterprise.id).where(Enterprise.id.in_(visited))


Figure(
    name="inspections.total",
    label="监督检查",
    unit="家次",
    kind="count",
    basis="flow",
    register="inspections",
    rule="期内已完成的监督检查次数，按检查日期计，草稿不计。",
    query=_inspected,
)
Figure(
    name="inspections.enterprises",
    label="被检查单位",
    unit="户",
    kind="count",
    basis="flow",
    register="enterprises",
    rule="期内至少被检查一次的主体户数，同一户只计一次，按检查日期计。",
    query=_inspected_enterprises,
)
Figure(
    name="inspections.findings",
    label="发现隐患",
    unit="处",
    kind="count",
    basis="flow",
    register="findings",
    rule="期内已完成的监督检查所发现的隐患数，按检查日期计。",
    query=_found,
)
Figure(
    name="inspections.findings_resolved",
    label="已整改隐患",
    unit="处",
    kind="count",
    basis="flow",
    register="findings",
    rule="期内发现的隐患中，截至期末已当场整改或复查认定整改到位的处数。",
    query=lambda start, end: _found(start, end).where(Finding.resolved_on <= end),
)
Figure(
    name="inspections.resolved_rate",
    label="隐患整改率",
    unit="%",
    kind="ratio",
    basis="flow",
    register="findings",
    rule="已整改隐患处数除以发现隐患处数，截至期末。",
    part="inspections.findings_resolved",
    whole="inspections.findings",
)
Figure(
    name="campus.inspections",
    label="校园及周边检查",
    unit="家次",
    kind="count",
    basis="flow",
    register="inspections",
    rule="期内对学校、幼儿园食堂和校园周边食品经营者已完成的监督检查次数，按检查日期及当日的类别、重点区域计。",
    query=lambda start, end: _inspected(start, end, is_campus),
)
Figure(
    name="campus.findings",
    label="校园及周边隐患",
    unit="处",
    kind="count",
    basis="flow",
    register="findings",
    rule="校园及周边检查所发现的隐患数，按检查日期计。",
    query=lambda start, end: _found(start, end, is_campus),
)
Figure(
    name="rice.enterprises",
    label="检查大米生产企业",
    unit="家",
    kind="count",
    basis="flow",
    register="enterprises",
    rule="期内至少被检查一次的大米生产企业数，同一家只计一次，按检查日期计。",
    query=_rice_enterprises,
)
