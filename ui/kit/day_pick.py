"""截至 a day: a line to type it in and the calendar; tells of the day and of what cannot be read, knows no list."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from models.core.errors import FieldError
from models.core.fields import Date
from ui.kit.buttons import button, restyle
from ui.kit.dialogs import ask_date
from ui.kit.palette import UNIT


class DayPick(QWidget):
    """``chosen(day)`` when another day is meant, ``refused(message)`` when the text is no day."""

    chosen = Signal(object)
    refused = Signal(str)

    def __init__(
        self, today: dt.date, question: str, word: str = "截至", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.today, self.day, self._question = today, today, question
        self._field = Date(f"{word}日期", required=True)
        self.edit = QLineEdit(today.isoformat())
        self.edit.setFixedWidth(120)
        self.edit.setAccessibleName(f"{word}日期")
        self.edit.returnPressed.connect(self._typed)
        self.edit.editingFinished.connect(self._typed)
        name = QLabel(word)
        name.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(name)
        row.addWidget(self.edit)
        row.addWidget(button("日历", self._pick, "calendar", kind="quiet", parent=self))

    def set_day(self, day: dt.date) -> None:
        """Mean another day."""
        self.edit.setText(day.isoformat())
        self._typed()

    def _pick(self) -> None:
        day = ask_date(self, self._question, start=self.day)
        if day is not None:
            self.set_day(day)

    def _typed(self) -> None:
        try:
            day = self._field.parse(self.edit.text(), self.today)
        except FieldError as error:
            restyle(self.edit, bad=True)
            self.refused.emit(error.message)
            return
        restyle(self.edit, bad=False)
        if day is not None:
            self.edit.setText(day.isoformat())
            if day != self.day:
                self.day = day
                self.chosen.emit(day)
