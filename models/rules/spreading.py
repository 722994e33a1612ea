"""Spreading a year's visits over months, days and officers; knows places, officers and days, neither law nor records.

Places that lie near each other are visited together: a batch is as many places of one village (small villages of one
township together) as a team can visit in a day. Batches come evenly over the months by what the officers can bear,
those longest not inspected first, several visits to one place at even distances; then every batch gets a working day
and the two officers with the least to do. The same input always gives the same plan.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

TEAM = 2
#: The pool of all officers: for places that belong to no branch, or to one with fewer than two officers.
ALL = 0
Month = tuple[int, int]
#: The month of outings where no working day is left in the year.
NO_DAYS: Month = (0, 12)


class Need(NamedTuple):
    """A place to be visited: its pool (branch), township, village (or street), order within it, how many times, whether
    it comes first, and the day of its last inspection (ISO, '' for never)."""

    place: int
    pool: int
    township: int
    village: Hashable
    spot: tuple[Any, ...]
    times: int
    first: bool
    last: str


class Bounds(NamedTuple):
    """What an officer can bear: visits a day, and days with visits a month."""

    day_visits: int
    month_days: int


class Planned(NamedTuple):
    """A visit to a place: the how manieth, its month, and the day with the officers; None and () where nobody can."""

    place: int
    turn: int
    month: int
    day: dt.date | None
    officers: tuple[int, ...]


@dataclass(eq=False)
class _Outing:
    """One day's visits of a team. ``others`` are the outings to the same places at other times."""

    pool: int
    township: int
    spot: tuple[Any, ...]
    visits: list[tuple[int, int]]
    month: Month = NO_DAYS
    day: dt.date | None = None
    team: tuple[int, ...] = ()
    others: list[_Outing] = field(default_factory=list)


@dataclass(eq=False)
class _Batch:
    """Places visited together, ``len(outings)`` times; ``last`` is the middle one of their last inspections."""

    outings: list[_Outing]
    first: bool
    last: str


