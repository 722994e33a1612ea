"""Registering many commitments at once, and which officials have none in force. Knows no screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import peewee

from models.commitment import Commitment, committed
from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problem, Problems
from models.core.record import as_of, database
from models.core.saving import save
from models.responsibility import Assignment, Official, OfficialPost, serving


class Signer(NamedTuple):
    """An official without a commitment in force: post and level of the day, enterprises, the last one signed."""

    id: int
    name: str
    level: str | None
    post: str
    load: int
    last: dt.date | None


def signers(day: dt.date, ids: Collection[int] | None = None) -> list[Signer]:
    """The officials in office (of ``ids`` where given) who have no commitment in force on a day, by level and name."""
    post = OfficialPost
    query = (
        Official.select(Official.id, Official.name, post.level, post.unit, post.post)
        .join(
            post,
            peewee.JOIN.LEFT_OUTER,
            on=((post.official == Official.id) & post.removed_at.is_null() & as_of(post, day)),
        )
        .where(Official.id.in_(serving(day)), Official.id.not_in(committed(day)))
        .order_by(post.level, Official.name_key, Official.id)
    )
    held = (
        Assignment.live()
        .select(Assignment.official, peewee.fn.COUNT(Assignment.id))
        .where(as_of(Assignment, day))
        .group_by(Assignment.official)
    )
    signed = (
        Commitment.live()
        .select(Commitment.official, peewee.fn.MAX(Commitment.signed_on))
        .where(Commitment.signed_on <= day)
        .group_by(Commitment.official)
    )
    loads, last = dict(database.execute(held)), dict(database.execute(signed))
    wanted = None if ids is None else set(ids)
    return [
        Signer(
            key,
            name,
            level,
            " ".join(part for part in (unit, title) if part),
            int(loads.get(key, 0)),
            dt.date.fromisoformat(str(last[key])) if key in last else None,
        )
        for key, name, level, unit, title in database.execute(query)
        if wanted is None or key in wanted
    ]


def register_commitments(
    tx: Transaction, officials: Sequence[int], signed_on: dt.date, waivers: Mapping[str, str] | None = None
) -> list[int]:
    """Store a commitment signed on a day for each official. All or nothing; returns the ids.

    Raises CheckFailed naming every official who is refused or only warned of.
    """
    problems, made = Problems(), []
    for key in officials:
        try:
            values = {"official": key, "signed_on": signed_on}
            made.append(save(tx, Commitment, values, waivers=waivers).id)
        except CheckFailed as failed:
            name = Official.get_by_id(key).name
            problems.items += [
                Problem("signed_on", p.rule, _named(name, p.message), p.severity, p.value) for p in failed.problems
            ]
    if problems:
        raise CheckFailed(problems)
    return made


def _named(name: str, message: str) -> str:
    return message if name in message else f"{name}：{message}"
