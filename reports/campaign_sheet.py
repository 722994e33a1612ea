"""专项整治情况汇总表: one campaign as of a day, its frame, its figures, its townships and kinds; knows no query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from models.campaign import Campaign
from models.campaign_figures import COUNTS, RATE, RESOLVED_RATE
from models.campaign_progress import STATES, CampaignDetail, Progress, Share, campaign_detail, first_visit
from models.campaign_scope import scope_words
from models.campaign_target import STATES as TARGET_STATES
from models.core.errors import NotFound
from models.core.figure import figure
from models.enterprise import CATEGORIES
from models.rules.dates import Period, format_date_paper
from models.settings import settings
from reports.campaign_words import work_words
from reports.core.document import (
    Appendix,
    Block,
    Heading,
    OfficialText,
    Paragraph,
    Signing,
    Table,
    official_bytes,
    render_official,
)
from reports.core.tables import Column
from reports.period_lint import clean_words
from reports.period_words import Numbers, sentence

#: Characters of 二号 that a line of the title holds.
_TITLE_CHARACTERS = 18
_TITLE = "专项整治情况汇总表"
_REMAINING = "未检查的对象"


def campaign_text(campaign: int, day: dt.date, *, demo: bool = False) -> OfficialText:
    """The sheet of a campaign as it stood on ``day``. Raises NotFound where the campaign is gone."""
    detail = campaign_detail(campaign, day)
    if detail is None:
        raise NotFound("这项专项已不在。", "请刷新列表后再打印。")
    record, told = Campaign.get_by_id(campaign), detail.progress
    start = min(told.starts_on, day, first_visit(campaign, day) or day)
    numbers = Numbers(Period(start, day))
    office = settings()
    blocks: list[Block] = [
        _frame(record, told, day),
        Heading(1, "一、总体情况"),
        Paragraph(_whole(numbers, told)),
        _figures(campaign, numbers),
    ]
    townships = [share for share in detail.townships if share.targets or share.visits or share.goal_places]
    titles = iter("二三")
    if townships:
        blocks += [Heading(1, f"{next(titles)}、分乡镇（街道）情况"), _shares("乡镇（街道）", townships)]
    if detail.categories:
        blocks += [Heading(1, f"{next(titles)}、分类别情况"), _shares("类别", detail.categories, "对象检查（家次）")]
    remaining = [row for row in detail.rows if row.state != "covered"]
    if remaining:
        blocks.append(Paragraph(f"附件：{_REMAINING}（{len(remaining)}户）"))
    blocks.append(Signing(("填表人：", "审核人：", "日期：")))
    return OfficialText(
        (*_title_lines(clean_words(told.name)), _TITLE),
        blocks,
        author=office.office_name,
        subject=f"截至{format_date_paper(day)}",
        appendices=(_appendix(detail),) if remaining else (),
        demo=demo,
    )


def campaign_sheet(campaign: int, day: dt.date, *, demo: bool = False) -> bytes:
    """The sheet as the bytes of a PDF, for a preview."""
    return official_bytes(campaign_text(campaign, day, demo=demo))


def write_campaign_sheet(campaign: int, day: dt.date, out: Path, *, demo: bool = False) -> int:
    """Write the sheet as PDF; returns the number of pages. Raises NotFound, MissingGlyph, DocumentError."""
    return render_official(campaign_text(campaign, day, demo=demo), out)


def _title_lines(name: str) -> list[str]:
    """A name in lines of about the same length that fit the page."""
    count = -(-len(name) // _TITLE_CHARACTERS)
    size = -(-len(name) // count) if count else 1
    return [name[at : at + size] for at in range(0, len(name), size)]


def _frame(record: Campaign, told: Progress, day: dt.date) -> Table:
    end = format_date_paper(told.ends_on) if told.ends_on is not None else "（未定）"
    goals = [
        f"{number}{unit}" for number, unit in ((told.goal_places, "户"), (told.goal_visits, "家次")) if number
    ]
    rows = [
        ("部署依据", record.basis),
        ("期间", f"{format_date_paper(told.starts_on)}至{end}（{STATES[told.state]}）"),
        ("检查期限", format_date_paper(told.due_on) if told.due_on is not None else ""),
        ("内容", clean_words(record.note)),
        ("任务", "、".join(goals)),
        ("对象范围", scope_words(record, day)),
        ("统计截至", format_date_paper(day)),
    ]
    columns = [Column("项目", min_width=70), Column("内容", weight=6)]
    return Table(columns, [row for row in rows if row[1]])


def _whole(numbers: Numbers, told: Progress) -> str:
    text = work_words(numbers, told.id)
    goals = []
    if told.goal_places:
        goals.append(f"任务{told.goal_places}户，完成{_share(told.covered, told.goal_places)}")
    if told.goal_visits:
        goals.append(f"任务{told.goal_visits}家次，完成{_share(told.visits, told.goal_visits)}")
    text += sentence("；".join(goals))
    late = f"已检查的有{told.late}户晚于检查期限" if told.late else ""
    return text + sentence(
        f"尚有{told.remaining}户未检查" if told.remaining else "",
        f"其中{told.overdue}户已过检查期限" if told.overdue else "",
        late,
    )


def _share(part: int, whole: int) -> str:
    """A share in percent, never rounded up to all of it."""
    return "100%" if part >= whole else f"{min(part * 1000 // whole, 999) / 10:g}%"


def _figures(campaign: int, numbers: Numbers) -> Table:
    names = [one.name for one in COUNTS[:3]] + [RATE] + [one.name for one in COUNTS[3:6]]
    names += [RESOLVED_RATE] + [one.name for one in COUNTS[6:]]
    rows: list[list[str]] = []
    for at, name in enumerate(names, 1):
        key = f"{name}:{campaign}"
        found = figure(key)
        rows.append([str(at), found.label, found.text(numbers.value(key)), found.unit, found.rule])
    columns = [
        Column("序号", align="centre"), Column("指标", weight=2), Column("数值", align="right"),
        Column("单位", align="centre"), Column("口径", weight=5),
    ]  # fmt: skip
    return Table(columns, rows)


def _shares(word: str, shares: Sequence[Share], visits: str = "检查（家次）") -> Table:
    goals = [
        (name, head)
        for name, head in (("goal_places", "任务（户）"), ("goal_visits", "任务（家次）"))
        if any(getattr(share, name) for share in shares)
    ]
    heads = ["对象（户）", "已检查（户）", "覆盖率", "未检查（户）", "逾期（户）", visits, *(head for _, head in goals)]
    names = [name for name, _head in goals]
    rows = [[share.label, *_cells(share, names)] for share in shares]
    parts = [
        sum(getattr(share, name) or 0 for share in shares)
        for name in ("targets", "covered", "overdue", "visits", "goal_places", "goal_visits")
    ]
    whole = Share("", "合计", *parts)
    columns = [Column(word, weight=2), *(Column(head, align="right") for head in heads)]
    return Table(columns, [*rows, [whole.label, *_cells(whole, names)]])


def _cells(share: Share, goals: Sequence[str]) -> list[str]:
    rate = _share(share.covered, share.targets) if share.targets else "—"
    cells = [str(share.targets), str(share.covered), rate, str(share.remaining), str(share.overdue), str(share.visits)]
    return cells + [str(getattr(share, name) or "—") for name in goals]


def _appendix(detail: CampaignDetail) -> Appendix:
    kinds, states = dict(CATEGORIES), dict(TARGET_STATES)
    rows: list[list[str]] = []
    for row in detail.rows:
        if row.state == "covered":
            continue
        name = f"{row.name}（{row.note}）" if row.note else row.name
        due = row.due_on.isoformat() if row.due_on is not None else ""
        rows.append([str(len(rows) + 1), name, kinds.get(row.category, ""), row.township_name, due, states[row.state]])
    columns = [
        Column("序号", align="centre"), Column("主体", weight=4), Column("类别"), Column("乡镇（街道）"),
        Column("检查期限"), Column("状态"),
    ]  # fmt: skip
    return Appendix("附件", (_REMAINING,), [Table(columns, rows)])
