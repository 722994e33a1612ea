"""Opening, refusing, locking, backing up and restoring real ledger files."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import peewee
import pytest

from models.core import files
from models.core.backups import automatic_backups, copy_database, restore_database, rotate
from models.core.errors import (
    KnownError,
    LedgerCorrupt,
    LedgerError,
    LedgerFull,
    LedgerLocked,
    LedgerNewer,
    LedgerReadOnly,
)
from models.core.ledger import FILE_NAME, check_database, open_ledger
from models.enterprise import Party
from models.opening import open_office

ROOT = Path(__file__).resolve().parents[3]
NOW = dt.datetime(2024, 6, 30, 9, 0)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextlib.contextmanager
def untouched(path: Path) -> Iterator[None]:
    """The file holds the same bytes afterwards and nothing was left beside it."""
    before = digest(path)
    yield
    assert digest(path) == before
    assert not path.with_name(path.name + "-journal").exists()


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """The file of a seeded, closed ledger."""
    ledger = open_office(tmp_path)
    with ledger.write("登记") as tx:
        tx.insert(Party, name="示例当事人", kind="organization")
    ledger.close()
    return ledger.path


def run(code: str, *args: Any, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, args)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False, **options
    )


def test_a_newer_ledger_is_refused(closed: Path) -> None:
    with contextlib.closing(sqlite3.connect(closed)) as conn, conn:
        conn.execute("INSERT INTO schema_migration SELECT NULL, '9999_later', '2030-01-01'")
    for write in (True, False):
        with untouched(closed), pytest.raises(LedgerNewer, match="升级本程序"):
            open_office(closed.parent, write=write)


@pytest.mark.parametrize(
    "damage", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000], ids=["text", "header"]
)
def test_what_is_no_ledger_is_refused(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(damage)
    with untouched(path), pytest.raises(LedgerCorrupt, match="已损坏或不是台账"):
        open_office(tmp_path)


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with contextlib.closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("CREATE TABLE mine (id INTEGER)")
    with untouched(path), pytest.raises(LedgerCorrupt, match="不是本程序的台账"):
        open_office(tmp_path)


def test_an_empty_file_beside_backups_is_refused(closed: Path) -> None:
    copy_database(closed, closed.parent / "backups" / "auto-20240629-090000.db")
    closed.write_bytes(b"")
    with untouched(closed), pytest.raises(LedgerCorrupt, match="内容已丢失"):
        open_office(closed.parent)


def test_a_first_start_that_was_cut_off_begins_again(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute(f"PRAGMA application_id = {files.APPLICATION_ID}")
    ledger = open_office(tmp_path)
    assert ledger.check() == []
    ledger.close()


def test_a_truncated_ledger_says_so(closed: Path) -> None:
    size = closed.stat().st_size
    with closed.open("r+b") as file:
        file.truncate(size // 2)
    with pytest.raises(LedgerCorrupt):
        open_office(closed.parent)
    assert check_database(closed) != []


OPEN = """
import sys
from pathlib import Path
from models.core.errors import KnownError
from models.opening import open_office
try:
    open_office(Path(sys.argv[1])).close()
except KnownError as exc:
    print(type(exc).__name__, exc)
"""


#: Root without CAP_DAC_OVERRIDE obeys permissions like anybody; it is given up for good before the program starts.
WITHOUT_OVERRIDE = f"""
import ctypes, os, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, "-c", {OPEN!r}, *sys.argv[1:]])
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_read_only(closed: Path, what: str) -> None:
    with tempfile.TemporaryDirectory(prefix="shian-test-") as outer:
        Path(outer).chmod(0o755)
        folder = Path(outer) / "office"
        shutil.copytree(closed.parent, folder)
        folder.chmod(0o777 if what == "file" else 0o555)
        for path in folder.rglob("*"):
            path.chmod(0o777 if path.is_dir() else 0o444 if path.name == FILE_NAME else 0o666)
        with untouched(folder / FILE_NAME):
            done = run(WITHOUT_OVERRIDE if os.geteuid() == 0 else OPEN, folder)
        assert done.stdout.startswith("LedgerReadOnly"), done.stdout + done.stderr
        folder.chmod(0o777)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(LedgerReadOnly, match="不能建立台账文件夹"):
        open_office(tmp_path / "file" / "office")


