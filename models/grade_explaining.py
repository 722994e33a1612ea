"""How a risk grade comes about, line by line and in words: now, or as kept with an assessment. Stores nothing."""

from __future__ import annotations

import datetime as dt
import json
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.enterprise import CATEGORIES, PRODUCTS
from models.grading import NO_INSPECTION, Graded, GradeRound, adjusted
from models.grading_facts import PLACES, Facts
from models.rating import RiskAssessment
from models.rules import scoring
from models.rules.grades import risk_grade
from models.rules.scoring import ScoreLine, points_text
from models.score_item import DYNAMIC_MEASURES, STATIC_MEASURES
from models.threshold import risk_thresholds

MEASURE_LABELS = dict((*STATIC_MEASURES, *DYNAMIC_MEASURES))
WORDS = {"product": dict(PRODUCTS), "category": dict(CATEGORIES)}


@dataclass(frozen=True)
class Explanation:
    """How a grade comes about: the arithmetic line by line and the reasons in words.

    ``missing`` says in Chinese what would be needed. ``frozen``: as stored with the assessment, not reckoned anew.
    """

    year: int
    day: dt.date
    row: Graded
    lines: tuple[ScoreLine, ...]
    reasons: tuple[str, ...]
    missing: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    frozen: bool = False


def explain(found: GradeRound, row: Graded) -> Explanation:
    """How the grade of one row of a round comes about."""
    place = _place(found.facts, row.id)
    counts = found.facts.found.get(row.id, {})
    lines = (
        *scoring.static_lines(place, found.tables.scales[row.category]),
        *scoring.dynamic_lines(counts, found.tables.dynamic[row.category]),
    )
    conditions = found.facts.conditions.get(row.id, [])
    reasons = [*_score_words(found, row, lines)]
    if row.score is not None:
        reasons.append(_bound_words(found, row.score))
        reasons += adjusted(row.base, conditions).reasons if conditions else []
    missing = tuple(_missing_words(place, name) for name in row.missing)
    evidence = tuple(f"{c.name}：{c.evidence}" for c in conditions)
    return Explanation(found.year, found.day, row, lines, tuple(reasons), missing, evidence)


def _place(facts: Facts, key: int) -> tuple[Any, ...]:
    return facts.places[bisect_left(facts.places, key, key=lambda row: row[0])]


def value_text(line: ScoreLine) -> str:
    """What was found for a line of the arithmetic, as the screen shows it."""
    words = WORDS.get(line.measure)
    if words is not None:
        return words.get(line.value, str(line.value))
    number = Decimal(str(line.value))
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _score_words(found: GradeRound, row: Graded, lines: Collection[ScoreLine]) -> list[str]:
    words = []
    if row.static is not None:
        counted = [one for one in lines if one.part == "static" and one.points]
        parts = "＋".join(f"{one.name}{points_text(one.points)}分" for one in counted) or "各项均为0分"
        words.append(f"静态分值{points_text(row.static)}分：{parts}")
    visits = found.facts.visits.get(row.id, (0, 0))[0]
    if row.dynamic is None:
        if row.score is not None:
            words.append("新开办，本年度还没有监督检查记录，按静态分值评定")
        return words
    parts = "＋".join(
        f"{one.name}×{one.value}={points_text(one.points)}分" for one in lines if one.part == "dynamic"
    )
    detail = parts or "没有发现隐患"
    return [*words, f"动态分值{points_text(row.dynamic)}分：本年度监督检查{visits}次，{detail}"]


def _bound_words(found: GradeRound, score: int) -> str:
    return str(risk_grade(Decimal(points_text(score)), found.day, found.tables.thresholds).reasons[0])


def _missing_words(place: tuple[Any, ...], name: str) -> str:
    if name == NO_INSPECTION:
        return "本年度没有监督检查记录"
    label = MEASURE_LABELS[name]
    return f"{label}没有登记" if place[PLACES[name]] is None else f"评分表没有{label}“{place[PLACES[name]]}”这一档"


def missing_text(row: Graded) -> str:
    """What is missing of a row, in a few words."""
    names = [MEASURE_LABELS[name] for name in row.missing if name != NO_INSPECTION]
    shown = "、".join(names[:3]) + (f"等{len(names)}项" if len(names) > 3 else "")
    parts = [f"缺{shown}"] if names else []
    return "；".join([*parts, *(["本年度未检查"] if NO_INSPECTION in row.missing else [])])


def detail_text(told: Explanation) -> str:
    """The arithmetic as it is kept with the assessment, so that it can be shown when the rules have changed."""
    return json.dumps(
        {
            "day": told.day.isoformat(),
            "new": told.row.new,
            "previous": told.row.previous,
            "lines": [[*one[:3], value_text(one), one.points] for one in told.lines],
            "reasons": list(told.reasons),
            "evidence": list(told.evidence),
        },
        ensure_ascii=False,
    )


def explain_stored(one: RiskAssessment) -> Explanation:
    """How a stored assessment came about by the rules of its day; without kept arithmetic only what was typed."""
    kept = json.loads(one.detail) if one.detail else {}
    day = dt.date.fromisoformat(kept["day"]) if kept else one.assessed_on
    state = one.enterprise.fact(day)
    static, dynamic = one.static_score, one.dynamic_score
    row = Graded(
        one.enterprise_id,
        one.enterprise.name,
        state.category if state is not None else "",
        None if static is None else int(static * 100),
        None if dynamic is None or kept.get("new") else int(dynamic * 100),
        None if static is None else int((static + (dynamic or 0)) * 100),
        one.base_grade or "",
        one.grade,
        kept.get("previous") or _previous(one),
        one.grade,
        one.id,
        (),
        len(kept.get("evidence", ())),
    )
    lines = tuple(ScoreLine(*line) for line in kept.get("lines", ()))
    reasons = tuple(kept.get("reasons", ())) or _typed_reasons(one, row)
    return Explanation(one.year, day, row, lines, reasons, (), tuple(kept.get("evidence", ())), True)


def _typed_reasons(one: RiskAssessment, row: Graded) -> tuple[str, ...]:
    words = ["手工登记的评定，没有计分明细"]
    if row.score is not None:
        try:
            words.append(risk_grade(Decimal(points_text(row.score)), one.assessed_on, risk_thresholds()).reasons[0])
        except ValueError as error:
            words.append(str(error))
    return (*words, *([one.reason] if one.reason else []))


def _previous(one: RiskAssessment) -> str:
    before = (
        RiskAssessment.live()
        .where(RiskAssessment.enterprise == one.enterprise_id, RiskAssessment.year == one.year - 1)
        .first()
    )
    return "" if before is None else str(before.grade)
