"""What the command line prints: streams that never fail on Chinese, aligned tables, JSON. Knows no ledger and no Qt."""

from __future__ import annotations

import datetime as dt
import errno
import io
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: The widest a cell of a printed table gets, in half-width columns; JSON has the whole text.
MOST_COLUMNS = 44
_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘是只读的",
    errno.ENOENT: "文件或文件夹不存在",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.EEXIST: "同名的文件已经存在",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EIO: "磁盘读写出错",
}


def prepare_streams() -> None:
    """Make stdout and stderr take any Chinese text: an encoding without Chinese becomes UTF-8, a rare character that
    the console's encoding lacks is written as its escape."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        try:
            "食安台账〔〕".encode(stream.encoding)
            stream.reconfigure(errors="backslashreplace")
        except (UnicodeEncodeError, LookupError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(message: str) -> None:
    """One message to the person at the console, on stderr (a program without a console has none)."""
    if sys.stderr is not None:
        print(message, file=sys.stderr, flush=True)


def describe_os_error(error: OSError) -> str:
    """A failed file operation in Chinese, with the file's name."""
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    where = f" {error.filename} " if error.filename else ""
    return f"文件{where}操作失败：{reason}。请核对位置和权限后再试。"


def print_json(objects: Iterable[Mapping[str, Any]]) -> None:
    """One JSON array of objects, written one by one; plain ASCII where the stream is not UTF-8."""
    first = True
    for item in objects:
        sys.stdout.write(("[\n " if first else ",\n ") + _json(item))
        first = False
    sys.stdout.write("[]\n" if first else "\n]\n")


def print_json_object(item: Mapping[str, Any]) -> None:
    """One JSON object; a list in it has a line for each of its items."""
    parts = []
    for name, value in item.items():
        if isinstance(value, list) and value:
            text = "[\n  " + ",\n  ".join(map(_json, value)) + "\n ]"
        else:
            text = _json(value)
        parts.append(f" {_json(name)}: {text}")
    sys.stdout.write("{\n" + ",\n".join(parts) + "\n}\n")


def _json(item: Any) -> str:
    from json import dumps

    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    return dumps(item, ensure_ascii=encoding != "utf8", default=plain)


def plain(value: Any) -> Any:
    """A value as JSON has it: ISO dates and times, numbers for decimals and fractions."""
    from decimal import Decimal
    from fractions import Fraction

    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Fraction):
        return float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def text_width(text: str) -> int:
    """Columns a text takes on a console: two for a wide character, none for a combining one."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def clip(text: str, most: int = MOST_COLUMNS) -> str:
    """A text on one line and at most so wide, cut with …; control characters become blanks."""
    line = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    if text_width(line) <= most:
        return line
    while text_width(line) > most - 1:
        line = line[: -max(1, (text_width(line) - most + 1) // 2)]
    return line + "…"


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[bool] = ()) -> None:
    """An aligned table with a rule under the header; ``right`` says which columns hold numbers. The last column keeps
    its whole text, the others are cut at ``MOST_COLUMNS``."""
    cells = [[*map(clip, row[:-1]), clip(row[-1], len(row[-1]) * 2)] for row in rows]
    widths = [max(map(text_width, column)) for column in zip(heads, *cells, strict=True)]
    sides = [*right, *[False] * (len(heads) - len(right))]

    def line(values: Sequence[str]) -> str:
        parts = []
        for value, width, to_right in zip(values, widths, sides, strict=True):
            blank = " " * (width - text_width(value))
            parts.append(blank + value if to_right else value + blank)
        return "  ".join(parts).rstrip()

    print(line(heads))
    print("  ".join("-" * min(width, MOST_COLUMNS) for width in widths))
    for row in cells:
        print(line(row))
