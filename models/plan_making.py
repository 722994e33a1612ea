"""Making the year's inspection plan: how often, when and by whom, proposed for all enterprises. Stores nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.core.errors import Refused
from models.holiday import work_calendar
from models.plan_facts import Facts, Inspector, Kept, Place, plan_facts, told_left_out
from models.plan_rule import frequency_rows
from models.rules.addresses import street_of
from models.rules.calendar import FIXED_SOURCE
from models.rules.frequency import Frequency, FrequencyRow, frequency
from models.rules.fulfilment import PLANNED_KINDS
from models.rules.spreading import ALL, Bounds, Need, Planned, Spreader
from models.threshold import limits_of

LIMITS = ("full_cover_years", "visit_limit", "day_visits", "month_days")
#: Where the table names no number: what the law and common sense ask for.
DEFAULTS = {"full_cover_years": 2, "day_visits": 4, "month_days": 15}
Step = Callable[[int, int], object]


class Visit(NamedTuple):
    """A visit of the plan: stored already (``id``) or proposed (None), done by an inspection, or open.

    ``day`` None and no ``officers``: nobody has room for it. ``kept`` visits stay as they are; a cancelled one is
    shown, but is none of the year's visits.
    """

    id: int | None
    turn: int
    month: int
    day: dt.date | None
    officers: tuple[int, ...]
    full: bool
    inspection: int | None
    kept: bool
    done_on: dt.date | None = None
    state: str = "open"

    @property
    def unplaced(self) -> bool:
        """Whether it is proposed without day and officers."""
        return self.day is None and not self.kept

    @property
    def counts(self) -> bool:
        """Whether it is one of the year's visits."""
        return self.state != "cancelled"


class PlaceLine(NamedTuple):
    """An enterprise in the plan: its grade ('' without), how many visits the year asks for and why, and the visits;
    ``most`` is the upper end of the frequency table (None without), ``made`` the year's inspections so far but those on
    a clue."""

    id: int
    name: str
    category: str
    area: int
    grade: str
    visits: int
    full: bool
    key_target: bool
    reasons: tuple[str, ...]
    planned: tuple[Visit, ...]
    most: int | None = None
    made: int = 0

    @property
    def whole(self) -> int:
        """The visits of the year: those made, and those still planned."""
        counted = [visit for visit in self.planned if visit.counts]
        done = sum(visit.state == "done" for visit in counted)
        return max(done, self.made) + len(counted) - done

    @property
    def over_most(self) -> bool:
        """Whether the year has more visits than the frequency table's upper end."""
        return self.most is not None and self.whole > self.most


@dataclass(frozen=True)
class PlanProposal:
    """A plan of ``year`` as made on ``day``, visits from ``start`` on; ``limit`` is the yearly bound of visits to a
    place (None without one), ``bounds`` what an officer can bear; ``known_days`` whether the year's holidays are."""

    year: int
    day: dt.date
    start: dt.date
    lines: tuple[PlaceLine, ...]
    officers: dict[int, Inspector]
    bounds: Bounds
    limit: int | None
    facts: Facts
    known_days: bool = True

    @property
    def count(self) -> int:
        """All visits but the cancelled ones, in 家次."""
        return sum(visit.counts for line in self.lines for visit in line.planned)

    @property
    def unplaced(self) -> list[PlaceLine]:
        """The enterprises with a visit that nobody has room for."""
        return [line for line in self.lines if any(visit.unplaced for visit in line.planned)]

    @property
    def over_limit(self) -> list[PlaceLine]:
        """The enterprises planned more often than the yearly bound."""
        return [line for line in self.lines if self.limit is not None and line.visits > self.limit]

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever looks at the plan must know of how it was made, in Chinese."""
        days = "" if self.known_days else told_unknown_days(self.year)
        return tuple(words for words in (days, told_left_out(self.facts.left_out)) if words)

    @property
    def over_most(self) -> list[PlaceLine]:
        """The enterprises with more visits in the year than the frequency table's upper end."""
        return [line for line in self.lines if line.over_most]


