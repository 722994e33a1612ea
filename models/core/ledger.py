"""The open ledger: its connections, its writer, its clock, undo and backups. Knows no topic table."""

from __future__ import annotations

import datetime as dt
import getpass
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import peewee

from models.core import changes
from models.core.backups import automatic_backups, copy_database, restore_database
from models.core.blob_copies import back_up, rotate_all
from models.core.blobs import BLOBS, Blobs
from models.core.engine import DATABASE_ERRORS, Engine, Lock, engine_of
from models.core.errors import LedgerLocked, Refused
from models.core.files import (
    APPLICATION_ID,
    FILE_NAME,
    MIGRATIONS,
    applied_migrations,
    check_database,
    known_migrations,
    on_network,
    os_error,
    plain_connection,
)
from models.core.record import database
from models.core.undo import UndoState, last_redoable, last_undoable, revert, why_not

__all__ = [
    "APPLICATION_ID",
    "FILE_NAME",
    "MIGRATIONS",
    "Ledger",
    "applied_migrations",
    "check_database",
    "copy_database",
    "known_migrations",
    "on_network",
    "open_ledger",
    "plain_connection",
    "restore_database",
]


class Ledger:
    """An open ledger: its folder, its writer lock and its clock.

    Open one with ``open_ledger``. Readers may work from any thread; ``write`` takes turns.
    """

    def __init__(
        self, engine: Engine, db: peewee.Database, lock: Lock | None, today: dt.date | None
    ) -> None:
        self.engine, self.folder, self.db = engine, engine.folder, db
        self._lock, self._today = lock, today
        self._writing = threading.RLock()
        self.blobs = Blobs(engine.folder / BLOBS)
        self.actor = _user()
        self.seat = f"{_user()}@{platform.node() or 'pc'}"
        self.schema = engine.applied()[-1]
        self.own_today: dt.date | None = None

    @property
    def path(self) -> Path:
        """The database file; on a server the name that its copies go by."""
        return self.engine.path

    @property
    def writable(self) -> bool:
        """Whether this process holds the writer lock."""
        return self._lock is not None

    @property
    def today(self) -> dt.date:
        """The day rules reckon with: ``--today``, else the demo's own, else the calendar's."""
        return self._today or self.own_today or dt.date.today()  # noqa: DTZ011  (the one place that asks the clock)

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
            if self.db.in_transaction():
                raise RuntimeError("a write inside a write: pass the open transaction on")
            self.engine.assure(self._lock)
            self.engine.let_write(self.db, True)
            try:
                with changes.transaction(
                    kind,
                    actor=self.actor,
                    seat=self.seat,
                    schema=self.schema,
                    now=dt.datetime.now(),
                    today=self.today,
                    final=final,
                    undoes=undoes,
                    redoes=redoes,
                ) as tx:
                    yield tx
                self.engine.settle(self.db, tx.changes)
            except DATABASE_ERRORS as exc:
                raise self.engine.explain(exc) from exc
            finally:
                with suppress(*DATABASE_ERRORS):
                    self.engine.let_write(self.db, False)

    def settle(self, tx: changes.Transaction) -> None:
        """Between the steps of one long write: let the database count what was written, for the queries to come."""
        self.engine.settle(self.db, tx.changes)

    def undo(self) -> changes.Changes:
        """Undo this seat's newest action. Raises Refused with the reason where there is none or it may not be."""
        action = last_undoable(self.seat)
        if action is None:
            raise Refused("没有可以撤销的操作。")
        return self.undo_action(action)

    def undo_action(self, action: changes.Action) -> changes.Changes:
        """Undo one given action of this seat as a new action. Raises Refused with the reason."""
        with self.write(f"撤销：{action.kind}"[:60], undoes=action.id) as tx:
            action = changes.Action.get_by_id(action.id)
            if action.seat != self.seat:
                raise Refused("只能撤销本机自己的操作。", "请到做这项操作的电脑上撤销。")
            if action.undone_by is not None or action.undoes is not None:
                raise Refused(f"“{action.kind}”已经撤销过了。")
            revert(tx, action, self.schema)
            changes.Action.update(undone_by=tx.action.id).where(changes.Action.id == action.id).execute()
        return tx.changes

    def redo(self) -> changes.Changes:
        """Take back this seat's newest undo. Raises Refused where there is none."""
        undone = last_redoable(self.seat)
        if undone is None:
            raise Refused("没有可以重做的操作。")
        original = changes.Action.get_by_id(undone.undoes)
        with self.write(original.kind, redoes=undone.id) as tx:
            revert(tx, undone, self.schema, "重做", original.kind)
            changes.Action.update(undone_by=tx.action.id).where(changes.Action.id == undone.id).execute()
        return tx.changes

    def undo_state(self) -> UndoState:
        """What undo and redo would do now; '' where nothing, or where the newest action may not be undone."""
        done, undone = last_undoable(self.seat), last_redoable(self.seat)
        if done is not None and why_not(done, self.schema)[0]:
            done = None
        original = changes.Action.get_by_id(undone.undoes) if undone is not None else None
        return UndoState(done.kind if done else "", original.kind if original else "")

    def backup(self, target: Path) -> list[str]:
        """Copy the ledger and its attachments to ``target`` (see ``core.blob_copies``); replaces it only when whole.

        Returns the names of attachments whose content is missing. Raises LedgerError.
        """
        return back_up(self.path, target)

    def rotate_backups(self, keep: int = 10) -> Path | None:
        """Back up into backups/auto-….db where the newest is older than a day, keep the newest ``keep``.

        Returns the new file, None where none was due. Safe on a reader thread. Raises LedgerError.
        """
        return rotate_all(self.path, dt.datetime.now(), keep)

    def last_backup(self) -> dt.datetime | None:
        """When the newest automatic backup was made; None where there is none."""
        return next((when for when, _ in automatic_backups(self.folder)), None)

    def check(self) -> list[str]:
        """Integrity and foreign keys; a list of Chinese findings, empty when all is well."""
        return self.engine.check()

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
    LedgerCorrupt, LedgerReadOnly, LedgerLocked, LedgerFull, LedgerUnreachable, each with what to do; the ledger is
    untouched then.
    """
    engine = engine_of(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise os_error(f"不能建立台账文件夹 {folder}", exc) from exc
    lock = engine.take_lock() if write or engine.is_pending() else None
    try:
        if engine.is_pending():
            engine.migrate()
        if write:
            engine.refuse_read_only()
        db = engine.connect()
        database.initialize(db)
        if not write and lock is not None:
            lock.release()
            lock = None
        return Ledger(engine, db, lock, today)
    except BaseException as exc:
        if lock is not None:
            lock.release()
        if isinstance(exc, DATABASE_ERRORS):
            raise engine.explain(exc) from exc
        raise


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "user"
