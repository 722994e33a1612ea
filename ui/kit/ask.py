"""A small dialog of described fields: read, errors at the field, one button that does it; knows no record.

Enter goes to the next field and from the last one submits; Ctrl+S or Ctrl+Enter submits from anywhere, Esc leaves.
What cannot be undone (`final`) is done by the button and by Ctrl+Enter alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from models.core.checks import CheckFailed, Problems
from models.core.errors import FieldError, KnownError
from ui.kit.buttons import button, restyle
from ui.kit.dialogs import ask_date, ask_reason
from ui.kit.errors import show_error
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.radio import RadioChoice
from ui.kit.toast import Banner

MOST_TOLD = 4
"""So many refusals stand in the banner; of more only their number."""


class Asked(QObject):
    """One field on a form: its editor, its words below, and what it holds."""

    changed = Signal()

    def __init__(
        self, name: str, field: Any, value: Any, today: dt.date, parent: QWidget, radio: bool = False
    ) -> None:
        super().__init__(parent)
        self.name, self.field, self.today, self.help = name, field, today, field.help
        self.radio = radio
        self.editor = self._make_editor(value)
        self.editor.setAccessibleName(field.label)
        self.label = QLabel(field.label + (" *" if field.required else ""))
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.label.setFixedHeight(36)
        self.label.setBuddy(self.editor)
        self.words = QLabel(field.help, wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("role", "muted")
        if not field.help:  # never shown here: without a parent it would flash up as a window
            self.words.hide()
        self.changed.connect(self.clear_problem)

    def _make_editor(self, value: Any) -> QWidget:
        shown = "" if value is None else self.field.format(value)
        if self.field.kind == "choice" and self.radio:
            choice = RadioChoice(self.field.labels)
            choice.choose(str(value or ""))
            choice.changed.connect(self.changed)
            return choice
        if self.field.kind == "choice":
            box = QComboBox()
            if not self.field.required or value is None:
                box.addItem("请选择" if self.field.required else "（不填）", None)
            for code, label in self.field.labels.items():
                box.addItem(label, code)
            box.setCurrentIndex(max(0, box.findData(value)))
            box.currentIndexChanged.connect(lambda _index: self.changed.emit())
            return box
        if self.field.kind == "bool":
            tick = QCheckBox("是")
            tick.setChecked(bool(value))
            tick.toggled.connect(lambda _on: self.changed.emit())
            return tick
        if self.field.kind == "long":
            edit = QPlainTextEdit(shown)
            edit.setTabChangesFocus(True)
            edit.setFixedHeight(11 * UNIT)
            edit.textChanged.connect(self.changed)
            return edit
        line = QLineEdit(shown)
        if self.field.kind == "date":
            line.setPlaceholderText("如 2024-6-30、今天、+15")
            pick = QAction(icon("calendar", "muted"), "打开日历（F4）", line)
            pick.triggered.connect(self._pick)
            line.addAction(pick, QLineEdit.ActionPosition.TrailingPosition)
            QShortcut(QKeySequence("F4"), line, self._pick, context=Qt.ShortcutContext.WidgetShortcut)
            line.editingFinished.connect(self._tidy)
        line.textChanged.connect(self.changed)
        return line

    def _pick(self) -> None:
        try:
            start = self.value()
        except FieldError:
            start = None
        day = ask_date(self.editor.window(), self.field.label, start=start or self.today)
        if day is not None:
            self.set_text(day.isoformat())
            self.editor.setFocus()

    def _tidy(self) -> None:
        """Write a typed date out in full, so that the clerk sees what was understood."""
        try:
            day = self.value()
        except FieldError as error:
            self.show_problem(error.message)
            return
        if day is not None and self.text() != day.isoformat():
            self.set_text(day.isoformat())

    def text(self) -> str:
        """What is typed; of a choice its code."""
        if isinstance(self.editor, QComboBox):
            return str(self.editor.currentData() or "")
        if isinstance(self.editor, RadioChoice):
            return self.editor.code()
        if isinstance(self.editor, QCheckBox):
            return "是" if self.editor.isChecked() else ""
        if isinstance(self.editor, QPlainTextEdit):
            return self.editor.toPlainText()
        assert isinstance(self.editor, QLineEdit)
        return self.editor.text()

    def set_text(self, text: str) -> None:
        """Put a text (of a choice its code) into the editor."""
        if isinstance(self.editor, QComboBox):
            self.editor.setCurrentIndex(max(0, self.editor.findData(text or None)))
        elif isinstance(self.editor, RadioChoice):
            self.editor.choose(text)
        elif isinstance(self.editor, QCheckBox):
            self.editor.setChecked(text == "是")
        elif isinstance(self.editor, QPlainTextEdit):
            self.editor.setPlainText(text)
        elif isinstance(self.editor, QLineEdit):
            self.editor.setText(text)

    def value(self) -> Any:
        """The value meant. Raises FieldError."""
        return self.field.parse(self.text(), self.today)

    def show_problem(self, message: str, warning: bool = False) -> None:
        """Say at the field what is wrong."""
        self.words.setText(message)
        restyle(self.words, role="warning" if warning else "danger")
        self.words.show()
        restyle(self.editor, bad=not warning)

    def set_read_only(self) -> None:
        """Show the value only."""
        if isinstance(self.editor, QLineEdit | QPlainTextEdit):
            self.editor.setReadOnly(True)
        else:
            self.editor.setEnabled(False)

    def clear_problem(self) -> None:
        """Back to the help."""
        if self.words.property("role") != "muted":
            self.words.setText(self.help)
            restyle(self.words, role="muted")
            self.words.setVisible(bool(self.help))
            restyle(self.editor, bad=False)

    def set_help(self, text: str) -> None:
        """Other words below the field than its own."""
        self.help = text
        if self.words.property("role") == "muted":
            self.words.setText(text)
            self.words.setVisible(bool(text) and not self.editor.isHidden())

    def set_shown(self, on: bool) -> None:
        """Take the field off the form, or put it back."""
        self.label.setVisible(on)
        self.editor.setVisible(on)
        self.words.setVisible(on and bool(self.words.text()))


class Form(QWidget):
    """Fields below one another, labels right-aligned; Enter moves on."""

    submitted = Signal()
    changed = Signal()

    def __init__(self, today: dt.date, columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today, self._columns = today, columns
        self.fields: dict[str, Asked] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        for column in range(columns):
            self._grid.setColumnStretch(2 * column + 1, 1)
        self._at = 0

    def add(self, name: str, field: Any, value: Any = None, wide: bool = False, radio: bool = False) -> Asked:
        """Append a described field; with ``radio`` the values of a choice stand below one another."""
        asked = Asked(name, field, value, self._today, self, radio)
        self.fields[name] = asked
        asked.editor.installEventFilter(self)
        asked.changed.connect(self.changed)
        box = QVBoxLayout()
        box.setSpacing(2)
        box.addWidget(asked.editor)
        box.addWidget(asked.words)
        box.addStretch(1)
        self._place(asked.label, box, wide)
        return asked

    def add_row(self, label: str, widget: QWidget) -> None:
        """A widget of the caller's own in a whole line."""
        box = QVBoxLayout()
        box.addWidget(widget)
        name = QLabel(label)
        name.setFixedHeight(36)
        name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._place(name, box, True)

    def _place(self, label: QLabel, box: QVBoxLayout, wide: bool) -> None:
        if wide and self._at % self._columns:
            self._at += 1
        row, column = divmod(self._at, self._columns)
        self._grid.addWidget(label, row, 2 * column, Qt.AlignmentFlag.AlignTop)
        self._grid.addLayout(box, row, 2 * column + 1, 1, 2 * self._columns - 1 if wide else 1)
        self._at += self._columns if wide else 1

    def set_read_only(self) -> None:
        """Show the values only."""
        for asked in self.fields.values():
            asked.set_read_only()

    def label_width(self) -> int:
        """What the widest label needs, in device-independent pixels."""
        return max((asked.label.sizeHint().width() for asked in self.fields.values()), default=0)

    def set_label_width(self, width: int) -> None:
        """Give every column of labels the same width, so that several forms stand in line."""
        for column in range(self._columns):
            self._grid.setColumnMinimumWidth(2 * column, width)

    def texts(self) -> dict[str, str]:
        """What is typed, by name."""
        return {name: asked.text() for name, asked in self.fields.items()}

    def values(self) -> dict[str, Any] | None:
        """The values meant; None when one cannot be read, which then says so and has the focus."""
        found, first = {}, None
        for name, asked in self.fields.items():
            try:
                found[name] = asked.value()
            except FieldError as error:
                asked.show_problem(error.message)
                first = first or asked
        if first is not None:
            first.editor.setFocus()
            return None
        return found

    def show_problems(self, problems: Problems) -> list[str]:
        """Show each at its field, focus the first; returns the messages that have no field here."""
        rest, first = [], None
        for problem in problems:
            asked = self.fields.get(problem.field.partition("[")[0])
            if asked is None:
                rest.append(problem.message)
                continue
            asked.show_problem(problem.message, problem.severity == "warning")
            first = first or asked
        if first is not None:
            first.editor.setFocus()
        return rest

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not isinstance(watched, QPlainTextEdit)
        ):
            editors = [asked.editor for asked in self.fields.values() if asked.editor.isVisibleTo(self)]
            later = editors[editors.index(watched) + 1 :] if watched in editors else []
            if later:
                later[0].setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self.submitted.emit()
            return True
        return False


