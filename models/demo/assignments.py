"""The demo's 包保: officials for nearly every enterprise, handed on when an official or a tier changed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from models.area import Area
from models.demo.kit import Demo, Shop, Stint
from models.demo.plan import ASSIGNED_FROM, TODAY
from models.responsibility import LEVEL_OF_TIER, Assignment

#: Share of the enterprises that nobody looks after yet, so that the gaps show.
LEFT_OUT = 0.018


def fill(demo: Demo) -> None:
    """Store the assignments."""
    dice = demo.dice("assignments")
    district = Area.live().where(Area.level == "district").get().id
    by_place: dict[tuple[str, int], list[Stint]] = {}
    for stint in demo.stints:
        by_place.setdefault((stint.level, stint.area), []).append(stint)
    rows: list[dict[str, Any]] = []
    for shop in demo.shops:
        if dice.random() < LEFT_OUT:
            continue
        for begin, end, tier in _spans(dice, shop):
            level = LEVEL_OF_TIER.get(tier)
            place = {"district": district, "township": shop.township.id, "village": shop.village}.get(
                level or ""
            )
            if level is not None and place is not None:
                rows += _hand_on(shop, by_place[level, place], begin, end)
    demo.add(Assignment, rows)


def _spans(dice: random.Random, shop: Shop) -> Iterator[tuple[dt.date, dt.date | None, str]]:
    """The stretches of one tier while not ended, from when assignments began."""
    begin: dt.date | None = None
    for state, following in zip(shop.states, [*shop.states[1:], None], strict=True):
        if state["status"] in ("closed", "revoked"):
            return
        if begin is None:
            begin = max(state["valid_from"], ASSIGNED_FROM)
            if state is shop.states[0] and shop.starts > ASSIGNED_FROM:
                begin = min(begin + dt.timedelta(days=dice.randrange(3, 20)), TODAY)
        last = state["valid_to"]
        goes_on = following is not None and following["status"] not in ("closed", "revoked")
        if goes_on and following is not None and following["tier"] == state["tier"]:
            continue
        if last is None or last >= begin:
            yield begin, last, state["tier"]
        begin = None


def _hand_on(
    shop: Shop, stints: list[Stint], begin: dt.date, end: dt.date | None
) -> Iterator[dict[str, Any]]:
    """Assignments to the officials of a place with the fewest enterprises, one after the other."""
    fresh = shop.starts > ASSIGNED_FROM and begin < shop.starts + dt.timedelta(days=30)
    reason = "新开业" if fresh else "" if begin == ASSIGNED_FROM else "包保层级调整"
    while end is None or begin <= end:
        serving = [s for s in stints if s.start <= begin and (s.end is None or begin <= s.end)]
        if not serving:
            return
        chosen = min(serving, key=lambda s: (s.load, s.official))
        chosen.load += 1
        last = min((d for d in (chosen.end, end) if d is not None), default=None)
        yield {
            "enterprise": shop.id,
            "official": chosen.official,
            "valid_from": begin,
            "valid_to": last,
            "reason": reason,
        }
        if last is None or last == end:
            return
        begin, reason = last + dt.timedelta(days=1), "干部调整"
