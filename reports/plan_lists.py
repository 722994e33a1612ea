"""检查任务单, 年度检查计划表 and the record of a draw as files; knows what they tell, not how it is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from models.draw import Draw
from models.drawing import repeat
from models.plan_papers import WeekLine, WeekSheet, week_sheets, year_sheet
from models.rules.drawing import HOW
from models.settings import settings
from reports.core.errors import DocumentError
from reports.core.official import chinese_date
from reports.core.tables import Column
from reports.responsibility_page import Block, Paper, Part, Progress, render_parts

WEEK, RECORD = "监督检查任务单", "双随机抽取记录"
_NUMBER = Column("序号", 0.3, 28.0, "centre")
_PLANNED = (
    _NUMBER,
    Column("日期", 0.6, 62.0, "centre"),
    Column("主体名称", 1.4, 96.0),
    Column("类别", 0.5, 44.0),
    Column("经营地址", 1.6, 110.0),
    Column("负责人及电话", 0.8, 66.0),
    Column("风险等级", 0.3, 34.0, "centre"),
    Column("检查要求", 0.8, 60.0),
    Column("同行人员", 0.6, 46.0),
    Column("本年已入企／上限", 0.4, 44.0, "centre"),
    Column("检查情况", 1.0, 96.0),
)
_TASKS = (
    _NUMBER,
    Column("期限", 0.6, 62.0, "centre"),
    Column("主体名称", 1.4, 96.0),
    Column("经营地址", 1.6, 110.0),
    Column("负责人及电话", 0.8, 66.0),
    Column("风险等级", 0.3, 34.0, "centre"),
    Column("检查事由", 2.0, 150.0),
    Column("本年已入企／上限", 0.4, 44.0, "centre"),
    Column("检查情况", 1.0, 96.0),
)
_YEAR = (
    _NUMBER,
    Column("主体名称", 1.5, 110.0),
    Column("类别", 0.6, 50.0),
    Column("经营地址", 1.8, 130.0),
    Column("风险等级", 0.3, 36.0, "centre"),
    Column("检查次数", 0.3, 36.0, "right"),
    Column("计划月份", 0.8, 60.0),
    Column("要求", 0.4, 40.0),
    Column("检查人员", 1.0, 80.0),
)
_DRAWN = (
    Column("次序", 0.3, 30.0, "centre"),
    Column("候选序号", 0.4, 44.0, "right"),
    Column("抽中主体", 1.6, 140.0),
    Column("组", 0.2, 24.0, "centre"),
    Column("检查人员", 1.0, 90.0),
    Column("签（SHA-256前16位）", 0.9, 110.0),
)
_OFFICERS = (
    Column("次序", 0.3, 30.0, "centre"),
    Column("候选序号", 0.4, 44.0, "right"),
    Column("抽中人员", 1.0, 90.0),
    Column("组", 0.2, 24.0, "centre"),
    Column("签（SHA-256前16位）", 0.9, 110.0),
)
_WEEKDAYS = "一二三四五六日"


def _week_day(day: dt.date | None) -> str:
    return f"{day.month}月{day.day}日\n周{_WEEKDAYS[day.weekday()]}" if day is not None else "尽快"


def _rows(lines: Sequence[WeekLine]) -> list[tuple[str, ...]]:
    return [
        (
            *(str(at), _week_day(one.day), one.name, one.category, one.address, one.contact, one.grade),
            *(one.needs, one.others, one.visits, ""),
        )
        for at, one in enumerate(lines, 1)
    ]


def _task_rows(lines: Sequence[WeekLine]) -> list[tuple[str, ...]]:
    return [
        (
            *(str(at), _week_day(one.day), one.name, one.address, one.contact, one.grade, one.needs),
            *(one.visits, ""),
        )
        for at, one in enumerate(lines, 1)
    ]


def _week_part(sheet: WeekSheet) -> Part:
    blocks = []
    if sheet.planned:
        days = len({one.day for one in sheet.planned})
        caption = f"计划检查（{days}天，{len(sheet.planned)}家次）"
        blocks.append(Block(_PLANNED, _rows(sheet.planned), caption))
    if sheet.overdue:
        blocks.append(Block(_PLANNED, _rows(sheet.overdue), f"逾期未查（{len(sheet.overdue)}家次，请尽快补查）"))
    if sheet.tasks:
        blocks.append(Block(_TASKS, _task_rows(sheet.tasks), f"到期的检查任务（{len(sheet.tasks)}件）"))
    return Part(
        WEEK,
        [(sheet.officer, 0)],
        f"{chinese_date(sheet.start)}至{chinese_date(sheet.end)}",
        [("检查人员", sheet.officer)],
        blocks,
        [],
        ["检查人员（签字）：", "日期："],
    )


def write_week_sheets(
    today: dt.date, out: Path, *, officer: int | None = None, demo: bool = False, progress: Progress | None = None
) -> int:
    """The sheets of next week, one officer after the other; returns the pages. Raises DocumentError without any."""
    sheets = week_sheets(today, officer)
    if not sheets:
        raise DocumentError("下周没有计划检查，也没有逾期的计划检查和到期的检查任务。")
    paper = Paper(
        WEEK, settings().office_name, (_week_part(sheet) for sheet in sheets), len(sheets), "下周检查", today, demo
    )
    return render_parts(paper, out, progress)


def write_year_plan(
    year: int, today: dt.date, out: Path, *, demo: bool = False, progress: Progress | None = None
) -> int:
    """The year's plan as a list by township; returns the pages. Raises DocumentError where there is no plan."""
    sheet = year_sheet(year, today)
    if sheet is None:
        raise DocumentError(f"还没有{year}年度检查计划。")
    parts = []
    for at, (township, lines) in enumerate(sheet.townships, 1):
        rows = [(str(n), *map(str, line)) for n, line in enumerate(lines, 1)]
        total = f"{township}合计：{len(lines)}户，{sum(line.visits for line in lines)}家次。"
        totals = [total]
        if at == len(sheet.townships):
            totals.append(f"全区合计：{sheet.enterprises}户，{sheet.visits}家次。")
        parts.append(
            Part(
                sheet.name,
                [(township, 0)],
                f"制定日期：{chinese_date(sheet.made_on)}",
                [("乡镇（街道）", township)],
                [Block(_YEAR, rows)],
                totals,
            )
        )
    paper = Paper(sheet.name, settings().office_name, parts, len(parts), "年度监督检查计划", today, demo)
    return render_parts(paper, out, progress)


