"""The year's plan in a ledger: made, stored, fulfilled, moved, made anew, undone; the bound of visits; draws."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from models.checklist import checklists_for, items_of
from models.core.checks import CheckFailed
from models.core.errors import Conflict, Refused
from models.draw import Draw
from models.drawing import (
    candidate_officers,
    candidate_places,
    draw_lots,
    officers_not_drawn,
    repeat,
    store_draw,
)
from models.enterprise import Enterprise
from models.holiday import Holiday
from models.inspection import Inspection
from models.inspection_plan import InspectionPlan, PlannedVisit, plan_of
from models.inspection_task import InspectionTask
from models.organization import Officer
from models.plan_making import PlaceLine, PlanProposal, make_plan, working_days
from models.plan_moving import move_visits
from models.plan_rule import PlanRule
from models.plan_storing import apply_plan
from models.rating import RiskAssessment
from models.rules.checklist import pack
from models.settings import change_settings
from models.threshold import Threshold
from models.visit_limit import visit_count

TODAY = dt.date(2024, 6, 30)


@pytest.fixture
def district(office: Any) -> Any:
    """Four caterers graded A, C, D and not at all, and three officers."""
    office.people = [office.officer().id for _ in range(3)]
    office.places = {}
    for grade in "ACD":
        place = office.places[grade] = office.enterprise()
        office.save(
            RiskAssessment,
            {"enterprise": place.id, "year": 2024, "grade": grade, "assessed_on": dt.date(2024, 3, 1)},
        )
    office.places[""] = office.enterprise()
    return office


def stored(office: Any, year: int = 2025) -> PlanProposal:
    found = make_plan(year, TODAY)
    with office.ledger.write("安排计划") as tx:
        apply_plan(tx, found)
    return found


def line_of(found: PlanProposal, place: Any) -> PlaceLine:
    return next(line for line in found.lines if line.id == place.id)


def visits_of(place: Any) -> list[Any]:
    return list(PlannedVisit.live().where(PlannedVisit.enterprise == place.id).order_by(PlannedVisit.due_on))


def test_visits_follow_the_grade_and_the_edited_table(district: Any) -> None:
    found = make_plan(2025, TODAY)
    visits = {grade: line_of(found, place).visits for grade, place in district.places.items()}
    assert visits == {"A": 1, "C": 2, "D": 4, "": 1}
    assert line_of(found, district.places["D"]).key_target
    assert all(line_of(found, place).full for place in district.places.values())
    rule = PlanRule.get(PlanRule.name == "A级风险")
    district.save(PlanRule, {"visits": 2, "most": 3}, rule)
    assert line_of(make_plan(2025, TODAY), district.places["A"]).visits == 2
    district.save(PlanRule, {"valid_to": dt.date(2024, 12, 31)}, PlanRule.get_by_id(rule.id))
    assert line_of(make_plan(2024, TODAY), district.places["A"]).visits == 2
    gone = line_of(make_plan(2025, TODAY), district.places["A"])
    assert (gone.visits, gone.reasons[0][:2]) == (1, "每2")


def test_a_place_inspected_in_full_last_year_needs_no_full_one(district: Any) -> None:
    district.inspection(district.places["A"], 0, inspected_on=dt.date(2024, 5, 6))
    district.inspection(district.places[""], 0, inspected_on=dt.date(2024, 5, 6), kind="special")
    found = make_plan(2025, TODAY)
    assert not line_of(found, district.places["A"]).full
    assert line_of(found, district.places[""]).full


def answers(passed: slice = slice(None)) -> list[dict[str, Any]]:
    """A line that answers the caterers' form, or only some of its items."""
    form = checklists_for("catering", TODAY)[0]
    return [{"checklist": form.id, "passed": pack([item.number for item in items_of(form.id)][passed])}]


def test_full_coverage_is_shown_by_a_complete_checklist(district: Any) -> None:
    places = {grade: district.places[grade] for grade in "ACD"}
    for place in (*places.values(), district.places[""]):
        district.inspection(place, 0, inspected_on=dt.date(2024, 4, 9))
    before = line_of(make_plan(2025, TODAY), places["A"])
    assert not before.full
    assert "前1年的全项检查按检查类型（日常、体系）认定" in before.reasons[1]
    district.inspection(places["A"], 0, inspected_on=dt.date(2024, 5, 6), checklists=answers())
    district.inspection(places["C"], 0, inspected_on=dt.date(2024, 4, 8), kind="special", checklists=answers())
    part = answers(slice(0, -1))
    district.inspection(places["D"], 0, inspected_on=dt.date(2024, 5, 6), kind="special", checklists=part)
    found = make_plan(2025, TODAY)
    assert not line_of(found, places["A"]).full
    assert not line_of(found, places["C"]).full  # a special one that went through the whole form
    assert line_of(found, places["D"]).full
    bare = line_of(found, district.places[""])  # the ledger's first answered checklist is of the day before
    assert bare.full
    assert any("日常、体系检查1次没有答完的要点表，不计" in words for words in bare.reasons)


