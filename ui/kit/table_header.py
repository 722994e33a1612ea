"""The table's header: sort marks, filter funnels, its keys; knows section numbers, not what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QWidget

from ui.kit.icons import icon
from ui.kit.palette import SMALL_PX
from ui.kit.theme import colours

HEIGHT = 38
_PAD = 12
_FUNNEL = 16


class FilterHeader(QHeaderView):
    """A horizontal header.

    ``sort_asked(section, add)`` on a click (``add`` with Shift), ``filter_asked(section)`` on the funnel or a right
    click. ``set_sorted`` and ``set_filtered`` say what is marked.
    """

    sort_asked = Signal(int, bool)
    filter_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(56)
        self.setMouseTracking(True)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._sorted: dict[int, tuple[bool, int]] = {}
        self._filtered: frozenset[int] = frozenset()
        self._filterable: frozenset[int] = frozenset()
        self._right: frozenset[int] = frozenset()
        self._hover = -1
        self._pressed: tuple[int, QPoint] | None = None
        self._font = QFont(self.font())
        self._font.setPixelSize(SMALL_PX)
        self._font.setWeight(QFont.Weight.DemiBold)

    def set_columns(self, filterable: Sequence[int], right: Sequence[int]) -> None:
        """Which sections have a filter, and which are right aligned."""
        self._filterable, self._right = frozenset(filterable), frozenset(right)

    def set_sorted(self, sections: Mapping[int, bool]) -> None:
        """Mark the sort keys in their order: section → descending."""
        self._sorted = {s: (down, i + 1) for i, (s, down) in enumerate(sections.items())}
        self.viewport().update()

    def set_filtered(self, sections: Sequence[int]) -> None:
        """Mark the filtered sections."""
        self._filtered = frozenset(sections)
        self.viewport().update()

    def sort_marks(self) -> dict[int, bool]:
        """The marked sort keys in order: section → descending."""
        return {s: down for s, (down, _) in sorted(self._sorted.items(), key=lambda kv: kv[1][1])}

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEIGHT)

    def funnel(self, section: int) -> QRect:
        """Where a section's funnel is, in the viewport."""
        left = self.sectionViewportPosition(section) + self.sectionSize(section) - _FUNNEL - 8
        return QRect(left, (self.height() - _FUNNEL) // 2, _FUNNEL, _FUNNEL)

    # --- painting --------------------------------------------------------------------------------------------

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        palette = colours()
        hovered = section == self._hover
        painter.save()
        painter.fillRect(rect, QColor(palette.hover if hovered else palette.surface))
        painter.setPen(QColor(palette.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.right(), rect.top() + 11, rect.right(), rect.bottom() - 11)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if section in self._filtered or (hovered and section in self._filterable):
            role = "accent" if section in self._filtered else "faint"
            icon("filter", role).paint(painter, self.funnel(section))
            inner.setRight(inner.right() - _FUNNEL + 2)
        mark = self._sorted.get(section)
        painter.setFont(self._font)
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        room = inner.width() - (18 if mark else 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = painter.fontMetrics().horizontalAdvance(shown)
        left = inner.right() - room + (room - width) if section in self._right else inner.left()
        if section in self._right and mark:
            left -= 18
        painter.setPen(QColor(palette.accent if mark or section in self._filtered else palette.muted))
        painter.drawText(
            QRect(left, rect.top(), width + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown
        )
        if mark:
            self._paint_mark(painter, QPoint(left + width + 4, rect.center().y()), mark)
        painter.restore()

    def _paint_mark(self, painter: QPainter, at: QPoint, mark: tuple[bool, int]) -> None:
        name = "chevron-down" if mark[0] else "chevron-up"
        icon(name, "accent").paint(painter, QRect(at.x(), at.y() - 7, 14, 14))
        if len(self._sorted) > 1:
            font = QFont(self._font)
            font.setPixelSize(10)
            painter.setFont(font)
            painter.drawText(at.x() + 13, at.y() + 5, str(mark[1]))

    # --- mouse -----------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover_at(self.logicalIndexAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover_at(-1)

    def _hover_at(self, section: int) -> None:
        if section != self._hover:
            self._hover = section
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        section = self.logicalIndexAt(at)
        on_funnel = section in self._filterable and self.funnel(section).adjusted(-4, -6, 4, 6).contains(at)
        if on_funnel and event.button() == Qt.MouseButton.LeftButton:
            self.filter_asked.emit(section)
            return
        self._pressed = (section, at)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        section, start = pressed
        if section < 0 or self._at_edge(section, start):
            return  # that was a resize
        if (at - start).manhattanLength() < 6 and self.logicalIndexAt(at) == section:
            self.sort_asked.emit(section, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def _at_edge(self, section: int, at: QPoint) -> bool:
        inside = at.x() - self.sectionViewportPosition(section)
        grip = self.style().pixelMetric(QStyle.PixelMetric.PM_HeaderGripMargin, None, self)
        return inside >= self.sectionSize(section) - grip or (inside < grip and self.visualIndex(section) > 0)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        section = self.logicalIndexAt(event.pos())
        if section in self._filterable:
            self.filter_asked.emit(section)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            section = self.logicalIndexAt(event.pos())  # type: ignore[attr-defined]
            if section >= 0:
                label = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
                tip = f"{label}\n单击排序，按住 Shift 再加一列；右击或点漏斗筛选；拖动可换位置"
                self.setToolTip(tip)
        return super().event(event)
