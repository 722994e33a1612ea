"""A ledger in a PostgreSQL database: connections, the writer's lock, migrations, errors in words. Knows no table.

Only a folder that names a database loads this module; it needs psycopg 3. Passwords come from the address given for
one run, PGPASSWORD or PGPASSFILE (libpq's own ways) and are never stored or logged.
"""

from __future__ import annotations

import datetime as dt
import getpass
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import peewee
from playhouse.db_url import parse
from playhouse.migrations import Runner
from playhouse.postgres_ext import Psycopg3Database

from models.core import files
from models.core.changes import Changes
from models.core.engine import DATABASE_ERRORS, Engine
from models.core.errors import (
    KnownError,
    LedgerCorrupt,
    LedgerError,
    LedgerLocked,
    LedgerReadOnly,
    LedgerUnreachable,
)
from models.core.postgres_errors import explain

#: The driver as Peewee found it; None where it is not installed.
psycopg: Any = vars(peewee)["psycopg"]
#: A pulled cable must not hang the program: seconds, except for the last in milliseconds.
PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
NAME_BYTES = 63
#: New rows of a table that change what the planner must know about it.
MANY = 200


class PostgresDatabase(Psycopg3Database):
    """PostgreSQL with one connection a thread, read-only until ``Ledger.write`` opens it.

    A lost connection is told as LedgerUnreachable; the next statement outside a transaction connects again.
    """

    #: What its errors call the place.
    place = ""

    def _connect(self) -> Any:
        try:
            conn = super()._connect()
            # ISO dates whatever the server's custom; what is written waits for the disk, as with SQLite's FULL.
            conn.execute("SET default_transaction_read_only = on")
            conn.execute("SET datestyle = 'ISO, YMD'")
            conn.execute("SET jit = off")  # compiling takes longer than any query of an office
        except psycopg.Error as exc:
            raise explain(exc, self.place) from exc
        return conn

    def execute_sql(self, sql: str, params: Any = None, **options: Any) -> Any:
        """Run one statement; where the connection has been lost since the last one, on a new one."""
        try:
            return super().execute_sql(sql, params, **options)
        except (peewee.OperationalError, peewee.InterfaceError) as exc:
            if not self.lost():
                raise
            if self.in_transaction():
                raise explain(exc, self.place) from exc
        self.close()
        try:
            return super().execute_sql(sql, params, **options)
        except (peewee.OperationalError, peewee.InterfaceError) as exc:
            if self.lost():
                raise explain(exc, self.place) from exc
            raise

    def lost(self) -> bool:
        """Whether this thread's connection is no more."""
        conn = self._state.conn
        return conn is not None and bool(conn.closed or conn.broken)

    def commit(self) -> Any:
        """Commit; where the answer never came, nobody knows whether it is stored, and the user is told to look."""
        try:
            return super().commit()
        except (peewee.OperationalError, peewee.InterfaceError) as exc:
            if not self.lost():
                raise
            raise LedgerUnreachable(
                "正在保存时与数据库服务器的连接中断，不能确定这一次是否已保存。",
                "您填写的内容还在；恢复连接后请先核对台账，没有保存上的再保存一次。",
            ) from exc

    def rollback(self) -> Any:
        """Roll back; a lost connection has been rolled back by the server already."""
        if self.lost():
            return None
        return super().rollback()


class AdvisoryLock:
    """The right to write, held by a session of its own: it ends with the program, or when the server loses sight."""

    def __init__(self, engine: PostgresEngine) -> None:
        self._engine = engine
        self._conn: Any | None = None
        self._guard = threading.Lock()
        self.assure()

    def assure(self) -> None:
        """Hold the lock, taking it again where the server was away. Raises LedgerLocked, LedgerUnreachable."""
        with self._guard:
            if self._conn is not None:
                with suppress(psycopg.Error):
                    self._conn.execute("SELECT 1")
                    return
                self._conn.close()
                self._conn = None
            self._conn = self._take()

    def _take(self) -> Any:
        conn = self._engine.plain()
        try:
            taken = conn.execute(
                "SELECT pg_try_advisory_lock(%s, hashtext(current_schema()))", (files.APPLICATION_ID,)
            ).fetchone()
            if taken is not None and taken[0]:
                return conn
            holder = conn.execute(
                "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
                " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = %s"
                " AND l.objid::bigint = hashtext(current_schema())::bigint & 4294967295",
                (files.APPLICATION_ID,),
            ).fetchone()
        except psycopg.Error as exc:
            conn.close()
            raise explain(exc, self._engine.where()) from exc
        conn.close()
        name = unquote(str(holder[0])) if holder and holder[0] else "另一台电脑或窗口"
        raise LedgerLocked(f"{name} 正在修改台账。", "请等那边关闭后再改；查看不受影响。")

    def release(self) -> None:
        """Give up the right to write."""
        with self._guard:
            if self._conn is not None:
                self._conn.close()
                self._conn = None


