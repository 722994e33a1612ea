"""Landscape sheets of 包保责任: head facts, captioned tables, totals, lines to sign; knows no list in particular."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from reports.core.book import About, Book, Pen
from reports.core.errors import Cancelled, located
from reports.core.fonts import FontSet, Role
from reports.core.official import MARK, chinese_date
from reports.core.page import LIST, MM
from reports.core.tables import Column, Look, SetRow, TableSetter, column_widths
from reports.core.text import Style, break_lines

Progress = Callable[[int, int], bool]
"""Told (parts done, parts in all); False stops the work."""

_TITLE = Style(Role.TITLE, 18.0)
_SUB = Style(Role.SONG, 9.5, gray=0.25)
_LABEL = Style(Role.HEI, 10.0)
_VALUE = Style(Role.SONG, 10.5)
_CAPTION = Style(Role.HEI, 11.0)
_NOTE = Style(Role.SONG, 9.5)
_FOOT = Style(Role.SONG, 9.0, gray=0.3)
_LOOKS = tuple(
    Look(Style(Role.SONG, size), Style(Role.HEI, size), size * 1.38, pad_x=3.5, pad_y=4.0, grid=True)
    for size in (10.0, 9.5, 9.0, 8.5)
)
_SAMPLE = 60
_FACT_PITCH = 19.0
_SIGN_PITCH = 30.0
_BLANK = 90.0  # points to write a missing fact on
_SIGN_LINE = 80.0
_GAP = 22.0


@dataclass(frozen=True)
class Block:
    """A table with its caption, which may be long: it wraps."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    note: str = ""


@dataclass(frozen=True)
class Part:
    """What begins on a page of its own; an empty value of a fact is a line to write on.

    ``marks`` are the outline's entries for its first page: (words, level). An ``annex`` belongs to the part before it
    or to all of them and is no paper of its own.
    """

    title: str
    marks: Sequence[tuple[str, int]]
    sub: str = ""
    facts: Sequence[tuple[str, str]] = ()
    blocks: Sequence[Block] = ()
    totals: Sequence[str] = ()
    signs: Sequence[str] = ()
    annex: bool = False


@dataclass(frozen=True)
class Paper:
    """A whole file of parts; ``parts`` may be a generator, ``count`` says how many come, without the annexes."""

    title: str
    office: str
    parts: Iterable[Part]
    count: int = 0
    subject: str = ""
    printed_on: date | None = None
    demo: bool = False


def render_parts(
    paper: Paper, out: Path, progress: Progress | None = None, fonts: FontSet | None = None
) -> int:
    """Write the paper as PDF; returns the number of pages.

    Raises Cancelled when `progress` says no, MissingGlyph, DocumentError; nothing is written then.
    """
    about = About(paper.title, paper.office, paper.subject)
    when = f"　打印日期：{chinese_date(paper.printed_on)}" if paper.printed_on else ""

    def foot(pen: Pen, page: int, pages: int) -> None:
        y = LIST.floor - 6 * MM
        pen.text(LIST.left, y, f"{paper.office}{when}", _FOOT)
        pen.right(LIST.right, y, f"第 {page} 页 / 共 {pages} 页", _FOOT)

    with located(paper.title), Book(out, about, fonts, last_words=foot) as book:
        done = 0
        for part in paper.parts:
            done += not part.annex
            with located(f"{part.title} {part.marks[-1][0] if part.marks else ''}"):
                _Setter(book, part, paper.demo).run()
            if progress is not None and not progress(done, max(paper.count, done)):
                raise Cancelled
    return book.pages


