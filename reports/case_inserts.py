"""Pages of a case file (案卷) for files: photos, PDFs, slips for what cannot be shown, the list of the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from models.core.blobs import in_words
from reports.case_pages import CASE, printable
from reports.core.book import Book, Pen
from reports.core.facts import draw_facts
from reports.core.fonts import FontSet, Role
from reports.core.inlays import Placed
from reports.core.official import chinese_date, demo_mark
from reports.core.page import A4, MM, Sheet
from reports.core.tables import Column, Look, TableSetter
from reports.core.text import Style, break_lines

LIST_TITLE = "未装订的电子文件清单"
SLIP_TITLE = "附件未能放入案卷"
_WIDE = Sheet(A4[1], A4[0], 24 * MM, 25 * MM, 250 * MM, 165 * MM, 16)
_HEAD = Style(Role.HEI, 10.0, gray=0.3)
_CAPTION = Style(Role.BODY, 9.5)
_TITLE = Style(Role.TITLE, 20.0)
_NOTE = Style(Role.BODY, 10.5, gray=0.2)
_STEP = 12.5
_CAPTION_LINES = 4
_HEAD_ROOM = 9 * MM
_GAP = 6 * MM
_CAPTION_ROOM = _CAPTION_LINES * _STEP + 6
FULL = (CASE.text_width, CASE.text_height - _HEAD_ROOM - _CAPTION_ROOM)
HALF = (CASE.text_width, (CASE.text_height - _HEAD_ROOM - _GAP) / 2 - _CAPTION_ROOM)
"""Room for a picture in points: alone on a page, or with another."""
_COARSEST, _SMALL = 96, 150
"""Dots an inch: a picture is never printed coarser than the first; one that fits half a page at the second is small."""
_LIST = (
    Column("序号", align="centre"),
    Column("文件名、说明"),
    Column("所属记录"),
    Column("大小", align="right"),
    Column("内容校验值（SHA-256）"),
)
_LIST_WIDTHS = (11 * MM, 46 * MM, 40 * MM, 18 * MM, 50 * MM)
_LOOK = Look(Style(Role.BODY, 10.0), Style(Role.HEI, 10.0), 13.5, pad_x=3.5, pad_y=4.0, grid=True)


@dataclass(frozen=True)
class FileWords:
    """What is printed of a file; ``size`` in bytes, ``day`` the one on which a photo was taken."""

    name: str
    file_name: str
    owner: str
    size: int
    digest: str
    day: dt.date | None = None

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return self.file_name.rpartition(".")[0] or self.file_name


def half(width: float, height: float) -> bool:
    """Whether a picture of so many pixels takes half a page: one that lies, or a small one."""
    if width >= height * 0.95:
        return True
    return width * 72 / _SMALL <= HALF[0] and height * 72 / _SMALL <= HALF[1]


def printed(width: float, height: float) -> tuple[float, float]:
    """The printed size in points of a picture of so many pixels: as large as its room, never coarser than 96 dpi."""
    room = HALF if half(width, height) else FULL
    share = min(room[0] / width, room[1] / height, 72 / _COARSEST)
    return width * share, height * share


class PhotoPages:
    """Puts pictures on pages one after the other, two on a page where both take half of one."""

    def __init__(self, book: Book, head: str, demo: bool) -> None:
        self._book, self._head, self._demo = book, head, demo
        self._pen: Pen | None = None
        self._top = 0.0

    def add(self, placed: Placed, caption: str) -> None:
        """Append a picture with its caption."""
        size = printed(placed.width, placed.height)
        small = half(placed.width, placed.height)
        room = (HALF if small else FULL)[1]
        if self._pen is None or not small or self._top - room - _CAPTION_ROOM < CASE.floor - 0.01:
            self._turn()
        assert self._pen is not None
        x = CASE.left + (CASE.text_width - size[0]) / 2
        y = self._top - size[1] - (room - size[1]) * (0.0 if small else 0.35)
        self._book.inlay(placed.inlay, placed.at(x, y, *size))
        self._pen.frame(x, y, *size, 0.4, 0.6)
        self._caption(caption, y)
        self._top -= room + _CAPTION_ROOM + _GAP
        if not small:
            self._pen = None

    def _turn(self) -> None:
        fonts = self._book.fonts
        self._pen = pen = self._book.page(CASE)
        if self._demo:
            demo_mark(pen, CASE)
        head = printable(fonts, self._head, Role.HEI)
        for line in break_lines(head, fonts.glyphs(_HEAD.role), _HEAD, CASE.text_width, justify=False)[:1]:
            pen.line(CASE.left, CASE.ceiling - 10, line, _HEAD)
        pen.rule(CASE.left, CASE.ceiling - 16, CASE.right, CASE.ceiling - 16, 0.5, 0.5)
        self._top = CASE.ceiling - _HEAD_ROOM

    def _caption(self, caption: str, y: float) -> None:
        assert self._pen is not None
        fonts = self._book.fonts
        text = printable(fonts, caption)
        glyphs = fonts.glyphs(_CAPTION.role)
        lines = break_lines(text, glyphs, _CAPTION, CASE.text_width, justify=False)
        if len(lines) > _CAPTION_LINES:  # the whole is in the ledger
            text = text[: lines[_CAPTION_LINES].start - 2] + "…"
            lines = break_lines(text, glyphs, _CAPTION, CASE.text_width, justify=False)
        for line in lines[:_CAPTION_LINES]:
            y -= _STEP
            self._pen.line(CASE.left + (CASE.text_width - line.width) / 2, y, line, _CAPTION)


def caption_of(number: int, words: FileWords) -> str:
    """What stands under a picture: its number in the run (0: none), caption, day and file name."""
    parts = [f"图{number}　{words.name}" if number else words.name]
    if words.day is not None:
        parts.append(f"拍摄日期：{chinese_date(words.day)}")
    if words.name not in (words.stem, words.file_name):
        parts.append(f"（{words.file_name}）")
    return "　".join(parts)


def add_foreign(book: Book, placed: Placed) -> None:
    """Append a page of a PDF on a sheet of A4, lying where it is wider than high, made smaller where it is larger."""
    sheet = _WIDE if placed.width > placed.height * 1.05 else CASE
    book.page(sheet)
    share = min(1.0, sheet.width / placed.width, sheet.height / placed.height)
    width, height = placed.width * share, placed.height * share
    x, y = (sheet.width - width) / 2, (sheet.height - height) / 2
    book.inlay(placed.inlay, placed.at(x, y, width, height))


def add_slip(book: Book, words: FileWords, why: str, demo: bool = False) -> None:
    """Append the page that stands for a file that cannot be shown, and says why."""
    pen, fonts = book.page(CASE), book.fonts
    if demo:
        demo_mark(pen, CASE)
    pen.centred(CASE.width / 2, CASE.ceiling - 34 * MM, SLIP_TITLE, _TITLE)
    facts = [
        ("文件名", printable(fonts, words.file_name)),
        *([("说明", printable(fonts, words.name))] if words.name not in (words.stem, words.file_name) else []),
        ("所属记录", printable(fonts, words.owner)),
        ("大小", in_words(words.size)),
        ("SHA-256", _in_groups(words.digest)),
        ("原因", why),
    ]
    low = draw_facts(fonts, pen, (CASE.left, CASE.ceiling - 46 * MM, CASE.text_width), facts, 28 * MM, size=12.0)
    note = "请在台账中核对这个附件，必要时从备份恢复或重新添加，再重新生成案卷。"
    pen.text(CASE.left, low - 24, note, _NOTE)


def add_file_list(book: Book, files: Sequence[FileWords], demo: bool = False) -> None:
    """Append the list of files that are kept in the ledger only (videos, documents …)."""
    fonts = book.fonts
    table = TableSetter(fonts, _LIST, _LIST_WIDTHS, _LOOK)
    header = table.header()

    def turn(first: bool) -> tuple[Pen, float]:
        pen, top = book.page(CASE), CASE.ceiling
        if demo:
            demo_mark(pen, CASE)
        if first:
            pen.centred(CASE.width / 2, top - 24, LIST_TITLE, _TITLE)
            pen.centred(CASE.width / 2, top - 48, "下列文件不能印在纸上，保存在台账的附件里，可按校验值核对。", _NOTE)
            top -= 22 * MM
        return pen, table.draw(pen, CASE.left, top, header)

    pen, top = turn(True)
    for number, words in enumerate(files, start=1):
        row = table.row(_list_row(fonts, number, words))
        if top - row.height < CASE.floor:
            pen, top = turn(False)
        top = table.draw(pen, CASE.left, top, row)


def _list_row(fonts: FontSet, number: int, words: FileWords) -> tuple[str, ...]:
    name = words.file_name if words.name in (words.stem, words.file_name) else f"{words.file_name}\n{words.name}"
    shown = "\n".join(printable(fonts, part) for part in name.splitlines())
    return str(number), shown, printable(fonts, words.owner), in_words(words.size), _in_groups(words.digest)


def _in_groups(digest: str) -> str:
    """A digest in groups of eight, so that it breaks between them."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
