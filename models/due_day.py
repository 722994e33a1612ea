"""The day on which a due day's period ends, by the office's setting and holidays; one reading for screens and SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import peewee

from models.holiday import work_calendar
from models.rules.dates import format_date_paper
from models.rules.deadlines import effective_due, first_running
from models.settings import settings


class DueDays:
    """How the ledger reads due days of notices and findings: its calendar and setting, read once."""

    def __init__(self) -> None:
        self.calendar = work_calendar()
        self.moved = settings().rest_due == "next"

    def ends(self, due: dt.date) -> dt.date:
        """The last day of the period that a due day ends."""
        return effective_due(due, self.calendar) if self.moved else due

    def running(self, day: dt.date) -> dt.date:
        """The earliest due day not over before a day: in SQL, a due day is over where it is less than this."""
        return first_running(day, self.calendar) if self.moved else day

    def due_by(self, day: dt.date) -> dt.date:
        """The latest due day whose period ends by a day."""
        return self.running(day + dt.timedelta(days=1)) - dt.timedelta(days=1)

    def within(self, due: Any, start: dt.date, end: dt.date) -> Any:
        """The condition «the period of a due day (an expression) ends from ``start`` to ``end``»."""
        return due.between(self.running(start), self.due_by(end))

    def ends_of(self, due: Any, days: Iterable[dt.date]) -> Any:
        """The end of a due day's period as an SQL expression, where the due day is one of ``days``."""
        moved = [(day, end) for day in sorted(set(days)) if (end := self.ends(day)) != day]
        return peewee.Case(due, moved, due) if moved else due

    def reasons(self, due: dt.date) -> tuple[str, ...]:
        """What to know of a due day on which offices rest."""
        if self.calendar.is_workday(due):
            return ()
        name = self.calendar.names.get(due, "周末")
        if not self.moved:
            return (f"期限届满日{format_date_paper(due)}是休息日（{name}），按设置不顺延",)
        after = format_date_paper(self.ends(due))
        return (f"期限届满日{format_date_paper(due)}是休息日（{name}），顺延到{after}（参照《民法典》第二百零三条）",)
