"""Each rule of the data check finds what is odd, nothing else; bounds from their table; reasons hold for the facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from models.checklist import Checklist, checklists_for, items_of
from models.checklist_answer import ChecklistAnswer
from models.core.errors import Refused
from models.core.figure import figure
from models.core.waivers import Waiver
from models.doubt_rule import DoubtRule, ReportRelease
from models.duty import LeaderDuty
from models.enterprise import Enterprise
from models.holiday import Holiday
from models.inspection import Finding, Inspection, InspectionOfficer
from models.notice import Notice, Reinspection
from models.notice_steps import reinspect, serve
from models.organization import Officer
from models.plausibility import (
    RULES,
    Doubt,
    doubts,
    open_doubts,
    release,
    shorten,
    summary,
    take_back,
    usual_span,
    waive,
)
from models.responsibility import Official
from models.rules.checklist import pack
from models.visit import SupervisionVisit

D, T = dt.date, dt.time
TODAY = D(2024, 6, 30)
YEAR = (D(2024, 1, 1), D(2024, 12, 31))
MONDAY = D(2024, 6, 3)


def odd(code: str, start: D = YEAR[0], end: D = YEAR[1]) -> list[Doubt]:
    return [doubt for doubt in doubts(start, end, TODAY) if doubt.code == code]


def bend(office: Any, record: Any, **columns: Any) -> Any:
    """Change a row behind the checks, as an older version or another program may have left it."""
    with office.ledger.write("改动") as tx:
        return tx.update(type(record).get_by_id(record.id), **columns)


def bound(office: Any, code: str, value: int) -> None:
    office.save(DoubtRule, {"value": value}, DoubtRule.get(DoubtRule.code == code))


def visit(office: Any, begin: T | None, end: T | None, officers: list[int], **values: Any) -> Any:
    return office.inspection(findings=0, started_at=begin, ended_at=end, officers=officers, **values)


def test_the_rules_of_the_table_are_those_of_the_program(office: Any) -> None:
    assert {rule.code for rule in DoubtRule.live()} == set(RULES)
    assert {rule.severity for rule in DoubtRule.live()} == {"error", "warning"}


def test_an_orderly_office_raises_no_doubt(office: Any) -> None:
    place = office.enterprise(opened_on=D(2020, 1, 1))
    visit(office, T(9), T(10), office.officers(), enterprise=place.id)
    made = office.inspection(place, inspected_on=D(2024, 6, 4))
    notice = office.issued(inspection=made)
    with office.ledger.write("送达") as tx:
        serve(tx, notice, D(2024, 6, 6), "direct", "示例乙")
    assert open_doubts(*YEAR, TODAY) == []
    assert summary(*YEAR, TODAY).open == 0


def test_one_officer_in_two_places(office: Any) -> None:
    a, b, c = office.officers(3)
    first = visit(office, T(9), T(10), [a, b])
    second = visit(office, T(9, 30), T(11), [a, c])
    visit(office, T(11), T(12), [a, b])
    [found] = odd("two_places")
    assert (found.register, found.record, found.field) == ("inspections", second.id, "started_at")
    assert found.severity == "error"
    assert "09:00—10:00" in found.text
    assert "重叠30分钟" in found.text
    assert first.enterprise.name in found.text
    assert Officer.get_by_id(a).name in found.text
    assert Officer.get_by_id(b).name not in found.text
    bound(office, "two_places", 29)
    assert len(odd("two_places")) == 1
    bound(office, "two_places", 30)
    assert odd("two_places") == []


def test_two_visits_of_one_enterprise_are_one_place(office: Any) -> None:
    people, place = office.officers(), office.enterprise()
    visit(office, T(9), T(10), people, enterprise=place.id)
    again = visit(office, T(9, 30), T(11), people, enterprise=place.id)
    assert odd("two_places") == []
    assert [d.record for d in odd("twice")] == [again.id]


def test_a_leader_on_duty_elsewhere(office: Any) -> None:
    leader = office.officer(position="deputy")
    made = visit(office, T(9), T(10), [leader.id, *office.officers(1)])

    def duty(place: str) -> Any:
        values = {"officer": leader.id, "on_day": MONDAY, "started_at": T(9, 30), "ended_at": T(11), "place": place}
        return office.save(LeaderDuty, values)

    elsewhere = duty("示例商场")
    assert [(d.register, d.record) for d in odd("two_places")] == [("leader_duties", elsewhere.id)]
    office.save(LeaderDuty, {"place": f"{made.enterprise.name}等"}, elsewhere)
    assert odd("two_places") == []
    office.save(LeaderDuty, {"place": "新枫街道小餐饮"}, elsewhere)
    assert odd("two_places") == []


def test_hours_longer_than_the_span(office: Any) -> None:
    leader = office.officer(position="leader")

    def duty(begin: T, end: T) -> Any:
        values = {"officer": leader.id, "on_day": MONDAY, "started_at": begin, "ended_at": end, "place": "示例街"}
        return office.save(LeaderDuty, values)

    one = duty(T(8), T(12))
    assert odd("duty_hours") == []
    bend(office, one, minutes=250)
    assert "250分钟" in odd("duty_hours")[0].text
    bend(office, one, minutes=240)
    two = duty(T(11), T(14))
    [found] = odd("duty_hours")
    assert found.record == two.id
    assert "登记420分钟，起止时间实际只有360分钟" in found.text
    office.save(LeaderDuty, {"started_at": T(12), "ended_at": T(18)}, two)
    assert odd("duty_hours") == []  # ten hours, the bound itself
    office.save(LeaderDuty, {"ended_at": T(18, 1)}, two)
    assert "超过600分钟" in odd("duty_hours")[0].text


def test_fewer_than_two_officers(office: Any) -> None:
    made = office.inspection(findings=0)
    row = InspectionOfficer.live().where(InspectionOfficer.inspection == made.id).first()
    bend(office, row, removed_at=dt.datetime(2024, 6, 30))
    [found] = odd("few_officers")
    assert (found.record, found.field) == (made.id, "officers")
    assert "只登记了1名" in found.text
    bound(office, "few_officers", 1)
    assert odd("few_officers") == []
    bound(office, "few_officers", 3)
    assert len(odd("few_officers")) == 1


def test_officers_without_certificate_expired_or_gone(office: Any) -> None:
    without, expired = office.officer(certificate=""), office.officer(certified_until=D(2024, 6, 2))
    last_day = office.officer(certified_until=MONDAY, left_on=MONDAY)
    gone = office.officer()
    made = visit(office, None, None, [without.id, expired.id, last_day.id, gone.id])
    office.save(Officer, {"left_on": D(2024, 6, 2)}, gone)
    # What was waived at entry is explained already.
    assert {d.value for d in odd("certificate")} == {str(without.id), str(expired.id)}
    assert all(d.record == made.id and d.reason is not None and d.reason.text == "已核对" for d in odd("certificate"))
    assert [(d.record, "离岗" in d.text) for d in odd("left")] == [(made.id, True)]


def test_rest_days_by_the_table_of_holidays(office: Any) -> None:
    saturday, worked = D(2024, 6, 22), D(2024, 6, 29)
    holiday = D(2024, 6, 10)  # 端午节
    made = [visit(office, None, None, office.officers(), inspected_on=day) for day in (saturday, worked, holiday)]
    assert {d.record for d in odd("rest_day")} == {one.id for one in made}
    assert "端午" in next(d.text for d in odd("rest_day") if d.day == holiday)
    office.save(Holiday, {"day": worked, "kind": "work", "name": "调休上班"})
    assert {d.day for d in odd("rest_day")} == {saturday, holiday}
    assert odd("rest_day", D(2024, 6, 11), D(2024, 6, 21)) == []


def test_closed_places_and_days_before_the_opening(office: Any) -> None:
    place = office.enterprise(opened_on=D(2020, 1, 1))
    office.save(Enterprise, {"status": "closed"}, place, effective_on=MONDAY)
    office.inspection(place, 0, inspected_on=D(2024, 5, 31))
    late = office.inspection(place, 0)
    assert [(d.record, d.field) for d in odd("closed")] == [(late.id, "enterprise")]
    new = office.enterprise(opened_on=D(2024, 6, 4))
    early = office.inspection(new, 0)
    office.inspection(new, 0, inspected_on=D(2024, 6, 4))
    assert [(d.record, d.field) for d in odd("before_opening")] == [(early.id, "inspected_on")]


@pytest.mark.parametrize(("opened", "told"), [(None, True), (D(2024, 3, 6), True), (D(2024, 3, 5), False)])
def test_days_before_the_permit(office: Any, opened: D | None, told: bool) -> None:
    permits = [{"kind": "JY", "number": "JY23602020012345", "issued_on": MONDAY + dt.timedelta(1)}]
    place = office.enterprise(opened_on=opened, permits=permits)
    made = office.inspection(place, 0)
    office.inspection(place, 0, inspected_on=MONDAY + dt.timedelta(1))
    assert [d.record for d in odd("before_permit")] == ([made.id] if told else [])


def test_future_days_count_whatever_the_end_of_the_period(office: Any) -> None:
    made = office.inspection(findings=0)
    bend(office, made, inspected_on=D(2026, 6, 3))
    assert [d.record for d in odd("future", D(2024, 1, 1), D(2024, 6, 30))] == [made.id]
    bend(office, made, inspected_on=TODAY)
    assert odd("future") == []


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (T(9), T(9, 9), "short_visit"),
        (T(9), T(9, 10), ""),
        (T(8), T(16), ""),
        (T(8), T(16, 1), "long_visit"),
        (T(9), None, "times"),
        (None, T(9), "times"),
    ],
)
def test_lengths_at_their_bounds(office: Any, begin: T | None, end: T | None, code: str) -> None:
    made = visit(office, begin, end, office.officers())
    assert [(d.code, d.record) for d in open_doubts(*YEAR, TODAY)] == ([(code, made.id)] if code else [])


def test_a_draft_left_lying(office: Any) -> None:
    made = office.inspection(findings=0, state="draft", inspected_on=D(2024, 6, 21))
    kept = DoubtRule.get(DoubtRule.code == "stale_draft")
    assert int(kept.value) == 7
    assert [d.record for d in odd("stale_draft")] == [made.id]
    office.save(Inspection, {"inspected_on": D(2024, 6, 24)}, made)
    assert odd("stale_draft") == []


def test_results_that_do_not_go_with_the_findings(office: Any) -> None:
    clean, found = office.inspection(findings=0), office.inspection(findings=1)
    bend(office, clean, result="fixed")
    bend(office, found, result="none")
    assert {(d.record, d.value) for d in odd("result")} == {(clean.id, "fixed"), (found.id, "none")}


def test_an_order_without_a_notice(office: Any) -> None:
    made = office.inspection(findings=2, inspected_on=D(2024, 6, 26))
    assert [(d.record, d.field) for d in odd("no_notice")] == [(made.id, "findings")]
    assert "2处" in odd("no_notice")[0].text
    bound(office, "no_notice", 4)
    assert odd("no_notice") == []
    bound(office, "no_notice", 3)
    draft = office.notice(made, due_on=D(2024, 6, 29))
    assert len(odd("no_notice")) == 1, "a draft orders nothing"
    bend(office, draft, state="issued", issued_on=D(2024, 6, 27))
    assert odd("no_notice") == []
    bend(office, draft, state="void")
    assert len(odd("no_notice")) == 1
    for finding in office.findings(made):
        bend(office, finding, corrected_on_spot=True)
    assert odd("no_notice") == []


def test_the_order_of_a_notices_days(office: Any) -> None:
    made = office.inspection(findings=1)
    notice = office.issued(inspection=made)
    with office.ledger.write("送达") as tx:
        serve(tx, notice, D(2024, 6, 6), "direct", "示例乙")
    rows = [{"finding": f.id, "outcome": "corrected"} for f in office.findings(made)]
    values = {"inspected_on": D(2024, 6, 18), "officers": office.officers(), "items": rows}
    with office.ledger.write("复查") as tx:
        again = reinspect(tx, notice, values)
    assert open_doubts(*YEAR, TODAY) == []
    bend(office, made, inspected_on=D(2024, 6, 6))
    bend(office, office.findings(made)[0], found_on=D(2024, 6, 6))
    assert [d.record for d in odd("notice_early")] == [notice.id]
    bend(office, office.findings(made)[0], found_on=D(2024, 6, 19))
    assert [d.field for d in odd("resolved_early")] == ["resolved_on"]
    bend(office, Notice.get_by_id(notice.id), served_on=D(2024, 6, 4))
    assert "早于签发" in odd("service_early")[0].text
    bend(office, Notice.get_by_id(notice.id), served_on=D(2024, 6, 19))
    assert [(d.register, d.record) for d in odd("reinspection_early")] == [("reinspections", again.id)]
    bend(office, Reinspection.get_by_id(again.id), inspected_on=D(2024, 6, 22))
    assert odd("reinspection_early") == []
    assert [(d.register, d.record) for d in odd("rest_day")] == [("reinspections", again.id)]
    bend(office, Officer.get_by_id(values["officers"][0]), certificate="")
    assert [(d.register, d.record) for d in odd("certificate")] == [("reinspections", again.id)]
    bend(office, Reinspection.get_by_id(again.id), inspected_on=D(2026, 6, 19))
    assert [(d.register, d.record) for d in odd("future")] == [("reinspections", again.id)]
    bend(office, Reinspection.get_by_id(again.id), inspected_on=D(2024, 6, 19))
    bend(office, Notice.get_by_id(notice.id), due_on=D(2024, 6, 4))
    assert [(d.register, d.field) for d in odd("deadline_past")] == [("notices", "due_on")]


def test_a_finding_due_before_it_was_made(office: Any) -> None:
    [finding] = office.findings(office.inspection(findings=1))
    bend(office, finding, due_on=D(2024, 6, 2))
    assert ("findings", finding.id) in [(d.register, d.record) for d in odd("deadline_past")]
    bend(office, Finding.get_by_id(finding.id), due_on=MONDAY)
    assert odd("deadline_past") == []


def test_a_number_used_twice_however_it_is_written(office: Any) -> None:
    first, second = office.issued(), office.issued()
    assert odd("number_twice") == []
    bend(office, second, number="昌市监责改[2024] 1 号")
    assert [d.record for d in odd("number_twice")] == [second.id]
    bend(office, Notice.get_by_id(first.id), state="void")
    assert [d.record for d in odd("number_twice")] == [second.id], "a void number stays used"


def test_checklists_not_in_force_not_finished_not_written_down(office: Any) -> None:
    form = checklists_for("catering", TODAY)[0]
    numbers = [item.number for item in items_of(form.id)]
    line = {"checklist": form.id, "passed": pack(numbers)}
    made = office.inspection(findings=0, checklists=[line])
    assert open_doubts(*YEAR, TODAY) == []
    answer = ChecklistAnswer.get(ChecklistAnswer.inspection == made.id)
    counts = {"checked": len(numbers) - 2, "failed_count": 1}
    bend(office, answer, passed=pack(numbers[3:]), failed=numbers[2], **counts)
    assert numbers[0] in odd("answers_missing")[0].text
    assert odd("no_finding")[0].value == numbers[2]
    bend(office, made, kind="special")
    assert odd("answers_missing") == [], "only a routine visit covers all"
    bend(office, Checklist.get_by_id(form.id), valid_to=D(2024, 6, 2))
    assert [(d.record, d.field) for d in odd("checklist_version")] == [(made.id, "checklists")]


def test_supervision_visits_are_looked_at_too(office: Any) -> None:
    official: Official = office.official()
    place = office.enterprise(opened_on=D(2024, 6, 23))
    values = {"enterprise": place.id, "official": official.id, "visited_on": D(2024, 6, 22)}
    made = office.save(SupervisionVisit, values)
    assert {(d.code, d.register, d.record) for d in doubts(*YEAR, TODAY)} == {
        ("before_opening", "visits", made.id), ("rest_day", "visits", made.id)
    }  # fmt: skip


# --- the table of rules ------------------------------------------------------------------------------------------


def test_a_rule_can_be_switched_off_and_its_bound_is_dated(office: Any) -> None:
    rule = DoubtRule.get(DoubtRule.code == "short_visit")
    before = visit(office, T(9), T(9, 15), office.officers(), inspected_on=D(2024, 5, 13))
    after = visit(office, T(9), T(9, 15), office.officers(), inspected_on=MONDAY)
    office.save(DoubtRule, {"valid_to": D(2024, 5, 31)}, rule)
    fresh = {"code": "short_visit", "label_text": "检查时间过短", "mend": "核对", "valid_from": D(2024, 6, 1)}
    later = office.save(DoubtRule, {**fresh, "severity": "error", "value": 20, "unit": "分钟"})
    assert [(d.record, d.severity) for d in odd("short_visit")] == [(after.id, "error")]
    office.save(DoubtRule, {"value": 16}, rule)
    assert {d.record for d in odd("short_visit")} == {before.id, after.id}
    office.save(DoubtRule, {"severity": "off"}, later)
    assert [d.record for d in odd("short_visit")] == [before.id]


# --- reasons -----------------------------------------------------------------------------------------------------


@pytest.fixture
def doubted(office: Any) -> Any:
    """An inspection on a Saturday, nine minutes long."""
    return visit(office, T(9), T(9, 9), office.officers(), inspected_on=D(2024, 6, 22))


def test_a_reason_holds_until_the_facts_change(office: Any, doubted: Any) -> None:
    [long, *_] = rest = odd("rest_day")
    with office.ledger.write("说明") as tx:
        assert waive(tx, rest, " 节前专项检查 ") == 1
    [kept] = odd("rest_day")
    assert not kept.open
    assert kept.reason is not None
    assert kept.reason.text == "节前专项检查"
    assert kept.reason.who == office.ledger.actor
    assert kept.reason.at is not None
    assert [d.code for d in open_doubts(*YEAR, TODAY)] == ["short_visit"]
    office.save(Inspection, {"inspected_on": D(2024, 6, 23)}, doubted)
    assert odd("rest_day")[0].open, "another Sunday is another doubt"
    office.save(Inspection, {"inspected_on": D(2024, 6, 22)}, Inspection.get_by_id(doubted.id))
    assert not odd("rest_day")[0].open
    assert long.record == doubted.id


def test_a_reason_is_asked_for_can_be_undone_and_taken_back(office: Any, doubted: Any) -> None:
    found = open_doubts(*YEAR, TODAY)
    with pytest.raises(Refused, match="写明"), office.ledger.write("说明") as tx:
        waive(tx, found, "  ")
    with office.ledger.write("说明") as tx:
        assert waive(tx, found, "已核对原件") == 2
    assert open_doubts(*YEAR, TODAY) == []
    office.ledger.undo()
    assert len(open_doubts(*YEAR, TODAY)) == 2
    office.ledger.redo()
    explained = doubts(*YEAR, TODAY)
    with office.ledger.write("撤回") as tx:
        assert waive(tx, explained, "再写一次") == 0
        assert take_back(tx, explained[:1]) == 1
    assert len(open_doubts(*YEAR, TODAY)) == 1
    assert Waiver.live().count() == 1 + Waiver.live().where(Waiver.reason == "已核对").count()


def test_figures_count_the_records_in_doubt(office: Any, doubted: Any) -> None:
    one = figure("doubts.inspections")
    assert one.value(*YEAR) == 1
    assert one.ids(*YEAR) == [doubted.id]
    assert one.value(D(2024, 1, 1), D(2024, 6, 21)) == 0
    assert figure("doubts.notices").value(*YEAR) == 0
    counted = summary(*YEAR, TODAY)
    assert (counted.open, counted.errors) == (2, 0)
    assert [(code, count) for code, _label, count in counted.rules] == [("rest_day", 1), ("short_visit", 1)]


def test_a_report_with_doubts_open_keeps_its_reason(office: Any) -> None:
    with pytest.raises(Refused), office.ledger.write("报告") as tx:
        release(tx, *YEAR, 3, "")
    with office.ledger.write("报告") as tx:
        made = release(tx, *YEAR, 3, "上级催报")
    assert ReportRelease.get_by_id(made.id).who == office.ledger.actor
    assert made.released_on == TODAY


def test_long_facts_keep_a_digest(office: Any) -> None:
    assert shorten("甲" * 400) == "甲" * 400
    one, other = shorten("甲" * 500), shorten("甲" * 499 + "乙")
    assert len(one) == len(other) == 400
    assert one != other


def test_the_demo_has_some_of_every_day_kind(demo_reader: Any) -> None:
    found = doubts(*usual_span(demo_reader.today), demo_reader.today)
    assert 5 < len(found) < 60
    assert {"two_places", "rest_day"} <= {d.code for d in found}
    first: Callable[[Doubt], bool] = lambda d: d.severity == "error"  # noqa: E731
    marks = [first(d) for d in found]
    assert marks == sorted(marks, reverse=True)
