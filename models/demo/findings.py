"""The demo's findings: which visits found what, worded from the ledger's legal bases. Knows no notice."""

from __future__ import annotations

import bisect
import datetime as dt
import random
from typing import TYPE_CHECKING, Any

from models.demo.kit import Demo, table
from models.demo.plan import TODAY, Half
from models.inspection import CHANNEL_OF_KIND, Finding
from models.law import LegalBasis as LegalBasisRow
from models.law import bases_for
from models.rules.legal import LegalBasis

if TYPE_CHECKING:
    from models.demo.inspections import Visit

#: Share of the visits other than at campus and rice producers that find something.
FINDING_SHARE = 0.23
#: How many of the last visits end in a notice for certain.
RECENT = 12
SMALL = ("small_workshop", "small_eatery", "small_shop", "stall")
ONE_DAY = dt.timedelta(days=1)
ONLY_CONTRACTED, ONLY_SCHOOLS, ONLY_RICE = {"contractor_oversight"}, {"shared_meals"}, {"product_test"}


class Wordings:
    """The ledger's legal bases by what fits an enterprise on a day, asked once for each stretch without a change."""

    def __init__(self) -> None:
        days = LegalBasisRow.live().select(LegalBasisRow.valid_from, LegalBasisRow.valid_to).tuples()
        self.changes = sorted({begin for begin, _ in days} | {end + ONE_DAY for _, end in days if end})
        self.known: dict[tuple[str, int], list[LegalBasis]] = {}
        self.rows = {row["code"]: row for row in table("findings.csv")}

    def on(self, day: dt.date, category: str) -> list[LegalBasis]:
        """The bases in force on a day for a category."""
        key = category, bisect.bisect_right(self.changes, day)
        if key not in self.known:
            self.known[key] = bases_for(day, category)
        return self.known[key]

    def suitable(self, visit: Visit) -> tuple[list[LegalBasis], list[int]]:
        """The bases that fit a visit, with how often they are met; for a notice only those compared with the text."""
        state = visit.shop.on(visit.day)
        category = state["category"] if state else visit.shop.category
        unfit: set[str] = set()
        unfit |= set() if visit.shop.contractor is not None else ONLY_CONTRACTED
        unfit |= set() if category in ("school_canteen", "kindergarten_canteen") else ONLY_SCHOOLS
        unfit |= set() if visit.rice else ONLY_RICE
        fit = [
            basis
            for basis in self.on(visit.day, category)
            if basis.code in self.rows and basis.code not in unfit
        ]
        if visit.fate != "fixed":
            fit = [basis for basis in fit if category in SMALL or not basis.needs_checking]
        return fit, [int(self.rows[basis.code]["weight"]) for basis in fit]


def plan(wordings: Wordings, dice: random.Random, half: Half, visits: list[Visit]) -> None:
    """Decide what each visit of a half-year found and what became of it; ``visits`` are in order of days."""
    last = half.end >= TODAY
    campus = [v for v in visits if v.campus]
    rice = [v for v in visits if v.rice]
    others = [v for v in visits if not v.campus and not v.rice]
    _share(
        wordings,
        dice,
        campus,
        half.campus_findings,
        round(half.campus_findings / 1.5),
        half.campus_notices,
        last,
    )
    _share(wordings, dice, rice, half.rice_findings, max(2, half.rice_notices), half.rice_notices, False)
    with_some = round(len(others) * FINDING_SHARE)
    _share(wordings, dice, others, round(with_some * 1.55), with_some, half.orders, last)
    for visit in dice.sample([v for v in others if v.fate == "fixed" and v.findings], 2):
        visit.fate = "investigate"
        for finding in visit.findings:
            finding |= {"corrected_on_spot": False, "severity": "grave", "measure": "立案调查"}


def _share(
    wordings: Wordings,
    dice: random.Random,
    visits: list[Visit],
    total: int,
    finders: int,
    orders: int,
    drafts: bool,
) -> None:
    """Spread ``total`` findings over ``finders`` visits, ``orders`` of which end in a notice.

    With ``drafts`` the latest finder's notice is still a draft, one more than ``orders``.
    """
    chosen = sorted(dice.sample(range(len(visits)), finders))
    if drafts:
        chosen[-1] = len(visits) - 1
    counts = [1] * finders
    for _ in range(total - finders):
        counts[dice.choice([i for i, n in enumerate(counts) if n < 4])] += 1
    # The desk of the last weeks is fuller, so that every state of a notice is seen.
    recent = range(finders - 1 - 2 * RECENT, finders - 1, 2) if drafts and orders > 2 * RECENT else range(0)
    older = [place for place in range(finders - drafts) if place not in recent]
    ordered = {*recent, *dice.sample(older, orders - len(recent))}
    for place, (index, count) in enumerate(zip(chosen, counts, strict=True)):
        visit = visits[index]
        visit.fate = "ordered" if place in ordered else "fixed"
        if drafts and place == finders - 1:
            visit.fate = "drafted"
        visit.findings = _findings(wordings, dice, visit, count)


def _findings(wordings: Wordings, dice: random.Random, visit: Visit, count: int) -> list[dict[str, Any]]:
    """``count`` different findings; of a visit that ends in a notice at least one is not corrected on the spot."""
    bases, weights = wordings.suitable(visit)
    found: list[dict[str, Any]] = []
    for basis in _different(dice, bases, weights, count):
        spot = visit.fate == "fixed" or (bool(found) and dice.random() < 0.3)
        row = wordings.rows[basis.code]
        places = row["places"].split()
        where = f"（{dice.choice(places)}）" if places and dice.random() < 0.6 else ""
        found.append(
            {
                "channel": CHANNEL_OF_KIND.get(visit.kind, "routine"),
                "severity": row["severity"],
                "wording": basis.wording + where,
                "legal_basis": basis.violates,
                "corrected_on_spot": spot,
                "measure": row["measure"] if spot else "责令限期改正",
            }
        )
    return found


def _different(
    dice: random.Random, bases: list[LegalBasis], weights: list[int], count: int
) -> list[LegalBasis]:
    chosen: list[LegalBasis] = []
    while len(chosen) < min(count, len(bases)):
        basis = dice.choices(bases, weights)[0]
        if basis not in chosen:
            chosen.append(basis)
    return chosen


def store(demo: Demo) -> None:
    """Store the findings of all visits; those of notices are resolved by their re-inspections later."""
    rows: list[dict[str, Any]] = []
    for visit in demo.visits:
        for finding in visit.findings:
            spot = finding["corrected_on_spot"]
            rows.append(
                {
                    **finding,
                    "inspection": visit.id,
                    "enterprise": visit.shop.id,
                    "found_on": visit.day,
                    "resolved_on": visit.day if spot else _later(visit),
                }
            )
    ids = iter(demo.add(Finding, rows))
    for visit in demo.visits:
        visit.finding_ids = [next(ids) for _ in visit.findings]


def _later(visit: Visit) -> dt.date | None:
    """When an investigated finding was put right; the recent ones are not yet."""
    if visit.fate != "investigate":
        return None
    day = visit.day + dt.timedelta(days=45)
    return day if day <= TODAY else None
