"""Typing over the selected cell as in a spreadsheet, input methods included, and clearing cells; knows no topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from models.cells import why_fixed
from ui.kit.theme import colours
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.grid_hands import GridHands

_COMMAND = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class CellTyping(QObject):
    """Begins the edit of the current cell with what is typed.

    While an input method composes, the focus stays with the table and the letters are shown over the cell: a focus
    that moves in mid-word would lose the first syllable. The editor opens with the words it commits. What is typed
    while the editor is still being read waits for it.
    """

    def __init__(self, hands: GridHands) -> None:
        super().__init__(hands)
        self.hands, self.page, self.table = hands, hands.page, hands.table
        self._waiting: list[QKeyEvent | str] = []
        self.composed = QLabel(self.table.viewport())
        self.composed.setTextFormat(Qt.TextFormat.PlainText)
        self.composed.hide()
        self.table.compose = self.compose

    # --- keys --------------------------------------------------------------------------------------------------------

    def opening(self, event: QKeyEvent) -> bool:
        """Keep a key for the editor that is on its way; False where none is."""
        editor = self.hands.editor
        if editor is None or editor.frame is not None:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._waiting.clear()
            editor.leave()
        else:
            self._waiting.append(event.clone())
        return True

    def key(self, event: QKeyEvent) -> bool:
        """Begin the edit with a letter or figure; False for other keys."""
        text = event.text()
        if not text or not text.isprintable() or text.isspace() or event.modifiers() & _COMMAND:
            return False
        if self._may_edit():
            self._waiting = [event.clone()]
            self.hands.edit_cell()
        return True

    def _may_edit(self) -> bool:
        """Whether the current cell can be changed; if not, the status line says why."""
        index = self.table.currentIndex()
        why = self.hands.writer.refusal()
        if not index.isValid():
            return False
        if not why and not self.hands.typed_in(index.column()):
            register = self.page.register
            why = f"{why_fixed(register, register.columns[index.column()])}。"
        if why:
            self.table.selection_told.emit(why)
        return not why

    def deliver(self, target: QWidget) -> None:
        """Type what has waited into the editor, in the place of the old content."""
        waiting, self._waiting = self._waiting, []
        if waiting and hasattr(target, "selectAll"):
            target.selectAll()
        for typed in waiting:
            focus = QApplication.focusWidget() or target
            if isinstance(typed, str):
                commit = QInputMethodEvent()
                commit.setCommitString(typed)
                QApplication.sendEvent(target, commit)
            else:
                QApplication.sendEvent(target if typed.text() else focus, typed)

    def forget(self) -> None:
        """The editor did not open: nothing waits for it any more."""
        self._waiting.clear()

    # --- input methods -----------------------------------------------------------------------------------------------

    def compose(self, event: QInputMethodEvent) -> None:
        """Show what is being composed over the cell; begin the edit with what is committed."""
        editor, words = self.hands.editor, event.commitString()
        if editor is None and (words or event.preeditString()) and not self._may_edit():
            self.composed.hide()
            return
        self._show(event.preeditString())
        if words:
            self._waiting.append(words)
            if editor is None:
                self.hands.edit_cell()

    def _show(self, letters: str) -> None:
        label = self.composed
        label.setVisible(bool(letters))
        if not letters:
            return
        shade = colours()
        label.setStyleSheet(
            f"background: {shade.surface}; color: {shade.text}; border: 1px solid {shade.accent};"
            "padding: 0 10px; text-decoration: underline;"
        )
        label.setText(letters)
        cell = self.table.visualRect(self.table.currentIndex())
        width = max(cell.width(), label.sizeHint().width())
        label.setGeometry(cell.left(), cell.top(), width, cell.height())
        label.raise_()

    # --- clearing ----------------------------------------------------------------------------------------------------

    def clear(self, most: int) -> None:
        """Empty the selected cells that can be changed: one at once, several after a preview."""
        table, hands = self.table, self.hands
        why = hands.writer.refusal()
        cells = [
            (row, section)
            for span in table.spans()
            for row in range(span.top(), min(span.bottom() + 1, len(self.page.model.ids)))
            for section in table.shown_columns()
            if span.left() <= section <= span.right()
        ] if sum(s.height() * s.width() for s in table.spans()) <= most else []  # fmt: skip
        if not why and not cells:
            why = f"请先选中要清除的格（最多{most:,}格）。"
        editable = [(row, section) for row, section in cells if hands.fields[section] is not None]
        if not why and not editable:
            register = self.page.register
            why = f"{why_fixed(register, register.columns[cells[0][1]])}；移除整条记录请按 Ctrl+-。"
        if why:
            table.selection_told.emit(why)
            return
        if not self.page.model.whole:
            show_toast(self.page, "清单还在读取，请稍候。", state="warning")
            return
        edits = [hands.cell_edit(row, section) for row, section in dict.fromkeys(editable)]
        hands.writer.change("清除", lambda: edits, always_ask=len(edits) > 1)
