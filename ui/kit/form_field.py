"""One field of a form: its label, its editor and, below, what is wrong with it; knows a field, not its table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from models.core.checks import Problem
from ui.kit.date_edit import DateEditor
from ui.kit.form_editors import LINE_HEIGHT, BoolEditor, Editor, FormContext, LineEditor, LongEditor
from ui.kit.form_lines import LinesEditor
from ui.kit.form_links import LinksEditor
from ui.kit.form_problems import ProblemList
from ui.kit.pick_editors import ChoiceEditor
from ui.kit.ref_picker import RefEditor
from ui.kit.theme import colours, theme

WRAP_FROM = 14
"""A text of a table that is at least this wide (in Chinese characters) wraps in its cell."""


#: Editors of lines with a face of their own, by ``Lines.face``; the topic that has one puts it here.
FACES: dict[str, Callable[[Any, FormContext], Editor]] = {}


def make_editor(described: Any, context: FormContext, cell: bool = False) -> Editor:
    """The editor of a field's kind."""
    match described.kind:
        case "long":
            return LongEditor(described, context, cell)
        case "text" if cell and described.width >= WRAP_FROM:
            return LongEditor(described, context, cell)
        case "choice":
            return ChoiceEditor(described, context, cell)
        case "bool":
            return BoolEditor(described, context, cell)
        case "date":
            return DateEditor(described, context, cell)
        case "ref":
            return RefEditor(described, context, cell)
        case "lines":
            return FACES.get(described.face, LinesEditor)(described, context)
        case "links":
            return LinksEditor(described, context)
    return LineEditor(described, context, cell)


class FieldLabel(QLabel):
    """A right-aligned label with the mark of required fields in the colour of danger."""

    def __init__(self, described: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._required = described.label, described.required
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(LINE_HEIGHT)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setToolTip(described.help)
        self._write()
        theme().changed.connect(self._write)

    def _write(self) -> None:
        mark = f'<span style="color:{colours().danger}">* </span>' if self._required else ""
        self.setText(mark + self._text)

    def set_required(self, on: bool) -> None:
        """Show or take away the mark."""
        if on != self._required:
            self._required = on
            self._write()

    def wanted_width(self) -> int:
        """The width of the words in one line, in device-independent pixels."""
        return self.fontMetrics().horizontalAdvance("* " + self._text) + 4


class FieldBox(QWidget):
    """One field: its editor and, below, what is wrong with it."""

    edited = Signal(str)
    advance = Signal(str)

    def __init__(
        self, name: str, described: Any, context: FormContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.name, self.field = name, described
        self.editor = make_editor(described, context)
        self.problems = ProblemList()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.editor)
        self.remark: QLabel | None = None
        column.addWidget(self.problems)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.editor.edited.connect(self._edited)
        self.editor.left.connect(self._check)
        self.editor.advance.connect(self._advance)
        self.problems.edited.connect(lambda: self.edited.emit(""))
        self.problems.advance.connect(lambda: self.advance.emit(self.name))

    def tell(self, text: str) -> None:
        """Show a remark under the editor; '' takes it away."""
        if self.remark is None and text:
            self.remark = QLabel(wordWrap=True)
            self.remark.setTextFormat(Qt.TextFormat.PlainText)
            self.remark.setProperty("role", "hint")
            column = self.layout()
            assert isinstance(column, QVBoxLayout)
            column.insertWidget(1, self.remark)
        if self.remark is not None:
            self.remark.setText(text)
            self.remark.setVisible(bool(text))

    def _edited(self) -> None:
        if self.problems.problems():
            self.show_problems([])
        self.edited.emit(self.name)

    def _check(self) -> None:
        """What the field alone says of a text just typed; a warning brings the box for its reason."""
        if not self.editor.changed or isinstance(self.editor, LinesEditor):
            return
        found = self.editor.live_problem()
        shown = {p.rule for p in self.problems.problems() if p.severity == "warning"}
        if found is not None and found.rule not in shown:
            self.show_problems([Problem(self.name, found.rule, found.message, found.severity, found.value)])

    def _advance(self) -> None:
        if isinstance(self.editor, LineEditor):
            self.editor.tidy_up()  # so that a doubt is shown before the cursor goes on
        lines = self.problems.reason_lines()
        if self.editor.holds():
            self._check()
        elif self.problems.severity == "warning" and lines:
            lines[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.advance.emit(self.name)

    def show_problems(self, problems: list[Problem]) -> None:
        """Show these under the editor and colour its frame."""
        self.problems.show_problems(problems)
        self.editor.mark(self.problems.severity)

    def targets(self) -> list[QWidget]:
        """What Tab visits, in order."""
        return [*self.editor.focus_targets(), *self.problems.reason_lines()]

    def focus(self) -> None:
        """Put the cursor into the editor, or into the empty box of a warning's reason."""
        empty = [line for line in self.problems.reason_lines() if not line.text().strip()]  # type: ignore[attr-defined]
        only = self.problems.severity == "warning" and empty
        targets = empty if only else self.editor.focus_targets()
        if targets:
            targets[0].setFocus(Qt.FocusReason.TabFocusReason)
