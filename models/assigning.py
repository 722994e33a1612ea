"""Assigning officials to enterprises in one go (指派), and coverage as a table of townships. Knows no screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.area import LEVELS
from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problem, Problems
from models.core.record import as_of
from models.core.register import Condition, View
from models.core.saving import save
from models.coverage import coverage
from models.enterprise import Enterprise
from models.overview import TIER_OF_LEVEL
from models.responsibility import Assignment, Official, OfficialPost, officials_for

NONE = (0, 0, 0)
SHOWN_LEVELS = ("district", "township", "village")


@dataclass(frozen=True)
class Candidate:
    """An official who may be chosen; ``fits`` are the enterprises that ask for just this level and area."""

    id: int
    name: str
    post: str
    level: str
    load: int
    fits: frozenset[int]


@dataclass(frozen=True)
class Wanted:
    """The enterprises to assign: (id, name, the officials they have on that day)."""

    places: tuple[tuple[int, str, str], ...]
    candidates: tuple[Candidate, ...]


def wanted(enterprise_ids: Sequence[int], day: dt.date) -> Wanted:
    """The chosen enterprises with their present officials, and all officials in post: those first who fit the most,
    of these the one with the fewest enterprises."""
    places = list(Enterprise.live().where(Enterprise.id.in_(list(enterprise_ids))).order_by(Enterprise.name_key))
    fitting: dict[int, set[int]] = {}
    for place in places:
        for official in officials_for(place, day):
            fitting.setdefault(official.id, set()).add(place.id)
    present: dict[int, list[str]] = {}
    now = Assignment.live().where(as_of(Assignment, day))
    for one in now.where(Assignment.enterprise.in_([p.id for p in places])):
        present.setdefault(one.enterprise_id, []).append(one.official.name)
    return Wanted(
        tuple((p.id, p.name, "、".join(present.get(p.id, []))) for p in places),
        tuple(_candidates(day, fitting)),
    )


def _candidates(day: dt.date, fitting: Mapping[int, set[int]]) -> list[Candidate]:
    loads: dict[int, int] = {}
    for (official,) in Assignment.live().select(Assignment.official).where(as_of(Assignment, day)).tuples():
        loads[official] = loads.get(official, 0) + 1
    query = (
        OfficialPost.live()
        .select(OfficialPost, Official)
        .join(Official)
        .where(as_of(OfficialPost, day), Official.removed_at.is_null())
        .where(Official.term_to.is_null() | (Official.term_to >= day))
        .order_by(Official.name_key, Official.id)
    )
    words = dict(LEVELS)
    found = [
        Candidate(
            post.official_id,
            post.official.name,
            " ".join(dict.fromkeys(part for part in (post.area.name, post.unit, post.post) if part)),
            words[post.level],
            loads.get(post.official_id, 0),
            frozenset(fitting.get(post.official_id, ())),
        )
        for post in query
    ]
    return sorted(found, key=lambda one: (-len(one.fits), one.load if one.fits else 0))


def assign(
    tx: Transaction,
    enterprise_ids: Sequence[int],
    official_id: int,
    on: dt.date,
    *,
    replace: bool = False,
    reason: str = "",
    waivers: Mapping[str, str] | None = None,
) -> list[int]:
    """Make one official look after some enterprises from a day; ``replace`` ends their present assignments the day
    before. All or nothing; returns the ids of the assignments.

    Raises CheckFailed naming every enterprise that is refused or only warned of.
    """
    problems, made = Problems(), []
    for place in Enterprise.live().where(Enterprise.id.in_(list(enterprise_ids))):
        if replace:
            _end(tx, place, on, reason)
        values = {"enterprise": place.id, "official": official_id, "valid_from": on, "reason": reason}
        try:
            made.append(save(tx, Assignment, values, waivers=waivers).id)
        except CheckFailed as failed:
            for p in failed.problems:
                field = "valid_from" if p.field == "valid_from" else "official"
                problems.items.append(Problem(field, p.rule, f"{place.name}：{p.message}", p.severity, p.value))
    if problems:
        raise CheckFailed(problems)
    return made


def _end(tx: Transaction, place: Enterprise, on: dt.date, reason: str) -> None:
    now = Assignment.live().where(Assignment.enterprise == place.id, as_of(Assignment, on))
    for one in now:
        if one.valid_from >= on:
            tx.remove(one)
        else:
            tx.update(one, valid_to=on - dt.timedelta(days=1), reason=reason or one.reason)


@dataclass(frozen=True)
class Cell:
    """A number with the list behind it."""

    value: int
    view: View


@dataclass(frozen=True)
class CoverageLine:
    """One township (or all: ``area_id`` None) on a day: per level (assigned, all), sums, and what stands outside.

    ``committed`` are those of the assigned whose official has a commitment in force.
    """

    area_id: int | None
    area: str
    levels: tuple[tuple[Cell, Cell], ...]
    total: Cell
    assigned: Cell
    missing: Cell
    committed: Cell
    city: Cell
    untiered: Cell

    @property
    def rate(self) -> float | None:
        """Assigned among all of the district's denominators, None where there are none."""
        return self.assigned.value / self.total.value if self.total.value else None


def coverage_table(day: dt.date) -> list[CoverageLine]:
    """The whole district first, then each township that has enterprises in business."""
    rows = coverage(day)
    areas = {row.area_id: row.area for row in rows}
    counts: dict[tuple[int | None, str], tuple[int, int, int]] = {}
    for row in rows:
        for area in (None, row.area_id):
            all_, done, signed = counts.get((area, row.level), NONE)
            counts[area, row.level] = (all_ + row.enterprises, done + row.assigned, signed + row.committed)
    return [_line(area, name, counts, day) for area, name in [(None, "全区合计"), *areas.items()]]


def _line(
    area: int | None, name: str, counts: dict[tuple[int | None, str], tuple[int, int, int]], day: dt.date
) -> CoverageLine:
    def view(figure: str, *more: Condition) -> View:
        where = (Condition("area", "in", (area,)),) if area is not None else ()
        return View(conditions=(*where, *more), figure=(figure, day, day), day=day)

    levels, signed_total = [], 0
    for level in SHOWN_LEVELS:
        tier = Condition("tier", "in", (TIER_OF_LEVEL[level],))
        all_, done, signed = counts.get((area, level), NONE)
        signed_total += signed
        levels.append(
            (Cell(done, view("assignment.assigned", tier)), Cell(all_, view("assignment.enterprises", tier)))
        )
    untiered, untiered_done, untiered_signed = counts.get((area, ""), NONE)
    total = untiered + sum(whole.value for _done, whole in levels)
    done_total = untiered_done + sum(done.value for done, _whole in levels)
    city_view = View(
        conditions=(*view("assignment.enterprises").conditions, Condition("tier", "in", ("A",))),
        presets=("open",),
        day=day,
    )
    return CoverageLine(
        area,
        name,
        tuple(levels),
        Cell(total, view("assignment.enterprises")),
        Cell(done_total, view("assignment.assigned")),
        Cell(total - done_total, view("assignment.missing")),
        Cell(signed_total + untiered_signed, view("assignment.committed")),
        Cell(counts.get((area, "city"), NONE)[0], city_view),
        Cell(untiered, view("assignment.enterprises", Condition("tier", "empty"))),
    )
