"""离任交接 in the window: proposal, another successor, the step and its undo, refusals, and one that is interrupted."""

import datetime as dt
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.register import View
from models.handing_over import handover_sheet
from models.handover import Handover
from models.responsibility import Assignment, Official
from tests.ui.duty_hands import action, closed, tab, texts
from tests.ui.window_hands import Opener, click, dialog_of, paper_text, settle, type_text
from ui.handing_over import HandoverDialog, SuccessorDialog
from ui.kit.preview import PreviewDialog
from ui.kit.toast import Toast
from ui.main_window import MainWindow


def held(official: int) -> list[tuple[int, int, Any, Any]]:
    """What an official has, with its days."""
    rows = Assignment.live().where(Assignment.official == official, Assignment.valid_to.is_null())
    return [(one.id, one.enterprise_id, one.valid_from, one.valid_to) for one in rows.order_by(Assignment.id)]


def opened(window: MainWindow, qtbot: QtBot) -> Any:
    page = tab(window, "officials")
    page.set_view(View(presets=("serving",), order=(("load", True),)))
    settle(window)
    page.table.go_to_row(0)
    page.table.setFocus()
    settle(window)
    QTest.keySequence(page.table, action(page, "handover").shortcut())
    dialog = dialog_of(qtbot, HandoverDialog)
    settle(window)
    return dialog


def test_everything_goes_to_successors_in_one_action(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    dialog = opened(window, qtbot)
    official, name = dialog.official, dialog.name
    mine = held(official)
    assert len(mine) == len(dialog.table.list.rows) > 3
    assert dialog.yes.text() == f"交接 {len(mine)} 户"
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    settle(window)
    picker = dialog_of(qtbot, SuccessorDialog)
    assert all(one.id != dialog.official for one in picker.candidates)
    other = next(one for one in picker.candidates if one.fits and one.name != texts(dialog.table)[0][1])
    type_text(picker.search, other.name)
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    settle(window)
    assert texts(dialog.table)[0][1:] == (other.name, "人工指定")
    type_text(dialog.form.fields["last"].editor, "2024.7.5")
    QTest.keyClick(dialog.form.fields["last"].editor, Qt.Key.Key_Tab)
    settle(window)
    assert "自 2024-07-06 起" in dialog.words.text()
    assert texts(dialog.table)[0][1] == other.name
    type_text(dialog.form.fields["witness"].editor, "程远山")
    click(dialog.yes)
    settle(window)
    assert closed(dialog)
    record = Handover.live().order_by(Handover.id.desc()).first()
    assert (record.effective_on, record.witness) == (dt.date(2024, 7, 6), "程远山")
    assert held(official) == []
    assert Official.get_by_id(official).term_to == dt.date(2024, 7, 5)
    sheet = handover_sheet(record.id)
    assert len(sheet.rows) == len(mine)
    first = Assignment.get(Assignment.enterprise == mine[0][1], Assignment.valid_from == dt.date(2024, 7, 6))
    assert first.official_id == other.id
    toast = next(t for t in window.findChildren(Toast) if "已交接" in t.label.text())
    click(toast.action)
    settle(window)
    preview = dialog_of(qtbot, PreviewDialog)
    qtbot.waitUntil(lambda: preview._source is not None, timeout=10_000)
    assert name in paper_text(preview)
    preview.close()
    settle(window)
    QTest.keySequence(window, "Ctrl+Z")
    settle(window)
    assert held(official) == mine
    assert Official.get_by_id(official).term_to is None


def test_nobody_takes_over_is_said_and_listed(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    dialog = opened(window, qtbot)
    dialog.table.selectAll()
    click(dialog.change)
    settle(window)
    picker = dialog_of(qtbot, SuccessorDialog)
    picker.list.setCurrentRow(picker.list.count() - 1)
    click(picker.yes)
    settle(window)
    count = len(dialog.table.list.rows)
    assert {row[1] for row in texts(dialog.table)} == {"暂缺"}
    assert f"其中 {count} 户接任干部暂缺" in dialog.words.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert closed(dialog)


def test_one_that_is_interrupted_leaves_everything_as_it_was(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    dialog = opened(window, qtbot)
    mine, handovers = held(dialog.official), Handover.live().count()
    with demo.write("接任干部离任") as tx:  # the successor of some has left meanwhile
        gone = Official.get_by_id(next(line.successor for line in dialog.found.lines))
        tx.update(gone, term_to=demo.today)
    click(dialog.yes)
    settle(window)
    assert dialog.isVisible()
    assert "任职已于2024年6月30日截止" in dialog.banner.label.text()
    assert held(dialog.official) == mine
    assert Handover.live().count() == handovers
    assert Official.get_by_id(dialog.official).term_to is None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_assignments_that_changed_meanwhile_are_proposed_anew(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    dialog = opened(window, qtbot)
    official = dialog.official
    mine = held(official)
    with demo.write("结束一户") as tx:
        tx.remove(Assignment.get_by_id(mine[0][0]))
    click(dialog.yes)
    settle(window)
    assert dialog.isVisible()
    assert "已有变动" in dialog.banner.label.text()
    assert len(dialog.table.list.rows) == len(mine) - 1
    assert held(official) == mine[1:]
    click(dialog.yes)
    settle(window)
    assert held(official) == []
