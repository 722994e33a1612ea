"""The window: pages by key, welcome, settings, undo across a new window, coverage, report, log."""

import datetime as dt
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.register import View, register
from models.core.saving import save
from models.enterprise import Enterprise
from models.opening import open_office
from models.rules.dates import Period
from models.settings import settings
from tests.ui.window_hands import TODAY, Opener, click, dialog_of, paper_text, settle, type_text
from ui.keys_dialog import KeysDialog
from ui.kit.dialogs import MessageDialog
from ui.kit.record_dialog import RecordDialog
from ui.kit.toast import Toast
from ui.main_window import PAGES, MainWindow


def keys(window: MainWindow, text: str) -> None:
    QTest.keySequence(QApplication.focusWidget() or window, text)
    settle(window)


def test_pages_by_key(demo_window: MainWindow, qtbot: QtBot) -> None:
    assert "演示 · 今天 2024-06-30" in demo_window.windowTitle()
    for number, (key, title, _icon) in enumerate(PAGES, 1):
        keys(demo_window, f"Alt+{number % 10}")
        assert demo_window.current_page == key
        assert demo_window.title.text() == title
    more = demo_window.page("more")
    offered = more.keys()
    for name in offered:  # type: ignore[attr-defined]
        more.show_tab(name)  # type: ignore[attr-defined]
        settle(demo_window)
        if name not in ("history", "plausibility"):
            assert len(more.current_list().model.ids) == register(name).count(View(), demo_window.session.today)  # type: ignore[attr-defined]
    keys(demo_window, "F1")
    dialog_of(qtbot, KeysDialog).close()


