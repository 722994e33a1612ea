"""A case file (案卷) put together as one PDF: cover, table of contents, papers and files, closing sheet; knows no Qt.

Pages are numbered from the first paper on; cover, table of contents and closing sheet have no number, as archives want
it. The pages go to disk in chunks, and so do pictures and foreign pages, so that memory does not grow with the case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from models.core.blobs import Blobs
from models.core.changes import table_named
from models.core.errors import NotFound
from models.core.files import reason
from reports.case_contents import FILE, PAPER, PDF, PICTURE, Contents, Item
from reports.case_inserts import (
    LIST_TITLE,
    FileWords,
    PhotoPages,
    add_file_list,
    add_foreign,
    add_slip,
    caption_of,
    printed,
)
from reports.case_pages import Row, Totals, add_closing, add_contents, add_cover, stamp
from reports.core.book import About, Book, Pen
from reports.core.errors import Cancelled, DocumentError, located
from reports.core.fonts import FontSet
from reports.core.inlays import Inlays, NotShown

Progress = Callable[[int, int, str], bool]
"""Told (items done, items in all, what is being done); False stops the work."""
CHUNK = 100
DAMAGED = "文件有损坏，内容可能不全"


@dataclass(frozen=True)
class Made:
    """What was written: pages of the file, numbered pages, the table of contents, and what was not shown."""

    pages: int
    numbered: int
    rows: tuple[Row, ...]
    problems: tuple[str, ...]


def file_name(contents: Contents) -> str:
    """What the file is proposed to be called."""
    cover = contents.cover
    day = f" {cover.first:%Y%m%d}" if cover.first and not contents.scope.whole else ""
    return f"案卷 {cover.name}{day}.pdf"


def write_case(
    contents: Contents,
    items: Sequence[Item],
    blobs: Blobs,
    out: Path,
    *,
    progress: Progress | None = None,
    fonts: FontSet | None = None,
) -> Made:
    """Write some items of a case, in the order given, into one PDF.

    A file that is missing, altered or unreadable gets a page that says so. Raises NotFound where nothing is chosen,
    Cancelled, MissingGlyph, DocumentError; nothing is written then.
    """
    if not items:
        raise NotFound("没有可以放进案卷的材料。", "请选择文书或附件；还没有的，先登记检查、签发通知书或添加附件。")
    cover = contents.cover
    about = About(f"{cover.title}：{cover.name}", cover.office, "卷内目录、文书、照片和附件")
    with TemporaryDirectory(prefix="shian-case-", ignore_cleanup_errors=True) as folder:
        binder = _Binder(contents, blobs, Inlays(Path(folder)), progress, len(items))
        with located(cover.title), Book(out, about, fonts, CHUNK, binder.last_words) as book:
            try:
                binder.bind(book, items)
            except OSError as error:
                raise DocumentError(
                    f"案卷没有写成：{reason(error)}。", "请清理磁盘空间或核对附件后再试，没有生成文件。"
                ) from error
    return Made(book.pages, binder.numbered, tuple(binder.rows), tuple(binder.problems))


@dataclass
class _Binder:
    """Puts items on pages one after the other and remembers where they begin."""

    contents: Contents
    blobs: Blobs
    inlays: Inlays
    progress: Progress | None
    total: int
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    numbered: int = 0
    front: int = 0
    done: int = 0
    part: str = ""
    shown: Counter[str] = field(default_factory=Counter)
    sizes: list[tuple[float, float]] = field(default_factory=list)

    def bind(self, book: Book, items: Sequence[Item]) -> None:
        """All of it."""
        self.book = book
        listed = [item for item in items if item.kind == FILE and not item.fault]
        self._all([item for item in items if item.kind != FILE or item.fault])
        self._list(listed)
        self.inlays.close()
        self.numbered = book.pages
        self._frame()

    def _all(self, items: Sequence[Item]) -> None:
        at = 0
        while at < len(items):
            item = items[at]
            if item.kind == PICTURE and item.group:
                run = self._run(items, at)
                self._photos(run)
                at += len(run)
                continue
            self._one(item)
            at += 1

    def last_words(self, pen: Pen, page: int, pages: int) -> None:
        """The number of a page in the case, on the pages that have one."""
        number = page - self.front
        if 0 < number <= self.numbered:
            stamp(pen, self.sizes[number - 1], number)

    def _frame(self) -> None:
        """The closing sheet, then cover and table of contents, which go to the front."""
        book, how = self.book, self.contents.how
        self.sizes = book.sizes[: self.numbered]
        shown = self.shown
        totals = Totals(
            len(self.rows), self.numbered, shown[PAPER], shown[PICTURE], shown[PDF], tuple(self.problems)
        )
        add_closing(book, totals, how.today, how.demo)
        book.turn_to_front()
        with located("案卷封面"):
            add_cover(book, self.contents.cover, totals, how.today, how.demo)
        with located("卷内目录"):
            self.front = 1 + add_contents(book, self.rows, how.demo)
        book.labels = [(0, "封面", False), (1, "目录", True), (self.front, "", True)]
        book.labels.append((self.front + self.numbered, "备考表", False))

    # --- items -------------------------------------------------------------------------------------------------------

    @staticmethod
    def _run(items: Sequence[Item], at: int) -> list[Item]:
        """The pictures from a place on that are filed as one."""
        end = at
        while end < len(items) and _alike(items[at], items[end]):
            end += 1
        return list(items[at:end])

    def _one(self, item: Item) -> None:
        self._tell(item.name)
        if item.fault:
            self._slip(item, item.fault)
        elif item.kind == PAPER:
            self._paper(item)
        elif item.kind == PICTURE:
            self._photos([item], told=True)
        elif item.kind == PDF:
            self._pdf(item)

    def _paper(self, item: Item) -> None:
        assert item.paper is not None
        record: Any = table_named(item.table).get_by_id(item.row)
        first = self.book.pages
        with located(f"{item.name} {item.number}"), self.book.unmarked():
            item.paper.add(self.book, record, self.contents.how)
        if self.book.pages > first:
            self.shown[PAPER] += 1
            self._enter(item, item.name, first, item.number, item.remark)

    def _photos(self, run: Sequence[Item], told: bool = False) -> None:
        """Pictures of one record; those that cannot be read get their slips after the others."""
        how = self.contents.how
        head = f"{run[0].group or run[0].name}　{run[0].part}　{self.contents.cover.name}"
        pages = PhotoPages(self.book, head, how.demo)
        first, shown, bad = self.book.pages, 0, []
        for item in run:
            if not told:
                self._tell(item.file_name)
            try:
                if item.fault:
                    raise NotShown(item.fault)
                self._check(item)
                for frame, placed in enumerate(self.inlays.picture(self.blobs.path(item.digest), printed)):
                    shown += 1 if frame == 0 else 0
                    caption = _caption(item, shown if item.group and len(run) > 1 else 0)
                    pages.add(placed, f"{caption}（第{frame + 1}页）" if frame else caption)
            except NotShown as error:
                bad.append((item, str(error).rstrip("。")))
        if self.book.pages > first:
            self.shown[PICTURE] += shown
            name = f"{run[0].group}（{shown}张）" if run[0].group else run[0].name
            self._enter(run[0], name, first)
        for item, why in bad:
            self._slip(item, why)

    def _pdf(self, item: Item) -> None:
        first = self.book.pages
        try:
            self._check(item)
            placed = self.inlays.pages(self.blobs.path(item.digest), lambda done, total: self._still(item, done, total))
        except NotShown as error:
            self._slip(item, str(error).rstrip("。"))
            return
        self.shown[PDF] += 1
        for page in placed:
            add_foreign(self.book, page)
        remark = DAMAGED if placed[0].damaged else ""
        if remark:
            self.problems.append(f"{item.owner}的附件“{item.file_name}”：{remark}")
        self._enter(item, item.name, first, remark=remark)

    def _list(self, files: Sequence[Item]) -> None:
        if not files:
            return
        first = self.book.pages
        add_file_list(self.book, [_words(item) for item in files], self.contents.how.demo)
        self.part = LIST_TITLE
        self.book.bookmark(LIST_TITLE, 0, first)
        self.rows.append(Row("", LIST_TITLE, None, first + 1, self.book.pages, f"{len(files)}个文件，另存"))

    def _slip(self, item: Item, why: str) -> None:
        first = self.book.pages
        add_slip(self.book, _words(item), why, self.contents.how.demo)
        self.problems.append(f"{item.owner}的附件“{item.file_name}”：{why}")
        self._enter(item, item.file_name, first, remark=why)

    def _check(self, item: Item) -> None:
        """A file may have gone since the items were read; some kinds can never be shown."""
        if item.media_type in ("image/heic", "image/heif"):
            raise NotShown("HEIC 格式的照片印不出来，请另存为 JPEG 后重新添加")
        if not self.blobs.path(item.digest).is_file():
            raise NotShown("文件不见了")

    # --- telling -----------------------------------------------------------------------------------------------------

    def _enter(self, item: Item, name: str, first: int, number: str = "", remark: str = "") -> None:
        """A line of the table of contents and an entry of the outline for the pages from ``first`` (from 0) on."""
        self.rows.append(Row(number, name, item.day, first + 1, self.book.pages, remark))
        if item.part != self.part:
            self.part = item.part
            self.book.bookmark(item.part, 0, first)
        self.book.bookmark(f"{name}　{number}" if number else name, 1, first)

    def _tell(self, words: str) -> None:
        if self.progress is not None and not self.progress(self.done, self.total, words):
            raise Cancelled
        self.done += 1

    def _still(self, item: Item, done: int, total: int) -> None:
        if self.progress is not None and not self.progress(self.done, self.total, f"{item.name} {done}/{total}页"):
            raise Cancelled


def _alike(one: Item, other: Item) -> bool:
    return (one.kind, one.group, one.part) == (other.kind, other.group, other.part)


def _words(item: Item) -> FileWords:
    return FileWords(item.name, item.file_name, item.owner, item.size, item.digest, item.taken_on)


def _caption(item: Item, number: int) -> str:
    """Under a picture of a finding stands what was found."""
    words = _words(item)
    if item.table == "finding":
        words = replace(words, name=item.owner if item.name == item.stem else f"{item.owner}　{item.name}")
    return caption_of(number, words)
