"""Shows failures in Chinese and catches what nobody caught; knows KnownError, not what went wrong where."""

from __future__ import annotations

import faulthandler
import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QWidget
from shiboken6 import isValid

from ui.kit.buttons import button
from ui.kit.dialogs import MessageDialog
from ui.kit.palette import UNIT

log = logging.getLogger("shian")
SAFE = "已保存的内容没有丢失；正在填写的内容仍留在窗口里。"


_shown: list[MessageDialog] = []
"""The open ones: a dialog without a parent lives only as long as somebody holds it."""


def show_error(parent: QWidget | None, error: BaseException) -> MessageDialog:
    """Tell the user about an exception and return at once; unknown ones are logged with their trace.

    It does not wait: background work ends in here, and what else has ended must still be delivered. What is told
    already is not told twice.
    """
    dialog = error_dialog(parent, error)
    _shown[:] = [other for other in _shown if isValid(other)]  # its window may have gone, and it with it
    for other in _shown:
        if (other.headline.text(), other.text.text()) == (dialog.headline.text(), dialog.text.text()):
            dialog.deleteLater()
            other.activateWindow()
            return other
    _shown.append(dialog)

    def gone(_result: int) -> None:
        _shown.remove(dialog)
        dialog.deleteLater()

    dialog.finished.connect(gone)
    dialog.open()
    return dialog


def show_error_and_wait(parent: QWidget | None, error: BaseException) -> None:
    """As show_error, until it is answered: for the start and the end of the program."""
    dialog = error_dialog(parent, error)
    dialog.exec()
    dialog.deleteLater()


def error_dialog(parent: QWidget | None, error: BaseException) -> MessageDialog:
    """The dialog for an exception: what happened and what to do, or a bug report that can be copied."""
    from models.core.errors import KnownError

    parent = parent.window() if parent is not None else QApplication.activeWindow()
    if isinstance(error, KnownError):
        return _known(parent, error.message, error.advice)
    log.error("unexpected", exc_info=error)
    return BugDialog(parent, error)


def _known(parent: QWidget | None, message: str, advice: str) -> MessageDialog:
    dialog = MessageDialog(parent, "没有办成", message, advice, "warning")
    safe = QLabel(SAFE, wordWrap=True)
    safe.setProperty("role", "muted")
    dialog.body.addWidget(safe)
    dialog.add_button("知道了", dialog.accept, "primary", default=True)
    return dialog


class BugDialog(MessageDialog):
    """A fault of the program itself: says so, that nothing was lost, and offers the details to copy."""

    def __init__(self, parent: QWidget | None, error: BaseException) -> None:
        super().__init__(
            parent,
            "程序出错",
            "程序遇到一个意外错误",
            "刚才的操作没有完成，也没有只存一半。可以再试一次；如果还是这样，请点“复制详情”发给维护人员。",
            "danger",
        )
        safe = QLabel(SAFE, wordWrap=True)
        safe.setProperty("role", "muted")
        self.body.addWidget(safe)
        self.details = QPlainTextEdit(details_of(error))
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setFixedHeight(24 * UNIT)
        self.details.setTabChangesFocus(True)
        self.details.hide()
        self.body.addWidget(self.details)
        self.more = button("查看详情", self._toggle, kind="quiet", parent=self)
        self.foot.insertWidget(0, self.more)
        self.copy = self.add_button("复制详情", self._copy)
        self.add_button("关闭", self.reject, "primary", default=True)

    def _toggle(self) -> None:
        shown = self.details.isHidden()
        self.details.setVisible(shown)
        self.more.setText("收起详情" if shown else "查看详情")
        self.adjustSize()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
        self.copy.setText("已复制")  # type: ignore[attr-defined]


def details_of(error: BaseException) -> str:
    """Versions and trace, for the maintainers."""
    from PySide6 import __version__ as pyside

    head = f"食安台账 · Python {platform.python_version()} · PySide6 {pyside} · {platform.platform()}\n\n"
    return head + "".join(traceback.format_exception(error))


class _Relay(QObject):
    """Carries an exception from any thread to the GUI thread, one dialog at a time."""

    caught = Signal(object)

    def __init__(self, show: Callable[[QWidget | None, BaseException], None]) -> None:
        super().__init__()
        self._show = show
        self._open = False
        self.caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def _tell(self, error: BaseException) -> None:
        if self._open:  # already logged; a storm of dialogs helps nobody
            return
        self._open = True
        try:
            self._show(None, error)
        finally:
            self._open = False


class Hooks:
    """The installed hooks; `remove()` puts the earlier ones back."""

    def __init__(self, log_file: Path, show: Callable[[QWidget | None, BaseException], None]) -> None:
        log_file.parent.mkdir(parents=True, exist_ok=True)
        self._relay = _Relay(show)
        self._handler = logging.FileHandler(log_file, encoding="utf-8")
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logging.getLogger().addHandler(self._handler)
        self._faults: TextIO = log_file.with_suffix(".faults").open("a", encoding="utf-8")
        self._was_faulting = faulthandler.is_enabled()
        faulthandler.enable(self._faults)
        self._earlier = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._uncaught
        threading.excepthook = self._in_thread
        sys.unraisablehook = self._unraisable

    def remove(self) -> None:
        """Restore the hooks found at the start and close the log."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._earlier
        faulthandler.disable()
        if self._was_faulting:
            faulthandler.enable()
        self._faults.close()
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        self._relay.deleteLater()

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        log.error("uncaught", exc_info=(kind, error, trace))
        self._relay.caught.emit(error)

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        error = args.exc_value or args.exc_type()
        name = args.thread.name if args.thread else "?"
        log.error("uncaught in thread %s", name, exc_info=error)
        self._relay.caught.emit(error)

    def _unraisable(self, args: sys.UnraisableHookArgs) -> None:
        # Comes from destructors and callbacks: the user cannot act on it, the maintainers can.
        log.error("unraisable in %r: %s", args.object, args.err_msg, exc_info=args.exc_value)


def install_hooks(
    log_file: Path, show: Callable[[QWidget | None, BaseException], None] = show_error_and_wait
) -> Hooks:
    """Log every uncaught exception to `log_file` (and hard faults beside it, `.faults`) and show a dialog.

    Call before the first window; the QApplication must exist. OSError when the file cannot be written.
    """
    return Hooks(log_file, show)
