"""Importing and exporting in the window, by keys and mouse: match, preview, choose, write, undo, mend, round trip."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton

from models.alias import HeaderAlias
from models.core.changes import Action
from models.core.register import register
from models.organization import Officer
from tests.ui.transfer.hands import HEAD, KEY, answered, click, counts, gone, load, names, press, row, settle
from ui.kit.import_dialog import ImportDialog
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_roster_by_keys_alone_and_one_undo(start: Any, sheet: Any, session: Session) -> None:
    dialog = start(sheet([HEAD, row(1), row(2), row(3)]))
    assert dialog.stack.currentWidget() is dialog.mapping_page
    press(dialog)
    assert dialog.stack.currentWidget() is dialog.preview_page
    assert counts(dialog) == {"new": 3}
    assert names() == [], "a preview writes nothing"
    assert dialog.next.text() == "写入3行"
    before = Action.select().count()
    press(dialog)
    assert names() == sorted(r[0] for r in (row(1), row(2), row(3)))
    assert Action.select().count() == before + 1
    assert "新增3户" in dialog.last_page.words.text()
    click(dialog.last_page.undo)
    settle(session)
    assert names() == []
    assert dialog.last_page.head.text() == "已撤销"
    press(dialog, KEY.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert gone(dialog)


def test_an_unknown_column_is_asked_and_learned(start: Any, sheet: Any, session: Session) -> None:
    odd = ["招牌上写的", *HEAD[1:]]
    dialog = start(sheet([odd, row(1)]))
    assert "1列" in dialog.mapping_page.open.text()
    assert list(dialog.mapping_page.fills) == ["name"]
    combo = dialog.mapping_page.combos[0]
    combo.setFocus()
    line = combo.lineEdit()
    line.selectAll()
    QTest.keyClicks(line, "")
    line.setText("主体名称")
    QTest.keyClick(line, KEY.Key_Return)
    settle(session)
    assert dialog.mapping_page.mapping.columns[0].path == "name"
    assert not dialog.mapping_page.fills
    press(dialog)
    press(dialog)
    assert names() == [row(1)[0]]
    assert [a.written for a in HeaderAlias.live().where(HeaderAlias.written == "招牌上写的")] == [
        "招牌上写的"
    ]
    dialog.accept()
    again = start(sheet([odd, row(2)], "又一份.xlsx"))
    assert again.mapping_page.mapping.columns[0].how == "alias"


def test_a_missing_column_is_filled_for_all(start: Any, sheet: Any) -> None:
    dialog = start(sheet([HEAD[:-1], row(1)[:-1]]))
    editor = dialog.mapping_page.fills["category"]
    editor.setCurrentText("餐饮服务")
    press(dialog)
    assert counts(dialog) == {"new": 1}


def test_wrong_rows_are_saved_mended_and_imported(
    start: Any, sheet: Any, session: Session, tmp_path: Path
) -> None:
    dialog = start(sheet([HEAD, row(1), row(2, code="9.13602E+17")]))
    press(dialog)
    assert counts(dialog) == {"new": 1, "wrong": 1}
    click(dialog.preview_page.filters["wrong"])
    settle(session)
    assert dialog.preview_page.model.rowCount() == 1
    shown = [label.text() for label in dialog.preview_page.detail.findChildren(QLabel)]
    assert any("后几位已丢失" in text for text in shown)
    press(dialog)
    assert names() == [row(1)[0]]
    assert "1行有错" in dialog.last_page.words.text()
    target = tmp_path / "待改正.xlsx"
    dialog.save_wrong_to(target)
    settle(session)
    cells = python_calamine.load_workbook(str(target)).get_sheet_by_index(0).to_python()
    assert "后几位已丢失" in cells[1][-1]
    dialog.accept()
    cells[1][1] = row(2)[1]
    again = load(start, sheet(cells, "改好.xlsx"))
    assert counts(again) == {"new": 1}
    assert names() == sorted([row(1)[0], row(2)[0]])


def test_a_value_is_corrected_for_all_its_rows_and_learned(start: Any, sheet: Any, session: Session) -> None:
    odd = [[*row(n)[:4], "小饭桌儿"] for n in range(1, 4)]
    dialog = start(sheet([HEAD, *odd, row(4)]))
    press(dialog)
    assert counts(dialog) == {"new": 1, "wrong": 3}
    click(dialog.preview_page.filters["wrong"])
    settle(session)
    [fix] = dialog.preview_page.detail.fixes.values()
    assert fix.isVisible()
    assert "3行一起改正" in fix.words.text()
    fix.combo.setFocus()
    fix.combo.setCurrentText("小餐饮")
    fix.use.setFocus()
    QTest.keyClick(fix.use, KEY.Key_Return)
    settle(session)
    assert counts(dialog) == {"new": 4}
    assert dialog.next.text() == "写入4行"
    press(dialog)
    assert len(names()) == 4
    found = HeaderAlias.live().where(HeaderAlias.written == "小饭桌儿").get()
    assert (found.register_title, found.target, found.value) == ("主体名册", "主体类别", "小餐饮")
    click(dialog.last_page.undo)
    settle(session)
    assert names() == []
    assert not HeaderAlias.live().where(HeaderAlias.written == "小饭桌儿").exists(), "one undo"


def test_the_doubtful_go_into_the_saved_file_on_wish(
    start: Any, sheet: Any, session: Session, tmp_path: Path
) -> None:
    load(start, sheet([HEAD, row(1)])).accept()
    twin = row(2, name=row(1)[0] + "铺", address=row(1)[2])
    dialog = start(sheet([HEAD, twin, row(3, code="9.13602E+17")], "又一份.xlsx"))
    press(dialog)
    page, target = dialog.preview_page, tmp_path / "待改正.xlsx"
    for wish, rows in ((False, 1), (True, 2)):
        if page.doubtful_too.isChecked() != wish:
            QTest.keyClick(page.doubtful_too, KEY.Key_Space)
        dialog.save_wrong_to(target)
        settle(session)
        assert len(python_calamine.load_workbook(str(target)).get_sheet_by_index(0).to_python()) == rows + 1


def test_a_row_is_left_out_by_the_space_bar(start: Any, sheet: Any) -> None:
    dialog = start(sheet([HEAD, row(1), row(2)]))
    press(dialog)
    table = dialog.preview_page.table
    assert table.hasFocus() or table.currentIndex().row() == 0
    QTest.keyClick(table, KEY.Key_Down)
    QTest.keyClick(table, KEY.Key_Space)
    assert dialog.next.text() == "写入1行"
    press(dialog)
    assert names() == [row(1)[0]]


def test_none_and_all(start: Any, sheet: Any) -> None:
    dialog = start(sheet([HEAD, row(1), row(2)]))
    press(dialog)
    click(dialog.preview_page.none)
    assert not dialog.next.isEnabled()
    click(dialog.preview_page.all)
    assert dialog.next.text() == "写入2行"


@pytest.mark.parametrize("as_new", [True, False])
def test_a_likely_duplicate_is_chosen(start: Any, sheet: Any, session: Session, as_new: bool) -> None:
    load(start, sheet([HEAD, row(1)])).accept()
    twin = row(2, name=row(1)[0] + "铺", address=row(1)[2])
    dialog = start(sheet([HEAD, twin], "又一份.xlsx"))
    press(dialog)
    assert counts(dialog) == {"doubtful": 1}
    assert not dialog.next.isEnabled(), "what is doubtful is not written unasked"
    options = [o for o in dialog.preview_page.detail.options if isinstance(o, QRadioButton)]
    assert [o.text() for o in options][-1] == "作为新记录"
    option = options[-1 if as_new else 0]
    option.setFocus()
    QTest.keyClick(option, KEY.Key_Space)
    settle(session)
    assert counts(dialog) == {"new" if as_new else "changed": 1}
    assert dialog.next.text() == "写入1行"
    press(dialog)
    assert names() == sorted([row(1)[0], twin[0]] if as_new else [twin[0]])


def test_namesakes_in_a_cell_are_chosen(start: Any, sheet: Any, session: Session, put: Any) -> None:
    load(start, sheet([HEAD, row(1)])).accept()
    for n in range(2):
        put(Officer, name="示例甲", certificate=f"36020{n}")
    put(Officer, name="示例乙", certificate="360209")
    heads = ["检查日期", "单位名称", "检查人员", "检查结果"]
    path = sheet([heads, ["2024/6/3", row(1)[0], "示例甲、示例乙", "未发现问题"]], "检查.xlsx")
    dialog = start(path, "inspections")
    press(dialog)
    assert counts(dialog) == {"doubtful": 1}
    options = dialog.preview_page.detail.options
    assert len(options) == 2
    click(options[1])
    settle(session)
    assert counts(dialog) == {"new": 1}
    assert dialog.next.text() == "写入1行"


def test_cancelled_while_writing(start: Any, sheet: Any, session: Session) -> None:
    dialog = start(sheet([HEAD, *(row(n) for n in range(1, 40))]))
    press(dialog)
    dialog.preview_page.model.accept(2, False)
    dialog.write()
    dialog._teller.cancel()
    settle(session)
    settle(session)
    assert names() == []
    assert dialog.stack.currentWidget() is dialog.preview_page
    assert dialog.next.text() == "写入38行", "the marks are still there"
    press(dialog)
    assert len(names()) == 38


def test_cancelled_while_reading_and_comparing(start: Any, sheet: Any, session: Session) -> None:
    dialog = start(sheet([HEAD, *(row(n) for n in range(1, 40))]), wait=False)
    QTest.keyClick(dialog, KEY.Key_Escape)
    settle(session)
    assert gone(dialog)
    dialog = start(sheet([HEAD, *(row(n) for n in range(1, 40))]))
    dialog.show_rows()
    QTest.keyClick(dialog, KEY.Key_Escape)
    settle(session)
    assert dialog.stack.currentWidget() is dialog.mapping_page
    dialog.reject()


@pytest.mark.parametrize(
    ("name", "data"),
    [("空.csv", b""), ("坏.xlsx", b"PK\x03\x04 broken"), ("图.csv", b"\x89PNG\r\n\x1a\n\0\0")],
)
def test_what_is_no_table_is_told(
    start: Any, session: Session, tmp_path: Path, name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    dialog = start(path)
    assert gone(dialog)
    assert any(name in text for text in answered())
    assert names() == []


def test_a_day_that_is_none_is_told(start: Any, sheet: Any) -> None:
    dialog = start(sheet([HEAD, row(1)]))
    dialog.mapping_page.day.setText("某一天")
    press(dialog)
    assert dialog.stack.currentWidget() is dialog.mapping_page
    assert any("自何日起" in text for text in answered())


def test_a_file_dropped_on_the_list_is_imported(page: RegisterPage, sheet: Any) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(sheet([HEAD, row(1)])))])
    where, copy, left, none = (
        QPointF(50, 200), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    enter = QDragEnterEvent(where.toPoint(), copy, data, left, none)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page, QDropEvent(where, copy, data, left, none))
    settle(page.session)
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, ImportDialog) and w.isVisible()]
    assert len(found) == 1
    assert found[0].stack.currentWidget() is found[0].mapping_page
    found[0].reject()
    data.setUrls([QUrl.fromLocalFile("/图.png")])
    other = QDragEnterEvent(where.toPoint(), copy, data, left, none)
    QApplication.sendEvent(page, other)
    assert not other.isAccepted()


def test_import_is_offered_where_records_are_made(session: Session, qtbot: Any) -> None:
    for name, there in (("enterprises", True), ("permits", False)):
        made = RegisterPage(session, register(name))
        qtbot.addWidget(made)
        assert made.commands.bring.isVisible() is there
        assert made.commands.export.isVisible()
        assert made.commands.bring.shortcut().toString() == "Ctrl+I"
    assert session.today == dt.date(2024, 6, 30)


def test_words_of_tools_give_way_where_it_is_narrow(page: RegisterPage) -> None:
    tools = [page.bar.buttons[name] for name in ("removed", "print", "export", "import")]
    page.resize(1600, 700)
    settle(page.session)
    assert [t.text() for t in tools] == ["已移除", "打印清单", "导出", "导入"]
    page.resize(page.minimumSizeHint().width(), 700)
    settle(page.session)
    assert [t.text() for t in tools] == [""] * 4
    assert all(t.toolTip() for t in tools)
    page.resize(1600, 700)
    settle(page.session)
    assert all(t.text() for t in tools)
