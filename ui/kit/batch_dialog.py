"""One field of several records set at once: which field, what value, from which day; knows no topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout

from models.cells import CellEdit, Plan, batch_fields, is_dated
from models.core.errors import KnownError
from models.core.fields import Date
from ui.kit.buttons import button
from ui.kit.date_edit import DateEditor
from ui.kit.form_data import choice_labels, typed_forms
from ui.kit.form_editors import Editor, FormContext
from ui.kit.form_field import make_editor
from ui.kit.grid_preview import PlanList, plan_words
from ui.kit.grid_write import CellWriter
from ui.kit.palette import UNIT

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

_ACTION = "批量修改"


class BatchDialog(QDialog):
    """Says first how many rows were chosen, and while one types how many change and which cannot, and why."""

    def __init__(self, page: RegisterPage, writer: CellWriter, ids: Sequence[int]) -> None:
        super().__init__(page)
        self.page, self.writer, self.ids = page, writer, list(ids)
        self.setWindowTitle(_ACTION)
        self.resize(880, 540)
        self.made: Plan | None = None
        session = page.session
        self.context = FormContext(session, session.today)
        self.fields = batch_fields(page.register)
        unit = page.register.unit
        self.headline = QLabel(f"选中的{len(self.ids)}{unit}，把同一栏改成同一内容：")
        self.headline.setProperty("role", "heading")
        self.choice = QComboBox()
        for name, described in self.fields.items():
            self.choice.addItem(described.label, name)
        self.editor: Editor | None = None
        self._typed = False
        self.since = DateEditor(Date("自何日起", required=True), self.context)
        self.since.set_value(session.today)
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.list = PlanList()
        self._wait = QTimer(self, singleShot=True, interval=250)
        self._wait.timeout.connect(self._check)
        self._lay_out()
        self.choice.currentIndexChanged.connect(lambda _index: self._choose())
        self.since.edited.connect(self._edited)
        self.list.edited.connect(self._tell)
        self._read_initials()
        self._start_with_current()

    def _lay_out(self) -> None:
        self.form = QFormLayout()
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.form.setHorizontalSpacing(2 * UNIT)
        self.form.setVerticalSpacing(12)
        self.form.addRow("修改哪一栏", self.choice)
        self.form.addRow("自何日起", self.since)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button("取消", self.reject, parent=self))
        self.yes = button("修改", self._store, kind="primary", parent=self)
        foot.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        box.addWidget(self.headline)
        box.addLayout(self.form)
        box.addWidget(self.words)
        box.addWidget(self.list, 1)
        box.addLayout(foot)

    def _read_initials(self) -> None:
        labels = choice_labels(self.page.register.model)
        self.page.session.read(
            lambda: {label: typed_forms(label) for label in labels},
            done=self.context.initials.update,
            owner=self,
        )

    def _start_with_current(self) -> None:
        """Begin with the column the clerk stands in, where that can be changed."""
        index = self.page.table.currentIndex()
        path = self.page.register.columns[index.column()].path if index.isValid() else ""
        at = list(self.fields).index(path) if path in self.fields else 0
        self.choice.setCurrentIndex(at)
        self._choose()

    @property
    def name(self) -> str:
        """The field chosen."""
        return str(self.choice.currentData())

    def choose(self, name: str) -> None:
        """Choose a field."""
        self.choice.setCurrentIndex(self.choice.findData(name))

    def _choose(self) -> None:
        if self.editor is not None:
            self.form.removeRow(1)  # deletes the editor of the field before
        described = self.fields[self.name]
        self.editor = make_editor(described, self.context)
        self.editor.set_value(None)
        self.form.insertRow(1, f"新的{described.label}", self.editor)
        self._typed = described.kind == "bool"  # an empty box says 否
        self.editor.edited.connect(self._take_typing)
        self.form.setRowVisible(self.since, is_dated(self.page.register, self.name))
        self.list.show_plan(Plan())
        self._edited()
        targets = self.editor.focus_targets()
        if targets and self.isVisible():
            targets[0].setFocus()

    def _take_typing(self) -> None:
        self._typed = True
        self._edited()

    def _edited(self) -> None:
        self.made = None
        self._tell()
        if self._typed:  # nothing is emptied just because nothing was typed yet
            self._wait.start()

    def _check(self) -> None:
        """Plan the change as it is typed now."""
        try:
            assert self.editor is not None
            value = self.editor.value()
            self.editor.mark("")
            day: dt.date | None = self.since.value() if is_dated(self.page.register, self.name) else None
            self.since.mark("")
        except KnownError as exc:
            self._wrong(exc)
            return
        name, ids = self.name, self.ids
        self.writer.plan(lambda: [CellEdit(key, name, value=value) for key in ids], self._take, day)

    def _wrong(self, exc: KnownError) -> None:
        assert self.editor is not None
        try:
            self.editor.value()
            self.since.mark("error")
        except KnownError:
            self.editor.mark("error")
        self.words.setText(exc.message)
        self.list.show_plan(Plan())

    def _take(self, plan: Plan) -> None:
        if not self._wait.isActive():
            self.made = plan
            self.list.show_plan(plan)
            self._tell()

    def _tell(self) -> None:
        plan, unit = self.made, self.page.register.unit
        if plan is None:
            hint = "请填写新的内容；要清空这一栏，请先键入再删去。"
            self.words.setText("正在核对…" if self._typed else hint)
            self.yes.setEnabled(False)
            self.yes.setText("修改")
            return
        reason = self.list.reason_text()
        count = len(plan.records(bool(reason)))
        self.words.setText(f"选中{len(self.ids)}{unit}：{plan_words(plan, unit, bool(reason))}")
        self.yes.setEnabled(count > 0)
        self.yes.setText(f"修改{count}{unit}" if count else "修改")

    def _store(self) -> None:
        plan: Any = self.made
        if plan is not None:
            self.yes.setEnabled(False)
            reason = self.list.reason_text()
            self.writer.store(
                _ACTION, plan, reason, done=self.accept, failed=self._failed, stopped=self._edited
            )

    def _failed(self, error: Exception) -> None:
        self.writer.tell(error)
        self._edited()  # what changed meanwhile is read again