class PostgresEngine(Engine):
    """The ledger in the database a folder names."""

    title = "PostgreSQL"

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self._params = {**PATIENCE, **parse(url, unquote_password=True, unquote_user=True)}
        self._params.setdefault("application_name", seat_name())
        parts = urlsplit(url)
        host = parts.hostname or str(self._params.get("host", "本机"))
        self._place = f"{self._params['database']}（{host}）"

    def where(self) -> str:
        return f"数据库 {self._place}"

    def plain(self) -> Any:
        """A connection of its own, beside the models', committing by itself. Raises LedgerError."""
        params = {("dbname" if name == "database" else name): value for name, value in self._params.items()}
        try:
            return psycopg.connect(**params, autocommit=True)
        except psycopg.Error as exc:
            raise explain(exc, self.where()) from exc

    @contextmanager
    def opened(self, write: bool = False) -> Iterator[PostgresDatabase]:
        """A database beside the models', closed afterwards. Raises LedgerError."""
        db = self.connect()
        try:
            self.let_write(db, write)
            yield db
        except DATABASE_ERRORS as exc:
            raise self.explain(exc) from exc
        finally:
            db.close()

    def exists(self) -> bool:
        return bool(self.applied())

    def applied(self) -> list[str]:
        with self.opened() as db:
            if not db.table_exists("schema_migration"):
                if db.table_exists("action"):
                    raise LedgerCorrupt(f"{self.where()}里不是本程序的台账。", "请核对数据库地址。")
                return []
            return [row[0] for row in db.execute_sql('SELECT "name" FROM "schema_migration" ORDER BY "name"')]

    def take_lock(self) -> AdvisoryLock:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise files.os_error(f"不能建立台账文件夹 {self.folder}", exc) from exc
        return AdvisoryLock(self)

    def assure(self, lock: Any) -> None:
        lock.assure()

    def refuse_read_only(self) -> None:
        with self.opened() as db:
            standby, allowed = db.execute_sql(
                "SELECT pg_is_in_recovery(), has_table_privilege('change_log', 'INSERT')"
            ).fetchone()
        if standby or not allowed:
            raise LedgerReadOnly(
                f"{self.where()}不许这个用户写入。", "请找管理员开通写入权限，或只作查看。"
            )

    def migrate(self) -> None:
        """All steps in one transaction, after a copy into backups/: a failure leaves everything as it was."""
        kept = None
        if self.exists():
            kept = self.folder / files.BACKUPS / f"before-migration-{dt.datetime.now():%Y%m%d-%H%M%S}.db"
            self.copy(kept)
        try:
            with self.opened(write=True) as db:
                (encoding,) = db.execute_sql("SHOW server_encoding").fetchone()
                if encoding != "UTF8":
                    raise LedgerError(
                        f"{self.where()}的编码是 {encoding}，存不下全部汉字。", "请管理员另建 UTF8 编码的数据库。"
                    )
                with db.atomic():
                    Runner(db, str(files.MIGRATIONS)).up()
                    compare_by_code_point(db)
        except Exception as exc:
            if kept is None or isinstance(exc, LedgerUnreachable):
                raise
            raise LedgerError(
                f"台账升级没有完成（{exc}），已保持原样。", f"升级前的备份在 {kept}，请联系维护人员。"
            ) from exc

    def connect(self) -> PostgresDatabase:
        # Values are put into the statement by the driver: an expression repeated in GROUP BY stays the same to the
        # server, and a statement is not limited in their number.
        db = PostgresDatabase(**self._params, cursor_factory=psycopg.ClientCursor)
        db.place = self.where()
        db.connect()
        return db

    def let_write(self, db: Any, allowed: bool) -> None:
        if allowed or not db.lost():
            db.execute_sql(f"SET default_transaction_read_only = {'off' if allowed else 'on'}")

    def settle(self, db: Any, changes: Changes) -> None:
        """Count again after many new rows: else the planner takes the tables for empty, and figures stand still."""
        with suppress(KnownError, *DATABASE_ERRORS):
            for table, ids in changes.rows.items():
                if len(ids) >= MANY:
                    db.execute_sql(f'ANALYZE "{table}"')

    def explain(self, exc: BaseException) -> KnownError:
        return explain(exc, self.where())

    def check(self) -> list[str]:
        from models.core.postgres_check import check_server

        with self.opened() as db:
            return check_server(db)

    def schema_findings(self) -> list[str]:
        from models.core.postgres_check import server_schema_findings

        names = self.applied()
        with self.opened() as db:
            return server_schema_findings(db, names)

    def copy(self, target: Path) -> None:
        from models.core.portable import copy_to_file

        with self.opened() as db:
            copy_to_file(db, self.applied(), target)

    def put_back(self, source: Path) -> None:
        from models.core.portable import load_from_file

        with self.opened(write=True) as db:
            load_from_file(source, db)


def compare_by_code_point(db: Any) -> None:
    """Have every text column sort and compare as in SQLite, whatever language the database was made for.

    The pinyin keys are made for that order; in a Chinese collation blanks and digits would count otherwise.
    """
    rows = db.execute_sql(
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
        " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_collation o ON o.oid = a.attcollation"
        " WHERE c.relkind = 'r' AND n.nspname = current_schema() AND a.attnum > 0 AND NOT a.attisdropped"
        " AND o.collname <> 'C' ORDER BY 1, 2"
    ).fetchall()
    wanted: dict[str, list[str]] = {}
    for table, column, kind in rows:
        wanted.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE {kind} COLLATE "C"')
    for table, changes in wanted.items():
        db.execute_sql(f'ALTER TABLE "{table}" {", ".join(changes)}')


def seat_name() -> str:
    """Who sits where, as the server shows it to the others: ASCII, so other letters are escaped."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "user"
    return quote(f"{user}@{platform.node() or 'pc'}", safe=" @()")[:NAME_BYTES]


