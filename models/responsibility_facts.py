"""Who looks after what on a day, read in four plain queries as tuples: for proposals, problems and handovers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, NamedTuple

import peewee

from models.area import Area
from models.core.record import as_of, database
from models.enterprise import Enterprise, EnterpriseState
from models.responsibility import LEVEL_OF_TIER, Assignment, Official, OfficialPost
from models.rules.coverage import satisfies

ENDED = ("closed", "revoked")


class Place(NamedTuple):
    """An enterprise as of the day; ``tier`` and ``village`` may be None."""

    id: int
    name: str
    status: str
    area: int
    village: int | None
    tier: str | None


class Held(NamedTuple):
    """An assignment in force on the day or later; days as ISO texts, as the ledger keeps them."""

    id: int
    enterprise: int
    official: int
    valid_from: str
    valid_to: str | None


class Cadre(NamedTuple):
    """An official; ``level`` and ``area`` are None without a post on the day."""

    id: int
    name: str
    term_from: str | None
    term_to: str | None
    level: str | None
    area: int | None
    unit: str | None
    post: str | None

    def serves(self, day: str) -> bool:
        """Whether the official is in office on the day (ISO)."""
        return (self.term_from is None or self.term_from <= day) and (
            self.term_to is None or self.term_to >= day
        )


def queries(day: dt.date) -> tuple[Any, Any, Any]:
    """The queries of places, held assignments and officials, in the order of their ids."""
    state, post = EnterpriseState, OfficialPost
    places = (
        Enterprise.select(Enterprise.id, Enterprise.name, state.status, state.area, state.village, state.tier)
        .join(state, on=(state.enterprise == Enterprise.id))
        .where(Enterprise.removed_at.is_null(), state.removed_at.is_null(), as_of(state, day))
        .order_by(Enterprise.id)
    )
    held = (
        Assignment.select(
            Assignment.id,
            Assignment.enterprise,
            Assignment.official,
            Assignment.valid_from,
            Assignment.valid_to,
        )
        .where(Assignment.removed_at.is_null(), Assignment.valid_to.is_null() | (Assignment.valid_to >= day))
        .order_by(Assignment.id)
    )
    officials = (
        Official.select(
            Official.id,
            Official.name,
            Official.term_from,
            Official.term_to,
            post.level,
            post.area,
            post.unit,
            post.post,
        )
        .join(
            post,
            peewee.JOIN.LEFT_OUTER,
            on=((post.official == Official.id) & post.removed_at.is_null() & as_of(post, day)),
        )
        .where(Official.removed_at.is_null())
        .order_by(Official.id)
    )
    return places, held, officials


class Facts:
    """The responsibility system as of one day. ``now`` are the assignments in force, ``later`` begin afterwards."""

    def __init__(self, day: dt.date) -> None:
        self.day, self.iso = day, day.isoformat()
        places, held, officials = queries(day)
        self.places: dict[int, Any] = {row[0]: row for row in _rows(places)}
        self.officials = {row[0]: _cadre(row) for row in _rows(officials)}
        self.parents: dict[int, int | None] = dict(_rows(Area.select(Area.id, Area.parent)))
        self.now: dict[int, list[Any]] = {}
        self.later: dict[int, str] = {}
        self._sort(_rows(held))

    def _sort(self, rows: list[Any]) -> None:
        """Put the assignments in their places; a district has ten thousand, so with as little work as can be."""
        if rows and not isinstance(rows[0][3], str):
            rows = [(*row[:3], *(None if d is None else str(d) for d in row[3:])) for row in rows]
        iso, now, later = self.iso, self.now, self.later
        loads = Counter([row[2] for row in rows if row[3] <= iso])
        self.loads = {key: loads[key] for key in self.officials}
        for row in rows:
            key = row[1]
            if row[3] > iso:
                later[key] = min(row[3], later.get(key, row[3]))
            elif key in now:
                now[key].append(row)
            else:
                now[key] = [row]

    def place(self, key: int) -> Place | None:
        """An enterprise as of the day; None where it is not there then."""
        row = self.places.get(key)
        return None if row is None else Place(*row)

    def seat(self, tier: str | None, area: int, village: int | None) -> tuple[str, int | None] | None:
        """The level that answers for a tier and the area its officials must have; None for the city's and no tier."""
        level = LEVEL_OF_TIER.get(tier or "")
        if level is None:
            return None
        if level == "district":
            return level, self.parents.get(area)
        return level, area if level == "township" else village

    def fault(self, official: int, place: Any) -> str:
        """Why an official does not rightly look after a place on the day (term, area, level); '' where all is right."""
        cadre = self.officials.get(official)
        if cadre is None or not cadre.serves(self.iso) or cadre.level is None:
            return "term"
        _id, _name, _status, area, village, tier = place
        if cadre.area not in (village, area, self.parents.get(area)):
            return "area"
        if tier in LEVEL_OF_TIER and not satisfies(cadre.level, tier):
            return "level"
        return ""


def _rows(query: Any) -> Any:
    return database.execute(query).fetchall()


def _cadre(row: Any) -> Cadre:
    """An official from a row, with its days as ISO texts on every engine."""
    if isinstance(row[2], dt.date) or isinstance(row[3], dt.date):
        row = (*row[:2], *(None if d is None else str(d) for d in row[2:4]), *row[4:])
    return Cadre._make(row)
