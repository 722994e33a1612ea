"""File names: whatever comes in can be written on every system, and says what the file is."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.rules.file_names import ending_of, media_type, numbered, safe_file_name, with_ending

RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")


@given(st.text(max_size=400))
@example("../../etc/passwd")
@example("C:\\照片\\门头.jpg")
@example("CON.txt")
@example("nul")
@example("食" * 200 + ".jpeg")
@example("后厨👩‍🍳.png")
@example(" . ")
@example("a" * 300)
@example("x." + "y" * 300)
@example("\udcff坏名.jpg")
@example(".gitignore")
@example("COM1 .txt")
def test_every_name_can_be_written(text: str) -> None:
    name = safe_file_name(text)
    assert name
    assert name not in (".", "..")
    assert len(name.encode()) <= 255
    assert not re.search(r'[\\/:*?"<>|\x00-\x1f]', name)
    assert not name.endswith((" ", "."))
    assert not RESERVED.match(name)
    assert safe_file_name(name) == name, "once is enough"
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(b"x")
        assert [p.name for p in Path(folder).iterdir()] == [name]


@given(st.text(min_size=1, max_size=300), st.sets(st.integers(2, 6)))
def test_a_taken_name_gets_a_number(text: str, more: set[int]) -> None:
    name = safe_file_name(text)
    taken = {name.lower()}
    for _ in more:
        found = numbered(name, taken)
        assert found.lower() not in taken
        assert len(found.encode()) <= 255
        assert ending_of(found) == ending_of(name)
        taken.add(found.lower())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("门头.jpg", "门头.jpg"),
        ("D:\\现场\\门头?.jpg", "门头_.jpg"),
        ("/家/文件夹/", "文件夹"),
        ("con.pdf", "_con.pdf"),
        ("", "未命名"),
        ("...", "未命名"),
        ("两\n行.png", "两行.png"),
        ("食" * 100 + ".jpeg", "食" * 83 + ".jpeg"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert safe_file_name(text) == name


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("证照", b"%PDF-1.7", "application/pdf"),
        ("a.heic", b"\0\0\0\x18ftypheic", "image/heic"),
        ("a.webp", b"RIFF\0\0\0\0WEBP", "image/webp"),
        ("表.XLSX", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.未知", b"?", "application/octet-stream"),
    ],
)
def test_kinds(name: str, head: bytes, kind: str) -> None:
    assert media_type(name, head) == kind


def test_a_kind_gives_the_ending() -> None:
    assert with_ending("扫描件", "application/pdf") == "扫描件.pdf"
    assert with_ending("扫描件.pdf", "application/pdf") == "扫描件.pdf"
    assert with_ending("不明", "application/octet-stream") == "不明"
