"""Tables: widths from a sample of the contents, wrapped cells, rows that break over pages; knows no topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reports.core.book import Pen
from reports.core.errors import located
from reports.core.fonts import FontSet
from reports.core.page import ASCENT, DESCENT
from reports.core.text import Line, Style, break_lines, clean, may_break, text_width

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a printed table; `weight` scales its share of spare width, `min_width` is in points."""

    label: str
    weight: float = 1.0
    min_width: float = 0.0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Look:
    """How a table looks: styles, line pitch and padding in points, full grid or thin rules."""

    cell: Style
    head: Style
    leading: float
    pad_x: float = 4.0
    pad_y: float = 4.0
    grid: bool = False
    zebra: bool = False


@dataclass(frozen=True, slots=True)
class SetRow:
    """A row set into lines, one list a cell."""

    cells: tuple[tuple[Line, ...], ...]
    height: float
    head: bool = False


class TableSetter:
    """Sets and draws the rows of one table of given column widths (points)."""

    def __init__(
        self, fonts: FontSet, columns: Sequence[Column], widths: Sequence[float], look: Look
    ) -> None:
        self._fonts = fonts
        self.columns = columns
        self.widths = widths
        self.look = look
        self.width = sum(widths)
        self._memory: dict[tuple[int, str], tuple[Line, ...]] = {}

    def header(self) -> SetRow:
        """The row of the labels."""
        look = self.look
        glyphs = self._fonts.glyphs(look.head.role)
        cells = []
        for column, width in zip(self.columns, self.widths):
            with located(f"表头“{column.label}”"):
                lines: list[Line] = []
                for part in _label_parts(column.label, glyphs, look.head, width - 2 * look.pad_x):
                    lines += break_lines(part, glyphs, look.head, width - 2 * look.pad_x, justify=False)
                cells.append(tuple(lines))
        return SetRow(tuple(cells), self._height(cells) + 2, True)

    def row(self, values: Sequence[str]) -> SetRow:
        """Set one row; a missing value is empty. Raises MissingGlyph naming the column."""
        cells = tuple(
            self._cell(at, values[at] if at < len(values) else "") for at in range(len(self.columns))
        )
        return SetRow(cells, self._height(cells))

    def _cell(self, at: int, value: str) -> tuple[Line, ...]:
        if not value:
            return ()
        known = self._memory.get((at, value))
        if known is not None:
            return known
        look = self.look
        lines: list[Line] = []
        with located(f"“{self.columns[at].label}”一栏“{value}”"):
            for part in value.splitlines():
                lines += break_lines(
                    part.strip(),
                    self._fonts.glyphs(look.cell.role),
                    look.cell,
                    self.widths[at] - 2 * look.pad_x,
                    justify=False,
                )
        if len(self._memory) > 20_000:
            self._memory.clear()
        self._memory[at, value] = tuple(lines)
        return tuple(lines)

    def _height(self, cells: Sequence[Sequence[Line]]) -> float:
        return max(1, *(len(cell) for cell in cells)) * self.look.leading + 2 * self.look.pad_y

    def split(self, row: SetRow, room: float) -> tuple[SetRow, SetRow] | None:
        """Cut a row that is higher than `room` points; None when not even one line fits."""
        count = int((room - 2 * self.look.pad_y) // self.look.leading)
        if count < 1:
            return None
        above = tuple(cell[:count] for cell in row.cells)
        below = tuple(cell[count:] for cell in row.cells)
        return SetRow(above, self._height(above)), SetRow(below, self._height(below))

    def draw(self, pen: Pen, x: float, top: float, row: SetRow, number: int = 0) -> float:
        """Draw a row with its upper edge at `top`; returns the lower edge. `number` is for the zebra."""
        look = self.look
        style = look.head if row.head else look.cell
        bottom = top - row.height
        if row.head:
            pen.fill(x, bottom, self.width, row.height, 0.93)
        elif look.zebra and number % 2:
            pen.fill(x, bottom, self.width, row.height - 0.4, 0.968)
        left = x
        for column, width, cell in zip(self.columns, self.widths, row.cells):
            y = (top + bottom + (len(cell) - 1) * look.leading - (ASCENT - DESCENT) * style.size) / 2
            align = "centre" if row.head and column.align != "right" else column.align
            for line in cell:
                pen.line(left + _shift(align, width, line.width, look.pad_x), y, line, style)
                y -= look.leading
            left += width
        self._rules(pen, x, top, bottom, row.head)
        return bottom

    def _rules(self, pen: Pen, x: float, top: float, bottom: float, head: bool) -> None:
        right = x + self.width
        if not self.look.grid:
            if head:
                pen.rule(x, top, right, top, 1.0)
            pen.rule(x, bottom, right, bottom, 0.7 if head else 0.3, 0.0 if head else 0.6)
            return
        pen.rule(x, top, right, top, 0.5, 0.2)
        pen.rule(x, bottom, right, bottom, 0.5, 0.2)
        edge = x
        for width in (*self.widths, 0.0):
            pen.rule(edge, top, edge, bottom, 0.5, 0.2)
            edge += width


def _label_parts(label: str, glyphs: Mapping[str, float], style: Style, room: float) -> tuple[str, ...]:
    """A label too long for its column is best cut before its bracket, or into two halves."""
    if text_width(label, glyphs, style) <= room:
        return (label,)
    at = label.find("（")
    if at <= 0:
        at = -(-len(label) // 2)
        if not may_break(label, at):
            return (label,)
    return label[:at], label[at:]


def _shift(align: Align, width: float, line: float, pad: float) -> float:
    if align == "right":
        return width - pad - line
    if align == "centre":
        return (width - line) / 2
    return pad


def column_widths(
    fonts: FontSet, columns: Sequence[Column], sample: Sequence[Sequence[str]], look: Look, total: float
) -> list[float]:
    """Share `total` points out among the columns by what a sample of rows needs.

    A column gets at least its longest unbreakable piece (number, code, half a label), and more of the rest
    the more its contents would like, times its weight.
    """
    cells, heads = fonts.glyphs(look.cell.role), fonts.glyphs(look.head.role)
    least: list[float] = []
    wish: list[float] = []
    for at, column in enumerate(columns):
        values = [clean(row[at]) for row in sample if at < len(row) and row[at]]
        label = text_width(column.label, heads, look.head)
        parts = _label_parts(column.label, heads, look.head, 3 * look.head.size)
        half_label = max(text_width(part, heads, look.head) for part in parts)
        with located(f"“{column.label}”一栏"):
            needs = sorted(text_width(value, cells, look.cell) for value in values)
            pieces = max((_longest_piece(value, cells, look.cell) for value in values), default=0.0)
        usual = needs[int(len(needs) * 0.9)] if needs else 0.0
        pad = 2 * look.pad_x + 0.5
        smallest = max(
            column.min_width,
            min(pieces, total * 0.3) + pad,
            half_label + pad,
            min(usual, 4 * look.cell.size) + pad,
        )
        least.append(smallest)
        wish.append(max(smallest, usual + pad, min(label, 6 * look.head.size) + pad))
    return _share(least, wish, [max(column.weight, 0.01) for column in columns], total)


def _share(least: list[float], wish: list[float], weights: list[float], total: float) -> list[float]:
    wanted, needed = sum(wish), sum(least)
    if needed >= total:
        return [width * total / needed for width in least]
    if wanted <= total:
        spare = [width * weight for width, weight in zip(wish, weights)]
        return [width + (total - wanted) * part / sum(spare) for width, part in zip(wish, spare)]
    # Narrow columns get all they wish; only the wide ones share what is left and wrap.
    widths = list(least)
    left, open_weight = total - needed, sum(weights)
    for at in sorted(range(len(least)), key=lambda at: (wish[at] - least[at]) / weights[at]):
        given = min(wish[at] - least[at], left * weights[at] / open_weight)
        widths[at] += given
        left -= given
        open_weight -= weights[at]
    return widths


def _longest_piece(text: str, glyphs: Mapping[str, float], style: Style) -> float:
    longest, begin = 0.0, 0
    for at in range(1, len(text) + 1):
        if at == len(text) or may_break(text, at):
            if at - begin > 1:
                longest = max(longest, text_width(text[begin:at], glyphs, style))
            begin = at
    return longest
