"""What a report says of campaigns: of all in a period, and of a single one; knows the figures, not the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from models import period_tables as tables
from reports.period_lint import clean_words
from reports.period_words import Numbers, listed, sentence


def campaign_section(numbers: Numbers) -> str:
    """The section of the period report: which campaigns, their visits, their targets and what came of them."""
    work = tables.by_campaign(numbers.period)
    areas = [(row.label, row.inspections) for row in tables.by_key_area(numbers.period)]
    text = ""
    if work:
        named = [(_short_name(row.name, numbers), row.inspections) for row in work]
        text = (
            f"围绕群众日常消费和节日、季节性食品，组织开展{len(work)}项专项行动，"
            f"检查{numbers.text('inspections.campaign')}。其中，{listed(named, '家次')}"
            + ("（一次检查涉及几个专项的，分别计入）。" if _overlap(work, numbers) else "。")
        )
        text += work_words(numbers)
    return text + sentence(f"重点区域检查中，{listed(areas, '家次')}" if any(n for _, n in areas) else "")


def work_words(numbers: Numbers, campaign: int | None = None) -> str:
    """Targets, coverage, findings and notices, of all campaigns of the period or of one (with its visits)."""
    key = "" if campaign is None else f":{campaign}"

    def count(name: str) -> int:
        return numbers.count(f"campaign.{name}{key}")

    def text(name: str) -> str:
        return numbers.text(f"campaign.{name}{key}")

    parts = []
    if count("targets"):
        head = f"{numbers.by_end}，{'各专项' if campaign is None else ''}确定检查对象{text('targets')}"
        done = f"已检查{text('covered')}、覆盖率{text('coverage_rate')}" if count("covered") else "均未检查"
        parts.append(sentence(head, done))
    parts.append(sentence(*_results(campaign, count, text)))
    return "".join(parts)


def _results(campaign: int | None, count: Callable[[str], int], text: Callable[[str], str]) -> Iterator[str]:
    """The clauses on visits (of a single campaign), findings and notices."""
    if campaign is not None:
        yield f"共开展检查{text('visits')}" if count("visits") else "尚未开展检查"
        if count("visits") and not count("findings"):
            yield "未发现隐患"
    if count("findings"):
        yield f"{'专项检查' if campaign is None else ''}发现隐患{text('findings')}"
    if count("resolved"):
        yield f"已整改{text('resolved')}、整改率{text('resolved_rate')}"
    if count("notices"):
        yield f"下达责令改正通知书{text('notices')}"


def _overlap(work: list[tables.CampaignWork], numbers: Numbers) -> bool:
    return sum(row.inspections for row in work) > numbers.count("inspections.campaign")


def _short_name(name: str, numbers: Numbers) -> str:
    """A campaign's name without the report's own year before it."""
    return re.sub(rf"^{numbers.period.end.year}年度?", "", clean_words(name))
