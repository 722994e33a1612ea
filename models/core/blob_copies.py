"""Backups of a ledger with the contents of its attachments, and putting both back. Knows no topic table.

Three forms. ``X.zip`` holds ledger.db and attachments/. ``X.db`` has the contents beside it in ``X.attachments/``, or
stands alone where there are none. Backups in the ledger's own folder share one ``backups/attachments/``, whose files
are links to the store's where the disk can.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from models.core.backups import copy_ledger, restore_database, rotate
from models.core.blobs import BLOBS, CHUNK, Blobs
from models.core.errors import LedgerCorrupt, LedgerError, LedgerFull
from models.core.files import BACKUPS, FILE_NAME, explain, os_error, plain_connection

ZIP = ".zip"
Lacking = list[str]
"""The names of attachments whose content is missing or not what it was."""


def contents(path: Path) -> dict[str, tuple[int, str]]:
    """What the rows of a ledger file name, removed rows too: digest to size in bytes and a file name.

    Empty for a ledger from before there were attachments. Raises LedgerCorrupt.
    """
    try:
        with plain_connection(path) as conn:
            there = conn.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'attachment'").fetchone()
            if there is None:
                return {}
            rows = conn.execute('SELECT "digest", "size", "name" FROM "attachment" ORDER BY "id"')
            return {digest: (int(size), str(name)) for digest, size, name in rows}
    except sqlite3.Error as exc:
        raise explain(exc, path) from exc


def folder_beside(path: Path) -> Path:
    """Where the contents of a single backup file lie."""
    return path.with_name(f"{path.stem}.attachments")


def back_up(source: Path, target: Path) -> Lacking:
    """Back a ledger file and its contents up to ``target`` (.zip, or a database file); a whole one takes its place
    only when all is written. Returns the names of attachments that could not be included. Raises LedgerError."""
    if target.exists() and source.exists() and target.samefile(source):
        raise LedgerError(f"{target} 就是正在使用的台账。", "请换一个文件名。")
    if target.is_dir():
        raise os_error(f"不能写入 {target}", IsADirectoryError(21, "", str(target)))
    if target.suffix.lower() == ZIP:
        return _pack(source, target)
    shared = target.parent == source.parent / BACKUPS
    pool = target.parent / BLOBS if shared else folder_beside(target)
    return _with_copy(source, target, lambda copy: _save(copy, source, Blobs(pool), link=shared))


def rotate_all(path: Path, now: dt.datetime, keep: int = 10) -> Path | None:
    """An automatic backup where one is due (see ``backups.rotate``), with its contents."""
    return rotate(path, now, keep, copy=back_up)


def _with_copy(source: Path, target: Path, then: Callable[[Path], Lacking]) -> Lacking:
    """Copy the database beside ``target``, do something with the copy, and put it in its place."""
    new = target.with_name(target.name + ".new")
    copy_ledger(source, new)
    try:
        lacking = then(new)
        if target.suffix.lower() != ZIP:
            new.replace(target)
        return lacking
    except OSError as exc:
        raise os_error(f"不能写入 {target}", exc) from exc
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _save(copy: Path, source: Path, pool: Blobs, *, link: bool) -> Lacking:
    store, lacking = Blobs(source.parent / BLOBS), []
    for digest, (size, name) in contents(copy).items():
        origin = store.path(digest)
        whole = origin.is_file() and origin.stat().st_size == size
        if not (whole and pool.adopt(origin, digest, link=link)):
            lacking.append(name)
    return lacking


def _pack(source: Path, target: Path) -> Lacking:
    part = target.with_name(target.name + ".part")

    def write(copy: Path) -> Lacking:
        store, lacking = Blobs(source.parent / BLOBS), []
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(copy, FILE_NAME)
            for digest, (size, name) in contents(copy).items():
                if store.fault(digest, size):
                    lacking.append(name)
                else:  # photos and papers do not shrink any more
                    packed.write(store.path(digest), _inside(digest), zipfile.ZIP_STORED)
        with zipfile.ZipFile(part) as packed:
            if packed.testzip() is not None:
                raise LedgerCorrupt("备份没有通过完整性检查。", "请换一个位置再备份，旧备份仍然保留。")
        part.replace(target)
        return lacking

    try:
        return _with_copy(source, target, write)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _inside(digest: str) -> str:
    return f"{BLOBS}/{digest[:2]}/{digest}"


def restore_office(source: Path, folder: Path, now: dt.datetime) -> tuple[Path, Lacking]:
    """Put a backup and its contents in the place of a folder's ledger; see ``restore_database``.

    Returns the backup of what was replaced (which need not exist), and the names of attachments whose content was
    neither in the backup nor here. Contents are only added, never taken away.
    """
    if not source.is_file():
        raise LedgerError(f"找不到备份文件 {source}。", "请核对文件名。")
    if zipfile.is_zipfile(source):
        return _restore_packed(source, folder, now)
    places = [Blobs(place) for place in (folder_beside(source), source.parent / BLOBS) if place.is_dir()]

    def chunks(digest: str) -> Iterator[bytes] | None:
        for place in places:
            if place.path(digest).is_file():
                return _read(place.path(digest))
        return None

    return _restore(source, folder, now, chunks)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _restore(
    source: Path, folder: Path, now: dt.datetime, chunks: Callable[[str], Iterator[bytes] | None]
) -> tuple[Path, Lacking]:
    lacking: Lacking = []

    def bring() -> None:
        store = Blobs(folder / BLOBS)
        for digest, (size, name) in contents(source).items():
            if store.fault(digest, size):
                found = chunks(digest)
                if found is None or not store.adopt_stream(found, digest):
                    lacking.append(name)

    return restore_database(source, folder, now, bring), lacking


def _restore_packed(source: Path, folder: Path, now: dt.datetime) -> tuple[Path, Lacking]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(source) as packed, TemporaryDirectory(dir=folder, prefix="restore-") as place:
            names = set(packed.namelist())
            if FILE_NAME not in names:
                raise LedgerCorrupt(f"{source} 里没有台账。", "请核对文件名。")
            wanted = packed.getinfo(FILE_NAME).file_size
            if wanted > shutil.disk_usage(folder).free:
                raise LedgerFull("磁盘放不下这个备份，没有恢复。", "请清理磁盘后再试，原有的文件没有改动。")
            database = Path(place) / source.name  # messages name the backup
            with packed.open(FILE_NAME) as stream, database.open("wb") as out:
                shutil.copyfileobj(stream, out, CHUNK)

            def chunks(digest: str) -> Iterator[bytes] | None:
                return _unpacked(packed, _inside(digest)) if _inside(digest) in names else None

            return _restore(database, folder, now, chunks)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as exc:
        raise LedgerCorrupt(f"{source} 已损坏（{exc}）。", "请换一个备份。") from exc
    except OSError as exc:
        raise os_error(f"不能从 {source} 恢复", exc) from exc


def _unpacked(packed: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with packed.open(name) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
