"""Larger and smaller rows and letters of a table by Ctrl and the wheel, remembered; knows no register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtGui import QWheelEvent

from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.table_view import TableView

LEAST, MOST, STEP = 70, 200, 10
"""Percent of the usual size."""
_KEY = "grid/zoom"
_NOTCH = 120


class Zoom(QObject):
    """The size of one table; all tables begin with the size chosen last."""

    def __init__(self, table: TableView, settings: QSettings) -> None:
        super().__init__(table)
        self._table, self._settings = table, settings
        self.percent = 100
        self._turned = 0

    def begin(self) -> None:
        """Take the remembered size; widths set by hand were remembered at that size already."""
        try:
            kept = int(str(self._settings.value(_KEY) or 100))
        except ValueError:
            return  # a broken settings file is no reason to refuse the list
        self._apply(kept, columns=False)

    def wheel(self, event: QWheelEvent) -> bool:
        """Zoom where Ctrl is held; False leaves the wheel to the table."""
        if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            return False
        self._turned += event.angleDelta().y()
        notches = int(self._turned / _NOTCH)  # a touchpad sends small pieces
        self._turned -= notches * _NOTCH
        if notches:
            self.set(self.percent + notches * STEP)
        event.accept()
        return True

    def set(self, percent: int) -> None:
        """Choose a size and remember it."""
        if self._apply(percent):
            self._settings.setValue(_KEY, self.percent)
            show_toast(self._table, f"显示比例 {self.percent}%（Ctrl+0 恢复）", state="info", stay_ms=1500)

    def _apply(self, percent: int, columns: bool = True) -> bool:
        percent = max(LEAST, min(percent, MOST))
        if percent == self.percent:
            return False
        table = self._table
        top = table.rowAt(0)
        old, self.percent = self.percent, percent
        table.cells_delegate.set_zoom(table, percent)
        table.verticalHeader().setDefaultSectionSize(table.cells_delegate.row_height)
        table.scale_columns(percent / old if columns else 1)
        if top > 0:
            table.verticalScrollBar().setValue(top * table.cells_delegate.row_height)
        table.viewport().update()
        return True
