"""附件 beside a list and in a form, driven by drops, the clipboard and keys."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit

from models.area import Area
from models.core.attachments import Attachment
from models.core.ledger import Ledger
from models.enterprise import Enterprise
from models.settings import change_settings
from tests.ui.attachment_hands import Desktop, cell, drop, files_data, picture, shown
from tests.ui.list_hands import answer, click_cell, settle, toast_of
from tests.ui.window_hands import activate
from ui.kit.ask import AskDialog
from ui.kit.record_dialog import RecordDialog
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session

Key, Mod = Qt.Key, Qt.KeyboardModifier
PAUSE_MS = 50


@pytest.fixture(autouse=True)
def nothing_left_on_the_clipboard(qapp: QApplication) -> Iterator[None]:
    """Qt's offscreen clipboard outlives Python at the end of the process and would crash on what Python owns."""
    yield
    qapp.clipboard().clear()


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    made = Desktop()
    yield made
    made.leave()


@pytest.fixture
def list_page(page: Callable[..., RegisterPage], qtbot: Any) -> RegisterPage:
    """Thirty enterprises, the first one beside the list."""
    made = page(30)
    click_cell(qtbot, made, 0)
    return made


def focus(section: Any) -> None:
    section.grid.setFocus() if section.grid.isVisible() else section.drop.setFocus()


def drop_files(list_page: RegisterPage, *paths: Path) -> None:
    assert drop(list_page.panel.attachments.drop, files_data(*paths))
    settle(list_page)


def test_dropped_on_the_panel_they_are_the_record_s(list_page: RegisterPage, tmp_path: Path) -> None:
    section = list_page.panel.attachments
    assert not section.grid.isVisible()
    paths = [picture(tmp_path / "门头.jpg"), picture(tmp_path / "后厨.png", "red"), tmp_path / "名单.xlsx"]
    paths[2].write_bytes(b"PK\x03\x04 a sheet")
    drop_files(list_page, *paths)
    assert shown(section) == ["门头.jpg", "后厨.png", "名单.xlsx"]
    assert [a.row for a in Attachment.live()] == [list_page.current_id()] * 3
    assert "已添加“门头.jpg”等3个" in toast_of(list_page).label.text()
    assert "附件：门头.jpg" in " ".join(label.text() for label in list_page.panel.findChildren(QLabel))


def test_dropped_on_the_list_a_sheet_is_imported_and_a_photo_is_not_taken(
    list_page: RegisterPage, tmp_path: Path
) -> None:
    assert not drop(list_page.table, files_data(picture(tmp_path / "门头.jpg")))
    assert Attachment.live().count() == 0


def test_other_records_have_their_own(list_page: RegisterPage, qtbot: Any, tmp_path: Path) -> None:
    section = list_page.panel.attachments
    drop_files(list_page, picture(tmp_path / "门头.jpg"))
    click_cell(qtbot, list_page, 1)
    assert shown(section) == []
    click_cell(qtbot, list_page, 0)
    assert shown(section) == ["门头.jpg"]


def test_pasting_a_picture_and_files(list_page: RegisterPage, tmp_path: Path) -> None:
    section, clipboard = list_page.panel.attachments, QApplication.clipboard()
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill("blue")
    clipboard.setImage(image)
    section.drop.setFocus()
    QTest.keyClick(section.drop, Key.Key_V, Mod.ControlModifier)
    settle(list_page)
    [one] = Attachment.live()
    assert one.name.startswith("粘贴的图片 ")
    assert one.media_type == "image/png"
    assert QImage(str(list_page.session.ledger.blobs.path(one.digest))).size() == image.size()
    clipboard.setMimeData(files_data(picture(tmp_path / "门头.jpg")))
    section.grid.setFocus()
    QTest.keyClick(section.grid, Key.Key_V, Mod.ControlModifier)
    settle(list_page)
    assert shown(section)[1] == "门头.jpg"
    clipboard.setText("只有文字")
    QTest.keyClick(section.grid, Key.Key_V, Mod.ControlModifier)
    settle(list_page)
    assert "没有文件或图片" in section.banner.label.text()
    assert Attachment.live().count() == 2


