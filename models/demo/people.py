"""The demo's people: officers of the bureau and officials of three levels. Knows no enterprise."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from models.area import Area
from models.demo.kit import Demo, Officer, Stint, Township, table
from models.organization import Officer as OfficerTable
from models.responsibility import Official, OfficialPost

OFFICERS_OF_BRANCH = 32
#: The day some officials changed their post or left (换届、调整).
CHANGED_ON = dt.date(2023, 10, 9)


def fill(demo: Demo) -> None:
    """Store officers and officials."""
    _officers(demo)
    _officials(demo)


def _officers(demo: Demo) -> None:
    dice = demo.dice("officers")
    branches = list(dict.fromkeys(t.branch for t in demo.townships))
    places: list[tuple[str, int | None]] = [("leader", None), ("deputy", None), ("deputy", None)]
    places += [("branch_head", branch) for branch in branches]
    places += [("officer", branches[n % len(branches)]) for n in range(OFFICERS_OF_BRANCH)]
    rows: list[dict[str, Any]] = []
    for number, (position, branch) in enumerate(places, 1):
        rows.append(
            {
                "name": demo.person(dice),
                "certificate": f"示例36020200{number:03d}",
                "branch": branch,
                "position": position,
                "phone": demo.phone(dice),
                "certified_until": dt.date(dice.choice((2025, 2026, 2027)), dice.choice((3, 6, 9)), 30),
                "left_on": None,
                "note": "",
            }
        )
    rows[-1] |= {"left_on": dt.date(2023, 9, 28), "note": "调离"}
    rows[-2] |= {"left_on": dt.date(2024, 3, 29), "note": "退休"}
    rows[8]["certified_until"] = dt.date(2024, 8, 31)
    ids = demo.add(OfficerTable, rows)
    demo.officers = [
        Officer(i, row["branch"] or 0, row["position"], row["left_on"])
        for i, row in zip(ids, rows, strict=True)
    ]


@dataclass
class _Seat:
    """One post to be filled in an area."""

    level: str
    area: int
    unit: str
    post: str
    township: Township | None = None


def _officials(demo: Demo) -> None:
    dice = demo.dice("officials")
    officials: list[dict[str, Any]] = []
    posts: list[dict[str, Any]] = []
    for number, seat in enumerate(_seats(demo)):
        _seat_one(demo, dice, number, seat, officials, posts)
    ids = demo.add(Official, officials)
    for post in posts:
        post["official"] = ids[post["official"]]
    for stint in demo.stints:
        stint.official = ids[stint.official]
    demo.add(OfficialPost, posts)


def _seats(demo: Demo) -> list[_Seat]:
    district = Area.live().where(Area.level == "district").get()
    kinds = {level: [r for r in table("officials.csv") if r["level"] == level] for level in _LEVELS}
    seats = [_Seat("district", district.id, r["unit"], r["post"]) for r in kinds["district"]]
    for town in demo.townships:
        seats += [_Seat("township", town.id, town.name, r["post"], town) for r in kinds["township"]]
        for village, name in town.villages:
            seats += [_Seat("village", village, name, r["post"], town) for r in kinds["village"]]
    return seats


_LEVELS = ("district", "township", "village")


def _seat_one(
    demo: Demo,
    dice: random.Random,
    number: int,
    seat: _Seat,
    officials: list[dict[str, Any]],
    posts: list[dict[str, Any]],
) -> None:
    """Fill one post: mostly one official throughout; some promoted in place, some followed by a successor."""
    began = dt.date(2021, dice.randrange(1, 13), 1)
    last = CHANGED_ON - dt.timedelta(days=1)
    if number % 19 == 7:
        spans = [(began, last, seat.post), (CHANGED_ON, None, seat.post)]
        people = 2
    elif number % 23 == 5 and seat.level != "district":
        spans = [(began, last, "工作人员（示例）"), (CHANGED_ON, None, seat.post)]
        people = 1
    else:
        spans, people = [(began, None, seat.post)], 1
    for n in range(people):
        mine = spans[n : n + 1] if people == 2 else spans
        key = len(officials)
        officials.append(
            {
                "name": demo.person(dice),
                "phone": demo.phone(dice),
                "term_from": mine[0][0],
                "term_to": mine[-1][1],
                "note": "已调离" if mine[-1][1] else "",
            }
        )
        demo.stints.append(Stint(key, seat.level, seat.area, mine[0][0], mine[-1][1]))
        posts += [
            {
                "official": key,
                "valid_from": begin,
                "valid_to": end,
                "level": seat.level,
                "area": seat.area,
                "unit": seat.unit,
                "post": post,
            }
            for begin, end, post in mine
        ]