class Spreader:
    """The officers' days of a year while they fill.

    ``pools`` are the officers of each branch, ``days`` the working days that may be used, in order; ``busy`` are days
    of officers already taken, with the number of visits; ``until`` the last day of officers who leave.
    """

    def __init__(
        self,
        pools: Mapping[int, Sequence[int]],
        days: Sequence[dt.date],
        bounds: Bounds,
        busy: Iterable[tuple[int, dt.date, int]] = (),
        until: Mapping[int, dt.date] | None = None,
    ) -> None:
        self.bounds = bounds
        self.until = until or {}
        self.everybody = sorted({one for ids in pools.values() for one in ids})
        self.pools = {key: sorted(ids) for key, ids in pools.items() if key != ALL and len(ids) >= TEAM}
        self.days: dict[Month, list[dt.date]] = {
            key: list(group) for key, group in groupby(days, lambda day: (day.year, day.month))
        }
        self.months = list(self.days)
        self.taken: dict[dt.date, set[int]] = defaultdict(set)
        self.month_days: dict[tuple[int, Month], int] = defaultdict(int)
        self.loads: dict[int, int] = dict.fromkeys(self.everybody, 0)
        for officer, day, visits in busy:
            self._take(officer, day, visits)

    def _take(self, officer: int, day: dt.date, visits: int) -> None:
        if officer not in self.taken[day]:
            self.taken[day].add(officer)
            self.month_days[officer, (day.year, day.month)] += 1
        self.loads[officer] = self.loads.get(officer, 0) + visits

    def _there(self, officer: int, day: dt.date) -> bool:
        until = self.until.get(officer)
        return until is None or day <= until

    def spread(
        self, needs: Iterable[Need], step: Callable[[int, int], object] = lambda done, whole: None
    ) -> list[Planned]:
        """All visits of the needs, by place and turn; ``step(done, all)`` hears of the progress by months."""
        batches: dict[int, list[_Batch]] = defaultdict(list)
        for key, mine in self._pooled(needs):
            batches[key] += self._batches(key, mine)
        used: dict[Month, int] = defaultdict(int)
        for pool in sorted(batches, reverse=True):
            self._choose_months(pool, batches[pool], used)
        outings = [one for pool in sorted(batches, reverse=True) for b in batches[pool] for one in b.outings]
        self._choose_days(outings, step)
        found = [
            Planned(place, turn, one.month[1], one.day, one.team) for one in outings for place, turn in one.visits
        ]
        return sorted(found, key=lambda one: (one.place, one.turn))

    def _pooled(self, needs: Iterable[Need]) -> list[tuple[int, list[Need]]]:
        """The needs by pool and township; a branch with fewer than two officers is served by all."""
        found: dict[tuple[int, int], list[Need]] = defaultdict(list)
        for need in needs:
            if need.times > 0:
                found[need.pool if need.pool in self.pools else ALL, need.township].append(need)
        return [(key[0], found[key]) for key in sorted(found)]

    # -- batches ----------------------------------------------------------------------------------------

    def _batches(self, pool: int, needs: list[Need]) -> list[_Batch]:
        """Batches of one pool and township; a place visited once goes along where its village is visited anyway."""
        most, found = self.bounds.day_visits, list[_Batch]()
        room: dict[Hashable, list[_Outing]] = defaultdict(list)
        for times in sorted({need.times for need in needs}, reverse=True):
            mine = sorted(
                (need for need in needs if need.times == times),
                key=lambda need: (str(need.village), need.spot, need.place),
            )
            parts: list[list[Need]] = []
            for village, group in groupby(mine, key=attrgetter("village")):
                left = list(group)
                if times == 1:
                    left = self._go_along(left, room[village])
                while left:
                    if not parts or len(parts[-1]) + min(len(left), most) > most:
                        parts.append([])
                    parts[-1] += left[:most]
                    left = left[most:]
            for part in parts:
                batch = _batch(pool, part, times)
                found.append(batch)
                if times > 1:
                    for one in {need.village for need in part}:
                        room[one] += batch.outings
        return found

    def _go_along(self, needs: list[Need], outings: list[_Outing]) -> list[Need]:
        """Add places to outings of their village with room, the emptiest first; returns the rest."""
        rest = list[Need]()
        for need in needs:
            best = min(outings, key=lambda one: len(one.visits), default=None)
            if best is not None and len(best.visits) < self.bounds.day_visits:
                best.visits.append((need.place, 1))
            else:
                rest.append(need)
        return rest

    # -- months -----------------------------------------------------------------------------------------

    def _capacity(self, pool: int, month: Month) -> int:
        """The outings that the officers of a pool can make in a month."""
        first = self.days[month][0]
        officers = [one for one in self.pools.get(pool, self.everybody) if self._there(one, first)]
        free = sum(max(0, self.bounds.month_days - self.month_days[one, month]) for one in officers)
        return min(free // TEAM, len(self.days[month]) * (len(officers) // TEAM))

    def _choose_months(self, pool: int, batches: list[_Batch], used: dict[Month, int]) -> None:
        """Give every outing its month, so that each month is filled alike; ``used`` are outings of other pools."""
        if not self.months:
            return
        room = {month: self._capacity(pool, month) for month in self.months}
        if pool == ALL:
            room = {month: room[month] - used[month] for month in self.months}
        share = {month: max(0.001, float(size)) for month, size in room.items()}
        loads = dict.fromkeys(self.months, 0)
        ordered = sorted(batches, key=lambda b: (-len(b.outings), not b.first, b.last, b.outings[0].visits[0]))
        for batch in (one for one in ordered if len(one.outings) > 1):
            months = min(
                self._offsets(len(batch.outings)),
                key=lambda way: (max((loads[m] + 1) / share[m] for m in way), way),
            )
            for one, month in zip(batch.outings, months, strict=True):
                one.month = month
                loads[month] += len(one.visits)
        self._fill_up([one.outings[0] for one in ordered if len(one.outings) == 1], loads, share)
        for batch in batches:
            for one in batch.outings:
                used[one.month] += 1

    def _fill_up(
        self, outings: list[_Outing], loads: Mapping[Month, int], share: Mapping[Month, float]
    ) -> None:
        """Give outings made once their months in order, so that all months hold the same part of what they can."""
        count = sum(len(one.visits) for one in outings)
        degree = (count + sum(loads.values())) / sum(share.values())
        wanted = {month: max(0.0, degree * share[month] - loads[month]) for month in self.months}
        scale = count / (sum(wanted.values()) or 1.0)
        given, upto, rest = 0, 0.0, iter(outings)
        for month in self.months:
            upto = count if month == self.months[-1] else upto + wanted[month] * scale
            while given < upto and (one := next(rest, None)) is not None:
                one.month = month
                given += len(one.visits)

    def _offsets(self, times: int) -> list[tuple[Month, ...]]:
        """The ways to spread so many outings over the months at even distances."""
        count, last = len(self.months), len(self.months) - 1
        gap = count / times
        ways = [
            tuple(self.months[min(last, int(offset + turn * gap))] for turn in range(times))
            for offset in range(max(1, int(gap)))
        ]
        return list(dict.fromkeys(ways))

    # -- days and officers ------------------------------------------------------------------------------

    def _choose_days(self, outings: list[_Outing], step: Callable[[int, int], object]) -> None:
        left: list[_Outing] = []
        for done, month in enumerate(self.months):
            step(done, len(self.months) + 1)
            mine = [one for one in outings if one.month == month]
            for pool in sorted({one.pool for one in mine}, reverse=True):
                group = sorted(
                    (one for one in mine if one.pool == pool), key=lambda one: (one.township, one.spot, one.visits)
                )
                days = self.days[month]
                for number, one in enumerate(group):
                    if not self._place(one, month, number * len(days) // len(group)):
                        left.append(one)
        step(len(self.months), len(self.months) + 1)
        for one in left:
            self._move(one)

    def _move(self, outing: _Outing) -> None:
        """Find another month for an outing whose own is full: the nearest, one without the other outings first."""
        at = self.months.index(outing.month)
        theirs = {one.month for one in outing.others}
        near = sorted(self.months, key=lambda month: (month in theirs, abs(self.months.index(month) - at)))
        for month in near:
            if self._place(outing, month, len(self.days[month]) // 2):
                return

    def _place(self, outing: _Outing, month: Month, wish: int) -> bool:
        """Give an outing the working day of the month nearest to the wished one on which two officers are free."""
        officers = self.pools.get(outing.pool, self.everybody)
        able = [one for one in officers if self.month_days[one, month] < self.bounds.month_days]
        if len(able) < TEAM:
            return False
        days, theirs = self.days[month], {one.day for one in outing.others}
        for at in sorted(range(len(days)), key=lambda at: (abs(at - wish), at)):
            day = days[at]
            if day in theirs:
                continue
            taken = self.taken.get(day, ())
            free = [one for one in able if one not in taken and self._there(one, day)]
            if len(free) >= TEAM:
                free.sort(key=lambda one: (self.loads[one], self.month_days[one, month], one))
                outing.team = tuple(sorted(free[:TEAM]))
                outing.day, outing.month = day, month
                for one in outing.team:
                    self._take(one, day, len(outing.visits))
                return True
        return False


def _batch(pool: int, needs: list[Need], times: int) -> _Batch:
    head = needs[0]
    spot = (str(head.village), *head.spot)
    outings = [
        _Outing(pool, head.township, spot, [(need.place, turn) for need in needs])
        for turn in range(1, times + 1)
    ]
    for one in outings:
        one.others = [other for other in outings if other is not one]
    last = sorted(need.last for need in needs)[len(needs) // 2]
    return _Batch(outings, any(need.first for need in needs), last)
