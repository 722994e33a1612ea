"""整改督办: all that is open by due day, what may be done with each, and the reminder list; knows no rule."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from models.area import townships
from models.notice_desk import Desk, Start, desk_of, officers_on, start_from_findings
from models.rectification import GROUPS, STATES, Matter, matters
from models.rectification_reading import inspectors_of
from models.rectification_reminders import Reminder, reminder_text, reminders
from ui.kit.buttons import button, restyle
from ui.kit.day_pick import DayPick
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.reminder_dialog import RemindersDialog
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.kit.view_bar import SearchBox, ViewBar, chip
from ui.rectification_panel import STATE_TONES, MatterPanel

HEADS = (
    Head("期限", 106), Head("剩余", 118), Head("状态", 122), Head("单位"), Head("文号", 194), Head("未改正的隐患"),
    Head("处", 44, True), Head("标记", 128),
)  # fmt: skip
GROUP_TONES = {"overdue": "danger", "soon": "warning", "undated": "warning", "running": "", "corrected": "success"}
CONCERNS = (
    "notice", "notice_finding", "finding", "finding_check", "reinspection", "reinspection_item", "inspection", "talk",
    "holiday", "threshold", "setting", "enterprise", "enterprise_state", "party",
)  # fmt: skip
TABLE_HEADS = (
    *("期限", "顺延至", "剩余", "工作日", "状态", "单位", "负责人", "电话", "乡镇（街道）"),
    *("文号", "发现日期", "签发日期", "未改正的隐患", "处数", "延期", "重复", "约谈"),
)
REMINDER_HEADS = ("单位", "负责人", "电话", "乡镇（街道）", "件数", "逾期件数", "最近期限", "提醒内容")
REPEATED = "repeated"


class Found(NamedTuple):
    """What is open, the soonest due first, each with its row; the names of the townships."""

    matters: list[Matter]
    rows: list[TableRow]
    townships: dict[int, str]


def find(day: dt.date, today: dt.date) -> Found:
    """What the list shows for a day; made on the reader thread."""
    found = matters(day, today)
    return Found(found, [_row(one) for one in found], dict(townships()))


def marks(one: Matter) -> str:
    """What is special about a matter, in words."""
    planned = not one.talked and any(state == "planned" for _day, state in one.talks)
    told = [("重复", one.repeated), ("已延期", one.extended), ("已约谈", one.talked), ("待约谈", planned)]
    moved = [f"顺延至{one.ends_on:%m-%d}"] if one.moved else []
    return "、".join([*(word for word, on in told if on), *moved])


def _row(one: Matter) -> TableRow:
    texts = (
        one.due_on.isoformat() if one.due_on else "—", one.label, dict(STATES)[one.state], one.enterprise_name,
        one.number or "—", one.facts, str(len(one.open_items)), marks(one),
    )  # fmt: skip
    tones = {1: GROUP_TONES[one.group], 2: STATE_TONES[one.state], 7: "danger" if one.repeated else ""}
    return TableRow(one.key, texts, tones)


class RectificationPage(FreshPage):
    """The list with its filters over the chosen matter. `loaded()` after reading."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found = Found([], [], {})
        self.group = ""
        self._keep: Any = None
        self.day = DayPick(session.today, "截至哪一天的整改情况？")
        self.search = SearchBox("搜索单位、文号、隐患")
        self.township = QComboBox()
        self.township.addItem("各乡镇（街道）", 0)
        self.township.setAccessibleName("乡镇（街道）")
        chips = [chip(code, label, GROUP_TONES[code]) for code, label in GROUPS]
        self.groups = ViewBar([*chips, chip(REPEATED, "重复出现", "danger")])
        self.groups.preset_asked.connect(lambda group, _more: self.show_group(group))
        self.words = self.groups.count
        self.table = RowsTable(HEADS, "整改督办")
        self.panel = MatterPanel(self.do)
        self.remind = button("提醒名单", self.show_reminders, "bell", tip="逾期、即将到期的单位，复制或导出")
        self.export = button("导出…", self._export, "export")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        for each in (self.search, self.township, self.day):
            top.addWidget(each)
        top.addStretch(1)
        top.addWidget(self.remind)
        top.addWidget(self.export)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.groups)
        box.addWidget(self.table, 1)
        box.addWidget(self.panel)

    def _connect(self) -> None:
        self.search.searched.connect(lambda _text: self._fill())
        self.search.left_down.connect(self.table.setFocus)
        self.township.currentIndexChanged.connect(lambda _index: self._fill())
        self.day.chosen.connect(lambda _day: self.refresh())
        self.day.refused.connect(lambda words: self._tell(words, "danger"))
        self.table.opened.connect(lambda _key: self.do("close" if self._state() == "corrected" else "recheck"))
        self.table.selected.connect(self._follow)

    # -- reading ----------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Give the keyboard to the table."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Read again what is open; the chosen matter stays chosen."""
        self._stale = False
        self._keep = next(iter(self.table.chosen()), None)
        self.session.read(find, self.day.day, self.session.today, done=self._show, owner=self, key="rectification")

    def _show(self, found: Found) -> None:
        self.found = found
        if self.township.count() == 1:
            for key, name in found.townships.items():
                self.township.addItem(name, key)
        self._fill()
        if self._keep is not None:
            self.table.choose(self._keep)
        self.loaded.emit()

    def _tell(self, text: str, role: str = "muted") -> None:
        self.words.setText(text)
        restyle(self.words, role=role)

    def show_group(self, group: str) -> None:
        """Show the matters of one group ('' for all)."""
        self.group = group
        self._fill()

    def listed(self) -> list[Matter]:
        """The matters in the list, from above."""
        keys = [row.key for row in self.table.list.rows]
        mine = {one.key: one for one in self.found.matters}
        return [mine[key] for key in keys]

    def _fill(self) -> None:
        words, township = self.search.text().split(), self.township.currentData()
        counts = dict.fromkeys(self.groups.presets, 0)
        rows, findings = [], 0
        for one, row in zip(self.found.matters, self.found.rows, strict=True):
            if township and one.township != township:
                continue
            text = f"{one.enterprise_name} {one.party} {one.number} {one.facts}"
            if not all(word in text for word in words):
                continue
            counts[""] += 1
            counts[one.group] += 1
            counts[REPEATED] += one.repeated
            findings += len(one.open_items)
            if not self.group or one.group == self.group or (self.group == REPEATED and one.repeated):
                rows.append(row)
        self.groups.set_counts(counts)
        self.groups.set_presets([self.group] if self.group else [])
        self.table.show_rows(rows)
        self._tell(f"未办结 {counts['']:,} 件，未改正隐患 {findings:,} 处")

    # -- the chosen matter ------------------------------------------------------------------------------

    def chosen(self) -> Matter | None:
        """The one matter chosen."""
        keys = self.table.chosen()
        return next((one for one in self.found.matters if one.key == keys[0]), None) if len(keys) == 1 else None

    def _state(self) -> str:
        one = self.chosen()
        return one.state if one is not None else ""

    def _able(self) -> bool:
        return self.session.ledger.writable and self.day.day == self.session.today

    def _follow(self) -> None:
        self.panel.show_matter(self.chosen(), self._able())

    def do(self, step: str) -> None:
        """Begin a step with the chosen matter."""
        one = self.chosen()
        if one is None or step not in one.steps or (step != "open" and not self._able()):
            return
        {
            "recheck": self._recheck,
            "talk": self._talk,
            "open": self._open,
            "notice": self._make_notice,
            "spot": self._ask_finding,
        }.get(step, self._ask_notice if one.kind == "notice" else self._ask_finding)(one, step)

    def _recheck(self, one: Matter, _step: str) -> None:
        mine = [each for each in self.found.matters if each.enterprise == one.enterprise and each.open_items]

        def read() -> tuple[list[tuple[int, str]], list[int]]:
            return officers_on(self.session.today), inspectors_of([item.id for each in mine for item in each.items])

        def show(found: tuple[list[tuple[int, str]], list[int]]) -> None:
            from ui.rectification_dialogs import RecheckDialog

            self._ask(RecheckDialog(self.session, self.window(), mine, *found))

        self.session.read(read, done=show, owner=self, key="step")

    def _ask(self, dialog: Any) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.stepped.connect(lambda words: show_toast(self, words))
        dialog.open()

    def _ask_finding(self, one: Matter, step: str) -> None:
        from ui import rectification_dialogs as dialogs

        kinds = {
            "extend": dialogs.ExtendFindingDialog,
            "refer": dialogs.ReferFindingDialog,
            "spot": dialogs.SpotDialog,
        }
        self._ask(kinds[step](self.session, self.window(), one))

    def _ask_notice(self, one: Matter, step: str) -> None:
        def show(desks: list[Desk]) -> None:
            from ui.notice_dialogs import STEPS

            if desks:
                self._ask(STEPS[step][2](self.session, self.window(), desks))  # type: ignore[call-arg]

        self.session.read(desk_of, [one.id], done=show, owner=self, key="step")

    def _make_notice(self, one: Matter, _step: str) -> None:
        """A draft from all findings of the place that stand on no notice and were made on the same day."""
        ids = [
            each.id
            for each in self.found.matters
            if each.kind == "finding" and each.enterprise == one.enterprise and each.draft is None
            and each.found_on == one.found_on
        ]  # fmt: skip

        def show(start: Start) -> None:
            from ui.notice_make import MakeDialog

            dialog = MakeDialog(self.session, self.window(), start)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.made.connect(lambda key: self.session.edit_record.emit("notices", key, None))
            dialog.open()

        self.session.read(start_from_findings, ids, done=show, owner=self, key="step")

    def _talk(self, one: Matter, _step: str) -> None:
        what = f"{one.number}责令改正通知书" if one.number else f"{one.found_on}发现的隐患"
        late = "逾期未改正" if one.group == "overdue" else "整改不到位"
        values: dict[str, Any] = {
            "enterprise": one.enterprise,
            "held_on": self.session.today,
            "reason": f"{what}{late}：{one.facts}",
            "notices": [one.id] if one.kind == "notice" else [],
            "findings": [item.id for item in one.open_items],
            "person": one.person,
        }
        self.session.edit_record.emit("talks", None, values)

    def _open(self, one: Matter, _step: str) -> None:
        self.session.open_record.emit("notices" if one.kind == "notice" else "findings", one.id)

    # -- lists to hand on -------------------------------------------------------------------------------

    def show_reminders(self) -> None:
        """Whom to remind, of what is in the list."""
        found = reminders(self.listed())
        if not found:
            show_toast(self, "没有需要提醒的单位：没有逾期、即将到期和没有期限的。")
            return
        dialog: QDialog = ReminderDialog(self.session, self.window(), found)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def lines(self) -> list[tuple[str, ...]]:
        """The list as a table, its heads first."""
        return [TABLE_HEADS, *(_line(one) for one in self.listed())]

    def _export(self) -> None:
        from ui.kit.file_export import KINDS, with_ending
        from ui.kit.files import ask_save

        path, kind = ask_save(self, "导出整改督办", f"整改督办{self.day.day:%Y%m%d}.xlsx", list(KINDS))
        if path is not None:
            self.export_to(with_ending(path, KINDS.get(kind, ".xlsx")))

    def export_to(self, path: Path) -> None:
        """Write the list to a file, off the GUI thread."""
        from models.transfer.export import write_lines

        self.session.read(
            write_lines, path, "整改督办", self.lines(), owner=self,
            done=lambda _none: show_toast(self, f"已导出到“{path.name}”"),
        )  # fmt: skip


