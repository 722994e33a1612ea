"""Editors of the plain field kinds: text, code, number, time, long text, yes/no; they know a field, not its table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QTextEdit, QWidget

from models.core.checks import Problem
from models.core.errors import KnownError
from ui.kit.buttons import restyle
from ui.kit.session import Session

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
LINE_HEIGHT = 36
"""A one-line field with its frame, in device-independent pixels."""
NARROW = {"date": 176, "time": 128, "integer": 144, "number": 144}
"""Widths of the kinds that need little room, in device-independent pixels."""


@dataclass
class FormContext:
    """What editors need from outside: the ledger, the day, the values typed so far, how choices are typed.

    ``editor_of`` is for an editor that fills its neighbours.
    ``initials`` gives for a choice its initials and, after a space each, its syllables (小餐饮: xcy xiao can yin).
    """

    session: Session
    today: dt.date
    values: Callable[[], Mapping[str, Any]] = dict
    parent_values: Callable[[], Mapping[str, Any]] = dict
    initials: dict[str, str] = field(default_factory=dict)
    #: The editor of another field of the same form, None where the form has none of that name.
    editor_of: Callable[[str], Any] = lambda name: None


class Editor(QWidget):
    """One field's widget.

    ``edited`` follows each change a person makes, ``left`` the focus going elsewhere, ``advance`` Enter. ``value``
    reads what was typed and raises FieldError; ``state`` is the same as plain data, also where it cannot be read.
    """

    edited = Signal()
    left = Signal()
    advance = Signal()

    def __init__(self, described: Any, context: FormContext) -> None:
        super().__init__()
        self.field, self.context = described, context
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._baseline: Any = None

    def value(self) -> Any:
        """The value typed. Raises FieldError with the mend."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value; emits nothing."""
        raise NotImplementedError

    def state(self) -> Any:
        """What is typed, as JSON can hold it."""
        raise NotImplementedError

    def restore(self, state: Any) -> None:
        """Show what ``state`` gave."""
        raise NotImplementedError

    def focus_targets(self) -> list[QWidget]:
        """The widgets that Tab visits, in order."""
        return []

    def set_baseline(self) -> None:
        """Take what is shown now for unchanged."""
        self._baseline = self.state()

    @property
    def changed(self) -> bool:
        """Whether a person changed it since the baseline."""
        return bool(self.state() != self._baseline)

    def mark(self, severity: str) -> None:
        """Colour the frame: error, warning or ''."""
        for target in self.focus_targets():
            restyle(target, bad=severity == "error", doubtful=severity == "warning")

    def live_problem(self) -> Problem | None:
        """What is wrong with the text as it stands, by the field alone."""
        try:
            value = self.value()
        except KnownError as exc:
            return Problem("", "format", exc.message)
        check = getattr(self.field, "check", None)
        found = check(value) if check is not None and value not in (None, "") else None
        if found is None:
            return None
        severity, rule, message = found
        return Problem("", rule, message, severity, str(value) if severity == "warning" else "")

    def holds(self) -> bool:
        """Whether Enter stays here, because nothing is there for what was typed."""
        return False

    def set_read_only(self, on: bool) -> None:
        """Show only."""
        for target in self.focus_targets():
            if isinstance(target, QLineEdit | QTextEdit):
                target.setReadOnly(on)
            else:
                target.setEnabled(not on)


