"""Supervision visits, when they are due, what they find, and the tasks the bureau gets from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.checks import CheckFailed
from models.core.errors import Refused
from models.core.figure import figure
from models.core.register import View, register
from models.enterprise import Enterprise
from models.inspection import Finding, Inspection
from models.inspection_task import InspectionTask, hand_to_bureau
from models.responsibility import Assignment
from models.rules.rounds import month_ends, round_of
from models.threshold import Threshold
from models.visit import SupervisionVisit, TaskItem, task_items
from models.visiting import reminder_text, reminders, visit_rates, visits_due

TODAY = dt.date(2024, 6, 30)
H1 = (dt.date(2024, 1, 1), TODAY)


@pytest.fixture
def pair(office: Any) -> tuple[Any, Any, Any]:
    """An office, a township enterprise and its official since 2024."""
    place, official = (
        office.enterprise(tier="C"),
        office.official(term_from=dt.date(2020, 1, 1), phone="13000000001"),
    )
    office.save(
        Assignment, {"enterprise": place.id, "official": official.id, "valid_from": dt.date(2024, 1, 1)}
    )
    return office, place, official


def visit(office: Any, place: Any, official: Any, day: dt.date, found: int = 0, **more: Any) -> Any:
    lines = [
        {"wording": f"示例问题{n}", "measure": "限期整改", "due_on": day + dt.timedelta(days=10)}
        for n in range(found)
    ]
    values = {
        "enterprise": place.id,
        "official": official.id,
        "visited_on": day,
        "result": "problems" if found else "none",
        "findings": lines,
        **more,
    }
    return office.save(SupervisionVisit, values)


@given(
    day=st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)), months=st.sampled_from([1, 2, 3, 4, 6, 12, 24])
)
def test_rounds_follow_the_calendar_and_meet(day: dt.date, months: int) -> None:
    first, last = round_of(day, months)
    assert first <= day <= last
    assert first.day == 1
    assert round_of(last + dt.timedelta(days=1), months)[0] == last + dt.timedelta(days=1)
    assert len(list(month_ends(first, last))) == months
    assert list(month_ends(first, last))[-1] == last
    if months <= 12:
        assert (first.month - 1) % months == 0


def test_a_round_without_months_is_refused() -> None:
    with pytest.raises(ValueError, match="至少1个月"):
        round_of(TODAY, 0)


def test_findings_of_a_visit_take_its_day_place_and_channel(pair: Any) -> None:
    office, place, official = pair
    officers = office.officers()
    made = visit(office, place, official, dt.date(2024, 6, 3), 2, officers=officers, companions="示例乙")
    assert made.level == "township"
    found = list(Finding.live().where(Finding.visit == made.id))
    assert {(f.enterprise_id, f.found_on, f.channel) for f in found} == {
        (place.id, dt.date(2024, 6, 3), "assignment")
    }
    office.save(SupervisionVisit, {"visited_on": dt.date(2024, 6, 4)}, made)
    assert {f.found_on for f in Finding.live().where(Finding.visit == made.id)} == {dt.date(2024, 6, 4)}
    assert figure("visits.findings").value(*H1) == 2
    assert figure("inspections.findings").value(*H1) == 0
    office.save(Finding, {"resolved_on": dt.date(2024, 6, 10), "checked_by": official.name}, found[0])
    assert figure("visits.resolved_rate").text(figure("visits.resolved_rate").value(*H1)) == "50"
    assert register("findings").count(View(presets=("past_due",)), dt.date(2024, 6, 20)) == 1
    assert register("findings").count(View(presets=("visits",)), TODAY) == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"visited_on": dt.date(2024, 7, 1)}, "晚于今天"),
        ({"visited_on": dt.date(2019, 7, 1)}, "不在任"),
        ({"visited_on": dt.date(2023, 7, 1)}, "不是“示例小吃店"),
        ({"result": "problems"}, "请登记发现的问题"),
        ({"result": "none", "findings": [{"wording": "示例"}]}, "不能是“未发现问题”"),
        ({"official": None}, "请填写包保干部"),
        ({"enterprise": 10**6}, "不存在"),
    ],
)
def test_a_wrong_visit_is_refused(pair: Any, values: dict[str, Any], message: str) -> None:
    office, place, official = pair
    good = {
        "enterprise": place.id,
        "official": official.id,
        "visited_on": dt.date(2024, 6, 3),
        "result": "none",
    }
    with pytest.raises(CheckFailed, match=message):
        office.save(SupervisionVisit, {**good, **values}, waivers={})
    assert not SupervisionVisit.live().exists()


def test_a_second_visit_on_a_day_and_a_closed_place_are_doubted(pair: Any) -> None:
    office, place, official = pair
    made = visit(office, place, official, dt.date(2024, 6, 3))
    with pytest.raises(CheckFailed, match="已登记过") as failed:
        office.save(
            SupervisionVisit,
            {"enterprise": place.id, "official": official.id, "visited_on": made.visited_on},
            waivers={},
        )
    assert failed.value.only_warnings
    office.save(Enterprise, {"status": "closed"}, place, effective_on=dt.date(2024, 6, 10))
    with pytest.raises(CheckFailed, match="已注销或吊销"):
        office.save(
            SupervisionVisit,
            {"enterprise": place.id, "official": official.id, "visited_on": dt.date(2024, 6, 12)},
            waivers={},
        )


def test_the_task_list_fits_the_kind_and_the_day(pair: Any) -> None:
    office, place, official = pair
    canteen = {i.wording for i in task_items("school_canteen", TODAY)}
    stall = {i.wording for i in task_items("stall", TODAY)}
    assert stall < canteen
    assert any("陪餐" in wording for wording in canteen)
    assert not task_items("stall", dt.date(2020, 1, 1))
    item = TaskItem.live().where(TaskItem.rank == 10).get()
    lines = [{"item": item.id, "answer": "no", "problem": ""}]
    with pytest.raises(CheckFailed, match="写明问题"):
        visit(office, place, official, dt.date(2024, 6, 3), 1, items=lines)
    lines[0]["problem"] = "许可证未公示"
    with pytest.raises(CheckFailed, match="有答“否”的任务"):
        visit(office, place, official, dt.date(2024, 6, 3), items=lines)
    with pytest.raises(CheckFailed, match="填了两次"):
        visit(office, place, official, dt.date(2024, 6, 3), 1, items=lines * 2)
    made = visit(office, place, official, dt.date(2024, 6, 3), 1, items=lines)
    assert [(row.item_id, row.answer, row.problem) for row in made.item_rows] == [
        (item.id, "no", "许可证未公示")
    ]
    office.save(TaskItem, {"valid_to": dt.date(2024, 5, 31)}, item)
    assert item.wording in {i.wording for i in task_items("stall", dt.date(2024, 5, 31))}
    assert item.wording not in {i.wording for i in task_items("stall", TODAY)}


def test_what_is_due_follows_the_dated_rounds(pair: Any) -> None:
    office, place, official = pair
    [due] = visits_due(dt.date(2024, 3, 1))
    assert (due.enterprise, due.official, due.due_on) == (place.id, official.id, TODAY)
    assert (due.last, due.missed) == (None, False)
    visit(office, place, official, dt.date(2024, 3, 5))
    assert not visits_due(dt.date(2024, 3, 5))
    assert not visits_due(TODAY)
    [due] = visits_due(dt.date(2024, 7, 1))
    assert (due.last, due.due_on) == (dt.date(2024, 3, 5), dt.date(2024, 12, 31))
    assert not due.missed
    [due] = visits_due(dt.date(2025, 1, 2))
    assert due.missed
    [rule] = Threshold.live().where(Threshold.code == "visit_months_township", Threshold.valid_to.is_null())
    office.save(Threshold, {"value": 3}, rule)
    [due] = visits_due(TODAY)
    assert (due.due_on, due.missed) == (TODAY, False)
    office.save(Enterprise, {"tier": "A"}, place, effective_on=dt.date(2024, 6, 1))
    assert not visits_due(TODAY)
    with office.ledger.write("移除") as tx:
        tx.remove(Threshold.get_by_id(rule.id))
    assert not visits_due(dt.date(2024, 3, 1))
    assert figure("visits.due").value(*H1) == 0
    assert figure("visits.rate").value(*H1) is None


def test_completion_by_level_township_official_and_quarter(pair: Any) -> None:
    office, place, official = pair
    big, leader = (
        office.enterprise(tier="B"),
        office.official(level="district", term_from=dt.date(2020, 1, 1)),
    )
    office.save(Assignment, {"enterprise": big.id, "official": leader.id, "valid_from": dt.date(2024, 1, 1)})
    visit(office, big, leader, dt.date(2024, 2, 1))
    visit(office, place, official, dt.date(2024, 6, 3))
    told = {
        by: [(r.label, r.due, r.done) for r in visit_rates(*H1, by)]
        for by in ("level", "township", "official")
    }
    assert told["level"] == [("区级", 2, 1), ("乡镇（街道）级", 1, 1)]
    assert told["township"] == [("新枫街道", 3, 2)]
    assert sorted(told["official"]) == sorted([(official.name, 1, 1), (leader.name, 2, 1)])
    assert [(r.label, r.due, r.done, r.rate) for r in visit_rates(*H1, "quarter")] == [
        ("2024年第一季度", 1, 1, 1.0),
        ("2024年第二季度", 2, 1, 0.5),
    ]
    assert visit_rates(dt.date(2024, 4, 1), dt.date(2024, 5, 31), "level") == []
    assert figure("visits.due").value(*H1) == 2
    assert figure("visits.done").ids(*H1) == [place.id]
    assert figure("visits.total").value(*H1) == 2


def test_reminders_name_what_is_due_and_until_when(pair: Any) -> None:
    office, place, official = pair
    for _ in range(11):
        more = office.enterprise(tier="C")
        office.save(
            Assignment, {"enterprise": more.id, "official": official.id, "valid_from": dt.date(2023, 6, 1)}
        )
    [reminder] = reminders(dt.date(2024, 6, 1))
    assert (reminder.name, reminder.phone, len(reminder.visits)) == (official.name, "13000000001", 12)
    text = reminder_text(reminder)
    assert f"{official.name}同志" in text
    assert "尚有12户" in text
    assert "2024年6月30日前" in text
    assert "等12户" in text
    assert "其中11户上一周期未督导" in text
    assert reminders(dt.date(2024, 6, 1), within=7) == []
    assert len(reminders(dt.date(2024, 6, 25), within=7)) == 1
    assert place.name in reminder_text(reminder, most=99)


def test_a_finding_handed_to_the_bureau_is_done_by_the_next_inspection(pair: Any) -> None:
    office, place, official = pair
    made = visit(office, place, official, dt.date(2024, 6, 3), 2)
    first, second = Finding.live().where(Finding.visit == made.id).order_by(Finding.id)
    officers = tuple(office.officers())
    with office.ledger.write("移交") as tx:
        task = hand_to_bureau(tx, first, due_on=dt.date(2024, 7, 10), officers=officers)
    assert (task.enterprise_id, task.source, task.reason, task.state) == (
        place.id,
        "assignment",
        "示例问题0",
        "open",
    )
    with pytest.raises(Refused, match="不能重复移交"), office.ledger.write("移交") as tx:
        hand_to_bureau(tx, first)
    office.save(Finding, {"resolved_on": TODAY}, second)
    with pytest.raises(Refused, match="整改完成"), office.ledger.write("移交") as tx:
        hand_to_bureau(tx, second)
    assert figure("visits.handed_over").ids(*H1) == [task.id]
    office.inspection(place, inspected_on=dt.date(2024, 6, 20))
    assert InspectionTask.get_by_id(task.id).state == "open"
    draft = office.inspection(place, inspected_on=TODAY, state="draft", result=None, findings=0)
    assert InspectionTask.get_by_id(task.id).state == "open"
    office.save(Inspection, {"state": "done", "result": "none"}, draft)
    done = InspectionTask.get_by_id(task.id)
    assert (done.state, done.done_on, done.inspection_id) == ("done", TODAY, draft.id)
    with pytest.raises(Refused, match="检查任务"), office.ledger.write("移除") as tx:
        tx.remove(Inspection.get_by_id(draft.id))
    office.save(Inspection, {"state": "draft"}, Inspection.get_by_id(draft.id))
    assert InspectionTask.get_by_id(task.id).state == "open"
    office.ledger.undo()
    assert InspectionTask.get_by_id(task.id).state == "done"
    again = office.save(InspectionTask, {"state": "open"}, done)
    assert (again.inspection_id, again.done_on) == (None, None)
    with office.ledger.write("移除") as tx:
        tx.remove(Inspection.get_by_id(draft.id))


def test_a_wrong_task_is_refused(office: Any) -> None:
    place = office.enterprise()
    good = {"enterprise": place.id, "reason": "示例举报", "source": "complaint", "assigned_on": TODAY}
    for values, message in (
        ({"due_on": dt.date(2024, 6, 1)}, "早于交办日期"),
        ({"assigned_on": dt.date(2024, 7, 1)}, "晚于今天"),
        ({"reason": ""}, "请填写检查事由"),
        ({"state": "done"}, "自动完成"),
        ({"state": "cancelled"}, "写明原因"),
    ):
        with pytest.raises(CheckFailed, match=message):
            office.save(InspectionTask, {**good, **values})
    task = office.save(InspectionTask, good)
    office.save(InspectionTask, {"state": "cancelled", "note": "重复交办"}, task)
    office.inspection(place, inspected_on=TODAY)
    assert InspectionTask.get_by_id(task.id).state == "cancelled"
