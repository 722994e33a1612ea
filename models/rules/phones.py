"""Telephone numbers of enterprises and people, one or several in a field; knows no record they belong to."""

from __future__ import annotations

import re
import unicodedata

from models.rules.identifiers import CodeCheck

_SEVEN_DIGIT_AREAS = frozenset({"0798"})
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_BOUNDARY = re.compile(r"[、/，,；;|\n]+")


def _tidy(part: str, area_code: str) -> tuple[str, str | None]:
    """One number in its standard form, and what is wrong with it (a Chinese clause) or None."""
    compact = re.sub(r"[\s()_-]+", "", part).removeprefix("+86")
    match = re.fullmatch(r"(?P<main>[0-9]+)(?:(?:转|EXT\.?)(?P<extension>[0-9]{1,6}))?", compact.upper())
    if not match:
        return part.strip(), "只能含数字、短横和分机号"
    main, tail = match["main"], f"转{match['extension']}" if match["extension"] else ""
    if main.startswith("1"):
        return _mobile(main, tail)
    if re.fullmatch(r"[48]00[0-9]{7}", main):
        return f"{main[:3]}-{main[3:6]}-{main[6:]}{tail}", None
    if main.startswith("0"):
        return _landline(main, tail)
    if area_code and len(main) == (7 if area_code in _SEVEN_DIGIT_AREAS else 8) and main[0] in "2345678":
        return f"{area_code}-{main}{tail}", None
    return main + tail, f"不是手机号，也没有区号：固定电话请写作{area_code or '区号'}-号码"


def _mobile(main: str, tail: str) -> tuple[str, str | None]:
    if len(main) != 11:
        return main + tail, f"手机号应为11位，现有{len(main)}位"
    if main[1] in "012":
        return main + tail, "手机号第2位应为3至9"
    return main + tail, None


def _landline(main: str, tail: str) -> tuple[str, str | None]:
    """A number with its area code: three digits for 010 and 02x, four otherwise."""
    cut = 3 if main[:2] in ("01", "02") else 4
    area, rest = main[:cut], main[cut:]
    value = f"{area}-{rest}{tail}"
    if area in _SEVEN_DIGIT_AREAS and len(rest) != 7:
        return value, f"区号{area}的固定电话应为7位，现有{len(rest)}位"
    if len(rest) not in (7, 8):
        return value, f"区号{area}后的固定电话应为7或8位，现有{len(rest)}位"
    return value, None


def _parts(text: str, area_code: str) -> list[str]:
    """The numbers in the text: cut at separators, and at blanks where the whole is not one number."""
    found: list[str] = []
    for part in _BOUNDARY.split(text):
        pieces = part.split()
        if len(pieces) > 1 and _tidy(part, area_code)[1] is not None:
            found += pieces
        elif pieces:
            found.append(part.strip())
    return found


def check_phone(text: str, label: str = "联系电话", area_code: str = "0798") -> CodeCheck:
    """Mobile and landline numbers, several separated by 、 / or blanks, tidied to ``13979801234、0798-8331234``.

    A landline without area code is completed with ``area_code``; 景德镇 (0798) has seven-digit landlines.
    """
    if is_mobile(text):
        return CodeCheck(text, "phone")
    folded = re.sub("[‐‑‒–—―−]", "-", unicodedata.normalize("NFKC", text))
    values: list[str] = []
    for part in _parts(folded, area_code):
        value, trouble = _tidy(part, area_code)
        if trouble:
            return CodeCheck(folded.strip(), "phone", f"{label}“{part}”{trouble}：请核对更正")
        if value not in values:
            values.append(value)
    return CodeCheck("、".join(values), "phone")


def is_mobile(text: str) -> bool:
    """Whether the text is one mobile number."""
    return _MOBILE.fullmatch(text) is not None
