"""操作日志 at the width of a small screen: what was done can be read."""

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

from models.enterprise import Party
from ui.history_page import HistoryPage
from ui.kit.session import Session


def test_the_action_has_the_room(session: Session, put: Callable[..., Any], qtbot: QtBot) -> None:
    put(Party, name="某某公司", kind="organization")
    page = HistoryPage(session)
    qtbot.addWidget(page)
    page.resize(1366 - 200, 640)
    page.show()
    with qtbot.waitSignal(page.detailed):
        page.refresh()
    widths = [page.table.columnWidth(column) for column in range(5)]
    assert widths[1] >= 200, widths
    assert sum(widths) <= page.table.viewport().width(), "no column is cut"
    assert "某某公司" in page.details.item(0, 0).text()
