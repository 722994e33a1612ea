"""Styles and page furniture of official papers (GB/T 9704-2012); knows no topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import ceil

from reports.core.book import Pen
from reports.core.fonts import FontSet, Role
from reports.core.page import (
    BODY_PITCH,
    BODY_TRACKING,
    ER_HAO,
    MM,
    OFFICIAL,
    PAGE_NUMBER_DROP,
    SAN_HAO,
    SI_HAO,
    WU_HAO,
    XIAO_SI,
    Sheet,
)
from reports.core.text import Line, Style, break_lines, may_break, text_width

BODY = Style(Role.BODY, SAN_HAO, BODY_TRACKING)
TITLE = Style(Role.TITLE, ER_HAO)
HEADINGS = {
    1: Style(Role.HEI, SAN_HAO, BODY_TRACKING),
    2: Style(Role.KAI, SAN_HAO, BODY_TRACKING),
    3: BODY,
    4: BODY,
}
PAGE_NUMBER = Style(Role.SONG, SI_HAO)
MARK = Style(Role.HEI, WU_HAO, gray=0.55)
INDENT = 2 * BODY_PITCH
_SEAL = Style(Role.BODY, XIAO_SI, gray=0.55)
_SEAL_ROWS = 2  # free rows above the 署名: the seal's head stays within one row of the text (7.3.5.1)
SIGNATURE_ROWS = _SEAL_ROWS + 2
"""Rows `signature` takes."""
# The dash's ink stands about 0.38 em above the baseline.
_DASH_HEIGHT = 0.38


def chinese_date(day: date | None) -> str:
    """2024年6月5日 (no padding zeros, GB/T 9704-2012, 7.3.5.4); None gives the blanks of the form."""
    if day is None:
        return "\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日"
    return f"{day.year}年{day.month}月{day.day}日"


def body_lines(
    fonts: FontSet,
    text: str,
    style: Style = BODY,
    first: float = INDENT,
    measure: float = OFFICIAL.text_width,
) -> list[Line]:
    """Set one paragraph of an official paper, first line indented by two characters."""
    return break_lines(text, fonts.glyphs(style.role), style, measure, first)


def title_lines(pen: Pen, sheet: Sheet, lines: tuple[str, ...], row: float) -> float:
    """Draw the centred 二号 title from `row` on, 1.25 rows a line; returns the rows taken (whole)."""
    step = 1.25 if len(lines) > 1 else 1.0
    middle = sheet.left + sheet.text_width / 2
    for number, line in enumerate(lines):
        pen.centred(middle, sheet.baseline(row + number * step, TITLE.size, step), line, TITLE)
    taken = len(lines) * step
    return float(ceil(taken))


def signature(pen: Pen, office: str, day: date | None, row: float, sheet: Sheet = OFFICIAL) -> None:
    """署名 centred over the date, the date four characters in from the right (7.3.5.1, with seal)."""
    words = chinese_date(day)
    office_style, day_width = BODY, pen.width(words, BODY)
    office_width = pen.width(office, BODY)
    if office_width > sheet.text_width:
        office_style = replace(BODY, size=BODY.size * sheet.text_width / office_width)
        office_width = pen.width(office, office_style)
    middle = sheet.right - max(4 * BODY_PITCH + day_width / 2, office_width / 2)
    row += _SEAL_ROWS
    pen.centred(middle, sheet.baseline(row - 1, _SEAL.size), "（印章）", _SEAL)
    pen.centred(middle, sheet.baseline(row, BODY.size), office, office_style)
    pen.centred(middle, sheet.baseline(row + 1, BODY.size), words, BODY)


def page_number(pen: Pen, sheet: Sheet, number: int) -> None:
    """「— 1 —」 in 四号 宋体, 7 mm below the text area, one character in: odd right, even left (7.5)."""
    words = f"— {number} —"
    y = sheet.floor - PAGE_NUMBER_DROP - _DASH_HEIGHT * PAGE_NUMBER.size
    if number % 2:
        pen.right(sheet.right - PAGE_NUMBER.size, y, words, PAGE_NUMBER)
    else:
        pen.text(sheet.left + PAGE_NUMBER.size, y, words, PAGE_NUMBER)


def demo_mark(pen: Pen, sheet: Sheet) -> None:
    """A small grey 「演示」 in the head margin of papers made from the demo ledger."""
    pen.right(sheet.right, sheet.height - 16 * MM, "演示", MARK)


def balanced_title(fonts: FontSet, text: str, measure: float = OFFICIAL.text_width) -> tuple[str, ...]:
    """A title in as few lines as the measure allows, of about the same length (7.3.1: 排列对称)."""
    glyphs = fonts.glyphs(TITLE.role)
    count = 1
    while text_width(text, glyphs, TITLE) > measure * count * 0.96 and count < len(text):
        count += 1
    lines: list[str] = []
    rest = text
    for left in range(count, 1, -1):
        cut = -(-len(rest) // left)
        while 1 < cut < len(rest) and not may_break(rest, cut):
            cut -= 1
        lines.append(rest[:cut])
        rest = rest[cut:]
    return (*lines, rest)
