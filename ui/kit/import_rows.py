"""The rows of an import's preview as a lazy table: which are accepted, what would change; knows no topic."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from models.transfer.plan import STATUS_LABELS, RowPlan
from models.transfer.preview import Preview
from ui.kit.theme import colours

HEADS = ("", "行", "情况", "名称", "说明")
PICK, NUMBER, STATUS, NAME, WORDS = range(5)
TONES = {"new": "success", "changed": "info", "unchanged": "", "doubtful": "warning", "wrong": "danger"}
_MOST = 400
Index = QModelIndex | QPersistentModelIndex


def acceptable(p: RowPlan) -> bool:
    """Whether a row can be written as it stands."""
    return p.status in ("new", "changed") or (p.status == "doubtful" and not p.open)


def words_of(p: RowPlan) -> str:
    """What a row says of itself in one line."""
    parts = [str(r) for r in p.reasons]
    parts += [f"{d.label}：{d.old or '空'} → {d.new or '空'}" for d in p.differences]
    if not parts and p.status == "new":
        return "台账里没有，将新增"
    return "；".join(parts).replace("\n", " ")[:_MOST]


class PlanModel(QAbstractTableModel):
    """The rows of a preview under one filter; ``accepted`` are the numbers of the rows that would be written."""

    accepted_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.preview: Preview | None = None
        self.accepted: set[int] = set()
        self._shown: list[int] = []
        self._status = ""

    def show_preview(self, preview: Preview, accepted: set[int] | None = None) -> None:
        """Show a preview; what is new or changed is accepted unless ``accepted`` says otherwise."""
        self.preview = preview
        if accepted is None:
            self.accepted = {p.number for p in preview.rows if p.status in ("new", "changed")}
        else:
            self.accepted = {p.number for p in preview.rows if p.number in accepted and acceptable(p)}
        self.filter(self._status)
        self.accepted_changed.emit()

    def filter(self, status: str) -> None:
        """Show the rows of one status ('' for all)."""
        self.beginResetModel()
        self._status = status
        rows = self.preview.rows if self.preview is not None else []
        self._shown = [i for i, p in enumerate(rows) if not status or p.status == status]
        self.endResetModel()

    def plan(self, row: int) -> RowPlan:
        """The plan of a shown row."""
        assert self.preview is not None
        return self.preview.rows[self._shown[row]]

    def row_of(self, number: int) -> int | None:
        """Where a row of the file is shown."""
        return next((r for r in range(len(self._shown)) if self.plan(r).number == number), None)

    def accept(self, number: int, on: bool) -> None:
        """Accept a row of the file, or not."""
        (self.accepted.add if on else self.accepted.discard)(number)
        row = self.row_of(number)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(HEADS) - 1))
        self.accepted_changed.emit()

    def accept_shown(self, on: bool) -> None:
        """Accept every shown row that can be written, or none of them."""
        self.accept_rows(range(len(self._shown)), on)

    def accept_rows(self, rows: Iterable[int], on: bool | None = None) -> None:
        """Accept shown rows or not; None: all of them where one is not accepted yet, else none."""
        numbers = {p.number for p in map(self.plan, rows) if acceptable(p)}
        if on is None:
            on = not numbers <= self.accepted
        self.accepted = self.accepted | numbers if on else self.accepted - numbers
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
        return Qt.CheckState.Checked if p.number in self.accepted else Qt.CheckState.Unchecked

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
        self.rows.accept_rows(i.row() for i in self.selectionModel().selectedRows())
