"""疑似重复 and the merge window, by keys and mouse: found, compared, chosen, merged, undone, answered."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.register import View
from models.enterprise import Enterprise
from models.inspection import Inspection
from tests.ui.list_hands import panel_text, toast_of
from tests.ui.window_hands import Opener, activate, click, dialog_of, settle, type_text
from ui.duplicates import DuplicatesPage
from ui.kit.buttons import PushButton
from ui.kit.dialogs import ReasonDialog
from ui.main_window import MainWindow
from ui.merge_dialog import MergeDialog

NAME, PHONE = (Enterprise.labels()[name] for name in ("name", "phone"))


@pytest.fixture
def window(small_ledger: Ledger, open_window: Opener) -> MainWindow:
    """A ledger in which 测试中学食堂 stands twice, once with an inspection."""
    canteen = Enterprise.get(Enterprise.name == "测试中学食堂")
    state = canteen.fact(small_ledger.today)
    with small_ledger.write("准备") as tx:
        record = tx.insert(
            Enterprise, name="测试中学学生食堂", party=canteen.party_id, address="西郊1号东", phone="13800000002",
            note="二楼",
        )  # fmt: skip
        facts = {n: state.__data__[n] for n in state.fact_fields()}
        tx.insert(type(state), enterprise=record.id, valid_from=state.valid_from, **facts)
    return open_window(small_ledger)


def pages(window: MainWindow) -> Any:
    window.show_page("enterprises")
    settle(window)
    return window.page("enterprises")


def duplicates(window: MainWindow) -> DuplicatesPage:
    page = pages(window).show_tab("duplicates")
    settle(window)
    assert isinstance(page, DuplicatesPage)
    return page


def row_of(dialog: MergeDialog, label: str) -> int:
    return next(i for i, line in enumerate(dialog.model.lines) if line.label == label)


def go_to(dialog: MergeDialog, label: str) -> None:
    """Walk to a row with the arrow keys."""
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for _ in range(row_of(dialog, label) - dialog.table.currentIndex().row()):
        QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert dialog.table.currentIndex().row() == row_of(dialog, label)


def test_found_compared_by_keys_merged_and_undone(window: MainWindow, qtbot: QtBot) -> None:
    page = duplicates(window)
    assert page.words.text() == "疑似重复 1 对"
    assert "当事人相同" in page.model.pairs[0].reasons
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    dialog = dialog_of(qtbot, MergeDialog)
    settle(window)
    assert dialog.headline.text() == "把“测试中学学生食堂”并入“测试中学食堂”"
    go_to(dialog, NAME)
    QTest.keyClick(dialog.table, Qt.Key.Key_Right)
    assert dialog.model.choices["name"] == "other"
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.model.choices["name"] == "mine"
    QTest.keyClick(dialog.table, Qt.Key.Key_Right)
    go_to(dialog, PHONE)
    assert dialog.model.choices["phone"] == "other"
    QTest.keyClick(dialog.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    kept = Enterprise.live().where(Enterprise.address == "西郊1号").get()
    assert (kept.name, kept.phone, kept.note) == ("测试中学学生食堂", "13800000002", "二楼")
    assert Inspection.live().get().enterprise_id == kept.id
    assert Enterprise.live().count() == 2
    toast = toast_of(page)  # type: ignore[arg-type]
    click(toast.findChildren(PushButton)[0])
    settle(window)
    assert Enterprise.live().count() == 3
    assert Enterprise.get_by_id(kept.id).name == "测试中学食堂"
    assert len(page.model.pairs) == 1


def test_a_side_is_chosen_by_mouse_and_sides_are_swapped(window: MainWindow, qtbot: QtBot) -> None:
    page = duplicates(window)
    click(page.merge)
    dialog = dialog_of(qtbot, MergeDialog)
    settle(window)
    row = row_of(dialog, NAME)
    at = dialog.table.visualRect(dialog.model.index(row, 2)).center()
    click(dialog.table.viewport(), at)
    assert dialog.model.choices["name"] == "other"
    before = len(dialog.model.lines)
    dialog.only.toggle()
    assert len(dialog.model.lines) > before
    click(dialog.swap)
    settle(window)
    assert dialog.headline.text() == "把“测试中学食堂”并入“测试中学学生食堂”"
    click(dialog.yes)
    settle(window)
    assert {e.name for e in Enterprise.live()} == {"测试中学学生食堂", "测试面馆"}


def test_two_are_answered_as_not_duplicate(window: MainWindow, qtbot: QtBot) -> None:
    page = duplicates(window)

    def answer() -> None:
        dialog = dialog_of(qtbot, ReasonDialog)
        activate(dialog)
        type_text(dialog.edit, "两层各有执照")
        click(dialog.yes)

    QTimer.singleShot(0, answer)
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    settle(window)
    assert page.model.pairs == []
    QTest.keyClick(page, Qt.Key.Key_F5)
    settle(window)
    assert page.model.pairs == []
    window.session.undo()
    settle(window)
    assert len(page.model.pairs) == 1


def test_merge_two_selected_of_the_list_and_find_the_merged(window: MainWindow, qtbot: QtBot) -> None:
    page = pages(window).show_tab("enterprises")
    settle(window)
    gone = Enterprise.get(Enterprise.name == "测试中学学生食堂")
    action = next(a for a in page.extra_actions if a.text() == "合并")
    names = [page.model.cells(row).texts[0] for row in range(len(page.model.ids))]
    assert not action.isEnabled()
    for name, keys in (("测试中学食堂", Qt.KeyboardModifier.NoModifier),
                       ("测试中学学生食堂", Qt.KeyboardModifier.ControlModifier)):  # fmt: skip
        at = page.table.visualRect(page.model.index(names.index(name), 0)).center()
        QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, keys, at)
        settle(window)
    qtbot.waitUntil(action.isEnabled, timeout=5000)
    action.trigger()
    dialog = dialog_of(qtbot, MergeDialog)
    settle(window)
    click(dialog.yes)
    settle(window)
    kept = Enterprise.get(Enterprise.name == "测试中学食堂")
    window.open_register("enterprises", View(search="学生食堂"))
    settle(window)
    assert list(page.model.ids) == [kept.id]
    window.open_record("enterprises", gone.id)  # an old link
    settle(window, 12)
    QApplication.processEvents()
    settle(window, 12)
    assert page.current_id() == kept.id
    page.panel.refresh()
    settle(window)
    assert "测试中学学生食堂" in panel_text(page)
    assert "已并入这里" in panel_text(page)
