"""Which database a ledger folder stands for, and what differs between the kinds. Knows no table.

A folder holds its ledger as a file, or names a PostgreSQL database in ``database.txt``; attachments, backups and logs
lie in the folder either way.
"""

from __future__ import annotations

import os
import sqlite3
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from urllib.parse import urlsplit, urlunsplit

import peewee

from models.core.errors import KnownError, LedgerError
from models.core.files import (
    FILE_NAME,
    applied_migrations,
    check_database,
    explain,
    known_migrations,
    migrate,
    os_error,
    pragmas,
    refuse_newer,
    refuse_read_only,
    take_lock,
)

if TYPE_CHECKING:
    from models.core.changes import Changes

ADDRESS_FILE = "database.txt"
SCHEMES = ("psycopg3", "postgresql", "postgres")


class Lock(Protocol):
    """What its holder alone may write with."""

    def release(self) -> Any:
        """Let another one write."""


class Engine(ABC):
    """One ledger's database: how it is opened, locked, migrated, checked and copied."""

    title: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def path(self) -> Path:
        """The ledger's file; on a server the name that its copies go by."""
        return self.folder / FILE_NAME

    @abstractmethod
    def where(self) -> str:
        """The place as a person names it, without any password."""

    @abstractmethod
    def exists(self) -> bool:
        """Whether a ledger has been made there."""

    @abstractmethod
    def applied(self) -> list[str]:
        """The migrations it has had, oldest first; [] for a new one. Raises LedgerCorrupt where it is no ledger."""

    def is_pending(self) -> bool:
        """Whether it must be made or migrated. Raises LedgerNewer and LedgerCorrupt."""
        names = self.applied()
        refuse_newer(names, self.path)
        return names != known_migrations()

    @abstractmethod
    def take_lock(self) -> Lock:
        """The writer's lock. Raises LedgerLocked with who has it."""

    @abstractmethod
    def assure(self, lock: Lock) -> None:
        """Make sure before a write that the lock is still ours. Raises LedgerLocked, LedgerUnreachable."""

    @abstractmethod
    def refuse_read_only(self) -> None:
        """Raise LedgerReadOnly where nothing can be written."""

    @abstractmethod
    def migrate(self) -> None:
        """Bring it to this program's schema, or leave it as it was. Raises LedgerError."""

    @abstractmethod
    def connect(self) -> peewee.Database:
        """The database for the models: one connection a thread, each refusing to write."""

    @abstractmethod
    def let_write(self, db: Any, allowed: bool) -> None:
        """Open this thread's connection for writing, or close it again."""

    @abstractmethod
    def settle(self, db: Any, changes: Changes) -> None:
        """Do what the database wants after many rows have been written, committed or not."""

    @abstractmethod
    def explain(self, exc: BaseException) -> KnownError:
        """A database's error as what happened and what to do."""

    @abstractmethod
    def check(self) -> list[str]:
        """Integrity and links as Chinese findings, empty when all is well. Changes nothing."""

    @abstractmethod
    def schema_findings(self) -> list[str]:
        """What of the schema differs from the program's, in Chinese."""

    @abstractmethod
    def copy(self, target: Path) -> None:
        """A checked copy as a ledger file, made beside any reader and writer. Raises LedgerError."""

    @abstractmethod
    def put_back(self, source: Path) -> None:
        """Let a sound ledger file take its place; all of it or nothing. Raises LedgerError."""


class FileEngine(Engine):
    """The ledger in a SQLite file of the folder."""

    title = "SQLite"

    def where(self) -> str:
        return str(self.path)

    def exists(self) -> bool:
        return self.path.exists()

    def applied(self) -> list[str]:
        return applied_migrations(self.path)

    def take_lock(self) -> Lock:
        return take_lock(self.folder)

    def assure(self, lock: Lock) -> None:
        """Nothing to do: the system keeps a file's lock as long as the process lives."""

    def refuse_read_only(self) -> None:
        refuse_read_only(self.path, self.folder)

    def migrate(self) -> None:
        migrate(self.path)

    def connect(self) -> peewee.Database:
        db = FileDatabase(str(self.path), pragmas=pragmas(self.path), timeout=10)
        db.connect()
        return db

    def let_write(self, db: Any, allowed: bool) -> None:
        db.execute_sql(f"PRAGMA query_only = {int(not allowed)}")

    def settle(self, db: Any, changes: Changes) -> None:
        """Nothing to do: the planner is served by the indexes alone."""

    def explain(self, exc: BaseException) -> KnownError:
        return explain(exc, self.path)

    def check(self) -> list[str]:
        return check_database(self.path)

    def schema_findings(self) -> list[str]:
        from models.core.schema import schema_findings

        return schema_findings(self.path)

    def copy(self, target: Path) -> None:
        from models.core.backups import copy_database

        copy_database(self.path, target)

    def put_back(self, source: Path) -> None:
        from models.core.backups import replace_database

        replace_database(source, self.path)


