"""Forms that flow over pages: text, facts to fill in and rows of cells, with lines to sign on each page; no topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from reports.core.book import Book, Pen
from reports.core.errors import located
from reports.core.fonts import FontSet, Role
from reports.core.official import balanced_title, demo_mark
from reports.core.page import A4, ASCENT, DESCENT, ER_HAO, MM, Sheet
from reports.core.text import Line, Style, break_lines, text_width

FORM = Sheet(A4[0], A4[1], 24 * MM, 21 * MM, 166 * MM, 256 * MM, 24)
TITLE = Style(Role.TITLE, ER_HAO)
LABEL, VALUE, SMALL = Style(Role.HEI, 11.0), Style(Role.BODY, 11.5), Style(Role.BODY, 10.0)
TEXT, HEAD = Style(Role.BODY, 12.0), Style(Role.HEI, 12.0)
FACT = Style(Role.BODY, 11.0)
FOOT = Style(Role.SONG, 9.0, gray=0.25)
_SIGN_ROW = 24.0
_GAP = 16.0
_EPS = 0.01


class Piece(Protocol):
    """Something of a height that is drawn from its upper edge down, on one page unless it can be split."""

    @property
    def height(self) -> float:
        """Points taken on a page."""
        ...

    def draw(self, pen: Pen, top: float) -> None:
        """Draw it with its upper edge at ``top``."""
        ...

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """What fits into ``room`` points and the rest; None where nothing does."""
        ...


@dataclass(frozen=True, slots=True)
class Gap:
    """Free room; at the head of a page none."""

    height: float

    def draw(self, pen: Pen, top: float) -> None:
        """Nothing."""

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Never."""
        return None


@dataclass(frozen=True, slots=True)
class Together:
    """Pieces that stay on one page while they fit on one."""

    pieces: tuple[Piece, ...]

    @property
    def height(self) -> float:
        """All of them."""
        return sum(piece.height for piece in self.pieces)

    def draw(self, pen: Pen, top: float) -> None:
        """One under the other."""
        for piece in self.pieces:
            piece.draw(pen, top)
            top -= piece.height

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Only where the last one can be: what stands before it stays with its beginning."""
        before = sum(piece.height for piece in self.pieces[:-1])
        parts = self.pieces[-1].split(room - before)
        return (Together((*self.pieces[:-1], parts[0])), parts[1]) if parts else None


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of text below one another."""

    lines: tuple[Line, ...]
    style: Style
    pitch: float
    left: float = FORM.left
    #: Points by which each line is ruled below, 0 for none: a text that is filled in by hand when it is empty.
    ruled: float = 0.0

    @property
    def height(self) -> float:
        """All lines."""
        return len(self.lines) * self.pitch

    def draw(self, pen: Pen, top: float) -> None:
        """Each line in the middle of its row."""
        y = top - self.pitch / 2 - (ASCENT - DESCENT) / 2 * self.style.size
        for line in self.lines:
            if line.text:
                pen.line(self.left, y, line, self.style)
            if self.ruled:
                pen.rule(self.left, y - 4, self.left + self.ruled, y - 4, 0.5, 0.35)
            y -= self.pitch

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Between lines, never one line alone."""
        count = int((room + _EPS) // self.pitch)
        count = min(count, len(self.lines) - 2) if len(self.lines) - count == 1 else count
        if count < 2:
            return None
        return replace(self, lines=self.lines[:count]), replace(self, lines=self.lines[count:])


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with its value over a line; an empty value is a line to write on. ``share`` of the width."""

    label: str
    value: str = ""
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class FactRow:
    """Facts side by side, set."""

    cells: tuple[tuple[str, float, float, tuple[Line, ...]], ...]
    pitch: float
    indent: float = 0.0

    @property
    def height(self) -> float:
        """The longest value."""
        return max(1, *(len(lines) for _label, _x, _wide, lines in self.cells)) * self.pitch

    def draw(self, pen: Pen, top: float) -> None:
        """Label, value, line."""
        for label, x, wide, lines in self.cells:
            y = top - self.pitch / 2 - (ASCENT - DESCENT) / 2 * FACT.size
            pen.text(x, y, label, FACT)
            begin = x + pen.width(label, FACT)
            for number in range(max(1, len(lines))):
                if number < len(lines):
                    pen.line(begin + 2, y, lines[number], FACT)
                pen.rule(begin, y - 3.5, x + wide, y - 3.5, 0.5, 0.35)
                y -= self.pitch

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Never."""
        return None


def text_lines(
    fonts: FontSet, text: str, style: Style = TEXT, indent: float = 2.0, pitch: float = 20.0, justify: bool = True
) -> list[Lines]:
    """The paragraphs of a text over the whole width, each indented by so many characters."""
    found = []
    for part in text.splitlines():
        if part.strip():
            with located(f"“{part.strip()[:12]}…”"):
                glyphs = fonts.glyphs(style.role)
                lines = break_lines(part.strip(), glyphs, style, FORM.text_width, indent * style.size, justify)
            found.append(Lines(tuple(lines), style, pitch))
    return found


def blank_lines(count: int, pitch: float = 24.0) -> Lines:
    """Ruled lines to write on."""
    return Lines((Line("", 0.0, 0.0, 0.0, None, 0),) * count, TEXT, pitch, ruled=FORM.text_width)


def fact_rows(fonts: FontSet, *facts: Fact, pitch: float = 22.0) -> list[FactRow]:
    """Facts in rows: those whose shares add up to 1 stand side by side while each has room on one line."""
    rows: list[FactRow] = []
    waiting: list[Fact] = []
    for one in facts:
        if waiting and sum(fact.share for fact in waiting) + one.share > 1 + _EPS:
            rows += _fact_row(fonts, waiting, pitch)
            waiting = []
        waiting.append(one)
    return rows + _fact_row(fonts, waiting, pitch)


def _fact_row(fonts: FontSet, facts: Sequence[Fact], pitch: float) -> list[FactRow]:
    """One row, or one a fact where a value would not fit on its line."""
    x, cells = FORM.left, []
    for at, one in enumerate(facts):
        end = x + one.share * FORM.text_width if at < len(facts) - 1 else FORM.right + _GAP
        wide = end - x - _GAP
        with located(f"“{one.label}”"):
            glyphs = fonts.glyphs(FACT.role)
            label = text_width(one.label, glyphs, FACT)
            value = " ".join(one.value.split("\n"))
            lines = break_lines(value, glyphs, FACT, wide - label - 4, justify=False) if value.strip() else []
        if len(lines) > 1 and len(facts) > 1:
            return [row for fact in facts for row in _fact_row(fonts, [replace(fact, share=1.0)], pitch)]
        cells.append((one.label, x, wide, tuple(lines)))
        x = end
    return [FactRow(tuple(cells), pitch)]


@dataclass(frozen=True, slots=True)
class Sign:
    """A label with a line to sign on, then ``tail`` (the day to fill in); ``share`` of the width."""

    label: str
    tail: str = ""
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form: title, the line under it, pieces, lines to sign at the foot of each page.

    ``header`` is repeated at the head of each further page; ``counted`` prints «第 1 页　共 2 页».
    """

    title: tuple[str, ...]
    pieces: Sequence[Piece]
    mark: str
    left: str = ""
    right: str = ""
    header: Piece | None = None
    signs: tuple[tuple[Sign, ...], ...] = ()
    counted: bool = False
    demo: bool = False
    #: Words over the signatures of each page.
    sign_words: str = ""


