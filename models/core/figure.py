"""Figures: a query with a name, a unit and a rule, that gives a value and the records behind it. Knows no topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import peewee

from models.core.errors import NotFound
from models.core.record import database
from models.core.register import register

FIGURES: dict[str, Figure] = {}
#: Figures of one record: what makes «campaign.visits:12» from the part after the colon, by the part before it.
FAMILIES: dict[str, Callable[[str], Figure]] = {}


@dataclass(frozen=True)
class Figure:
    """One number of the office.

    ``kind``: count (of the rows ``query`` selects: their own table is the distinct key), sum (of the column
    ``field`` over them) or ratio (of the figures ``part`` and ``whole``, the part's rows among the whole's).
    ``basis``: flow (over the period) or stock (as of its last day). ``query`` takes (start, end) and selects ids of
    the register's table. ``rule`` is the 口径 in one sentence.
    """

    name: str
    label: str
    unit: str
    rule: str
    kind: Literal["count", "sum", "ratio"]
    basis: Literal["flow", "stock"]
    register: str
    query: Callable[[dt.date, dt.date], Any] | None = None
    field: str = ""
    part: str = ""
    whole: str = ""
    #: One of a family is made when it is asked for and stands in no list.
    listed: bool = True

    def __post_init__(self) -> None:
        if self.listed:
            FIGURES[self.name] = self

    def select(self, start: dt.date, end: dt.date) -> Any:
        """The query of the ids behind the figure (a ratio: the denominator's)."""
        if self.kind == "ratio":
            return figure(self.whole).select(start, end)
        assert self.query is not None
        return self.query(start, end)

    def value(self, start: dt.date, end: dt.date) -> int | Fraction | None:
        """The number: an int, for a ratio a Fraction, None where the denominator is 0."""
        if self.kind == "ratio":
            whole = figure(self.whole).value(start, end)
            return Fraction(int(figure(self.part).value(start, end) or 0), int(whole)) if whole else None
        query = self.select(start, end)
        if self.kind == "sum":
            column = getattr(register(self.register).model, self.field)
            expr = peewee.fn.COALESCE(peewee.fn.SUM(column), 0)
        else:
            expr = peewee.fn.COUNT(peewee.SQL("1"))
        if query._distinct:
            key = query.alias("behind")
            query = peewee.Select([key], [expr]).bind(database)
            return int(next(iter(database.execute(query)))[0])
        return int(next(iter(database.execute(query.columns(expr))))[0])

    def ids(self, start: dt.date, end: dt.date) -> list[int]:
        """The ids of the records behind the figure, ascending."""
        return sorted(row[0] for row in database.execute(self.select(start, end)))

    def counted(self, start: dt.date, end: dt.date) -> set[int]:
        """The ids that count: of a ratio the numerator's, else all."""
        name = self.part if self.kind == "ratio" else self.name
        return set(figure(name).ids(start, end))

    def records(self, start: dt.date, end: dt.date, day: dt.date) -> Iterator[dict[str, Any]]:
        """The records as plain objects; of a ratio the denominator's, each with ``counted``."""
        counted = self.counted(start, end) if self.kind == "ratio" else None
        as_on = end if self.basis == "stock" else day
        for item in register(self.register).objects(self.ids(start, end), as_on):
            if counted is not None:
                item["counted"] = item["id"] in counted
            yield item

    def text(self, value: int | Fraction | None) -> str:
        """The number as a person reads it before its unit: 786, a ratio as 98.5 (never rounded up to 100).

        — stands where there is no denominator.
        """
        if value is None:
            return "—"
        if self.kind == "ratio":
            tenths = int(value * 1000) if value < 1 else 1000
            return f"{tenths // 10}.{tenths % 10}".removesuffix(".0")
        return str(value)


def figure(name: str) -> Figure:
    """The figure of a name; of a family «name:record». Raises NotFound with the names there are."""
    family, colon, key = name.partition(":")
    if colon and family in FAMILIES:
        return FAMILIES[family](key)
    if name not in FIGURES:
        raise NotFound(f"没有“{name}”这个指标。", f"可用的有：{'、'.join(sorted(FIGURES))}")
    return FIGURES[name]
