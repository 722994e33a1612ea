"""What all steps of the demo share: word lists, dice, working days, bulk storing and the cast. Knows no topic."""

from __future__ import annotations

import datetime as dt
import functools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from models.core.changes import Transaction
from models.core.record import BEGINNING, Entry, Record
from models.core.saving import search_columns
from models.holiday import work_calendar
from models.rules.seeds import RESOURCES, read_seed

FOLDER = RESOURCES / "demo"


@dataclass
class Township:
    """A township with its villages, streets and branch."""

    id: int
    code: str
    name: str
    branch: int = 0
    villages: list[tuple[int, str]] = field(default_factory=list)
    streets: list[str] = field(default_factory=list)


@dataclass
class Officer:
    """A law officer as the steps need one."""

    id: int
    branch: int
    position: str
    left_on: dt.date | None


@dataclass
class Stint:
    """An official's time in one area, both days included; ``load`` counts the enterprises given so far."""

    official: int
    level: str
    area: int
    start: dt.date
    end: dt.date | None
    load: int = 0


@dataclass
class Shop:
    """An enterprise with its dated states, as the later steps need it."""

    id: int
    name: str
    category: str
    township: Township
    village: int | None
    opened: dt.date | None
    product: str | None = None
    contractor: int | None = None
    diners: int | None = None
    party: int = 0
    address: str = ""
    floor_area: int | None = None
    chain: bool = False
    states: list[dict[str, Any]] = field(default_factory=list)

    def on(self, day: dt.date) -> dict[str, Any] | None:
        """The state in force on a day; None before the opening."""
        for state in self.states:
            if state["valid_from"] <= day and (state["valid_to"] is None or day <= state["valid_to"]):
                return state
        return None

    def open_on(self, day: dt.date) -> bool:
        """Whether it is in business on a day."""
        state = self.on(day)
        return state is not None and state["status"] == "open"

    def is_category(self, day: dt.date, *categories: str) -> bool:
        """Whether it is of one of the categories on a day."""
        state = self.on(day)
        return state is not None and state["category"] in categories

    def campus_on(self, day: dt.date) -> bool:
        """Whether it is a school or kindergarten canteen or lies around a campus on a day."""
        state = self.on(day)
        return state is not None and (
            state["category"] in ("school_canteen", "kindergarten_canteen") or state["key_area"] == "campus"
        )

    @property
    def starts(self) -> dt.date:
        """The first day it is known to be there."""
        return self.opened or BEGINNING


class Demo:
    """The demo in the making: the transaction, the word lists and what earlier steps have made."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self._uids = random.Random("uid")
        self.townships: list[Township] = []
        self.officers: list[Officer] = []
        self.stints: list[Stint] = []
        self.shops: list[Shop] = []
        self.visits: list[Any] = []
        self.loose: list[Any] = []
        self._calendar = work_calendar()
        self._people: set[str] = set()

    def dice(self, topic: str) -> random.Random:
        """A topic's own dice, the same in every run."""
        return random.Random(f"演示/{topic}")

    def add(self, model: type[Record], rows: Sequence[dict[str, Any]]) -> list[int]:
        """Store rows with a uid of their own and their search columns; returns their ids in order."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        blank = {name: model._meta.fields[name].default for name in names}
        whole = []
        for row in rows:
            full = {"uid": f"{self._uids.getrandbits(128):032x}", **blank, **row}
            if issubclass(model, Entry):
                full |= search_columns(model, full)
            whole.append(full)
        return self.tx.insert_many(model, whole) if whole else []

    def person(self, dice: random.Random) -> str:
        """An invented name, not used before while the lists last."""
        for _ in range(20):
            name = dice.choice(words("surnames.txt")) + dice.choice(words("given_names.txt"))
            if name not in self._people:
                break
        self._people.add(name)
        return name

    def phone(self, dice: random.Random) -> str:
        """A placeholder mobile number."""
        return f"1300000{dice.randrange(10_000):04d}"

    @functools.cache  # noqa: B019  (a Demo lives for one action only)
    def workdays(self, start: dt.date, end: dt.date) -> list[dt.date]:
        """The days offices work from ``start`` to ``end``, both included."""
        days = (start + dt.timedelta(days=n) for n in range((end - start).days + 1))
        return [day for day in days if self._calendar.is_workday(day)]

    def workday(self, dice: random.Random, start: dt.date, end: dt.date) -> dt.date:
        """A random working day of a stretch, or its last day where it has none."""
        days = self.workdays(start, end) if start <= end else []
        return dice.choice(days) if days else end

    def next_workday(self, day: dt.date, last: dt.date) -> dt.date:
        """The day itself or the first working day after it, not later than ``last``."""
        while day < last and not self._calendar.is_workday(day):
            day += dt.timedelta(days=1)
        return min(day, last)


@functools.cache
def words(name: str) -> tuple[str, ...]:
    """The lines of a word list."""
    return tuple((FOLDER / name).read_text(encoding="utf-8").split())


@functools.cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a list with columns."""
    return tuple(read_seed(FOLDER / name))
