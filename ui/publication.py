"""结果公开: results of inspections still to be made public, by last day, registered many at once; knows no rule."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.core.changes import Transaction
from models.core.fields import Date
from models.core.figure import figure
from models.publication import STATES, Published, Unpublished, publish, unpublished
from ui.kit.ask import AskDialog
from ui.kit.buttons import button, restyle
from ui.kit.day_pick import DayPick
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.kit.view_bar import SearchBox, ViewBar, chip

HEADS = (
    Head("公开期限", 120), Head("剩余", 120), Head("检查日期", 120), Head("被检查单位"), Head("检查结果", 160),
)  # fmt: skip
TONES = {"overdue": "danger", "soon": "warning", "waiting": ""}
CONCERNS = ("inspection", "holiday", "threshold", "setting", "enterprise")
#: A list nobody reads to its end; of more only the number is told.
MOST = 5000


class Found(NamedTuple):
    """The results to be made public, each with its row, and how many there are in all."""

    results: list[Unpublished]
    rows: list[TableRow]
    total: int


def find(day: dt.date) -> Found:
    """What the list shows for a day; made on the reader thread."""
    found = unpublished(day, MOST)
    total = len(found) if len(found) < MOST else int(figure("publication.open").value(day, day) or 0)
    return Found(found, [_row(one) for one in found], total)


def _row(one: Unpublished) -> TableRow:
    texts = (one.due_on.isoformat(), one.label, one.inspected_on.isoformat(), one.enterprise_name, one.result)
    return TableRow(one.id, texts, {1: TONES[one.state]})


class PublicationPage(FreshPage):
    """The list with its filters over the arithmetic of the chosen one. `loaded()` after reading."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found = Found([], [], 0)
        self.state = ""
        self.day = DayPick(session.today, "截至哪一天的公开情况？")
        self.search = SearchBox("搜索被检查单位")
        self.states = ViewBar([chip(code, label, TONES[code]) for code, label in STATES])
        self.states.preset_asked.connect(lambda state, _more: self.show_state(state))
        self.words = self.states.count
        self.table = RowsTable(HEADS, "结果公开")
        self.register = button("登记公开", self.ask, "check", "primary", "选中的检查结果已公开（回车，或 Ctrl+N）")
        self.register.setShortcut("Ctrl+N")
        self.whole = button("全选", self.table.selectAll, kind="quiet", tip="选中列出的全部（Ctrl+A）")
        self.open = button("打开检查", self._open, "eye", "quiet", "在台账里打开（Ctrl+O）")
        self.open.setShortcut("Ctrl+O")
        self.export = button("导出…", self._export, "export")
        self.sums = QLabel("", wordWrap=True)
        self.sums.setProperty("role", "muted")
        self.sums.setMinimumHeight(44)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.search)
        top.addWidget(self.day)
        top.addStretch(1)
        for each in (self.whole, self.open, self.register, self.export):
            top.addWidget(each)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.states)
        box.addWidget(self.table, 1)
        box.addWidget(self.sums)

    def _connect(self) -> None:
        self.search.searched.connect(lambda _text: self._fill())
        self.search.left_down.connect(self.table.setFocus)
        self.day.chosen.connect(lambda _day: self.refresh())
        self.day.refused.connect(lambda words: self._tell(words, "danger"))
        self.table.opened.connect(lambda _key: self.ask())
        self.table.selected.connect(self._follow)

    # -- reading ----------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Give the keyboard to the table."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Read again what is not public."""
        self._stale = False
        self.session.read(find, self.day.day, done=self._show, owner=self, key="publication")

    def _show(self, found: Found) -> None:
        self.found = found
        self._fill()
        self.loaded.emit()

    def _tell(self, text: str, role: str = "muted") -> None:
        self.words.setText(text)
        restyle(self.words, role=role)

    def show_state(self, state: str) -> None:
        """Show the results of one state ('' for all)."""
        self.state = state
        self._fill()

    def _fill(self) -> None:
        words = self.search.text().split()
        counts = dict.fromkeys(self.states.presets, 0)
        rows = []
        for one, row in zip(self.found.results, self.found.rows, strict=True):
            if not all(word in one.enterprise_name for word in words):
                continue
            counts[""] += 1
            counts[one.state] += 1
            if not self.state or one.state == self.state:
                rows.append(row)
        self.states.set_counts(counts)
        self.states.set_presets([self.state] if self.state else [])
        self.table.show_rows(rows)
        more = self.found.total - len(self.found.results)
        self._tell(
            f"未公开的检查结果 {self.found.total:,} 家次" + (f"，这里列出期限最早的 {MOST:,} 家次" if more > 0 else "")
        )

    def _follow(self) -> None:
        keys = self.table.chosen()
        able = self.session.ledger.writable and self.day.day == self.session.today
        self.register.setEnabled(bool(keys) and able)
        self.open.setEnabled(len(keys) == 1)
        self.whole.setEnabled(bool(self.table.list.rows))
        one = next((each for each in self.found.results if each.id == keys[0]), None) if len(keys) == 1 else None
        self.sums.setText("；".join(one.reasons) if one else f"选中 {len(keys)} 家次" if keys else "")

    # -- doing ------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """The day on which the chosen results were made public."""
        if not self.register.isEnabled():
            return
        keys = set(self.table.chosen())
        chosen = [one for one in self.found.results if one.id in keys]
        dialog = PublishDialog(self.session, self.window(), chosen)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.stepped.connect(lambda words: show_toast(self, words))
        dialog.open()

    def _open(self) -> None:
        self.session.open_record.emit("inspections", self.table.chosen()[0])

    def lines(self) -> list[tuple[str, ...]]:
        """The list as a table, its heads first."""
        return [tuple(head.title for head in HEADS), *(row.texts for row in self.table.list.rows)]

    def _export(self) -> None:
        from ui.kit.file_export import KINDS, with_ending
        from ui.kit.files import ask_save

        path, kind = ask_save(self, "导出待公开名单", f"待公开检查结果{self.day.day:%Y%m%d}.xlsx", list(KINDS))
        if path is not None:
            self.export_to(with_ending(path, KINDS.get(kind, ".xlsx")))

    def export_to(self, path: Path) -> None:
        """Write the list to a file, off the GUI thread."""
        from models.transfer.export import write_lines

        self.session.read(
            write_lines, path, "待公开检查结果", self.lines(), owner=self,
            done=lambda _none: show_toast(self, f"已导出到“{path.name}”"),
        )  # fmt: skip


