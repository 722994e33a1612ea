"""What the tests of 包保责任 share: its sub-tabs and the actions of their lists."""

from typing import Any

import shiboken6
from PySide6.QtGui import QAction

from tests.ui.window_hands import settle
from ui.main_window import MainWindow


def tab(window: MainWindow, key: str) -> Any:
    """A sub-tab of 包保责任 in front, read."""
    window.show_page("responsibility")
    page: Any = window.page("responsibility").show_tab(key)  # type: ignore[attr-defined]
    settle(window)
    return page


def action(page: Any, name: str) -> QAction:
    """An action that a topic added to a list."""
    found: QAction = next(each for each in page.extra_actions if each.objectName() == name)
    return found


def closed(dialog: Any) -> bool:
    """Whether a dialog has gone; many are deleted when they close."""
    return not shiboken6.isValid(dialog) or not dialog.isVisible()


def texts(table: Any) -> list[tuple[str, ...]]:
    """What stands in a table of rows."""
    return [row.texts for row in table.list.rows]
