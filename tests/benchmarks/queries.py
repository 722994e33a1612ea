"""Figures and searches against hand-written SQL for the same answers."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path

from measure import Ratio, compare

START, END = dt.date(2024, 1, 1), dt.date(2024, 6, 30)
IN_FORCE = "s.removed_at IS NULL AND s.valid_from <= {day} AND (s.valid_to IS NULL OR s.valid_to >= {day})"
CAMPUS = "(s.category IN ('school_canteen', 'kindergarten_canteen') OR s.key_area = 'campus')"
RICE = "(s.category = 'production' AND s.product = '0102')"
DONE = "i.removed_at IS NULL AND i.state = 'done' AND i.inspected_on BETWEEN :start AND :end"
ON_DAY = IN_FORCE.format(day="i.inspected_on")
VISITS = f"inspection i JOIN enterprise_state s ON s.enterprise_id = i.enterprise_id AND {ON_DAY} WHERE {DONE}"
ISSUED = ("n.removed_at IS NULL AND n.state NOT IN ('draft', 'void') AND n.issued_on BETWEEN :start AND :end")
SERVED = (f"notice n JOIN enterprise_state s ON s.enterprise_id = n.enterprise_id AND {IN_FORCE.format(day='n.issued_on')} "
          f"WHERE {ISSUED}")
LISTED = (f"EXISTS (SELECT 1 FROM notice_finding l JOIN finding f ON f.id = l.finding_id JOIN enterprise_state s ON "
          f"s.enterprise_id = f.enterprise_id AND {IN_FORCE.format(day='f.found_on')} WHERE l.notice_id = n.id "
          f"AND l.removed_at IS NULL AND {CAMPUS})")
CATERERS = ("enterprise e JOIN enterprise_state s ON s.enterprise_id = e.id WHERE e.removed_at IS NULL AND "
            f"{IN_FORCE.format(day=':end')} AND s.status = 'open' AND s.category = 'catering'")
GRADED = "EXISTS (SELECT 1 FROM risk_assessment r WHERE r.enterprise_id = e.id AND r.year = 2024 AND r.removed_at IS NULL)"
RATED = ("EXISTS (SELECT 1 FROM hygiene_rating h WHERE h.enterprise_id = e.id AND h.removed_at IS NULL "
         "AND h.rated_on BETWEEN '2024-01-01' AND :end)")

#: Figures of the issue's table that the benchmark ledger has rows for, by hand.
BY_HAND = {
    "campus.inspections": f"SELECT COUNT(*) FROM {VISITS} AND {CAMPUS}",
    "campus.findings": "SELECT COUNT(*) FROM finding f JOIN inspection i ON i.id = f.inspection_id JOIN enterprise_state s "
                       f"ON s.enterprise_id = i.enterprise_id AND {ON_DAY} WHERE f.removed_at IS NULL AND {DONE} AND {CAMPUS}",
    "campus.notices": f"SELECT COUNT(*) FROM notice n WHERE {ISSUED} AND {LISTED}",
    "rice.enterprises": f"SELECT COUNT(DISTINCT i.enterprise_id) FROM {VISITS} AND {RICE}",
    "rice.notices": f"SELECT COUNT(*) FROM {SERVED} AND {RICE}",
    "catering.enterprises": f"SELECT COUNT(*) FROM {CATERERS}",
    "catering.graded": f"SELECT COUNT(*) FROM {CATERERS} AND {GRADED}",
    "catering.dynamic": f"SELECT COUNT(*) FROM {CATERERS} AND {RATED}",
    "inspections.total": f"SELECT COUNT(*) FROM inspection i WHERE {DONE}",
    "inspections.findings": f"SELECT COUNT(*) FROM finding f JOIN inspection i ON i.id = f.inspection_id "
                            f"WHERE f.removed_at IS NULL AND {DONE}",
    "notices.total": f"SELECT COUNT(*) FROM notice n WHERE {ISSUED}",
}


def figures(path: Path) -> list[Ratio]:
    """All figures of a half-year against the same counts by hand."""
    from models.core.figure import figure

    conn = sqlite3.connect(path)
    conn.execute("PRAGMA mmap_size = 268435456")
    conn.execute("PRAGMA cache_size = -32000")
    arguments = {"start": START.isoformat(), "end": END.isoformat()}

    def ours() -> dict[str, object]:
        return {name: figure(name).value(START, END) for name in BY_HAND}

    def bare() -> dict[str, object]:
        return {name: conn.execute(sql, arguments).fetchone()[0] for name, sql in BY_HAND.items()}

    if ours() != bare():
        raise SystemExit(f"figures differ: {ours()} {bare()}")
    found = [compare("all figures of a half-year", ours, bare, 1.5, rounds=5)]
    conn.close()
    return found


def searches(path: Path, today: dt.date) -> list[Ratio]:
    """A search keystroke on the roster and on the inspections against the raw query."""
    from models.core.register import View, register

    conn = sqlite3.connect(path)
    conn.execute("PRAGMA mmap_size = 268435456")
    like = "search_text LIKE ? ESCAPE '\\'"
    roster = (f"SELECT id FROM enterprise WHERE removed_at IS NULL AND ({like} OR party_id IN (SELECT id FROM party WHERE {like}) "
              f"OR id IN (SELECT enterprise_id FROM permit WHERE removed_at IS NULL AND {like}) "
              f"OR id IN (SELECT enterprise_id FROM safety_staff WHERE removed_at IS NULL AND {like})) ORDER BY name_key, id")
    visits = (f"SELECT id FROM inspection WHERE removed_at IS NULL AND ({like} OR enterprise_id IN "
              f"(SELECT id FROM enterprise WHERE {like})) ORDER BY inspected_on DESC, id DESC")

    def pair(name: str, sql: str, text: str) -> tuple[Callable[[], int], Callable[[], int]]:
        count = sql.count("?")

        def bare() -> int:
            return len(conn.execute(sql, (f"%{text}%",) * count).fetchall())

        def ours() -> int:
            return len(register(name).ids(View(search=text), today))

        if ours() != bare():
            raise SystemExit(f"{name}: {ours()} {bare()}")
        return ours, bare

    found = [compare(f"search keystroke, {label}", *pair(name, sql, text), 2.0) for label, name, sql, text in (
        ("roster, initials", "enterprises", roster, "zxj"), ("roster, Chinese", "enterprises", roster, "老周"),
        ("roster, rare", "enterprises", roster, "店99999"), ("inspections, rare", "inspections", visits, "店99999"))]
    conn.close()
    return found
