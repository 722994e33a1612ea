"""What the papers of 包保责任 say as of a day, as plain data read in batches of officials. Knows no document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from models.area import Area
from models.commitment import Commitment, in_force
from models.core.record import as_of
from models.enterprise import Enterprise, EnterpriseState, Permit
from models.inspection import Finding
from models.party import Party
from models.responsibility import Assignment, Official, OfficialPost
from models.responsibility_facts import ENDED
from models.rules.rounds import round_of
from models.safety_staff import SafetyStaff
from models.settings import settings
from models.threshold import limits_of
from models.visit import SupervisionVisit

BATCH = 60
"""Officials whose enterprises are read at once: bounds the memory of a paper for the whole district."""
LEVEL_NAMES = {"district": "区级", "township": "乡镇（街道）级", "village": "村（社区）级"}


@dataclass(frozen=True, slots=True)
class Cadre:
    """An official as the papers name them; '' where unknown, ``committed_on`` None without a letter in force."""

    id: int
    name: str
    level: str
    area: str
    township: str
    unit: str
    post: str
    phone: str
    committed_on: dt.date | None = None

    @property
    def level_name(self) -> str:
        """The level in the papers' words."""
        return LEVEL_NAMES.get(self.level, "")


@dataclass(frozen=True, slots=True)
class Place:
    """An enterprise with what its official is asked for; '' where unknown, people joined by 、."""

    id: int
    name: str
    uscc: str
    permits: str
    category: str
    category_name: str
    address: str
    principal: str
    phone: str
    area: str
    township: str
    tier: str
    status: str
    directors: str
    officers: str
    since: dt.date
    ended: bool


@dataclass(frozen=True, slots=True)
class Supervised:
    """How one enterprise was looked after up to the day: visits of the running round, findings of officials."""

    last: dt.date | None = None
    visits: int = 0
    found: int = 0
    resolved: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """An official with the enterprises looked after on the day, by name; ``round`` is the visiting round or None."""

    cadre: Cadre
    places: tuple[Place, ...]
    supervised: dict[int, Supervised]
    round: tuple[dt.date, dt.date] | None

    @property
    def open_places(self) -> tuple[Place, ...]:
        """Without those closed or revoked."""
        return tuple(place for place in self.places if not place.ended)


def sheets(
    officials: Sequence[int], day: dt.date, within: frozenset[int] | None = None, supervision: bool = False
) -> Iterator[Sheet]:
    """The officials in the order given with their enterprises on a day, read batch by batch.

    ``within`` leaves only enterprises with these ids; ``supervision`` reads visits and findings too.
    """
    months = limits_of([f"visit_months_{level}" for level in LEVEL_NAMES], day) if supervision else {}
    areas = _areas()
    for keys in _batches(officials):
        cadres = _cadres(keys, day, areas)
        places = _places(keys, day, within, areas)
        for key in keys:
            cadre = cadres.get(key)
            if cadre is None:
                continue
            mine = tuple(places.get(key, ()))
            every = months.get(f"visit_months_{cadre.level}")
            lap = round_of(day, every) if every else None
            seen = _supervised([place.id for place in mine], day, lap) if supervision else {}
            yield Sheet(cadre, mine, seen, lap)


