"""What a clerk's hands and eyes do in the main window, by key and mouse events."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from ui.main_window import MainWindow

TODAY = dt.date(2024, 6, 30)
Opener = Callable[[Ledger], MainWindow]


def settle(window: MainWindow, rounds: int = 5) -> None:
    """Let background reads and everything they lead to finish."""
    for _ in range(rounds):
        QApplication.processEvents()
        window.session.jobs.wait_idle(20_000)
    QApplication.processEvents()
    front = QApplication.activeModalWidget() or window
    if front.isVisible() and QApplication.activeWindow() is not front:
        activate(front)


def activate(front: QWidget) -> None:
    """Give a window the keyboard, as a window manager does when one closes or opens."""
    front.activateWindow()
    QTest.qWaitForWindowActive(front, 1000)


def click(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(
        widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or widget.rect().center()
    )


def dialog_of(qtbot: QtBot, kind: type) -> Any:
    """The open dialog of a class, waited for."""

    def there() -> Any:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
        assert found, f"no {kind.__name__} came up"
        return found[0]

    qtbot.waitUntil(lambda: bool(there()), timeout=10_000)
    activate(there())
    return there()


def paper_text(preview: Any) -> str:
    """The words of the document in a preview, line breaks taken out."""
    import io

    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(preview._source.data())).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def type_text(widget: QWidget, text: str) -> None:
    """Replace what is in an editor: Latin by keys, Chinese as an input method commits it."""
    from PySide6.QtGui import QInputMethodEvent
    widget.setFocus()
    if hasattr(widget, "selectAll"):
        widget.selectAll()
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    for part in text:
        if part.isascii():
            QTest.keyClicks(widget, part)
        else:
            event = QInputMethodEvent()
            event.setCommitString(part)
            QApplication.sendEvent(widget, event)


def menu_of(qtbot: QtBot) -> QMenu:
    """The menu that popped up, waited for."""

    def there() -> bool:
        return isinstance(QApplication.activePopupWidget(), QMenu)

    qtbot.waitUntil(there, timeout=10_000)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu
