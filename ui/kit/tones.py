"""Which cells are pills and which are urgent: a declared map of states and due days to tones; draws nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models.core.fields import Choice
from models.due_day import DueDays
from models.rules.deadlines import Urgency, day_urgency
from models.settings import settings

#: Tones of pills; "muted" is struck off, "" is plain grey.
Tones = Mapping[str, str]

#: Pills by table and field (of a computed column by register and path): the code of a choice → its tone.
#: A choice not named here is plain text.
PILLS: Mapping[str, Tones] = {
    "notice.state": {
        "draft": "", "issued": "warning", "served": "info", "closed": "success", "referred": "accent", "void": "muted",
    },
    "inspection.state": {"draft": "", "done": "success"},
    "inspection.result": {
        "none": "success", "fixed": "info", "ordered": "warning", "investigate": "danger",
    },
    "enterprise_state.status": {
        "open": "success", "suspended": "warning", "closed": "muted", "revoked": "muted", "lost": "danger",
    },
    "finding.severity": {"minor": "", "serious": "warning", "grave": "danger"},
    "risk_assessment.grade": {"A": "success", "B": "info", "C": "warning", "D": "danger"},
    "hygiene_rating.rating": {"excellent": "success", "good": "info", "fair": "warning"},
    "reinspection_item.outcome": {"corrected": "success", "partly": "warning", "not": "danger"},
    "routine_check.present": {"yes": "success", "no": "danger"},
    "routine_check.on_time": {"yes": "success", "no": "warning"},
    "routine_check.truthful": {"yes": "success", "no": "danger"},
    "staff_assessment.outcome": {"passed": "success", "failed": "danger"},
    "campus.staffing": {
        "director": "danger", "officer": "danger", "both": "danger", "dual": "danger", "unknown": "warning",
        "done": "success", "dual_done": "success", "none": "",
    },
    "campus.result": {"none": "success", "fixed": "info", "ordered": "warning", "investigate": "danger"},
    "campus.grade": {"A": "success", "B": "info", "C": "warning", "D": "danger"},
    "campus.rating": {"excellent": "success", "good": "info", "fair": "warning"},
    "sample.result": {"passed": "success", "failed": "danger", "pending": ""},
}  # fmt: skip


@dataclass(frozen=True)
class Due:
    """A day that matters while a state lasts: red once passed, amber in the days before it that a setting names.

    ``soon`` is the setting's key, ``state`` the column that tells and ``lasting`` its values ('' : always); ``unless``
    names a column that, when it is filled, takes this one's place, ``rest`` a period that ends later on a rest day.
    """

    soon: str = "warn_days"
    state: str = ""
    lasting: tuple[str, ...] = ()
    unless: str = ""
    rest: bool = False


_NOTICE = ("issued", "served")
#: Urgent days by register and column path.
DAYS: Mapping[tuple[str, str], Due] = {
    ("notices", "due_on"): Due(state="state", lasting=_NOTICE, unless="extended_to", rest=True),
    ("notices", "extended_to"): Due(state="state", lasting=_NOTICE, rest=True),
    ("enterprises", "permit_until"): Due("permit_days", "status", ("open",)),
    ("permits", "valid_until"): Due("permit_days"),
    ("campus", "permit_until"): Due("permit_days"),
    ("safety_staff", "certified_until"): Due("permit_days"),
    ("officers", "certified_until"): Due("permit_days"),
}
#: How each urgency is coloured, everywhere.
URGENCY_TONES: Mapping[Urgency, Literal["danger", "warning", "success"]] = {
    Urgency.OVERDUE: "danger",
    Urgency.DUE_TODAY: "warning",
    Urgency.DUE_SOON: "warning",
    Urgency.SETTLED: "success",
}


class Painter:
    """The tones of one register's columns."""

    def __init__(self, register: Any) -> None:
        self._places = {column.path: i for i, column in enumerate(register.columns)}
        self._pills: dict[int, Tones] = {}
        self._days: dict[int, Due] = {}
        self._soon: dict[str, int] = {}
        self._reading: DueDays | None = None
        for i, column in enumerate(register.columns):
            tones = pill_tones(register.field_of(column)) or PILLS.get(f"{register.name}.{column.path}")
            if tones is not None:
                self._pills[i] = tones
            due = DAYS.get((register.name, column.path))
            if due is not None:
                self._days[i] = due

    def is_pill(self, column: int) -> bool:
        """Whether a column's cells are pills."""
        return column in self._pills

    def tones(self, values: tuple[Any, ...], today: dt.date) -> tuple[str, ...]:
        """A tone for each cell of a row; '' where it is plain."""
        found = [""] * len(values)
        for i, tones in self._pills.items():
            found[i] = tones.get(values[i], "")
        for i, due in self._days.items():
            found[i] = self._urgency(values, i, due, today)
        return tuple(found)

    def learn(self) -> None:
        """Read again how many days before a day it is pressing, and on which days offices rest; off the GUI thread."""
        office = settings() if self._days else None
        self._soon = {due.soon: getattr(office, due.soon) for due in self._days.values()}
        self._reading = DueDays() if any(due.rest for due in self._days.values()) else None

    def _urgency(self, values: tuple[Any, ...], i: int, due: Due, today: dt.date) -> str:
        day = values[i]
        if not isinstance(day, dt.date):
            return ""
        if due.state in self._places and values[self._places[due.state]] not in due.lasting:
            return ""
        if due.unless in self._places and values[self._places[due.unless]] is not None:
            return ""
        ends = self._reading.ends(day) if due.rest and self._reading is not None else day
        return day_tone(ends, today, self._soon[due.soon])


def pill_tones(field: Any) -> Tones | None:
    """The tones of a choice field's pills, None where it is plain text."""
    if not isinstance(field, Choice) or getattr(field, "model", None) is None:
        return None
    return PILLS.get(f"{field.model._meta.table_name}.{field.name}")


def day_tone(day: dt.date, today: dt.date, soon: int) -> str:
    """danger once the day has passed, warning in the ``soon`` days up to it; the day itself is in time."""
    return URGENCY_TONES.get(day_urgency(day, today, soon), "")


def due_tone(due: Due, day: dt.date, today: dt.date) -> str:
    """The tone of a day by the setting that is in force; off the GUI thread."""
    return day_tone(DueDays().ends(day) if due.rest else day, today, getattr(settings(), due.soon))
