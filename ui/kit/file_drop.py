"""Lets a widget take one dropped file of some endings; knows nothing of what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
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