def test_a_visit_of_all_items_is_fulfilled_by_a_complete_checklist_only(district: Any) -> None:
    other, place = district.places["C"], district.places["A"]
    district.inspection(other, 0, inspected_on=dt.date(2023, 5, 6), checklists=answers())
    stored(district, 2024)
    made = district.inspection(place, 0, inspected_on=dt.date(2024, 6, 7))
    assert [(one.full, one.state) for one in visits_of(place)] == [(True, "open")]
    district.save(Inspection, {"checklists": answers()}, made)
    assert [(one.state, one.inspection_id) for one in visits_of(place)] == [("done", made.id)]
    district.save(Inspection, {"checklists": []}, Inspection.get_by_id(made.id))
    assert [one.state for one in visits_of(place)] == ["open"]


def test_more_visits_than_the_tables_upper_end_are_marked(district: Any) -> None:
    place = district.places["C"]
    found = make_plan(2024, TODAY)
    assert (line_of(found, place).most, line_of(found, place).whole, found.over_most) == (3, 2, [])
    for day in (5, 6, 7):
        district.inspection(place, 0, inspected_on=dt.date(2024, 6, day), kind="special")
    district.inspection(place, 0, inspected_on=dt.date(2024, 6, 11), kind="complaint")
    found = make_plan(2024, TODAY)
    (line,) = found.over_most
    assert (line.id, line.whole) == (place.id, 4)  # one of all items is still to be made
    assert line.reasons[0] == "频次表每年最多3次，本年已检查和待检查的共4次"
    rule = PlanRule.get(PlanRule.name == "C级风险")
    district.save(PlanRule, {"most": 4}, rule)
    assert make_plan(2024, TODAY).over_most == []


def test_every_visit_has_a_working_day_and_two_officers(district: Any) -> None:
    from models.holiday import work_calendar

    stored(district)
    plan = plan_of(2025)
    assert plan is not None
    assert plan.name == "2025年度监督检查计划"
    calendar = work_calendar()
    rows = list(PlannedVisit.live().where(PlannedVisit.plan == plan.id))
    assert len(rows) == 8
    for visit in rows:
        assert calendar.is_workday(visit.planned_on)
        assert visit.planned_on.year == 2025
        assert visit.month == visit.planned_on.month
        assert {row.officer_id for row in visit.officer_rows} <= set(district.people)
        assert len(visit.officer_rows) == 2
    assert [visit.full for visit in visits_of(district.places["D"])] == [True, False, False, False]
    district.ledger.undo()
    assert plan_of(2025) is None
    assert not PlannedVisit.live().exists()


def test_a_plan_within_the_year_counts_what_was_inspected_already(district: Any) -> None:
    place = district.places["C"]
    made = district.inspection(place, 0, inspected_on=dt.date(2024, 2, 5))
    district.inspection(place, 0, inspected_on=dt.date(2024, 3, 5), kind="complaint")
    stored(district, 2024)
    first, second = visits_of(place)
    assert (first.state, first.inspection_id, first.done_on) == ("done", made.id, dt.date(2024, 2, 5))
    assert second.state == "open"
    assert second.planned_on > TODAY


def test_an_inspection_fulfils_the_open_visit_and_gives_it_back(district: Any) -> None:
    stored(district, 2024)
    place = district.places["C"]
    ledger = district.ledger
    district.inspection(place, 0, inspected_on=dt.date(2024, 1, 6), kind="complaint")
    assert [one.state for one in visits_of(place)] == ["open", "open"]
    made = district.inspection(place, 0, inspected_on=dt.date(2024, 1, 7))
    first, second = visits_of(place)
    assert (first.state, first.done_on, second.state) == ("done", dt.date(2024, 1, 7), "open")
    district.save(Inspection, {"inspected_on": dt.date(2024, 1, 8)}, made)
    assert visits_of(place)[0].done_on == dt.date(2024, 1, 8)
    district.save(Inspection, {"kind": "special"}, Inspection.get_by_id(made.id))
    assert [one.state for one in visits_of(place)] == ["open", "done"]  # the first has to cover all items
    district.save(Inspection, {"enterprise": district.places["A"].id}, Inspection.get_by_id(made.id))
    assert [one.state for one in visits_of(place)] == ["open", "open"]
    ledger.undo()
    assert [one.state for one in visits_of(place)] == ["open", "done"]
    with ledger.write("移除") as tx:
        tx.remove(Inspection.get_by_id(made.id))
    assert [one.state for one in visits_of(place)] == ["open", "open"]


