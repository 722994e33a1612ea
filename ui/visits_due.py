"""待督导: who has to visit whom in the running round, 登记督导 from a line, the reminder list; knows no rule."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from models.area import townships
from models.inspection_task import open_findings_at
from models.rules.coverage import LEVEL_LABELS
from models.visiting import DueVisit, Reminder, reminder_text, reminders, visit_states
from ui.kit.buttons import button, restyle
from ui.kit.day_pick import DayPick
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.reminder_dialog import RemindersDialog
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.kit.view_bar import SearchBox, ViewBar, chip
from ui.overview import percent

HEADS = (
    Head("状态", 110), Head("主体"), Head("包保干部", 100), Head("层级", 130), Head("乡镇（街道）", 150),
    Head("期限", 110), Head("上次督导", 110),
)  # fmt: skip
STATES: dict[str, tuple[str, str]] = {
    "overdue": ("上期未督导", "danger"), "due": ("本期待督导", "warning"), "done": ("本期已督导", "success"),
}  # fmt: skip
CONCERNS = (
    "supervision_visit", "assignment", "official", "official_post", "enterprise", "enterprise_state", "threshold",
)  # fmt: skip
REMINDER_HEADS = ("姓名", "单位", "职务", "电话", "待督导户数", "上一周期未督导", "最近期限", "提醒内容")


def state_of(one: DueVisit) -> str:
    """A code of STATES."""
    return "done" if one.done else "overdue" if one.missed else "due"


def urgency(one: DueVisit) -> int:
    """Overdue first, then what is due, then what is done."""
    return list(STATES).index(state_of(one))


class Found(NamedTuple):
    """The visits of the running rounds, the most urgent first, each with its state and row; names of the townships."""

    visits: list[DueVisit]
    states: list[str]
    rows: list[TableRow]
    townships: dict[int, str]


def find(day: dt.date) -> Found:
    """What the list shows for a day; a district has ten thousand, so the rows are made on the reader thread too."""
    visits, names = sorted(visit_states(day), key=urgency), dict(townships())
    rows = [_row(number, one, names.get(one.township, "")) for number, one in enumerate(visits)]
    return Found(visits, [state_of(one) for one in visits], rows, names)


def _row(number: int, one: DueVisit, township: str) -> TableRow:
    label, tone = STATES[state_of(one)]
    texts = (
        label, one.enterprise_name, one.official_name, LEVEL_LABELS[one.level], township, one.due_on.isoformat(),
        one.last.isoformat() if one.last is not None else "—",
    )  # fmt: skip
    return TableRow(number, texts, {0: tone})


class DuePage(FreshPage):
    """The list with its filters. `loaded()` after reading."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found = Found([], [], [], {})
        self.state = ""
        self.day = DayPick(session.today, "截至哪一天的督导情况？")
        self.search = SearchBox("搜索主体、包保干部")
        self.level, self.township = QComboBox(), QComboBox()
        self.level.addItem("各层级", "")
        for code, label in LEVEL_LABELS.items():
            if code != "city":
                self.level.addItem(label, code)
        self.township.addItem("各乡镇（街道）", 0)
        self.level.setAccessibleName("层级")
        self.township.setAccessibleName("乡镇（街道）")
        self.states = ViewBar([chip(code, label, tone) for code, (label, tone) in STATES.items()])
        self.states.preset_asked.connect(lambda state, _more: self.show_state(state))
        self.words = self.states.count
        self.table = RowsTable(HEADS, "待督导")
        self.register = button("登记督导", self.register_visit, "add", "primary", "回车，或 Ctrl+N")
        self.bureau = button("移交检查", self.hand_over, "send", tip="这几户督导发现、尚未整改的问题（Ctrl+Shift+Y）")
        self.remind = button("提醒名单", self.show_reminders, "bell")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        for each in (self.search, self.level, self.township, self.day):
            top.addWidget(each)
        top.addStretch(1)
        for made in (self.register, self.bureau, self.remind):
            top.addWidget(made)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.states)
        box.addWidget(self.table, 1)

    def _connect(self) -> None:
        self.search.searched.connect(lambda _text: self._fill())
        self.search.left_down.connect(self.table.setFocus)
        self.level.currentIndexChanged.connect(lambda _index: self._fill())
        self.township.currentIndexChanged.connect(lambda _index: self._fill())
        self.day.chosen.connect(lambda _day: self.refresh())
        self.day.refused.connect(lambda words: self._tell(words, "danger"))
        self.table.opened.connect(lambda _key: self.register_visit())
        self.table.selected.connect(self._follow)
        for keys, act in (("Ctrl+N", self.register_visit), ("Ctrl+Shift+Y", self.hand_over)):
            QShortcut(QKeySequence(keys), self, act).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- reading ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read again what is due."""
        self._stale = False
        self.session.read(find, self.day.day, done=self._show, owner=self, key="due")

    def _show(self, found: Found) -> None:
        self.found = found
        if self.township.count() == 1:
            for key, name in found.townships.items():
                self.township.addItem(name, key)
        self._fill()
        self.loaded.emit()

    def _tell(self, text: str, role: str = "muted") -> None:
        self.words.setText(text)
        restyle(self.words, role=role)

    def show_state(self, state: str) -> None:
        """Show the visits of one state ('' for all)."""
        self.state = state
        self._fill()

    def _fill(self) -> None:
        words, level, township = self.search.text().split(), self.level.currentData(), self.township.currentData()
        counts = dict.fromkeys(self.states.presets, 0)
        rows, wanted = [], self.state
        for one, state, row in zip(self.found.visits, self.found.states, self.found.rows, strict=True):
            if (level and one.level != level) or (township and one.township != township):
                continue
            if words and not all(w in one.enterprise_name or w in one.official_name for w in words):
                continue
            counts[state] += 1
            if not wanted or state == wanted:
                rows.append(row)
        counts[""] = sum(counts.values())
        self.states.set_counts(counts)
        self.states.set_presets([self.state] if self.state else [])
        self.table.show_rows(rows)
        due = counts[""]
        done = percent(counts["done"] / due) if due else "—"
        self._tell(f"本周期应督导 {due:,} 户，已督导 {counts['done']:,} 户，完成率 {done}")

    # -- doing ------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        count = len(self.table.chosen()) if self.session.ledger.writable else 0
        self.register.setEnabled(count == 1)
        self.bureau.setEnabled(count > 0)

    def register_visit(self) -> None:
        """The form of a visit with what is known of it; its task list follows the enterprise."""
        if not self.register.isEnabled():
            return
        one = self.found.visits[self.table.chosen()[0]]
        values = {"enterprise": one.enterprise, "official": one.official, "visited_on": self.session.today}
        self.session.edit_record.emit("visits", None, values)

    def hand_over(self) -> None:
        """Hand what visits found at the chosen enterprises to the bureau."""
        from ui.handing_to_bureau import hand_over

        if self.bureau.isEnabled():
            places = [self.found.visits[key].enterprise for key in self.table.chosen()]
            hand_over(self.session, self, open_findings_at, places)

    def show_reminders(self) -> None:
        """Whom to remind, as of the day."""

        def show(found: list[Reminder]) -> None:
            if not found:
                show_toast(self, "没有需要提醒的干部，本期督导都已完成。")
                return
            dialog = ReminderDialog(self.session, self.window(), found)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self.session.read(reminders, self.day.day, done=show, owner=self, key="reminders")


class ReminderDialog(RemindersDialog):
    """The officials with what is still to do."""

    def __init__(self, session: Session, parent: QWidget | None, found: list[Reminder]) -> None:
        heads = (Head("包保干部", 100), Head("单位和职务"), Head("电话", 130), Head("待督导", 80, True),
                 Head("上期未督导", 100, True), Head("最近期限", 110))  # fmt: skip
        super().__init__(
            session, parent, "督导提醒名单", f"{len(found)} 名干部本期还有未完成的督导", heads,
            [_reminder_row(number, one) for number, one in enumerate(found)],
            [reminder_text(one) for one in found],
            [REMINDER_HEADS, *(_line(one) for one in found)],
            f"{len(found)} 人",
        )  # fmt: skip


def _line(one: Reminder) -> tuple[str, ...]:
    missed = sum(visit.missed for visit in one.visits)
    due = min(visit.due_on for visit in one.visits)
    return (
        one.name, one.unit, one.post, one.phone, str(len(one.visits)), str(missed), due.isoformat(), reminder_text(one)
    )  # fmt: skip


def _reminder_row(number: int, one: Reminder) -> TableRow:
    name, unit, post, phone, due, missed, day, _text = _line(one)
    return TableRow(
        number, (name, f"{unit} {post}".strip(), phone, due, missed, day), {4: "danger"} if missed != "0" else {}
    )