class FieldLine(QLineEdit):
    """A line edit that tells of Enter and of the focus leaving for another widget of the window."""

    entered = Signal()
    came = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.came.emit()
        if event.reason() not in (
            Qt.FocusReason.MouseFocusReason,
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self.selectAll()


class LineEditor(Editor):
    """Text, code, number and time: one line, its unit behind it, put into the field's own form when it is left."""

    def __init__(self, described: Any, context: FormContext, cell: bool = False) -> None:
        super().__init__(described, context)
        self.edit = self.make_line()
        self.edit.setPlaceholderText("" if described.kind in NARROW else described.help)
        self.edit.setToolTip(described.help)
        if described.kind == "text":
            self.edit.setMaxLength(
                max(described.max_length, 1) + 200
            )  # the check says what is too long, not Qt
        width = None if cell else NARROW.get(described.kind)
        if width is not None:
            self.edit.setFixedWidth(width)
        self._row.addWidget(self.edit, 0 if width is not None else 1)
        if described.unit:
            unit = QLabel(described.unit)
            unit.setProperty("role", "muted")
            self._row.addWidget(unit)
        if width is not None:
            self._add_help()
        self.edit.textEdited.connect(lambda _text: self.edited.emit())
        self.edit.entered.connect(self.advance)
        self.edit.left.connect(self.tidy_up)

    def _add_help(self) -> None:
        """The help beside a narrow field, which has no room for it inside."""
        self.help = QLabel(self.field.help)
        self.help.setProperty("role", "hint")
        self.help.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row.addWidget(self.help, 1)

    def make_line(self) -> FieldLine:
        """The line edit; other kinds give their own."""
        return FieldLine()

    def value(self) -> Any:
        return self.field.parse(self.edit.text(), self.context.today)

    def set_value(self, value: Any) -> None:
        self.edit.setText(self.shown(value))
        self.edit.setCursorPosition(0)

    def shown(self, value: Any) -> str:
        """The value as it is edited (a masked code is shown whole)."""
        if self.field.kind == "code":
            return "" if value is None else str(value)
        return str(self.field.format(value))

    def state(self) -> Any:
        return self.edit.text()

    def restore(self, state: Any) -> None:
        self.edit.setText(str(state or ""))

    def focus_targets(self) -> list[QWidget]:
        return [self.edit]

    def tidy_up(self) -> None:
        """Show the value in the field's own form, where the text can be read."""
        if self.edit.text().strip() and not self.edit.isReadOnly():
            try:
                text = self.shown(self.value())
            except KnownError:
                text = self.edit.text()
            if text != self.edit.text():
                self.edit.setText(text)
        self.left.emit()


class FieldText(QTextEdit):
    """Plain text that grows with its lines; Tab goes on; ``single`` makes Enter go on too (Shift+Enter breaks)."""

    entered = Signal()
    left = Signal()
    key_pressed = Signal(object)

    def __init__(self, least_lines: int, most_lines: int, single: bool) -> None:
        super().__init__()
        self._least, self._most, self._single = least_lines, most_lines, single
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self.grow())

    def grow(self) -> None:
        """Fit the height to the text."""
        line = self.fontMetrics().lineSpacing()
        wanted = max(round(self.document().size().height()), self._least * line)
        height = min(wanted, self._most * line) + 14
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(max(height, LINE_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.grow()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(False)
        self.key_pressed.emit(event)
        if event.isAccepted():
            return
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        )
        if self._single and event.key() in ENTER and plain:
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.insertPlainText(source.text().replace("\r\n", "\n"))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, LINE_HEIGHT)


class LongEditor(Editor):
    """Several lines of text; in a line of a table (``cell``) Enter goes on to the next cell."""

    filled = Signal(object)

    def __init__(self, described: Any, context: FormContext, cell: bool = False) -> None:
        super().__init__(described, context)
        self.edit = FieldText(1 if cell else 3, 6 if cell else 12, cell)
        self.edit.setPlaceholderText(described.help)
        self.edit.setToolTip("" if cell else described.help)
        self._row.addWidget(self.edit)
        self._row.setAlignment(self.edit, Qt.AlignmentFlag.AlignTop)
        self._row.setStretch(0, 1)
        self._quiet = False
        self.edit.textChanged.connect(self._changed)
        self.edit.entered.connect(self.advance)
        self.edit.left.connect(self.left)
        self.suggester: Any = None
        if getattr(described, "suggest", None) is not None:
            from ui.kit.form_suggest import Suggester

            self.suggester = Suggester(self)

    def _changed(self) -> None:
        if not self._quiet:
            self.edited.emit()

    def value(self) -> Any:
        return self.field.parse(self.edit.toPlainText(), self.context.today)

    def set_value(self, value: Any) -> None:
        self.restore(self.field.format(value))

    def state(self) -> Any:
        return self.edit.toPlainText()

    def restore(self, state: Any) -> None:
        self._quiet = True
        self.edit.setPlainText(str(state or ""))
        self._quiet = False

    def focus_targets(self) -> list[QWidget]:
        return [self.edit]


class _Check(QCheckBox):
    entered = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class BoolEditor(Editor):
    """A box to tick; the space bar ticks it."""

    def __init__(self, described: Any, context: FormContext, cell: bool = False) -> None:
        super().__init__(described, context)
        self.edit = _Check("" if cell else described.help or "是")
        self.edit.setMinimumHeight(LINE_HEIGHT)
        self._row.addWidget(self.edit)
        self._row.addStretch(1)
        if cell:
            self._row.setContentsMargins(8, 0, 0, 0)
        self.edit.clicked.connect(lambda _on: self.edited.emit())
        self.edit.entered.connect(self.advance)
        self.edit.left.connect(self.left)

    def value(self) -> Any:
        return self.edit.isChecked()

    def set_value(self, value: Any) -> None:
        self.edit.setChecked(bool(value))

    def state(self) -> Any:
        return self.edit.isChecked()

    def restore(self, state: Any) -> None:
        self.edit.setChecked(bool(state))

    def focus_targets(self) -> list[QWidget]:
        return [self.edit]


class KeyFilter(QObject):
    """Hands the key presses of some widgets to a function before they reach them; True keeps the key."""

    def __init__(self, owner: QObject, take: Callable[[QKeyEvent], bool]) -> None:
        super().__init__(owner)
        self._take = take

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._take(event)
