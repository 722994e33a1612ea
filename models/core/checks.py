"""Problems found in a record before it is stored, and the waivers that answer warnings. Knows no table but its own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from models.core.errors import KnownError

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One finding of a check: ``field`` is a path such as ``name`` or ``findings[1].wording``; ``rule`` is stable."""

    field: str
    rule: str
    message: str
    severity: Severity = "error"
    value: str = ""


@dataclass
class Problems:
    """The problems of one record, in the order of its fields."""

    items: list[Problem] = field(default_factory=list)

    def error(self, field_path: str, rule: str, message: str) -> None:
        """Add a problem that refuses the record."""
        self.items.append(Problem(field_path, rule, message))

    def warn(self, field_path: str, rule: str, message: str, value: Any = "") -> None:
        """Add a problem that may be waived with a reason; a waiver holds for this ``value`` only."""
        self.items.append(Problem(field_path, rule, message, "warning", str(value)))

    def add(self, other: Problems, prefix: str = "") -> None:
        """Take over the problems of a child record, its fields prefixed."""
        self.items += [Problem(prefix + p.field, p.rule, p.message, p.severity, p.value) for p in other.items]

    @property
    def errors(self) -> list[Problem]:
        return [p for p in self.items if p.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        return [p for p in self.items if p.severity == "warning"]

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.items)

    def __bool__(self) -> bool:
        return bool(self.items)


class CheckFailed(KnownError):
    """The record was refused; ``problems`` names each field. Nothing was stored."""

    def __init__(self, problems: Problems, labels: dict[str, str] | None = None) -> None:
        self.problems = problems
        labels = labels or {}
        lines = [f"{labels[p.field]}：{p.message}" if p.field in labels else p.message for p in problems]
        super().__init__("；".join(lines), "" if problems.errors else "。确认无误的，请填写理由后再保存")

    @property
    def only_warnings(self) -> bool:
        """Whether waiving the warnings would let the record in."""
        return not self.problems.errors


def code_check(rule: Callable[[str], Any]) -> Callable[[str], tuple[Severity, str, str] | None]:
    """A field's check from a rule of identifiers: a malformed code is an error, a wrong check digit a warning."""

    @functools.lru_cache(maxsize=10_000)
    def check(value: str) -> tuple[Severity, str, str] | None:
        found = rule(value)
        if found.error:
            return "error", f"{found.kind}_format", found.error
        return ("warning", f"{found.kind}_check", found.warning) if found.warning else None

    return check
