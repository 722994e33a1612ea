"""What kind of file it is, and whether it is safe to read: size, unpacked size, extent, password. Reads no cell."""

from __future__ import annotations

import errno
import re
import zipfile
import zlib
from pathlib import Path

from models.core.errors import KnownError

MAX_BYTES = 100 * 2**20
#: What an xlsx may unpack to; 100,000 rows × 15 columns need about 80 MB.
MAX_UNPACKED = 700 * 2**20
#: Rows × columns of the used range: the reading library keeps all of them in memory, the empty ones too.
MAX_CELLS = 6_000_000
MAX_ROWS = 300_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: Cells right of Z and rows from 100000: only those can make a small sheet a wide or a long one.
_FAR = re.compile(rb'r="(?:([A-Z]{2,3})(\d{1,7})|(?:[A-Z]?)(\d{6,7}))"')
_CHUNK = 2**20
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 xlsx 后再导入。"


class FileRefused(KnownError):
    """The file cannot be imported; nothing was read into the ledger."""


def kind_of(path: Path, formulas: set[str] | None = None) -> str:
    """``xlsx``, ``xls`` or ``text``, by content. Raises FileRefused for a missing, empty, huge or foreign file.

    ``formulas`` gets the parts of an xlsx that hold formulas or errors.
    """
    if path.is_dir():
        raise FileRefused(f"“{path.name}”是文件夹，不是文件。", "请选择一个表格文件。")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as exc:
        words = {errno.ENOENT: "没有这个文件", errno.EACCES: "没有读取的权限"}.get(
            exc.errno or 0, exc.strerror
        )
        raise FileRefused(f"不能读取文件“{path.name}”：{words}。", "请核对文件位置和权限。") from exc
    if size == 0:
        raise FileRefused(f"文件“{path.name}”是空的。", "请选择有内容的表格。")
    if size > MAX_BYTES:
        raise FileRefused(
            f"文件“{path.name}”有{size / 2**20:.0f}MB，超过{MAX_BYTES // 2**20}MB。",
            "请拆成几个文件分别导入。",
        )
    if head.startswith(b"PK\x03\x04"):
        _check_xlsx(path, formulas if formulas is not None else set())
        return "xlsx"
    if head.startswith(_OLE):
        if _ENCRYPTED in path.read_bytes():
            raise encrypted(path)
        return "xls"
    if head[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00"):
        raise FileRefused(f"“{path.name}”是很旧的 Excel 格式。", _SAVE_AS)
    _refuse_foreign(path, head)
    return "text"


def encrypted(path: Path) -> FileRefused:
    """The refusal of a file with a password."""
    return FileRefused(f"文件“{path.name}”设有打开密码。", "请在 Excel 或 WPS 中去掉密码后再导入。")


def malformed(path: Path) -> FileRefused:
    """The refusal of a damaged file."""
    return FileRefused(f"文件“{path.name}”已损坏，不能读取。", f"请重新取得文件，或{_SAVE_AS[1:]}")


def _refuse_foreign(path: Path, head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise FileRefused(f"“{path.name}”其实是网页格式。", _SAVE_AS)
    if start.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z\xbc\xaf", b"{\\rtf")):
        raise FileRefused(f"“{path.name}”不是表格文件。", "请选择 xlsx、xls 或 csv 文件。")


def _check_xlsx(path: Path, formulas: set[str]) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {m.filename for m in members}
            if "xl/workbook.xml" not in names:
                if "EncryptedPackage" in names:
                    raise encrypted(path)
                raise FileRefused(f"“{path.name}”不是 Excel 表格。", "请选择 xlsx、xls 或 csv 文件。")
            if any(m.flag_bits & 1 for m in members):
                raise encrypted(path)
            if sum(m.file_size for m in members) > MAX_UNPACKED:
                raise too_large(path)
            for member in members:
                if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                    if _check_extent(path, archive, member):
                        formulas.add(member.filename)
                elif member.filename.startswith("xl/") and member.filename.endswith(".xml"):
                    with archive.open(member) as part:
                        while part.read(_CHUNK):
                            pass
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as exc:
        raise malformed(path) from exc


def too_large(path: Path) -> FileRefused:
    """The refusal of a file that unpacks to too much."""
    return FileRefused(
        f"文件“{path.name}”展开后过大，可能不是正常的表格。", "请核对文件来源，或拆成几个文件分别导入。"
    )


def _check_extent(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Refuse a sheet whose used range is too large, told by its farthest cells: the file's own word is not trusted.

    Returns whether there are formulas or errors.
    """
    rows, columns, tail, formulas = 99_999, 26, b"", False
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            for letters, row, long_row in _FAR.findall(tail + chunk):
                columns = max(columns, _column_number(letters)) if letters else columns
                rows = max(rows, int(row or 0), int(long_row or 0))
            formulas = formulas or b"<f" in chunk or b't="e"' in chunk
            tail = chunk[-32:]
    check_extent(path, rows, columns)
    return formulas


def check_extent(path: Path, rows: int, columns: int) -> None:
    """Raise FileRefused where a used range is too large to be a register."""
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        raise FileRefused(
            f"“{path.name}”的使用范围达{rows}行、{columns}列，超出可以导入的大小。",
            "表格末尾或右侧常有带格式的空白单元格：请删除空白行和空白列，或拆成几个文件再导入。",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
