"""Find and replace in the cells of a list (Ctrl+H): shows each cell old and new before it is written; no topic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
)

from models.cells import CellEdit, Plan
from models.core.register import Column
from ui.kit.buttons import button
from ui.kit.grid_preview import PlanList, plan_words
from ui.kit.grid_write import CellWriter
from ui.kit.palette import UNIT

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

_ACTION = "替换"
_HINT = "日期、选项都按表格里显示的文字查找；只找筛选后看得到的行。"
MOST_LISTED = 200_000
"""Most cells searched at once."""
Block = tuple[Sequence[int], Sequence[Column]]


class ReplaceDialog(QDialog):
    """``scopes`` are the words and the blocks of cells of each range that can be searched."""

    def __init__(self, page: RegisterPage, writer: CellWriter, scopes: Sequence[tuple[str, Sequence[Block]]],
                 note: Callable[[Sequence[str]], str]) -> None:  # fmt: skip
        super().__init__(page)
        self.page, self.writer, self._note = page, writer, note
        self.scopes = [(words, list(blocks)) for words, blocks in scopes]
        self.setWindowTitle("查找和替换")
        self.resize(880, 560)
        self.made: Plan | None = None
        self.find_line, self.put_line, self.scope = QLineEdit(), QLineEdit(), QComboBox()
        self.find_line.setPlaceholderText("要找的文字，按表格里显示的写")
        self.put_line.setPlaceholderText("换成什么；留空就是删去")
        for words, blocks in self.scopes:
            self.scope.addItem(f"{words}（{_cells_in(blocks):,}格）")
        self.whole = QCheckBox("整格匹配")
        self.whole.setToolTip("只替换内容与“查找内容”完全相同的格；查找内容留空时替换空格子")
        self.exact = QCheckBox("区分大小写、全半角")
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("role", "muted")
        self.note.hide()
        self.list = PlanList()
        self._wait = QTimer(self, singleShot=True, interval=250)
        self._wait.timeout.connect(self._check)
        self._lay_out()
        for line in (self.find_line, self.put_line):
            line.textChanged.connect(self._edited)
        for box in (self.whole, self.exact):
            box.toggled.connect(self._edited)
        self.scope.currentIndexChanged.connect(self._edited)
        self.list.edited.connect(self._tell)
        self._tell()
        self.find_line.setFocus()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        form.setHorizontalSpacing(2 * UNIT)
        form.setVerticalSpacing(12)
        form.addRow("查找内容", self.find_line)
        form.addRow("替换为", self.put_line)
        form.addRow("范围", self.scope)
        options = QHBoxLayout()
        options.setSpacing(3 * UNIT)
        options.addWidget(self.whole)
        options.addWidget(self.exact)
        options.addStretch(1)
        form.addRow("", options)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button("取消", self.reject, parent=self))
        self.yes = button("全部替换", self._store, kind="primary", parent=self)
        self.yes.setAutoDefault(True)
        self.yes.setDefault(True)
        foot.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        box.addLayout(form)
        box.addWidget(self.words)
        box.addWidget(self.note)
        box.addWidget(self.list, 1)
        box.addLayout(foot)

    def _edited(self, *_what: object) -> None:
        self.made = None
        self._wait.stop()
        if self._asked():
            self._wait.start()
        else:
            self.list.show_plan(Plan())
        self._tell()

    def _asked(self) -> bool:
        """Whether there is something to look for: a text, or with whole cells the empty ones."""
        return bool(self.find_line.text()) or (self.whole.isChecked() and bool(self.put_line.text()))

    def _check(self) -> None:
        """Plan what is typed now, off the GUI thread."""
        blocks = self.scopes[self.scope.currentIndex()][1]
        if _cells_in(blocks) > MOST_LISTED:
            self.words.setText(f"一次最多查找{MOST_LISTED:,}格，请先筛选，或选小一些的范围。")
            return
        register, today = self.page.register, self.page.session.today
        find, put = self.find_line.text(), self.put_line.text()
        whole, exact = self.whole.isChecked(), self.exact.isChecked()

        def edits() -> list[CellEdit]:
            from models.cell_replace import Replacement, replace_edits

            return replace_edits(register, blocks, Replacement(find, put, whole, exact), today)

        self.writer.plan(edits, self._take, label="正在查找")

    def _take(self, plan: Plan) -> None:
        if self._wait.isActive():
            return
        self.made = plan
        self.list.show_plan(plan)
        note = self._note(list(dict.fromkeys(c.name for c in plan.listing)))
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._tell()

    def _tell(self) -> None:
        plan, unit = self.made, self.page.register.unit
        if plan is None:
            self.words.setText("正在查找…" if self._asked() else _HINT)
            self.yes.setEnabled(False)
            self.yes.setText("全部替换")
            return
        reason = self.list.reason_text()
        records, cells = plan.changed(bool(reason))
        self.words.setText(plan_words(plan, unit, bool(reason)) if plan.cells else "没有找到。")
        self.yes.setEnabled(records > 0)
        self.yes.setText(f"替换{cells}格" if records else "全部替换")

    def _store(self) -> None:
        if self.made is not None:
            self.yes.setEnabled(False)
            self.writer.store(
                _ACTION, self.made, self.list.reason_text(), done=self.accept, failed=self._failed, stopped=self._edited
            )

    def _failed(self, error: Exception) -> None:
        self.writer.tell(error)
        self._edited()  # what changed meanwhile is read again


def _cells_in(blocks: Sequence[Block]) -> int:
    return sum(len(keys) * len(columns) for keys, columns in blocks)
