"""The demo's other work: samples, outreach, leaders' duty hours and coordination."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from models.coordination import Coordination
from models.demo.kit import Demo, Shop, table
from models.demo.plan import HALVES, TODAY
from models.duty import LeaderDuty
from models.outreach import Outreach
from models.sample import Sample

SAMPLES = (130, 142, 148)
FAILED_EVERY = 31
#: Two stretches of 3.5 hours make the quota of 7 h a month, a half-month or a week.
MORNING, AFTERNOON = (dt.time(8, 30), dt.time(12, 0)), (dt.time(14, 0), dt.time(17, 30))
DUTY_NOTES = (
    "未发现突出问题",
    "督促规范台账记录",
    "督促整改防蝇防鼠设施",
    "督促落实日管控、周排查、月调度",
    "现场纠正从业人员着装",
    "督促核对进货凭证",
)


def fill(demo: Demo) -> None:
    """Store outreach, coordination, samples and duty."""
    demo.add(Outreach, [_activity(row) for row in table("outreach.csv")])
    demo.add(
        Coordination,
        [{**row, "held_on": dt.date.fromisoformat(row["held_on"])} for row in table("coordination.csv")],
    )
    demo.add(Sample, list(_samples(demo, demo.dice("samples"))))
    demo.add(LeaderDuty, list(_duties(demo, demo.dice("duty"))))


def _activity(row: dict[str, str]) -> dict[str, Any]:
    return {
        **row,
        "held_on": dt.date.fromisoformat(row["held_on"]),
        "material": row["material"] or None,
        "copies": int(row["copies"]) if row["copies"] else None,
        "people": int(row["people"]) if row["people"] else None,
    }


def _samples(demo: Demo, dice: random.Random) -> Iterator[dict[str, Any]]:
    kinds = table("samples.csv")
    by_category: dict[str, list[Shop]] = {}
    for shop in demo.shops:
        by_category.setdefault(shop.category, []).append(shop)
    number = 0
    for half, count in zip(HALVES, SAMPLES, strict=True):
        last = min(half.end, TODAY)
        for _ in range(count):
            number += 1
            day = demo.workday(dice, half.start + dt.timedelta(days=14), last)
            failing = number % FAILED_EVERY == 7
            row = dice.choice([k for k in kinds if k["failed_item"]] if failing else kinds)
            there = [s for c in row["categories"].split() for s in by_category[c] if s.open_on(day)]
            endings = tuple(row["endings"].split())
            places = [s for s in there if not endings or s.name.endswith(endings)]
            yield _sample(dice, dice.choice(places), row, day, number, failing)


def _sample(
    dice: random.Random, shop: Shop, row: dict[str, str], day: dt.date, number: int, failing: bool
) -> dict[str, Any]:
    received = day + dt.timedelta(days=dice.randrange(14, 30))
    known = received <= TODAY
    handled = received + dt.timedelta(days=dice.randrange(20, 60))
    result = "pending" if not known else "failed" if failing else "passed"
    programmes = ("province", "supervision", "supervision", "supervision", "evaluation", "pick", "bring")
    return {
        "enterprise": shop.id,
        "sampled_on": day,
        "programme": dice.choice(programmes),
        "product": row["product"],
        "sheet_number": f"示例SP{day.year}{number:06d}",
        "result": result,
        "failed_items": row["failed_item"] if result == "failed" else "",
        "received_on": received if known else None,
        "handled_on": handled if result == "failed" and handled <= TODAY else None,
        "tableware": row["tableware"] == "1",
        "note": "已启动核查处置" if result == "failed" else "",
    }


def _duties(demo: Demo, dice: random.Random) -> Iterator[dict[str, Any]]:
    """Each leader's two stretches in every period of the quota; now and then one is missed."""
    for start, end, position in _periods():
        days = demo.workdays(start, end)
        for officer in demo.officers:
            if officer.position != position or not days:
                continue
            times = [MORNING, AFTERNOON]
            if dice.random() < 0.03:
                times.pop()
            for begin, finish in times:
                day = dice.choice(days)
                yield _duty(demo, dice, officer.id, officer.branch, day, begin, finish)


def _duty(
    demo: Demo, dice: random.Random, officer: int, branch: int, day: dt.date, begin: dt.time, end: dt.time
) -> dict[str, Any]:
    near = [s for s in demo.shops if s.township.branch == branch or not branch]
    shop = dice.choice(near)
    return {
        "officer": officer,
        "on_day": day,
        "started_at": begin,
        "ended_at": end,
        "minutes": (end.hour - begin.hour) * 60 + end.minute - begin.minute,
        "place": f"{shop.township.name}（{shop.name}等）",
        "findings": dice.choice(DUTY_NOTES),
    }


def _periods() -> Iterator[tuple[dt.date, dt.date, str]]:
    """The months, half-months and weeks of the demo with the position whose quota they are."""
    first = HALVES[0].start
    month = first
    while month <= TODAY:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        last = following - dt.timedelta(days=1)
        yield month, last, "leader"
        yield month, month.replace(day=15), "deputy"
        yield month.replace(day=16), last, "deputy"
        month = following
    monday = first + dt.timedelta(days=(7 - first.weekday()) % 7)
    while monday <= TODAY:
        yield monday, min(monday + dt.timedelta(days=6), TODAY), "branch_head"
        monday += dt.timedelta(days=7)
