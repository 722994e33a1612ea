"""A register printed as a landscape list: repeated header, page x of y, totals; knows no register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path

from reports.core.book import About, Book, Pen
from reports.core.errors import Cancelled, located
from reports.core.fonts import FontSet, Role
from reports.core.official import MARK, chinese_date
from reports.core.page import LIST, MM
from reports.core.tables import Align, Column, Look, TableSetter, column_widths
from reports.core.text import Style, break_lines

Progress = Callable[[int, int], bool]
"""Told (rows done, rows in all; all 0 when unknown); False stops the work."""

_TITLE = Style(Role.TITLE, 18.0)
_SUB = Style(Role.SONG, 9.5, gray=0.3)
_FOOT = Style(Role.SONG, 9.0, gray=0.3)
_TOTAL = Style(Role.HEI, 10.0)
_LOOKS = tuple(
    Look(Style(Role.SONG, size), Style(Role.HEI, size), size * 1.36, pad_x=3.5, pad_y=3.2, zebra=True)
    for size in (9.5, 9.0, 8.5, 8.0, 7.5)
)
_SAMPLE = 400
_HEAD_ROOM = 20 * MM  # title and sub-line on the first page
_STEP = 200  # rows between two reports of progress


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of the list; `min_width` in points."""

    label: str
    weight: float = 1.0
    align: Align = "left"
    min_width: float = 0.0


@dataclass(frozen=True, slots=True)
class ListData:
    """What is printed; `filter_words` and `totals` are sentences with units, `rows` may be a generator."""

    title: str
    office: str
    columns: Sequence[ListColumn]
    rows: Iterable[Sequence[str]]
    filter_words: str = ""
    totals: Sequence[str] = ()
    printed_on: date | None = None
    demo: bool = False


def render_list(
    data: ListData, out: Path, progress: Progress | None = None, fonts: FontSet | None = None
) -> int:
    """Write the list as PDF; returns the number of pages.

    Raises Cancelled when `progress` says no, MissingGlyph, DocumentError; nothing is written then.
    """
    about = About(data.title, data.office, data.filter_words or "全部")

    def foot(pen: Pen, page: int, pages: int) -> None:
        y = LIST.floor - 6 * MM
        pen.text(LIST.left, y, _printed(data), _FOOT)
        pen.right(LIST.right, y, f"第 {page} 页 / 共 {pages} 页", _FOOT)

    with located(data.title), Book(out, about, fonts, last_words=foot) as book:
        _Printer(book, data, progress).run()
    return book.pages


def _printed(data: ListData) -> str:
    when = f"　打印日期：{chinese_date(data.printed_on)}" if data.printed_on else ""
    return f"{data.office}{when}"


class _Printer:
    """One run through the rows: where the next one goes and when a page begins."""

    def __init__(self, book: Book, data: ListData, progress: Progress | None) -> None:
        self._book = book
        self._data = data
        self._progress = progress
        self._total = len(data.rows) if isinstance(data.rows, Sized) else 0
        rows = iter(data.rows)
        sample = list(islice(rows, _SAMPLE))
        self._rows: Iterator[Sequence[str]] = chain(sample, rows)
        self._table = self._plan(sample)
        self._header = self._table.header()
        self._pen: Pen | None = None
        self._y = 0.0

    def _plan(self, sample: Sequence[Sequence[str]]) -> TableSetter:
        """The largest type in which most rows need one line, else the one for which rows stay below three."""
        columns = [Column(c.label, c.weight, c.min_width, c.align) for c in self._data.columns]
        fonts = self._book.fonts
        tried: list[tuple[float, TableSetter]] = []
        for look in _LOOKS:
            widths = column_widths(fonts, columns, sample, look, LIST.text_width)
            table = TableSetter(fonts, columns, widths, look)
            tried.append((_usual_lines(table, sample[:60]), table))
            if tried[-1][0] <= 1.4:
                return table
        return next((table for lines, table in tried[2:] if lines <= 3.0), tried[-1][1])

    def run(self) -> None:
        """Print all rows, then the totals."""
        number = 0
        self._turn()
        for number, values in enumerate(self._rows, start=1):
            self._place(values, number)
            if self._progress and number % _STEP == 0 and not self._progress(number, self._total):
                raise Cancelled
        if number == 0:
            self._note("没有符合条件的记录。", _SUB)
        for words in self._data.totals:
            self._note(words, _TOTAL)
        if self._progress and not self._progress(number, self._total or number):
            raise Cancelled

    def _turn(self) -> Pen:
        pen = self._book.page(LIST)
        self._pen = pen
        self._y = LIST.ceiling
        if self._data.demo:
            pen.right(LIST.right, LIST.height - 10 * MM, "演示", MARK)
        if self._book.pages == 1:
            self._head(pen)
        self._y = self._table.draw(pen, LIST.left, self._y, self._header)
        return pen

    def _head(self, pen: Pen) -> None:
        middle = LIST.left + LIST.text_width / 2
        style = _TITLE
        while pen.width(self._data.title, style) > LIST.text_width and style.size > 9:
            style = replace(style, size=style.size - 1)
        pen.centred(middle, LIST.ceiling - 18, self._data.title, style)
        words = f"筛选：{self._data.filter_words}" if self._data.filter_words else "范围：全部"
        count = f"共 {self._total} 条" if self._total else ""
        room = LIST.text_width - pen.width(count, _SUB) - 20
        y = LIST.ceiling - 42
        for line in break_lines(words, self._book.fonts.glyphs(_SUB.role), _SUB, room, justify=False):
            pen.line(LIST.left, y, line, _SUB)
            y -= 13
        pen.right(LIST.right, LIST.ceiling - 42, count, _SUB)
        self._y = min(LIST.ceiling - _HEAD_ROOM, y + 13 - 8)

    def _place(self, values: Sequence[str], number: int) -> None:
        row = self._table.row(values)
        pen = self._pen or self._turn()
        while self._y - row.height < LIST.floor:
            tall = row.height > LIST.text_height / 2
            parts = self._table.split(row, self._y - LIST.floor) if tall else None
            if parts:
                self._table.draw(pen, LIST.left, self._y, parts[0], number)
                row = parts[1]
            pen = self._turn()
        self._y = self._table.draw(pen, LIST.left, self._y, row, number + 1)

    def _note(self, words: str, style: Style) -> None:
        pen = self._pen or self._turn()
        for line in break_lines(
            words, self._book.fonts.glyphs(style.role), style, LIST.text_width, justify=False
        ):
            if self._y - 18 < LIST.floor:
                pen = self._turn()
            self._y -= 18
            pen.line(LIST.left + 4, self._y + 4, line, style)


def _usual_lines(table: TableSetter, sample: Sequence[Sequence[str]]) -> float:
    if not sample:
        return 1.0
    look = table.look
    return sum((table.row(row).height - 2 * look.pad_y) / look.leading for row in sample) / len(sample)
