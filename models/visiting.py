"""When officials have to visit (督导周期): due lists, reminders and completion rates. Knows no screen, no document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import peewee

from models.area import LEVELS, Area
from models.core.record import as_of, database
from models.enterprise import Enterprise, EnterpriseState, in_business
from models.responsibility import Assignment, Official, OfficialPost
from models.rules.coverage import LEVEL_LABELS
from models.rules.dates import format_date_paper
from models.rules.rounds import month_ends, round_of
from models.threshold import limit_of
from models.visit import SupervisionVisit

By = Literal["level", "township", "official", "quarter"]


class DueVisit(NamedTuple):
    """An enterprise to be visited by its official in the round that ends on ``due_on``.

    ``last`` is the last visit of anybody; ``missed`` says that the round before passed without one, ``done`` that the
    enterprise was visited in this one.
    """

    enterprise: int
    enterprise_name: str
    township: int
    official: int
    official_name: str
    level: str
    due_on: dt.date
    last: dt.date | None
    missed: bool
    done: bool = False


@dataclass(frozen=True)
class VisitRate:
    """Visits due and done (户 in each round) of one level, township, official or quarter."""

    key: Any
    label: str
    due: int
    done: int

    @property
    def rate(self) -> float | None:
        """Done among due, None where nothing was due."""
        return self.done / self.due if self.due else None


class _Pair(NamedTuple):
    enterprise: int
    name: str
    township: int
    official: int
    official_name: str
    level: str
    since: str


def round_months(level: str, day: dt.date) -> int | None:
    """The months of a visiting round of a level in force on a day; None where none is set."""
    return limit_of(f"visit_months_{level}", day)


def subjects(day: dt.date, level: str) -> peewee.ModelSelect:
    """Assignments in force on a day to enterprises in business (not the city's) by officials of a level."""
    post, state = OfficialPost, EnterpriseState
    return (
        Assignment.live()
        .select(Assignment.enterprise)
        .join(post, on=(post.official == Assignment.official))
        .join_from(Assignment, state, on=(state.enterprise == Assignment.enterprise))
        .where(
            as_of(Assignment, day),
            post.removed_at.is_null(),
            as_of(post, day),
            post.level == level,
            in_business(state, day),
            state.tier.is_null() | (state.tier != "A"),
        )
    )


def _pairs(day: dt.date, level: str) -> list[_Pair]:
    columns = (
        *(Assignment.enterprise, Enterprise.name, EnterpriseState.area, Official.id, Official.name),
        *(OfficialPost.level, Assignment.valid_from),
    )
    query = (
        subjects(day, level)
        .select(*columns)
        .join_from(Assignment, Enterprise, on=(Enterprise.id == Assignment.enterprise))
        .join_from(Assignment, Official, on=(Official.id == Assignment.official))
        .order_by(Enterprise.name_key, Enterprise.id, Official.id)
    )
    return [_Pair._make((*row[:6], str(row[6]))) for row in database.execute(query)]


def visited(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """The ids of the enterprises visited by any official in a stretch of days."""
    visit = SupervisionVisit
    return visit.live().select(visit.enterprise).where(visit.visited_on.between(start, end))


def _visited(start: dt.date, end: dt.date) -> set[int]:
    return {row[0] for row in database.execute(visited(start, end))}


def visits_due(day: dt.date) -> list[DueVisit]:
    """What is still to be visited in the rounds that run on a day, the soonest due first, then by name."""
    return [one for one in visit_states(day) if not one.done]


def visit_states(day: dt.date) -> list[DueVisit]:
    """Every enterprise with its official in the round that runs on a day, visited or not, in the order of
    ``visits_due``."""
    visit = SupervisionVisit
    last_query = (
        visit.live()
        .select(visit.enterprise, peewee.fn.MAX(visit.visited_on))
        .where(visit.visited_on <= day)
        .group_by(visit.enterprise)
    )
    last = {key: dt.date.fromisoformat(str(on)) for key, on in database.execute(last_query)}
    found = []
    for level, _label in LEVELS:
        months = round_months(level, day)
        if months is None:
            continue
        start, end = round_of(day, months)
        eve = start - dt.timedelta(days=1)
        before = round_of(eve, round_months(level, eve) or months)
        seen = _visited(*before)
        for pair in _pairs(day, level):
            on = last.get(pair.enterprise)
            done = on is not None and on >= start
            missed = not done and pair.since <= eve.isoformat() and pair.enterprise not in seen
            found.append(DueVisit._make((*pair[:6], end, on, missed, done)))
    return sorted(found, key=lambda one: one.due_on)


def visit_rates(start: dt.date, end: dt.date, by: By) -> list[VisitRate]:
    """Completion over the rounds whose last day lies in the period: an enterprise is due in a round when an official
    has it on the round's last day, done when any official visited it within the round."""
    counts: dict[Any, list[int]] = {}
    labels: dict[Any, str] = {}
    areas = dict(database.execute(Area.select(Area.id, Area.name))) if by == "township" else {}
    for pair, last, done in _rounds(start, end):
        key, label = _group(by, pair, last, areas)
        labels[key] = label
        count = counts.setdefault(key, [0, 0])
        count[0] += 1
        count[1] += done
    order = [level for level, _ in LEVELS]
    keys = sorted(counts, key=lambda k: order.index(k) if by == "level" else k)
    return [VisitRate(key, labels[key], *counts[key]) for key in keys]


def _group(by: By, pair: _Pair, last: dt.date, areas: dict[Any, str]) -> tuple[Any, str]:
    if by == "level":
        return pair.level, LEVEL_LABELS[pair.level]
    if by == "township":
        return pair.township, areas.get(pair.township, "")
    if by == "official":
        return pair.official, pair.official_name
    quarter = (last.month - 1) // 3 + 1
    return (last.year, quarter), f"{last.year}年第{'一二三四'[quarter - 1]}季度"


def _rounds(start: dt.date, end: dt.date) -> Iterator[tuple[_Pair, dt.date, bool]]:
    for last in month_ends(start, end):
        for level, _label in LEVELS:
            months = round_months(level, last)
            if months is None or round_of(last, months)[1] != last:
                continue
            seen = _visited(round_of(last, months)[0], last)
            for pair in _pairs(last, level):
                yield pair, last, pair.enterprise in seen


@dataclass(frozen=True)
class Reminder:
    """What one official has to be reminded of: the visits still due."""

    official: int
    name: str
    phone: str
    unit: str
    post: str
    visits: tuple[DueVisit, ...]


def reminders(day: dt.date, within: int | None = None) -> list[Reminder]:
    """The officials with visits due (within so many days, all by default), by level, then by name."""
    mine: dict[int, list[DueVisit]] = {}
    for one in visits_due(day):
        if within is None or (one.due_on - day).days <= within:
            mine.setdefault(one.official, []).append(one)
    post = OfficialPost
    query = (
        Official.select(Official.id, Official.name, Official.phone, post.unit, post.post)
        .join(post, on=((post.official == Official.id) & post.removed_at.is_null() & as_of(post, day)))
        .order_by(post.level, Official.name_key, Official.id)
    )
    rows = [row for row in database.execute(query) if row[0] in mine]
    return [
        Reminder(key, name, phone or "", unit or "", title or "", tuple(mine[key]))
        for key, name, phone, unit, title in rows
    ]


def reminder_text(reminder: Reminder, most: int = 10) -> str:
    """One message to send to an official; names ``most`` enterprises at the most."""
    visits = reminder.visits
    due = min(one.due_on for one in visits)
    names = "、".join(one.enterprise_name for one in visits[:most])
    more = f"等{len(visits)}户" if len(visits) > most else ""
    missed = sum(one.missed for one in visits)
    behind = f"其中{missed}户上一周期未督导。" if missed else ""
    return (
        f"{reminder.name}同志：您包保的食品生产经营主体尚有{len(visits)}户未完成本期督导，"
        f"请于{format_date_paper(due)}前完成：{names}{more}。{behind}"
    )
