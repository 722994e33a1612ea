"""督导: what is due, the visits made, and how far each level, township, official and quarter has got; knows no rule."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from models.core.register import Condition, View, register
from models.period import Period, periods
from models.visiting import By, VisitRate, visit_rates
from ui.coverage import SHARE, RateDelegate
from ui.history_page import PADDED, heads_right
from ui.kit.buttons import PushButton, button
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.theme import colours
from ui.overview import percent
from ui.visits_due import CONCERNS, DuePage

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

GROUPS: tuple[tuple[By, str], ...] = (
    ("level", "按层级"), ("township", "按乡镇（街道）"), ("official", "按包保干部"), ("quarter", "按季度"),
)  # fmt: skip
HEADS = ("", "应督导", "已督导", "未督导", "完成率")
RATE = 4


class VisitsPage(QWidget):
    """The three faces of 督导, each made when first shown. `face_changed()` when another one, or its rows, came up."""

    face_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._made: dict[str, Any] = {}
        self.faces: dict[str, PushButton] = {}
        self.stack = QStackedWidget()
        row = QHBoxLayout()
        row.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 0)
        row.setSpacing(UNIT)
        for name, word in (("due", "待督导"), ("records", "督导记录"), ("rates", "完成情况")):
            made = button(word, partial(self.show_face, name))
            made.setCheckable(True)
            self.faces[name] = made
            row.addWidget(made)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(row)
        box.addWidget(self.stack, 1)
        self.show_face("due")

    @property
    def due(self) -> DuePage:
        """待督导."""
        found: DuePage = self._face("due")
        return found

    @property
    def records(self) -> RegisterPage:
        """督导记录, the register of visits."""
        found: RegisterPage = self._face("records")
        return found

    @property
    def rates(self) -> RatesPage:
        """完成情况."""
        found: RatesPage = self._face("rates")
        return found

    def _face(self, name: str) -> Any:
        if name not in self._made:
            made = {"due": DuePage, "records": self._make_records, "rates": RatesPage}[name](self.session)
            self._made[name] = made
            self.stack.addWidget(made)
        return self._made[name]

    def _make_records(self, session: Session) -> RegisterPage:
        from ui.handing_to_bureau import BureauAction
        from ui.kit.register_page import RegisterPage

        page = RegisterPage(session, register("visits"))
        BureauAction(session, page)
        page.rows_changed.connect(lambda *_: self.face_changed.emit())
        page.selection_changed.connect(lambda _words: self.face_changed.emit())
        return page

    def show_face(self, name: str) -> None:
        """Bring one face to the front."""
        for each, made in self.faces.items():
            made.setChecked(each == name)
        page = self._face(name)
        self.stack.setCurrentWidget(page)
        if self.isVisible():
            page.shown()
            self.face_changed.emit()

    def front_list(self) -> RegisterPage | None:
        """The register of visits while it is in front."""
        shown: RegisterPage | None = self._made.get("records")
        return shown if self.stack.currentWidget() is shown else None

    def take_focus(self) -> None:
        """Give the keyboard to the table in front."""
        page: Any = self.stack.currentWidget()
        page.table.setFocus()

    def show_records(self) -> RegisterPage:
        """Bring the register of visits to the front."""
        self.show_face("records")
        return self.records

    def shown(self) -> None:
        """Called when the page comes to the front."""
        page: Any = self.stack.currentWidget()
        page.shown()


class RatesPage(FreshPage):
    """Visits due and done in the rounds that end in a period. `loaded()` after it was counted."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.rows: list[VisitRate] = []
        self.choice, self.group = QComboBox(), QComboBox()
        for period in self.periods():
            self.choice.addItem(period.label(), period)
        for code, label in GROUPS:
            self.group.addItem(label, code)
        self.choice.setAccessibleName("期间")
        self.group.setAccessibleName("分组")
        self.choice.setMinimumWidth(170)
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        self.table = self._make_table()
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        for each in (self.choice, self.group, self.words):
            top.addWidget(each)
        top.addStretch(1)
        note = QLabel(
            "期间内到今天为止结束的各督导周期合计：周期最后一天由干部包保的为应督导，周期内督导过的为已督导。"
            "双击一行或按回车查看期间内的督导记录。",
            wordWrap=True,
        )
        note.setProperty("role", "muted")
        frame = QFrame()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.table)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(frame, 1)
        box.addWidget(note)
        self.choice.currentIndexChanged.connect(lambda _index: self.refresh())
        self.group.currentIndexChanged.connect(lambda _index: self.refresh())

    def periods(self) -> list[Period]:
        """The periods to choose from: those begun, the year first."""
        today = self.session.today
        begun = [period for period in periods(today) if period.start <= today]
        return sorted(begun, key=lambda period: (period != Period.year(today.year), -period.start.toordinal()))

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(HEADS))
        table.setHorizontalHeaderLabels(list(HEADS))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(40)
        table.setShowGrid(False)
        table.setStyleSheet(PADDED)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setAccessibleName("督导完成情况")
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 120), (2, 120), (3, 120), (RATE, 260)):
            table.setColumnWidth(column, width)
        heads_right(table, [1, 2, 3])
        table.setItemDelegateForColumn(RATE, RateDelegate(table))
        table.cellDoubleClicked.connect(lambda row, _column: self.open_row(row))
        table.cellActivated.connect(lambda row, _column: self.open_row(row))
        return table

    def period(self) -> Period:
        """The period chosen."""
        found: Period = self.choice.currentData()
        return found

    def refresh(self) -> None:
        """Count again."""
        self._stale = False
        period, by = self.period(), self.group.currentData()
        end = min(period.end, self.session.today)
        self.session.read(visit_rates, period.start, end, by, done=self._show, owner=self, key="rates")

    def _show(self, rows: list[VisitRate]) -> None:
        self.rows = rows
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            left = row.due - row.done
            for column, text in enumerate((row.label, f"{row.due:,}", f"{row.done:,}", f"{left:,}" if left else "—")):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if column == 3 and left:
                    item.setForeground(QColor(colours().warning))
                self.table.setItem(number, column, item)
            rate = QTableWidgetItem("—" if row.rate is None else percent(row.rate))
            rate.setData(SHARE, row.rate)
            self.table.setItem(number, RATE, rate)
        due, done = sum(row.due for row in rows), sum(row.done for row in rows)
        share = percent(done / due) if due else "—"
        words = f"应督导 {due:,} 户次，已督导 {done:,} 户次，完成率 {share}"
        self.words.setText(words if rows else "这一期间没有结束的督导周期")
        self.loaded.emit()

    def open_row(self, number: int) -> None:
        """The visits of the period behind a line."""
        row, by, period = self.rows[number], self.group.currentData(), self.period()
        start, end = period.start, period.end
        if by == "quarter":
            one = Period.quarter(*row.key)
            start, end = one.start, one.end
        paths = {"level": "level", "township": "enterprise.area", "official": "official"}
        conditions = (Condition(paths[by], "in", (row.key,)),) if by in paths else ()
        self.session.show_list("visits", View(conditions=conditions, figure=("visits.total", start, end)))
