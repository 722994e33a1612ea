"""Opens the demo in a window of its own: a separate ledger beside the clerk's, made by a second process."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

APP = Path(__file__).resolve().parent.parent / "app.py"


def demo_folder(folder: Path) -> Path:
    """Where the demo that belongs to a data folder lies: beside it, never in it."""
    return folder.with_name(f"{folder.name}-demo")


class DemoOpener(QObject):
    """Makes the demo where it is not there yet and opens it. `opened()`, or `failed(text)` with what to do."""

    opened = Signal()
    failed = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = demo_folder(folder)
        self._making = self.folder.with_name(self.folder.name + ".new")
        self._process: QProcess | None = None
        self.pid = 0
        """The process of the demo's window, 0 before it was started."""

    @property
    def busy(self) -> bool:
        """Whether the demo is being made."""
        return self._process is not None

    def start(self) -> None:
        """Open the demo, made first under another name so that an interrupted one is never taken for whole."""
        if self.busy:
            return
        if (self.folder / "ledger.db").exists():
            self._open()
            return
        shutil.rmtree(self._making, ignore_errors=True)
        process = self._process = QProcess(self)
        process.finished.connect(self._made)
        process.errorOccurred.connect(self._broken)
        process.start(sys.executable, [str(APP), "--data-dir", str(self._making), "demo"])

    def _made(self, code: int, _status: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        words = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        process.deleteLater()
        if code != 0:
            self.failed.emit(words or "演示台账没有建立，请查看日志。")
            return
        try:
            self._making.rename(self.folder)
        except OSError as error:
            self.failed.emit(f"演示台账不能放到 {self.folder}：{error.strerror}。请检查文件夹权限。")
            return
        self._open()

    def _broken(self, _error: object) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
            self.failed.emit("不能启动程序来建立演示台账，请在命令行运行 make run。")

    def _open(self) -> None:
        started, self.pid = QProcess.startDetached(sys.executable, [str(APP), "--data-dir", str(self.folder)])
        if started:
            self.opened.emit()
        else:
            self.failed.emit("不能打开第二个窗口，请在命令行运行 make run。")
