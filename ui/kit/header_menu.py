"""The menu of a column's header: sort, filter, freeze, hide; knows a page's table, no topic."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from ui.kit.icons import icon
from ui.kit.table_view import filterable

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage


def header_menu(page: RegisterPage, section: int) -> QMenu:
    """What can be done with a column of a page's list."""
    table, register = page.table, page.register
    column = register.columns[section]
    menu = QMenu(table.header)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(icon("chevron-up"), "升序", partial(page.sort_by, section, False))
    menu.addAction(icon("chevron-down"), "降序", partial(page.sort_by, section, True))
    if any(path == column.path for path, _ in page.view().order):
        menu.addAction("取消排序", partial(page.sort_by, section, None))
    menu.addSeparator()
    group = QActionGroup(menu)
    for words, strokes in (("中文按拼音排", False), ("中文按笔画排", True)):
        choice = menu.addAction(words, partial(page.order_by_strokes, strokes))
        choice.setCheckable(True)
        choice.setChecked(page.strokes == strokes)
        group.addAction(choice)
    menu.addSeparator()
    if filterable(register, column):
        menu.addAction(icon("filter"), "筛选…\tAlt+↓", partial(page.open_filter, section))
        if any(c.path == column.path for c in page.view().conditions):
            menu.addAction("取消筛选", partial(page.drop_filter, column.path))
        menu.addSeparator()
    menu.addAction("冻结到此列", partial(table.freeze_through, section))
    if table.frozen_places:
        menu.addAction("取消冻结", partial(table.freeze, 0))
    menu.addSeparator()
    menu.addAction("隐藏此列", partial(table.show_column, section, False)).setEnabled(
        len(table.shown_columns()) > 1
    )
    return menu


def open_header_menu(page: RegisterPage, section: int, where: QPoint) -> None:
    """Show the menu of a column at a point of the screen."""
    header_menu(page, section).popup(where)
