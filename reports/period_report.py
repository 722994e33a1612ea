"""The report 食品生产经营监督检查情况 of any period: title, chapters, appendices; knows no query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from models import period_tables as tables
from models.rules.dates import Period, format_date_paper
from models.settings import Settings, settings
from reports.core.document import Appendix, Block, OfficialText, Paragraph, Table, render_official
from reports.core.tables import Column
from reports.period_chapters import chapter_one, chapter_three, chapter_two, opening
from reports.period_problems import chapter_four
from reports.period_words import Numbers, span_words

_RULES_TITLE = "主要指标及统计口径"
#: Characters of 二号 that a line of the text area holds (156 mm).
_TITLE_CHARACTERS = 20
_TABLES_TITLE = "分乡镇（街道）和分月份监督检查情况"


def title_of(period: Period, office: Settings) -> tuple[str, str]:
    """The two lines of the title, cut where both fit the page."""
    head, middle, tail = f"{office.district}{period.label()}", "本地区食品生产经营", "监督检查情况"
    size = sum(0.55 if char.isascii() else 1.0 for char in head + middle)
    return (head + middle, tail) if size <= _TITLE_CHARACTERS else (head, middle + tail)


def period_report(period: Period, day: dt.date, *, demo: bool = False) -> OfficialText:
    """The report of a period as it stands on ``day``; a period that goes on says so.

    Every number is a figure of the ledger or a count of the records behind one.
    """
    office = settings()
    counted = Period(period.start, min(period.end, day)) if period.contains(day) else period
    numbers = Numbers(counted, period)
    blocks: list[Block] = [
        *opening(numbers, office),
        *_running(period, day),
        *chapter_one(numbers),
        *chapter_two(numbers),
        *chapter_three(numbers),
        *chapter_four(numbers),
        Paragraph("\u3000", indent=False),  # one free row (GB/T 9704-2012, 7.3.4)
        Paragraph(f"附件：1.{_RULES_TITLE}"),
        Paragraph(f"　　　2.{_TABLES_TITLE}"),
    ]
    return OfficialText(
        title_of(period, office),
        blocks,
        author=office.office_name,
        subject=f"统计期间：{span_words(counted)}",
        appendices=(
            Appendix("附件1", (_RULES_TITLE,), [_rules_note(numbers), _rules_table(numbers)], landscape=True),
            Appendix("附件2", (_TABLES_TITLE,), _work_tables(counted)),
        ),
        demo=demo,
    )


def write_period_report(period: Period, path: Path, day: dt.date, *, demo: bool = False) -> int:
    """Write the report as PDF; returns the number of pages. Raises MissingGlyph, DocumentError."""
    return render_official(period_report(period, day, demo=demo), path)


def _running(period: Period, day: dt.date) -> list[Block]:
    if day >= period.end:
        return []
    state = "尚未结束" if period.contains(day) else "尚未开始"
    return [
        Paragraph(
            f"{period.label()}{state}，以下是{format_date_paper(day)}台账中的数据，期满后以届时台账为准。"
        )
    ]


def _rules_note(numbers: Numbers) -> Block:
    words = f"统计期间：{span_words(numbers.period)}；上年同期：{span_words(numbers.before)}。"
    if not numbers.comparable:
        words += "台账中没有上年同期完整的监督检查记录，上年同期一栏不填。"
    return Paragraph(words, indent=False)


def _rules_table(numbers: Numbers) -> Table:
    columns = [
        Column("序号", min_width=34, align="centre"),
        Column("指标", weight=2.2),
        Column("数值", align="right"),
        Column("单位", align="centre"),
        Column("上年同期", align="right"),
        Column("口径", weight=5),
    ]
    rows = []
    for at, found in enumerate(numbers.used, 1):
        past = found.text(numbers.past(found.name)) if numbers.comparable else ""
        rows.append(
            [str(at), found.label, found.text(numbers.value(found.name)), found.unit, past, found.rule]
        )
    return Table(columns, rows)


def _work_tables(period: Period) -> list[Block]:
    return [
        _work_table("表1　分乡镇（街道）情况", "乡镇（街道）", tables.by_township(period)),
        _work_table("表2　分月份情况", "月份", tables.by_month(period)),
    ]


def _work_table(caption: str, label: str, rows: Sequence[tables.Work]) -> Table:
    columns = [
        Column(label, weight=2),
        Column("监督检查（家次）", align="right"),
        Column("发现隐患（处）", align="right"),
        Column("责令改正通知书（份）", align="right"),
    ]
    cells = [[row.label, *map(str, (row.inspections, row.findings, row.notices))] for row in rows]
    sums = [sum(getattr(row, side) for row in rows) for side in ("inspections", "findings", "notices")]
    return Table(columns, [*cells, ["合计", *map(str, sums)]], caption)