class _Setter:
    """One part on its pages."""

    def __init__(self, book: Book, part: Part, demo: bool) -> None:
        self._book = book
        self._part = part
        self._demo = demo
        self._y = 0.0
        self._pen = self._turn()

    def run(self) -> None:
        """Head, tables, totals, lines to sign."""
        part = self._part
        for words, level in part.marks:
            self._book.bookmark(words, level)
        self._head()
        for block in part.blocks:
            self._block(block, self._tail() if block is part.blocks[-1] else 0.0)
        for words in part.totals:
            self._words(words, _LABEL, 4.0)
        if part.signs:
            self._signs()

    def _turn(self) -> Pen:
        self._pen = self._book.page(LIST)
        self._y = LIST.ceiling
        if self._demo:
            self._pen.right(LIST.right, LIST.height - 10 * MM, "演示", MARK)
        return self._pen

    def _head(self) -> None:
        style, part = _TITLE, self._part
        while self._pen.width(part.title, style) > LIST.text_width and style.size > 9:
            style = replace(style, size=style.size - 1)
        self._pen.centred(LIST.left + LIST.text_width / 2, LIST.ceiling - 18, part.title, style)
        self._y -= 30
        if part.sub:
            self._words(part.sub, _SUB, 2.0)
        if part.facts:
            self._facts()
        self._y -= 6

    def _facts(self) -> None:
        """Label and value pairs one after the other; one that is too long for a line takes lines of its own."""
        x = LIST.left
        self._y -= _FACT_PITCH
        for label, value in self._part.facts:
            head = f"{label}："
            wide = self._pen.width(head, _LABEL)
            need = wide + (self._pen.width(value, _VALUE) if value else _BLANK)
            if x > LIST.left and x + need > LIST.right:
                x = LIST.left
                self._y -= _FACT_PITCH
            self._pen.text(x, self._y, head, _LABEL)
            if not value:
                self._pen.rule(x + wide, self._y - 2, x + wide + _BLANK, self._y - 2, 0.6, 0.2)
            else:
                room = LIST.right - x - wide
                glyphs = self._book.fonts.glyphs(_VALUE.role)
                for at, line in enumerate(break_lines(value, glyphs, _VALUE, room, justify=False)):
                    self._y -= _FACT_PITCH * 0.8 if at else 0
                    self._pen.line(x + wide, self._y, line, _VALUE)
            x += need + _GAP
        self._y -= 6

    def _words(self, words: str, style: Style, gap: float) -> None:
        """Lines of text over the whole width, with a gap above."""
        pitch = style.size * 1.45
        glyphs = self._book.fonts.glyphs(style.role)
        self._y -= gap
        for line in break_lines(words, glyphs, style, LIST.text_width, justify=False):
            if self._y - pitch < LIST.floor:
                self._turn()
            self._y -= pitch
            self._pen.line(LIST.left, self._y + pitch * 0.25, line, style)

    def _block(self, block: Block, tail: float) -> None:
        """A table; `tail` points are to follow its last row on the same page."""
        table = _plan(self._book.fonts, block)
        header = table.header()
        rows = [table.row(values) for values in block.rows]
        if block.caption or block.note:
            lines = len(block.caption) // 60 + len(block.note) // 70 + 2
            first = rows[0].height if rows else 0.0
            if self._y - lines * 16 - header.height - first < LIST.floor:
                self._turn()
            if block.caption:
                self._words(block.caption, _CAPTION, 6.0)
            if block.note:
                self._words(block.note, _NOTE, 1.0)
            self._y -= 3
        elif rows and self._y - header.height - min(rows[0].height, 100) < LIST.floor:
            self._turn()
        self._y = table.draw(self._pen, LIST.left, self._y, header)
        for at, row in enumerate(rows, start=1):
            self._place(table, header, row, tail + 4 if at == len(rows) else 0.0)
        self._y -= 4

    def _place(self, table: TableSetter, header: SetRow, row: SetRow, tail: float) -> None:
        fresh = LIST.text_height - header.height
        if row.height + tail > fresh:
            tail = 0.0
        while self._y - row.height - tail < LIST.floor - 0.01:
            tall = row.height > LIST.text_height / 2
            parts = table.split(row, self._y - LIST.floor) if tall else None
            if parts:
                table.draw(self._pen, LIST.left, self._y, parts[0])
                row = parts[1]
            self._turn()
            self._y = table.draw(self._pen, LIST.left, self._y, header)
        self._y = table.draw(self._pen, LIST.left, self._y, row)

    def _sign_widths(self) -> list[float]:
        return [self._pen.width(sign, _VALUE) + _SIGN_LINE + _GAP for sign in self._part.signs]

    def _sign_height(self) -> float:
        rows, x = 1, 0.0
        for need in self._sign_widths():
            if x and x + need - _GAP > LIST.text_width:
                rows, x = rows + 1, 0.0
            x += need
        return rows * _SIGN_PITCH + 4 if self._part.signs else 0.0

    def _tail(self) -> float:
        """Points that the totals and the lines to sign take."""
        lines = sum(1 + self._pen.width(words, _LABEL) // LIST.text_width for words in self._part.totals)
        return lines * (_LABEL.size * 1.45 + 4) + self._sign_height()

    def _signs(self) -> None:
        """Labels with a line each to sign on, side by side where they have room."""
        needs = self._sign_widths()
        if self._y - self._sign_height() < LIST.floor:
            self._turn()
        x = LIST.left
        self._y -= _SIGN_PITCH
        for sign, need in zip(self._part.signs, needs):
            if x > LIST.left and x + need - _GAP > LIST.right:
                x = LIST.left
                self._y -= _SIGN_PITCH
            self._pen.text(x, self._y + 4, sign, _VALUE)
            begin = x + self._pen.width(sign, _VALUE)
            self._pen.rule(begin, self._y + 1, begin + _SIGN_LINE, self._y + 1, 0.6, 0.2)
            x += need


def _cut(row: SetRow) -> bool:
    """Whether a code, number or date of a row is cut by the end of a line."""
    return any(
        below.start and above.text[-1:].isascii() and below.text[:1].isascii() and below.text[:1].isalnum()
        for cell in row.cells
        for above, below in pairwise(cell)
    )


def _plan(fonts: FontSet, block: Block) -> TableSetter:
    """The largest type in which rows usually need no more than two lines, else the smallest."""
    sample = block.rows[:_SAMPLE]
    table = None
    for look in _LOOKS:
        widths = column_widths(fonts, block.columns, sample, look, LIST.text_width)
        table = TableSetter(fonts, block.columns, widths, look)
        rows = [table.row(row) for row in sample]
        lines = [(row.height - 2 * look.pad_y) / look.leading for row in rows]
        if not lines or (sum(lines) / len(lines) <= 2.4 and not any(map(_cut, rows))):
            break
    assert table is not None
    return table