class AskDialog(QDialog):
    """Headline, form, an optional side pane, 取消 and the one button. `on_submit(values)` does the work.

    The caller closes it with `accept()` after success, or hands the exception to `fail`, which shows it at the
    field and keeps what was typed.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        headline: str,
        today: dt.date,
        yes: str = "确定",
        text: str = "",
        caution: str = "",
        danger: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        self.on_submit: Callable[[dict[str, Any]], object] = lambda values: self.accept()
        self.may_waive = False
        self.waivers: dict[str, str] = {}
        self.form = Form(today)
        self.form.submitted.connect(self._entered)
        self.final = bool(caution)
        self.banner = Banner()
        self.headline = QLabel(headline, wordWrap=True)
        self.headline.setProperty("role", "heading")
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.text = QLabel(text, wordWrap=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setProperty("role", "muted")
        if not text:
            self.text.hide()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        self.body.setSpacing(12)
        for each in (self.headline, self.text, self.banner, self.form):
            self.body.addWidget(each)
        self.body.addStretch(1)
        self.body.addLayout(self._make_foot(yes, caution, danger))
        self._outer = QHBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addLayout(self.body, 1)
        QShortcut(QKeySequence("Ctrl+S"), self, self._entered)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.submit)
        self.set_final(bool(caution))

    def _make_foot(self, yes: str, caution: str, danger: bool) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        self.caution = QLabel(caution)
        self.caution.setProperty("role", "warning")
        foot.addWidget(self.caution, 1)
        self.no = button("取消", self.reject, tip="Esc", parent=self)
        self.yes = button(yes, self.submit, kind="danger" if danger else "primary", parent=self)
        foot.addWidget(self.no)
        foot.addWidget(self.yes)
        return foot

    def set_final(self, on: bool) -> None:
        """Whether what the dialog does cannot be undone: the keys that may do it follow."""
        self.final = on
        self.yes.setToolTip("Ctrl+Enter，或用 Tab 移到这里按 Enter" if on else "Ctrl+S 或 Ctrl+Enter")

    def _entered(self) -> None:
        """Enter in the last field, or the key for saving: no way to do what is final by habit."""
        if self.final:
            self.banner.tell(f"确认无误后按 Ctrl+Enter，或点“{self.yes.text()}”。", "warning", closable=False)
        else:
            self.submit()

    def add_side(self, widget: QWidget) -> None:
        """Put a pane at the right."""
        line = QFrame()
        line.setFixedWidth(1)
        line.setProperty("role", "line")
        line.setMaximumHeight(16777215)
        self._outer.addWidget(widget, 1)

    def submit(self) -> None:
        """Read the form and hand it on."""
        if not self.yes.isEnabled():
            return
        values = self.form.values()
        if values is not None:
            self.banner.hide()
            self.yes.setEnabled(False)
            self.on_submit(values)

    def fail(self, error: Exception) -> None:
        """Show why it was refused; what was typed stays."""
        self.yes.setEnabled(True)
        if isinstance(error, CheckFailed) and error.only_warnings and self.may_waive:
            self._waive(error)
        elif isinstance(error, CheckFailed):
            rest = self.form.show_problems(error.problems)
            if rest:
                more = f"；等 {len(rest)} 处" if len(rest) > MOST_TOLD else ""
                self.banner.tell("；".join(rest[:MOST_TOLD]) + more, "danger", closable=False)
        elif isinstance(error, KnownError):
            self.banner.tell(str(error), "danger", closable=False)
        else:
            show_error(self, error)

    def _waive(self, error: CheckFailed) -> None:
        """Warnings only: ask for the reason to accept them, and try again with it."""
        self.form.show_problems(error.problems)
        messages = dict.fromkeys(problem.message for problem in error.problems)
        reason = ask_reason(self, "有需要确认的提醒", "\n".join(messages), "确认无误的，请写明理由", "仍要保存")
        if reason is not None:
            self.waivers |= {problem.rule: reason for problem in error.problems}
            self.submit()

    def set_values(self, values: Mapping[str, str]) -> None:
        """Put texts into fields."""
        for name, text in values.items():
            self.form.fields[name].set_text(text)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._grow()
        return done

    def _grow(self) -> None:
        """As high as its words need: with lines that wrap Qt does not see to it."""
        layout = self.layout()
        assert layout is not None
        wanted = layout.totalSizeHint().height()
        if layout.hasHeightForWidth():
            wanted = max(layout.totalMinimumSize().height(), layout.totalHeightForWidth(self.width()))
        room = self.screen().availableSize().height() - 6 * UNIT
        if self.height() < min(wanted, room):
            self.resize(self.width(), min(wanted, room))

    def showEvent(self, event: QShowEvent) -> None:
        self._grow()
        super().showEvent(event)
        first = next(iter(self.form.fields.values()), None)
        if first is not None:
            first.editor.setFocus()
            if isinstance(first.editor, QLineEdit):
                first.editor.selectAll()
