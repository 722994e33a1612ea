"""年度评定: the year's risk grades of all, what is missing, stored as one action; knows no rule."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QProgressBar, QSplitter, QVBoxLayout

from models.core.changes import Transaction
from models.enterprise import CATEGORIES
from models.grade_explaining import Explanation, explain, missing_text
from models.grade_round import apply_round
from models.grading import NO_INSPECTION, Graded, GradeRound, grade_year
from models.risk_profile import PROFILE_MEASURES
from models.rules.scoring import points_text
from ui.grade_explanation import ExplanationView, kept_explanation
from ui.kit.buttons import button, restyle
from ui.kit.errors import show_error
from ui.kit.fresh_page import FreshPage
from ui.kit.jobs import Progress
from ui.kit.palette import UNIT
from ui.kit.rows_export import ask_rows_export
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.kit.view_bar import SearchBox, ViewBar, chip

HEADS = (
    Head("主体"), Head("类别", 88), Head("静态", 54, True), Head("动态", 54, True), Head("得分", 54, True),
    Head("等级", 54), Head("上年度", 66), Head("情况", 196),
)  # fmt: skip
STATES: dict[str, tuple[str, str]] = {
    "ready": ("可评定", ""), "lacking": ("缺少资料", "warning"), "moved": ("与上年度不同", ""),
    "done": ("已评定", "success"),
}  # fmt: skip
CONCERNS = (
    "risk_profile", "risk_assessment", "grade_condition", "adjustment_rule", "score_item", "threshold", "enterprise",
    "enterprise_state", "inspection", "finding",
)  # fmt: skip
CATEGORY_LABELS = dict(CATEGORIES)
PROFILE_NAMES = frozenset(name for name, _label in PROFILE_MEASURES)
GRADE_TONES = {"A": "success", "C": "warning", "D": "danger"}


def states_of(row: Graded) -> list[str]:
    """The codes of STATES a row belongs to."""
    found = ["done" if row.stored else "lacking" if row.missing else "ready"]
    grade = row.stored or row.grade
    if row.previous and grade and grade != row.previous:
        found.append("moved")
    return found


def situation(row: Graded) -> tuple[str, str]:
    """What is to be said of a row, and its tone."""
    if row.stored:
        if row.grade and row.grade != row.stored:
            return f"已评定，现计算为 {row.grade}级", "warning"
        return "已评定", "success"
    if row.missing:
        return missing_text(row), "warning"
    if row.conditions and row.base != row.grade:
        return f"得分为 {row.base}级，{'上调' if row.grade > row.base else '下调'}", "danger"
    return "新开办，按静态分" if row.new else "可评定", ""


class Prepared(NamedTuple):
    """A row of the round as the table shows it, with the states it belongs to."""

    row: Graded
    shown: TableRow
    states: list[str]


def prepared_round(year: int, today: dt.date) -> tuple[GradeRound, list[Prepared]]:
    """A year's round with its rows made ready for the table; on a reader thread."""
    found = grade_year(year, today)
    return found, [Prepared(row, _table_row(row), states_of(row)) for row in found.rows]