class PublishDialog(AskDialog):
    """登记公开: the day, of one or many results; `stepped(message)` when it is stored."""

    stepped = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None, chosen: list[Unpublished]) -> None:
        one = chosen[0]
        words = one.enterprise_name if len(chosen) == 1 else f"{len(chosen)} 家次"
        first, last = min(each.due_on for each in chosen), max(each.inspected_on for each in chosen)
        super().__init__(
            parent, "登记公开", f"登记检查结果公开：{words}", session.today, "登记公开",
            f"最近的检查 {last}，最早的公开期限 {first}。",
        )  # fmt: skip
        self.session, self.ids = session, [each.id for each in chosen]
        self.form.add("published_on", Date("公开日期", required=True), session.today)
        self.on_submit = self._store

    def _store(self, values: dict[str, Any]) -> None:
        def work(tx: Transaction) -> Published:
            return publish(tx, self.ids, values["published_on"])

        def done(found: Published) -> None:
            self.accept()
            left = f"；{len(found.left)} 家次没有登记：{found.left[0]}" if found.left else ""
            more = "等" if len(found.left) > 1 else ""
            self.stepped.emit(f"已登记公开 {found.done} 家次{left}{more}")

        self.session.write("登记检查结果公开", work, done=done, failed=self.fail, owner=self)
