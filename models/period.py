"""Periods of the office's reports (半年、季度、全年) and the figures of one with last year's. No screen, no document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from models.core.figure import FIGURES, Figure
from models.core.register import View

#: The order of the report: topics by the first part of a figure's name; others follow by name.
TOPICS = ("enterprises", "assignment", "inspections", "campus", "rice", "catering", "notices")


@dataclass(frozen=True)
class Period:
    """A span of days with the word the office uses for it; both days included."""

    label: str
    start: dt.date
    end: dt.date

    @property
    def last_year(self) -> Period:
        """The same span a year before."""
        return Period(f"上年{self.label}", _year_before(self.start), _year_before(self.end))


def _year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def periods(day: dt.date) -> list[Period]:
    """The periods a clerk chooses from on a day: halves, the year, quarters, last year."""
    year = day.year
    quarters = ((1, 1, 3, 31), (4, 1, 6, 30), (7, 1, 9, 30), (10, 1, 12, 31))
    return [
        Period(f"{year}年上半年", dt.date(year, 1, 1), dt.date(year, 6, 30)),
        Period(f"{year}年下半年", dt.date(year, 7, 1), dt.date(year, 12, 31)),
        Period(f"{year}年全年", dt.date(year, 1, 1), dt.date(year, 12, 31)),
        *(
            Period(f"{year}年第{'一二三四'[number]}季度", dt.date(year, m1, d1), dt.date(year, m2, d2))
            for number, (m1, d1, m2, d2) in enumerate(quarters)
        ),
        Period(f"{year - 1}年下半年", dt.date(year - 1, 7, 1), dt.date(year - 1, 12, 31)),
        Period(f"{year - 1}年全年", dt.date(year - 1, 1, 1), dt.date(year - 1, 12, 31)),
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
    before = Period("", start, end).last_year
    lines = []
    for one in sorted(FIGURES.values(), key=_place):
        value = one.value(start, end)
        lines.append(
            Line(
                one,
                one.text(value),
                one.text(one.value(before.start, before.end)),
                View(figure=(one.name, start, end), day=end if one.basis == "stock" else None),
                value,
            )
        )
    return lines


def _place(one: Figure) -> tuple[int, str]:
    topic = one.name.partition(".")[0]
    return (TOPICS.index(topic) if topic in TOPICS else len(TOPICS), one.name if topic not in TOPICS else topic)
