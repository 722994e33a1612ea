"""自动拟派 and 按标准定层级 in the window: preview, ticks, scope, one action, undo, changed facts."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.proposing import apply_proposal, propose_assignments
from models.responsibility import Assignment
from models.tiering import preview_tiers
from tests.ui.duty_hands import action, closed, tab, texts
from tests.ui.window_hands import Opener, click, dialog_of, settle, type_text
from ui.kit.toast import Toast
from ui.main_window import MainWindow
from ui.proposing import ProposalDialog, TierDialog


def opened(window: MainWindow, qtbot: QtBot, name: str, kind: type) -> Any:
    page = tab(window, "assignments")
    page.table.setFocus()
    QTest.keySequence(page.table, action(page, name).shortcut())
    dialog = dialog_of(qtbot, kind)
    settle(window)
    return dialog


def test_a_proposal_is_shown_ticked_off_stored_and_undone(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    dialog = opened(window, qtbot, "propose", ProposalDialog)
    wanted = propose_assignments(demo.today)
    assert len(wanted.lines) > 3
    shown = texts(dialog.table)
    assert [row[0] for row in shown] == [line.enterprise_name for line in wanted.lines]
    load = next(one for one in wanted.loads if one.official == wanted.lines[0].official)
    assert shown[0][4].startswith(f"{load.before} → {load.after}")
    click(dialog.buttons[1])
    assert [row[3] for row in texts(dialog.table)] == [one.reason for one in wanted.unassignable]
    click(dialog.buttons[0])
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.yes.text() == f"指派 {len(wanted.lines) - 1} 户"
    before = Assignment.live().count()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert closed(dialog)
    assert Assignment.live().count() == before + len(wanted.lines) - 1
    left = propose_assignments(demo.today)
    assert [line.enterprise for line in left.lines] == [wanted.lines[0].enterprise]
    toast = next(t for t in window.findChildren(Toast) if "自动拟派" in t.label.text())
    click(toast.action)
    settle(window)
    assert Assignment.live().count() == before


def test_scope_and_day_of_a_proposal(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    dialog = opened(window, qtbot, "propose", ProposalDialog)
    whole = len(dialog.table.list.rows)
    names = [dialog.scope_box.itemText(n) for n in range(dialog.scope_box.count())]
    assert names[0] == "全区"
    counts = []
    for number in range(1, len(names)):
        dialog.scope_box.setCurrentIndex(number)
        settle(window)
        assert all(line.level != "" for line in dialog.found.lines)
        counts.append(len(dialog.found.lines))
    assert sum(counts) == whole
    dialog.scope_box.setCurrentIndex(0)
    type_text(dialog.day.edit, "2024-2-30")
    QTest.keyClick(dialog.day.edit, Qt.Key.Key_Return)
    assert dialog.banner.isVisible()
    type_text(dialog.day.edit, "2024-07-15")
    QTest.keyClick(dialog.day.edit, Qt.Key.Key_Return)
    settle(window)
    assert str(dialog.found.day) == "2024-07-15"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_facts_that_changed_since_the_preview_refuse_it(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    dialog = opened(window, qtbot, "propose", ProposalDialog)
    with demo.write("别处指派") as tx:
        apply_proposal(tx, dialog.found, {dialog.found.lines[0].enterprise})
    before = Assignment.live().count()
    dialog.store()
    settle(window)
    assert dialog.isVisible()
    assert "重新生成" in dialog.banner.label.text()
    assert Assignment.live().count() == before
    dialog.refresh()
    settle(window)
    dialog.store()
    settle(window)
    assert closed(dialog)
    assert Assignment.live().count() > before


def test_tiers_by_the_standard(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    dialog = opened(window, qtbot, "tiers", TierDialog)
    wanted = preview_tiers(demo.today)
    assert 0 < len(wanted.changes) < 50
    assert len(wanted.overridden) > 0
    assert [row[:3] for row in texts(dialog.table)] == [(c.name, c.before or "未定", c.after) for c in wanted.changes]
    dialog._tick_all(False)
    assert not dialog.yes.isEnabled()
    dialog.table.list.tick([wanted.changes[0].enterprise], True)
    click(dialog.yes)
    settle(window)
    left = preview_tiers(demo.today)
    assert [c.enterprise for c in left.changes] == [c.enterprise for c in wanted.changes[1:]]
    assert QApplication.activeModalWidget() is None
