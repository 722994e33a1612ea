"""The store of file contents beside the ledger, each named by its SHA-256 and kept once. Knows no table.

``attachments/3f/3f08…`` (no ending, read-only). A content is written beside its place, synced and then renamed, so
that a file of that name is whole whatever happens; taking an attachment off its record deletes nothing here, since
undo and backups go on needing it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from models.core.errors import KnownError
from models.core.files import os_error, reason

BLOBS = "attachments"
"""The folder's name beside the ledger."""
INCOMING = "incoming"
"""Inside it: contents that are not whole yet."""
CHUNK = 1 << 20
STALE_S = 86_400.0
"""A part that old was left by a power cut."""

Told = Callable[[int], object]


class Unreadable(KnownError):
    """A file that cannot be taken in: it cannot be read, is empty or too large. The message names it."""


@dataclass(frozen=True)
class Blob:
    """A stored content: its SHA-256 in lower-case hexadecimal digits and its size in bytes."""

    digest: str
    size: int


def is_digest(text: str) -> bool:
    """Whether a file name is one of the store's."""
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def digest_of(path: Path, told: Told = lambda done: None) -> str:
    """The SHA-256 of a file; ``told(bytes)`` after each chunk may raise to stop. Raises OSError."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
            told(len(chunk))
    return found.hexdigest()


class Blobs:
    """One folder of contents. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: Counter[str] = Counter()
        self._guard = threading.Lock()

    def path(self, digest: str) -> Path:
        """Where a content lies, or would lie."""
        return self.folder / digest[:2] / digest

    def digests(self) -> Iterator[str]:
        """Every content that is there."""
        for part in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(part.iterdir()):
                if is_digest(path.name) and path.name[:2] == part.name:
                    yield path.name

    def put(self, source: Path | bytes, name: str = "", limit: int = 0, told: Told = lambda done: None) -> Blob:
        """Store a file or some bytes; the same content a second time costs a comparison.

        ``limit`` in bytes (0: none). ``told(bytes)`` may raise to stop; nothing stays then. The content is held until
        ``release`` or ``discard``. Raises Unreadable naming the file, LedgerFull and LedgerReadOnly.
        """
        shown = name or (source.name if isinstance(source, Path) else "")
        try:
            part = self._part()
            try:
                blob = self._write(part, _chunks(source, shown, limit), told)
                with self._guard:
                    self._settle(part, blob.digest)
                    self._held[blob.digest] += 1
            finally:
                part.unlink(missing_ok=True)
        except OSError as exc:
            raise os_error(f"不能保存附件“{shown}”", exc) from exc
        return blob

    def release(self, digests: Iterable[str]) -> None:
        """Let go of what a row refers to now."""
        with self._guard:
            for digest in digests:
                self._held[digest] -= 1
            self._held = +self._held

    def discard(self, digests: Iterable[str], known: Callable[[list[str]], set[str]]) -> None:
        """Let go of contents that came to nothing; those that no row (``known``) and no taker needs are deleted."""
        digests = list(digests)
        self.release(digests)
        wanted = known(digests)
        with self._guard:
            for digest in set(digests) - wanted - set(self._held):
                with suppress(OSError):
                    _unlock(self.path(digest))
                    self.path(digest).unlink(missing_ok=True)

    def fault(self, digest: str, size: int, told: Told = lambda done: None) -> str:
        """What is wrong with a stored content: missing, altered or unreadable; '' where it is as it was."""
        try:
            path = self.path(digest)
            if path.stat().st_size != size:
                return "altered"
            return "" if digest_of(path, told) == digest else "altered"
        except FileNotFoundError:
            return "missing"
        except OSError:
            return "unreadable"

    def adopt(self, source: Path, digest: str, *, link: bool = False) -> bool:
        """Bring in a content of known name from another store; False where it is missing or not what its name says.

        With ``link`` the two stores share the file where the disk can; else it is copied and compared.
        Raises OSError where this store cannot be written.
        """
        target = self.path(digest)
        if target.exists() and source.exists() and target.stat().st_size == source.stat().st_size:
            return True
        if link and source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):
                os.link(source, target)
                return True
        return self.adopt_stream(_chunks(source, digest, 0), digest)

    def adopt_stream(self, chunks: Iterable[bytes], digest: str) -> bool:
        """As ``adopt``, from chunks of bytes."""
        part = self._part()
        try:
            if self._write(part, chunks, lambda done: None).digest != digest:
                return False
            self._settle(part, digest)
        except Unreadable:
            return False
        finally:
            part.unlink(missing_ok=True)
        return True

    def _part(self) -> Path:
        """A new place for a content that is not whole yet; what an earlier run left half-written is cleared away."""
        folder = self.folder / INCOMING
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            with suppress(OSError):
                if time.time() - old.stat().st_mtime > STALE_S:
                    _unlock(old)
                    old.unlink()
        return folder / uuid.uuid4().hex

    @staticmethod
    def _write(part: Path, chunks: Iterable[bytes], told: Told) -> Blob:
        found, size = hashlib.sha256(), 0
        with part.open("xb") as stream:
            for chunk in chunks:
                stream.write(chunk)
                found.update(chunk)
                size += len(chunk)
                told(len(chunk))
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
        return Blob(found.hexdigest(), size)

    def _settle(self, part: Path, digest: str) -> None:
        """Rename a whole content to its place, also over one that was altered there."""
        target = self.path(digest)
        try:
            if target.stat().st_size == part.stat().st_size and digest_of(target) == digest:
                return
            _unlock(target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
        part.replace(target)
        for folder in (target.parent, self.folder, self.folder.parent):
            _sync(folder)


def _chunks(source: Path | bytes, name: str, limit: int) -> Iterator[bytes]:
    """The content of a source. Raises Unreadable with what to do."""
    if isinstance(source, bytes):
        _refuse_size(name, len(source), limit)
        yield from (source[at : at + CHUNK] for at in range(0, len(source), CHUNK))
        return
    done = 0
    try:
        found = source.stat()
        if stat.S_ISDIR(found.st_mode):
            raise Unreadable(f"“{name}”是文件夹，没有添加。", "请打开它，选择里面的文件。")
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable(f"“{name}”不是普通文件，没有添加。", "请选择照片、扫描件或文档。")
        _refuse_size(name, found.st_size, limit)
        with source.open("rb") as stream:
            while True:
                chunk = stream.read(CHUNK)
                if not chunk:
                    return
                done += len(chunk)
                if limit and done > limit:  # it grows while it is read
                    _refuse_size(name, done, limit)
                yield chunk
    except OSError as exc:
        raise Unreadable(f"“{name}”不能读取：{reason(exc)}，没有添加。", "请确认文件还在、可以打开。") from exc


def _refuse_size(name: str, size: int, limit: int) -> None:
    if size == 0:
        raise Unreadable(f"“{name}”是空的，没有添加。", "请核对这个文件。")
    if limit and size > limit:
        raise Unreadable(
            f"“{name}”有{in_words(size)}，超过单个附件{in_words(limit)}的上限，没有添加。",
            "请压缩后再添加，或在设置里调高上限。",
        )


def in_words(size: int) -> str:
    """A number of bytes as a person reads it: 820 B, 12.5 KB, 3.1 MB."""
    value, units = float(size), ("KB", "MB", "GB", "TB")
    if size < 1024:
        return f"{size} B"
    for unit in units:
        value /= 1024
        if value < 1024 or unit == units[-1]:
            break
    return f"{value:.1f}".removesuffix(".0") + f" {unit}"


def _unlock(path: Path) -> None:
    """Windows replaces and deletes no read-only file."""
    if os.name == "nt":
        path.chmod(stat.S_IWRITE)


def _sync(folder: Path) -> None:
    """Make a rename survive a power cut, where the system syncs folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
