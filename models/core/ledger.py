"""Opening, closing, writing, backing up and checking the ledger file. Knows no topic table."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import platform
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import peewee
from filelock import FileLock, Timeout

from models.core import changes
from models.core.errors import (
    LedgerCorrupt,
    LedgerError,
    LedgerFull,
    LedgerLocked,
    LedgerNewer,
    LedgerReadOnly,
    Refused,
)
from models.core.record import database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
#: Marks a SQLite file as a ledger of this program ("SHDK").
APPLICATION_ID = 0x5348444B
FILE_NAME = "ledger.db"
NETWORK_FILESYSTEMS = frozenset({"cifs", "smb3", "smbfs", "nfs", "nfs4", "fuse.sshfs", "9p", "davfs"})


class LedgerDatabase(peewee.SqliteDatabase):
    """SQLite with one connection a thread; every connection refuses to write until ``Ledger.write`` opens it."""

    def _add_conn_hooks(self, conn: Any) -> None:
        super()._add_conn_hooks(conn)
        conn.execute("PRAGMA query_only = 1")


class Ledger:
    """An open ledger: its folder, its writer lock and its clock.

    Open one with ``open_ledger``. Readers may work from any thread; ``write`` takes turns.
    """

    def __init__(
        self, folder: Path, db: LedgerDatabase, lock: FileLock | None, today: dt.date | None
    ) -> None:
        self.folder, self.db, self._lock, self._today = folder, db, lock, today
        self._writing = threading.RLock()
        self.actor = _user()
        self.seat = f"{_user()}@{platform.node() or 'pc'}"
        self.schema = applied_migrations(folder / FILE_NAME)[-1]
        self.own_today: dt.date | None = None

    @property
    def path(self) -> Path:
        """The database file."""
        return self.folder / FILE_NAME

    @property
    def writable(self) -> bool:
        """Whether this process holds the writer lock."""
        return self._lock is not None

    @property
    def today(self) -> dt.date:
        """The day rules reckon with: ``--today``, else the demo's own, else the calendar's."""
        return self._today or self.own_today or dt.date.today()

    @contextmanager
    def write(
        self, kind: str, *, final: bool = False, undoes: int | None = None, redoes: int | None = None
    ) -> Iterator[changes.Transaction]:
        """One user action as one transaction; ``kind`` is its Chinese name, ``final`` forbids undoing it.

        Raises LedgerLocked without the writer lock, LedgerFull and LedgerReadOnly with nothing written.
        """
        if self._lock is None:
            raise LedgerLocked("台账正在另一个窗口中使用，这里只能查看。", "请到那个窗口里操作，或先关闭它。")
        with self._writing:
            self.db.connect(reuse_if_open=True)
            self.db.execute_sql("PRAGMA query_only = 0")
            try:
                with changes.transaction(
                    kind,
                    actor=self.actor,
                    seat=self.seat,
                    schema=self.schema,
                    now=dt.datetime.now().replace(microsecond=0),
                    today=self.today,
                    final=final,
                    undoes=undoes,
                    redoes=redoes,
                ) as tx:
                    yield tx
            except peewee.DatabaseError as exc:
                raise _explain(exc, self.path) from exc
            finally:
                with suppress(peewee.DatabaseError):
                    self.db.execute_sql("PRAGMA query_only = 1")

    def undo(self) -> changes.Changes:
        """Undo this seat's newest action. Raises Refused with the reason where there is none or it may not be."""
        action = changes.last_undoable(self.seat)
        if action is None:
            raise Refused("没有可以撤销的操作。")
        return self.undo_action(action)

    def undo_action(self, action: changes.Action) -> changes.Changes:
        """Undo one given action of this seat as a new action."""
        if action.seat != self.seat:
            raise Refused("只能撤销本机自己的操作。", "请到做这项操作的电脑上撤销。")
        if action.undone_by is not None or action.undoes is not None:
            raise Refused(f"“{action.kind}”已经撤销过了。")
        with self.write(f"撤销：{action.kind}"[:60], undoes=action.id) as tx:
            changes.revert(tx, action, self.schema)
            changes.Action.update(undone_by=tx.action.id).where(changes.Action.id == action.id).execute()
        return tx.changes

    def redo(self) -> changes.Changes:
        """Take back this seat's newest undo. Raises Refused where there is none."""
        undo = changes.last_redoable(self.seat)
        if undo is None:
            raise Refused("没有可以重做的操作。")
        original = changes.Action.get_by_id(undo.undoes)
        with self.write(original.kind, redoes=undo.id) as tx:
            changes.revert(tx, undo, self.schema)
            changes.Action.update(undone_by=tx.action.id).where(changes.Action.id == undo.id).execute()
        return tx.changes

    def undo_state(self) -> changes.UndoState:
        """What undo and redo would do now."""
        done, undone = changes.last_undoable(self.seat), changes.last_redoable(self.seat)
        original = changes.Action.get_by_id(undone.undoes) if undone is not None else None
        return changes.UndoState(done.kind if done else "", original.kind if original else "")

    def backup(self, target: Path) -> None:
        """Copy the ledger to ``target`` by SQLite's backup API and check the copy; replaces it only when whole."""
        copy_database(self.path, target)

    def check(self) -> list[str]:
        """Integrity and foreign keys of the file; a list of Chinese findings, empty when all is well."""
        return check_database(self.path)

    def close_thread(self) -> None:
        """Close this thread's connection."""
        with suppress(peewee.DatabaseError):
            self.db.close()

    def close(self) -> None:
        """Close the ledger and give up the writer lock."""
        self.close_thread()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def open_ledger(folder: Path, *, write: bool = True, today: dt.date | None = None) -> Ledger:
    """Open the ledger of a folder and bind the tables to it; a missing one is made, an older one migrated.

    ``write`` takes the writer lock; readers need it only to make or migrate the file. Raises LedgerNewer,
    LedgerCorrupt, LedgerReadOnly, LedgerLocked, LedgerFull, each with what to do; the file is untouched then.
    """
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise LedgerReadOnly(
            f"不能建立台账文件夹 {folder}：{exc.strerror}。", "请换一个可以写的位置。"
        ) from exc
    pending = _pending(path)
    lock = _take_lock(folder) if write or pending else None
    try:
        if pending:
            _migrate(path)
        _refuse_read_only(path, folder, write)
        db = LedgerDatabase(str(path), pragmas=_pragmas(path), timeout=10)
        database.initialize(db)
        db.connect(reuse_if_open=True)
        if not write and lock is not None:
            lock.release()
            lock = None
        return Ledger(folder, db, lock, today)
    except (peewee.DatabaseError, sqlite3.Error) as exc:
        _release(lock)
        raise _explain(exc, path) from exc
    except BaseException:
        _release(lock)
        raise


