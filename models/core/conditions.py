"""One filter of a list and what it says in SQL. Knows no register and no table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.core.errors import NotFound


@dataclass(frozen=True)
class Condition:
    """One filter: ``op`` is in, contains, lacks, ge, le, between, empty or filled."""

    path: str
    op: str
    value: Any = None


def compare(expr: Any, condition: Condition, text: bool = True) -> Any:
    """A filter as an SQL condition; in with None among the values matches the empty ones.

    ``text`` says that an empty string counts as empty too.
    """
    value = condition.value
    match condition.op:
        case "in":
            filled = [v for v in value if v is not None]
            found = expr.in_(filled)
            return found | expr.is_null() if len(filled) < len(list(value)) else found
        case "contains":
            return expr.contains(value)
        case "lacks":
            return ~expr.contains(value) | expr.is_null()
        case "ge":
            return expr >= value
        case "le":
            return expr <= value
        case "between":
            return expr.between(value[0], value[1])
        case "empty":
            return (expr.is_null() | (expr == "")) if text else expr.is_null()
        case "filled":
            return (expr.is_null(False) & (expr != "")) if text else expr.is_null(False)
    raise NotFound(f"没有“{condition.op}”这种筛选。")
