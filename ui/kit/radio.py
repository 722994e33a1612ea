"""One of a few, all in sight: radio buttons with a code each; knows no field."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget


class RadioChoice(QWidget):
    """Radio buttons below one another; none may be chosen at first."""

    changed = Signal()

    def __init__(self, labels: Mapping[str, str]) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 6, 0, 6)
        self.buttons: dict[str, QRadioButton] = {}
        for code, label in labels.items():
            made = QRadioButton(label)
            made.toggled.connect(lambda on: self.changed.emit() if on else None)
            self.buttons[code] = made
            box.addWidget(made)
        self.setFocusProxy(next(iter(self.buttons.values())))

    def code(self) -> str:
        """The code chosen; '' for none."""
        return next((code for code, made in self.buttons.items() if made.isChecked()), "")

    def choose(self, code: str) -> None:
        """Choose a code; one that is not there changes nothing."""
        if code in self.buttons:
            self.buttons[code].setChecked(True)