def add_form(book: Book, form: Form) -> int:
    """Append a form to a book of many; returns its pages. Raises MissingGlyph."""
    titles = [part for line in form.title for part in balanced_title(book.fonts, line, FORM.text_width)]
    head = len(titles) * 31.0 + (24.0 if form.left or form.right else 10.0)
    foot = _foot_height(form)
    room = FORM.text_height - foot
    pages = paginate(form.pieces, room - head, room, form.header)
    for number, placed in enumerate(pages, start=1):
        pen = book.page(FORM)
        if number == 1:
            book.bookmark(form.mark)
        if form.demo:
            demo_mark(pen, FORM)
        if number == 1:
            _draw_title(pen, form, titles)
        start = FORM.ceiling - (head if number == 1 else 0.0)
        for piece, offset in placed:
            piece.draw(pen, start - offset)
        _draw_foot(pen, form, foot)
        if form.counted:
            words = f"第 {number} 页　共 {len(pages)} 页"
            pen.centred(FORM.left + FORM.text_width / 2, FORM.floor - 4, words, FOOT)
    return len(pages)


def paginate(
    pieces: Sequence[Piece], first: float, room: float, header: Piece | None = None
) -> list[list[tuple[Piece, float]]]:
    """Which pieces stand on which page, each with the points above it; the first page has ``first`` points."""
    pages: list[list[tuple[Piece, float]]] = [[]]
    left, used = first, 0.0

    def turn() -> None:
        nonlocal left, used
        pages.append([])
        left, used = room, 0.0
        if header is not None:
            pages[-1].append((header, 0.0))
            used = header.height

    rest = list(reversed(pieces))
    while rest:
        piece = rest.pop()
        fresh = not pages[-1] or (header is not None and len(pages) > 1 and len(pages[-1]) == 1)
        if isinstance(piece, Gap) and (fresh or used + piece.height > left):
            continue
        if used + piece.height <= left + _EPS:
            pages[-1].append((piece, used))
            used += piece.height
            continue
        parts = piece.split(left - used)
        if parts is not None:
            pages[-1].append((parts[0], used))
            rest.append(parts[1])
            turn()
        elif fresh:  # higher than a page and not to be cut
            pages[-1].append((piece, used))
            used += piece.height
        else:
            rest.append(piece)
            turn()
    return pages


def _draw_title(pen: Pen, form: Form, titles: Sequence[str]) -> None:
    y = FORM.ceiling - TITLE.size
    middle = FORM.left + FORM.text_width / 2
    for line in titles:
        style = TITLE
        while pen.width(line, style) > FORM.text_width and style.size > 12:
            style = replace(style, size=style.size - 1)
        pen.centred(middle, y, line, style)
        y -= 31
    pen.text(FORM.left, y + 4, form.left, VALUE)
    pen.right(FORM.right, y + 4, form.right, VALUE)


def _foot_height(form: Form) -> float:
    words = 16.0 if form.sign_words else 0.0
    counted = 16.0 if form.counted else 0.0
    return len(form.signs) * _SIGN_ROW + words + counted + (8.0 if form.signs else 0.0)


def _draw_foot(pen: Pen, form: Form, height: float) -> None:
    y = FORM.floor + height - 8.0
    if form.sign_words:
        y -= 16.0
        pen.text(FORM.left, y + 4, form.sign_words, SMALL)
    for row in form.signs:
        y -= _SIGN_ROW
        x = FORM.left
        for sign in row:
            end = x + sign.share * FORM.text_width - (_GAP if sign is not row[-1] else 0.0)
            begin = x + pen.width(sign.label, VALUE) + 2
            pen.text(x, y + 5, sign.label, VALUE)
            pen.rule(begin, y + 2, end - pen.width(sign.tail, VALUE) - 2, y + 2, 0.5, 0.35)
            pen.right(end, y + 5, sign.tail, VALUE)
            x += sign.share * FORM.text_width
