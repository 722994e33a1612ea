"""The year's plan for 10,000 enterprises and 40 officers against one scan of the whole register of enterprises."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from pathlib import Path

from big_ledger import build
from measure import Ratio, compare

ENTERPRISES, INSPECTIONS, OFFICERS, BRANCHES = 10_000, 100_000, 40, 8


def plans(folder: Path, today: dt.date) -> list[Ratio]:
    """Working the plan out, and storing it (worked out once more, to see that nothing changed) and taking it back."""
    from models.core.register import View, register
    from models.opening import open_office
    from models.plan_making import make_plan
    from models.plan_storing import apply_plan

    place = folder / "plan"
    place.mkdir(exist_ok=True)
    ledger = open_office(build(place, ENTERPRISES, INSPECTIONS), today=today)
    try:
        _people(ledger.path)
        enterprises, year = register("enterprises"), today.year + 1

        def scan() -> int:
            return sum(1 for _row in enterprises.iterate(View(), today))

        found = make_plan(year, today)

        def store() -> None:
            with ledger.write("安排计划") as tx:
                apply_plan(tx, found)

        ratios = [compare("plan: worked out", lambda: make_plan(year, today), scan, 20.0, rounds=5,
                          note=f"{len(found.lines)} enterprises, {found.count} visits, {len(found.officers)} officers, "
                               f"{len(found.unplaced)} without a day")]
        ratios.append(compare("plan: worked out and stored", store, scan, 20.0, rounds=1, note="the second time anew"))
        ledger.undo()
        ledger.undo()
        return ratios
    finally:
        ledger.close()


def _people(path: Path) -> None:
    """Branches with their officers and enterprises, stored once."""
    conn = sqlite3.connect(path)
    with conn:
        if not conn.execute("SELECT 1 FROM officer").fetchone():
            for number in range(1, BRANCHES + 1):
                conn.execute("INSERT INTO branch (id, uid, version, search_text, name_key, stroke_key, name, short_name, phone, "
                             "address) VALUES (?, ?, 1, '', '', '', ?, '', '', '')",
                             (number, uuid.UUID(int=number).hex, f"示例分局{number}"))
            for number in range(1, OFFICERS + 1):
                conn.execute("INSERT INTO officer (id, uid, version, search_text, name_key, stroke_key, name, certificate, "
                             "branch_id, position, phone, note) VALUES (?, ?, 1, '', '', '', ?, ?, ?, 'officer', '', '')",
                             (number, uuid.UUID(int=number).hex, f"示例甲{number}", f"360202{number:04d}",
                              number % BRANCHES + 1))
            conn.execute(f"UPDATE enterprise SET branch_id = id % {BRANCHES} + 1")
    conn.close()
