"""What the rules of the data check ask of the ledger in common: plain rows of a period, names. Judges nothing."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.core.record import Record, database
from models.enterprise import Enterprise
from models.holiday import work_calendar
from models.inspection import Inspection
from models.organization import Officer
from models.rules.calendar import WorkCalendar


class Found(NamedTuple):
    """One odd record: where it stands, the field to mend, its day, what is odd in Chinese, and the doubted facts.

    ``value`` is what a waiver holds for: it differs as soon as the facts differ.
    """

    register: str
    record: int
    field: str
    day: dt.date
    enterprise: int | None
    text: str
    value: str


@dataclass(frozen=True)
class Asked:
    """A period (both days included) with the bound of the rule on these days; ``facts`` are shared by the rules."""

    start: dt.date
    end: dt.date
    bound: int
    facts: Facts

    @property
    def today(self) -> dt.date:
        """The day of the question."""
        return self.facts.today

    def done(self) -> Any:
        """The condition «an inspection that counts in the period»."""
        return (
            Inspection.removed_at.is_null()
            & Inspection.inspected_on.between(self.start, self.end)
            & (Inspection.state == "done")
        )


class Visit(NamedTuple):
    """An inspection that counts, with its times in minutes since midnight (None where not known)."""

    id: int
    enterprise: int
    day: dt.date
    begin: int | None
    end: int | None
    result: str | None


class Facts:
    """What several rules read, read once."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self._visits: dict[tuple[dt.date, dt.date], list[Visit]] = {}

    @functools.cached_property
    def calendar(self) -> WorkCalendar:
        """The ledger's days off and working weekend days."""
        return work_calendar()

    @functools.cached_property
    def officers(self) -> dict[int, str]:
        """The names of all officers, removed ones too."""
        return dict(rows(Officer.select(Officer.id, Officer.name)))

    def visits(self, asked: Asked) -> list[Visit]:
        """The inspections that count in a period, by day."""
        key = (asked.start, asked.end)
        if key not in self._visits:
            i = Inspection
            columns = (i.id, i.enterprise, i.inspected_on, i.started_at, i.ended_at, i.result)
            found = rows(i.select(*columns).where(asked.done()).order_by(i.inspected_on))
            days = {text: day_of(text) for text in {row[2] for row in found}}
            minutes = {text: minute_of(text) for text in {time for row in found for time in row[3:5]}}
            self._visits[key] = [
                Visit(one, place, days[day], minutes[begin], minutes[end], result)
                for one, place, day, begin, end, result in found
            ]
        return self._visits[key]


def rows(query: Any) -> list[tuple[Any, ...]]:
    """The rows of a query as the database keeps them: days and times are ISO texts in SQLite."""
    return list(database.execute(query))


@functools.lru_cache(maxsize=4096)
def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def day_of(value: Any) -> Any:
    """A day of a row; None stays."""
    return _day(value) if isinstance(value, str) else value


def minute_of(value: Any) -> Any:
    """A time of a row in minutes since midnight; None stays."""
    if isinstance(value, str):
        return int(value[:2]) * 60 + int(value[3:5])
    return None if value is None else int(value.hour * 60 + value.minute)


def names(model: type[Record], ids: Iterable[int | None]) -> dict[int, str]:
    """The names of some records, removed ones too, by id."""
    wanted = sorted({key for key in ids if key is not None})
    table, label = model._meta.table_name, model.label_field
    found: dict[int, str] = {}
    for at in range(0, len(wanted), 5000):
        part = ",".join(map(str, wanted[at : at + 5000]))
        found.update(database.execute_sql(f'SELECT "id", "{label}" FROM "{table}" WHERE "id" IN ({part})').fetchall())
    return found


def place_names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of some enterprises."""
    return names(Enterprise, ids)
