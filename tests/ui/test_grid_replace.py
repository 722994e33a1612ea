"""Ctrl+H, links in cells, the clipboard's formats and undo after reopening, by keys over the real page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from models.core.ledger import Ledger
from models.core.register import register
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.opening import open_office
from models.organization import Officer
from tests.ui.grid_page import CONTROL, cell, click, clip, compose, open_page, press, section, select, settle
from tests.ui.window_hands import TODAY
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def values(name: str) -> list[Any]:
    return [getattr(e, name) for e in Enterprise.select().order_by(Enterprise.name)]


def replace(page: RegisterPage, find: str, put: str, scope: str = "") -> Any:
    """Open the dialog by its key and type what to find and put; ``scope`` begins the words of the range."""
    press(page, Qt.Key.Key_H, CONTROL)
    dialog = page.hands.replace_dialog
    assert dialog is not None
    if scope:
        places = [i for i in range(dialog.scope.count()) if dialog.scope.itemText(i).startswith(scope)]
        dialog.scope.setCurrentIndex(places[0])
    compose(dialog.find_line, find)
    compose(dialog.put_line, put)
    settle(page)
    return dialog


def agree(page: RegisterPage, dialog: Any) -> None:
    QTest.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle(page)


def undo(page: RegisterPage) -> None:
    page.session.undo()
    settle(page)


# --- replace ---------------------------------------------------------------------------------------------------------


def test_replace_shows_each_cell_and_is_one_undo(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "address")
    dialog = replace(page, "路", "大道")
    assert dialog.scope.currentText() == "当前列“经营地址”（6格）"
    assert dialog.words.text() == "将修改6户的6格。"
    row = [dialog.list.model.index(0, c).data() for c in range(5)]
    assert row == ["示例店0001", "经营地址", "示例路1号", "示例大道1号", "将修改"]
    assert values("address")[0] == "示例路1号"
    agree(page, dialog)
    assert page.hands.replace_dialog is None
    assert values("address")[5] == "示例大道6号"
    undo(page)
    assert values("address")[5] == "示例路6号"
    page.session.redo()
    settle(page)
    assert values("address")[0] == "示例大道1号"


def test_replace_reaches_only_the_visible_rows_and_the_range(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    page.set_view(page.view().with_(search="000"))
    page.set_view(page.view().with_(search="0003"))
    settle(page)
    click(page, 0, "phone")
    dialog = replace(page, "1380000", "1390000", "所有可改的列")
    agree(page, dialog)
    assert [p[:3] for p in values("phone")] == ["138", "138", "139", "138", "138", "138"]
    page.set_view(page.view().with_(search=""))
    settle(page)
    select(page, 0, 1, "phone")
    dialog = replace(page, "1380000", "1370000")
    assert dialog.scope.currentText().startswith("选中的单元格")
    agree(page, dialog)
    assert [p[:3] for p in values("phone")] == ["137", "137", "139", "138", "138", "138"]


def test_replace_names_wrong_cells_and_writes_the_right_ones(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "phone")
    dialog = replace(page, "0003", "不对")
    assert "不能写入" in dialog.words.text()
    assert dialog.list.model.index(0, 4).data().startswith("不能写入：")
    assert not dialog.yes.isEnabled()
    dialog.reject()
    click(page, 0, "status")
    dialog = replace(page, cell(page, 0, "status"), "停业")
    assert "自今天" in dialog.note.text()
    dialog.reject()


def test_replace_of_choices_and_dates_by_their_words(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    select(page, 0, 1, "opened_on")
    press(page, Qt.Key.Key_Semicolon, CONTROL)
    click(page, 0, "opened_on")
    dialog = replace(page, "2024-06-30", "2023.5.1")
    assert dialog.list.model.index(0, 3).data() == "2023-05-01"
    agree(page, dialog)
    assert [str(d) for d in values("opened_on")[:2]] == ["2023-05-01"] * 2
    open_now = cell(page, 0, "status")
    click(page, 0, "status")
    dialog = replace(page, open_now, "停业")
    agree(page, dialog)
    assert {e.fact(TODAY).status for e in Enterprise.select()} == {"suspended"}


def test_whole_cells_and_width_of_signs() -> None:
    from models.cell_replace import Replacement

    assert Replacement("ａB", "x").apply("1AbＡＢ2") == "1xx2"
    assert Replacement("ab", "x", exact=True).apply("abAB") == "xAB"
    assert Replacement("甲", "乙", whole=True).apply("甲店") == "甲店"
    assert Replacement("甲", "乙", whole=True).apply(" 甲 ") == "乙"
    assert Replacement("", "乙", whole=True).apply("") == "乙"
    assert Replacement("", "乙").apply("甲") == "甲"
    assert Replacement("㎡", "平米").apply("30㎡") == "30平米"
    assert Replacement("m", "x").apply("㎡") == "x"


# --- links -----------------------------------------------------------------------------------------------------------


def test_officers_are_pasted_and_set_for_many(small_ledger: Ledger, qapp: Any, qtbot: Any) -> None:
    session = Session(small_ledger)
    page = open_page(session, qtbot, 0, "inspections")
    with session.ledger.write("准备") as tx:
        third = tx.insert(Officer, name="王五", certificate="赣003")
    click(page, 0, "officers")
    clip("王五、李四")
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    assert dialog.list.model.index(0, 3).data() == "王五、李四"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle(page)
    key = page.model.ids[0]
    assert set(cell(page, 0, "officers").split("、")) == {"王五", "李四"}
    press(page, Qt.Key.Key_B, CONTROL)
    batch = page.hands.batch_dialog
    assert batch is not None
    assert batch.name == "officers"
    assert "选中的1家次" in batch.headline.text()
    batch.editor.set_value([third.id, Officer.get(Officer.name == "张三").id])
    batch.editor.edited.emit()
    settle(page)
    QTest.mouseClick(batch.yes, Qt.MouseButton.LeftButton)
    settle(page)
    from models.core.draft import linked_ids

    names = {Officer.get_by_id(i).name for i in linked_ids(Inspection.get_by_id(key), Inspection.officers)}
    assert names == {"王五", "张三"}
    undo(page)
    undo(page)
    assert set(cell(page, 0, "officers").split("、")) == {"张三", "李四"}
    session.close()


# --- the clipboard ---------------------------------------------------------------------------------------------------


def put_html(text: str) -> None:
    data = QMimeData()
    data.setHtml(text)
    QGuiApplication.clipboard().setMimeData(data)


EXCEL = (
    "<html><head><style>td {mso-number-format:general}</style></head><body><!--StartFragment-->"
    "<table><tr><td>示例甲</td><td style=\"mso-number-format:'\\@'\">13911112222</td></tr>\r\n"
    "<tr><td>示例<b>乙</b>&amp;丙</td><td x:num>139&nbsp;11113333</td></tr></table><!--EndFragment--></body></html>"
)


def test_a_table_without_text_is_pasted(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "principal")
    put_html(EXCEL)
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle(page)
    assert values("principal")[:3] == ["示例甲", "示例乙&丙", ""]
    assert values("phone")[0] == "13911112222"


@pytest.mark.parametrize("form", ["text", "html"])
def test_round_trip_in_both_formats(session: Session, qtbot: Any, form: str) -> None:
    page = open_page(session, qtbot, name="parties")
    select(page, 0, 0, "name", "uscc")
    press(page, Qt.Key.Key_C, CONTROL)
    data = QGuiApplication.clipboard().mimeData()
    text, table = data.text(), data.html()
    if form == "html":
        put_html(table)
    else:
        clip(text.replace("913602000000000011", "") + "\r\n")
        press(page, Qt.Key.Key_V, CONTROL)
        dialog = page.hands.writer.dialog
        assert dialog is not None
        assert dialog.list.model.index(0, 3).data() == "（空）"
        dialog.reject()
        settle(page)
        clip(text)
    press(page, Qt.Key.Key_V, CONTROL)
    assert page.hands.writer.dialog is None  # what was copied is what is there, all 18 digits


def test_quoted_cells_line_ends_and_the_last_line(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "principal")
    clip('"示例""甲"""\t13911112222\r\n"示例\r\n乙"\t\r\n')
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle(page)
    assert values("principal")[:3] == ['示例"甲"', "示例 乙", ""]
    assert values("phone")[:2] == ["13911112222", ""]


