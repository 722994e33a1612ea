"""The demo's campaigns and inspections: how many, where and when, as the plan of each half-year says."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from models.checklist import Checklist, ChecklistItem
from models.demo import checklists, findings
from models.demo.campaigns import make as made_campaigns
from models.demo.kit import Demo, Shop
from models.demo.plan import HALVES, TODAY, Half
from models.enterprise import RICE
from models.inspection import Inspection, InspectionCampaign, InspectionOfficer
from models.rules.checklist import Tally

#: How eagerly others are visited, by category.
EAGERNESS = {
    "production": 5.0,
    "central_kitchen": 8.0,
    "collective_catering": 8.0,
    "market": 5.0,
    "workplace_canteen": 3.0,
    "small_workshop": 2.5,
    "sale": 2.2,
    "small_eatery": 1.5,
    "small_shop": 1.2,
    "catering": 0.25,
    "stall": 0.8,
}
KINDS = (("routine", 66), ("special", 12), ("random", 9), ("complaint", 5), ("flying", 3), ("leader", 5))
STARTS = ("08:50", "10:10", "11:10", "14:20", "15:40", "16:40", "08:20", "13:30")


@dataclass
class Visit:
    """One inspection in the making; ``fate`` is none, fixed, ordered, drafted or investigate."""

    shop: Shop
    day: dt.date
    half: Half
    kind: str = "routine"
    fate: str = "none"
    draft: bool = False
    id: int = 0
    officers: list[int] = field(default_factory=list)
    campaigns: list[int] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    finding_ids: list[int] = field(default_factory=list)
    form: Checklist | None = None
    failed: list[ChecklistItem] = field(default_factory=list)
    counts: Tally | None = None

    @property
    def campus(self) -> bool:
        """Whether it counts for campus."""
        return self.shop.campus_on(self.day)

    @property
    def rice(self) -> bool:
        """Whether it counts for rice."""
        return self.shop.product == RICE


def fill(demo: Demo) -> None:
    """Store campaigns, inspections and their findings; remember the visits for the notices."""
    dice = demo.dice("inspections")
    campaigns = made_campaigns(demo)
    wordings = findings.Wordings()
    for half in HALVES:
        visits = sorted(_Round(demo, dice, half).visits(), key=lambda v: (v.day, v.shop.id))
        for visit in visits:
            _label(dice, visit, campaigns)
        findings.plan(wordings, dice, half, visits)
        demo.visits += visits
    demo.visits += _unfinished(demo, campaigns)
    _staff(demo, dice)
    checklists.choose(demo)
    _store(demo, dice)


def _unfinished(demo: Demo, campaigns: list[Any]) -> list[Visit]:
    """Two visits of the last working day whose record is still a draft, one of them at a canteen."""
    half, dice = HALVES[-1], demo.dice("drafts")
    day = demo.workdays(half.start, TODAY)[-1]
    canteen = next(s for s in demo.shops if s.category == "school_canteen")
    market = next(s for s in demo.shops if s.category == "market")
    visits = [Visit(shop, day, half, draft=True) for shop in (canteen, market)]
    for visit in visits:
        _label(dice, visit, campaigns)
    return visits


class _Round:
    """The visits of one half-year."""

    def __init__(self, demo: Demo, dice: random.Random, half: Half) -> None:
        self.demo, self.dice, self.half = demo, dice, half
        self.last = demo.workdays(half.start, min(half.end, TODAY))[-1]
        self.made: list[Visit] = []

    def visits(self) -> list[Visit]:
        """Every visit of the half-year, in no order."""
        half, shops = self.half, self.demo.shops
        rice = [s for s in shops if s.product == RICE and s.open_on(half.start)]
        for number in range(half.rice):
            self._go(rice[number % len(rice)], half.start)
        self._caterers()
        canteens = [s for s in shops if s.category in ("school_canteen", "kindergarten_canteen")]
        for shop in canteens:
            self._go(shop, half.start)
        around = [s for s in shops if any(state["key_area"] == "campus" for state in s.states)]
        self._until(lambda v: v.campus, half.campus, [*canteens, *around], [1.0] * len(canteens + around))
        others = [s for s in shops if s.product != RICE and s.category in EAGERNESS]
        weights = [EAGERNESS[s.category] for s in others]
        self._until(lambda v: not v.campus, half.total - half.campus, others, weights)
        return self.made

    def _caterers(self) -> None:
        """Most caterers once; where all are, those in business at the end, three months after they opened."""
        for shop in self.demo.shops:
            if not any(state["category"] == "catering" for state in shop.states):
                continue
            if self.dice.random() < self.half.caterers and shop.open_on(self.half.end):
                earliest = self.half.start
                if shop.starts > earliest - dt.timedelta(days=92):
                    earliest = shop.starts + dt.timedelta(days=93)
                if shop.is_category(self.half.end, "catering"):
                    changed = next(s["valid_from"] for s in shop.states if s["category"] == "catering")
                    earliest = max(earliest, changed)
                self._go(shop, earliest)

    def _until(
        self, wanted: Callable[[Visit], bool], count: int, shops: list[Shop], weights: list[float]
    ) -> None:
        """Visit at random until ``count`` visits of the half-year are wanted ones."""
        left = count - sum(wanted(v) for v in self.made)
        while left > 0:
            visit = self._visit(self.dice.choices(shops, weights)[0], self.half.start)
            if visit is not None and wanted(visit):
                self.made.append(visit)
                left -= 1

    def _go(self, shop: Shop, earliest: dt.date) -> None:
        for _ in range(20):
            visit = self._visit(shop, earliest)
            if visit is not None:
                self.made.append(visit)
                return

    def _visit(self, shop: Shop, earliest: dt.date) -> Visit | None:
        """A visit on a working day; None where the enterprise is not in business then or a campus has holidays."""
        first, last = max(earliest, self.half.start), self.last
        if shop.campus_on(last):
            first, last = max(first, self.half.terms[0]), min(last, self.half.terms[1])
        if first > last:
            return None
        day = self.demo.workday(self.dice, first, last)
        if self.dice.random() < 0.02 and day < last and day.weekday() == 4:
            day += dt.timedelta(days=1)
        return Visit(shop, day, self.half) if shop.open_on(day) else None


def _label(dice: random.Random, visit: Visit, campaigns: list[Any]) -> None:
    """The kind and the campaigns of a visit."""
    shop, day = visit.shop, visit.day
    visit.kind = dice.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
    if shop.starts > day - dt.timedelta(days=100):
        visit.kind = "first"
    marks = {shop.on(day)["category"]}  # type: ignore[index]
    marks |= {"campus"} if visit.campus else set()
    marks |= {"rice"} if visit.rice else set()
    marks |= {"oil"} if shop.product == "02" else set()
    fitting = [i for i, targets, (a, b) in campaigns if a <= day <= b and marks & set(targets)]
    strong = visit.campus or visit.rice or shop.product == "02"
    if fitting and (strong or visit.kind == "special" or dice.random() < 0.3):
        visit.campaigns = (
            fitting[:1] if strong else dice.sample(fitting, min(len(fitting), dice.choice((1, 1, 2))))
        )
        visit.kind = "special" if strong and dice.random() < 0.7 else visit.kind
    elif visit.kind == "special":
        visit.kind = "routine"


def _staff(demo: Demo, dice: random.Random) -> None:
    """Two or three officers of the branch for each visit."""
    for visit in demo.visits:
        there = [
            o.id
            for o in demo.officers
            if o.branch == visit.shop.township.branch and (o.left_on is None or o.left_on >= visit.day)
        ]
        visit.officers = sorted(dice.sample(there, 3 if dice.random() < 0.15 else 2))


def _store(demo: Demo, dice: random.Random) -> None:
    taken: dict[tuple[dt.date, int], int] = defaultdict(int)
    public = demo.dice("publication")
    rows = []
    for visit in demo.visits:
        key = (visit.day, visit.shop.township.branch)
        start = dt.time.fromisoformat(STARTS[taken[key] % len(STARTS)])
        taken[key] += 1
        rows.append({**_row(visit, start, dice), "published_on": _published(demo, public, visit)})
    for visit, made in zip(demo.visits, demo.add(Inspection, rows), strict=True):
        visit.id = made
    demo.add(
        InspectionOfficer,
        [{"inspection": v.id, "officer": officer} for v in demo.visits for officer in v.officers],
    )
    demo.add(
        InspectionCampaign,
        [{"inspection": v.id, "campaign": campaign} for v in demo.visits for campaign in v.campaigns],
    )
    findings.store(demo)
    checklists.store(demo)


def _published(demo: Demo, dice: random.Random, visit: Visit) -> dt.date | None:
    """The day the result was made public: mostly within 20 working days, sometimes late, seldom not at all."""
    luck, days = dice.random(), dice.randrange(4, 24)
    if visit.draft or luck < 0.004:
        return None
    day = demo.next_workday(visit.day + dt.timedelta(days=days + (20 if luck < 0.03 else 0)), dt.date.max)
    return day if day < TODAY else None


def _row(visit: Visit, start: dt.time, dice: random.Random) -> dict[str, Any]:
    minutes = start.hour * 60 + start.minute + dice.randrange(35, 60)
    result = "ordered" if visit.fate == "drafted" else visit.fate
    count = len(visit.findings)
    return {
        "enterprise": visit.shop.id,
        "inspected_on": visit.day,
        "started_at": start,
        "ended_at": dt.time(minutes // 60, minutes % 60),
        "kind": visit.kind,
        "result": None if visit.draft else result,
        "state": "draft" if visit.draft else "done",
        "situation": f"现场检查发现{count}处隐患，详见隐患清单。" if count else "",
    }
