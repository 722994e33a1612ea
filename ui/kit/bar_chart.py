"""The bar chart, drawn by pyqtgraph; knows ChartData, no figure and no table."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from ui.kit.chart_base import Chart, series_colour
from ui.kit.chart_data import ChartData, Series, number
from ui.kit.palette import UNIT
from ui.kit.theme import colours


class BarChart(Chart):
    """Upright bars, stacked or side by side, by pyqtgraph (loaded with the first data)."""

    def __init__(
        self, stacked: bool = True, empty_text: str = "这段时间没有记录", parent: QWidget | None = None
    ) -> None:
        super().__init__(empty_text, parent)
        self._stacked = stacked
        self._plot: Any = None
        self._bars: dict[tuple[int, int], QRectF] = {}
        self._outline: Any = None
        self.setMinimumHeight(130)
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
        for side, marks in (("left", ticks), ("bottom", self._names(data))):
            axis = self._plot.getAxis(side)
            axis.setStyle(tickFont=font, tickLength=0, tickTextOffset=8, hideOverlappingLabels=False)
            axis.setTextPen(look.muted)
            axis.setPen(QPen(QColor(look.border if side == "bottom" else look.surface), 1))
            axis.setTicks([marks])
        self._plot.getAxis("left").setGrid(0)
        for value, _text in ticks[1:]:
            line = self._plot.addLine(y=value, pen=QPen(QColor(look.border), 0))
            line.setZValue(-10)
        self._plot.setRange(
            xRange=(-0.6, len(data.categories) - 0.4),
            yRange=(0, limit * 1.1),
            padding=0,
            disableAutoRange=True,
        )

    def _fill_legend(self) -> None:
        while (item := self._legend_row.takeAt(0)) is not None:
            old = item.widget()
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

    def _names(self, data: ChartData) -> list[tuple[int, str]]:
        """The category names that have room."""
        widest = max(self.fontMetrics().horizontalAdvance(name) for name in data.categories) + UNIT
        every = max(1, math.ceil(len(data.categories) * widest / max(1, self.width() - 64)))
        return [(at, name) for at, name in enumerate(data.categories) if at % every == 0]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._bars and self.data is not None:
            self._plot.getAxis("bottom").setTicks([self._names(self.data)])


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
