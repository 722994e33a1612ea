"""Figures of the responsibility system: tiers, officials, coverage by level, commitments, visits and their findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import peewee

from models.area import LEVELS
from models.commitment import Commitment, committed
from models.core.figure import Figure
from models.core.record import as_of
from models.enterprise import TIERS, Enterprise, EnterpriseState, in_business
from models.inspection import Finding
from models.inspection_task import handed_over
from models.responsibility import (
    LEVEL_OF_TIER,
    Assignment,
    Official,
    OfficialPost,
    assigned_now,
    serving,
    subjects_of_district,
)
from models.rules.coverage import LEVEL_LABELS
from models.rules.rounds import round_of
from models.visit import SupervisionVisit
from models.visiting import round_months, subjects, visited

Query = Callable[[dt.date, dt.date], Any]


def _of_tier(tier: str) -> Query:
    def query(start: dt.date, end: dt.date) -> peewee.ModelSelect:
        state = EnterpriseState
        return (
            Enterprise.live()
            .select(Enterprise.id)
            .join(state, on=(state.enterprise == Enterprise.id))
            .where(in_business(state, end), state.tier == tier)
        )

    return query


def _covered(tier: str) -> Query:
    return lambda start, end: _of_tier(tier)(start, end).where(Enterprise.id.in_(assigned_now(end)))


def _officials(level: str) -> Query:
    def query(start: dt.date, end: dt.date) -> peewee.ModelSelect:
        post = OfficialPost
        held = post.live().select(post.official).where(as_of(post, end), post.level == level)
        return serving(end).where(Official.id.in_(held))

    return query


def _committed(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return serving(end).where(Official.id.in_(committed(end)))


def _signed_for(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    covered = assigned_now(end).where(Assignment.official.in_(committed(end)))
    return subjects_of_district(end).where(Enterprise.id.in_(covered))


for _tier, _label in TIERS:
    Figure(
        name=f"assignment.tier_{_tier.lower()}",
        label=f"{_tier}级主体",
        unit="户",
        kind="count",
        basis="stock",
        register="enterprises",
        rule=f"期末在营、包保层级为{_label}的主体户数。",
        query=_of_tier(_tier),
    )
for _tier, _level in LEVEL_OF_TIER.items():
    _words = LEVEL_LABELS[_level]
    Figure(
        name=f"assignment.assigned_{_level}",
        label=f"已落实{_words}包保主体",
        unit="户",
        kind="count",
        basis="stock",
        register="enterprises",
        rule=f"期末在营的{_tier}级主体中，由{_words}或更高层级的现行包保干部包保的户数。",
        query=_covered(_tier),
    )
    Figure(
        name=f"assignment.rate_{_level}",
        label=f"{_words}包保率",
        unit="%",
        kind="ratio",
        basis="stock",
        register="enterprises",
        rule=f"已落实{_words}包保主体户数除以期末在营的{_tier}级主体户数。",
        part=f"assignment.assigned_{_level}",
        whole=f"assignment.tier_{_tier.lower()}",
    )
for _level, _label in LEVELS:
    Figure(
        name=f"assignment.officials_{_level}",
        label=f"{LEVEL_LABELS[_level]}包保干部",
        unit="人",
        kind="count",
        basis="stock",
        register="officials",
        rule=f"期末在任、任职层级为{_label}的包保干部人数。",
        query=_officials(_level),
    )
Figure(
    name="assignment.committed",
    label="包保干部已签承诺书的主体",
    unit="户",
    kind="count",
    basis="stock",
    register="enterprises",
    rule="已落实包保主体中，期末包保干部有期末有效的承诺书的户数。",
    query=_signed_for,
)
Figure(
    name="commitments.signed",
    label="签订承诺书",
    unit="份",
    kind="count",
    basis="flow",
    register="commitments",
    rule="期内签订的食品安全责任与任务承诺书份数，按签订日期计。",
    query=lambda start, end: (
        Commitment.live().select(Commitment.id).where(Commitment.signed_on.between(start, end))
    ),
)
Figure(
    name="commitments.officials",
    label="已签承诺书的包保干部",
    unit="人",
    kind="count",
    basis="stock",
    register="officials",
    rule="期末在任的包保干部中，有期末有效的承诺书的人数。",
    query=_committed,
)
Figure(
    name="commitments.rate",
    label="承诺书签订率",
    unit="%",
    kind="ratio",
    basis="stock",
    register="officials",
    rule="已签承诺书的包保干部人数除以期末在任的包保干部人数。",
    part="commitments.officials",
    whole="assignment.officials",
)


def _visits(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    visit = SupervisionVisit
    return visit.live().select(visit.id).where(visit.visited_on.between(start, end))


def _due(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """Enterprises with an official of a level that has a round on the last day."""
    parts = [subjects(end, level) for level, _ in LEVELS if round_months(level, end) is not None]
    return _any_of([Enterprise.id.in_(part) for part in parts])


def _done(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """Of the due those visited, until the last day, in the round of one of their officials."""
    parts = []
    for level, _label in LEVELS:
        months = round_months(level, end)
        if months is not None:
            seen = visited(round_of(end, months)[0], end)
            parts.append(Enterprise.id.in_(subjects(end, level)) & Enterprise.id.in_(seen))
    return _any_of(parts)


def _any_of(parts: list[Any]) -> peewee.ModelSelect:
    wanted = peewee.Value(1) == peewee.Value(0)
    for part in parts:
        wanted = wanted | part
    return Enterprise.live().select(Enterprise.id).where(wanted)


def _findings(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return (
        Finding.live()
        .select(Finding.id)
        .where(Finding.visit.is_null(False), Finding.found_on.between(start, end))
    )


def _resolved(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return _findings(start, end).where(Finding.resolved_on <= end)


Figure(
    name="visits.total",
    label="包保督导",
    unit="家次",
    kind="count",
    basis="flow",
    register="visits",
    rule="期内包保干部督导主体的次数，按督导日期计。",
    query=_visits,
)
Figure(
    name="visits.due",
    label="应督导主体",
    unit="户",
    kind="count",
    basis="stock",
    register="enterprises",
    rule="期末在营、有现行包保干部且该干部层级规定了督导周期的主体户数；市级包保（A级）的不计。",
    query=_due,
)
Figure(
    name="visits.done",
    label="本周期已督导主体",
    unit="户",
    kind="count",
    basis="stock",
    register="enterprises",
    rule="应督导主体中，在期末所在的督导周期（按干部层级）内、到期末为止督导过的户数。",
    query=_done,
)
Figure(
    name="visits.left",
    label="本周期待督导主体",
    unit="户",
    kind="count",
    basis="stock",
    register="enterprises",
    rule="应督导主体中，在期末所在的督导周期内、到期末为止还没有督导过的户数。",
    query=lambda start, end: _due(start, end).where(Enterprise.id.not_in(_done(start, end))),
)
Figure(
    name="visits.rate",
    label="督导完成率",
    unit="%",
    kind="ratio",
    basis="stock",
    register="enterprises",
    rule="本周期已督导主体户数除以应督导主体户数。",
    part="visits.done",
    whole="visits.due",
)
Figure(
    name="visits.findings",
    label="督导发现问题",
    unit="处",
    kind="count",
    basis="flow",
    register="findings",
    rule="期内包保督导发现的问题处数，按发现日期计。",
    query=_findings,
)
Figure(
    name="visits.resolved",
    label="督导问题已整改",
    unit="处",
    kind="count",
    basis="flow",
    register="findings",
    rule="期内包保督导发现的问题中，到期末已整改完成的处数。",
    query=_resolved,
)
Figure(
    name="visits.resolved_rate",
    label="督导问题整改率",
    unit="%",
    kind="ratio",
    basis="flow",
    register="findings",
    rule="期内督导问题中到期末已整改完成的处数除以督导发现问题处数。",
    part="visits.resolved",
    whole="visits.findings",
)
Figure(
    name="visits.handed_over",
    label="督导移交检查任务",
    unit="件",
    kind="count",
    basis="flow",
    register="inspection_tasks",
    rule="期内由包保督导移交市场监管部门的检查任务件数，按交办日期计。",
    query=handed_over,
)
