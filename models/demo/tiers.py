"""Sizes of the demo's enterprises that agree with their tiers by the standard; else a reason. Knows no assignment."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from models.demo.kit import Demo, Shop
from models.demo.plan import TODAY
from models.tier import TierFacts, TierLine, decide_tier, tier_lines

#: Floor area (㎡) and diners (人) from and below, by category and tier.
AREAS = {
    ("catering", "B"): (1000, 2600),
    ("catering", "C"): (150, 900),
    ("catering", "D"): (22, 150),
    ("sale", "B"): (1000, 4000),
    ("sale", "C"): (150, 900),
    ("sale", "D"): (18, 150),
}
DINERS = {
    ("school_canteen", "B"): (500, 1800),
    ("school_canteen", "C"): (80, 500),
    ("kindergarten_canteen", "B"): (300, 620),
    ("kindergarten_canteen", "C"): (60, 300),
    ("workplace_canteen", "B"): (1000, 1800),
    ("workplace_canteen", "C"): (80, 1000),
}
#: Every so many-th enterprise stays as it came, so that the standard finds something to change.
LEFT_EVERY = 40
REASONS = {
    "A": "列入市级包保名单",
    "B": "供应量大、覆盖面广，区食安办定为B级",
    "C": "按风险和规模，区食安办定为C级",
    "D": "规模小、风险低，区食安办定为D级",
}


def agree(demo: Demo, shops: Sequence[Shop], rows: Sequence[dict[str, Any]]) -> None:
    """Give sizes to the enterprises whose tier the standard would change; where sizes do not do it, a reason."""
    lines, dice = tier_lines(TODAY), demo.dice("tiers")
    for number, (shop, row) in enumerate(zip(shops, rows, strict=True)):
        if number % LEFT_EVERY == 7:
            continue
        if not _agrees(shop, lines):
            _resize(dice, shop, row)
        if not _agrees(shop, lines):
            tier = shop.states[-1]["tier"]
            for state in shop.states:
                if state["tier"] == tier:
                    state["tier_reason"] = REASONS[tier]


def _agrees(shop: Shop, lines: list[TierLine]) -> bool:
    state = shop.states[-1]
    area = None if shop.floor_area is None else Decimal(shop.floor_area)
    facts = TierFacts(state["category"], state["diners"], area, shop.chain, state["product"])
    return decide_tier(facts, lines)[0] == state["tier"]


def _resize(dice: random.Random, shop: Shop, row: dict[str, Any]) -> None:
    """Another floor area or number of diners, as the category and tier ask for."""
    state = shop.states[-1]
    place = (state["category"], state["tier"])
    if place in AREAS:
        shop.floor_area = row["floor_area"] = dice.randrange(*AREAS[place])
    if place in DINERS and shop.diners is not None:
        shop.diners = dice.randrange(DINERS[place][0] // 10, DINERS[place][1] // 10) * 10
        for each in shop.states:
            each["diners"] = shop.diners
