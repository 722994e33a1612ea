"""Working days with the official swaps (调休); knows nothing of which deadline is being counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from models.rules.dates import format_date_paper

_SATURDAY = 5
#: Days off that are fixed in the calendar of every year, (month, day): name and the first year, by FIXED_SOURCE (5月2日
#: since its revision of 2024, in force 2025-01-01). Festivals of the lunar calendar and swapped days come with each
#: year's notice only.
FIXED_DAYS = {
    (1, 1): ("元旦", 2000),
    (5, 1): ("劳动节", 2000),
    (5, 2): ("劳动节", 2025),
    (10, 1): ("国庆节", 2000),
    (10, 2): ("国庆节", 2000),
    (10, 3): ("国庆节", 2000),
}
FIXED_SOURCE = "《全国年节及纪念日放假办法》第二条"


class Holiday(NamedTuple):
    """One exception to the five-day week: a weekday off, or a weekend day on which offices work."""

    day: date
    off: bool
    name: str


class DayResult(NamedTuple):
    """A computed day and the arithmetic behind it, one Chinese sentence a line."""

    value: date
    reasons: tuple[str, ...]


class CountResult(NamedTuple):
    """A number of working days and the arithmetic behind it."""

    value: int
    reasons: tuple[str, ...]


@lru_cache(maxsize=1)
def published_holidays() -> tuple[Holiday, ...]:
    """Exceptions to the five-day week in the State Council's yearly notices, by day, from 2004 on.

    Source: the package ``chinesecalendar``, which holds published years only (the package ``holidays`` also
    invents unpublished ones); it is imported at the first call. Seeds the editable table of holidays.
    """
    from chinese_calendar import constants

    found: list[Holiday] = []
    for days, off in ((constants.holidays, True), (constants.workdays, False)):
        for day, name in days.items():
            if off != (day.weekday() >= _SATURDAY):
                label = constants.Holiday(name).chinese
                found.append(Holiday(day, off, label if off else f"{label}调休上班"))
    return tuple(sorted(found))


@dataclass(frozen=True)
class WorkCalendar:
    """The five-day week with its exceptions: True is a day off, False a working weekend day.

    ``names`` are the exceptions' Chinese names; ``years`` those with published data (by default every year that has
    an exception): other years count weekends and FIXED_DAYS only, which the reasons then say.
    """

    holidays: Mapping[date, bool]
    names: Mapping[date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.years:
            object.__setattr__(self, "years", frozenset(day.year for day in self.holidays))

    @classmethod
    def from_rows(cls, rows: Iterable[Holiday]) -> WorkCalendar:
        """A calendar of ``(day, off, name)`` rows, such as those of the editable table."""
        listed = list(rows)
        return cls({row.day: row.off for row in listed}, {row.day: row.name for row in listed})

    @classmethod
    def published(cls) -> WorkCalendar:
        """The calendar of the published notices."""
        return cls.from_rows(published_holidays())

    def is_workday(self, day: date) -> bool:
        """Whether offices work on the day."""
        off = self.holidays.get(day)
        if off is None:
            return day.weekday() < _SATURDAY and not fixed_day(day)
        return not off

    def name_of(self, day: date) -> str:
        """What a day off or a working weekend day is called; '' for an ordinary day."""
        return self.names.get(day) or fixed_day(day)

    def add_working_days(self, start: date, count: int) -> DayResult:
        """The day on which ``count`` working days after ``start`` are full; ``start`` itself is not counted.

        A period begins on the following day (民法典第二百零一条). Raises ValueError (Chinese) below zero.
        """
        if count < 0:
            raise ValueError("工作日数不能为负")
        day, left = start, count
        while left:
            day += timedelta(days=1)
            left -= self.is_workday(day)
        opening = f"自{format_date_paper(start)}的次日起算{count}个工作日，至{format_date_paper(day)}期满"
        return DayResult(day, (opening, *self._explain(start, day)))

    def working_days_between(self, start: date, end: date) -> CountResult:
        """Working days after ``start`` up to and including ``end``. Raises ValueError (Chinese) if end < start."""
        if end < start:
            raise ValueError(f"截止日{format_date_paper(end)}早于起算日{format_date_paper(start)}")
        count = sum(self.is_workday(day) for day in _days_after(start, end))
        opening = f"{format_date_paper(start)}次日至{format_date_paper(end)}共{count}个工作日"
        return CountResult(count, (opening, *self._explain(start, end)))

    def _explain(self, start: date, end: date) -> list[str]:
        """What was left out of the days after ``start`` up to ``end`` and what was put in."""
        days = list(_days_after(start, end))
        weekends = [day for day in days if day.weekday() >= _SATURDAY and not self.is_workday(day)]
        off = [day for day in days if day.weekday() < _SATURDAY and not self.is_workday(day)]
        swapped = [day for day in days if day.weekday() >= _SATURDAY and self.is_workday(day)]
        reasons: list[str] = []
        if weekends:
            reasons.append(f"扣除周末{len(weekends)}天")
        if off:
            reasons.append(f"扣除放假{len(off)}天：{self._listed(off)}")
        if swapped:
            reasons.append(f"计入调休上班{len(swapped)}天：{self._listed(swapped)}")
        unknown = sorted({day.year for day in days} - self.years)
        if unknown:
            years = "、".join(f"{year}年" for year in unknown)
            reasons.append(f"{years}尚无放假安排数据，只扣除周末和{FIXED_SOURCE}固定的放假日：请在节假日表中补充后重算")
        return reasons

    def _listed(self, days: list[date]) -> str:
        shown = []
        for day in days:
            name = self.name_of(day)
            shown.append(f"{day.month}月{day.day}日" + (f"（{name}）" if name else ""))
        return "、".join(shown)


def fixed_day(day: date) -> str:
    """The name of a day that is off by law in its year whatever the year's notice says; '' for others."""
    name, since = FIXED_DAYS.get((day.month, day.day), ("", 0))
    return name if name and day.year >= since else ""


def _days_after(start: date, end: date) -> Iterable[date]:
    return (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
