"""What a clerk does in one list, by key and mouse, and what stands in it."""

import datetime as dt
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from models.area import Area
from models.core.search import search_columns
from models.enterprise import Enterprise, EnterpriseState, Party, Permit
from ui.kit.buttons import PushButton
from ui.kit.dialogs import MessageDialog
from ui.kit.header_filter import FilterPopup
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session
from ui.kit.toast import Toast

KINDS = ("catering", "sale", "production")


def fill(session: Session, count: int) -> None:
    """Enterprises 甲店1（示例） … in three categories, every tenth one closed."""
    with session.ledger.write("登记示例") as tx:
        areas = [a.id for a in Area.live().where(Area.level == "township").order_by(Area.code)]
        value = {"name": "示例食品有限公司（示例）", "kind": "organization", "uscc": "913602000000000011"}
        party = tx.insert(Party, **value, **search_columns(Party, value)).id
        rows = []
        for i in range(1, count + 1):
            value = {
                "name": f"{'甲乙丙'[i % 3]}店{i:04}（示例）", "party": party, "address": f"示例路{i}号",
                "phone": f"1380000{i:04}", "initials": f"{'jyb'[i % 3]}d{i:04}",
            }  # fmt: skip
            rows.append({**value, **search_columns(Enterprise, value)})
        ids = tx.insert_many(Enterprise, rows)
        tx.insert_many(
            EnterpriseState,
            [
                {
                    "enterprise": key, "valid_from": dt.date(2020, 1, 1), "category": KINDS[i % 3],
                    "status": "closed" if i % 10 == 0 else "open", "area": areas[i % 2], "diners": i,
                }
                for i, key in enumerate(ids, 1)
            ],
        )  # fmt: skip
        value = {
            "enterprise": ids[0],
            "kind": "JY",
            "number": "JY13602020000011",
            "valid_until": dt.date(2024, 6, 1),
        }
        tx.insert(Permit, **value, **search_columns(Permit, value))


def settle(page: RegisterPage) -> None:
    """Wait until nothing is read, debounced or written."""
    for _ in range(3):
        for _ in range(2):
            QApplication.processEvents()
        page.session.jobs.wait_idle()
        timers = (page.bar.search._timer, page.panel._wait, page.model._ask, page._soon, page.table._told)
        while any(timer.isActive() for timer in timers):
            QApplication.processEvents()
        page.session.jobs.wait_idle()


def names(page: RegisterPage) -> list[str]:
    return [page.model.cells(row).texts[0] for row in range(len(page.model.ids))]  # type: ignore[union-attr]


def section(page: RegisterPage, path: str) -> int:
    return [c.path for c in page.register.columns].index(path)


def click_header(
    qtbot: Any, page: RegisterPage, path: str, keys: Any = Qt.KeyboardModifier.NoModifier
) -> None:
    header = page.table.header
    at = QPoint(header.sectionViewportPosition(section(page, path)) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, keys, at)
    settle(page)


def click_cell(
    qtbot: Any, page: RegisterPage, row: int, column: int = 0, keys: Any = Qt.KeyboardModifier.NoModifier
) -> None:
    at = page.table.visualRect(page.model.index(row, column)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, keys, at)
    settle(page)


def popup(qtbot: Any, page: RegisterPage, path: str) -> FilterPopup:
    """Open a column's filter by a click on its funnel."""
    header = page.table.header
    qtbot.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, pos=header.funnel(section(page, path)).center()
    )
    settle(page)
    found = page.findChildren(FilterPopup)
    assert len(found) == 1
    return found[0]


def compose(edit: QLineEdit, text: str) -> None:
    """Type Chinese as an input method does: letters being composed, then the words."""
    for event in (QInputMethodEvent("pin'yin", []), QInputMethodEvent()):
        if not event.preeditString():
            event.setCommitString(text)
        QApplication.sendEvent(edit, event)


def answer(yes: bool) -> None:
    """Press the confirming (or the harmless) button of the dialog that is about to open."""

    def press(tries: int = 100) -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, MessageDialog):
            dialog.findChildren(PushButton)[-1 if yes else 0].click()
        elif tries:
            QTimer.singleShot(10, lambda: press(tries - 1))

    QTimer.singleShot(0, press)


def toast_of(page: RegisterPage) -> Toast:
    return page.window().findChildren(Toast)[-1]


def panel_text(page: RegisterPage) -> str:
    return "\n".join(label.text() for label in page.panel.findChildren(QLabel))
