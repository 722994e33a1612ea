"""How many planned inspections a year an enterprise gets, with the reasons; knows neither tables nor records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

#: Stands for the grade of an enterprise that was never assessed.
UNGRADED = "none"


class FrequencyRow(NamedTuple):
    """A row of the frequency table: at least ``visits`` in every ``years``, as a rule not more than ``most`` a year
    (the upper end of «1至2次», None without one); empty sets mean all."""

    name: str
    grades: frozenset[str]
    categories: frozenset[str]
    products: frozenset[str]
    visits: int
    years: int
    key_target: bool
    most: int | None = None

    def fits(self, grade: str, category: str, product: str | None) -> bool:
        """Whether the row is for an enterprise of this grade ('' where it has none), category and product."""
        return (
            (not self.grades or (grade or UNGRADED) in self.grades)
            and (not self.categories or category in self.categories)
            and (not self.products or product in self.products)
        )


class Frequency(NamedTuple):
    """How often an enterprise is inspected in a year: how many visits, whether one has to cover all items (全项检查),
    whether it is a key target, why, in Chinese, and the upper end of the deciding row (None without one)."""

    visits: int
    full: bool
    key_target: bool
    reasons: tuple[str, ...]
    most: int | None = None


def frequency(
    rows: Iterable[FrequencyRow],
    grade: str,
    category: str,
    product: str | None,
    seen: Sequence[int],
    covered: Collection[int],
    cover_years: int,
    assumed: Collection[int] = (),
    unproven: Sequence[int] = (),
) -> Frequency:
    """The visits of a year by all rows that fit, the most demanding one deciding (令49号 art. 22; domain notes 2.1).

    ``seen[k]`` are the inspections k + 1 years before: a row over several years asks only for what they have not yet
    brought, one a year. ``covered`` are the years back (1 = last year) with an inspection of all items: an enterprise
    without one within ``cover_years`` gets at least one visit, and that covers all items. ``assumed`` are those years
    of ``covered`` that rest on the inspection's kind alone; ``unproven[k]`` are the inspections k + 1 years before
    that were to cover all items, but have no complete checklist.
    """
    visits, key_target, reasons = 0, False, []
    bounds: list[tuple[int, int | None]] = []
    for row in rows:
        if not row.fits(grade, category, product):
            continue
        wanted, words = row.visits, f"{row.name}每年{row.visits}次"
        if row.years > 1:
            before = sum(seen[: row.years - 1])
            wanted = max(0, row.visits - before)
            words = f"{row.name}每{row.years}年{row.visits}次，前{row.years - 1}年已检查{before}次"
        reasons.append((wanted, words))
        bounds.append((wanted, row.most))
        visits = max(visits, wanted)
        key_target = key_target or row.key_target
    deciding = [most for wanted, most in bounds if wanted == visits]
    told = [words for wanted, words in reasons if wanted == visits]
    told += [words for wanted, words in reasons if wanted != visits]
    full = not any(back < cover_years for back in covered)
    if full:
        visits = max(visits, 1)
        count = sum(unproven[: cover_years - 1])
        more = f"（日常、体系检查{count}次没有答完的要点表，不计）" if count else ""
        told.append(f"每{cover_years}年须全项检查一次，前{cover_years - 1}年没有全项检查{more}")
    elif all(back in assumed for back in covered if back < cover_years):
        told.append(f"前{cover_years - 1}年的全项检查按检查类型（日常、体系）认定，当时台账还没有答过的要点表")
    if key_target:
        told.append("重点监管对象")
    most = max([visits, *(one for one in deciding if one is not None)]) if deciding and None not in deciding else None
    return Frequency(visits, full, key_target, tuple(told), most)
