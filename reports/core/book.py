"""Writing of a PDF page by page in chunks, joined at the end with shared fonts; knows no layout."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from models.core.files import reason
from reports.core.embed import FontUse
from reports.core.errors import DocumentError
from reports.core.fonts import FontSet, office_fonts
from reports.core.page import Sheet
from reports.core.pen import Pen
from reports.core.underlay import Inlay, Matrix, Sink, Underlay, lay_under

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


LastWords = Callable[[Pen, int, int], None]
"""Called for each page when the number of pages is known: pen, page (from 1), pages."""



class Book:
    """A PDF in the making: a context manager; leaving it without error writes `out`, else nothing is left.

    Pages go to disk in chunks of `chunk` pages, so that memory does not grow with the document.
    """

    def __init__(
        self,
        out: Path,
        about: About,
        fonts: FontSet | None = None,
        chunk: int = 200,
        last_words: LastWords | None = None,
    ) -> None:
        self.out = Path(out)
        self.about = about
        self.fonts = fonts or office_fonts()
        self.pages = 0
        self._use = FontUse()
        self._chunk = chunk
        self._last_words = last_words
        self._outline: list[tuple[str, int, int]] = []
        self._silent = False
        self._inlays: dict[int, Underlay] = {}
        self._front: int | None = None
        self.sizes: list[tuple[float, float]] = []
        """Width and height of each page in points."""
        self.labels: list[tuple[int, str, bool]] = []
        """Page labels: first page (from 0, as the pages lie at last), prefix, whether a number follows."""
        self._canvas: Canvas | None = None
        self._pen: Pen | None = None
        self._foot: Callable[[Pen], None] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="shian-pdf-")
        self._parts: list[Path] = []

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._canvas = None
            with suppress(OSError):
                self._folder.cleanup()

    def page(self, sheet: Sheet, foot: Callable[[Pen], None] | None = None) -> Pen:
        """Begin a new page and return its pen; the page before is finished.

        `foot` is drawn when the page ends, so that copied text keeps the order of reading.
        """
        self._end_page()
        if self._canvas is not None and self.pages % self._chunk == 0:
            self._end_chunk()
        if self._canvas is None:
            self._parts.append(Path(self._folder.name, f"{len(self._parts):05d}.pdf"))
            self._canvas = _canvas(self._parts[-1])
        self._canvas.setPageSize((sheet.width, sheet.height))
        self.pages += 1
        self.sizes.append((sheet.width, sheet.height))
        self._foot = foot
        self._pen = Pen(self.fonts, self._use)
        return self._pen

    def bookmark(self, title: str, level: int = 0, page: int | None = None) -> None:
        """Add an outline entry for the page in hand, or another one (from 0); level 0 is the outermost."""
        if not self._silent:
            self._outline.append((title, level, self.pages - 1 if page is None else page))

    @contextmanager
    def unmarked(self) -> Iterator[None]:
        """What is added inside leaves the outline alone."""
        earlier, self._silent = self._silent, True
        try:
            yield
        finally:
            self._silent = earlier

    def inlay(self, inlay: Inlay, matrix: Matrix) -> None:
        """Show a picture or a foreign page on the page in hand; its file must be there until the book is finished."""
        if self._pen is None:
            raise ValueError("no page in hand")
        size = self.sizes[self.pages - 1]
        self._inlays.setdefault(self.pages - 1, Underlay(size)).shown.append((inlay, matrix))

    def turn_to_front(self) -> None:
        """The pages from here on lie before all the others in the end (a cover, a table of contents)."""
        self._end_page()
        self._front = self.pages

    def _order(self) -> list[int]:
        """The pages as made, in the order in which they lie at last."""
        front = self.pages if self._front is None else self._front
        return [*range(front, self.pages), *range(front)]

    def _end_page(self) -> None:
        if self._pen is None or self._canvas is None:
            return
        if self._foot is not None:
            self._foot(self._pen)
        self._canvas.addLiteral("\n".join(["q", *self._pen.ops, "Q"]))
        self._canvas.showPage()
        self._pen = None

    def _end_chunk(self) -> None:
        if self._canvas is not None:
            try:
                self._canvas.save()
            except OSError as error:
                raise DocumentError(
                    f"排版用的临时文件写不下（{reason(error)}）。",
                    "请清理磁盘空间后再试，没有生成文件。",
                ) from error
            self._canvas = None

    def _finish(self) -> None:
        import pikepdf

        self._end_page()
        self._end_chunk()
        if not self.pages:
            raise DocumentError("没有可以打印的内容。")
        with pikepdf.new() as pdf:
            made = [page for part in self._parts for page in _copied_pages(pdf, part)]
            order = self._order()
            pages = [made[at] for at in order]
            self._say_last_words(pages)
            resources = pdf.make_indirect(pikepdf.Dictionary(Font=self._use.write(pdf)))
            tree = pdf.Root.Pages
            for page in pages:
                page.Resources = resources
                page.Parent = tree
            tree.Kids = pikepdf.Array(pages)
            tree.Count = len(pages)
            self._write_outline(pdf, made, order)
            self._write_labels(pdf)
            _describe(pdf, self.about)
            self._save(pdf, order)

    def _say_last_words(self, pages: list[pikepdf.Object]) -> None:
        if self._last_words is None:
            return
        import pikepdf

        for number, page in enumerate(pages, start=1):
            pen = Pen(self.fonts, self._use)
            self._last_words(pen, number, self.pages)
            pikepdf.Page(page).contents_add("\n".join(pen.ops).encode("ascii"))

    def _write_labels(self, pdf: pikepdf.Pdf) -> None:
        if not self.labels:
            return
        import pikepdf

        numbers: list[Any] = []
        for first, prefix, numbered in self.labels:
            label = pikepdf.Dictionary(P=pikepdf.String(prefix))
            if numbered:
                label.S = pikepdf.Name.D
            numbers += [first, label]
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(numbers))

    def _write_outline(self, pdf: pikepdf.Pdf, pages: list[pikepdf.Object], order: list[int]) -> None:
        if not self._outline:
            return
        import pikepdf

        place = {page: at for at, page in enumerate(order)}
        with pdf.open_outline() as outline:
            trail: list[pikepdf.OutlineItem] = []
            for title, level, page in sorted(self._outline, key=lambda entry: place[entry[2]]):
                where = pikepdf.Array([pages[page], pikepdf.Name.FitH, pages[page].MediaBox[3]])
                item = pikepdf.OutlineItem(title, where)
                level = min(level, len(trail))
                (trail[level - 1].children if level else outline.root).append(item)
                trail[level:] = [item]
        pdf.Root.PageMode = pikepdf.Name.UseOutlines

    def _save(self, pdf: pikepdf.Pdf, order: list[int]) -> None:
        import pikepdf

        draft = self.out.with_name(f".{self.out.name}.{os.getpid()}.part")
        own = Path(self._folder.name, "own.pdf") if self._inlays else draft
        try:
            with Sink(own) as sink:
                pdf.save(
                    cast(BinaryIO, sink),
                    object_stream_mode=pikepdf.ObjectStreamMode.generate,
                    deterministic_id=True,
                )
            if self._inlays:
                place = {page: at for at, page in enumerate(order)}
                under = {place[page]: one for page, one in self._inlays.items()}
                lay_under(own, under, Path(self._folder.name), draft)
            draft.replace(self.out)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            advice = "请清理磁盘空间" if full else "请关闭正在打开它的程序"
            raise DocumentError(
                f"写不进 {self.out}：{reason(error)}。", f"{advice}，或换一个文件夹再存。"
            ) from error


def _copied_pages(pdf: pikepdf.Pdf, part: Path) -> list[pikepdf.Object]:
    """The pages of a chunk as objects of `pdf`, not yet in its tree; `pdf.pages.extend` is quadratic."""
    import pikepdf

    with pikepdf.open(part) as chunk:
        copied = []
        for page in chunk.pages:
            del page.obj["/Resources"]
            copied.append(pdf.copy_foreign(page.obj))
        return copied


def _canvas(path: Path) -> Canvas:
    """A ReportLab canvas that writes bare pages; streams are packed once, at the join."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pageCompression=0)
    canvas._preamble = ""  # type: ignore[attr-defined]  # it would name Helvetica on every page
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
    info = {
        "/Title": about.title,
        "/Author": about.author,
        "/Subject": about.subject,
        "/Keywords": about.keywords,
        "/Creator": CREATOR,
        "/Producer": "ReportLab, pikepdf",
    }
    for key, value in info.items():
        if value:
            pdf.docinfo[key] = value
    zone = when.strftime("%z")
    pdf.docinfo["/CreationDate"] = when.strftime("D:%Y%m%d%H%M%S") + f"{zone[:3]}'{zone[3:5]}'"
    pdf.Root.Lang = pikepdf.String("zh-CN")
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
