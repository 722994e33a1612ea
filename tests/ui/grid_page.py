"""A register page over a real ledger with some enterprises, and the hands that press its keys."""

import datetime as dt
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from models.area import Area
from models.core.register import register
from models.core.search import search_columns
from models.enterprise import Enterprise, EnterpriseState, Party
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session

CONTROL = Qt.KeyboardModifier.ControlModifier


def fill(session: Session, count: int) -> None:
    """Enterprises 示例店0001 …, in catering, all open."""
    with session.ledger.write("登记示例") as tx:
        area = Area.get(Area.name == "新枫街道").id
        value = {"name": "示例食品有限公司（示例）", "kind": "organization", "uscc": "913602000000000011"}
        party = tx.insert(Party, **value, **search_columns(Party, value)).id
        rows = [
            {"name": f"示例店{i:04}", "party": party, "address": f"示例路{i}号", "phone": f"1380000{i:04}",
             "initials": f"sld{i:04}"}
            for i in range(1, count + 1)
        ]  # fmt: skip
        ids = tx.insert_many(Enterprise, [row | search_columns(Enterprise, row) for row in rows])
        facts = {"valid_from": dt.date(2020, 1, 1), "category": "catering", "status": "open", "area": area}
        states = [{"enterprise": key, **facts, "diners": i * 10} for i, key in enumerate(ids, 1)]
        tx.insert_many(EnterpriseState, states)


def open_page(session: Session, qtbot: Any, count: int = 6, name: str = "enterprises") -> RegisterPage:
    """The page of a register, shown and read."""
    if count:
        fill(session, count)
    page = RegisterPage(session, register(name))
    qtbot.addWidget(page)
    page.resize(1300, 700)
    page.show()
    page.activateWindow()
    settle(page)
    page.table.setFocus()
    return page


def settle(page: RegisterPage) -> None:
    """Wait until nothing is read, debounced or written."""
    for _ in range(4):
        for _ in range(3):
            QApplication.processEvents()
        page.session.jobs.wait_idle()
        timers = [page.panel._wait, page.model._ask, page._soon, page.table._told]
        for dialog in (page.hands.batch_dialog, page.hands.replace_dialog):
            if dialog is not None:
                timers.append(dialog._wait)
        while any(timer.isActive() for timer in timers):
            QApplication.processEvents()
    front = QApplication.activeModalWidget() or page
    if QApplication.activeWindow() is not front:
        front.activateWindow()
        QApplication.processEvents()


def section(page: RegisterPage, path: str) -> int:
    """The column of a path; shown if it was not."""
    found = [c.path for c in page.register.columns].index(path)
    page.table.show_column(found, True)
    return found


def cell(page: RegisterPage, row: int, path: str) -> str:
    """What a cell shows."""
    cells = page.model.cells(row)
    assert cells is not None
    return cells.texts[section(page, path)]


def click(page: RegisterPage, row: int, path: str) -> None:
    """Click a cell."""
    index = page.model.index(row, section(page, path))
    page.table.scrollTo(index)
    at = page.table.visualRect(index).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    settle(page)


def select(page: RegisterPage, top: int, bottom: int, left: str, right: str = "") -> None:
    """Select a range, its upper left being current."""
    first = page.model.index(top, section(page, left))
    last = page.model.index(bottom, section(page, right or left))
    flags = QItemSelectionModel.SelectionFlag
    page.table.selectionModel().setCurrentIndex(first, flags.ClearAndSelect)
    page.table.selectionModel().select(QItemSelection(first, last), flags.ClearAndSelect)
    settle(page)


def press(page: RegisterPage, key: Qt.Key, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key in the table."""
    QTest.keyClick(page.table, key, modifiers)
    settle(page)


def compose(line: QWidget, text: str) -> None:
    """Commit a text as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(line, event)


def clip(text: str) -> None:
    """Put a text on the clipboard."""
    QGuiApplication.clipboard().setText(text)
