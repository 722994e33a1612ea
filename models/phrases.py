"""常用问题 (phrase library): ready wordings of findings, those the office itself uses most first. Knows no screen."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

import peewee

from models.core import search
from models.core.fields import Suggestion
from models.core.record import as_of, database
from models.enterprise import EnterpriseState
from models.inspection import Finding
from models.law import bases_for

#: How far back own use counts, how often a wording of one's own must have been used to be offered, how many are asked.
OWN_DAYS, LEAST_USES, MOST_ASKED = 3 * 365, 2, 400


@dataclass(frozen=True)
class Phrase:
    """A ready wording with the article it violates and how often the office used it (处) in the last three years."""

    text: str
    violates: str
    topic: str = ""
    uses: int = 0

    def suggestion(self) -> Suggestion:
        """The phrase as a field offers it: found by its words and by their pinyin initials."""
        return _suggestion(self)


def phrases(day: dt.date, category: str) -> list[Phrase]:
    """The wordings for a category of enterprise on a day: the ledger's legal bases and the office's own, by own use."""
    used = _used(day, category)
    library = bases_for(day, category)
    known = {basis.wording for basis in library}
    found = [
        Phrase(b.wording, b.violates, b.topic, sum(n for (w, _v), n in used.items() if w.startswith(b.wording)))
        for b in library
    ]
    found += [Phrase(w, v, "", n) for (w, v), n in used.items() if n >= LEAST_USES and w not in known]
    return sorted(found, key=lambda one: -one.uses)


def _used(day: dt.date, category: str) -> dict[tuple[str, str], int]:
    """How often each wording with its article was written at enterprises of the category, the most used first."""
    count, state = peewee.fn.COUNT(Finding.id), EnterpriseState
    query = (
        Finding.live()
        .select(Finding.wording, Finding.legal_basis, count)
        .where(Finding.found_on > day - dt.timedelta(days=OWN_DAYS), Finding.found_on <= day)
        .group_by(Finding.wording, Finding.legal_basis)
        .order_by(count.desc(), Finding.wording)
        .limit(MOST_ASKED)
    )
    if category:
        there = state.live().select(state.enterprise).where(as_of(state, day), state.category == category)
        query = query.where(Finding.enterprise.in_(there))
    return {(wording, violates or ""): uses for wording, violates, uses in database.execute(query)}


@functools.lru_cache(maxsize=4_000)
def _suggestion(one: Phrase) -> Suggestion:
    key = search.search_text([(one.text, True), (one.violates, False)])
    detail = "　".join(filter(None, (f"用过 {one.uses} 次" if one.uses else "", one.violates)))
    return Suggestion(one.text, detail, f"{one.topic}\n{key}", {"wording": one.text, "legal_basis": one.violates})
