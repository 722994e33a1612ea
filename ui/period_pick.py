"""A period to look at: one of the usual ones or any two days; tells when another is meant, knows no figure."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from models.core.errors import FieldError
from models.core.fields import Date
from models.period import periods
from models.rules.dates import Period
from ui.kit.palette import UNIT

OWN = "自定"


class PeriodPick(QWidget):
    """``chosen()`` when another period may be meant: ask ``period()``, which tells what cannot be read."""

    chosen = Signal()
    refused = Signal(str)

    def __init__(self, today: dt.date, word: str, usual: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today, self.word = today, word
        self._field = Date("日期", required=True)
        self._offered = periods(today)
        self.choice = QComboBox()
        self.choice.setAccessibleName(word)
        for period in self._offered:
            self.choice.addItem(period.label())
        self.choice.addItem(OWN)
        self.choice.setMinimumWidth(170)
        self.start, self.end = QLineEdit(), QLineEdit()
        for edit, name in ((self.start, "起"), (self.end, "止")):
            edit.setFixedWidth(120)
            edit.setAccessibleName(f"{word}{name}")
            edit.editingFinished.connect(self._typed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        for each in (_muted(word), self.choice, self.start, _muted("至"), self.end):
            row.addWidget(each)
        self.choice.setCurrentIndex(usual)
        self._picked()
        self.choice.currentIndexChanged.connect(lambda _index: self._picked())

    def _picked(self) -> None:
        index = self.choice.currentIndex()
        own = index >= len(self._offered)
        for edit in (self.start, self.end):
            edit.setReadOnly(not own)
            edit.setFocusPolicy(Qt.FocusPolicy.StrongFocus if own else Qt.FocusPolicy.ClickFocus)
        if own:
            self.start.setFocus()
            self.start.selectAll()
            return
        self._write(self._offered[index])
        self.chosen.emit()

    def _write(self, period: Period) -> None:
        self.start.setText(period.start.isoformat())
        self.end.setText(period.end.isoformat())

    def _typed(self) -> None:
        if self.choice.currentText() == OWN:
            self.chosen.emit()

    def set_period(self, start: dt.date, end: dt.date) -> None:
        """Mean another period."""
        same = [n for n, one in enumerate(self._offered) if (one.start, one.end) == (start, end)]
        self.choice.blockSignals(True)
        self.choice.setCurrentIndex(same[0] if same else len(self._offered))
        self.choice.blockSignals(False)
        for edit in (self.start, self.end):
            edit.setReadOnly(bool(same))
            edit.setFocusPolicy(Qt.FocusPolicy.ClickFocus if same else Qt.FocusPolicy.StrongFocus)
        self._write(Period(start, end))
        self.chosen.emit()

    def period(self) -> Period | None:
        """The period meant, its days written out; None, told by ``refused``, when it cannot be read."""
        try:
            start = self._field.parse(self.start.text(), self.today)
            end = self._field.parse(self.end.text(), self.today)
        except FieldError as error:
            self.refused.emit(f"{self.word}：{error.message}")
            return None
        if start is None or end is None or end < start:
            self.refused.emit(f"{self.word}：请填写起止日期，止日不能早于起日。")
            return None
        self._write(found := Period(start, end))
        return found


def _muted(text: str) -> QLabel:
    made = QLabel(text)
    made.setProperty("role", "muted")
    return made
