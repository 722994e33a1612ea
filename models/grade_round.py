"""Storing a round's grades as one action, with their arithmetic. Knows no screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any

from models.core.changes import Transaction
from models.core.errors import Conflict
from models.core.search import search_columns
from models.grade_explaining import detail_text, explain
from models.grade_numbers import next_numbers
from models.grading import Graded, GradeRound, grade_year
from models.rating import RiskAssessment

#: How many rows are stored between two reports of progress.
CHUNK = 500


def apply_round(
    tx: Transaction,
    found: GradeRound,
    assessed_on: dt.date,
    ids: Collection[int] | None = None,
    again: bool = False,
    step: Callable[[int, int], object] = lambda done, whole: None,
) -> int:
    """Store the proposed grades of a round (or of those among ``ids``), numbered, with their arithmetic; how many.

    An enterprise assessed already keeps its assessment, unless ``again`` has it replaced. ``step(done, all)`` is told
    of the progress. Raises Conflict, with nothing stored, where facts or rules have changed since it was reckoned.
    """
    wanted = None if ids is None else set(ids)
    rows = [
        row
        for row in found.rows
        if row.grade and (again or not row.stored) and (wanted is None or row.id in wanted)
    ]
    if not rows:
        return 0
    step(0, len(rows))
    numbers = next_numbers(found.year)
    fresh = {row.id: row for row in grade_year(found.year, found.day).rows}
    if any(fresh.get(row.id) != row for row in rows):
        raise Conflict("评定以后，主体、检查或评分表有变动，没有写入。", "请重新计算，核对后再确定。")
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        new = [
            {**assessment_values(found, row, assessed_on), "number": next(numbers)}
            for row in part
            if row.assessment is None
        ]
        if new:
            tx.insert_many(RiskAssessment, [{**one, **search_columns(RiskAssessment, one)} for one in new])
        _replace(tx, found, [row for row in part if row.assessment is not None], assessed_on)
        step(start + len(part), len(rows))
    return len(rows)


def _replace(tx: Transaction, found: GradeRound, rows: list[Graded], assessed_on: dt.date) -> None:
    keys = {row.assessment: row for row in rows}
    for one in RiskAssessment.live().where(RiskAssessment.id.in_(list(keys))) if keys else ():
        values = assessment_values(found, keys[one.id], assessed_on)
        tx.update(one, **{name: value for name, value in values.items() if name not in ("enterprise", "year")})


def assessment_values(found: GradeRound, row: Graded, assessed_on: dt.date) -> dict[str, Any]:
    """The columns of the assessment that a row of a round becomes."""
    told = explain(found, row)
    reason = told.reasons[-1] if row.conditions else ""
    return {
        "enterprise": row.id,
        "year": found.year,
        "static_score": Decimal(row.static or 0) / 100,
        "dynamic_score": Decimal(row.dynamic or 0) / 100,
        "base_grade": row.base,
        "grade": row.grade,
        "assessed_on": assessed_on,
        "reason": reason,
        "detail": detail_text(told),
    }
