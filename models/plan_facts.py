"""What a year's plan is made from, read as tuples in a few plain queries. Knows no frequency and no calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

import peewee

from models.core.record import as_of, database
from models.enterprise import Enterprise, EnterpriseState
from models.full_cover import answered_whole, by_kind, covers, first_answered
from models.inspection import Inspection
from models.inspection_plan import InspectionPlan, PlannedVisit, PlannedVisitOfficer
from models.organization import Officer
from models.rating import RiskAssessment
from models.rules.fulfilment import FULL_KINDS

#: How many officers left out are named.
NAMED = 3


class Place(NamedTuple):
    """An enterprise in business on the plan's day; ``branch``, ``product`` and ``village`` may be None."""

    id: int
    name: str
    category: str
    product: str | None
    area: int
    village: int | None
    address: str
    branch: int | None


class Counted(NamedTuple):
    """The inspections of an enterprise in a stretch, how many of them covered all items, how many of these by their
    kind alone, and how many that were to cover all items have no complete checklist."""

    visits: int
    full: int
    assumed: int
    unproven: int


class Seen(NamedTuple):
    """An inspection of the plan's year; ``covers``: all items."""

    id: int
    enterprise: int
    day: dt.date
    kind: str
    covers: bool


class Kept(NamedTuple):
    """A visit of the stored plan; ``officers`` in the order of their ids."""

    id: int
    enterprise: int
    turn: int
    month: int
    day: dt.date | None
    full: bool
    fixed: bool
    state: str
    officers: tuple[int, ...]


class Inspector(NamedTuple):
    """A law officer who makes planned visits, until the day of leaving or of the certificate's end (None: open)."""

    id: int
    name: str
    branch: int | None
    until: dt.date | None


class LeftOut(NamedTuple):
    """A law officer in service who can neither be planned nor drawn for want of a certificate: ``until`` is the day it
    ended, None where no number is registered."""

    id: int
    name: str
    until: dt.date | None


class Facts(NamedTuple):
    """``before[k]`` are the inspections by enterprise k + 1 years before, ``last`` the day (ISO) of the latest of them,
    ``grades`` the latest assessments, ``officers`` those who can inspect, ``left_out`` the others."""

    places: list[tuple[Any, ...]]
    grades: dict[int, str]
    before: list[dict[int, Counted]]
    last: dict[int, str]
    seen: dict[int, list[Seen]]
    officers: list[Inspector]
    kept: dict[int, list[Kept]]
    left_out: list[LeftOut]


def plan_facts(year: int, day: dt.date, years_back: int) -> Facts:
    """The facts of a plan made on a day (a plan of a past year is made of what was known before it)."""
    before, last = [], dict[int, str]()
    for back in range(1, years_back + 1):
        counts = {}
        start, end = dt.date(year - back, 1, 1), dt.date(year - back, 12, 31)
        for key, latest, *numbers in _rows(counts_query(start, min(end, day))):
            counts[key] = Counted._make(numbers)
            last.setdefault(key, str(latest))
        before.append(counts)
    return Facts(
        _rows(places_query(day)),
        grades(year, day),
        before,
        last,
        inspections_of(year, day),
        officers_for(year, day),
        kept_visits(year),
        officers_left_out(year, day),
    )


def places_out_of_business(ids: Collection[int], day: dt.date) -> list[Place]:
    """Those of some enterprises that are not in business on a day, as they were known then."""
    state = EnterpriseState
    left = (state.status != "open") & Enterprise.id.in_(list(ids))
    return [Place._make(row) for row in _rows(_places(day, left))] if ids else []


def places_query(day: dt.date) -> Any:
    """The enterprises in business on a day, in the fields of Place."""
    return _places(day, EnterpriseState.status == "open")


def _places(day: dt.date, which: Any) -> Any:
    state = EnterpriseState
    return (
        Enterprise.select(
            *(Enterprise.id, Enterprise.name, state.category, state.product, state.area, state.village),
            *(Enterprise.address, Enterprise.branch),
        )
        .join(state, on=(state.enterprise == Enterprise.id))
        .where(
            Enterprise.removed_at.is_null(), state.removed_at.is_null(), as_of(state, day), which
        )
        .order_by(Enterprise.id)
    )


def counts_query(start: dt.date, end: dt.date) -> Any:
    """Per enterprise the day of the last done inspection of a stretch, and the numbers of Counted."""
    kind, whole = by_kind(first_answered()), answered_whole()
    to_cover = Inspection.kind.in_(sorted(FULL_KINDS))
    tests = (kind | whole, kind & ~whole, to_cover & ~kind & ~whole)
    return (
        Inspection.select(
            Inspection.enterprise,
            peewee.fn.MAX(Inspection.inspected_on),
            peewee.fn.COUNT(Inspection.id),
            *(peewee.fn.SUM(peewee.Case(None, [(test, 1)], 0)) for test in tests),
        )
        .where(
            Inspection.removed_at.is_null(),
            Inspection.state == "done",
            Inspection.inspected_on.between(start, end),
        )
        .group_by(Inspection.enterprise)
    )


