"""Paints the table's cells: texts, numbers, pills and urgent days in the theme's colours; decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from ui.kit.table_model import RowsModel
from ui.kit.theme import colours, theme

PAD = 12
ROW_HEIGHT = 36
_PILL = 22
Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Fast cells: no style option is filled, no style is asked."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.hover_row = -1
        self.current_row = -1
        self.row_height = ROW_HEIGHT
        self._pill_height = _PILL
        self._font, self._pill_font, self._strong = (QFont(view.font()) for _ in range(3))
        self.set_zoom(view, 100)
        self._colours: dict[str, QColor] = {}
        theme().changed.connect(self._colours.clear)

    def set_zoom(self, view: QWidget, percent: int) -> None:
        """Rows and letters at a percentage of their usual size."""
        self.row_height = round(ROW_HEIGHT * percent / 100)
        self._pill_height = round(_PILL * percent / 100)
        pixels = QFontInfo(view.font()).pixelSize() * percent / 100
        for font, size in (
            (self._font, pixels),
            (self._pill_font, 12 * percent / 100),
            (self._strong, pixels),
        ):
            font.setPixelSize(max(1, round(size)))
        self._pill_font.setWeight(QFont.Weight.DemiBold)
        self._strong.setWeight(QFont.Weight.DemiBold)
        self._metrics = QFontMetrics(self._font)
        self._pill_metrics = QFontMetrics(self._pill_font)
        self._strong_metrics = QFontMetrics(self._strong)

    def _colour(self, role: str) -> QColor:
        found = self._colours.get(role)
        if found is None:
            found = self._colours[role] = QColor(colours().role(role))
        return found

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        row, column = index.row(), index.column()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = "surface"
        if selected:
            ground = "selection"
        elif row == self.current_row:
            ground = "accent_soft"
        elif row == self.hover_row:
            ground = "hover"
        painter.fillRect(rect, self._colour(ground))
        painter.setPen(self._colour("border"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        model = index.model()
        assert isinstance(model, RowsModel)
        cells = model.cells(row)
        if cells is None:
            self._paint_waiting(painter, rect)
            return
        text, tone = cells.texts[column], cells.tones[column]
        if text:
            if model.painter.is_pill(column):
                self._paint_pill(painter, rect, text, tone, ground in ("selection", "accent_soft"))
            else:
                self._paint_text(painter, rect, text, tone, column, model.numeric[column])
        if option.state & QStyle.StateFlag.State_HasFocus and selected:
            painter.setPen(self._colour("accent"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _paint_text(
        self, painter: QPainter, rect: QRect, text: str, tone: str, column: int, right: bool
    ) -> None:
        strong = tone in ("danger", "warning")
        metrics = self._strong_metrics if strong else self._metrics
        inner = rect.adjusted(PAD, 0, -PAD, -1)
        if metrics.horizontalAdvance(text) > inner.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.setFont(self._strong if strong else self._font)
        painter.setPen(self._colour(tone if strong else "text"))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

    def _paint_pill(self, painter: QPainter, rect: QRect, text: str, tone: str, lit: bool) -> None:
        ground, ink = "sunken", "muted"
        if tone == "muted":
            ink = "faint"
        elif tone:
            ground, ink = f"{tone}_soft", tone
        ground = "surface" if lit else ground  # soft colours would drown in the row's own
        room = rect.width() - 2 * PAD + 8
        shown = self._pill_metrics.elidedText(text, Qt.TextElideMode.ElideRight, room - 16)
        width = self._pill_metrics.horizontalAdvance(shown) + 18
        top = rect.top() + (rect.height() - 1 - self._pill_height) / 2
        shape = QRectF(rect.left() + PAD - 4, top, width, self._pill_height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour(ground))
        painter.drawRoundedRect(shape, self._pill_height / 2, self._pill_height / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self._pill_font)
        painter.setPen(self._colour(ink))
        painter.drawText(shape, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_waiting(self, painter: QPainter, rect: QRect) -> None:
        bar = QRect(rect.left() + PAD, rect.center().y() - 4, max(12, min(rect.width() - 2 * PAD, 90)), 8)
        painter.fillRect(bar, self._colour("sunken"))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text = str(index.data() or "")
        model = index.model()
        pill = isinstance(model, RowsModel) and model.painter.is_pill(index.column())
        metrics = self._pill_metrics if pill else self._metrics
        return QSize(metrics.horizontalAdvance(text) + 2 * PAD + 10, self.row_height)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            text = str(index.data() or "") if index.isValid() else ""
            wide = self._metrics.horizontalAdvance(text) > view.visualRect(index).width() - 2 * PAD
            if text and wide:
                QToolTip.showText(event.globalPos(), f"<p>{_escape(text)}</p>", view)
            else:
                QToolTip.hideText()
            return True
        return super().helpEvent(event, view, option, index)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
