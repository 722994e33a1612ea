"""The year's plan as a desk looks at it: its visits, who has how many in which month, what is next. Knows no screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

import peewee

from models.area import Area
from models.core.record import as_of, database
from models.enterprise import Enterprise, EnterpriseState
from models.inspection_plan import InspectionPlan, PlannedVisit, PlannedVisitOfficer, plan_of
from models.organization import Officer
from models.plan_facts import as_day, officers_for
from models.plan_making import DEFAULTS, plan_limits

#: The states of a visit on a day, by code: word and tone, the most pressing first.
STATES: dict[str, tuple[str, str]] = {
    "overdue": ("已逾期", "danger"),
    "unplaced": ("待安排", "warning"),
    "next": ("下周", "warning"),
    "open": ("待检查", ""),
    "done": ("已完成", "success"),
    "cancelled": ("已取消", ""),
}


class PlanRow(NamedTuple):
    """A planned visit as a list shows it; ``officers`` in the order of their ids."""

    id: int
    enterprise: int
    name: str
    category: str
    area: int | None
    township: str
    address: str
    turn: int
    month: int
    day: dt.date | None
    due_on: dt.date
    full: bool
    key_target: bool
    state: str
    done_on: dt.date | None
    reason: str
    officers: tuple[int, ...]


class Cell(NamedTuple):
    """The visits of an officer in a month: all (cancelled ones left out), made, and past their day."""

    planned: int
    done: int
    overdue: int

    @property
    def open(self) -> int:
        """Those still to be made."""
        return self.planned - self.done


NOTHING = Cell(0, 0, 0)
#: Stands for «nobody yet» among the officers, and for the whole office and the whole year.
NOBODY, ALL_OFFICERS, YEAR = 0, -1, 0


@dataclass(frozen=True)
class Board:
    """A year's plan as of a day. ``officers`` in the order of their names; ``cells`` are keyed by officer and month,
    with the sums under ALL_OFFICERS and YEAR; ``bound`` is the most visits an officer can bear in a month; ``plan`` is
    None where no plan was made."""

    year: int
    today: dt.date
    plan: int | None
    made_on: dt.date | None
    rows: tuple[PlanRow, ...] = ()
    states: tuple[str, ...] = ()
    officers: dict[int, str] = field(default_factory=dict)
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    bound: int = 0

    def cell(self, officer: int, month: int) -> Cell:
        """The numbers of an officer in a month."""
        return self.cells.get((officer, month), NOTHING)

    @property
    def whole(self) -> Cell:
        """The numbers of the year."""
        return self.cell(ALL_OFFICERS, YEAR)

    def count(self, state: str) -> int:
        """The visits of a state."""
        return self.states.count(state)


def next_week(today: dt.date) -> tuple[dt.date, dt.date]:
    """Monday and Sunday of the week after a day's."""
    monday = today + dt.timedelta(days=7 - today.weekday())
    return monday, monday + dt.timedelta(days=6)


def state_of(row: PlanRow, today: dt.date) -> str:
    """The code of STATES a visit is in on a day."""
    if row.state != "open":
        return row.state
    if row.due_on < today:
        return "overdue"
    if row.day is None:
        return "unplaced"
    monday, sunday = next_week(today)
    return "next" if monday <= row.day <= sunday else "open"


def board(year: int, today: dt.date) -> Board:
    """The plan of a year as of a day. Safe on a reader thread."""
    plan = plan_of(year)
    if plan is None:
        return Board(year, today, None, None)
    rows = tuple(plan_rows(plan.id, today))
    states = tuple(state_of(row, today) for row in rows)
    limits = plan_limits(max(today, dt.date(year, 1, 1)) if today.year <= year else dt.date(year, 12, 31))
    bound = (limits["day_visits"] or DEFAULTS["day_visits"]) * (limits["month_days"] or DEFAULTS["month_days"])
    everybody = Officer.select(Officer.id, Officer.name).order_by(Officer.name_key, Officer.id)
    wanted = {one for row in rows for one in row.officers} | {one.id for one in officers_for(year, today)}
    officers = {key: name for key, name in database.execute(everybody) if key in wanted}
    return Board(
        year, today, plan.id, plan.made_on, rows, states, officers, _cells(rows, states), bound
    )


def _cells(rows: tuple[PlanRow, ...], states: tuple[str, ...]) -> dict[tuple[int, int], Cell]:
    counts: dict[tuple[int, int], list[int]] = {}
    for row, state in zip(rows, states, strict=True):
        if state == "cancelled":
            continue
        done, late = state == "done", state == "overdue"
        for officer in (*(row.officers or (NOBODY,)), ALL_OFFICERS):
            for month in (row.month, YEAR):
                count = counts.setdefault((officer, month), [0, 0, 0])
                count[0] += 1
                count[1] += done
                count[2] += late
    return {key: Cell(*count) for key, count in counts.items()}


def plan_rows(plan: int, day: dt.date) -> list[PlanRow]:
    """The visits of a plan by day, township and address, with the places as they are on a day."""
    visit, link, state = PlannedVisit, PlannedVisitOfficer, EnterpriseState
    links = (
        link.select(link.visit, link.officer)
        .join(visit, on=(link.visit == visit.id))
        .where(link.removed_at.is_null(), visit.removed_at.is_null(), visit.plan == plan)
        .order_by(link.officer)
    )
    officers: dict[int, list[int]] = {}
    for key, officer in database.execute(links):
        officers.setdefault(key, []).append(officer)
    query = (
        visit.live()
        .select(
            *(visit.id, visit.enterprise, Enterprise.name, state.category, state.area, Area.name),
            *(Enterprise.address, visit.turn, visit.month, visit.planned_on, visit.due_on, visit.full),
            *(visit.key_target, visit.state, visit.done_on, visit.reason),
        )
        .join(Enterprise, on=(visit.enterprise == Enterprise.id))
        .join_from(
            Enterprise,
            state,
            peewee.JOIN.LEFT_OUTER,
            on=((state.enterprise == Enterprise.id) & state.removed_at.is_null() & as_of(state, day)),
        )
        .join_from(state, Area, peewee.JOIN.LEFT_OUTER, on=(state.area == Area.id))
        .where(visit.plan == plan)
        .order_by(visit.due_on, state.area, Enterprise.address, visit.id)
    )
    return [
        PlanRow(
            *(row[0], row[1], row[2], row[3] or "", row[4], row[5] or "", row[6], row[7], row[8]),
            *(_maybe(row[9]), as_day(row[10]), bool(row[11]), bool(row[12]), row[13], _maybe(row[14]), row[15]),
            tuple(officers.get(row[0], ())),
        )
        for row in database.execute(query)
    ]


def _maybe(value: object) -> dt.date | None:
    return as_day(value) if value else None


def plan_years(today: dt.date) -> list[int]:
    """The years to choose from: next year, this one, and those with a plan, the latest first."""
    query = InspectionPlan.live().select(InspectionPlan.year)
    return sorted({today.year + 1, today.year, *(row[0] for row in query.tuples())}, reverse=True)
