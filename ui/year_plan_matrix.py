"""Officers by months with what is planned and made: the grid over the year's plan; knows numbers, not their source."""

from __future__ import annotations

import json

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from models.plan_desk import ALL_OFFICERS, NOBODY, YEAR, Board, Cell
from ui.kit.theme import colours

MIME = "application/x-shian-planned-visits"
CELL = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 26
NAME_WIDTH = 92
WORDS = "格内为已完成／计划家次，红字有逾期；底色越深越接近每月上限"


class PlanMatrix(QTableWidget):
    """The grid. ``cell_chosen(officer, month)`` when another cell is current, ``cell_opened`` by Enter or double click;
    ``visits_dropped(ids, from officer, officer, month)`` when visits were dragged onto a cell."""

    cell_chosen = Signal(int, int)
    cell_opened = Signal(int, int)
    visits_dropped = Signal(list, int, int, int)

    def __init__(self) -> None:
        super().__init__(0, 14)
        self.officers: list[int] = []
        self.bound = 0
        self.aim: QModelIndex = QModelIndex()
        self.setHorizontalHeaderLabels(["检查人员", *(f"{month}月" for month in range(1, 13)), "全年"])
        self.setAccessibleName("各检查人员每月的计划")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(True)
        self.setItemDelegate(CellDelegate(self))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(0, NAME_WIDTH)
        self.currentCellChanged.connect(self._moved)
        self.cellDoubleClicked.connect(lambda row, column: self.cell_opened.emit(*self.meaning(row, column)))

    # -- filling ----------------------------------------------------------------------------------------

    def show_board(self, board: Board) -> None:
        """Show the numbers; the current cell stays where it is."""
        at = (max(0, self.currentRow()), max(0, self.currentColumn()))
        before = self.current()
        self.bound = board.bound
        self.officers = [ALL_OFFICERS, *board.officers]
        if board.cell(NOBODY, YEAR).planned:
            self.officers.insert(1, NOBODY)
        names = {ALL_OFFICERS: "全局", NOBODY: "未定人员", **board.officers}
        self.blockSignals(True)
        self.setRowCount(len(self.officers))
        for row, officer in enumerate(self.officers):
            self._name(row, names[officer], officer == ALL_OFFICERS)
            for month in range(1, 13):
                self._put(row, month, board.cell(officer, month), officer, names[officer], f"{month}月")
            self._put(row, 13, board.cell(officer, YEAR), officer, names[officer], "全年")
        self.blockSignals(False)
        if before is not None and before[0] in self.officers:
            at = (self.officers.index(before[0]), at[1])
        if self.officers:
            self.setCurrentCell(min(at[0], self.rowCount() - 1), at[1])

    def _name(self, row: int, name: str, bold: bool) -> None:
        item = QTableWidgetItem(name)
        if bold:
            font = item.font()
            font.setBold(True)
            item.setFont(font)
        self.setItem(row, 0, item)

    def _put(self, row: int, column: int, cell: Cell, officer: int, name: str, month: str) -> None:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            self.setItem(row, column, item)
        item.setText(f"{cell.done}/{cell.planned}" if cell.planned else "")
        item.setData(CELL, (cell, officer > 0 and column < 13))
        late = f"，逾期 {cell.overdue}" if cell.overdue else ""
        item.setToolTip(f"{name} {month}：计划 {cell.planned} 家次，已完成 {cell.done}{late}" if cell.planned else "")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, item.toolTip())

    # -- what is chosen ---------------------------------------------------------------------------------

    def meaning(self, row: int, column: int) -> tuple[int, int]:
        """Officer and month of a cell; the first and last column mean the whole year."""
        return self.officers[row], column if 1 <= column <= 12 else YEAR

    def current(self) -> tuple[int, int] | None:
        """Officer and month of the current cell; None before there is one."""
        row, column = self.currentRow(), self.currentColumn()
        return self.meaning(row, column) if 0 <= row < len(self.officers) and column >= 0 else None

    def choose(self, officer: int, month: int) -> None:
        """Make a cell the current one."""
        self.setCurrentCell(self.officers.index(officer), month or 13)

    def _moved(self, row: int, column: int, _old_row: int, _old_column: int) -> None:
        if 0 <= row < len(self.officers):
            self.cell_chosen.emit(*self.meaning(row, column))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        found = self.current()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and found is not None:
            self.cell_opened.emit(*found)
        else:
            super().keyPressEvent(event)

    # -- dropping ---------------------------------------------------------------------------------------

    def _target(self, event: QDropEvent) -> QModelIndex:
        """The cell under the mouse where visits may be dropped: a month of an officer, or of the whole office."""
        index = self.indexAt(event.position().toPoint())
        fits = index.isValid() and 1 <= index.column() <= 12 and self.officers[index.row()] != NOBODY
        return index if fits and event.mimeData().hasFormat(MIME) else QModelIndex()

    def _aim(self, index: QModelIndex) -> None:
        self.aim = index
        self.viewport().update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        index = self._target(event)
        self._aim(index)
        if index.isValid():
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(QModelIndex())

    def dropEvent(self, event: QDropEvent) -> None:
        index = self._target(event)
        self._aim(QModelIndex())
        if not index.isValid():
            return
        given = json.loads(bytes(event.mimeData().data(MIME).data()))
        officer, month = self.meaning(index.row(), index.column())
        event.acceptProposedAction()
        self.visits_dropped.emit(given["ids"], given["officer"], officer, month)


class CellDelegate(QStyledItemDelegate):
    """Paints a cell: the tint of the load, the words red where something is overdue, green where all is done."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        look, grid = colours(), self.parent()
        assert isinstance(grid, PlanMatrix)
        found = index.data(CELL)
        painter.save()
        rect: QRect = option.rect.adjusted(1, 1, -1, -1)
        if found is not None:
            cell, tinted = found
            if tinted and grid.bound and cell.planned:
                tint = QColor(look.accent)
                tint.setAlphaF(min(0.45, 0.05 + 0.4 * cell.planned / grid.bound))
                painter.fillRect(rect, tint)
            ink = look.danger if cell.overdue else look.success if cell.open == 0 else look.text
        else:
            ink = look.text
        if option.state & QStyle.StateFlag.State_Selected or grid.aim == index:
            painter.setPen(QPen(QColor(look.accent), 2))
            painter.drawRect(rect)
        painter.setPen(QColor(ink))
        font = index.data(Qt.ItemDataRole.FontRole)
        painter.setFont(font or option.font)
        align = Qt.AlignmentFlag.AlignVCenter | (
            Qt.AlignmentFlag.AlignLeft if index.column() == 0 else Qt.AlignmentFlag.AlignHCenter
        )
        text = painter.fontMetrics().elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect.adjusted(6 if index.column() == 0 else 0, 0, 0, 0), int(align), text)
        painter.restore()
