"""The dated seed of legal bases for findings and notices; knows no finding, notice or law text of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from models.rules.seeds import RESOURCES, as_of, first_day, in_force, read_seed, seed_day

GROUPS = frozenset({"all", "production", "sale", "catering", "canteen", "small", "market", "licensed"})
_GROUPS_OF = {
    "small_workshop": ("production", "small"),
    "small_eatery": ("catering", "small"),
    "small_shop": ("sale", "small"),
    "stall": ("sale", "catering", "small"),
    "central_kitchen": ("catering",),
    "collective_catering": ("catering",),
}
_OPEN_QUESTION = "待核"
_SMALL_NOTE = "待核：小作坊、小摊贩等的处罚依《食品安全法》第一百二十七条适用江西省规定，条次未查到"


@dataclass(frozen=True)
class LegalBasis:
    """One way to word a problem: what it violates, what allows to order correction, what follows a refusal.

    ``violates`` and ``basis`` are citations joined by 、 and ready to print; ``consequence`` is a clause, empty
    where the penalty is not verified. ``is_case`` means that an order alone will not do (立案).
    """

    code: str
    topic: str
    applies_to: frozenset[str]
    wording: str
    violates: str
    basis: str
    consequence: str
    valid_from: date
    valid_to: date | None
    source_note: str

    @property
    def is_case(self) -> bool:
        """Whether the problem must be investigated as a case besides being corrected."""
        return "立案" in self.consequence

    @property
    def needs_checking(self) -> bool:
        """Whether the citation was not compared with the law's text."""
        return self.source_note.startswith(_OPEN_QUESTION)


@dataclass(frozen=True)
class Law:
    """A law, regulation or standard that the bases cite, with the days it is in force."""

    title: str
    number: str
    valid_from: date
    valid_to: date | None
    source_note: str


def groups_of(category: str) -> frozenset[str]:
    """The groups of bases that concern an enterprise category (code of the glossary); empty when unknown."""
    if category.endswith("canteen"):
        return frozenset({"canteen"})
    return frozenset(_GROUPS_OF.get(category, (category,))) & GROUPS


def load_legal_bases(path: Path | None = None) -> tuple[LegalBasis, ...]:
    """All rows of the seed (or of an office's own file of the same columns), in its order."""
    return tuple(
        LegalBasis(
            row["code"], row["topic"], frozenset(row["applies_to"].split()), row["wording"], row["violates"],
            row["basis"], row["consequence"], first_day(row), seed_day(row["valid_to"]), row["source_note"],
        )
        for row in read_seed(path or RESOURCES / "law" / "legal_bases.csv")
    )  # fmt: skip


def load_laws(path: Path | None = None) -> tuple[Law, ...]:
    """The cited laws with their days in force."""
    return tuple(
        Law(row["title"], row["number"], first_day(row), seed_day(row["valid_to"]), row["source_note"])
        for row in read_seed(path or RESOURCES / "law" / "laws.csv")
    )


def bases_for(rows: Iterable[LegalBasis], day: date, category: str = "") -> tuple[LegalBasis, ...]:
    """The bases in force on the day of the inspection, for a category (all of them when it is unknown).

    Small operators are punished by provincial rules only (食品安全法第一百二十七条): rows for permit holders
    (``licensed``) are left out for them, and the others keep only the general basis, without consequence.
    """
    groups = groups_of(category)
    current = as_of(rows, day)
    if not groups:
        return current
    own = (row for row in current if "all" in row.applies_to or groups & row.applies_to)
    if "small" not in groups:
        return tuple(own)
    return tuple(_for_small_operator(row) for row in own if "licensed" not in row.applies_to)


def _for_small_operator(row: LegalBasis) -> LegalBasis:
    return replace(row, basis=row.basis.split("、《")[0], consequence="", source_note=_SMALL_NOTE)


def cited_titles(text: str) -> list[str]:
    """The titles in 《》 of a citation, in order, each once."""
    return list(dict.fromkeys(re.findall(r"《([^《》]+)》", text)))


def outdated_citations(text: str, day: date, laws: Iterable[Law]) -> list[str]:
    """Chinese messages for the titles cited in ``text`` that are known but not in force on the day."""
    by_title: dict[str, list[Law]] = {}
    for law in laws:
        by_title.setdefault(law.title, []).append(law)
    found = []
    for title in cited_titles(text):
        versions = by_title.get(title)
        if versions and not any(in_force(law, day) for law in versions):
            found.append(f"《{title}》在{day.year}年{day.month}月{day.day}日不是有效的依据：请改引当时有效的规定")
    return found