def grades(year: int, day: dt.date) -> dict[int, str]:
    """The latest assessed grade of each enterprise up to a year, as known on a day."""
    one = RiskAssessment
    query = (
        one.select(one.enterprise, one.grade)
        .where(one.removed_at.is_null(), one.year <= year, one.assessed_on <= day)
        .order_by(one.year, one.id)
    )
    return dict(_rows(query))


def inspections_of(year: int, day: dt.date) -> dict[int, list[Seen]]:
    """The inspections of a year up to a day by enterprise, in the order of their days."""
    if day.year < year:
        return {}
    found: dict[int, list[Seen]] = {}
    for row in _rows(seen_query(dt.date(year, 1, 1), min(day, dt.date(year, 12, 31)))):
        found.setdefault(row[1], []).append(Seen(row[0], row[1], as_day(row[2]), row[3], bool(row[4])))
    return found


def seen_query(start: dt.date, end: dt.date) -> Any:
    """The done inspections of a stretch in the order of their days, in the fields of Seen."""
    one = Inspection
    return (
        one.select(one.id, one.enterprise, one.inspected_on, one.kind, peewee.Case(None, [(covers(), 1)], 0))
        .where(one.removed_at.is_null(), one.state == "done", one.inspected_on.between(start, end))
        .order_by(one.inspected_on, one.id)
    )


def officers_for(year: int, day: dt.date) -> list[Inspector]:
    """The law officers who can make planned visits of a year from a day on, in the order of their ids: with the number
    of a certificate (令49号 art. 23) that has not ended."""
    start = max(day, dt.date(year, 1, 1))
    columns = (Officer.id, Officer.name, Officer.branch, Officer.left_on, Officer.certified_until)
    query = _serving(columns, start).where(
        Officer.certificate != "", Officer.certified_until.is_null() | (Officer.certified_until >= start)
    )
    found = []
    for key, name, branch, *ends in _rows(query):
        until = min((as_day(one) for one in ends if one), default=None)
        found.append(Inspector(key, name, branch, until))
    return found


def officers_left_out(year: int, day: dt.date) -> list[LeftOut]:
    """The law officers in service whom ``officers_for`` leaves out, in the order of their ids."""
    start = max(day, dt.date(year, 1, 1))
    columns = (Officer.id, Officer.name, Officer.certificate, Officer.certified_until)
    query = _serving(columns, start).where((Officer.certificate == "") | (Officer.certified_until < start))
    return [
        LeftOut(key, name, as_day(until) if number else None) for key, name, number, until in _rows(query)
    ]


def told_left_out(officers: Collection[LeftOut]) -> str:
    """How many officers are neither planned nor drawn, why, and the mend; '' where there is none."""
    if not officers:
        return ""
    without = [one.name for one in officers if one.until is None]
    ended = [one.name for one in officers if one.until is not None]
    parts = [
        f"{len(names)}人{why}（{'、'.join(names[:NAMED])}{'等' if len(names) > NAMED else ''}）"
        for names, why in ((without, "没有登记执法证号"), (ended, "执法证已过有效期"))
        if names
    ]
    return f"另有{len(officers)}名执法人员未列入：{'，'.join(parts)}。请在“更多—执法人员”补登执法证号或有效期。"


def _serving(columns: tuple[Any, ...], start: dt.date) -> Any:
    """The law officers who have not left before a day."""
    return (
        Officer.select(*columns)
        .where(
            Officer.removed_at.is_null(),
            Officer.position == "officer",
            Officer.left_on.is_null() | (Officer.left_on >= start),
        )
        .order_by(Officer.id)
    )


def kept_visits(year: int) -> dict[int, list[Kept]]:
    """The visits of the stored plan of a year by enterprise, in the order of their days."""
    officers: dict[int, list[int]] = {}
    visit, link = PlannedVisit, PlannedVisitOfficer
    plan = InspectionPlan.live().select(InspectionPlan.id).where(InspectionPlan.year == year)
    links = (
        link.select(link.visit, link.officer)
        .join(visit, on=(link.visit == visit.id))
        .where(link.removed_at.is_null(), visit.removed_at.is_null(), visit.plan.in_(plan))
        .order_by(link.officer)
    )
    for key, officer in _rows(links):
        officers.setdefault(key, []).append(officer)
    found: dict[int, list[Kept]] = {}
    query = (
        visit.live()
        .select(
            *(visit.id, visit.enterprise, visit.turn, visit.month, visit.planned_on, visit.full, visit.fixed),
            visit.state,
        )
        .where(visit.plan.in_(plan))
        .order_by(visit.due_on, visit.turn, visit.id)
    )
    for row in _rows(query):
        day = as_day(row[4]) if row[4] else None
        mine = tuple(officers.get(row[0], ()))
        kept = Kept(row[0], row[1], row[2], row[3], day, bool(row[5]), bool(row[6]), row[7], mine)
        found.setdefault(kept.enterprise, []).append(kept)
    return found


def as_day(value: Any) -> dt.date:
    """A day as the database gave it, a date or its ISO text."""
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])


def _rows(query: Any) -> list[Any]:
    rows: list[Any] = database.execute(query).fetchall()
    return rows
