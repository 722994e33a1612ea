"""The ledger as a file: what it is, who holds it, what is wrong with it, and its schema. Knows no table."""

from __future__ import annotations

import datetime as dt
import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee
from filelock import FileLock, Timeout

from models.core.errors import (
    KnownError,
    LedgerCorrupt,
    LedgerError,
    LedgerFull,
    LedgerLocked,
    LedgerNewer,
    LedgerReadOnly,
)

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
#: Marks a SQLite file as a ledger of this program ("SHDK").
APPLICATION_ID = 0x5348444B
FILE_NAME = "ledger.db"
BACKUPS = "backups"
NETWORK_FILESYSTEMS = frozenset({"cifs", "smb3", "smbfs", "nfs", "nfs4", "fuse.sshfs", "9p", "davfs"})
#: What the system's refusals mean to a clerk.
REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "位置是只读的",
    errno.EISDIR: "这里已有同名的文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "这里已有同名的文件",
    errno.ENOENT: "位置不存在",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "超过了允许的文件大小",
    errno.ENAMETOOLONG: "文件名太长",
}


def reason(exc: OSError) -> str:
    """Why the system refused, in Chinese."""
    return REASONS.get(exc.errno or 0, f"系统错误{exc.errno}")


def os_error(what: str, exc: OSError) -> LedgerError:
    """A refusal of the system as an error the user can act on; ``what`` says what was tried."""
    message = f"{what}：{reason(exc)}。"
    if exc.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return LedgerFull(message, "请清理磁盘后再试，原有的文件没有改动。")
    return LedgerReadOnly(message, "请检查权限，或换一个可以写的位置。")


def explain(exc: BaseException, path: Path) -> KnownError:
    """A database's error as what happened and what to do; the error that began a chain counts first."""
    chain: list[BaseException] = []
    step: BaseException | None = exc
    while step is not None and step not in chain:
        chain.append(step)
        step = step.__cause__ or step.__context__
    for one in chain:
        if isinstance(one, KnownError):
            return one
    texts = " | ".join(str(one).lower() for one in chain)
    for signs, kind, message, advice in _MEANINGS:
        if any(sign in texts for sign in signs):
            return kind(message.format(path=path), advice)
    return LedgerError(
        f"台账操作失败（{exc}）。", "没有保存任何改动，请重试；再出现时请运行 check 检查台账。"
    )


_MEANINGS: tuple[tuple[tuple[str, ...], type[LedgerError], str, str], ...] = (
    (
        ("disk is full", "no space", "quota", "file too large"),
        LedgerFull,
        "磁盘已满，没有保存。",
        "请清理磁盘后再保存；您填写的内容还在，台账没有改动。",
    ),
    (
        ("readonly", "read-only"),
        LedgerReadOnly,
        "台账 {path} 是只读的，没有保存。",
        "请检查文件权限，或把台账复制到可以写的位置。",
    ),
    (("locked", "busy"), LedgerLocked, "台账正忙，没有保存。", "请稍候再试。"),
    (
        ("malformed", "not a database", "corrupt"),
        LedgerCorrupt,
        "台账 {path} 已损坏或不是台账文件。",
        "文件没有改动；请用 restore 从备份恢复。",
    ),
    (
        ("unable to open",),
        LedgerReadOnly,
        "不能打开台账 {path}。",
        "请检查文件是否存在、文件夹是否可以写。",
    ),
    (
        ("disk i/o",),
        LedgerError,
        "读写 {path} 时磁盘出错，没有保存。",
        "请检查磁盘或网络连接，再重新打开台账。",
    ),
)


