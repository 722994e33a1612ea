"""Lets a widget take one dropped file of some endings, or whatever is dropped; knows nothing of what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrop(QObject):
    """Calls ``taken(path)`` when a file with one of the endings (lower case, with the dot) is dropped."""

    def __init__(self, widget: QWidget, endings: tuple[str, ...], taken: Callable[[Path], object]) -> None:
        super().__init__(widget)
        self._endings, self._taken = endings, taken
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent):  # entering and moving events are such, too
            path = self._path(event)
            if path is None:
                event.ignore()
                return True
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            if event.type() == QEvent.Type.Drop:
                self._taken(path)
            return True
        return super().eventFilter(watched, event)

    def _path(self, event: QDropEvent) -> Path | None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        return files[0] if len(files) == 1 and files[0].suffix.lower() in self._endings else None


class AnyDrop(QObject):
    """Calls ``taken(data)`` when something that ``wanted(data)`` is dropped; ``over(bool)`` while it hovers."""

    def __init__(
        self,
        widget: QWidget,
        wanted: Callable[[QMimeData], bool],
        taken: Callable[[QMimeData], object],
        over: Callable[[bool], object],
    ) -> None:
        super().__init__(widget)
        self._wanted, self._taken, self._over = wanted, taken, over
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave:
            self._over(False)
        if not isinstance(event, QDropEvent):  # entering and moving events are such, too
            return super().eventFilter(watched, event)
        if not self._wanted(event.mimeData()):
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        dropped = event.type() == QEvent.Type.Drop
        self._over(not dropped)
        if dropped:
            self._taken(event.mimeData())
        return True
