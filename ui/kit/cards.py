"""Figure tiles, badges, section headers, empty states and key-value blocks; knows words and colours, no records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.buttons import IconLabel, PushButton, button, restyle
from ui.kit.palette import FIGURE_PX, UNIT

COMPACT_PX = 20
"""The height of a figure in a row of many tiles, in device-independent pixels."""
State = Literal["", "accent", "info", "success", "warning", "danger"]


class Badge(QLabel):
    """A pill with one word; the state gives its colour (danger overdue, warning due soon, success closed)."""

    def __init__(self, text: str = "", state: State = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName("badge")
        self.setProperty("state", state)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)

    def set(self, text: str, state: State = "") -> None:
        """Change word and colour."""
        self.setText(text)
        if self.property("state") != state:
            restyle(self, state=state)


class FigureTile(PushButton):
    """A figure as a button: its name, the value and unit large below, a remark at the right; Enter or click opens it.

    `opened(key)` is emitted with the figure's name. Without a value («—») it cannot be opened.
    """

    opened = Signal(str)

    def __init__(
        self, key: str, label: str, rule: str = "", parent: QWidget | None = None, compact: bool = False
    ) -> None:
        super().__init__("", parent)
        self.setObjectName("tile")
        self.key = key
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name = QLabel(label)
        self._value = QLabel("—")
        self._unit = QLabel("")
        self._second = QLabel("")
        self._value.setProperty("role", "figure")
        for each in (self._name, self._unit, self._second):
            each.setProperty("role", "muted")
        font = QFont(self.font())
        font.setPixelSize(COMPACT_PX if compact else FIGURE_PX)
        font.setWeight(QFont.Weight.DemiBold)
        self._value.setFont(font)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._value, 0, Qt.AlignmentFlag.AlignBaseline)
        line.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBaseline)
        line.addStretch(1)
        line.addWidget(self._second, 0, Qt.AlignmentFlag.AlignBaseline)
        self._box = QVBoxLayout(self)
        if compact:
            self._box.setContentsMargins(12, 6, UNIT, 4)
        else:
            self._box.setContentsMargins(2 * UNIT, 10, 2 * UNIT, 6)
        self._box.setSpacing(0)
        self._box.addWidget(self._name)
        self._box.addLayout(line)
        for each in (self._name, self._value, self._unit, self._second):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_rule(rule)
        self.setEnabled(False)
        self.clicked.connect(lambda: self.opened.emit(self.key))

    def set_rule(self, rule: str) -> None:
        """The figure's 口径, shown as the tool tip."""
        self.setToolTip(f"口径：{rule}" if rule else "")

    def set_value(self, value: str, unit: str = "", second: str = "", state: State = "") -> None:
        """Show a value already written out, its unit, a second line (trend, share) and the colour of urgency."""
        self._value.setText(value)
        self._unit.setText(unit)
        self._second.setText(second)
        restyle(self._value, state=state)
        self.setEnabled(True)
        self.setAccessibleName(f"{self._name.text()} {value}{unit} {second}".strip())

    def set_label(self, label: str) -> None:
        """Say the name otherwise, as with a share in it; told aloud with the next value."""
        self._name.setText(label)

    def value(self) -> str:
        """The text of the value."""
        return self._value.text()

    def sizeHint(self) -> QSize:
        return self._box.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._box.minimumSize()


class SectionHeader(QWidget):
    """A heading with an optional muted remark and buttons at the right."""

    def __init__(self, title: str, remark: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(UNIT)
        self.title = QLabel(title)
        self.title.setProperty("role", "heading")
        self.remark = QLabel(remark)
        self.remark.setProperty("role", "muted")
        self._row.addWidget(self.title, 0, Qt.AlignmentFlag.AlignBaseline)
        self._row.addWidget(self.remark, 0, Qt.AlignmentFlag.AlignBaseline)
        self._row.addStretch(1)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._row.addWidget(widget)


class EmptyState(QWidget):
    """What to show where there is nothing: an icon, one sentence, a hint, and the button for the next step."""

    def __init__(
        self,
        icon_name: str,
        sentence: str,
        hint: str = "",
        action: str = "",
        clicked: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setSpacing(UNIT)
        box.addStretch(1)
        box.addWidget(IconLabel(icon_name, "faint", 44), 0, Qt.AlignmentFlag.AlignHCenter)
        self.sentence = QLabel(sentence, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.sentence.setProperty("role", "heading")
        self.hint = QLabel(hint, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.hint.setProperty("role", "muted")
        box.addWidget(self.sentence)
        box.addWidget(self.hint)
        self.button = button(action, clicked, kind="primary")
        box.addSpacing(UNIT)
        box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)
        self.hint.setHidden(not hint)  # only now: shown before it has a parent it would be a window
        self.button.setHidden(not action)


class KeyValues(QWidget):
    """Names and values in two columns; values can be selected and copied, «—» stands for nothing."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * UNIT)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.set_pairs(pairs)

    def set_pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Replace what is shown."""
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for row, (name, value) in enumerate(pairs):
            key = QLabel(name)
            key.setProperty("role", "muted")
            text = QLabel(value or "—", wordWrap=True)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignTop)


class Card(QFrame):
    """A white rounded box with a heading and a body layout."""

    def __init__(self, title: str = "", remark: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(2 * UNIT, 12, 2 * UNIT, 12)
        self.body.setSpacing(UNIT)
        self.header = SectionHeader(title, remark)
        self.body.addWidget(self.header)
        self.header.setHidden(not title)
