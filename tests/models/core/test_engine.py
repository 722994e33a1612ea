"""Which database a folder stands for: its address, and that no password is ever written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import main
from models.core.engine import ADDRESS_FILE, FileEngine, address, engine_of, remember_address, split_password
from models.core.errors import LedgerError, LedgerFull, LedgerReadOnly, LedgerUnreachable
from models.core.files import FILE_NAME
from models.core.postgres_errors import explain

URL = "psycopg3://clerk@server:5433/ledger"


@pytest.mark.parametrize(
    ("url", "plain", "password"),
    [
        (URL, URL, ""),
        ("postgresql://clerk:p%40ss@server:5433/ledger", URL, "p@ss"),
        ("postgres://server/ledger?user=a&password=geheim", "psycopg3://server/ledger?user=a", "geheim"),
        ("psycopg3:///ledger?host=/run/postgresql", "psycopg3:///ledger?host=/run/postgresql", ""),
        ("psycopg3://clerk@/ledger?host=/run/pg", "psycopg3://clerk@/ledger?host=/run/pg", ""),
        ("psycopg3://clerk@[::1]:5433/ledger", "psycopg3://clerk@[::1]:5433/ledger", ""),
    ],
)
def test_addresses(url: str, plain: str, password: str) -> None:
    assert split_password(url) == (plain, password)
    assert split_password(plain) == (plain, "")


@pytest.mark.parametrize("url", ["", "ledger", "mysql://server/ledger", "psycopg3://server", "psycopg3://s:x/ledger"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(LedgerError, match="psycopg3://"):
        split_password(url)


def test_a_folder_remembers_its_database(tmp_path: Path) -> None:
    assert isinstance(engine_of(tmp_path), FileEngine)
    remember_address(tmp_path / "new", URL)
    assert address(tmp_path / "new") == URL
    with pytest.raises(LedgerError, match="密码"):
        remember_address(tmp_path / "secret", "psycopg3://clerk:geheim@server/ledger")
    assert not (tmp_path / "secret").exists()
    (tmp_path / ADDRESS_FILE).write_text("psycopg3://clerk:geheim@server/ledger", "utf-8")
    with pytest.raises(LedgerError, match="删去密码") as told:
        address(tmp_path)
    assert "geheim" not in str(told.value)


def test_a_folder_with_a_ledger_keeps_it(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"")
    with pytest.raises(LedgerError, match="restore"):
        remember_address(tmp_path, URL)
    assert not (tmp_path / ADDRESS_FILE).exists()


def test_the_password_of_the_command_line_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "2")
    url = "psycopg3://clerk:geheim@127.0.0.1:9/ledger"
    assert main(["--data-dir", str(tmp_path / "office"), "--database", url, "list", "enterprises"]) == 1
    monkeypatch.delenv("PGPASSWORD", raising=False)
    said = capfd.readouterr()
    assert "连不上" in said.err or "没有安装" in said.err
    written = "".join(path.read_text("utf-8") for path in (tmp_path / "office").rglob("*") if path.is_file())
    assert "psycopg3://clerk@127.0.0.1:9/ledger" in written
    assert "geheim" not in written + said.err + said.out


@pytest.mark.parametrize(
    ("said", "state", "kind"),
    [
        ('FATAL:  password authentication failed for user "clerk"', None, LedgerUnreachable),
        ('致命错误:  用户 "clerk" Password 认证失败', None, LedgerUnreachable),
        ('FATAL:  database "ledger" does not exist', None, LedgerUnreachable),
        ("connection to server at \"10.0.0.9\", port 5432 failed: Connection refused", None, LedgerUnreachable),
        ("terminating connection due to administrator command", "57P01", LedgerUnreachable),
        ("could not extend file: No space left on device", "53100", LedgerFull),
        ("cannot execute INSERT in a read-only transaction", "25006", LedgerReadOnly),
    ],
)
def test_a_servers_words(said: str, state: str | None, kind: type) -> None:
    error = RuntimeError(said)
    error.sqlstate = state  # type: ignore[attr-defined]
    told = explain(error, "数据库 ledger")
    assert type(told) is kind
    assert told.advice
