"""Short messages that need no answer: a toast at the lower right, a banner inside a page; knows only words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from ui.kit.buttons import IconLabel, button, icon_button, restyle
from ui.kit.cards import State
from ui.kit.palette import UNIT

_ICONS = {"": "info", "accent": "info", "info": "info", "success": "check-circle", "warning": "warning",
          "danger": "error"}  # fmt: skip
STAY_MS = 6000


class Corner(QObject):
    """Keeps frames at the lower right of a window, above its status bar, the newest lowest."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._frames: list[QFrame] = []
        window.installEventFilter(self)

    @staticmethod
    def of(window: QWidget) -> Corner:
        """The window's corner, made at the first call."""
        found = window.findChild(Corner, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return found if found is not None else Corner(window)

    def add(self, frame: QFrame) -> None:
        """Show a frame; it leaves by `remove`."""
        frame.setParent(self._window)
        frame.adjustSize()
        self._frames.append(frame)
        self.place()
        frame.show()
        frame.raise_()

    def remove(self, frame: QFrame) -> None:
        """Take a frame away for good."""
        if frame in self._frames:
            self._frames.remove(frame)
            frame.hide()
            frame.deleteLater()
            self.place()

    def frames(self) -> list[QFrame]:
        """What is shown now, oldest first."""
        return list(self._frames)

    def place(self) -> None:
        """Lay the frames out again."""
        right, bottom = self._window.width() - 2 * UNIT, self._window.height() - 6 * UNIT
        for frame in reversed(self._frames):
            frame.move(right - frame.width(), bottom - frame.height())
            bottom -= frame.height() + UNIT

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False


class Toast(QFrame):
    """One message with an optional action; stays while the mouse is over it or it has the focus."""

    acted = Signal()

    def __init__(self, text: str, action: str, state: State) -> None:
        super().__init__()
        self.setObjectName("toast")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, UNIT, UNIT, UNIT)
        row.setSpacing(UNIT)
        row.addWidget(IconLabel(_ICONS[state], state or "accent", 20))
        self.label = QLabel(text)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setMaximumWidth(520)
        row.addWidget(self.label)
        if action:
            self.action = button(action, self._act, kind="link")
            row.addWidget(self.action)
        row.addWidget(icon_button("close", "关闭", self.leave))
        self.timer = QTimer(self, singleShot=True)
        self.timer.timeout.connect(self.leave)

    def leave(self) -> None:
        """Go away."""
        if self.underMouse() and self.sender() is self.timer:
            self.timer.start()
            return
        Corner.of(self.window()).remove(self)

    def _act(self) -> None:
        self.acted.emit()
        Corner.of(self.window()).remove(self)


def show_toast(
    near: QWidget,
    text: str,
    action: str = "",
    clicked: Callable[[], object] | None = None,
    state: State = "success",
    stay_ms: int = STAY_MS,
) -> Toast:
    """Show a message in the window of `near`, as «已保存 · 撤销»; at most three are shown at once."""
    corner = Corner.of(near.window())
    toast = Toast(text, action, state)
    if clicked is not None:
        toast.acted.connect(lambda: clicked())
    older = [frame for frame in corner.frames() if isinstance(frame, Toast)]
    for frame in older[: max(0, len(older) - 2)]:
        corner.remove(frame)
    corner.add(toast)
    toast.timer.start(stay_ms)
    return toast


class Banner(QFrame):
    """A line across a page for what stays true for a while (read-only, filter on, waived warning)."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(UNIT)
        self._icon = IconLabel("info", "info", 18)
        row.addWidget(self._icon)
        self.label = QLabel(wordWrap=True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self.label, 1)
        self._clicked: Callable[[], object] | None = None
        self.action = button("", self._act, kind="link")
        row.addWidget(self.action)
        self._close = icon_button("close", "关闭", self._leave)
        row.addWidget(self._close)
        self.hide()

    def tell(
        self,
        text: str,
        state: State = "info",
        action: str = "",
        clicked: Callable[[], object] | None = None,
        closable: bool = True,
    ) -> None:
        """Show a sentence, optionally with one action."""
        self.label.setText(text)
        self._icon.set_icon(_ICONS[state], state or "muted")
        restyle(self, state=state)
        self._clicked = clicked
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self._close.setVisible(closable)
        self.show()

    def _act(self) -> None:
        if self._clicked is not None:
            self._clicked()

    def _leave(self) -> None:
        self.hide()
        self.closed.emit()
