"""The dialogs that ask for a file: Chinese, a fitting folder, a name the file system takes."""

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QLineEdit

from ui.kit import files
from ui.kit.language import speak_chinese


def test_it_speaks_chinese_and_proposes_the_name(qtbot, qapp):
    speak_chinese(qapp)
    dialog = files.save_dialog(None, "另存为 PDF", "责令改正 昌市监责改〔2024〕19号 某/某:店.pdf", ["PDF 文件 (*.pdf)"])
    qtbot.addWidget(dialog)
    shown = [w.text() for kind in (QLabel, QAbstractButton) for w in dialog.findChildren(kind)]
    assert {"位置：", "文件名：", "文件类型：", "保存", "取消"} <= set(shown)
    assert not [text for text in shown if any(c.isascii() and c.isalpha() for c in text)]
    assert dialog.selectedFiles()[0].endswith("责令改正 昌市监责改〔2024〕19号 某_某_店.pdf")


def test_it_begins_in_the_documents_then_where_it_was_last(qtbot, at_modal, tmp_path):
    store = QSettings("shian-desk", "shian-desk")
    before = store.value(files.LAST)
    store.remove(files.LAST)
    try:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        assert str(files.first_folder()) == documents

        def choose(dialog):
            dialog.setDirectory(str(tmp_path))
            dialog.findChild(QLineEdit, "fileNameEdit").setText("甲.pdf")  # as typed: the line may have the focus
            dialog.accept()

        at_modal(choose)
        target, _kind = files.ask_save(None, "另存为 PDF", "乙.pdf", ["PDF 文件 (*.pdf)"])
        assert target == tmp_path / "甲.pdf"
        assert files.first_folder() == tmp_path
        assert files.save_dialog(None, "导出", "丙.xlsx", ["Excel 工作簿 (*.xlsx)"]).directory().path() == str(tmp_path)
    finally:
        store.remove(files.LAST)
        if before is not None:
            store.setValue(files.LAST, before)


def test_a_cancelled_dialog_gives_nothing(qtbot, at_modal):
    at_modal(QFileDialog.reject)
    assert files.ask_save(None, "导出", "丙.xlsx", ["Excel 工作簿 (*.xlsx)"])[0] is None
