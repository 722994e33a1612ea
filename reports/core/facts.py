"""Labels and values one under the other in a ruled box, as on covers and slips; knows no topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reports.core.book import Pen
from reports.core.fonts import FontSet, Role
from reports.core.page import ASCENT, DESCENT, MM
from reports.core.text import Line, Style, break_lines

_LABEL, _VALUE = Style(Role.HEI, 13.0), Style(Role.BODY, 13.5)
_PAD = 6.0


def draw_facts(
    fonts: FontSet,
    pen: Pen,
    box: tuple[float, float, float],
    facts: Sequence[tuple[str, str]],
    label_width: float = 36 * MM,
    least: float = 12 * MM,
    size: float = 13.5,
) -> float:
    """Draw a box of label and value rows; returns its lower edge.

    ``box`` is left, top, width; all in points, ``least`` the height of a row. Raises MissingGlyph.
    """
    left, top, width = box
    label_style, value_style = replace(_LABEL, size=size - 0.5), replace(_VALUE, size=size)
    for label, value in facts:
        room = width - label_width - 2 * _PAD
        lines = _lines(fonts, value, value_style, room)
        step = size * 1.4
        height = max(least, len(lines) * step + 2 * _PAD)
        pen.fill(left, top - height, label_width, height, 0.96)
        pen.frame(left, top - height, label_width, height, 0.6)
        pen.frame(left + label_width, top - height, width - label_width, height, 0.6)
        middle = top - height / 2
        drop = (ASCENT - DESCENT) / 2
        pen.centred(left + label_width / 2, middle - drop * label_style.size, label, label_style)
        y = middle + (len(lines) - 1) * step / 2 - drop * size
        for line in lines:
            pen.line(left + label_width + _PAD, y, line, value_style)
            y -= step
        top -= height
    return top


def _lines(fonts: FontSet, text: str, style: Style, room: float) -> list[Line]:
    glyphs = fonts.glyphs(style.role)
    parts = [part for part in text.splitlines() if part.strip()]
    return [line for part in parts for line in break_lines(part.strip(), glyphs, style, room, justify=False)]
