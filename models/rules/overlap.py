"""Arithmetic of stretches of a day in minutes: who is in two places, how long it really took. Knows no record."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple


class Stretch(NamedTuple):
    """From ``begin`` until ``end`` (minutes since midnight, the end not included) at a place."""

    begin: int
    end: int
    place: Hashable


class Clash(NamedTuple):
    """The stretch at ``later`` begins while the one at ``earlier`` still runs elsewhere, for some minutes."""

    later: int
    earlier: int
    minutes: int


def clashes(stretches: Sequence[Stretch], tolerance: int = 0) -> list[Clash]:
    """For each stretch the one begun before it at another place that it shares the most minutes with, where these are
    more than ``tolerance``.

    Stretches that only touch share nothing; one that ends before it begins is passed over. In the order of beginning.
    """
    order = sorted(
        (i for i, s in enumerate(stretches) if s.end > s.begin), key=lambda i: (stretches[i].begin, i)
    )
    found: list[Clash] = []
    # The stretch that ends last, and the one that ends last of those at any other place than its.
    last: int | None = None
    other: int | None = None
    for i in order:
        one = stretches[i]
        rival = other if last is not None and stretches[last].place == one.place else last
        if rival is not None:
            shared = min(one.end, stretches[rival].end) - one.begin
            if shared > tolerance:
                found.append(Clash(i, rival, shared))
        if last is None or one.end > stretches[last].end:
            if last is not None and stretches[last].place != one.place:
                other = last
            last = i
        elif one.place != stretches[last].place and (other is None or one.end > stretches[other].end):
            other = i
    return found


def minutes_passed(stretches: Iterable[tuple[int, int]]) -> int:
    """The minutes that really passed during some stretches: what two of them share counts once."""
    total, until = 0, -1
    for begin, end in sorted(stretches):
        if end > max(begin, until):
            total += end - max(begin, until)
            until = end
    return total


def clock(minute: int) -> str:
    """A minute of the day as it is written: 09:30."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def span_text(begin: int, end: int) -> str:
    """A stretch as it is written: 09:30—10:15."""
    return f"{clock(begin)}—{clock(end)}"
