"""Ctrl+K: one box over all registers, grouped, opened by Enter, with recent searches; input methods undisturbed."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.core.ledger import Ledger
from models.core.register import View, register
from models.enterprise import Enterprise, Permit
from models.registers import all_registers
from tests.ui.grid_page import compose
from tests.ui.window_hands import settle
from ui.main_window import MainWindow
from ui.search_box import MOST_EACH, GlobalSearch, search_everywhere, searchable


def open_box(window: MainWindow) -> GlobalSearch:
    QTest.keySequence(QApplication.focusWidget() or window, "Ctrl+K")
    settle(window)
    box = window.findChild(GlobalSearch)
    assert box is not None
    assert box.isVisible()
    assert box.line.hasFocus()
    return box


def type_in(window: MainWindow, box: GlobalSearch, text: str) -> list[Any]:
    """Type and wait for the results."""
    if text.isascii():
        QTest.keyClicks(box.line, text)
    else:
        compose(box.line, text)
    while box._wait.isActive():
        QApplication.processEvents()
    settle(window)
    return box.line.popup.model.items if box.line.is_open else []


def test_found_by_name_initials_phone_number_and_address(demo_window: MainWindow) -> None:
    place = Enterprise.live().where(Enterprise.phone != "").first()
    permit = Permit.live().first()
    box = open_box(demo_window)
    for text, name in (
        (place.name, "enterprises"),
        (place.initials, "enterprises"),
        (place.phone, "enterprises"),
        (place.address, "enterprises"),
        (permit.number, "permits"),
    ):
        box.line.clear()
        items = type_in(demo_window, box, text)
        heads = [item.text for item in items if item.kind == "note"]
        assert register(name).title in heads, text
        found = [item.key for item in items if item.kind == ""]
        assert any(f.register == name for f in found), text


def test_enter_opens_the_record_and_remembers_the_search(demo_window: MainWindow) -> None:
    place = Enterprise.live().order_by(Enterprise.id.desc()).first()
    box = open_box(demo_window)
    items = type_in(demo_window, box, place.name)
    first = next(item for item in items if item.kind == "")
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    settle(demo_window, 12)
    assert not box.isVisible()
    shown = demo_window.page("enterprises").current_list()  # type: ignore[attr-defined]
    assert demo_window.current_page == "enterprises"
    assert shown.current_id() == first.key.record
    assert box.recent() == [place.name]
    box = open_box(demo_window)
    assert [item.text for item in box.line.popup.model.items] == ["最近找过", place.name]
    QTest.keyClick(box.line, Qt.Key.Key_Down)
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    while box._wait.isActive():
        QApplication.processEvents()
    settle(demo_window)
    assert box.line.text() == place.name
    assert box.line.is_open
    QTest.keyClick(box.line, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_arrows_go_past_the_headings_and_enter_may_be_early(demo_window: MainWindow) -> None:
    box = open_box(demo_window)
    items = type_in(demo_window, box, "示例")
    assert sum(item.kind == "note" for item in items) > 2
    marked = [box.line.marked()]
    for _ in range(len(items)):
        QTest.keyClick(box.line, Qt.Key.Key_Down)
        marked.append(box.line.marked())
    assert all(item is not None and item.kind != "note" for item in marked)
    assert len({id(item.key) for item in marked if item is not None}) > MOST_EACH
    whole = next(item for item in items if item.kind == "new")
    box.line.chosen.emit(whole)
    settle(demo_window)
    assert not box.isVisible()
    box = open_box(demo_window)
    compose(box.line, Enterprise.live().first().name)
    QTest.keyClick(box.line, Qt.Key.Key_Return)  # before anything was found
    settle(demo_window, 12)
    assert not box.isVisible()
    assert demo_window.page("enterprises").current_list().current_id() is not None  # type: ignore[attr-defined]


def test_composing_searches_nothing_and_nothing_found_says_so(demo_window: MainWindow) -> None:
    box = open_box(demo_window)
    QApplication.sendEvent(box.line, QInputMethodEvent("shi li", []))
    assert not box._wait.isActive()
    QApplication.sendEvent(box.line, QInputMethodEvent())
    items = type_in(demo_window, box, "没有这样的内容")
    assert [item.kind for item in items] == ["note"]
    assert "没有这样的内容" in items[0].text
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    assert box.isVisible()
    demo_window.page("overview").setFocus()
    QTest.keyClick(box.line, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_a_newer_search_makes_the_older_needless(demo_window: MainWindow) -> None:
    today = demo_window.session.today
    assert search_everywhere("示例", today, lambda: False) is None
    found = search_everywhere("示例", today, lambda: True)
    assert found


def test_every_register_can_be_searched_or_has_no_text(ledger: Ledger) -> None:
    for found in all_registers():
        if searchable(found):
            found.first_ids(View(search="示例 1"), ledger.today, 3)
        else:
            part = found.base is not None and any(
                r.model is found.model and searchable(r) for r in all_registers()
            )
            assert part or "search_text" not in found.model._meta.fields, found.name
