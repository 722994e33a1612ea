"""Proposal of assignments, coverage and problems of a district against the same facts fetched by plain SQL."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import Ratio, compare

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2024, 6, 30)
ENTERPRISES, OFFICIALS, VILLAGES = 10_000, 800, 8
IN_FORCE = "{0}.removed_at IS NULL AND {0}.valid_from <= :day AND ({0}.valid_to IS NULL OR {0}.valid_to >= :day)"
PLACES = ("SELECT e.id, e.name, s.status, s.area_id, s.village_id, s.tier FROM enterprise e JOIN enterprise_state s ON "
          f"s.enterprise_id = e.id WHERE e.removed_at IS NULL AND {IN_FORCE.format('s')} ORDER BY e.id")
HELD = ("SELECT id, enterprise_id, official_id, valid_from, valid_to FROM assignment WHERE removed_at IS NULL AND "
        "(valid_to IS NULL OR valid_to >= :day) ORDER BY id")
PEOPLE = ("SELECT o.id, o.name, o.term_from, o.term_to, p.level, p.area_id, p.unit, p.post FROM official o LEFT JOIN "
          f"official_post p ON p.official_id = o.id AND {IN_FORCE.format('p')} WHERE o.removed_at IS NULL ORDER BY o.id")
AREAS = "SELECT id, parent_id FROM area"
SIGNED = ("SELECT official_id FROM commitment WHERE removed_at IS NULL AND signed_on <= :day AND (valid_until IS NULL OR "
          "valid_until >= :day)")
COVERED = ("SELECT a.enterprise_id FROM assignment a JOIN official_post p ON p.official_id = a.official_id AND "
           f"{IN_FORCE.format('p')} JOIN enterprise_state t ON t.enterprise_id = a.enterprise_id AND "
           f"{IN_FORCE.format('t')} WHERE {IN_FORCE.format('a')} AND (t.tier IS NULL OR t.tier IN ('A', 'D') OR "
           "p.level = 'district' OR (t.tier = 'C' AND p.level = 'township'))")
COVERAGE = (f"SELECT s.tier, r.id, r.name, COUNT(e.id), COUNT(CASE WHEN e.id IN ({COVERED}) THEN e.id END), "
            f"COUNT(CASE WHEN e.id IN ({COVERED} AND a.official_id IN ({SIGNED})) THEN e.id END) "
            "FROM enterprise e JOIN enterprise_state s ON s.enterprise_id = e.id JOIN area r ON r.id = s.area_id "
            f"WHERE e.removed_at IS NULL AND {IN_FORCE.format('s')} AND s.status = 'open' "
            "GROUP BY s.tier, r.id, r.name ORDER BY r.code, r.name")


def _fill(path: Path, share: float) -> None:
    """10,000 enterprises in 80 villages of 10 townships and 800 officials; a share of the enterprises is assigned."""
    rng = random.Random(20240630)

    def uid() -> str:
        return uuid.UUID(int=rng.getrandbits(128)).hex

    conn = sqlite3.connect(path)
    conn.execute("PRAGMA synchronous = OFF")

    def put(table: str, **columns: Any) -> int:
        row = {"uid": uid(), "version": 1, **columns}
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        return int(conn.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(row.values())).lastrowid or 0)

    entry = {"search_text": "", "name_key": ""}
    with conn:
        towns = [row[0] for row in conn.execute("SELECT id FROM area WHERE level = 'township' ORDER BY id")]
        district = conn.execute("SELECT id FROM area WHERE level = 'district'").fetchone()[0]
        villages = {
            town: [put("area", **entry, name=f"示例{n}村", code="", level="village", parent_id=town, former_names="")
                   for n in range(VILLAGES)]
            for town in towns
        }
        seats = [("district", district)] * 40 + [("township", town) for town in towns for _ in range(20)]
        rest = [("village", village) for town in towns for village in villages[town]]
        seats += [rest[n % len(rest)] for n in range(OFFICIALS - len(seats))]
        pools: dict[tuple[str, int], list[int]] = {}
        for number, (level, area) in enumerate(seats):
            key = put("official", **entry, name=f"示例干部{number}", phone="", term_from="2020-01-01", note="")
            put("official_post", official_id=key, valid_from="2020-01-01", level=level, area_id=area, unit="", post="")
            pools.setdefault((level, area), []).append(key)
            if number % 9:
                put("commitment", **entry, official_id=key, year=2024, signed_on="2024-01-08", valid_until="2024-12-31",
                    level=level, post="", note="")
        party = put("party", **entry, name="示例当事人", kind="organization", uscc="", id_number="", principal="", phone="",
                    address="")
        for number in range(ENTERPRISES):
            town = rng.choice(towns)
            village, tier = rng.choice(villages[town]), rng.choice("BCCDDDDD")
            key = put("enterprise", **{**entry, "name_key": f"shi li dian {number}"}, name=f"示例{number}号店", initials="",
                      party_id=party, address="", principal="", phone="", chain=0, note="")
            put("enterprise_state", enterprise_id=key, valid_from="2020-01-01", category="catering", status="open",
                area_id=town, village_id=village, tier=tier, tier_reason="")
            seat = {"B": ("district", district), "C": ("township", town), "D": ("village", village)}[tier]
            if rng.random() < share:
                put("assignment", **entry, enterprise_id=key, official_id=rng.choice(pools[seat]), valid_from="2023-01-01",
                    reason="")
    conn.execute("ANALYZE")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def responsibility(folder: Path) -> list[Ratio]:
    """The views of a district of 10,000 enterprises and 800 officials, nobody assigned yet and nearly all assigned."""
    from models.core.ledger import FILE_NAME
    from models.opening import open_office

    found = []
    for name, share in (("none assigned", 0.0), ("95 % assigned", 0.95)):
        place = folder / f"responsibility-{int(share * 100)}"
        (place / FILE_NAME).unlink(missing_ok=True)
        open_office(place, today=DAY).close()
        _fill(place / FILE_NAME, share)
        ledger = open_office(place, today=DAY)
        try:
            found += _views(ledger.path, name)
        finally:
            ledger.close()
    return [*found, _pauses(folder / "responsibility-0")]


def _pauses(folder: Path) -> Ratio:
    """The longest pause of the window on any screen of 包保责任, against 50 ms."""
    command = [sys.executable, str(Path(__file__).with_name("duty_pauses.py")), str(ROOT), str(folder)]
    out = subprocess.run(command, check=True, capture_output=True, text=True,
                         env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}).stdout
    found: dict[str, float] = json.loads(out)
    machine = found.pop("bare")
    worst = max(found, key=lambda name: found[name])
    return Ratio("longest pause of the window", found[worst], max(0.05, machine), 1.0,
                 f"at “{worst}”; beside a bare busy thread this machine gives {machine * 1000:.0f} ms")


def _views(path: Path, name: str) -> list[Ratio]:
    from models.assigning import coverage_table
    from models.coverage import coverage
    from models.proposing import propose_assignments
    from models.responsibility_problems import responsibility_problems

    conn = sqlite3.connect(path)
    conn.execute("PRAGMA mmap_size = 268435456")
    conn.execute("PRAGMA cache_size = -32000")
    arguments = {"day": DAY.isoformat()}

    def fetch(*statements: str) -> Callable[[], list[Any]]:
        return lambda: [conn.execute(sql, arguments).fetchall() for sql in statements]

    by_hand = conn.execute(COVERAGE, arguments).fetchall()
    assert [(r.area_id, r.enterprises, r.assigned, r.committed) for r in coverage(DAY)] == [
        (row[1], *row[3:]) for row in by_hand
    ]
    facts = fetch(PLACES, HELD, PEOPLE, AREAS)
    proposal = propose_assignments(DAY)
    note = f"{len(proposal.lines)} lines"
    ratios = [
        compare(f"proposal, {name}", lambda: propose_assignments(DAY), facts, 2.0, note=note),
        compare(f"coverage, {name}", lambda: coverage_table(DAY), fetch(COVERAGE), 2.0),
        compare(f"problems, {name}", lambda: responsibility_problems(DAY), fetch(PLACES, HELD, PEOPLE, AREAS, SIGNED), 3.0,
                note="not asked for"),
    ]
    conn.close()
    return ratios
