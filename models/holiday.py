"""节假日: the editable table of days off and working weekend days that all working-day arithmetic reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from models.core.changes import Transaction
from models.core.checks import Problems
from models.core.fields import Choice, Date, LongText, Text
from models.core.record import Entry
from models.core.register import Column, Preset, Register
from models.core.search import search_columns
from models.rules import calendar

KINDS = (("off", "休息"), ("work", "调休上班"))
#: The first year the office reckons working days in: order 49 is in force from 2022; earlier years come on demand.
FIRST_YEAR = 2020
SOURCE = "国务院办公厅关于{year}年部分节假日安排的通知"


class Holiday(Entry):
    """One exception to the five-day week: a day off, or a weekend day on which the office works."""

    title = "节假日"
    identity = (("day",),)
    day = Date("日期", required=True)
    kind = Choice("安排", KINDS, required=True, default="off", width=7)
    name = Text("名称", required=True, search=True, pinyin=True, sort="name_key", max_length=40, width=14)
    source = LongText("依据", width=28)

    sections = (("节假日", ("day", "kind", "name", "source")),)
    live_indexes = ((("day",), True),)
    keep = ("kind", "name", "source")

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        day = draft["day"]
        if day is None:
            return
        twin = cls.live().where(cls.day == day).first()
        if twin is not None and (draft.record is None or twin.id != draft.record.id):
            problems.error("day", "duplicate", f"{day}（{twin.name}）已在节假日表中，请改那一条")
        weekend = day.weekday() >= 5
        if draft["kind"] == "work" and not weekend:
            problems.warn("kind", "weekday", f"{day}不是周末，本来就上班，不必登记为调休上班，请核对", day)
        elif draft["kind"] == "off" and weekend:
            problems.warn("kind", "weekend", f"{day}是周末，本来就休息，不必登记，请核对", day)


REGISTER = Register(
    name="holidays",
    title="节假日",
    model=Holiday,
    icon="calendar",
    unit="天",
    columns=(Column("day"), Column("kind"), Column("name"), Column("source")),
    order=(("day", True),),
    filters=("kind",),
    presets=(
        Preset(
            "this_year",
            "本年",
            lambda s: s.col("day").between(dt.date(s.day.year, 1, 1), dt.date(s.day.year, 12, 31)),
        ),
        Preset("ahead", "今后", lambda s: s.col("day") >= s.day),
    ),
)


def work_calendar() -> calendar.WorkCalendar:
    """The calendar of the ledger's table; a year without any row counts weekends only, which its reasons say."""
    rows = Holiday.live().select(Holiday.day, Holiday.kind, Holiday.name).tuples()
    return calendar.WorkCalendar.from_rows(calendar.Holiday(day, kind == "off", name) for day, kind, name in rows)


def missing_years() -> list[int]:
    """Published years from ``FIRST_YEAR`` on of which the table has no row."""
    query: Any = Holiday.live().select(Holiday.day).tuples()
    there = {row[0].year for row in query}
    return sorted({row.day.year for row in calendar.published_holidays() if row.day.year >= FIRST_YEAR} - there)


def add_years(tx: Transaction, years: Iterable[int]) -> int:
    """Store the published exceptions of some years; returns how many days."""
    rows = seed_rows(set(years))
    if rows:
        tx.insert_many(Holiday, [{**row, **search_columns(Holiday, row)} for row in rows])
    return len(rows)


def seed_rows(years: set[int] | None = None) -> list[dict[str, Any]]:
    """The published exceptions of some years (None: all from ``FIRST_YEAR`` on)."""
    return [
        {
            "day": row.day,
            "kind": "off" if row.off else "work",
            "name": row.name,
            "source": SOURCE.format(year=row.day.year),
        }
        for row in calendar.published_holidays()
        if (row.day.year in years if years is not None else row.day.year >= FIRST_YEAR)
    ]
