"""Grading every enterprise of a year against fetching the same facts by plain SQL."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

from measure import Ratio, compare

FACTORS = ("workers", "varieties", "ambient_prepacked", "chilled_prepacked", "frozen_prepacked", "ambient_bulk",
           "chilled_bulk", "frozen_bulk", "suppliers", "cold_dishes", "cold_perishable", "raw_dishes", "pastries",
           "pastries_perishable", "hot_dishes", "hot_perishable", "drinks")
PLACES = ("SELECT e.id, e.name, s.category, e.opened_on, s.product, e.floor_area, s.diners, "
          + ", ".join(f"p.{name}" for name in FACTORS)
          + " FROM enterprise e JOIN enterprise_state s ON s.enterprise_id = e.id LEFT JOIN risk_profile p ON "
          "p.enterprise_id = e.id AND p.removed_at IS NULL AND p.valid_from <= :day AND NOT EXISTS (SELECT 1 FROM "
          "risk_profile q WHERE q.removed_at IS NULL AND q.enterprise_id = p.enterprise_id AND q.valid_from > p.valid_from "
          "AND q.valid_from <= :day) WHERE e.removed_at IS NULL AND s.removed_at IS NULL AND s.valid_from <= :day AND "
          "(s.valid_to IS NULL OR s.valid_to >= :day) AND s.status = 'open' ORDER BY e.id")
VISITS = ("SELECT enterprise_id, COUNT(id), SUM(CASE WHEN result = 'investigate' THEN 1 ELSE 0 END) FROM inspection WHERE "
          "removed_at IS NULL AND state = 'done' AND inspected_on BETWEEN :start AND :day GROUP BY enterprise_id")
FOUND = ("SELECT i.enterprise_id, f.severity, COUNT(f.id) FROM finding f JOIN inspection i ON i.id = f.inspection_id WHERE "
         "f.removed_at IS NULL AND i.removed_at IS NULL AND i.state = 'done' AND f.found_on BETWEEN :start AND :day "
         "GROUP BY i.enterprise_id, f.severity")
FAILED = ("SELECT i.enterprise_id, SUM(a.key_failed), SUM(a.failed_count) FROM checklist_answer a JOIN inspection i ON i.id = "
          "a.inspection_id WHERE a.removed_at IS NULL AND a.failed_count > 0 AND i.removed_at IS NULL AND i.state = 'done' "
          "AND i.inspected_on BETWEEN :start AND :day GROUP BY i.enterprise_id")
MET = ("SELECT c.enterprise_id, c.id, r.direction, r.name, c.evidence FROM grade_condition c JOIN adjustment_rule r ON "
       "r.id = c.rule_id WHERE c.removed_at IS NULL AND c.year = :year AND c.happened_on <= :day")
STORED = "SELECT enterprise_id, id, grade FROM risk_assessment WHERE removed_at IS NULL AND year = :year"
BEFORE = STORED.replace(":year", ":before")


def grading(path: Path, day: dt.date) -> list[Ratio]:
    """The grades of the year of all enterprises, proposed with their scores."""
    from models.grading import grade_year

    conn = sqlite3.connect(path)
    conn.execute("PRAGMA mmap_size = 268435456")
    conn.execute("PRAGMA cache_size = -32000")
    arguments = {"day": day.isoformat(), "start": f"{day.year}-01-01", "year": day.year, "before": day.year - 1}

    def fetch() -> list[Any]:
        return [conn.execute(sql, arguments).fetchall() for sql in (PLACES, VISITS, FOUND, FAILED, MET, STORED, BEFORE)]

    found = grade_year(day.year, day)
    assert [place[0] for place in fetch()[0]] == [place[0] for place in found.facts.places]
    note = f"{len(found.rows)} enterprises, {sum(1 for row in found.rows if row.grade)} graded"
    ratios = [compare("grading", lambda: grade_year(day.year, day), fetch, 3.0, rounds=5, note=note)]
    conn.close()
    return ratios