HOLD = """
import sys, time
from pathlib import Path
from models.opening import open_office
ledger = open_office(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.file_bound
def test_another_window_holds_it(closed: Path, make_office: Callable[..., Any]) -> None:
    command = [sys.executable, "-c", HOLD, str(closed.parent)]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LedgerLocked, match="另一个窗口"):
            open_office(closed.parent)
        with pytest.raises(LedgerLocked):
            restore_database(_copy_of(closed), closed.parent, NOW)
        reader = make_office(closed.parent, write=False)
        assert Party.live().count() == 1
        reader.ledger.backup(closed.parent / "copy.db")
        assert check_database(closed.parent / "copy.db") == []
        with pytest.raises(LedgerLocked, match="只能查看"), reader.ledger.write("改"):
            pass
    finally:
        other.communicate("")


def _copy_of(path: Path) -> Path:
    target = path.with_name("copy-of.db")
    copy_database(path, target)
    return target


@pytest.mark.file_bound
def test_a_full_disk_keeps_what_was_there(office: Any) -> None:
    office.party(name="示例当事人")
    pages = office.ledger.db.execute_sql("PRAGMA page_count").fetchone()[0]
    office.ledger.db.execute_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(LedgerFull, match="磁盘已满"), office.ledger.write("很多") as tx:  # noqa: PT012
        for number in range(500):
            tx.insert(Party, name=f"示例{number}" * 20, kind="organization")
    assert [p.name for p in Party.live()] == ["示例当事人"]
    assert office.ledger.check() == []
    office.ledger.db.execute_sql("PRAGMA max_page_count = 1000000")
    assert office.party(name="又能写").id


LIMITED = """
import resource, signal, sys
from pathlib import Path
from models.core.errors import KnownError
from models.enterprise import Party
from models.opening import open_office
ledger = open_office(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
for action in (lambda: ledger.backup(Path(sys.argv[1]) / "copy.db"), lambda: write()):
    def write():
        with ledger.write("很多") as tx:
            for number in range(3000):
                tx.insert(Party, name="示例" * 60, kind="organization")
    try:
        action()
        print("done")
    except KnownError as exc:
        print(type(exc).__name__, "没有" in str(exc) or "已满" in str(exc))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file size limit")
def test_a_write_the_system_cuts_short(closed: Path) -> None:
    done = run(LIMITED, closed.parent)
    words = done.stdout.split()
    assert len(words) == 4, done.stdout + done.stderr
    assert all(word.startswith("Ledger") or word == "True" for word in words), done.stdout
    assert check_database(closed) == []
    with contextlib.closing(sqlite3.connect(closed)) as conn:
        assert conn.execute("SELECT COUNT(*) FROM party").fetchone()[0] == 1
    assert not (closed.parent / "copy.db").exists()
    assert not (closed.parent / "copy.db.part").exists()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/mnt/share/a/ledger.db", "cifs"),
        ("/mnt/my disk/ledger.db", "nfs4"),
        ("/mnt/shared/ledger.db", "ext4"),
        ("/srv/x/ledger.db", "ext4"),
    ],
)
def test_network_shares_are_known(path: str, expected: str) -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n//server/x /mnt/share cifs rw 0 0\nserver:/y /mnt/my\\040disk nfs4 rw 0 0\n"
    )
    assert files.filesystem_of(path, mounts) == expected


def test_no_wal_on_a_network_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        files, "NETWORK_FILESYSTEMS", frozenset({files.filesystem_of(str(tmp_path), _mounts())})
    )
    ledger = open_office(tmp_path)
    assert ledger.db.execute_sql("PRAGMA journal_mode").fetchone()[0] == "delete"
    ledger.close()


def _mounts() -> str:
    return Path("/proc/mounts").read_text(encoding="utf-8")


WRITE = """
import sys
from pathlib import Path
from models.enterprise import Party
from models.opening import open_office
ledger = open_office(Path(sys.argv[1]))
print("writing", flush=True)
for number in range(100_000):
    with ledger.write("登记") as tx:
        tx.insert(Party, name=f"示例{number}", kind="organization")
        tx.insert(Party, name=f"示例{number}", kind="organization")
"""


def test_backup_while_another_process_writes(closed: Path) -> None:
    command = [sys.executable, "-c", WRITE, str(closed.parent)]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert other.stdout is not None
        other.stdout.readline()
        for number in range(5):
            target = closed.parent / f"copy{number}.db"
            copy_database(closed, target)
            assert check_database(target) == []
            with contextlib.closing(sqlite3.connect(target)) as conn:
                assert conn.execute("SELECT COUNT(*) % 2 FROM party").fetchone()[0] == 1, "whole actions only"
    finally:
        other.kill()
        other.communicate()


