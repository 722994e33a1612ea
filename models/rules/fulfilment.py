"""Which planned visits the inspections of a place fulfil; knows neither tables nor records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

#: Inspections that are to cover all items of the checklist (令49号 arts 27, 53: 日常 and 体系); whether one did, its
#: answered checklist shows.
FULL_KINDS = frozenset({"routine", "system"})
#: Inspections that a planned visit may be; those on a clue (complaint, failed sample) and re-inspections are none.
PLANNED_KINDS = FULL_KINDS | {"random", "special", "flying", "first", "leader"}


class Wanted(NamedTuple):
    """A planned visit: its id, and whether it has to cover all items."""

    id: int
    full: bool


class Made(NamedTuple):
    """An inspection made: its id, kind (a code of the inspection's kinds), and whether it covered all items."""

    id: int
    kind: str
    covers: bool


def fulfilled(visits: Iterable[Wanted], inspections: Iterable[Made]) -> dict[int, int]:
    """Visit id to the inspection that fulfils it, for one place and year, both given in the order of their days.

    Each inspection fulfils one visit at the most: the first one open, a visit of all items before others where it
    covered them.
    """
    waiting, found = list(visits), dict[int, int]()
    for made in inspections:
        if made.kind not in PLANNED_KINDS:
            continue
        fitting = [visit for visit in waiting if made.covers or not visit.full]
        if fitting:
            best = next((visit for visit in fitting if visit.full), fitting[0])
            waiting.remove(best)
            found[best.id] = made.id
    return found
