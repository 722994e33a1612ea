"""Handovers, tiers by the standard, merged areas, commitments: the steps of the responsibility system."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.area import Area
from models.area_changes import Merged, merge_areas
from models.commitment import Commitment
from models.core.checks import CheckFailed
from models.core.errors import Conflict, KnownError, NotFound, Refused
from models.core.figure import figure
from models.core.record import database
from models.coverage import coverage
from models.enterprise import CATEGORIES, Enterprise, EnterpriseState
from models.handing_over import hand_over, handover_sheet, propose_handover
from models.handover import Handover, HandoverLine
from models.proposing import AssignScope, apply_proposal, propose_assignments
from models.responsibility import Assignment, Official
from models.responsibility_problems import responsibility_problems
from models.tier import TierFacts, TierRule, suggest_tier
from models.tiering import apply_tiers, preview_tiers

BEGAN = dt.date(2024, 1, 1)
ON = dt.date(2024, 6, 30)


def assigned(office: Any, place: Any, official: Any, begin: dt.date = BEGAN, **more: Any) -> Any:
    return office.save(
        Assignment, {"enterprise": place.id, "official": official.id, "valid_from": begin, **more}
    )


@pytest.fixture
def leaving(office: Any) -> tuple[Any, Any, list[Any], list[Any]]:
    """An office, a leaving township official, two colleagues (one with an enterprise already), three enterprises."""
    official = office.official(
        term_from=dt.date(2020, 1, 1), unit="新枫街道", post="主任", phone="13000000001"
    )
    colleagues = [office.official(term_from=dt.date(2020, 1, 1)) for _ in range(2)]
    places = [office.enterprise(tier="C") for _ in range(3)]
    for place in places:
        assigned(office, place, official)
    assigned(office, office.enterprise(tier="C"), colleagues[0])
    return office, official, colleagues, places


def test_a_handover_moves_everything_and_can_be_undone(leaving: Any) -> None:
    office, official, (busy, idle), places = leaving
    proposal = propose_handover(official.id, ON)
    assert [line.enterprise for line in proposal.lines] == [p.id for p in places]
    assert [line.successor for line in proposal.lines] == [idle.id, busy.id, idle.id]
    assert all("现包保户数最少" in line.reason for line in proposal.lines)
    with office.ledger.write("包保交接") as tx:
        record = hand_over(tx, official.id, ON, proposal.choices, reason="调离", witness="示例监交")
    assert Official.get_by_id(official.id).term_to == dt.date(2024, 6, 29)
    now = {row.enterprise_id: row.official_id for row in Assignment.live() if row.valid_to is None}
    assert [now[p.id] for p in places] == [idle.id, busy.id, idle.id]
    old = [row for row in Assignment.live() if row.official_id == official.id]
    assert {row.valid_to for row in old} == {dt.date(2024, 6, 29)}
    assert not [p for p in responsibility_problems(ON) if p.kind in ("gap", "double", "out_of_term")]
    sheet = handover_sheet(record.id)
    assert (sheet.giver.name, sheet.giver.unit, sheet.giver.post) == (official.name, "新枫街道", "主任")
    assert [row.successor.name for row in sheet.rows if row.successor] == [idle.name, busy.name, idle.name]
    assert sheet.rows[0].tier == "C级（乡镇街道）"
    office.save(Official, {"post": "书记"}, official, effective_on=dt.date(2024, 6, 20))
    office.save(Official, {"post": "主任"}, official, effective_on=dt.date(2024, 6, 20))
    assert handover_sheet(record.id) == sheet
    assert Handover.get_by_id(record.id).guard("remove")


def test_undoing_a_handover_brings_all_back(leaving: Any) -> None:
    office, official, _colleagues, places = leaving
    with office.ledger.write("包保交接") as tx:
        hand_over(tx, official.id, ON, propose_handover(official.id, ON).choices)
    office.ledger.undo()
    assert Official.get_by_id(official.id).term_to is None
    assert not Handover.live().exists()
    assert not HandoverLine.live().exists()
    mine = list(Assignment.live().where(Assignment.official == official.id))
    assert {row.enterprise_id for row in mine if row.valid_to is None} == {p.id for p in places}
    office.ledger.redo()
    assert Official.get_by_id(official.id).term_to == dt.date(2024, 6, 29)


@pytest.mark.parametrize(
    "when",
    [
        "INSERT ON handover_line WHEN (SELECT COUNT(*) FROM handover_line) = 0",
        "INSERT ON handover_line WHEN (SELECT COUNT(*) FROM handover_line) = 2",
        "INSERT ON assignment WHEN (SELECT COUNT(*) FROM assignment) = 6",
        "UPDATE ON official",
    ],
)
def test_a_handover_interrupted_half_way_leaves_all_as_it_was(leaving: Any, when: str) -> None:
    office, official, _colleagues, _places = leaving
    choices = propose_handover(official.id, ON).choices
    tables = (Official, Assignment, Handover, HandoverLine)
    before = [list(model.select().order_by(model.id).dicts()) for model in tables]
    stop = f"CREATE TRIGGER stop BEFORE {when} BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"

    def broken() -> None:
        with office.ledger.write("包保交接") as tx:
            database.execute_sql(stop)
            hand_over(tx, official.id, ON, choices)

    with pytest.raises(KnownError):
        broken()
    assert [list(model.select().order_by(model.id).dicts()) for model in tables] == before
    with office.ledger.write("包保交接") as tx:
        hand_over(tx, official.id, ON, choices)
    assert HandoverLine.live().count() == 3


def test_a_handover_refuses_what_is_not_so_any_more(leaving: Any) -> None:
    office, official, (busy, _idle), places = leaving
    choices = propose_handover(official.id, ON).choices
    with pytest.raises(Conflict, match="已有变动"), office.ledger.write("包保交接") as tx:
        hand_over(tx, official.id, ON, dict(list(choices.items())[1:]))
    with pytest.raises(Refused, match="移交人本人"), office.ledger.write("包保交接") as tx:
        hand_over(tx, official.id, ON, dict.fromkeys(choices, official.id))
    village = office.save(Area, {"name": "示例村", "level": "village", "parent": office.area().id})
    low = office.official(level="village", area=village.id, term_from=dt.date(2020, 1, 1))
    with pytest.raises(CheckFailed, match=places[0].name), office.ledger.write("包保交接") as tx:
        hand_over(tx, official.id, ON, {**choices, next(iter(choices)): low.id})
    with pytest.raises(NotFound):
        propose_handover(10**6, ON)
    one = Assignment.get_by_id(next(iter(choices)))
    office.save(Assignment, {"valid_to": dt.date(2024, 6, 1)}, one)
    with pytest.raises(Conflict), office.ledger.write("包保交接") as tx:
        hand_over(tx, official.id, ON, choices)
    assert not Handover.live().exists()
    assert Official.get_by_id(busy.id).term_to is None


def test_a_handover_without_successors_leaves_them_open(office: Any) -> None:
    official, place = office.official(term_from=dt.date(2020, 1, 1)), office.enterprise(tier="C")
    gone = office.enterprise(tier="C")
    for one in (place, gone):
        assigned(office, one, official)
    office.save(type(gone), {"status": "closed"}, gone, effective_on=dt.date(2024, 5, 1))
    lines = {line.enterprise: line for line in propose_handover(official.id, ON).lines}
    assert lines[place.id].successor is None
    assert "没有同辖区" in lines[place.id].reason
    assert "只结束包保" in lines[gone.id].reason
    with office.ledger.write("包保交接") as tx:
        record = hand_over(tx, official.id, ON, propose_handover(official.id, ON).choices)
    assert [row.successor for row in handover_sheet(record.id).rows] == [None, None]
    assert figure("assignment.missing").value(ON, ON) == 1


def test_a_proposal_is_refused_when_the_facts_changed(office: Any) -> None:
    place, official = office.enterprise(tier="C"), office.official()
    proposal = propose_assignments(ON)
    assert [(line.enterprise, line.official, line.reason) for line in proposal.lines] == [
        (place.id, official.id, "尚未指派")
    ]
    office.save(type(place), {"tier": "B", "tier_reason": "辖区重点单位"}, place, effective_on=ON)
    with pytest.raises(Conflict, match="重新生成"), office.ledger.write("指派") as tx:
        apply_proposal(tx, proposal)
    assert not Assignment.live().exists()


def test_a_proposal_balances_and_stays_in_its_scope(office: Any) -> None:
    near, far = [office.official() for _ in range(2)], office.official(area=office.area("西郊街道").id)
    for number in range(6):
        office.enterprise(tier="C", name=f"示例甲店{number}")
    other = office.enterprise(tier="C", area=office.area("西郊街道").id)
    untiered, low = office.enterprise(), office.enterprise(tier="D")
    proposal = propose_assignments(ON, AssignScope(areas=(office.area().id,)))
    assert {load.official: load.after for load in proposal.loads} == {near[0].id: 3, near[1].id: 3}
    assert {one.enterprise: one.why for one in proposal.unassignable} == {
        untiered.id: "tier",
        low.id: "village",
    }
    whole = propose_assignments(ON, AssignScope(levels=("township",)))
    assert {line.official for line in whole.lines if line.enterprise == other.id} == {far.id}
    assert not whole.unassignable
    only = propose_assignments(ON, AssignScope(enterprises=(other.id,)))
    assert [line.enterprise for line in only.lines] == [other.id]
    with office.ledger.write("按建议指派") as tx:
        apply_proposal(tx, whole)
    assert not propose_assignments(ON, AssignScope(levels=("township",))).lines
    office.ledger.undo()
    assert not Assignment.live().exists()


def test_an_assignment_of_a_removed_enterprise_is_refused(office: Any) -> None:
    place, official = office.enterprise(tier="C"), office.official()
    with office.ledger.write("移除") as tx:
        tx.remove(place)
    with pytest.raises(CheckFailed, match="已移除"):
        assigned(office, place, official)


@pytest.mark.parametrize(
    ("facts", "tier", "reason"),
    [
        (TierFacts("production", product="29"), "A", "特殊食品"),
        (TierFacts("production", product="0102"), "B", "食品生产企业"),
        (TierFacts("school_canteen", diners=500), "B", "500人以上"),
        (TierFacts("school_canteen", diners=499), "C", "其他学校食堂"),
        (TierFacts("school_canteen"), "C", "就餐人数未登记"),
        (TierFacts("catering", floor_area=Decimal(1000)), "B", "1000㎡"),
        (TierFacts("catering", floor_area=Decimal("999.9")), "C", "150㎡"),
        (TierFacts("catering", floor_area=Decimal(100)), "D", "其他食品经营者"),
        (TierFacts("sale", floor_area=Decimal(10), chain=True), "C", "连锁"),
        (TierFacts("catering"), "D", "经营面积未登记"),
        (TierFacts("stall"), "D", "其他食品经营者"),
    ],
)
def test_the_standard_gives_a_tier_with_reasons(
    office: Any, facts: TierFacts, tier: str, reason: str
) -> None:
    found, reasons = suggest_tier(facts, ON)
    assert found == tier
    assert reason in "；".join(reasons)


def test_the_standard_is_dated(office: Any) -> None:
    assert suggest_tier(TierFacts("stall"), dt.date(2020, 1, 1))[0] == ""
    rule = TierRule.live().where(TierRule.rank == 900).get()
    office.save(TierRule, {"valid_to": dt.date(2024, 5, 31)}, rule)
    assert suggest_tier(TierFacts("stall"), dt.date(2024, 5, 31))[0] == "D"
    assert "没有符合" in suggest_tier(TierFacts("stall"), ON)[1][0]
    with pytest.raises(CheckFailed, match="规模指标"):
        office.save(TierRule, {"rank": 1, "name": "示例", "tier": "C", "least": 3, "valid_from": ON})
    with pytest.raises(CheckFailed, match="没有“cinema”"):
        office.save(
            TierRule, {"rank": 1, "name": "示例", "tier": "C", "categories": "cinema", "valid_from": ON}
        )


sizes = st.one_of(st.none(), st.integers(0, 3000))


@given(
    category=st.sampled_from([code for code, _ in CATEGORIES]), diners=sizes, area=sizes, chain=st.booleans()
)
def test_the_seeded_standard_leaves_nobody_out(
    seeded: Any, category: str, diners: int | None, area: int | None, chain: bool
) -> None:
    size = None if area is None else Decimal(area)
    tier, reasons = suggest_tier(TierFacts(category, diners, size, chain), ON)
    assert tier in "ABCD"
    assert reasons
    bigger = suggest_tier(TierFacts(category, (diners or 0) + 1000, (size or 0) + Decimal(1000), chain), ON)[
        0
    ]
    assert bigger <= tier


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from models.opening import open_office

    ledger = open_office(tmp_path_factory.mktemp("seeded"), today=ON)
    yield ledger
    ledger.close()


def test_a_tier_by_hand_against_the_standard_wants_a_reason(office: Any) -> None:
    place = office.enterprise(tier="D")
    with pytest.raises(CheckFailed) as failed:
        office.save(Enterprise, {"tier": "B"}, place, effective_on=ON, waivers={})
    (problem,) = failed.value.problems
    assert (problem.field, problem.rule, problem.severity) == ("tier_reason", "tier_by_hand", "warning")
    assert "应为D级（符合“其他食品经营者”" in problem.message
    assert "所填为B级：请写明层级理由" in problem.message
    assert place.fact(ON).tier == "D"
    office.save(Enterprise, {"tier": "B", "tier_reason": "辖区重点单位"}, place, effective_on=ON)
    assert preview_tiers(ON).overridden[0].kept_for == "辖区重点单位"
    office.save(Enterprise, {"tier": "D", "tier_reason": ""}, place, effective_on=ON)
    office.save(Enterprise, {"tier": "C"}, place, effective_on=ON, waivers={"tier_by_hand": "街道要求"})


def test_tiers_in_bulk_are_previewed_and_leave_those_set_by_hand(office: Any) -> None:
    small = office.enterprise(tier="C")
    right = office.enterprise(tier="D")
    by_hand = office.enterprise(tier="B", tier_reason="辖区重点单位")
    closed = office.enterprise(tier="B", status="closed")
    preview = preview_tiers(ON)
    assert [(c.enterprise, c.before, c.after) for c in preview.changes] == [(small.id, "C", "D")]
    assert [c.enterprise for c in preview.unchanged] == [right.id]
    assert [(c.enterprise, c.kept_for) for c in preview.overridden] == [(by_hand.id, "辖区重点单位")]
    with office.ledger.write("按标准定层级") as tx:
        assert apply_tiers(tx, preview) == 1
    states = EnterpriseState.live().where(EnterpriseState.enterprise == small.id)
    assert [(s.tier, s.valid_to) for s in states.order_by(EnterpriseState.valid_from)] == [
        ("C", dt.date(2024, 6, 29)),
        ("D", None),
    ]
    assert closed.fact(ON).tier == by_hand.fact(ON).tier == "B"
    assert not preview_tiers(ON).changes
    with pytest.raises(Conflict, match="重新预览"), office.ledger.write("按标准定层级") as tx:
        apply_tiers(tx, preview)
    office.ledger.undo()
    assert preview_tiers(ON) == preview
    with office.ledger.write("按标准定层级") as tx:
        assert apply_tiers(tx, preview, ids=[]) == 0


def test_merging_villages_and_townships_leaves_the_past(office: Any) -> None:
    town = office.area()
    old, new = (
        office.save(Area, {"name": name, "level": "village", "parent": town.id})
        for name in ("示例甲村", "示例乙村")
    )
    place = office.enterprise(tier="D", village=old.id)
    official = office.official(level="village", area=old.id, term_from=dt.date(2020, 1, 1))
    assigned(office, place, official)
    past, before = dt.date(2024, 6, 29), coverage(dt.date(2024, 6, 29))
    with office.ledger.write("撤并") as tx:
        assert merge_areas(tx, old.id, new.id, ON) == Merged(1, 1, 0)
    assert (place.fact(past).village_id, place.fact(ON).village_id) == (old.id, new.id)
    assert (official.fact(past).area_id, official.fact(ON).area_id) == (old.id, new.id)
    assert coverage(past) == before
    assert {p.kind for p in responsibility_problems(ON)} == {"uncommitted"}
    other = office.area("西郊街道")
    with office.ledger.write("撤并") as tx:
        assert merge_areas(tx, town.id, other.id, ON) == Merged(1, 0, 2)
    assert (place.fact(past).area_id, place.fact(ON).area_id) == (town.id, other.id)
    assert coverage(past) == before
    with pytest.raises(CheckFailed, match="已于2024-06-29撤并"):
        office.enterprise(tier="D", area=town.id, opened_on=ON)
    for wrong in ((new.id, other.id), (other.id, other.id), (town.id, other.id)):
        with pytest.raises(Refused), office.ledger.write("撤并") as tx:
            merge_areas(tx, *wrong, dt.date(2024, 7, 1))


def test_a_renamed_area_is_found_by_its_former_name(office: Any) -> None:
    town = office.area()
    before = coverage(ON)
    office.save(Area, {"name": "新枫瓷都街道"}, town)
    renamed = office.save(Area, {"name": "瓷都街道"}, Area.get_by_id(town.id))
    assert renamed.former_names == "新枫街道、新枫瓷都街道"
    assert "新枫街道" in Area.get_by_id(town.id).search_text
    assert [(r.area_id, r.enterprises) for r in coverage(ON)] == [(r.area_id, r.enterprises) for r in before]


def test_a_commitment_takes_the_post_of_the_day(office: Any) -> None:
    official = office.official(term_from=dt.date(2020, 1, 1), post="主任")
    office.save(Official, {"post": "书记"}, official, effective_on=dt.date(2024, 3, 1))
    signed = office.save(Commitment, {"official": official.id, "signed_on": dt.date(2024, 2, 1)})
    assert (signed.level, signed.post, signed.year) == ("township", "主任", 2024)
    assert signed.valid_until == dt.date(2024, 12, 31)
    rate = figure("commitments.rate")
    assert rate.text(rate.value(ON, ON)) == "100"
    assert rate.value(dt.date(2024, 1, 31), dt.date(2024, 1, 31)) == 0
    with pytest.raises(CheckFailed, match="晚于今天"):
        office.save(Commitment, {"official": official.id, "signed_on": dt.date(2024, 7, 1)})
    with pytest.raises(CheckFailed, match="有效期至早于"):
        office.save(
            Commitment,
            {"official": official.id, "signed_on": dt.date(2024, 2, 1), "valid_until": dt.date(2024, 1, 1)},
        )
    with pytest.raises(CheckFailed, match="已于2024-02-01签订过"):
        office.save(Commitment, {"official": official.id, "signed_on": ON}, waivers={})
    office.save(Official, {"term_to": dt.date(2024, 6, 1)}, official)
    with pytest.raises(CheckFailed, match="离任"):
        office.save(Commitment, {"official": official.id, "signed_on": ON})
