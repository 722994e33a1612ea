"""What a clerk's hands do with files: drag, drop, paste and open, by the events that Qt gets from the desktop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QWidget

NONE, LEFT, COPY = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction


def files_data(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def picture(path: Path, colour: str = "green", size: tuple[int, int] = (640, 480)) -> Path:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(colour)
    assert image.save(str(path))
    return path


def taker(widget: QWidget) -> QWidget | None:
    """Who gets what is dropped on a widget: itself or the first around it that takes drops, as Qt's window finds it."""
    found: QWidget | None = widget
    while found is not None and not found.acceptDrops():
        found = found.parentWidget()
    return found


def drop(widget: QWidget, data: QMimeData) -> bool:
    """Drag something over a widget and let it go; whether it was taken."""
    target = taker(widget)
    assert target is not None
    at = target.mapFromGlobal(widget.mapToGlobal(widget.rect().center()))
    enter = QDragEnterEvent(at, COPY, data, LEFT, NONE)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(target, QDragMoveEvent(at, COPY, data, LEFT, NONE))
    event = QDropEvent(QPointF(at), COPY, data, LEFT, NONE)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


class Desktop(QObject):
    """Stands for the desktop that opens files: Qt hands it every file address."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []
        QDesktopServices.setUrlHandler("file", self, "take")

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))

    def leave(self) -> None:
        QDesktopServices.unsetUrlHandler("file")


def shown(section: Any) -> list[str]:
    """The captions in the grid."""
    return [one.caption or one.name for one in section.grid.rows.files]


def cell(section: Any, row: int) -> QPoint:
    return section.grid.visualRect(section.grid.rows.index(row)).center()
