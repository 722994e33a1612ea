"""How a clerk goes through the import: files to bring, the steps by keys, what the window tells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import python_calamine
import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from shiboken6 import isValid

from models.enterprise import Enterprise
from models.rules.identifiers import make_uscc
from ui.kit.dialogs import MessageDialog
from ui.kit.import_dialog import ImportDialog
from ui.kit.session import Session

HEAD = ["单位名称", "统一社会信用代码", "地址", "乡镇街道", "类别"]
KEY = Qt.Key


def row(n: int, code: str = "", name: str = "", address: str = "") -> list[str]:
    sign = "甲乙丙丁戊己庚辛壬癸"[n % 10] * 3
    return [
        name or f"示例{sign}{n}店",
        code or make_uscc(n),
        address or f"示例{sign}路{n}号",
        "西郊街道",
        "餐饮服务",
    ]


def settle(session: Session) -> None:
    for _ in range(4):
        QApplication.processEvents()
        session.jobs.wait_idle(20_000)
    QApplication.processEvents()


def press(
    dialog: ImportDialog, key: Any = KEY.Key_Return, keys: Any = Qt.KeyboardModifier.ControlModifier
) -> None:
    QTest.keyClick(dialog, key, keys)
    settle(dialog.session)


def click(widget: Any) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def counts(dialog: ImportDialog) -> dict[str, int]:
    assert dialog.preview is not None
    return {k: n for k, n in dialog.preview.counts.items() if n}


def names() -> list[str]:
    return sorted(e.name for e in Enterprise.live())


def told(kind: type) -> list[str]:
    return [
        label.text()
        for w in QApplication.allWidgets()
        if isinstance(w, kind) and w.isVisible()
        for label in w.findChildren(QLabel)
    ]


def gone(dialog: ImportDialog) -> bool:
    return not isValid(dialog) or not dialog.isVisible()


def answered() -> list[str]:
    """The words of the messages shown, which are then closed."""
    found = told(MessageDialog)
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, MessageDialog) and widget.isVisible():
            widget.reject()
    return found


def load(start: Any, path: Path, name: str = "enterprises") -> ImportDialog:
    """Import a file by keys alone: Ctrl+Enter on each page."""
    dialog = start(path, name)
    press(dialog)
    press(dialog)
    return dialog


def copy_of(path: Path, target: Path, change: Callable[[list[list[Any]]], None]) -> Path:
    """An exported workbook as somebody edited it: its first sheet changed, the hidden one kept."""
    book = python_calamine.load_workbook(str(path))
    with xlsxwriter.Workbook(str(target)) as made:
        for at, name in enumerate(book.sheet_names):
            rows = book.get_sheet_by_name(name).to_python()
            if at == 0:
                change(rows)
            page = made.add_worksheet(name)
            for r, values in enumerate(rows):
                for c, value in enumerate(values):
                    page.write_string(r, c, str(value))
    return target
