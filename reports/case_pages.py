"""Cover, table of contents and closing sheet of a case file (案卷); knows plain data and the page, no record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from models.case_file import Cover
from reports.core.book import Book, Pen
from reports.core.facts import draw_facts
from reports.core.fonts import FontSet, Role
from reports.core.official import balanced_title, chinese_date, demo_mark
from reports.core.page import A4, MM, Sheet
from reports.core.tables import Column, Look, TableSetter, column_widths
from reports.core.text import Style, break_lines

CASE = Sheet(A4[0], A4[1], 25 * MM, 24 * MM, 165 * MM, 250 * MM, 24)
CONTENTS, CLOSING = "卷内目录", "卷内备考表"
COLUMNS = (
    Column("序号", align="centre"),
    Column("文号（编号）", 0.6),
    Column("文件名称", 1.6, 50 * MM),
    Column("日期", 0.2, 22 * MM, "centre"),
    Column("页次", 0.4, 17 * MM, "centre"),
    Column("备注", 0.8),
)
_LOOK = Look(Style(Role.BODY, 10.5), Style(Role.HEI, 10.5), 14.5, pad_x=3.5, pad_y=4.5, grid=True)
_OFFICE, _TITLE = Style(Role.TITLE, 22.0), Style(Role.TITLE, 34.0, tracking=5.0)
_HEAD = Style(Role.TITLE, 22.0, tracking=8.0)
_FOOT = Style(Role.SONG, 10.0, gray=0.25)
_BODY = Style(Role.BODY, 13.0)
_NUMBER = Style(Role.HEI, 12.0)
_SAMPLE = 300
GETA = "〓"
"""Stands for a character of a file's name that no font has."""


@dataclass(frozen=True)
class Row:
    """One line of the table of contents; ``first`` and ``last`` are pages of the case."""

    number: str
    name: str
    day: dt.date | None
    first: int
    last: int
    remark: str = ""

    @property
    def pages(self) -> str:
        """From which page to which."""
        return str(self.first) if self.first == self.last else f"{self.first}—{self.last}"


@dataclass(frozen=True)
class Totals:
    """What the closing sheet counts: papers (件), pages, and by kind; ``left_out`` names what is not bound in."""

    items: int
    pages: int
    papers: int
    pictures: int
    pdfs: int
    left_out: tuple[str, ...] = ()


def printable(fonts: FontSet, text: str, role: Role = Role.BODY) -> str:
    """A file's name or caption, in which a character that no font has becomes 〓; papers are never changed so."""
    from reports.core.errors import MissingGlyph
    from reports.core.text import clean

    glyphs, kept = fonts.glyphs(role), []
    for char in clean(text):
        try:
            _ = glyphs[char]
        except MissingGlyph:
            char = GETA
        kept.append(char)
    return "".join(kept)


def stamp(pen: Pen, sheet: tuple[float, float], number: int) -> None:
    """The page's number in the case at the upper right corner, on white, so that it is read on any scan."""
    width, height = sheet
    words = str(number)
    wide = pen.width(words, _NUMBER)
    x, y = width - 8.5 * MM, height - 10.5 * MM
    pen.tint(x - wide - 4, y - 4, wide + 8, 18, (1.0, 1.0, 1.0))
    pen.frame(x - wide - 4, y - 4, wide + 8, 18, 0.4, 0.6)
    pen.right(x, y, words, _NUMBER)


def add_cover(book: Book, cover: Cover, totals: Totals, today: dt.date, demo: bool = False) -> None:
    """Append the cover. Raises MissingGlyph."""
    pen, fonts = book.page(CASE), book.fonts
    book.bookmark("封面")
    if demo:
        demo_mark(pen, CASE)
    middle, y = CASE.width / 2, CASE.ceiling - 22 * MM
    for line in balanced_title(fonts, cover.office, CASE.text_width):
        pen.centred(middle, y, line, _OFFICE)
        y -= 30
    y -= 14 * MM
    pen.centred(middle, y, cover.title, _TITLE)
    subject = cover.subject
    facts = [
        ("单位名称", subject.enterprise),
        ("当事人", subject.party),
        (subject.code_label, subject.code),
        ("许可证号", subject.permits),
        ("经营地址", subject.address),
        ("负责人", subject.principal),
        ("起止日期", _span(cover)),
        ("件数页数", f"本卷共{totals.items}件{totals.pages}页"),
        ("立卷日期", chinese_date(today)),
        ("立卷人", ""),
        ("归档日期", ""),
        ("归档号", ""),
        ("保管期限", ""),
    ]
    draw_facts(fonts, pen, (CASE.left, y - 16 * MM, CASE.text_width), facts, 40 * MM)


