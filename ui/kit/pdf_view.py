"""Shows a PdfSource as a column of pages, rendering only what is seen, off the GUI thread; knows no file name."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from itertools import accumulate
from typing import Literal

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from ui.kit.errors import show_error
from ui.kit.jobs import Jobs
from ui.kit.pdf_source import Hit, PdfSource, Raster, Rect
from ui.kit.theme import colours

Fit = Literal["width", "page", "none"]
GAP = 16
NATURAL = 96 / 72
"""Pixels a point at 100 %."""
STEPS = (0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
CACHE_BYTES = 96 * 1024 * 1024


class PdfView(QAbstractScrollArea):
    """Continuous pages with zoom, search marks and text selection.

    `page_changed(number)` counts from 0; `zoom_changed(factor)` is 1.0 at natural size; `rendered(number)` after
    a page's picture arrived.
    """

    page_changed = Signal(int)
    zoom_changed = Signal(float)
    rendered = Signal(int)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._source: PdfSource | None = None
        self._tops: list[float] = []
        self._scale = NATURAL
        self._fit: Fit = "width"
        self._page = -1
        self._rendering = False
        self._images: OrderedDict[tuple[int, float], QImage] = OrderedDict()
        self._hits: list[Hit] = []
        self._hit = -1
        self._drag: tuple[int, QPointF] | None = None
        self._chosen: tuple[int, str, tuple[Rect, ...]] = (-1, "", ())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.verticalScrollBar().valueChanged.connect(self._moved)
        self._pause = QTimer(self, singleShot=True, interval=0)
        self._pause.timeout.connect(self._render_next)

    # -- document and zoom ------------------------------------------------------------------------------

    def show_source(self, source: PdfSource) -> None:
        """Show a document from its first page."""
        self._source = source
        self._tops = [0.0, *accumulate(height for _width, height in source.sizes)]
        self._images.clear()
        self._hits, self._hit, self._page = [], -1, -1
        self._chosen = (-1, "", ())
        self.set_fit(self._fit)
        self.verticalScrollBar().setValue(0)
        self._moved()

    def clear(self) -> None:
        """Show nothing and ask for nothing any more."""
        self._source = None
        self._tops, self._hits = [], []
        self._images.clear()
        self.viewport().update()

    @property
    def zoom(self) -> float:
        """1.0 is natural size."""
        return self._scale / NATURAL

    @property
    def fit(self) -> Fit:
        """Whether the zoom follows the window."""
        return self._fit

    @property
    def page(self) -> int:
        """The page in the middle of the window, from 0; -1 without a document."""
        return self._page

    def set_fit(self, fit: Fit) -> None:
        """Fit the widest page to the window's width, or one page to the window, and keep it so."""
        self._fit = fit
        if self._source is None or not self._source.sizes or fit == "none":
            return
        room = self.viewport().size()
        width = max(size[0] for size in self._source.sizes)
        scale = (room.width() - 2 * GAP) / width
        if fit == "page":
            height = max(size[1] for size in self._source.sizes)
            scale = min(scale, (room.height() - 2 * GAP) / height)
        self._rescale(max(0.1, scale))

    def set_zoom(self, factor: float, anchor: QPointF | None = None) -> None:
        """A fixed zoom from 0.25 to 4; `anchor` (in the viewport) stays where it is."""
        self._fit = "none"
        self._rescale(min(max(factor, STEPS[0]), STEPS[-1]) * NATURAL, anchor)

    def zoom_in(self) -> None:
        """The next larger step."""
        self.set_zoom(next((step for step in STEPS if step > self.zoom + 0.01), STEPS[-1]))

    def zoom_out(self) -> None:
        """The next smaller step."""
        self.set_zoom(next((step for step in reversed(STEPS) if step < self.zoom - 0.01), STEPS[0]))

    def go_to(self, number: int) -> None:
        """Bring the top of page `number` (from 0) to the top of the window."""
        if self._source is not None and 0 <= number < len(self._source):
            self.verticalScrollBar().setValue(round(self._top(number)) - GAP // 2)

    def _rescale(self, scale: float, anchor: QPointF | None = None) -> None:
        bar, side = self.verticalScrollBar(), self.horizontalScrollBar()
        at = anchor if anchor is not None else QPointF(self.viewport().width() / 2, 0)
        number = self._page_at(bar.value() + at.y())
        inside = (bar.value() + at.y() - self._top(number)) / self._scale
        across = (side.value() + at.x()) / self._scale
        self._scale = scale
        self._set_ranges()
        bar.setValue(round(self._top(number) + inside * scale - at.y()))
        side.setValue(round(across * scale - at.x()))
        self.zoom_changed.emit(self.zoom)
        self.viewport().update()
        self._pause.start()

    def _set_ranges(self) -> None:
        if self._source is None or not self._source.sizes:
            return
        room = self.viewport().size()
        count = len(self._source)
        height = round(self._tops[-1] * self._scale) + GAP * (count + 1)
        width = round(max(size[0] for size in self._source.sizes) * self._scale) + 2 * GAP
        for bar, whole, part in (
            (self.verticalScrollBar(), height, room.height()),
            (self.horizontalScrollBar(), width, room.width()),
        ):
            bar.setRange(0, max(0, whole - part))
            bar.setPageStep(max(1, part - 40))
            bar.setSingleStep(48)

    # -- geometry ---------------------------------------------------------------------------------------

    def _top(self, number: int) -> float:
        return self._tops[number] * self._scale + GAP * (number + 1) if self._tops else 0.0

    def _page_at(self, y: float) -> int:
        if self._source is None or not self._source.sizes:
            return 0
        low, high = 0, len(self._source) - 1
        guess = bisect_right(self._tops, max(0.0, y) / self._scale) - 1
        low = min(high, max(0, guess))
        while low > 0 and self._top(low) > y:
            low -= 1
        return low

    def _visible(self) -> range:
        if self._source is None:
            return range(0)
        top = self.verticalScrollBar().value()
        return range(self._page_at(top), self._page_at(top + self.viewport().height()) + 1)

    def page_rect(self, number: int) -> QRectF:
        """Where a page lies in the viewport now."""
        assert self._source is not None
        width, height = (side * self._scale for side in self._source.sizes[number])
        room = max(self.viewport().width(), self.horizontalScrollBar().maximum() + self.viewport().width())
        left = (room - width) / 2 - self.horizontalScrollBar().value()
        return QRectF(left, self._top(number) - self.verticalScrollBar().value(), width, height)

    def _moved(self, *_value: int) -> None:
        if self._source is not None and self._source.sizes:
            middle = self.verticalScrollBar().value() + self.viewport().height() / 2
            number = self._page_at(middle)
            if number != self._page:
                self._page = number
                self.page_changed.emit(number)
        self.viewport().update()
        self._pause.start()

    # -- rendering --------------------------------------------------------------------------------------

    def _wanted(self) -> list[int]:
        seen = self._visible()
        if not seen or self._source is None:
            return []
        near = [seen.stop, seen.start - 1]
        return [*seen, *(number for number in near if 0 <= number < len(self._source))]

    def _render_next(self) -> None:
        """Ask for one missing page; its arrival asks for the next, so a fast scroll leaves no backlog."""
        if self._rendering or self._source is None or not self.isVisible():
            return
        scale = self._scale * self.devicePixelRatioF()
        number = next((each for each in self._wanted() if (each, scale) not in self._images), None)
        if number is None:
            return
        self._rendering = True
        self._jobs.read(
            self._source.render, number, scale, owner=self,
            done=lambda raster: self._arrived(number, scale, raster), failed=self._not_rendered,
            stopped=self._stopped,
        )  # fmt: skip

    def _not_rendered(self, error: Exception) -> None:
        self._rendering = False
        self.clear()
        show_error(self, error)

    def _stopped(self) -> None:
        self._rendering = False

    def _arrived(self, number: int, scale: float, raster: Raster) -> None:
        self._rendering = False
        image = QImage(
            raster.data, raster.width, raster.height, raster.stride, QImage.Format.Format_RGB32
        ).copy()
        self._images[number, scale] = image
        size = sum(each.sizeInBytes() for each in self._images.values())
        while size > CACHE_BYTES and len(self._images) > 3:
            size -= self._images.popitem(last=False)[1].sizeInBytes()
        self.viewport().update()
        self.rendered.emit(number)
        self._render_next()

    def _picture(self, number: int) -> QImage | None:
        key = (number, self._scale * self.devicePixelRatioF())
        if key in self._images:
            self._images.move_to_end(key)
            return self._images[key]
        return next(
            (image for (page, _scale), image in reversed(self._images.items()) if page == number), None
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        look = colours()
        painter.fillRect(event.rect(), QColor(look.sunken))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number in self._visible():
            rect = self.page_rect(number)
            painter.fillRect(rect.adjusted(-1, -1, 1, 2), QColor(look.border_strong))
            painter.fillRect(rect, QColor("#ffffff"))
            image = self._picture(number)
            if image is not None:
                painter.drawImage(rect, image)
            self._paint_marks(painter, number, rect)

    def _paint_marks(self, painter: QPainter, number: int, rect: QRectF) -> None:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for index, hit in enumerate(self._hits):
            if hit.page == number:
                colour = QColor("#ffb84d" if index == self._hit else "#fff0b8")
                for each in hit.rects:
                    painter.fillRect(self._on_screen(each, rect), colour)
        if self._chosen[0] == number:
            for each in self._chosen[2]:
                painter.fillRect(self._on_screen(each, rect), QColor("#bfe3de"))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    def _on_screen(self, rect: Rect, page: QRectF) -> QRectF:
        left, top, right, bottom = (side * self._scale for side in rect)
        return QRectF(page.left() + left, page.top() + top, right - left, bottom - top)

    # -- search and selection ---------------------------------------------------------------------------

    def set_hits(self, hits: list[Hit]) -> None:
        """Mark these places; none is current yet."""
        self._hits, self._hit = hits, -1
        self.viewport().update()

    @property
    def hit(self) -> int:
        """The current search place, -1 for none."""
        return self._hit

    def step_hit(self, step: int) -> None:
        """Go to the next (1) or previous (-1) place, round and round; the first one is the next from here."""
        if not self._hits:
            return
        if self._hit < 0:
            self._hit = next((i for i, hit in enumerate(self._hits) if hit.page >= self._page), 0)
        else:
            self._hit = (self._hit + step) % len(self._hits)
        hit = self._hits[self._hit]
        top = hit.rects[0][1] if hit.rects else 0.0
        self.verticalScrollBar().setValue(
            round(self._top(hit.page) + top * self._scale - self.viewport().height() / 3)
        )
        self.viewport().update()

    def selected_text(self) -> str:
        """The text selected with the mouse."""
        return self._chosen[1]

    def _point(self, at: QPoint | QPointF) -> tuple[int, QPointF]:
        number = self._page_at(self.verticalScrollBar().value() + at.y())
        rect = self.page_rect(number)
        return number, QPointF((at.x() - rect.left()) / self._scale, (at.y() - rect.top()) / self._scale)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._source is not None and event.button() == Qt.MouseButton.LeftButton:
            self._drag = self._point(event.position())
            self._chosen = (-1, "", ())
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or self._source is None:
            return
        number, start = self._drag
        end_page, end = self._point(event.position())
        if end_page != number:
            return
        self._jobs.read(
            self._source.between, number, (start.x(), start.y()), (end.x(), end.y()), owner=self,
            key="selection", done=lambda found: self._select(number, *found),
        )  # fmt: skip

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None

    def _select(self, number: int, text: str, rects: tuple[Rect, ...]) -> None:
        self._chosen = (number, text, rects)
        self.viewport().update()

    # -- keys, wheel, size ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy) and self._chosen[1]:
            QGuiApplication.clipboard().setText(self._chosen[1])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key == Qt.Key.Key_0 and control:
            self.set_zoom(1.0)
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif key == Qt.Key.Key_Space:
            bar.setValue(bar.value() + bar.pageStep())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom * 1.0015 ** event.angleDelta().y(), event.position())
            return
        super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_ranges()
        self.set_fit(self._fit)
        self._moved()

    def showEvent(self, event: object) -> None:
        self._pause.start()