def applied_migrations(path: Path) -> list[str]:
    """The names of the migrations a ledger file has had, oldest first; [] for a new file.

    Raises LedgerCorrupt where the file is no ledger.
    """
    if not path.exists() or path.stat().st_size == 0:
        return []
    try:
        with plain_connection(path) as conn:
            marked = conn.execute("PRAGMA application_id").fetchone()[0]
            tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if marked != APPLICATION_ID or "schema_migration" not in tables:
                raise LedgerCorrupt(
                    f"{path} 不是本程序的台账文件。", "请核对位置；如有备份，可用 restore 恢复。"
                )
            return [row[0] for row in conn.execute("SELECT name FROM schema_migration ORDER BY name")]
    except sqlite3.Error as exc:
        raise _explain(exc, path) from exc


def known_migrations() -> list[str]:
    """The names of the migrations this program has, oldest first."""
    return sorted(p.stem for p in MIGRATIONS.glob("[0-9]*.py"))


@contextmanager
def plain_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to any ledger file, beside the bound one."""
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
    try:
        yield conn
    finally:
        conn.close()


def copy_database(source: Path, target: Path) -> None:
    """Copy a live database by the backup API into ``target``, checked before it takes the place of an old one.

    Raises LedgerError with what to do; an existing target stays untouched then.
    """
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with plain_connection(source) as origin:
            copy = sqlite3.connect(part)
            try:
                origin.backup(copy, pages=2000)
                copy.execute("PRAGMA journal_mode = DELETE")
                if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                    raise LedgerCorrupt("备份没有通过完整性检查。", "请运行 check 查看台账，旧备份仍然保留。")
            finally:
                copy.close()
        os.replace(part, target)
    except sqlite3.Error as exc:
        raise _explain(exc, source) from exc
    except OSError as exc:
        raise LedgerReadOnly(f"不能写入 {target}：{exc.strerror}。", "请换一个可以写的位置。") from exc
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def restore_database(source: Path, folder: Path, now: dt.datetime) -> Path:
    """Put a backup in the place of a folder's ledger, after backing up what it replaces; returns that backup.

    Raises LedgerCorrupt or LedgerNewer where ``source`` is no sound ledger, LedgerLocked while a window is open.
    """
    if not source.exists():
        raise LedgerError(f"找不到备份文件 {source}。", "请核对文件名。")
    names = applied_migrations(source)
    if not names:
        raise LedgerCorrupt(f"{source} 不是本程序的台账文件。", "请核对文件名。")
    _refuse_newer(names, source)
    problems = check_database(source)
    if problems:
        raise LedgerCorrupt(f"{source} 已损坏：{problems[0]}", "请换一个备份。")
    folder.mkdir(parents=True, exist_ok=True)
    lock = _take_lock(folder)
    try:
        path = folder / FILE_NAME
        kept = folder / "backups" / f"before-restore-{now:%Y%m%d-%H%M%S}.db"
        if path.exists():
            _keep(path, kept)
        part = path.with_name("ledger.restored")
        copy_database(source, part)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        os.replace(part, path)
        return kept
    finally:
        lock.release()


def _keep(path: Path, kept: Path) -> None:
    """Keep what a restore replaces: a sound ledger by the backup API, a damaged file as it is."""
    try:
        copy_database(path, kept)
    except LedgerCorrupt:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(path.read_bytes())


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


def _pending(path: Path) -> bool:
    names = applied_migrations(path)
    _refuse_newer(names, path)
    return names != known_migrations()


def _refuse_newer(names: list[str], path: Path) -> None:
    unknown = sorted(set(names) - set(known_migrations()))
    if unknown:
        raise LedgerNewer(
            f"台账 {path} 是更新版本的程序建立的（{unknown[-1]}）。", "请升级本程序后再打开，文件没有改动。"
        )


def _take_lock(folder: Path) -> FileLock:
    lock = FileLock(folder / "ledger.lock", timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise LedgerLocked("台账正在另一个窗口中使用。", "请到那个窗口里操作，或先关闭它再试。") from None
    except OSError as exc:
        raise LedgerReadOnly(
            f"台账文件夹 {folder} 不能写入：{exc.strerror}。",
            "请检查文件夹权限，或把台账复制到可以写的位置。",
        ) from exc
    return lock


def _release(lock: FileLock | None) -> None:
    if lock is not None:
        lock.release()


def _refuse_read_only(path: Path, folder: Path, write: bool) -> None:
    if write and not (os.access(path, os.W_OK) and os.access(folder, os.W_OK)):
        raise LedgerReadOnly(f"台账 {path} 是只读的。", "请检查文件权限，或把台账复制到可以写的位置。")


def _migrate(path: Path) -> None:
    """Bring a ledger file to this program's schema, one transaction a step, after a backup of an old one."""
    from playhouse.migrations import Runner

    old = path.exists() and path.stat().st_size > 0
    if old:
        stamp = dt.datetime.now()
        copy_database(path, path.parent / "backups" / f"before-migration-{stamp:%Y%m%d-%H%M%S}.db")
    db = peewee.SqliteDatabase(str(path), pragmas=_pragmas(path))
    try:
        db.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        Runner(db, str(MIGRATIONS)).up()
        broken = db.execute_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise LedgerCorrupt(
                "升级后有记录的关联不成立。", "台账升级前的备份在 backups 文件夹里，请联系维护人员。"
            )
    finally:
        db.close()


def _pragmas(path: Path) -> dict[str, Any]:
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
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, fstype, *_ = line.split(" ")
        inside = text == point or text.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fstype
    return kind in NETWORK_FILESYSTEMS


def _explain(exc: Exception, path: Path) -> LedgerError:
    text = str(exc).lower()
    if "full" in text or "no space" in text:
        return LedgerFull("磁盘已满，没有保存。", "请清理磁盘后再保存；您填写的内容还在，台账没有改动。")
    if "readonly" in text or "read-only" in text:
        return LedgerReadOnly(f"台账 {path} 是只读的，没有保存。", "请检查文件权限。")
    if "locked" in text or "busy" in text:
        return LedgerLocked("台账正忙，没有保存。", "请稍候再试。")
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return LedgerCorrupt(f"台账 {path} 已损坏或不是台账文件。", "文件没有改动；请用 restore 从备份恢复。")
    if "unable to open" in text:
        return LedgerReadOnly(f"不能打开台账 {path}。", "请检查文件是否存在、是否有权限。")
    return LedgerError(f"台账操作失败：{exc}。", "没有保存任何改动，请重试。")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "user"