def test_planning_again_keeps_what_is_done_cancelled_or_arranged_by_hand(district: Any) -> None:
    stored(district)
    place = district.places["D"]
    ids = [one.id for one in visits_of(place)]
    day = dt.date(2025, 3, 18)
    with district.ledger.write("调整") as tx:
        assert move_visits(tx, ids[:1], day=day, officers=district.people[:2]) == 1
        move_visits(tx, ids[1:2], month=6)
    district.save(PlannedVisit, {"state": "cancelled", "note": "停业装修"}, PlannedVisit.get_by_id(ids[2]))
    extra = district.enterprise()
    stored(district)
    now = {one.id: one for one in visits_of(place)}
    assert set(ids[:3]) <= set(now)
    assert ids[3] not in now
    assert len(now) == 5  # the cancelled one is none of the four
    assert now[ids[0]].planned_on == day
    assert (now[ids[1]].planned_on, now[ids[1]].month, now[ids[1]].due_on) == (None, 6, dt.date(2025, 6, 30))
    assert [one.state for one in visits_of(extra)] == ["open"]


def test_a_cancelled_visit_of_all_items_neither_covers_nor_counts_nor_takes_a_day(district: Any) -> None:
    stored(district)
    first, *_others = visits_of(district.places["D"])
    assert first.full
    with district.ledger.write("调整") as tx:
        move_visits(tx, [first.id], day=dt.date(2025, 3, 18), officers=district.people[:2])
    district.save(PlannedVisit, {"state": "cancelled", "note": "停业装修"}, PlannedVisit.get_by_id(first.id))
    found = make_plan(2025, TODAY)
    line = line_of(found, district.places["D"])
    counted = [visit for visit in line.planned if visit.counts]
    assert (line.visits, len(line.planned), len(counted)) == (4, 5, 4)
    assert [visit.full for visit in counted] == [True, False, False, False]
    assert found.count == 8


def test_only_open_visits_take_the_days_of_officers(district: Any) -> None:
    stored(district)
    row = Threshold.get(Threshold.code == "month_days")
    district.save(Threshold, {"value": 1}, row)
    rows = list(PlannedVisit.live())
    for number, visit in enumerate(rows):
        day = dt.date(2025, 1 + number, 18)
        values = {"planned_on": day, "officers": district.people, "fixed": True}
        district.save(PlannedVisit, values, PlannedVisit.get_by_id(visit.id))
    assert all(not visit.unplaced for line in make_plan(2025, TODAY).lines for visit in line.planned)
    for visit in rows:
        district.save(PlannedVisit, {"state": "cancelled", "note": "重排"}, PlannedVisit.get_by_id(visit.id))
    found = make_plan(2025, TODAY)
    new = [visit for line in found.lines for visit in line.planned if not visit.kept]
    assert len(new) == 8
    assert {visit.month for visit in new} & set(range(1, 9))
    assert not any(visit.unplaced for visit in new)


def test_on_the_last_day_of_the_year_the_visits_are_left_for_december(district: Any) -> None:
    found = make_plan(2024, dt.date(2024, 12, 31))
    visits = [visit for line in found.lines for visit in line.planned]
    assert len(visits) == 8
    assert {(visit.month, visit.day, visit.unplaced) for visit in visits} == {(12, None, True)}


def test_facts_changed_meanwhile_are_a_conflict(district: Any) -> None:
    found = make_plan(2025, TODAY)
    district.enterprise()
    with pytest.raises(Conflict), district.ledger.write("安排计划") as tx:
        apply_plan(tx, found)
    assert plan_of(2025) is None


def test_without_officers_the_visits_wait_to_be_arranged(office: Any) -> None:
    place = office.enterprise()
    office.officer()
    found = stored(office)
    assert [line.id for line in found.unplaced] == [place.id]
    (visit,) = visits_of(place)
    assert (visit.planned_on, visit.state) == (None, "open")
    assert visit.due_on.month == visit.month


