"""Where an address lies among its neighbours: its street and house number; knows no record."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ABOVE = re.compile(r"^(?:.*?[省])?(?:.*?市)?(?:.*?[区县])?(?:.*?(?:街道|乡|镇))?")
_STREET = re.compile(r"^(.*?(?:大道|路|街|巷|弄|村|组|里|广场|市场|小区))")
_NUMBER = re.compile(r"(\d+)")


@lru_cache(maxsize=4096)
def _above(text: str) -> int:
    found = _ABOVE.match(text)
    return found.end() if found else 0


def street_of(address: str) -> tuple[str, int]:
    """Street and house number of an address without what stands above: («瓷都大道», 12) of «昌江区瓷都大道12号»."""
    text = unicodedata.normalize("NFKC", address or "").replace(" ", "")
    rest = text[_above(text) :] or text
    found, number = _STREET.match(rest), _NUMBER.search(rest)
    street = found.group(1) if found else _NUMBER.split(rest, maxsplit=1)[0]
    return street, int(number.group(1)[:9]) if number else 0