def test_a_multiple_tiles_the_range(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    select(page, 0, 3, "principal")
    clip("示例甲\r\n示例乙\r\n")
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle(page)
    assert values("principal") == ["示例甲", "示例乙", "示例甲", "示例乙", "", ""]


# --- undo after reopening --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["paste", "fill", "replace", "batch", "remove"])
def test_undo_and_redo_after_reopening(way: str, tmp_path: Path, open_window: Any, qtbot: Any, qapp: Any) -> None:
    from tests.ui.grid_page import fill
    from tests.ui.window_hands import settle as settle_window

    ledger = open_office(tmp_path / "office", today=TODAY)
    session = Session(ledger)
    fill(session, 4)
    page = RegisterPage(session, register("enterprises"))
    qtbot.addWidget(page)
    page.resize(1300, 700)
    page.show()
    page.activateWindow()
    settle(page)
    page.table.setFocus()
    before = values("phone"), Enterprise.live().count()
    _act(page, way)
    after = values("phone"), Enterprise.live().count()
    assert after != before
    page.close()
    session.close()
    window = open_window(open_office(tmp_path / "office", today=TODAY))
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    settle_window(window)
    assert (values("phone"), Enterprise.live().count()) == before
    QTest.keyClick(window, Qt.Key.Key_Y, CONTROL)
    settle_window(window)
    assert (values("phone"), Enterprise.live().count()) == after


def _act(page: RegisterPage, way: str) -> None:
    select(page, 0, 2, "phone")
    assert section(page, "phone") >= 0
    if way == "paste":
        clip("13911112222")
        press(page, Qt.Key.Key_V, CONTROL)
        dialog = page.hands.writer.dialog
        assert dialog is not None
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    elif way == "fill":
        press(page, Qt.Key.Key_D, CONTROL)
    elif way == "replace":
        agree(page, replace(page, "138", "139"))
    elif way == "batch":
        press(page, Qt.Key.Key_B, CONTROL)
        batch = page.hands.batch_dialog
        assert batch is not None
        QTest.keyClicks(batch.editor.edit, "13911112222")
        settle(page)
        QTest.mouseClick(batch.yes, Qt.MouseButton.LeftButton)
    else:
        from tests.ui.list_hands import answer

        answer(yes=True)
        press(page, Qt.Key.Key_Minus, CONTROL)
    settle(page)