def test_a_plan_too_far_ahead_or_without_rules_is_refused(district: Any) -> None:
    with pytest.raises(Refused, match="2025"):
        make_plan(2026, TODAY)
    with district.ledger.write("移除") as tx:
        for rule in PlanRule.live():
            tx.remove(rule)
    with pytest.raises(Refused, match="检查频次表"):
        make_plan(2025, TODAY)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"planned_on": dt.date(2026, 3, 2)}, "planned_on"),
        ({"officers": []}, "officers"),
        ({"state": "done"}, "state"),
        ({"state": "cancelled"}, "note"),
    ],
)
def test_a_planned_visit_refuses_what_cannot_be(district: Any, values: dict[str, Any], field: str) -> None:
    stored(district)
    visit = visits_of(district.places["A"])[0]
    with pytest.raises(CheckFailed) as refused:
        district.save(PlannedVisit, values, visit)
    assert field in {problem.field for problem in refused.value.problems.errors}


def test_a_visit_on_a_rest_day_or_with_a_full_day_is_a_doubt(district: Any) -> None:
    stored(district)
    visit = visits_of(district.places["A"])[0]
    with pytest.raises(CheckFailed) as doubted:
        district.save(PlannedVisit, {"planned_on": dt.date(2025, 10, 1)}, visit, waivers={})
    assert [problem.rule for problem in doubted.value.problems] == ["rest_day"]
    assert "国庆节" in doubted.value.problems.items[0].message
    row = Threshold.get(Threshold.code == "day_visits")
    district.save(Threshold, {"value": 1}, row)
    other = visits_of(district.places["C"])[0]
    officers = [one.officer_id for one in other.officer_rows]
    with pytest.raises(CheckFailed) as doubted:
        district.save(
            PlannedVisit, {"planned_on": other.planned_on, "officers": officers}, visit, waivers={}
        )
    assert {problem.rule for problem in doubted.value.problems} == {"day_load"}


def test_officers_leave_and_certificates_end(district: Any) -> None:
    one = Officer.get_by_id(district.people[0])
    district.save(Officer, {"certified_until": dt.date(2025, 2, 28)}, one)
    stored(district)
    for visit in PlannedVisit.live():
        if visit.planned_on > dt.date(2025, 2, 28):
            assert one.id not in {row.officer_id for row in visit.officer_rows}


def test_officers_without_a_certificate_are_neither_planned_nor_drawn(district: Any) -> None:
    without = district.officer(certificate="", name="示例无证")
    ended = district.officer(certified_until=dt.date(2024, 5, 31))
    gone = district.officer(certificate="", left_on=dt.date(2024, 5, 31))
    leader = district.officer(certificate="", position="leader")
    found = stored(district)
    assert set(found.officers) == set(district.people)
    assert not {without.id, ended.id, gone.id, leader.id} & {
        row.officer_id for visit in PlannedVisit.live() for row in visit.officer_rows
    }
    (words,) = found.notes
    assert "另有2名执法人员未列入：1人没有登记执法证号（示例无证），1人执法证已过有效期" in words
    assert {one.id for one in candidate_officers(TODAY)} == set(district.people)
    assert officers_not_drawn(TODAY) == words
    visit = visits_of(district.places["A"])[0]
    with pytest.raises(CheckFailed, match="示例无证没有登记执法证号") as refused:
        district.save(PlannedVisit, {"officers": [district.people[0], without.id]}, visit)
    assert [problem.rule for problem in refused.value.problems.errors] == ["certificate"]
    district.save(Officer, {"certificate": "示例360202999"}, without)
    assert {one.id for one in candidate_officers(TODAY)} == {*district.people, without.id}
    assert "1名执法人员未列入" in officers_not_drawn(TODAY)