def test_chosen_in_the_file_dialog(list_page: RegisterPage, tmp_path: Path) -> None:
    path = picture(tmp_path / "门头.jpg")

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        dialog.findChild(QLineEdit, "fileNameEdit").setText(str(path))  # as typed: the line may have the focus
        dialog.accept()

    section = list_page.panel.attachments
    QTimer.singleShot(0, choose)
    QTest.keyClick(section.drop, Key.Key_Return)
    settle(list_page)
    assert shown(section) == ["门头.jpg"]


def test_removing_and_undoing(list_page: RegisterPage, tmp_path: Path) -> None:
    section = list_page.panel.attachments
    drop_files(list_page, picture(tmp_path / "一.jpg"), picture(tmp_path / "二.jpg"))
    section.grid.setFocus()
    QTest.mouseClick(section.grid.viewport(), Qt.MouseButton.LeftButton, Mod.NoModifier, cell(section, 0))
    QTest.keyClick(section.grid, Key.Key_Delete)
    settle(list_page)
    assert shown(section) == ["二.jpg"]
    toast_of(list_page).action.click()
    settle(list_page)
    assert shown(section) == ["一.jpg", "二.jpg"]


def test_enter_opens_a_read_only_copy_under_its_own_name(
    list_page: RegisterPage, desktop: Desktop, tmp_path: Path
) -> None:
    section, path = list_page.panel.attachments, picture(tmp_path / "门头.jpg")
    drop_files(list_page, path)
    section.grid.setFocus()
    QTest.keyClick(section.grid, Key.Key_Home)
    section.grid.selectAll()
    QTest.keyClick(section.grid, Key.Key_Return)
    settle(list_page)
    [opened] = desktop.opened
    assert opened.name == "门头.jpg"
    assert opened.read_bytes() == path.read_bytes()
    assert list_page.session.ledger.folder not in opened.parents
    if os.name != "nt":
        assert opened.stat().st_mode & 0o222 == 0
    QTest.keyClick(section.grid, Key.Key_C, Mod.ControlModifier)
    settle(list_page)
    assert [url.fileName() for url in QApplication.clipboard().mimeData().urls()] == ["门头.jpg"]


def test_an_altered_file_is_not_opened(list_page: RegisterPage, desktop: Desktop, tmp_path: Path) -> None:
    section = list_page.panel.attachments
    drop_files(list_page, picture(tmp_path / "门头.jpg", "yellow"))
    [one] = Attachment.live()
    stored = list_page.session.ledger.blobs.path(one.digest)
    stored.chmod(0o644)
    stored.write_bytes(b"other")
    section.grid.selectAll()
    section.grid.setFocus()
    QTest.keyClick(section.grid, Key.Key_Return)
    settle(list_page)
    assert desktop.opened == []
    assert "“门头.jpg”的文件被改动过" in section.banner.label.text()


def test_naming_and_captioning(list_page: RegisterPage, tmp_path: Path) -> None:
    section = list_page.panel.attachments
    drop_files(list_page, picture(tmp_path / "IMG_0001.jpg"))

    def type_in() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, AskDialog)
        dialog.set_values({"name": "a/b", "caption": "正门"})
        QTest.keyClick(dialog.form.fields["caption"].editor, Key.Key_Return)
        list_page.session.jobs.wait_idle()
        assert "可改为" in dialog.form.fields["name"].words.text()
        dialog.set_values({"name": "门头"})
        QTest.keyClick(dialog.form.fields["caption"].editor, Key.Key_Return)
        list_page.session.jobs.wait_idle()

    section.grid.setFocus()
    section.grid.selectAll()
    QTimer.singleShot(0, type_in)
    QTest.keyClick(section.grid, Key.Key_F2)
    settle(list_page)
    [one] = Attachment.live()
    assert (one.name, one.caption) == ("门头.jpg", "正门")
    assert shown(section) == ["正门"]


