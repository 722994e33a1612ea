"""Bar and share charts from ChartData, with bars that open their records; knows no figure and no table."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QToolTip, QVBoxLayout, QWidget

from ui.kit.chart_data import ChartData, Series, number
from ui.kit.palette import SMALL_PX, UNIT
from ui.kit.theme import colours, theme

__all__ = ["BarChart", "ChartData", "Series", "ShareChart"]
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


def series_colour(series: Series, index: int) -> QColor:
    """The role's colour when the series has a meaning, else the theme's next one."""
    look = colours()
    return QColor(look.role(series.role) if series.role else look.series[index % len(look.series)])


class _Chart(QWidget):
    """What both charts share: the data, a current mark moved by keys, the tool tip, `activated(key)`."""

    activated = Signal(str)

    def __init__(self, empty_text: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.data: ChartData | None = None
        self._current: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._empty_text = empty_text
        theme().changed.connect(self.redraw)

    def set_data(self, data: ChartData) -> None:
        """Show other data."""
        self.data = data
        self._current = None
        self.setAccessibleName(data.title)
        self.setAccessibleDescription("；".join(data.words(*mark) for mark in self.marks()))
        self.redraw()

    def marks(self) -> list[tuple[int, int]]:
        """(category, series) of every bar or slice with a value, in reading order."""
        if self.data is None:
            return []
        return [
            (category, series)
            for category in range(len(self.data.categories))
            for series in range(len(self.data.series))
            if self.data.series[series].values[category]
        ]

    @property
    def current(self) -> tuple[int, int] | None:
        """The mark under the mouse or chosen by key."""
        return self._current

    def redraw(self) -> None:
        """Draw again, after new data or a new theme."""
        raise NotImplementedError

    def _set_current(self, mark: tuple[int, int] | None, at: QPointF | None = None) -> None:
        if mark != self._current:
            self._current = mark
            opens = mark is not None and self.data is not None and bool(self.data.key(*mark))
            self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
            self._show_current()
        if mark is None or self.data is None:
            QToolTip.hideText()
        else:
            where = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
            QToolTip.showText(self.mapToGlobal(where.toPoint()), self.data.words(*mark), self)

    def _show_current(self) -> None:
        self.update()

    def _open(self, mark: tuple[int, int] | None) -> None:
        if mark is not None and self.data is not None and self.data.key(*mark):
            self.activated.emit(self.data.key(*mark))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        marks = self.marks()
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and marks:
            if self._current in marks:
                mark = marks[(marks.index(self._current) + step) % len(marks)]
            else:
                mark = marks[0] if step > 0 else marks[-1]
            self._set_current(mark, self.place_of(mark))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current:
            self._open(self._current)
        else:
            super().keyPressEvent(event)

    def place_of(self, mark: tuple[int, int]) -> QPointF:
        """The middle of a bar or slice in this widget."""
        raise NotImplementedError


class BarChart(_Chart):
    """Upright bars, stacked or side by side, by pyqtgraph (loaded with the first data)."""

    def __init__(
        self, stacked: bool = True, empty_text: str = "这段时间没有记录", parent: QWidget | None = None
    ) -> None:
        super().__init__(empty_text, parent)
        self._stacked = stacked
        self._plot: Any = None
        self._bars: dict[tuple[int, int], QRectF] = {}
        self._outline: Any = None
        self.setMinimumHeight(200)
        self._pile = QStackedLayout()
        self._nothing = QLabel(empty_text, alignment=Qt.AlignmentFlag.AlignCenter)
        self._nothing.setProperty("role", "muted")
        self._pile.addWidget(self._nothing)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self._legend = QWidget()
        self._legend_row = QHBoxLayout(self._legend)
        self._legend_row.setContentsMargins(0, 0, 0, 0)
        self._legend_row.setSpacing(2 * UNIT)
        box.addWidget(self._legend)
        box.addLayout(self._pile, 1)

    def _make_plot(self) -> None:
        import pyqtgraph

        pyqtgraph.setConfigOptions(antialias=True)
        self._plot = pyqtgraph.PlotWidget()
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.viewport().installEventFilter(self)
        self._plot.viewport().setMouseTracking(True)
        self._pile.addWidget(self._plot)

    def redraw(self) -> None:
        if self.data is None or self.data.empty:
            self._bars = {}
            self._fill_legend()
            self._pile.setCurrentWidget(self._nothing)
            return
        if self._plot is None:
            self._make_plot()
        self._plot.clear()
        self._plot.setBackground(colours().surface)
        self._bars = self._lay_out(self.data)
        self._draw_bars(self.data)
        self._draw_axes(self.data)
        self._fill_legend()
        self._pile.setCurrentWidget(self._plot)
        self._show_current()

    def _lay_out(self, data: ChartData) -> dict[tuple[int, int], QRectF]:
        count = len(data.series)
        width = 0.56 if self._stacked or count == 1 else 0.8 / count
        bars = {}
        base = [0.0] * len(data.categories)
        for category, series in self.marks():
            value = float(data.series[series].values[category] or 0)
            if self._stacked:
                bars[category, series] = QRectF(category - width / 2, base[category], width, value)
                base[category] += value
            else:
                left = category - 0.4 + series * width if count > 1 else category - width / 2
                bars[category, series] = QRectF(left, 0, width * (0.92 if count > 1 else 1), value)
        return bars

    def _draw_bars(self, data: ChartData) -> None:
        import pyqtgraph

        for index, each in enumerate(data.series):
            rects = [rect for (_category, series), rect in self._bars.items() if series == index]
            if rects:
                self._plot.addItem(
                    pyqtgraph.BarGraphItem(
                        x0=[rect.left() for rect in rects], y0=[rect.top() for rect in rects],
                        width=[rect.width() for rect in rects], height=[rect.height() for rect in rects],
                        pen=pyqtgraph.mkPen(None), brush=series_colour(each, index),
                    )
                )  # fmt: skip
        self._outline = pyqtgraph.QtWidgets.QGraphicsRectItem()
        self._outline.setPen(pyqtgraph.mkPen(colours().text, width=2))
        self._outline.hide()
        self._plot.addItem(self._outline, ignoreBounds=True)

    def _draw_axes(self, data: ChartData) -> None:
        look = colours()
        font = QFont(self.font())
        font.setPixelSize(12)
        top = max(rect.bottom() for rect in self._bars.values())
        step = nice_step(top)
        limit = math.ceil(top / step) * step
        ticks = [(step * index, number(step * index)) for index in range(round(limit / step) + 1)]
        every = max(1, math.ceil(len(data.categories) / max(1, self.width() // 64)))
        names = [(at, name) for at, name in enumerate(data.categories) if at % every == 0]
        for side, marks in (("left", ticks), ("bottom", names)):
            axis = self._plot.getAxis(side)
            axis.setStyle(tickFont=font, tickLength=0, tickTextOffset=8)
            axis.setTextPen(look.muted)
            axis.setPen(QPen(QColor(look.border if side == "bottom" else look.surface), 1))
            axis.setTicks([marks])
        self._plot.getAxis("left").setGrid(0)
        for value, _text in ticks[1:]:
            line = self._plot.addLine(y=value, pen=QPen(QColor(look.border), 0))
            line.setZValue(-10)
        self._plot.setRange(
            xRange=(-0.6, len(data.categories) - 0.4), yRange=(0, limit * 1.04), padding=0, disableAutoRange=True
        )

    def _fill_legend(self) -> None:
        while self._legend_row.count():
            old = self._legend_row.takeAt(0).widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        many = self.data is not None and not self.data.empty and len(self.data.series) > 1
        self._legend.setVisible(many)
        if many and self.data is not None:
            for index, each in enumerate(self.data.series):
                self._legend_row.addWidget(_Key(each.name, each, index))
            self._legend_row.addStretch(1)

    def bar_at(self, at: QPointF) -> tuple[int, int] | None:
        """The bar under a point of the plot's viewport; the whole column of a category counts for a single series."""
        if self._plot is None or not self._bars:
            return None
        view = self._plot.plotItem.vb.mapSceneToView(self._plot.mapToScene(at.toPoint()))
        inside = next((mark for mark, rect in self._bars.items() if rect.contains(view)), None)
        if inside is None and self.data is not None and len(self.data.series) == 1 and view.y() >= 0:
            near = (round(view.x()), 0)
            inside = near if near in self._bars and abs(view.x() - near[0]) < 0.4 else None
        return inside

    def place_of(self, mark: tuple[int, int]) -> QPointF:
        scene = self._plot.plotItem.vb.mapViewToScene(self._bars[mark].center())
        return QPointF(self._plot.viewport().mapTo(self, self._plot.mapFromScene(scene)))

    def _show_current(self) -> None:
        if self._outline is None:
            return
        rect = self._bars.get(self._current) if self._current else None
        self._outline.setVisible(rect is not None)
        if rect is not None:
            self._outline.setRect(rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Leave:
            self._set_current(None)
        elif isinstance(event, QMouseEvent):
            mark = self.bar_at(event.position())
            if kind == QEvent.Type.MouseMove:
                self._set_current(mark, self._plot.viewport().mapTo(self, event.position()))
            elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
                self.setFocus(Qt.FocusReason.MouseFocusReason)
                self._open(mark)
            return True
        elif kind == QEvent.Type.Wheel:
            event.ignore()  # the page below scrolls
            return True
        return False

    def resizeEvent(self, event: object) -> None:
        if self._plot is not None and self.data is not None and self._bars:
            self._draw_axes_again()

    def _draw_axes_again(self) -> None:
        assert self.data is not None
        every = max(1, math.ceil(len(self.data.categories) / max(1, self.width() // 64)))
        names = [(at, name) for at, name in enumerate(self.data.categories) if at % every == 0]
        self._plot.getAxis("bottom").setTicks([names])


class ShareChart(_Chart):
    """A ring of shares with its sum in the middle and a legend of counts; the first series of the data."""

    def __init__(self, empty_text: str = "还没有记录", parent: QWidget | None = None) -> None:
        super().__init__(empty_text, parent)
        self.setMinimumSize(QSize(280, 180))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.roles: dict[str, str] = {}
        """Category → palette role where a slice's colour has a meaning."""

    def redraw(self) -> None:
        self.update()

    def _ring(self) -> QRectF:
        side = min(self.height() - 16, self.width() * 0.5 - 8)
        return QRectF(8, (self.height() - side) / 2, side, side)

    def _slices(self) -> list[tuple[int, float, float]]:
        """(category, first degree, span), clockwise from the top."""
        if self.data is None or self.data.empty:
            return []
        values = [max(0.0, float(value or 0)) for value in self.data.series[0].values]
        total, angle, made = sum(values), 0.0, []
        for category, value in enumerate(values):
            span = value / total * 360
            if value:
                made.append((category, angle, span))
            angle += span
        return made

    def marks(self) -> list[tuple[int, int]]:
        return [(category, 0) for category, _start, _span in self._slices()]

    def _colour(self, category: int) -> QColor:
        look = colours()
        assert self.data is not None
        role = self.roles.get(self.data.categories[category], "")
        return QColor(look.role(role) if role else look.series[category % len(look.series)])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = colours()
        if self.data is None or self.data.empty:
            painter.setPen(QColor(look.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._empty_text)
            return
        ring = self._ring()
        for category, start, span in self._slices():
            path = QPainterPath()
            grow = 4 if self._current == (category, 0) else 0
            path.moveTo(ring.center())
            path.arcTo(ring.adjusted(-grow, -grow, grow, grow), 90 - start, -span)
            path.closeSubpath()
            painter.setPen(QPen(QColor(look.surface), 2))
            painter.setBrush(self._colour(category))
            painter.drawPath(path)
        inset = ring.width() * 0.2
        hole = ring.adjusted(inset, inset, -inset, -inset)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.surface))
        painter.drawEllipse(hole)
        self._paint_sum(painter, hole)
        self._paint_legend(painter, ring)

    def _paint_sum(self, painter: QPainter, hole: QRectF) -> None:
        assert self.data is not None
        look = colours()
        total = sum(float(value or 0) for value in self.data.series[0].values)
        font = QFont(self.font())
        font.setPixelSize(max(14, min(26, round(hole.width() * 0.24))))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(look.text))
        upper = hole.adjusted(0, 0, 0, -hole.height() * 0.46)
        painter.drawText(upper, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, number(total))
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(look.muted))
        lower = hole.adjusted(0, hole.height() * 0.56, 0, 0)
        painter.drawText(lower, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self.data.unit)

    def _legend_rects(self) -> list[tuple[int, QRectF]]:
        slices = self._slices()
        ring = self._ring()
        left = ring.right() + 3 * UNIT
        line = min(28.0, (self.height() - 8) / max(1, len(slices)))
        top = (self.height() - line * len(slices)) / 2
        return [
            (category, QRectF(left, top + index * line, self.width() - left - UNIT, line))
            for index, (category, _start, _span) in enumerate(slices)
        ]

    def _paint_legend(self, painter: QPainter, ring: QRectF) -> None:
        assert self.data is not None
        look = colours()
        font = QFont(self.font())
        font.setPixelSize(SMALL_PX)
        painter.setFont(font)
        total = sum(float(value or 0) for value in self.data.series[0].values)
        for category, rect in self._legend_rects():
            if self._current == (category, 0):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(look.hover))
                painter.drawRoundedRect(rect.adjusted(-6, 0, 6, 0), 4, 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour(category))
            painter.drawRoundedRect(QRectF(rect.left(), rect.center().y() - 5, 10, 10), 2, 2)
            value = float(self.data.series[0].values[category] or 0)
            words = f"{number(value)}　{value / total:.0%}"
            painter.setPen(QColor(look.muted))
            painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
            room = rect.adjusted(18, 0, -painter.fontMetrics().horizontalAdvance(words) - 8, 0)
            painter.setPen(QColor(look.text))
            name = painter.fontMetrics().elidedText(
                self.data.categories[category], Qt.TextElideMode.ElideRight, round(room.width())
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def slice_at(self, at: QPointF) -> tuple[int, int] | None:
        """The slice or legend line under a point."""
        for category, rect in self._legend_rects():
            if rect.contains(at):
                return category, 0
        ring = self._ring()
        away = at - ring.center()
        distance = math.hypot(away.x(), away.y())
        if not 0.3 * ring.width() <= distance <= 0.5 * ring.width() + 4:
            return None
        degree = (math.degrees(math.atan2(away.x(), -away.y())) + 360) % 360
        return next(
            ((category, 0) for category, start, span in self._slices() if start <= degree < start + span), None
        )

    def place_of(self, mark: tuple[int, int]) -> QPointF:
        ring = self._ring()
        start, span = next((s, w) for category, s, w in self._slices() if category == mark[0])
        middle = math.radians(start + span / 2)
        radius = ring.width() * 0.4
        return ring.center() + QPointF(math.sin(middle) * radius, -math.cos(middle) * radius)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_current(self.slice_at(event.position()), event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._open(self.slice_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._set_current(None)


class _Key(QWidget):
    """A colour square and a series' name."""

    def __init__(self, text: str, series: Series, index: int) -> None:
        super().__init__()
        self._series, self._index = series, index
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 0, 0)
        label = QLabel(text)
        label.setProperty("role", "muted")
        row.addWidget(label)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(series_colour(self._series, self._index))
        painter.drawRoundedRect(QRectF(0, self.height() / 2 - 5, 10, 10), 2, 2)


def nice_step(top: float) -> float:
    """A round distance of axis marks so that four or five of them reach `top` (whole numbers for counts)."""
    if top <= 5:
        return 1.0
    raw = top / 4
    power = 10 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw)
    return step if step != 2.5 else 5.0
