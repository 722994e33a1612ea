"""An official paper of headings, paragraphs and tables on the GB/T 9704-2012 grid; knows no figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.core.book import About, Book, Pen
from reports.core.errors import located
from reports.core.fonts import FontSet, Role
from reports.core.official import (
    BODY,
    HEADINGS,
    INDENT,
    SIGNATURE_ROWS,
    body_lines,
    demo_mark,
    page_number,
    signature,
    title_lines,
)
from reports.core.page import OFFICIAL, OFFICIAL_WIDE, SAN_HAO, WU_HAO, XIAO_SI, Sheet
from reports.core.tables import Column, Look, TableSetter, column_widths
from reports.core.text import Line, Style, break_lines

_CAPTION = Style(Role.HEI, XIAO_SI)
_LOOK = Look(Style(Role.BODY, WU_HAO), Style(Role.HEI, WU_HAO), 15.0, pad_x=4.5, pad_y=4.0, grid=True)
_ANNEX = Style(Role.HEI, SAN_HAO)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: 1 「一、」 黑体, 2 「（一）」 楷体, 3 「1.」, 4 「（1）」 仿宋; its text has the number."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph indented by two characters; `lead` opens it as a run-in heading of `lead_level`."""

    text: str
    lead: str = ""
    lead_level: int = 2
    indent: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a full grid; its header is repeated on each page."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """署名 and date with room for the seal; never alone on a page."""

    office: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Signing:
    """Labels in the right half, each with a line to write on; never alone on a page."""

    labels: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Grid rows taken."""
        return 1 + 2 * len(self.labels)


Block = Heading | Paragraph | Table | Closing | Signing


@dataclass(frozen=True, slots=True)
class Appendix:
    """An annex on a page of its own: label 「附件1」, title lines, blocks; lying or upright."""

    label: str
    title_lines: tuple[str, ...]
    blocks: Sequence[Block]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class OfficialText:
    """A whole paper; `title_lines` are set as given, one line each."""

    title_lines: tuple[str, ...]
    blocks: Sequence[Block]
    author: str = ""
    subject: str = ""
    appendices: Sequence[Appendix] = ()
    demo: bool = False
    #: 发文字号 under the title; '' for a paper that has none.
    number: str = ""
    created: datetime | None = field(default=None, compare=False)

    @property
    def title(self) -> str:
        """The title in one line."""
        return "".join(self.title_lines)


def render_official(text: OfficialText, out: Path, fonts: FontSet | None = None) -> int:
    """Write the paper as PDF; returns the number of pages. Raises MissingGlyph, DocumentError."""
    about = About(text.title, text.author, text.subject, created=text.created)
    with located(text.title), Book(out, about, fonts) as book:
        flow = _Flow(book, OFFICIAL, text.demo)
        flow.title(text.title_lines, text.number)
        flow.blocks(text.blocks)
        for appendix in text.appendices:
            flow = _Flow(book, OFFICIAL_WIDE if appendix.landscape else OFFICIAL, text.demo)
            flow.appendix(appendix)
    return book.pages


def add_official(book: Book, text: OfficialText, marks: Sequence[tuple[str, int]] = ()) -> None:
    """Append a paper to a book of many, numbered from page 1; ``marks`` (words, level) are its outline entries."""
    before = book.pages
    with located(text.title):
        flow = _Flow(book, OFFICIAL, text.demo, before, quiet=True)
        for words, level in marks:
            book.bookmark(words, level)
        flow.title(text.title_lines, text.number)
        flow.blocks(text.blocks)
        for appendix in text.appendices:
            sheet = OFFICIAL_WIDE if appendix.landscape else OFFICIAL
            _Flow(book, sheet, text.demo, before, quiet=True).appendix(appendix)


def official_bytes(text: OfficialText, fonts: FontSet | None = None) -> bytes:
    """The paper as the bytes of a PDF, for a preview."""
    with TemporaryDirectory(prefix="shian-preview-") as folder:
        out = Path(folder) / "preview.pdf"
        render_official(text, out, fonts)
        return out.read_bytes()


def _rows_after(block: Block | None) -> int:
    """Rows that must follow on the same page as a paragraph's last lines."""
    if isinstance(block, Closing):
        return SIGNATURE_ROWS
    return block.rows if isinstance(block, Signing) else 0


