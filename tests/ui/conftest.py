"""A themed application over a real ledger whose today is 2024-06-30, and the main window over one."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from models.area import Area
from models.core.ledger import Ledger
from models.core.register import register
from models.core.saving import Draft, inspect, save
from models.enterprise import Enterprise, Party
from models.inspection import Inspection
from models.opening import open_office
from models.organization import Officer
from tests.ui import list_hands
from tests.ui.window_hands import TODAY, Opener, settle
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session
from ui.kit.theme import apply_theme
from ui.main_window import MainWindow

STUCK_S = 30
"""Seconds after which a question that no test answers is one too many: else the run would stand still."""


@pytest.fixture(autouse=True, scope="session")
def clipboard_is_let_go() -> Iterator[None]:
    """Empties the clipboard at the end: without a display Qt keeps what was copied until Python is gone, and falls.

    With a display the application gives it away or frees it as it closes.
    """
    yield
    if QApplication.instance() is not None:
        QApplication.clipboard().clear()


@pytest.fixture(autouse=True)
def nothing_waits_for_an_answer(qapp: QApplication) -> Iterator[None]:
    """Leaves a dialog that waits in its own event loop and that the test forgot, and fails the test."""
    seen: list[tuple[int, int]] = []
    stuck: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        now = id(dialog) if isinstance(dialog, QDialog) else 0
        if not seen or seen[0][0] != now:
            seen[:] = [(now, 0)]
        seen[0] = (now, seen[0][1] + 1)
        if now and seen[0][1] >= STUCK_S and isinstance(dialog, QDialog):
            stuck.append(f"{dialog.windowTitle()}: {getattr(dialog, 'headline', None)}")
            dialog.done(0)

    timer = QTimer(interval=1000)
    timer.timeout.connect(look)
    timer.start()
    yield
    timer.stop()
    assert not stuck, f"nobody answered {stuck}"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger with its seeds, open for writing."""
    opened = open_office(tmp_path / "ledger", today=TODAY)
    yield opened
    opened.close()


@pytest.fixture
def session(qapp: QApplication, ledger: Ledger) -> Iterator[Session]:
    """The window's session on that ledger."""
    apply_theme(qapp, "light")
    made = Session(ledger)
    yield made
    made.jobs.shutdown()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def put(ledger: Ledger) -> Callable[..., Any]:
    """Stores a record as a person would, warnings waived."""

    def one(model: Any, **values: Any) -> Any:
        with ledger.write("准备") as tx:
            rules = {problem.rule for problem in inspect(Draft(model, values, None, ledger.today)).warnings}
            return save(tx, model, values, waivers=dict.fromkeys(rules, "测试"))

    return one


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


@pytest.fixture
def page(session: Session, qtbot: Any) -> Callable[..., RegisterPage]:
    def make(count: int = 30, name: str = "enterprises") -> RegisterPage:
        if count:
            list_hands.fill(session, count)
        made = RegisterPage(session, register(name))
        qtbot.addWidget(made)
        made.resize(1180, 700)
        made.show()
        list_hands.settle(made)
        return made

    return make