class FileDatabase(peewee.SqliteDatabase):
    """SQLite with one connection a thread; every connection refuses to write until ``Ledger.write`` opens it."""

    def _add_conn_hooks(self, conn: Any) -> None:
        super()._add_conn_hooks(conn)  # type: ignore[misc]
        conn.execute("PRAGMA query_only = 1")


#: What a database may raise while it is opened or read.
DATABASE_ERRORS = (peewee.DatabaseError, peewee.InterfaceError, sqlite3.Error)


def engine_of(folder: Path) -> Engine:
    """The engine of a folder's ledger. Raises LedgerError where its address cannot be read or used."""
    url = address(folder)
    if not url:
        return FileEngine(folder)
    from models.core.postgres import PostgresEngine, psycopg

    if psycopg is None:
        raise LedgerError("这台电脑没有安装连接 PostgreSQL 的组件。", "请执行 pip install 'psycopg[binary]' 后再打开。")
    return PostgresEngine(folder, url)


def address(folder: Path) -> str:
    """The address of the database a folder names; '' where the ledger is a file of the folder."""
    path = folder / ADDRESS_FILE
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as exc:
        if isinstance(exc, OSError):
            raise os_error(f"不能读取 {path}", exc) from exc
        raise LedgerError(f"{path} 不是文本文件。", "请用 --database 重新指定数据库。") from exc
    found = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if len(found) != 1:
        raise LedgerError(f"{path} 里应当只有一行数据库地址。", "请用 --database 重新指定数据库。")
    url, password = split_password(found[0])
    if password:
        raise LedgerError(
            f"{path} 里写了密码，程序不用它。",
            "请从文件里删去密码，改放在 PGPASSFILE（如 ~/.pgpass）里，再打开。",
        )
    return url


def use_database(folder: Path, url: str) -> None:
    """Have a folder stand for a database; a password in ``url`` is for this process only, as libpq's own variable."""
    plain, password = split_password(url)
    remember_address(folder, plain)
    if password:
        os.environ["PGPASSWORD"] = password


def remember_address(folder: Path, url: str) -> None:
    """Have a folder stand for a database from now on; a password in ``url`` is refused here, never written.

    Raises LedgerError where the folder already holds a ledger of its own.
    """
    url, password = split_password(url)
    if password:
        raise LedgerError("数据库地址里带有密码。", "密码不保存，请用 PGPASSFILE 或环境变量 PGPASSWORD 提供。")
    if (folder / FILE_NAME).exists():
        raise LedgerError(
            f"{folder} 里已有本机的台账，没有改用数据库。",
            "请另选一个文件夹（--data-dir）；要搬入原来的台账，先用 backup 备份，连上数据库后再用 restore 恢复。",
        )
    path = folder / ADDRESS_FILE
    if path.exists() and address(folder) == url:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# 台账在这个数据库里；这里不写密码。\n{url}\n", encoding="utf-8")
    except OSError as exc:
        raise os_error(f"不能写入 {path}", exc) from exc


def split_password(url: str) -> tuple[str, str]:
    """An address as ``psycopg3://…`` without its password, and the password. Raises LedgerError for no such address."""
    from urllib.parse import parse_qsl, unquote, urlencode

    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    query = parse_qsl(parts.query, keep_blank_values=True)
    if parts.scheme not in SCHEMES or not parts.path.strip("/"):
        raise LedgerError(
            "看不懂数据库地址。", "应写作 psycopg3://用户@服务器:5432/数据库名，密码不写在里面。"
        )
    password = unquote(parts.password or "") or next((v for k, v in query if k == "password"), "")
    place = f"{parts.username}@" if parts.username else ""
    host = parts.hostname or ""
    place += f"[{host}]" if ":" in host else host
    place += f":{port}" if port else ""
    rest = urlencode([(k, v) for k, v in query if k != "password"], safe="/")
    plain = urlunsplit((SCHEMES[0], place, parts.path, rest, ""))
    # Without a host urlunsplit leaves the slashes out.
    return plain.replace("psycopg3:/", "psycopg3:///", 1) if "://" not in plain else plain, password
