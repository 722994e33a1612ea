"""Setting tiers by the standard in bulk (按标准定层级), previewed first. Knows no assignment and no screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.core import statements
from models.core.changes import Transaction
from models.core.dated import set_facts
from models.core.errors import Conflict
from models.core.record import as_of, database
from models.enterprise import Enterprise, EnterpriseState
from models.responsibility_facts import ENDED
from models.tier import TierFacts, decide_tier, tier_lines

#: How many enterprises are read and written at a time.
BATCH = 400


@dataclass(frozen=True)
class TierChange:
    """An enterprise with its tier now and by the standard ('' for none), and the reasons in Chinese.

    Of an overridden one ``kept_for`` is the reason it was set by hand.
    """

    enterprise: int
    name: str
    before: str
    after: str
    reasons: tuple[str, ...]
    kept_for: str = ""


@dataclass(frozen=True)
class TierPreview:
    """What the standard of a day makes of some enterprises: to change, as they are, set by hand, undecided."""

    day: dt.date
    changes: tuple[TierChange, ...]
    unchanged: tuple[TierChange, ...]
    overridden: tuple[TierChange, ...]
    undecided: tuple[TierChange, ...]


def preview_tiers(
    day: dt.date, ids: Collection[int] | None = None, areas: Collection[int] = ()
) -> TierPreview:
    """The tiers by the standard for the enterprises (all by default) that are not closed on the day, by name.

    ``areas`` limits them to some townships.

    One with a reason of its own (层级理由) was set by hand and is left alone.
    """
    lines, wanted = tier_lines(day), None if ids is None else set(ids)
    state = EnterpriseState
    query = (
        Enterprise.live()
        .select(
            Enterprise.id,
            Enterprise.name,
            state.diners,
            Enterprise.floor_area,
            Enterprise.chain,
            state.category,
            state.product,
            state.tier,
            state.tier_reason,
        )
        .join(state, on=(state.enterprise == Enterprise.id))
        .where(state.removed_at.is_null(), as_of(state, day), state.status.not_in(ENDED))
        .order_by(Enterprise.name_key, Enterprise.id)
    )
    if areas:
        query = query.where(state.area.in_(list(areas)))
    found: dict[str, list[TierChange]] = {"changes": [], "unchanged": [], "overridden": [], "undecided": []}
    for row in database.execute(query):
        if wanted is None or row[0] in wanted:
            kind, change = _judge(row, lines)
            found[kind].append(change)
    return TierPreview(day, **{kind: tuple(rows) for kind, rows in found.items()})


def _judge(row: Sequence[Any], lines: Any) -> tuple[str, TierChange]:
    key, name, diners, area, chain, category, product, tier, by_hand = row
    facts = TierFacts(category, diners, None if area is None else Decimal(str(area)), bool(chain), product)
    new, reasons = decide_tier(facts, lines)
    kind = "undecided" if not new else "unchanged" if new == tier else "overridden" if by_hand else "changes"
    return kind, TierChange(key, name, tier or "", new, reasons, by_hand or "")


def apply_tiers(
    tx: Transaction,
    preview: TierPreview,
    ids: Collection[int] | None = None,
    step: Callable[[int, int], object] | None = None,
) -> int:
    """Set the tiers of a preview's changes (or of those among ``ids``) from its day; returns how many.

    ``step(done, all)`` hears how far it is and may raise to give it up. Raises Conflict, with nothing stored, where the
    facts or the standard have changed since.
    """
    wanted = None if ids is None else set(ids)
    chosen = [c for c in preview.changes if wanted is None or c.enterprise in wanted]
    fresh = {c.enterprise: c for c in preview_tiers(preview.day, [c.enterprise for c in chosen]).changes}
    if any(fresh.get(change.enterprise) != change for change in chosen):
        raise Conflict("预览以后，主体或分级标准有变动，没有定层级。", "请重新预览，核对后再定。")
    for start in range(0, len(chosen), BATCH):
        part = {change.enterprise: change for change in chosen[start : start + BATCH]}
        facts: dict[int, list[Any]] = {}
        for state in statements.read(EnterpriseState, "enterprise", part, order="valid_from", live=True):
            facts.setdefault(state.enterprise_id, []).append(state)
        for record in statements.read(Enterprise, "id", part):
            record.known_facts = facts[record.id]
            set_facts(tx, record, preview.day, {"tier": part[record.id].after})
        if step is not None:
            step(start + len(part), len(chosen))
    return len(chosen)
