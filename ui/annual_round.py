"""评定年度等级: the yearly hygiene grades of caterers, looked at and stored as one action; knows no rule."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.annual_rating import ANNUAL_GRADES
from models.annual_round import AnnualProposal, annual_round, apply_annual
from models.core.changes import Transaction
from ui.kit.buttons import button
from ui.kit.errors import show_error
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast

HEADS = (
    Head("主体"), Head("评定次数", 90, True), Head("年度平均得分", 120, True), Head("年度等级", 90), Head("说明", 300),
)  # fmt: skip
LABELS = dict(ANNUAL_GRADES)
TONES = {"A": "success", "C": "warning", "none": "danger"}


class AnnualRoundDialog(QDialog):
    """The proposals of a year, rows to be ticked off. `shown()` after reckoning."""

    shown = Signal()

    def __init__(self, session: Session, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.session = session
        self.rows: dict[int, AnnualProposal] = {}
        self.setWindowTitle("评定年度等级")
        self.resize(940, 620)
        self.year = QComboBox()
        self.year.setAccessibleName("年度")
        for year in range(session.today.year, session.today.year - 6, -1):
            self.year.addItem(f"{year} 年度", year)
        self.words = QLabel("正在计算…", wordWrap=True)
        self.table = RowsTable(HEADS, "年度等级", ticks=True)
        self.yes = button("写入", self.store, kind="primary", tip="Ctrl+Enter", parent=self)
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
        self.year.currentIndexChanged.connect(lambda _index: self.refresh())
        self.table.list.ticked_changed.connect(self._count)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.store)
        self.refresh()

    def refresh(self) -> None:
        """Reckon the year again."""
        self.rows = {}
        self._count()
        self.session.read(
            annual_round, self.year.currentData(), self.session.today, done=self._show,
            failed=lambda error: show_error(self, error), owner=self, key="annual",
        )  # fmt: skip

    def _show(self, found: list[AnnualProposal]) -> None:
        self.rows = {one.enterprise: one for one in found}
        self.table.show_rows([_row(one) for one in found])
        done = sum(1 for one in found if one.stored)
        without = sum(1 for one in found if not one.grade and not one.stored)
        self.words.setText(f"在营餐饮 {len(found):,} 户，已评定 {done:,} 户，本年度没有得分 {without:,} 户")
        self._count()
        self.table.setFocus()
        self.shown.emit()

    def ticked(self) -> list[AnnualProposal]:
        """What would be stored."""
        off = self.table.list.off
        return [one for key, one in self.rows.items() if one.grade and not one.stored and key not in off]

    def _count(self) -> None:
        count = len(self.ticked())
        self.yes.setText(f"写入 {count:,} 户" if count else "写入")
        self.yes.setEnabled(count > 0 and self.session.ledger.writable)

    def store(self) -> None:
        """Store what is ticked: one action, one undo."""
        if not self.yes.isEnabled():
            return
        year, rows, today = self.year.currentData(), self.ticked(), self.session.today
        self.yes.setEnabled(False)

        def work(tx: Transaction) -> int:
            return apply_annual(tx, year, rows, today)

        def done(count: int) -> None:
            window = self.parentWidget()
            self.accept()
            if window is not None:
                show_toast(window.window(), f"{year}年度等级：已写入 {count:,} 户", "撤销", self.session.undo)

        def failed(error: Exception) -> None:
            self._count()
            show_error(self, error)

        self.session.write(f"评定{year}年度等级 {len(rows)} 户", work, done=done, failed=failed, owner=self)


def _row(one: AnnualProposal) -> TableRow:
    grade = one.stored or one.grade
    words = f"已评定{LABELS[one.stored]}" if one.stored else one.why
    mean = "" if one.mean is None else f"{one.mean:g}"
    texts = (one.name, str(one.times), mean, LABELS.get(grade, ""), words)
    tone = "success" if one.stored else "" if one.grade else "muted"
    return TableRow(one.enterprise, texts, {3: TONES.get(grade, ""), 4: tone}, bool(one.grade and not one.stored))


def ask_annual_round(session: Session, parent: QWidget) -> AnnualRoundDialog:
    """Open the window; it deletes itself when closed."""
    dialog = AnnualRoundDialog(session, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
