"""What is still in doubt before a report is written: go and mend it, or write all the same with a reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QWidget

from models.core.changes import Transaction
from models.core.register import View
from models.plausibility import Summary, release, summary
from models.rules.dates import Period
from ui.kit.dialogs import MessageDialog
from ui.kit.errors import show_error
from ui.kit.palette import UNIT
from ui.kit.session import Session

MOST_RULES = 8
"""So many rules are listed; of more only their number."""


class DoubtsDialog(MessageDialog):
    """Lists what is open by rule. ``wanted_mend()`` for 去核对, ``wanted_report(reason)`` for 仍要生成."""

    wanted_mend = Signal()
    wanted_report = Signal(str)

    def __init__(self, parent: QWidget | None, found: Summary, period: Period) -> None:
        grave = f"，其中须改正 {found.errors:,} 条" if found.errors else ""
        super().__init__(
            parent, "生成报告之前", f"{period.label()}还有 {found.open:,} 条存疑数据{grave}",
            "先核对改正，或逐条写明理由，报告里的数才经得起核对。", "warning",
        )  # fmt: skip
        self.setMinimumWidth(540)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * UNIT)
        grid.setVerticalSpacing(2)
        shown = found.rules[:MOST_RULES]
        for row, (_code, label, count) in enumerate(shown):
            grid.addWidget(QLabel(label), row, 0)
            number = QLabel(f"{count:,} 条")
            number.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(number, row, 1)
        if len(found.rules) > MOST_RULES:
            rest = QLabel(f"另有 {len(found.rules) - MOST_RULES} 项规则的疑点")
            rest.setProperty("role", "muted")
            grid.addWidget(rest, len(shown), 0)
        grid.setColumnStretch(2, 1)
        self.body.addLayout(grid)
        self.edit = QPlainTextEdit()
        self.edit.setPlaceholderText("仍要生成的写明理由，如：上级催报，核对后更正")
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(8 * UNIT)
        self.edit.setAccessibleName("仍要生成的理由")
        self.problem = QLabel("")
        self.problem.setProperty("role", "danger")
        self.edit.textChanged.connect(lambda: self.problem.setText(""))
        self.body.addWidget(self.edit)
        self.body.addWidget(self.problem)
        self.add_button("取消", self.reject)
        self.anyway = self.add_button("仍要生成", self._report)
        self.mend = self.add_button("去核对", self._mend, "primary", default=True)

    def _mend(self) -> None:
        self.accept()
        self.wanted_mend.emit()

    def _report(self) -> None:
        reason = self.edit.toPlainText().strip()
        if len(reason) < 2:
            self.problem.setText("请写明为什么现在就生成报告（至少 2 个字）。")
            self.edit.setFocus()
            return
        self.accept()
        self.wanted_report.emit(reason)


def show_doubts(session: Session, period: Period) -> None:
    """Open the data check of a period."""
    session.show_list("plausibility", View(figure=("doubts.inspections", period.start, period.end)))


def ask_about_doubts(session: Session, owner: QWidget, period: Period, go_on: Callable[[], object]) -> None:
    """Go on at once where nothing of the period is in doubt; else ask, and keep the reason of going on all the same."""

    def keep(found: Summary, reason: str) -> None:
        def work(tx: Transaction) -> None:
            release(tx, period.start, period.end, found.open, reason)

        session.write(
            f"存疑数据未处理，生成{period.label()}报告", work, owner=owner, done=lambda _none: go_on(),
            failed=lambda error: show_error(owner, error),
        )  # fmt: skip

    def ask(found: Summary) -> None:
        if not found.open:
            go_on()
            return
        dialog = DoubtsDialog(owner.window(), found, period)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.wanted_mend.connect(lambda: show_doubts(session, period))
        writable = session.ledger.writable
        dialog.wanted_report.connect(lambda reason: keep(found, reason) if writable else go_on())
        dialog.open()

    session.read(
        summary, period.start, period.end, session.today, done=ask, owner=owner, key="before_report", label="正在核查"
    )
