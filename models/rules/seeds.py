"""Reading of the dated seed tables under ``resources/``; knows neither the ledger nor what the rows mean."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


class Dated(Protocol):
    """Anything in force from ``valid_from`` to ``valid_to``, both days included; an open end is None."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_to(self) -> date | None: ...


DatedRow = TypeVar("DatedRow", bound=Dated)


def in_force(row: Dated, day: date) -> bool:
    """Whether the row is in force on the day."""
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def as_of(rows: Iterable[DatedRow], day: date) -> tuple[DatedRow, ...]:
    """The rows in force on the day, in their given order."""
    return tuple(row for row in rows if in_force(row, day))


def read_seed(path: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 csv file as stripped text by column name; missing cells are empty."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [{key: (value or "").strip() for key, value in row.items()} for row in csv.DictReader(stream)]


def seed_day(text: str) -> date | None:
    """The ISO date of a seed cell; None for an empty cell."""
    return date.fromisoformat(text) if text else None


def first_day(row: dict[str, str]) -> date:
    """The mandatory ``valid_from`` of a seed row. Raises ValueError (Chinese) when it is missing."""
    day = seed_day(row["valid_from"])
    if day is None:
        raise ValueError(f"种子数据缺少起始日期：{row}")
    return day