def told_unknown_days(year: int) -> str:
    """That the holidays of a year are not registered, what was left out nevertheless, and the mend."""
    return (
        f"{year}年的放假调休安排还没有登记，只避开了周末和{FIXED_SOURCE}固定的放假日"
        "（元旦、劳动节、国庆节），春节、清明、端午、中秋和调休没有算进去。"
        "请在“更多—节假日”补充后重新安排。"
    )


def plan_day(year: int, today: dt.date) -> dt.date:
    """The day a plan is made on: today, or for a year that is over the eve of that year (as it was known then)."""
    return today if today.year <= year else dt.date(year - 1, 12, 31)


def make_plan(year: int, today: dt.date, step: Step = lambda done, whole: None) -> PlanProposal:
    """The plan of a year for every enterprise in business: visits by the frequency table, art. 22's key targets and
    full coverage, spread over the working days left and the officers; what is stored by hand or done stays.

    ``step(done, all)`` hears of the progress and may raise to give up. Raises Refused for a year too far ahead and
    where there are no rules.
    """
    if year > today.year + 1:
        raise Refused(f"现在只能制定到{today.year + 1}年度的检查计划。", "请改填年度。")
    day = plan_day(year, today)
    rows = frequency_rows(dt.date(year, 1, 1)) or frequency_rows(day)
    if not rows:
        raise Refused(f"{year}年没有施行的检查频次表。", "请在“更多—检查频次表”中补充后再生成计划。")
    step(0, 20)
    limits = plan_limits(dt.date(year, 1, 1) if year > today.year else max(day, dt.date(year, 1, 1)))
    cover = limits["full_cover_years"] or DEFAULTS["full_cover_years"]
    back = max([cover, *(row.years for row in rows)]) - 1
    facts = plan_facts(year, day, back)
    step(2, 20)
    bounds = Bounds(
        limits["day_visits"] or DEFAULTS["day_visits"], limits["month_days"] or DEFAULTS["month_days"]
    )
    maker = _Maker(year, day, facts, rows, cover, bounds)
    lines = maker.lines(lambda done, whole: step(4 + done * 16 // whole, 20))
    officers = {one.id: one for one in facts.officers}
    step(20, 20)
    known = year in work_calendar().years
    return PlanProposal(year, day, maker.start, lines, officers, bounds, limits["visit_limit"], facts, known)


def plan_limits(day: dt.date) -> dict[str, int | None]:
    """The numbers of planning in force on a day, by code of LIMITS."""
    return limits_of(LIMITS, day)


class _Maker:
    """One plan in the making."""

    def __init__(
        self, year: int, day: dt.date, facts: Facts, rows: list[FrequencyRow], cover: int, bounds: Bounds
    ) -> None:
        self.year, self.day, self.facts, self.rows, self.cover, self.bounds = year, day, facts, rows, cover, bounds
        self.start = max(day + dt.timedelta(days=1), dt.date(year, 1, 1))
        self._known: dict[tuple[object, ...], Frequency] = {}

    def lines(self, step: Step) -> tuple[PlaceLine, ...]:
        """The line of every enterprise."""
        found = [(Place._make(row), self._frequency(row)) for row in self.facts.places]
        ready = {place.id: self._there_already(place.id, often) for place, often in found}
        left = {place.id: often.visits - sum(visit.counts for visit in ready[place.id]) for place, often in found}
        needs = [self._need(place, often, left[place.id]) for place, often in found if left[place.id] > 0]
        new: dict[int, list[Planned]] = {}
        for one in self._spreader(ready).spread(needs, step):
            new.setdefault(one.place, []).append(one)
        return tuple(self._line(place, often, ready[place.id], new.get(place.id, [])) for place, often in found)

    def _frequency(self, row: tuple[Any, ...]) -> Frequency:
        """How often; enterprises alike in what the rules look at share the answer."""
        key, category, product = row[0], row[2], row[3]
        grade = self.facts.grades.get(key, "")
        counts = [year.get(key) for year in self.facts.before]
        seen = tuple(one.visits if one else 0 for one in counts)
        covered = tuple(at for at, one in enumerate(counts, 1) if one and one.full)
        assumed = tuple(at for at, one in enumerate(counts, 1) if one and one.full and one.full == one.assumed)
        unproven = tuple(one.unproven if one else 0 for one in counts)
        alike = (grade, category, product, seen, covered, assumed, unproven)
        if alike not in self._known:
            given = (self.rows, grade, category, product, seen, covered, self.cover, assumed, unproven)
            self._known[alike] = frequency(*given)
        return self._known[alike]

    def _there_already(self, key: int, often: Frequency) -> list[Visit]:
        """The visits that stay: of the stored plan those done, cancelled or arranged by hand; without a stored plan
        the inspections this year has already seen, as far as the year asks for them."""
        kept = self.facts.kept.get(key)
        if kept is not None:
            return [_kept(one) for one in kept if stays(one)]
        found = list[Visit]()
        open_full = often.full
        for one in self.facts.seen.get(key, ()):
            if len(found) >= often.visits:
                break
            if one.kind not in PLANNED_KINDS:
                continue
            if open_full and not one.covers and len(found) == often.visits - 1:
                continue  # the last visit left has to cover all items
            full = open_full and one.covers
            open_full = open_full and not one.covers
            turn = len(found) + 1
            found.append(Visit(None, turn, one.day.month, one.day, (), full, one.id, True, one.day, "done"))
        return found

    def _need(self, place: Place, often: Frequency, times: int) -> Need:
        street, number = street_of(place.address)
        village = place.village or street
        return Need(
            place.id,
            place.branch or ALL,
            place.area,
            village,
            (street, number),
            times,
            often.key_target,
            self.facts.last.get(place.id, ""),
        )

    def _spreader(self, ready: dict[int, list[Visit]]) -> Spreader:
        pools: dict[int, list[int]] = {ALL: [one.id for one in self.facts.officers]}
        for one in self.facts.officers:
            if one.branch is not None:
                pools.setdefault(one.branch, []).append(one.id)
        until = {one.id: one.until for one in self.facts.officers if one.until is not None}
        busy = [
            (officer, visit.day, 1)
            for visits in ready.values()
            for visit in visits
            if visit.day is not None and visit.day >= self.start and visit.state == "open"
            for officer in visit.officers
        ]
        return Spreader(pools, working_days(self.start, dt.date(self.year, 12, 31)), self.bounds, busy, until)

    def _line(
        self, place: Place, often: Frequency, ready: list[Visit], new: list[Planned]
    ) -> PlaceLine:
        full = often.full and not any(visit.full and visit.counts for visit in ready)
        turns = {visit.turn for visit in ready}
        free = (turn for turn in range(1, 200) if turn not in turns)
        visits = list(ready)
        for at, one in enumerate(sorted(new, key=lambda p: (p.day or dt.date(self.year, p.month, 28)))):
            visits.append(
                Visit(None, next(free), one.month, one.day, one.officers, full and at == 0, None, False)
            )
        visits.sort(key=lambda visit: (visit.day or dt.date(self.year, visit.month, 28), visit.turn))
        made = sum(one.kind in PLANNED_KINDS for one in self.facts.seen.get(place.id, ()))
        line = PlaceLine(
            *(place.id, place.name, place.category, place.area, self.facts.grades.get(place.id, "")),
            *(often.visits, often.full, often.key_target, often.reasons, tuple(visits)),
            most=often.most,
            made=made,
        )
        if not line.over_most:
            return line
        words = f"频次表每年最多{line.most}次，本年已检查和待检查的共{line.whole}次"
        return line._replace(reasons=(words, *line.reasons))


def stays(visit: Kept) -> bool:
    """Whether planning again leaves a stored visit as it is."""
    return visit.state != "open" or visit.fixed


def _kept(visit: Kept) -> Visit:
    return Visit(
        visit.id, visit.turn, visit.month, visit.day, visit.officers, visit.full, None, True, None, visit.state
    )


def working_days(start: dt.date, end: dt.date) -> list[dt.date]:
    """The days the office works from ``start`` to ``end``, both included, by the table of holidays; in a year that it
    does not have yet, but weekends and the days the law itself fixes."""
    calendar = work_calendar()
    days = (start + dt.timedelta(days=n) for n in range((end - start).days + 1))
    return [day for day in days if calendar.is_workday(day)]
