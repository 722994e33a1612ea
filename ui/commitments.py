"""承诺书: who has signed and who has not, and many signed at once; the rules are models/commitment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.committing import Signer, register_commitments, signers
from models.core.changes import Changes, Transaction
from models.core.fields import Date
from models.core.register import View, register
from models.coverage import OfficialsRow, officials_by_level
from models.rules.coverage import LEVEL_LABELS
from ui.kit.ask import AskDialog
from ui.kit.buttons import button
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast

HEADS = (
    Head("包保干部", 110), Head("层级", 150), Head("单位和职务"), Head("包保户数", 90, True), Head("上次签订", 110),
)  # fmt: skip
CONCERNS = ("commitment", "official", "official_post")


class CommitmentPage(QWidget):
    """The register of commitments under one line on who has signed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        from ui.kit.register_bar import page_action
        from ui.kit.register_page import RegisterPage

        self.session = session
        self.list = RegisterPage(session, register("commitments"))
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        self.unsigned = button("查看未签的干部", self._open_unsigned, "list", parent=self)
        self.unsigned.hide()
        many = page_action(
            self.list, "sign", "批量登记", "officials", "一次登记几名干部的承诺书", "Ctrl+Shift+B"
        )
        many.setEnabled(session.ledger.writable)
        many.triggered.connect(lambda: ask_commitments(session, self))
        self.list.add_action(many)
        line = QHBoxLayout()
        line.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 0)
        line.addWidget(self.words, 1)
        line.addWidget(self.unsigned)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(line)
        box.addWidget(self.list, 1)
        self._wait = QTimer(self, singleShot=True, interval=150)
        self._wait.timeout.connect(self.refresh)
        session.changed.connect(self._changed)

    def shown(self) -> None:
        """Called when the page comes to the front."""
        self.list.shown()
        self.refresh()

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches(*CONCERNS):
            self._wait.start()

    def refresh(self) -> None:
        """Count again who has signed."""
        self.session.read(officials_by_level, self.session.today, done=self._show, owner=self, key="signed")

    def _show(self, rows: list[OfficialsRow]) -> None:
        parts = [f"{LEVEL_LABELS[r.level]} {r.committed}/{r.officials}" for r in rows if r.officials]
        missing = sum(r.officials - r.committed for r in rows)
        self.words.setText("今天有效的承诺书（已签/在任）：" + ("，".join(parts) or "还没有在任的包保干部"))
        self.unsigned.setText(f"查看未签的 {missing} 名干部")
        self.unsigned.setVisible(missing > 0)

    def _open_unsigned(self) -> None:
        self.session.show_list("officials", View(presets=("uncommitted",)))


class CommitDialog(AskDialog):
    """登记承诺书: one day for many officials, those ticked. `signed(count)` after it is stored."""

    signed = Signal(int)

    def __init__(
        self, session: Session, parent: QWidget | None, people: Sequence[Signer], selected: bool
    ) -> None:
        super().__init__(
            parent, "登记承诺书", "登记食品安全责任与任务承诺书", session.today, "登记",
            "有效期到当年12月31日，层级和职务按签订日的任职；扫描件登记后在承诺书的详情里添加。",
        )  # fmt: skip
        self.session, self.people = session, list(people)
        self.may_waive = True
        self.form.add("signed_on", Date("签订日期", required=True), session.today)
        self.table = RowsTable(HEADS, "签订承诺书的干部", ticks=True)
        self.table.setMinimumHeight(320)
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        row.addWidget(button("全选", lambda: self._tick(True), parent=self))
        row.addWidget(button("全不选", lambda: self._tick(False), parent=self))
        place = self.body.count() - 2
        self.body.insertLayout(place, row)
        self.body.insertWidget(place + 1, self.table, 1)
        self.setMinimumWidth(860)
        self.table.show_rows([_signer_row(one) for one in self.people])
        self.table.list.ticked_changed.connect(self._count)
        self._tick(selected)
        self.on_submit = self._store

    def _tick(self, on: bool) -> None:
        self.table.list.tick([one.id for one in self.people], on)

    def ticked(self) -> list[int]:
        """The officials that would be registered."""
        return [one.id for one in self.people if one.id not in self.table.list.off]

    def _count(self) -> None:
        count = len(self.ticked())
        self.words.setText(f"没有有效承诺书的 {len(self.people)} 人，选中 {count} 人；空格选取或去掉选中的行")
        self.yes.setText(f"登记 {count} 份" if count else "登记")
        self.yes.setEnabled(count > 0 and self.session.ledger.writable)

    def _store(self, values: dict[str, Any]) -> None:
        ids, day = self.ticked(), values["signed_on"]
        if day is None:
            self.form.fields["signed_on"].show_problem("请填写签订日期")
            self._count()
            return

        def work(tx: Transaction) -> int:
            return len(register_commitments(tx, ids, day, self.waivers))

        def done(count: int) -> None:
            self.accept()
            self.signed.emit(count)

        self.session.write(f"登记承诺书 {len(ids)} 份", work, done=done, failed=self.fail, owner=self)


def _signer_row(one: Signer) -> TableRow:
    level = LEVEL_LABELS.get(one.level or "", "无任职")
    last = one.last.isoformat() if one.last is not None else "从未签订"
    return TableRow(
        one.id, (one.name, level, one.post, str(one.load), last), {} if one.last is not None else {4: "warning"}
    )


def ask_commitments(session: Session, parent: QWidget, ids: Sequence[int] | None = None) -> None:
    """Ask for the officials without a commitment in force, or for those of ``ids`` alone, all ticked."""

    def show(people: list[Signer]) -> None:
        if not people:
            words = "选中的干部今天都有有效的承诺书。" if ids else "在任的包保干部今天都有有效的承诺书。"
            show_toast(parent, words, state="info")
            return
        dialog = CommitDialog(session, parent.window(), people, ids is not None)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.signed.connect(
            lambda count: show_toast(parent, f"已登记 {count} 份承诺书", "撤销", session.undo)
        )
        dialog.open()

    session.read(signers, session.today, ids, done=show, owner=parent, key="signers")
