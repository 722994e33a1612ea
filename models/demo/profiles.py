"""The demo's risk factors (风险因素): how much of what each place makes or sells. Knows no score."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from models.demo.kit import Demo, Shop
from models.demo.plan import TODAY
from models.risk_profile import RiskProfile

#: By kind of business the measures with the least and most of a usual place; large places have the more of it.
SALE = {
    "ambient_prepacked": (20, 900),
    "chilled_prepacked": (0, 60),
    "frozen_prepacked": (0, 50),
    "ambient_bulk": (0, 30),
    "chilled_bulk": (0, 4),
    "frozen_bulk": (0, 3),
    "suppliers": (3, 40),
}
PRODUCTION = {"workers": (3, 60), "varieties": (1, 25)}
CATERING = {
    "cold_dishes": (0, 12),
    "raw_dishes": (0, 1),
    "pastries": (0, 5),
    "hot_dishes": (8, 60),
    "drinks": (0, 8),
}
CANTEEN = {"cold_dishes": (0, 0), "raw_dishes": (0, 0), "pastries": (0, 6), "hot_dishes": (12, 40), "drinks": (0, 2)}
MEASURES = {
    "production": PRODUCTION,
    "small_workshop": {"workers": (1, 8), "varieties": (1, 6)},
    "sale": SALE,
    "small_shop": {name: (low // 2, max(high // 8, low)) for name, (low, high) in SALE.items()},
    "catering": CATERING,
    "small_eatery": {name: (low // 2, high // 2) for name, (low, high) in CATERING.items()},
    "school_canteen": CANTEEN,
    "kindergarten_canteen": CANTEEN,
    "workplace_canteen": CANTEEN,
    "central_kitchen": CATERING,
    "collective_catering": CATERING,
}
#: Part of the dishes that spoil easily.
PERISHABLE = (
    ("cold_perishable", "cold_dishes"),
    ("pastries_perishable", "pastries"),
    ("hot_perishable", "hot_dishes"),
)
#: The share of places whose factors nobody has asked for yet, and the days on which the others were registered.
UNASKED = 0.03
FIRST, LAST = dt.date(2023, 3, 1), dt.date(2023, 6, 30)


def fill(demo: Demo) -> None:
    """Store the risk factors of most places, registered in the second quarter of 2023 or when they opened."""
    dice = demo.dice("profiles")
    rows = []
    for shop in demo.shops:
        measures = MEASURES.get(shop.states[-1]["category"])
        if measures is None or dice.random() < UNASKED:
            continue
        day = demo.workday(dice, FIRST, LAST)
        if shop.starts > FIRST:
            day = demo.next_workday(shop.starts + dt.timedelta(days=dice.randrange(3, 40)), TODAY)
        rows.append(_row(dice, shop, min(day, TODAY), measures))
    demo.add(RiskProfile, rows)


def _row(dice: random.Random, shop: Shop, day: dt.date, measures: dict[str, tuple[int, int]]) -> dict[str, Any]:
    row: dict[str, Any] = {"enterprise": shop.id, "valid_from": day}
    for name, (low, high) in measures.items():
        row[name] = min(dice.randint(low, high), dice.randint(low, high))  # small places are the usual ones
    for part, whole in PERISHABLE:
        if whole in row:
            row[part] = dice.randint(0, row[whole] // 3)
    return row
