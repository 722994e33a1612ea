"""Small pictures of stored contents: made on reader threads, kept on the disk and in memory; knows no row."""

from __future__ import annotations

import logging
import uuid
from collections import OrderedDict
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from models.core.blobs import Blobs
from models.core.errors import KnownError
from ui.kit.session import Session

FOLDER = "thumbnails"
"""Beside the ledger; it can be deleted any time and is in no backup."""
SIZE = 256
"""The longer side, in pixels."""
MOST_KEPT, MOST_WAITING, AT_ONCE = 600, 80, 2
_kept: OrderedDict[str, QImage | None] = OrderedDict()
"""By digest, the latest used last; None for what gives no picture."""


def pictured(kind: str) -> bool:
    """Whether a media type may have a picture."""
    return kind.startswith("image/") or kind == "application/pdf"


def make(blob: Path, cached: Path, kind: str) -> QImage | None:
    """The picture of a content, from the disk where it was made before; None where it cannot be read."""
    if cached.exists():
        found = QImage(str(cached))
        if not found.isNull():
            return found
    image = _pdf(blob) if kind == "application/pdf" else _picture(blob)
    if image is None or image.isNull():
        return None
    with suppress(OSError):  # a picture that cannot be kept is made again next time
        cached.parent.mkdir(parents=True, exist_ok=True)
        part = cached.with_name(uuid.uuid4().hex)
        image.save(str(part), "PNG" if image.hasAlphaChannel() else "JPEG", 85)  # type: ignore[call-overload]
        if part.exists():
            part.replace(cached)
    return image


def _picture(blob: Path) -> QImage | None:
    """Turned as the camera was held, and decoded no larger than needed."""
    reader = QImageReader(str(blob))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > SIZE:
        reader.setScaledSize(size.scaled(QSize(SIZE, SIZE), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    return None if image.isNull() else image


def _pdf(blob: Path) -> QImage | None:
    from ui.kit.pdf_source import PdfSource

    try:
        source = PdfSource(blob)
    except KnownError:
        return None
    try:
        width, height = source.sizes[0]
        raster = source.render(0, SIZE / max(width, height, 1))
        whole = QImage(raster.data, raster.width, raster.height, raster.stride, QImage.Format.Format_RGB32)
        return whole.copy()
    except (IndexError, RuntimeError):  # no page, or one that cannot be drawn
        return None
    finally:
        source.close()


class Thumbnails(QObject):
    """Asked while painting: ``get`` gives what is there and has the rest made, the last asked first; ``ready(digest)``
    when one has come."""

    ready = Signal(str)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._blobs: Blobs = session.ledger.blobs
        self._folder = session.ledger.folder / FOLDER
        self._waiting: OrderedDict[str, str] = OrderedDict()
        self._running: set[str] = set()

    def get(self, digest: str, kind: str) -> QImage | None:
        """The picture, None where there is none or not yet."""
        if digest in _kept:
            _kept.move_to_end(digest)
            return _kept[digest]
        if pictured(kind) and digest not in self._running:
            self._waiting[digest] = kind
            self._waiting.move_to_end(digest)
            if len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)  # asked again when it is painted again
            self._go_on()
        return None

    def _go_on(self) -> None:
        while self._waiting and len(self._running) < AT_ONCE:
            digest, kind = self._waiting.popitem()
            self._running.add(digest)
            self._session.jobs.read(
                make,
                self._blobs.path(digest),
                self._folder / digest[:2] / digest,
                kind,
                done=partial(self._take, digest),
                failed=partial(self._failed, digest),
                owner=self,
            )

    def _failed(self, digest: str, error: Exception) -> None:
        logging.getLogger(__name__).warning("no picture of %s", digest, exc_info=error)
        self._take(digest, None)

    def _take(self, digest: str, image: QImage | None) -> None:
        self._running.discard(digest)
        _kept[digest] = image
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        self.ready.emit(digest)
        self._go_on()
