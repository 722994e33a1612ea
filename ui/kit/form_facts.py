"""The line «自何日起» under dated facts: from which day a change holds, and what that means; knows no topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from models.core.fields import Date
from ui.kit.buttons import IconLabel
from ui.kit.date_edit import DateEditor
from ui.kit.form_data import Loaded
from ui.kit.form_editors import LINE_HEIGHT, FormContext
from ui.kit.form_problems import ProblemList

BEGINNING = dt.date(1900, 1, 1)


class FactsBar(QFrame):
    """Shown when a fact of a stored record was changed; ``day`` is the first day of the new facts."""

    edited = Signal()
    advance = Signal()

    def __init__(self, context: FormContext) -> None:
        super().__init__()
        self.setObjectName("facts")
        self._context = context
        self._since: dt.date | None = None
        self._changes: Sequence[tuple[str, str, str]] = ()
        self.editor = DateEditor(Date("自何日起", required=True, help=""), context)
        self.problems = ProblemList()
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(8)
        grid.addWidget(IconLabel("history", "info", 18), 0, 0)
        label = QLabel("变更自何日起")
        label.setFixedHeight(LINE_HEIGHT)
        grid.addWidget(label, 0, 1)
        grid.addWidget(self.editor, 0, 2)
        grid.setColumnStretch(2, 1)
        below = QVBoxLayout()
        self.sentence = QLabel(wordWrap=True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setProperty("role", "hint")
        below.addWidget(self.problems)
        below.addWidget(self.sentence)
        grid.addLayout(below, 1, 1, 1, 2)
        self.editor.edited.connect(self._changed)
        self.editor.left.connect(self._changed)
        self.editor.advance.connect(self.advance)
        self.hide()

    def start(self, loaded: Loaded) -> None:
        """Begin with a loaded record: from today on."""
        self._since = loaded.facts_from
        self.editor.set_value(self._context.today)
        self.editor.set_baseline()
        self.show_changes([])

    def show_changes(self, changes: Sequence[tuple[str, str, str]]) -> None:
        """Show what changes, as (label, old words, new words); hidden when nothing does."""
        self._changes = changes
        self.setVisible(bool(changes))
        self._write()

    def day(self) -> dt.date | None:
        """The first day of the new facts. None where nothing changed. Raises FieldError where it cannot be read."""
        if not self._changes:
            return None
        found: dt.date | None = self.editor.value()
        return found or self._context.today

    def _changed(self) -> None:
        found = self.editor.live_problem()
        self.problems.show_problems([found] if found is not None else [])
        self.editor.mark(self.problems.severity)
        self._write()
        self.edited.emit()

    def _write(self) -> None:
        day = self.editor.day_or_none() or self._context.today
        what = "；".join(f"{label}由“{old or '空'}”改为“{new or '空'}”" for label, old, new in self._changes)
        if self._since is not None and day == self._since:
            since = "一直以来" if self._since == BEGINNING else f"{self._since}以来"
            self.sentence.setText(f"更正{since}的登记：{what}。以前的统计也按更正后的算。")
        else:
            self.sentence.setText(f"自{day}起{what}；{day}以前的统计仍按原来的算，历史保留。")

    def focus(self) -> None:
        """Put the cursor into the day."""
        self.editor.focus_targets()[0].setFocus(Qt.FocusReason.TabFocusReason)

    def targets(self) -> list[QWidget]:
        """What Tab visits."""
        return self.editor.focus_targets()
