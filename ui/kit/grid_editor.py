"""One cell edited in place with the form's own editor of its field; knows a page's table, no topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout

from models.cells import is_dated
from models.core.checks import CheckFailed
from models.core.errors import KnownError
from ui.kit.dialogs import ask_reason
from ui.kit.form_data import Loaded, load, store
from ui.kit.form_editors import LINE_HEIGHT, Editor, FormContext, KeyFilter
from ui.kit.form_field import make_editor
from ui.kit.pick_editors import PickLine
from ui.kit.ref_picker import RecordLine, RefEditor
from ui.kit.theme import colours
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.grid_hands import GridHands

_LEAST_WIDTH = 120
_NOTE_WIDTH = 320


class _Frame(QFrame):
    """Holds the editor over the cell; keys it leaves alone do not reach the table."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()


class CellEditor(QObject):
    """Enter writes and goes down, Tab right, Esc leaves; what cannot be written is said at the cell and stays."""

    def __init__(self, hands: GridHands, row: int, section: int) -> None:
        super().__init__(hands)
        self.hands, self.page, self.table = hands, hands.page, hands.table
        self.record, self.section = self.page.model.ids[row], section
        self.field: Any = hands.fields[section]
        self.name = self.page.register.columns[section].path
        self.editor: Editor | None = None
        self.frame: _Frame | None = None
        self.note = QLabel(self.table.viewport(), wordWrap=True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.hide()
        self._loaded: Loaded | None = None
        self._busy = False
        self._waiting: tuple[int, int] | None = None
        session = self.page.session
        session.read(
            load, self.page.register.model, self.record, {}, session.today,
            done=self._open, failed=self._failed_to_load, owner=self,
        )  # fmt: skip

    # --- opening and leaving -----------------------------------------------------------------------------------------

    def _failed_to_load(self, error: Exception) -> None:
        self.leave()
        self.hands.writer.tell(error)

    def _open(self, loaded: Loaded) -> None:
        if loaded.closed:
            self.leave()
            show_toast(self.page, loaded.closed, state="warning")
            return
        self._loaded = loaded
        session = self.page.session
        context = FormContext(session, session.today, lambda: loaded.values, initials=loaded.initials)
        editor = self.editor = make_editor(self.field, context, cell=True)
        value = loaded.values.get(self.name)
        if isinstance(editor, RefEditor):
            editor.show_item(loaded.labels.get((self.name, value)) if value is not None else None)
        else:
            editor.set_value(value)
        editor.set_baseline()
        self.frame = _Frame(self.table.viewport())
        self.frame.setStyleSheet(f"_Frame {{ background: {colours().role('surface')}; }}")
        self.frame.setAutoFillBackground(True)
        box = QVBoxLayout(self.frame)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(editor)
        self._keys = KeyFilter(self, self._key)
        targets = editor.focus_targets()
        for target in targets:
            target.installEventFilter(self._keys)
        editor.advance.connect(lambda: self.commit(1, 0))
        editor.edited.connect(self._edited)
        editor.left.connect(lambda: QTimer.singleShot(0, self, self._left))
        for bar in (self.table.verticalScrollBar(), self.table.horizontalScrollBar()):
            bar.valueChanged.connect(self.place)
        self.page.model.modelReset.connect(self._follow)
        self.table.header.sectionResized.connect(self.place)
        self.frame.show()
        self.place()
        targets[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.hands.typing.deliver(targets[0])

    def focus(self) -> None:
        """Go on with what is typed."""
        if self.editor is not None:
            self.editor.focus_targets()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Close without writing."""
        if self.hands.editor is self:
            self.hands.editor = None
            self.hands.typing.forget()
        focus = QApplication.focusWidget()
        had_focus = self.frame is not None and focus is not None and self.frame.isAncestorOf(focus)
        for widget in (self.frame, self.note):
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.frame = None
        self.deleteLater()
        if had_focus:
            self.table.setFocus()

    def _follow(self) -> None:
        if self.page.model.row_of(self.record) is None:
            self.leave()
        else:
            QTimer.singleShot(0, self, self.place)

    def place(self) -> None:
        """Stand over the cell, wherever it has gone."""
        row = self.page.model.row_of(self.record)
        if self.frame is None or row is None:
            return
        cell: QRect = self.table.visualRect(self.page.model.index(row, self.section))
        width = max(cell.width(), _LEAST_WIDTH)
        self.frame.setFixedWidth(width)
        self.frame.adjustSize()
        height = max(self.frame.sizeHint().height(), LINE_HEIGHT)
        self.frame.setGeometry(cell.left(), cell.top(), width, height)
        room = self.table.viewport().rect()
        self.note.setFixedWidth(min(_NOTE_WIDTH, room.width()))
        self.note.adjustSize()
        below = self.frame.geometry().bottom() + 2
        above = cell.top() - self.note.height() - 2
        left = max(0, min(cell.left(), room.width() - self.note.width()))
        self.note.move(left, below if below + self.note.height() <= room.bottom() or above < 0 else above)

    # --- typing ------------------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        if not self._busy:
            self.note.hide()
            if self.editor is not None:
                self.editor.mark("")
        if self._waiting is not None:
            step, self._waiting = self._waiting, None
            self.commit(*step)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        line = QApplication.focusWidget()
        if key == Qt.Key.Key_Escape:
            if isinstance(line, PickLine) and line.is_open:
                return False
            self.leave()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            if isinstance(line, PickLine) and line.typing and line.text().strip():
                line.take_marked(also_new=False)
            self.commit(0, 1 if key == Qt.Key.Key_Tab else -1)
        else:
            return False
        return True

    def _left(self) -> None:
        """The focus went elsewhere in the window: write, as a spreadsheet does."""
        focus = QApplication.focusWidget()
        if self.frame is None or focus is None or focus.window() is not self.table.window():
            return
        if not self.frame.isAncestorOf(focus) and self.note.isHidden():
            self.commit(0, 0)

    # --- writing -----------------------------------------------------------------------------------------------------

    def commit(self, down: int, right: int) -> None:
        """Write what is typed and go on; an error is said at the cell."""
        editor = self.editor
        if editor is None or self._busy or self.frame is None:
            return
        try:
            value = editor.value()
        except KnownError as exc:
            line = editor.focus_targets()[0]
            if isinstance(line, RecordLine) and line.settle_when_found():
                self._waiting = (down, right)
                return
            self._say(exc.message)
            return
        if not editor.changed:
            self._go_on(down, right)
            return
        self._write(value, {}, (down, right))

    def _write(self, value: Any, waivers: dict[str, str], step: tuple[int, int]) -> None:
        model, loaded = self.page.register.model, self._loaded
        assert loaded is not None
        self._busy = True

        def failed(error: Exception) -> None:
            self._busy = False
            if isinstance(error, CheckFailed) and error.only_warnings and not waivers:
                reason = ask_reason(
                    self.page, f"{self.field.label}有疑问", error.message, "确认无误的理由", "保存"
                )
                if reason is not None:
                    self._write(value, {p.rule: reason for p in error.problems}, step)
                    return
            self._say(_words(error, self.name))

        def done(_stored: object) -> None:
            self._go_on(*step)
            if is_dated(self.page.register, self.name):
                day = self.page.session.today
                words = (
                    f"{self.field.label}自{day}起修改，以前的统计不变；从别的日子起的，请按回车在表单里改。"
                )
                show_toast(self.page, words, state="info")

        self.page.session.write(
            f"修改{model.title}",
            lambda tx: store(tx, model, {self.name: value}, self.record, loaded.version, None, waivers),
            done=done,
            failed=failed,
            owner=self,
        )

    def _say(self, words: str) -> None:
        shade = colours()
        self.note.setStyleSheet(
            f"background: {shade.role('danger_soft')}; color: {shade.role('danger')};"
            f"border: 1px solid {shade.role('danger')}; border-radius: 4px; padding: 6px 8px;"
        )
        self.note.setText(words)
        if self.editor is not None:
            self.editor.mark("error")
        self.note.show()
        self.place()
        self.note.raise_()
        self.focus()

    def _go_on(self, down: int, right: int) -> None:
        model, shown = self.page.model, self.table.shown_columns()
        row = model.row_of(self.record)
        self.leave()
        if row is None or not (down or right):
            return
        place = shown.index(self.section) if self.section in shown else 0
        section = shown[max(0, min(place + right, len(shown) - 1))]
        index = model.index(max(0, min(row + down, len(model.ids) - 1)), section)
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)
        self.table.setFocus()


def _words(error: Exception, name: str) -> str:
    """What went wrong, without the label of the cell's own field."""
    if not isinstance(error, CheckFailed):
        return str(error)
    mine = [p.message for p in error.problems if p.field == name]
    others = [p for p in error.problems if p.field != name]
    return "；".join(mine) if mine and not others else error.message
