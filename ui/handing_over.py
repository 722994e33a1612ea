"""离任交接 on the screen: last day, a successor for each enterprise, one action; the rules are models/handing_over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from models.assigning import Candidate, wanted
from models.core.changes import Transaction
from models.core.errors import FieldError
from models.core.fields import Date, Text
from models.handing_over import HandoverChoice, HandoverProposal, hand_over, propose_handover
from models.handover import Handover
from ui.kit.ask import AskDialog
from ui.kit.buttons import button
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.kit.view_bar import SearchBox

ID = Qt.ItemDataRole.UserRole
NOBODY = 0
HEADS = (Head("主体"), Head("接任干部", 120), Head("说明", 280))


class HandoverDialog(AskDialog):
    """The enterprises of one official with their successors. `handed(id of the handover)` after it is stored."""

    handed = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None, official: int, name: str) -> None:
        super().__init__(
            parent, "离任交接", f"离任交接：{name}", session.today, "交接",
            "接任干部由程序按属地、层级和现有户数提出，可以逐户改；交接后原包保到最后一天为止。",
        )  # fmt: skip
        self.session, self.official, self.name = session, official, name
        self.may_waive = True
        self.found: HandoverProposal | None = None
        self.changed: dict[int, tuple[int | None, str]] = {}
        self.form.add("last", Date("任职最后一天", required=True), session.today)
        self.form.add("reason", Text("交接原因", max_length=100), "")
        self.form.add("witness", Text("监交人", max_length=40), "")
        self.leaves = QCheckBox("同时登记离任（任期到最后一天为止）")
        self.leaves.setChecked(True)
        self.form.add_row("", self.leaves)
        self.words = QLabel("正在提出接任方案…")
        self.table = RowsTable(HEADS, "交接主体")
        self.table.setMinimumHeight(300)
        self.change = button("改接任干部…", self.ask_successor, "officials", tip="回车", parent=self)
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        row.addWidget(self.change)
        place = self.body.count() - 2
        self.body.insertLayout(place, row)
        self.body.insertWidget(place + 1, self.table, 1)
        self.setMinimumWidth(820)
        self.on_submit = self._store
        self.table.opened.connect(lambda _key: self.ask_successor())
        last = self.form.fields["last"].editor
        last.editingFinished.connect(self._propose)  # type: ignore[attr-defined]
        self.yes.setEnabled(False)
        self._propose()

    def day(self) -> dt.date | None:
        """The first day after the handover; None where the last one cannot be read."""
        try:
            last = self.form.fields["last"].value()
        except FieldError:
            return None
        return last + dt.timedelta(days=1) if last is not None else None

    def _propose(self) -> None:
        day = self.day()
        if day is None or (self.found is not None and self.found.effective_on == day):
            return
        self.session.read(
            propose_handover, self.official, day, done=self._show, failed=self.fail, owner=self, key="propose"
        )

    def _show(self, found: HandoverProposal) -> None:
        self.found = found
        self.table.show_rows([self._row(line) for line in found.lines])
        self.change.setEnabled(bool(found.lines))
        self.yes.setEnabled(self.session.ledger.writable)
        self._tell()

    def successor(self, line: HandoverChoice) -> tuple[int | None, str]:
        """Who takes an enterprise over: as the clerk changed it, else as proposed."""
        return self.changed.get(line.assignment, (line.successor, line.successor_name))

    def _row(self, line: HandoverChoice) -> TableRow:
        key, name = self.successor(line)
        words = "人工指定" if line.assignment in self.changed else line.reason
        tones = {} if key is not None else {1: "warning"}
        return TableRow(line.assignment, (line.enterprise_name, name or "暂缺", words), tones)

    def _tell(self) -> None:
        found = self.found
        assert found is not None
        count, open_ = len(found.lines), sum(self.successor(line)[0] is None for line in found.lines)
        if not count:
            self.words.setText(f"{found.name}自 {found.effective_on} 起没有包保主体，只登记离任。")
        else:
            more = f"，其中 {open_} 户接任干部暂缺" if open_ else ""
            self.words.setText(f"自 {found.effective_on} 起交接 {count} 户{more}")
        self.yes.setText(f"交接 {count} 户" if count else "登记离任")

    # -- another successor ------------------------------------------------------------------------------

    def ask_successor(self) -> None:
        """Choose who takes over the selected enterprises."""
        found, keys = self.found, self.table.chosen()
        if found is None or not keys:
            return
        lines = [line for line in found.lines if line.assignment in keys]
        places = [line.enterprise for line in lines]

        def show(asked: Any) -> None:
            dialog = SuccessorDialog(self, [c for c in asked.candidates if c.id != self.official], len(places))
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.chosen.connect(lambda key, name: self._take([line.assignment for line in lines], key, name))
            dialog.open()

        self.session.read(wanted, places, found.effective_on, done=show, owner=self, key="wanted")

    def _take(self, keys: Sequence[int], official: int, name: str) -> None:
        for key in keys:
            self.changed[key] = (official or None, name)
        if self.found is not None:
            current = self.table.currentIndex().row()
            self.table.show_rows([self._row(line) for line in self.found.lines])
            self.table.selectRow(max(0, current))
            self._tell()
        self.table.setFocus()

    # -- storing ----------------------------------------------------------------------------------------

    def _store(self, values: dict[str, Any]) -> None:
        found, day = self.found, self.day()
        if found is None or day is None or found.effective_on != day:
            self.yes.setEnabled(True)
            self._propose()
            return
        choices = {line.assignment: self.successor(line)[0] for line in found.lines}
        leaves = self.leaves.isChecked()

        def work(tx: Transaction) -> int:
            made: Handover = hand_over(
                tx, self.official, day, choices, reason=values["reason"] or "", witness=values["witness"] or "",
                leaves=leaves, waivers=self.waivers,
            )  # fmt: skip
            return made.id

        def done(key: int) -> None:
            self.accept()
            self.handed.emit(key)

        self.session.write(f"包保交接 {self.name}", work, done=done, failed=self.fail, owner=self)

    def fail(self, error: Exception) -> None:
        """As any; where the facts have changed meanwhile the plan is made anew."""
        from models.core.errors import Conflict

        super().fail(error)
        if isinstance(error, Conflict):
            self.found = None
            self._propose()


class SuccessorDialog(QDialog):
    """A list of officials, those who suit first, and 暂缺. `chosen(id or 0, name)`."""

    chosen = Signal(int, str)

    def __init__(self, parent: QWidget, candidates: Sequence[Candidate], count: int) -> None:
        super().__init__(parent)
        self.candidates, self.count = list(candidates), count
        self.setWindowTitle("改接任干部")
        self.resize(600, 420)
        head = QLabel(f"选中的 {count} 户由谁接任？")
        head.setProperty("role", "heading")
        self.search = SearchBox("按姓名、单位、属地查找")
        self.search.setMaximumWidth(16_777_215)
        self.list = QListWidget()
        self.list.setAccessibleName("接任干部")
        self.list.itemDoubleClicked.connect(lambda _item: self.accept())
        self.search.textChanged.connect(lambda _text: self._fill())
        self.search.installEventFilter(self)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button("取消", self.reject, parent=self))
        self.yes = button("确定", self.accept, kind="primary", parent=self)
        foot.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        for each in (head, self.search, self.list):
            box.addWidget(each)
        box.addLayout(foot)
        self._fill()
        self.search.setFocus()

    def _fill(self) -> None:
        self.list.clear()
        words = self.search.text().split()
        for one in self.candidates:
            if all(word in f"{one.name} {one.post}" for word in words):
                suits = "" if not one.fits else "　相符" if self.count == 1 else f"　相符 {len(one.fits)} 户"
                item = QListWidgetItem(f"{one.name}　{one.post}　现包保 {one.load} 户{suits}")
                item.setData(ID, one.id)
                item.setData(ID + 1, one.name)
                self.list.addItem(item)
        if not words:
            item = QListWidgetItem("暂缺（列入未落实，随后另行指派）")
            item.setData(ID, NOBODY)
            item.setData(ID + 1, "")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.yes.setEnabled(self.list.count() > 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.accept()
                return True
        return super().eventFilter(watched, event)

    def accept(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            super().accept()
            self.chosen.emit(item.data(ID), item.data(ID + 1))


def ask_handover(session: Session, parent: QWidget, official: int) -> None:
    """Open 离任交接 for an official; a toast tells the outcome and offers its sheet."""
    from models.responsibility import Official

    def show(name: str) -> None:
        dialog = HandoverDialog(session, parent.window(), official, name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.handed.connect(lambda key: told(session, parent, key, name))
        dialog.open()

    session.read(lambda: Official.get_by_id(official).name, done=show, owner=parent, key="handover")


def told(session: Session, parent: QWidget, handover: int, name: str) -> None:
    """Say that it is done, and offer its sheet to print."""
    from ui.papers import preview_handovers

    show_toast(
        parent, f"{name}的包保已交接", "打印交接单",
        lambda: preview_handovers(session, parent, [handover], name), stay_ms=20_000,
    )  # fmt: skip
