"""The checklists of an inspection in its form: a summary and the dialog that answers them.

The answers stand in the (unseen) cells of the lines editor, so that the form keeps, checks and saves them as any line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from models.checklist_answer import answers_by_number, by_answer, part_of, read_notes, write_notes
from models.checklist_desk import RESULT_OF_LEVEL, Desk, DeskItem, finding_values, open_desk
from models.core.errors import KnownError
from ui.checklist_dialog import LEVEL_TONES, ChecklistDialog
from ui.kit.buttons import button, restyle
from ui.kit.errors import show_error
from ui.kit.form_editors import FormContext
from ui.kit.form_field import FACES
from ui.kit.form_line_row import LineRow
from ui.kit.form_lines import LinesEditor
from ui.kit.pick_popup import PickItem

KEY = "F6"


class ChecklistEditor(LinesEditor):
    """One line a form answered; F6 anywhere in the window opens the first, or a new one."""

    def __init__(self, described: Any, context: FormContext) -> None:
        super().__init__(described, context)
        self.dialog: ChecklistDialog | None = None
        self._sheet: LineRow | None = None
        self._auto_result: str | None = None
        self._head.hide()
        self.add_button.setText("填写检查要点")
        self.add_button.setToolTip(f"逐项填要点表（{KEY}）")
        self.add_button.clicked.disconnect()
        self.add_button.clicked.connect(lambda _on=False: self.open_sheet(None))
        self.told = QLabel("", wordWrap=True)
        self.told.setProperty("role", "danger")
        self.told.hide()
        self._body.addWidget(self.told)
        QShortcut(QKeySequence(KEY), self).activated.connect(
            lambda: self.open_sheet(self.rows[0] if self.rows else None)
        )
        self.setMinimumWidth(0)

    def minimum_width(self) -> int:
        return 400

    # --- lines as summaries --------------------------------------------------------------------------------------

    def _new_row(self) -> LineRow:
        row = super()._new_row()
        for cell in row.cells.values():
            cell.hide()
        words = QLabel("", wordWrap=True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        layout = row.layout().itemAt(0).layout()  # type: ignore[union-attr]
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(1, words, 1)
        layout.insertWidget(2, button("继续填写", lambda: self.open_sheet(row), "edit", "normal", KEY))
        row.setProperty("words", words)
        row.edited.connect(lambda: self._summarise(row))
        return row

    def _refresh(self) -> None:
        super()._refresh()
        self._head.hide()
        for row in self.rows:
            self._summarise(row)
        if hasattr(self, "told"):
            self.add_button.setText("再填一张要点表" if self.rows else "填写检查要点")

    def _summarise(self, row: LineRow) -> None:
        line = row.readable()
        if not line.get("checklist"):
            return
        values = dict(self.context.values())
        self.context.session.read(
            open_desk, values, line["checklist"], None,
            done=lambda desk: self._say(row, desk), failed=lambda _e: None, owner=row, key="summary",
        )  # fmt: skip

    def _say(self, row: LineRow, desk: Desk) -> None:
        answers = answers_by_number(_line(row))
        words: QLabel = row.property("words")
        if not answers:
            words.setText(f"{desk.name}：还没有作答")
            return
        found, due = desk.foreseen(answers), desk.due(answers)
        left = f"；还有{len(due)}项要答，若都为是才是这个结果" if due else ""
        files: Any = getattr(self.window(), "files", None)
        parts = {part_of(item.id) for item in desk.items}
        count = sum(1 for one in files.files if one.part in parts) if files is not None else 0
        photos = f"；照片{count}张" if count else ""
        words.setText(f"{desk.name}：{found.word}（{found.handling}）{left}{photos}。{'；'.join(found.reasons)}")
        restyle(words, role="muted" if found.level == "passed" else LEVEL_TONES[found.level])

    def focus_targets(self) -> list[QWidget]:
        return [self.add_button, *(line for row in self.rows for line in row.problems.reason_lines())]

    def show_problems(self, problems: list[Any]) -> QWidget | None:
        found = super().show_problems(problems)
        reasons = [line for row in self.rows for line in row.problems.reason_lines()]
        return (reasons[0] if reasons else self.add_button) if found is not None or problems else None

    # --- the dialog ----------------------------------------------------------------------------------------------

    def open_sheet(self, row: LineRow | None, form_id: int | None = None) -> None:
        """Read the form and open the dialog over it; a refusal is told below the button."""
        if self._read_only or not self.isVisible():
            return
        self.told.hide()
        wanted = form_id or (_line(row).get("checklist") if row is not None else None)
        record = getattr(self.window(), "record_id", None)
        self.context.session.read(
            open_desk, dict(self.context.values()), wanted, record,
            done=lambda desk: self._show(row, desk), failed=self._refused, owner=self, key="desk",
        )  # fmt: skip

    def _refused(self, error: Exception) -> None:
        if isinstance(error, KnownError):
            self.told.setText(f"{error.message}{error.advice}")
            self.told.show()
        else:
            show_error(self, error)

    def _show(self, row: LineRow | None, desk: Desk) -> None:
        mine = next((r for r in self.rows if _line(r).get("checklist") == desk.form_id), None)
        if row is None and mine is not None:
            used = {_line(r).get("checklist") for r in self.rows}
            other = next((key for key, _name in desk.forms if key not in used), None)
            if other is None:
                self.told.setText("没有别的适用于这一户的要点表。")
                self.told.show()
            else:
                self.open_sheet(None, other)
            return
        if row is None or (mine is not None and mine is not row):
            row = mine or self.add_line({})
        line = _line(row)
        if line.get("checklist") != desk.form_id:
            self._forget_findings(row, line)
            _show_form(row, desk)
            line = {}
        self._sheet = row
        answers, notes = answers_by_number(line), read_notes(line.get("notes"))
        if self.dialog is None:
            form: Any = self.window()
            self.dialog = dialog = ChecklistDialog(self.context, self._finding_of, form.files, form)
            dialog.answered.connect(self._take)
            dialog.failed.connect(self._failed)
            dialog.written.connect(self._written)
            dialog.form_wanted.connect(lambda key: self.open_sheet(self._sheet, key))
            dialog.finished.connect(self._closed)
        self.dialog.show_desk(desk, answers, notes)
        self.dialog.open()
        self.dialog.list.setFocus()
        self.edited.emit()

    def _closed(self) -> None:
        row, self._sheet, dialog, self.dialog = self._sheet, None, self.dialog, None
        if row is not None and dialog is not None and not dialog.list.items.answers:
            self.rows.remove(row)
            self._body.removeWidget(row)
            row.deleteLater()
            self._refresh()
            self.edited.emit()
        elif row is not None and dialog is not None and dialog.desk is not None:
            self._summarise(row)
            self._propose_result(dialog.desk, dialog.list.items.answers)
        result = self.context.editor_of("result")
        if result is not None:
            result.focus_targets()[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _propose_result(self, desk: Desk, answers: Mapping[str, str]) -> None:
        """The result that follows, unless the inspector chose another one."""
        editor = self.context.editor_of("result")
        if editor is None or editor.value() not in (None, self._auto_result):
            return
        level = desk.outcome(answers).level
        found = RESULT_OF_LEVEL[level]
        findings = self.context.editor_of("findings")
        rows = findings.value() if findings is not None else []
        if found == "ordered" and rows and all(line.get("corrected_on_spot") for line in rows):
            found = "fixed"
        self._auto_result = found
        editor.set_value(found)
        editor.edited.emit()

    # --- what the dialog tells -----------------------------------------------------------------------------------

    def _take(self, answers: Mapping[str, str], notes: Mapping[str, str]) -> None:
        row = self._sheet
        if row is None:
            return
        for name, value in {**by_answer(answers), "notes": write_notes(notes)}.items():
            row.cells[name].set_value(value)
        row.show_problems([])
        row.edited.emit()

    def _rows_of(self, item_id: int) -> list[LineRow]:
        findings = self.context.editor_of("findings")
        return [row for row in findings.rows if row.extra.get("item") == item_id] if findings is not None else []

    def _failed(self, item: DeskItem, on: bool) -> None:
        findings = self.context.editor_of("findings")
        if findings is None or self.dialog is None or self.dialog.desk is None:
            return
        mine = self._rows_of(item.id)
        if on and not mine:
            findings.add_line(finding_values(self.dialog.desk, item))
        elif not on:
            for row in mine:
                findings.drop(row)

    def _finding_of(self, item: DeskItem) -> Mapping[str, Any]:
        rows = self._rows_of(item.id)
        if rows:
            return _line(rows[0])
        return finding_values(self.dialog.desk, item) if self.dialog is not None and self.dialog.desk else {}

    def _written(self, item: DeskItem, values: Mapping[str, Any]) -> None:
        for row in self._rows_of(item.id)[:1]:
            for name in values.keys() & row.cells.keys():
                row.cells[name].set_value(values[name])
            row.edited.emit()

    def _forget_findings(self, row: LineRow, line: Mapping[str, Any]) -> None:
        """Another form was chosen: the findings of the former one go with its answers."""
        findings = self.context.editor_of("findings")
        if findings is None or self.dialog is None or self.dialog.desk is None or not line.get("failed"):
            return
        for item in self.dialog.desk.items:
            for one in self._rows_of(item.id):
                findings.drop(one)


def _line(row: LineRow) -> dict[str, Any]:
    """A line's values, the unreadable left out, also of cells nobody touched."""
    found: dict[str, Any] = {}
    for name, cell in row.cells.items():
        try:
            found[name] = cell.value()
        except KnownError:
            continue
    return found


def _show_form(row: LineRow, desk: Desk) -> None:
    row.cells["checklist"].show_item(PickItem(desk.form_id, desk.name))  # type: ignore[attr-defined]
    for name in ("passed", "failed", "skipped", "notes"):
        row.cells[name].set_value("")




def install() -> None:
    """Have the forms show checklists by this editor."""
    FACES["checklist"] = ChecklistEditor
