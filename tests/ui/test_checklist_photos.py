"""Photos of a checklist's items: by dialog, by paste and by drop, counted at the item, kept with the inspection."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from models.checklist_answer import answers_of, part_of
from models.core.attachments import Attachment
from models.core.ledger import Ledger
from models.inspection import Inspection
from tests.ui.attachment_hands import drop, files_data, picture
from tests.ui.checklist_hands import Key, Keyboard, Mod, choose_officers, fail, new_inspection, open_sheet
from tests.ui.window_hands import Opener, activate, dialog_of, settle
from ui.kit.record_dialog import RecordDialog


def choose(path: Path) -> None:
    """Answer the file dialog that is open."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.findChild(QLineEdit, "fileNameEdit").setText(str(path))  # as typed: the line may have the focus
    dialog.accept()


def test_photos_by_dialog_paste_and_drop(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    chosen, dropped = picture(tmp_path / "现场.jpg", "red"), picture(tmp_path / "冰柜.jpg", "blue")
    plain = picture(tmp_path / "门头.jpg")
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    choose_officers(form, keys)
    assert drop(form, files_data(plain))
    settle(window)
    dialog = open_sheet(window, keys, qtbot)
    fail(keys, "2.3")
    item = dialog.desk.items[dialog.list.row]
    dialog.list.setFocus()
    QTimer.singleShot(0, lambda: choose(chosen))
    keys.press(Key.Key_P)
    settle(window)
    assert dialog.photos.words.text() == "1 张"
    copied = QMimeData()
    copied.setImageData(QImage(str(dropped)))
    QApplication.clipboard().setMimeData(copied)
    keys.press(Key.Key_V, mods=Mod.ControlModifier)
    settle(window)
    assert drop(dialog.note, files_data(dropped)), "a photo dropped on a field is a photo too"
    settle(window)
    assert dialog.note.text() == ""
    assert dialog.photos.words.text() == "3 张"
    assert len(dialog.photos.grid.rows.files) == 3
    assert "照片 3 张" in dialog.list.items.remark(item)
    dialog.list.go_to(0)
    assert not dialog.photos.grid.isVisible()
    keys.press(Key.Key_A)
    keys.press(Key.Key_Return, mods=Mod.ControlModifier)
    settle(window)
    activate(form)
    assert "照片3张" in form.form.boxes["checklists"].editor.rows[0].property("words").text()
    assert len(form.files.files) == 4
    keys.press(Key.Key_S, mods=Mod.ControlModifier)
    settle(window)
    made = Inspection.live().order_by(Inspection.id.desc()).first()
    kept = Attachment.of("inspection", made.id)
    assert [one.part for one in kept] == ["", *[part_of(item.id)] * 3]
    assert kept[0].name == "门头.jpg"
    assert all(one.caption.startswith("要点第2.3项：") for one in kept[1:])
    [answered] = answers_of(made)
    assert {i.number: i.files for i in answered.items if i.files} == {"2.3": 3}

    window.session.edit_record.emit("inspections", made.id, None)
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    dialog = open_sheet(window, keys, qtbot)
    dialog.list.go_to([i.number for i in dialog.desk.items].index("2.3"))
    settle(window)
    grid = dialog.photos.grid
    assert len(grid.rows.files) == 3
    grid.setFocus()
    grid.setCurrentIndex(grid.rows.index(0))
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    settle(window)
    assert [one.part for one in Attachment.of("inspection", made.id)] == ["", *[part_of(item.id)] * 2]
    assert dialog.photos.words.text() == "2 张"
    dialog.reject()
    settle(window)
    form._draft.remove()
    form.done(0)


def test_an_empty_clipboard_is_told_and_waiting_photos_survive_a_crash(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    dialog = open_sheet(window, keys, qtbot)
    fail(keys, "2.3")
    item = dialog.desk.items[dialog.list.row]
    QApplication.clipboard().setText("不是图片")
    dialog.list.setFocus()
    keys.press(Key.Key_V, mods=Mod.ControlModifier)
    assert "剪贴板里没有图片" in dialog.photos.words.text()
    assert drop(dialog.list.viewport(), files_data(picture(tmp_path / "冰柜.jpg")))
    settle(window)
    form._write_draft()
    dialog.reject()
    settle(window)
    form._draft.release()
    again = RecordDialog(window.session, "inspections")
    try:
        settle(window)
        again.show()
        again.recover()
        settle(window)
        assert [(one.name, one.part) for one in again.files.pending] == [("冰柜.jpg", part_of(item.id))]
    finally:
        again._draft.remove()
        again.done(0)
    form._draft.remove()
    form.done(0)
