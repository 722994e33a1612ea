"""Files on any record (附件): taking them in, storing them with a record, renaming and removing them. Knows no screen.

Taking in copies a file's content beside the ledger (models.core.blobs), on a reader thread and with progress; storing
writes the rows inside the caller's transaction. What is taken in and then not stored is given up with ``give_up``.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from models.core.attachments import Attachment, move
from models.core.blobs import Blobs, Unreadable
from models.core.changes import Transaction, table_named
from models.core.checks import CheckFailed, Problems
from models.core.errors import NotFound, Refused
from models.rules.file_names import ending_of, media_type, numbered, safe_file_name, with_ending
from models.settings import settings

__all__ = [
    "Attachment",
    "Intake",
    "Piece",
    "Source",
    "Taken",
    "checked",
    "describe",
    "give_up",
    "limit",
    "move",
    "remove",
    "rename",
    "store",
    "take_in",
]

HEAD = 32
MEGABYTE = 1024 * 1024
_TAKEN = (0x9003, 0x9004)
"""EXIF: DateTimeOriginal, DateTimeDigitized."""
_EXIF_IFD = 0x8769
_CAMERA = frozenset({"image/jpeg", "image/tiff", "image/webp", "image/png"})


@dataclass(frozen=True)
class Piece:
    """A file that lies on no disk (a picture from the clipboard)."""

    name: str
    content: bytes


Source = Path | Piece


@dataclass(frozen=True)
class Taken:
    """A file whose content is in the store and that no row names yet."""

    name: str
    digest: str
    size: int
    media_type: str
    taken_on: dt.date | None = None
    caption: str = ""
    part: str = ""


@dataclass
class Intake:
    """What became of some files: those taken in, and for the others a Chinese sentence each, naming it."""

    taken: list[Taken] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def limit() -> int:
    """The largest file that is taken in, in bytes (设置)."""
    return int(settings().attachment_mb) * MEGABYTE


def take_in(
    blobs: Blobs,
    sources: Sequence[Source],
    most: int,
    told: Callable[[int, int, str], object] = lambda done, total, name: None,
) -> Intake:
    """Copy files into the store; one that cannot be read is refused and the others go on.

    ``most`` bytes each. ``told(done, total, name)`` in bytes may raise to stop. Raises LedgerFull and LedgerReadOnly
    where the store cannot be written; whenever it raises nothing stays of what was taken in.
    """
    found, total, done = Intake(), sum(_size(source) for source in sources), 0
    try:
        for source in sources:
            name = safe_file_name(source.name)
            told(done, total, name)
            start = done

            def tell(count: int, name: str = name) -> None:
                nonlocal done
                done += count
                told(done, max(total, done), name)

            try:
                found.taken.append(_take(blobs, source, name, most, tell))
            except Unreadable as refusal:
                found.refused.append(str(refusal))
            done = max(done, start + _size(source))
    except BaseException:
        give_up(blobs, found.taken)
        raise
    return found


def _take(blobs: Blobs, source: Source, name: str, most: int, told: Callable[[int], None]) -> Taken:
    blob = blobs.put(source if isinstance(source, Path) else source.content, name, most, told)
    path = blobs.path(blob.digest)
    with path.open("rb") as stream:
        kind = media_type(name, stream.read(HEAD))
    return Taken(with_ending(name, kind), blob.digest, blob.size, kind, taken_on(path, kind))


def _size(source: Source) -> int:
    if isinstance(source, Piece):
        return len(source.content)
    with suppress(OSError):
        return source.stat().st_size
    return 0


def taken_on(path: Path, kind: str) -> dt.date | None:
    """The day a camera says it took the picture, None where it does not."""
    if kind not in _CAMERA:
        return None
    from PIL import Image

    broken = (OSError, ValueError, SyntaxError, TypeError, KeyError, EOFError, struct.error)
    with suppress(*broken, Image.DecompressionBombError), Image.open(path) as image:
        parts = image.getexif().get_ifd(_EXIF_IFD)
        for tag in _TAKEN:
            with suppress(ValueError):
                return dt.datetime.strptime(str(parts.get(tag, ""))[:10], "%Y:%m:%d").date()
    return None  # a broken picture is kept as any other file


def store(tx: Transaction, table: str, row: int, taken: Iterable[Taken]) -> list[Attachment]:
    """Give a record what was taken in; a name it has already gets a number. Part of the caller's action, after whose
    commit the contents are let go of (``Blobs.release``). Raises Refused for a removed record."""
    record = table_named(table).get_by_id(row)
    if record.removed_at is not None:
        raise Refused(f"“{record.label()}”已移除，不能添加附件。", "请先恢复它。")
    names = {one.name.lower() for one in Attachment.of(table, row)}
    found = []
    for one in taken:
        name = numbered(one.name, names)
        names.add(name.lower())
        found.append(
            tx.insert(
                Attachment,
                table=table,
                row=row,
                name=name,
                size=one.size,
                digest=one.digest,
                media_type=one.media_type,
                taken_on=one.taken_on,
                caption=one.caption,
                part=one.part,
                added_at=tx.now.replace(microsecond=0),
                who=tx.action.actor,
            )
        )
    return found


def give_up(blobs: Blobs, taken: Iterable[Taken]) -> None:
    """Let go of what was taken in and will not be stored; a content that a row needs stays."""
    blobs.discard([one.digest for one in taken], _named)


def _named(digests: list[str]) -> set[str]:
    """Which of some contents a row names, a removed one too: undo may bring it back."""
    return {one.digest for one in Attachment.select().where(Attachment.digest.in_(digests))}


def rename(tx: Transaction, attachment_id: int, name: str, caption: str) -> Attachment:
    """Give an attachment another name and caption; its ending stays. Raises CheckFailed and NotFound."""
    one = _live(attachment_id)
    others = [other.name for other in Attachment.of(one.table, one.row) if other.id != one.id]
    name, caption = checked(one.name, others, name, caption)
    return tx.update(one, name=name, caption=caption)


def checked(old: str, others: Iterable[str], name: str, caption: str) -> tuple[str, str]:
    """A typed name and caption for the file ``old``, the ending kept, among the ``others`` of its record.

    Raises CheckFailed with the mend.
    """
    problems, wanted, ending = Problems(), name.strip(), ending_of(old)
    if wanted and not wanted.lower().endswith(ending.lower()):
        wanted += ending
    if not wanted:
        problems.error("name", "required", "请填写文件名")
    elif (clean := safe_file_name(wanted)) != wanted:
        problems.error("name", "name", f"文件名不能这样写，可改为“{clean}”")
    elif wanted.lower() in {other.lower() for other in others}:
        problems.error("name", "duplicate", f"这条记录已有附件“{wanted}”，请换一个名字")
    caption = Attachment.caption.clean(caption)
    if refusal := Attachment.caption.refuse(caption):
        problems.error("caption", "value", refusal)
    if problems:
        raise CheckFailed(problems, {"name": Attachment.name.label, "caption": Attachment.caption.label})
    return wanted, caption


def remove(tx: Transaction, ids: Iterable[int]) -> list[str]:
    """Take attachments off their record; their contents stay in the store. Returns their names."""
    names = []
    for key in ids:
        one = _live(key)
        tx.remove(one)
        names.append(one.name)
    return names


def _live(key: int) -> Attachment:
    one = Attachment.get_or_none(Attachment.id == key, Attachment.removed_at.is_null())
    if one is None:
        raise NotFound("这个附件已被移除。", "请刷新后再看。")
    return one


def describe(names: Sequence[str]) -> str:
    """The files of one action in words: «“现场.jpg”», «“现场.jpg”等3个»."""
    return f"“{names[0]}”" if len(names) == 1 else f"“{names[0]}”等{len(names)}个"
