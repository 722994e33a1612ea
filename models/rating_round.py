"""动态评定 from inspections: the rating each answered checklist of a caterer gives. Knows no screen and no paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import peewee

from models.checklist_answer import ChecklistAnswer
from models.core.changes import Transaction
from models.core.record import database
from models.core.search import search_columns
from models.enterprise import Enterprise, state_on
from models.inspection import Inspection
from models.rating import RATINGS, UNRATED, HygieneRating, rating_of

CATERING = "catering"


@dataclass(frozen=True)
class RatingProposal:
    """The rating of one inspection: score out of ten, failed key items, its code (none: may not be rated) and why."""

    inspection: int
    enterprise: int
    name: str
    day: dt.date
    score: Decimal
    key_failures: int
    rating: str
    reason: str

    @property
    def word(self) -> str:
        """The rating in Chinese."""
        return dict(RATINGS)[self.rating]


def score_of(checked: int, failed: int) -> Decimal:
    """The score of an inspection: items passed ÷ items checked (合理缺项 left out), out of ten, to one place."""
    return (Decimal(10) * (checked - failed) / checked).quantize(Decimal("0.1"), ROUND_HALF_UP)


def score_words(checked: int, failed: int, score: Decimal) -> str:
    """The arithmetic of a score in words."""
    return f"检查{checked}项，不符合{failed}项，（{checked}－{failed}）÷{checked}×10＝{score}"


def rating_proposals(year: int, today: dt.date) -> list[RatingProposal]:
    """The ratings of a year's done inspections of caterers with an answered checklist that have none yet, latest first.

    Raises ValueError (Chinese) where the ledger has no table for a day.
    """
    end = min(today, dt.date(year, 12, 31))
    proposals = []
    for key, place, name, day, checked, failed, key_failed in _answered(dt.date(year, 1, 1), end):
        day = day if isinstance(day, dt.date) else dt.date.fromisoformat(day)
        score = score_of(checked, failed)
        found = rating_of(place, day, score, key_failed)
        words = f"{score_words(checked, failed, score)}；{found.reasons[-1]}"
        proposals.append(
            RatingProposal(key, place, name, day, score, key_failed, found.grade or UNRATED, words)
        )
    return proposals


def _answered(start: dt.date, end: dt.date) -> list[Any]:
    """Inspection, enterprise, its name, day, items checked, failed and key items failed."""
    answer, rating = ChecklistAnswer, HygieneRating
    state, joined = state_on(Inspection.enterprise, Inspection.inspected_on)
    rated = rating.select(rating.id).where(
        rating.removed_at.is_null(),
        rating.enterprise == Inspection.enterprise,
        rating.rated_on == Inspection.inspected_on,
    )
    query = (
        answer.select(
            Inspection.id,
            Enterprise.id,
            Enterprise.name,
            Inspection.inspected_on,
            peewee.fn.SUM(answer.checked),
            peewee.fn.SUM(answer.failed_count),
            peewee.fn.SUM(answer.key_failed),
        )
        .join(Inspection, on=(answer.inspection == Inspection.id))
        .join(Enterprise, on=(Inspection.enterprise == Enterprise.id))
        .join_from(Inspection, state, on=joined)
        .where(
            answer.removed_at.is_null(),
            answer.checked > 0,
            Inspection.removed_at.is_null(),
            Inspection.state == "done",
            Inspection.inspected_on.between(start, end),
            state.category == CATERING,
            Enterprise.removed_at.is_null(),
            ~peewee.fn.EXISTS(rated),
        )
        .group_by(Inspection.id, Enterprise.id, Enterprise.name, Inspection.inspected_on)
        .order_by(Inspection.inspected_on.desc(), Inspection.id.desc())
    )
    rows: list[Any] = database.execute(query).fetchall()
    return rows


def apply_ratings(tx: Transaction, rows: Collection[RatingProposal]) -> int:
    """Store ratings, with their arithmetic as the note; returns how many."""
    new = [
        {
            "enterprise": one.enterprise,
            "rated_on": one.day,
            "score": one.score,
            "key_failures": one.key_failures,
            "rating": one.rating,
            "note": one.reason,
        }
        for one in rows
    ]
    if new:
        tx.insert_many(HygieneRating, [{**one, **search_columns(HygieneRating, one)} for one in new])
    return len(new)
