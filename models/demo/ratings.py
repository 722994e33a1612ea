"""The demo's risk grades of both years and hygiene ratings after inspections, graded by the ledger's thresholds."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from models.demo.kit import Demo, Shop
from models.demo.plan import TODAY
from models.rating import HygieneRating, RiskAssessment
from models.rules.grades import adjust_grade, hygiene_rating, risk_grade
from models.threshold import hygiene_thresholds, risk_thresholds

#: Static points from and below, by category.
STATIC = {
    "production": (14, 32),
    "small_workshop": (12, 28),
    "catering": (10, 28),
    "small_eatery": (8, 20),
    "sale": (6, 24),
    "school_canteen": (16, 30),
    "kindergarten_canteen": (14, 28),
    "workplace_canteen": (14, 28),
    "central_kitchen": (24, 34),
    "collective_catering": (24, 34),
}
#: When a year's assessment is made, and the share of the others that have one by the end.
SEASONS = (
    (2023, dt.date(2023, 2, 1), dt.date(2023, 5, 31)),
    (2024, dt.date(2024, 1, 8), dt.date(2024, 5, 31)),
)
GRADED_SHARE = 0.95
NEW_FOR = dt.timedelta(days=92)
#: How often each score out of ten, 7.4 to 9.8, is reached before deductions.
SCORES_SEEN = [1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 7, 7, 6, 6, 5, 5, 4, 3, 3, 2, 1, 1]


def fill(demo: Demo) -> None:
    """Store the risk assessments and the ratings."""
    dice = demo.dice("ratings")
    bounds = risk_thresholds()
    rows = []
    for year, begin, end in SEASONS:
        for shop in demo.shops:
            if shop.states[-1]["category"] not in STATIC or not _due(dice, shop, year, end):
                continue
            day = demo.workday(dice, max(begin, min(shop.starts + dt.timedelta(days=10), end)), end)
            rows.append(_assessment(dice, shop, year, day, bounds))
    demo.add(RiskAssessment, rows)
    _ratings(demo, dice)


def _due(dice: random.Random, shop: Shop, year: int, end: dt.date) -> bool:
    """Whether it is graded: every caterer in business on TODAY in that year, of the others most."""
    if year == TODAY.year and shop.open_on(TODAY) and shop.is_category(TODAY, "catering"):
        return True
    return shop.open_on(end) and dice.random() < GRADED_SHARE


def _assessment(
    dice: random.Random, shop: Shop, year: int, day: dt.date, bounds: list[Any]
) -> dict[str, Any]:
    low, high = STATIC[shop.states[-1]["category"]]
    static = Decimal(dice.randrange(low * 2, high * 2)) / 2
    dynamic = Decimal(dice.choices(range(41), [max(1, 40 - abs(n - 14) * 2) for n in range(41)])[0])
    grade = risk_grade(static + dynamic, day, bounds).grade
    assert grade is not None
    reason = ""
    if dice.random() < 0.012:
        moved = adjust_grade(grade, ["有1次及以上监督抽检不符合食品安全标准"])
        grade, reason = str(moved.grade), moved.reasons[0]
    return {
        "enterprise": shop.id,
        "year": year,
        "static_score": static,
        "dynamic_score": dynamic,
        "grade": grade,
        "assessed_on": day,
        "reason": reason,
    }


def _ratings(demo: Demo, dice: random.Random) -> None:
    """A rating after the first inspection of each caterer in a half-year, three months after it opened."""
    bounds = hygiene_thresholds()
    rows, rated = [], set()
    for visit in demo.visits:
        shop, key = visit.shop, (visit.shop.id, visit.half.start)
        if key in rated or not shop.is_category(visit.day, "catering") or visit.day < shop.starts + NEW_FOR:
            continue
        rated.add(key)
        lost = sum(9 if f["severity"] == "minor" else 14 for f in visit.findings)
        score = Decimal(max(60, dice.choices(range(74, 99), SCORES_SEEN)[0] - lost)) / 10
        found = hygiene_rating(score, visit.day, thresholds=bounds)
        rows.append(
            {
                "enterprise": shop.id,
                "rated_on": visit.day,
                "score": score,
                "rating": found.grade,
                "note": "",
            }
        )
    demo.add(HygieneRating, rows)
