"""One line of a lines editor: its cells, its number, its problems; knows fields, not what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from models.core.checks import Problem
from models.core.errors import KnownError
from ui.kit.buttons import icon_button
from ui.kit.form_editors import LINE_HEIGHT, Editor, FormContext, KeyFilter, LongEditor
from ui.kit.form_problems import ProblemList
from ui.kit.pick_popup import PickItem

if TYPE_CHECKING:
    from ui.kit.form_lines import LinesEditor

GAP, NUMBER_WIDTH, BUTTON_WIDTH = 6, 22, 30
Labels = Mapping[tuple[str, int], PickItem]


def make_cell(described: Any, context: FormContext) -> Editor:
    """The editor of one cell."""
    from ui.kit.form_field import make_editor

    return make_editor(described, context, cell=True)


class LineRow(QFrame):
    """One line: its number, its cells, the button that takes it out, and its problems below."""

    edited = Signal()

    def __init__(self, owner: LinesEditor) -> None:
        super().__init__()
        self.owner = owner
        self.record_id: int | None = None
        self.ready: dict[str, Any] = {}
        #: Values of the child that have no cell (the item of a checklist a finding comes from).
        self.extra: dict[str, Any] = {}
        own = owner.context
        context = FormContext(own.session, own.today, self.readable, own.values, own.initials)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        self.number = QLabel()
        self.number.setProperty("role", "muted")
        self.number.setFixedSize(NUMBER_WIDTH, LINE_HEIGHT)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        self.cells: dict[str, Editor] = {}
        keys = KeyFilter(self, self._key)
        for name, described in owner.columns.items():
            cell = make_cell(described, context)
            cell.edited.connect(lambda n=name: self._edited(n))
            cell.left.connect(lambda n=name: owner.check_cell(self, n))
            cell.advance.connect(lambda n=name: owner.go_on(self, n))
            if isinstance(cell, LongEditor):
                cell.filled.connect(self._fill)
            for target in cell.focus_targets():
                target.setAccessibleName(described.label)
                target.installEventFilter(keys)
            self.cells[name] = cell
            row.addWidget(cell, 0, Qt.AlignmentFlag.AlignTop)
        self.remove_button = icon_button("remove", "去掉这一行（Ctrl+Delete）", lambda: owner.remove(self))
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.remove_button.setFixedSize(BUTTON_WIDTH, LINE_HEIGHT)
        row.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(row)
        self.problems = ProblemList()
        self.problems.setContentsMargins(NUMBER_WIDTH + GAP, 2, BUTTON_WIDTH + GAP, 2)
        self.problems.edited.connect(self.edited)
        outer.addWidget(self.problems)

    def _edited(self, name: str) -> None:
        kept = [p for p in self.problems.problems() if p.field != name]
        self.show_problems(kept)
        self.edited.emit()

    def _fill(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if name in self.cells:
                self.cells[name].set_value(value)
                self._edited(name)
        last = [name for name in self.cells if name in values][-1]
        self.owner.go_on(self, last)

    def _key(self, event: QKeyEvent) -> bool:
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Delete and control:
            self.owner.remove(self)
        elif event.key() == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.owner.fill_prepared()
        elif event.key() == Qt.Key.Key_Insert and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.owner.add_row(after=self)
        else:
            return False
        return True

    def fill(self, values: Mapping[str, Any], labels: Labels) -> None:
        """Show a line's values and take them for unchanged."""
        self.record_id = values.get("id")
        self.extra = {n: v for n, v in values.items() if n in self.owner.unseen and v is not None}
        for name, cell in self.cells.items():
            value = values.get(name)
            item = labels.get((f"{self.owner.field.name}.{name}", value)) if isinstance(value, int) else None
            if item is not None and hasattr(cell, "show_item"):
                cell.show_item(item)
            else:
                cell.set_value(value)
            cell.set_baseline()

    def readable(self) -> dict[str, Any]:
        """The values that can be read; what a new line leaves untouched is left out, so that it may follow."""
        found: dict[str, Any] = {"id": self.record_id} if self.record_id else {**self.ready, **self.extra}
        for name, cell in self.cells.items():
            if self.record_id is None and not cell.changed:
                continue
            try:
                found[name] = cell.value()
            except KnownError:
                continue
        return found

    @property
    def blank(self) -> bool:
        """Whether it is a new line that nobody typed in."""
        return self.record_id is None and not any(cell.changed for cell in self.cells.values())

    def show_problems(self, problems: list[Problem]) -> None:
        """Show problems whose ``field`` is a column name, each with the column's label."""
        labels = [f"{self.owner.columns[p.field].label}：" if p.field in self.cells else "" for p in problems]
        self.problems.show_problems(problems, labels)
        for name, cell in self.cells.items():
            worst = {p.severity for p in problems if p.field == name}
            cell.mark("error" if "error" in worst else "warning" if worst else "")

    def state(self) -> dict[str, Any]:
        """What is typed, as JSON can hold it."""
        unseen = {"extra": self.extra} if self.extra and not self.record_id else {}
        return {"id": self.record_id, "cells": {n: cell.state() for n, cell in self.cells.items()}, **unseen}
