"""A table of rows made beforehand, with ticks where rows can be left out; knows words and keys, no record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from models.clipboard import write_range
from ui.kit.theme import colours

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 34
CHECK_WIDTH = 40


class Head(NamedTuple):
    """A column: its word, its width in device-independent pixels (0 takes the room that is left), right for numbers."""

    title: str
    width: int = 0
    right: bool = False


class TableRow(NamedTuple):
    """A row: its key, the texts of its columns, the tones of some columns, and whether it can be ticked."""

    key: Any
    texts: tuple[str, ...]
    tones: dict[int, str] = {}
    tickable: bool = True


class RowsModel(QAbstractTableModel):
    """The rows; with ``ticks`` a first column holds a box for each. ``ticked_changed()`` follows every mark."""

    ticked_changed = Signal()

    def __init__(self, heads: Sequence[Head], ticks: bool = False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heads, self.ticks = tuple(heads), ticks
        self.rows: Sequence[TableRow] = ()
        self.off: set[Any] = set()

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        """Show other rows; the marks of keys stay."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def tick(self, keys: Iterable[Any], on: bool) -> None:
        """Tick rows, or take them off."""
        if on:
            self.off.difference_update(keys)
        else:
            self.off.update(keys)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))
        self.ticked_changed.emit()

    def toggle(self, rows: Iterable[int]) -> None:
        """Tick the rows where one of them is off, else take them all off."""
        keys = [self.rows[row].key for row in rows if self.rows[row].tickable]
        self.tick(keys, any(key in self.off for key in keys))

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.heads) + self.ticks

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = section - self.ticks
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heads[column].title if column >= 0 else ""
        if role == Qt.ItemDataRole.TextAlignmentRole and column >= 0 and self.heads[column].right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.ticks and index.column() == 0 and self.rows[index.row()].tickable:
            found |= Qt.ItemFlag.ItemIsUserCheckable
        return found

    def data(self, index: Index, role: int = 0) -> Any:
        row, column = self.rows[index.row()], index.column() - self.ticks
        if column < 0:
            if role == Qt.ItemDataRole.CheckStateRole and row.tickable:
                return Qt.CheckState.Unchecked if row.key in self.off else Qt.CheckState.Checked
            return None
        if role == Qt.ItemDataRole.DisplayRole or role == Qt.ItemDataRole.ToolTipRole:
            return row.texts[column]
        if role == Qt.ItemDataRole.ForegroundRole:
            tone = row.tones.get(column, "")
            return QColor(colours().role(tone)) if tone else None
        if role == Qt.ItemDataRole.TextAlignmentRole and self.heads[column].right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() or not self.ticks:
            return False
        self.tick([self.rows[index.row()].key], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True


class RowsTable(QTableView):
    """The rows on the screen: space ticks, Enter or a double click opens, Ctrl+C copies what is selected.

    ``opened(key)`` for the row that is to be opened, ``selected()`` when other rows are chosen.
    """

    opened = Signal(object)
    selected = Signal()

    def __init__(
        self, heads: Sequence[Head], name: str, ticks: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.list = RowsModel(heads, ticks, self)
        self.setModel(self.list)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setStyleSheet("QTableView::item { padding: 0 10px; }")
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        if ticks:
            self.setColumnWidth(0, CHECK_WIDTH)
        for column, head in enumerate(self.list.heads, int(ticks)):
            if head.width:
                self.setColumnWidth(column, head.width)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.list.rows[index.row()].key))
        self.selectionModel().selectionChanged.connect(lambda *_: self.selected.emit())

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        """Show other rows, the first one chosen."""
        self.list.show_rows(rows)
        if rows:
            self._make_current(0)
        self.selected.emit()

    def _make_current(self, row: int) -> None:
        """Choose one row only, whatever keys are held down just now."""
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        index = self.list.index(row, int(self.list.ticks))
        self.selectionModel().setCurrentIndex(index, how)
        self.scrollTo(index)

    def chosen(self) -> list[Any]:
        """The keys of the chosen rows, from above."""
        return [self.list.rows[row].key for row in self.chosen_rows()]

    def choose(self, key: Any) -> None:
        """Make the row of a key the current one."""
        for row, one in enumerate(self.list.rows):
            if one.key == key:
                self._make_current(row)
                return

    def chosen_rows(self) -> list[int]:
        """The places of the chosen rows, from above."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.list.ticks:
            self.list.toggle(self.chosen_rows())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.currentIndex().isValid():
                self.opened.emit(self.list.rows[self.currentIndex().row()].key)
        elif event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(
                write_range([self.list.rows[row].texts for row in self.chosen_rows()])
            )
        else:
            super().keyPressEvent(event)
