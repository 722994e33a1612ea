"""Merging two enterprises: everything follows, nothing is lost, one undo puts every row back."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.core.changes import Action
from models.core.errors import Conflict, Refused
from models.core.figure import figure
from models.core.merged import NotDuplicate, not_duplicate, survivor_of
from models.core.record import TABLES, Record
from models.core.register import View, register
from models.enterprise import Enterprise, EnterpriseState, Permit
from models.inspection import Finding, Inspection
from models.merge_plan import ties
from models.merging import BOTH, FACTS, MINE, OTHER, merge, plan_merge
from models.notice import Notice
from models.party import Party
from models.rating import RiskAssessment
from models.registers import all_figures
from models.responsibility import Assignment
from models.safety_staff import SafetyStaff
from models.sample import Sample

DAY = dt.date


def rows_of_everything() -> dict[str, dict[int, dict[str, Any]]]:
    """Every live row of every table by table and number, without what only counts changes."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for model in TABLES:
        names = [n for n in model._meta.sorted_field_names if n != "version"]
        rows = model.live().dicts()
        found[model._meta.table_name] = {row["id"]: {n: row[n] for n in names} for row in rows}
    return found


def do(
    office: Any, keep: Any, drop: Any, choices: dict[str, str] | None = None, model: Any = Enterprise
) -> Any:
    plan = plan_merge(model, keep.id, drop.id, office.today)
    with office.ledger.write("合并重复登记") as tx:
        return merge(tx, plan, choices or {}, "重复登记")


def two(office: Any, **values: Any) -> tuple[Any, Any]:
    """Two entries of one shop under one party."""
    party = office.party(uscc="91360202MA35X00015") if "party" not in values else None
    common = {"party": party.id} if party is not None else {}
    keep = office.enterprise(name="示例老街小吃店", address="老街1号", **common, **values)
    drop = office.enterprise(name="示例老街小吃", address="老街1号附1", **common, **values)
    return keep, drop


def fill(office: Any, place: Any, year: int = 2024) -> None:
    """One row of every kind that can point to an enterprise."""
    inspection = office.inspection(place)
    notice = office.notice(inspection)
    from models.notice_steps import issue

    with office.ledger.write("签发", final=True) as tx:
        issue(tx, notice, DAY(2024, 6, 5), "")
    official = office.official()
    office.save(Assignment, {"enterprise": place.id, "official": official.id, "valid_from": DAY(2024, 1, 1)})
    office.save(
        RiskAssessment,
        {"enterprise": place.id, "year": year, "grade": "B", "assessed_on": DAY(2024, 3, 1)},
    )
    office.save(
        Sample,
        {"enterprise": place.id, "sampled_on": DAY(2024, 4, 1), "product": "示例米粉", "result": "passed"},
    )
    office.save(
        Enterprise,
        {
            "permits": [
                {"kind": "JY", "number": f"JY1360202000{place.id:04}", "valid_until": DAY(2026, 1, 1)}
            ],
            "staff": [{"role": "officer", "side": "own", "name": f"示例员{place.id}"}],
        },
        place,
    )


def test_every_table_that_points_to_an_enterprise_is_tied() -> None:
    """A new table that refers to enterprises is carried without being told; dated facts are joined by their days."""
    wanted = set()
    for model in TABLES:
        for name, field in model._meta.fields.items():
            if getattr(field, "rel_model", None) is Enterprise and model is not EnterpriseState:
                wanted.add((model, name))
        if {"table", "row"} <= set(model._meta.fields):
            wanted.add((model, "row"))
    assert {(tie.child, tie.column) for tie in ties(Enterprise)} == wanted
    assert {Inspection, Finding, Notice, Assignment, Permit, SafetyStaff, RiskAssessment, Sample} <= {
        model for model, _ in wanted
    }


def _minimal(tx: Any, model: type[Record], **given: Any) -> Any:
    """A row of any table with what it cannot be without; required references get a row of their own, if need be."""
    values: dict[str, Any] = dict(given)
    kinds: dict[str, Any] = {"Date": DAY(2024, 5, 1), "DateTimeField": dt.datetime(2024, 5, 1)}
    kinds |= dict.fromkeys(("Integer", "IntegerField", "BigIntegerField", "Number"), 2024)
    for name, field in model._meta.fields.items():
        target = getattr(field, "rel_model", None)
        if name in values or field.null or name == "id":
            continue
        if target is not None:
            first = target.live().first()
            values[name] = first.id if first is not None else _minimal(tx, target).id
        elif field.default is None:
            values[name] = kinds.get(type(field).__name__, "x")
    return tx.insert(model, **values)


