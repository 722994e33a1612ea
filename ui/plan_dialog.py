"""What 自动拟派 and 按标准定层级 have in common: scope and day, a preview to tick rows off, one action; no rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QComboBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.area import townships
from models.core.changes import Transaction
from models.core.errors import KnownError
from ui.kit.buttons import PushButton, button
from ui.kit.day_pick import DayPick
from ui.kit.errors import show_error
from ui.kit.job_progress import JobProgress
from ui.kit.jobs import Progress
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import Banner, show_toast


@dataclass(frozen=True)
class Scope:
    """What a plan is limited to: townships, enterprises, or neither for everything."""

    areas: tuple[int, ...] = ()
    enterprises: tuple[int, ...] = ()


@dataclass(frozen=True)
class Group:
    """Rows of one kind: those of the first group can be stored, the others say why not."""

    title: str
    rows: Sequence[TableRow]


class PlanDialog(QDialog):
    """Work out a plan off the GUI thread, show it, store the ticked rows in one action.

    A subclass says what to work out (``plan``), how it looks (``groups``, ``words``) and how it is stored. ``shown()``
    follows each preview, ``stored(count)`` the commit.
    """

    shown = Signal()
    stored = Signal(int)
    title = ""
    verb = ""
    heads: tuple[Head, ...] = ()

    def __init__(self, session: Session, parent: QWidget | None, ids: Sequence[int] = ()) -> None:
        super().__init__(parent)
        self.session, self.ids = session, tuple(ids)
        self.found: Any = None
        self.setWindowTitle(self.title)
        self.resize(1080, 640)
        self.scope_box = QComboBox()
        self.scope_box.setMinimumWidth(180)
        self.scope_box.setAccessibleName("范围")
        if self.ids:
            self.scope_box.addItem(f"选中的 {len(self.ids):,} 户", Scope(enterprises=self.ids))
        self.scope_box.addItem("全区", Scope())
        self.day = DayPick(session.today, "自哪一天起？", "自")
        self.again = button("重新生成", self.refresh, "refresh", tip="F5", parent=self)
        self.banner = Banner()
        self.words = QLabel("正在生成…", wordWrap=True)
        self.table = RowsTable(self.heads, self.title, ticks=True)
        self.kinds = QButtonGroup(self)
        self.tabs = QHBoxLayout()
        self.tabs.setSpacing(UNIT)
        self.buttons: list[PushButton] = []
        self.groups: list[Group] = []
        self.yes = button(self.verb, self.store, kind="primary", tip="Ctrl+Enter", parent=self)
        self.yes.setEnabled(False)
        self._lay_out()
        self._progress = JobProgress(session.jobs, self)
        self.scope_box.currentIndexChanged.connect(lambda _index: self.refresh())
        self.day.chosen.connect(lambda _day: self.refresh())
        self.day.refused.connect(lambda words: self.banner.tell(words, "danger", closable=False))
        self.table.list.ticked_changed.connect(self._count)
        QShortcut(QKeySequence("F5"), self, self.refresh)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.store)
        session.read(townships, done=self._offer_areas, owner=self, key="areas")
        self.refresh()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        name = QLabel("范围")
        name.setProperty("role", "muted")
        top.addWidget(name)
        top.addWidget(self.scope_box)
        top.addSpacing(UNIT)
        top.addWidget(self.day)
        top.addWidget(self.again)
        top.addStretch(1)
        middle = QHBoxLayout()
        middle.addLayout(self.tabs)
        middle.addStretch(1)
        middle.addWidget(button("全选", lambda: self._tick_all(True), parent=self))
        middle.addWidget(button("全不选", lambda: self._tick_all(False), parent=self))
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
        box.addWidget(self.banner)
        box.addWidget(self.words)
        box.addLayout(middle)
        box.addWidget(self.table, 1)
        box.addLayout(foot)

    # -- what a subclass says ---------------------------------------------------------------------------

    def plan(self, day: dt.date, scope: Scope) -> Any:
        """Work it out; on a reader thread."""
        raise NotImplementedError

    def grouped(self, found: Any) -> list[Group]:
        """The rows of a plan, by kind; on a reader thread."""
        raise NotImplementedError

    def told(self, found: Any) -> str:
        """One sentence on a plan."""
        raise NotImplementedError

    def write(self, tx: Transaction, found: Any, keys: set[int], step: Callable[[int, int], object]) -> int:
        """Store the rows of some enterprises; how many."""
        raise NotImplementedError

    # -- working it out ---------------------------------------------------------------------------------

    def _offer_areas(self, areas: list[tuple[int, str]]) -> None:
        for key, name in areas:
            self.scope_box.addItem(name, Scope(areas=(key,)))

    def scope(self) -> Scope:
        """The scope chosen."""
        return self.scope_box.currentData() or Scope()

    def refresh(self) -> None:
        """Work it out again."""
        self.found = None
        self._count()
        self.words.setText("正在生成…")
        day, scope = self.day.day, self.scope()

        def work() -> tuple[Any, list[Group]]:
            found = self.plan(day, scope)
            return found, self.grouped(found)

        self.session.read(
            work, done=self._show, failed=self._failed, owner=self, key="plan", label=f"{self.title}：正在生成"
        )

    def _show(self, outcome: tuple[Any, list[Group]]) -> None:
        self.found, self.groups = outcome
        self.table.list.off.clear()
        self.words.setText(self.told(self.found))
        while len(self.buttons) < len(self.groups):
            made = button("", partial(self.show_group, len(self.buttons)), parent=self)
            made.setCheckable(True)
            self.kinds.addButton(made)
            self.buttons.append(made)
            self.tabs.addWidget(made)
        for made, group in zip(self.buttons, self.groups, strict=True):
            made.setText(f"{group.title} {len(group.rows):,}")
        first = next((n for n, group in enumerate(self.groups) if group.rows), 0)
        self.show_group(first)
        self._count()
        if not self.day.edit.hasFocus() and not self.scope_box.hasFocus():
            self.table.setFocus()
        self.shown.emit()

    def show_group(self, number: int) -> None:
        """Show the rows of one kind."""
        self.buttons[number].setChecked(True)
        self.table.show_rows(self.groups[number].rows)

    def _tick_all(self, on: bool) -> None:
        if self.groups:
            self.table.list.tick([row.key for row in self.groups[0].rows], on)

    def ticked(self) -> set[int]:
        """The enterprises that would be stored."""
        off = self.table.list.off
        return {row.key for row in self.groups[0].rows if row.key not in off} if self.found is not None else set()

    def _count(self) -> None:
        count = len(self.ticked())
        self.yes.setText(f"{self.verb} {count:,} 户" if count else self.verb)
        self.yes.setEnabled(count > 0 and self.session.ledger.writable)

    # -- storing ----------------------------------------------------------------------------------------

    def store(self) -> None:
        """Store what is ticked: one action, one undo."""
        if not self.yes.isEnabled():
            return
        found, keys = self.found, self.ticked()
        self.yes.setEnabled(False)
        self.banner.hide()

        def work(tx: Transaction, progress: Progress) -> int:
            def step(done: int, whole: int) -> None:
                progress.check()
                progress.report(done, whole)

            step(0, len(keys))
            return self.write(tx, found, keys, step)

        def done(count: int) -> None:
            window = self.parentWidget()
            self.accept()
            self.stored.emit(count)
            if window is not None:
                show_toast(window, f"{self.title}：已{self.verb} {count:,} 户", "撤销", self.session.undo)

        self.session.write(
            f"{self.title} {len(keys)} 户", work, done=done, failed=self._failed, owner=self,
            label=f"{self.title}：正在写入", stopped=self._stopped,
        )  # fmt: skip

    def _stopped(self) -> None:
        self._count()
        self.banner.tell("已取消，台账没有改动。", "info", closable=False)

    def _failed(self, error: Exception) -> None:
        self._count()
        if isinstance(error, KnownError):
            self.banner.tell(str(error), "danger", "重新生成", self.refresh)
        else:
            show_error(self, error)
