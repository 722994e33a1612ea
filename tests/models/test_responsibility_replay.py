"""The responsibility system as of any day equals a replay of its history by hand; proposals keep their promises."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.area import Area
from models.commitment import Commitment
from models.core.figure import figure
from models.core.ledger import Ledger
from models.core.register import View, register
from models.coverage import coverage, officials_by_level
from models.enterprise import Enterprise, EnterpriseState, Party
from models.opening import open_office
from models.proposing import apply_proposal, propose_assignments
from models.responsibility import Assignment, Official, OfficialPost
from models.responsibility_problems import problem_counts, responsibility_problems
from models.rules.coverage import check_assignment

FIRST = dt.date(2024, 1, 1)
LEVEL = {"B": "district", "C": "township", "D": "village"}
HIGHER = {"district": 3, "township": 2, "village": 1}
LIMIT = 2


class Undone(Exception):
    """Raised at the end of an example, so that nothing of it stays."""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger with four villages in two townships and a load limit of two."""
    from models.threshold import Threshold

    found = open_office(tmp_path_factory.mktemp("replay"), today=dt.date(2024, 3, 1))
    with found.write("登记") as tx:
        for town in Area.select().where(Area.level == "township").order_by(Area.id).limit(2):
            for name in "甲乙":
                tx.insert(Area, name=f"示例{name}村", level="village", parent=town.id)
        for row in Threshold.select().where(Threshold.code.startswith("load_")):
            tx.update(row, value=LIMIT)
    yield found
    found.close()


@contextmanager
def undone(ledger: Ledger) -> Iterator[Any]:
    """A transaction of which nothing stays."""
    with suppress(Undone), ledger.write("登记") as tx:
        yield tx
        raise Undone


days = st.integers(0, 15)
ends = st.one_of(st.none(), st.integers(0, 15))
state = st.tuples(
    st.sampled_from(["open"] * 4 + ["suspended", "closed"]),
    st.integers(0, 1),
    st.sampled_from([None, 0, 1]),
    st.sampled_from(["A", "B", "C", "D", None]),
)
seat = st.tuples(st.sampled_from(["district", "township", "village"]), st.integers(0, 1), st.integers(0, 1))
worlds = st.fixed_dictionaries(
    {
        "places": st.lists(st.lists(st.tuples(days, state), min_size=1, max_size=3), min_size=1, max_size=5),
        "officials": st.lists(
            st.tuples(ends, ends, st.lists(st.tuples(days, seat), min_size=1, max_size=2)),
            min_size=1,
            max_size=4,
        ),
        "held": st.lists(
            st.tuples(st.integers(0, 4), st.integers(0, 3), days, ends, st.booleans()), max_size=8
        ),
        "signed": st.lists(st.tuples(st.integers(0, 3), days, ends), max_size=4),
    }
)


def on(number: int | None) -> dt.date | None:
    return None if number is None else FIRST + dt.timedelta(days=number)


def stretches(changes: list[tuple[int, Any]]) -> list[tuple[int, int | None, Any]]:
    """Changes by day as (first, last, value), the last one open."""
    by_day = sorted(dict(changes).items())
    nexts = [day for day, _ in by_day[1:]]
    return [
        (day, end, value) for (day, value), end in zip(by_day, [*(n - 1 for n in nexts), None], strict=True)
    ]


