"""The demo's risk grades of both years and hygiene ratings after inspections, graded by the ledger's thresholds."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from models.annual_rating import AnnualRating
from models.annual_round import annual_round, annual_values
from models.demo.kit import Demo, Shop
from models.demo.plan import TODAY
from models.grade_condition import GradeCondition, adjustment_rules
from models.grade_numbers import next_numbers
from models.grade_round import assessment_values
from models.grading import grade_year
from models.rating import HygieneRating, RiskAssessment
from models.rating_round import score_of, score_words
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
#: The year's round reckoned by the score tables: as of this day, assessed until LAST; the rest was typed before.
ROUND, LAST = dt.date(2024, 5, 31), dt.date(2024, 6, 28)
#: The last day of the year whose yearly hygiene grades are decided.
ANNUAL = dt.date(2023, 12, 31)
RAISED, LOWERED = 14, 8
NEW_FOR = dt.timedelta(days=92)
#: How often each score out of ten, 7.4 to 9.8, is reached before deductions.
SCORES_SEEN = [1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 7, 7, 6, 6, 5, 5, 4, 3, 3, 2, 1, 1]


def fill(demo: Demo) -> None:
    """Store the risk assessments and the ratings."""
    dice = demo.dice("ratings")
    bounds = risk_thresholds()
    _conditions(demo)
    reckoned = grade_year(ROUND.year, ROUND)
    graded = {row.id: row for row in reckoned.ready}
    rows: list[dict[str, Any]] = []
    for year, begin, end in SEASONS:
        for shop in demo.shops:
            if shop.states[-1]["category"] not in STATIC or not _due(dice, shop, year, end):
                continue
            day = demo.workday(dice, max(begin, min(shop.starts + dt.timedelta(days=10), end)), end)
            typed = _assessment(dice, shop, year, day, bounds)
            if year == ROUND.year and shop.id in graded:
                day = demo.workday(dice, ROUND + dt.timedelta(days=1), LAST)
                typed = assessment_values(reckoned, graded[shop.id], day)
            rows.append(typed)
    for year, _begin, _end in SEASONS:
        mine = sorted((row for row in rows if row["year"] == year), key=lambda r: (r["assessed_on"], r["enterprise"]))
        for row, number in zip(mine, next_numbers(year), strict=False):
            row["number"] = number
    demo.add(RiskAssessment, rows)
    _ratings(demo, dice)
    _annual(demo)


def _conditions(demo: Demo) -> None:
    """A few places whose grade goes up for a failed sample of the province, or down for a certified system."""
    dice = demo.dice("conditions")
    rules = {rule.code: rule for rule in adjustment_rules(ROUND)}
    shops = [s for s in demo.shops if s.open_on(ROUND) and s.starts < SEASONS[1][1] and s.is_category(ROUND, *STATIC)]
    rows = []
    for number, shop in enumerate(dice.sample(shops, RAISED + LOWERED), 1):
        raised = number <= RAISED
        rule = rules["sampling" if raised else "certified"]
        word = f"示例检验报告第{number:03d}号" if raised else f"示例认证证书第{number:03d}号"
        rows.append(
            {
                "enterprise": shop.id,
                "year": ROUND.year,
                "rule": rule.id,
                "happened_on": demo.workday(dice, SEASONS[1][1], ROUND),
                "evidence": word,
                "note": "",
            }
        )
    demo.add(GradeCondition, rows)


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
        keys, note = None, ""
        if visit.counts is not None:
            counts = visit.counts
            keys, score = counts.key_failed, score_of(counts.checked, counts.failed)
            note = score_words(counts.checked, counts.failed, score)
        found = hygiene_rating(score, visit.day, keys or 0, thresholds=bounds)
        rows.append(
            {
                "enterprise": shop.id,
                "rated_on": visit.day,
                "score": score,
                "key_failures": keys,
                "rating": found.grade,
                "note": note,
            }
        )
    demo.add(HygieneRating, rows)


def _annual(demo: Demo) -> None:
    """The yearly grades of the year before, as the round reckons them."""
    found = annual_round(ANNUAL.year, ANNUAL)
    decided = demo.next_workday(ANNUAL + dt.timedelta(days=20), TODAY)
    demo.add(AnnualRating, [annual_values(ANNUAL.year, one, decided) for one in found if one.grade])
