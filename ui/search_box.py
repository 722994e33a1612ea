"""One search over all registers (Ctrl+K): found while one types, grouped by register; knows no topic."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.kit.palette import UNIT
from ui.kit.pick_editors import PickLine
from ui.kit.pick_popup import PickItem

if TYPE_CHECKING:
    from models.core.register import Register
    from ui.kit.session import Session

MOST_EACH = 3
"""Results of one register."""
MOST_RECENT = 8
WIDTH = 620
_WAIT_MS = 120
_KEY = "search/recent"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class Found:
    """Where a result leads: its register and record; ``record`` None means the whole list with this search."""

    register: str
    record: int | None
    text: str


def searchable(register: Register) -> bool:
    """Whether a register can be searched by text; a part of a table is found in the register of the whole."""
    if register.base is not None:
        return False
    own = "search_text" in register.model._meta.fields
    return own or bool(register.through) or bool(register.inside)


def search_everywhere(text: str, day: dt.date, wanted: Callable[[], bool]) -> list[PickItem] | None:
    """The first records of every register that a text means, under a heading each, for a reader thread.

    ``wanted()`` turns False when a newer search makes this one needless; then None.
    """
    from models.core.register import View
    from models.registers import all_registers
    from ui.kit.form_data import pick_items

    found: list[PickItem] = []
    for register in all_registers():
        if not wanted():
            return None
        if not searchable(register):
            continue
        ids = list(register.first_ids(View(search=text), day, MOST_EACH + 1))
        if not ids:
            continue
        found.append(PickItem(None, register.title, kind="note"))
        for item in pick_items(register.model, ids[:MOST_EACH], day):
            found.append(PickItem(Found(register.name, int(item.key), item.text), item.text, item.hint))
        if len(ids) > MOST_EACH:
            words = f"在{register.title}里看全部结果…"
            found.append(PickItem(Found(register.name, None, text), words, kind="new"))
    return found


class _Line(PickLine):
    """The line; Escape beside the open list and the focus going away close the box, Enter may be early."""

    left_box = Signal()
    early = Signal()

    def __init__(self) -> None:
        super().__init__(arrow=False, least_width=WIDTH)
        self.pending = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
            self.left_box.emit()
        elif event.key() in _ENTER and self.pending:
            self.early.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return True  # Tab stays in the box

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left_box.emit()


class GlobalSearch(QFrame):
    """A line in the upper middle of the window with the results under it; Enter opens a record in its list."""

    def __init__(self, session: Session, settings: QSettings, window: QWidget) -> None:
        super().__init__(window)
        self.session, self._settings = session, settings
        self.setObjectName("pick")
        self.setAutoFillBackground(True)
        self.line = _Line()
        self.line.setPlaceholderText("在全部台账里找：名称、拼音首字母、代码、编号、电话、地址")
        self.line.setAccessibleName("在全部台账里找")
        self.line.setMinimumHeight(40)
        hint = QLabel("↑↓ 选择　回车 打开　Esc 关闭")
        hint.setProperty("role", "hint")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, UNIT)
        box.setSpacing(6)
        box.addWidget(hint)
        box.addWidget(self.line)
        self._generation = 0
        self._open_first = False
        self._back: QWidget | None = None
        self._wait = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._wait.timeout.connect(self._search)
        self.line.wanted.connect(self._typed)
        self.line.chosen.connect(self._chosen)
        self.line.left_box.connect(self.leave)
        self.line.early.connect(self._take_first)
        self.hide()

    # --- coming and going ----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Show the box with the recent searches."""
        window = self.window()
        if self.isVisible():
            self.line.selectAll()
            self.line.setFocus()
            return
        self._back = window.focusWidget()
        self.line.clear()
        width = min(WIDTH + 24, window.width() - 4 * UNIT)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(QPoint((window.width() - width) // 2, 7 * UNIT))
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._offer_recent()

    def leave(self) -> None:
        """Close the box; the focus goes back to where it was."""
        if self.isHidden():
            return
        self._wait.stop()
        self._forget()
        had_focus = self.line.hasFocus()
        self.line.close_list()
        self.hide()
        back, self._back = self._back, None
        if had_focus and back is not None and back.isVisible():
            back.setFocus()

    # --- searching -----------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._generation += 1
        self._open_first = self.line.pending = False

    def _typed(self, text: str) -> None:
        self._forget()
        if text.strip():
            self.line.pending = True
            self._wait.start()
        else:
            self._wait.stop()
            self._offer_recent()

    def _take_first(self) -> None:
        """Enter before the results were there: open the first as soon as it comes."""
        self._open_first = True
        if self._wait.isActive():
            self._wait.stop()
            self._search()

    def _search(self) -> None:
        generation, text = self._generation, self.line.text().strip()

        def take(found: list[PickItem] | None) -> None:
            if found is not None and generation == self._generation:
                self._show(found, text)

        self.session.read(
            search_everywhere, text, self.session.today, lambda: generation == self._generation,
            done=take, failed=self._failed, owner=self, key="everywhere",
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        from ui.kit.errors import show_error

        self.leave()
        show_error(self.window(), error)

    def _show(self, found: list[PickItem], text: str) -> None:
        self.line.pending = False
        first = next((i for i, item in enumerate(found) if item.kind != "note"), -1)
        if not found:
            found = [PickItem(None, f"全部台账里都没有“{text}”，换一个词试试。", kind="note")]
        if self._open_first and first >= 0:
            self._open_first = False
            self._chosen(found[first])
            return
        self._open_first = False
        self.line.offer(found, first)

    def _chosen(self, item: PickItem) -> None:
        if isinstance(item.key, str):  # a recent search again
            self.line.setText(item.key)
            self._typed(item.key)
            return
        found: Found = item.key
        self._remember(self.line.text().strip())
        self._back = None
        self.leave()
        if found.record is None:
            from models.core.register import View

            self.session.show_list(found.register, View(search=found.text))
        else:
            self.session.open_record.emit(found.register, found.record)

    # --- recent --------------------------------------------------------------------------------------------------

    def recent(self) -> list[str]:
        """What was searched for last, the newest first."""
        try:
            kept: Any = json.loads(str(self._settings.value(_KEY) or "[]"))
        except ValueError:
            return []  # a broken settings file is no reason to refuse searching
        return [str(text) for text in kept][:MOST_RECENT] if isinstance(kept, list) else []

    def _remember(self, text: str) -> None:
        kept = [text, *(other for other in self.recent() if other != text)][:MOST_RECENT]
        self._settings.setValue(_KEY, json.dumps(kept, ensure_ascii=False))

    def _offer_recent(self) -> None:
        recent = self.recent()
        if recent:
            items = [PickItem(text, text) for text in recent]
            self.line.offer([PickItem(None, "最近找过", kind="note"), *items], -1)
        else:
            self.line.close_list()