def _batches(keys: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _areas() -> dict[int, tuple[str, str, int | None]]:
    rows: Any = Area.select(Area.id, Area.name, Area.level, Area.parent).tuples()
    return {row[0]: row[1:] for row in rows}


def _cadres(keys: Sequence[int], day: dt.date, areas: dict[int, Any]) -> dict[int, Cadre]:
    post = OfficialPost
    query = (
        OfficialPost.live()
        .select(post.official, post.level, post.area, post.unit, post.post)
        .where(post.official.in_(keys), as_of(post, day))
        .tuples()
    )
    posts = {row[0]: row[1:] for row in query}
    signed = dict(
        Commitment.live()
        .select(Commitment.official, Commitment.signed_on)
        .where(Commitment.official.in_(keys), in_force(day))
        .order_by(Commitment.signed_on)
        .tuples()
    )
    found = {}
    rows: Any = (
        Official.select(Official.id, Official.name, Official.phone).where(Official.id.in_(keys)).tuples()
    )
    for key, name, phone in rows:
        level, area, unit, title = posts.get(key, ("", None, "", ""))
        place, township = place_names(area, areas)
        found[key] = Cadre(
            key, name, level, place, township, unit or "", title or "", phone or "", signed.get(key)
        )
    return found


def place_names(area: int | None, areas: dict[int, Any]) -> tuple[str, str]:
    """The name of an area and that of the group its officials stand in: the township, or the district."""
    if area not in areas:
        return "", ""
    name, level, parent = areas[area]
    return name, areas[parent][0] if level == "village" and parent in areas else name


def _places(
    keys: Sequence[int], day: dt.date, within: frozenset[int] | None, areas: dict[int, Any]
) -> dict[int, list[Place]]:
    state = EnterpriseState
    few = [Assignment.enterprise.in_(within)] if within is not None and len(within) <= 500 else []
    query = (
        Assignment.live()
        .select(
            *(Assignment.official, Assignment.valid_from, Enterprise.id, Enterprise.name, Party.uscc),
            *(Enterprise.address, Enterprise.principal, Enterprise.phone),
            *(state.category, state.status, state.area, state.village, state.tier),
        )
        .join(Enterprise, on=(Enterprise.id == Assignment.enterprise))
        .join(Party, on=(Party.id == Enterprise.party))
        .join_from(Enterprise, state, on=(state.enterprise == Enterprise.id))
        .where(
            Assignment.official.in_(keys),
            as_of(Assignment, day),
            *few,
            Enterprise.removed_at.is_null(),
            state.removed_at.is_null(),
            as_of(state, day),
        )
        .order_by(Assignment.official, Enterprise.name_key, Enterprise.id)
        .tuples()
    )
    rows = [row for row in query if within is None or row[2] in within]
    ids = [row[2] for row in rows]
    permits, staff = _permits(ids, day), _staff(ids, day)
    categories, tiers = state.category.labels, state.tier.labels
    statuses = state.status.labels
    found: dict[int, list[Place]] = {}
    seen: set[tuple[int, int]] = set()
    for (
        official,
        since,
        key,
        name,
        uscc,
        address,
        principal,
        phone,
        category,
        status,
        area,
        village,
        tier,
    ) in rows:
        if (official, key) in seen:
            continue
        seen.add((official, key))
        where = village if village in areas else area
        found.setdefault(official, []).append(
            Place(
                *(key, name, uscc or "", permits.get(key, ""), category, categories.get(category, "")),
                *(address or "", principal or "", phone or "", areas[where][0] if where in areas else ""),
                *(areas[area][0] if area in areas else "", tiers.get(tier or "", "")),
                statuses.get(status, ""),
                *(staff.get((key, "director"), ""), staff.get((key, "officer"), "")),
                *(since, status in ENDED),
            )
        )
    return found


def _slices(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]


def _permits(ids: Sequence[int], day: dt.date) -> dict[int, str]:
    """The numbers in force on the day, one a line; where none is, the last one with a remark."""
    good: dict[int, list[str]] = {}
    stale: dict[int, str] = {}
    for part in _slices(ids):
        query = (
            Permit.live()
            .select(Permit.enterprise, Permit.number, Permit.valid_until)
            .where(Permit.enterprise.in_(part), Permit.issued_on.is_null() | (Permit.issued_on <= day))
            .order_by(Permit.valid_until, Permit.id)
        )
        for key, number, until in query.tuples():
            if until is None or until >= day:
                good.setdefault(key, []).append(number)
            else:
                stale[key] = f"{number}（已过期）"
    return stale | {key: "\n".join(dict.fromkeys(numbers)) for key, numbers in good.items()}


def _staff(ids: Sequence[int], day: dt.date) -> dict[tuple[int, str], str]:
    names: dict[tuple[int, str], list[str]] = {}
    for part in _slices(ids):
        query = (
            SafetyStaff.live()
            .select(SafetyStaff.enterprise, SafetyStaff.role, SafetyStaff.name)
            .where(
                SafetyStaff.enterprise.in_(part),
                SafetyStaff.appointed_on.is_null() | (SafetyStaff.appointed_on <= day),
                SafetyStaff.left_on.is_null() | (SafetyStaff.left_on >= day),
            )
            .order_by(SafetyStaff.id)
        )
        for key, role, name in query.tuples():
            names.setdefault((key, role), []).append(name)
    return {key: "、".join(dict.fromkeys(found)) for key, found in names.items()}


def _supervised(
    ids: Sequence[int], day: dt.date, lap: tuple[dt.date, dt.date] | None
) -> dict[int, Supervised]:
    visit, start = SupervisionVisit, lap[0] if lap else dt.date(day.year, 1, 1)
    facts: dict[int, list[Any]] = {}
    for part in _slices(ids):
        visits = visit.live().select(visit.enterprise, visit.visited_on)
        for key, on in visits.where(visit.enterprise.in_(part), visit.visited_on <= day).tuples():
            one = facts.setdefault(key, [None, 0, 0, 0])
            one[0] = max(one[0] or on, on)
            one[1] += on >= start
        findings = (
            Finding.live()
            .select(Finding.enterprise, Finding.resolved_on)
            .where(Finding.enterprise.in_(part), Finding.visit.is_null(False), Finding.found_on <= day)
        )
        for key, resolved in findings.tuples():
            one = facts.setdefault(key, [None, 0, 0, 0])
            one[2] += 1
            one[3] += resolved is not None and resolved <= day
    return {key: Supervised(*values) for key, values in facts.items()}


def boards(ids: Sequence[int], day: dt.date) -> Iterator[tuple[Place, tuple[Cadre, ...]]]:
    """Enterprises in business, in the order given, each with its officials on a day; those without are left out."""
    areas = _areas()
    for keys in _batches(ids):
        mine = as_of(Assignment, day) & Assignment.enterprise.in_(keys)
        pairs = (
            Assignment.live()
            .select(Assignment.enterprise, Assignment.official)
            .where(mine)
            .order_by(Assignment.valid_from.desc(), Assignment.id)
        )
        held: dict[int, list[int]] = {}
        for enterprise, official in pairs.tuples():
            held.setdefault(enterprise, []).append(official)
        people = sorted({key for found in held.values() for key in found})
        cadres = _cadres(people, day, areas)
        places = {
            place.id: place
            for found in _places(people, day, frozenset(keys), areas).values()
            for place in found
        }
        for key in keys:
            place = places.get(key)
            if place is not None and not place.ended:
                mine_too = dict.fromkeys(held[key])
                yield place, tuple(cadres[one] for one in mine_too if one in cadres)


def basis() -> str:
    """The document that the papers name as their basis, from the office's settings."""
    return "".join(settings().assignment_basis.split())