@pytest.mark.parametrize("tie", ties(Enterprise), ids=lambda t: f"{t.child._meta.table_name}.{t.column}")
def test_a_row_of_each_table_follows_and_comes_back(office: Any, tie: Any) -> None:
    keep, drop = two(office)
    third = office.enterprise()
    office.official()
    inspection = office.inspection(third)
    office.notice(inspection)
    given = {tie.column: drop.id, **({"table": tie.table} if tie.table else {})}
    with office.ledger.write("登记") as tx:
        row = _minimal(tx, tie.child, **given)
    before = rows_of_everything()
    do(office, keep, drop)
    assert tie.child.get_by_id(row.id).__data__[tie.column] == keep.id
    assert tie.child.get_by_id(row.id).removed_at is None
    office.ledger.undo()
    assert rows_of_everything() == before


def test_merge_moves_all_and_one_undo_puts_every_row_back(
    office: Any, make_office: Any, tmp_path: Any
) -> None:
    keep, drop = two(office)
    for place in (keep, drop):
        fill(office, place)
    before = rows_of_everything()
    frozen = Notice.live().where(Notice.enterprise == drop.id).get()
    words = frozen.printed
    do(office, keep, drop)
    assert Enterprise.get_by_id(drop.id).removed_at is not None
    for tie in ties(Enterprise):
        assert not tie.rows(drop.id).exists(), tie
    moved = Notice.get_by_id(frozen.id)
    assert (moved.enterprise_id, moved.printed, moved.state) == (keep.id, words, frozen.state)
    office.ledger.close()
    again = make_office(tmp_path / "office")  # undo works after the ledger was opened again
    again.ledger.undo()
    assert rows_of_everything() == before
    again.ledger.redo()
    assert Enterprise.get_by_id(drop.id).removed_at is not None
    assert not Inspection.live().where(Inspection.enterprise == drop.id).exists()
    again.ledger.undo()
    assert rows_of_everything() == before


def test_figures_lose_only_what_was_double(office: Any) -> None:
    keep, drop = two(office)
    fill(office, keep)
    fill(office, drop, 2023)
    start, end = DAY(2024, 1, 1), office.today
    names = [f.name for f in all_figures() if f.kind == "count" and f.register != "enterprises"]
    #: Two visits of one day, to one place now, are a doubt they were not before.
    names = [name for name in names if not name.startswith("doubts.")]
    assert {"inspections.total", "notices.total", "samples.total", "inspections.findings"} <= set(names)
    before = {name: figure(name).value(start, end) for name in names}
    there = figure("enterprises.total").value(start, end)
    do(office, keep, drop)
    assert figure("enterprises.total").value(start, end) == there - 1
    assert {name: figure(name).value(start, end) for name in names} == before


def test_two_assessments_of_a_year_are_shown_and_one_stays(office: Any) -> None:
    keep, drop = two(office)
    mine = _assess(office, keep, "B")
    other = _assess(office, drop, "C")
    plan = plan_merge(Enterprise, keep.id, drop.id, office.today)
    clash = next(c for c in plan.clashes if c.kind == "same")
    assert "风险等级" in clash.label
    assert ("B级" in clash.mine, "C级" in clash.other) == (True, True)
    do(office, keep, drop, {clash.key: OTHER})
    assert RiskAssessment.get_by_id(mine.id).removed_at is not None
    assert RiskAssessment.get_by_id(other.id).enterprise_id == keep.id
    office.ledger.undo()
    assert RiskAssessment.get_by_id(mine.id).removed_at is None
    assert RiskAssessment.get_by_id(other.id).enterprise_id == drop.id


def _assess(office: Any, place: Any, grade: str) -> Any:
    day = DAY(2024, 3, 1)
    return office.save(
        RiskAssessment, {"enterprise": place.id, "year": 2024, "grade": grade, "assessed_on": day}
    )


def test_same_permit_stays_once(office: Any) -> None:
    line = {"kind": "JY", "number": "JY13602020000022", "valid_until": DAY(2026, 1, 1)}
    keep, drop = two(office)
    for place in (keep, drop):
        office.save(Enterprise, {"permits": [line]}, place)
    plan = plan_merge(Enterprise, keep.id, drop.id, office.today)
    assert [c.label for c in plan.clashes if c.kind == "same"] == ["许可证"]
    do(office, keep, drop)
    assert Permit.live().where(Permit.enterprise == keep.id).count() == 1


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (MINE, {("2023-01-01", None), ("2022-01-01", "2022-12-31")}),
        (OTHER, {("2022-01-01", None)}),
        (BOTH, {("2023-01-01", None), ("2022-01-01", None)}),
    ],
)
def test_overlapping_assignments(office: Any, choice: str, wanted: set[Any]) -> None:
    keep, drop = two(office)
    for place, begin in ((keep, DAY(2023, 1, 1)), (drop, DAY(2022, 1, 1))):
        official = office.official()
        office.save(Assignment, {"enterprise": place.id, "official": official.id, "valid_from": begin})
    plan = plan_merge(Enterprise, keep.id, drop.id, office.today)
    clash = next(c for c in plan.clashes if c.kind == "overlap")
    assert clash.chosen == MINE
    do(office, keep, drop, {clash.key: choice})
    rows = Assignment.live().where(Assignment.enterprise == keep.id)
    assert {(str(r.valid_from), str(r.valid_to) if r.valid_to else None) for r in rows} == wanted


