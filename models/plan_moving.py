"""Moving planned visits to another month, day or officer, on days that officers have room for. Knows no screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from models.core.changes import Transaction
from models.core.errors import Refused
from models.core.record import as_of, database
from models.core.saving import save
from models.enterprise import EnterpriseState
from models.inspection_plan import PlannedVisit, PlannedVisitOfficer, month_end
from models.organization import Officer
from models.plan_facts import as_day
from models.plan_making import DEFAULTS, plan_limits, working_days


def move_visits(
    tx: Transaction,
    ids: Collection[int],
    *,
    day: dt.date | None = None,
    month: int | None = None,
    officers: Iterable[int] | None = None,
    waivers: Mapping[str, str] | None = None,
) -> int:
    """Give open visits another day, or only another month (to be arranged), or other officers; returns how many.

    They are then arranged by hand and stay so when the plan is made anew. Raises Refused for one that is not open, and
    what ``save`` raises.
    """
    people = None if officers is None else list(officers)
    visits = _open(ids)
    for visit in visits:
        values: dict[str, Any] = {"fixed": True}
        if day is not None:
            values |= {"planned_on": day, "month": day.month}
        elif month is not None:
            values |= {"planned_on": None, "month": month}
        if people is not None:
            values["officers"] = people
        save(tx, PlannedVisit, values, visit, waivers=waivers)
    return len(visits)


def shift_visits(
    tx: Transaction,
    ids: Collection[int],
    *,
    month: int | None = None,
    away_from: int | None = None,
    to: int | None = None,
) -> int:
    """Move open visits to a month, or from one officer to another, or both, each to a day that fits; how many.

    A day fits where all its officers are free or have room on the way in the same township. Raises Refused where a
    month is over or nobody has room.
    """
    visits = _open(ids)
    for visit in visits:
        people = [row.officer_id for row in _links([visit.id])]
        if to is not None and to not in people:
            people = [to if one == away_from else one for one in people]
            if to not in people:
                people = [*people[1:], to]
        wanted = month or visit.month
        stays = visit.planned_on is not None and wanted == visit.month
        if len(people) < 2:
            move_visits(tx, [visit.id], month=wanted)
            continue
        day = fitting_day(visit, people, wanted, tx.today, visit.planned_on if stays else None)
        move_visits(tx, [visit.id], day=day, officers=people)
    return len(visits)


def _open(ids: Collection[int]) -> list[PlannedVisit]:
    visits = list(PlannedVisit.live().where(PlannedVisit.id.in_(list(ids))).order_by(PlannedVisit.id))
    for visit in visits:
        if visit.state != "open":
            raise Refused(f"“{visit.label()}”第{visit.turn}次计划检查不是待检查，不能调整。")
    return visits


def _links(visits: Any) -> Any:
    link = PlannedVisitOfficer
    return link.live().where(link.visit.in_(visits)).order_by(link.officer)


def fitting_day(
    visit: PlannedVisit, officers: Collection[int], month: int, today: dt.date, wish: dt.date | None = None
) -> dt.date:
    """The working day of a month that suits officers best for a visit: one on which they are in its township anyway,
    else a free one, the nearest to the wish (or to the same day of the month). Raises Refused where there is none."""
    year = visit.plan.year
    first, last = dt.date(year, month, 1), month_end(year, month)
    days = [day for day in working_days(first, last) if day > today or day == wish]
    if not days:
        raise Refused(f"{year}年{month}月已经没有可以安排的工作日。", "请改到以后的月份。")
    if wish is None:
        at = visit.planned_on.day if visit.planned_on else 15
        wish = dt.date(year, month, min(at, last.day))
    limits = plan_limits(days[-1])
    most = limits["day_visits"] or DEFAULTS["day_visits"]
    month_days = limits["month_days"] or DEFAULTS["month_days"]
    taken = _taken(officers, first, last, visit.id)
    township = _township(visit.enterprise_id, days[0])
    best: tuple[tuple[int, int], dt.date] | None = None
    for day in days:
        there = [taken.get((one, day), []) for one in officers]
        used = [sum(1 for who, on in taken if who == one and on != day) for one in officers]
        if any(len(mine) >= most for mine in there) or any(
            not mine and count >= month_days for mine, count in zip(there, used, strict=True)
        ):
            continue
        elsewhere = any(place != township for mine in there for place in mine)
        if elsewhere:
            continue
        rank = (0 if all(there) else 1, abs((day - wish).days))
        if best is None or rank < best[0]:
            best = (rank, day)
    if best is None:
        names = "、".join(row.name for row in Officer.select().where(Officer.id.in_(list(officers))))
        raise Refused(f"{names}在{year}年{month}月没有合适的空闲工作日。", "请换月份或换检查人员。")
    return best[1]


def _taken(
    officers: Collection[int], first: dt.date, last: dt.date, without: int
) -> dict[tuple[int, dt.date], list[int]]:
    """The townships of the visits that officers have on the days of a stretch."""
    visit, link, state = PlannedVisit, PlannedVisitOfficer, EnterpriseState
    query = (
        link.select(link.officer, visit.planned_on, state.area)
        .join(visit, on=(link.visit == visit.id))
        .join_from(
            visit,
            state,
            on=((state.enterprise == visit.enterprise) & state.removed_at.is_null() & as_of(state, first)),
        )
        .where(
            link.removed_at.is_null(),
            visit.removed_at.is_null(),
            visit.state != "cancelled",
            visit.id != without,
            visit.planned_on.between(first, last),
            link.officer.in_(list(officers)),
        )
    )
    found: dict[tuple[int, dt.date], list[int]] = {}
    for officer, day, area in database.execute(query):
        found.setdefault((officer, as_day(day)), []).append(area)
    return found


def _township(enterprise: int, day: dt.date) -> int | None:
    state = EnterpriseState
    row = state.live().where(state.enterprise == enterprise, state.as_of(day)).first()
    return None if row is None else row.area_id