def write_draw(
    key: int, today: dt.date, out: Path, *, demo: bool = False, progress: Progress | None = None
) -> int:
    """The record of a draw: how it is done, the outcome, and both lists of candidates; returns the pages."""
    record = Draw.get_by_id(key)
    again = repeat(record)
    found = again.drawing
    lines = [
        (
            *(str(at), str(one.number), one.candidate.name, str(one.team)),
            *("、".join(who.name for who in one.officers), one.lot[:16]),
        )
        for at, one in enumerate(found.lines, 1)
    ]
    people = [
        (str(at), str(lot.number), who.name, str(team), lot.lot[:16])
        for at, (lot, who, team) in enumerate(
            zip(found.drawn.officers, found.officers, found.drawn.officer_teams, strict=True), 1
        )
    ]
    facts = [
        ("抽取名称", record.name),
        ("抽取日期", chinese_date(record.drawn_on)),
        ("随机种子", record.seed),
        ("抽取范围", f"{record.scope}{len(found.places)}户、执法人员{len(found.people)}人"),
    ]
    outcome = Part(
        RECORD,
        [("结果", 0)],
        "",
        facts,
        [
            Block(_OFFICERS, people, f"抽中检查人员（{len(people)}人）"),
            Block(_DRAWN, lines, f"抽中检查对象（{len(lines)}户）"),
        ],
        [f"算法：{HOW}", f"{again.words}。"],
        ["抽取人（签字）：", "监督人（签字）：", "日期："],
    )
    parts = [
        outcome,
        _list_part("候选人员", f"{len(found.people)}人", found.people),
        _list_part("候选主体", f"{len(found.places)}户", found.places),
    ]
    paper = Paper(record.name, settings().office_name, parts, len(parts), RECORD, today, demo)
    return render_parts(paper, out, progress)


def _list_part(word: str, count: str, candidates: Sequence[tuple[int, str]]) -> Part:
    """Candidates with their numbers, three beside one another."""
    columns = (Column("编号", 0.3, 32.0, "right"), Column(word, 1.2, 120.0)) * 3
    cells = [(str(at), name) for at, (_key, name) in enumerate(candidates, 1)]
    rows = []
    for start in range(0, len(cells), 3):
        three = [*cells[start : start + 3], ("", ""), ("", "")][:3]
        rows.append(tuple(text for pair in three for text in pair))
    return Part(RECORD, [(word, 0)], "", [(f"{word}名单", count)], [Block(columns, rows)])
