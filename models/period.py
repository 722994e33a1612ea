"""Periods of the office's reports (半年、季度、全年) and the figures of one beside last year's. Knows no screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from models.core.figure import FIGURES, Figure
from models.core.register import View
from models.rules.dates import Period

#: The order of the report: topics by the first part of a figure's name; others follow by name.
TOPICS = ("enterprises", "assignment", "inspections", "campus", "rice", "catering", "notices")


def periods(day: dt.date) -> list[Period]:
    """The periods a clerk chooses from on a day: halves, the year, quarters, last year."""
    year = day.year
    return [
        Period.half_year(year, 1),
        Period.half_year(year, 2),
        Period.year(year),
        *(Period.quarter(year, number) for number in (1, 2, 3, 4)),
        Period.half_year(year - 1, 2),
        Period.year(year - 1),
    ]


def usual_period(day: dt.date) -> int:
    """Which of ``periods`` a report made on a day is about: the half-year just ending or ended."""
    return 0 if dt.date(day.year, 3, 1) <= day <= dt.date(day.year, 9, 30) else 1 if day.month >= 10 else 7


@dataclass(frozen=True)
class Line:
    """A figure of a period and of the same period last year, written out, with the list behind it."""

    figure: Figure
    value: str
    before: str
    view: View
    exact: int | Fraction | None


def figure_lines(start: dt.date, end: dt.date) -> list[Line]:
    """Every figure over a period, by topic. Safe on a reader thread."""
    before = Period(start, end).same_period_last_year()
    lines = []
    for one in sorted(FIGURES.values(), key=_place):
        value = one.value(start, end)
        lines.append(
            Line(
                one,
                _text(one, value),
                _text(one, one.value(before.start, before.end)),
                View(figure=(one.name, start, end), day=end if one.basis == "stock" else None),
                value,
            )
        )
    return lines


def _text(one: Figure, value: int | Fraction | None) -> str:
    return f"{value:,}" if isinstance(value, int) else one.text(value)


def _place(one: Figure) -> tuple[int, str]:
    topic = one.name.partition(".")[0]
    return (TOPICS.index(topic) if topic in TOPICS else len(TOPICS), one.name if topic not in TOPICS else topic)
