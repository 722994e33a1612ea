"""The key that orders Chinese by strokes, character by character. Knows no table."""

from __future__ import annotations

import functools
import re
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "resources" / "strokes" / "stroke_order.txt"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: The first place in base 36 that begins with a letter: Chinese comes after figures and Latin letters.
_FIRST = 10 * 36 * 36
_PIECES = re.compile(r"[0-9]+|[a-z]|[^\W\d_a-z]")
MOST = 400
"""Characters of a key, as of ``name_key``."""


@functools.cache
def _places() -> dict[str, str]:
    """Character to its place in the order as three signs; some 28,000 of them, read at first use."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    every = "".join(line.partition("\t")[2] for line in lines)
    return {character: _three(_FIRST + place) for place, character in enumerate(every)}


def _three(number: int) -> str:
    return _DIGITS[number // 1296] + _DIGITS[number // 36 % 36] + _DIGITS[number % 36]


@functools.cache
def strokes(character: str) -> int:
    """How many strokes a character has; 0 where that is not known."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        count, _, characters = line.partition("\t")
        if character in characters:
            return int(count)
    return 0


def stroke_key(text: str) -> str:
    """The key of a text: fewer strokes first, then by the kind of the strokes; figures by their size, before letters.

    Source: resources/strokes. Signs are left out; characters that are not listed come last.
    """
    places = _places()
    return "".join(
        "0" + piece.zfill(8) if piece.isascii() and piece.isdigit()
        else "1" + piece if piece.isascii()
        else places.get(piece, "zzz")
        for piece in _PIECES.findall(text.lower())
    )[:MOST]  # fmt: skip
