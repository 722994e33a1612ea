"""The table's header: sort marks, filter funnels, frozen sections; knows section numbers, not what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle

from ui.kit.frozen import FrozenHeader, FrozenTable
from ui.kit.icons import icon
from ui.kit.palette import SMALL_PX
from ui.kit.theme import colours

HEIGHT = 38
_PAD = 12
_FUNNEL = 16
_MARK = 18
_TIGHT = 4


class FilterHeader(FrozenHeader):
    """A horizontal header.

    ``sort_asked(section, add)`` on a click (``add`` with Shift), ``filter_asked(section)`` on the funnel,
    ``menu_asked(section, global point)`` on a right click. ``set_sorted`` and ``set_filtered`` say what is marked.
    """

    sort_asked = Signal(int, bool)
    filter_asked = Signal(int)
    menu_asked = Signal(int, QPoint)

    def __init__(self, table: FrozenTable) -> None:
        super().__init__(table)
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
        self._sizing: tuple[int, int] | None = None
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

    def least_width(self, section: int) -> int:
        """The width at which a section's label and its marks stand side by side."""
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        return QFontMetrics(self._font).horizontalAdvance(text) + 2 * _TIGHT + 2 + _MARK + _FUNNEL

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEIGHT)

    def funnel(self, section: int) -> QRect:
        """Where a section's funnel is, in the viewport."""
        left = self.left_of(section) + self.sectionSize(section) - _FUNNEL - 8
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
        mark = self._sorted.get(section)
        painter.setFont(self._font)
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        metrics = painter.fontMetrics()
        marks = (_MARK if mark else 0) + (_FUNNEL if section in self._filtered else 0)
        if metrics.horizontalAdvance(text) + marks > inner.width():
            inner = rect.adjusted(_TIGHT, 0, -_TIGHT, 0)  # the label goes before the air round it
        if section in self._filtered or (hovered and section in self._filterable):
            role = "accent" if section in self._filtered else "faint"
            funnel = QRect(0, 0, _FUNNEL, _FUNNEL)
            funnel.moveCenter(QPoint(inner.right() - _FUNNEL // 2 + 4, rect.center().y()))
            icon("filter", role).paint(painter, funnel)
            inner.setRight(inner.right() - _FUNNEL + 2)
        room = inner.width() - (_MARK if mark else 0)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(shown)
        left = inner.right() - room + (room - width) if section in self._right else inner.left()
        if section in self._right and mark:
            left -= _MARK
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

    def section_at(self, at: QPoint) -> int:
        """The section seen at a point of the viewport, -1 beside them."""
        return self.logicalIndexAt(self.inside(at))

    def _sent_inside(self, event: QMouseEvent) -> QMouseEvent:
        """The event as the header itself means it: a frozen section is where it would be without freezing."""
        at = event.position().toPoint()
        shift = at.x() - self.inside(at).x()
        if not shift:
            return event
        moved = QPointF(event.position().x() - shift, event.position().y())
        return QMouseEvent(
            event.type(), moved, event.scenePosition(), event.globalPosition(),
            event.button(), event.buttons(), event.modifiers(),
        )  # fmt: skip

    def _frozen_grip(self, at: QPoint) -> int:
        """The frozen section whose right edge is at a point while others have scrolled under it; -1 beside them."""
        if self.inside(at) == at:
            return -1
        section = self.section_at(at)
        if at.x() - self.left_of(section) < self._grip() and self.visualIndex(section) > 0:
            section = self.logicalIndex(self.visualIndex(section) - 1)
            return section if not self.isSectionHidden(section) else -1
        return section if self._at_edge(section, at) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._sizing is not None:
            section, start = self._sizing
            self.resizeSection(section, max(self.minimumSectionSize(), start + at.x()))
            return
        super().mouseMoveEvent(self._sent_inside(event))
        self._hover_at(self.section_at(at))
        if self._frozen_grip(at) >= 0:
            self.setCursor(Qt.CursorShape.SplitHCursor)  # the header itself does not look left of its beginning

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover_at(-1)

    def _hover_at(self, section: int) -> None:
        if section != self._hover:
            self._hover = section
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        section = self.section_at(at)
        on_funnel = section in self._filterable and self.funnel(section).adjusted(-4, -6, 4, 6).contains(at)
        if on_funnel and event.button() == Qt.MouseButton.LeftButton and not self._at_edge(section, at):
            self.filter_asked.emit(section)
            return
        self._pressed = (section, at)
        held = self._frozen_grip(at) if event.button() == Qt.MouseButton.LeftButton else -1
        if held >= 0:
            self._sizing = (held, self.sectionSize(held) - at.x())
            return
        super().mousePressEvent(self._sent_inside(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(self._sent_inside(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if self._sizing is not None:
            self._sizing = None
            return
        super().mouseReleaseEvent(self._sent_inside(event))
        at = event.position().toPoint()
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        section, start = pressed
        if section < 0 or self._at_edge(section, start):
            return  # that was a resize
        if (at - start).manhattanLength() < 6 and self.section_at(at) == section:
            self.sort_asked.emit(section, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def _at_edge(self, section: int, at: QPoint) -> bool:
        inside = at.x() - self.left_of(section)
        grip = self._grip()
        return inside >= self.sectionSize(section) - grip or (inside < grip and self.visualIndex(section) > 0)

    def _grip(self) -> int:
        return self.style().pixelMetric(QStyle.PixelMetric.PM_HeaderGripMargin, None, self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        section = self.section_at(event.pos())
        if section >= 0:
            self.menu_asked.emit(section, event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            section = self.section_at(event.pos())  # type: ignore[attr-defined]
            if section >= 0:
                label = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
                tip = f"{label}\n单击排序，按住 Shift 再加一列；点漏斗筛选；右击可冻结、隐藏；拖动可换位置"
                self.setToolTip(tip)
        return super().event(event)