def test_a_file_over_the_limit_is_named_and_the_rest_is_taken(
    list_page: RegisterPage, ledger: Ledger, tmp_path: Path
) -> None:
    with ledger.write("修改设置") as tx:
        change_settings(tx, {"attachment_mb": "1"})
    (tmp_path / "录像.mp4").write_bytes(b"x" * (1024 * 1024 + 1))
    drop_files(list_page, tmp_path / "录像.mp4", picture(tmp_path / "门头.jpg"))
    section = list_page.panel.attachments
    assert shown(section) == ["门头.jpg"]
    assert "“录像.mp4”" in section.banner.label.text()
    assert "上限" in section.banner.label.text()
    assert section.banner.isVisible()


def test_cancelling_writes_nothing(list_page: RegisterPage, qtbot: Any, tmp_path: Path) -> None:
    paths = []
    for number in range(40):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(os.urandom(1_000_000))
        paths.append(path)
    section = list_page.panel.attachments
    session = list_page.session
    session.jobs.progressed.connect(lambda *_told: section.bar.cancel.click())
    assert drop(section.drop, files_data(*paths))
    settle(list_page)
    assert Attachment.live().count() == 0
    assert list(session.ledger.blobs.digests()) == []
    assert section.bar.isHidden()


def test_looking_only(list_page: RegisterPage, tmp_path: Path) -> None:
    with list_page.session.ledger.write("移除") as tx:
        tx.remove(Enterprise.get_by_id(list_page.current_id()))
    list_page.panel.refresh()
    settle(list_page)
    section = list_page.panel.attachments
    assert not section.drop.isVisible()
    assert not drop(list_page.panel, files_data(picture(tmp_path / "门头.jpg")))


@pytest.mark.slow
def test_two_hundred_photos_stay_smooth(list_page: RegisterPage, tmp_path: Path) -> None:
    """Adding them, painting them all once while scrolling: the GUI thread never works 50 ms at a stretch.

    Its processor time is measured between two beats of a timer, not the clock's: other programs do not count.
    """
    photo = picture(tmp_path / "photo.jpg", "teal", (3000, 2000)).read_bytes()
    paths = [tmp_path / f"{n:03}.jpg" for n in range(200)]
    for number, path in enumerate(paths):
        path.write_bytes(photo + bytes([number]))  # after the picture's end: another content
    section, jobs = list_page.panel.attachments, list_page.session.jobs
    gaps: list[float] = []
    last = [time.thread_time()]

    def beat() -> None:
        now = time.thread_time()
        gaps.append((now - last[0]) * 1000)
        last[0] = now

    timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start()
    assert drop(section.drop, files_data(*paths))
    jobs.wait_idle(60_000)
    settle(list_page)
    assert len(section.grid.rows.files) == 200
    list_page.panel.area.ensureWidgetVisible(section.drop)
    bar = section.grid.verticalScrollBar()
    for value in range(0, bar.maximum() + 200, 200):
        bar.setValue(value)
        QApplication.processEvents()
        jobs.wait_idle(60_000)
    timer.stop()
    folder = list_page.session.ledger.folder / "thumbnails"
    assert len([p for p in folder.rglob("*") if p.is_file()]) == 200
    assert len(gaps) > 50
    assert sorted(gaps)[-2] < PAUSE_MS  # one beat may hold a collection of the whole run's garbage


# --- in a form -------------------------------------------------------------------------------------------------------


@pytest.fixture
def form(session: Session) -> Iterator[Callable[..., RecordDialog]]:
    made: list[RecordDialog] = []

    def open_one(register: str, record_id: int | None = None) -> RecordDialog:
        dialog = RecordDialog(session, register, record_id)
        made.append(dialog)
        dialog.show()
        wait(session)
        return dialog

    yield open_one
    import shiboken6

    for dialog in made:
        if shiboken6.isValid(dialog):
            shiboken6.delete(dialog)


def wait(session: Session) -> None:
    for _ in range(4):
        QApplication.processEvents()
        session.jobs.wait_idle(20_000)


