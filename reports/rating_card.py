"""The posted card of a caterer's hygiene rating (量化分级公示牌), with its face; knows plain data only."""

from __future__ import annotations

from dataclasses import replace

from models.grade_papers import RatingCard
from reports.core.book import Book, Pen
from reports.core.fonts import Role
from reports.core.official import MARK, chinese_date
from reports.core.page import A4, MM, Sheet
from reports.core.text import Style, break_lines

TITLE = "餐饮服务食品安全等级公示"
CARD = Sheet(A4[1], A4[0], 16 * MM, 14 * MM, 265 * MM, 182 * MM, 20)
Colour = tuple[float, float, float]
#: The colour of each face.
COLOURS: dict[str, Colour] = {"大笑": (0.10, 0.58, 0.32), "微笑": (0.13, 0.45, 0.70), "平脸": (0.85, 0.55, 0.08)}
_TITLE = Style(Role.TITLE, 40.0, tracking=3.0, gray=1.0)
_NAME = Style(Role.HEI, 32.0)
_GRADE = Style(Role.TITLE, 62.0, tracking=6.0)
_HEAD = Style(Role.HEI, 17.0, gray=0.25)
_FACT = Style(Role.HEI, 19.0)
_LINE = Style(Role.SONG, 15.0)
_FOOT = Style(Role.HEI, 17.0, gray=1.0)
_BAND, _FOOT_BAND = 30 * MM, 16 * MM
_ROUND = 0.5523  # how far a quarter circle's control points stand out, in radii


def add_card(book: Book, card: RatingCard) -> None:
    """Append one card as a page of its own. Raises MissingGlyph."""
    pen, sheet = book.page(CARD), CARD
    book.bookmark(card.name)
    colour = COLOURS.get(card.face, (0.3, 0.3, 0.3))
    pen.tint(sheet.left, sheet.ceiling - _BAND, sheet.text_width, _BAND, colour)
    pen.centred(sheet.width / 2, sheet.ceiling - _BAND / 2 - 0.36 * _TITLE.size, TITLE, _TITLE)
    y = _name(book, pen, card.name, sheet.ceiling - _BAND - 9 * MM)
    low = sheet.floor + _FOOT_BAND
    middle = (y + low) / 2
    draw_face(pen, sheet.left + 66 * MM, middle, min(44 * MM, (y - low) / 2 - 6 * MM), card.face, colour)
    _facts(pen, card, sheet.left + 132 * MM, middle)
    _foot(pen, card, colour)
    if card.demo:
        pen.right(sheet.right, sheet.height - 10 * MM, "演示", MARK)


def _name(book: Book, pen: Pen, name: str, top: float) -> float:
    """The caterer's name, centred in at most two lines; returns the y below it."""
    style, room = _NAME, CARD.text_width - 24 * MM
    lines = break_lines(name, book.fonts.glyphs(style.role), style, room, justify=False)
    while len(lines) > 2 and style.size > 12:
        style = replace(style, size=style.size - 2)
        lines = break_lines(name, book.fonts.glyphs(style.role), style, room, justify=False)
    for line in lines:
        top -= style.size * 1.1
        pen.line(CARD.width / 2 - line.width / 2, top, line, style)
    return top - 5 * MM


def draw_face(pen: Pen, x: float, y: float, radius: float, face: str, colour: Colour) -> None:
    """A face around (x, y): 大笑 with an open mouth, 微笑 with a bow, 平脸 with a straight one."""
    red, green, blue = colour
    ink = f"{red:.3f} {green:.3f} {blue:.3f}"
    pale = " ".join(f"{1 - (1 - part) * 0.14:.3f}" for part in colour)
    pen.ops.append(f"q {pale} rg {ink} RG {radius * 0.055:.2f} w {_circle(x, y, radius)} b Q")
    eye, up, aside = radius * 0.105, radius * 0.26, radius * 0.36
    for side in (-1, 1):
        pen.ops.append(f"q {ink} rg {_circle(x + side * aside, y + up, eye)} f Q")
    wide, weight = radius * 0.55, radius * 0.085
    if face == "平脸":
        y -= radius * 0.36
        mouth = f"{x - wide:.2f} {y:.2f} m {x + wide:.2f} {y:.2f} l S"
    else:
        y -= radius * (0.16 if face == "大笑" else 0.24)
        deep = radius * (0.78 if face == "大笑" else 0.42)
        bow = f"{x - wide:.2f} {y:.2f} m {x - wide * 0.6:.2f} {y - deep:.2f} {x + wide * 0.6:.2f} {y - deep:.2f} "
        mouth = bow + f"{x + wide:.2f} {y:.2f} c " + ("b" if face == "大笑" else "S")
    pen.ops.append(f"q {ink} RG 1 1 1 rg {weight:.2f} w 1 J 1 j {mouth} Q")


def _circle(x: float, y: float, radius: float) -> str:
    """The path of a circle in four quarters."""
    out, reach = [f"{x + radius:.2f} {y:.2f} m"], radius * _ROUND
    for cos, sin in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        x1, y1 = x + radius * cos - reach * sin, y + radius * sin + reach * cos
        x3, y3 = x - radius * sin, y + radius * cos
        out.append(f"{x1:.2f} {y1:.2f} {x3 + reach * cos:.2f} {y3 + reach * sin:.2f} {x3:.2f} {y3:.2f} c")
    return " ".join(out)


def _facts(pen: Pen, card: RatingCard, x: float, middle: float) -> None:
    """The rating in large type, the year's grade, the permit and the day, around a height."""
    y = middle + 33 * MM
    pen.text(x, y, "动态等级", _HEAD)
    y -= 25 * MM
    pen.text(x, y, card.rating, _GRADE)
    wide = pen.width(card.rating, _GRADE)
    pen.text(x + wide + 8 * MM, y + 2, f"（{card.face}）", _HEAD)
    y -= 16 * MM
    annual = f"{card.annual}级（{card.annual_year}年度）" if card.annual else "尚未评定"
    for label, value in (
        ("年度等级", annual),
        ("许可证编号", card.permit),
        ("评定日期", chinese_date(card.rated_on)),
    ):
        pen.text(x, y, f"{label}：", _HEAD)
        begin = x + pen.width(f"{label}：", _HEAD)
        if value:
            pen.text(begin, y, value, _FACT)
        else:
            pen.rule(begin, y - 3, begin + 70 * MM, y - 3, 0.8, 0.3)
        y -= 12 * MM


def _foot(pen: Pen, card: RatingCard, colour: Colour) -> None:
    sheet = CARD
    pen.tint(sheet.left, sheet.floor, sheet.text_width, _FOOT_BAND, colour)
    y = sheet.floor + _FOOT_BAND / 2 - 0.38 * _FOOT.size
    pen.text(sheet.left + 8 * MM, y, f"监督举报电话：{card.hotline}", _FOOT)
    pen.right(sheet.right - 8 * MM, y, card.office, replace(_FOOT, size=15.0))
    red, green, blue = colour
    edge = f"q {red:.3f} {green:.3f} {blue:.3f} RG 2.4 w {sheet.left:.2f} {sheet.floor:.2f}"
    pen.ops.append(f"{edge} {sheet.text_width:.2f} {sheet.text_height:.2f} re S Q")
