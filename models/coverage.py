"""Coverage (包保率) by level and township as of any day, with the officials' commitments. Knows no screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import peewee

from models.area import LEVELS, Area
from models.commitment import committed
from models.core.record import as_of, database
from models.enterprise import Enterprise, EnterpriseState, in_business
from models.responsibility import LEVEL_OF_TIER, Assignment, OfficialPost, assigned_now, serving


@dataclass(frozen=True)
class CoverageRow:
    """Coverage of one level in one area on a day, in 户; ``level`` district, township, village or city (tier A).

    ``committed`` are those of the assigned whose official has a commitment in force.
    """

    level: str
    area_id: int
    area: str
    enterprises: int
    assigned: int
    committed: int

    @property
    def rate(self) -> float | None:
        """Assigned among enterprises, None where there are none."""
        return self.assigned / self.enterprises if self.enterprises else None


def coverage(day: dt.date) -> list[CoverageRow]:
    """Enterprises in business by the level of their tier and township, and how many of them have an official.

    Tier A is the city's and comes as level ``city``; enterprises without a tier come as level ``''``. One query.
    """
    state = EnterpriseState
    assigned = peewee.fn.COUNT(
        peewee.Case(None, [(Enterprise.id.in_(assigned_now(day)), Enterprise.id)], None)
    )
    covered = assigned_now(day).where(Assignment.official.in_(committed(day)))
    signed = peewee.fn.COUNT(peewee.Case(None, [(Enterprise.id.in_(covered), Enterprise.id)], None))
    query = (
        Enterprise.live()
        .select(state.tier, Area.id, Area.name, peewee.fn.COUNT(Enterprise.id), assigned, signed)
        .join(state, on=(state.enterprise == Enterprise.id))
        .join(Area, on=(state.area == Area.id))
        .where(in_business(state, day))
        .group_by(state.tier, Area.id, Area.name)
        .order_by(Area.code, Area.name)
    )
    levels = {**LEVEL_OF_TIER, "A": "city"}
    return [
        CoverageRow(levels.get(tier or "", ""), area_id, name, int(total), int(done), int(signed))
        for tier, area_id, name, total, done, signed in database.execute(query)
    ]


@dataclass(frozen=True)
class OfficialsRow:
    """The officials of one level on a day, in 人, and how many of them have a commitment in force."""

    level: str
    label: str
    officials: int
    committed: int

    @property
    def rate(self) -> float | None:
        """Committed among officials, None where there are none."""
        return self.committed / self.officials if self.officials else None


def officials_by_level(day: dt.date) -> list[OfficialsRow]:
    """The officials in office on a day by the level of their post, district first."""
    signed = peewee.Case(None, [(OfficialPost.official.in_(committed(day)), OfficialPost.official)], None)
    query = (
        OfficialPost.live()
        .select(OfficialPost.level, peewee.fn.COUNT(OfficialPost.official), peewee.fn.COUNT(signed))
        .where(as_of(OfficialPost, day), OfficialPost.official.in_(serving(day)))
        .group_by(OfficialPost.level)
    )
    found = {level: (int(all_), int(done)) for level, all_, done in database.execute(query)}
    return [OfficialsRow(level, label, *found.get(level, (0, 0))) for level, label in LEVELS]
