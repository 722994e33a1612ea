"""The store of contents: whole or not there, kept once, healed, never emptied by a cancelled or cut-off taking in."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.blobs import CHUNK, Blobs, Unreadable, in_words
from models.core.errors import LedgerError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "attachments")


def files(blobs: Blobs) -> list[str]:
    return sorted(p.name for p in blobs.folder.rglob("*") if p.is_file())


@given(st.lists(st.binary(min_size=1, max_size=3000), min_size=1, max_size=6))
def test_a_content_is_kept_once_under_its_hash(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    blobs = Blobs(tmp_path_factory.mktemp("store") / "attachments")
    for content in contents:
        blob = blobs.put(content, "a.bin")
        assert blob.digest == hashlib.sha256(content).hexdigest()
        assert blob.size == len(content)
        assert blobs.path(blob.digest).read_bytes() == content
        assert blobs.fault(blob.digest, blob.size) == ""
    assert files(blobs) == sorted({hashlib.sha256(c).hexdigest() for c in contents})
    assert set(blobs.digests()) == set(files(blobs))


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_a_content_is_read_only(blobs: Blobs) -> None:
    assert blobs.path(blobs.put(b"x").digest).stat().st_mode & 0o777 == 0o444


def test_an_altered_content_is_found_and_healed_by_taking_it_in_again(blobs: Blobs) -> None:
    blob = blobs.put(b"right", "a.txt")
    path = blobs.path(blob.digest)
    path.chmod(0o644)
    path.write_bytes(b"wrong")
    assert blobs.fault(blob.digest, blob.size) == "altered"
    blobs.put(b"right", "a.txt")
    assert blobs.fault(blob.digest, blob.size) == ""
    path.chmod(0o644)
    path.unlink()
    assert blobs.fault(blob.digest, blob.size) == "missing"


def test_what_cannot_be_taken_in_is_named(blobs: Blobs, tmp_path: Path) -> None:
    (tmp_path / "空.txt").touch()
    (tmp_path / "大.bin").write_bytes(b"x" * 2049)
    with pytest.raises(Unreadable, match=r"“空.txt”是空的"):
        blobs.put(tmp_path / "空.txt")
    with pytest.raises(Unreadable, match=r"“大.bin”有2 KB，超过单个附件2 KB的上限"):
        blobs.put(tmp_path / "大.bin", limit=2048)
    with pytest.raises(Unreadable, match=r"“.*”是文件夹"):
        blobs.put(tmp_path)
    with pytest.raises(Unreadable, match=r"“没有.jpg”不能读取：位置不存在"):
        blobs.put(tmp_path / "没有.jpg")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "管道")
        with pytest.raises(Unreadable, match=r"不是普通文件"):
            blobs.put(tmp_path / "管道")
    assert files(blobs) == []


def test_a_file_that_grows_over_the_limit_while_it_is_read(blobs: Blobs, tmp_path: Path) -> None:
    source = tmp_path / "长.log"
    source.write_bytes(b"x" * CHUNK)

    def grow(_count: int) -> None:
        with source.open("ab") as stream:
            stream.write(b"x" * CHUNK)

    with pytest.raises(Unreadable, match=r"上限"):
        blobs.put(source, limit=3 * CHUNK, told=grow)
    assert files(blobs) == []


def test_stopping_leaves_nothing(blobs: Blobs) -> None:
    class StopError(Exception):
        pass

    def stop(_count: int) -> None:
        raise StopError

    with pytest.raises(StopError):
        blobs.put(b"x" * 100, "a", told=stop)
    assert files(blobs) == []


def test_what_somebody_else_is_taking_in_is_not_discarded(blobs: Blobs) -> None:
    first, second = blobs.put(b"same"), blobs.put(b"same")
    blobs.discard([first.digest], lambda digests: set())
    assert files(blobs) == [first.digest]
    blobs.discard([second.digest], set)
    assert files(blobs) == [first.digest], "a row names it"
    blobs.put(b"same")
    blobs.discard([first.digest], lambda digests: set())
    assert files(blobs) == []


def test_many_threads_put_the_same(blobs: Blobs) -> None:
    contents = [bytes([n]) * (CHUNK + n) for n in range(4)]
    threads = [threading.Thread(target=lambda: [blobs.put(c) for c in contents]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert files(blobs) == sorted(hashlib.sha256(c).hexdigest() for c in contents)


def test_a_half_written_part_of_an_earlier_run_is_cleared_away(blobs: Blobs) -> None:
    blobs.put(b"x")
    old = blobs.folder / "incoming" / "left"
    old.write_bytes(b"half")
    os.utime(old, (1, 1))
    blobs.put(b"y")
    assert not old.exists()


LIMITED = """
import resource, signal, sys
from pathlib import Path
from models.core.blobs import Blobs
from models.core.errors import LedgerFull
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    Blobs(Path(sys.argv[1])).put(b"x" * 3_000_000, "照片.jpg")
except LedgerFull as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file size limit")
def test_a_full_disk_leaves_nothing(blobs: Blobs) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(blobs.folder)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert "不能保存附件“照片.jpg”" in done.stdout, done.stderr
    assert files(blobs) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "attachments").write_text("a file in the way")
    with pytest.raises(LedgerError, match=r"不能保存附件“a.jpg”"):
        Blobs(tmp_path / "attachments").put(b"x", "a.jpg")


LOOP = """
import sys
from pathlib import Path
from models.core.blobs import Blobs
blobs = Blobs(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(10_000):
    print(blobs.put(number.to_bytes(4, "big") * 40_000).digest, flush=True)
"""


def test_killed_at_any_moment_every_name_is_whole(blobs: Blobs) -> None:
    rng, confirmed = random.Random(7), set()
    for _ in range(4):
        command = [sys.executable, "-c", LOOP, str(blobs.folder)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(rng.randrange(2, 9)):
            confirmed.add(process.stdout.readline().strip())
        process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        rest, _ = process.communicate()
        confirmed |= {line for line in rest.splitlines() if len(line) == 64}
    confirmed.discard("ready")
    there = set(blobs.digests())
    assert confirmed <= there
    assert all(blobs.fault(digest, 160_000) == "" for digest in there)


@pytest.mark.parametrize(
    ("size", "words"), [(820, "820 B"), (1024, "1 KB"), (1500, "1.5 KB"), (104857600, "100 MB"), (5 * 2**40, "5 TB")]
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert in_words(size) == words