class ReminderDialog(RemindersDialog):
    """The operators with what is overdue, due soon or without a day."""

    def __init__(self, session: Session, parent: QWidget | None, found: list[Reminder]) -> None:
        heads = (Head("单位"), Head("负责人", 90), Head("电话", 130), Head("乡镇（街道）", 120),
                 Head("件数", 60, True), Head("逾期", 60, True), Head("最近期限", 110))  # fmt: skip
        super().__init__(
            session, parent, "整改提醒名单", f"{len(found)} 家单位有逾期、即将到期或没有期限的整改", heads,
            [_reminder_row(number, one) for number, one in enumerate(found)],
            [reminder_text(one) for one in found],
            [REMINDER_HEADS, *(_reminder_line(one) for one in found)],
            f"{len(found)} 家",
        )  # fmt: skip


def _reminder_line(one: Reminder) -> tuple[str, ...]:
    due = one.due_on.isoformat() if one.due_on else ""
    return (
        one.name, one.person, one.phone, one.township, str(len(one.matters)), str(one.overdue), due, reminder_text(one)
    )  # fmt: skip


def _reminder_row(number: int, one: Reminder) -> TableRow:
    return TableRow(number, _reminder_line(one)[:-1], {5: "danger"} if one.overdue else {})


def _line(one: Matter) -> tuple[str, ...]:
    return (
        one.due_on.isoformat() if one.due_on else "", one.ends_on.isoformat() if one.moved and one.ends_on else "",
        one.label, "" if one.working_left is None else str(one.working_left),
        dict(STATES)[one.state], one.enterprise_name,
        one.person, one.phone, one.township_name, one.number, one.found_on.isoformat(),
        one.issued_on.isoformat() if one.issued_on else "", "；".join(item.wording for item in one.open_items),
        str(len(one.open_items)), "是" if one.extended else "", "是" if one.repeated else "",
        "、".join(day.isoformat() for day, state in one.talks if state == "held"),
    )  # fmt: skip
