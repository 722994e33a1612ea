"""送达回证, 复查记录 and 责任约谈通知书 as pages; knows plain data, not where it comes from."""

from __future__ import annotations

from datetime import date

from models.check_papers import CHECK_TITLE
from models.notice_papers import ReinspectionSheet, ServiceSheet, TalkLetter
from reports.core.book import Book
from reports.core.cells import Cell, cell_rows
from reports.core.document import Block, Closing, OfficialText, Paragraph, add_official
from reports.core.flow import Form, Piece, add_form
from reports.core.official import balanced_title, chinese_date
from reports.inspection_record import SIGN_DAY, fitted, label, people, ticked

SERVICE_TITLE = "送达回证"
REINSPECTION_TITLE = "责令改正复查记录"
TALK_TITLE = "责任约谈通知书"


def add_service_sheet(book: Book, sheet: ServiceSheet) -> int:
    """Append the 送达回证; returns its pages. Raises MissingGlyph."""
    day = chinese_date(sheet.served_on)
    rows = [
        [label("受送达人"), Cell(sheet.party, 0.78, align="left")],
        [label("送达文书名称", 0.4), label("文号", 0.44), label("份数", 0.16)],
        *([Cell(name, 0.4), _middle(number, 0.44), Cell(copies, 0.16)] for name, number, copies in sheet.papers),
        [label("送达时间"), Cell(f"{day}　　时　　分", 0.78, align="left")],
        [label("送达地点"), Cell(sheet.place, 0.78, align="left")],
        [label("送达方式"), ticked(sheet.ways)],
        [label("收件人"), Cell(sheet.receiver, 0.78, align="left", least=72.0, foot=f"（签名或者盖章）{SIGN_DAY}")],
        [label("与受送达人的关系及代收事由"), Cell(sheet.relation, 0.78, align="left", least=34.0)],
        [label("拒收事由"), Cell(sheet.refusal, 0.78, align="left", least=34.0)],
        [label("见证人"), Cell(sheet.witness, 0.78, align="left", least=60.0, foot=f"（签名）{SIGN_DAY}")],
        [label("送达人"), Cell(people(sheet.servers), 0.78, align="left", least=66.0, foot=f"（签名）{SIGN_DAY}")],
        [label("备注"), Cell(sheet.note, 0.78, align="left", least=70.0)],
    ]
    number = sheet.papers[0][1] if sheet.papers else ""
    form = Form(
        (sheet.office, SERVICE_TITLE),
        fitted(book.fonts, rows, 2),
        f"{SERVICE_TITLE}　{number or sheet.party}",
        right="通知书已作废" if sheet.void else "",
        demo=sheet.demo,
    )
    return add_form(book, form)


def add_reinspection_sheet(book: Book, sheet: ReinspectionSheet) -> int:
    """Append the 复查记录, of a notice or of findings without one; returns its pages. Raises MissingGlyph."""
    subject, fonts = sheet.subject, book.fonts
    title = CHECK_TITLE if sheet.alone else REINSPECTION_TITLE
    problem = "要求改正的问题" if sheet.alone else "责令改正的问题"
    head = [
        [label("被检查单位"), Cell(subject.enterprise, 0.78, align="left")],
        [label("地址"), Cell(subject.address, 0.78, align="left")],
        *(_of_findings(sheet) if sheet.alone else _of_notice(sheet)),
        [label("复查人员"), Cell(people(sheet.officers), 0.78, align="left")],
        [label("序号", 0.07), label(problem, 0.37), label("复查结果", 0.38), label("说明", 0.18)],
    ]
    items = [
        [
            Cell(str(number), 0.07),
            Cell(wording, 0.37, align="left", small=True),
            Cell("", 0.38, ticks=ticks, small=True),
            Cell(note, 0.18, align="left", small=True),
        ]
        for number, (wording, ticks, note) in enumerate(sheet.items, 1)
    ]
    tail = [
        [label("复查情况"), Cell(sheet.note, 0.78, align="left", least=70.0)],
        [label("复查结论"), ticked(sheet.conclusions, stacked=True)],
        [
            label("被检查单位意见\n（签名）"),
            Cell("", 0.28, least=84.0, foot=SIGN_DAY),
            label("复查人员\n（签名）"),
            Cell("", 0.28, foot=SIGN_DAY),
        ],
    ]
    pieces: list[Piece] = [*fitted(fonts, [*head, *items, *tail], 2)]
    form = Form(
        (sheet.office, title),
        pieces,
        f"{title}　{sheet.number or subject.enterprise}　{sheet.inspected_on or ''}".strip("　"),
        header=cell_rows(fonts, head[-1:])[0],
        counted=True,
        demo=sheet.demo,
    )
    return add_form(book, form)


def _of_notice(sheet: ReinspectionSheet) -> list[list[Cell]]:
    """The rows on the notice and its days."""
    due = chinese_date(sheet.due_on) if sheet.due_on is not None or not sheet.number else "立即改正"
    if sheet.extended_to is not None:
        due += f"（延期至{chinese_date(sheet.extended_to)}）"
    return [
        [label("通知书文号"), Cell(sheet.number, 0.34), label("签发日期", 0.16), _day(sheet.issued_on)],
        [label("原检查日期"), _day(sheet.found_on, 0.34), label("复查日期", 0.16), _day(sheet.inspected_on)],
        [label("整改期限"), Cell(due, 0.78, align="left")],
    ]


def _of_findings(sheet: ReinspectionSheet) -> list[list[Cell]]:
    """The rows on when findings without a notice were found and are due."""
    return [
        [label("通知书文号"), Cell("未开具责令改正通知书", 0.34), label("复查日期", 0.16), _day(sheet.inspected_on)],
        [label("发现日期"), Cell(sheet.found_words, 0.78, align="left")],
        [label("整改期限"), Cell(sheet.due_words, 0.78, align="left")],
    ]


def _middle(text: str, share: float) -> Cell:
    return Cell(text, share, align="centre")


def _day(day: date | None, share: float = 0.28) -> Cell:
    return Cell(chinese_date(day), share)


def add_talk_letter(book: Book, letter: TalkLetter) -> int:
    """Append the 责任约谈通知书 on the official grid; returns its pages. Raises MissingGlyph."""
    before = book.pages
    blocks: list[Block] = [
        Paragraph(f"{letter.addressee.rstrip('：:')}：", indent=False),
        *(Paragraph(words) for words in (*letter.paragraphs, *letter.contacts)),
        Closing(letter.office, letter.issued_on),
    ]
    text = OfficialText(
        (*balanced_title(book.fonts, letter.office), TALK_TITLE),
        blocks,
        author=letter.office,
        subject=letter.addressee,
        demo=letter.demo,
        number="〔　　　　〕　　　号",
    )
    add_official(book, text, ((f"{TALK_TITLE}　{letter.addressee}", 0),))
    return book.pages - before
