"""Merging areas (乡镇、村撤并) from a day on: who lies in them moves, the past stays as it was. Knows no screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from models.area import Area
from models.core.changes import Transaction
from models.core.dated import set_facts
from models.core.errors import Refused
from models.core.record import Fact, Record
from models.enterprise import Enterprise, EnterpriseState
from models.responsibility import Official, OfficialPost


@dataclass(frozen=True)
class Merged:
    """How many enterprises (户), officials (人) and villages (个) moved."""

    enterprises: int
    officials: int
    villages: int


def merge_areas(tx: Transaction, area: int, into: int, on: dt.date) -> Merged:
    """Let an area be part of another of its level from a day on: dated facts change on that day, the villages of a
    township go along, the area ends the day before and keeps its name for the past.

    Raises Refused where the two are not of one level, the same, or already ended.
    """
    old, new = Area.get_by_id(area), Area.get_by_id(into)
    if old.id == new.id or old.level != new.level or old.level == "district":
        raise Refused(f"“{old.name}”不能并入“{new.name}”：两者应是不同的两个乡镇（街道）或两个村（社区）。")
    for one in (old, new):
        if one.removed_at is not None or (one.ended_on and one.ended_on < on):
            raise Refused(f"“{one.name}”已移除或已撤并，请另选。")
    places = _moved(tx, Enterprise, EnterpriseState, old, new, on)
    people = _moved(tx, Official, OfficialPost, old, new, on)
    villages = list(Area.live().where(Area.parent == old.id))
    for village in villages:
        tx.update(village, parent=new.id)
    tx.update(old, ended_on=on - dt.timedelta(days=1), successor=new.id)
    return Merged(places, people, len(villages))


def _moved(
    tx: Transaction, model: type[Record], facts: type[Fact], old: Area, new: Area, on: dt.date
) -> int:
    """Move the facts of an area from a day on; returns how many records moved."""
    village = facts is EnterpriseState and old.level == "village"
    column = EnterpriseState.village if village else facts.area  # type: ignore[attr-defined]
    values = {"village": new.id, "area": new.__data__["parent"]} if village else {"area": new.id}
    lasting = facts.valid_to.is_null() | (facts.valid_to >= on)
    rows = list(facts.live().where(column == old.id, lasting).order_by(facts.valid_from))
    keys = {row.__data__[facts.owner] for row in rows}
    for row in rows:
        if row.valid_from >= on:
            tx.update(row, **values)
        else:
            set_facts(tx, model.get_by_id(row.__data__[facts.owner]), on, values)
    return len(keys)
