"""配备缺口: who lacks safety staff by township as of a day, every number opening its list; counts nothing."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from models.staffing import KINDS, GapLine, staffing_gaps
from ui.history_page import PADDED, heads_right
from ui.kit.buttons import button
from ui.kit.dialogs import ask_date
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.theme import colours

CONCERNS = ("safety_staff", "enterprise", "enterprise_state", "director_rule", "area")
LACKS = {"staffing.director_missing": "danger", "staffing.officer_missing": "danger", "canteens.not_dual": "danger",
         "staffing.unknown": "warning"}
"""The tone of the counts that ask for something to be done."""


class StaffingPage(FreshPage):
    """The table with its day. `loaded()` after it was counted."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.day = session.today
        self.lines: list[GapLine] = []
        self.date = button("", self._pick, "calendar")
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        self.table = self._make_table()
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.date)
        top.addWidget(self.words, 1)
        top.addWidget(button("查看配备标准", lambda: session.show_list("director_rules"), "list"))
        note = QLabel(
            "应配按“人员配备标准”判断，标准可按日期修改。规模待补：没有登记就餐人数或经营面积，判断不了是否应配总监，"
            "请补登记。点击数字或按回车查看名单。",
            wordWrap=True,
        )
        note.setProperty("role", "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.table, 1)
        box.addWidget(note)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 1 + len(KINDS))
        table.setHorizontalHeaderLabels(["乡镇（街道）", *(label for _, label in KINDS)])
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(42)
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setAccessibleName("人员配备缺口")
        table.setStyleSheet(PADDED)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        table.setColumnWidth(0, 170)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heads_right(table, list(range(1, table.columnCount())))
        table.cellClicked.connect(self.open_cell)
        table.cellActivated.connect(self.open_cell)
        return table

    def _pick(self) -> None:
        day = ask_date(self, "截至哪一天的配备情况？", start=self.day, latest=self.session.today)
        if day is not None:
            self.show_day(day)

    def show_day(self, day: dt.date) -> None:
        """Count as of another day."""
        self.day = day
        self.refresh()

    def refresh(self) -> None:
        """Count again."""
        self._stale = False
        self.date.setText(f"截至 {self.day}")
        self.session.read(staffing_gaps, self.day, done=self._show, owner=self, key="staffing")

    def _show(self, lines: list[GapLine]) -> None:
        self.lines = lines
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            self._put(row, 0, line.name, None, "")
            for column, (name, _) in enumerate(KINDS, 1):
                count = line.counts[name]
                self._put(row, column, f"{count:,}" if count else "—", line if count else None, name)
        whole = lines[0].counts
        self.words.setText(
            f"全区缺总监 {whole['staffing.director_missing']:,} 户，缺安全员 {whole['staffing.officer_missing']:,} 户，"
            f"承包食堂双配未齐 {whole['canteens.not_dual']:,} 家"
        )
        self.loaded.emit()

    def _put(self, row: int, column: int, text: str, line: GapLine | None, name: str) -> None:
        item = QTableWidgetItem(text)
        if column:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if line is not None:
            look = colours()
            item.setForeground(QColor(look.role(LACKS.get(name, "accent"))))
            item.setToolTip("点击查看名单")
        font = item.font()
        font.setBold(row == 0)
        item.setFont(font)
        self.table.setItem(row, column, item)

    def open_cell(self, row: int, column: int) -> None:
        """Show the enterprises behind a number."""
        if column and self.lines[row].counts[KINDS[column - 1][0]]:
            name = KINDS[column - 1][0]
            self.session.show_list("enterprises", self.lines[row].view(name))
