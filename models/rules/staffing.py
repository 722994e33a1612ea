"""Who must have a 食品安全总监, a 食品安全员 or dual staffing, by dated rules and plain facts; knows no table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from models.rules.seeds import RESOURCES, as_of, first_day, read_seed, seed_day

DUTIES = ("director", "officer", "dual")


@dataclass(frozen=True)
class StaffingFacts:
    """What of an enterprise the rules ask for, on one day; ``diners`` in 人, ``floor_area`` in ㎡, None unknown."""

    category: str
    supply_mode: str | None = None
    product: str | None = None
    diners: int | None = None
    floor_area: Decimal | None = None
    chain: bool = False


@dataclass(frozen=True)
class StaffingRule:
    """One rule in force from ``valid_from`` to ``valid_to``; every filled condition must be met."""

    name: str
    duty: str
    category: str | None
    supply_mode: str | None
    product: str | None
    least_diners: int | None
    least_area: Decimal | None
    chain: bool
    valid_from: date
    valid_to: date | None
    source: str
    code: str = ""

    def fits(self, facts: StaffingFacts) -> bool | None:
        """Whether the enterprise must; None where only an unknown size keeps it from being told."""
        if (
            (self.category is not None and self.category != facts.category)
            or (self.supply_mode is not None and self.supply_mode != facts.supply_mode)
            or (self.product is not None and self.product != facts.product)
            or (self.chain and not facts.chain)
        ):
            return False
        sizes = [
            None if have is None else have >= least
            for least, have in ((self.least_diners, facts.diners), (self.least_area, facts.floor_area))
            if least is not None
        ]
        return False if False in sizes else None if None in sizes else True


@dataclass(frozen=True)
class Need:
    """What an enterprise must have: a director, an officer, both on both sides; ``reasons`` are the rules' names.

    ``unknown`` names the rules that an unregistered size leaves open.
    """

    director: bool
    officer: bool
    dual: bool
    reasons: tuple[str, ...]
    unknown: tuple[str, ...] = ()


def staffing_need(facts: StaffingFacts, day: date, rules: Iterable[StaffingRule] | None = None) -> Need:
    """What the rules in force on a day ask of an enterprise. Without ``rules`` the seeded ones hold.

    Dual staffing asks for a director and an officer on either side, so it asks for both duties too.
    """
    met, unknown, duties = [], [], set()
    for rule in as_of(load_rules() if rules is None else rules, day):
        fits = rule.fits(facts)
        if fits:
            met.append(rule.name)
            duties.add(rule.duty)
        elif fits is None:
            unknown.append(rule.name)
    dual = "dual" in duties
    return Need(dual or "director" in duties, dual or "officer" in duties, dual, tuple(met), tuple(unknown))


def load_rules(path: Path | None = None) -> tuple[StaffingRule, ...]:
    """The seeded rules."""
    return tuple(
        StaffingRule(
            row["name"],
            row["duty"],
            row["category"] or None,
            row["supply_mode"] or None,
            row["product"] or None,
            int(row["least_diners"]) if row["least_diners"] else None,
            Decimal(row["least_area"]) if row["least_area"] else None,
            row["chain"] == "1",
            first_day(row),
            seed_day(row["valid_to"]),
            row["source"],
            row["code"],
        )
        for row in read_seed(path or RESOURCES / "rules" / "staffing.csv")
    )
