"""The waiting page and the last page of an import, and how a worker tells how far it is; knows no rows."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from ui.kit.buttons import IconLabel, button
from ui.kit.job_progress import remaining
from ui.kit.palette import UNIT

_EVERY = 0.05


class Teller(QObject):
    """Called from a worker with (done, total); ``told`` reaches the GUI thread. False once ``cancel`` was called."""

    told = Signal(int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._last = 0.0

    def __call__(self, done: int, total: int) -> bool:
        now = time.monotonic()
        if done >= total or now - self._last >= _EVERY:
            self._last = now
            self.told.emit(done, total)
        return not self._stop.is_set()

    @property
    def cancelled(self) -> bool:
        """Whether the work is to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the worker to stop when it next tells."""
        self._stop.set()


class WaitingPage(QWidget):
    """What is being done, how far, how long still, 取消."""

    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._started = 0.0
        self.words = QLabel("")
        self.words.setProperty("role", "heading")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedWidth(420)
        self.rest = QLabel("")
        self.rest.setProperty("role", "muted")
        self.stop = button("取消", self._cancel, parent=self)
        box = QVBoxLayout(self)
        box.setSpacing(2 * UNIT)
        box.addStretch(1)
        for each in (self.words, self.bar, self.rest, self.stop):
            box.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)

    def begin(self, words: str) -> None:
        """Show new work."""
        self._started = time.monotonic()
        self.words.setText(words)
        self.rest.setText("正在进行…")
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self.stop.setFocus()

    def tell(self, done: int, total: int) -> None:
        """Show how far it is."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if self.stop.isEnabled():
            self.rest.setText(remaining(done, total, time.monotonic() - self._started))

    def _cancel(self) -> None:
        self.stop.setEnabled(False)
        self.rest.setText("正在取消…")
        self.cancelled.emit()


class ResultPage(QWidget):
    """What was written, with 撤销 and the way to the rows left."""

    undo_asked = Signal()
    save_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.icon = IconLabel("check-circle", "success", 56)
        self.head = QLabel("")
        self.head.setProperty("role", "title")
        self.words = QLabel("", wordWrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.words.setMinimumWidth(520)
        self.undo = button("撤销", self.undo_asked.emit, "undo", parent=self)
        self.save = button("有错的行另存…", self.save_asked.emit, "download", parent=self)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addStretch(1)
        row.addWidget(self.undo)
        row.addWidget(self.save)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setSpacing(2 * UNIT)
        box.addStretch(1)
        for each in (self.icon, self.head, self.words):
            box.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addLayout(row)
        box.addStretch(1)

    def show_result(self, found: dict[str, int], wrong: int, unit: str) -> None:
        """``found`` is what the commit returned, ``wrong`` how many rows cannot be imported as they are."""
        self.icon.set_icon("check-circle", "success")
        self.head.setText("导入完成")
        parts = [f"新增{found['new']}{unit}", f"修改{found['changed']}{unit}"]
        if found["removed"]:
            parts.append(f"移除{found['removed']}{unit}")
        text = "，".join(parts) + "。"
        if found["skipped"]:
            text += f"另有{found['skipped']}行没有变化或没有选中，没有写入。"
        if wrong:
            text += f"\n其中{wrong}行有错：另存后按最后一列的说明改正，可以再次导入。"
        self.words.setText(text)
        self.save.setVisible(wrong > 0)
        self.undo.setVisible(True)

    def show_undone(self) -> None:
        """Tell that the import was taken back."""
        self.icon.set_icon("undo", "accent")
        self.head.setText("已撤销")
        self.words.setText("台账已恢复到导入之前。")
        self.undo.setVisible(False)
