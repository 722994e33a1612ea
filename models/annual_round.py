"""The yearly hygiene grades (年度等级) of caterers from the mean of their ratings. Knows no screen and no paper."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import peewee

from models.annual_rating import AnnualRating
from models.core.changes import Transaction
from models.core.errors import Refused
from models.core.record import database
from models.core.search import search_columns
from models.enterprise import Enterprise, EnterpriseState, in_business
from models.rating import UNRATED, HygieneRating
from models.rules.dates import format_date_paper
from models.rules.scoring import number_text
from models.rules.seeds import as_of
from models.threshold import hygiene_thresholds


@dataclass(frozen=True)
class AnnualProposal:
    """A caterer's proposed yearly grade: A, B, C, none (too low), or '' where nothing can be reckoned (``why``)."""

    enterprise: int
    name: str
    times: int
    mean: Decimal | None
    grade: str
    stored: str
    why: str


def annual_round(year: int, today: dt.date) -> list[AnnualProposal]:
    """The yearly grades of the caterers in business: the mean of the year's scored ratings (12 months, out of 10).

    A rating without a score, or one that could not be given, does not count. Raises Refused for a year to come and for
    a day without a table.
    """
    if year > today.year:
        raise Refused(f"{year}年还没有到，不能评定年度等级。", f"请填写{today.year}年或以前的年度。")
    start, end = dt.date(year, 1, 1), min(today, dt.date(year, 12, 31))
    bounds = sorted(as_of(hygiene_thresholds(), end), key=lambda one: one.min_score, reverse=True)
    if not bounds:
        raise Refused(f"{format_date_paper(end)}没有有效的量化分级标准。", "请在“更多—标准与期限”中补充后再评定。")
    scores: dict[int, list[Decimal]] = {}
    for key, score in _scores(start, end):
        scores.setdefault(key, []).append(Decimal(str(score)))
    stored = {one.enterprise_id: one.grade for one in AnnualRating.live().where(AnnualRating.year == year)}
    rows = []
    for key, name in _caterers(end):
        mine = scores.get(key, [])
        mean = (sum(mine, Decimal(0)) / len(mine)).quantize(Decimal("0.01"), ROUND_HALF_UP) if mine else None
        grade, why = _grade(mean, bounds)
        rows.append(AnnualProposal(key, name, len(mine), mean, grade, stored.get(key, ""), why))
    return rows


def _grade(mean: Decimal | None, bounds: list[Any]) -> tuple[str, str]:
    if mean is None:
        return "", "本年度没有动态评定得分"
    for one in bounds:
        if mean >= one.min_score:
            words = f"平均{number_text(mean)}分，达到{number_text(one.min_score)}分为{one.annual_grade}级"
            return one.annual_grade, words
    return UNRATED, f"平均{number_text(mean)}分，低于{number_text(bounds[-1].min_score)}分，不评级"


def _scores(start: dt.date, end: dt.date) -> Any:
    rating = HygieneRating
    query = rating.select(rating.enterprise, rating.score).where(
        rating.removed_at.is_null(),
        rating.rated_on.between(start, end),
        rating.score.is_null(False),
        rating.rating != UNRATED,
    )
    return database.execute(query).fetchall()


def _caterers(day: dt.date) -> Any:
    state = EnterpriseState
    query = (
        Enterprise.select(Enterprise.id, Enterprise.name)
        .join(state, peewee.JOIN.INNER, on=(state.enterprise == Enterprise.id))
        .where(Enterprise.removed_at.is_null(), in_business(state, day), state.category == "catering")
        .order_by(Enterprise.name_key, Enterprise.id)
    )
    return database.execute(query).fetchall()


def apply_annual(
    tx: Transaction, year: int, rows: Collection[AnnualProposal], decided_on: dt.date
) -> int:
    """Store the proposed yearly grades that are not stored yet; returns how many."""
    new = [annual_values(year, one, decided_on) for one in rows if one.grade and not one.stored]
    if new:
        tx.insert_many(AnnualRating, [{**one, **search_columns(AnnualRating, one)} for one in new])
    return len(new)


def annual_values(year: int, one: AnnualProposal, decided_on: dt.date) -> dict[str, Any]:
    """The columns of the yearly grade that a proposal becomes."""
    return {
        "enterprise": one.enterprise,
        "year": year,
        "times": one.times,
        "mean": one.mean,
        "grade": one.grade,
        "decided_on": decided_on,
        "first_opinion": one.why,
        "detail": json.dumps({"reasons": [one.why]}, ensure_ascii=False),
    }