def test_welcome_flow(tmp_path: Path, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(open_office(tmp_path / "office", today=TODAY))
    home = window.page("overview")
    welcome = home.currentWidget()  # type: ignore[attr-defined]
    assert welcome is home.welcome  # type: ignore[attr-defined]
    assert "10 个乡镇（街道）" in welcome.areas_words.text()
    edit = welcome.form.fields["contact_phone"].editor
    type_text(edit, "12")
    click(welcome.save_button)
    settle(window)
    assert edit.property("bad") is True
    type_text(edit, "0798-8331234")
    click(welcome.save_button)
    settle(window)
    assert settings().contact_phone == "0798-8331234"
    click(welcome.start_button)
    settle(window)
    assert window.current_page == "enterprises"
    form = dialog_of(qtbot, RecordDialog)
    assert form.register.name == "enterprises"
    form.reject()


def test_settings_by_keyboard(small_ledger: Ledger, open_window: Opener) -> None:
    window = open_window(small_ledger)
    window.show_page("settings")
    page = window.page("settings")
    edit = page.field("warn_days").editor  # type: ignore[attr-defined]
    type_text(edit, "三天")
    keys(window, "Ctrl+S")
    words = page.field("warn_days").words  # type: ignore[attr-defined]
    assert "不是数字" in words.text()
    assert settings().warn_days == 3
    type_text(edit, "7")
    keys(window, "Ctrl+S")
    assert settings().warn_days == 7
    assert not page.edited
    window.show_page("overview")
    keys(window, "Ctrl+Z")
    assert settings().warn_days == 3
    keys(window, "Ctrl+Y")
    assert settings().warn_days == 7


def test_undo_across_a_reopened_window(small_ledger: Ledger, open_window: Opener) -> None:
    folder = small_ledger.folder
    window = open_window(small_ledger)
    place = Enterprise.get(Enterprise.name == "测试面馆")
    window.session.write("改名", lambda tx: save(tx, Enterprise, {"name": "改名面馆"}, place).id)
    settle(window)
    window.close()
    again = open_window(open_office(folder, today=TODAY))
    assert again.undo.isEnabled()
    assert "改名" in again.undo.text()
    keys(again, "Ctrl+Z")
    assert Enterprise.get_by_id(place.id).name == "测试面馆"
    keys(again, "Ctrl+Shift+Z")
    assert Enterprise.get_by_id(place.id).name == "改名面馆"


def test_coverage_opens_what_it_counts(demo_window: MainWindow) -> None:
    page = demo_window.page("responsibility")
    demo_window.show_page("responsibility")
    coverage = page.show_tab("coverage")  # type: ignore[attr-defined]
    settle(demo_window)
    for day in ("2024-06-30", "2023-12-31"):
        demo_window.show_page("responsibility")
        page.show_tab("coverage")  # type: ignore[attr-defined]
        type_text(coverage.edit, day)
        QTest.keyClick(coverage.edit, Qt.Key.Key_Return)
        settle(demo_window)
        assert coverage.day == dt.date.fromisoformat(day)
        whole, first = coverage.lines[0], coverage.lines[1]
        assert sum(line.total.value for line in coverage.lines[1:]) == whole.total.value > 0
        for line in (whole, first):
            cells = [line.total, line.assigned, line.missing, line.city, *line.levels[0], *line.levels[2]]
            for cell in cells:
                assert register("enterprises").count(cell.view, demo_window.session.today) == cell.value
    wanted = coverage.lines[1].missing.value
    item = coverage.table.visualItemRect(coverage.table.item(1, 7)).center()
    click(coverage.table.viewport(), item)
    settle(demo_window)
    assert demo_window.current_page == "enterprises"
    assert len(demo_window.page("enterprises").current_list().model.ids) == wanted  # type: ignore[attr-defined]


def test_report_figures_and_paper(demo_window: MainWindow, qtbot: QtBot) -> None:
    demo_window.show_page("report")
    page = demo_window.page("report")
    settle(demo_window)
    values = {line.figure.name: line.value for line in page.lines}  # type: ignore[attr-defined]
    assert values["campus.inspections"] == "180"
    assert values["campus.notices"] == "19"
    row = [line.figure.name for line in page.lines].index("campus.findings")  # type: ignore[attr-defined]
    page.table.selectRow(row)  # type: ignore[attr-defined]
    page.table.setFocus()  # type: ignore[attr-defined]
    QTest.keyClick(page.table, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    settle(demo_window)
    assert demo_window.current_page == "inspections"
    assert len(demo_window.page("inspections").current_list().model.ids) == 71  # type: ignore[attr-defined]
    demo_window.show_page("report")
    preview = page.make_report()  # type: ignore[attr-defined]
    with qtbot.waitSignal(preview.loaded, timeout=30_000):
        pass
    assert "180家次" in paper_text(preview)
    preview.close()


def test_figures_as_workbook(demo_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    from python_calamine import CalamineWorkbook

    demo_window.show_page("report")
    page = demo_window.page("report")
    settle(demo_window)
    page.export_to(tmp_path / "指标.xlsx", Period.half_year(2024, 1))  # type: ignore[attr-defined]
    settle(demo_window)
    rows = CalamineWorkbook.from_path(tmp_path / "指标.xlsx").get_sheet_by_index(0).to_python()
    found = {row[0]: row[1] for row in rows}
    assert found["校园及周边检查"] == 180


def test_log_undoes_one_action(small_ledger: Ledger, open_window: Opener) -> None:
    window = open_window(small_ledger)
    place = Enterprise.get(Enterprise.name == "测试面馆")
    window.session.write("改电话", lambda tx: save(tx, Enterprise, {"phone": "13800138000"}, place).id)
    settle(window)
    window.show_page("more")
    page = window.page("more").show_tab("history")  # type: ignore[attr-defined]
    settle(window)
    assert [one.kind for one in page.done[:2]] == ["改电话", "准备"]
    cells = [page.details.item(0, column).text() for column in range(4)]
    assert cells == ["主体：测试面馆", "联系电话", "", "13800138000"]
    click(page.undo)
    settle(window)
    QTest.qWait(300)  # the log waits a moment for further changes before it reads again
    settle(window)
    assert Enterprise.get_by_id(place.id).phone == ""
    assert [one.kind for one in page.done[:2]] == ["撤销：改电话", "改电话"]
    assert page.done[1].fate == "已撤销"


def test_backup_by_hand(small_ledger: Ledger, open_window: Opener) -> None:
    window = open_window(small_ledger)
    window.show_page("settings")
    window.page("settings").backup_wanted.emit()  # type: ignore[attr-defined]
    settle(window)
    assert len(list((small_ledger.folder / "backups").glob("manual-*.db"))) == 1
    assert "上次备份" in window._backup.text()


def test_periods_of_the_report(demo_window: MainWindow) -> None:
    demo_window.show_page("report")
    page: Any = demo_window.page("report")
    settle(demo_window)
    assert page.choice.currentText() == "2024年上半年"
    page.choice.setFocus()
    QTest.keyClick(page.choice, Qt.Key.Key_End)
    settle(demo_window)
    assert page.choice.currentText() == "自定"
    assert page.start.hasFocus()
    for edit, text in ((page.start, "2024-3-1"), (page.end, "2024-2-1")):
        type_text(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
    settle(demo_window)
    assert "止日不能早于起日" in page.banner.label.text()
    assert not page.report_button.isEnabled()
    type_text(page.end, "2024年3月31日")
    QTest.keyClick(page.end, Qt.Key.Key_Return)
    settle(demo_window)
    assert page.end.text() == "2024-03-31"
    assert page.report_button.isEnabled()
    line = next(line for line in page.lines if line.figure.name == "inspections.total")
    assert int(line.value.replace(",", "")) == register("inspections").count(line.view, demo_window.session.today) > 0
    type_text(page.end, "三月底")
    QTest.keyClick(page.end, Qt.Key.Key_Return)
    assert "报告期" in page.banner.label.text()
    assert not page.report_button.isEnabled()


def answer_with(word: str, seen: list[str]) -> QTimer:
    """Press a button of the next question."""
    timer = QTimer(interval=20)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, MessageDialog):
            timer.stop()
            seen.append(dialog.headline.text())
            click(next(b for b in dialog.findChildren(QPushButton) if b.text() == word))

    timer.timeout.connect(look)
    timer.start()
    return timer


def test_an_unsaved_form_is_asked_for(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    window.show_page("enterprises")
    settle(window)
    keys(window, "Ctrl+N")
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    type_text(QApplication.focusWidget() or form, "新开的面馆")
    for leave in (lambda: QTest.keyClick(form, Qt.Key.Key_Escape), window.close):
        seen: list[str] = []
        timer = answer_with("继续填写", seen)
        leave()
        assert not timer.isActive()
        assert "放弃刚才填写的内容" in seen[0]
        assert form.isVisible()
        assert window.isVisible()
    seen = []
    timer = answer_with("放弃", seen)
    window.close()
    assert not timer.isActive()
    assert not window.isVisible()


def test_saving_says_so_once(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    window.show_page("enterprises")
    settle(window)
    form: Any = window.edit_record("officers", None, {"name": "王五", "certificate": "赣003"})
    settle(window)
    form.save_and_new()
    settle(window)
    assert not window.findChildren(Toast, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert [t.label.text() for t in form.findChildren(Toast)] == ["已保存“王五”，请填下一条"]
    form.form.restore({})
    form.reject()
