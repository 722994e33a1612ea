"""范围更新, 归入检查, 安排任务 of a campaign: what would change is shown, ticked off, stored as one action; no rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QComboBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.campaign import Campaign
from models.campaign_scope import (
    LooseVisit,
    ScopePlan,
    ScopeRow,
    apply_scope,
    default_day,
    plan_scope,
    scopes,
    tie_visits,
)
from models.campaign_task import make_tasks
from models.core.changes import Transaction
from models.core.errors import KnownError
from models.core.fields import Date, LongText
from models.core.register import View
from models.inspection import KINDS
from models.saved_view import NamedView
from ui.kit.ask import AskDialog
from ui.kit.buttons import PushButton, button
from ui.kit.day_pick import DayPick
from ui.kit.errors import show_error
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import Banner, show_toast

HEADS = (Head("主体"), Head("类别", 110), Head("乡镇（街道）", 150), Head("变动", 320))
GROUPS = (("came", "新增对象"), ("left", "退出对象"))


class _Ready(NamedTuple):
    """What the dialog starts with."""

    scopes: list[NamedView]
    day: dt.date
    settled: bool


def _ready(campaign: int, today: dt.date) -> _Ready:
    record = Campaign.get_by_id(campaign)
    return _Ready(scopes(campaign), default_day(record, today), record.settled_on is not None)


class _Ticked(QDialog):
    """A list to tick rows off, with a banner for what is refused and one button that stores."""

    def __init__(self, session: Session, parent: QWidget | None, title: str, heads: Sequence[Head], verb: str) -> None:
        super().__init__(parent)
        self.session = session
        self.setWindowTitle(title)
        self.resize(1000, 600)
        self.heading = QLabel(title)
        self.heading.setProperty("role", "heading")
        self.words = QLabel("正在读取…", wordWrap=True)
        self.banner = Banner()
        self.table = RowsTable(heads, title, ticks=True)
        self.yes = button(verb, self.store, kind="primary", tip="Ctrl+Enter", parent=self)
        self.yes.setEnabled(False)
        self.top, self.middle = QHBoxLayout(), QHBoxLayout()
        self.top.setSpacing(UNIT)
        self.middle.setSpacing(UNIT)
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        hint = QLabel("空格选取或去掉选中的行，Ctrl+Enter 写入")
        hint.setProperty("role", "muted")
        foot.addWidget(hint, 1)
        foot.addWidget(button("取消", self.reject, tip="Esc", parent=self))
        foot.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        box.addWidget(self.heading)
        box.addLayout(self.top)
        box.addWidget(self.banner)
        box.addWidget(self.words)
        box.addLayout(self.middle)
        box.addWidget(self.table, 1)
        box.addLayout(foot)
        self.table.list.ticked_changed.connect(self._count)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.store)

    def _all_buttons(self) -> None:
        self.middle.addStretch(1)
        self.middle.addWidget(button("全选", lambda: self._tick_all(True), parent=self))
        self.middle.addWidget(button("全不选", lambda: self._tick_all(False), parent=self))

    def _tick_all(self, on: bool) -> None:
        self.table.list.tick([row.key for row in self.table.list.rows], on)

    def _count(self) -> None:
        raise NotImplementedError

    def store(self) -> None:
        """Store what is ticked."""
        raise NotImplementedError

    def _failed(self, error: Exception) -> None:
        self._count()
        if isinstance(error, KnownError):
            self.banner.tell(f"{error.message}{error.advice}", "danger", closable=False)
        else:
            show_error(self, error)


class ScopeDialog(_Ticked):
    """Which view says whom the campaign concerns, as of which day, and who comes in or leaves.

    `shown()` follows each reckoning, `stored()` the commit; `list_wanted()` asks for the register of enterprises.
    """

    shown = Signal()
    stored = Signal()
    list_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None, campaign: int, name: str) -> None:
        super().__init__(session, parent, f"对象范围：{name}", HEADS, "更新范围")
        self.campaign = campaign
        self.plan: ScopePlan | None = None
        self.choice = QComboBox()
        self.choice.setMinimumWidth(280)
        self.choice.setAccessibleName("对象范围")
        self.day = DayPick(session.today, "截至哪一天的名册？")
        label = QLabel("范围")
        label.setProperty("role", "muted")
        for each in (label, self.choice, self.day):
            self.top.addWidget(each)
        self.top.addStretch(1)
        self.top.addWidget(button("到主体名册筛选", self._go_to_list, "filter", kind="link", parent=self))
        self.kinds = QButtonGroup(self)
        self.buttons: dict[str, PushButton] = {}
        for code, word in GROUPS:
            made = button(word, partial(self.show_group, code), parent=self)
            made.setCheckable(True)
            self.kinds.addButton(made)
            self.buttons[code] = made
            self.middle.addWidget(made)
        self._all_buttons()
        self.choice.currentIndexChanged.connect(lambda _index: self.refresh())
        self.day.chosen.connect(lambda _day: self.refresh())
        self.day.refused.connect(lambda words: self.banner.tell(words, "danger", closable=False))
        session.read(_ready, campaign, session.today, done=self._start, failed=self._failed, owner=self, key="ready")

    def _start(self, ready: _Ready) -> None:
        self.choice.blockSignals(True)
        for scope in ready.scopes:
            self.choice.addItem(scope.name, scope)
        self.choice.blockSignals(False)
        if not ready.settled:
            self.yes.setText("确定对象")
        if not ready.scopes:
            self.words.setText(
                "还没有可用的视图。请在主体名册按类别、状态、重点区域等筛选，点「视图」保存，再回到这里选用。"
            )
            return
        if self.day.day != ready.day:
            self.day.set_day(ready.day)
        else:
            self.refresh()

    def refresh(self) -> None:
        """Reckon again who comes in and who leaves."""
        scope = self.choice.currentData()
        if scope is None:
            return
        self.plan = None
        self.banner.hide()
        self.words.setText("正在核对…")
        self._count()
        self.session.read(
            plan_scope, self.campaign, self.day.day, scope,
            done=self._show, failed=self._refused, owner=self, key="plan",
        )  # fmt: skip

    def _refused(self, error: Exception) -> None:
        self.words.setText("")
        self.table.show_rows([])
        self._failed(error)

    def _show(self, plan: ScopePlan) -> None:
        self.plan = plan
        self.table.list.off.clear()
        self.words.setText(_told(plan))
        for code, word in GROUPS:
            self.buttons[code].setText(f"{word} {len(getattr(plan, code)):,}")
        self.show_group("left" if plan.left and not plan.came else "came")
        self._count()
        if not self.day.edit.hasFocus() and not self.choice.hasFocus():
            self.table.setFocus()
        self.shown.emit()

    def show_group(self, code: str) -> None:
        """Show those who come in, or those who leave."""
        self.buttons[code].setChecked(True)
        rows: Sequence[ScopeRow] = getattr(self.plan, code) if self.plan is not None else ()
        tone = {3: "danger"} if code == "left" else {}
        self.table.show_rows(
            [TableRow((code, r.enterprise), (r.name, r.category, r.area, r.why), tone) for r in rows]
        )

    def ticked(self, code: str) -> list[int]:
        """The enterprises that would come in or leave."""
        off = self.table.list.off
        rows: Sequence[ScopeRow] = getattr(self.plan, code) if self.plan is not None else ()
        return [row.enterprise for row in rows if (code, row.enterprise) not in off]

    def _count(self) -> None:
        came, left = len(self.ticked("came")), len(self.ticked("left"))
        plan = self.plan
        able = plan is not None and (came + left > 0 or not plan.first)
        words = "、".join(f"{word} {count:,} 户" for word, count in (("新增", came), ("退出", left)) if count)
        if plan is not None and plan.first:
            self.yes.setText(f"确定对象 {came:,} 户")
        elif plan is not None:
            self.yes.setText(words or "已核对，没有变动")
        self.yes.setEnabled(able and self.session.ledger.writable)

    def _go_to_list(self) -> None:
        self.reject()
        self.list_wanted.emit()

    def store(self) -> None:
        plan = self.plan
        if plan is None or not self.yes.isEnabled():
            return
        came, left = self.ticked("came"), self.ticked("left")
        self.yes.setEnabled(False)

        def done(_none: object) -> None:
            window = self.parentWidget()
            self.accept()
            self.stored.emit()
            if window is not None:
                words = f"{plan.name}：新增 {len(came):,} 户、退出 {len(left):,} 户"
                show_toast(window, words, "撤销", self.session.undo)

        self.session.write(
            "确定专项对象" if plan.first else "更新专项范围",
            lambda tx: apply_scope(tx, plan, came, left),
            done=done, failed=self._failed, owner=self,
        )  # fmt: skip


def _told(plan: ScopePlan) -> str:
    parts = [f"范围：{plan.words}（{plan.day} 的名册，只取在营的）"]
    if plan.idle:
        parts.append(f"另有 {plan.idle:,} 户符合筛选但不在营业，不列入")
    if plan.first:
        parts.append(f"从 {plan.begins} 起成为对象，以后名册变动不会自动增减")
    else:
        parts.append(f"不变 {plan.kept:,} 户" + (f"（其中手工增加 {plan.by_hand:,} 户）" if plan.by_hand else ""))
        if plan.came or plan.left:
            parts.append("去掉勾的这次不动，下次仍会列出")
    return "；".join(parts) + "。"


class TieDialog(_Ticked):
    """Inspections of targets within the campaign that were not tied to it. `stored(count)` after the commit."""

    stored = Signal(int)
    heads = (Head("检查日期", 120), Head("主体"), Head("检查类型", 160), Head("隐患", 80, True))

    def __init__(
        self, session: Session, parent: QWidget | None, campaign: int, name: str, visits: Sequence[LooseVisit]
    ) -> None:
        super().__init__(session, parent, f"归入检查：{name}", self.heads, "归入")
        self.campaign, self.visits = campaign, list(visits)
        self.words.setText(
            "这些检查在专项期间、查的是专项对象，但没有登记所属专项。专项检查已勾选，其他类型的确是为这项专项做的再勾选。"
        )
        self._all_buttons()
        kinds = dict(KINDS)
        self.table.show_rows(
            [
                TableRow(v.inspection, (v.inspected_on.isoformat(), v.enterprise, kinds[v.kind], str(v.findings)))
                for v in self.visits
            ]
        )
        self.table.list.tick([v.inspection for v in self.visits if v.kind != "special"], False)
        self._count()

    def ticked(self) -> list[int]:
        """The inspections that would be tied."""
        return [v.inspection for v in self.visits if v.inspection not in self.table.list.off]

    def _count(self) -> None:
        count = len(self.ticked())
        self.yes.setText(f"归入 {count:,} 家次" if count else "归入")
        self.yes.setEnabled(count > 0 and self.session.ledger.writable)

    def store(self) -> None:
        if not self.yes.isEnabled():
            return
        keys = self.ticked()
        self.yes.setEnabled(False)

        def done(count: int) -> None:
            window = self.parentWidget()
            self.accept()
            self.stored.emit(count)
            if window is not None:
                show_toast(window, f"已归入 {count:,} 家次检查", "撤销", self.session.undo)

        self.session.write(
            f"归入专项 {len(keys)} 家次", lambda tx: tie_visits(tx, self.campaign, keys),
            done=done, failed=self._failed, owner=self,
        )  # fmt: skip


class TaskDialog(AskDialog):
    """By when some targets are to be inspected, and with what words. `made(count)` after it is stored."""

    made = Signal(int)

    def __init__(
        self, session: Session, parent: QWidget | None, campaign: int, name: str, places: Sequence[int],
        due_on: dt.date | None,
    ) -> None:  # fmt: skip
        super().__init__(
            parent, "安排检查任务", f"为 {len(places):,} 户安排检查任务", session.today, "安排",
            "登记这一户的监督检查后，任务自动完成；已有这项专项任务的不重复安排。",
        )  # fmt: skip
        self.session, self.campaign, self.places = session, campaign, list(places)
        due = due_on if due_on is not None and due_on >= session.today else None
        self.form.add("due_on", Date("完成期限"), due or session.today + dt.timedelta(days=15))
        self.form.add("reason", LongText("检查事由", help="不填的，写专项名称"), name)
        self.on_submit = self._store

    def _store(self, values: dict[str, Any]) -> None:
        def work(tx: Transaction) -> int:
            return make_tasks(tx, self.campaign, self.places, values["due_on"], values["reason"] or "")

        def done(count: int) -> None:
            self.accept()
            self.made.emit(count)

        self.session.write(
            f"安排专项检查任务 {len(self.places)} 件", work, done=done, failed=self.fail, owner=self
        )


def open_tasks_view() -> View:
    """The list of the tasks that wait."""
    return View(presets=("open",))


def open_quietly(dialog: QDialog) -> None:
    """Open a dialog that deletes itself when closed."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
