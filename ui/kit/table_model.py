"""Rows of a register as the table asks for them: all ids at once, cells by windows read off the GUI thread."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from models.core.fields import Integer, Lines, Number
from models.core.register import Register, View
from ui.kit.session import Session
from ui.kit.tones import Painter

WINDOW = 200
KEPT = 24
"""Windows kept, 200 rows each."""
AT_ONCE = 2
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Cells:
    """One row ready to be painted: texts, raw values and tones by column."""

    id: int
    texts: tuple[str, ...]
    values: tuple[Any, ...]
    tones: tuple[str, ...]


class RowsModel(QAbstractTableModel):
    """The lazy rows of one register under one view.

    ``show_view(view)`` starts reading: the first window is shown before the whole list is known, then all ids give
    the exact count. ``listed()`` follows when the list is whole, ``first_shown()`` with the first painted rows,
    ``filled()`` after each window. Results of an older view are dropped by their generation.
    """

    listed = Signal()
    first_shown = Signal()
    filled = Signal()

    def __init__(self, session: Session, register: Register, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.register = session, register
        self.view = View()
        self.painter = Painter(register)
        self.labels = [register.label_of(c) for c in register.columns]
        self.numeric = [isinstance(register.field_of(c), Integer | Number | Lines) for c in register.columns]
        self.ids: array[int] = array("q")
        self.whole = False
        #: Whether the rows being put in place are the same list again, so that the table keeps its place.
        self.keeping = False
        self._generation = 0
        self._stale: dict[int, Cells] = {}
        self._windows: OrderedDict[int, list[Cells]] = OrderedDict()
        self._wanted: list[int] = []
        self._asked: set[int] = set()
        self._ask = QTimer(self, singleShot=True, interval=0)
        self._ask.timeout.connect(self._ask_now)

    @property
    def day(self) -> dt.date:
        """The day the rows are shown for."""
        return self.view.day or self.session.today

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_view(self, view: View, *, fresh: bool = True) -> None:
        """Read a view. ``fresh`` paints the first window early; else the rows shown stay until all is there."""
        self._generation += 1
        self.view = view
        self.whole = False
        self.keeping = not fresh
        if fresh:
            self._read(self._first_page, self._take_first, self._generation, view)
        else:
            self._read(self._list, self._take_list, self._generation, view)

    def _read(self, fn: Any, take: Any, generation: int, *args: Any) -> None:
        def done(result: Any) -> None:
            if generation == self._generation:
                take(result)

        self.session.read(fn, *args, done=done, owner=self, key="list")

    def _first_page(self, view: View) -> tuple[array[int], list[Cells]]:
        day = view.day or self.session.today
        ids = self.register.first_ids(view, day, WINDOW)
        return ids, read_cells(self.register, self.painter, ids, day)

    def _list(self, view: View) -> array[int]:
        return self.register.ids(view, view.day or self.session.today)

    def _take_first(self, page: tuple[array[int], list[Cells]]) -> None:
        ids, cells = page
        self._replace(ids, {0: cells})
        self.first_shown.emit()
        if len(ids) < WINDOW:
            self.whole = True
            self.listed.emit()
        else:
            self._read(self._list, self._take_rest, self._generation, self.view)

    def _take_rest(self, ids: array[int]) -> None:
        shown = len(self.ids)
        if len(ids) >= shown and ids[:shown] == self.ids:
            if len(ids) > shown:
                self.beginInsertRows(QModelIndex(), shown, len(ids) - 1)
                self.ids = ids
                self.endInsertRows()
        else:
            self._replace(ids, {})
        self.whole = True
        self.listed.emit()

    def _take_list(self, ids: array[int]) -> None:
        if ids == self.ids:
            self._forget()
            self._generation += 1
            if ids:
                self.dataChanged.emit(self.index(0, 0), self.index(len(ids) - 1, self.columnCount() - 1))
        else:
            self._replace(ids, {})
        self.whole = True
        self.listed.emit()

    def _replace(self, ids: array[int], windows: dict[int, list[Cells]]) -> None:
        self.beginResetModel()
        self._forget()
        self.ids = ids
        self._windows.update(windows)
        self.endResetModel()

    def _forget(self) -> None:
        """Have every window read again; what is known is painted until then."""
        self._stale = {cells.id: cells for window in self._windows.values() for cells in window}
        self._windows.clear()
        self._wanted.clear()
        self._asked.clear()

    # --- rows ------------------------------------------------------------------------------------------------

    def cells(self, row: int) -> Cells | None:
        """A row's cells, None while its window is on the way (it is asked for)."""
        number = row // WINDOW
        window = self._windows.get(number)
        if window is None:
            self._want(number)
            return self._stale.get(self.ids[row])
        self._windows.move_to_end(number)
        place = row - number * WINDOW
        return window[place] if place < len(window) else None

    def id_at(self, row: int) -> int | None:
        """The record of a row."""
        return self.ids[row] if 0 <= row < len(self.ids) else None

    def row_of(self, record_id: int) -> int | None:
        """Where a record stands in the list, None where it does not."""
        try:
            return self.ids.index(record_id)
        except ValueError:
            return None

    def known(self, rows: Sequence[int]) -> bool:
        """Whether all these rows are there without reading."""
        return all(row // WINDOW in self._windows for row in rows)

    def _want(self, number: int) -> None:
        if number in self._asked:
            return
        if number in self._wanted:
            self._wanted.remove(number)
        self._wanted.append(number)
        del self._wanted[:-4]  # what was passed by in a fast scroll is not worth reading
        if not self._ask.isActive():
            self._ask.start()

    def _ask_now(self) -> None:
        while self._wanted and len(self._asked) < AT_ONCE:
            number = self._wanted.pop()
            start = number * WINDOW
            ids = self.ids[start : start + WINDOW]
            if not ids or number in self._windows:
                continue
            self._asked.add(number)
            generation = self._generation

            def done(cells: list[Cells], number: int = number, generation: int = generation) -> None:
                if generation == self._generation:
                    self._take_window(number, cells)

            self.session.read(read_cells, self.register, self.painter, ids, self.day, done=done, owner=self)

    def _take_window(self, number: int, cells: list[Cells]) -> None:
        self._asked.discard(number)
        start = number * WINDOW
        wanted = self.ids[start : start + WINDOW]
        if len(cells) < len(wanted):  # some vanished since the list was read: keep the places
            found = {c.id: c for c in cells}
            blank = Cells(0, ("",) * len(self.labels), (None,) * len(self.labels), ("",) * len(self.labels))
            cells = [found.get(i, blank) for i in wanted]
        self._windows[number] = cells
        while len(self._windows) > KEPT:
            self._windows.popitem(last=False)
        last = min(start + WINDOW, len(self.ids)) - 1
        self.dataChanged.emit(self.index(start, 0), self.index(last, self.columnCount() - 1))
        self.filled.emit()
        if self._wanted:
            self._ask_now()

    # --- Qt's questions --------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.labels)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            cells = self.cells(index.row())
            return cells.texts[index.column()] if cells is not None else ""
        if role == Qt.ItemDataRole.TextAlignmentRole and self.numeric[index.column()]:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.labels[section]
        return None


def read_cells(register: Register, painter: Painter, ids: Sequence[int], day: dt.date) -> list[Cells]:
    """The rows of some ids, formatted and toned; runs on a reader thread."""
    columns = register.columns
    painter.learn()
    return [
        Cells(
            row.id,
            tuple(register.format(c, v).replace("\n", " ") for c, v in zip(columns, row.values, strict=True)),
            row.values,
            painter.tones(row.values, day),
        )
        for row in register.rows(ids, day)
    ]
