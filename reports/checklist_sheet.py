"""The filled 要点表 of an inspection: items by group with their answers; knows plain data and never the official title
of a text that is not official."""

from __future__ import annotations

from models.checklist_answer import ANSWERS, AnsweredItem
from models.inspection_papers import ChecklistSheet
from reports.core.book import Book
from reports.core.cells import Cell, cell_rows, group_rows
from reports.core.flow import Form, Gap, Piece, Together, add_form, text_lines
from reports.core.official import chinese_date
from reports.inspection_record import SIGN_DAY, label, mark_of, people

SHEET_TITLE = "检查要点表"
_GROUP = 0.15
_WIDTHS = (0.075, 0.42, 0.155, 0.2)
_HEADS = ("序号", "检查内容", "评价", "备注")


def add_checklist_sheet(book: Book, sheet: ChecklistSheet) -> int:
    """Append the form with its answers; returns its pages. Raises MissingGlyph."""
    visit, form, fonts = sheet.visit, sheet.form, book.fonts
    subject = visit.subject
    head = [
        [label("被检查单位", 0.16), Cell(subject.enterprise, 0.46, align="left"), label("检查日期", 0.14), _day(sheet)],
        [label("地址", 0.16), Cell(subject.address, 0.84, align="left")],
        [label("检查人员", 0.16), Cell(people(visit.officers), 0.84, align="left")],
    ]
    columns = [
        label("检查项目", _GROUP),
        *(label(word, share) for word, share in zip(_HEADS, _WIDTHS, strict=True)),
    ]
    header = cell_rows(fonts, [columns])[0]
    groups = form.groups
    pieces: list[Piece] = [*cell_rows(fonts, head), Gap(8.0)]
    for number, (name, items) in enumerate(groups):
        rows = group_rows(fonts, f"{name}\n（{len(items)}项）", _GROUP, [_row(item) for item in items])
        pieces.append(Together((header, rows)) if number == 0 else rows)
    pieces += [Gap(8.0), *text_lines(fonts, _total(sheet)), Gap(6.0)]
    signs = [
        Cell("被检查单位\n负责人（签名）", 0.2, label=True),
        Cell("", 0.3, least=56.0, foot=SIGN_DAY),
        Cell("检查人员\n（签名）", 0.2, label=True),
        Cell("", 0.3, foot=SIGN_DAY),
    ]
    pieces += cell_rows(fonts, [signs])
    edition = f"表号：{form.table_number}　" if form.official and form.table_number else ""
    paper = Form(
        (form.title,),
        pieces,
        mark_of(SHEET_TITLE, visit),
        left=f"{edition}版本：{form.edition}" if form.edition else edition,
        right="标“*”的为重点项",
        header=header,
        counted=True,
        demo=visit.demo,
    )
    return add_form(book, paper)


def _day(sheet: ChecklistSheet) -> Cell:
    return Cell(chinese_date(sheet.visit.day), 0.24)


def _row(item: AnsweredItem) -> list[Cell]:
    skipped = dict(ANSWERS)["skip"] if item.answer == "skip" else ""
    note = item.note or (item.finding if item.answer == "no" else "")
    ticks = tuple((word, item.answer == code) for code, word in ANSWERS if code != "skip")
    return [
        Cell(item.marked, _WIDTHS[0], align="centre", small=True),
        Cell(item.content, _WIDTHS[1], align="left", small=True),
        Cell("", _WIDTHS[2], ticks=ticks, small=True),
        Cell("：".join(part for part in (skipped, note) if part), _WIDTHS[3], align="left", small=True),
    ]


def _total(sheet: ChecklistSheet) -> str:
    """The counts below the items, and what was left unanswered."""
    form = sheet.form
    checked = form.numbers("yes", "no", "skip")
    if not checked:
        return f"共{len(form.items)}项，其中重点项{sum(item.is_key for item in form.items)}项。"
    left = form.numbers("")
    words = (
        f"共检查{len(checked)}项，发现问题{len(form.numbers('no'))}项"
        f"（其中重点项{len(form.numbers('no', key=True))}项），合理缺项{len(form.numbers('skip'))}项"
    )
    return words + (f"，未检查{len(left)}项。" if left else "。")
