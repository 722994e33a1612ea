"""操作日志: what was done, newest first, its details, and 撤销此操作; knows models/history, changes nothing itself."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from models.core.changes import Changes
from models.history import Change, Done, action_of, actions, changes_of
from ui.kit.buttons import button
from ui.kit.cards import Card
from ui.kit.errors import show_error
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.toast import show_toast

PAGE = 200
PADDED = "QTableView::item { padding: 0 10px; }"
"""Only for tables of some hundred cells: item rules slow the painting of big ones down."""


def plain_table(heads: tuple[str, ...], stretch: int) -> QTableWidget:
    """A read-only table of whole rows for some hundred lines."""
    table = QTableWidget(0, len(heads))
    table.setHorizontalHeaderLabels(list(heads))
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setStyleSheet(PADDED)
    table.setAlternatingRowColors(True)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.verticalHeader().setDefaultSectionSize(36)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    return table


def heads_right(table: QTableWidget, columns: Iterable[int]) -> None:
    """Stand the heads of columns of numbers over their numbers."""
    for column in columns:
        item = table.horizontalHeaderItem(column)
        if item is not None:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class HistoryPage(QWidget):
    """The log beside the details of the chosen action. `loaded()` after the list, `detailed()` after the details."""

    loaded = Signal()
    detailed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.done: list[Done] = []
        self._stale = True
        self._wait = QTimer(self, singleShot=True, interval=150)
        self._wait.timeout.connect(self.refresh)
        self.search = QLineEdit(placeholderText="查找操作或操作人", clearButtonEnabled=True)
        self.search.addAction(icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setFixedWidth(280)
        self.search.textChanged.connect(lambda _text: self._wait.start())
        self.more = button("再显示更早的", self._older, kind="link")
        self.table = plain_table(("时间", "操作", "操作人", "记录数", "状态"), 1)
        for column, width in ((0, 138), (2, 60), (3, 66), (4, 82)):
            self.table.setColumnWidth(column, width)
        self.table.itemSelectionChanged.connect(self._chosen)
        self.card = Card("操作详情")
        self.words = QLabel("在左边选一项操作。", wordWrap=True)
        self.words.setProperty("role", "muted")
        self.details = plain_table(("记录", "变更", "原值", "新值"), 0)
        for column in (2, 3):
            self.details.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.details.setColumnWidth(1, 78)
        self.undo = button("撤销此操作", self._undo, "undo")
        self.undo.setEnabled(False)
        self.card.header.add(self.undo)
        self.card.body.addWidget(self.words)
        self.card.body.addWidget(self.details, 1)
        self._lay_out()
        session.changed.connect(self._changed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search)
        top.addStretch(1)
        top.addWidget(self.more)
        parts = QSplitter()
        parts.setHandleWidth(2 * UNIT)
        parts.setStyleSheet("QSplitter::handle { background: transparent; }")
        parts.addWidget(self.table)
        parts.addWidget(self.card)
        parts.setStretchFactor(0, 1)
        parts.setStretchFactor(1, 1)
        self.table.setMinimumWidth(560)
        self.card.setMinimumWidth(340)
        parts.setSizes([560, 520])
        parts.setChildrenCollapsible(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 2 * UNIT)
        box.addLayout(top)
        box.addWidget(parts, 1)

    def shown(self) -> None:
        """Called when the page comes to the front."""
        if self._stale:
            self.refresh()

    def _changed(self, _changes: Changes) -> None:
        self._stale = True
        if self.isVisible():
            self._wait.start()

    def refresh(self) -> None:
        """Read the newest actions."""
        self._stale = False
        self._read(None)

    def _older(self) -> None:
        if self.done:
            self._read(self.done[-1].id)

    def _read(self, before: int | None) -> None:
        ledger = self.session.ledger
        text = self.search.text()
        self.session.read(
            lambda: actions(ledger.seat, ledger.schema, PAGE, before, text),
            done=lambda found: self._show(found, before is not None),
            owner=self,
            key="actions",
        )

    def _show(self, found: list[Done], further: bool) -> None:
        kept = self.current()
        self.done = [*self.done, *found] if further else found
        self.more.setVisible(len(found) == PAGE)
        self.table.blockSignals(True)
        self.table.setRowCount(len(self.done))
        for row, one in enumerate(self.done):
            texts = (f"{one.at:%Y-%m-%d %H:%M}", one.kind, one.actor, str(one.rows), one.fate)
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        self.table.blockSignals(False)
        rows = [index for index, one in enumerate(self.done) if kept is not None and one.id == kept.id]
        if rows:
            self.table.selectRow(rows[0])
        elif self.done:
            self.table.selectRow(0)
        self._chosen()
        self.loaded.emit()

    def current(self) -> Done | None:
        """The chosen action."""
        row = self.table.currentRow()
        return self.done[row] if 0 <= row < len(self.done) and self.table.selectedItems() else None

    def _chosen(self) -> None:
        one = self.current()
        self.undo.setEnabled(one is not None and one.undoable and self.session.ledger.writable)
        if one is None:
            self.words.setText("还没有操作。" if not self.done else "在左边选一项操作。")
            self.details.setRowCount(0)
            return
        self.words.setText(f"{one.kind}　{one.at:%Y-%m-%d %H:%M:%S}　{one.actor}（{one.seat}）")
        reason = one.fate or ("" if one.undoable else "不是本机的操作，或是程序升级以前做的，不能撤销")
        self.undo.setToolTip(reason)
        self.session.read(changes_of, one.id, done=self._show_details, owner=self, key="details")

    def _show_details(self, found: list[Change]) -> None:
        self.details.setRowCount(len(found))
        for row, one in enumerate(found):
            what = f"{one.what}{one.field}" if not one.field else one.field
            for column, text in enumerate((f"{one.table}：{one.record}", what, one.before, one.after)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.details.setItem(row, column, item)
        self.detailed.emit()

    def _undo(self) -> None:
        one = self.current()
        if one is None:
            return
        ledger = self.session.ledger
        self.undo.setEnabled(False)
        self.session.undo_one(
            lambda: ledger.undo_action(action_of(one.id)),
            done=lambda _none: show_toast(self, f"已撤销：{one.kind}"),
            failed=lambda error: show_error(self, error),
        )
