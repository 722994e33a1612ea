"""The ring of shares with its legend, painted by Qt; knows ChartData, no figure and no table."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.chart_base import Chart
from ui.kit.chart_data import number
from ui.kit.palette import SMALL_PX, UNIT
from ui.kit.theme import colours


class ShareChart(Chart):
    """A ring of shares with its sum in the middle and a legend of counts; the first series of the data."""

    def __init__(self, empty_text: str = "还没有记录", parent: QWidget | None = None) -> None:
        super().__init__(empty_text, parent)
        self.setMinimumSize(QSize(260, 130))
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
            ((category, 0) for category, start, span in self._slices() if start <= degree < start + span),
            None,
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
