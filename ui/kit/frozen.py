"""A table whose first columns stay in place while the others scroll sideways; knows no register.

It is one view: the frozen cells are painted over those that have scrolled under them, and a point or a cell there
means the frozen column, so that selection, keys, editing and copying need not know.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.kit.theme import colours

Index = QModelIndex | QPersistentModelIndex
_MOST = 0.7
"""Of the width: frozen columns that would leave less room scroll with the others."""


class FrozenTable(QTableView):
    """``freeze(places)`` keeps the first sections as they stand, hidden ones counted; 0 lets all scroll."""

    frozen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = 0

    @property
    def frozen_places(self) -> int:
        """How many places of the header are asked to stay, hidden columns counted."""
        return self._places

    def freeze(self, places: int) -> None:
        """Have the columns of the first places stay, as far as there is room."""
        self._places = max(0, places)
        self.viewport().update()
        self.horizontalHeader().viewport().update()
        self.frozen_changed.emit()

    def freeze_through(self, section: int) -> None:
        """Have the columns up to this one stay."""
        self.freeze(self.horizontalHeader().visualIndex(section) + 1)

    def frozen_sections(self) -> list[int]:
        """The shown columns that stay, from left to right; none where they would take nearly all the room."""
        header = self.horizontalHeader()
        found = [header.logicalIndex(place) for place in range(min(self._places, header.count()))]
        found = [section for section in found if not header.isSectionHidden(section)]
        wide = sum(header.sectionSize(section) for section in found) > self.viewport().width() * _MOST
        return [] if wide else found

    def frozen_width(self) -> int:
        """The width of what stays, in device-independent pixels."""
        header = self.horizontalHeader()
        return sum(header.sectionSize(section) for section in self.frozen_sections())

    def is_frozen(self, section: int) -> bool:
        """Whether a column stays."""
        place = self.horizontalHeader().visualIndex(section)
        return 0 <= place < self._places and section in self.frozen_sections()

    # --- where cells are ---------------------------------------------------------------------------------------------

    def _shift(self) -> int:
        return self.horizontalHeader().offset()

    def indexAt(self, at: QPoint) -> QModelIndex:
        if self._places and at.x() < self.frozen_width():
            at = QPoint(at.x() - self._shift(), at.y())
        return super().indexAt(at)

    def visualRect(self, index: Index) -> QRect:
        rect: QRect = super().visualRect(index)
        return rect.translated(self._shift(), 0) if self._places and self.is_frozen(index.column()) else rect

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if not self._places or not index.isValid():
            return
        if self.is_frozen(index.column()):
            bar.setValue(before)
            return
        covered = self.frozen_width() - self.visualRect(index).left()
        if covered > 0:
            bar.setValue(bar.value() - covered)

    # --- painting ----------------------------------------------------------------------------------------------------

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if dx and self._places:  # what was moved along with the rest has to come back
            self.viewport().update()
            self.horizontalHeader().viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        sections = self.frozen_sections() if self._places and self._shift() else []
        if not sections:
            return
        view = self.viewport()
        bottom = min(event.rect().bottom(), view.height() - 1)
        first, last = self.rowAt(event.rect().top()), self.rowAt(bottom)
        painter = QPainter(view)
        if first >= 0:
            last = last if last >= 0 else self.model().rowCount() - 1
            self._paint_cells(painter, first, last, sections)
            bottom = self.visualRect(self.model().index(last, sections[0])).bottom()
        edge = self.frozen_width()
        paint_edge(painter, edge, 0, bottom)
        painter.end()

    def _paint_cells(self, painter: QPainter, first: int, last: int, sections: list[int]) -> None:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        model, chosen, current = self.model(), self.selectionModel(), self.currentIndex()
        plain, state = QStyle.StateFlag.State_Enabled, QStyle.StateFlag
        focused = self.hasFocus()
        for row in range(first, last + 1):
            for section in sections:
                index = model.index(row, section)
                option.rect = self.visualRect(index)
                flags = plain
                if chosen.isSelected(index):
                    flags |= state.State_Selected
                if focused and index == current:
                    flags |= state.State_HasFocus
                option.state = flags
                delegate = self.itemDelegate()
                assert isinstance(delegate, QAbstractItemDelegate)
                delegate.paint(painter, option, index)


def paint_edge(painter: QPainter, x: int, top: int, bottom: int) -> None:
    """The fine line at the right of what stays, with a breath of shadow on what runs under it."""
    palette = colours()
    painter.setPen(QColor(palette.border_strong))
    painter.drawLine(x - 1, top, x - 1, bottom)
    for step, strength in enumerate((26, 14, 6)):
        painter.setPen(QColor(0, 0, 0, strength * (2 if palette.dark else 1)))
        painter.drawLine(x + step, top, x + step, bottom)


class FrozenHeader(QHeaderView):
    """A header over such a table: its first sections are painted and touched where they stay."""

    def __init__(self, table: FrozenTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.table = table

    def frozen_edge(self) -> int:
        """Where what stays ends, 0 while nothing has scrolled under it."""
        return self.table.frozen_width() if self.table.frozen_places and self.offset() else 0

    def left_of(self, section: int) -> int:
        """Where a section begins on the screen, in the viewport."""
        left = self.sectionViewportPosition(section)
        return left + self.offset() if self.table.is_frozen(section) else left

    def reveal(self, section: int) -> int:
        """Scroll a section into sight and tell where it begins."""
        self.table.scrollTo(self.model().index(max(0, self.table.rowAt(0)), section))
        return self.left_of(section)

    def inside(self, at: QPoint) -> QPoint:
        """The point of the header itself that is seen at a point of its viewport."""
        return QPoint(at.x() - self.offset(), at.y()) if at.x() < self.frozen_edge() else at

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        edge = self.frozen_edge()
        if not edge:
            return
        painter = QPainter(self.viewport())
        for section in self.table.frozen_sections():
            rect = QRect(self.left_of(section), 0, self.sectionSize(section), self.height())
            self.paintSection(painter, rect, section)
        paint_edge(painter, edge, 0, self.height() - 1)
        painter.end()