def test_a_backup_that_cannot_be_written(closed: Path) -> None:
    (closed.parent / "folder.db").mkdir()
    for target, words in ((closed.parent / "folder.db", "同名的文件夹"), (closed, "正在使用的台账")):
        with untouched(closed), pytest.raises(LedgerError, match=words):
            copy_database(closed, target)


def test_restore_keeps_what_it_replaces(closed: Path) -> None:
    copy = _copy_of(closed)
    ledger = open_office(closed.parent)
    with ledger.write("登记") as tx:
        tx.insert(Party, name="后来的", kind="organization")
    ledger.close()
    kept = restore_database(copy, closed.parent, NOW)
    assert kept.name == "before-restore-20240630-090000.db"
    names = []
    for path in (closed, kept):
        with contextlib.closing(sqlite3.connect(path)) as conn:
            names.append([row[0] for row in conn.execute("SELECT name FROM party ORDER BY id")])
    assert names == [["示例当事人"], ["示例当事人", "后来的"]]
    closed.write_bytes(b"damaged" * 1000)
    kept = restore_database(copy, closed.parent, NOW + dt.timedelta(seconds=1))
    assert kept.read_bytes() == b"damaged" * 1000
    assert check_database(closed) == []


def test_restoring_what_was_just_replaced_within_the_same_second(closed: Path) -> None:
    """The backup of what is replaced must not take the place of the one that is being restored."""
    copy = _copy_of(closed)
    ledger = open_office(closed.parent)
    with ledger.write("登记") as tx:
        tx.insert(Party, name="后来的", kind="organization")
    ledger.close()
    first = restore_database(copy, closed.parent, NOW)
    second = restore_database(first, closed.parent, NOW)
    assert second.name == "before-restore-20240630-090000-2.db"
    with contextlib.closing(sqlite3.connect(closed)) as conn:
        assert conn.execute("SELECT COUNT(*) FROM party").fetchone() == (2,)


def test_restore_refuses_what_is_no_sound_ledger(closed: Path, tmp_path: Path) -> None:
    text, cut = tmp_path / "text.db", _copy_of(closed)
    text.write_bytes(b"x" * 9000)
    with cut.open("r+b") as file:
        file.truncate(cut.stat().st_size // 2)
    for source in (text, cut, tmp_path / "none.db", closed):
        with untouched(closed), pytest.raises(KnownError):
            restore_database(source, closed.parent, NOW)


def test_backups_rotate(closed: Path) -> None:
    folder = closed.parent
    for day in range(13):
        now = NOW + dt.timedelta(days=day)
        assert rotate(closed, now) is not None
        assert rotate(closed, now + dt.timedelta(hours=23)) is None
    found = automatic_backups(folder)
    assert len(found) == 10
    assert found[0][0] == NOW + dt.timedelta(days=12)
    assert all(check_database(path) == [] for _, path in found)
    assert rotate(closed, NOW) is not None, "a clock set back must not stop the backups"


def test_backups_of_the_open_ledger(office: Any) -> None:
    assert office.ledger.last_backup() is None
    made: list[Any] = []

    def work() -> None:
        made.append(office.ledger.rotate_backups())
        office.ledger.close_thread()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert made[0].exists()
    when = office.ledger.last_backup()
    assert abs(when - dt.datetime.now()) < dt.timedelta(minutes=1)
    assert office.ledger.rotate_backups() is None


def test_readers_see_the_old_state_during_a_write(office: Any) -> None:
    office.party(name="示例当事人")
    seen: list[Any] = []

    def read() -> None:
        try:
            seen.append(Party.live().count())
            Party.insert(name="x", kind="organization").execute()
        except peewee.DatabaseError as exc:
            seen.append(str(exc))
        finally:
            office.ledger.close_thread()

    with office.ledger.write("慢") as tx:
        for number in range(200):
            tx.insert(Party, name=f"示例{number}", kind="organization")
        thread = threading.Thread(target=read)
        thread.start()
        thread.join(5)
        assert not thread.is_alive()
    assert seen[0] == 1
    assert "readonly" in seen[1] or "read-only" in seen[1]
    assert Party.live().count() == 201
    with pytest.raises(peewee.DatabaseError, match=r"read-?only"):
        Party.update(name="x").execute()


def test_a_write_inside_a_write_is_a_mistake(office: Any) -> None:
    with pytest.raises(RuntimeError), office.ledger.write("外") as tx:  # noqa: PT012
        tx.insert(Party, name="外", kind="organization")
        with office.ledger.write("内"):
            pass
    assert Party.live().count() == 0


def test_opening_again_changes_nothing(closed: Path) -> None:
    with untouched(closed):
        open_ledger(closed.parent, write=False).close()
        open_office(closed.parent).close()
