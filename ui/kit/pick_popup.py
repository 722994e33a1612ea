"""The list under a field while one types: two-line items inside the window itself; knows no record.

It is a child of the window and never takes the focus, so that typing, input methods and Tab stay with the field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.kit.palette import SMALL_PX, UNIT
from ui.kit.theme import colours

MOST_HEIGHT = 320
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class PickItem:
    """One line of the list; ``kind`` is "" for a choice, "new" for 新建…, "note" for a remark that cannot be chosen."""

    key: Any
    text: str
    hint: str = ""
    kind: str = ""


class _Items(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: list[PickItem] = []

    def show(self, items: Sequence[PickItem]) -> None:
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return item.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{item.text}\n{item.hint}".strip()
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.items[index.row()].kind == "note":
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    """Paints the choice and, smaller and muted, what tells it from its namesakes."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.model().items[index.row()]  # type: ignore[attr-defined]
        view = option.widget
        rect = QRect(option.rect).adjusted(4, 1, -4, -1)
        shade = colours()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(view, QListView) and view.currentIndex() == index:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(shade.accent_soft))
            painter.drawRoundedRect(rect, 4, 4)
        rect.adjust(8, 0, -8, 0)
        ink = shade.accent if item.kind == "new" else shade.muted if item.kind == "note" else shade.text
        painter.setPen(QColor(ink))
        first = QRect(rect)
        if item.hint:
            first.setHeight(rect.height() // 2 + 1)
            first.adjust(0, 3, 0, 0)
        self._line(painter, first, item.text)
        if item.hint:
            font = painter.font()
            font.setPixelSize(SMALL_PX - 1)
            painter.setFont(font)
            painter.setPen(QColor(shade.muted))
            second = QRect(rect.left(), first.bottom(), rect.width(), rect.bottom() - first.bottom() - 2)
            self._line(painter, second, item.hint)
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, rect: QRect, text: str) -> None:
        shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item = index.model().items[index.row()]  # type: ignore[attr-defined]
        return QSize(120, 48 if item.hint else 34)


class PickPopup(QFrame):
    """The list; ``picked(item)`` on click, the field itself asks ``current()`` on Enter and Tab."""

    picked = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("pick")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.model = _Items(self)
        self.view = QListView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Delegate(self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.clicked.connect(self._clicked)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(1, 4, 1, 4)
        inner.addWidget(self.view)
        self.hide()

    def offer(self, items: Sequence[PickItem], at: QWidget, start: int = 0, least_width: int = 260) -> None:
        """Show items under (or above) a field; ``start`` is the line marked first, -1 for none."""
        if not items:
            self.hide()
            return
        self.model.show(items)
        self._place(at, least_width)
        self.show()
        self.raise_()
        if 0 <= start < len(items) and items[start].kind != "note":
            self.view.setCurrentIndex(self.model.index(start))

    def _place(self, at: QWidget, least_width: int) -> None:
        window = at.window()
        corner = at.mapTo(window, QPoint(0, 0))
        wanted = sum(48 if item.hint else 34 for item in self.model.items) + 10
        height = min(wanted, MOST_HEIGHT)
        below = window.height() - corner.y() - at.height() - UNIT
        above = corner.y() - UNIT
        over = below < height and above > below
        height = min(height, max(above if over else below, 80))
        width = min(max(at.width(), least_width), window.width() - 2 * UNIT)
        x = max(UNIT, min(corner.x(), window.width() - width - UNIT))
        y = corner.y() - height - 2 if over else corner.y() + at.height() + 2
        self.setGeometry(x, y, width, height)

    def current(self) -> PickItem | None:
        """The marked item while the list is shown."""
        index = self.view.currentIndex()
        return self.model.items[index.row()] if self.isVisible() and index.isValid() else None

    def move_mark(self, by: int) -> None:
        """Mark another line, going round at the ends and past what cannot be chosen."""
        count = self.model.rowCount()
        row = self.view.currentIndex().row()
        for _ in range(count):
            row = (row + by) % count if row >= 0 or by > 0 else count - 1
            if self.model.items[row].kind != "note":
                self.view.setCurrentIndex(self.model.index(row))
                return

    def _clicked(self, index: Index) -> None:
        item = self.model.items[index.row()]
        if item.kind != "note":
            self.hide()
            self.picked.emit(item)
