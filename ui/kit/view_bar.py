"""The lines above a list: search box, ready filters with counts, chips of filters; knows words and keys only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from models.core.register import Preset
from ui.kit.buttons import restyle
from ui.kit.chips import ChipsRow
from ui.kit.flow import FlowLayout
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.theme import colours, theme

DEBOUNCE_MS = 120


class SearchBox(QLineEdit):
    """``searched(text)`` a moment after the last key; Esc clears, Down leaves for the list.

    What an input method is still composing is no text yet, so nothing is searched until it is.
    """

    searched = Signal(str)
    left_down = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setClearButtonEnabled(True)
        self.addAction(icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)
        self.setMinimumWidth(200)
        self.setMaximumWidth(340)
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._tell)
        self._told = ""
        self.textChanged.connect(lambda _text: self._timer.start())

    def set_quietly(self, text: str) -> None:
        """Show a text without searching for it."""
        self._told = text
        if self.text() != text:
            self.setText(text)
        self._timer.stop()

    def _tell(self) -> None:
        self._timer.stop()
        if self.text() != self._told:
            self._told = self.text()
            self.searched.emit(self._told)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._tell()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tell()
        elif key == Qt.Key.Key_Down:
            self._tell()
            self.left_down.emit()
        else:
            super().keyPressEvent(event)


class PresetButton(QToolButton):
    """One ready filter with its count."""

    def __init__(self, key: str, label: str, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self._label, self._tone = key, label, tone
        self.setObjectName("preset")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_count(None)

    def name(self, label: str, tone: str) -> None:
        """Call it by another name, in another tone; shown with the next count."""
        self._label, self._tone = label, tone

    def set_count(self, count: int | None) -> None:
        """Show how many records it has; urgent ones are coloured only when there are any."""
        self.setText(self._label if count is None else f"{self._label} {count:,}")
        self.setAccessibleName(self.text())
        restyle(self, tone=self._tone if count else "")


def chip(name: str, label: str, tone: str = "") -> Preset:
    """A ready filter of a list that is no register's: the list itself knows what it means."""
    return Preset(name, label, lambda _scope: None, tone)


class ViewBar(QWidget):
    """Ready filters and chips of one list.

    ``preset_asked(name, add)``: the one clicked, '' for all, ``add`` with Ctrl. ``chip_removed(key)``,
    ``chip_opened(key)``, ``cleared()``.
    """

    preset_asked = Signal(str, bool)
    chip_removed = Signal(str)
    chip_opened = Signal(str)
    cleared = Signal()

    def __init__(self, presets: Iterable[Preset], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._add = False
        self.presets: dict[str, PresetButton] = {}
        line = QWidget()
        self._flow = FlowLayout(line, gap=6)
        ready = list(presets)
        if ready:
            self._make("", "全部", "")
            for preset in ready:
                self._make(preset.name, preset.label, preset.tone)
        size = line.sizePolicy()
        size.setHeightForWidth(True)
        line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.count = QLabel("")
        self.count.setProperty("role", "muted")
        row = QHBoxLayout()
        row.setSpacing(2 * UNIT)
        row.addWidget(line, 1)
        row.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTop)
        self.count.setMinimumHeight(28)
        self.chips = ChipsRow()
        self.chips.removed.connect(self.chip_removed)
        self.chips.activated.connect(self.chip_opened)
        self.chips.cleared.connect(self.cleared)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(UNIT)
        box.addLayout(row)
        box.addWidget(self.chips)
        self._dress()
        theme().changed.connect(self._dress)

    def _make(self, key: str, label: str, tone: str) -> None:
        made = PresetButton(key, label, tone, self)
        made.installEventFilter(self)
        made.clicked.connect(lambda _on=False: self.preset_asked.emit(key, self._add))
        self.presets[key] = made
        self._flow.addWidget(made)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            self._add = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        elif event.type() == QEvent.Type.KeyPress:
            self._add = False
        return False

    def set_presets(self, chosen: Iterable[str]) -> None:
        """Mark the ready filters in force."""
        names = set(chosen)
        for key, made in self.presets.items():
            made.setChecked(key in names or (not key and not names))

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show counts by name; '' is the count of all."""
        for key, made in self.presets.items():
            made.set_count(counts.get(key))

    def _dress(self) -> None:
        c = colours()
        self.setStyleSheet(f"""
#preset {{ border: 1px solid {c.border}; border-radius: 14px; padding: 4px 12px; background: {c.surface};
  color: {c.muted}; font-size: 13px; min-height: 18px; }}
#preset:hover {{ background: {c.hover}; color: {c.text}; border-color: {c.border_strong}; }}
#preset[tone="danger"] {{ color: {c.danger}; }}
#preset[tone="warning"] {{ color: {c.warning}; }}
#preset[tone="success"] {{ color: {c.success}; }}
#preset:checked {{ background: {c.accent_soft}; border-color: {c.accent}; color: {c.accent}; font-weight: 700; }}
#preset:focus {{ border: 2px solid {c.accent}; padding: 3px 11px; }}
""")
