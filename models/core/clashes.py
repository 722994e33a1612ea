"""Which constraint a database refused a row for, as SQLite and PostgreSQL tell it. Knows no table."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["unique", "null", "other"]
#: SQLSTATE of PostgreSQL's refusals.
_STATES: dict[str, Kind] = {"23505": "unique", "23502": "null"}


def violated(exc: BaseException) -> tuple[Kind, list[tuple[str, str]]]:
    """The kind of a refusal, and the columns it names as (table, column)."""
    origin = exc.__cause__ or exc.__context__ or exc
    told = getattr(origin, "diag", None)
    if told is not None:
        kind = _STATES.get(str(getattr(origin, "sqlstate", "")), "other")
        # The columns of a unique key stand in the detail, «Key (a, b)=(1, 2) …», whatever the server's language.
        found = re.search(r"\(([^()=]+)\)=", told.message_detail or "") if kind == "unique" else None
        columns = re.findall(r"\w+", found[1]) if found else [told.column_name] if told.column_name else []
        return kind, [(str(told.table_name or ""), column) for column in columns]
    said = str(exc)
    names = re.findall(r"([a-z_]+)\.([a-z_]+)", said)
    if "UNIQUE" in said.upper():
        return "unique", names
    return ("null" if "NOT NULL" in said.upper() else "other"), names
