"""Batch change, paste and fill by keys over the real page: told first, one action, one undo."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from models.core.register import register
from models.enterprise import Enterprise
from tests.ui.grid_page import (
    CONTROL,
    cell,
    click,
    clip,
    compose,
    fill,
    open_page,
    press,
    section,
    select,
    settle,
)
from ui.kit.grid_preview import PlanDialog
from ui.kit.session import Session
from ui.kit.toast import Toast

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def phones() -> list[str]:
    return [e.phone for e in Enterprise.select().order_by(Enterprise.name)]


def toasts(page: Any) -> list[str]:
    return [
        label.text() for toast in page.window().findChildren(Toast) for label in toast.findChildren(QLabel)
    ]


def batch(page: Any) -> Any:
    press(page, Qt.Key.Key_B, CONTROL)
    return page.hands.batch_dialog


# --- batch -----------------------------------------------------------------------------------------------------------


def test_batch_says_how_many_and_is_one_undo(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    select(page, 1, 3, "phone")
    dialog = batch(page)
    assert "选中的3户" in dialog.headline.text()
    assert dialog.name == "phone"
    assert not dialog.yes.isEnabled()  # nothing is emptied just because nothing was typed
    QTest.keyClicks(dialog.editor.edit, "13911112222")
    settle(page)
    assert "将修改3户的3格" in dialog.words.text()
    assert dialog.yes.text() == "修改3户"
    QTest.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle(page)
    assert phones() == ["13800000001", *["13911112222"] * 3, "13800000005", "13800000006"]
    assert page.hands.batch_dialog is None
    session.undo()
    settle(page)
    assert phones()[1] == "13800000002"


def test_batch_of_a_fact_asks_from_which_day(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    select(page, 0, 1, "status")
    dialog = batch(page)
    assert dialog.since.isVisible()
    dialog.editor.set_value("suspended")
    dialog.editor.edited.emit()
    dialog.since.edit.setFocus()
    dialog.since.edit.selectAll()
    QTest.keyClicks(dialog.since.edit, "2024.6.10")
    settle(page)
    QTest.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle(page)
    first = Enterprise.get(Enterprise.name == "示例店0001")
    assert first.fact(dt.date(2024, 6, 9)).status == "open"
    assert first.fact(dt.date(2024, 6, 10)).status == "suspended"
    dialog = batch(page)
    dialog.choose("phone")
    assert not dialog.since.isVisible()
    dialog.reject()


def test_batch_tells_which_rows_cannot_and_why(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    with session.ledger.write("移除") as tx:  # meanwhile, elsewhere
        tx.remove(Enterprise.get(Enterprise.name == "示例店0002"))
    select(page, 0, 2, "phone")
    dialog = batch(page)
    QTest.keyClicks(dialog.editor.edit, "13911112222")
    settle(page)
    assert "将修改2户的2格；1格不能写入" in dialog.words.text()
    model = dialog.list.model
    assert "已移除" in model.index(0, 4).data()
    QTest.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle(page)
    assert phones()[:3] == ["13911112222", "13800000002", "13911112222"]


def test_batch_of_a_doubtful_value_wants_a_reason(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    select(page, 0, 1, "opened_on")
    dialog = batch(page)
    QTest.keyClicks(dialog.editor.edit, "2024-12-01")
    settle(page)
    assert not dialog.yes.isEnabled()
    compose(dialog.list.reason, "已核对")
    assert dialog.yes.text() == "修改2户"
    QTest.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle(page)
    assert Enterprise.get(Enterprise.name == "示例店0002").opened_on == dt.date(2024, 12, 1)


def test_a_list_that_is_not_edited_says_so(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot, name="permits")
    clip("1")
    press(page, Qt.Key.Key_V, CONTROL)
    assert any("所属记录的表单" in text for text in toasts(page))


# --- paste -----------------------------------------------------------------------------------------------------------


def test_paste_shows_old_and_new_and_writes_what_is_right(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 1, "principal")
    clip("示例甲\t13911112222\r\n示例乙\t不是电话\r\n")
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert isinstance(dialog, PlanDialog)
    assert dialog.headline.text() == "将修改2户的3格；1格不能写入。"
    rows = [[dialog.list.model.index(r, c).data() for c in range(5)] for r in range(4)]
    assert rows[0][0] == "示例店0003"
    assert rows[0][3] == "不是电话"
    assert rows[0][4].startswith("不能写入：")
    assert ["示例店0002", "联系电话", "13800000002", "13911112222", "将修改"] in rows
    assert phones()[1] == "13800000002"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle(page)
    assert phones()[1:3] == ["13911112222", "13800000003"]
    assert [cell(page, r, "principal") for r in (1, 2)] == ["示例甲", "示例乙"]
    session.undo()
    settle(page)
    assert [cell(page, r, "principal") for r in (1, 2)] == ["", ""]
    session.redo()
    settle(page)
    assert cell(page, 1, "principal") == "示例甲"


def test_paste_goes_over_the_visible_rows_and_columns(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    page.set_view(page.view().with_(search="0005"))
    settle(page)
    page.table.show_column(section(page, "phone"), False)
    click(page, 0, "principal")
    header = page.table.horizontalHeader()
    header.moveSection(header.visualIndex(section(page, "branch")), 0)
    clip("示例丙\n示例丁\n")
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    assert "超出清单末行的1行没有粘贴" in dialog.note.text()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle(page)
    found = {e.name: e.principal for e in Enterprise.select() if e.principal}
    assert found == {"示例店0005": "示例丙"}


def test_one_cell_fills_the_selection(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    select(page, 0, 3, "principal")
    clip("示例甲")
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    assert "将修改4户的4格" in dialog.headline.text()
    dialog.reject()
    settle(page)
    assert not any(e.principal for e in Enterprise.select())


def test_columns_that_follow_from_others_are_refused_only_where_they_differ(
    session: Session, qtbot: Any
) -> None:
    page = open_page(session, qtbot)
    left, right = section(page, "party"), section(page, "party.uscc")
    assert right == left + 1
    code = cell(page, 0, "party.uscc")
    click(page, 0, "party")
    clip(f"示例食品有限公司（示例）\t{code}")
    press(page, Qt.Key.Key_V, CONTROL)
    assert any("没有修改" in text for text in toasts(page))
    clip("示例食品有限公司（示例）\t913602000000000022")
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    assert "不能直接修改" in dialog.list.model.index(0, 4).data()
    assert not dialog.yes.isEnabled()
    dialog.reject()


def test_copy_and_paste_round_trip_keeps_long_codes(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot, name="parties")
    select(page, 0, 0, "name", "uscc")
    press(page, Qt.Key.Key_C, CONTROL)
    data = QGuiApplication.clipboard().mimeData()
    assert "913602000000000011" in data.text().split("\t")
    marks = [td for td in data.html().split("<td")[1:] if "913602000000000011" in td]
    assert marks[0].startswith(" style=\"mso-number-format:'\\@'\"")
    press(page, Qt.Key.Key_V, CONTROL)
    assert page.hands.writer.dialog is None  # nothing differs
    click(page, 0, "uscc")
    clip("9.13602E+17")
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    assert "丢失" in dialog.list.model.index(0, 4).data()
    dialog.reject()


def test_dated_columns_say_from_when_they_change(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "status")
    clip("停业")
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    assert "自今天（2024-06-30）起" in dialog.note.text()
    dialog.reject()


# --- fill ------------------------------------------------------------------------------------------------------------


def test_fill_down_copies_the_first_row(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    select(page, 0, 3, "phone")
    press(page, Qt.Key.Key_D, CONTROL)
    assert page.hands.writer.dialog is None  # nothing to ask
    assert phones() == [*["13800000001"] * 4, "13800000005", "13800000006"]
    session.undo()
    settle(page)
    assert phones()[1] == "13800000002"
    click(page, 2, "phone")  # one row: from the row above
    press(page, Qt.Key.Key_D, CONTROL)
    assert phones()[2] == "13800000002"


def test_today_goes_into_date_cells(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    select(page, 0, 1, "opened_on")
    press(page, Qt.Key.Key_Semicolon, CONTROL)
    assert [cell(page, r, "opened_on") for r in range(3)] == ["2024-06-30", "2024-06-30", ""]
    click(page, 0, "phone")
    press(page, Qt.Key.Key_Semicolon, CONTROL)
    assert any("日期格" in text for text in toasts(page))


def test_a_read_only_window_changes_nothing(session: Session, qtbot: Any, monkeypatch: Any) -> None:
    page = open_page(session, qtbot)
    monkeypatch.setattr(type(session.ledger), "writable", property(lambda _self: False))
    click(page, 0, "phone")
    clip("13911112222")
    press(page, Qt.Key.Key_V, CONTROL)
    press(page, Qt.Key.Key_F2)
    assert page.hands.writer.dialog is None
    assert page.hands.editor is None
    assert any("另一个窗口" in text for text in toasts(page))


def test_the_row_menu_offers_what_the_keys_do(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "phone")
    words = [a.text().split("\t")[0] for a in page.hands.menu().actions() if a.text()]
    editing = ["编辑", "在格内修改", "批量修改…", "复制", "粘贴", "向下填充", "查找和替换…", "清除内容"]
    assert words == [*editing, "移除"]
    fixed = open_page(session, qtbot, 0, "permits")
    assert [a.text().split("\t")[0] for a in fixed.hands.menu().actions() if a.text()] == ["复制"]


@pytest.mark.parametrize("name", ["officials", "areas", "samples", "outreach", "notices"])
def test_every_register_has_the_hands(session: Session, qtbot: Any, name: str) -> None:
    page = open_page(session, qtbot, 0, name)
    columns = [
        c.path for c, f in zip(register(name).columns, page.hands.fields, strict=True) if f is not None
    ]
    assert columns
    clip("")
    press(page, Qt.Key.Key_V, CONTROL)
    press(page, Qt.Key.Key_D, CONTROL)
    assert page.hands.writer.dialog is None


def test_a_large_paste_is_checked_off_the_gui_thread(session: Session, qtbot: Any) -> None:
    fill(session, 300)
    page = open_page(session, qtbot, 0)
    click(page, 0, "principal")
    clip("\n".join(f"示例{i}\t139111{i:05}" for i in range(300)))
    press(page, Qt.Key.Key_V, CONTROL)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    assert "将修改300户的600格" in dialog.headline.text()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle(page)
    assert Enterprise.select().where(Enterprise.principal.startswith("示例")).count() == 300
