"""One open PDF, safe to ask from any thread (pdfium itself is not thread-safe); knows no widget and no Qt.

Lengths are PDF points (1/72 inch); rectangles are (left, top, right, bottom) from the page's upper left corner.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ui.kit.jobs import Progress

Rect = tuple[float, float, float, float]
_PDFIUM = threading.RLock()


@dataclass(frozen=True)
class Raster:
    """A rendered page: 32-bit BGRX rows of `stride` bytes."""

    width: int
    height: int
    stride: int
    data: bytes


@dataclass(frozen=True)
class Hit:
    """A place where the searched text stands, and its rectangles."""

    page: int
    rects: tuple[Rect, ...]


class PdfSource:
    """A document from bytes or a file; KnownError when it is none. Close it when done."""

    def __init__(self, content: bytes | Path) -> None:
        import pypdfium2 as pdfium

        from models.core.errors import KnownError

        self._content = content
        try:
            with _PDFIUM:
                self._document: Any = pdfium.PdfDocument(content)
                self.sizes: list[tuple[float, float]] = [
                    self._document.get_page_size(number) for number in range(len(self._document))
                ]
        except FileNotFoundError as error:
            raise KnownError(f"找不到文件“{content!s}”。", "请确认文件没有被移走。") from error
        except pdfium.PdfiumError as error:
            raise KnownError("这个文件不能作为 PDF 打开。", "请重新生成后再试。") from error

    def __len__(self) -> int:
        return len(self.sizes)

    def data(self) -> bytes:
        """The file as it was given."""
        return self._content if isinstance(self._content, bytes) else self._content.read_bytes()

    def close(self) -> None:
        """Let go of the document; later calls fail."""
        with _PDFIUM:
            self._document.close()

    def render(self, number: int, scale: float) -> Raster:
        """Page `number` (from 0) on white, `scale` pixels a point."""
        with _PDFIUM:
            page = self._document[number]
            try:
                bitmap = page.render(scale=scale, prefer_bgrx=True)
                raster = Raster(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
                bitmap.close()
            finally:
                page.close()
        return raster

    def find(self, text: str, progress: Progress) -> list[Hit]:
        """All places of `text` in reading order, upper and lower case alike."""
        hits: list[Hit] = []
        for number in range(len(self)):
            progress.check()
            progress.report(number, len(self))
            with _PDFIUM:
                page, words = self._text(number)
                searcher = words.search(text)
                while (place := searcher.get_next()) is not None:
                    hits.append(Hit(number, self._rects(words, number, *place)))
                searcher.close()
                words.close()
                page.close()
        return hits

    def between(
        self, number: int, start: tuple[float, float], end: tuple[float, float]
    ) -> tuple[str, tuple[Rect, ...]]:
        """The text from one point of a page to another, and its rectangles; empty when a point hits no text."""
        height = self.sizes[number][1]
        with _PDFIUM:
            page, words = self._text(number)
            try:
                places = [words.get_index(x, height - y, 12, 12) for x, y in (start, end)]
                if any(place is None for place in places):
                    return "", ()
                first, last = sorted(places)
                count = last - first + 1
                return words.get_text_range(first, count), self._rects(words, number, first, count)
            finally:
                words.close()
                page.close()

    def _text(self, number: int) -> tuple[Any, Any]:
        page = self._document[number]
        return page, page.get_textpage()

    def _rects(self, words: Any, number: int, first: int, count: int) -> tuple[Rect, ...]:
        height = self.sizes[number][1]
        made = []
        for index in range(words.count_rects(first, count)):
            left, bottom, right, top = words.get_rect(index)
            made.append((left, height - top, right, height - bottom))
        return tuple(made)
