"""结果公开: which results of inspections are still to be made public, by when, and its figures (令49号 art. 39)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import peewee

from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problems
from models.core.figure import Figure
from models.enterprise import Enterprise
from models.holiday import work_calendar
from models.inspection import RESULTS, Inspection
from models.rules.calendar import DayResult
from models.rules.dates import format_date_paper
from models.rules.deadlines import Urgency, notice_urgency, publication_due
from models.rules.grades import PeriodRule
from models.settings import settings
from models.threshold import PUBLICATION_DAYS, periods

#: Keys that one statement names.
MOST_NAMED = 5000
STATES = (("overdue", "逾期未公开"), ("soon", "即将到期"), ("waiting", "待公开"))


@dataclass(frozen=True)
class Unpublished:
    """One inspection whose result is not public yet on the day; ``reasons`` are the arithmetic of ``due_on``."""

    id: int
    enterprise: int
    enterprise_name: str
    inspected_on: dt.date
    result: str
    due_on: dt.date
    urgency: Urgency
    days_left: int
    label: str
    reasons: tuple[str, ...]

    @property
    def state(self) -> str:
        """A code of STATES."""
        pressing = {Urgency.OVERDUE: "overdue", Urgency.DUE_TODAY: "soon", Urgency.DUE_SOON: "soon"}
        return pressing.get(self.urgency, "waiting")


class Deadlines:
    """The last day of publication of each day's results, by the ledger's period and holidays, read once."""

    def __init__(self) -> None:
        self._rules = [row for row in periods() if row.code == PUBLICATION_DAYS]
        self._calendar = work_calendar()
        self._known: dict[dt.date, DayResult | None] = {}
        self.since = settings().publication_from
        first = min((row.valid_from for row in self._rules), default=dt.date.max)
        #: The first day whose results are to be made public.
        self.begin = max(first, self.since) if self.since is not None else first

    def of(self, formed_on: dt.date) -> DayResult | None:
        """The last day for results formed on a day, with the arithmetic; None where no duty is in force that day."""
        if formed_on not in self._known:
            rule = self._rule(formed_on)
            early = self.since is not None and formed_on < self.since
            self._known[formed_on] = (
                None if rule is None or early else publication_due(formed_on, rule.value, self._calendar)
            )
        return self._known[formed_on]

    def _rule(self, day: dt.date) -> PeriodRule | None:
        fitting = [r for r in self._rules if r.valid_from <= day and (r.valid_to is None or r.valid_to >= day)]
        return fitting[0] if fitting else None

    def steps(self, start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date, dt.date]]:
        """(first, last, due) of each stretch of days from ``start`` to ``end`` whose results are due on one day."""
        days = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
        dues = [(day, found[0]) for day in days if (found := self.of(day)) is not None]
        stretches = []
        for due, group in groupby(dues, key=lambda pair: pair[1]):
            mine = [day for day, _due in group]
            stretches.append((mine[0], mine[-1], due))
        return stretches


def unpublished(day: dt.date, most: int | None = None) -> list[Unpublished]:
    """The results formed by a day and not public by its end, the soonest due first. Safe on a reader.

    ``most`` bounds how many are read; ``publication.open`` is the figure of all.
    """
    deadlines, soon = Deadlines(), settings().warn_days
    query = _open(day, deadlines).select(
        Inspection.id, Inspection.enterprise, Enterprise.name, Inspection.inspected_on, Inspection.result
    )
    query = query.join(Enterprise).order_by(Inspection.inspected_on, Inspection.id).limit(most)
    words, found = dict(RESULTS), []
    rows: Any = query.tuples()
    for key, place, name, on, result in rows:
        due = deadlines.of(on)
        if due is None:  # between two stretches of a duty
            continue
        told = notice_urgency(due[0], day, soon)
        found.append(
            Unpublished(
                key, place, name, on, words.get(result, ""), due[0], told.urgency, told.days_left or 0, told.label,
                due[1],
            )
        )  # fmt: skip
    return found


class Published(NamedTuple):
    """How many results were registered as public, and why each other one was left as it is."""

    done: int
    left: tuple[str, ...]


def publish(tx: Transaction, inspections: Sequence[int], on: dt.date | None) -> Published:
    """Register the day on which some results were made public.

    Drafts, removed inspections and results public already are left as they are and told. Raises CheckFailed for a
    day before an inspection or after today; nothing is stored then.
    """
    problems = Problems()
    found = {row.id: row for part in _parts(inspections) for row in Inspection.live().where(Inspection.id.in_(part))}
    told = [_kept_back(found.get(key)) for key in dict.fromkeys(inspections)]
    left = tuple(reason for reason in told if reason)
    rows = [row for row in found.values() if not _kept_back(row)]
    latest = max((row.inspected_on for row in rows), default=None)
    if on is None:
        problems.error("published_on", "required", "请填写公开日期")
    elif on > tx.today:
        problems.error("published_on", "future", "公开日期晚于今天，请改正")
    elif latest is not None and on < latest:
        problems.error("published_on", "order", f"公开日期早于检查日期{latest}，请改正，或分开登记")
    if problems:
        raise CheckFailed(problems, Inspection.labels())
    for row in rows:
        tx.update(row, published_on=on)
    return Published(len(rows), left)


def _parts(keys: Sequence[int]) -> Iterator[list[int]]:
    """Keys in lists that one statement can name."""
    listed = list(dict.fromkeys(keys))
    return (listed[start : start + MOST_NAMED] for start in range(0, len(listed), MOST_NAMED))


def _kept_back(row: Inspection | None) -> str:
    """Why the result of an inspection is not to be registered; '' where it is."""
    if row is None:
        return "有一次检查已被移除"
    name = f"{row.enterprise.name}{format_date_paper(row.inspected_on)}的检查"
    if row.state != "done":
        return f"{name}还是草稿，请先办结"
    if row.published_on is not None:
        return f"{name}已于{format_date_paper(row.published_on)}公开，日期写错的请在检查记录中改"
    return ""


def _open(day: dt.date, deadlines: Deadlines, *where: Any) -> peewee.ModelSelect:
    """Ids of the results formed since the duty began and not public by the end of a day."""
    return (
        Inspection.live()
        .select(Inspection.id)
        .where(
            Inspection.state == "done",
            Inspection.inspected_on.between(deadlines.begin, day),
            Inspection.published_on.is_null() | (Inspection.published_on > day),
            *where,
        )
    )


def _overdue(_start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """Of these, those whose last day is over: due days follow the days of inspection in order."""
    deadlines, day = Deadlines(), end
    while day > deadlines.begin and ((due := deadlines.of(day)) is None or due.value >= end):
        day -= dt.timedelta(days=1)
    return _open(end, deadlines, Inspection.inspected_on <= day)


# --- figures -----------------------------------------------------------------------------------------------------


def _due(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """Inspections done in a period whose results were to be public by its last day."""
    return _within([(a, b) for a, b, due in Deadlines().steps(start, end) if due <= end])


def _within(stretches: list[tuple[dt.date, dt.date]]) -> peewee.ModelSelect:
    """The inspections done in stretches that follow one another."""
    query = Inspection.live().select(Inspection.id).where(Inspection.state == "done")
    if not stretches:
        return query.where(Inspection.id.is_null())
    return query.where(Inspection.inspected_on.between(stretches[0][0], stretches[-1][1]))


def _in_time(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    steps = [step for step in Deadlines().steps(start, end) if step[2] <= end]
    each = [
        Inspection.inspected_on.between(first, last) & (Inspection.published_on <= due)
        for first, last, due in steps
    ]
    query = _within([(first, last) for first, last, _due in steps])
    return query.where(any_of(each)) if each else query


def any_of(conditions: Sequence[Any]) -> Any:
    """Conditions joined by OR as a balanced tree: a chain of hundreds is too deep for a database."""
    if len(conditions) == 1:
        return conditions[0]
    half = len(conditions) // 2
    return any_of(conditions[:half]) | any_of(conditions[half:])


def _late(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return _due(start, end).where(Inspection.id.not_in(_in_time(start, end)))


Figure(
    name="publication.due",
    label="应公开的检查结果",
    unit="家次",
    kind="count",
    basis="flow",
    register="inspections",
    rule="期内完成的监督检查中，结果公开期限（检查之后20个工作日，以“标准与期限”为准）在期末以前届满的次数，按检查日期计。",
    query=_due,
)
Figure(
    name="publication.in_time",
    label="按期公开的检查结果",
    unit="家次",
    kind="count",
    basis="flow",
    register="inspections",
    rule="应公开的检查结果中，在公开期限以内（含当日）公开的次数。",
    query=_in_time,
)
Figure(
    name="publication.late",
    label="逾期公开或未公开的检查结果",
    unit="家次",
    kind="count",
    basis="flow",
    register="inspections",
    rule="应公开的检查结果中，公开期限届满时没有公开的次数，以后补公开的也计在内。",
    query=_late,
)
Figure(
    name="publication.open",
    label="期末未公开的检查结果",
    unit="家次",
    kind="count",
    basis="stock",
    register="inspections",
    rule="截至期末已完成、应公开而没有公开的监督检查次数，期限未到的也计在内；督办起始日期以前的不计。",
    query=lambda start, end: _open(end, Deadlines()),
)
Figure(
    name="publication.overdue",
    label="期末逾期未公开的检查结果",
    unit="家次",
    kind="count",
    basis="stock",
    register="inspections",
    rule="期末未公开的检查结果中，公开期限早于期末的次数。",
    query=_overdue,
)
Figure(
    name="publication.rate",
    label="检查结果按期公开率",
    unit="%",
    kind="ratio",
    basis="flow",
    register="inspections",
    rule="按期公开的次数除以应公开的次数。",
    part="publication.in_time",
    whole="publication.due",
)

