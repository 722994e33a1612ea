"""The register page by keys and mouse over a real ledger: copy, remove, restore, panel, forms, print, columns."""

import io
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from models.core.register import Condition, View, register
from models.enterprise import Enterprise, Permit
from tests.ui.list_hands import answer, click_cell, names, panel_text, section, settle, toast_of
from tests.ui.window_hands import TODAY
from ui.kit.buttons import PushButton
from ui.kit.dialogs import MessageDialog
from ui.kit.preview import PreviewDialog
from ui.kit.register_page import RegisterPage

# The screen that is none cannot raise a popup or grab the keyboard for it.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_cells_are_copied_as_text_and_counted(page: Any, qtbot: Any) -> None:
    shown = page()
    told: list[str] = []
    shown.selection_changed.connect(told.append)
    click_cell(qtbot, shown, 0)
    click_cell(qtbot, shown, 2, 1, Qt.KeyboardModifier.ShiftModifier)
    assert told[-1] == "计数：6"
    qtbot.keyClick(shown.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines == [f"{n}\t{k}" for n, k in zip(names(shown)[:3], ["食品生产"] * 3, strict=True)]
    assert "mso-number-format" in QGuiApplication.clipboard().mimeData().html()


def test_removing_asks_undoes_and_restores(page: Any, qtbot: Any) -> None:
    shown = page()
    click_cell(qtbot, shown, 1)
    gone = shown.current_id()
    answer(False)
    qtbot.keyClick(shown.table, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    settle(shown)
    assert len(shown.model.ids) == 30
    answer(True)
    qtbot.keyClick(shown.table, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    settle(shown)
    assert len(shown.model.ids) == 29
    assert shown.model.row_of(gone) is None
    qtbot.mouseClick(toast_of(shown).action, Qt.MouseButton.LeftButton)
    settle(shown)
    assert len(shown.model.ids) == 30
    assert shown.model.row_of(gone) is not None
    answer(True)
    shown.select_id(gone)
    settle(shown)
    qtbot.keyClick(shown.table, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    settle(shown)
    qtbot.mouseClick(shown.bar.buttons["removed"], Qt.MouseButton.LeftButton)
    settle(shown)
    assert list(shown.model.ids) == [gone]
    assert shown.commands.restore.isVisible()
    assert not shown.commands.remove.isVisible()
    assert "已移除" in panel_text(shown)
    qtbot.mouseClick(shown.bar.buttons["restore"], Qt.MouseButton.LeftButton)
    settle(shown)
    assert shown.stack.currentWidget().sentence.text() == "没有已移除的记录"
    shown.stack.currentWidget().button.click()
    settle(shown)
    assert len(shown.model.ids) == 30


def test_a_refused_removal_says_why(page: Any, qtbot: Any) -> None:
    shown = page(3, "parties")
    click_cell(qtbot, shown, 0)
    said: list[str] = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, MessageDialog)
        said.append(dialog.headline.text())
        dialog.accept()

    answer(True)
    shown.session.jobs.finished.connect(lambda _n: QTimer.singleShot(0, read) if not said else None)
    qtbot.keyClick(shown.table, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(said))
    assert "3条相关的主体" in said[0]
    assert len(shown.model.ids) == 1


def test_the_panel_tells_the_story_and_its_links_open(page: Any, qtbot: Any) -> None:
    shown = page()
    shown.select_id(next(i for i in shown.model.ids if Enterprise.get_by_id(i).name.startswith("乙店0001")))
    settle(shown)
    text = panel_text(shown)
    for part in ("乙店0001（示例）", "在营", "示例路1号", "JY13602020000011", "登记示例", "2024-06-01"):
        assert part in text
    opened: list[Any] = []
    shown.session.open_record.connect(lambda *a: opened.append(a))
    shown.session.open_register.connect(lambda *a: opened.append(a))
    link = next(x for x in shown.panel.findChildren(QLabel) if "href" in x.text() and "示例食品" in x.text())
    link.linkActivated.emit(link.text().split('"')[1])
    assert opened == [("parties", Enterprise.get_by_id(shown.current_id()).party_id)]
    linked = next(b for b in shown.panel.findChildren(PushButton) if b.text().startswith("监督检查"))
    qtbot.mouseClick(linked, Qt.MouseButton.LeftButton)
    assert opened[-1] == (
        "inspections",
        View(conditions=(Condition("enterprise", "in", (shown.current_id(),)),)),
    )
    qtbot.keyClick(shown, Qt.Key.Key_F4)
    assert shown.panel.isHidden()


def test_forms_are_asked_for(page: Any, qtbot: Any) -> None:
    shown = page(3)
    asked: list[Any] = []
    shown.session.edit_record.connect(lambda *a: asked.append(a))
    click_cell(qtbot, shown, 1)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        qtbot.keyClick(shown.table, key)
    qtbot.mouseDClick(
        shown.table.viewport(),
        Qt.MouseButton.LeftButton,
        pos=shown.table.visualRect(shown.model.index(1, 0)).center(),
    )
    assert asked == [("enterprises", shown.current_id(), {})] * 3
    qtbot.keyClick(shown, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert asked[-1] == ("enterprises", None, {})


def test_lines_open_their_owner_and_have_no_edit(page: Any, qtbot: Any) -> None:
    shown = page(3, "permits")
    opened: list[Any] = []
    shown.session.open_record.connect(lambda *a: opened.append(a))
    assert not shown.commands.new.isVisible()
    assert not shown.commands.edit.isVisible()
    click_cell(qtbot, shown, 0)
    qtbot.keyClick(shown.table, Qt.Key.Key_Return)
    settle(shown)
    assert opened == [("enterprises", Permit.get_by_id(shown.current_id()).enterprise_id)]


def test_the_list_is_printed_as_shown(page: Any, qtbot: Any) -> None:
    shown = page()
    shown.table.show_column(section(shown, "phone"), False)
    shown.set_view(View(conditions=(Condition("category", "in", ("sale",)),), order=(("name", True),)))
    settle(shown)
    qtbot.keyClick(shown, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = shown.findChildren(PreviewDialog)
    if dialog._source is None:
        with qtbot.waitSignal(dialog.loaded, timeout=20000):
            pass
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(dialog._source.data())).pages)
    dialog.close()
    plain = text.replace("\n", "").replace(" ", "")
    assert "主体名册" in plain
    assert "主体类别：食品销售" in plain
    assert "合计：10户" in plain
    assert "联系电话" not in plain
    assert "经营地址" in plain
    assert plain.index("乙店0028") < plain.index("乙店0001")
    assert "甲店" not in plain


def test_changes_from_elsewhere_keep_the_place(page: Any, qtbot: Any) -> None:
    shown = page(300)
    shown.select_id(shown.model.ids[200])
    settle(shown)
    here, at = shown.current_id(), shown.table.verticalScrollBar().value()
    first = shown.model.ids[5]
    shown.session.write(
        "改名", lambda tx: tx.update(Enterprise.get_by_id(here), address="新地址9号"), owner=shown
    )
    settle(shown)
    row = shown.model.row_of(here)
    assert shown.model.cells(row).texts[section(shown, "address")] == "新地址9号"
    assert (shown.current_id(), shown.table.verticalScrollBar().value()) == (here, at)
    assert "新地址9号" in panel_text(shown)
    shown.hide()
    shown.session.write("移除", lambda tx: tx.remove(Enterprise.get_by_id(first)), owner=shown)
    settle(shown)
    assert len(shown.model.ids) == 300
    shown.show()
    settle(shown)
    assert len(shown.model.ids) == 299
    assert shown.current_id() == here
    assert shown.selected_ids() == [here]


def test_columns_are_remembered(page: Any, qtbot: Any) -> None:
    shown = page(3)
    header = shown.table.header
    header.moveSection(0, 2)
    shown.table.show_column(section(shown, "phone"), False)
    shown.table.setColumnWidth(section(shown, "address"), 333)
    shown.table.save_columns()
    wanted = shown.table.shown_columns()
    again = RegisterPage(shown.session, shown.register)
    qtbot.addWidget(again)
    assert again.table.shown_columns() == wanted
    assert again.table.columnWidth(section(shown, "address")) == 333
    again.table.reset_columns()
    assert again.table.shown_columns()[0] == 0
    assert section(shown, "phone") in again.table.shown_columns()


def test_an_empty_register_says_what_to_do(page: Any) -> None:
    shown = page(0)
    asked: list[Any] = []
    shown.session.edit_record.connect(lambda *a: asked.append(a))
    assert shown.stack.currentWidget().sentence.text() == "主体名册还没有内容"
    shown.stack.currentWidget().button.click()
    assert asked == [("enterprises", None, {})]


def test_five_thousand_rows_scroll_and_find(page: Any, qtbot: Any) -> None:
    shown = page(5000)
    assert len(shown.model.ids) == 5000
    assert shown.view_bar.count.text() == "共 5,000 户"
    click_cell(qtbot, shown, 0)
    qtbot.keyClick(shown.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    settle(shown)
    assert shown.current_id() == shown.model.ids[-1]
    assert shown.model.cells(4999) is not None
    assert len(shown.model._windows) < 10
    wanted = shown.model.ids[4000]
    shown.change_view(search="甲店")
    settle(shown)
    assert shown.model.row_of(wanted) is None
    shown.select_id(wanted)
    settle(shown)
    assert shown.current_id() == wanted
    assert shown.view() == View()
    middle = shown.table.rowAt(shown.table.viewport().height() // 2)
    assert abs(middle - 4000) < 3


@pytest.mark.parametrize(
    "name", ["assignments", "inspections", "notices", "officials", "thresholds", "areas"]
)
def test_every_kind_of_register_opens(page: Any, name: str) -> None:
    shown = page(3, name)
    assert shown.model.whole
    assert len(shown.model.ids) == register(name).count(View(), TODAY)
