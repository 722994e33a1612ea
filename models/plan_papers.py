"""What the papers of the plan tell: the visits of a week by officer, and the year's plan. Knows no page and no file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from models.enterprise import CATEGORIES, Enterprise
from models.inspection_plan import InspectionPlan, plan_of
from models.inspection_task import InspectionTask, InspectionTaskOfficer
from models.organization import Officer
from models.plan_desk import PlanRow, next_week, plan_rows, state_of
from models.plan_facts import grades
from models.threshold import limit_of
from models.visit_limit import LIMIT, VisitCount, visit_counts

LABELS = dict(CATEGORIES)


class WeekLine(NamedTuple):
    """One place to go to: when (None: as soon as can be), where, who goes along, what for."""

    day: dt.date | None
    name: str
    category: str
    township: str
    address: str
    contact: str
    grade: str
    needs: str
    others: str
    visits: str


@dataclass(frozen=True)
class WeekSheet:
    """What one officer has to do in a week: the visits planned, those past their day, and other tasks due."""

    officer: str
    start: dt.date
    end: dt.date
    planned: tuple[WeekLine, ...]
    overdue: tuple[WeekLine, ...]
    tasks: tuple[WeekLine, ...]


def week_sheets(today: dt.date, officer: int | None = None) -> list[WeekSheet]:
    """The sheets of the week after a day's, by the officers' names; officers with nothing to do are left out."""
    start, end = next_week(today)
    rows = [row for year in sorted({start.year, end.year}) for row in _rows(year, today)]
    mine = [row for row in rows if state_of(row, today) in ("next", "overdue")]
    tasks = _tasks(end)
    wanted = {row.enterprise for row in mine} | {task.enterprise_id for task, _people in tasks}
    places = {one.id: one for one in Enterprise.select().where(Enterprise.id.in_(list(wanted)))}
    known = _Known(grades(start.year, today), visit_counts(today, wanted), places, _names(), limit_of(LIMIT, today))
    sheets = []
    for key, name in known.names.items():
        if officer not in (None, key):
            continue
        planned = [row for row in mine if key in row.officers and state_of(row, today) == "next"]
        late = [row for row in mine if key in row.officers and state_of(row, today) == "overdue"]
        due = [task for task, people in tasks if key in people]
        if planned or late or due:
            sheets.append(
                WeekSheet(
                    *(name, start, end),
                    tuple(known.line(row, key) for row in planned),
                    tuple(known.line(row, key) for row in late),
                    tuple(known.task(task) for task in due),
                )
            )
    return sheets


def _rows(year: int, today: dt.date) -> list[PlanRow]:
    plan = plan_of(year)
    return plan_rows(plan.id, today) if plan is not None else []


def _names() -> dict[int, str]:
    """The officers in the order of their names."""
    rows = Officer.select(Officer.id, Officer.name).order_by(Officer.name_key, Officer.id)
    return {row.id: row.name for row in rows}


def _tasks(end: dt.date) -> list[tuple[InspectionTask, set[int]]]:
    """The open tasks due by a day, with who does them."""
    rows = list(
        InspectionTask.live()
        .where(InspectionTask.state == "open", InspectionTask.due_on.is_null() | (InspectionTask.due_on <= end))
        .order_by(InspectionTask.due_on, InspectionTask.id)
    )
    people: dict[int, set[int]] = {}
    link = InspectionTaskOfficer
    for row in link.live().where(link.task.in_([one.id for one in rows])):
        people.setdefault(row.task_id, set()).add(row.officer_id)
    return [(one, people.get(one.id, set())) for one in rows]


class _Known(NamedTuple):
    grades: dict[int, str]
    counts: dict[int, VisitCount]
    places: dict[int, Enterprise]
    names: dict[int, str]
    limit: int | None

    def line(self, row: PlanRow, officer: int) -> WeekLine:
        needs = [f"第{row.turn}次", *(["全项检查"] if row.full else []), *(["重点监管"] if row.key_target else [])]
        others = "、".join(self.names[key] for key in row.officers if key != officer)
        return WeekLine(
            *(row.day, row.name, LABELS.get(row.category, ""), row.township, row.address),
            *(self.contact(row.enterprise), self.grades.get(row.enterprise, "未评"), "、".join(needs), others),
            self.visits(row.enterprise),
        )

    def task(self, task: InspectionTask) -> WeekLine:
        place = self.places[task.enterprise_id]
        return WeekLine(
            *(task.due_on, place.name, "", "", place.address, self.contact(place.id)),
            *(self.grades.get(place.id, "未评"), task.reason, "", self.visits(place.id)),
        )

    def contact(self, key: int) -> str:
        place = self.places[key]
        return "\n".join(part for part in (place.principal, place.phone) if part)

    def visits(self, key: int) -> str:
        count = self.counts.get(key)
        counted = count.counted if count is not None else 0
        return str(counted) if self.limit is None else f"{counted}/{self.limit}"


@dataclass(frozen=True)
class YearSheet:
    """The year's plan for publication: per township its places with their visits."""

    year: int
    name: str
    made_on: dt.date
    townships: tuple[tuple[str, tuple[YearLine, ...]], ...]
    visits: int
    enterprises: int


class YearLine(NamedTuple):
    """One place of the plan."""

    name: str
    category: str
    address: str
    grade: str
    visits: int
    months: str
    needs: str
    officers: str


def year_sheet(year: int, today: dt.date) -> YearSheet | None:
    """The plan of a year as a list by township; None where there is none."""
    plan: InspectionPlan | None = plan_of(year)
    if plan is None:
        return None
    known, names = grades(year, max(today, plan.made_on)), _names()
    by_place: dict[int, list[PlanRow]] = {}
    for row in plan_rows(plan.id, today):
        if row.state != "cancelled":
            by_place.setdefault(row.enterprise, []).append(row)
    groups: dict[str, list[tuple[tuple[str, str], YearLine]]] = {}
    for rows in by_place.values():
        first = rows[0]
        flags = [*(["全项"] if any(row.full for row in rows) else []), *(["重点"] if first.key_target else [])]
        people = dict.fromkeys(names[key] for row in rows for key in row.officers)
        line = YearLine(
            *(first.name, LABELS.get(first.category, ""), first.address, known.get(first.enterprise, "未评")),
            *(len(rows), "、".join(f"{row.month}月" for row in rows), " ".join(flags), "、".join(people)),
        )
        groups.setdefault(first.township or "属地待补", []).append(((line.category, line.name), line))
    townships = tuple((name, tuple(line for _key, line in sorted(groups[name]))) for name in sorted(groups))
    return YearSheet(
        *(year, plan.name, plan.made_on, townships),
        *(sum(len(rows) for rows in by_place.values()), len(by_place)),
    )
