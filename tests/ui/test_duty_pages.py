"""问题, 承诺书 and 覆盖情况 in the window: counts that open their records, the mend offered, many signed at once."""

import datetime as dt
from typing import Any

from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.commitment import Commitment
from models.committing import signers
from models.core.figure import figure
from models.core.ledger import Ledger
from models.core.record import as_of
from models.core.register import View
from models.coverage import officials_by_level
from models.enterprise import Enterprise
from models.responsibility import Assignment
from models.responsibility_problems import problem_counts, responsibility_problems
from tests.ui.duty_hands import action, closed, tab, texts
from tests.ui.window_hands import Opener, click, dialog_of, settle, type_text
from ui.assigning import AssignDialog
from ui.commitments import CommitDialog
from ui.kit.dialogs import DateDialog
from ui.main_window import MainWindow
from ui.proposing import ProposalDialog


def test_problems_as_of_any_day_with_their_mend(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    page = tab(window, "problems")
    for day in (demo.today, dt.date(2023, 6, 30)):
        type_text(page.day.edit, day.isoformat())
        QTest.keyClick(page.day.edit, Qt.Key.Key_Return)
        settle(window)
        counts = problem_counts(day)
        shown = {kind for kind, made in page.kinds.presets.items() if kind and not made.isHidden()}
        assert shown == {kind for kind, count in counts.items() if count}
        assert page.words.text() == f"共 {sum(counts.values()):,} 个问题"
    page.day.set_day(demo.today)
    settle(window)
    click(page.kinds.presets["gap"])
    gaps = [p for p in responsibility_problems(demo.today) if p.kind == "gap"]
    assert [row[3] for row in texts(page.table)] == [p.text for p in gaps]
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    click(page.mends["assign"])
    settle(window)
    dialog = dialog_of(qtbot, AssignDialog)
    assert {key for key, _name, _had in dialog.asked.places} == {p.enterprise for p in gaps[:2]}
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    click(page.mends["propose"])
    proposal = dialog_of(qtbot, ProposalDialog)
    settle(window)
    assert proposal.scope().enterprises == tuple(p.enterprise for p in gaps[:2])
    QTest.keyClick(proposal, Qt.Key.Key_Escape)
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    settle(window)
    listed: Any = window.page("enterprises")
    assert window.current_page == "enterprises"
    assert listed.current_list().current_id() == gaps[0].enterprise


def test_assignments_of_the_closed_are_ended(demo: Ledger, open_window: Opener) -> None:
    window = open_window(demo)
    one = Assignment.live().where(Assignment.valid_to.is_null()).first()
    with demo.write("注销") as tx:
        place = Enterprise.get_by_id(one.enterprise_id)
        tx.update(place.fact(demo.today), status="closed")
    page = tab(window, "problems")
    click(page.kinds.presets["closed"])
    assert [p.assignment for p in page.chosen()] == [one.id]

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, DateDialog)
        dialog.calendar.setSelectedDate(QDate(2024, 6, 21))
        dialog.accept()

    QTimer.singleShot(100, answer)
    click(page.mends["end"])
    settle(window)
    assert Assignment.get_by_id(one.id).valid_to == dt.date(2024, 6, 20)
    assert problem_counts(demo.today)["closed"] == 0


def test_officials_without_a_commitment_sign_together(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    page = tab(window, "commitments")
    missing = sum(row.officials - row.committed for row in officials_by_level(demo.today))
    assert f"{missing} 名" in page.unsigned.text()
    click(page.unsigned)
    settle(window)
    officials: Any = window.page("responsibility").current_list()  # type: ignore[attr-defined]
    assert len(officials.model.ids) == len(signers(demo.today)) == missing
    officials.table.go_to_row(0)
    officials.table.setFocus()
    QTest.keyClick(officials.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    settle(window)
    chosen = officials.selected_ids()
    QTest.keySequence(officials.table, action(officials, "sign").shortcut())
    dialog = dialog_of(qtbot, CommitDialog)
    assert len(chosen) == 2
    assert set(dialog.ticked()) == set(chosen)
    type_text(dialog.form.fields["signed_on"].editor, "2024-7-1")
    click(dialog.yes)
    settle(window)
    assert not closed(dialog)
    assert "晚于今天" in dialog.form.fields["signed_on"].words.text()
    type_text(dialog.form.fields["signed_on"].editor, "2024-6-28")
    before = Commitment.live().count()
    click(dialog.yes)
    settle(window)
    assert closed(dialog)
    assert Commitment.live().count() == before + 2
    assert len(signers(demo.today)) == missing - 2
    QTest.keySequence(window, "Ctrl+Z")
    settle(window)
    assert Commitment.live().count() == before


def test_all_the_unsigned_are_offered_none_ticked(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    page = tab(window, "commitments")
    action(page.list, "sign").trigger()
    dialog = dialog_of(qtbot, CommitDialog)
    assert len(dialog.table.list.rows) == len(signers(demo.today))
    assert not dialog.yes.isEnabled()
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.yes.text() == "登记 1 份"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_coverage_counts_the_committed(demo_window: MainWindow) -> None:
    page = tab(demo_window, "coverage")
    today = demo_window.session.today
    line = page.lines[0]
    assert 0 < line.committed.value < line.assigned.value
    assert line.committed.value == figure("assignment.committed").value(today, today)
    assert sum(each.committed.value for each in page.lines[1:]) == line.committed.value
    page.open_cell(1, 8)
    settle(demo_window)
    shown: Any = demo_window.page("enterprises").current_list()  # type: ignore[attr-defined]
    assert len(shown.model.ids) == page.lines[1].committed.value
    demo_window.session.show_list("officials", View(presets=("uncommitted",)))


def test_assignments_and_officials_as_of_a_day_and_back(demo_window: MainWindow) -> None:
    day, today = dt.date(2024, 3, 29), demo_window.session.today
    for name, preset in (("assignments", "current"), ("officials", "")):
        page = tab(demo_window, name)
        page.set_view(View(presets=(preset,) if preset else ()))
        settle(demo_window)
        now = len(page.model.ids)

        def pick() -> None:
            dialog: Any = QApplication.activeModalWidget()
            dialog.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
            dialog.accept()

        QTimer.singleShot(0, pick)
        action(page, "as_of").trigger()
        settle(demo_window)
        assert page.view().day == day
        assert len(page.model.ids) == page.register.count(page.view(), today)
        if preset:
            held = Assignment.live().where(as_of(Assignment, day)).count()
            assert len(page.model.ids) == held != now
        page.change_view(day=None)
        settle(demo_window)
        assert len(page.model.ids) == now
