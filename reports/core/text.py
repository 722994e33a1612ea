"""Breaking Chinese text into lines (避头尾, GB/T 15834-2011 and CLREQ); knows no page and draws nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from reports.core.fonts import Role

NO_START = frozenset("，。．、；：？！…—～·‧）》〉】〕〗」』］｝”’％‰℃°,.;:?!%)]}")
NO_END = frozenset("（《〈【〔〖「『［｛“‘([{￥¥$＄№")
# Full-width marks with a blank half that may be squeezed: the share of an em that can go, after or before.
_BLANK_AFTER = {**dict.fromkeys("，。、）》〉】〕〗」』］｝”’", 0.5), **dict.fromkeys("；：", 0.3)}
_BLANK_BEFORE = dict.fromkeys("（《〈【〔〖「『［｛“‘", 0.5)
_IN_WORD = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,:/-_@&+%'*#~=°")
_SPACES = " \u3000"
# Marks without ink that arrive by pasting: controls, zero-width ones, selectors, BOM, soft hyphen.
_INVISIBLE = re.compile(
    "[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_BLANKS = re.compile("[\t\u00a0\u2000-\u200a\u202f]")
_EPS = 0.01
_MAX_STRETCH = 0.2  # em between two characters; beyond this a line stays ragged


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of text is set: face, size and extra pitch in points, gray 0 (black) … 1 (white)."""

    role: Role
    size: float
    tracking: float = 0.0
    gray: float = 0.0


class Line(NamedTuple):
    """One set line; lengths in points.

    `x` is the indent, `width` the advance of the text, `tracking` the pitch added after each character,
    `kerns` maps the index of a character to what is taken away after it; `start` is the place of the
    first character in the paragraph.
    """

    text: str
    x: float
    width: float
    tracking: float
    kerns: dict[int, float] | None = None
    start: int = 0


def clean(text: str) -> str:
    """The text without characters that have no ink; tabs and odd blanks become a blank."""
    if _INVISIBLE.search(text) is None:
        return text
    return _INVISIBLE.sub("", _BLANKS.sub(" ", text))


def text_width(text: str, glyphs: Mapping[str, float], style: Style) -> float:
    """Advance of the text in points, the pitch after the last character left out."""
    if not text:
        return 0.0
    return style.size * sum(map(glyphs.__getitem__, text)) + style.tracking * (len(text) - 1)


def may_break(text: str, at: int) -> bool:
    """Whether a line may end before `text[at]`: no forbidden mark at either side, no word or number cut."""
    after, before = text[at], text[at - 1]
    if after in NO_START or before in NO_END:
        return False
    return not (before in _IN_WORD and after in _IN_WORD)


def break_lines(
    text: str,
    glyphs: Mapping[str, float],
    style: Style,
    measure: float,
    first: float = 0.0,
    justify: bool = True,
    lead: str = "",
    lead_glyphs: Mapping[str, float] | None = None,
) -> list[Line]:
    """Set one paragraph into lines of `measure` points, the first indented by `first` points.

    With `justify` a closing mark that would start a line is drawn in by squeezing marks of the line where
    they have room, else the character before it goes down with it and the line is spread to the measure.
    A word longer than a line is cut. `lead` stands before the text in another face of the same size
    (`lead_glyphs`). Raises MissingGlyph.
    """
    text = clean(text)
    widths = list(map(glyphs.__getitem__, text))
    if lead and lead_glyphs is not None:
        lead = clean(lead)
        widths = [*map(lead_glyphs.__getitem__, lead), *widths]
        text = lead + text
    size, tracking = style.size, style.tracking
    edges = [0.0, *accumulate([size * width + tracking for width in widths])]
    lines: list[Line] = []
    start, count, indent = 0, len(text), first
    while True:
        room = measure - indent
        base = edges[start]
        if edges[count] - base <= room + _EPS:
            lines.append(Line(text[start:], indent, edges[count] - base, tracking, None, start))
            return lines
        end = bisect_right(edges, base + room + _EPS, start, count) - 1
        squeezed = _squeeze(text, start, end, edges, widths, style, room) if justify and end > start else None
        if squeezed:
            end, line = squeezed
            lines.append(line._replace(x=indent))
        else:
            end = _last_break(text, start, end)
            lines.append(_full_line(text, start, end, edges, indent, room, style, justify))
        start, indent = _skip_spaces(text, end), 0.0
        if start == count:
            return lines


def _skip_spaces(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACES:
        at += 1
    return at


def _last_break(text: str, start: int, end: int) -> int:
    """The last place at or before `end` where the line may end; `end` itself when there is none."""
    if text[end] in _SPACES:
        return max(end, start + 1)
    at = end
    while at > start and not may_break(text, at):
        at -= 1
    if at > start:
        return at
    at = max(end, start + 1)  # a word longer than the line: cut it, but keep marks off the line's ends
    while at > start + 1 and (text[at] in NO_START or text[at - 1] in NO_END):
        at -= 1
    return at


def _full_line(
    text: str,
    start: int,
    end: int,
    edges: list[float],
    indent: float,
    room: float,
    style: Style,
    justify: bool,
) -> Line:
    stop = end
    while stop > start + 1 and text[stop - 1] in _SPACES:
        stop -= 1
    width = edges[stop] - edges[start]
    line = Line(text[start:stop], indent, width, style.tracking, None, start)
    spare = room - width
    if not justify or spare <= 0:
        return line
    # Words and numbers keep their shape: only the gaps between them and Chinese characters give.
    inner = range(start, stop - 1)
    gaps = [at - start for at in inner if not (text[at] in _IN_WORD and text[at + 1] in _IN_WORD)]
    if not gaps or spare > len(gaps) * _MAX_STRETCH * style.size:
        return line
    part = spare / len(gaps)
    if len(gaps) == stop - start - 1:
        return line._replace(width=room, tracking=style.tracking + part)
    return line._replace(width=room, kerns=dict.fromkeys(gaps, -part))


def _squeeze(
    text: str, start: int, end: int, edges: list[float], widths: list[float], style: Style, room: float
) -> tuple[int, Line] | None:
    """The line drawn in so that closing marks after `end` fit, or None where not needed or possible."""
    stop, count = end, len(text)
    while stop < count and stop < end + 3 and text[stop] in _BLANK_AFTER:
        stop += 1
    if stop == end or (stop < count and not may_break(text, stop)):
        return None
    over = edges[stop] - edges[start] - room
    last = _BLANK_AFTER[text[stop - 1]] * style.size  # the blank half at the line's end may stand outside
    share: dict[int, float] = {}
    for index in range(start, stop - 1):
        if widths[index] < 0.9:
            continue
        blank = _BLANK_AFTER.get(text[index], 0.0) + _BLANK_BEFORE.get(text[index + 1], 0.0)
        if blank:
            share[index - start] = min(blank, 0.5)
    inside = over - last
    if inside <= 0:
        return stop, Line(text[start:stop], 0.0, room, style.tracking, None, start)
    total = sum(share.values()) * style.size
    if total < inside:
        return None
    part = inside / total * style.size
    kerns = {at: blank * part for at, blank in share.items()}
    return stop, Line(text[start:stop], 0.0, room, style.tracking, kerns, start)
