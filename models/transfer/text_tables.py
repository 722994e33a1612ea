"""Reading csv and other delimited text: the encoding and the delimiter are found out. Knows no field."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

from models.transfer.guard import MAX_ROWS, FileRefused

DELIMITERS = (",", "\t", ";", "|", "，", "、")
#: What a spreadsheet program may take for the beginning of a formula; an export puts an apostrophe before it.
RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: A text that somebody protected from Excel by writing it as a formula.
_AS_FORMULA = re.compile(r'="((?:[^"]|"")*)"')


def read_text(path: Path) -> list[tuple[str | None, ...]]:
    """The rows of a delimited text; an empty cell is None. Raises FileRefused where it is no text or no table."""
    text = decode(path.read_bytes(), path.name)
    if not text.strip():
        raise FileRefused(f"文件“{path.name}”是空的。", "请选择有内容的表格。")
    delimiter = find_delimiter(text)
    try:
        rows = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(tuple(_plain(cell) for cell in row))
            if len(rows) > MAX_ROWS:
                raise FileRefused(f"“{path.name}”超过{MAX_ROWS}行。", "请拆成几个文件分别导入。")
    except csv.Error as exc:
        raise FileRefused(
            f"“{path.name}”不是完整的 csv 表格。",
            "请核对引号是否成对，或用 Excel、WPS 另存为 xlsx 后再导入。",
        ) from exc
    return rows


def decode(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or GB18030, with or without a mark at its beginning."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data, encoding, name)
    if b"\0" in data:
        even, odd = data[0::2].count(0), data[1::2].count(0)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        if max(even, odd) < len(data) // 50:
            raise _no_text(name)
        text = _strict(data, encoding, name)
        if "\0" in text:
            raise _no_text(name)
        return text
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(c < " " and c not in "\r\n\t\f" for c in text[:4000]) > len(text[:4000]) // 100:
            raise _no_text(name)
        return text
    from charset_normalizer import from_bytes

    found = from_bytes(data[:200_000]).best()
    if found is None:
        raise _no_text(name)
    return _strict(data, found.encoding, name)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        raise _no_text(name) from exc


def _no_text(name: str) -> FileRefused:
    return FileRefused(
        f"“{name}”不是表格文件，或文字编码无法识别。", "请用 Excel 或 WPS 打开，另存为 xlsx 后再导入。"
    )


def find_delimiter(text: str) -> str:
    """The sign that cuts most of the first lines into the same number of cells."""
    sample = text[:65536].splitlines()[:40]
    best, best_score = ",", 0.0
    for sign in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=sign) if any(c.strip() for c in row)]
        except csv.Error:
            continue
        if not widths:
            continue
        usual = max(set(widths), key=lambda w: (widths.count(w), w))
        score = widths.count(usual) / len(widths) * min(usual - 1, 8)
        if score > best_score + 0.01:
            best, best_score = sign, score
    return best


def _plain(cell: str) -> str | None:
    if not cell:
        return None
    found = _AS_FORMULA.fullmatch(cell.strip())
    if found:
        return found[1].replace('""', '"') or None
    return cell[1:] if cell[0] == "'" and cell.lstrip("'").startswith(RISKY) else cell
