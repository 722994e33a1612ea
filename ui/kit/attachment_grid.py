"""The grid of attachments: a small picture or an icon with a caption each; knows no table and changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from models.core.blobs import in_words
from ui.kit.icons import pixmap
from ui.kit.palette import SMALL_PX, UNIT
from ui.kit.theme import colours
from ui.kit.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
CELL, PICTURE, LINE = QSize(116, 116), QSize(104, 78), 20
MOST_ROWS = 3
FILE = Qt.ItemDataRole.UserRole
_ICONS = (
    ("image/", "eye"), ("application/pdf", "document"), ("text/csv", "sheet"), ("application/vnd.ms-excel", "sheet"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml", "sheet"), ("application/zip", "archive"),
    ("application/x-7z", "archive"), ("application/vnd.rar", "archive"), ("text/", "note"),
    ("application/", "document"),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One attachment as plain data; ``id`` is 0 for one that waits for its record."""

    id: int
    name: str
    digest: str
    size: int
    media_type: str
    caption: str = ""
    taken_on: dt.date | None = None
    added_at: dt.datetime | None = None
    who: str = ""
    part: str = ""

    def words(self) -> str:
        """Everything known of it, line by line."""
        lines = [self.caption, self.name, in_words(self.size)]
        if self.taken_on is not None:
            lines.append(f"拍摄于 {self.taken_on}")
        lines.append(f"{self.added_at:%Y-%m-%d %H:%M} {self.who} 添加" if self.added_at else "保存后添加")
        return "\n".join(filter(None, lines))


def icon_of(kind: str) -> str:
    """The icon of what has no picture."""
    return next((name for start, name in _ICONS if kind.startswith(start)), "attach")


class FilesModel(QAbstractListModel):
    """The attachments of one record."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.files: list[Shown] = []

    def show(self, files: Sequence[Shown]) -> None:
        """Show other attachments."""
        self.beginResetModel()
        self.files = list(files)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.files)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = self.files[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown.caption or shown.name
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return shown.words()
            case Qt.ItemDataRole.UserRole:
                return shown
        return None


class FileDelegate(QStyledItemDelegate):
    """Paints a cell: the picture fitted into a rounded frame, the caption below."""

    def __init__(self, view: QListView, thumbnails: Thumbnails) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails
        self._font = QFont(view.font())
        self._font.setPixelSize(SMALL_PX - 1)
        self._metrics = QFontMetrics(self._font)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown: Shown = index.data(FILE)
        look, rect = colours(), QRect(option.rect)
        frame = QRect(QPoint(rect.x() + (rect.width() - PICTURE.width()) // 2, rect.y() + 6), PICTURE)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hover = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if selected or hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.selection if selected else look.hover))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        painter.setPen(QPen(QColor(look.accent if selected else look.border), 1))
        painter.setBrush(QColor(look.sunken))
        painter.drawRoundedRect(frame, 4, 4)
        image = self._thumbnails.get(shown.digest, shown.media_type)
        if image is not None:
            room = frame.adjusted(2, 2, -2, -2)
            fitted = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(0, 0), fitted)
            place.moveCenter(room.center())
            painter.drawImage(place, image)
        else:
            ratio = painter.device().devicePixelRatioF()
            drawn = pixmap(icon_of(shown.media_type), "muted", 32, ratio)
            painter.drawPixmap(frame.center() - QPoint(15, 15), drawn)
        painter.setFont(self._font)
        painter.setPen(QColor(look.text))
        line = QRect(rect.x() + 4, frame.bottom() + 4, rect.width() - 8, LINE)
        text = self._metrics.elidedText(index.data(), Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


class AttachmentGrid(QListView):
    """Enter opens, Delete removes, F2 renames, Ctrl+C copies, Ctrl+V pastes: as signals, for the section around it."""

    opened = Signal()
    remove_asked = Signal()
    rename_asked = Signal()
    copied = Signal()
    pasted = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = FilesModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(FileDelegate(self, thumbnails))
        self.setAccessibleName("附件")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(CELL)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(False)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setStyleSheet("QListView { background: transparent; }")
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        thumbnails.ready.connect(self._came)

    def show_files(self, files: Sequence[Shown]) -> None:
        """Show other attachments; what is selected and still there stays selected."""
        if list(files) == self.rows.files:
            return
        kept = {(s.id, s.digest) for s in self.selected()}
        current = self.currentIndex().row()
        self.rows.show(files)
        self._fit()
        model = self.selectionModel()
        for row, shown in enumerate(files):
            if (shown.id, shown.digest) in kept:
                model.select(self.rows.index(row), model.SelectionFlag.Select)
        if current >= 0 and files:
            place = self.rows.index(min(current, len(files) - 1))
            model.setCurrentIndex(place, model.SelectionFlag.NoUpdate)

    def selected(self) -> list[Shown]:
        """The selected attachments in their order."""
        return [self.rows.files[i.row()] for i in sorted(self.selectedIndexes(), key=lambda i: i.row())]

    def _came(self, digest: str) -> None:
        for row, shown in enumerate(self.rows.files):
            if shown.digest == digest:
                self.update(self.rows.index(row))

    def _fit(self) -> None:
        """As high as its rows, up to three; more are scrolled to."""
        across = max(1, (self.width() - 2) // CELL.width())
        lines = -(-len(self.rows.files) // across)
        self.setFixedHeight(min(lines, MOST_ROWS) * CELL.height() + (UNIT if lines > MOST_ROWS else 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._meaning(event):
            event.accept()  # else the list beside it would take its own keys
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        meaning = self._meaning(event)
        if meaning is not None:
            meaning.emit()
        else:
            super().keyPressEvent(event)

    def _meaning(self, event: QKeyEvent) -> Any:
        """The signal of a key; None where it is not one of ours."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.opened
        if plain and event.key() == Qt.Key.Key_Delete:
            return self.remove_asked
        if plain and event.key() == Qt.Key.Key_F2:
            return self.rename_asked
        if event.matches(QKeySequence.StandardKey.Copy):
            return self.copied
        return self.pasted if event.matches(QKeySequence.StandardKey.Paste) else None
