"""File names that every system takes, and what a file is by its name and first bytes: functions of plain values."""

from __future__ import annotations

import re
import unicodedata

MOST_BYTES = 255
"""What common file systems allow a name, in UTF-8 (on Windows it is 255 UTF-16 units, which is never less)."""
UNNAMED = "未命名"
_RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{word}{digit}" for word in ("COM", "LPT") for digit in "0123456789¹²³"}
)
_ILLEGAL = re.compile(r'[\\/:*?"<>|]')
_LONGEST_ENDING = 20

TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "jpe": "image/jpeg", "jfif": "image/jpeg", "png": "image/png",
    "gif": "image/gif", "bmp": "image/bmp", "webp": "image/webp", "tif": "image/tiff", "tiff": "image/tiff",
    "heic": "image/heic", "heif": "image/heif", "svg": "image/svg+xml", "pdf": "application/pdf",
    "ofd": "application/ofd", "doc": "application/msword", "wps": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel", "et": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv",
    "ppt": "application/vnd.ms-powerpoint", "dps": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain", "md": "text/plain", "zip": "application/zip", "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed", "mp4": "video/mp4", "mov": "video/quicktime", "avi": "video/x-msvideo",
    "mkv": "video/x-matroska", "mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4", "amr": "audio/amr",
}  # fmt: skip
"""Endings (lower case, without the dot) of what an office keeps."""
_SIGNS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
)
_ENDINGS = {"image/jpeg": "jpg", "image/tiff": "tif", "text/plain": "txt", "image/heic": "heic", "image/heif": "heif"}


def safe_file_name(text: str) -> str:
    """A file's name as every system can write it: the last part of a path, without signs that Windows forbids, not
    one of its reserved names, at most 255 bytes of UTF-8 with its ending kept; «未命名» where nothing is left."""
    text = text.encode("utf-8", "replace").decode()  # a name that the system could not decode has lone surrogates
    text = unicodedata.normalize("NFC", re.split(r"[\\/]", text.rstrip("\\/"))[-1])
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Zl", "Zp") or c == "\u200d")
    text = _ILLEGAL.sub("_", text).strip().rstrip(" .").lstrip()
    stem, ending = _split(text)
    if not stem.strip(" ."):
        stem = UNNAMED
    if stem.split(".")[0].rstrip().upper() in _RESERVED:
        stem = f"_{stem}"
    room = MOST_BYTES - len(ending.encode())
    return _cut(stem, room) + ending


def _split(name: str) -> tuple[str, str]:
    """A name without its ending, and the ending with its dot ('' where there is none worth keeping)."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not ending or len(ending) > _LONGEST_ENDING or not ending.isascii():
        return name, ""
    return stem, f".{ending}"


def ending_of(name: str) -> str:
    """The ending of a name with its dot, '' where it has none."""
    return _split(name)[1]


def _cut(text: str, most: int) -> str:
    """As much of a text as fits, no sign halved and nothing at its end that a system would drop."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[:most].decode("utf-8", "ignore").rstrip(" .") or UNNAMED


def numbered(name: str, taken: set[str]) -> str:
    """The name, or with «（2)» and so on before its ending where it is among ``taken`` (lower case)."""
    if name.lower() not in taken:
        return name
    stem, ending = _split(name)
    number = 2
    while True:
        tail = f"（{number}）"
        room = MOST_BYTES - len((tail + ending).encode())
        found = _cut(stem, room) + tail + ending
        if found.lower() not in taken:
            return found
        number += 1


def media_type(name: str, head: bytes) -> str:
    """What a file is: by its first bytes where they tell, else by its ending; «application/octet-stream» else."""
    for sign, kind in _SIGNS:
        if head.startswith(sign):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        return "image/heic"
    ending = _split(name)[1][1:].lower()
    return TYPES.get(ending, "application/octet-stream")


def with_ending(name: str, kind: str) -> str:
    """The name, with an ending by its kind where it has none, so that the desktop knows what opens it."""
    if _split(name)[1]:
        return name
    ending = _ENDINGS.get(kind) or next((e for e, k in TYPES.items() if k == kind), "")
    return safe_file_name(f"{name}.{ending}") if ending else name
