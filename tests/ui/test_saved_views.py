"""Views kept by name: saved, applied, renamed and deleted from the 视图 button, by keys and mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from models.core.register import Condition
from models.saved_view import SavedView
from tests.ui.list_hands import click_header, compose, section, settle, toast_of
from ui.kit.register_page import RegisterPage
from ui.kit.saved_views import NameDialog
from ui.kit.session import Session

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Opens the menu by its key and takes a line, or a line of one of its parts, by keys.

    A menu runs its own event loop: the keys are pressed from inside it.
    """

    def take(page: RegisterPage, words: str, part: str = "") -> None:
        done: list[bool] = []

        def press() -> None:
            menu = page.saved_views.menu
            name = part or words
            (action,) = [a for a in menu.actions() if a.text() == name]
            menu.setActiveAction(action)
            if part:
                QTest.keyClick(menu, Qt.Key.Key_Right)
                inner = action.menu()
                assert isinstance(inner, QMenu)
                (action,) = [a for a in inner.actions() if a.text() == words]
                inner.setActiveAction(action)
                QTest.keyClick(inner, Qt.Key.Key_Return)
            else:
                QTest.keyClick(menu, Qt.Key.Key_Return)
            done.append(True)

        if QApplication.activeWindow() is not page.window():  # no window manager gives it back after a menu
            page.window().hide()
            page.window().show()
            page.window().activateWindow()
            assert QTest.qWaitForWindowActive(page.window(), 2000)
            settle(page)
        page.table.setFocus()
        QTimer.singleShot(0, press)
        QTest.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
        assert done, "Alt+V opens the menu"
        settle(page)

    return take


def name_it(page: RegisterPage, name: str) -> None:
    """Type a name into the dialog and press Enter."""
    dialog = page.saved_views.dialog
    assert isinstance(dialog, NameDialog)
    dialog.edit.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(name)
    QApplication.sendEvent(dialog.edit, event)
    QTest.keyClick(dialog.edit, Qt.Key.Key_Return)
    settle(page)


def names(page: RegisterPage) -> list[str]:
    return [kept.name for kept in page.saved_views.views]


def test_a_view_is_saved_and_applied(page: Any, qtbot: Any, choose: Any) -> None:
    shown = page()
    compose(shown.bar.search, "示例")
    settle(shown)
    shown.change_view(conditions=(Condition("category", "in", ("sale",)),), presets=("open",))
    click_header(qtbot, shown, "status")
    shown.table.show_column(section(shown, "address"), False)
    settle(shown)
    kept, columns = shown.view(), shown.table.shown_columns()
    choose(shown, "保存现在的视图…")
    name_it(shown, "在营的销售")
    assert names(shown) == ["在营的销售"]
    shown.clear_filters()
    shown.table.reset_columns()
    settle(shown)
    assert shown.table.shown_columns() != columns
    choose(shown, "在营的销售")
    assert shown.view() == kept
    assert shown.table.shown_columns() == columns
    assert shown.bar.search.text() == "示例"
    assert len(shown.model.ids) == 9
    shown.saved_views._fill()
    (action,) = [a for a in shown.saved_views.menu.actions() if a.text() == "在营的销售"]
    assert action.isChecked()


def test_a_view_is_renamed_updated_deleted_and_brought_back(
    session: Session, page: Any, qtbot: Any, choose: Any
) -> None:
    shown = page(9)
    shown.change_view(presets=("open",))
    settle(shown)
    choose(shown, "保存现在的视图…")
    name_it(shown, "甲")
    choose(shown, "甲", "重命名")
    name_it(shown, "乙")
    assert names(shown) == ["乙"]
    shown.change_view(search="2")
    settle(shown)
    choose(shown, "乙", "更新")
    assert shown.saved_views.views[0].view.search == "2"
    choose(shown, "乙", "删除")
    assert names(shown) == []
    assert SavedView.live().count() == 0
    qtbot.mouseClick(toast_of(shown).action, Qt.MouseButton.LeftButton)
    settle(shown)
    assert names(shown) == ["乙"]
    session.ledger.undo()


def test_a_name_is_needed_and_one_of_a_kind(page: Any, choose: Any) -> None:
    shown = page(3)
    choose(shown, "保存现在的视图…")
    dialog = shown.saved_views.dialog
    assert dialog is not None
    QTest.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.problem.text()
    name_it(shown, "同名")
    shown.change_view(search="1")
    settle(shown)
    choose(shown, "保存现在的视图…")
    name_it(shown, "同名")
    assert names(shown) == ["同名"]
    assert shown.saved_views.views[0].view.search == "1"


def test_what_is_gone_is_said_and_the_rest_holds(session: Session, page: Any, choose: Any) -> None:
    shown = page(9)
    shown.change_view(search="2")
    settle(shown)
    choose(shown, "保存现在的视图…")
    name_it(shown, "旧版")
    with session.ledger.write("改") as tx:
        row = SavedView.get()
        old = row.content.replace('"conditions": []', '"conditions": [["gone", "contains", "x"]]')
        old = old.replace('"labels": {', '"labels": {"gone": "旧栏目", ')
        tx.update(row, content=old)
    shown.saved_views.refresh()
    shown.clear_filters()
    settle(shown)
    choose(shown, "旧版")
    assert "旧栏目" in toast_of(shown).label.text()
    assert shown.view().search == "2"
    assert shown.view().conditions == ()
