"""The choice of fonts and what happens when a character has no glyph."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from reports.core.errors import MissingGlyph, located
from reports.core.fonts import BUNDLED, FontSet, Role, bundled_fonts, choose_fonts, embeddable

KAI = BUNDLED / "ShianKai-Regular.ttf"


def with_fs_type(data: bytes, value: int) -> bytes:
    """The font with another OS/2 fsType."""
    count = struct.unpack(">H", data[4:6])[0]
    for at in range(12, 12 + 16 * count, 16):
        if data[at : at + 4] == b"OS/2":
            place = struct.unpack(">L", data[at + 8 : at + 12])[0] + 8
            return data[:place] + struct.pack(">H", value) + data[place + 2 :]
    raise AssertionError("no OS/2 table")


def as_collection(data: bytes) -> bytes:
    """The font as the only one of a .ttc: a header of 16 bytes, all offsets moved by it."""
    head = b"ttcf" + struct.pack(">LLL", 0x00010000, 1, 16)
    count = struct.unpack(">H", data[4:6])[0]
    body = bytearray(data)
    for at in range(12, 12 + 16 * count, 16):
        offset = struct.unpack(">L", body[at + 8 : at + 12])[0]
        body[at + 8 : at + 12] = struct.pack(">L", offset + 16)
    return head + bytes(body)


def test_without_office_fonts_the_bundled_ones_are_taken() -> None:
    fonts = choose_fonts(())
    assert {fonts.face(role).path.parent for role in Role} == {BUNDLED}
    assert fonts.face(Role.TITLE).path.name == "ShianSong-Bold.ttf"


def test_an_installed_office_font_is_preferred_in_the_order_of_the_standard(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "SIMFANG.TTF").write_bytes(KAI.read_bytes())
    fonts = choose_fonts([tmp_path])
    assert fonts.face(Role.BODY).path.name == "SIMFANG.TTF"
    (tmp_path / "仿宋_GB2312.ttf").write_bytes(KAI.read_bytes())
    assert choose_fonts([tmp_path]).face(Role.BODY).path.name == "仿宋_GB2312.ttf"
    assert fonts.face(Role.HEI).path.name == "ShianHei-Regular.ttf"


@pytest.mark.parametrize("fs_type", [0x0002, 0x0102, 0x0100, 0x0200])
def test_a_font_that_may_not_be_embedded_is_passed_over(tmp_path: Path, fs_type: int) -> None:
    (tmp_path / "simkai.ttf").write_bytes(with_fs_type(KAI.read_bytes(), fs_type))
    assert choose_fonts([tmp_path]).face(Role.KAI).path == KAI


@pytest.mark.parametrize("fs_type", [0x0000, 0x0004, 0x0008])
def test_a_font_that_may_be_embedded_is_taken(tmp_path: Path, fs_type: int) -> None:
    path = tmp_path / "simkai.ttf"
    path.write_bytes(with_fs_type(KAI.read_bytes(), fs_type))
    assert choose_fonts([tmp_path]).face(Role.KAI).path == path


def test_outlines_that_are_not_truetype_and_broken_files_are_passed_over(tmp_path: Path) -> None:
    for name, data in {
        "simhei.ttf": b"OTTO" + bytes(200),
        "simkai.ttf": b"\0\1\0\0\0",
        "simfang.ttf": b"",
    }.items():
        (tmp_path / name).write_bytes(data)
        assert not embeddable(tmp_path / name)
    assert {choose_fonts([tmp_path]).face(role).path.parent for role in Role} == {BUNDLED}


def test_an_office_font_that_cannot_be_parsed_gives_way_to_the_bundled_one(tmp_path: Path) -> None:
    data = KAI.read_bytes()
    count = struct.unpack(">H", data[4:6])[0]
    place = next(at for at in range(12, 12 + 16 * count, 16) if data[at : at + 4] == b"cmap")
    (tmp_path / "simkai.ttf").write_bytes(data[:place] + b"cmaq" + data[place + 4 :])
    fonts = choose_fonts([tmp_path])
    assert embeddable(tmp_path / "simkai.ttf")
    assert fonts.glyphs(Role.KAI)["中"] == 1.0
    assert fonts.face(Role.KAI).path == KAI


def test_a_collection_is_read_at_its_first_face(tmp_path: Path) -> None:
    (tmp_path / "simsun.ttc").write_bytes(as_collection(KAI.read_bytes()))
    face = choose_fonts([tmp_path]).face(Role.SONG)
    assert face.path.suffix == ".ttc"
    assert face.width("中") == 1.0


def test_a_face_is_parsed_once_a_process() -> None:
    assert bundled_fonts() is bundled_fonts()
    again = choose_fonts(())
    assert again.face(Role.BODY).parsed is bundled_fonts().face(Role.SONG).parsed


@pytest.mark.parametrize("char", "堃喆犇赟翀燚镕𠮷")
@pytest.mark.parametrize("role", [Role.KAI, Role.TITLE])
def test_a_name_character_comes_from_the_song_face(fonts: FontSet, char: str, role: Role) -> None:
    glyphs = fonts.glyphs(role)
    assert fonts.face(role).width(char) is None
    assert glyphs[char] == 1.0
    assert glyphs.elsewhere[char].path.name == "ShianSong-Regular.ttf"


def test_chinese_quotes_are_full_width_in_every_role(fonts: FontSet) -> None:
    for role in Role:
        assert [fonts.glyphs(role)[char] for char in "“”‘’"] == [1.0] * 4


def test_a_missing_glyph_is_named_with_code_point_and_place(fonts: FontSet) -> None:
    with pytest.raises(MissingGlyph) as caught, located("当事人"), located("负责人"):
        fonts.glyphs(Role.BODY)["\U0001f600"]
    assert caught.value.char == "\U0001f600"
    assert caught.value.where == "负责人"
    assert "U+1F600" in str(caught.value)
    assert "负责人" in str(caught.value)
