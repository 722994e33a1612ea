"""Risk grades and hygiene ratings from scores and dated thresholds; knows no assessment record."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from models.rules.dates import format_date_paper
from models.rules.seeds import RESOURCES, as_of, first_day, read_seed, seed_day

RISK_GRADES = "ABCD"
STATIC_MAXIMUM, DYNAMIC_MAXIMUM = Decimal(40), Decimal(60)


@dataclass(frozen=True)
class RiskThreshold:
    """The highest score (included) of a risk grade; None for the last grade, which has no upper end."""

    grade: str
    upper: Decimal | None
    valid_from: date
    valid_to: date | None
    source_note: str = ""


@dataclass(frozen=True)
class HygieneThreshold:
    """The lowest score (included, out of 10) of a rating and the key-item failures still allowed."""

    code: str
    rating: str
    annual_grade: str
    face: str
    min_score: Decimal
    max_key_failures: int
    valid_from: date
    valid_to: date | None
    source_note: str = ""


@dataclass(frozen=True)
class PeriodRule:
    """A period set by a rule, such as twenty working days for publication."""

    code: str
    label: str
    value: int
    unit: str
    valid_from: date
    valid_to: date | None
    source_note: str = ""


class GradeResult(NamedTuple):
    """A grade (None: not graded) and its reasons in Chinese."""

    grade: str | None
    reasons: tuple[str, ...]


@lru_cache(maxsize=4)
def load_risk_thresholds(path: Path | None = None) -> tuple[RiskThreshold, ...]:
    """The seeded thresholds of 食药监食监一〔2016〕115号."""
    return tuple(
        RiskThreshold(
            row["grade"], Decimal(row["upper"]) if row["upper"] else None,
            first_day(row), seed_day(row["valid_to"]), row["source_note"],
        )
        for row in read_seed(path or RESOURCES / "rules" / "risk_thresholds.csv")
    )  # fmt: skip


@lru_cache(maxsize=4)
def load_hygiene_thresholds(path: Path | None = None) -> tuple[HygieneThreshold, ...]:
    """The seeded ratings of the 2012 guidance on catering hygiene."""
    return tuple(
        HygieneThreshold(
            row["code"], row["rating"], row["annual_grade"], row["face"], Decimal(row["min_score"]),
            int(row["max_key_failures"]), first_day(row), seed_day(row["valid_to"]), row["source_note"],
        )
        for row in read_seed(path or RESOURCES / "rules" / "hygiene_ratings.csv")
    )  # fmt: skip


@lru_cache(maxsize=4)
def load_periods(path: Path | None = None) -> tuple[PeriodRule, ...]:
    """The seeded periods (publication, waiting times)."""
    return tuple(
        PeriodRule(
            row["code"], row["label"], int(row["value"]), row["unit"],
            first_day(row), seed_day(row["valid_to"]), row["source_note"],
        )
        for row in read_seed(path or RESOURCES / "rules" / "periods.csv")
    )  # fmt: skip


def period_value(rows: Iterable[PeriodRule], code: str, day: date) -> int:
    """The value of a period in force on the day. Raises ValueError (Chinese) when there is none."""
    for row in as_of(rows, day):
        if row.code == code:
            return row.value
    raise ValueError(f"{format_date_paper(day)}没有有效的期限规定（{code}）：请在设置中补充")


def points(value: Decimal | None) -> str:
    """Points in words, without the zeros a database may add behind the comma."""
    return "" if value is None else f"{value.normalize():f}"


def total_score(static: Decimal, dynamic: Decimal) -> Decimal:
    """Static (0–40) plus dynamic (0–60) points. Raises ValueError (Chinese) outside these ranges."""
    for label, value, limit in (("静态分值", static, STATIC_MAXIMUM), ("动态分值", dynamic, DYNAMIC_MAXIMUM)):
        if not 0 <= value <= limit:
            raise ValueError(f"{label}应为0至{limit}分，现为{value}：请核对评分表")
    return static + dynamic


def risk_grade(
    score: Decimal, day: date, thresholds: Iterable[RiskThreshold] | None = None
) -> GradeResult:
    """The risk grade of a score (0–100, higher is riskier) by the thresholds in force on the day (or the seeded ones).

    Raises ValueError (Chinese) for a score out of range and for a day without a complete set of thresholds.
    """
    if not 0 <= score <= 100:
        raise ValueError(f"风险分值应为0至100分，现为{score}：请核对评分表")
    current = as_of(load_risk_thresholds() if thresholds is None else thresholds, day)
    bounded = sorted((row for row in current if row.upper is not None), key=lambda row: row.upper or Decimal(0))
    lower: Decimal | None = None
    for row in bounded:
        if row.upper is not None and score <= row.upper:
            span = f"不超过{points(row.upper)}分"
            if lower is not None:
                span = f"超过{points(lower)}分、{span}"
            return GradeResult(row.grade, (f"得分{points(score)}，{span}为{row.grade}级",))
        lower = row.upper
    for row in current:
        if row.upper is None:
            return GradeResult(row.grade, (f"得分{points(score)}，超过{points(lower)}分为{row.grade}级",))
    raise ValueError(f"{format_date_paper(day)}没有完整的风险等级分值标准：请在设置中补充")


def adjust_grade(grade: str, raised_for: Iterable[str] = (), lowered_for: Iterable[str] = ()) -> GradeResult:
    """The grade moved by at most one step: up (riskier) for any raising reason, otherwise down for a lowering one.

    Reasons are the Chinese items of the determination form (食药监食监一〔2016〕115号); raising prevails.
    """
    raised, lowered = list(raised_for), list(lowered_for)
    place = RISK_GRADES.index(grade)
    if raised:
        new = RISK_GRADES[min(place + 1, len(RISK_GRADES) - 1)]
        word = "上调一级" if new != grade else "已是最高风险，不再上调"
        notes = [f"因{'、'.join(raised)}，由{grade}级{word}" + (f"为{new}级" if new != grade else "")]
        if lowered:
            notes.append("同时有上调情形，不予下调")
        return GradeResult(new, tuple(notes))
    if lowered:
        new = RISK_GRADES[max(place - 1, 0)]
        word = "下调一级" if new != grade else "已是最低风险，不再下调"
        note = f"因{'、'.join(lowered)}，由{grade}级{word}" + (f"为{new}级" if new != grade else "")
        return GradeResult(new, (note,))
    return GradeResult(grade, (f"无上调、下调情形，维持{grade}级",))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def hygiene_rating(
    score: Decimal,
    day: date,
    key_failures: int = 0,
    *,
    thresholds: Iterable[HygieneThreshold] | None = None,
    periods: Iterable[PeriodRule] | None = None,
    permitted_on: date | None = None,
    accident_on: date | None = None,
) -> GradeResult:
    """The rating of an inspection's score out of 10; None when it may not be rated.

    The grade is the row's code (excellent, good, fair), the reasons name the rating in Chinese. An enterprise
    newly permitted or after an accident is not rated for the months that ``periods`` set. Without
    ``thresholds`` and ``periods`` the seeded ones hold.
    Raises ValueError (Chinese) for a score out of range or a day without thresholds.
    """
    if not 0 <= score <= 10:
        raise ValueError(f"量化得分应为0至10分，现为{score}：请核对检查表")
    rules = load_periods() if periods is None else tuple(periods)
    waits = (
        (permitted_on, "hygiene_new_permit_months", "取得许可"),
        (accident_on, "hygiene_accident_months", "发生食品安全事故"),
    )
    for since, code, word in waits:
        if since is not None:
            months = period_value(rules, code, day)
            if since <= day < _months_later(since, months):
                return GradeResult(None, (f"{format_date_paper(since)}{word}，未满{months}个月，不评级",))
    known = load_hygiene_thresholds() if thresholds is None else thresholds
    current = sorted(as_of(known, day), key=lambda row: row.min_score, reverse=True)
    if not current:
        raise ValueError(f"{format_date_paper(day)}没有有效的量化分级标准：请在设置中补充")
    allowed = max(row.max_key_failures for row in current)
    if key_failures > allowed:
        return GradeResult(None, (f"关键项{key_failures}项不合格，超过{allowed}项，不评级",))
    for row in current:
        if score >= row.min_score and key_failures <= row.max_key_failures:
            reached = f"得分{points(score)}，达到{points(row.min_score)}分"
            return GradeResult(row.code, (f"{reached}，评为{row.rating}（{row.face}）",))
    return GradeResult(None, (f"得分{points(score)}，低于{points(current[-1].min_score)}分，不评级",))
