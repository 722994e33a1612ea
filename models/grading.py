"""The year's risk grades (风险分级), reckoned for every enterprise at once. Knows no words for them and no screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.core.errors import Refused
from models.grading_facts import CATEGORY, OPENED, PLACES, Facts, grading_facts
from models.rules import scoring
from models.rules.dates import format_date_paper
from models.rules.grades import RiskThreshold, adjust_grade
from models.rules.seeds import as_of
from models.score_item import score_rows
from models.threshold import risk_thresholds

#: What an enterprise that was there before the year lacks without an inspection in it.
NO_INSPECTION = "inspection"


class Graded(NamedTuple):
    """An enterprise with its proposed grade; points in hundredths.

    ``dynamic`` is None for a new one without an inspection: it is graded by its static points. With anything in
    ``missing`` (measures, or NO_INSPECTION) there is neither score nor grade. ``base`` is the grade of the score before
    ``conditions`` (how many) raise or lower it; ``previous`` is last year's, ``stored`` this year's where it is
    assessed already (with the id of the assessment).
    """

    id: int
    name: str
    category: str
    static: int | None
    dynamic: int | None
    score: int | None
    base: str
    grade: str
    previous: str
    stored: str
    assessment: int | None
    missing: tuple[str, ...]
    conditions: int

    @property
    def new(self) -> bool:
        """Whether it is graded by its static points alone, as a new operator."""
        return self.score is not None and self.dynamic is None


class Tables(NamedTuple):
    """The rules in force on a day, ready for many enterprises."""

    scales: dict[str, tuple[scoring.Scale, ...]]
    dynamic: dict[str, scoring.DynamicRows]
    bounds: scoring.Bounds
    thresholds: tuple[RiskThreshold, ...]


@dataclass(frozen=True)
class GradeRound:
    """The grades of a year as of ``day``: the day its facts and its rules are those of."""

    year: int
    day: dt.date
    rows: list[Graded]
    facts: Facts
    tables: Tables

    @property
    def assessed(self) -> int:
        """The enterprises that have this year's assessment, in 户."""
        return sum(1 for row in self.rows if row.stored)

    @property
    def ready(self) -> list[Graded]:
        """Those that can be assessed now."""
        return [row for row in self.rows if row.grade and not row.stored]

    @property
    def lacking(self) -> list[Graded]:
        """Those that cannot: something is missing."""
        return [row for row in self.rows if row.missing and not row.stored]


def round_day(year: int, today: dt.date) -> dt.date:
    """The day of a year's round: its last day, or today within it. Raises Refused for a year to come."""
    if year > today.year:
        raise Refused(f"{year}年还没有到，不能评定这一年度的风险等级。", f"请填写{today.year}年或以前的年度。")
    return min(today, dt.date(year, 12, 31))


def grading_tables(day: dt.date) -> Tables:
    """The score tables and thresholds of a day. Raises Refused where they are not complete."""
    rows = score_rows(day)
    scales = scoring.static_scales(rows, PLACES)
    thresholds = tuple(as_of(risk_thresholds(), day))
    try:
        bounds = scoring.bounds_of({one.grade: one.upper for one in thresholds})
    except ValueError as error:
        raise Refused(f"{format_date_paper(day)}{error}。", "补充后再评定。") from None
    if not scales:
        raise Refused(f"{format_date_paper(day)}没有施行的风险评分表。", "请在“更多—风险评分表”中补充后再评定。")
    return Tables(scales, scoring.dynamic_rows(rows, scales), bounds, thresholds)


def grade_year(year: int, today: dt.date, ids: Collection[int] | None = None) -> GradeRound:
    """The grades of a year for all enterprises in business (or some), by the facts and rules of the round's day.

    Score = static (at most 40) + dynamic (at most 60) points, 食药监食监一〔2016〕115号; the dynamic ones are counted
    over the year's done inspections up to the day. Raises Refused for a year to come and for incomplete rules.
    """
    day = round_day(year, today)
    tables = grading_tables(day)
    facts = grading_facts(year, day, ids)
    return GradeRound(year, day, _grade_all(facts, tables), facts, tables)


def _grade_all(facts: Facts, tables: Tables) -> list[Graded]:
    """Grade every enterprise; a district has a hundred thousand, so with as little work for each as can be."""
    rows, make = list[Graded](), tuple.__new__
    scales, dynamic, bounds = tables.scales, tables.dynamic, tables.bounds
    visits, found, previous, stored = facts.visits, facts.found, facts.previous, facts.stored
    conditions, year = facts.conditions, str(facts.year)
    static_score, dynamic_score = scoring.static_score, scoring.dynamic_score
    none, nothing = (None, ""), tuple[str, ...]()
    for place in facts.places:
        category = place[CATEGORY]
        mine = scales.get(category)
        if mine is None:
            continue
        key = place[0]
        static, missing = static_score(place, mine)
        dynamic_points: int | None = 0
        if key in found:
            dynamic_points = dynamic_score(found[key], dynamic[category])
        elif key not in visits:
            dynamic_points = None
            if str(place[OPENED] or "")[:4] != year:
                missing = (*missing, NO_INSPECTION)
        assessment, kept = stored.get(key, none)
        last = previous.get(key, "")
        if missing:
            known = None if missing != (NO_INSPECTION,) else static
            row: tuple[Any, ...] = (
                *(key, place[1], category, known, dynamic_points, None, "", ""),
                *(last, kept, assessment, missing, 0),
            )
        else:
            score = static + (dynamic_points or 0)
            base = grade = bounds.grade(score)
            count = 0
            if key in conditions:
                count = len(conditions[key])
                grade = adjusted(base, conditions[key]).grade or base
            row = (
                *(key, place[1], category, static, dynamic_points, score, base, grade),
                *(last, kept, assessment, nothing, count),
            )
        rows.append(make(Graded, row))
    return rows


def adjusted(base: str, conditions: Collection[Any]) -> Any:
    """The grade moved by the conditions an enterprise meets, with the reasons."""
    return adjust_grade(
        base,
        dict.fromkeys(c.name for c in conditions if c.direction == "raise"),
        dict.fromkeys(c.name for c in conditions if c.direction == "lower"),
    )
