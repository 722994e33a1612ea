"""Copies of the ledger: made by SQLite's backup API, checked, rotated, put back. Knows no table."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from models.core.engine import engine_of
from models.core.errors import LedgerCorrupt, LedgerError
from models.core.files import (
    BACKUPS,
    applied_migrations,
    check_database,
    explain,
    os_error,
    plain_connection,
    refuse_newer,
)

AUTOMATIC = "auto-"
STAMP = "%Y%m%d-%H%M%S"


def copy_ledger(path: Path, target: Path) -> None:
    """Copy the ledger that a folder's ledger path stands for, be it that file or a server's database."""
    engine = engine_of(path.parent)
    if path == engine.path:
        engine.copy(target)
    else:
        copy_database(path, target)


def copy_database(source: Path, target: Path) -> None:
    """Copy a live database by the backup API into ``target``, checked before it takes the place of an old one.

    Raises LedgerError with what to do; an existing target stays untouched then.
    """
    if target.exists() and source.exists() and target.samefile(source):
        raise LedgerError(f"{target} 就是正在使用的台账。", "请换一个文件名。")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(21, "", str(target))
        part.unlink(missing_ok=True)
        part.touch()
        _copy(source, part)
        part.replace(target)
    except sqlite3.Error as exc:
        raise explain(exc, source) from exc
    except OSError as exc:
        raise os_error(f"不能写入 {target}", exc) from exc
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _copy(source: Path, part: Path) -> None:
    with plain_connection(source) as origin, closing(sqlite3.connect(part)) as copy:
        # In one step: in steps, a busy writer in another process would make the copy begin again and again.
        origin.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise LedgerCorrupt("备份没有通过完整性检查。", "请运行 check 查看台账，旧备份仍然保留。")


def replace_database(source: Path, path: Path) -> None:
    """Put a copy of ``source`` in the place of the ledger file ``path``; the writer lock is held by the caller."""
    part = path.with_name("ledger.restored")
    copy_database(source, part)
    try:
        if path.exists():
            # The journal belongs to the old file: settle it first, so that nothing is lost if we are cut off here.
            with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as old:
                old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for suffix in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        part.replace(path)
    except OSError as exc:
        raise os_error(f"不能写入 {path}", exc) from exc
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def restore_database(
    source: Path, folder: Path, now: dt.datetime, bring: Callable[[], object] = lambda: None
) -> Path:
    """Put a backup in the place of a folder's ledger, after backing up what it replaces; returns that backup.

    The returned file does not exist where there was nothing to replace. ``bring`` is called under the writer lock just
    before the file is replaced, to put beside it what belongs to it. Raises LedgerCorrupt or LedgerNewer where
    ``source`` is no sound ledger, LedgerLocked while a window is open.
    """
    if not source.is_file():
        raise LedgerError(f"找不到备份文件 {source}。", "请核对文件名。")
    engine = engine_of(folder)
    path = engine.path
    if path.exists() and path.samefile(source):
        raise LedgerError(f"{source} 就是正在使用的台账。", "请选择一个备份文件。")
    names = applied_migrations(source)
    if not names:
        raise LedgerCorrupt(f"{source} 不是本程序的台账文件。", "请核对文件名。")
    refuse_newer(names, source)
    problems = check_database(source)
    if problems:
        raise LedgerCorrupt(f"{source} 已损坏：{problems[0]}。", "请换一个备份。")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise os_error(f"不能建立台账文件夹 {folder}", exc) from exc
    lock = engine.take_lock()
    try:
        kept = _free(folder / BACKUPS / f"before-restore-{now.strftime(STAMP)}.db")
        if path.exists():
            _keep(path, kept)
        elif engine.exists():
            engine.copy(kept)
        bring()
        engine.put_back(source)
        return kept
    finally:
        lock.release()


def _free(path: Path) -> Path:
    """The path, or one beside it with the next number where it is taken: a backup never takes another's place."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return found


def _keep(path: Path, kept: Path) -> None:
    """Keep what a restore replaces: a sound ledger by the backup API, a damaged file (with its journal) as it is."""
    try:
        copy_database(path, kept)
    except LedgerCorrupt:
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            for suffix in ("", "-wal"):
                old = path.with_name(path.name + suffix)
                if old.exists():
                    kept.with_name(kept.name + suffix).write_bytes(old.read_bytes())
        except OSError as exc:
            raise os_error(f"不能保留原有的台账 {kept}", exc) from exc


def automatic_backups(folder: Path) -> list[tuple[dt.datetime, Path]]:
    """The automatic backups of a folder with their times, the newest first."""
    found = []
    for path in (folder / BACKUPS).glob(f"{AUTOMATIC}*.db"):
        with suppress(ValueError):
            found.append((dt.datetime.strptime(path.stem.removeprefix(AUTOMATIC), STAMP), path))
    return sorted(found, reverse=True)


def rotate(
    path: Path,
    now: dt.datetime,
    keep: int = 10,
    after: dt.timedelta = dt.timedelta(days=1),
    copy: Callable[[Path, Path], object] = copy_database,
) -> Path | None:
    """Make an automatic backup by ``copy`` where the newest is older than ``after``; keep the newest ``keep``.

    Returns the new backup, None where none was due. A time in the future (a clock set back) counts as old. Raises
    LedgerError; older backups stay then.
    """
    folder = path.parent
    there = automatic_backups(folder)
    if there and dt.timedelta(0) <= now - there[0][0] < after:
        return None
    made = folder / BACKUPS / f"{AUTOMATIC}{now.strftime(STAMP)}.db"
    copy(path, made)
    others = [old for _, old in automatic_backups(folder) if old != made]
    for old in others[max(0, keep - 1) :]:
        with suppress(OSError):
            old.unlink()
    return made
