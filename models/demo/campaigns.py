"""The demo's campaigns: their periods, the views some take their targets from, and the lists others were handed."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from models.campaign import Campaign, CampaignGoal, untouched_seeds
from models.campaign_target import CampaignTarget
from models.core.register import Condition, View, register
from models.demo.kit import Demo, table
from models.demo.plan import TODAY
from models.enterprise import CANTEENS, RICE
from models.rules.seeds import seed_day
from models.saved_view import SavedView, view_text

Made = tuple[int, list[str], tuple[dt.date, dt.date]]
#: The views of the enterprises that campaigns are taken from.
VIEWS: dict[str, View] = {
    "在营的校园及周边": View(presets=("open", "campus")),
    "大米生产企业": View(presets=("open",), conditions=(Condition("product", "in", (RICE,)),)),
    "在营的学校、幼儿园食堂": View(presets=("open",), conditions=(Condition("category", "in", CANTEENS),)),
}
#: The townships that were to be done with the campus earlier than the others.
EARLY = ("西郊街道", "荷塘乡")
EARLY_DAY = dt.date(2024, 6, 21)


def make(demo: Demo) -> list[Made]:
    """Store the campaigns; each with the marks of the places it is about and its days."""
    rows, marks, days = [], [], []
    for row in table("campaigns.csv"):
        begin, end = dt.date.fromisoformat(row["starts_on"]), dt.date.fromisoformat(row["ends_on"])
        view = VIEWS.get(row["scope"])
        rows.append(
            {
                **{name: row[name] for name in ("name", "basis", "note")},
                "starts_on": begin, "ends_on": end, "due_on": seed_day(row["due_on"]),
                "goal_visits": int(row["goal_visits"]) if row["goal_visits"] else None,
                "scope": view_text(register("enterprises"), view) if view is not None else "",
                "scope_name": row["scope"],
                "settled_on": begin if view is not None else None,
            }
        )
        marks.append(row["categories"].split())
        days.append((begin, end))
    return list(zip(_stored(demo, rows), marks, days, strict=True))


def _stored(demo: Demo, rows: list[dict[str, Any]]) -> list[int]:
    """The ids of the campaigns in their order; one the ledger began with becomes the demo's."""
    seeded = {one.name: one for one in Campaign.live().where(untouched_seeds())}
    for row in rows:
        if row["name"] in seeded:
            demo.tx.update(seeded[row["name"]], **row)
    new = iter(demo.add(Campaign, [row for row in rows if row["name"] not in seeded]))
    return [seeded[row["name"]].id if row["name"] in seeded else next(new) for row in rows]


def fill(demo: Demo) -> None:
    """Store the views, the targets of every campaign and what was asked of the townships."""
    home = register("enterprises")
    demo.add(
        SavedView,
        [
            {"register": home.name, "name": name, "content": view_text(home, view)}
            for name, view in VIEWS.items()
        ],
    )
    dice, rows = demo.dice("campaigns"), []
    order = [row["name"] for row in table("campaigns.csv")]
    for campaign in sorted(Campaign.live(), key=lambda one: order.index(one.name)):
        if campaign.scope:
            view = VIEWS[campaign.scope_name].with_(day=campaign.starts_on)
            rows += _rows(campaign, list(home.ids(view, campaign.starts_on)), "scope", "")
        else:
            rows += _rows(campaign, _handed(demo, dice, campaign), "hand", "上级任务清单")
    demo.add(CampaignTarget, rows)
    _goals(demo, rows)


def _rows(campaign: Campaign, places: list[int], source: str, reason: str) -> list[dict[str, Any]]:
    frame = {"campaign": campaign.id, "valid_from": campaign.starts_on, "source": source, "reason": reason}
    return [{"enterprise": key, **frame} for key in places]


def _handed(demo: Demo, dice: random.Random, campaign: Campaign) -> list[int]:
    """The places visited for a campaign that were in business at its start, and some nobody has visited yet."""
    shops = {shop.id: shop for shop in demo.shops}
    visited = sorted({v.shop.id for v in demo.visits if campaign.id in v.campaigns and not v.draft})
    visited = [key for key in visited if shops[key].open_on(campaign.starts_on)]
    if not visited:
        return []
    kinds = {shops[key].on(campaign.starts_on)["category"] for key in visited}  # type: ignore[index]
    others = [
        shop.id
        for shop in demo.shops
        if shop.id not in visited
        and shop.open_on(campaign.starts_on)
        and shop.is_category(campaign.starts_on, *kinds)
    ]
    running = campaign.ends_on is None or campaign.ends_on > TODAY
    extra = round(len(visited) * (dice.uniform(0.2, 0.7) if running else dice.uniform(0.0, 0.08)))
    return visited + sorted(dice.sample(others, min(extra, len(others))))


def _goals(demo: Demo, rows: list[dict[str, Any]]) -> None:
    """The running campus campaign asks each township for all of its places, two of them earlier."""
    campaign = Campaign.live().where(Campaign.scope_name == "在营的校园及周边").order_by(Campaign.id.desc()).get()
    shops = {shop.id: shop for shop in demo.shops}
    counts: dict[int, int] = {}
    for row in rows:
        if row["campaign"] == campaign.id:
            township = shops[row["enterprise"]].township.id
            counts[township] = counts.get(township, 0) + 1
    early = {t.id for t in demo.townships if t.name in EARLY}
    demo.add(
        CampaignGoal,
        [
            {"campaign": campaign.id, "area": key, "places": n, "due_on": EARLY_DAY if key in early else None}
            for key, n in sorted(counts.items())
        ],
    )
