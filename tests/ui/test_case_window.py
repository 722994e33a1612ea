"""案卷 through the window: of an enterprise, an inspection, a notice; ticked by keys, previewed, saved, cancelled."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.enterprise import Enterprise
from models.inspection import Inspection
from models.notice import Notice
from tests.reports.case_ledger import CaseOffice, case_office, make_office, photo, scan
from tests.reports.reading import read_pages
from tests.ui.window_hands import Opener, click, dialog_of, paper_text, settle, type_text
from ui.case_file import CaseDialog
from ui.kit.preview import PreviewDialog
from ui.kit.register_bar import ActionButton
from ui.kit.toast import Toast
from ui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
BLANK = ["监督检查告知页", "食品生产经营监督检查结果记录表", "现场笔录"]
"""Papers of an inspection without a checklist; without a scene record the first and the last are not ticked."""


@pytest.fixture(scope="module")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case") / "office"
    make_office(folder)
    return folder


@pytest.fixture
def office(made_office: Path, tmp_path: Path) -> Iterator[CaseOffice]:
    with case_office(made_office, tmp_path / "office") as made:
        made.attach_files(Enterprise, made.place, {"合同.pdf": scan(2)})
        made.attach_files(Inspection, made.inspection, {"a.jpg": photo((800, 600)), "b.jpg": photo((90, 60))})
        made.attach_files(Notice, made.notice, {"送达回证.pdf": scan(1)})
        yield made


@pytest.fixture
def window(office: CaseOffice, open_window: Opener) -> MainWindow:
    return open_window(office.ledger)


def listed(window: MainWindow, page: str, tab: str, key: int) -> Any:
    """A list with one record chosen."""
    window.show_page(page)
    found = window.page(page).show_tab(tab)  # type: ignore[attr-defined]
    settle(window)
    found = getattr(found, "list", found)
    found.select_id(key)
    settle(window)
    return found


def asked(window: MainWindow, qtbot: QtBot) -> CaseDialog:
    """The dialog, once its items are read."""
    dialog: CaseDialog = dialog_of(qtbot, CaseDialog)
    qtbot.waitUntil(lambda: dialog.found is not None, timeout=20_000)
    settle(window)
    return dialog


def by_key(window: MainWindow, page: Any, qtbot: QtBot) -> CaseDialog:
    QTest.keyClick(page.table, Qt.Key.Key_A, CTRL | Qt.KeyboardModifier.ShiftModifier)
    return asked(window, qtbot)


def names(dialog: CaseDialog) -> list[str]:
    return [row.texts[0] for row in dialog.table.list.rows]


def preview_of(qtbot: QtBot) -> Any:
    preview = dialog_of(qtbot, PreviewDialog)
    qtbot.waitUntil(lambda: preview._source is not None, timeout=30_000)
    return preview


def test_what_goes_in_is_ticked_by_keys_and_previewed(window: MainWindow, office: CaseOffice, qtbot: QtBot) -> None:
    dialog = by_key(window, listed(window, "enterprises", "enterprises", office.place), qtbot)
    assert dialog.headline.text() == "食品安全监督管理案卷：示例小馆"
    assert names(dialog) == ["合同", *BLANK, "a", "b", "责令改正通知书", "送达回证", "送达回证"]
    assert dialog.words.text() == "选取 7 / 9 件：文书 3 份，照片、图片 2 张，PDF 2 份"
    assert dialog.table.hasFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.words.text().startswith("选取 6 / 9 件")
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    preview = preview_of(qtbot)
    text = paper_text(preview)
    assert "卷内目录" in text
    assert "责令改正通知书" in text
    assert "合同" not in text
    assert preview._file_name == "案卷 示例小馆.pdf"
    file = preview._source._content
    assert isinstance(file, Path)
    preview.close()
    qtbot.waitUntil(lambda: not file.exists(), timeout=20_000)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_notice_s_case_from_the_panel(window: MainWindow, office: CaseOffice, qtbot: QtBot) -> None:
    page = listed(window, "notices", "notices", office.notice)
    made = next(each for each in page.panel.findChildren(ActionButton) if each.action.text() == "案卷")
    click(made)
    dialog = asked(window, qtbot)
    assert dialog.headline.text() == "责令改正案卷：示例小馆"
    assert "合同" not in names(dialog)
    assert not dialog.period.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_visit_s_case_from_the_menu(window: MainWindow, office: CaseOffice, qtbot: QtBot) -> None:
    page = listed(window, "inspections", "inspections", office.inspection)
    action = next(each for each in page.hands.menu().actions() if each.text() == "案卷")
    action.trigger()
    dialog = asked(window, qtbot)
    assert dialog.headline.text() == "监督检查案卷：示例小馆"
    assert names(dialog) == [*BLANK, "a", "b", "责令改正通知书", "送达回证", "送达回证"]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_case_is_saved_and_missing_files_are_named(
    window: MainWindow, office: CaseOffice, qtbot: QtBot, tmp_path: Path
) -> None:
    office.blob("b.jpg").unlink()
    dialog = by_key(window, listed(window, "enterprises", "enterprises", office.place), qtbot)
    assert dialog.banner.label.text() == "附件有问题：监督检查“示例小馆”的附件“b.jpg”：文件不见了"
    row = next(row for row in dialog.table.list.rows if row.texts[0] == "b")
    assert row.texts[4] == "文件不见了"
    assert row.tones[4] == "danger"
    paths: list[str] = []
    dialog.saved.connect(paths.append)
    dialog.save_to(tmp_path / "案卷")
    qtbot.waitUntil(lambda: bool(paths), timeout=30_000)
    assert paths == [str(tmp_path / "案卷.pdf")]
    pages = read_pages(tmp_path / "案卷.pdf")
    assert "b.jpg" in pages[1]
    words = [toast.label.text() for toast in window.findChildren(Toast)]
    assert any("案卷已保存到" in each and "1个附件有问题" in each for each in words)
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, CaseDialog) and each.isVisible()]


def test_a_case_that_is_cancelled_leaves_nothing(
    window: MainWindow, office: CaseOffice, qtbot: QtBot, tmp_path: Path
) -> None:
    office.attach_files(Enterprise, office.place, {"厚.pdf": scan(4000)})
    dialog = by_key(window, listed(window, "enterprises", "enterprises", office.place), qtbot)
    dialog.save_to(tmp_path / "case.pdf")
    job = dialog._job
    assert job is not None
    assert not dialog.yes.isEnabled()
    told: list[int] = []
    window.session.jobs.progressed.connect(lambda number, done, total, words: told.append(number))
    qtbot.waitUntil(lambda: job.number in told, timeout=30_000)
    job.cancel()
    qtbot.waitUntil(lambda: dialog._job is None, timeout=30_000)
    assert dialog.banner.label.text() == "已取消，没有写出文件。"
    assert dialog.yes.isEnabled()
    assert not [path for path in tmp_path.iterdir() if path.name != "office"]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_folder_that_cannot_be_written_is_told_and_the_ticks_stay(
    window: MainWindow, office: CaseOffice, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = by_key(window, listed(window, "enterprises", "enterprises", office.place), qtbot)
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    dialog.save_to(tmp_path / "nowhere" / "case.pdf")
    qtbot.waitUntil(lambda: "写不进" in dialog.banner.label.text(), timeout=30_000)
    assert dialog.words.text().startswith("选取 6 / 9 件")
    assert dialog.save_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_period_narrows_the_list_and_a_bad_day_is_told(
    window: MainWindow, office: CaseOffice, qtbot: QtBot
) -> None:
    dialog = by_key(window, listed(window, "enterprises", "enterprises", office.place), qtbot)
    assert dialog.period.isVisible()

    def waited(check: Callable[[], bool]) -> None:
        qtbot.waitUntil(check, timeout=20_000)

    type_text(dialog.end.edit, "2024.6.1")
    waited(lambda: names(dialog) == ["合同"])
    type_text(dialog.start.edit, "2024.6.9")
    waited(lambda: "早于第一天2024-06-09" in dialog.banner.label.text())
    assert not dialog.yes.isEnabled()
    type_text(dialog.start.edit, "哪天")
    waited(lambda: "哪天" in dialog.banner.label.text())
    type_text(dialog.start.edit, "")
    type_text(dialog.end.edit, "")
    waited(lambda: dialog.found is not None and len(names(dialog)) == 9)
    assert not dialog.banner.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_nothing_to_file_is_told(window: MainWindow, office: CaseOffice, qtbot: QtBot) -> None:
    dialog = by_key(window, listed(window, "enterprises", "enterprises", office.other), qtbot)
    assert dialog.words.text().startswith("没有可以放进案卷的材料")
    assert not dialog.yes.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_place_removed_meanwhile_is_told(window: MainWindow, office: CaseOffice, qtbot: QtBot) -> None:
    from ui.case_file import ask_case

    with office.ledger.write("移除") as tx:
        tx.remove(Enterprise.get_by_id(office.other))
    dialog = ask_case(window.session, window, "enterprises", office.other)
    qtbot.waitUntil(lambda: "已被移除" in dialog.banner.label.text(), timeout=20_000)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_preview_that_is_left_early_makes_no_file(window: MainWindow, office: CaseOffice, qtbot: QtBot) -> None:
    office.attach_files(Enterprise, office.place, {"厚.pdf": scan(3000)})
    before = set(Path(tempfile.gettempdir()).glob("shian-preview-*"))
    dialog = by_key(window, listed(window, "enterprises", "enterprises", office.place), qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    preview = dialog_of(qtbot, PreviewDialog)
    jobs = preview._jobs
    preview.close()
    qtbot.waitUntil(lambda: not jobs._live, timeout=30_000)
    QApplication.processEvents()
    qtbot.waitUntil(
        lambda: set(Path(tempfile.gettempdir()).glob("shian-preview-*")) <= before, timeout=20_000
    )
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