@contextmanager
def plain_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to any ledger file, beside the bound one."""
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
    try:
        yield conn
    finally:
        conn.close()


def applied_migrations(path: Path) -> list[str]:
    """The names of the migrations a ledger file has had, oldest first; [] for a new file.

    Raises LedgerCorrupt where the file is no ledger.
    """
    if not path.exists():
        return []
    if path.stat().st_size == 0:
        if any((path.parent / BACKUPS).glob("*.db")):
            raise LedgerCorrupt(f"台账 {path} 是空的，内容已丢失。", "请用 restore 从 backups 里的备份恢复。")
        return []
    try:
        with plain_connection(path) as conn:
            marked = conn.execute("PRAGMA application_id").fetchone()[0]
            tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables:
                return []  # a first start that was cut off
            if marked != APPLICATION_ID or "schema_migration" not in tables:
                raise LedgerCorrupt(
                    f"{path} 不是本程序的台账文件。", "请核对位置；如有备份，可用 restore 恢复。"
                )
            return [row[0] for row in conn.execute("SELECT name FROM schema_migration ORDER BY name")]
    except sqlite3.Error as exc:
        raise explain(exc, path) from exc


def known_migrations() -> list[str]:
    """The names of the migrations this program has, oldest first."""
    return sorted(p.stem for p in MIGRATIONS.glob("[0-9]*.py"))


def check_database(path: Path) -> list[str]:
    """Integrity and foreign keys of a ledger file as Chinese findings."""
    found: list[str] = []
    try:
        with plain_connection(path) as conn:
            for (line,) in conn.execute("PRAGMA integrity_check(20)"):
                if line != "ok":
                    found.append(f"文件完整性：{line}")
            for table, row, parent, _ in conn.execute("PRAGMA foreign_key_check"):
                found.append(f"{table} 第{row}行指向的 {parent} 记录不存在")
    except sqlite3.DatabaseError as exc:
        found.append(f"文件不能读取：{exc}")
    return found


def is_pending(path: Path) -> bool:
    """Whether the file must be made or migrated. Raises LedgerNewer and LedgerCorrupt."""
    names = applied_migrations(path)
    refuse_newer(names, path)
    return names != known_migrations()


def refuse_newer(names: list[str], path: Path) -> None:
    """Raise LedgerNewer where a file has had migrations this program does not know."""
    unknown = sorted(set(names) - set(known_migrations()))
    if unknown:
        raise LedgerNewer(
            f"台账 {path} 是更新版本的程序建立的（{unknown[-1]}）。", "请升级本程序后再打开，文件没有改动。"
        )


def take_lock(folder: Path) -> FileLock:
    """The writer lock of a folder. Raises LedgerLocked where another window holds it, LedgerReadOnly."""
    lock = FileLock(folder / "ledger.lock", timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise LedgerLocked("台账正在另一个窗口中使用。", "请到那个窗口里操作，或先关闭它再试。") from None
    except OSError as exc:
        raise os_error(f"台账文件夹 {folder} 不能写入", exc) from exc
    return lock


def refuse_read_only(path: Path, folder: Path) -> None:
    """Raise LedgerReadOnly where the file or its folder cannot be written."""
    if not (os.access(path, os.W_OK) and os.access(folder, os.W_OK)):
        raise LedgerReadOnly(f"台账 {path} 是只读的。", "请检查文件权限，或把台账复制到可以写的位置。")


def migrate(path: Path) -> None:
    """Bring a ledger file to this program's schema, one transaction a step.

    An older file is backed up first and put back as it was where a step fails. Raises LedgerError then.
    """
    from playhouse.migrations import Runner

    from models.core.backups import copy_database, replace_database

    kept = None
    if applied_migrations(path):
        kept = path.parent / BACKUPS / f"before-migration-{dt.datetime.now():%Y%m%d-%H%M%S}.db"
        copy_database(path, kept)
    before = applied_migrations(path)
    db = peewee.SqliteDatabase(str(path), pragmas=pragmas(path))
    try:
        db.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        Runner(db, str(MIGRATIONS)).up()
        broken = db.execute_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise LedgerCorrupt("升级后有记录的关联不成立，没有升级。", "台账保持原样，请联系维护人员。")
    except Exception as exc:
        db.close()
        if kept is None:
            raise
        if applied_migrations(path) != before:
            replace_database(kept, path)
        if isinstance(exc, KnownError):
            raise
        raise LedgerError(
            f"台账升级没有完成（{exc}），已保持原样。", f"升级前的备份在 {kept}，请联系维护人员。"
        ) from exc
    finally:
        db.close()


def pragmas(path: Path) -> dict[str, Any]:
    """The settings of every connection; no WAL on a network share."""
    journal = "delete" if on_network(path) else "wal"
    return {
        "journal_mode": journal,
        "synchronous": "full",
        "foreign_keys": 1,
        "cache_size": -32_000,
        "busy_timeout": 10_000,
        "temp_store": "memory",
        "mmap_size": 0 if journal == "delete" else 268_435_456,
    }


def on_network(path: Path) -> bool:
    """Whether the file lies on a network share, where WAL would corrupt it."""
    text = str(path.resolve())
    if os.name == "nt":
        import ctypes

        drive = os.path.splitdrive(text)[0]
        kind = ctypes.windll.kernel32.GetDriveTypeW(drive + "\\")  # type: ignore[attr-defined]
        return text.startswith("\\\\") or kind == 4
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return False
    return filesystem_of(text, mounts.read_text(encoding="utf-8", errors="replace")) in NETWORK_FILESYSTEMS


def filesystem_of(path: str, mounts: str) -> str:
    """The kind of file system an absolute path lies on, by the text of /proc/mounts; '' where unknown."""
    best, kind = "", ""
    for line in mounts.splitlines():
        _, point, fstype, *_ = line.split(" ")
        point = point.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fstype
    return kind
