"""Backup, restore and check of attachments as the command line does them."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

import app
from models.area import Area
from models.attachment import Piece, remove, store, take_in
from models.core.blobs import Blobs
from models.opening import open_office


class Done(NamedTuple):
    code: int
    out: str
    err: str


def call(*line: str | Path) -> Done:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = app.main([str(part) for part in line])
    return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A closed ledger with two attachments of an area and a third one that was removed."""
    folder = tmp_path / "office"
    ledger = open_office(folder)
    area = Area.get(Area.name == "新枫街道")
    taken = take_in(ledger.blobs, [Piece(f"照片{n}.jpg", b"photo" * n) for n in (1, 2, 3)], 1000).taken
    with ledger.write("添加附件") as tx:
        rows = store(tx, "area", area.id, taken)
    with ledger.write("移除附件") as tx:
        remove(tx, [rows[2].id])
    ledger.close()
    return folder


def blob(folder: Path, size: int) -> Path:
    return next(p for p in (folder / "attachments").rglob("*") if p.is_file() and p.stat().st_size == size)


def contents(folder: Path) -> set[bytes]:
    return {Blobs(folder).path(digest).read_bytes() for digest in Blobs(folder).digests()}


ALL = {b"photo", b"photo" * 2, b"photo" * 3}


@pytest.mark.parametrize("name", ["backup.db", "backup.zip", "备份.ZIP", "backup"])
def test_backup_and_restore(office: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "u盘" / name
    done = call("--data-dir", office, "backup", "-o", target)
    assert (done.code, done.err) == (0, "")
    beside = target.with_name("backup.attachments")
    if name.lower().endswith(".zip"):
        assert sorted(p.name for p in target.parent.iterdir()) == [name]
    else:
        assert str(beside) in done.out
        assert contents(beside) == ALL, "undo may need what was removed"
    elsewhere = tmp_path / "new"
    done = call("--data-dir", elsewhere, "restore", target)
    assert (done.code, done.err) == (0, "")
    assert contents(elsewhere / "attachments") == ALL
    assert call("--data-dir", elsewhere, "check") == (0, "未发现问题\n", "")
    assert sorted(p.name for p in elsewhere.iterdir()) == ["attachments", "ledger.db", "ledger.lock"]


def test_a_ledger_without_attachments_is_one_file(tmp_path: Path) -> None:
    open_office(tmp_path / "office").close()
    done = call("--data-dir", tmp_path / "office", "backup", "-o", tmp_path / "far" / "b.db")
    assert "附件" not in done.out
    assert [p.name for p in (tmp_path / "far").iterdir()] == ["b.db"]


def test_a_second_backup_copies_only_what_is_new(office: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    call("--data-dir", office, "backup", "-o", target)
    before = {p: p.stat().st_ino for p in (tmp_path / "b.attachments").rglob("*") if p.is_file()}
    call("--data-dir", office, "backup", "-o", target)
    assert {p: p.stat().st_ino for p in (tmp_path / "b.attachments").rglob("*") if p.is_file()} == before


def test_a_restore_heals_what_was_lost_or_altered_and_takes_nothing_away(office: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    call("--data-dir", office, "backup", "-o", target)
    blob(office, 5).unlink()
    altered = blob(office, 10)
    altered.chmod(0o644)
    altered.write_bytes(b"0123456789")
    loose = Blobs(office / "attachments").put(b"later")
    assert call("--data-dir", office, "restore", target).code == 0
    assert contents(office / "attachments") == ALL | {b"later"}
    done = call("--data-dir", office, "check")
    assert "发现1个问题" in done.err
    assert f"attachments{os.sep}{loose.digest[:2]}" in done.err


def test_the_check_names_record_and_file(office: Path) -> None:
    blob(office, 5).unlink()
    altered = blob(office, 10)
    altered.chmod(0o644)
    altered.write_bytes(b"0123456789")
    Blobs(office / "attachments").put(b"loose")
    done = call("--data-dir", office, "check")
    assert (done.code, done.out) == (1, "")
    head, missing, changed, orphan = done.err.strip().splitlines()
    assert head == "发现3个问题："
    assert missing.startswith("区划“新枫街道”的附件“照片1.jpg”：文件不见了")
    assert changed.startswith("区划“新枫街道”的附件“照片2.jpg”：文件被改动过")
    assert "没有记录用到它" in orphan


def test_a_lacking_content_is_told_by_backup_and_restore(office: Path, tmp_path: Path) -> None:
    blob(office, 5).unlink()
    for name in ("b.db", "b.zip"):
        done = call("--data-dir", office, "backup", "-o", tmp_path / name)
        assert done.code == 1
        assert "有1个附件的内容没有备份到：照片1.jpg" in done.err
        done = call("--data-dir", tmp_path / f"new-{name}", "restore", tmp_path / name)
        assert done.code == 1
        assert "照片1.jpg" in done.err
        assert (tmp_path / f"new-{name}" / "ledger.db").exists()


def test_automatic_backups_share_the_contents(office: Path, tmp_path: Path) -> None:
    ledger = open_office(office)
    made = ledger.rotate_backups()
    assert made is not None
    assert ledger.backup(office / "backups" / "manual-1.db") == []
    ledger.close()
    assert sorted(p.name for p in (office / "backups").iterdir()) == ["attachments", made.name, "manual-1.db"]
    assert contents(office / "backups" / "attachments") == ALL
    shutil.rmtree(office / "attachments")
    assert call("--data-dir", office, "restore", made).code == 0
    assert contents(office / "attachments") == ALL
    assert call("--data-dir", office, "check").code == 0


def test_a_content_that_only_a_backup_needs_is_no_orphan(office: Path) -> None:
    ledger = open_office(office)
    made = ledger.rotate_backups()
    taken = take_in(ledger.blobs, [Piece("后来.txt", b"later")], 1000).taken
    with ledger.write("添加附件") as tx:
        store(tx, "area", 1, taken)
    ledger.close()
    assert made is not None
    assert call("--data-dir", office, "restore", made).code == 0
    assert call("--data-dir", office, "check").code == 0, "the backup before the restore names it"


def test_what_is_no_backup_is_refused(office: Path, tmp_path: Path) -> None:
    before = (office / "ledger.db").read_bytes()
    empty, cut, other = tmp_path / "empty.zip", tmp_path / "cut.zip", tmp_path / "other.zip"
    with zipfile.ZipFile(empty, "w") as packed:
        packed.writestr("../evil.txt", "x")
    call("--data-dir", office, "backup", "-o", cut)
    content = cut.read_bytes()
    cut.write_bytes(content[:300] + b"\0" * 3000 + content[3300:])
    with zipfile.ZipFile(other, "w") as packed, closing(sqlite3.connect(tmp_path / "t.db")) as db:
        db.execute("CREATE TABLE t (x)")
        db.commit()
        packed.write(tmp_path / "t.db", "ledger.db")
    for path, words in ((empty, "里没有台账"), (cut, "已损坏"), (other, "other.zip 不是本程序的台账文件")):
        done = call("--data-dir", office, "restore", path)
        assert (done.code, done.out) == (1, "")
        assert words in done.err
    assert (office / "ledger.db").read_bytes() == before
    assert not (tmp_path / "evil.txt").exists()


def test_a_backup_cut_short_keeps_the_older_one(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.db", "b.zip"):
        target = tmp_path / name
        call("--data-dir", office, "backup", "-o", target)
        before = target.read_bytes()
        shutil.rmtree(tmp_path / "b.attachments", ignore_errors=True)
        (tmp_path / "b.attachments").write_text("in the way")
        if name == "b.zip":
            (tmp_path / "b.zip.part").mkdir()
        done = call("--data-dir", office, "backup", "-o", target)
        assert done.code == 1
        assert "不能写入" in done.err
        assert target.read_bytes() == before
        assert not list(tmp_path.glob("*.new"))
        (tmp_path / "b.attachments").unlink()
