"""Run a command beside a PostgreSQL server made for it alone, and leave nothing of the server behind.

Usage: python scripts/throwaway_postgres.py COMMAND…   (--found: exit 0 where a server is installed, else 1)

The command finds the server's address in LEDGER_TEST_URL. The server listens on a socket in a temporary folder only;
root, whom PostgreSQL refuses, lends it to an unprivileged user. Python's standard library is all it needs.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

USER = "shian"
INITDB = ("--auth=trust", "--encoding=UTF8", "--no-sync", f"--username={USER}")
#: Chinese order on purpose: what the program sorts must not depend on the server's language.
LOCALES = (
    ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh-CN"),
    ("--locale=C.UTF-8",),
    ("--no-locale",),
)
SETTINGS = (
    "fsync=off synchronous_commit=off full_page_writes=off"
    " max_connections=60 statement_timeout=60s timezone=Asia/Shanghai"
)


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, the newest server's; None where no server is installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    for folder in [*debian, *map(Path, os.environ.get("PATH", "").split(os.pathsep))]:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    return None


def servant() -> dict[str, str | int | list[str]]:
    """Whom the server runs as: nobody else than us, except for root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    sys.exit("no unprivileged user to run PostgreSQL as")


def call(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run one of the server's own programs as its user; what it says is kept."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return subprocess.run(
        command, cwd=folder, env=environment, text=True, capture_output=True, timeout=120, check=False, **servant()
    )  # type: ignore[call-overload, no-any-return]


@contextmanager
def server() -> Iterator[str]:
    """A running server's address; it is stopped and its folder removed however the block ends."""
    tools = binaries()
    if tools is None:
        sys.exit("PostgreSQL is not installed: scripts/system_packages.sh postgresql")
    folder = Path(tempfile.mkdtemp(prefix="shian-pg-", dir="/tmp"))  # a socket's path has 107 characters at most
    data, log = folder / "data", folder / "log"
    try:
        if who := servant():
            os.chown(folder, int(str(who["user"])), int(str(who["group"])))
        for locale in LOCALES:
            made = call(folder, str(tools / "initdb"), f"--pgdata={data}", *INITDB, *locale)
            if made.returncode == 0:
                break
        else:
            sys.exit(made.stdout + made.stderr)
        options = " ".join(f"-c {setting}" for setting in SETTINGS.split())
        options += f" -c listen_addresses='' -c unix_socket_directories={folder}"
        started = call(folder, str(tools / "pg_ctl"), "start", "-w", "-D", str(data), "-l", str(log), "-o", options)
        if started.returncode != 0:
            sys.exit(started.stdout + (log.read_text(errors="replace") if log.exists() else ""))
        yield f"psycopg3://{USER}@/postgres?host={folder}"
    finally:
        # A second Ctrl+C must not leave the server running.
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)
        if (data / "postmaster.pid").exists():
            call(folder, str(tools / "pg_ctl"), "stop", "-m", "immediate", "-w", "-D", str(data))
        shutil.rmtree(folder, ignore_errors=True)


STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _stopped(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def main(command: Sequence[str]) -> int:
    """Run the command; its exit code."""
    if list(command) == ["--found"]:
        return 0 if binaries() else 1
    if not command:
        sys.exit(__doc__)
    for number in STOPS:
        signal.signal(number, _stopped)
    with server() as url:
        child = subprocess.Popen(command, env={**os.environ, "LEDGER_TEST_URL": url})
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                try:
                    child.wait(20)
                except subprocess.TimeoutExpired:
                    child.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
