"""Figures of the hygiene ratings (量化分级): each inspection's rating and the yearly grades, by grade."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from models.annual_rating import AnnualRating
from models.core.figure import Figure
from models.rating import RATINGS, HygieneRating

GRADES = ("A", "B", "C")


def _ratings(start: dt.date, end: dt.date, rating: str = "") -> Any:
    found = HygieneRating.live().select(HygieneRating.id).where(HygieneRating.rated_on.between(start, end))
    return found.where(HygieneRating.rating == rating) if rating else found


def _annual(start: dt.date, end: dt.date, grade: str = "") -> Any:
    found = AnnualRating.live().select(AnnualRating.id).where(AnnualRating.decided_on.between(start, end))
    return found.where(AnnualRating.grade == grade) if grade else found


Figure(
    name="hygiene.ratings",
    label="动态管理评定",
    unit="户次",
    kind="count",
    basis="flow",
    register="ratings",
    rule="期内的动态管理评定户次，按评定日期，不评级的也计。",
    query=_ratings,
)
for _code, _label in RATINGS:
    Figure(
        name=f"hygiene.ratings.{_code}",
        label=f"动态评定{_label}",
        unit="户次",
        kind="count",
        basis="flow",
        register="ratings",
        rule=f"期内的动态管理评定中，等级为{_label}的户次，按评定日期。",
        query=functools.partial(_ratings, rating=_code),
    )
Figure(
    name="hygiene.annual",
    label="年度等级评定",
    unit="户",
    kind="count",
    basis="flow",
    register="annual_ratings",
    rule="期内评定的餐饮年度等级，一户一年一次，按评定日期。",
    query=_annual,
)
for _code in GRADES:
    Figure(
        name=f"hygiene.annual.{_code}",
        label=f"年度等级{_code}级",
        unit="户",
        kind="count",
        basis="flow",
        register="annual_ratings",
        rule=f"期内评定的餐饮年度等级中，{_code}级的户数，按评定日期。",
        query=functools.partial(_annual, grade=_code),
    )