class World:
    """A random history, in the ledger and by hand."""

    def __init__(self, tx: Any, plan: dict[str, Any]) -> None:
        towns = list(Area.select().where(Area.level == "township").order_by(Area.id).limit(2))
        self.towns = [town.id for town in towns]
        self.villages = [
            [v.id for v in Area.select().where(Area.parent == t.id).order_by(Area.id)] for t in towns
        ]
        self.district = towns[0].__data__["parent"]
        party = tx.insert(Party, name="示例当事人", kind="organization")
        self.places: dict[int, list[Any]] = {}
        for number, changes in enumerate(plan["places"]):
            key = tx.insert(
                Enterprise, name=f"示例店{number}", party=party.id, address=f"示例路{number}号"
            ).id
            self.places[key] = stretches(changes)
            for first, last, (status, town, village, tier) in self.places[key]:
                tx.insert(EnterpriseState, enterprise=key, valid_from=on(first), valid_to=on(last), category="catering",
                          status=status, area=self.towns[town], tier=tier,
                          village=None if village is None else self.villages[town][village])  # fmt: skip
        self.officials: dict[int, Any] = {}
        for number, (term_from, term_to, posts) in enumerate(plan["officials"]):
            key = tx.insert(
                Official, name=f"示例干部{number}", term_from=on(term_from), term_to=on(term_to)
            ).id
            self.officials[key] = (term_from, term_to, stretches(posts))
            for first, last, (level, town, village) in self.officials[key][2]:
                tx.insert(OfficialPost, official=key, valid_from=on(first), valid_to=on(last), level=level,
                          area=self.area(level, town, village))  # fmt: skip
        shops, people = list(self.places), list(self.officials)
        self.held: list[Any] = []
        for shop, official, first, last, removed in plan["held"]:
            if last is not None and last < first:
                continue
            row = (shops[shop % len(shops)], people[official % len(people)], first, last)
            one = tx.insert(
                Assignment, enterprise=row[0], official=row[1], valid_from=on(first), valid_to=on(last)
            )
            if removed:
                tx.remove(one)
            else:
                self.held.append((one.id, *row))
        self.signed = [(people[o % len(people)], first, last) for o, first, last in plan["signed"]]
        for official, first, last in self.signed:
            tx.insert(Commitment, official=official, signed_on=on(first), valid_until=on(last), year=2024)

    def area(self, level: str, town: int, village: int) -> int:
        if level == "district":
            return int(self.district)
        return self.towns[town] if level == "township" else self.villages[town][village]

    def state(self, place: int, day: int) -> Any:
        return next((v for a, b, v in self.places[place] if a <= day and (b is None or day <= b)), None)

    def post(self, official: int, day: int) -> Any:
        return next(
            (v for a, b, v in self.officials[official][2] if a <= day and (b is None or day <= b)), None
        )

    def serves(self, official: int, day: int) -> bool:
        first, last, _ = self.officials[official]
        return (first is None or first <= day) and (last is None or day <= last)

    def now(self, day: int) -> list[Any]:
        return [h for h in self.held if h[3] <= day and (h[4] is None or day <= h[4])]

    def enough(self, official: int, tier: str | None, day: int) -> bool:
        post = self.post(official, day)
        return post is not None and (tier not in LEVEL or HIGHER[post[0]] >= HIGHER[LEVEL[tier]])

    def has_signed(self, official: int, day: int) -> bool:
        return any(o == official and a <= day and (b is None or day <= b) for o, a, b in self.signed)

    def problems(self, day: int) -> set[tuple[str, int | None, int | None, int | None]]:
        """The problems of a day, by hand."""
        found: set[Any] = set()
        now = self.now(day)
        for place in self.places:
            state, mine = self.state(place, day), [h for h in now if h[1] == place]
            if state is None:
                found |= {("closed", place, h[2], h[0]) for h in mine}
                continue
            status, _town, village, tier = state
            if len(mine) > 1:
                found.add(("double", place, None, None))
            if status == "closed":
                found |= {("closed", place, h[2], h[0]) for h in mine}
            if status == "open" and village is None:
                found.add(("village_missing", place, None, None))
            if status == "open" and tier != "A" and not mine:
                found.add(("gap", place, None, None))
            elif status == "open" and tier != "A" and not any(self.enough(h[2], tier, day) for h in mine):
                first = min(mine)
                found.add(("mismatch", place, first[2], first[0]))
            for held in mine:
                post = self.post(held[2], day)
                if post is None or not self.serves(held[2], day):
                    found.add(("out_of_term", place, held[2], held[0]))
                elif not self.covers(post, state):
                    found.add(("outside", place, held[2], held[0]))
        for official in self.officials:
            load = sum(h[2] == official for h in now)
            if self.post(official, day) is not None and load > LIMIT:
                found.add(("overload", None, official, None))
            if self.serves(official, day) and self.post(official, day) and not self.has_signed(official, day):
                found.add(("uncommitted", None, official, None))
        return found

    def covers(self, post: Any, state: Any) -> bool:
        level, town, village = post
        return level == "district" or (town == state[1] and (level == "township" or village == state[2]))


@settings(max_examples=40)
@given(plan=worlds, day=days)
@example(
    plan={
        "places": [[(0, ("open", 0, None, None))]],
        "officials": [(None, None, [(1, ("district", 0, 0))])],
        "held": [(0, 0, 0, None, False)],
        "signed": [],
    },
    day=0,
)
def test_every_view_of_a_day_equals_the_replay(ledger: Ledger, plan: dict[str, Any], day: int) -> None:
    with undone(ledger) as tx:
        world, today = World(tx, plan), on(day)
        assert today is not None
        found = responsibility_problems(today)
        assert len(found) == len(set(found))
        assert {p[:4] for p in found} == world.problems(day)
        assert all(p.text and p.label for p in found)
        counts = problem_counts(today)
        assert figure("assignment.missing").value(today, today) == counts["gap"] + counts["mismatch"]
        ids = set(register("assignments").ids(View(presets=("current",)), today))
        assert ids == {h[0] for h in world.now(day)}
        check_coverage(world, day, today)


