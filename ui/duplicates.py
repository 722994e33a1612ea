"""疑似重复: likely duplicate enterprises with the reasons, to merge or to answer; knows no rule."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from models.core.changes import Changes, Transaction
from models.core.merged import not_duplicate
from models.duplicates import Pair, Side, find_duplicates
from models.enterprise import Enterprise
from models.transfer.progress import Cancelled
from ui.kit.buttons import button
from ui.kit.cards import EmptyState
from ui.kit.dialogs import ask_reason
from ui.kit.errors import show_error
from ui.kit.import_steps import Teller, WaitingPage
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.theme import colours
from ui.kit.toast import show_toast
from ui.merge_dialog import MergeDialog, open_merge

Index = QModelIndex | QPersistentModelIndex
_TABLES = ("enterprise", "party", "permit", "not_duplicate", "merged")
_HEADERS = ("把握", "主体一", "主体二", "为什么")
_SURE = 95
_QUICK_S = 1.0
"""A search that took no longer is done again by itself when the ledger has changed."""


class PairModel(QAbstractTableModel):
    """The pairs found, the surest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pairs: list[Pair] = []

    def show_pairs(self, pairs: list[Pair]) -> None:
        """Show others."""
        self.beginResetModel()
        self.pairs = pairs
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.pairs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        pair, column = self.pairs[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (f"{pair.score}%", _side(pair.first), _side(pair.second), "\n".join(_two(pair.reasons)))[
                column
            ]
        if role == Qt.ItemDataRole.ForegroundRole and column == 0:
            return QColor(colours().danger if pair.score >= _SURE else colours().warning)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignHCenter if column == 0 else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _HEADERS[section]
        return None


def _side(side: Side) -> str:
    return f"{side.name}\n{side.address or '（没有地址）'}"


def _two(reasons: tuple[str, ...]) -> list[str]:
    """The reasons in at most two lines."""
    half = max(2, (len(reasons) + 1) // 2)
    return ["，".join(part) for part in (reasons[:half], reasons[half:]) if part]


class PairTable(QTableView):
    """Enter compares, Delete says that they are two."""

    def __init__(self, page: DuplicatesPage) -> None:
        super().__init__()
        self._page = page
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAccessibleName("疑似重复的主体")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(52)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.doubleClicked.connect(lambda _index: page.compare())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        header, width = self.horizontalHeader(), self.viewport().width()
        header.resizeSection(0, 72)
        side = (width - 72) * 7 // 20
        header.resizeSection(1, side)
        header.resizeSection(2, side)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._page.compare()
        elif event.key() == Qt.Key.Key_Delete:
            self._page.answer()
        else:
            super().keyPressEvent(event)


class DuplicatesPage(QWidget):
    """The pairs with their reasons; searching shows how far it is and can be stopped."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.model = PairModel(self)
        self.table = PairTable(self)
        self.table.setModel(self.model)
        self.words = QLabel("")
        self.words.setProperty("role", "heading")
        self.hint = QLabel("按许可证编号、信用代码、名称和地址查找；同名连锁、前后相邻的可以答复“不是重复”。")
        self.hint.setProperty("role", "muted")
        self.hint.setMinimumWidth(10)
        self.merge = button("对照合并", self.compare, kind="primary", tip="并排对照后合并（回车或双击）")
        self.other = button("不是重复", self.answer, tip="写明理由，以后不再列出（Delete）")
        self.again = button("重新查找", self.search, "refresh", tip="再找一遍（F5）")
        self.waiting = WaitingPage(self)
        self.waiting.cancelled.connect(self._stop)
        self.stack = QStackedWidget()
        self._teller: Teller | None = None
        self._searched = self._stale = False
        self._took = self._started = 0.0
        self._empty: EmptyState | None = None
        self._lay_out()
        self.table.selectionModel().currentChanged.connect(lambda *_: self._follow())
        QShortcut(
            QKeySequence("F5"), self, self.search, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        session.changed.connect(self._changed)
        self._follow()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        for each in (self.merge, self.other, self.again):
            head.addWidget(each)
        head.addStretch(1)
        head.addWidget(self.words)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.waiting)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        box.addLayout(head)
        box.addWidget(self.hint)
        box.addWidget(self.stack, 1)

    # --- searching -----------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page came to the front: search, where it was not done yet or the ledger has changed since."""
        if not self._searched or self._stale:
            self.search()

    def search(self) -> None:
        """Search off the GUI thread."""
        if self._teller is not None:
            return
        self._searched, self._stale = True, False
        self._teller = teller = Teller(self)
        teller.told.connect(self.waiting.tell)
        self._started = time.monotonic()
        self.waiting.begin("正在查找疑似重复的主体")
        self.words.setText("")
        self.stack.setCurrentWidget(self.waiting)
        self._follow()
        self.session.read(
            lambda: find_duplicates(teller), done=self._take, owner=self, key="search", failed=self._failed
        )

    def _stop(self) -> None:
        if self._teller is not None:
            self._teller.cancel()

    def _take(self, pairs: list[Pair]) -> None:
        self._teller = None
        self._took = time.monotonic() - self._started
        row = max(0, self.table.currentIndex().row())
        self.model.show_pairs(pairs)
        self.words.setText(f"疑似重复 {len(pairs):,} 对" if pairs else "")
        if pairs:
            self._face(None)
            self.table.selectRow(min(row, len(pairs) - 1))
            self.table.setFocus()
        else:
            self._face(EmptyState("check-circle", "没有发现疑似重复的主体", "已答复“不是重复”的不再列出。"))
        self._follow()

    def _failed(self, error: Exception) -> None:
        self._teller = None
        self.model.show_pairs([])
        self._face(EmptyState("search", "还没有查找", "按“重新查找”或 F5 开始。", "重新查找", self.search))
        self._follow()
        if not isinstance(error, Cancelled):
            show_error(self, error)

    def _face(self, empty: EmptyState | None) -> None:
        if self._empty is not None:
            self.stack.removeWidget(self._empty)
            self._empty.deleteLater()
        self._empty = empty
        if empty is not None:
            self.stack.addWidget(empty)
        self.stack.setCurrentWidget(empty or self.table)

    def _changed(self, changes: Changes) -> None:
        if not self._searched or not changes.touches(*_TABLES):
            return
        if self.isVisible() and self._took <= _QUICK_S:
            self.search()
        else:
            self._stale = True
            self.words.setText("台账已改动，按 F5 重新查找")

    def _follow(self) -> None:
        on = self._current() is not None and self.session.ledger.writable
        self.merge.setEnabled(on)
        self.other.setEnabled(on)
        self.again.setEnabled(self._teller is None)

    # --- doing ---------------------------------------------------------------------------------------------------

    def _current(self) -> Pair | None:
        row = self.table.currentIndex().row()
        there = self._teller is None and 0 <= row < len(self.model.pairs)
        return self.model.pairs[row] if there else None

    def compare(self) -> MergeDialog | None:
        """Open the comparison of the current pair."""
        pair = self._current()
        if pair is None:
            return None
        return open_merge(
            self.session, Enterprise, (pair.first.id, pair.second.id), self, lambda _key: self._drop(pair)
        )

    def answer(self) -> None:
        """Remember with a reason that the current pair is none."""
        pair = self._current()
        if pair is None or not self.session.ledger.writable:
            return
        names = f"“{pair.first.name}”和“{pair.second.name}”"
        reason = ask_reason(self, "不是重复", f"{names}是两户，以后不再列出。", "例如：同址两间，各有执照")
        if reason is None:
            return

        def work(tx: Transaction) -> Any:
            not_duplicate(tx, Enterprise, pair.first.id, pair.second.id, reason)
            return tx.action

        self.session.write("答复不是重复", work, done=lambda action: self._answered(pair, action), owner=self)

    def _answered(self, pair: Pair, action: Any) -> None:
        session = self.session
        self._drop(pair)
        show_toast(
            self, "已记下不是重复", "撤销",
            lambda: session.undo_one(lambda: session.ledger.undo_action(action)),
        )  # fmt: skip

    def _drop(self, pair: Pair) -> None:
        """Take a pair that is dealt with off the list at once."""
        row = max(0, self.table.currentIndex().row())
        self.model.show_pairs([p for p in self.model.pairs if p is not pair])
        if self.model.pairs:
            self.table.selectRow(min(row, len(self.model.pairs) - 1))
        self._follow()
