"""Plans and writes changes of many cells for one register page: checked, shown, one action, one undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from models.cells import CellEdit, Plan, plan_cells, store_cells
from models.core.changes import Transaction
from ui.kit.errors import show_error
from ui.kit.grid_preview import PlanDialog, changed_counts
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

READ_ONLY = "台账正在另一个窗口中使用，这里只能查看。"


class CellWriter(QObject):
    """``change`` plans cells off the GUI thread, shows what would happen where that is wanted, and writes."""

    def __init__(self, page: RegisterPage) -> None:
        super().__init__(page)
        self.page = page
        self.dialog: PlanDialog | None = None

    def refusal(self) -> str:
        """Why nothing can be changed in this list now, in Chinese; '' where it can."""
        page = self.page
        if not page.session.ledger.writable:
            return READ_ONLY
        if not page.register.editable:
            return f"{page.register.title}在所属记录的表单里修改，请按回车打开。"
        if page.view().removed:
            return "已移除的记录不能修改，请先恢复。"
        return ""

    def may_change(self) -> bool:
        """Whether the list can be changed; if not, says why."""
        refusal = self.refusal()
        if refusal:
            show_toast(self.page, refusal, state="warning")
        return not refusal

    def plan(
        self,
        edits: Sequence[CellEdit],
        done: Callable[[Plan], None],
        effective_on: dt.date | None = None,
        label: str = "",
    ) -> None:
        """Check a change off the GUI thread; a newer one replaces it."""
        page = self.page
        page.session.read(
            plan_cells, page.register, list(edits), page.session.today, effective_on,
            done=done, failed=self.tell, owner=self, key="cells", label=label,
        )  # fmt: skip

    def change(self, title: str, edits: Sequence[CellEdit], note: str = "", always_ask: bool = True) -> None:
        """Plan, show and, once agreed, write; without ``always_ask`` only problems are shown."""

        def show(plan: Plan) -> None:
            if not always_ask and not plan.count("wrong", "doubtful") and not note and plan.values:
                self.store(title, plan)
                return
            if not plan.count("wrong", "doubtful", "change"):
                show_toast(self.page, "内容都与原来相同，没有修改。", state="info")
                return
            self._ask(title, plan, note)

        self.plan(edits, show, label="正在核对")

    def _ask(self, title: str, plan: Plan, note: str) -> None:
        dialog = self.dialog = PlanDialog(self.page, f"{title}预览", plan, self.page.register.unit, note)

        def finished(code: int) -> None:
            self.dialog = None
            if code == PlanDialog.DialogCode.Accepted:
                self.store(title, plan, dialog.reason)
            dialog.deleteLater()
            self.page.table.setFocus()

        dialog.finished.connect(finished)
        dialog.open()

    def store(
        self,
        title: str,
        plan: Plan,
        reason: str = "",
        done: Callable[[], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Write a plan as one action and offer to undo it."""
        page = self.page
        register, (records, cells) = page.register, changed_counts(plan, bool(reason))

        def work(tx: Transaction) -> Any:
            store_cells(tx, register, plan, reason)
            return tx.action

        def written(action: Any) -> None:
            if done is not None:
                done()
            words = f"{title}：已修改{records}{register.unit}的{cells}格"
            show_toast(page, words, "撤销", lambda: self._undo(action))

        page.session.write(
            f"{title}{register.model.title}", work, done=written, failed=failed or self.tell, owner=self
        )

    def _undo(self, action: Any) -> None:
        ledger = self.page.session.ledger
        self.page.session.undo_one(lambda: ledger.undo_action(action), failed=self.tell)

    def tell(self, error: Exception) -> None:
        """Show what went wrong; nothing was written."""
        show_error(self.page, error)
