"""更多: every register without a page of its own, in groups beside its plain list; knows names of registers only."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from models.core.register import View, register
from models.registers import all_registers
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.theme import colours, theme
from ui.register_tabs import FrontPages

GROUPS = (
    (
        "监管",
        (
            *("samples", "inspection_tasks", "leader_duties"),
            *("routine_checks", "checklist_answers", "handovers", "plausibility"),
        ),
    ),
    ("企业人员", ("staff_trainings", "staff_assessments")),
    ("共治", ("outreach", "coordination")),
    (
        "基础",
        ("officers", "branches", "areas", "legal_bases", "number_series", "holidays", "header_aliases"),
    ),
    (
        "标准",
        (
            *("checklists", "checklist_items", "thresholds", "score_items", "adjustment_rules", "plan_rules"),
            *("tier_rules", "task_items", "director_rules", "doubt_rules"),
        ),
    ),
)
"""Registers not named follow under 其他, so that a new one needs nothing here."""
OWN_PAGES = {"plausibility": ("数据核查", "warning")}
"""What stands among the registers and is a page of its own: its word and icon."""
KEY = Qt.ItemDataRole.UserRole
MENU = """QListWidget {{ background: transparent; }} QListWidget::item {{ padding-left: 8px; border-radius: 6px; }}
QListWidget::item:hover {{ background: {hover}; }}
QListWidget::item:selected {{ background: {accent_soft}; color: {accent}; }}"""


class MorePage(FrontPages):
    """A list of registers at the left, the chosen one at the right."""

    def __init__(self, session: Session, elsewhere: frozenset[str]) -> None:
        super().__init__(session)
        self.menu = QListWidget()
        self.menu.setFixedWidth(160)
        self.menu.setFrameShape(QFrame.Shape.NoFrame)
        self.menu.setIconSize(QSize(18, 18))
        self.menu.setAccessibleName("更多台账")
        self._dress()
        theme().changed.connect(self._dress)
        self._fill(elsewhere)
        side = QFrame()
        side.setObjectName("side")
        line = QHBoxLayout(side)
        line.setContentsMargins(2 * UNIT, UNIT, 0, UNIT)
        line.addWidget(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self._stack, 1)
        self.menu.currentRowChanged.connect(lambda _row: self._front())

    def _fill(self, elsewhere: frozenset[str]) -> None:
        rest = [one.name for one in all_registers() if one.name not in elsewhere]
        named = {name for _group, names in GROUPS for name in names}
        other = tuple(name for name in rest if name not in named)
        for group, names in (*GROUPS, ("其他", other)):
            mine = [name for name in names if name in rest or name in OWN_PAGES]
            if mine:
                self._heading(group)
            for name in mine:
                own = OWN_PAGES.get(name)
                self._entry(name, *(own or (register(name).title, register(name).icon)))
        self._heading("记录")
        self._entry("history", "操作日志", "history")

    def _dress(self) -> None:
        look = colours()
        self.menu.setStyleSheet(
            MENU.format(hover=look.hover, accent_soft=look.accent_soft, accent=look.accent)
        )

    def _heading(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setSizeHint(QSize(0, 30))
        item.setForeground(QColor(colours().faint))
        item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.menu.addItem(item)

    def _entry(self, key: str, title: str, icon_name: str) -> None:
        item = QListWidgetItem(icon(icon_name, "muted"), title)
        item.setData(KEY, key)
        item.setSizeHint(QSize(0, 34))
        self.menu.addItem(item)

    # -- tabs -------------------------------------------------------------------------------------------

    def keys(self) -> list[str]:
        """The registers offered, and history."""
        return [key for row in range(self.menu.count()) if (key := self.menu.item(row).data(KEY))]

    @property
    def key(self) -> str:
        """The one in front, "" before the first."""
        item = self.menu.currentItem()
        return str(item.data(KEY) or "") if item is not None else ""

    def _make(self, key: str) -> QWidget:
        if key == "history":
            from ui.history_page import HistoryPage

            return HistoryPage(self.session)
        if key == "plausibility":
            from ui.plausibility import PlausibilityPage

            return PlausibilityPage(self.session)
        from ui.kit.register_page import RegisterPage

        page = RegisterPage(self.session, register(key))
        if key == "handovers":
            from ui.papers import add_handovers

            add_handovers(page)
        elif key == "checklists":
            from ui.checklists import ChecklistTools

            ChecklistTools(self.session, page)
        elif key == "holidays":
            from ui.holidays import HolidayTools

            HolidayTools(self.session, page)
        elif key == "checklist_items":
            from ui.checklists import ItemTools

            ItemTools(self.session, page)
        return page

    def show_view(self, name: str, view: View) -> None:
        """As for every list; of the data check a view says the period only."""
        if name != "plausibility":
            super().show_view(name, view)
            return
        page: Any = self.show_tab(name)
        if view.figure is not None:
            page.show_span(*view.figure[1:])

    def _choose(self, key: str) -> None:
        rows = [row for row in range(self.menu.count()) if self.menu.item(row).data(KEY) == key]
        self.menu.setCurrentRow(rows[0])
