"""检查计划: the year by months and officers, its visits and progress, moving them, papers; knows no rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QProgressBar, QSplitter, QVBoxLayout, QWidget

from models.area import townships
from models.core.changes import Transaction
from models.core.register import Condition, View
from models.plan_desk import ALL_OFFICERS, NOBODY, STATES, YEAR, Board, PlanRow, board, plan_years
from models.plan_moving import shift_visits
from ui.kit.buttons import button, restyle
from ui.kit.cards import EmptyState
from ui.kit.errors import show_error
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.rows_table import TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.kit.view_bar import SearchBox, ViewBar, chip
from ui.year_plan_list import VisitList, row_of
from ui.year_plan_matrix import WORDS, PlanMatrix

CONCERNS = (
    "inspection_plan", "planned_visit", "planned_visit_officer", "inspection", "enterprise", "enterprise_state",
    "officer", "threshold",
)  # fmt: skip


class Found(NamedTuple):
    """A year's plan with its rows ready for the list, the years and townships to choose from."""

    board: Board
    rows: list[TableRow]
    years: list[int]
    townships: list[tuple[int, str]]


def find(year: int, today: dt.date) -> Found:
    """What the page shows of a year; on a reader thread."""
    one = board(year, today)
    rows = [row_of(row, state, one) for row, state in zip(one.rows, one.states, strict=True)]
    return Found(one, rows, plan_years(today), townships())


