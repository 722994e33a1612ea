"""Choosing while typing: a line with a list under it, and the editor of fixed choices; knows no register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from models.core.errors import FieldError
from ui.kit.form_editors import ENTER, Editor, FieldLine, FormContext
from ui.kit.icons import icon
from ui.kit.pick_popup import PickItem, PickPopup

SAY_ALL = 6
"""So many choices are named in the message for a word that is none of them."""


class PickLine(FieldLine):
    """A line edit with a list: ``wanted(text)`` asks for items, ``chosen(item)`` tells of one.

    Down, F4 or a click on the arrow opens the whole list, typing narrows it, Enter and Tab take the marked line, Esc
    closes the list only. ``typing`` is true from the first typed character until something is chosen or restored.
    """

    wanted = Signal(str)
    chosen = Signal(object)

    def __init__(self, arrow: bool = True, least_width: int = 260) -> None:
        super().__init__()
        self.typing = self._entered_by_mouse = False
        self.least_width = least_width
        self._popup: PickPopup | None = None
        if arrow:
            action = self.addAction(icon("chevron-down", "muted"), QLineEdit.ActionPosition.TrailingPosition)
            action.triggered.connect(self.toggle)
        self.textEdited.connect(self._typed)

    @property
    def popup(self) -> PickPopup:
        """The list, a child of the window this field is in."""
        if self._popup is None or self._popup.parentWidget() is not self.window():
            self._popup = PickPopup(self.window())
            self._popup.picked.connect(self._picked)
        return self._popup

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self._popup is not None and self._popup.isVisible()

    def offer(self, items: Sequence[PickItem], start: int = 0) -> None:
        """Show items, if the field still has the focus."""
        if self.hasFocus() and not self.isReadOnly():
            self.popup.offer(items, self, start, self.least_width)

    def close_list(self) -> None:
        """Hide the list."""
        if self._popup is not None:
            self._popup.hide()

    def toggle(self) -> None:
        """Open the whole list or close it."""
        if self.is_open:
            self.close_list()
        elif not self.isReadOnly():
            self.setFocus()
            self.wanted.emit(self.text() if self.typing else "")

    def marked(self) -> PickItem | None:
        """The line that Enter would take."""
        return self._popup.current() if self._popup is not None and self.is_open else None

    def _typed(self, text: str) -> None:
        self.typing = True
        self.wanted.emit(text)

    def _picked(self, item: PickItem) -> None:
        self.close_list()
        self.typing = False
        self.chosen.emit(item)

    def take_marked(self, also_new: bool) -> bool:
        """Choose the marked line; 新建… only when ``also_new``."""
        item = self.marked()
        if item is None or (item.kind == "new" and not also_new):
            return False
        self._picked(item)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_F4 or (key == Qt.Key.Key_Down and not self.is_open):
            self.toggle()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.is_open:
            self.popup.move_mark(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape and self.is_open:
            self.close_list()
        elif key in ENTER and self.is_open and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            item = self.marked()
            self.take_marked(also_new=True)
            if item is None or item.kind != "new":
                self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        if self.typing and self.text().strip():
            self.take_marked(also_new=False)
        return super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.close_list()
            self._entered_by_mouse = False
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        came = not self.hasFocus() or not self._entered_by_mouse
        super().mousePressEvent(event)
        if came and not self.typing:
            self.selectAll()
        self._entered_by_mouse = True


class ChoiceEditor(Editor):
    """One of a fixed list, chosen by its Chinese words or their initials."""

    def __init__(self, described: Any, context: FormContext, cell: bool = False) -> None:
        super().__init__(described, context)
        self._value: Any = None
        self.edit = PickLine(least_width=160)
        self.edit.setPlaceholderText(
            "" if cell else described.help or ("请选择" if described.required else "")
        )
        self.edit.setToolTip(described.help)
        self._row.addWidget(self.edit)
        self.edit.wanted.connect(self._offer)
        self.edit.chosen.connect(self._chosen)
        self.edit.textEdited.connect(self._typed)
        self.edit.entered.connect(self.advance)
        self.edit.left.connect(self._leave)

    def matches(self, text: str) -> list[tuple[str, str]]:
        """The choices whose words, initials or pinyin hold the text, those that begin with it first.

        Where there is none, those that have the letters among their initials in this order.
        """
        term = text.strip().lower()
        found, scattered = [], []
        for code, label in self.field.labels.items():
            short, *syllables = self.context.initials.get(label, "").split() or [""]
            whole = ["".join(syllables[start:]) for start in range(len(syllables))]
            if term in label.lower() or term in short or any(w.startswith(term) for w in whole):
                begins = any(t.startswith(term) for t in (label.lower(), short, *whole[:1]))
                found.append((not begins, code, label))
            letters = iter(short)
            if len(term) > 1 and all(letter in letters for letter in term):
                scattered.append((code, label))
        return [(code, label) for _, code, label in sorted(found, key=lambda f: f[0])] or scattered

    def _offer(self, text: str) -> None:
        found = self.matches(text)
        items = [PickItem(code, label) for code, label in found]
        if not self.field.required and not text.strip():
            items.append(PickItem(None, "（不填）", kind=""))
        codes = [item.key for item in items]
        start = codes.index(self._value) if not text and self._value in codes else 0
        self.edit.offer(items or [PickItem(None, f"没有“{text.strip()}”这一项", kind="note")], start)

    def _typed(self, text: str) -> None:
        if (code := self.numbered(text)) is not None:
            self.edit.close_list()
            self.set_value(code)
            self.edited.emit()
            self.advance.emit()
            return
        self._value = next((c for c, label in self.field.labels.items() if label == text.strip()), None)
        self.edited.emit()

    def numbered(self, text: str) -> Any:
        """The choice that a single digit means by its place; None where there is none or the words hold digits."""
        codes = list(self.field.labels)
        if len(text) != 1 or text not in "123456789"[: len(codes)] or len(codes) > SAY_ALL:
            return None
        return None if any(text in label for label in self.field.labels.values()) else codes[int(text) - 1]

    def _chosen(self, item: PickItem) -> None:
        self.set_value(item.key)
        self.edited.emit()

    def _leave(self) -> None:
        text = self.edit.text().strip()
        if self.edit.typing and text and self._value is None:
            found = self.matches(text)
            if len(found) == 1:
                self.set_value(found[0][0])
                self.edited.emit()
        self.left.emit()

    def value(self) -> Any:
        if self._value is not None:
            return self._value
        text = self.edit.text().strip()
        if text and len(self.field.labels) > SAY_ALL:
            raise FieldError(f"没有“{text}”这一项，请从列表中选一项")
        return self.field.parse(text, self.context.today)

    def set_value(self, value: Any) -> None:
        self._value = value
        self.edit.typing = False
        self.edit.setText(self.field.format(value))
        self.edit.setCursorPosition(0)

    def state(self) -> Any:
        return self.edit.text()

    def restore(self, state: Any) -> None:
        self.edit.setText(str(state or ""))
        self._value = next((c for c, label in self.field.labels.items() if label == state), None)

    def focus_targets(self) -> list[QWidget]:
        return [self.edit]
