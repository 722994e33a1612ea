"""Frozen first columns: one table to the hand and the eye, however far the rest has scrolled."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from tests.ui.grid_page import CONTROL, cell, click, compose, open_page, press, section, settle
from ui.kit.header_filter import FilterPopup
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def wide(session: Session, qtbot: Any) -> RegisterPage:
    """A roster wider than its window, scrolled to its right end, its name frozen."""
    page = open_page(session, qtbot, 40)
    for path in [c.path for c in page.register.columns]:
        section(page, path)
    page.resize(1000, 600)
    settle(page)
    bar = page.table.horizontalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 300
    settle(page)
    return page


def picture(page: RegisterPage) -> QImage:
    return page.table.viewport().grab().toImage()


def header_menu(page: RegisterPage, at: QPoint) -> QMenu:
    """Right-click the header."""
    view = page.table.header.viewport()
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at)))
    (menu,) = [m for m in page.table.header.findChildren(QMenu) if m.isVisible()]
    return menu


def choose(menu: QMenu, words: str) -> None:
    """Take a line of a menu by its words."""
    (action,) = [a for a in menu.actions() if a.text().split("\t")[0] == words]
    menu.setActiveAction(action)
    QApplication.processEvents()
    QTest.keyClick(menu, Qt.Key.Key_Return)


def test_the_name_stays_where_it_is(wide: RegisterPage) -> None:
    table, name = wide.table, section(wide, "name")
    assert table.frozen_sections() == [name]
    rect = table.visualRect(wide.model.index(3, name))
    assert rect.left() == 0
    assert table.indexAt(rect.center()).column() == name
    rect.setRight(rect.right() - 1)  # beside the line at the edge
    scrolled = picture(wide).copy(rect)
    table.horizontalScrollBar().setValue(0)
    assert picture(wide).copy(rect) == scrolled, "the frozen cell looks as the plain one"
    table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    table.freeze(0)
    assert picture(wide).copy(rect) != scrolled


def test_a_click_edits_and_copies_in_the_frozen_part(wide: RegisterPage) -> None:
    click(wide, 4, "name")
    at = wide.table.horizontalScrollBar().value()
    assert wide.table.currentIndex().column() == section(wide, "name")
    assert wide.table.currentIndex().row() == 4
    press(wide, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "示例店0005"
    press(wide, Qt.Key.Key_F2)
    editor = wide.hands.editor
    assert editor is not None
    assert editor.editor is not None
    assert editor.frame is not None
    assert editor.frame.x() == 0
    assert wide.table.horizontalScrollBar().value() == at
    target = editor.editor.focus_targets()[0]
    target.selectAll()  # type: ignore[attr-defined]
    compose(target, "改名店")
    QTest.keyClick(target, Qt.Key.Key_Return)
    settle(wide)
    assert "改名店" in [cell(wide, row, "name") for row in range(40)]


def test_keys_keep_the_current_cell_out_from_under_the_frozen_part(wide: RegisterPage) -> None:
    table = wide.table
    shown = table.shown_columns()
    table.setCurrentIndex(wide.model.index(2, shown[-1]))
    for _ in range(len(shown) - 1):
        press(wide, Qt.Key.Key_Left)
        rect = table.visualRect(table.currentIndex())
        if not table.is_frozen(table.currentIndex().column()):
            assert rect.left() >= table.frozen_width()
        assert 0 <= rect.left() < table.viewport().width()
    assert table.currentIndex().column() == shown[0]
    for key in (Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_Home):
        press(wide, key)
        assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).topLeft())
    press(wide, Qt.Key.Key_End)
    assert table.currentIndex().column() == shown[-1]
    assert table.visualRect(table.currentIndex()).right() <= table.viewport().width()


def test_dragging_from_the_frozen_part_selects_across(wide: RegisterPage, qtbot: Any) -> None:
    table, view = wide.table, wide.table.viewport()
    shown = table.shown_columns()
    start = table.visualRect(wide.model.index(1, shown[0])).center()
    end = QPoint(view.width() - 30, table.visualRect(wide.model.index(3, shown[0])).center().y())
    last = table.indexAt(end).column()
    qtbot.mousePress(view, LEFT, pos=start)
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, LEFT, pos=end)
    settle(wide)
    assert table.selected_rows() == [1, 2, 3]
    (span,) = table.spans()
    assert (span.left(), span.right()) == (shown[0], last)


def test_the_frozen_header_sorts_filters_and_sizes(wide: RegisterPage, qtbot: Any) -> None:
    header, name = wide.table.header, section(wide, "name")
    qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(30, header.height() // 2))
    settle(wide)
    assert wide.view().order == (("name", False),)
    qtbot.mouseClick(header.viewport(), LEFT, pos=header.funnel(name).center())
    settle(wide)
    (popup,) = wide.findChildren(FilterPopup)
    compose(popup.findChild(QLineEdit), "店000")
    popup.apply()
    settle(wide)
    assert len(wide.model.ids) == 9
    before, edge = header.sectionSize(name), wide.table.frozen_width()
    bar = wide.table.horizontalScrollBar()
    bar.setValue(bar.maximum())
    middle = header.height() // 2
    qtbot.mousePress(header.viewport(), LEFT, pos=QPoint(edge - 2, middle))
    qtbot.mouseMove(header.viewport(), QPoint(edge + 38, middle))
    qtbot.mouseRelease(header.viewport(), LEFT, pos=QPoint(edge + 38, middle))
    assert header.sectionSize(name) == before + 40


def test_the_menu_freezes_and_lets_go_and_is_remembered(
    session: Session, qtbot: Any, wide: RegisterPage
) -> None:
    table = wide.table
    table.horizontalScrollBar().setValue(0)
    second = table.shown_columns()[1]
    left = table.header.left_of(second)
    choose(header_menu(wide, QPoint(left + 20, 10)), "冻结到此列")
    settle(wide)
    assert table.frozen_sections() == table.shown_columns()[:2]
    table.save_columns()
    wide.settings.sync()
    again = open_page(session, qtbot, 0)
    again.resize(1000, 600)
    settle(again)
    assert again.table.frozen_sections() == table.shown_columns()[:2]
    choose(header_menu(again, QPoint(20, 10)), "取消冻结")
    assert again.table.frozen_sections() == []
    choose(header_menu(again, QPoint(20, 10)), "降序")
    settle(again)
    assert again.view().order == (("name", True),)
    choose(header_menu(again, QPoint(20, 10)), "取消排序")
    choose(header_menu(again, QPoint(left + 20, 10)), "隐藏此列")
    settle(again)
    assert again.view().order == ()
    assert second not in again.table.shown_columns()


def test_columns_that_leave_no_room_scroll_with_the_rest(wide: RegisterPage) -> None:
    wide.table.freeze(len(wide.register.columns))
    assert wide.table.frozen_sections() == []
    assert wide.table.frozen_width() == 0


def test_labels_stand_beside_their_marks(page: Callable[..., RegisterPage]) -> None:
    shown = page()
    table = shown.table
    for number in table.shown_columns():
        assert table.columnWidth(number) >= table.header.least_width(number)


def test_the_menu_orders_chinese_by_strokes_and_remembers_it(
    session: Session, qtbot: Any, wide: RegisterPage
) -> None:
    assert not wide.view().strokes
    choose(header_menu(wide, QPoint(20, 10)), "中文按笔画排")
    settle(wide)
    assert wide.view().strokes
    assert wide.model.view.strokes
    wide.settings.sync()
    again = open_page(session, qtbot, 0)
    assert again.view().strokes
    assert len(again.model.ids) == 40
    again.clear_filters()
    settle(again)
    assert again.view().strokes, "it is the list's, not the filter's"
    choose(header_menu(again, QPoint(20, 10)), "中文按拼音排")
    settle(again)
    assert not again.view().strokes
