"""食品生产经营者风险等级确定表 and 年度等级评定表: forms of one page in a grid of cells; knows plain data only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.grade_papers import AnnualForm, GradeForm
from reports.core.book import Book, Pen
from reports.core.fonts import FontSet, Role
from reports.core.official import chinese_date, demo_mark, title_lines
from reports.core.page import A4, ASCENT, DESCENT, MM, Sheet
from reports.core.text import Line, Style, break_lines

RISK_TITLE = "食品生产经营者风险等级确定表"
ANNUAL_TITLE = ("餐饮服务食品安全监督量化分级", "年度等级评定表")
FORM = Sheet(A4[0], A4[1], 24 * MM, 24 * MM, 166 * MM, 249 * MM, 24)
_LABEL, _VALUE = Style(Role.HEI, 11.0), Style(Role.BODY, 11.5)
_SMALL = Style(Role.BODY, 10.5)
_PITCH, _PAD = 1.38, 5.0
_BLANK_DAY = "　　　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words, its share of the width, its least height in points; ``ticks`` stand before its lines."""

    text: str
    share: float
    label: bool = False
    least: float = 0.0
    ticks: tuple[bool, ...] = ()
    small: bool = False
    foot: str = ""


def add_grade_form(book: Book, form: GradeForm) -> None:
    """Append one determination form as a page of its own. Raises MissingGlyph."""
    pen = _page(book, (RISK_TITLE,), f"{form.year} {form.name}", form.demo)
    top = _under_title(pen, f"年度：{form.year}", f"编号：{form.number or '　　　　　　　　'}", 2)
    sign = "（签名）"
    rows = [
        [Cell("企业名称", 0.22, True), Cell(form.name, 0.78)],
        [Cell("企业地址", 0.22, True), Cell(form.address, 0.78)],
        _pair("统一社会信用代码", form.code, "许可证编号", form.permits, small=True),
        _pair("联系人", form.contact, "联系方式", form.phone),
        _pair("上年度风险等级", form.previous, "静态分值", form.static),
        _pair("动态分值", form.dynamic, "风险等级得分", form.score),
        _pair("得分对应等级", form.base, "风险等级建议", form.proposed),
        [Cell("上调等级的情形", 0.22, True), _ticked(form.raising)],
        [Cell("下调等级的情形", 0.22, True), _ticked(form.lowering)],
        [Cell("下一年度风险等级", 0.22, True), Cell(form.grade, 0.78)],
        [Cell("备注", 0.22, True), Cell(form.note, 0.78, least=26 * MM, small=True)],
        [
            Cell("填表人", 0.22, True),
            Cell(sign, 0.28, least=17 * MM, foot=_BLANK_DAY),
            Cell("审核人", 0.22, True),
            Cell(sign, 0.28, foot=_BLANK_DAY),
        ],
    ]
    _draw(book.fonts, pen, top, rows)


def _pair(first: str, one: str, second: str, other: str, small: bool = False) -> list[Cell]:
    """Two labels with their values; ``small`` so that a code of 18 signs stands on one line."""
    return [
        *(Cell(first, 0.22, True), Cell(one, 0.28, small=small)),
        *(Cell(second, 0.22, True), Cell(other, 0.28, small=small)),
    ]


def _ticked(conditions: Sequence[tuple[str, bool]]) -> Cell:
    lines = "\n".join(f"{number}．{name}" for number, (name, _met) in enumerate(conditions, 1))
    return Cell(lines, 0.78, ticks=tuple(met for _name, met in conditions), small=True)


def add_annual_form(book: Book, form: AnnualForm) -> None:
    """Append one yearly rating form as a page of its own. Raises MissingGlyph."""
    pen = _page(book, ANNUAL_TITLE, f"{form.year} {form.name}", form.demo)
    top = _under_title(pen, f"年度：{form.year}", f"评定日期：{chinese_date(form.decided_on)}", 4)
    rows = [
        [Cell("单位名称", 0.22, True), Cell(form.name, 0.78)],
        [Cell("经营地址", 0.22, True), Cell(form.address, 0.78)],
        _pair("许可证号", form.permit, "许可类别", form.permit_kind),
        [Cell("检查日期", 0.34, True), Cell("得分", 0.33, True), Cell("评定等级", 0.33, True)],
        *(
            [Cell(chinese_date(day), 0.34), Cell(score, 0.33), Cell(rating, 0.33)]
            for day, score, rating in form.ratings
        ),
        _pair("年度平均得分", form.mean, "年度等级", form.grade),
    ]
    for label, opinion in zip(("初评意见", "复评意见", "审批意见"), form.opinions):
        foot = f"（签名）　　　　{_BLANK_DAY}"
        rows.append([Cell(label, 0.22, True), Cell(opinion, 0.78, least=26 * MM, foot=foot)])
    _draw(book.fonts, pen, top, rows)


