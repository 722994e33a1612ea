"""The demo's permits and safety staff. Knows the enterprises made before."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from models.demo.kit import Demo, Shop, table
from models.demo.plan import TODAY
from models.enterprise import Permit
from models.rules import identifiers
from models.rules.staffing import StaffingFacts, StaffingRule, load_rules, staffing_need
from models.safety_staff import SafetyStaff

#: Floor area in ㎡, by category.
SIZES = {
    "catering": (50, 480),
    "small_eatery": (12, 45),
    "sale": (30, 900),
    "small_shop": (8, 20),
    "school_canteen": (180, 1200),
    "kindergarten_canteen": (60, 300),
    "workplace_canteen": (80, 600),
    "central_kitchen": (800, 1600),
    "collective_catering": (600, 1500),
    "production": (300, 4000),
    "small_workshop": (30, 120),
    "stall": (0, 0),
    "market": (1500, 6000),
}
ONE_DAY = dt.timedelta(days=1)
REGION = "360202"
#: Kind of permit and years of validity, by category; the holder of none is left out.
KINDS = {
    "catering": ("JY", 5),
    "small_eatery": ("eatery", 3),
    "sale": ("JY", 5),
    "small_shop": ("shop", 3),
    "school_canteen": ("JY", 5),
    "kindergarten_canteen": ("JY", 5),
    "workplace_canteen": ("JY", 5),
    "central_kitchen": ("JY", 5),
    "collective_catering": ("JY", 5),
    "production": ("SC", 5),
    "small_workshop": ("workshop", 3),
    "stall": ("stall", 1),
}
LOCAL = {"eatery": "示例小餐饮登", "shop": "示例小食杂登", "workshop": "示例小作坊登", "stall": "示例摊贩备"}
#: Enterprises of the prepackaged trade that are only filed.
FILED_SHARE = 0.2
EXPIRING_SHARE, EXPIRED_SHARE = 0.025, 0.003


def fill(demo: Demo) -> None:
    """Store the permits and the staff of every enterprise."""
    dice = demo.dice("permits")
    scopes = {row["pattern"].split("}")[1]: row["scope"] for row in table("enterprises.csv")}
    rows = [_permit(dice, number, shop, scopes) for number, shop in enumerate(demo.shops, 1)]
    demo.add(Permit, [row for row in rows if row is not None])
    extra, rules = demo.dice("directors"), load_rules()
    staff = [row for shop in demo.shops for row in _staff(demo, dice, shop, extra, rules)]
    for number, row in enumerate(staff, 1):
        row["certificate"] = f"示例安管2022{number:05d}" if extra.random() < 0.85 else ""
    demo.add(SafetyStaff, staff)


def _permit(dice: random.Random, number: int, shop: Shop, scopes: dict[str, str]) -> dict[str, Any] | None:
    category = shop.states[-1]["category"]
    if category not in KINDS:
        return None
    kind, years = KINDS[category]
    scope = next((text for end, text in scopes.items() if shop.name.endswith(end)), "热食类食品制售")
    if category == "sale" and scope == "预包装食品销售" and dice.random() < FILED_SHARE * 4:
        begun = shop.opened or dt.date(2020, 6, 1)
        return _row(shop, "YB", identifiers.make_yb(1, REGION, number), "仅销售预包装食品", begun, None)
    issued, until = _validity(dice, shop, years)
    if kind == "JY":
        form = 1 if category == "sale" else 3 if "canteen" in category else 2
        text = identifiers.make_jy(form, REGION, number)
    elif kind == "SC":
        text = identifiers.make_sc(100 + int((shop.product or "31")[:2]), REGION, number)
        scope = "大米" if shop.product == "0102" else scope
    else:
        text = f"{LOCAL[kind]}{REGION}第{number:05d}号"
    return _row(shop, kind, text, scope, issued, until)


def _row(
    shop: Shop, kind: str, number: str, scope: str, issued: dt.date, until: dt.date | None
) -> dict[str, Any]:
    return {
        "enterprise": shop.id,
        "kind": kind,
        "number": number,
        "scope": scope,
        "issued_on": issued,
        "valid_until": until,
    }


def _validity(dice: random.Random, shop: Shop, years: int) -> tuple[dt.date, dt.date]:
    """First and last day of the present permit: renewed in time, but for some about to end or just ended."""
    luck = dice.random()
    if luck < EXPIRED_SHARE:
        until = TODAY - dt.timedelta(days=dice.randrange(2, 40))
    elif luck < EXPIRED_SHARE + EXPIRING_SHARE:
        until = TODAY + dt.timedelta(days=dice.randrange(1, 61))
    else:
        until = TODAY + dt.timedelta(days=dice.randrange(61, years * 365 - 1))
    issued = _years_on(until, -years) + ONE_DAY
    if shop.opened is not None and issued < shop.opened:
        issued, until = shop.opened, _years_on(shop.opened, years) - ONE_DAY
    return issued, until


def _years_on(day: dt.date, years: int) -> dt.date:
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)


def _needs_director(shop: Shop, rules: Sequence[StaffingRule]) -> bool:
    state, area = shop.states[-1], shop.floor_area
    facts = StaffingFacts(
        state["category"],
        state["supply_mode"],
        shop.product,
        shop.diners,
        None if area is None else Decimal(area),
        shop.chain,
    )
    return staffing_need(facts, TODAY, rules).director


def _staff(
    demo: Demo, dice: random.Random, shop: Shop, extra: random.Random, rules: Sequence[StaffingRule]
) -> list[dict[str, Any]]:
    """Directors and officers: four of a contracted canteen, two of a large enterprise, mostly one of a small one."""
    category, tier = shop.category, shop.states[-1]["tier"]
    if category in ("stall", "small_shop", "small_eatery", "small_workshop"):
        wanted = [("officer", "own")] if dice.random() < 0.25 else []
    elif shop.contractor is not None:
        wanted = [(role, side) for side in ("school", "contractor") for role in ("director", "officer")]
        if dice.random() < 0.2:
            wanted.pop()
    elif tier in ("A", "B") or category in ("school_canteen", "production", "market"):
        wanted = [("director", "own"), ("officer", "own")]
    else:
        wanted = [("officer", "own")] if dice.random() < 0.93 else []
    if wanted == [("officer", "own")] and _needs_director(shop, rules) and extra.random() < 0.93:
        wanted.insert(0, ("director", "own"))
    begun = max(shop.starts, dt.date(2022, 11, 1))
    return [
        {
            "enterprise": shop.id,
            "role": role,
            "side": side,
            "name": demo.person(dice),
            "phone": demo.phone(dice),
            "appointed_on": begun + dt.timedelta(days=dice.randrange(0, 60)),
            "left_on": None,
        }
        for role, side in wanted
    ]
