"""The editor of a reference: type-ahead over another register, and 新建… for what is not there yet."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from models.core.errors import FieldError
from models.core.record import Record
from ui.kit.form_data import register_for, search_records, target_of
from ui.kit.form_editors import Editor, FormContext
from ui.kit.pick_editors import PickLine
from ui.kit.pick_popup import PickItem


class RecordLine(PickLine):
    """A line that looks records up off the GUI thread.

    ``settled(item)`` when one is chosen, ``created`` after it when it is new, ``missed`` when Enter or leaving found
    nothing for the text.
    """

    settled = Signal(object)
    missed = Signal()
    created = Signal()

    def __init__(self, described: Any, context: FormContext, arrow: bool = True) -> None:
        super().__init__(arrow)
        self.described, self.context = described, context
        self.model: type[Record] = target_of(described)
        self.can_create = register_for(self.model).creatable
        self.exclude: frozenset[int] = frozenset()
        self._take_first = False
        self._asked = self._missed = ""
        self._searching = False
        self.wanted.connect(self.look_up)
        self.chosen.connect(self._chosen)

    def look_up(self, text: str) -> None:
        """Search for what is typed; the list follows."""
        context, narrow = self.context, getattr(self.described, "narrow", None)
        self._asked, self._searching, self._take_first = text.strip(), True, False
        values = {**context.parent_values(), **context.values()} if narrow is not None else {}
        context.session.read(
            search_records, self.model, self._asked, narrow, values, context.today,
            done=self._found, owner=self, key="look_up",
        )  # fmt: skip

    def settle_when_found(self) -> bool:
        """Take the first find as soon as it arrives; False when no search is under way."""
        self._take_first = self._searching
        return self._searching

    def unsettled(self) -> FieldError:
        """The error for a text that was typed but not chosen."""
        text = self.text().strip()
        if text == self._missed:
            new = "，或按↓选“新建”" if self.can_create else ""
            return FieldError(f"没有找到“{text}”，请换个写法{new}")
        return FieldError(f"“{text}”还没有选定：请从{self.model.title}列表中选一个，没有的先新建")

    def is_missed(self) -> bool:
        """Whether it is known that nothing is there for the text."""
        return self.typing and bool(self._missed) and self.text().strip() == self._missed

    def _found(self, found: list[PickItem]) -> None:
        self._searching = False
        self._missed = self._asked if self._asked and not found else ""
        found = [item for item in found if item.key not in self.exclude]
        exact = [item for item in found if item.text == self._asked]
        if self._take_first or not self.hasFocus():
            if self.typing and ((self._take_first and found) or len(exact) == 1 or len(found) == 1):
                self._picked(exact[0] if len(exact) == 1 else found[0])
            elif self.typing and self._missed:
                self.missed.emit()
            return
        items = list(found)
        if not items:
            words = f"没有找到“{self._asked}”" if self._asked else f"还没有可选的{self.model.title}"
            items.append(PickItem(None, words, kind="note"))
        if self.can_create:
            name = f"“{self._asked}”" if _is_name(self._asked) else ""
            items.append(PickItem(None, f"＋ 新建{self.model.title}{name}…", kind="new"))
        self.offer(items, 0 if found else -1)  # a new record only where somebody asks for it

    def _chosen(self, item: PickItem) -> None:
        if item.kind == "new":
            self.open_new()
        else:
            self.settled.emit(item)

    def open_new(self) -> None:
        """Open the form of the target register; what it saves is chosen here."""
        from ui.kit.record_dialog import RecordDialog

        field = self.model.described()[self.model.label_field]
        text = self.text().strip()
        values = {self.model.label_field: text} if _is_name(text) and field.kind == "text" else {}
        dialog = RecordDialog(
            self.context.session, register_for(self.model).name, values=values, parent=self.window()
        )
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.saved.connect(self._created)
        dialog.finished.connect(self._come_back)
        dialog.open()

    def _come_back(self, _code: int) -> None:
        self.window().activateWindow()
        self.setFocus()

    def _created(self, record_id: int) -> None:
        from ui.kit.form_data import pick_items

        self.context.session.read(
            pick_items, self.model, [record_id], self.context.today,
            done=self._take_created, owner=self,
        )  # fmt: skip

    def _take_created(self, found: list[PickItem]) -> None:
        self.settled.emit(found[0])
        if self.hasFocus():
            self.created.emit()


def _is_name(text: str) -> bool:
    """Whether a typed text is a name to begin a record with, not initials or a number to search by."""
    return bool(text) and not (text.isascii() and text == text.lower())


class RefEditor(Editor):
    """One record of another register, with its second line under the field."""

    def __init__(self, described: Any, context: FormContext, cell: bool = False) -> None:
        super().__init__(described, context)
        self._item: PickItem | None = None
        self.edit = RecordLine(described, context)
        self.edit.setPlaceholderText("" if cell else described.help or "输入名称、首字母或代码")
        self.edit.setToolTip(described.help)
        self.hint = QLabel()
        self.hint.setProperty("role", "hint")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.hint.hide()
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.edit)
        if not cell:
            column.addWidget(self.hint)
        self._row.addLayout(column)
        self.edit.textEdited.connect(self._typed)
        self.edit.settled.connect(self._settled)
        self.edit.entered.connect(self._enter)
        self.edit.left.connect(self._leave)
        self.edit.missed.connect(self.left)
        self.edit.created.connect(self.advance)

    def _typed(self, _text: str) -> None:
        self._item = None
        self.hint.hide()
        self.edited.emit()

    def _settled(self, item: PickItem) -> None:
        self.show_item(item)
        self.edited.emit()

    def _enter(self) -> None:
        if self.edit.typing and self._item is None and self.edit.text().strip():
            if self.edit.is_missed():
                self.edit.close_list()  # it would hide what is said at the field
            else:
                self.edit.settle_when_found()
        self.advance.emit()

    def holds(self) -> bool:
        return self.edit.is_missed()

    def _leave(self) -> None:
        unsettled_text = self.edit.typing and self._item is None and self.edit.text().strip()
        if unsettled_text and not self.edit.is_missed() and not self.edit.settle_when_found():
            self.edit.look_up(self.edit.text())
        self.left.emit()

    def show_item(self, item: PickItem | None) -> None:
        """Show a record; emits nothing."""
        self._item = item
        self.edit.typing = False
        self.edit.setText(item.text if item is not None else "")
        self.edit.setCursorPosition(0)
        hint = item.hint if item is not None else ""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.edit.setToolTip(f"{item.text}\n{hint}".strip() if item is not None else self.field.help)

    def value(self) -> Any:
        if self._item is not None:
            return self._item.key
        text = self.edit.text().strip()
        if text:
            raise self.edit.unsettled()
        return None

    def set_value(self, value: Any) -> None:
        self.show_item(PickItem(value, "") if value is not None else None)

    def state(self) -> Any:
        if self._item is not None:
            return {"id": self._item.key, "text": self._item.text, "hint": self._item.hint}
        return {"text": self.edit.text()}

    def restore(self, state: Any) -> None:
        if state.get("id") is not None:
            self.show_item(PickItem(state["id"], state["text"], state.get("hint", "")))
        else:
            self.show_item(None)
            self.edit.setText(state.get("text", ""))

    @property
    def changed(self) -> bool:
        mine, first = self.state(), self._baseline or {}
        return bool((mine.get("id"), mine["text"]) != (first.get("id"), first.get("text", "")))

    def focus_targets(self) -> list[QWidget]:
        return [self.edit]
