"""The messages under a field: errors in red, warnings in amber with the box for their reason; knows no record."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.core.checks import Problem
from ui.kit.buttons import IconLabel
from ui.kit.form_editors import FieldLine


class _Message(QFrame):
    """One problem: its words and, for a warning, the line for the reason."""

    def __init__(self, problem: Problem, prefix: str) -> None:
        super().__init__()
        self.problem = problem
        warning = problem.severity == "warning"
        self.setObjectName("doubt" if warning else "")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8) if warning else column.setContentsMargins(0, 1, 0, 1)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(
            IconLabel("warning" if warning else "error", "warning" if warning else "danger", 16),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        self.label = QLabel(prefix + problem.message, wordWrap=True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setProperty("role", "warning" if warning else "danger")
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self.label, 1)
        column.addLayout(row)
        self.reason: FieldLine | None = None
        if warning:
            self.reason = FieldLine()
            self.reason.setPlaceholderText("确认无误，理由：")
            self.reason.setAccessibleName(f"{problem.message}，确认无误的理由")
            column.addWidget(self.reason)


class ProblemList(QWidget):
    """The problems of one field, or of one line of a table; hidden while there are none."""

    edited = Signal()
    advance = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2, 0, 0)
        self._column.setSpacing(4)
        self._messages: list[_Message] = []
        self.hide()

    def show_problems(self, problems: Sequence[Problem], prefixes: Sequence[str] = ()) -> None:
        """Show these; a reason typed for the same warning stays."""
        kept = {
            (m.problem.rule, m.problem.field): m.reason.text() for m in self._messages if m.reason is not None
        }
        for message in self._messages:
            self._column.removeWidget(message)
            message.hide()
            message.deleteLater()
        self._messages = []
        for number, problem in enumerate(problems):
            message = _Message(problem, prefixes[number] if prefixes else "")
            if message.reason is not None:
                message.reason.setText(kept.get((problem.rule, problem.field), ""))
                message.reason.textEdited.connect(lambda _text: self.edited.emit())
                message.reason.entered.connect(self.advance)
            self._messages.append(message)
            self._column.addWidget(message)
        self.setVisible(bool(self._messages))

    @property
    def severity(self) -> str:
        """error, warning or '' of the worst shown."""
        found = {m.problem.severity for m in self._messages}
        return "error" if "error" in found else "warning" if found else ""

    def problems(self) -> list[Problem]:
        """What is shown."""
        return [m.problem for m in self._messages]

    def texts(self) -> list[str]:
        """The words shown."""
        return [m.label.text() for m in self._messages]

    def reasons(self) -> list[tuple[str, str]]:
        """Rule and typed reason of each warning."""
        return [(m.problem.rule, m.reason.text().strip()) for m in self._messages if m.reason is not None]

    def reason_lines(self) -> list[QWidget]:
        """The boxes for reasons, in order."""
        return [m.reason for m in self._messages if m.reason is not None]