def check_coverage(world: World, day: int, today: dt.date) -> None:
    """Coverage rows against the replay's counts."""
    wanted: Counter[Any] = Counter()
    for place in world.places:
        state = world.state(place, day)
        if state is None or state[0] != "open":
            continue
        level = {"A": "city", None: ""}.get(state[3]) if state[3] not in LEVEL else LEVEL[state[3]]
        mine = [h for h in world.now(day) if h[1] == place and world.post(h[2], day) is not None]
        good = [h for h in mine if state[3] == "A" or world.enough(h[2], state[3], day)]
        key = (level, world.towns[state[1]])
        wanted[(*key, "all")] += 1
        wanted[(*key, "assigned")] += bool(good)
        wanted[(*key, "committed")] += any(world.has_signed(h[2], day) for h in good)
    rows = coverage(today)
    got = {(r.level, r.area_id, n): v for r in rows
           for n, v in (("all", r.enterprises), ("assigned", r.assigned), ("committed", r.committed))}  # fmt: skip
    assert {k: v for k, v in got.items() if v} == {k: v for k, v in wanted.items() if v}
    serving = [o for o in world.officials if world.serves(o, day) and world.post(o, day) is not None]
    levels = Counter(world.post(o, day)[0] for o in serving)
    signed = Counter(world.post(o, day)[0] for o in serving if world.has_signed(o, day))
    assert {(r.level, r.officials, r.committed) for r in officials_by_level(today)} == {
        (level, levels[level], signed[level]) for level in HIGHER
    }


@settings(max_examples=40)
@given(plan=worlds, day=days)
def test_a_proposal_keeps_its_promises(ledger: Ledger, plan: dict[str, Any], day: int) -> None:
    with undone(ledger) as tx:
        world, today = World(tx, plan), on(day)
        assert today is not None
        before = {o: sum(h[2] == o for h in world.now(day)) for o in world.officials}
        proposal = propose_assignments(today)
        assert proposal == propose_assignments(today)
        subjects = [p for p in world.places if (s := world.state(p, day)) and s[0] == "open" and s[3] != "A"]
        told = [line.enterprise for line in proposal.lines] + [
            one.enterprise for one in proposal.unassignable
        ]
        assert len(told) == len(set(told))
        assert set(told) <= set(subjects)
        relieved = sum(line.why == "load" for line in proposal.lines)
        assert len(told) - relieved + proposal.kept == len(subjects)
        for line in proposal.lines:
            check_line(world, line, day)
        made = apply_proposal(tx, proposal)
        assert len(made) == len(proposal.lines)
        after = Counter(row.official_id for row in Assignment.live() if row.valid_from <= today
                        and (row.valid_to is None or row.valid_to >= today))  # fmt: skip
        assert {load.official: (load.before, load.after) for load in proposal.loads} == {
            o: (before[o], after[o]) for o in world.officials if before[o] != after[o]
        }
        again = propose_assignments(today)
        assert not again.lines
        assert again.unassignable == proposal.unassignable


def check_line(world: World, line: Any, day: int) -> None:
    """A proposed official is in office, of the tier's level, and of the enterprise's area."""
    state, post = world.state(line.enterprise, day), world.post(line.official, day)
    assert world.serves(line.official, day)
    assert post[0] == LEVEL[state[3]] == line.level
    place = [world.district, world.towns[state[1]]]
    if state[2] is not None:
        place.append(world.villages[state[1]][state[2]])
    chain = [world.district, world.towns[post[1]], world.villages[post[1]][post[2]]][: 4 - HIGHER[post[0]]]
    first, last, _ = world.officials[line.official]
    others = [(on(h[3]), on(h[4])) for h in world.held if h[1] == line.enterprise and h[0] not in line.ended]
    until = None if line.until is None else dt.date.fromisoformat(line.until)
    begin = on(day)
    assert begin is not None
    remarks = check_assignment(
        post[0],
        chain,
        place,
        state[3],
        (on(first), on(last)),
        begin,
        until,
        others,  # type: ignore[arg-type]
    )
    assert not remarks
