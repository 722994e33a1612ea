"""Safety staff, training, routines and the campus in a ledger: figures as of any day, gaps, bad input, import."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from models.core.checks import CheckFailed
from models.core.figure import figure
from models.core.register import View, register
from models.core.saving import save, set_facts
from models.director_rule import DirectorRule
from models.enterprise import CATEGORIES, Enterprise, EnterpriseState
from models.inspection import Inspection
from models.routine import RoutineCheck
from models.safety_staff import TRAINING_HOURS, SafetyStaff, StaffTraining
from models.staff_figures import by_fact
from models.staffing import KINDS, need_of, staffing_gaps
from models.threshold import Threshold

D = dt.date


def staff(office: Any, place: Any, role: str = "director", side: str = "own", **values: Any) -> Any:
    values = {"name": f"示例{role}{side}", "appointed_on": D(2023, 1, 1), **values}
    return office.save(SafetyStaff, {"enterprise": place.id, "role": role, "side": side, **values})


def value(name: str, day: dt.date, start: dt.date | None = None) -> Any:
    return figure(name).value(start or day, day)


def refused(info: Any) -> set[tuple[str, str]]:
    return {(p.field, p.rule) for p in info.value.problems}


# --- who must have -----------------------------------------------------------------------------------------------


def test_the_figures_agree_with_the_rule_one_by_one(office: Any) -> None:
    dice = random.Random(7)
    areas, party = [office.area(), office.area("西郊街道")], office.party().id
    with office.ledger.write("登记") as tx:
        for number in range(120):
            size = dice.choice((None, 100, 299, 300, 499, 500, 999, 1000, 1500))
            place = tx.insert(
                Enterprise, name=f"示例{number}", party=party, address=f"{number}号", chain=dice.random() < 0.3,
                floor_area=dice.choice((None, Decimal(90), Decimal(500), Decimal(2000))),
            )  # fmt: skip
            facts = {
                "category": dice.choice(CATEGORIES)[0], "status": dice.choice(("open", "open", "closed")),
                "area": dice.choice(areas).id, "supply_mode": dice.choice((None, "own", "contracted")),
                "product": dice.choice((None, "27", "0102")), "diners": size,
            }  # fmt: skip
            tx.insert(EnterpriseState, enterprise=place.id, valid_from=D(2020, 1, 1), valid_to=D(2024, 2, 29), **facts)
            tx.insert(EnterpriseState, enterprise=place.id, valid_from=D(2024, 3, 1), **{**facts, "diners": 700})
            for role in dice.sample(("director", "officer"), dice.randrange(3)):
                tx.insert(SafetyStaff, enterprise=place.id, role=role, name="示例", appointed_on=D(2023, 5, 5))
        tx.insert(
            DirectorRule, name="临时标准", duty="director", category="stall", valid_from=D(2024, 1, 1),
            valid_to=D(2024, 1, 31),
        )  # fmt: skip
    for day in (D(2022, 10, 31), D(2023, 5, 4), D(2024, 1, 31), D(2024, 2, 29), D(2024, 6, 30)):
        expected: dict[str, set[int]] = {name: set() for name, _ in KINDS}
        for place in Enterprise.live():
            state = place.fact(day)
            if state.status != "open":
                continue
            need = need_of(place, day)
            there = {s.role for s in place.staff_rows if s.appointed_on <= day}
            for duty in ("director", "officer"):
                if getattr(need, duty):
                    expected[f"staffing.{duty}_needed"].add(place.id)
                    if duty not in there:
                        expected[f"staffing.{duty}_missing"].add(place.id)
            if not need.director and need.unknown:
                expected["staffing.unknown"].add(place.id)
        for name, ids in expected.items():
            if name.startswith("staffing."):
                assert set(figure(name).ids(day, day)) == ids, (name, day)
        whole, *lines = staffing_gaps(day)
        for name, _ in KINDS:
            assert whole.counts[name] == len(figure(name).ids(day, day)) == sum(x.counts[name] for x in lines)
            for line in lines:
                assert register("enterprises").count(line.view(name), office.today) == line.counts[name]


def test_supply_and_dual_staffing_are_as_of_the_day(office: Any) -> None:
    school, firm = office.party(), office.party()
    place = office.enterprise(
        category="school_canteen", supply_mode="own", diners=200, party=school.id, opened_on=D(2020, 1, 1)
    )
    with office.ledger.write("承包") as tx:
        set_facts(tx, place, D(2024, 3, 1), {"supply_mode": "contracted", "contractor": firm.id})
    four = [staff(office, place, role, side) for role in ("director", "officer") for side in ("school", "contractor")]
    before, after = D(2024, 2, 29), D(2024, 3, 1)
    assert [value("canteens.contracted", day) for day in (before, after)] == [0, 1]
    assert [value("canteens.dual_staffed", day) for day in (before, after)] == [0, 1]
    office.save(SafetyStaff, {"left_on": D(2024, 5, 31)}, four[3])
    assert [value("canteens.not_dual", day) for day in (before, D(2024, 5, 31), D(2024, 6, 1))] == [0, 0, 1]
    assert value("canteens.dual_rate", D(2024, 5, 31)) == Fraction(1)
    assert value("canteens.short", D(2024, 6, 1)) == 1
    campus = register("campus")
    paths = [c.path for c in campus.columns]

    def cell(path: str, day: dt.date) -> str:
        (row,) = campus.rows([place.id], day)
        return campus.format(campus.columns[paths.index(path)], row.values[paths.index(path)])

    assert [cell("staffing", day) for day in (before, D(2024, 5, 31), D(2024, 6, 1))] == [
        "已配备", "双配齐全", "双配未齐",
    ]  # fmt: skip
    assert [cell("supply_mode", day) for day in (before, after)] == ["自营食堂", "委托承包经营"]
    assert [cell("officers", day) for day in (D(2022, 12, 31), after, D(2024, 6, 1))] == ["0", "2", "1"]


# --- campus ------------------------------------------------------------------------------------------------------


def test_the_campus_holds_canteens_and_what_lies_around_them_on_the_day(office: Any) -> None:
    canteen = office.enterprise(category="kindergarten_canteen")
    shop = office.enterprise(key_area="campus", opened_on=D(2020, 1, 1))
    office.enterprise(category="workplace_canteen")
    with office.ledger.write("变更") as tx:
        set_facts(tx, shop, D(2024, 3, 1), {"key_area": None})
        set_facts(tx, canteen, D(2024, 5, 1), {"status": "suspended"})
    campus = register("campus")
    both, one = {canteen.id, shop.id}, {canteen.id}
    for day, expected in ((D(2024, 2, 29), both), (D(2024, 3, 1), one), (D(2024, 5, 1), set[int]())):
        assert set(campus.ids(View(day=day), office.today)) == expected
        assert campus.count(View(), day) == len(expected)


def test_campus_cells_tell_what_was_known_on_the_day(office: Any) -> None:
    permit = {"kind": "shop", "number": "示例1号", "valid_until": D(2025, 1, 1)}
    place = office.enterprise(category="school_canteen", permits=[permit])
    visit = office.inspection(place, findings=2)
    first = office.findings(visit)[0]
    office.save(type(first), {"resolved_on": D(2024, 6, 10)}, first)
    campus = register("campus")

    def cells(day: dt.date) -> dict[str, str]:
        (row,) = campus.rows([place.id], day)
        return {c.path: campus.format(c, v) for c, v in zip(campus.columns, row.values, strict=True)}

    assert [cells(day)["open_findings"] for day in (D(2024, 6, 2), D(2024, 6, 9), D(2024, 6, 10))] == ["0", "2", "1"]
    assert (cells(D(2024, 6, 2))["inspected_on"], cells(D(2024, 6, 3))["inspected_on"]) == ("", "2024-06-03")
    assert cells(D(2024, 6, 3))["result"] == "责令限期改正"
    assert campus.count(View(presets=("findings",), day=D(2024, 6, 9)), office.today) == 1
    assert campus.count(View(presets=("unseen",), day=D(2024, 6, 2)), office.today) == 1
    assert campus.count(View(presets=("unseen",)), office.today) == 0
    lead = campus.column("open_findings").lead
    assert lead is not None
    assert register(lead.register).count(lead.view(place.id, D(2024, 6, 9)), office.today) == 2
    assert register(lead.register).count(lead.view(place.id, None), office.today) == 1
    for column in campus.columns:
        if column.lead is not None:
            register(column.lead.register).count(column.lead.view(place.id, None), office.today)


# --- training and assessment -------------------------------------------------------------------------------------


def test_hours_count_by_calendar_year_against_the_dated_threshold(office: Any) -> None:
    place = office.enterprise()
    person = staff(office, place, "officer", trainings=[
        {"held_on": D(2023, 12, 31), "hours": Decimal(30), "subject": "示例甲"},
        {"held_on": D(2024, 1, 1), "hours": Decimal("25.5"), "subject": "示例乙", "mode": "online"},
        {"held_on": D(2024, 6, 1), "hours": Decimal("14.5"), "subject": "示例丙"},
    ])  # fmt: skip
    staff(office, place, "director")
    assert [value("staff.trained", day) for day in (D(2023, 12, 31), D(2024, 5, 31), D(2024, 6, 1))] == [0, 0, 1]
    assert value("staff.trained_rate", D(2024, 6, 30)) == Fraction(1, 2)
    rule = Threshold.get(Threshold.code == TRAINING_HOURS)
    office.save(Threshold, {"valid_to": D(2024, 6, 14)}, rule)
    new = {"kind": "period", "code": TRAINING_HOURS, "label_text": "学时", "value": Decimal(60), "unit": "学时"}
    office.save(Threshold, {**new, "valid_from": D(2024, 6, 15)})
    assert [value("staff.trained", day) for day in (D(2024, 6, 14), D(2024, 6, 15))] == [1, 0]
    listed = register("safety_staff")
    paths = [c.path for c in listed.columns]
    (row,) = listed.rows([person.id], D(2024, 6, 30))
    assert listed.format(listed.columns[paths.index("hours")], row.values[paths.index("hours")]) == "40"
    assert listed.count(View(presets=("untrained",)), office.today) == 2
    with office.ledger.write("移除") as tx:
        tx.remove(person)
    assert not StaffTraining.live().exists()
    assert value("staff.trained", D(2024, 6, 14)) == 0


def test_spot_assessments_are_counted_with_their_outcome(office: Any) -> None:
    lines = [
        {"assessed_on": D(2024, 3, 1), "kind": "spot", "score": Decimal(55), "outcome": "failed"},
        {"assessed_on": D(2024, 4, 1), "kind": "spot", "score": Decimal(80)},
        {"assessed_on": D(2024, 4, 2), "kind": "own", "score": Decimal(90)},
    ]
    staff(office, office.enterprise(), assessments=lines)
    assert value("staff.assessed", D(2024, 6, 30), D(2024, 1, 1)) == 2
    assert value("staff.passed_rate", D(2024, 6, 30), D(2024, 1, 1)) == Fraction(1, 2)
    assert value("staff.passed_rate", D(2023, 12, 31), D(2023, 1, 1)) is None


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"held_on": D(2024, 7, 1), "hours": Decimal(4), "subject": "示例"}, "held_on"),
        ({"held_on": D(2024, 6, 1), "hours": Decimal(0), "subject": "示例"}, "hours"),
        ({"held_on": D(2024, 6, 1), "hours": Decimal(101), "subject": "示例"}, "hours"),
        ({"held_on": D(2024, 6, 1), "subject": "示例"}, "hours"),
        ({"hours": Decimal(4), "subject": "示例"}, "held_on"),
    ],
)
def test_wrong_trainings_are_refused_with_their_row(office: Any, line: dict[str, Any], field: str) -> None:
    good = {"held_on": D(2024, 6, 1), "hours": Decimal(4), "subject": "示例"}
    with pytest.raises(CheckFailed) as info:
        staff(office, office.enterprise(), trainings=[good, line])
    assert {p.field for p in info.value.problems} == {f"trainings[1].{field}"}
    assert not SafetyStaff.live().exists()


def test_one_person_holds_a_post_once_at_a_time(office: Any) -> None:
    place = office.enterprise()
    first = staff(office, place, name="示例甲")
    with pytest.raises(CheckFailed) as info:
        staff(office, place, name="示例甲", appointed_on=D(2024, 1, 1))
    assert refused(info) == {("name", "duplicate")}
    office.save(SafetyStaff, {"left_on": D(2023, 12, 31)}, first)
    staff(office, place, name="示例甲", appointed_on=D(2024, 1, 1))
    staff(office, place, "officer", name="示例甲")
    with pytest.raises(CheckFailed) as info:
        office.save(SafetyStaff, {"left_on": D(2022, 1, 1)}, first)
    assert ("left_on", "order") in refused(info)


def test_dual_staffing_is_only_for_contracted_canteens(office: Any) -> None:
    with pytest.raises(CheckFailed) as info:
        office.save(DirectorRule, {"name": "示例", "duty": "dual", "valid_from": D(2024, 1, 1), "supply_mode": "own"})
    assert refused(info) == {("supply_mode", "dual")}


# --- the three routines ------------------------------------------------------------------------------------------


def lines(*answers: str) -> list[dict[str, Any]]:
    """Lines from answers like yyy (recorded, on time, true), n (no records)."""
    kinds, words = ("daily_control", "weekly_review", "monthly_meeting"), {"y": "yes", "n": "no"}
    names = ("present", "on_time", "truthful")
    return [
        {"kind": kind, **{name: words[sign] for name, sign in zip(names, answer, strict=False)}}
        for kind, answer in zip(kinds, answers, strict=False)
    ]


def test_routines_are_counted_by_period_kind_and_area(office: Any) -> None:
    west = office.enterprise(area=office.area("西郊街道").id)
    office.inspection(routines=lines("yyy", "yny", "n"))
    office.inspection(west, routines=lines("yyy", "yyy"))
    office.inspection(west, routines=lines("yyy"), inspected_on=D(2023, 12, 31))
    draft = {"state": "draft", "result": None, "findings": 0}
    office.inspection(west, routines=lines("yyy"), **draft)
    start, end = D(2024, 1, 1), D(2024, 6, 30)
    found = {name: figure(f"routines.{name}").value(start, end) for name in (
        "all_checked", "all_kept", "all_rate", "daily_control_rate", "weekly_review_rate", "monthly_meeting_rate",
    )}  # fmt: skip
    assert found == {
        "all_checked": 5, "all_kept": 3, "all_rate": Fraction(3, 5), "daily_control_rate": 1,
        "weekly_review_rate": Fraction(1, 2), "monthly_meeting_rate": 0,
    }  # fmt: skip
    areas = {office.area("西郊街道").id: (2, 2), office.area().id: (3, 1)}
    assert by_fact("area", start, end) == areas
    assert register("routine_checks").count(View(presets=("not_kept",)), office.today) == 2
    assert register("routine_checks").count(View(search="示例小吃店"), office.today) == 7


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ({"kind": "daily_control", "note": "没有看"}, "routines[0].present"),
        ({"kind": "daily_control", "present": "no", "on_time": "yes"}, "routines[0].on_time"),
        ({"kind": "daily_control", "present": "no", "truthful": "yes"}, "routines[0].truthful"),
        ({"present": "yes"}, "routines[0].kind"),
    ],
)
def test_wrong_routines_are_refused(office: Any, line: dict[str, Any], path: str) -> None:
    with pytest.raises(CheckFailed) as info:
        office.inspection(routines=[line])
    assert path in {p.field for p in info.value.problems}
    assert not Inspection.live().exists()


def test_a_routine_is_told_once_an_inspection(office: Any) -> None:
    with pytest.raises(CheckFailed) as info:
        office.inspection(routines=lines("yyy") * 2)
    assert ("routines", "twice") in refused(info)
    visit = office.inspection(routines=lines("yyy"))
    kept = RoutineCheck.get()
    with office.ledger.write("改") as tx:
        save(tx, Inspection, {"routines": [{"id": kept.id, "present": "no", "on_time": None, "truthful": None}]}, visit)
    assert [(c.kind, c.present) for c in RoutineCheck.live()] == [("daily_control", "no")]
    office.ledger.undo()
    assert [(c.kind, c.present) for c in RoutineCheck.live()] == [("daily_control", "yes")]
