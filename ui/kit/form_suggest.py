"""Ready answers under a long text while it is typed, from the field's own ``suggest``; knows no topic."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from models.core.fields import Suggestion
from ui.kit.form_editors import ENTER, LongEditor
from ui.kit.pick_popup import PickItem, PickPopup

MOST = 40


class Suggester:
    """Reads the suggestions when the field is entered, filters them by what is typed, fills what is chosen.

    The editor's ``filled(values)`` gives the values for this field and its neighbours by name.
    """

    def __init__(self, editor: LongEditor) -> None:
        self._editor = editor
        self._known: Sequence[Suggestion] = ()
        self._popup: PickPopup | None = None
        self._fixed = ""
        editor.edit.key_pressed.connect(self._key)
        editor.edit.left.connect(self._left)
        editor.edited.connect(self._typed)

    def read(self) -> None:
        """Ask for the suggestions that fit the values typed so far."""
        context = self._editor.context
        values, parent, today = dict(context.values()), dict(context.parent_values()), context.today
        around = {name: value for name, value in values.items() if name != self._editor.field.name}
        fixed = repr((around, {name: value for name, value in parent.items() if not isinstance(value, list)}))
        if fixed == self._fixed:  # only the text itself has changed
            self._read(self._known, fixed)
            return
        suggest = self._editor.field.suggest
        context.session.read(
            lambda: list(suggest(values, parent, today)), done=lambda found: self._read(found, fixed),
            owner=self._editor, key="suggest",
        )  # fmt: skip

    def _read(self, found: Sequence[Suggestion], fixed: str) -> None:
        self._known, self._fixed = found, fixed
        if self._editor.edit.hasFocus():
            self.offer()

    def _typed(self) -> None:
        if self._editor.edit.hasFocus():
            self.read()

    def matches(self, text: str) -> list[Suggestion]:
        """Those that hold every word of the text; all of them for an empty one."""
        words = text.lower().split()
        found = [s for s in self._known if all(w in s.key.lower() or w in s.text.lower() for w in words)]
        return [s for s in found if s.text != text.strip()][:MOST]

    def offer(self) -> None:
        """Show the list."""
        edit = self._editor.edit
        text = edit.toPlainText()
        found = self.matches(text) if len(text) < 30 else []
        if self._popup is None or self._popup.parentWidget() is not edit.window():
            self._popup = PickPopup(edit.window())
            self._popup.picked.connect(self._chosen)
        items = [PickItem(s, s.text, s.detail) for s in found]
        self._popup.offer(items, edit, start=0 if text.strip() else -1, least_width=560)

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self._popup is not None and self._popup.isVisible()

    def _left(self) -> None:
        self._fixed = ""  # what fits may be another the next time
        self.close()

    def close(self) -> None:
        """Hide the list."""
        if self._popup is not None:
            self._popup.hide()

    def _chosen(self, item: PickItem) -> None:
        self.close()
        self._editor.filled.emit(dict(item.key.fills))

    def _key(self, event: QKeyEvent) -> None:
        key, popup = event.key(), self._popup
        if key == Qt.Key.Key_F4 or (
            key == Qt.Key.Key_Down and not self.is_open and not self._editor.edit.toPlainText()
        ):
            self.read()
        elif popup is None or not popup.isVisible():
            return
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            popup.move_mark(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            self.close()
        elif key in ENTER and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            item = popup.current()
            if item is None:
                return
            self._chosen(item)
        else:
            return
        event.accept()
