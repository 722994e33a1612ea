"""Repeated hazards: whether a finding has been made at the same place before; knows no table."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.rules.dates import format_date_paper

_NOISE = re.compile(r"[\s，。；、：,.;:“”\"'（）()《》]+")


class Seen(NamedTuple):
    """A finding as the rule looks at it.

    ``item`` is what its checklist item is called across versions of the form ('' without one), ``resolved_on`` the
    day it was corrected (None while open).
    """

    id: int
    enterprise: int
    found_on: date
    item: str
    article: str
    wording: str
    resolved_on: date | None = None


def fold(text: str) -> str:
    """A text as it is compared: full and half width alike, without blanks and marks."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def repeats(findings: Iterable[Seen], months: int) -> dict[int, tuple[str, ...]]:
    """Why each repeated finding is one, the latest earlier finding first; a finding not named repeats nothing.

    A finding repeats an earlier day's one at the same place, not older than ``months``, with the same checklist item,
    the same words, or the same article.
    """
    places: dict[int, list[Seen]] = defaultdict(list)
    for one in findings:
        places[one.enterprise].append(one)
    found: dict[int, tuple[str, ...]] = {}
    for mine in places.values():
        mine.sort(key=lambda one: (one.found_on, one.id), reverse=True)
        for place, one in enumerate(mine):
            since = months_before(one.found_on, months)
            reasons = tuple(
                _told(before, why, one.found_on)
                for before in mine[place + 1 :]
                if since <= before.found_on < one.found_on and (why := _same(one, before))
            )
            if reasons:
                found[one.id] = reasons
    return found


def _same(one: Seen, before: Seen) -> str:
    """What the two have in common; '' where they are different hazards."""
    if one.item and one.item == before.item:
        return "检查项目相同"
    if fold(one.wording) == fold(before.wording):
        return "问题描述相同"
    if one.article and fold(one.article) == fold(before.article):
        return "违反条款相同"
    return ""


def _told(before: Seen, why: str, day: date) -> str:
    done = before.resolved_on
    after = f"{format_date_paper(done)}已改正" if done is not None and done <= day else "当时尚未改正"
    return f"{format_date_paper(before.found_on)}已发现过（{why}，{after}）"
