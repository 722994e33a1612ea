"""A field of several choices kept as codes in one column; knows no topic table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from models.core.errors import FieldError
from models.core.fields import Text, tidy


class Choices(Text):
    """Several of some codes, kept with blanks between, typed and shown as their words with 、; empty means all."""

    def __init__(self, label: str = "", options: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        self.labels: dict[str, str] = dict(options)
        super().__init__(label, **{"max_length": 400, **kwargs})

    def parse(self, text: str, today: dt.date) -> Any:
        codes = {label: code for code, label in self.labels.items()} | {code: code for code in self.labels}
        words = [word for word in re.split(r"[、，,；;\s]+", tidy(text)) if word]
        unknown = [word for word in words if word not in codes]
        if unknown:
            raise FieldError(f"没有“{unknown[0]}”这一类，请从下列中选：{'、'.join(self.labels.values())}")
        return " ".join(dict.fromkeys(codes[word] for word in words))

    def refuse(self, value: Any) -> str:
        unknown = [code for code in split_codes(value) if code not in self.labels]
        return f"没有“{unknown[0]}”这一类，请从列表中选" if unknown else ""

    def format(self, value: Any) -> str:
        return "、".join(self.labels.get(code, code) for code in split_codes(value))


def split_codes(value: str | None) -> tuple[str, ...]:
    """The codes of a stored value, in order."""
    return tuple((value or "").split())


def join_codes(codes: Iterable[str]) -> str:
    """The stored value of some codes."""
    return " ".join(codes)
