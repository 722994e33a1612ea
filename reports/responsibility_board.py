"""The 公示牌 of 包保责任: one enterprise a page, large, for the wall; knows plain data only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from reports.core.book import Book, Pen
from reports.core.fonts import FontSet, Role
from reports.core.official import MARK, chinese_date
from reports.core.page import A4, ASCENT, DESCENT, MM, Sheet
from reports.core.text import Line, Style, break_lines

TITLE = "食品安全包保责任公示牌"
BOARD = Sheet(A4[1], A4[0], 16 * MM, 14 * MM, 265 * MM, 182 * MM, 20)
SCOPE = {
    "district": "统筹协调包保工作，每期到户督导，研究解决突出问题",
    "township": "每期到户督导，核查主体责任落实情况，督促隐患整改",
    "village": "经常走访、每期到户督导，发现问题及时劝改和报告",
}
"""What the official of a level does at the enterprise, in the office's own words."""
_TEAL = (0.055, 0.36, 0.40)
_PALE = (0.91, 0.955, 0.955)
_TITLE = Style(Role.TITLE, 38.0, tracking=3.0, gray=1.0)
_NAME = Style(Role.HEI, 34.0)
_HEAD = Style(Role.HEI, 15.0)
_CELL = Style(Role.HEI, 24.0)
_FACT = Style(Role.SONG, 14.0)
_FACT_HEAD = Style(Role.HEI, 14.0)
_FOOT = Style(Role.HEI, 17.0, gray=1.0)
_SHARES = (0.16, 0.31, 0.23, 0.30)
_HEADS = ("包保干部", "单位、职务", "联系电话", "包保范围")
_BAND, _FOOT_BAND = 30 * MM, 16 * MM


@dataclass(frozen=True, slots=True)
class Named:
    """One official on a board; '' leaves a line to fill in."""

    name: str
    post: str
    phone: str
    scope: str


@dataclass(frozen=True, slots=True)
class Board:
    """What one board says; ``facts`` are label and value of the enterprise's own side."""

    enterprise: str
    officials: Sequence[Named]
    facts: Sequence[tuple[str, str]]
    office: str
    hotline: str
    day: date
    demo: bool = False


def add_board(book: Book, board: Board, marks: Sequence[tuple[str, int]] = ()) -> None:
    """Append one board as a page of its own. Raises MissingGlyph."""
    pen = book.page(BOARD)
    for words, level in marks:
        book.bookmark(words, level)
    fonts, sheet = book.fonts, BOARD
    middle = sheet.width / 2
    pen.tint(sheet.left, sheet.ceiling - _BAND, sheet.text_width, _BAND, _TEAL)
    pen.centred(middle, sheet.ceiling - _BAND / 2 - 0.36 * _TITLE.size, TITLE, _TITLE)
    y = _fitted(pen, fonts, board.enterprise, sheet.ceiling - _BAND - 10 * MM)
    low = sheet.floor + _FOOT_BAND + 5 * MM
    facts = _fact_lines(pen, fonts, board.facts)
    facts_height = len(facts) * 24.0 + 8
    _officials(pen, fonts, board.officials, y, low + facts_height + 5 * MM)
    line = low + facts_height - 22.0
    for parts in facts:
        for x, piece, style in parts:
            if isinstance(piece, Line):
                pen.line(x, line, piece, style)
            elif piece:
                pen.text(x, line, piece, style)
            else:
                pen.rule(x, line - 3, x + 90, line - 3, 0.7, 0.3)
        line -= 24.0
    _foot(pen, board)
    red, green, blue = _TEAL
    edge = f"q {red} {green} {blue} RG 2.4 w {sheet.left:.2f} {sheet.floor:.2f}"
    pen.ops.append(f"{edge} {sheet.text_width:.2f} {sheet.text_height:.2f} re S Q")
    if board.demo:
        pen.right(sheet.right, sheet.height - 10 * MM, "演示", MARK)


def _fitted(pen: Pen, fonts: FontSet, name: str, top: float) -> float:
    """The enterprise's name, centred in at most two lines; returns the y below it."""
    room = BOARD.text_width - 24 * MM
    style = _NAME
    lines = break_lines(name, fonts.glyphs(style.role), style, room, justify=False)
    while len(lines) > 2 and style.size > 12:
        style = replace(style, size=style.size - 2)
        lines = break_lines(name, fonts.glyphs(style.role), style, room, justify=False)
    y = top - (6 if len(lines) == 1 else 0)
    for line in lines:
        y -= style.size * (ASCENT if line is lines[0] else 1.25)
        pen.line(BOARD.width / 2 - line.width / 2, y, line, style)
    return y - 7 * MM


