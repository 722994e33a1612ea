"""Search text and pinyin keys: what a record can be found by. Knows no table."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from models.core.pinyin import library
from models.core.strokes import stroke_key


@functools.lru_cache(maxsize=50_000)
def initials(text: str) -> str:
    """Pinyin initials in lower case; other letters and digits stay (示例小吃店2号 → slxcd2h)."""
    pinyin = library()
    letters = pinyin.lazy_pinyin(
        text, style=pinyin.Style.FIRST_LETTER, errors=lambda s: s if s.isalnum() else ""
    )
    return "".join(letters).lower()


@functools.lru_cache(maxsize=50_000)
def name_key(text: str) -> str:
    """The key that orders Chinese by pinyin, syllable by syllable, and numbers by their size (2号 before 10号)."""
    key = " ".join(library().lazy_pinyin(text)).lower()
    return re.sub(r"[0-9]+", lambda found: found[0].zfill(8), key)[:400]


def search_text(parts: Iterable[tuple[str, bool]]) -> str:
    """One lower-case text of all ``(text, with_initials)`` parts, separated by line ends."""
    pieces: list[str] = []
    for text, with_initials in parts:
        if text:
            pieces.append(text.lower())
            if with_initials:
                pieces.append(initials(text))
    return "\n".join(dict.fromkeys(pieces))


def search_columns(
    model: Any, values: Mapping[str, Any], changed: Iterable[str] | None = None
) -> dict[str, str]:
    """The search columns that follow from a row's values; ``model`` is an Entry table.

    Of a stored row those that follow from what ``changed``.
    """
    parts = [(str(values.get(n) or ""), f.pinyin) for n, f in model.own_fields().items() if f.search]
    if changed is not None and model.label_field not in changed:
        return {"search_text": search_text(parts)}
    label = values.get(model.label_field)
    label = label if isinstance(label, str) else ""
    by_name = getattr(model.own_fields().get(model.label_field), "sort", None) == "name_key"
    return {
        "search_text": search_text(parts),
        "name_key": name_key(label) if label else "",
        "stroke_key": stroke_key(label) if label and by_name else "",
    }


def concerns(model: Any, names: Iterable[str]) -> bool:
    """Whether the search columns of an Entry table follow from any of these columns."""
    fields = model.own_fields()
    return any(n == model.label_field or (n in fields and fields[n].search) for n in names)


def terms(text: str) -> list[str]:
    """The words of a search box, lower case; all of them must be found."""
    from models.core.fields import tidy

    return tidy(text).lower().split()


def begins(column: Any, text: str) -> Any:
    """The condition «one of the parts of a search text begins with text»."""
    return column.startswith(text) | column.contains(f"\n{text}")


def contains(column: Any, term: str) -> Any:
    """The condition «column contains term», with LIKE's own signs taken literally."""
    return column.contains(term)
