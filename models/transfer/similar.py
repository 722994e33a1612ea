"""Likely duplicates: records of a similar name at a similar place. Pure functions and an index; asks no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

#: From this likeness on (0–100; 60 % name, 40 % place) two records are doubted.
DOUBTED = 82
_PREFIX = re.compile(r"^(江西省)?(景德镇市?)?(昌江区?)?")
_LEGAL = re.compile(r"(有限责任公司|股份有限公司|有限公司|公司|个体工商户|经营部|商行)$")
_MOST = 60


def core_name(name: str) -> str:
    """A name without its place in front and its legal form behind."""
    text = _flat(name)
    return _LEGAL.sub("", _PREFIX.sub("", text)) or text


def core_place(address: str) -> str:
    """An address without province, city and district."""
    return _PREFIX.sub("", _flat(address))


def _flat(text: str) -> str:
    return re.sub(r"[\s()（）,，.。·\-—#]+", "", unicodedata.normalize("NFKC", text)).upper()


def likeness(name: str, place: str, other_name: str, other_place: str) -> int:
    """How alike two records are, 0–100, from their core names and places."""
    from rapidfuzz import fuzz

    named = fuzz.ratio(name, other_name)
    if named < 60:
        return 0
    if not place or not other_place:
        return int(named * 0.85)
    if re.findall(r"\d+", place) != re.findall(r"\d+", other_place):
        return int(0.6 * named + 0.4 * min(60, fuzz.ratio(place, other_place)))
    return int(0.6 * named + 0.4 * fuzz.ratio(place, other_place))


class Similar:
    """Finds the most similar of many records by blocks: the same place, the same name, the same beginning of both."""

    def __init__(self, rows: Iterable[tuple[int, str, str]] = ()) -> None:
        self._rows: dict[int, tuple[str, str]] = {}
        self._blocks: dict[int, int | list[int]] = {}
        for key, name, place in rows:
            self.add(key, name, place)

    def add(self, key: int, name: str, place: str) -> None:
        """Put a record in."""
        self._rows[key] = name, place
        for block in self._keys(core_name(name), core_place(place)):
            there = self._blocks.setdefault(block, key)
            if isinstance(there, list):
                there.append(key)
            elif there != key:
                self._blocks[block] = [there, key]

    @staticmethod
    def _keys(name: str, place: str) -> list[int]:
        keys = [hash(("n", name)), hash(("b", name[:2], name[-2:], "".join(re.findall(r"\d+", place))))]
        return [*keys, hash(("p", place))] if place else keys

    def best(self, name: str, place: str) -> tuple[int, int] | None:
        """The key of the most similar record and the likeness, None where none is doubted."""
        name, place = core_name(name), core_place(place)
        found: tuple[int, int] | None = None
        for block in self._keys(name, place):
            there = self._blocks.get(block, [])
            for key in there[:_MOST] if isinstance(there, list) else (there,):
                other, there_at = self._rows[key]
                score = likeness(name, place, core_name(other), core_place(there_at))
                if score >= DOUBTED and (found is None or score > found[1]):
                    found = key, score
        return found
