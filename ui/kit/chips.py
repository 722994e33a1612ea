"""Filter chips: shows which filters are on and takes them off; knows keys and words, not what they filter."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from ui.kit.buttons import button, icon_button
from ui.kit.flow import FlowLayout


class Chip(QFrame):
    """One filter; ×, Delete or Backspace removes it, a click or Enter opens it."""

    removed = Signal(str)
    activated = Signal(str)

    def __init__(self, key: str, text: str, removable: bool = True) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.key = key
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6 if removable else 12, 4)
        row.setSpacing(4)
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(label)
        self._removable = removable
        if removable:
            cross = icon_button("close", f"去掉“{text}”", lambda: self.removed.emit(self.key), "accent")
            cross.setIconSize(QSize(14, 14))
            cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.cross = cross
            row.addWidget(cross)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self._removable and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.key)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit(self.key)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: object) -> None:
        self.activated.emit(self.key)


class ChipsRow(QWidget):
    """The line of chips with 清除全部; hidden while there are none."""

    removed = Signal(str)
    activated = Signal(str)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        self._chips: dict[str, Chip] = {}
        self.clear_button = button("清除全部", self.cleared.emit, kind="link")
        self._flow.addWidget(self.clear_button)
        self.hide()

    def set_chips(self, chips: Iterable[tuple[str, str]]) -> None:
        """Show these (key, text) pairs in this order; emits nothing."""
        while self._flow.count():
            self._flow.takeAt(0)
        for chip in self._chips.values():
            chip.hide()
            chip.deleteLater()
        self._chips = {}
        for key, text in chips:
            chip = Chip(key, text)
            chip.removed.connect(self.removed)
            chip.activated.connect(self.activated)
            self._chips[key] = chip
            self._flow.addWidget(chip)
        self._flow.addWidget(self.clear_button)
        self.clear_button.setVisible(len(self._chips) > 1)
        self.setVisible(bool(self._chips))
        self.updateGeometry()

    def keys(self) -> list[str]:
        """The keys shown, in order."""
        return list(self._chips)

    def chip(self, key: str) -> Chip:
        """The chip of a key; KeyError when it is not shown."""
        return self._chips[key]
