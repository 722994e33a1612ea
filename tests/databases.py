"""Databases of a PostgreSQL server for tests: each a quick copy of one that is migrated and seeded already."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]
#: A server on which we may make databases; without it the tests know SQLite only.
URL = os.environ.get("LEDGER_TEST_URL", "")
#: Part of every name, the same in all processes of a run.
RUN = "LEDGER_TEST_RUN"
_numbers = itertools.count(1)


def prefix() -> str:
    return f"shian_test_{os.environ[RUN]}_"


def begin_run() -> None:
    """Give the run its name, once; the workers inherit it."""
    os.environ.setdefault(RUN, os.urandom(4).hex())


def end_run() -> None:
    """Drop what the run has left on the server."""
    with _server() as conn:
        like = prefix().replace("_", r"\_") + "%"
        for (name,) in conn.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (like,)).fetchall():
            conn.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _server() -> Any:
    import psycopg
    from playhouse.db_url import parse

    params = parse(URL, unquote_password=True, unquote_user=True)
    params["dbname"] = params.pop("database")
    return psycopg.connect(**params, autocommit=True)


def address(name: str) -> str:
    """The address of a database on the server."""
    parts = urlsplit(URL)
    return f"{parts.scheme}://{parts.netloc}/{name}{'?' + parts.query if parts.query else ''}"


def new(template: str = "template1", name: str = "") -> str:
    """Make a database like another one; returns its name."""
    name = name or f"{prefix()}{os.getpid()}_{next(_numbers)}"
    with _server() as conn:
        conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def drop(name: str) -> None:
    with _server() as conn:
        conn.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def place(folder: Path, name: str) -> Path:
    """Have a folder stand for a database."""
    return place_at(folder, address(name))


def place_at(folder: Path, url: str) -> Path:
    """Have a folder stand for the database of an address."""
    from models.core.engine import remember_address

    remember_address(folder, url)
    return folder


def template(root: Path, kind: str, program: str) -> str:
    """A database that a program, called with a folder, has filled; made once for all workers. Nobody has it open."""
    name = f"{prefix()}{kind}"
    done = root / f"{name}.done"
    with FileLock(root / f"{name}.lock"):
        if not done.exists():
            folder = place(root / f"{name}-folder", new(name=name))
            subprocess.run([sys.executable, "-c", program, str(folder)], cwd=ROOT, check=True, timeout=300)
            done.touch()
    return name

