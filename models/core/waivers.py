"""Remembered answers to warnings, so that nobody is asked the same thing twice. Knows no topic table."""

from __future__ import annotations

import peewee

from models.core.checks import Problem
from models.core.fields import Text
from models.core.record import Record


class Waiver(Record):
    """A warning of a record that was answered with a reason; it holds while the doubted value stays the same."""

    table = peewee.CharField(max_length=60)
    row = peewee.IntegerField()
    field = peewee.CharField(max_length=60)
    rule = peewee.CharField(max_length=60)
    value = peewee.CharField(max_length=400, default="")
    reason = Text("理由", required=True)
    who = Text("何人")

    label_field = "reason"

    class Meta:
        indexes = ((("table", "row"), False),)


def waived(table: str, row: int | None) -> set[tuple[str, str]]:
    """The ``(rule, value)`` pairs waived for a row."""
    if row is None:
        return set()
    query = Waiver.live().where(Waiver.table == table, Waiver.row == row)
    return {(w.rule, w.value) for w in query}


def covers(pairs: set[tuple[str, str]], problem: Problem) -> bool:
    """Whether the waivers answer the warning."""
    return problem.severity == "warning" and (problem.rule, problem.value) in pairs
