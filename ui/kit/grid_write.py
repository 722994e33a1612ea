"""Plans and writes changes of many cells for one register page: checked, shown, one action, one undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from models.cells import CellEdit, Plan
from models.core.changes import Transaction
from ui.kit.errors import show_error
from ui.kit.grid_preview import PlanDialog
from ui.kit.jobs import Progress
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

Edits = Callable[[], Sequence[CellEdit]]
"""Makes the cells to change, off the GUI thread."""
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
        edits: Edits,
        done: Callable[[Plan], None],
        effective_on: dt.date | None = None,
        label: str = "",
    ) -> None:
        """Check a change off the GUI thread; a newer one replaces it."""
        session, register = self.page.session, self.page.register
        today = session.today

        def work(progress: Progress) -> Plan:
            from models.cell_plan import plan_cells

            return plan_cells(register, edits(), today, effective_on, _teller(progress))

        session.read(work, done=done, failed=self.tell, owner=self, key="cells", label=label)

    def change(self, title: str, edits: Edits, note: str = "", always_ask: bool = True) -> None:
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
        stopped: Callable[[], object] | None = None,
    ) -> None:
        """Write a plan as one action and offer to undo it."""
        page = self.page
        register, (records, cells) = page.register, plan.changed(bool(reason))

        def work(tx: Transaction, progress: Progress) -> Any:
            from models.cell_store import store_cells

            store_cells(tx, register, plan, reason, _teller(progress))
            return tx.action

        def given_up() -> None:
            if stopped is not None:
                stopped()
            show_toast(page, "已取消，没有修改。", state="info")

        def written(action: Any) -> None:
            if done is not None:
                done()
            words = f"{title}：已修改{records}{register.unit}的{cells}格"
            show_toast(page, words, "撤销", lambda: self._undo(action))

        page.session.write(
            f"{title}{register.model.title}", work, done=written, failed=failed or self.tell, owner=self,
            label=f"正在{title}", stopped=given_up,
        )  # fmt: skip

    def _undo(self, action: Any) -> None:
        ledger = self.page.session.ledger
        self.page.session.undo_one(lambda: ledger.undo_action(action), failed=self.tell)

    def tell(self, error: Exception) -> None:
        """Show what went wrong; nothing was written."""
        show_error(self.page, error)


def _teller(progress: Progress) -> Callable[[int, int], bool]:
    """Tells a job's progress; a cancelled job stops there."""

    def tell(done: int, total: int) -> bool:
        progress.check()
        progress.report(done, total)
        return True

    return tell
