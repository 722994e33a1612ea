"""The editor of a link list: chosen records as chips with a type-ahead line after them; knows no topic."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.kit.buttons import icon_button, restyle
from ui.kit.chips import Chip
from ui.kit.flow import FlowLayout
from ui.kit.form_editors import LINE_HEIGHT, Editor, FormContext, KeyFilter
from ui.kit.pick_popup import PickItem
from ui.kit.ref_picker import RecordLine

LINE_WIDTH = 132
MOST_SHOWN = 24
"""Characters of a name on its chip; a finding's words would make the form wider than the screen."""


class _Box(QFrame):
    """The frame around the chips; a click anywhere in it goes to the line."""

    def __init__(self, line: QWidget) -> None:
        super().__init__()
        self.setObjectName("links")
        self._line = line

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._line.setFocus()


class LinksEditor(Editor):
    """Several records of another register: type and Enter to add, Backspace in the empty line takes the last away."""

    def __init__(self, described: Any, context: FormContext) -> None:
        super().__init__(described, context)
        self._items: list[PickItem] = []
        self._proposed: frozenset[int] = frozenset()
        self._chips: dict[str, Chip] = {}
        self.edit = RecordLine(described, context, arrow=False)
        self.edit.setObjectName("bare")
        self.edit.setFixedHeight(LINE_HEIGHT - 8)
        self.edit.setToolTip(described.help)
        self._box = _Box(self.edit)
        inner = QHBoxLayout(self._box)
        inner.setContentsMargins(4, 3, 4, 3)
        inner.setSpacing(0)
        host = QWidget()
        host.setCursor(Qt.CursorShape.IBeamCursor)
        self._flow = FlowLayout(host, gap=4)
        inner.addWidget(host, 1)
        arrow = icon_button("chevron-down", "列出可选的（F4）", self.edit.toggle)
        arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        arrow.setFixedSize(28, 28)
        inner.addWidget(arrow, 0, Qt.AlignmentFlag.AlignTop)
        self._flow.addWidget(self.edit)
        self._box.setMinimumHeight(LINE_HEIGHT)
        self._row.addWidget(self._box)
        self.edit.textEdited.connect(lambda _text: self.edited.emit())
        self.edit.settled.connect(self._add)
        self.edit.entered.connect(self._enter)
        self.edit.left.connect(self._leave)
        self.edit.missed.connect(self.left)
        self.edit.came.connect(lambda: restyle(self._box, focused=True))
        self.edit.installEventFilter(KeyFilter(self, self._key))
        self._refresh()

    def _add(self, item: PickItem) -> None:
        self.edit.clear()
        self.edit.typing = False
        if item.key not in self.value_ids():
            self._items.append(item)
        self._refresh()
        self.edited.emit()

    def _remove(self, key: str) -> None:
        self._items = [item for item in self._items if str(item.key) != key]
        self._refresh()
        self.edit.setFocus()
        self.edited.emit()

    def _enter(self) -> None:
        if self.edit.is_missed():
            self.edit.close_list()  # it would hide what is said at the field
            self.advance.emit()
        elif self.edit.text().strip():
            self.edit.settle_when_found()
        elif not self._just_added:
            self.advance.emit()
        self._just_added = False

    def _leave(self) -> None:
        typed = self.edit.typing and self.edit.text().strip() and not self.edit.is_missed()
        if typed and not self.edit.settle_when_found():
            self.edit.look_up(self.edit.text())
        self._just_added = False
        restyle(self._box, focused=False)
        self.left.emit()

    def holds(self) -> bool:
        return self.edit.is_missed()

    _just_added = False

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Backspace and not self.edit.text() and self._items:
            self._remove(str(self._items[-1].key))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._just_added = self.edit.is_open  # this Enter takes the marked line and stays here
        return False

    def _refresh(self) -> None:
        while self._flow.count():
            self._flow.takeAt(0)
        for chip in self._chips.values():
            chip.hide()
            chip.deleteLater()
        self._chips = {}
        for item in self._items:
            long = len(item.text) > MOST_SHOWN
            chip = Chip(str(item.key), f"{item.text[: MOST_SHOWN - 1]}…" if long else item.text)
            chip.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            chip.setToolTip(f"{item.text}\n{item.hint}".strip() if long else item.hint)
            chip.removed.connect(self._remove)
            self._chips[str(item.key)] = chip
            self._flow.addWidget(chip)
        self._flow.addWidget(self.edit)
        self.edit.exclude = frozenset(self.value_ids())
        self.edit.setPlaceholderText("再加一个" if self._items else self.field.help or "输入名称或首字母")
        self._fit()
        self._box.updateGeometry()

    def _fit(self) -> None:
        """Alone the line takes the whole width, after chips only what a name needs."""
        self.edit.setFixedWidth(LINE_WIDTH if self._items else max(LINE_WIDTH, self.width() - 44))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def chips(self) -> list[str]:
        """The names shown, in order."""
        return [item.text for item in self._items]

    def value_ids(self) -> list[int]:
        """The ids chosen, in order."""
        return [item.key for item in self._items]

    def value(self) -> Any:
        text = self.edit.text().strip()
        if text:
            raise self.edit.unsettled()
        return self.value_ids()

    def propose(self, items: list[PickItem]) -> None:
        """Show these records beside the given ones as if they had been loaded; not where a person changed anything."""
        if self.changed or self.edit.text():
            return
        given = [item for item in self._items if item.key not in self._proposed]
        more = [item for item in items if item.key not in {one.key for one in given}]
        if [*given, *more] != self._items:
            self.show_items([*given, *more])
            self.set_baseline()
        self._proposed = frozenset(item.key for item in more)

    def own_ids(self) -> list[int]:
        """The ids chosen without those that were only proposed; once a person changed something, all of them."""
        return [key for key in self.value_ids() if self.changed or key not in self._proposed]

    def show_items(self, items: list[PickItem]) -> None:
        """Show these records; emits nothing."""
        self._proposed = frozenset()
        self._items = list(items)
        self.edit.clear()
        self._refresh()

    def set_value(self, value: Any) -> None:
        self.show_items([PickItem(key, str(key)) for key in value or []])

    def state(self) -> Any:
        return {"items": [[i.key, i.text, i.hint] for i in self._items], "text": self.edit.text()}

    def restore(self, state: Any) -> None:
        self.show_items([PickItem(*parts) for parts in state["items"]])
        self.edit.setText(state.get("text", ""))

    @property
    def changed(self) -> bool:
        first = self._baseline or {"items": [], "text": ""}
        return [i.key for i in self._items] != [i[0] for i in first["items"]] or self.edit.text() != first[
            "text"
        ]

    def mark(self, severity: str) -> None:
        restyle(self._box, bad=severity == "error", doubtful=severity == "warning")

    def focus_targets(self) -> list[QWidget]:
        return [self.edit]

    def set_read_only(self, on: bool) -> None:
        self.edit.setVisible(not on)
        for chip in self._chips.values():
            chip.setEnabled(not on)