def test_a_year_without_holidays_is_told_and_leaves_the_fixed_days_out(district: Any) -> None:
    assert make_plan(2025, TODAY).notes == ()
    with district.ledger.write("移除") as tx:
        for row in list(Holiday.live().where(Holiday.day.between(dt.date(2025, 1, 1), dt.date(2025, 12, 31)))):
            tx.remove(row)
    fixed = {dt.date(2025, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}
    days = working_days(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert not fixed & set(days)
    assert len(days) == 261 - len(fixed)
    (words,) = make_plan(2025, TODAY).notes
    assert "2025年的放假调休安排还没有登记" in words
    assert "《全国年节及纪念日放假办法》" in words
    district.save(Holiday, {"day": dt.date(2025, 1, 28), "kind": "off", "name": "春节"})
    assert make_plan(2025, TODAY).notes == ()


# --- the bound of visits -----------------------------------------------------------------------------------


def test_the_bound_of_visits_counts_but_clues(district: Any) -> None:
    place = district.places["A"]
    for number, kind in enumerate(("routine", "special", "complaint", "recheck", "random")):
        district.inspection(place, 0, inspected_on=dt.date(2024, 3, 4 + number), kind=kind)
    count = visit_count(place.id, TODAY)
    assert (count.made, count.counted, count.limit) == (5, 3, 4)
    assert count.words == "本年度已入企 5 次，上限 4 次，其中 2 次不计入上限"
    assert visit_count(place.id, dt.date(2024, 3, 5)).made == 2
    with district.ledger.write("设置") as tx:
        change_settings(tx, {"limit_exempt": "投诉举报核查"})
    assert visit_count(place.id, TODAY).reached
    row = Threshold.get(Threshold.code == "visit_limit")
    district.save(Threshold, {"value": 9}, row)
    assert not visit_count(place.id, TODAY).reached
    with district.ledger.write("移除") as tx:
        tx.remove(Threshold.get_by_id(row.id))
    assert "没有登记" in visit_count(place.id, TODAY).words


def test_recording_one_visit_too_many_asks_for_a_reason(district: Any) -> None:
    place = district.places["A"]
    district.save(Threshold, {"value": 1}, Threshold.get(Threshold.code == "visit_limit"))
    first = district.inspection(place, 0)
    values = {
        "enterprise": place.id, "inspected_on": dt.date(2024, 6, 4), "kind": "routine", "result": "none",
        "officers": district.people[:2],
    }  # fmt: skip
    with pytest.raises(CheckFailed) as doubted:
        district.save(Inspection, values, waivers={})
    assert [(p.field, p.rule) for p in doubted.value.problems] == [("enterprise", "visit_limit")]
    assert district.save(Inspection, values, waivers={"visit_limit": "专项部署"}).id
    assert district.save(Inspection, {**values, "kind": "complaint"}, waivers={}).id
    assert district.save(Inspection, {"situation": "补记"}, first, waivers={}).id


# --- draws -------------------------------------------------------------------------------------------------


def test_a_draw_is_kept_with_its_candidates_and_can_be_repeated(district: Any) -> None:
    closed = district.enterprise(status="closed")
    places, people = candidate_places(TODAY), candidate_officers(TODAY)
    assert closed.id not in {one.id for one in places}
    found = draw_lots(TODAY, " 20240630 ", 2, 3, places, people)
    with district.ledger.write("双随机抽取", final=True) as tx:
        record = store_draw(tx, found, "六月双随机", tasks_due=dt.date(2024, 7, 31))
    record = Draw.get_by_id(record.id)
    assert (record.seed, record.candidates, record.officer_candidates) == ("20240630", 4, 3)
    tasks = list(InspectionTask.live().order_by(InspectionTask.id))
    assert [task.enterprise_id for task in tasks] == [line.candidate.id for line in found.lines]
    assert {task.source for task in tasks} == {"random"}
    assert all(len(task.officer_rows) == 3 for task in tasks)
    district.enterprise()
    again = repeat(record)
    assert again.same
    assert again.drawing.lines == found.lines
    with pytest.raises(Refused), district.ledger.write("移除") as tx:
        tx.remove(record)
    with pytest.raises(Refused):
        district.ledger.undo_action(Enterprise.select().count() and record_action(record))


def record_action(record: Draw) -> Any:
    from models.core.changes import Action, ChangeLog

    entry = ChangeLog.select().where(ChangeLog.table == "draw", ChangeLog.row == record.id).first()
    return Action.get_by_id(entry.action_id)


def test_a_changed_record_is_found_out(district: Any) -> None:
    found = draw_lots(TODAY, "7", 2, 2, candidate_places(TODAY), candidate_officers(TODAY))
    with district.ledger.write("双随机抽取", final=True) as tx:
        record = store_draw(tx, found, "抽取")
        other = next(one.id for one in found.places if one.id not in {x.candidate.id for x in found.lines})
        row = next(iter(record.enterprise_rows))
        tx.update(row, enterprise=other)
    assert not repeat(Draw.get_by_id(record.id)).same


def test_places_at_the_bound_can_be_left_out(district: Any) -> None:
    district.save(Threshold, {"value": 1}, Threshold.get(Threshold.code == "visit_limit"))
    district.inspection(district.places["A"], 0)
    ids = {one.id for one in candidate_places(TODAY, below_limit=True)}
    assert ids == {place.id for place in district.places.values()} - {district.places["A"].id}


def test_a_plan_keeps_its_year_once_it_has_visits(district: Any) -> None:
    stored(district)
    with pytest.raises(CheckFailed, match="不能改年度"):
        district.save(InspectionPlan, {"year": 2024}, plan_of(2025))
    with pytest.raises(CheckFailed, match="已有2025年度"):
        district.save(InspectionPlan, {"year": 2025, "made_on": TODAY})
