"""The register page by keys and mouse over a real ledger: search, sort, filter, copy, remove, restore, print."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from models.area import Area
from models.core.register import Condition, View, register
from models.core.search import search_columns
from models.enterprise import Enterprise, EnterpriseState, Party, Permit
from ui.kit.buttons import PushButton
from ui.kit.dialogs import MessageDialog
from ui.kit.header_filter import FilterPopup, RangePopup, TextPopup, ValuesPopup
from ui.kit.preview import PreviewDialog
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session
from ui.kit.toast import Toast

# The screen that is none cannot raise a popup or grab the keyboard for it.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TODAY = dt.date(2024, 6, 30)
KINDS = ("catering", "sale", "production")


def fill(session: Session, count: int) -> None:
    """Enterprises 甲店1（示例） … in three categories, every tenth one closed."""
    with session.ledger.write("登记示例") as tx:
        areas = [a.id for a in Area.live().where(Area.level == "township").order_by(Area.code)]
        value = {"name": "示例食品有限公司（示例）", "kind": "organization", "uscc": "913602000000000011"}
        party = tx.insert(Party, **value, **search_columns(Party, value)).id
        rows = []
        for i in range(1, count + 1):
            value = {
                "name": f"{'甲乙丙'[i % 3]}店{i:04}（示例）", "party": party, "address": f"示例路{i}号",
                "phone": f"1380000{i:04}", "initials": f"{'jyb'[i % 3]}d{i:04}", "diners": i,
            }  # fmt: skip
            rows.append({**value, **search_columns(Enterprise, value)})
        ids = tx.insert_many(Enterprise, rows)
        tx.insert_many(
            EnterpriseState,
            [
                {
                    "enterprise": key, "valid_from": dt.date(2020, 1, 1), "category": KINDS[i % 3],
                    "status": "closed" if i % 10 == 0 else "open", "area": areas[i % 2],
                }
                for i, key in enumerate(ids, 1)
            ],
        )  # fmt: skip
        value = {
            "enterprise": ids[0],
            "kind": "JY",
            "number": "JY13602020000011",
            "valid_until": dt.date(2024, 6, 1),
        }
        tx.insert(Permit, **value, **search_columns(Permit, value))


@pytest.fixture
def page(session: Session, qtbot: Any) -> Callable[..., RegisterPage]:
    def make(count: int = 30, name: str = "enterprises") -> RegisterPage:
        if count:
            fill(session, count)
        made = RegisterPage(session, register(name))
        qtbot.addWidget(made)
        made.resize(1180, 700)
        made.show()
        settle(made)
        return made

    return make


def settle(page: RegisterPage) -> None:
    """Wait until nothing is read, debounced or written."""
    for _ in range(3):
        for _ in range(2):
            QApplication.processEvents()
        page.session.jobs.wait_idle()
        timers = (page.bar.search._timer, page.panel._wait, page.model._ask, page._soon, page.table._told)
        while any(timer.isActive() for timer in timers):
            QApplication.processEvents()
        page.session.jobs.wait_idle()


def names(page: RegisterPage) -> list[str]:
    return [page.model.cells(row).texts[0] for row in range(len(page.model.ids))]  # type: ignore[union-attr]


def section(page: RegisterPage, path: str) -> int:
    return [c.path for c in page.register.columns].index(path)


def click_header(
    qtbot: Any, page: RegisterPage, path: str, keys: Any = Qt.KeyboardModifier.NoModifier
) -> None:
    header = page.table.header
    at = QPoint(header.sectionViewportPosition(section(page, path)) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, keys, at)
    settle(page)


def click_cell(
    qtbot: Any, page: RegisterPage, row: int, column: int = 0, keys: Any = Qt.KeyboardModifier.NoModifier
) -> None:
    at = page.table.visualRect(page.model.index(row, column)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, keys, at)
    settle(page)


def popup(qtbot: Any, page: RegisterPage, path: str) -> FilterPopup:
    """Open a column's filter by a click on its funnel."""
    header = page.table.header
    qtbot.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, pos=header.funnel(section(page, path)).center()
    )
    settle(page)
    found = page.findChildren(FilterPopup)
    assert len(found) == 1
    return found[0]


