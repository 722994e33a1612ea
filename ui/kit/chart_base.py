"""What every chart of the kit shares: data, a mark moved by mouse or keys, `activated(key)`; knows no figure."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QToolTip, QWidget

from ui.kit.chart_data import ChartData, Series
from ui.kit.theme import colours, theme

_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


def series_colour(series: Series, index: int) -> QColor:
    """The role's colour when the series has a meaning, else the theme's next one."""
    look = colours()
    return QColor(look.role(series.role) if series.role else look.series[index % len(look.series)])


class Chart(QWidget):
    """What both charts share: the data, a current mark moved by keys, the tool tip, `activated(key)`."""

    activated = Signal(str)

    def __init__(self, empty_text: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.data: ChartData | None = None
        self._current: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._empty_text = empty_text
        theme().changed.connect(self.redraw)

    def set_data(self, data: ChartData) -> None:
        """Show other data."""
        self.data = data
        self._current = None
        self.setAccessibleName(data.title)
        self.setAccessibleDescription("；".join(data.words(*mark) for mark in self.marks()))
        self.redraw()

    def marks(self) -> list[tuple[int, int]]:
        """(category, series) of every bar or slice with a value, in reading order."""
        if self.data is None:
            return []
        return [
            (category, series)
            for category in range(len(self.data.categories))
            for series in range(len(self.data.series))
            if self.data.series[series].values[category]
        ]

    @property
    def current(self) -> tuple[int, int] | None:
        """The mark under the mouse or chosen by key."""
        return self._current

    def redraw(self) -> None:
        """Draw again, after new data or a new theme."""
        raise NotImplementedError

    def _set_current(self, mark: tuple[int, int] | None, at: QPointF | None = None) -> None:
        if mark != self._current:
            self._current = mark
            opens = mark is not None and self.data is not None and bool(self.data.key(*mark))
            self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
            self._show_current()
        if mark is None or self.data is None:
            QToolTip.hideText()
        else:
            where = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
            QToolTip.showText(self.mapToGlobal(where.toPoint()), self.data.words(*mark), self)

    def _show_current(self) -> None:
        self.update()

    def _open(self, mark: tuple[int, int] | None) -> None:
        if mark is not None and self.data is not None and self.data.key(*mark):
            self.activated.emit(self.data.key(*mark))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        marks = self.marks()
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and marks:
            if self._current in marks:
                mark = marks[(marks.index(self._current) + step) % len(marks)]
            else:
                mark = marks[0] if step > 0 else marks[-1]
            self._set_current(mark, self.place_of(mark))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current:
            self._open(self._current)
        else:
            super().keyPressEvent(event)

    def place_of(self, mark: tuple[int, int]) -> QPointF:
        """The middle of a bar or slice in this widget."""
        raise NotImplementedError
