"""移交检查: open findings of a visit become inspection tasks of the bureau; the rule is models/inspection_task."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from models.core.changes import Transaction
from models.core.fields import Date, LongText
from models.core.register import View
from models.inspection import Finding
from models.inspection_task import OpenFinding, hand_to_bureau, open_findings, open_findings_among
from ui.enterprises import chosen
from ui.kit.ask import AskDialog
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

HEADS = (Head("主体", 220), Head("问题"), Head("发现日期", 110))
KEY = "Ctrl+Shift+Y"


TIPS = {
    "visits": "把选中督导发现的、尚未整改的问题移交市场监管，成为检查任务",
    "findings": "把选中的、包保督导发现的、尚未整改的问题移交市场监管，成为检查任务",
}
SOURCES: dict[str, Callable[[list[int]], list[OpenFinding]]] = {
    "visits": open_findings, "findings": open_findings_among,
}  # fmt: skip
NONE = "选中的没有可移交的问题：不是包保督导发现的、已整改或已经移交。"


class BureauAction(QObject):
    """The action 移交检查 of the list of visits or of findings."""

    def __init__(self, session: Session, page: RegisterPage) -> None:
        super().__init__(page)
        from ui.kit.register_bar import page_action

        self.session, self.page, self.name = session, page, page.register.name
        self.action = page_action(page, "bureau", "移交检查", "send", TIPS[self.name], KEY)
        self.action.setEnabled(False)
        self.action.triggered.connect(self.ask)
        page.current_changed.connect(self._follow)
        page.selection_changed.connect(self._follow)
        page.add_action(self.action)

    def _follow(self, *_args: object) -> None:
        self.action.setEnabled(bool(chosen(self.page)) and self.session.ledger.writable)

    def ask(self) -> None:
        """Read the open findings, then ask; where there are none a toast says so."""
        hand_over(self.session, self.page, SOURCES[self.name], chosen(self.page))


def hand_over(
    session: Session, page: QWidget, read: Callable[[list[int]], list[OpenFinding]], keys: list[int]
) -> None:
    """Ask which findings of visits become inspection tasks; where there are none a toast says so."""

    def told(count: int) -> None:
        view = View(presets=("open",))
        show_toast(
            page, f"已移交 {count} 个问题，成为检查任务", "查看检查任务",
            lambda: session.show_list("inspection_tasks", view), stay_ms=20_000,
        )  # fmt: skip

    def show(found: list[OpenFinding]) -> None:
        if not found:
            show_toast(page, NONE, state="info")
            return
        dialog = BureauDialog(session, page.window(), found)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.handed.connect(told)
        dialog.open()

    session.read(read, keys, done=show, owner=page, key="bureau")


class BureauDialog(AskDialog):
    """Which findings, by when, with what words. `handed(count)` after it is stored."""

    handed = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None, found: list[OpenFinding]) -> None:
        super().__init__(
            parent, "移交检查", "移交市场监管检查", session.today, "移交",
            "每个问题成为一件检查任务；登记这一户的监督检查后，任务自动完成。",
        )  # fmt: skip
        self.session, self.found = session, found
        self.table = RowsTable(HEADS, "要移交的问题", ticks=True)
        self.table.setMinimumHeight(160)
        self.form.add("due_on", Date("完成期限"), session.today + dt.timedelta(days=15))
        self.form.add("reason", LongText("检查事由", help="不填的，照录问题"), "")
        self.body.insertWidget(self.body.count() - 3, self.table, 1)
        self.setMinimumWidth(760)
        self.table.show_rows(
            [TableRow(one.id, (one.enterprise, one.wording, one.found_on.isoformat())) for one in found]
        )
        self.table.list.ticked_changed.connect(self._count)
        self._count()
        self.on_submit = self._store

    def ticked(self) -> list[int]:
        """The findings that would be handed over."""
        return [one.id for one in self.found if one.id not in self.table.list.off]

    def _count(self) -> None:
        count = len(self.ticked())
        self.yes.setText(f"移交 {count} 个问题" if count else "移交")
        self.yes.setEnabled(count > 0 and self.session.ledger.writable)

    def _store(self, values: dict[str, Any]) -> None:
        keys = self.ticked()

        def work(tx: Transaction) -> int:
            for key in keys:
                hand_to_bureau(
                    tx, Finding.get_by_id(key), due_on=values["due_on"], reason=values["reason"] or ""
                )
            return len(keys)

        def done(count: int) -> None:
            self.accept()
            self.handed.emit(count)

        self.session.write(f"移交检查 {len(keys)} 件", work, done=done, failed=self.fail, owner=self)