def compose(edit: QLineEdit, text: str) -> None:
    """Type Chinese as an input method does: letters being composed, then the words."""
    for event in (QInputMethodEvent("pin'yin", []), QInputMethodEvent()):
        if not event.preeditString():
            event.setCommitString(text)
        QApplication.sendEvent(edit, event)


def answer(yes: bool) -> None:
    """Press the confirming (or the harmless) button of the dialog that is about to open."""

    def press(tries: int = 100) -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, MessageDialog):
            dialog.findChildren(PushButton)[-1 if yes else 0].click()
        elif tries:
            QTimer.singleShot(10, lambda: press(tries - 1))

    QTimer.singleShot(0, press)


def toast_of(page: RegisterPage) -> Toast:
    return page.window().findChildren(Toast)[-1]


def panel_text(page: RegisterPage) -> str:
    return "\n".join(label.text() for label in page.panel.findChildren(QLabel))


def test_typing_searches_names_initials_and_phones(page: Any, qtbot: Any) -> None:
    shown = page()
    with qtbot.waitSignal(shown.rows_changed):
        qtbot.keyClick(shown, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClicks(shown.bar.search, "jd")
        settle(shown)
    assert len(shown.model.ids) == 10
    assert all(n.startswith("甲") for n in names(shown))
    assert shown.view_bar.count.text() == "显示 10 / 30 户"
    qtbot.keyClick(shown.bar.search, Qt.Key.Key_Escape)
    settle(shown)
    assert len(shown.model.ids) == 30
    assert shown.view_bar.count.text() == "共 30 户"
    qtbot.keyClicks(shown.bar.search, "13800000007")
    settle(shown)
    assert names(shown) == ["乙店0007（示例）"]
    qtbot.keyClick(shown.bar.search, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    compose(shown.bar.search, "没有")
    settle(shown)
    assert shown.stack.currentIndex() == 1
    shown.stack.currentWidget().button.click()
    settle(shown)
    assert len(shown.model.ids) == 30
    assert shown.bar.search.text() == ""
    assert shown.stack.currentIndex() == 0


def test_headers_sort_by_one_and_two_keys(page: Any, qtbot: Any) -> None:
    shown = page(9)
    click_header(qtbot, shown, "status")
    assert shown.view().order == (("status", False),)
    click_header(qtbot, shown, "category")
    assert shown.view().order == (("category", False),)
    click_header(qtbot, shown, "name", Qt.KeyboardModifier.ShiftModifier)
    click_header(qtbot, shown, "name", Qt.KeyboardModifier.ShiftModifier)
    assert shown.view().order == (("category", False), ("name", True))
    kinds = [shown.model.cells(r).values[1] for r in range(9)]
    assert kinds == sorted(kinds)
    assert names(shown)[:3] == ["甲店0009（示例）", "甲店0006（示例）", "甲店0003（示例）"]
    assert shown.table.header.sort_marks() == {
        section(shown, "category"): False,
        section(shown, "name"): True,
    }
    click_header(qtbot, shown, "category")
    click_header(qtbot, shown, "category")
    assert shown.view().order == ()


def test_a_choice_is_filtered_by_its_values_and_taken_off_by_its_chip(page: Any, qtbot: Any) -> None:
    shown = page()
    found = popup(qtbot, shown, "category")
    assert isinstance(found, ValuesPopup)
    assert [found.list.item(i).text() for i in range(3)] == ["食品生产　10", "食品销售　10", "餐饮服务　10"]
    compose(found.search, "销售")
    qtbot.keyClick(found.search, Qt.Key.Key_Return)
    settle(shown)
    assert shown.view().conditions == (Condition("category", "in", ("sale",)),)
    assert len(shown.model.ids) == 10
    (key,) = shown.view_bar.chips.keys()
    assert shown.view_bar.chips.chip(key).accessibleName() == "主体类别：食品销售"
    qtbot.mouseClick(shown.view_bar.chips.chip(key).cross, Qt.MouseButton.LeftButton)
    settle(shown)
    assert len(shown.model.ids) == 30
    assert shown.view_bar.chips.keys() == []


def test_a_reference_is_filtered_by_record_and_named_in_its_chip(page: Any, qtbot: Any) -> None:
    shown = page()
    found = popup(qtbot, shown, "area")
    item = found.list.item(0)
    area = item.text().split("　")[0]
    rect = found.list.visualItemRect(item)
    found.list.setCurrentItem(item)
    qtbot.mouseClick(
        found.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 10, rect.center().y())
    )
    assert item.checkState() == Qt.CheckState.Checked
    qtbot.mouseClick(found.apply_button, Qt.MouseButton.LeftButton)
    settle(shown)
    assert len(shown.model.ids) == 15
    (key,) = shown.view_bar.chips.keys()
    assert shown.view_bar.chips.chip(key).accessibleName() == f"乡镇（街道）：{area}"


def test_texts_and_days_are_filtered_as_typed(page: Any, qtbot: Any) -> None:
    shown = page()
    found = popup(qtbot, shown, "address")
    assert isinstance(found, TextPopup)
    compose(found.edit, "示例路2")
    qtbot.keyClick(found.edit, Qt.Key.Key_Return)
    settle(shown)
    assert len(shown.model.ids) == 11  # 2, 20 … 29
    shown.clear_filters()
    settle(shown)
    found = shown.open_filter(section(shown, "permit_until"))
    assert isinstance(found, RangePopup)
    compose(found.low, "哪天")
    qtbot.keyClick(found.low, Qt.Key.Key_Return)
    assert not found.problem.isHidden()
    assert found.low.text() == "哪天"
    found.low.clear()
    qtbot.keyClicks(found.low, "2024.6.1")
    qtbot.keyClicks(found.high, "6/30")
    qtbot.keyClick(found.high, Qt.Key.Key_Return)
    settle(shown)
    assert shown.view().conditions == (
        Condition("permit_until", "between", (dt.date(2024, 6, 1), dt.date(2024, 6, 30))),
    )
    assert names(shown) == ["乙店0001（示例）"]
    tones = shown.model.cells(0).tones
    assert tones[section(shown, "permit_until")] == "danger"
    assert tones[section(shown, "status")] == "success"


def test_presets_count_and_filter(page: Any, qtbot: Any) -> None:
    shown = page()
    assert shown.view_bar.presets["open"].text() == "在营 27"
    qtbot.mouseClick(shown.view_bar.presets["open"], Qt.MouseButton.LeftButton)
    settle(shown)
    assert shown.view().presets == ("open",)
    assert len(shown.model.ids) == 27
    assert shown.view_bar.presets["open"].isChecked()
    assert not shown.view_bar.presets[""].isChecked()
    qtbot.mouseClick(shown.view_bar.presets[""], Qt.MouseButton.LeftButton)
    settle(shown)
    assert len(shown.model.ids) == 30


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
    qtbot.keyClick(shown.table, Qt.Key.Key_Delete)
    settle(shown)
    assert len(shown.model.ids) == 30
    answer(True)
    qtbot.keyClick(shown.table, Qt.Key.Key_Delete)
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
    qtbot.keyClick(shown.table, Qt.Key.Key_Delete)
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
    qtbot.keyClick(shown.table, Qt.Key.Key_Delete)
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
    for key in (Qt.Key.Key_Return, Qt.Key.Key_F2):
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
    assert shown.view_bar.count.text() == "共 5000 户"
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
