"""A year's proposals looked at, rows ticked off, stored as one action: what rating windows share; knows no rule."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.core.changes import Transaction
from ui.kit.buttons import button
from ui.kit.errors import show_error
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast

Proposal = TypeVar("Proposal")
YEARS = 6


class YearDialog(QDialog, Generic[Proposal]):
    """The proposals of a year. `shown()` after reckoning.

    A subclass says what is proposed (``reckoned``), how a row looks (``row_of``), which can be stored (the row's
    ``tickable``), the sentence above (``told``) and how they are stored (``write``).
    """

    shown = Signal()
    title = ""
    unit = "户"
    heads: tuple[Head, ...] = ()

    def __init__(self, session: Session, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.session = session
        self.rows: list[Proposal] = []
        self.setWindowTitle(self.title)
        self.resize(980, 620)
        self.year = QComboBox()
        self.year.setAccessibleName("年度")
        for year in range(session.today.year, session.today.year - YEARS, -1):
            self.year.addItem(f"{year} 年度", year)
        self.words = QLabel("正在计算…", wordWrap=True)
        self.table = RowsTable(self.heads, self.title, ticks=True)
        self.yes = button("写入", self.store, kind="primary", tip="Ctrl+Enter", parent=self)
        self._lay_out()
        self.year.currentIndexChanged.connect(lambda _index: self.refresh())
        self.table.list.ticked_changed.connect(self._count)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.store)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.refresh()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.year)
        top.addWidget(self.words, 1)
        foot = QHBoxLayout()
        hint = QLabel("空格选取或去掉选中的行")
        hint.setProperty("role", "muted")
        foot.addWidget(hint, 1)
        foot.addWidget(button("取消", self.reject, tip="Esc", parent=self))
        foot.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.table, 1)
        box.addLayout(foot)

    # -- what a subclass says ---------------------------------------------------------------------------

    def reckoned(self, year: int) -> list[Proposal]:
        """The proposals; on a reader thread."""
        raise NotImplementedError

    def row_of(self, number: int, one: Proposal) -> TableRow:
        """How a proposal looks; its key is ``number``."""
        raise NotImplementedError

    def told(self, found: list[Proposal]) -> str:
        """One sentence on them."""
        raise NotImplementedError

    def write(self, tx: Transaction, year: int, rows: list[Proposal]) -> int:
        """Store some; how many."""
        raise NotImplementedError

    # -- doing ------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reckon the year again."""
        self.rows = []
        self.table.show_rows([])
        self._count()
        year = self.year.currentData()

        def work() -> tuple[list[Proposal], list[TableRow]]:
            found = self.reckoned(year)
            return found, [self.row_of(number, one) for number, one in enumerate(found)]

        self.session.read(work, done=self._show, failed=self._failed, owner=self, key="year")

    def _failed(self, error: Exception) -> None:
        self.words.setText(str(error))
        show_error(self, error)

    def _show(self, outcome: Any) -> None:
        self.rows, shown = outcome
        self.table.list.off.clear()
        self.table.show_rows(shown)
        self.words.setText(self.told(self.rows))
        self._count()
        self.table.setFocus()
        self.shown.emit()

    def ticked(self) -> list[Proposal]:
        """What would be stored."""
        model = self.table.list
        return [self.rows[row.key] for row in model.rows if row.tickable and row.key not in model.off]

    def _count(self) -> None:
        count = len(self.ticked())
        self.yes.setText(f"写入 {count:,} {self.unit}" if count else "写入")
        self.yes.setEnabled(count > 0 and self.session.ledger.writable)

    def store(self) -> None:
        """Store what is ticked: one action, one undo."""
        if not self.yes.isEnabled():
            return
        year, rows = self.year.currentData(), self.ticked()
        self.yes.setEnabled(False)

        def work(tx: Transaction) -> int:
            return self.write(tx, year, rows)

        def done(count: int) -> None:
            window = self.parentWidget()
            self.accept()
            if window is not None:
                words = f"{self.title}：已写入 {count:,} {self.unit}"
                show_toast(window.window(), words, "撤销", self.session.undo)

        def failed(error: Exception) -> None:
            self._count()
            show_error(self, error)

        name = f"{self.title} {len(rows)} {self.unit}"
        self.session.write(name, work, done=done, failed=failed, owner=self)