def save(dialog: RecordDialog, session: Session) -> None:
    activate(dialog)
    QTest.keyClick(dialog, Key.Key_S, Mod.ControlModifier)
    wait(session)


def test_files_of_a_new_record_wait_and_are_stored_in_its_own_action(
    form: Callable[..., RecordDialog], session: Session, tmp_path: Path
) -> None:
    dialog = form("areas")
    assert drop(dialog.files.drop, files_data(picture(tmp_path / "村委会.jpg"), picture(tmp_path / "二.jpg", "red")))
    wait(session)
    assert shown(dialog.files) == ["村委会.jpg", "二.jpg"]
    assert Attachment.live().count() == 0
    dialog.files.grid.setFocus()
    dialog.files.grid.setCurrentIndex(dialog.files.grid.rows.index(1))
    QTest.keyClick(dialog.files.grid, Key.Key_Delete)
    wait(session)
    assert len(list(session.ledger.blobs.digests())) == 1
    town = Area.get(Area.level == "township")
    for name, value in (("name", "示例村"), ("level", "village")):
        dialog.form.boxes[name].editor.set_value(value)
    dialog.form.boxes["parent"].editor.set_value(town.id)
    save(dialog, session)
    area = Area.get_or_none(Area.name == "示例村")
    assert area is not None, dialog.summary.text()
    assert [a.name for a in Attachment.of("area", area.id)] == ["村委会.jpg"]
    session.ledger.undo()
    assert Attachment.live().count() == 0
    assert Area.live().where(Area.name == "示例村").count() == 0
    session.ledger.redo()
    assert [a.name for a in Attachment.of("area", area.id)] == ["村委会.jpg"]


def test_giving_up_a_new_record_leaves_nothing(
    form: Callable[..., RecordDialog], session: Session, tmp_path: Path
) -> None:
    dialog = form("areas")
    assert drop(dialog, files_data(picture(tmp_path / "村委会.jpg")))
    wait(session)
    assert shown(dialog.files) == ["村委会.jpg"]
    answer(True)
    activate(dialog)
    QTest.keyClick(dialog, Key.Key_Escape)
    wait(session)
    assert list(session.ledger.blobs.digests()) == []


def test_what_waited_when_the_power_went_is_offered_again(
    form: Callable[..., RecordDialog], session: Session, tmp_path: Path
) -> None:
    dialog = form("areas")
    assert drop(dialog, files_data(picture(tmp_path / "村委会.jpg")))
    wait(session)
    dialog._draft_timer.stop()
    dialog._write_draft()
    dialog._draft.release()  # as the end of the process would
    again = form("areas")
    assert "填写的内容还在" in again.banner.label.text()
    again.banner.action.click()
    wait(session)
    assert shown(again.files) == ["村委会.jpg"]
    again._draft.remove()


def test_files_of_a_stored_record_change_at_once(
    form: Callable[..., RecordDialog], session: Session, tmp_path: Path
) -> None:
    area = Area.get(Area.level == "township")
    dialog = form("areas", area.id)
    QApplication.clipboard().setMimeData(files_data(picture(tmp_path / "门头.jpg")))
    activate(dialog)
    dialog.files.drop.setFocus()
    QTest.keyClick(dialog.files.drop, Key.Key_V, Mod.ControlModifier)
    wait(session)
    assert shown(dialog.files) == ["门头.jpg"]
    assert [a.name for a in Attachment.of("area", area.id)] == ["门头.jpg"]
    assert not dialog._would_lose
    QTest.keyClick(dialog, Key.Key_Escape)
    wait(session)
    assert Attachment.live().count() == 1


def test_tab_reaches_the_files_between_the_fields_and_the_buttons(form: Callable[..., RecordDialog]) -> None:
    dialog = form("areas")
    activate(dialog)
    dialog.form.targets()[-1].setFocus()
    seen = []
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    assert seen == [dialog.files.add_button, dialog.files.drop, dialog.save_button]
