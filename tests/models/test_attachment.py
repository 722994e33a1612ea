"""Files on records: taken in with a reason for each that was not, stored, renamed, removed and undone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from models.attachment import Attachment, Piece, give_up, limit, remove, rename, store, take_in
from models.core.checks import CheckFailed
from models.core.errors import NotFound
from models.core.ledger import Ledger
from models.opening import open_office
from models.settings import change_settings

MB = 1024 * 1024


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "门头.jpg"
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2024:06:18 09:30:00"
    Image.new("RGB", (40, 30), "green").save(path, exif=exif)
    return path


def add(ledger: Ledger, record: Any, *sources: Any) -> list[Any]:
    taken = take_in(ledger.blobs, sources, MB).taken
    with ledger.write("添加附件") as tx:
        return store(tx, record._meta.table_name, record.id, taken)


def names(record: Any) -> list[str]:
    return [one.name for one in Attachment.of(record._meta.table_name, record.id)]


def stored(ledger: Ledger) -> list[str]:
    return [p.name for p in ledger.blobs.folder.rglob("*") if p.is_file()]


def test_a_photo_is_stored_with_what_it_tells(office: Any, photo: Path) -> None:
    [one] = add(office.ledger, office.enterprise(), photo)
    assert (one.name, one.media_type, one.taken_on) == ("门头.jpg", "image/jpeg", dt.date(2024, 6, 18))
    assert one.size == photo.stat().st_size
    assert one.who == office.ledger.actor
    assert office.ledger.blobs.path(one.digest).read_bytes() == photo.read_bytes()


def test_a_broken_picture_is_kept_as_a_file(office: Any, photo: Path) -> None:
    photo.write_bytes(b"\xff\xd8\xff\xe1" + photo.read_bytes()[4:60])
    [one] = add(office.ledger, office.enterprise(), photo)
    assert one.taken_on is None


def test_some_files_of_many_are_refused_and_named(office: Any, photo: Path, tmp_path: Path) -> None:
    (tmp_path / "空.pdf").touch()
    pasted = Piece("粘贴.png", b"\x89PNG\r\n\x1a\n")
    sources = [photo, tmp_path / "空.pdf", tmp_path, pasted, Piece("大.bin", b"x" * 99)]
    seen: list[tuple[int, int, str]] = []
    found = take_in(office.ledger.blobs, sources, photo.stat().st_size, lambda *told: seen.append(told))
    assert [one.name for one in found.taken] == ["门头.jpg", "粘贴.png", "大.bin"]
    assert ["空.pdf" in found.refused[0], "是文件夹" in found.refused[1]] == [True, True]
    assert all(done <= total for done, total, _ in seen)
    assert [seen[0][2], seen[-1][2]] == ["门头.jpg", "大.bin"]


def test_the_limit_is_a_setting(office: Any) -> None:
    assert limit() == 100 * MB
    with office.ledger.write("修改设置") as tx:
        change_settings(tx, {"attachment_mb": "1"})
    found = take_in(office.ledger.blobs, [Piece("大.bin", b"x" * (MB + 1))], limit())
    assert "超过单个附件1 MB的上限" in found.refused[0]


def test_stopping_in_the_middle_keeps_only_what_others_need(office: Any, photo: Path) -> None:
    add(office.ledger, office.enterprise(), photo)
    before = stored(office.ledger)

    class StopError(Exception):
        pass

    def stop(done: int, total: int, name: str) -> None:
        if name == "第三.bin" and done:
            raise StopError

    sources = [photo, Piece("第二.bin", b"2"), Piece("第三.bin", b"3" * 100)]
    with pytest.raises(StopError):
        take_in(office.ledger.blobs, sources, MB, stop)
    assert stored(office.ledger) == before


def test_what_was_taken_in_for_nothing_is_given_up(office: Any) -> None:
    found = take_in(office.ledger.blobs, [Piece("a.txt", b"a"), Piece("b.txt", b"a")], MB)
    give_up(office.ledger.blobs, found.taken)
    assert stored(office.ledger) == []


def test_the_same_content_lies_on_the_disk_once(office: Any, photo: Path) -> None:
    first, second = office.enterprise(), office.enterprise()
    add(office.ledger, first, photo, photo)
    add(office.ledger, second, photo)
    assert names(first) == ["门头.jpg", "门头（2）.jpg"]
    assert names(second) == ["门头.jpg"]
    assert len(stored(office.ledger)) == 1


def test_undo_across_reopening(tmp_path: Path, photo: Path) -> None:
    from models.area import Area

    folder = tmp_path / "office"
    ledger = open_office(folder)
    area = Area.get(Area.name == "新枫街道")
    [one] = add(ledger, area, photo)
    with ledger.write("改附件名") as tx:
        rename(tx, one.id, "店招", "正门")
    with ledger.write("移除附件") as tx:
        assert remove(tx, [one.id]) == ["店招.jpg"]
    ledger.close()
    ledger = open_office(folder)
    try:
        assert names(area) == []
        assert len(stored(ledger)) == 1, "removing deletes nothing"
        ledger.undo()
        assert names(area) == ["店招.jpg"]
        ledger.undo()
        assert names(area) == ["门头.jpg"]
        ledger.undo()
        assert names(area) == []
        ledger.redo()
        assert names(area) == ["门头.jpg"]
        assert ledger.blobs.fault(one.digest, one.size) == ""
    finally:
        ledger.close()


def test_a_removed_record_keeps_its_files(office: Any, photo: Path) -> None:
    place = office.enterprise()
    add(office.ledger, place, photo)
    with office.ledger.write("移除") as tx:
        tx.remove(place)
    assert names(place) == ["门头.jpg"]


@pytest.mark.parametrize(
    ("name", "rule"), [(" ", "required"), ("a/b", "name"), ("第二.jpg", "duplicate"), ("nul", "name")]
)
def test_a_name_that_cannot_be_is_refused(office: Any, photo: Path, name: str, rule: str) -> None:
    place = office.enterprise()
    second = photo.with_name("第二.jpg")
    second.write_bytes(photo.read_bytes())
    one, _ = add(office.ledger, place, photo, second)

    with pytest.raises(CheckFailed) as found, office.ledger.write("改附件名") as tx:
        rename(tx, one.id, name, "")
    assert [p.rule for p in found.value.problems] == [rule]


def test_a_long_caption_is_refused_and_a_gone_attachment_told(office: Any, photo: Path) -> None:
    [one] = add(office.ledger, office.enterprise(), photo)
    with pytest.raises(CheckFailed, match="说明"), office.ledger.write("改附件名") as tx:
        rename(tx, one.id, one.name, "长" * 201)
    office.ledger.undo()
    with pytest.raises(NotFound, match="已被移除"), office.ledger.write("移除附件") as tx:
        remove(tx, [one.id])
