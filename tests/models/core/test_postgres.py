"""A ledger on a server: who writes, what a lost connection does, copies between the engines, errors in words."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.core.engine import ADDRESS_FILE, engine_of
from models.core.errors import KnownError, LedgerLocked, LedgerNewer, LedgerUnreachable
from models.core.files import FILE_NAME, check_database
from models.core.ledger import restore_database
from models.core.register import View, register
from models.enterprise import Party
from models.ledger_check import check_office
from models.opening import open_office
from tests import databases

pytestmark = pytest.mark.postgresql

ROOT = Path(__file__).resolve().parents[3]
NOW = dt.datetime(2024, 6, 30, 9, 0)
HOLD = """
import sys
from pathlib import Path
from models.opening import open_office
ledger = open_office(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def hang_up(office: Any, where: str = "true") -> None:
    """What the other side sees of a server that stops: every connection to the database ends."""
    with office.ledger.engine.plain() as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND pid <> pg_backend_pid() AND {where}"
        )


def names() -> list[str]:
    return [party.name for party in Party.live().order_by(Party.id)]


def test_the_second_desk_is_told_who_writes(office: Any, make_office: Callable[..., Any], tmp_path: Path) -> None:
    office.party(name="示例当事人")
    office.ledger.close()
    second = tmp_path / "second"
    second.mkdir()
    (second / ADDRESS_FILE).write_text((office.ledger.folder / ADDRESS_FILE).read_text("utf-8"), "utf-8")
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(office.ledger.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LedgerLocked, match=r"@.* 正在修改台账"):
            open_office(second)
        reader = make_office(second, write=False)
        assert names() == ["示例当事人"]
        with pytest.raises(LedgerLocked, match="只能查看"), reader.ledger.write("改"):
            pass
        reader.ledger.close()
    finally:
        other.communicate("")
    assert make_office(second).party(name="轮到我").id


def test_a_reader_works_on_after_the_server_was_away(office: Any) -> None:
    office.party(name="示例当事人")
    hang_up(office)
    assert names() == ["示例当事人"]
    hang_up(office)
    assert office.party(name="又能写").id, "the lock was lost with its connection and is taken again"


def test_a_connection_lost_in_the_middle_of_a_write(office: Any) -> None:
    office.party(name="先有的")
    with pytest.raises(LedgerUnreachable, match="还在"), office.ledger.write("登记") as tx:  # noqa: PT012
        tx.insert(Party, name="一半", kind="organization")
        hang_up(office)
        tx.insert(Party, name="另一半", kind="organization")
    assert names() == ["先有的"]
    assert office.party(name="再来").id


def test_a_connection_lost_at_the_commit(office: Any) -> None:
    with pytest.raises(LedgerUnreachable, match="不能确定"), office.ledger.write("登记") as tx:  # noqa: PT012
        tx.insert(Party, name="最后一刻", kind="organization")
        tx.action.save = lambda: hang_up(office)  # the last statement before the commit
    assert names() == []


def test_who_lost_the_right_to_write_learns_it(office: Any) -> None:
    hang_up(office, "query LIKE '%advisory%' OR query = 'SELECT 1'")
    thief = office.ledger.engine.take_lock()
    try:
        with pytest.raises(LedgerLocked, match="正在修改台账"):
            office.party()
    finally:
        thief.release()
    assert office.party().id


def test_a_backup_goes_into_either_engine(office: Any, new_place: Callable[[Path], Path], tmp_path: Path) -> None:
    place = office.enterprise(name="示例小吃店")
    office.issued(inspection=office.inspection(place))
    office.ledger.backup(tmp_path / "copy.db")
    assert check_database(tmp_path / "copy.db") == []
    expected = {name: list(register(name).ids(View(), office.today)) for name in ("enterprises", "notices", "findings")}
    office.ledger.close()
    for folder in (new_place(tmp_path / "server"), tmp_path / "file"):
        restore_database(tmp_path / "copy.db", folder, NOW)
        assert check_office(folder) == []
        ledger = open_office(folder, today=office.today)
        found = {name: list(register(name).ids(View(), office.today)) for name in expected}
        with ledger.write("登记") as tx:
            assert tx.insert(Party, name="其后的", kind="organization").id > max(p.id for p in Party.select()) - 1
        ledger.close()
        assert found == expected
    assert not (tmp_path / "server" / FILE_NAME).exists()
    (kept,) = (tmp_path / "server" / "backups").glob("before-restore-*.db")
    assert check_database(kept) == []


def test_a_restore_that_fails_changes_nothing(office: Any, tmp_path: Path) -> None:
    office.party(name="示例当事人")
    office.ledger.backup(tmp_path / "copy.db")
    office.ledger.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "copy.db")) as conn, conn:
        conn.execute("UPDATE party SET name = ?", ("很长" * 500,))
    with pytest.raises(KnownError, match="没有恢复"):
        restore_database(tmp_path / "copy.db", office.ledger.folder, NOW)
    ledger = open_office(office.ledger.folder)
    assert names() == ["示例当事人"]
    ledger.close()


def test_a_newer_ledger_is_refused(office: Any) -> None:
    with office.ledger.engine.plain() as conn:
        conn.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', now())")
    office.ledger.close()
    with pytest.raises(LedgerNewer, match="升级本程序"):
        open_office(office.ledger.folder)


def test_what_the_check_finds(office: Any) -> None:
    folder = office.ledger.folder
    assert check_office(folder) == []
    with office.ledger.engine.plain() as conn:
        conn.execute("DROP INDEX party_live_1")
        conn.execute("ALTER TABLE enterprise ADD COLUMN colour text")
    found = check_office(folder)
    assert any("缺少索引 party_live_1" in line for line in found)
    assert any("多出列 enterprise.colour" in line for line in found)


def test_text_is_ordered_as_in_a_file(office: Any) -> None:
    """The server of these tests sorts Chinese by its own rules; pinyin keys go by their letters all the same."""
    for name in ("阿店", "安店", "A店", "Z店", "10号", "2号", "a 店"):
        office.party(name=name)
    keys = [p.name_key for p in Party.live().order_by(Party.name_key)]
    assert keys == sorted(keys)
    assert Party.live().where(Party.search_text.contains("Z店")).count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda url: url.replace("/" + url.split("/")[3].split("?")[0], "/nowhere", 1), "没有数据库 nowhere"),
        (lambda url: f"psycopg3://u@127.0.0.1:9/{databases.RUN}", "连不上"),
        (lambda url: url.replace("shian@", "nobody-here@", 1), "没有这个用户"),
    ],
    ids=["database", "server", "user"],
)
def test_a_server_that_refuses(office: Any, tmp_path: Path, change: Callable[[str], str], words: str) -> None:
    url = (office.ledger.folder / ADDRESS_FILE).read_text("utf-8").splitlines()[-1]
    folder = databases.place_at(tmp_path / "other", change(url))
    with pytest.raises(LedgerUnreachable, match=words):
        engine_of(folder).exists()
