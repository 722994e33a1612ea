"""What a year's risk grades are reckoned from, read as tuples in a few plain queries. Knows no score table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

import peewee

from models.checklist_answer import ChecklistAnswer
from models.core.record import as_of, database
from models.enterprise import Enterprise, EnterpriseState
from models.grade_condition import AdjustmentRule, GradeCondition
from models.inspection import Finding, Inspection
from models.rating import RiskAssessment
from models.risk_profile import PROFILE_MEASURES, RiskProfile

#: Where each measure stands in the facts of an enterprise.
FRAME = ("id", "name", "category", "opened_on", "product", "floor_area", "diners")
PLACES = {name: at for at, name in enumerate((*FRAME, *(name for name, _label in PROFILE_MEASURES)))}
#: The facts' places that are read by number in the loop over all enterprises.
CATEGORY, OPENED = PLACES["category"], PLACES["opened_on"]


class Condition(NamedTuple):
    """A raising or lowering condition that an enterprise meets in the year."""

    id: int
    direction: str
    name: str
    evidence: str


class Facts(NamedTuple):
    """The facts of a year as of a day, by enterprise: ``places`` in the order of ``PLACES``; ``visits`` are the
    inspections and how many of them ended in an investigation; ``found`` the numbers of the dynamic measures."""

    year: int
    day: dt.date
    places: list[tuple[Any, ...]]
    visits: dict[int, tuple[int, int]]
    found: dict[int, dict[str, int]]
    conditions: dict[int, list[Condition]]
    previous: dict[int, str]
    stored: dict[int, tuple[int, str]]


def grading_facts(year: int, day: dt.date, ids: Collection[int] | None = None) -> Facts:
    """The facts of the enterprises in business on a day (or of some of them) for the grades of a year."""
    start = dt.date(year, 1, 1)
    chosen = None if ids is None else sorted(set(ids))
    visits = {key: (count, bad) for key, count, bad in _rows(visits_query(start, day, chosen))}
    found: dict[int, dict[str, int]] = {}
    for key, severity, count in _rows(findings_query(start, day, chosen)):
        if key in found:
            found[key][severity] = count
        else:
            found[key] = {severity: count}
    for key, key_items, items in _rows(failures_query(start, day, chosen)):
        mine = found.setdefault(key, {})
        mine["key_failed"], mine["general_failed"] = key_items, items - key_items
    for key, (_count, bad) in visits.items():
        if bad:
            found.setdefault(key, {})["investigated"] = bad
    return Facts(
        year,
        day,
        _rows(places_query(day, chosen)),
        visits,
        found,
        _conditions(year, day, chosen),
        {key: grade for key, _id, grade in _rows(assessments_query(year - 1, chosen))},
        {key: (one, grade) for key, one, grade in _rows(assessments_query(year, chosen))},
    )


def places_query(day: dt.date, ids: Collection[int] | None = None) -> Any:
    """The enterprises in business on a day with their latest risk factors, one row each."""
    state, profile, later = EnterpriseState, RiskProfile, RiskProfile.alias()
    newer = later.select(later.id).where(
        later.removed_at.is_null(),
        later.enterprise == profile.enterprise,
        later.valid_from > profile.valid_from,
        later.valid_from <= day,
    )
    measures = [getattr(profile, name) for name, _label in PROFILE_MEASURES]
    query = (
        Enterprise.select(
            Enterprise.id,
            Enterprise.name,
            state.category,
            Enterprise.opened_on,
            state.product,
            Enterprise.floor_area,
            state.diners,
            *measures,
        )
        .join(state, on=(state.enterprise == Enterprise.id))
        .join_from(
            Enterprise,
            profile,
            peewee.JOIN.LEFT_OUTER,
            on=(
                (profile.enterprise == Enterprise.id)
                & profile.removed_at.is_null()
                & (profile.valid_from <= day)
                & ~peewee.fn.EXISTS(newer)
            ),
        )
        .where(
            Enterprise.removed_at.is_null(), state.removed_at.is_null(), as_of(state, day), state.status == "open"
        )
        .order_by(Enterprise.id)
    )
    return query if ids is None else query.where(Enterprise.id.in_(list(ids)))


def visits_query(start: dt.date, end: dt.date, ids: Collection[int] | None = None) -> Any:
    """Per enterprise the done inspections of a stretch and how many of them ended in an investigation."""
    bad = peewee.Case(None, [(Inspection.result == "investigate", 1)], 0)
    query = (
        Inspection.select(Inspection.enterprise, peewee.fn.COUNT(Inspection.id), peewee.fn.SUM(bad))
        .where(
            Inspection.removed_at.is_null(),
            Inspection.state == "done",
            Inspection.inspected_on.between(start, end),
        )
        .group_by(Inspection.enterprise)
    )
    return query if ids is None else query.where(Inspection.enterprise.in_(list(ids)))


def findings_query(start: dt.date, end: dt.date, ids: Collection[int] | None = None) -> Any:
    """Per enterprise and severity the findings of the done inspections of a stretch."""
    query = (
        Finding.select(Inspection.enterprise, Finding.severity, peewee.fn.COUNT(Finding.id))
        .join(Inspection, on=(Finding.inspection == Inspection.id))
        .where(
            Finding.removed_at.is_null(),
            Inspection.removed_at.is_null(),
            Inspection.state == "done",
            Finding.found_on.between(start, end),
        )
        .group_by(Inspection.enterprise, Finding.severity)
        .order_by(Inspection.enterprise, Finding.severity)
    )
    return query if ids is None else query.where(Inspection.enterprise.in_(list(ids)))


def failures_query(start: dt.date, end: dt.date, ids: Collection[int] | None = None) -> Any:
    """Per enterprise the key items and all items that failed on the checklists of a stretch's done inspections."""
    answer = ChecklistAnswer
    query = (
        answer.select(
            Inspection.enterprise, peewee.fn.SUM(answer.key_failed), peewee.fn.SUM(answer.failed_count)
        )
        .join(Inspection, on=(answer.inspection == Inspection.id))
        .where(
            answer.removed_at.is_null(),
            answer.failed_count > 0,
            Inspection.removed_at.is_null(),
            Inspection.state == "done",
            Inspection.inspected_on.between(start, end),
        )
        .group_by(Inspection.enterprise)
    )
    return query if ids is None else query.where(Inspection.enterprise.in_(list(ids)))


def assessments_query(year: int, ids: Collection[int] | None = None) -> Any:
    """Per enterprise its stored assessment of a year and the grade."""
    one = RiskAssessment
    query = one.select(one.enterprise, one.id, one.grade).where(one.removed_at.is_null(), one.year == year)
    return query if ids is None else query.where(one.enterprise.in_(list(ids)))


def _conditions(year: int, day: dt.date, ids: Collection[int] | None) -> dict[int, list[Condition]]:
    one, rule = GradeCondition, AdjustmentRule
    query = (
        one.select(one.enterprise, one.id, rule.direction, rule.name, one.evidence)
        .join(rule, on=(one.rule == rule.id))
        .where(one.removed_at.is_null(), one.year == year, one.happened_on <= day)
        .order_by(rule.direction.desc(), rule.rank, one.id)
    )
    found: dict[int, list[Condition]] = {}
    for key, *rest in _rows(query if ids is None else query.where(one.enterprise.in_(list(ids)))):
        found.setdefault(key, []).append(Condition(*rest))
    return found


def _rows(query: Any) -> list[Any]:
    rows: list[Any] = database.execute(query).fetchall()
    return rows
