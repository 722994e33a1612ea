"""The real main window over the demo or over a small ledger of its own, driven by key and mouse."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from models.area import Area
from models.core.ledger import Ledger
from models.core.saving import save
from models.enterprise import Enterprise, Party
from models.inspection import Inspection
from models.opening import open_office
from models.organization import Officer
from ui.kit.session import Session
from ui.kit.theme import apply_theme
from ui.main_window import MainWindow

TODAY = dt.date(2024, 6, 30)
Opener = Callable[[Ledger], MainWindow]


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot) -> Iterator[Opener]:
    """Opens the main window on a ledger; every one is closed, with its session, at the end."""
    apply_theme(qapp, "light")
    made: list[MainWindow] = []

    def open_one(ledger: Ledger) -> MainWindow:
        window = MainWindow(Session(ledger))
        made.append(window)
        window.setWindowState(Qt.WindowState.WindowNoState)  # the offscreen screen is small, and keeps no focus then
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window, 5000)
        settle(window)
        return window

    yield open_one
    for window in made:
        if window.isVisible():
            window.close()
        assert not window.isVisible(), "something did not let the window close"
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def demo_window(demo: Ledger, open_window: Opener) -> MainWindow:
    return open_window(demo)


@pytest.fixture
def small_ledger(tmp_path: Path) -> Ledger:
    """Two enterprises, two officers, one inspection with two open findings; the window closes it."""
    ledger = open_office(tmp_path / "office", today=TODAY)
    with ledger.write("准备") as tx:
        officers = [save(tx, Officer, {"name": name, "certificate": code}).id for name, code in
                    (("张三", "赣001"), ("李四", "赣002"))]  # fmt: skip
        area = Area.get(Area.name == "西郊街道")
        kind = {"kind": "organization"}
        why = {"waivers": {"no_uscc": "测试", "no_village": "测试", "no_permit": "测试"}}
        school = save(tx, Party, {"name": "昌江区测试中学", **kind}, **why)
        firm = save(tx, Party, {"name": "昌江区测试餐饮公司", **kind}, **why)
        facts = {"area": area.id, "status": "open", "opened_on": dt.date(2020, 1, 1)}
        canteen = save(
            tx, Enterprise,
            {"name": "测试中学食堂", "party": school.id, "contractor": firm.id, "address": "西郊1号",
             "category": "school_canteen", "tier": "C", "supply_mode": "contracted", **facts}, **why,
        )  # fmt: skip
        save(
            tx, Enterprise,
            {"name": "测试面馆", "party": firm.id, "address": "西郊2号", "category": "catering", "tier": "D", **facts},
            **why,
        )  # fmt: skip
        findings = [{"wording": word, "legal_basis": "《中华人民共和国食品安全法》第三十三条第一款第二项"}
                    for word in ("后厨防鼠板缺失", "冷藏柜温度高于8℃")]  # fmt: skip
        save(
            tx, Inspection,
            {"enterprise": canteen.id, "inspected_on": dt.date(2024, 6, 28), "kind": "routine", "state": "done",
             "result": "ordered", "officers": officers, "findings": findings},
        )  # fmt: skip
    return ledger


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
