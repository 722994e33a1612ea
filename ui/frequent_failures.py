"""高频不合格项: which checklist items fail most, by period, kind of form and township, each opening its findings."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from models.area import townships
from models.checklist import KINDS
from models.core.errors import FieldError
from models.core.fields import Date
from models.frequent_failures import Frequent, findings_view, frequent_failures
from models.period import periods, usual_period
from ui.kit.buttons import button
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.rows_export import ask_rows_export
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import Banner

HEADS = (
    Head("名次", 60, True), Head("要点表", 220), Head("序号", 70), Head("检查内容"), Head("不符合（处）", 110, True),
    Head("户数", 70, True), Head("检查张次", 90, True), Head("不符合率", 90, True),
)  # fmt: skip
CONCERNS = ("inspection", "finding", "checklist", "checklist_item", "checklist_answer", "enterprise_state")
MOST, OWN, TITLE = 50, "自定起止", "高频不合格项"
HINT = "按检查日期计，草稿不计；不符合率＝不符合处数÷用这张要点表检查的张次。回车或双击一行，查看这些隐患。"


class FailuresPage(FreshPage):
    """The list with its filters. ``loaded()`` after reading."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found: list[Frequent] = []
        self._field = Date("日期", required=True)
        self._offered = periods(session.today)
        self.period, self.kind, self.township = QComboBox(), QComboBox(), QComboBox()
        for one in self._offered:
            self.period.addItem(one.label())
        self.period.addItem(OWN)
        self.kind.addItem("各类要点表", "")
        for code, label in KINDS:
            self.kind.addItem(label, code)
        self.township.addItem("各乡镇（街道）", None)
        self.start, self.end = QLineEdit(), QLineEdit()
        names = {self.period: "时段", self.kind: "要点表种类", self.township: "乡镇（街道）"}
        for box, name in names.items():
            box.setAccessibleName(name)
        for edit, name in ((self.start, "起"), (self.end, "止")):
            edit.setFixedWidth(110)
            edit.setAccessibleName(f"时段{name}")
            edit.editingFinished.connect(self._typed)
        self.open_button = button("查看隐患", self.open_chosen, "list", tip="回车")
        self.export_button = button("导出…", self._export, "export", tip="Ctrl+E")
        self.banner = Banner()
        self.table = RowsTable(HEADS, TITLE)
        self._lay_out()
        self.period.setCurrentIndex(usual_period(session.today))
        self._picked()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        dash = QLabel("至")
        dash.setProperty("role", "muted")
        for each in (self.period, self.start, dash, self.end, self.kind, self.township):
            top.addWidget(each)
        top.addStretch(1)
        top.addWidget(self.open_button)
        top.addWidget(self.export_button)
        self.words = QLabel(HINT, wordWrap=True)
        self.words.setProperty("role", "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.banner)
        box.addWidget(self.table, 1)
        box.addWidget(self.words)

    def _connect(self) -> None:
        self.period.currentIndexChanged.connect(self._picked)
        self.kind.currentIndexChanged.connect(self.refresh)
        self.township.currentIndexChanged.connect(self.refresh)
        self.table.opened.connect(self._open)
        self.table.selected.connect(lambda: self.open_button.setEnabled(len(self.table.chosen()) == 1))
        key = QShortcut(QKeySequence("Ctrl+E"), self, self._export)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # --- the period ----------------------------------------------------------------------------------------------

    def _picked(self) -> None:
        index = self.period.currentIndex()
        own = index >= len(self._offered)
        for edit in (self.start, self.end):
            edit.setReadOnly(not own)
        if own:
            self.start.setFocus()
            self.start.selectAll()
            return
        chosen = self._offered[index]
        self.start.setText(chosen.start.isoformat())
        self.end.setText(chosen.end.isoformat())
        if self.isVisible():
            self.refresh()

    def _typed(self) -> None:
        if not self.start.isReadOnly():
            self.refresh()

    def days(self) -> tuple[dt.date, dt.date] | None:
        """The period; None, told in the banner, where it cannot be read."""
        try:
            start = self._field.parse(self.start.text(), self.session.today)
            end = self._field.parse(self.end.text(), self.session.today)
        except FieldError as error:
            self.banner.tell(f"时段：{error.message}", "danger", closable=False)
            return None
        if start is None or end is None or end < start:
            self.banner.tell("时段：请填写起止日期，止日不早于起日。", "danger", closable=False)
            return None
        self.banner.hide()
        return start, end

    # --- reading -------------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Give the keyboard to the table."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Read the list again."""
        days = self.days()
        if days is None:
            return
        self._stale = False
        kind, area = self.kind.currentData(), self.township.currentData()

        def work() -> tuple[list[Frequent], list[tuple[int, str]]]:
            return frequent_failures(*days, kind=kind, area=area, most=MOST), townships()

        self.session.read(work, done=lambda got: self._show(*got), owner=self, key="failures")

    def _show(self, found: list[Frequent], names: list[tuple[int, str]]) -> None:
        if self.township.count() == 1:
            for key, name in names:
                self.township.addItem(name, key)
        self.found = found
        self.table.show_rows([_row(number, one) for number, one in enumerate(found)])
        self.open_button.setEnabled(bool(found))
        self.export_button.setEnabled(bool(found))
        if not found:
            self.banner.tell("这个时段没有登记不符合的要点项。检查时用 F6 填要点表，不符合的项目会列在这里。", "info")
        self.loaded.emit()

    # --- doing ---------------------------------------------------------------------------------------------------

    def open_chosen(self) -> None:
        """Show the findings behind the chosen line."""
        if keys := self.table.chosen():
            self._open(keys[0])

    def _export(self) -> None:
        ask_rows_export(self.session, self, TITLE, self.table)

    def _open(self, key: int) -> None:
        days = self.days()
        if days is not None:
            one, area = self.found[key], self.township.currentData()
            self.session.read(
                findings_view, one.item_id, *days, area, owner=self, key="view",
                done=lambda view: self.session.show_list("findings", view),
            )  # fmt: skip


def _texts(number: int, one: Frequent) -> tuple[str, ...]:
    return (
        str(number + 1), one.checklist, one.marked, one.content, str(one.failed), str(one.places),
        str(one.answered), one.rate or "—",
    )  # fmt: skip


def _row(number: int, one: Frequent) -> TableRow:
    return TableRow(number, _texts(number, one), {2: "accent" if one.is_key else "", 4: "danger" if one.is_key else ""})
