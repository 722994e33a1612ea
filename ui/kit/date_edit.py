"""The editor of dates: typed any way a clerk writes them, or picked from a calendar; knows no rule about the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from PySide6.QtCore import QDate, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from models.core.errors import KnownError
from ui.kit.buttons import button
from ui.kit.form_editors import ENTER, FieldLine, FormContext, LineEditor
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.theme import colours

EARLIEST, LATEST = QDate(1900, 1, 1), QDate(2100, 12, 31)


class CalendarPopup(QFrame):
    """A month inside the window, under its field; Enter takes the marked day, Esc closes it."""

    picked = Signal(object)
    closed = Signal()

    def __init__(self, window: QWidget, today: dt.date) -> None:
        super().__init__(window)
        self.setObjectName("pick")
        self._today = today
        self.calendar = QCalendarWidget(self)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setDateRange(EARLIEST, LATEST)
        plain = QTextCharFormat()
        plain.setForeground(QColor(colours().muted))
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(weekend, plain)
        for name, picture in (("prev", "chevron-left"), ("next", "chevron-right")):
            arrow = self.calendar.findChild(QToolButton, f"qt_calendar_{name}month")
            if arrow is not None:
                arrow.setIcon(icon(picture))
        self.calendar.clicked.connect(self._take)
        self.calendar.activated.connect(self._take)
        foot = QHBoxLayout()
        foot.addStretch(1)
        now = button("今天", lambda: self._take(QDate(today.year, today.month, today.day)), kind="link")
        now.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot.addWidget(now)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(4, 4, 4, 4)
        inner.setSpacing(0)
        inner.addWidget(self.calendar)
        inner.addLayout(foot)
        self.hide()

    def open_at(self, field: QWidget, day: dt.date) -> None:
        """Show the month of ``day`` under (or above) a field."""
        self.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        window = field.window()
        corner = field.mapTo(window, QPoint(0, 0))
        width, height = 320, 300
        y = corner.y() + field.height() + 2
        if y + height > window.height() - UNIT and corner.y() > height:
            y = corner.y() - height - 2
        x = max(UNIT, min(corner.x(), window.width() - width - UNIT))
        self.setGeometry(x, max(0, y), width, height)
        self.show()
        self.raise_()

    def step(self, days: int) -> None:
        """Mark a day before or after."""
        self.calendar.setSelectedDate(self.calendar.selectedDate().addDays(days))

    def take_marked(self) -> None:
        """Choose the marked day."""
        self._take(self.calendar.selectedDate())

    def _take(self, day: QDate) -> None:
        self.hide()
        self.picked.emit(dt.date(day.year(), day.month(), day.day()))


class DateLine(FieldLine):
    """The line of a date: F4 or the button opens the calendar, ↑ and ↓ go a day on, Ctrl+; is today."""

    day_set = Signal(object)

    def __init__(self, context: FormContext) -> None:
        super().__init__()
        self._context = context
        self._popup: CalendarPopup | None = None
        action = self.addAction(icon("calendar", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip("打开日历（F4）")
        action.triggered.connect(self.toggle)

    @property
    def is_open(self) -> bool:
        """Whether the calendar is shown."""
        return self._popup is not None and self._popup.isVisible()

    def day(self) -> dt.date:
        """The day written, else today."""
        from models.rules.dates import parse_date

        try:
            return parse_date(self.text(), self._context.today)
        except ValueError:
            return self._context.today

    def toggle(self) -> None:
        """Open the calendar or close it."""
        if self.is_open:
            self.close_calendar()
        elif not self.isReadOnly():
            self.setFocus()
            if self._popup is None or self._popup.parentWidget() is not self.window():
                self._popup = CalendarPopup(self.window(), self._context.today)
                self._popup.calendar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                for inner in self._popup.calendar.findChildren(QWidget):
                    inner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                self._popup.picked.connect(self.day_set)
            self._popup.open_at(self, self.day())
            QTimer.singleShot(0, self._popup, lambda: self.is_open and self._popup.open_at(self, self.day()))  # type: ignore[union-attr]

    def close_calendar(self) -> None:
        """Hide the calendar."""
        if self._popup is not None:
            self._popup.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        steps: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if control and key in (Qt.Key.Key_Semicolon, 0xFF1B):
            self.day_set.emit(self._context.today)
        elif key == Qt.Key.Key_F4:
            self.toggle()
        elif self.is_open and self._popup is not None and self._calendar_key(key, control):
            return
        elif key in steps and not self.isReadOnly():
            self.day_set.emit(
                self.day() + dt.timedelta(days=steps[key]) if self.text().strip() else self.day()
            )
        else:
            super().keyPressEvent(event)

    def _calendar_key(self, key: int, control: bool) -> bool:
        assert self._popup is not None
        steps: dict[int, int] = {
            Qt.Key.Key_Up: -7,
            Qt.Key.Key_Down: 7,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
        }
        if key in steps:
            self._popup.step(steps[key])
        elif key in ENTER and not control:
            self._popup.take_marked()
        elif key == Qt.Key.Key_Escape:
            self.close_calendar()
        else:
            return False
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.close_calendar()
        super().focusOutEvent(event)


class DateEditor(LineEditor):
    """A day, typed as 2024.6.5, 6/5, 今天, +15 … and shown as 2024-06-05."""

    edit: DateLine

    def __init__(self, described: Any, context: FormContext, cell: bool = False) -> None:
        super().__init__(described, context, cell)
        self.edit.setToolTip(
            "\n".join(filter(None, (described.help, "可写2024.6.5、6/5、今天、+15；Ctrl+;填今天，F4开日历")))
        )
        self.edit.day_set.connect(self._set_day)

    def make_line(self) -> FieldLine:
        return DateLine(self.context)

    def _set_day(self, day: dt.date) -> None:
        self.set_value(day)
        self.edit.selectAll()
        self.edited.emit()

    def day_or_none(self) -> dt.date | None:
        """The day where it can be read."""
        try:
            found: dt.date | None = self.value()
        except KnownError:
            return None
        return found