def test_one_official_twice_becomes_one_stretch(office: Any) -> None:
    keep, drop = two(office)
    official = office.official()
    values = {"official": official.id}
    office.save(Assignment, {"enterprise": keep.id, "valid_from": DAY(2023, 1, 1), **values})
    days = {"valid_from": DAY(2022, 1, 1), "valid_to": DAY(2023, 6, 30)}
    office.save(Assignment, {"enterprise": drop.id, **days, **values})
    do(office, keep, drop)
    rows = list(Assignment.live().where(Assignment.enterprise == keep.id))
    assert [(r.valid_from, r.valid_to) for r in rows] == [(DAY(2022, 1, 1), None)]


def test_before_the_survivor_began_the_other_tells(office: Any) -> None:
    keep, drop = (
        office.enterprise(opened_on=DAY(2022, 1, 1)),
        office.enterprise(opened_on=DAY(2019, 5, 1), category="sale"),
    )
    do(office, keep, drop)
    place = Enterprise.get_by_id(keep.id)
    assert place.opened_on == DAY(2019, 5, 1)
    assert [place.fact(day).category for day in (DAY(2020, 1, 1), DAY(2023, 1, 1))] == ["sale", "catering"]
    live = EnterpriseState.live().where(EnterpriseState.enterprise == keep.id)
    assert {(r.valid_from, r.valid_to) for r in live} == {
        (DAY(2019, 5, 1), DAY(2021, 12, 31)), (DAY(2022, 1, 1), None)
    }  # fmt: skip


def test_the_other_history_may_hold(office: Any) -> None:
    keep = office.enterprise(opened_on=DAY(2019, 5, 1))
    drop = office.enterprise(opened_on=DAY(2022, 1, 1), category="sale")
    do(office, keep, drop, {FACTS: OTHER, "category": OTHER})
    place = Enterprise.get_by_id(keep.id)
    assert [place.fact(day).category for day in (DAY(2020, 1, 1), DAY(2023, 1, 1))] == ["catering", "sale"]
    office.ledger.undo()
    assert Enterprise.get_by_id(keep.id).fact(DAY(2023, 1, 1)).category == "catering"


def test_fields_are_chosen_one_by_one(office: Any) -> None:
    keep, drop = two(office)
    office.save(Enterprise, {"phone": "13800000001", "note": "老住户"}, keep)
    office.save(Enterprise, {"phone": "13800000002", "note": "靠河", "floor_area": 8}, drop)
    plan = plan_merge(Enterprise, keep.id, drop.id, office.today)
    rows = {row.name: row for row in plan.fields}
    assert (rows["phone"].chosen, rows["floor_area"].chosen, rows["note"].chosen) == (MINE, OTHER, BOTH)
    done = do(office, keep, drop, {"name": OTHER})
    assert (done.name, done.phone, done.floor_area, done.note) == (
        drop.name,
        "13800000001",
        8,
        "老住户；靠河",
    )


def test_merged_is_found_and_led_to_the_survivor(office: Any) -> None:
    keep, drop = two(office)
    gone = office.enterprise(name="示例消失的面馆", phone="13911112222")
    inspection = office.inspection(gone)
    do(office, drop, gone)
    do(office, keep, drop)
    assert survivor_of(Enterprise, gone.id) == keep.id
    for word in ("消失的面馆", "xsdmg", "13911112222"):
        assert list(register("enterprises").ids(View(search=word), office.today)) == [keep.id]
    assert list(register("inspections").ids(View(search="消失的面馆"), office.today)) == [inspection.id]
    with pytest.raises(Refused, match="已并入"), office.ledger.write("恢复") as tx:
        tx.restore(Enterprise.get_by_id(gone.id))


def test_refused_with_a_reason(office: Any) -> None:
    keep, drop = two(office)
    assert "同一条" in plan_merge(Enterprise, keep.id, keep.id, office.today).blockers[0]
    plan = plan_merge(Enterprise, keep.id, drop.id, office.today)
    office.inspection(drop)
    actions = Action.select().count()
    with pytest.raises(Conflict, match="被改过"), office.ledger.write("合并") as tx:
        merge(tx, plan, {})
    assert Action.select().count() == actions
    with office.ledger.write("移除") as tx:
        tx.remove(keep)
    plan = plan_merge(Enterprise, keep.id, drop.id, office.today)
    with pytest.raises(Refused, match="已移除"), office.ledger.write("合并") as tx:
        merge(tx, plan, {})


