"""Attachments as files: what was dropped or pasted, copies to open and to save; knows no widget and no row.

What the desktop opens is a read-only copy under its own name in a private folder that goes with the program: a viewer
that saves cannot alter what is stored.
"""

from __future__ import annotations

import atexit
import datetime as dt
import functools
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage

from models.attachment import Piece, Source
from models.core.blobs import CHUNK, Blobs
from models.core.errors import KnownError
from models.core.files import os_error

PREFIX = "shian-open-"


@dataclass(frozen=True)
class Picture:
    """A picture that is no file yet."""

    name: str
    image: QImage


def offered(data: QMimeData) -> bool:
    """Whether something dropped or pasted holds files or a picture."""
    return data.hasImage() or any(url.isLocalFile() for url in data.urls())


def sources_of(data: QMimeData, now: dt.datetime) -> list[Path | Picture]:
    """The files, else the picture, that were dropped or pasted."""
    files: list[Path | Picture] = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if files:
        return files
    image = data.imageData() if data.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return [Picture(f"粘贴的图片 {now:%Y-%m-%d %H%M%S}.png", image)]
    return []


def as_source(given: Path | Picture) -> Source:
    """A picture as PNG; for a worker thread."""
    if isinstance(given, Path):
        return given
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    given.image.save(buffer, "PNG")  # type: ignore[call-overload]
    return Piece(given.name, bytes(content.data()))


def copy_out(blobs: Blobs, digest: str, target: Path) -> None:
    """Write a stored content to a file, whole or not at all. Raises KnownError where it is missing or altered."""
    part = target.with_name(target.name + ".part")
    found = hashlib.sha256()
    try:
        with blobs.path(digest).open("rb") as stream, part.open("wb") as out:
            while chunk := stream.read(CHUNK):
                found.update(chunk)
                out.write(chunk)
        if found.hexdigest() != digest:
            raise KnownError(f"附件“{target.name}”的文件被改动过，没有打开。", "请从备份恢复，或重新添加。")
        part.replace(target)
    except FileNotFoundError as exc:
        if target.parent.is_dir():
            raise KnownError(f"附件“{target.name}”的文件不见了。", "请从备份恢复，或重新添加。") from exc
        raise os_error(f"不能写入 {target}", exc) from exc
    except OSError as exc:
        raise os_error(f"不能写入 {target}", exc) from exc
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def copies_to_open(blobs: Blobs, files: Sequence[tuple[str, str]]) -> list[Path]:
    """Read-only copies of ``(digest, name)``, made where there is none yet; for a worker thread."""
    return [_copy_to_open(blobs, digest, name) for digest, name in files]


def _copy_to_open(blobs: Blobs, digest: str, name: str) -> Path:
    path = _opened() / digest[:16] / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        copy_out(blobs, digest, path)
        path.chmod(stat.S_IRUSR)
    return path


@functools.cache
def _opened() -> Path:
    """This run's private folder of opened copies."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    atexit.register(_clear, folder)
    return folder


def _clear(folder: Path) -> None:
    """Take the copies away at the end; one that a viewer still holds on Windows stays."""
    if os.name == "nt":
        for path in folder.rglob("*"):
            with suppress(OSError):
                path.chmod(stat.S_IWRITE)
    shutil.rmtree(folder, ignore_errors=True)
