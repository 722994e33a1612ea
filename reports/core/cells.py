"""Rows of cells of a form: labels, values, choices to tick, room to sign; knows no page and no topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reports.core.book import Pen
from reports.core.errors import located
from reports.core.flow import FORM, LABEL, SMALL, VALUE, Piece
from reports.core.fonts import FontSet
from reports.core.page import ASCENT, DESCENT, MM
from reports.core.text import Line, Style, break_lines

_PITCH = 1.42
_PAD = 5.0
_LEAST = 8.5 * MM
_TIGHT_PAD, _TIGHT_LEAST = 3.0, 6.5 * MM
"""Rows of small cells alone: tables with many of them."""
Align = Literal["left", "centre", "auto"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words, its share of the width, its least height in points.

    ``ticks`` are choices (word, chosen) with a box before each, set one behind the other, or below one another where
    ``stacked``; ``foot`` stands at the lower right, for a signature.
    """

    text: str = ""
    share: float = 1.0
    label: bool = False
    least: float = 0.0
    ticks: tuple[tuple[str, bool], ...] = ()
    stacked: bool = False
    small: bool = False
    foot: str = ""
    align: Align = "auto"


@dataclass(frozen=True, slots=True)
class _Set:
    """A cell set into lines, each of one piece of text or more; ``boxes`` to tick are (line, x, chosen)."""

    cell: Cell
    x: float
    wide: float
    style: Style
    lines: tuple[tuple[Line, ...], ...]
    boxes: tuple[tuple[int, float, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class CellRow:
    """A row of cells, set."""

    cells: tuple[_Set, ...]
    height: float

    def draw(self, pen: Pen, top: float) -> None:
        """Frames, then contents."""
        for one in self.cells:
            if one.cell.label:
                pen.fill(one.x, top - self.height, one.wide, self.height, 0.955)
            pen.frame(one.x, top - self.height, one.wide, self.height, 0.6, 0.15)
            _fill(pen, one, top, self.height)

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Between the lines of its longest cell; a signature goes with the rest."""
        longest = max(len(one.lines) for one in self.cells)
        step = max(one.style.size * _PITCH for one in self.cells)
        count = min(int((room - 2 * _PAD) // step), longest - 2)
        if longest < 6 or count < 3:
            return None
        above, below = [], []
        for one in self.cells:
            cut = count if len(one.lines) == longest else min(count, len(one.lines))
            top_cell = replace(one.cell, foot="") if one.cell.foot else one.cell
            boxes = one.boxes
            above.append(
                replace(one, cell=top_cell, lines=one.lines[:cut], boxes=tuple(b for b in boxes if b[0] < cut))
            )
            if one.cell.label:  # says on the next page too what the rest is of
                below.append(one)
                continue
            rest = tuple((line - cut, x, on) for line, x, on in boxes if line >= cut)
            below.append(replace(one, lines=one.lines[cut:], boxes=rest))
        return CellRow(tuple(above), _row_height(above)), CellRow(tuple(below), _row_height(below))


@dataclass(frozen=True, slots=True)
class GroupRows:
    """Rows that share one cell at the left with their group's name; cut between rows where a page is full."""

    name: _Set
    rows: tuple[CellRow, ...]

    @property
    def height(self) -> float:
        """All rows, or what the name needs."""
        return max(sum(row.height for row in self.rows), self._least)

    @property
    def _least(self) -> float:
        return _row_height([self.name])

    def draw(self, pen: Pen, top: float) -> None:
        """The name over all rows; the last row takes what is over."""
        height, left = self.height, self.name.x
        pen.fill(left, top - height, self.name.wide, height, 0.955)
        pen.frame(left, top - height, self.name.wide, height, 0.6, 0.15)
        _fill(pen, self.name, top, height)
        for row in self.rows[:-1]:
            row.draw(pen, top)
            top -= row.height
            height -= row.height
        replace(self.rows[-1], height=height).draw(pen, top)

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """After the last row that fits, if the name has room in both parts."""
        count, used = 0, 0.0
        while count < len(self.rows) - 1 and used + self.rows[count].height <= room:
            used += self.rows[count].height
            count += 1
        if not count or used < self._least:
            return None
        return replace(self, rows=self.rows[:count]), replace(self, rows=self.rows[count:])


def group_rows(fonts: FontSet, name: str, share: float, rows: Sequence[Sequence[Cell]]) -> GroupRows:
    """Rows beside one cell of ``share`` of the width with the name of their group."""
    wide = share * FORM.text_width
    cell = Cell(name, share, label=True)
    with located(f"“{name}”"):
        head = _set(fonts, cell, FORM.left, wide, 1.0)
    return GroupRows(head, tuple(_cell_row(fonts, row, 1.0, FORM.left + wide) for row in rows))


def cell_rows(fonts: FontSet, rows: Sequence[Sequence[Cell]], scale: float = 1.0) -> list[CellRow]:
    """Rows of cells set over the whole width; ``scale`` shrinks their type."""
    return [_cell_row(fonts, row, scale) for row in rows]


def _cell_row(fonts: FontSet, row: Sequence[Cell], scale: float, x: float = FORM.left) -> CellRow:
    cells = []
    for cell in row:
        wide = cell.share * FORM.text_width
        with located(f"“{(cell.text or (cell.ticks[0][0] if cell.ticks else cell.foot))[:12]}”"):
            cells.append(_set(fonts, cell, x, wide, scale))
        x += wide
    return CellRow(tuple(cells), _row_height(cells, scale))


def _set(fonts: FontSet, cell: Cell, x: float, wide: float, scale: float) -> _Set:
    style = LABEL if cell.label else SMALL if cell.small else VALUE
    style = replace(style, size=style.size * scale)
    glyphs, room = fonts.glyphs(style.role), wide - 2 * _PAD
    lines: list[tuple[Line, ...]] = []
    for part in cell.text.splitlines():
        if part.strip():
            lines += [(line,) for line in break_lines(part.rstrip(), glyphs, style, room, justify=False)]
    boxes: list[tuple[int, float, bool]] = []
    side, gap, at = style.size * 1.35, style.size * 1.2, room + 1.0
    for word, chosen in cell.ticks:
        broken = break_lines(word, glyphs, style, room - side, justify=False)
        need = side + broken[0].width
        if cell.stacked or len(broken) > 1 or at + need > room:
            boxes.append((len(lines), 0.0, chosen))
            lines += [(line._replace(x=side),) for line in broken]
            at = need + gap if len(broken) == 1 else room + 1.0
        else:
            boxes.append((len(lines) - 1, at, chosen))
            lines[-1] = (*lines[-1], broken[0]._replace(x=at + side))
            at += need + gap
    return _Set(cell, x, wide, style, tuple(lines), tuple(boxes))


def _row_height(cells: Sequence[_Set], scale: float = 1.0) -> float:
    tight = all(one.cell.small for one in cells)
    found, pad = (_TIGHT_LEAST, _TIGHT_PAD) if tight else (_LEAST, _PAD)
    found *= scale
    for one in cells:
        foot = one.style.size * 2.4 if one.cell.foot else 0.0
        room = len(one.lines) * one.style.size * _PITCH + 2 * pad + foot
        found = max(found, one.cell.least * scale, room)
    return found


def _fill(pen: Pen, one: _Set, top: float, height: float) -> None:
    cell, style = one.cell, one.style
    step, count = style.size * _PITCH, len(one.lines)
    if cell.foot:
        pen.right(one.x + one.wide - _PAD, top - height + _PAD + 2, cell.foot, style)
        y = top - _PAD - style.size
    else:
        y = top - height / 2 + (count - 1) * step / 2 - (ASCENT - DESCENT) / 2 * style.size
    centre = cell.align == "centre" or (
        cell.align == "auto" and (cell.label or (count == 1 and not cell.ticks and not cell.foot and cell.share < 0.4))
    )
    for number, parts in enumerate(one.lines):
        x = one.x + (one.wide - parts[0].width) / 2 if centre else one.x + _PAD
        for line in parts:
            pen.line(x, y, line, style)
        for at, shift, chosen in one.boxes:
            if at == number:
                tick_box(pen, one.x + _PAD + shift, y - 0.06 * style.size, style.size * 0.88, chosen)
        y -= step


def tick_box(pen: Pen, x: float, y: float, size: float, chosen: bool) -> None:
    """An empty box, or one with a tick in it."""
    pen.frame(x, y, size, size, 0.7)
    if chosen:
        pen.rule(x + size * 0.18, y + size * 0.5, x + size * 0.42, y + size * 0.22, 1.4)
        pen.rule(x + size * 0.40, y + size * 0.22, x + size * 0.85, y + size * 0.82, 1.4)


