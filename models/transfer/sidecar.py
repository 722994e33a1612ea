"""What an export writes beside the data for the way back: each row's record, version and the digests of its cells."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

#: Header of the hidden column, and name of the hidden sheet.
MARK = "记录标识（请勿改动）"
MANIFEST = "_shian"
#: Header of the reasons in a sheet of rows that could not be imported.
REASONS = "导入问题（改正后可再次导入，本列不导入）"
_PACK = 600


def digest(text: str) -> str:
    """Six hex digits of a cell's text, blanks at line ends and the kind of line end left aside."""
    return f"{zlib.crc32(canonical(text).encode()) & 0xFFFFFF:06x}"


def canonical(text: str) -> str:
    """A cell's text as it survives a spreadsheet program."""
    if text.isprintable():
        return text.strip()
    return "\n".join(line.strip() for line in text.strip().splitlines())


@dataclass(frozen=True)
class Mark:
    """What stands beside one exported row: the record, its version then, and its cells' digests by column."""

    uid: str
    version: int
    digests: tuple[str, ...]

    def text(self) -> str:
        """The mark as it is written."""
        return f"{self.uid} {self.version} {''.join(self.digests)}"


def read_mark(text: str) -> Mark | None:
    """The mark of a text; None where somebody changed it."""
    parts = text.split()
    if len(parts) != 3 or len(parts[0]) != 32 or not parts[1].isdigit():
        return None
    return Mark(parts[0], int(parts[1]), tuple(parts[2][i : i + 6] for i in range(0, len(parts[2]), 6)))


@dataclass(frozen=True)
class Manifest:
    """What was exported: the register, the column paths in order, the day, and every record."""

    register: str
    paths: tuple[str, ...]
    day: dt.date
    uids: frozenset[str]


def manifest_rows(
    register: str, paths: Sequence[str], day: dt.date, uids: Iterable[str]
) -> Iterator[list[str]]:
    """The rows of the hidden sheet; its cells stay below Excel's 32,767 characters."""
    yield [json.dumps({"register": register, "paths": list(paths), "day": day.isoformat()})]
    pack: list[str] = []
    for uid in uids:
        pack.append(uid)
        if len(pack) == _PACK:
            yield ["".join(pack)]
            pack = []
    if pack:
        yield ["".join(pack)]


def read_manifest(rows: Sequence[Sequence[Any]]) -> Manifest | None:
    """What the hidden sheet says; None where it is not to be understood."""
    try:
        head = json.loads(rows[0][0])
        uids = frozenset(
            str(row[0])[i : i + 32] for row in rows[1:] for i in range(0, len(str(row[0])), 32) if row[0]
        )
        day = dt.date.fromisoformat(head["day"])
        return Manifest(str(head["register"]), tuple(map(str, head["paths"])), day, uids)
    except (IndexError, KeyError, TypeError, ValueError):
        return None
