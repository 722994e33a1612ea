"""告知页, 现场笔录 and 监督检查结果记录表 of one inspection as pages; knows plain data, not where it comes from."""

from __future__ import annotations

import datetime as dt

from models.inspection_papers import Notification, ResultSheet, SceneNote, Ticks, Visit
from reports.core.book import Book
from reports.core.cells import Cell, cell_rows
from reports.core.flow import (
    FORM,
    HEAD,
    Fact,
    Form,
    Gap,
    Piece,
    Sign,
    Together,
    add_form,
    blank_lines,
    fact_rows,
    text_lines,
)
from reports.core.fonts import FontSet
from reports.core.official import chinese_date

NOTIFICATION_TITLE = "监督检查告知页"
SCENE_TITLE = "现场笔录"
RESULT_TITLE = "食品生产经营监督检查结果记录表"
SIGN_DAY = "　　　　年　　月　　日"
_BLANK_NUMBER = "　　　　　　　　"


def mark_of(title: str, visit: Visit) -> str:
    """The outline's entry of a paper: what, of whom, when."""
    day = f"　{visit.day}" if visit.day is not None else ""
    return f"{title}　{visit.subject.enterprise}{day}"


def people(officers: tuple[tuple[str, str], ...]) -> str:
    """Officers with their certificates, more than two of them below one another; '' where nobody is known yet."""
    words = [f"{name}（执法证号：{number}）" if number else name for name, number in officers]
    return ("、" if len(words) < 3 else "\n").join(words)


def ticked(ticks: Ticks, share: float = 0.78, stacked: bool = False) -> Cell:
    """A cell of choices."""
    return Cell("", share, ticks=ticks, stacked=stacked)


def label(text: str, share: float = 0.22) -> Cell:
    """A cell that names the next one."""
    return Cell(text, share, label=True)


def add_notification(book: Book, page: Notification) -> int:
    """Append the 告知页; returns its pages. Raises MissingGlyph."""
    visit, fonts = page.visit, book.fonts
    subject = visit.subject
    officers = list(visit.officers) or [("", ""), ("", "")]
    rows = [
        [label("被检查单位"), Cell(subject.enterprise, 0.78)],
        [label("地址"), Cell(subject.address, 0.78)],
        [label("检查地点"), Cell(visit.place, 0.78)],
        [label("检查日期"), Cell(chinese_date(visit.day), 0.78, align="left")],
    ]
    for number, (name, certificate) in enumerate(officers, 1):
        rows.append(
            [
                *(label(f"检查人员{number}"), Cell(name, 0.28)),
                *(label("执法证号"), Cell(certificate, 0.28)),
            ]
        )
    who = visit.office
    told = (
        f"我们是{who}的执法人员，依据{page.basis}对你单位进行监督检查。"
        "检查人员不少于两名，现向你单位出示下列证件，请查看："
    )
    rights = (
        "检查人员与你单位有直接利害关系，可能影响公正检查的，你单位有权申请回避；对检查中认定的情况有权陈述、申辩。"
        "请如实提供有关情况和资料，配合检查，不得拒绝、阻挠。"
    )
    pieces: list[Piece] = [
        *cell_rows(fonts, rows),
        Gap(10.0),
        *text_lines(fonts, told),
        *cell_rows(fonts, [[label("出示的证件"), ticked(page.credentials)]]),
        Gap(10.0),
        *text_lines(fonts, rights),
        *text_lines(fonts, "问：是否看清上述证件，是否申请检查人员回避？"),
        *cell_rows(
            fonts,
            [
                [label("被检查单位回答"), ticked(page.recusals)],
                [label("回避的理由和处理"), Cell(page.recusal_reason, 0.78, least=50.0)],
                [
                    Cell("被检查单位\n负责人（签名）", 0.22, label=True),
                    Cell("", 0.28, least=70.0, foot=SIGN_DAY),
                    Cell("检查人员\n（签名）", 0.22, label=True),
                    Cell("", 0.28, foot=SIGN_DAY),
                ],
            ],
        ),
    ]
    form = Form(
        (who, NOTIFICATION_TITLE), pieces, mark_of(NOTIFICATION_TITLE, visit), demo=visit.demo
    )
    return add_form(book, form)


def add_scene_note(book: Book, note: SceneNote) -> int:
    """Append the 现场笔录, signed at the foot of every page; returns its pages. Raises MissingGlyph."""
    visit, fonts = note.visit, book.fonts
    pieces: list[Piece] = [
        *fact_rows(fonts, *_scene_facts(note)),
        Gap(8.0),
        *_told(fonts, note),
        *_part(fonts, "现场情况：", note.scene, 6),
        *_part(fonts, "采取措施：", note.measures, 3),
        *_part(fonts, "当事人陈述、申辩意见：", note.statement, 1),
        *cell_rows(fonts, [[label("对笔录的意见"), ticked(note.opinions)]]),
    ]
    if note.refusal_reason:
        pieces += text_lines(fonts, f"拒绝签名的理由：{note.refusal_reason}")
    if note.witness:
        unit = f"（{note.witness_unit}）" if note.witness_unit else ""
        pieces += text_lines(fonts, f"见证人：{note.witness}{unit}。")
    if note.recorded:
        pieces += text_lines(fonts, "本次检查已音像记录。")
    day = "　年　　月　　日"
    signs = ((Sign("当事人：", day), Sign("见证人：", day)), (Sign("检查人员：", "、", 0.4), Sign("", day, 0.6)))
    form = Form(
        (visit.office, SCENE_TITLE),
        pieces,
        mark_of(SCENE_TITLE, visit),
        signs=signs,
        counted=True,
        demo=visit.demo,
        sign_words="以上笔录由当事人阅读或向其宣读，确认后逐页签名。",
    )
    return add_form(book, form)


