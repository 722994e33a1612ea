"""打印责任文书 through the window: the dialog by keys, the preview's words, boards, the sheet after a handover."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.register import View, register
from models.handover import Handover
from models.responsibility import Assignment, Official
from tests.ui.window_hands import Opener, click, dialog_of, menu_of, paper_text, settle, type_text
from ui.handing_over import told
from ui.kit.dialogs import MessageDialog
from ui.kit.job_progress import JobBar
from ui.kit.preview import PreviewDialog
from ui.kit.toast import Toast
from ui.main_window import MainWindow
from ui.papers import PapersDialog, ask_papers

DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def list_page(window: MainWindow, page: str, tab: str, view: View | None = None) -> Any:
    window.show_page(page)
    found = window.page(page).show_tab(tab)  # type: ignore[attr-defined]
    if view is not None:
        found.set_view(view)
    settle(window)
    return found


def preview_of(qtbot: QtBot) -> Any:
    """The preview, once its document is there."""
    preview = dialog_of(qtbot, PreviewDialog)
    qtbot.waitUntil(lambda: preview._source is not None, timeout=20_000)
    return preview


def ask(window: MainWindow, page: QWidget, qtbot: QtBot) -> PapersDialog:
    QTest.keyClick(
        page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    dialog: PapersDialog = dialog_of(qtbot, PapersDialog)
    settle(window)
    return dialog


def busiest() -> Official:
    held = [a.official_id for a in Assignment.live().where(Assignment.valid_to.is_null())]
    return Official.get_by_id(max(sorted(set(held)), key=held.count))


def test_the_chosen_official_s_list_is_previewed_by_keys(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    page = list_page(window, "responsibility", "officials")
    official = busiest()
    page.select_id(official.id)
    settle(window)
    dialog = ask(window, page.table, qtbot)
    assert dialog.mine == official.name
    assert not dialog.form.fields["area"].editor.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    preview = preview_of(qtbot)
    text = paper_text(preview)
    assert "食品安全包保责任清单" in text
    assert f"包保干部：{official.name}" in text
    assert preview._file_name.startswith(f"责任清单 {official.name}")
    preview.close()


def test_a_township_s_letters_as_of_another_day(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    page = list_page(window, "responsibility", "assignments")
    dialog = ask(window, page.table, qtbot)
    fields = dialog.form.fields
    click(fields["kind"].editor.buttons["commitment"])
    click(fields["whose"].editor.buttons["area"])
    assert fields["area"].editor.isVisible()
    towns = dict(dialog.found.townships)
    key = next(key for key, name in towns.items() if name == "荷塘乡")
    fields["area"].editor.setCurrentIndex(fields["area"].editor.findData(str(key)))
    type_text(fields["day"].editor, "2024-01-31")
    click(dialog.yes)
    preview = preview_of(qtbot)
    text = paper_text(preview)
    assert "食品安全责任与任务承诺书" in text
    assert "荷塘乡" in text
    assert preview._file_name == "承诺书 荷塘乡 20240131.pdf"
    preview.close()


def test_a_bad_day_is_refused_at_its_field(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    page = list_page(window, "responsibility", "coverage")
    click(page.papers)
    dialog = dialog_of(qtbot, PapersDialog)
    assert dialog.form.fields["whose"].text() == "all"
    type_text(dialog.form.fields["day"].editor, "")
    click(dialog.yes)
    assert dialog.isVisible()
    assert dialog.form.fields["day"].words.property("role") == "danger"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_nothing_to_print_is_told(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    ask_papers(window.session, window)
    click(dialog_of(qtbot, PapersDialog).yes)
    message = dialog_of(qtbot, MessageDialog)
    assert "没有现行的包保关系" in message.findChildren(QWidget)[0].window().windowTitle() + "".join(
        child.text() for child in message.findChildren(QWidget) if hasattr(child, "text")
    )
    QTest.keyClick(message, Qt.Key.Key_Escape)


def test_a_long_paper_shows_progress_and_can_be_cancelled(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    ask_papers(window.session, window, kind="board")
    click(dialog_of(qtbot, PapersDialog).yes)
    preview = dialog_of(qtbot, PreviewDialog)
    closed: list[int] = []
    preview.finished.connect(closed.append)
    qtbot.waitUntil(lambda: bool(preview.findChildren(JobBar)), timeout=20_000)
    bar = preview.findChildren(JobBar)[0]
    qtbot.waitUntil(lambda: bar.bar.maximum() > 1000, timeout=20_000)
    click(bar.cancel)
    qtbot.waitUntil(lambda: bool(closed), timeout=20_000)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu, offscreen
def test_boards_of_chosen_enterprises(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    day = window.session.today
    page = list_page(window, "enterprises", "enterprises", View(figure=("assignment.assigned", day, day)))
    ids = [
        int(key)
        for key in register("enterprises").ids(View(figure=("assignment.assigned", day, day)), day)[:1]
    ]
    page.select_id(ids[0])
    settle(window)
    QTest.keyClick(
        page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    menu = menu_of(qtbot)
    assert next(action.objectName() for action in menu.actions()) == "blank"
    QTest.keyClick(menu, Qt.Key.Key_Up)  # from the first to the last one
    assert menu.activeAction().objectName() == "board"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    preview = preview_of(qtbot)
    text = paper_text(preview)
    assert text.count("食品安全包保责任公示牌") == 1
    assert "监督举报电话：12315" in text
    preview.close()


def test_the_sheet_of_a_handover_is_offered_and_stands_in_its_list(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    handover = Handover.live().order_by(Handover.id).first()
    told(window.session, window, handover.id, handover.official.name)
    toast = next(t for t in window.findChildren(Toast) if "已交接" in t.label.text())
    click(toast.action)
    preview = preview_of(qtbot)
    text = paper_text(preview)
    assert "食品安全包保工作交接单" in text
    assert f"移交干部：{handover.official.name}" in text
    preview.close()
    settle(window)
    page = list_page(window, "more", "handovers")
    page.select_id(handover.id)
    settle(window)
    QTest.keyClick(
        page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    again = preview_of(qtbot)
    assert f"移交干部：{handover.official.name}" in paper_text(again)
    again.close()


@pytest.mark.parametrize(
    ("page", "tab"),
    [("responsibility", "officials"), ("responsibility", "assignments"), ("enterprises", "enterprises")],
)
def test_the_buttons_do_not_lie_on_each_other_on_a_small_screen(
    demo_window: MainWindow, page: str, tab: str
) -> None:
    demo_window.resize(1366, 740)
    found = list_page(demo_window, page, tab)
    bar = found.bar
    shown = [child for child in bar.findChildren(QWidget, options=DIRECT) if child.isVisible()]
    places = sorted((child.geometry() for child in shown), key=lambda place: place.left())
    assert len(places) > 8
    assert all(a.right() < b.left() for a, b in pairwise(places))
    assert places[-1].right() <= bar.width()
