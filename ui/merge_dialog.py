"""Merging two records: side by side, choose, see what will happen, merge, take back. Knows no topic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from models.core.changes import Transaction
from models.core.record import Record
from models.merge_plan import better_first
from models.merging import ACTION, MergePlan, merge, plan_merge
from ui.kit.buttons import button
from ui.kit.errors import show_error
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.merge_table import MergeModel, MergeTable

_HINT = "↑↓ 换行，← → 选留哪一边，空格换一种；合并后按原来的名称、代码仍能找到，一次撤销全部复原。"


class MergeDialog(QDialog):
    """Reads the plan off the GUI thread, then merges as one action; ``merged(id)`` is called with the survivor."""

    def __init__(
        self,
        session: Session,
        model: type[Record],
        pair: tuple[int, int],
        parent: QWidget,
        merged: Callable[[int], object] = lambda _key: None,
    ) -> None:
        super().__init__(parent)
        self.session, self.record_model, self.pair, self._merged = session, model, pair, merged
        self.near = parent
        self.plan: MergePlan | None = None
        self.setWindowTitle(f"合并{model.title}")
        room = parent.window().size()
        self.resize(min(1240, room.width() - 6 * UNIT), min(860, room.height() - 8 * UNIT))
        self.headline = QLabel("正在比较两户…", wordWrap=True)
        self.headline.setProperty("role", "heading")
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.hint = QLabel(_HINT, wordWrap=True)
        self.hint.setProperty("role", "muted")
        self.model = MergeModel(self)
        self.table = MergeTable(self.model)
        self.only = QCheckBox("只看不同的")
        self.only.setChecked(True)
        self.only.toggled.connect(self._filter)
        self.swap = button("左右互换", self._swap, "sort", tip="换一户保留（Ctrl+R）", parent=self)
        self.notes = QLabel("", wordWrap=True)
        self.notes.setTextFormat(Qt.TextFormat.PlainText)
        self.notes.hide()
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("合并理由，例如：同一家店登记了两次（可不填）")
        self.reason.setAccessibleName("合并理由")
        self.reason.setMaxLength(200)
        self.yes = button("合并", self.submit, kind="primary", tip="Ctrl+回车", parent=self)
        self.yes.setEnabled(False)
        self._lay_out()
        QShortcut(QKeySequence("Ctrl+Return"), self, self.submit)
        QShortcut(QKeySequence("Ctrl+R"), self, self._swap)
        session.read(better_first, model, *pair, done=self._begin, owner=self, failed=self._failed)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * UNIT)
        head.addWidget(self.headline, 1)
        head.addWidget(self.only)
        head.addWidget(self.swap)
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        foot.addWidget(self.reason, 1)
        foot.addWidget(button("取消", self.reject, parent=self))
        foot.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        box.addLayout(head)
        box.addWidget(self.hint)
        box.addWidget(self.table, 1)
        box.addWidget(self.notes)
        box.addLayout(foot)
        self.table.setFocus()

    # --- the plan ------------------------------------------------------------------------------------------------

    def _begin(self, pair: tuple[int, int]) -> None:
        self.pair = pair
        self._read()

    def _read(self) -> None:
        keep, drop = self.pair
        self.session.read(
            plan_merge, self.record_model, keep, drop, self.session.today,
            done=self._take, owner=self, key="plan", failed=self._failed,
        )  # fmt: skip

    def _take(self, plan: MergePlan) -> None:
        self.plan = plan
        self.headline.setText(f"把“{plan.names[1]}”并入“{plan.names[0]}”")
        self.model.show_plan(plan)
        told = plan.blockers or plan.notes
        self.notes.setText("\n".join(("不能合并：" if plan.blockers else "请留意：") + text for text in told))
        self.notes.setProperty("role", "danger" if plan.blockers else "warning")
        self.notes.style().polish(self.notes)
        self.notes.setVisible(bool(told))
        self.yes.setEnabled(not plan.blockers and self.session.ledger.writable)
        self.table.setFocus()

    def _filter(self, on: bool) -> None:
        self.model.only_different = on
        self.model.show_lines()
        self.table.setFocus()

    def _swap(self) -> None:
        self.pair = (self.pair[1], self.pair[0])
        self._read()

    # --- merging -------------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Merge as chosen."""
        plan = self.plan
        if plan is None or not self.yes.isEnabled():
            return
        self.yes.setEnabled(False)
        choices, reason = dict(self.model.choices), self.reason.text()

        def work(tx: Transaction) -> Any:
            merge(tx, plan, choices, reason)
            return tx.action

        self.session.write(ACTION, work, done=self._done, failed=self._refused, owner=self)

    def _done(self, action: Any) -> None:
        plan, session, near = self.plan, self.session, self.near
        assert plan is not None

        def undo() -> None:
            session.undo_one(lambda: session.ledger.undo_action(action), failed=lambda e: show_error(near, e))

        self.accept()
        show_toast(near, f"“{plan.names[1]}”已并入“{plan.names[0]}”", "撤销", undo)
        self._merged(plan.keep)

    def _refused(self, error: Exception) -> None:
        self.yes.setEnabled(True)
        show_error(self, error)

    def _failed(self, error: Exception) -> None:
        self.reject()
        show_error(self.near, error)


def open_merge(
    session: Session,
    model: type[Record],
    pair: tuple[int, int],
    parent: QWidget,
    merged: Callable[[int], object] = lambda _key: None,
) -> MergeDialog:
    """Open the comparison of two records of a table."""
    dialog = MergeDialog(session, model, pair, parent, merged)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