def _officials(pen: Pen, fonts: FontSet, people: Sequence[Named], top: float, bottom: float) -> None:
    """The table of the officials between two heights; as many rows as officials, type as large as fits."""
    left, width = BOARD.left + 8 * MM, BOARD.text_width - 16 * MM
    widths = [share * width for share in _SHARES]
    head = 11 * MM
    height = min((top - head - bottom) / len(people), 42 * MM)
    spare = top - head - bottom - height * len(people)
    top -= spare * 0.45
    pen.tint(left, top - head, width, head, _PALE)
    x = left
    for label, wide in zip(_HEADS, widths):
        pen.centred(x + wide / 2, top - head / 2 - 0.38 * _HEAD.size, label, _HEAD)
        x += wide
    end = top - head - height * len(people)
    for at, one in enumerate(people):
        x, upper = left, top - head - at * height
        for value, wide in zip((one.name, one.post, one.phone, one.scope), widths):
            style = replace(_CELL, role=Role.SONG, size=17.0) if value is one.scope else _CELL
            _cell(pen, fonts, value, style, x, upper, wide, height)
            x += wide
        pen.rule(left, upper, left + width, upper, 0.8, 0.45)
    x = left
    for wide in (*widths, 0.0):
        pen.rule(x, top, x, end, 0.8, 0.45)
        x += wide
    pen.rule(left, top, left + width, top, 0.8, 0.45)
    pen.rule(left, end, left + width, end, 0.8, 0.45)


def _cell(
    pen: Pen, fonts: FontSet, value: str, style: Style, x: float, top: float, width: float, height: float
) -> None:
    """A value in the middle of its cell, smaller where it would not fit; a line to fill in where there is none."""
    if not value:
        pen.rule(x + width * 0.15, top - height * 0.62, x + width * 0.85, top - height * 0.62, 0.8, 0.3)
        return
    room = width - 16
    lines = _wrapped(fonts, value, style, room)
    while style.size > 7 and (len(lines) * style.size * 1.3 > height - 8 or _cut(lines, len(value))):
        style = replace(style, size=style.size - 1)
        lines = _wrapped(fonts, value, style, room)
    while len(tight := _wrapped(fonts, value, style, room - 6)) == len(lines) and not _cut(tight, len(value)):
        room, lines = room - 6, tight  # lines of about the same length, no last word alone
    y = top - height / 2 + (len(lines) - 1) * style.size * 0.65 - (ASCENT - DESCENT) / 2 * style.size
    for line in lines:
        pen.line(x + (width - line.width) / 2, y, line, style)
        y -= style.size * 1.3


def _wrapped(fonts: FontSet, value: str, style: Style, room: float) -> list[Line]:
    glyphs = fonts.glyphs(style.role)
    return [
        line for part in value.splitlines() for line in break_lines(part, glyphs, style, room, justify=False)
    ]


def _cut(lines: Sequence[Line], length: int) -> bool:
    """Whether a number or a short word is cut by the end of a line."""
    return any(
        below.start and (length <= 9 or ((one := above.text[-1:] + below.text[:1]).isascii() and one.isalnum()))
        for above, below in pairwise(lines)
    )  # fmt: skip


Piece = tuple[float, "str | Line", Style]


def _fact_lines(pen: Pen, fonts: FontSet, facts: Sequence[tuple[str, str]]) -> list[list[Piece]]:
    """Label and value pairs set into lines; '' stands for a line to fill in."""
    left, right = BOARD.left + 8 * MM, BOARD.right - 8 * MM
    found: list[list[Piece]] = [[]]
    x = left
    for label, value in facts:
        head = f"{label}："
        wide = pen.width(head, _FACT_HEAD)
        need = wide + (pen.width(value, _FACT) if value else 90)
        if found[-1] and x + need > right:
            found.append([])
            x = left
        found[-1].append((x, head, _FACT_HEAD))
        if not value:
            found[-1].append((x + wide, "", _FACT))
        else:
            glyphs = fonts.glyphs(_FACT.role)
            lines = break_lines(value, glyphs, _FACT, right - x - wide, justify=False)
            for at, line in enumerate(lines[:3]):
                if at:
                    found.append([])
                found[-1].append((x + wide, line, _FACT))
        x += need + 26
    return found


def _foot(pen: Pen, board: Board) -> None:
    sheet = BOARD
    pen.tint(sheet.left, sheet.floor, sheet.text_width, _FOOT_BAND, _TEAL)
    y = sheet.floor + _FOOT_BAND / 2 - 0.38 * _FOOT.size
    pen.text(sheet.left + 8 * MM, y, f"监督举报电话：{board.hotline}", _FOOT)
    words, style = f"{board.office}　{chinese_date(board.day)}", replace(_FOOT, size=13.0)
    pen.right(sheet.right - 8 * MM, y, words, style)