def _page(book: Book, title: tuple[str, ...], mark: str, demo: bool) -> Pen:
    pen = book.page(FORM)
    book.bookmark(mark)
    if demo:
        demo_mark(pen, FORM)
    title_lines(pen, FORM, title, 0)
    return pen


def _under_title(pen: Pen, left: str, right: str, row: float) -> float:
    """The line between title and table; returns the table's upper edge."""
    y = FORM.baseline(row, _VALUE.size)
    pen.text(FORM.left, y, left, _VALUE)
    pen.right(FORM.right, y, right, _VALUE)
    return y - 9


def _draw(fonts: FontSet, pen: Pen, top: float, rows: Sequence[Sequence[Cell]]) -> None:
    """The grid, shrunk in its type where it would not fit on the page."""
    scale = 1.0
    while True:
        heights = [_height(fonts, row, scale) for row in rows]
        if sum(heights) <= top - FORM.floor or scale < 0.55:
            break
        scale -= 0.05
    for row, height in zip(rows, heights):
        x = FORM.left
        for cell in row:
            wide = cell.share * FORM.text_width
            if cell.label:
                pen.fill(x, top - height, wide, height, 0.95)
            pen.frame(x, top - height, wide, height, 0.6)
            _fill(fonts, pen, cell, x, top, wide, height, scale)
            x += wide
        top -= height


def _style(cell: Cell, scale: float) -> Style:
    style = _LABEL if cell.label else _SMALL if cell.small else _VALUE
    return replace(style, size=style.size * scale)


def _tick_room(cell: Cell, style: Style) -> float:
    return style.size * 1.5 if cell.ticks else 0.0


def _lines(fonts: FontSet, cell: Cell, style: Style, wide: float) -> list[list[Line]]:
    """The lines of each paragraph of a cell."""
    room = wide - 2 * _PAD - _tick_room(cell, style)
    glyphs = fonts.glyphs(style.role)
    return [break_lines(part, glyphs, style, room, justify=False) for part in cell.text.splitlines() if part]


def _height(fonts: FontSet, row: Sequence[Cell], scale: float) -> float:
    found = 9 * MM * scale
    for cell in row:
        style = _style(cell, scale)
        count = sum(len(part) for part in _lines(fonts, cell, style, cell.share * FORM.text_width))
        foot = style.size * 2.2 if cell.foot else 0.0
        found = max(found, cell.least * scale, count * style.size * _PITCH + 2 * _PAD + foot)
    return found


def _fill(fonts: FontSet, pen: Pen, cell: Cell, x: float, top: float, wide: float, height: float, scale: float) -> None:
    style = _style(cell, scale)
    parts = _lines(fonts, cell, style, wide)
    count, step = sum(len(part) for part in parts), style.size * _PITCH
    if cell.foot:
        pen.right(x + wide - _PAD, top - height + _PAD + 2, cell.foot, style)
        y = top - _PAD - style.size
    else:
        y = top - height / 2 + (count - 1) * step / 2 - (ASCENT - DESCENT) / 2 * style.size
    begin = x + _PAD + _tick_room(cell, style)
    centre = cell.label or (count == 1 and not cell.ticks and not cell.foot and cell.share < 0.5)
    for number, part in enumerate(parts):
        if cell.ticks:
            _box(pen, x + _PAD, y - 0.06 * style.size, style.size * 0.85, cell.ticks[number])
        for line in part:
            pen.line(x + (wide - line.width) / 2 if centre else begin, y, line, style)
            y -= step


def _box(pen: Pen, x: float, y: float, size: float, ticked: bool) -> None:
    """An empty box, or one with a tick in it."""
    pen.frame(x, y, size, size, 0.7)
    if ticked:
        pen.rule(x + size * 0.18, y + size * 0.5, x + size * 0.42, y + size * 0.22, 1.4)
        pen.rule(x + size * 0.40, y + size * 0.22, x + size * 0.85, y + size * 0.82, 1.4)
