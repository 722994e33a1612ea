"""The data check of 100,000 inspections with officers and times against fetching the same facts by plain SQL."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import sqlite3
import uuid
from pathlib import Path
from typing import Any

import big_ledger
from measure import Ratio, compare

ENTERPRISES, INSPECTIONS, PAIRS = 10_000, 100_000, 20
SPAN = (dt.date(2022, 1, 1), dt.date(2024, 12, 31))
DONE = "i.removed_at IS NULL AND i.state = 'done' AND i.inspected_on BETWEEN :start AND :end"
VISITS = f"SELECT i.id, i.enterprise_id, i.inspected_on, i.started_at, i.ended_at, i.result FROM inspection i WHERE {DONE}"
PRESENCE = ("SELECT o.inspection_id, o.officer_id FROM inspection_officer o JOIN inspection i ON i.id = o.inspection_id "
            f"WHERE o.removed_at IS NULL AND {DONE}")
STATES = ("SELECT i.id, s.status, s.valid_from, e.opened_on FROM inspection i JOIN enterprise_state s ON s.enterprise_id = "
          "i.enterprise_id AND s.removed_at IS NULL AND s.valid_from <= i.inspected_on AND (s.valid_to IS NULL OR s.valid_to >= "
          f"i.inspected_on) JOIN enterprise e ON e.id = i.enterprise_id WHERE {DONE}")
FINDINGS = ("SELECT f.id, f.inspection_id, f.found_on, f.due_on, f.resolved_on FROM finding f JOIN inspection i ON i.id = "
            f"f.inspection_id WHERE f.removed_at IS NULL AND {DONE}")
NOTICES = "SELECT id, number, issued_on, served_on, due_on, state FROM notice WHERE removed_at IS NULL"


def build(folder: Path) -> Path:
    """A ledger of its own: two officers and a time for each inspection, weekends free, one in a thousand odd."""
    from models.core.ledger import FILE_NAME
    from models.core.schema import schema_findings

    target = folder / f"plausibility-{INSPECTIONS}"
    if (target / "made").exists() and not schema_findings(target / FILE_NAME):
        return target
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    big_ledger.build(target, ENTERPRISES, INSPECTIONS)
    rng = random.Random(7)
    conn = sqlite3.connect(target / FILE_NAME)
    head = "id, uid, version, search_text, name_key"
    officers = [(n, uuid.UUID(int=rng.getrandbits(128)).hex, 1, "", "", f"示例甲{n}", f"3602{n:04d}") for n in range(1, 2 * PAIRS + 1)]
    big_ledger._insert(conn, "officer", f"{head}, name, certificate", iter(officers))
    used: dict[tuple[str, int], int] = {}
    times, present = [], []
    for key, text in conn.execute("SELECT id, inspected_on FROM inspection").fetchall():
        day = dt.date.fromisoformat(text)
        day -= dt.timedelta(days=max(0, day.weekday() - 4))
        pair = rng.randrange(PAIRS)
        place = used[day.isoformat(), pair] = used.get((day.isoformat(), pair), -1) + 1
        begin = 480 + 50 * place - (30 if key % 1000 == 0 and place else 0)
        clock = [f"{minute // 60 % 24:02d}:{minute % 60:02d}:00" for minute in (begin, begin + 45)]
        times.append((day.isoformat(), *clock, "fixed" if key % 5 == 0 else "none", key))
        present += [(uuid.UUID(int=rng.getrandbits(128)).hex, 1, key, 2 * pair + n) for n in ((1, 2) if key % 1001 else (1,))]
    conn.executemany("UPDATE inspection SET inspected_on = ?, started_at = ?, ended_at = ?, result = ? WHERE id = ?", times)
    conn.execute("UPDATE finding SET found_on = (SELECT inspected_on FROM inspection WHERE id = inspection_id)")
    conn.execute("UPDATE finding SET resolved_on = found_on WHERE resolved_on IS NOT NULL")
    conn.execute("UPDATE enterprise_state SET status = 'open'")
    big_ledger._insert(conn, "inspection_officer", "uid, version, inspection_id, officer_id", iter(present))
    conn.commit()
    conn.execute("ANALYZE")
    conn.commit()
    conn.close()
    (target / "made").touch()
    return target


def plausibility(folder: Path, today: dt.date) -> list[Ratio]:
    """All rules over the three years, the kept answer left aside, and the kept answer by itself."""
    from models.opening import open_office
    from models.plausibility import _look, doubts

    place = build(folder)
    ledger = open_office(place, write=False, today=today)
    conn = sqlite3.connect(ledger.path)
    conn.execute("PRAGMA mmap_size = 268435456")
    conn.execute("PRAGMA cache_size = -32000")
    arguments = {"start": SPAN[0].isoformat(), "end": SPAN[1].isoformat()}

    def fetch() -> list[Any]:
        return [conn.execute(sql, arguments if ":start" in sql else ()).fetchall() for sql in (VISITS, PRESENCE, STATES, FINDINGS, NOTICES)]

    try:
        found = _look(*SPAN, SPAN[1])
        note = f"{INSPECTIONS} inspections, {len(found)} doubts"
        return [
            compare("data check, all rules", lambda: _look(*SPAN, SPAN[1]), fetch, 3.0, rounds=5, note=note),
            compare("data check, asked again", lambda: doubts(*SPAN, SPAN[1]), fetch, 0.1, rounds=5),
        ]
    finally:
        conn.close()
        ledger.close()
