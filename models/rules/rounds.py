"""Rounds of whole months (督导周期) that follow the calendar: quarters, half-years, years. Knows no record."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date


def round_of(day: date, months: int) -> tuple[date, date]:
    """The first and last day of the round of so many months that holds a day, counted from January of year 0.

    3, 6 and 12 months are calendar quarters, half-years and years. Raises ValueError for less than a month.
    """
    if months < 1:
        raise ValueError(f"督导周期应至少1个月，现为{months}个月")
    first = (day.year * 12 + day.month - 1) // months * months
    last = first + months - 1
    end_year, end_month = last // 12, last % 12 + 1
    return date(first // 12, first % 12 + 1, 1), date(end_year, end_month, monthrange(end_year, end_month)[1])


def month_ends(start: date, end: date) -> Iterator[date]:
    """The last days of months from ``start`` to ``end``, both included."""
    year, month = start.year, start.month
    while (last := date(year, month, monthrange(year, month)[1])) <= end:
        yield last
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
