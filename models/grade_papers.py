"""What the papers of grading say (确定表, 公示牌, 年度评定表): plain data read from the ledger. Knows no page."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.annual_rating import ANNUAL_GRADES, AnnualRating
from models.enterprise import PERMIT_KINDS, Enterprise, Permit
from models.grade_condition import AdjustmentRule, GradeCondition, adjustment_rules
from models.grade_explaining import explain_stored
from models.rating import RATINGS, UNRATED, HygieneRating, RiskAssessment
from models.rules.grades import load_hygiene_thresholds
from models.rules.scoring import number_text, points_text
from models.settings import settings


@dataclass(frozen=True)
class GradeForm:
    """食品生产经营者风险等级确定表 (食药监食监一〔2016〕115号; domain notes 2.1); '' leaves a blank to fill by hand."""

    year: int
    number: str
    name: str
    address: str
    code: str
    permits: str
    contact: str
    phone: str
    previous: str
    static: str
    dynamic: str
    score: str
    base: str
    raising: tuple[tuple[str, bool], ...]
    lowering: tuple[tuple[str, bool], ...]
    proposed: str
    grade: str
    note: str
    office: str
    demo: bool = False


def grade_forms(ids: Sequence[int], demo: bool = False) -> list[GradeForm]:
    """The determination forms of some assessments, in the order given."""
    found = {one.id: one for one in RiskAssessment.live().where(RiskAssessment.id.in_(list(ids)))}
    office = settings().office_name
    rules: dict[dt.date, list[AdjustmentRule]] = {}
    return [_form(found[key], office, rules, demo) for key in ids if key in found]


def _form(one: RiskAssessment, office: str, rules: dict[dt.date, list[AdjustmentRule]], demo: bool) -> GradeForm:
    place = one.enterprise
    told = explain_stored(one)
    if told.day not in rules:
        rules[told.day] = adjustment_rules(told.day)
    met = _met(one)
    ticks: dict[str, list[tuple[str, bool]]] = {"raise": [], "lower": []}
    for rule in rules[told.day]:
        ticks[rule.direction].append((rule.name, rule.name in met))
    row = told.row
    return GradeForm(
        one.year,
        one.number,
        place.name,
        place.address,
        place.party.uscc,
        "、".join(_permit_numbers(place)),
        place.principal,
        place.phone,
        _grade(row.previous),
        points_text(row.static),
        points_text(row.dynamic) or ("—（新开办）" if row.new else ""),
        points_text(row.score),
        _grade(one.base_grade or ""),
        tuple(ticks["raise"]),
        tuple(ticks["lower"]),
        _grade(one.grade),
        _grade(one.grade),
        "\n".join(told.reasons).replace("㎡", "平方米"),  # a sign that printing faces lack
        office,
        demo,
    )


def _met(one: RiskAssessment) -> set[str]:
    """The conditions the assessment was made with; of one without kept arithmetic those registered for its year."""
    if one.detail:
        evidence = json.loads(one.detail).get("evidence", ())
        names = [rule.name for rule in AdjustmentRule.select()]
        return {name for name in names for words in evidence if words.startswith(f"{name}：")}
    rows = (
        GradeCondition.live()
        .select(AdjustmentRule.name)
        .join(AdjustmentRule, on=(GradeCondition.rule == AdjustmentRule.id))
        .where(GradeCondition.enterprise == one.enterprise_id, GradeCondition.year == one.year)
        .tuples()
    )
    return {row[0] for row in rows}


def _permit_numbers(place: Enterprise) -> list[str]:
    mine = Permit.live().where(Permit.enterprise == place.id).order_by(Permit.kind, Permit.id)
    return [one.number for one in mine]


def _grade(code: str) -> str:
    return f"{code}级" if code else ""


@dataclass(frozen=True)
class RatingCard:
    """The posted card of a caterer's hygiene rating; ``face`` is 大笑, 微笑 or 平脸 and ``annual`` A, B, C or ''."""

    name: str
    permit: str
    rated_on: dt.date
    rating: str
    face: str
    annual: str
    annual_year: int | None
    office: str
    hotline: str
    demo: bool = False


def rating_cards(ids: Sequence[int], demo: bool = False) -> tuple[list[RatingCard], list[str]]:
    """The cards of some ratings, in the order given, and the names of those that may not be rated (none for them)."""
    found = {one.id: one for one in HygieneRating.live().where(HygieneRating.id.in_(list(ids)))}
    office, faces = settings(), {row.code: row.face for row in load_hygiene_thresholds()}
    words = dict(RATINGS)
    cards, without = [], []
    for key in ids:
        one = found.get(key)
        if one is None:
            continue
        if one.rating == UNRATED:
            without.append(one.enterprise.name)
            continue
        year = _annual(one)
        cards.append(
            RatingCard(
                one.enterprise.name,
                next(iter(_permit_numbers(one.enterprise)), ""),
                one.rated_on,
                words[one.rating],
                faces.get(one.rating, ""),
                "" if year is None else year.grade,
                None if year is None else year.year,
                office.office_name,
                office.hotline,
                demo,
            )
        )
    return cards, without


def _annual(one: HygieneRating) -> AnnualRating | None:
    """The latest yearly grade decided by the day of a rating; None without one."""
    found: AnnualRating | None = (
        AnnualRating.live()
        .where(
            AnnualRating.enterprise == one.enterprise_id,
            AnnualRating.year <= one.rated_on.year,
            AnnualRating.grade != UNRATED,
        )
        .order_by(AnnualRating.year.desc())
        .first()
    )
    return found


@dataclass(frozen=True)
class AnnualForm:
    """年度等级评定表: the ratings of the year, their mean, the opinions (domain notes 2.2)."""

    year: int
    name: str
    address: str
    permit: str
    permit_kind: str
    ratings: tuple[tuple[dt.date, str, str], ...]
    mean: str
    grade: str
    opinions: tuple[str, str, str]
    decided_on: dt.date
    office: str
    demo: bool = False


def annual_forms(ids: Sequence[int], demo: bool = False) -> list[AnnualForm]:
    """The forms of some yearly grades, in the order given."""
    found = {one.id: one for one in AnnualRating.live().where(AnnualRating.id.in_(list(ids)))}
    office, kinds, grades = settings().office_name, dict(PERMIT_KINDS), dict(ANNUAL_GRADES)
    forms = []
    for key in ids:
        one = found.get(key)
        if one is None:
            continue
        place: Any = one.enterprise
        permit = Permit.live().where(Permit.enterprise == place.id).order_by(Permit.id).first()
        forms.append(
            AnnualForm(
                one.year,
                place.name,
                place.address,
                permit.number if permit is not None else "",
                kinds.get(permit.kind, "") if permit is not None else "",
                ratings_of_year(place.id, one.year),
                "" if one.mean is None else number_text(one.mean),
                grades[one.grade],
                (one.first_opinion, one.second_opinion, one.approval),
                one.decided_on,
                office,
                demo,
            )
        )
    return forms


def ratings_of_year(enterprise: int, year: int) -> tuple[tuple[dt.date, str, str], ...]:
    """Day, score and rating (in words) of a caterer's ratings of a year, in order."""
    words = dict(RATINGS)
    rows = (
        HygieneRating.live()
        .where(
            HygieneRating.enterprise == enterprise,
            HygieneRating.rated_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
        )
        .order_by(HygieneRating.rated_on, HygieneRating.id)
    )
    return tuple(
        (one.rated_on, "" if one.score is None else number_text(one.score), words[one.rating]) for one in rows
    )


