"""The 责令改正通知书 as PDF (form 33 on GB/T 9704-2012); knows the page, not where the words come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path

from models.notice_text import NoticeText
from reports.core.book import About, Book, Pen
from reports.core.errors import Cancelled, located
from reports.core.fonts import FontSet, Role
from reports.core.official import (
    BODY,
    SIGNATURE_ROWS,
    balanced_title,
    body_lines,
    demo_mark,
    page_number,
    signature,
    title_lines,
)
from reports.core.page import MM, OFFICIAL, XIAO_SI
from reports.core.text import Line, Style, break_lines

Progress = Callable[[int, int], bool]
"""Told (done, all; all 0 when unknown) after each document; False stops the work."""

_FOOTNOTE = Style(Role.BODY, XIAO_SI)
_FOOT_PITCH = 18.0
_STATE = Style(Role.HEI, 16.0)
_VOID = Style(Role.HEI, 10.5)
_WATERMARK = Style(Role.HEI, 120.0, tracking=40.0, gray=0.78)
_VOID_LINES = 4  # what the head margin holds
_KEPT_LINES = 2  # lines of text that go with the signature


@dataclass(frozen=True, slots=True)
class _Set:
    """One notice set into lines, before it is cut into pages."""

    head: tuple[str, ...]
    lines: list[Line]
    foot: list[Line]
    void: list[Line]

    @property
    def foot_rows(self) -> int:
        """Grid rows the footnote takes at the bottom of the last page."""
        return ceil((len(self.foot) * _FOOT_PITCH + 6) / OFFICIAL.pitch) if self.foot else 0


def render_notices(
    texts: Iterable[NoticeText], out: Path, progress: Progress | None = None, fonts: FontSet | None = None
) -> int:
    """Write one or many notices into one PDF, each numbered from page 1; returns the number of pages.

    Raises Cancelled when `progress` says no, MissingGlyph, DocumentError; nothing is written then.
    """
    total = len(texts) if isinstance(texts, Sized) else 0
    stream = iter(texts)
    first = next(stream, None)
    about = _about(first, total) if first else About("责令改正通知书")
    with Book(out, about, fonts) as book:
        done = 0
        text = first
        while text is not None:
            _render(book, text, outline=total != 1)
            done += 1
            if progress is not None and not progress(done, total):
                raise Cancelled
            text = next(stream, None)
    return book.pages


def add_notice(book: Book, text: NoticeText) -> None:
    """Append a notice, numbered from page 1, to a book of many papers. Raises MissingGlyph."""
    _render(book, text, outline=True)


def _about(text: NoticeText, total: int) -> About:
    name = text.number or "未编号草稿"
    if total == 1:
        return About(f"{text.title} {name}", text.office, f"当事人：{text.addressee}")
    many = f"（共{total}份）" if total else ""
    return About(f"{text.title}{many}", text.office, f"自{name}起")


def _render(book: Book, text: NoticeText, outline: bool) -> None:
    where = f"{text.title} {text.number or text.addressee}"
    with located(where):
        notice = _compose(book.fonts, text)
        head_rows = _head_rows(notice)
        pages = _cut(len(notice.lines), head_rows, SIGNATURE_ROWS + notice.foot_rows)
        for number, (begin, end) in enumerate(pages, start=1):
            pen = book.page(OFFICIAL, partial(page_number, sheet=OFFICIAL, number=number))
            _marks(pen, notice, text)
            row = 0.0
            if number == 1:
                if outline:
                    book.bookmark(f"{text.number or '草稿'}　{text.addressee}")
                row = _draw_head(pen, notice, text)
            for line in notice.lines[begin:end]:
                pen.line(OFFICIAL.left, OFFICIAL.baseline(row, BODY.size), line, BODY)
                row += 1
            if number == len(pages):
                signature(pen, text.office, text.issued_on, row)
                _draw_foot(pen, notice)


def _compose(fonts: FontSet, text: NoticeText) -> _Set:
    with located(f"{text.title}抬头"):
        head = (*balanced_title(fonts, text.office), *balanced_title(fonts, text.title))
    with located(f"{text.title} {text.number} 当事人“{text.addressee}”"):
        lines = body_lines(fonts, text.addressee.rstrip("：: ") + "：", first=0.0)
    for paragraph in (*text.paragraphs, *text.contact_lines):
        for part in paragraph.splitlines():
            if part.strip():
                with located(f"{text.title} {text.number} “{part.strip()[:12]}…”"):
                    lines += body_lines(fonts, part.strip())
    foot: list[Line] = []
    if text.footnote.strip():
        measure = OFFICIAL.text_width
        foot = break_lines(
            text.footnote.strip(), fonts.glyphs(_FOOTNOTE.role), _FOOTNOTE, measure, 2 * XIAO_SI
        )
    void: list[Line] = []
    if text.void_reason:
        words = f"本文书已作废。原因：{text.void_reason.strip()}"
        void = break_lines(words, fonts.glyphs(_VOID.role), _VOID, OFFICIAL.text_width - 40)
    return _Set(head, lines, foot, void)


def _head_rows(notice: _Set) -> int:
    """Rows of the title, the number and the blank rows around it."""
    return ceil(len(notice.head) * 1.25) + 2


def _cut(lines: int, head: int, tail: int) -> list[tuple[int, int]]:
    """Which lines stand on which page: `head` rows open the first, `tail` rows close the last.

    The signature never stands alone: at least two lines of text go with it.
    """
    pages: list[tuple[int, int]] = []
    begin, room = 0, OFFICIAL.rows - head
    while lines - begin > room - tail:
        end = min(begin + room, lines - min(_KEPT_LINES, lines - begin - 1))
        pages.append((begin, end))
        begin, room = end, OFFICIAL.rows
    pages.append((begin, lines))
    return pages


def _draw_head(pen: Pen, notice: _Set, text: NoticeText) -> float:
    row = title_lines(pen, OFFICIAL, notice.head, 0)
    middle = OFFICIAL.left + OFFICIAL.text_width / 2
    y = OFFICIAL.baseline(row + 0.5, BODY.size)
    if text.draft or not text.number:
        words = "草稿　未编号"
        half = pen.width(words, _STATE) / 2 + 10
        pen.frame(middle - half, y - 8, 2 * half, 27, 0.8, 0.35)
        pen.centred(middle, y, words, _STATE)
    else:
        pen.centred(middle, y, text.number, BODY)
    return row + 2


def _draw_foot(pen: Pen, notice: _Set) -> None:
    if not notice.foot:
        return
    top = OFFICIAL.floor + len(notice.foot) * _FOOT_PITCH
    pen.rule(OFFICIAL.left, top, OFFICIAL.right, top, 0.5)
    for number, line in enumerate(notice.foot, start=1):
        pen.line(OFFICIAL.left, top - number * _FOOT_PITCH + 4, line, _FOOTNOTE)


def _marks(pen: Pen, notice: _Set, text: NoticeText) -> None:
    middle = OFFICIAL.left + OFFICIAL.text_width / 2
    if text.void_reason:
        pen.across(middle, OFFICIAL.height / 2, "作废", _WATERMARK)
        for step, line in enumerate(notice.void[:_VOID_LINES]):
            pen.line(OFFICIAL.left, OFFICIAL.height - 16 * MM - step * 16, line, _VOID)
    elif text.draft or not text.number:
        pen.across(middle, OFFICIAL.height / 2, "草稿", _WATERMARK)
    if text.demo:
        demo_mark(pen, OFFICIAL)
