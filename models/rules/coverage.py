"""Arithmetic of 包保: which level of official answers for which tier, where and when; knows no record.

Source: 食安委发〔2022〕6号 (分层分级): A 市级, B 县（区）级, C 乡镇（街道）, D 村（社区）.
The letters are not risk grades.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.rules.dates import format_date_paper
from models.rules.remarks import Remark

TIER_LEVELS = {"A": "city", "B": "district", "C": "township", "D": "village"}
LEVEL_LABELS = {"city": "市级", "district": "区级", "township": "乡镇（街道）级", "village": "村（社区）级"}
_LEVELS = tuple(LEVEL_LABELS)


class Coverage(NamedTuple):
    """Enterprises within the district's denominators, those covered, and those outside: the city's, without tier."""

    total: int
    covered: int
    city: int
    untiered: int

    @property
    def rate(self) -> float | None:
        """Covered share of the total as a fraction; None when there is nothing to cover."""
        return self.covered / self.total if self.total else None


def required_level(tier: str) -> str:
    """The level that answers for a tier. Raises ValueError (Chinese) for an unknown tier."""
    try:
        return TIER_LEVELS[tier]
    except KeyError:
        raise ValueError(f"包保层级“{tier}”不存在：应为A、B、C、D之一") from None


def satisfies(level: str, tier: str) -> bool:
    """Whether an assignment at ``level`` covers an enterprise of ``tier``: its own level or a higher one.

    A higher official counts as cover (the duty is kept, from above) though ``check_assignment`` remarks on it.
    """
    return _LEVELS.index(level) <= _LEVELS.index(required_level(tier))


def is_covered(tier: str, levels: Iterable[str]) -> bool:
    """Whether any of the levels assigned to the enterprise covers its tier."""
    return any(satisfies(level, tier) for level in levels)


def count_coverage(enterprises: Iterable[tuple[str | None, Iterable[str]]]) -> Coverage:
    """Coverage of ``(tier, assigned levels)`` pairs; tier A is the city's and outside the denominator."""
    total = covered = city = untiered = 0
    for tier, levels in enterprises:
        if not tier:
            untiered += 1
        elif tier == "A":
            city += 1
        else:
            total += 1
            covered += is_covered(tier, levels)
    return Coverage(total, covered, city, untiered)


def check_assignment(
    official_level: str,
    official_areas: Sequence[int],
    enterprise_areas: Sequence[int],
    tier: str | None,
    term: tuple[date | None, date | None],
    start: date,
    end: date | None,
    others: Iterable[tuple[date, date | None]] = (),
) -> list[Remark]:
    """What is wrong with assigning an official to an enterprise from ``start`` to ``end`` (open: None).

    Areas are chains of area ids from district down to village; the official's chain ends at the official's own
    level, the enterprise's may lack a village still to be filled in. ``term`` is the official's time in post,
    ``others`` are the days of the enterprise's other assignments (both days included, None is open).
    Rules end in what they concern: _order, _term, _area, _level, _tier, overlap.
    """
    return [
        *_check_days(term, start, end),
        *_check_place(official_level, tuple(official_areas), tuple(enterprise_areas)),
        *_check_level(official_level, tier),
        *_check_overlap(start, end, others),
    ]


def _check_days(term: tuple[date | None, date | None], start: date, end: date | None) -> list[Remark]:
    in_post_from, in_post_to = term
    if end is not None and end < start:
        message = f"包保结束日期{format_date_paper(end)}早于开始日期{format_date_paper(start)}：请改正其一"
        return [Remark("error", "assignment_order", message)]
    if in_post_from is not None and start < in_post_from:
        message = f"包保开始日期早于干部任职日期{format_date_paper(in_post_from)}：请推后开始日期或更正任职日期"
        return [Remark("error", "outside_term", message)]
    if in_post_to is not None and (end is None or end > in_post_to):
        message = f"干部任职已于{format_date_paper(in_post_to)}截止：请把包保结束日期填到该日或之前，并另派干部"
        return [Remark("error", "outside_term", message)]
    return []


def _check_place(level: str, official: tuple[int, ...], enterprise: tuple[int, ...]) -> list[Remark]:
    depth = _LEVELS.index(level)
    if len(official) != depth:
        label = LEVEL_LABELS[level]
        return [Remark("error", "official_area", f"{label}干部的辖区没有填到本级：请先补全干部的辖区")]
    shared = min(depth, len(enterprise))
    if official[:shared] != enterprise[:shared]:
        return [Remark("error", "outside_area", "主体不在该干部的辖区内：请改派主体所在地的干部，或更正主体的所在地")]
    if shared < depth:
        message = "主体的所在地没有填到该干部的辖区一级，无法核对：请补全主体的乡镇（街道）、村（社区）"
        return [Remark("warning", "incomplete_area", message)]
    return []


def _check_level(level: str, tier: str | None) -> list[Remark]:
    if not tier:
        return [Remark("warning", "missing_tier", "主体尚未确定包保层级：请先填写层级")]
    wanted = required_level(tier)
    if tier == "A":
        message = "A级主体由市级领导包保，不计入本区的包保率：请确认确需登记"
        return [Remark("warning", "city_tier", message)]
    if level != wanted:
        side = "高于" if satisfies(level, tier) else "低于"
        message = (
            f"{tier}级主体应由{LEVEL_LABELS[wanted]}干部包保，所选干部是{LEVEL_LABELS[level]}，{side}规定层级"
            f"{'' if side == '高于' else '，不计入已包保'}：请改派或注明理由"
        )
        return [Remark("warning", "wrong_level", message)]
    return []


def _check_overlap(start: date, end: date | None, others: Iterable[tuple[date, date | None]]) -> list[Remark]:
    found = []
    for other_start, other_end in others:
        if (end is None or other_start <= end) and (other_end is None or start <= other_end):
            until = format_date_paper(other_end) if other_end else "今"
            message = (
                f"该主体同期已有包保干部（{format_date_paper(other_start)}至{until}）：如为调整，请先结束原包保关系"
            )
            found.append(Remark("warning", "overlap", message))
    return found
