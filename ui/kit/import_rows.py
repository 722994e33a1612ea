"""The rows of an import's preview as a lazy table: which are accepted, what would change; knows no topic."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from itertools import compress
from typing import Any, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from models.transfer.plan import STATUS_LABELS, RowPlan, Status
from models.transfer.preview import CODES, OPEN, Preview, acceptable
from ui.kit.theme import colours

HEADS = ("", "行", "情况", "名称", "说明")
PICK, NUMBER, STATUS, NAME, WORDS = range(5)
TONES = {"new": "success", "changed": "info", "unchanged": "", "doubtful": "warning", "wrong": "danger"}
_SOUND = (CODES["new"], CODES["changed"])
_ACCEPTABLE = (*_SOUND, CODES["doubtful"])
_MOST = 400
Index = QModelIndex | QPersistentModelIndex


def words_of(p: RowPlan) -> str:
    """What a row says of itself in one line."""
    parts = [str(r) for r in p.reasons]
    parts += [f"{d.label}：{d.old or '空'} → {d.new or '空'}" for d in p.differences]
    if not parts and p.status == "new":
        return "台账里没有，将新增"
    return "；".join(parts).replace("\n", " ")[:_MOST]


class PlanModel(QAbstractTableModel):
    """The rows of a preview under one filter, and which of them would be written.

    Whatever concerns all rows is done on bytes, one a row: a filter over 100,000 rows takes a millisecond or two.
    """

    accepted_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.preview: Preview | None = None
        self._marks = bytearray()
        self._shown: Sequence[int] = ()
        self._status = ""

    def show_preview(self, preview: Preview, marks: bytes | None = None) -> None:
        """Show a preview; what is new or changed is accepted unless ``marks`` (as ``marks()``) says otherwise."""
        self.preview = preview
        if marks is None:
            self._marks = _where(preview, _SOUND)
        else:
            self._marks = _both(bytearray(marks), _where(preview, _ACCEPTABLE))
        self.filter(self._status)
        self.accepted_changed.emit()

    def marks(self) -> bytes:
        """One byte a row of the file: 1 where it would be written."""
        return bytes(self._marks)

    @property
    def count(self) -> int:
        """How many rows would be written."""
        return self._marks.count(1)

    @property
    def accepted(self) -> set[int]:
        """The numbers of the rows that would be written."""
        return accepted_numbers(self.preview, self._marks) if self.preview is not None else set()

    def filter(self, status: str) -> None:
        """Show the rows of one status ('' for all)."""
        self.beginResetModel()
        self._status = status
        self._shown = self._of_status()
        self.endResetModel()

    def _of_status(self) -> Sequence[int]:
        if self.preview is None:
            return ()
        every = range(len(self.preview.rows))
        if not self._status:
            return every
        wanted = {CODES[cast(Status, self._status)]} | ({OPEN} if self._status == "doubtful" else set())
        return array("L", compress(every, _where(self.preview, wanted)))

    def plan(self, row: int) -> RowPlan:
        """The plan of a shown row."""
        assert self.preview is not None
        return self.preview.rows[self._shown[row]]

    def row_of(self, number: int) -> int | None:
        """Where a row of the file is shown."""
        assert self.preview is not None
        index = self.preview.at(number)
        row = bisect_left(self._shown, index)
        return row if row < len(self._shown) and self._shown[row] == index else None

    def accept(self, number: int, on: bool) -> None:
        """Accept a row of the file, or not."""
        assert self.preview is not None
        index = self.preview.at(number)
        self._marks[index] = on and acceptable(self.preview.rows[index])
        row = self.row_of(number)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(HEADS) - 1))
        self.accepted_changed.emit()

    def accept_sound(self, indexes: Sequence[int]) -> None:
        """Accept those rows of the file that are new or changed."""
        assert self.preview is not None
        codes = self.preview.codes
        for index in indexes:
            self._marks[index] = codes[index] in _SOUND
        self.accepted_changed.emit()

    def accept_shown(self, on: bool) -> None:
        """Accept every shown row that can be written, or none of them."""
        self.accept_rows(range(len(self._shown)), on)

    def accept_rows(self, rows: Sequence[int], on: bool | None = None) -> None:
        """Accept shown rows or not; None: all of them where one is not accepted yet, else none."""
        preview = self.preview
        assert preview is not None
        chosen = bytearray(len(self._marks))
        if len(rows) == len(chosen):
            chosen = bytearray(b"\1") * len(chosen)
        else:
            for row in rows:
                chosen[self._shown[row]] = 1
        chosen = _both(chosen, _where(preview, _ACCEPTABLE))
        if on is None:
            on = _both(chosen, self._marks) != chosen
        self._marks = _either(self._marks, chosen) if on else _without(self._marks, chosen)
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, 0))
        self.accepted_changed.emit()

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == PICK and acceptable(self.plan(index.row())):
            found |= Qt.ItemFlag.ItemIsUserCheckable
        return found

    def data(self, index: Index, role: int = 0) -> Any:
        p = self.plan(index.row())
        if role == Qt.ItemDataRole.CheckStateRole:
            return self._check(p) if index.column() == PICK else None
        if role == Qt.ItemDataRole.DisplayRole:
            return _TEXTS[index.column()](p)
        if role == Qt.ItemDataRole.BackgroundRole:
            return QColor(colours().role(f"{TONES[p.status]}_soft")) if TONES[p.status] else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(p, index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == WORDS:
            return words_of(p)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == NUMBER:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _check(self, p: RowPlan) -> Qt.CheckState | None:
        if not acceptable(p):
            return None
        return Qt.CheckState.Checked if self._marks[p.index] else Qt.CheckState.Unchecked

    @staticmethod
    def _ink(p: RowPlan, column: int) -> QColor | None:
        if column == STATUS and TONES[p.status]:
            return QColor(colours().role(TONES[p.status]))
        if p.status == "unchanged" or column == NUMBER:
            return QColor(colours().role("muted"))
        return None

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != PICK:
            return False
        self.accept(self.plan(index.row()).number, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True


def accepted_numbers(preview: Preview, marks: bytes | bytearray) -> set[int]:
    """The row numbers of the marked rows; for a worker where they are many."""
    return set(compress(preview.table.numbers, marks))


def _where(preview: Preview, codes: Collection[int]) -> bytearray:
    """One byte a row: 1 where its code is among ``codes``."""
    return preview.codes.translate(bytes(code in codes for code in range(256)))


def _number(marks: bytes | bytearray) -> int:
    return int.from_bytes(marks, "little")


def _both(one: bytearray, other: bytearray) -> bytearray:
    return bytearray((_number(one) & _number(other)).to_bytes(len(one), "little"))


def _either(one: bytearray, other: bytearray) -> bytearray:
    return bytearray((_number(one) | _number(other)).to_bytes(len(one), "little"))


def _without(one: bytearray, other: bytearray) -> bytearray:
    return bytearray((_number(one) & ~_number(other)).to_bytes(len(one), "little"))


_TEXTS: tuple[Callable[[RowPlan], str], ...] = (
    lambda p: "", lambda p: str(p.number), lambda p: STATUS_LABELS[p.status], lambda p: p.label, words_of,
)  # fmt: skip


class PlanTable(QTableView):
    """The table of a preview; the space bar accepts the chosen rows or lets them go."""

    current_changed = Signal(object)

    def __init__(self, rows: PlanModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = rows
        self.setModel(rows)
        self.setShowGrid(False)
        self.setStyleSheet("QTableView::item { padding: 0 10px; }")
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("导入预览")
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(34)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        for column, width in ((PICK, 40), (NUMBER, 64), (STATUS, 84), (NAME, 240)):
            self.setColumnWidth(column, width)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit(self.rows.plan(current.row()) if current.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)
            return
        self.rows.accept_rows([i.row() for i in self.selectionModel().selectedRows()])