class YearPlanPage(FreshPage):
    """The page. ``loaded()`` after reading."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found: Found | None = None
        self.state = ""
        self._rows: dict[int, PlanRow] = {}
        self.year, self.township = QComboBox(), QComboBox()
        self.year.setAccessibleName("年度")
        self.township.setAccessibleName("乡镇（街道）")
        self.year.addItem(f"{session.today.year} 年度", session.today.year)
        self.township.addItem("各乡镇（街道）", 0)
        self.search = SearchBox("搜索主体、地址")
        self.progress = QProgressBar(textVisible=False)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName("计划完成进度")
        self.matrix = PlanMatrix()
        self.matrix.setToolTip(WORDS)
        self.states = ViewBar([chip(code, label, tone) for code, (label, tone) in STATES.items()])
        self.words = self.states.count
        self.list = None  # not a register's list: the page answers the window itself
        self.table = VisitList()
        self.empty = EmptyState(
            "due", "还没有这一年度的检查计划",
            "“生成计划”按风险等级、检查频次表和两年全覆盖的要求，安排到月份、工作日和检查人员，看过再写入。",
        )  # fmt: skip
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._follow()

    def _make_buttons(self) -> None:
        self.make = button("生成计划", self.make_plan, "refresh", "primary", "按频次表安排一年的检查（Ctrl+Shift+N）")
        self.record = button("登记检查", self.record_inspection, "add", tip="选中一户的监督检查（回车）")
        tip = "日期、人员、取消（Ctrl+E）；Alt+←→ 换月份，也可拖到上面的格子"
        self.change = button("调整", self.change_visit, "edit", tip=tip)
        self.papers = button("打印", None, "print")
        menu = QMenu(self.papers)
        self.print_week = menu.addAction("下周检查任务单（按人员）", self.preview_week)
        self.print_year = menu.addAction("年度检查计划表", self.preview_year)
        self.papers.setMenu(menu)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        for each in (self.year, self.township, self.search):
            top.addWidget(each)
        top.addStretch(1)
        for made in (self.record, self.change, self.papers, self.make):
            top.addWidget(made)
        below = QWidget()
        inner = QVBoxLayout(below)
        inner.setContentsMargins(0, 4, 0, 0)
        inner.setSpacing(UNIT)
        inner.addWidget(self.states)
        inner.addWidget(self.table, 1)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(UNIT)
        self.split.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.split.addWidget(self.matrix)
        self.split.addWidget(below)
        self.split.setSizes([270, 300])
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 12)
        box.setSpacing(10)
        box.addLayout(top)
        box.addWidget(self.progress)
        box.addWidget(self.split, 1)
        box.addWidget(self.empty, 1)
        self.empty.hide()

    def _connect(self) -> None:
        self.year.currentIndexChanged.connect(lambda _index: self.refresh())
        self.township.currentIndexChanged.connect(lambda _index: self._fill())
        self.search.searched.connect(lambda _text: self._fill())
        self.search.left_down.connect(self.table.setFocus)
        self.states.preset_asked.connect(lambda state, _more: self.show_state(state))
        self.matrix.cell_chosen.connect(lambda _officer, _month: self._fill())
        self.matrix.cell_opened.connect(self.open_cell)
        self.matrix.visits_dropped.connect(self.drop)
        self.table.selected.connect(self._follow)
        self.table.opened.connect(lambda _key: self.open_row())
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("F5", self.refresh), ("Ctrl+Shift+N", self.make_plan), ("Ctrl+E", self.change_visit),
            ("Alt+Left", lambda: self.shift(-1)), ("Alt+Right", lambda: self.shift(1)),
        )  # fmt: skip
        for key, do in keys:
            QShortcut(QKeySequence(key), self, do, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- reading ----------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Give the keyboard to the grid."""
        self.matrix.setFocus()

    def refresh(self) -> None:
        """Read the year again."""
        self._stale = False
        self.session.read(
            find, self.year.currentData(), self.session.today, done=self._show, owner=self, key="plan"
        )

    def _show(self, found: Found) -> None:
        self.found = found
        self._rows = {row.id: row for row in found.board.rows}
        self._offer(found)
        there = found.board.plan is not None
        self.split.setVisible(there)
        self.progress.setVisible(there)
        self.empty.setVisible(not there)
        self.make.setText("重新安排" if there else "生成计划")
        self.matrix.show_board(found.board)
        whole = found.board.whole
        self.progress.setRange(0, max(1, whole.planned))
        self.progress.setValue(whole.done)
        self._fill()
        self.loaded.emit()

    def _offer(self, found: Found) -> None:
        known = [self.year.itemData(at) for at in range(self.year.count())]
        if known != found.years:
            self.year.blockSignals(True)
            self.year.clear()
            for year in found.years:
                self.year.addItem(f"{year} 年度", year)
            self.year.setCurrentIndex(self.year.findData(found.board.year))
            self.year.blockSignals(False)
        if self.township.count() == 1:
            self.township.blockSignals(True)
            for key, name in found.townships:
                self.township.addItem(name, key)
            self.township.blockSignals(False)

    def show_state(self, state: str) -> None:
        """Show the visits of one state ('' for all)."""
        self.state = state
        self._fill()

    def _fill(self) -> None:
        if self.found is None:
            return
        kept = self.table.chosen()
        officer, month = self.matrix.current() or (ALL_OFFICERS, YEAR)
        self.table.officer = officer
        words, township = self.search.text().split(), self.township.currentData()
        counts, rows = dict.fromkeys(self.states.presets, 0), []
        for row, state, shown in zip(self.found.board.rows, self.found.board.states, self.found.rows, strict=True):
            if not _within(row, officer, month) or (township and row.area != township):
                continue
            if words and not all(word in row.name or word in row.address for word in words):
                continue
            counts[""] += 1
            counts[state] += 1
            if not self.state or state == self.state:
                rows.append(shown)
        self.states.set_counts(counts)
        self.states.set_presets([self.state] if self.state else [])
        self.table.show_rows(rows)
        if kept and any(row.key == kept[0] for row in rows):
            self.table.choose(kept[0])
        self._tell()
        self._follow()

    def _tell(self) -> None:
        one = self.found.board if self.found is not None else None
        if one is None or one.plan is None:
            self.words.setText("")
            return
        whole = one.whole
        share = f"{int(whole.done * 1000 / whole.planned) / 10:g}%" if whole.planned else "—"
        late = f"，逾期 {whole.overdue:,}" if whole.overdue else ""
        self.words.setText(f"全年 {whole.planned:,} 家次，已完成 {whole.done:,}（{share}）{late}")
        restyle(self.words, role="danger" if whole.overdue else "muted")

    # -- the visits chosen ------------------------------------------------------------------------------

    def chosen(self) -> list[PlanRow]:
        """The visits chosen in the list."""
        return [self._rows[key] for key in self.table.chosen() if key in self._rows]

    def _open_ones(self) -> list[PlanRow]:
        return [row for row in self.chosen() if row.state == "open"]

    def _follow(self) -> None:
        able = self.session.ledger.writable
        chosen = self.chosen()
        self.record.setEnabled(able and len(chosen) == 1 and chosen[0].state == "open")
        self.change.setEnabled(able and len(chosen) == 1)
        self.make.setEnabled(able)
        there = self.found is not None and self.found.board.plan is not None
        self.papers.setEnabled(there)

    def open_row(self) -> None:
        """The inspection of an open visit; of another one the visit itself."""
        if self.record.isEnabled():
            self.record_inspection()
        elif chosen := self.chosen():
            self.session.open_record.emit("planned_visits", chosen[0].id)

    def record_inspection(self) -> None:
        """The form of an inspection with what the plan knows of it."""
        if not self.record.isEnabled():
            return
        [row] = self.chosen()
        values: dict[str, Any] = {"enterprise": row.enterprise, "kind": "routine"}
        if row.officers:
            values["officers"] = list(row.officers)
        self.session.edit_record.emit("inspections", None, values)

    def change_visit(self) -> None:
        """The form of the chosen visit."""
        if self.change.isEnabled():
            self.session.edit_record.emit("planned_visits", self.chosen()[0].id, None)

    def open_cell(self, officer: int, month: int) -> None:
        """The register's list of what stands in a cell of the grid."""
        if self.found is None or self.found.board.plan is None:
            return
        conditions = [Condition("plan", "in", (self.found.board.plan,))]
        if month != YEAR:
            conditions.append(Condition("month", "in", (month,)))
        if officer == NOBODY:
            conditions.append(Condition("officers", "empty"))
        elif officer != ALL_OFFICERS:
            conditions.append(Condition("officers", "in", (officer,)))
        self.session.show_list("planned_visits", View(conditions=tuple(conditions)))

    # -- moving -----------------------------------------------------------------------------------------

    def shift(self, step: int) -> None:
        """Move the chosen open visits so many months on, each to a day that fits."""
        rows = self._open_ones()
        if not rows:
            return
        months = {row.month + step for row in rows}
        if len(months) > 1:
            show_toast(self.window(), "选中的计划检查不在同一个月，请分月调整。", state="warning")
        elif 1 <= (month := months.pop()) <= 12:
            self._move([row.id for row in rows], month=month)

    def drop(self, ids: list[int], away_from: int, officer: int, month: int) -> None:
        """Move visits to where they were dropped: another month, another officer, or both."""
        rows = [self._rows[key] for key in ids if key in self._rows and self._rows[key].state == "open"]
        if rows:
            to = officer if officer > 0 else None
            source = away_from if away_from > 0 else None
            self._move([row.id for row in rows], month=month, to=to, away_from=source)

    def _move(self, ids: list[int], **where: int | None) -> None:
        if not self.session.ledger.writable:
            return

        def work(tx: Transaction) -> int:
            return shift_visits(tx, ids, **where)

        def done(count: int) -> None:
            show_toast(self.window(), f"已调整 {count} 户的计划检查", "撤销", self.session.undo)

        self.session.write(
            f"调整计划检查 {len(ids)} 户", work, done=done, failed=lambda error: show_error(self, error), owner=self
        )

    # -- making and printing ----------------------------------------------------------------------------

    def make_plan(self) -> None:
        """Work the year's plan out and look at it before it is stored."""
        from ui.year_plan_make import YearPlanDialog

        if not self.make.isEnabled():
            return
        dialog = YearPlanDialog(self.session, self.window(), self.year.currentData())
        dialog.open()

    def preview_week(self) -> None:
        """What each officer has to do next week."""
        from ui.year_plan_papers import preview_week

        preview_week(self.session, self.window(), self.session.today)

    def preview_year(self) -> None:
        """The year's plan as a list to be published."""
        from ui.year_plan_papers import preview_year

        preview_year(self.session, self.window(), self.year.currentData())


def _within(row: PlanRow, officer: int, month: int) -> bool:
    """Whether a visit stands in a cell of the grid."""
    if month not in (YEAR, row.month):
        return False
    if officer == ALL_OFFICERS:
        return True
    return not row.officers if officer == NOBODY else officer in row.officers
