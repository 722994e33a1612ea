"""«本年度已入企 N 次»: how often the bureau has been at an enterprise this year, against its bound. Knows no plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from models.core.checks import Problems
from models.core.choices import split_codes
from models.core.record import database
from models.core.story import Remark, tells_of
from models.settings import settings
from models.threshold import limit_of

LIMIT = "visit_limit"


class VisitCount(NamedTuple):
    """The done inspections of an enterprise in a year up to a day: all of them, those that the bound counts (not those
    on a clue, 设置 names the kinds), and the bound (None where none is in force)."""

    year: int
    made: int
    counted: int
    limit: int | None

    @property
    def reached(self) -> bool:
        """Whether one more counted visit would be over the bound."""
        return self.limit is not None and self.counted >= self.limit

    @property
    def words(self) -> str:
        """«本年度已入企 2 次，上限 4 次», with what the bound does not count."""
        if self.limit is None:
            return f"本年度已入企 {self.made} 次（{self.year}年没有登记入企次数上限）"
        free = self.made - self.counted
        note = f"，其中 {free} 次不计入上限" if free else ""
        return f"本年度已入企 {self.made} 次，上限 {self.limit} 次{note}"


def exempt_kinds() -> frozenset[str]:
    """The kinds of inspection that the bound does not count."""
    return frozenset(split_codes(settings().limit_exempt))


def visit_count(enterprise: int, day: dt.date, without: int | None = None) -> VisitCount:
    """How often an enterprise was inspected in a day's year up to and including the day, one inspection left out."""
    return visit_counts(day, [enterprise], without).get(enterprise) or VisitCount(
        day.year, 0, 0, limit_of(LIMIT, day)
    )


def visit_counts(
    day: dt.date, ids: Collection[int] | None = None, without: int | None = None
) -> dict[int, VisitCount]:
    """The same for many enterprises (None: all that were inspected)."""
    from models.inspection import Inspection  # inspections stand on this

    one = Inspection
    query = one.select(one.enterprise, one.kind).where(
        one.removed_at.is_null(),
        one.state == "done",
        one.inspected_on.between(dt.date(day.year, 1, 1), day),
    )
    if ids is not None:
        query = query.where(one.enterprise.in_(list(ids)))
    if without is not None:
        query = query.where(one.id != without)
    exempt, limit = exempt_kinds(), limit_of(LIMIT, day)
    counts: dict[int, list[int]] = {}
    rows: list[Any] = database.execute(query).fetchall()
    for key, kind in rows:
        mine = counts.setdefault(key, [0, 0])
        mine[0] += 1
        mine[1] += kind not in exempt
    return {key: VisitCount(day.year, made, counted, limit) for key, (made, counted) in counts.items()}


def told_count(draft: Any, day: dt.date | None) -> str:
    """How often the place of a draft was visited in a day's year, for a form; '' while the place or day is open."""
    if not draft["enterprise"] or day is None:
        return ""
    end = min(max(day, draft.day), dt.date(day.year, 12, 31))
    return visit_count(draft["enterprise"], end).words


@tells_of("enterprises")
def _of_enterprise(record: Any, day: dt.date) -> list[Remark]:
    """«本年度已入企 N 次» beside an enterprise."""
    count = visit_count(record.id, day)
    tone = "" if not count.reached else "danger" if count.counted > (count.limit or 0) else "warning"
    return [Remark("本年度入企", count.words.removeprefix("本年度"), tone)]


def warn_over_limit(draft: Any, problems: Problems) -> None:
    """Warn of an inspection that goes over the year's bound; for the check of an inspection being entered."""
    place, day = draft["enterprise"], draft["inspected_on"]
    entered = draft.record is None or any(
        draft.changed(name) for name in ("enterprise", "inspected_on", "kind", "state")
    )
    if not (place and day and entered) or draft["state"] != "done" or draft["kind"] in exempt_kinds():
        return
    count = visit_count(place, dt.date(day.year, 12, 31), draft.record.id if draft.record else None)
    if count.reached:
        words = f"{count.words}，这次将超过上限；确需检查的请写明理由"
        problems.warn("enterprise", "visit_limit", words, f"{place}/{day.year}")
