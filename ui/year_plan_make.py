"""生成计划: the year's plan worked out with progress, looked at, stored as one action; the rules are models."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.core.changes import Transaction
from models.core.errors import KnownError
from models.plan_making import PlaceLine, PlanProposal, make_plan
from models.plan_storing import apply_plan
from ui.kit.buttons import button
from ui.kit.errors import show_error
from ui.kit.job_progress import JobProgress
from ui.kit.jobs import Progress
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import Banner, show_toast
from ui.kit.view_bar import SearchBox, ViewBar, chip
from ui.year_plan_list import LABELS

HEADS = (
    Head("主体"), Head("类别", 92), Head("等级", 56), Head("次数", 50, True), Head("计划日期", 230),
    Head("检查人员", 170), Head("依据", 300),
)  # fmt: skip
STATES = {
    "new": ("新安排", ""), "kept": ("保持不变", ""), "key": ("重点监管", ""), "full": ("全项检查", ""),
    "over": ("超过上限", "danger"), "unplaced": ("排不下", "warning"), "none": ("本年不查", ""),
}  # fmt: skip


class Prepared(NamedTuple):
    """A line of the plan as the table shows it, with the states it belongs to."""

    row: TableRow
    states: list[str]


def prepared(year: int, today: dt.date, progress: Progress) -> tuple[PlanProposal, list[Prepared]]:
    """A year's plan with its rows ready; on a reader thread."""

    def step(done: int, whole: int) -> None:
        progress.check()
        progress.report(done, whole)

    found = make_plan(year, today, step)
    return found, [Prepared(_row(line, found), _states(line, found)) for line in found.lines]


def _over(line: PlaceLine, found: PlanProposal) -> bool:
    """Whether more visits are planned than the yearly bound or the frequency table's upper end."""
    return line.over_most or (found.limit is not None and line.visits > found.limit)


def _states(line: PlaceLine, found: PlanProposal) -> list[str]:
    tests = {
        "new": any(not visit.kept for visit in line.planned),
        "kept": bool(line.planned) and all(visit.kept for visit in line.planned),
        "key": line.key_target,
        "full": line.full,
        "over": _over(line, found),
        "unplaced": any(visit.unplaced for visit in line.planned),
        "none": not line.planned,
    }
    return [state for state, on in tests.items() if on]


def _row(line: PlaceLine, found: PlanProposal) -> TableRow:
    counted = [visit for visit in line.planned if visit.counts]
    days = [f"{visit.day:%m-%d}" if visit.day else f"{visit.month}月待安排" for visit in counted]
    people = dict.fromkeys(
        found.officers[key].name for visit in counted for key in visit.officers if key in found.officers
    )
    texts = (
        line.name, LABELS.get(line.category, ""), line.grade or "未评", str(line.visits), "、".join(days),
        "、".join(people), "；".join(line.reasons),
    )  # fmt: skip
    tones = {}
    if any(visit.unplaced for visit in line.planned):
        tones[4] = "warning"
    if _over(line, found):
        tones[3] = "danger"
    return TableRow(line.id, texts, tones)