def _span(cover: Cover) -> str:
    if cover.first is None and cover.last is None:
        return ""
    if cover.first == cover.last:
        return chinese_date(cover.first)
    return f"{chinese_date(cover.first)}至{chinese_date(cover.last)}"


def add_contents(book: Book, rows: Sequence[Row], demo: bool = False) -> int:
    """Append the table of contents; returns its pages. Raises MissingGlyph."""
    fonts = book.fonts
    values = [
        (
            *(str(number), row.number, printable(fonts, row.name)),
            *(f"{row.day:%Y-%m-%d}" if row.day else "", row.pages, printable(fonts, row.remark)),
        )
        for number, row in enumerate(rows, start=1)
    ]
    widths = column_widths(fonts, COLUMNS, values[:_SAMPLE], _LOOK, CASE.text_width)
    table = TableSetter(fonts, COLUMNS, widths, _LOOK)
    header = table.header()
    pages: list[Pen] = []

    def turn() -> float:
        number = len(pages) + 1
        pen = book.page(CASE, lambda pen: pen.centred(CASE.width / 2, CASE.floor - 10 * MM, f"目录 {number}", _FOOT))
        pages.append(pen)
        if demo:
            demo_mark(pen, CASE)
        top = CASE.ceiling
        if number == 1:
            book.bookmark(CONTENTS)
            pen.centred(CASE.width / 2, top - 24, CONTENTS, _HEAD)
            top -= 15 * MM
        return table.draw(pen, CASE.left, top, header)

    top = turn()
    for line in map(table.row, values):
        while top - line.height < CASE.floor:
            parts = table.split(line, top - CASE.floor) if line.height > CASE.text_height / 2 else None
            if parts:
                table.draw(pages[-1], CASE.left, top, parts[0])
                line = parts[1]
            top = turn()
        top = table.draw(pages[-1], CASE.left, top, line)
    return len(pages)


def add_closing(book: Book, totals: Totals, today: dt.date, demo: bool = False) -> None:
    """Append the closing sheet: what the case holds, what is not bound in, who put it together. Raises MissingGlyph."""
    pen, fonts = book.page(CASE), book.fonts
    book.bookmark(CLOSING)
    if demo:
        demo_mark(pen, CASE)
    left, width = CASE.left, CASE.text_width
    pen.centred(CASE.width / 2, CASE.ceiling - 24, CLOSING, _HEAD)
    top = CASE.ceiling - 16 * MM
    low = CASE.floor + 44 * MM
    pen.frame(left, low, width, top - low, 0.7)
    y = top - 10 * MM
    counted = f"文书{totals.papers}件，照片、图片{totals.pictures}张，PDF 文件{totals.pdfs}份"
    words = ["本卷情况说明：", f"　　本卷共{totals.items}件、{totals.pages}页：{counted}。"]
    if totals.left_out:
        words.append(f"　　下列{len(totals.left_out)}个附件没有装订在卷内，已在卷内目录中注明：")
        words += [f"　　{number}．{one}" for number, one in enumerate(totals.left_out, start=1)]
    glyphs = fonts.glyphs(_BODY.role)
    for at, text in enumerate(words):
        lines = break_lines(printable(fonts, text), glyphs, _BODY, width - 12 * MM, justify=False)
        if y - len(lines) * 21 < low + 14 and at < len(words) - 1:
            rest = f"　　（其余{len(words) - at}个见卷内目录）"
            pen.text(left + 6 * MM, y, rest, _BODY)
            break
        for line in lines:
            pen.line(left + 6 * MM, y, line, _BODY)
            y -= 21
    y = low - 12 * MM
    for label, value in (("立卷人：", ""), ("检查人：", ""), ("立卷时间：", chinese_date(today))):
        x = left + width * 0.52
        pen.text(x, y, label, _BODY)
        start = x + 5.2 * _BODY.size
        if value:
            pen.text(start, y, value, _BODY)
        else:
            pen.rule(start, y - 3, CASE.right, y - 3, 0.6, 0.2)
        y -= 10 * MM