def _scene_facts(note: SceneNote) -> list[Fact]:
    visit, subject = note.visit, note.visit.subject
    facts = [
        Fact("检查时间：", _span(visit.day, visit.begin, visit.end)),
        Fact("检查地点：", visit.place),
        Fact("当事人：", subject.party),
        Fact("经营者名称（字号）：", subject.enterprise if subject.enterprise != subject.party else ""),
        Fact("主体资格证照编号：", subject.permits, 0.5),
        Fact(f"{subject.code_label}：", subject.code, 0.5),
        Fact("法定代表人（负责人、经营者）：", subject.principal, 0.5),
        Fact("联系电话：", subject.phone, 0.5),
        Fact("住所（住址）：", subject.home or subject.address),
    ]
    if subject.enterprise == subject.party:
        del facts[3]
    facts += [
        Fact("到场人：", note.attendee, 0.36),
        Fact("职务（与当事人关系）：", note.attendee_role, 0.64),
        Fact("身份证件号码：", note.attendee_id, 0.5),
        Fact("联系电话：", note.attendee_phone, 0.5),
    ]
    if visit.officers:
        return [*facts, Fact("检查人员：", "、".join(people((one,)) for one in visit.officers))]
    return facts + [Fact("检查人员：", "", 0.5), Fact("执法证号：", "", 0.5)] * 2


def _span(day: dt.date | None, begin: dt.time | None, end: dt.time | None) -> str:
    """2024年6月3日9时30分至10时45分, with room to write what is missing."""

    def clock(time: dt.time | None) -> str:
        return f"{time.hour}时{time.minute:02d}分" if time is not None else "　　时　　分"

    return f"{chinese_date(day)}{clock(begin)}至{clock(end)}"


def _told(fonts: FontSet, note: SceneNote) -> list[Piece]:
    """What was shown and said before the inspection began."""
    rows = [
        [label("当事人到场情况"), ticked(note.attendances)],
        [label("出示的证件"), ticked(note.credentials)],
        [label("告知的权利"), ticked((("已告知当事人有陈述、申辩和申请回避的权利", note.rights_told),))],
        [label("是否申请回避"), ticked(note.recusals)],
    ]
    if note.recusal_reason:
        rows.append([label("回避的理由和处理"), Cell(note.recusal_reason, 0.78)])
    return [*cell_rows(fonts, rows), Gap(5.0)]


def _part(fonts: FontSet, head: str, text: str, blank: int) -> list[Piece]:
    """A heading with its text; an empty one gives lines to write on."""
    title = text_lines(fonts, head, HEAD, 0.0)
    body: list[Piece] = list(text_lines(fonts, text)) if text.strip() else [blank_lines(blank)]
    return [Together((*title, body[0])), *body[1:], Gap(4.0)]


def add_result_sheet(book: Book, sheet: ResultSheet) -> int:
    """Append the 监督检查结果记录表; returns its pages. Raises MissingGlyph."""
    visit, subject = sheet.visit, sheet.visit.subject
    times = f"本年度第{sheet.times}次检查" if sheet.times is not None else "本年度第　　　次检查"
    sign = f"（签名）{SIGN_DAY}"
    rows = [
        [label("名称"), Cell(subject.enterprise, 0.78)],
        [label("地址"), Cell(subject.address, 0.78)],
        [label("联系人"), Cell(subject.principal, 0.28), label("联系方式"), Cell(subject.phone, 0.28)],
        [label("许可证编号"), Cell(subject.permits, 0.33), label("检查次数", 0.17), Cell(times, 0.28)],
        [label("检查内容"), Cell(sheet.content, 0.78, align="left", least=120.0)],
        [label("检查结果"), ticked(sheet.results)],
        [label("结果处理"), ticked(sheet.handlings)],
        [label("说明（可附页）"), Cell(sheet.note, 0.78, align="left", least=100.0)],
        [label("执法人员"), Cell(people(visit.officers), 0.78, align="left", least=70.0, foot=sign)],
        [label("被检查单位意见"), Cell(sheet.opinion, 0.78, align="left", least=80.0, foot=f"（盖章）{SIGN_DAY}")],
        [label("法定代表人\n或负责人"), Cell("", 0.78, least=50.0, foot=sign)],
    ]
    fonts = book.fonts
    form = Form(
        (RESULT_TITLE,),
        fitted(fonts, rows, 1, tail=16.0),
        mark_of(RESULT_TITLE, visit),
        left=f"检查机关：{visit.office}",
        right=f"编号：{sheet.number or _BLANK_NUMBER}",
        counted=True,
        demo=visit.demo,
    )
    return add_form(book, form)


def fitted(fonts: FontSet, rows: list[list[Cell]], titles: int, tail: float = 0.0) -> list[Piece]:
    """Rows in the largest type in which they go on one page; full size where none is small enough."""
    room = FORM.text_height - titles * 31.0 - 24.0 - tail
    for scale in (1.0, 0.95, 0.9, 0.86):
        found = cell_rows(fonts, rows, scale)
        if sum(row.height for row in found) <= room:
            return list(found)
    return list(cell_rows(fonts, rows))
