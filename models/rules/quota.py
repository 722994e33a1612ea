"""Quotas of hours per month, half-month or week (督导检查工时); knows neither leaders nor records."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

Span = Literal["month", "half_month", "week"]
Stretch = tuple[date, date]


def whole_stretches(span: Span, start: date, end: date) -> list[Stretch]:
    """The months, half-months (1–15, 16–last) or weeks (Monday–Sunday) that lie wholly between two days, in order."""
    found: list[Stretch] = []
    day = start - timedelta(days=start.weekday()) if span == "week" else start.replace(day=1)
    while day <= end:
        last = _last_day(span, day)
        if start <= day and last <= end:
            found.append((day, last))
        day = last + timedelta(days=1)
    return found


def _last_day(span: Span, first: date) -> date:
    if span == "week":
        return first + timedelta(days=6)
    if span == "half_month" and first.day == 1:
        return first.replace(day=15)
    return first.replace(day=monthrange(first.year, first.month)[1])


def kept(minutes: Mapping[date, int], stretches: Iterable[Stretch], hours: int) -> int:
    """In how many of the stretches the minutes of their days reach the hours."""
    return sum(
        sum(spent for day, spent in minutes.items() if first <= day <= last) >= hours * 60
        for first, last in stretches
    )