def test_undo_is_refused_where_a_draft_was_issued_since(office: Any) -> None:
    from models.notice_steps import issue

    keep, drop = two(office)
    notice = office.notice(office.inspection(drop))
    do(office, keep, drop)
    action = Action.select().order_by(Action.id.desc()).get()
    with office.ledger.write("签发", final=True) as tx:
        issue(tx, Notice.get_by_id(notice.id), DAY(2024, 6, 5), "")
    with pytest.raises(Refused, match="已签发"):
        office.ledger.undo_action(action)
    assert Notice.get_by_id(notice.id).enterprise_id == keep.id


def test_parties_merge_by_the_same_rules(office: Any) -> None:
    keep, drop = office.party(uscc="91360202MA35X00015"), office.party(name="示例当事人旧名")
    place = office.enterprise(party=drop.id)
    before = rows_of_everything()
    do(office, keep, drop, model=Party)
    assert Enterprise.get_by_id(place.id).party_id == keep.id
    assert list(register("parties").ids(View(search="旧名"), office.today)) == [keep.id]
    office.ledger.undo()
    assert rows_of_everything() == before


def test_answers_follow_the_survivor(office: Any) -> None:
    keep, drop = two(office)
    third = office.enterprise()
    with office.ledger.write("不是重复") as tx:
        not_duplicate(tx, Enterprise, third.id, drop.id, "前后相邻两家")
    do(office, keep, drop)
    pairs = {(p.first, p.second) for p in NotDuplicate.live()}
    assert tuple(sorted((keep.id, third.id))) in pairs


@pytest.fixture(scope="module")
def shared_office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from models.opening import open_office
    from tests.models.conftest import TODAY, Office

    ledger = open_office(tmp_path_factory.mktemp("merging") / "office", today=TODAY)
    yield Office(ledger)
    ledger.close()


days = st.dates(DAY(2015, 1, 1), DAY(2024, 6, 1))
changes = st.lists(st.tuples(days, st.sampled_from(("open", "suspended", "closed"))), max_size=3)


# Shrinking would make hundreds of ledger actions: an example as it was found is told soon enough.
@settings(
    max_examples=15,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_merge_and_undo_leave_every_row_as_it_was(shared_office: Any, data: Any) -> None:
    from models.core.saving import set_facts

    office = shared_office
    official = _official(office)
    sides = []
    for _ in range(2):
        begin = data.draw(st.none() | days)
        place = office.enterprise(opened_on=begin)
        with office.ledger.write("变更") as tx:
            for day, status in data.draw(changes):
                set_facts(tx, place, max(day, begin or day), {"status": status})
        for _number in range(data.draw(st.integers(0, 2))):
            with office.ledger.write("登记") as tx:
                row = {
                    "enterprise": place.id,
                    "sampled_on": data.draw(days),
                    "product": "示例",
                    "result": "passed",
                }
                tx.insert(Sample, **row)
                tx.insert(Assignment, enterprise=place.id, official=official, valid_from=data.draw(days))
        sides.append(Enterprise.get_by_id(place.id))
    keep, drop = sides
    before = rows_of_everything()
    history = {day: [s.fact(day) for s in sides] for day in (DAY(2016, 1, 1), DAY(2020, 1, 1), office.today)}
    plan = plan_merge(Enterprise, keep.id, drop.id, office.today)
    choices = {c.key: data.draw(st.sampled_from(sorted(c.words))) for c in plan.clashes}
    with office.ledger.write("合并重复登记") as tx:
        merge(tx, plan, choices)
    _days_are_told_once(keep.id)
    if choices.get(FACTS, MINE) == MINE:
        begin = min(
            r["valid_from"] for r in before["enterprise_state"].values() if r["enterprise"] == keep.id
        )
        for day, (mine, _other) in history.items():
            if begin <= day < office.today:
                assert Enterprise.get_by_id(keep.id).fact(day).status == mine.status
    office.ledger.undo()
    assert rows_of_everything() == before


def _official(office: Any) -> int:
    from models.responsibility import Official

    there = Official.live().first()
    return int(there.id if there is not None else office.official().id)


def _days_are_told_once(key: int) -> None:
    rows = list(
        EnterpriseState.live().where(EnterpriseState.enterprise == key).order_by(EnterpriseState.valid_from)
    )
    for row, following in itertools.pairwise(rows):
        assert row.valid_to == following.valid_from - dt.timedelta(days=1)
    assert rows[-1].valid_to is None