class _Flow:
    """Puts blocks one under the other on a sheet's grid and turns the page when it is full."""

    def __init__(self, book: Book, sheet: Sheet, demo: bool, before: int = 0, quiet: bool = False) -> None:
        """``before`` pages of the book are not counted; ``quiet`` leaves the outline alone."""
        self._book = book
        self._before = before
        self._quiet = quiet
        self._sheet = sheet
        self._demo = demo
        self._row = 0.0
        self._pen = self._turn()

    def _turn(self) -> Pen:
        number = self._book.pages + 1 - self._before
        self._pen = self._book.page(self._sheet, lambda pen: page_number(pen, self._sheet, number))
        self._row = 0.0
        if self._demo:
            demo_mark(self._pen, self._sheet)
        return self._pen

    def title(self, lines: tuple[str, ...], number: str = "") -> None:
        """The 二号 title and one free row, or the number with half a row above and below."""
        self._row += title_lines(self._pen, self._sheet, lines, self._row)
        if number:
            middle = self._sheet.left + self._sheet.text_width / 2
            self._pen.centred(middle, self._sheet.baseline(self._row + 0.5, BODY.size), number, BODY)
        self._row += 2 if number else 1

    def appendix(self, appendix: Appendix) -> None:
        """The label at the left edge in 黑体, the title, the blocks."""
        self._pen.text(self._sheet.left, self._sheet.baseline(0, SAN_HAO), appendix.label, _ANNEX)
        self._mark(f"{appendix.label}　{''.join(appendix.title_lines)}", 0)
        self._row = 1.5
        self.title(appendix.title_lines)
        self._row = ceil(self._row - 0.5)
        self.blocks(appendix.blocks)

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Set all blocks; a closing takes the last two lines of text before it along to its page."""
        for at, block in enumerate(blocks):
            following = blocks[at + 1] if at + 1 < len(blocks) else None
            if isinstance(block, Heading):
                self._heading(block)
            elif isinstance(block, Paragraph):
                self._paragraph(block, _rows_after(following))
            elif isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Signing):
                self._signing(block)
            else:
                self._need(SIGNATURE_ROWS)
                signature(self._pen, block.office, block.day, self._row, self._sheet)
                self._row += SIGNATURE_ROWS

    def _signing(self, block: Signing) -> None:
        sheet = self._sheet
        self._need(block.rows)
        begin = sheet.left + sheet.text_width * 0.42
        widest = max(self._pen.width(label, BODY) for label in block.labels)
        for at, label in enumerate(block.labels):
            y = sheet.baseline(self._row + 1 + 2 * at, BODY.size)
            self._pen.text(begin, y, label, BODY)
            self._pen.rule(begin + widest + 4, y - 3, sheet.right, y - 3, 0.6, 0.2)
        self._row += block.rows

    def _mark(self, words: str, level: int) -> None:
        if not self._quiet:
            self._book.bookmark(words, level)

    def _need(self, rows: float) -> None:
        if self._row and self._row + rows > self._sheet.rows + 0.01:
            self._turn()

    def _heading(self, block: Heading) -> None:
        style = HEADINGS[block.level]
        with located(f"标题“{block.text}”"):
            lines = body_lines(self._book.fonts, block.text, style, measure=self._sheet.text_width)
        self._need(len(lines) + 1)  # a heading never ends a page
        if block.level <= 2:
            self._mark(block.text, block.level - 1)
        for line in lines:
            self._draw(line, style)

    def _paragraph(self, block: Paragraph, tail: int) -> None:
        fonts, lead_style = self._book.fonts, HEADINGS[block.lead_level]
        with located(f"段落“{(block.lead + block.text)[:12]}…”"):
            lines = break_lines(
                block.text,
                fonts.glyphs(BODY.role),
                BODY,
                self._sheet.text_width,
                INDENT if block.indent else 0.0,
                lead=block.lead,
                lead_glyphs=fonts.glyphs(lead_style.role),
            )
        if block.lead and block.lead_level <= 2:
            self._need(1)
            self._mark(block.lead.rstrip("。：:"), block.lead_level - 1)
        keep = min(2, len(lines)) if tail else 0
        for at, line in enumerate(lines):
            left = len(lines) - at
            if left == keep and self._row + left + tail > self._sheet.rows + 0.01:
                self._turn()
            self._need(1)
            self._lead_and_rest(line, len(block.lead), lead_style)

    def _lead_and_rest(self, line: Line, lead: int, style: Style) -> None:
        inside = min(max(lead - line.start, 0), len(line.text))
        if inside == 0 or style is BODY:
            self._draw(line, BODY)
            return
        if inside == len(line.text):
            self._draw(line, style)
            return
        kerns = line.kerns or {}
        glyphs = self._book.fonts.glyphs(style.role)
        width = sum(
            style.size * glyphs[char] + line.tracking - kerns.get(at, 0.0)
            for at, char in enumerate(line.text[:inside])
        )
        head = line._replace(text=line.text[:inside])
        rest = line._replace(
            text=line.text[inside:],
            x=line.x + width,
            kerns={at - inside: kern for at, kern in kerns.items() if at >= inside} or None,
        )
        y = self._sheet.baseline(self._row, BODY.size)
        self._pen.line(self._sheet.left, y, head, style)
        self._draw(rest, BODY)

    def _draw(self, line: Line, style: Style) -> None:
        self._pen.line(self._sheet.left, self._sheet.baseline(self._row, style.size), line, style)
        self._row += 1

    def _table(self, block: Table) -> None:
        fonts, sheet = self._book.fonts, self._sheet
        with located(f"表“{block.caption}”" if block.caption else "表"):
            widths = column_widths(fonts, block.columns, block.rows, _LOOK, sheet.text_width)
            table = TableSetter(fonts, block.columns, widths, _LOOK)
            header, rows = table.header(), [table.row(values) for values in block.rows]
        first = rows[0].height if rows else 0.0
        room = (header.height + min(first, sheet.text_height / 3)) / sheet.pitch
        self._need(room + (1 if block.caption else 0))
        if block.caption:
            middle = sheet.left + sheet.text_width / 2
            self._pen.centred(middle, sheet.baseline(self._row, _CAPTION.size), block.caption, _CAPTION)
            self._row += 1
        top = table.draw(self._pen, sheet.left, sheet.ceiling - self._row * sheet.pitch, header)
        for row in rows:
            while top - row.height < sheet.floor - 0.01:
                parts = table.split(row, top - sheet.floor) if row.height > sheet.text_height / 2 else None
                if parts:
                    table.draw(self._pen, sheet.left, top, parts[0])
                    row = parts[1]
                self._turn()
                top = table.draw(self._pen, sheet.left, sheet.ceiling, header)
            top = table.draw(self._pen, sheet.left, top, row)
        self._row = ceil((sheet.ceiling - top) / sheet.pitch + 0.2)
