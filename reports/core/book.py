"""Writing of a PDF page by page in chunks, joined at the end with shared fonts; knows no topic and no layout."""
from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from reports.core.embed import FontUse
from reports.core.errors import DocumentError
from reports.core.fonts import Face, FontSet, office_fonts
from reports.core.page import Sheet
from reports.core.text import Line, Style, clean, text_width

if TYPE_CHECKING:
    import pikepdf
    from reportlab.pdfgen.canvas import Canvas

CREATOR = "食安台账"


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself; `created` None means now."""

    title: str
    author: str = ""
    subject: str = ""
    keywords: str = ""
    created: datetime | None = None


class Pen:
    """Draws on one page; lengths in points, y upwards. Text goes through the document's shared fonts."""

    def __init__(self, fonts: FontSet, use: FontUse) -> None:
        self._fonts = fonts
        self._use = use
        self.ops: list[str] = []
        self._state: tuple[str, float, float] | None = None
        self._gray = 0.0

    def width(self, text: str, style: Style) -> float:
        """Advance of a one-line text in points. Raises MissingGlyph."""
        return text_width(clean(text), self._fonts.glyphs(style.role), style)

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        """Draw a one-line text from x on."""
        text = clean(text)
        if text:
            text_width(text, self._fonts.glyphs(style.role), style)  # finds the face of each new character
            self.line(x, y, Line(text, 0.0, 0.0, style.tracking), style)

    def centred(self, x: float, y: float, text: str, style: Style) -> None:
        """Draw a one-line text with its middle at x."""
        self.text(x - self.width(text, style) / 2, y, text, style)

    def right(self, x: float, y: float, text: str, style: Style) -> None:
        """Draw a one-line text that ends at x."""
        self.text(x - self.width(text, style), y, text, style)

    def line(self, x: float, y: float, line: Line, style: Style) -> None:
        """Draw a line set with the same style's widths; its measure begins at x, its baseline is y."""
        glyphs = self._fonts.glyphs(style.role)
        self.gray(style.gray)
        out = [f"BT 1 0 0 1 {x + line.x:.3f} {y:.3f} Tm"]
        elsewhere = glyphs.elsewhere
        if elsewhere.keys().isdisjoint(line.text):
            self._run(out, line.text, glyphs.chain[0], style.size, line.tracking, line.kerns, 0)
        else:
            main, begin = glyphs.chain[0], 0
            faces = [elsewhere.get(char, main) for char in line.text]
            for at in range(1, len(faces) + 1):
                if at == len(faces) or faces[at] is not faces[begin]:
                    self._run(out, line.text[begin:at], faces[begin], style.size, line.tracking, line.kerns, begin)
                    begin = at
        out.append("ET")
        self.ops.append(" ".join(out))

    def _run(self, out: list[str], text: str, face: Face, size: float, tracking: float,
             kerns: dict[int, float] | None, offset: int) -> None:
        used = self._use.of(face)
        state = (used.name, size, tracking)
        if state != self._state:
            out.append(f"/{used.name} {size:g} Tf {tracking:.4f} Tc")
            self._state = state
        if not kerns:
            out.append(f"<{used.hex(text)}> Tj")
            return
        parts, begin = [], 0
        for at in range(len(text)):
            if kern := kerns.get(at + offset):
                parts.append(f"<{used.hex(text[begin:at + 1])}> {kern / size * 1000:.2f}")
                begin = at + 1
        if begin < len(text):
            parts.append(f"<{used.hex(text[begin:])}>")
        out.append(f"[{' '.join(parts)}] TJ")

    def gray(self, value: float) -> None:
        """Gray of what is filled from now on, 0 black … 1 white."""
        if value != self._gray:
            self.ops.append(f"{value:g} g")
            self._gray = value

    def rule(self, x1: float, y1: float, x2: float, y2: float, weight: float = 0.5, gray: float = 0.0) -> None:
        """Draw a straight line `weight` points thick."""
        self.ops.append(f"{gray:g} G {weight:g} w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")

    def frame(self, x: float, y: float, width: float, height: float, weight: float = 0.5, gray: float = 0.0) -> None:
        """Draw the outline of a box."""
        self.ops.append(f"{gray:g} G {weight:g} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def fill(self, x: float, y: float, width: float, height: float, gray: float) -> None:
        """Fill a box with gray."""
        self.gray(gray)
        self.ops.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def across(self, x: float, y: float, text: str, style: Style, weight: float = 0.6) -> None:
        """Draw large outlined words rising across the page, middle at (x, y), for 草稿 and 作废."""
        half = self.width(text, style) / 2
        used = self._use.of(self._fonts.face(style.role))
        self.ops.append(
            f"q 0.866 0.5 -0.5 0.866 {x:.2f} {y:.2f} cm {style.gray:g} G {weight:g} w BT /{used.name} {style.size:g} Tf "
            f"{style.tracking:g} Tc 1 Tr 1 0 0 1 {-half:.2f} {-0.38 * style.size:.2f} Tm <{used.hex(text)}> Tj ET Q"
        )
        self._state = None


LastWords = Callable[[Pen, int, int], None]
"""Called for each page when the number of pages is known: pen, page (from 1), pages."""


class Book:
    """A PDF in the making. Use as a context manager; leaving it without error writes `out`, else nothing is left.

    Pages go to disk in chunks of `chunk` pages, so that memory does not grow with the document.
    """

    def __init__(self, out: Path, about: About, fonts: FontSet | None = None, chunk: int = 200,
                 last_words: LastWords | None = None) -> None:
        self.out = Path(out)
        self.about = about
        self.fonts = fonts or office_fonts()
        self.pages = 0
        self._use = FontUse()
        self._chunk = chunk
        self._last_words = last_words
        self._outline: list[tuple[str, int, int]] = []
        self._canvas: Canvas | None = None
        self._pen: Pen | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="shian-pdf-")
        self._parts: list[Path] = []

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._canvas = None
            with suppress(OSError):
                self._folder.cleanup()

    def page(self, sheet: Sheet) -> Pen:
        """Begin a new page and return its pen; the page before is finished."""
        self._end_page()
        if self._canvas is not None and self.pages % self._chunk == 0:
            self._end_chunk()
        if self._canvas is None:
            self._parts.append(Path(self._folder.name, f"{len(self._parts):05d}.pdf"))
            self._canvas = _canvas(self._parts[-1])
        self._canvas.setPageSize((sheet.width, sheet.height))
        self.pages += 1
        self._pen = Pen(self.fonts, self._use)
        return self._pen

    def bookmark(self, title: str, level: int = 0) -> None:
        """Add an outline entry for the page in hand; level 0 is the outermost."""
        self._outline.append((title, level, self.pages - 1))

    def _end_page(self) -> None:
        if self._pen is None or self._canvas is None:
            return
        self._canvas.addLiteral("\n".join(["q", *self._pen.ops, "Q"]))
        self._canvas.showPage()
        self._pen = None

    def _end_chunk(self) -> None:
        if self._canvas is not None:
            self._canvas.save()
            self._canvas = None

    def _finish(self) -> None:
        import pikepdf

        self._end_page()
        self._end_chunk()
        if not self.pages:
            raise DocumentError("没有可以打印的内容。")
        with pikepdf.new() as pdf:
            for part in self._parts:
                with pikepdf.open(part) as chunk:
                    pdf.pages.extend(chunk.pages)
            self._say_last_words(pdf)
            fonts = self._use.write(pdf)
            for page in pdf.pages:
                page.obj.Resources = pikepdf.Dictionary(Font=fonts)
            self._write_outline(pdf)
            _describe(pdf, self.about)
            self._save(pdf)

    def _say_last_words(self, pdf: pikepdf.Pdf) -> None:
        if self._last_words is None:
            return
        for number, page in enumerate(pdf.pages, start=1):
            pen = Pen(self.fonts, self._use)
            self._last_words(pen, number, self.pages)
            page.contents_add("\n".join(pen.ops).encode("ascii"))

    def _write_outline(self, pdf: pikepdf.Pdf) -> None:
        if not self._outline:
            return
        import pikepdf

        with pdf.open_outline() as outline:
            trail: list[pikepdf.OutlineItem] = []
            for title, level, page in self._outline:
                item = pikepdf.OutlineItem(title, page, "FitH", top=float(pdf.pages[page].mediabox[3]))
                level = min(level, len(trail))
                (trail[level - 1].children if level else outline.root).append(item)
                trail[level:] = [item]
        pdf.Root.PageMode = pikepdf.Name.UseOutlines

    def _save(self, pdf: pikepdf.Pdf) -> None:
        import pikepdf

        draft = self.out.with_name(f".{self.out.name}.{os.getpid()}.part")
        try:
            pdf.save(draft, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
            os.replace(draft, self.out)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise DocumentError(
                f"写不进 {self.out}：{error.strerror or error}。", "请关闭正在打开它的程序，或换一个文件夹再存。"
            ) from error


def _canvas(path: Path) -> Canvas:
    """A ReportLab canvas that writes bare pages; streams are packed once, at the join."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pageCompression=0)
    canvas._preamble = ""  # it would name Helvetica on every page
    return canvas


def _describe(pdf: pikepdf.Pdf, about: About) -> None:
    import pikepdf

    when = (about.created or datetime.now()).astimezone()
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = about.title
        meta["xmp:CreatorTool"] = CREATOR
        meta["xmp:CreateDate"] = when.isoformat(timespec="seconds")
        if about.author:
            meta["dc:creator"] = [about.author]
        if about.subject:
            meta["dc:description"] = about.subject
    info = {"/Title": about.title, "/Author": about.author, "/Subject": about.subject, "/Keywords": about.keywords,
            "/Creator": CREATOR, "/Producer": "ReportLab, pikepdf"}
    for key, value in info.items():
        if value:
            pdf.docinfo[key] = value
    zone = when.strftime("%z")
    pdf.docinfo["/CreationDate"] = when.strftime("D:%Y%m%d%H%M%S") + f"{zone[:3]}'{zone[3:5]}'"
    pdf.Root.Lang = pikepdf.String("zh-CN")
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