class GradeRoundPage(FreshPage):
    """The list of a year with its progress and the explanation of the row chosen. `loaded()` after reckoning."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found: GradeRound | None = None
        self.rows: dict[int, Graded] = {}
        self._ready: list[Prepared] = []
        self.state = ""
        self.year = QComboBox()
        self.year.setAccessibleName("年度")
        for year in range(session.today.year, session.today.year - 6, -1):
            self.year.addItem(f"{year} 年度", year)
        self.search = SearchBox("搜索主体")
        self.category = QComboBox()
        self.category.setAccessibleName("类别")
        self.category.addItem("各类别", "")
        for code, label in CATEGORIES:
            self.category.addItem(label, code)
        self.states = ViewBar([chip(code, label, tone) for code, (label, tone) in STATES.items()])
        self.words = self.states.count
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName("评定进度")
        self.table = RowsTable(HEADS, "年度评定", ticks=True)
        self.told = ExplanationView()
        self.commit = button("确定评定", self.store, "check", "primary", "把勾选的评定写入台账（Ctrl+Enter）")
        self.again = button("重新评定", self.store_again, "refresh", tip="用现在的计算换下选中各户已有的评定")
        self.adjust = button("登记上调、下调", self.register_condition, "sort", tip="选中一户的情形和证据（Ctrl+J）")
        self.mend = button("补充资料", self.complete, "edit", tip="补登选中一户缺少的资料（回车）")
        tip = "导出现在列出的各户，如缺少资料的，分给各分局补充（Ctrl+E）"
        self.export = button("导出…", self._export, "export", tip=tip)
        self._lay_out()
        self._connect()
        self._follow()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        for each in (self.year, self.search, self.category):
            top.addWidget(each)
        top.addStretch(1)
        for made in (self.export, self.mend, self.adjust, self.again, self.commit):
            top.addWidget(made)
        side = QFrame()
        side.setObjectName("card")
        inner = QVBoxLayout(side)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.addWidget(self.told)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(2 * UNIT)
        split.setStyleSheet("QSplitter::handle { background: transparent; }")
        split.addWidget(self.table)
        split.addWidget(side)
        split.setStretchFactor(0, 1)
        side.setMinimumWidth(300)
        split.setSizes([820, 340])
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.progress)
        box.addWidget(self.states)
        box.addWidget(split, 1)

    def _connect(self) -> None:
        self.search.searched.connect(lambda _text: self._fill())
        self.search.left_down.connect(self.table.setFocus)
        self.category.currentIndexChanged.connect(lambda _index: self._fill())
        self.year.currentIndexChanged.connect(lambda _index: self.refresh())
        self.states.preset_asked.connect(lambda state, _more: self.show_state(state))
        self.table.selected.connect(self._follow)
        self.table.opened.connect(lambda _key: self.complete())
        self.table.list.ticked_changed.connect(self._count)
        for keys, do in (
            ("F5", self.refresh), ("Ctrl+Return", self.store), ("Ctrl+Enter", self.store),
            ("Ctrl+J", self.register_condition), ("Ctrl+E", self._export),
        ):  # fmt: skip
            key = QShortcut(QKeySequence(keys), self, do)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- reading ----------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Give the keyboard to the list."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Reckon the year again."""
        self._stale = False
        year, today = self.year.currentData(), self.session.today
        self.session.read(
            prepared_round, year, today, done=self._show, failed=self._failed, owner=self, key="grades",
            label=f"正在计算{year}年度风险等级",
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self.found, self.rows, self._ready = None, {}, []
        self._fill()
        self._tell(str(error), "danger")
        show_error(self, error)

    def _show(self, outcome: tuple[GradeRound, list[Prepared]]) -> None:
        current = self.table.chosen()
        self.found, self._ready = outcome
        self.rows = {row.id: row for row in self.found.rows}
        self._fill()
        if current:
            self.table.choose(current[0])
        self.loaded.emit()

    def _tell(self, text: str, role: str = "muted") -> None:
        self.words.setText(text)
        restyle(self.words, role=role)

    def show_state(self, state: str) -> None:
        """Show the rows of one state ('' for all)."""
        self.state = state
        self._fill()

    def _export(self) -> None:
        state = STATES[self.state][0] if self.state else ""
        ask_rows_export(self.session, self, f"{self.year.currentData()}年度风险等级{state}", self.table)

    def _fill(self) -> None:
        words, category = self.search.text().split(), self.category.currentData()
        counts = dict.fromkeys(self.states.presets, 0)
        shown = []
        for row, made, states in self._ready:
            if (category and row.category != category) or (words and not all(w in row.name for w in words)):
                continue
            counts[""] += 1
            for state in states:
                counts[state] += 1
            if not self.state or self.state in states:
                shown.append(made)
        self.states.set_counts(counts)
        self.states.set_presets([self.state] if self.state else [])
        self.table.show_rows(shown)
        whole, done = counts[""], counts["done"]
        self.progress.setRange(0, max(1, whole))
        self.progress.setValue(done)
        share = f"{int(done * 1000 / whole) / 10:g}%" if whole else "—"
        self._tell(f"应评 {whole:,} 户，已评定 {done:,} 户（{share}），缺少资料 {counts['lacking']:,} 户")
        self._count()

    # -- the row chosen ---------------------------------------------------------------------------------

    def _chosen(self) -> list[Graded]:
        return [self.rows[key] for key in self.table.chosen() if key in self.rows]

    def _follow(self) -> None:
        rows, able = self._chosen(), self.session.ledger.writable
        one = rows[0] if len(rows) == 1 else None
        self.adjust.setEnabled(able and one is not None)
        self.mend.setEnabled(able and one is not None and bool(one.missing))
        self.again.setEnabled(able and any(row.stored and row.grade for row in rows))
        if one is None or self.found is None:
            self.told.show_explanation(None)
            return
        found = self.found

        def work() -> tuple[Explanation, str]:
            if one.assessment is None:
                return explain(found, one), ""
            remark = "" if one.grade in ("", one.stored) else f"按现在的资料计算为{one.grade}级，可“重新评定”。"
            return kept_explanation(one.assessment), remark

        self.session.read(
            work, done=lambda told: self.told.show_explanation(*told), owner=self, key="explain"
        )

    def complete(self) -> None:
        """The form that holds what the chosen row lacks: risk factors, the enterprise, or an inspection."""
        if not self.mend.isEnabled():
            return
        [row] = self._chosen()
        lacks = set(row.missing)
        if lacks & PROFILE_NAMES:
            values: dict[str, Any] = {"enterprise": row.id, "valid_from": self._day()}
            self.session.edit_record.emit("risk_profiles", None, values)
        elif lacks - {NO_INSPECTION}:
            self.session.edit_record.emit("enterprises", row.id, None)
        else:
            self.session.edit_record.emit("inspections", None, {"enterprise": row.id})

    def register_condition(self) -> None:
        """The form of a raising or lowering condition of the chosen row."""
        if self.adjust.isEnabled():
            [row] = self._chosen()
            values = {"enterprise": row.id, "year": self.year.currentData(), "happened_on": self._day()}
            self.session.edit_record.emit("grade_conditions", None, values)

    def _day(self) -> Any:
        return self.found.day if self.found is not None else self.session.today

    # -- storing ----------------------------------------------------------------------------------------

    def ticked(self) -> set[int]:
        """The enterprises that 确定评定 would store: of the rows shown, those ticked that can be assessed."""
        model = self.table.list
        return {row.key for row in model.rows if row.tickable and row.key not in model.off}

    def _count(self) -> None:
        count = len(self.ticked())
        self.commit.setText(f"确定评定 {count:,} 户" if count else "确定评定")
        self.commit.setEnabled(count > 0 and self.session.ledger.writable)

    def store(self) -> None:
        """Store the ticked rows: one action, one undo."""
        if self.commit.isEnabled():
            self._store(self.ticked(), again=False)

    def store_again(self) -> None:
        """Replace the assessments of the chosen rows by what is reckoned now."""
        if self.again.isEnabled():
            self._store({row.id for row in self._chosen() if row.stored and row.grade}, again=True)

    def _store(self, keys: set[int], again: bool) -> None:
        found, today = self.found, self.session.today
        if found is None:
            return
        verb = "重新评定" if again else "评定"

        def work(tx: Transaction, progress: Progress) -> int:
            def step(at: int, whole: int) -> None:
                progress.check()
                progress.report(at, whole)

            return apply_round(tx, found, today, keys, again, step)

        def done(count: int) -> None:
            words = f"{found.year}年度风险等级：已{verb} {count:,} 户"
            show_toast(self.window(), words, "撤销", self.session.undo)

        self.commit.setEnabled(False)
        self.session.write(
            f"{verb}{found.year}年度风险等级 {len(keys)} 户", work, done=done, failed=self._not_stored, owner=self,
            label="正在写入风险等级", stopped=self._stopped,
        )  # fmt: skip

    def _stopped(self) -> None:
        self._count()
        show_toast(self.window(), "已取消，台账没有改动。")

    def _not_stored(self, error: Exception) -> None:
        self._count()
        show_error(self, error)


def _table_row(row: Graded) -> TableRow:
    words, tone = situation(row)
    grade = row.stored or row.grade
    dynamic = "—" if row.new else points_text(row.dynamic) if row.score is not None else ""
    texts = (
        row.name, CATEGORY_LABELS.get(row.category, ""), points_text(row.static), dynamic, points_text(row.score),
        grade, row.previous, words,
    )  # fmt: skip
    tones = {5: GRADE_TONES.get(grade, ""), 7: tone}
    return TableRow(row.id, texts, tones, bool(row.grade and not row.stored))
