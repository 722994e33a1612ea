"""Asks for a file to write or to read, in Chinese and beginning where the clerk was last; knows no content."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

LAST = "files/folder"
ILLEGAL = re.compile(r'[\\/:*?"<>|\r\n\t]+')
"""What Windows allows in no file name."""
LABELS = {
    QFileDialog.DialogLabel.LookIn: "位置：",
    QFileDialog.DialogLabel.FileName: "文件名：",
    QFileDialog.DialogLabel.FileType: "文件类型：",
    QFileDialog.DialogLabel.Reject: "取消",
}
"""Qt's own translation leaves some of these in English."""


def _store() -> QSettings:
    return QSettings("shian-desk", "shian-desk")


def first_folder() -> Path:
    """The folder used last, while it is there, else the user's documents."""
    last = str(_store().value(LAST, ""))
    if last and Path(last).is_dir():
        return Path(last)
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())


def safe_name(name: str) -> str:
    """A proposed name without what a file system refuses."""
    return ILLEGAL.sub("_", name).strip(" .")


def save_dialog(parent: QWidget | None, title: str, name: str, kinds: list[str]) -> QFileDialog:
    """The dialog that asks where to write; the caller's own question comes before an old file is replaced."""
    dialog = _dialog(parent, title, kinds, "保存")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, "保存")
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.selectFile(safe_name(name))
    return dialog


def _dialog(parent: QWidget | None, title: str, kinds: list[str], accept: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(first_folder()))
    dialog.setNameFilters(kinds)
    for label, words in {**LABELS, QFileDialog.DialogLabel.Accept: accept}.items():
        dialog.setLabelText(label, words)
    return dialog


def _asked(dialog: QFileDialog) -> tuple[Path | None, str]:
    chosen = dialog.selectedFiles() if dialog.exec() == QFileDialog.DialogCode.Accepted else []
    kind = dialog.selectedNameFilter()
    dialog.deleteLater()
    if not chosen:
        return None, kind
    _store().setValue(LAST, str(Path(chosen[0]).parent))
    return Path(chosen[0]), kind


def ask_save(
    parent: QWidget | None, title: str, name: str, kinds: list[str], *, confirm: bool = True
) -> tuple[Path | None, str]:
    """Where to write a file proposed as ``name``, and the kind chosen; None when cancelled."""
    dialog = save_dialog(parent, title, name, kinds)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, not confirm)
    return _asked(dialog)


def ask_open(parent: QWidget | None, title: str, kinds: list[str]) -> Path | None:
    """The file to read; None when cancelled."""
    dialog = _dialog(parent, title, kinds, "打开")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _asked(dialog)[0]


def ask_open_many(parent: QWidget | None, title: str, kinds: list[str]) -> list[Path]:
    """The files to read; [] when cancelled."""
    dialog = _dialog(parent, title, kinds, "打开")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return _asked_many(dialog)


def ask_folder(parent: QWidget | None, title: str) -> Path | None:
    """The folder to write into; None when cancelled."""
    dialog = _dialog(parent, title, [], "选择")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return next(iter(_asked_many(dialog)), None)


def _asked_many(dialog: QFileDialog) -> list[Path]:
    chosen = dialog.selectedFiles() if dialog.exec() == QFileDialog.DialogCode.Accepted else []
    dialog.deleteLater()
    if chosen:
        _store().setValue(LAST, str(Path(chosen[0]).parent))
    return [Path(path) for path in chosen]