class YearPlanDialog(QDialog):
    """The plan of a year before it is stored. ``shown()`` after it was worked out, ``stored(visits)`` after."""

    shown = Signal()
    stored = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None, year: int) -> None:
        super().__init__(parent)
        self.session, self.year = session, year
        self.found: PlanProposal | None = None
        self.ready: list[Prepared] = []
        self.state = ""
        self.setWindowTitle(f"{year}年度检查计划")
        self.resize(1160, 660)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.words = QLabel("正在安排…", wordWrap=True)
        self.banner = Banner()
        self.search = SearchBox("搜索主体")
        self.states = ViewBar([chip(code, label, tone) for code, (label, tone) in STATES.items()])
        self.table = RowsTable(HEADS, "检查计划预览")
        self.yes = button("写入计划", self.store, kind="primary", tip="Ctrl+Enter", parent=self)
        self.yes.setEnabled(False)
        self._lay_out()
        self._progress = JobProgress(session.jobs, self)
        self.search.searched.connect(lambda _text: self._fill())
        self.search.left_down.connect(self.table.setFocus)
        self.states.preset_asked.connect(lambda state, _more: self.show_state(state))
        QShortcut(QKeySequence("F5"), self, self.refresh)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.store)
        self.refresh()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2 * UNIT)
        top.addWidget(self.words, 1)
        top.addWidget(self.search)
        foot = QHBoxLayout()
        hint = QLabel("已完成、已取消和手工调整过的计划检查保持不变；写入后可以撤销。")
        hint.setProperty("role", "muted")
        foot.addWidget(hint, 1)
        foot.addWidget(button("取消", self.reject, tip="Esc", parent=self))
        foot.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.banner)
        box.addWidget(self.states)
        box.addWidget(self.table, 1)
        box.addLayout(foot)

    # -- working it out ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Work it out again."""
        self.found = None
        self.yes.setEnabled(False)
        self.words.setText("正在安排…")
        self.banner.hide()
        year, today = self.year, self.session.today

        def work(progress: Progress) -> tuple[PlanProposal, list[Prepared]]:
            return prepared(year, today, progress)

        self.session.read(
            work, done=self._show, failed=self._failed, owner=self, key="make", label=f"正在安排{year}年度检查计划"
        )

    def _show(self, outcome: tuple[PlanProposal, list[Prepared]]) -> None:
        self.found, self.ready = outcome
        found = self.found
        words = (
            f"{len(found.lines):,} 户，{found.count:,} 家次；"
            f"自 {found.start} 起由 {len(found.officers)} 名执法人员检查，"
            f"每组每天最多 {found.bounds.day_visits} 户，每人每月最多 {found.bounds.month_days} 天。"
        )
        self.words.setText(words)
        self._fill()
        notes = list(found.notes)
        if not found.officers:
            notes.insert(0, "没有在岗、执法证有效的执法人员，只能定月份。请先登记执法人员。")
        elif found.unplaced:
            count = len(found.unplaced)
            notes.insert(0, f"有 {count:,} 户排不下，只定了月份：请增加人员或在“标准与期限”里调整上限。")
        if notes:
            self.banner.tell("\n".join(notes), "warning", closable=False)
        self.yes.setEnabled(bool(found.lines) and self.session.ledger.writable)
        self.table.setFocus()
        self.shown.emit()

    def show_state(self, state: str) -> None:
        """Show the lines of one state ('' for all)."""
        self.state = state
        self._fill()

    def _fill(self) -> None:
        words = self.search.text().split()
        counts, rows = dict.fromkeys(self.states.presets, 0), []
        for one in self.ready:
            if words and not all(word in one.row.texts[0] for word in words):
                continue
            counts[""] += 1
            for state in one.states:
                counts[state] += 1
            if not self.state or self.state in one.states:
                rows.append(one.row)
        self.states.set_counts(counts)
        self.states.set_presets([self.state] if self.state else [])
        self.table.show_rows(rows)

    # -- storing ----------------------------------------------------------------------------------------

    def store(self) -> None:
        """Store the plan: one action, one undo."""
        found = self.found
        if found is None or not self.yes.isEnabled():
            return
        self.yes.setEnabled(False)

        def work(tx: Transaction, progress: Progress) -> int:
            def step(done: int, whole: int) -> None:
                progress.check()
                progress.report(done, whole)

            apply_plan(tx, found, step)
            return found.count

        def done(count: int) -> None:
            window = self.parentWidget()
            self.accept()
            self.stored.emit(count)
            if window is not None:
                show_toast(window, f"{found.year}年度检查计划：已写入 {count:,} 家次", "撤销", self.session.undo)

        self.session.write(
            f"安排{found.year}年度检查计划", work, done=done, failed=self._failed, owner=self,
            label="正在写入检查计划", stopped=self._stopped,
        )  # fmt: skip

    def _stopped(self) -> None:
        self.yes.setEnabled(self.found is not None)
        self.banner.tell("已取消，台账没有改动。", "info", closable=False)

    def _failed(self, error: Exception) -> None:
        self.words.setText("没有安排。" if self.found is None else self.words.text())
        if isinstance(error, KnownError):
            self.banner.tell(str(error), "danger", "重新安排", self.refresh)
        else:
            show_error(self, error)
