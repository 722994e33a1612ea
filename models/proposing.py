"""The program's proposal of assignments (建议指派) by area, tier and load, with few moves. Knows no screen."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from models.area import LEVELS
from models.core.changes import Transaction
from models.core.errors import Conflict
from models.core.search import search_columns
from models.responsibility import LEVEL_OF_TIER, Assignment
from models.responsibility_facts import Facts
from models.threshold import limits_of

#: How many rows are stored at a time.
BATCH = 400
#: The levels from below, and the least that a tier asks for.
RANKS = {"village": 1, "township": 2, "district": 3}
NEEDED: dict[str | None, int] = {tier: RANKS[level] for tier, level in LEVEL_OF_TIER.items()}
#: Why an enterprise gets another official, by code.
WHY = {
    "gap": "尚未指派",
    "level": "现包保干部低于规定层级",
    "area": "不在现包保干部辖区",
    "term": "现包保干部已离任",
    "load": "减轻超负荷干部的包保户数",
}
#: Why nobody can be proposed, by code.
WHY_NOT = {
    "tier": "未定包保层级：请先按标准定层级",
    "village": "村社区待补：请先补登村（社区）",
    "district": "没有在任的区级包保干部",
    "township": "该乡镇（街道）没有在任的乡镇（街道）级包保干部",
    "village_official": "该村（社区）没有在任的村（社区）级包保干部",
    "later": "已登记从次日起生效的包保关系",
}


@dataclass(frozen=True)
class AssignScope:
    """What a proposal is limited to; empty means everything. ``areas`` are ids of townships or villages."""

    areas: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    enterprises: tuple[int, ...] = ()


class ProposedLine(NamedTuple):
    """One new assignment from the proposal's day: to whom, why (a code of WHY), which assignments end the day before,
    and the last day (ISO) where another assignment is already booked, else None."""

    enterprise: int
    enterprise_name: str
    official: int
    official_name: str
    level: str
    why: str
    ended: tuple[int, ...]
    until: str | None

    @property
    def reason(self) -> str:
        """Why, in Chinese."""
        return WHY[self.why]


class Unassignable(NamedTuple):
    """An enterprise that nobody can be proposed for, and why (a code of WHY_NOT)."""

    enterprise: int
    enterprise_name: str
    why: str

    @property
    def reason(self) -> str:
        """Why not, in Chinese."""
        return WHY_NOT[self.why]


class Load(NamedTuple):
    """The enterprises of an official before and after the proposal, in 户; ``limit`` None without a limit."""

    official: int
    name: str
    level: str
    before: int
    after: int
    limit: int | None


@dataclass(frozen=True)
class Proposal:
    """A proposal as of ``day``; nothing is stored until ``apply_proposal``. ``kept`` enterprises stay as they are."""

    day: dt.date
    scope: AssignScope
    lines: tuple[ProposedLine, ...] = ()
    unassignable: tuple[Unassignable, ...] = ()
    loads: tuple[Load, ...] = ()
    kept: int = 0

    @property
    def overloaded(self) -> tuple[Load, ...]:
        """The officials who would still have more than their limit."""
        return tuple(one for one in self.loads if one.limit is not None and one.after > one.limit)


def propose_assignments(day: dt.date, scope: AssignScope = AssignScope()) -> Proposal:
    """Officials for the enterprises in business that have none, or none of the right level, area and term.

    What is right stays; new ones go to the least loaded official of the enterprise's own township or village (of the
    district for tier B); where somebody is over the limit, the latest begun go to colleagues with room. The same facts
    give the same proposal.
    """
    return _Proposer(day, scope).propose()


#: By level and area: the enterprises (rows of Place) that want an official.
Wanting = dict[str, dict[int, list[Any]]]


def load_limits(day: dt.date) -> dict[str, int | None]:
    """The most enterprises an official of each level should have on a day; None where nothing is set."""
    found = limits_of([f"load_{level}" for level, _label in LEVELS], day)
    return {level: found[f"load_{level}"] for level, _label in LEVELS}


@dataclass
class _Proposer:
    day: dt.date
    scope: AssignScope
    lines: list[ProposedLine] = field(default_factory=list)
    without: list[Unassignable] = field(default_factory=list)

    def propose(self) -> Proposal:
        self.facts = facts = Facts(self.day)
        self.loads = dict(facts.loads)
        self.limits = load_limits(self.day)
        self.chosen = set(self.scope.enterprises)
        kept, wanting = self._sort_out()
        pools = self._pools()
        self._fill(wanting, pools)
        self._relieve(pools, kept)
        officials = facts.officials
        moved = [
            Load(
                key,
                officials[key].name,
                officials[key].level or "",
                facts.loads[key],
                after,
                self._limit(key),
            )
            for key, after in self.loads.items()
            if after != facts.loads[key]
        ]
        return Proposal(self.day, self.scope, tuple(self.lines), tuple(self.without), tuple(moved), len(kept))

    def _limit(self, official: int) -> int | None:
        return self.limits.get(self.facts.officials[official].level or "")

    def _sort_out(self) -> tuple[list[int], Wanting]:
        """The ids of the enterprises that are right, and those wanting."""
        facts, now, parents = self.facts, self.facts.now, self.facts.parents
        right = {
            cadre.id: (cadre.area, RANKS[cadre.level])
            for cadre in facts.officials.values()
            if cadre.level is not None and cadre.serves(facts.iso)
        }
        scoped = self.scope != AssignScope()
        kept: list[int] = []
        wanting: Wanting = {level: {} for level, _label in LEVELS}
        for place in facts.places.values():
            key, name, status, area, village, tier = place
            if status != "open" or tier == "A" or (scoped and not self._chosen(place)):
                continue
            held = now.get(key, ())
            for row in held:
                seat = right.get(row[2])
                if (
                    seat is not None
                    and (seat[0] == village or seat[0] == area or seat[0] == parents[area])
                    and seat[1] >= NEEDED.get(tier, 0)
                ):
                    kept.append(key)
                    break
            else:
                level = LEVEL_OF_TIER.get(tier)
                seat_area = village if level == "village" else area if level == "township" else parents[area]
                if level is None or seat_area is None:
                    self.without.append(Unassignable(key, name, "village" if level else "tier"))
                else:
                    group = wanting[level]
                    if seat_area in group:
                        group[seat_area].append(place)
                    else:
                        group[seat_area] = [place]
        return kept, wanting

    def _chosen(self, place: Any) -> bool:
        """Whether a place is in the scope."""
        scope, (key, _name, _status, area, village, tier) = self.scope, place
        return (
            (not scope.enterprises or key in self.chosen)
            and (not scope.areas or area in scope.areas or village in scope.areas)
            and (not scope.levels or LEVEL_OF_TIER.get(tier or "", "") in scope.levels)
        )

    def _pools(self) -> dict[tuple[str, int], list[int]]:
        """The officials that may get new enterprises, by level and area: in office without a known end."""
        pools: dict[tuple[str, int], list[int]] = {}
        for cadre in self.facts.officials.values():
            if (
                cadre.level
                and cadre.area is not None
                and cadre.term_to is None
                and cadre.serves(self.facts.iso)
            ):
                pools.setdefault((cadre.level, cadre.area), []).append(cadre.id)
        return pools

    def _fill(self, wanting: Wanting, pools: dict[tuple[str, int], list[int]]) -> None:
        """Give what is wanting to the least loaded of its pool, once all that leaves somebody has been taken off."""
        loads, now, ready = self.loads, self.facts.now, []
        for level, groups in wanting.items():
            for area, places in groups.items():
                if (level, area) not in pools:
                    why = "village_official" if level == "village" else level
                    self.without += [Unassignable(place[0], place[1], why) for place in places]
                    continue
                if self.facts.later:
                    places = self._not_booked(places)
                ready.append((level, pools[level, area], places))
                for place in places:
                    for row in now.get(place[0], ()):
                        if row[2] in loads:
                            loads[row[2]] -= 1
        for level, ids, places in ready:
            self._share_out(level, ids, places)

    def _not_booked(self, places: list[Any]) -> list[Any]:
        """The places but those whose next assignment is to begin tomorrow already."""
        later, tomorrow = self.facts.later, (self.day + dt.timedelta(days=1)).isoformat()
        self.without += [Unassignable(p[0], p[1], "later") for p in places if later.get(p[0]) == tomorrow]
        return [place for place in places if later.get(place[0]) != tomorrow]

    def _share_out(self, level: str, ids: list[int], places: list[Any]) -> None:
        """Give the places of one pool to its officials, one by one to whoever has the fewest."""
        loads, facts, lines = self.loads, self.facts, self.lines
        now, later, officials = facts.now, facts.later, facts.officials
        make, replace = tuple.__new__, heapq.heapreplace
        none: tuple[int, ...] = ()
        heap = [(loads[one], one, officials[one].name) for one in ids]
        heapq.heapify(heap)
        for place in places:
            load, best, who = heap[0]
            replace(heap, (load + 1, best, who))
            key, why, ended, until = place[0], "gap", none, None
            if key in now:
                why = facts.fault(now[key][-1][2], place)
                ended = tuple([row[0] for row in now[key]])
            if key in later:
                until = _day_before(later[key])
            lines.append(make(ProposedLine, (key, place[1], best, who, level, why, ended, until)))
        for load, one, _who in heap:
            loads[one] = load

    def _relieve(self, pools: dict[tuple[str, int], list[int]], kept: list[int]) -> None:
        """Move the latest begun enterprises of the overloaded to colleagues of the same level and area with room."""
        facts, loads, movable = self.facts, self.loads, dict[int, list[Any]]()
        crowded = {seat: ids for seat, ids in pools.items() if self._crowded(seat[0], ids)}
        if not crowded:
            return
        seats = {one: seat for seat, ids in crowded.items() for one in ids}
        for key in kept:
            held, place = facts.now[key], facts.places[key]
            seat = seats.get(held[0][2])
            alone = len(held) == 1 and held[0][4] is None and key not in facts.later
            if seat is not None and alone and facts.seat(place[5], place[3], place[4]) == seat:
                movable.setdefault(held[0][2], []).append((place, held[0]))
        for seat, ids in sorted(crowded.items()):
            limit = self.limits[seat[0]] or 0
            for one in (key for key in ids if loads[key] > limit):
                mine = sorted(movable.get(one, []), key=lambda pair: (pair[1][3], pair[1][0]), reverse=True)
                for place, row in mine:
                    to = min(ids, key=lambda key: (loads[key], key))
                    if loads[one] <= limit or loads[to] >= limit:
                        break
                    loads[one] -= 1
                    loads[to] += 1
                    name = facts.officials[to].name
                    self.lines.append(
                        ProposedLine(place[0], place[1], to, name, seat[0], "load", (row[0],), None)
                    )

    def _crowded(self, level: str, ids: list[int]) -> bool:
        """Whether somebody of a pool is over the limit while a colleague has room."""
        limit, loads = self.limits.get(level), [self.loads[key] for key in ids]
        return limit is not None and max(loads) > limit > min(loads)


def _day_before(iso: str) -> str:
    return (dt.date.fromisoformat(iso) - dt.timedelta(days=1)).isoformat()


def apply_proposal(
    tx: Transaction,
    proposal: Proposal,
    only: Collection[int] | None = None,
    step: Callable[[int, int], object] | None = None,
) -> list[int]:
    """Store a proposal, or its lines for the enterprises ``only``; the assignments it replaces end the day before.

    Returns the ids of the new assignments. ``step(done, all)`` hears how far it is and may raise to give it up.
    Raises Conflict, with nothing stored, where the facts have changed since it was made.
    """
    if propose_assignments(proposal.day, proposal.scope) != proposal:
        raise Conflict(
            "建议指派以后，主体、干部或包保关系有变动，没有指派。", "请重新生成建议，核对后再指派。"
        )
    chosen = None if only is None else set(only)
    lines = [line for line in proposal.lines if chosen is None or line.enterprise in chosen]
    end_assignments(tx, [key for line in lines for key in line.ended], proposal.day)
    rows = [
        {
            "enterprise": line.enterprise,
            "official": line.official,
            "valid_from": proposal.day,
            "valid_to": dt.date.fromisoformat(line.until) if line.until else None,
            "reason": line.reason,
        }
        for line in lines
    ]
    made: list[int] = []
    for start in range(0, len(rows), BATCH):
        part = [{**row, **search_columns(Assignment, row)} for row in rows[start : start + BATCH]]
        made += tx.insert_many(Assignment, part)
        if step is not None:
            step(len(made), len(rows))
    return made


def end_assignments(tx: Transaction, keys: Iterable[int], on: dt.date, reason: str = "") -> None:
    """End assignments the day before ``on``; one that would not have begun by then is removed."""
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), 500):
        for one in Assignment.live().where(Assignment.id.in_(wanted[start : start + 500])):
            if one.valid_from >= on:
                tx.remove(one)
            else:
                tx.update(one, valid_to=on - dt.timedelta(days=1), reason=reason or one.reason)
