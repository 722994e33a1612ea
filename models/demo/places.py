"""The demo's places: branches, villages and streets under the seeded townships. Knows no enterprise."""

from __future__ import annotations

import random

from models.area import Area
from models.demo.kit import Demo, Township, table
from models.demo.plan import TOWNSHIP_WEIGHTS
from models.organization import Branch


def fill(demo: Demo) -> None:
    """Store branches and villages; remember the townships."""
    rows = [{k: row[k] for k in ("name", "short_name", "phone", "address")} for row in table("branches.csv")]
    ids = demo.add(Branch, rows)
    branch_of = {
        code: branch
        for branch, row in zip(ids, table("branches.csv"), strict=True)
        for code in row["townships"].split()
    }
    query = Area.live().where(Area.level == "township").order_by(Area.code)
    demo.townships = [Township(a.id, a.code, a.name, branch_of[a.code]) for a in query]
    by_code = {t.code: t for t in demo.townships}
    villages = table("villages.csv")
    parents = [by_code[row["township"]] for row in villages]
    made = demo.add(
        Area,
        [
            {"name": row["name"], "level": "village", "parent": parent.id}
            for row, parent in zip(villages, parents, strict=True)
        ],
    )
    for village, row, parent in zip(made, villages, parents, strict=True):
        parent.villages.append((village, row["name"]))
    for row in table("streets.csv"):
        by_code[row["township"]].streets.append(row["name"])


def pick_township(demo: Demo, dice: random.Random) -> Township:
    """A township, the busy ones more often."""
    weights = [TOWNSHIP_WEIGHTS[t.code] for t in demo.townships]
    return dice.choices(demo.townships, weights)[0]
