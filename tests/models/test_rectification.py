"""整改督办 of a small office: what is open on a day, its arithmetic, steps, and figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.checks import CheckFailed
from models.core.errors import Refused
from models.core.figure import figure
from models.finding_check import FindingCheck
from models.holiday import Holiday
from models.inspection import Finding, Inspection
from models.notice import Notice, Reinspection
from models.notice_desk import desk_of
from models.notice_steps import close_notice, extend, refer, serve
from models.overview import publication_share
from models.publication import Deadlines, any_of, publish, unpublished
from models.rectification import Matter, matters, working_days_left
from models.rectifying import correct_on_spot, extend_finding, recheck, refer_finding
from models.rules.calendar import WorkCalendar
from models.rules.deadlines import publication_due
from models.settings import change_settings
from models.talk import Talk
from models.threshold import Threshold
from tests.models.conftest import TODAY, Office

DAY = dt.date


def do(office: Office, work: Any, kind: str = "办理") -> Any:
    with office.ledger.write(kind) as tx:
        return work(tx)


def only(day: dt.date = TODAY) -> Matter:
    (found,) = matters(day)
    return found


def finding(office: Office, **values: Any) -> Any:
    """A finding of no inspection."""
    place = values.pop("place", None) or office.enterprise()
    base = {"enterprise": place.id, "found_on": DAY(2024, 6, 3), "channel": "complaint", "wording": "示例单独问题"}
    return office.save(Finding, base | values)


def test_a_notice_day_by_day(office: Office) -> None:
    """Issued 6/5, served 6/6, due 6/20, extended on 6/30 to 7/20: any day tells what was true then."""
    notice = office.issued()
    do(office, lambda tx: serve(tx, notice, DAY(2024, 6, 6), "direct", "王五"))
    assert {m.kind for m in matters(DAY(2024, 6, 4))} == {"finding"}, "before its issue its findings stand alone"
    assert (only(DAY(2024, 6, 5)).state, only(DAY(2024, 6, 6)).state) == ("issued", "served")
    assert (only(DAY(2024, 6, 10)).group, only(DAY(2024, 6, 10)).days_left) == ("running", 10)
    assert [only(DAY(2024, 6, d)).group for d in (16, 17, 20, 21)] == ["running", "soon", "soon", "overdue"]
    assert only(DAY(2024, 6, 21)).label == "已逾期1天"
    do(office, lambda tx: extend(tx, notice, DAY(2024, 7, 20), "设备采购", "李局长"))
    now = only()
    assert (now.due_on, now.first_due, now.extended) == (DAY(2024, 7, 20), DAY(2024, 6, 20), True)
    assert "原期限2024年6月20日，经批准延期一次" in now.reasons
    assert only(DAY(2024, 6, 29)).due_on == DAY(2024, 6, 20), "the day before it was granted it was not"
    assert Notice.get().extended_by == "李局长"
    with pytest.raises(Refused, match="只能延期一次"):
        do(office, lambda tx: extend(tx, notice, DAY(2024, 8, 20), "再延", "李局长"))


def test_an_extension_needs_its_approval(office: Office) -> None:
    notice = office.issued()
    with pytest.raises(CheckFailed) as caught:
        do(office, lambda tx: extend(tx, notice, DAY(2024, 6, 25), "", ""))
    assert {p.field for p in caught.value.problems} == {"extended_to", "extended_by", "extension_reason"}


def test_the_working_days_are_told(office: Office) -> None:
    office.issued(due_on=DAY(2024, 7, 12))
    now = only()
    assert (now.days_left, now.working_left) == (12, 10)
    assert "2024年6月30日次日至2024年7月12日共10个工作日" in now.reasons
    office.save(Holiday, {"day": DAY(2024, 7, 3), "kind": "off", "name": "停电"})
    assert only().working_left == 9
    assert any("7月3日（停电）" in reason for reason in only().reasons)


def test_one_visit_settles_all_that_is_open_at_a_place(office: Office) -> None:
    place, people = office.enterprise(), office.officers()
    notice = office.issued(inspection=office.inspection(place, findings=3))
    do(office, lambda tx: serve(tx, notice, DAY(2024, 6, 6), "direct", "王五"))
    alone = finding(office, place=place, due_on=DAY(2024, 6, 25))
    first, second, third = (row.finding_id for row in notice.finding_rows)
    outcomes = {first: ("corrected", ""), second: ("partly", "还差一处"), third: ("not", ""), alone.id: ("not", "")}
    told = do(office, lambda tx: recheck(tx, DAY(2024, 6, 18), people, outcomes, close=True))
    assert told == [f"已登记复查 {notice.number}", "已登记1处隐患的复核"]
    by_kind = {m.kind: m for m in matters(TODAY)}
    assert by_kind["notice"].state == "partly"
    assert [item.open for item in by_kind["notice"].items] == [False, True, True]
    assert by_kind["notice"].items[1].checked.note == "还差一处"  # type: ignore[union-attr]
    assert by_kind["finding"].items[0].checked.outcome == "not"  # type: ignore[union-attr]
    left = {i.id: ("corrected", "") for m in by_kind.values() for i in m.open_items}
    told = do(office, lambda tx: recheck(tx, DAY(2024, 6, 28), people, left, close=True))
    assert f"{notice.number}已销号" in told[0]
    assert matters(TODAY) == []
    assert len(matters(DAY(2024, 6, 27))) == 2, "the day before it was still open"
    assert Reinspection.live().count() == 2
    assert Finding.get_by_id(first).resolved_on == DAY(2024, 6, 18), "what was corrected before keeps its day"
    assert Finding.get_by_id(alone.id).checked_by == "、".join(["示例甲" + p for p in _numbers(people)])


def _numbers(people: list[int]) -> list[str]:
    from models.organization import Officer

    return [Officer.get_by_id(key).name.removeprefix("示例甲") for key in people]


def test_a_recheck_names_what_is_missing(office: Office) -> None:
    notice = office.issued()
    keys, people = [row.finding_id for row in notice.finding_rows], office.officers()
    with pytest.raises(CheckFailed) as caught:
        do(office, lambda tx: recheck(tx, None, people[:1], {}))
    assert {p.field for p in caught.value.problems} == {"inspected_on", "officers", "items"}
    with pytest.raises(CheckFailed, match="没有填写复查结果"):
        do(office, lambda tx: recheck(tx, TODAY, people, {keys[0]: ("corrected", "")}))
    assert Reinspection.live().count() == 0


def test_corrected_but_not_closed_waits(office: Office) -> None:
    notice = office.issued()
    do(office, lambda tx: serve(tx, notice, DAY(2024, 6, 6), "direct", "王五"))
    outcomes, people = {row.finding_id: ("corrected", "") for row in notice.finding_rows}, office.officers()
    do(office, lambda tx: recheck(tx, DAY(2024, 6, 18), people, outcomes))
    assert (only().state, only().group) == ("corrected", "corrected")
    do(office, lambda tx: close_notice(tx, notice, DAY(2024, 6, 20)))
    assert matters(TODAY) == []


def test_a_finding_alone(office: Office) -> None:
    alone = finding(office)
    assert (only().state, only().group, only().label) == ("loose", "undated", "没有期限")
    with pytest.raises(Refused, match="没有填写整改期限"):
        do(office, lambda tx: extend_finding(tx, alone, DAY(2024, 7, 9), "x", "y"))
    alone = office.save(Finding, {"due_on": DAY(2024, 6, 20)}, alone)
    do(office, lambda tx: extend_finding(tx, alone, DAY(2024, 7, 9), "设备未到", "李局长"))
    assert (only().due_on, only().extended) == (DAY(2024, 7, 9), True)
    assert only(DAY(2024, 6, 29)).due_on == DAY(2024, 6, 20)
    with pytest.raises(Refused, match="只能延期一次"):
        do(office, lambda tx: extend_finding(tx, alone, DAY(2024, 8, 9), "x", "y"))
    with pytest.raises(CheckFailed):
        do(office, lambda tx: refer_finding(tx, alone, DAY(2024, 7, 1), ""))
    do(office, lambda tx: refer_finding(tx, alone, DAY(2024, 6, 29), "教体局，校园周边摊点"))
    assert matters(TODAY) == []
    assert len(matters(DAY(2024, 6, 28))) == 1
    assert figure("rectification.findings_referred").ids(DAY(2024, 6, 1), TODAY) == [alone.id]
    assert figure("findings.open").value(TODAY, TODAY) == 0


def test_corrected_on_the_spot(office: Office) -> None:
    alone = finding(office)
    with pytest.raises(CheckFailed):
        do(office, lambda tx: correct_on_spot(tx, alone, " "))
    do(office, lambda tx: correct_on_spot(tx, alone, "当场清理"))
    now = Finding.get_by_id(alone.id)
    assert (now.corrected_on_spot, now.resolved_on, now.measure) == (True, DAY(2024, 6, 3), "当场清理")
    assert matters(DAY(2024, 6, 3)) == []
    with pytest.raises(Refused, match="整改完成"):
        do(office, lambda tx: correct_on_spot(tx, alone, "再来"))


def test_checks_follow_one_another(office: Office) -> None:
    alone = finding(office, due_on=DAY(2024, 6, 20))

    def check(day: int, outcome: str) -> Any:
        values = {"finding": alone.id, "checked_on": DAY(2024, 6, day), "outcome": outcome, "checked_by": "张三"}
        return office.save(FindingCheck, values)

    check(10, "partly")
    assert only().state == "partly"
    last = check(12, "corrected")
    assert Finding.get_by_id(alone.id).resolved_on == DAY(2024, 6, 12)
    do(office, lambda tx: tx.remove(FindingCheck.get_by_id(last.id)))
    assert Finding.get_by_id(alone.id).resolved_on is None, "what stood on the removed one does not stay"
    check(14, "corrected")
    assert matters(TODAY) == []
    with pytest.raises(CheckFailed, match="早于发现日期"):
        office.save(
            FindingCheck,
            {"finding": alone.id, "checked_on": DAY(2024, 6, 1), "outcome": "not", "checked_by": "张三"},
        )


def test_what_was_looked_at_or_extended_was_not_corrected_on_the_spot(office: Office) -> None:
    looked, extended = finding(office, due_on=DAY(2024, 6, 20)), finding(office, due_on=DAY(2024, 6, 20))
    values = {"finding": looked.id, "checked_on": DAY(2024, 6, 10), "outcome": "not", "checked_by": "张三"}
    check = office.save(FindingCheck, values)
    do(office, lambda tx: extend_finding(tx, extended, DAY(2024, 7, 9), "设备未到", "李局长"))
    assert not any("spot" in one.steps for one in matters(TODAY))
    for one in (looked, extended):
        with pytest.raises(Refused, match="不是当场整改"):
            do(office, lambda tx, f=one: correct_on_spot(tx, f, "当场清理"))
    with pytest.raises(CheckFailed, match="不能改到另一处隐患"):
        office.save(FindingCheck, {"finding": extended.id}, check)
    with pytest.raises(CheckFailed, match="原期限不能再改"):
        office.save(Finding, {"due_on": DAY(2024, 8, 1)}, Finding.get_by_id(extended.id))


def test_a_moved_reinspection_moves_the_day_of_correction(office: Office) -> None:
    notice, people = office.issued(), office.officers()
    keys = [row.finding_id for row in notice.finding_rows]
    outcomes = dict.fromkeys(keys, ("corrected", ""))
    for day in (10, 20):
        do(office, lambda tx, d=day: recheck(tx, DAY(2024, 6, d), people, outcomes))
    first = Reinspection.live().order_by(Reinspection.id).first()
    office.save(Reinspection, {"inspected_on": DAY(2024, 6, 14)}, first)
    assert {Finding.get_by_id(key).resolved_on for key in keys} == {DAY(2024, 6, 14)}
    office.save(Reinspection, {"inspected_on": DAY(2024, 6, 25)}, Reinspection.get_by_id(first.id))
    assert {Finding.get_by_id(key).resolved_on for key in keys} == {DAY(2024, 6, 20)}


def test_a_draft_inspection_makes_nothing_repeated(office: Office) -> None:
    place = office.enterprise()
    office.inspection(place, inspected_on=DAY(2024, 5, 6), state="draft")
    office.inspection(place)
    assert not any(one.repeated for one in matters(TODAY))


def test_a_notice_of_a_finding_takes_it_over(office: Office) -> None:
    notice = office.issued()
    key = notice.finding_rows.first().finding_id
    values = {"finding": key, "checked_on": TODAY, "outcome": "corrected", "checked_by": "张三"}
    with pytest.raises(CheckFailed, match="请在通知书登记复查"):
        office.save(FindingCheck, values)
    for step in (
        lambda tx: correct_on_spot(tx, Finding.get_by_id(key), "x"),
        lambda tx: refer_finding(tx, Finding.get_by_id(key), TODAY, "x"),
        lambda tx: extend_finding(tx, Finding.get_by_id(key), TODAY, "x", "y"),
    ):
        with pytest.raises(Refused, match="请在那份通知书上办理"):
            do(office, step)


def test_drafts_void_and_referred_notices(office: Office) -> None:
    office.notice()
    drafted = matters(TODAY)
    assert {m.state for m in drafted} == {"drafted"}
    assert {m.draft for m in drafted} == {Notice.get().id}
    second = office.issued()
    do(office, lambda tx: refer(tx, second, DAY(2024, 6, 28), "拒不改正"))
    assert second.id not in {m.id for m in matters(TODAY) if m.kind == "notice"}
    assert second.id in {m.id for m in matters(DAY(2024, 6, 27)) if m.kind == "notice"}


def test_a_draft_inspection_is_not_yet_found(office: Office) -> None:
    office.inspection(state="draft")
    assert matters(TODAY) == []


def test_repeated_findings_are_flagged_until_the_period_is_changed(office: Office) -> None:
    place = office.enterprise()
    office.inspection(place, inspected_on=DAY(2023, 7, 3))
    office.issued(inspection=office.inspection(place))
    now = next(m for m in matters(TODAY) if m.kind == "notice")
    assert now.repeated
    assert all("2023年7月3日已发现过（问题描述相同，当时尚未改正）" in item.repeated for item in now.items)
    assert figure("rectification.repeated").value(DAY(2024, 1, 1), TODAY) == 2
    row = Threshold.live().where(Threshold.code == "repeat_months").get()
    office.save(Threshold, {"value": 6}, row)
    assert not any(m.repeated for m in matters(TODAY))
    assert figure("rectification.repeated").value(DAY(2024, 1, 1), TODAY) == 0


def test_talks_stand_by_their_matters(office: Office) -> None:
    notice = office.issued()
    values = {
        "enterprise": notice.enterprise_id, "state": "planned", "held_on": DAY(2024, 7, 5),
        "officers": office.officers(1), "notices": [notice.id], "reason": "逾期未改正",
    }  # fmt: skip
    talk = office.save(Talk, values)
    assert only().talks == ((DAY(2024, 7, 5), "planned"),)
    assert not only().talked
    assert figure("talks.total").value(DAY(2024, 6, 1), DAY(2024, 7, 31)) == 0
    with pytest.raises(CheckFailed) as caught:
        office.save(Talk, {"state": "held"}, talk)
    assert {p.field for p in caught.value.problems} == {"held_on", "person", "post", "content"}
    held = {"state": "held", "held_on": DAY(2024, 6, 28), "person": "王五", "post": "legal", "content": "限期改正"}
    office.save(Talk, held, talk)
    assert only().talked
    assert figure("talks.total").value(DAY(2024, 6, 1), TODAY) == 1
    with pytest.raises(CheckFailed, match="不全是这一单位的"):
        office.save(Talk, {**values, "enterprise": office.enterprise().id})


def test_figures_of_what_fell_due(office: Office) -> None:
    """Three notices due on 6/20: corrected on the day, corrected after it, not corrected; one extended beyond."""
    people, notices = office.officers(), [office.issued() for _ in range(4)]
    for notice, day in zip(notices, (20, 21, None, None), strict=True):
        do(office, lambda tx, n=notice: serve(tx, n, DAY(2024, 6, 6), "direct", "王五"))
        if day is not None:
            outcomes = {row.finding_id: ("corrected", "") for row in notice.finding_rows}
            do(office, lambda tx, o=outcomes, d=day: recheck(tx, DAY(2024, 6, d), people, o))
    do(office, lambda tx: extend(tx, notices[3], DAY(2024, 7, 20), "设备", "李局长"))
    period = (DAY(2024, 6, 1), TODAY)
    assert figure("rectification.due").ids(*period) == [n.id for n in notices[:3]]
    assert figure("rectification.on_time").ids(*period) == [notices[0].id]
    assert figure("rectification.overdue").ids(*period) == [notices[1].id, notices[2].id]
    assert figure("rectification.extended").ids(*period) == [notices[3].id]
    assert figure("rectification.on_time_rate").value(*period) * 3 == 1  # type: ignore[operator]
    assert figure("rectification.due").value(DAY(2024, 7, 1), DAY(2024, 7, 31)) == 1


# --- publication -------------------------------------------------------------------------------------------------


def test_publication_by_its_last_day(office: Office) -> None:
    inspection = office.inspection(inspected_on=DAY(2024, 6, 3), findings=0)
    (row,) = unpublished(TODAY)
    assert (row.due_on, row.state) == (DAY(2024, 7, 2), "soon")
    assert "扣除放假1天：6月10日（端午）" in " ".join(row.reasons)
    assert unpublished(DAY(2024, 6, 2)) == []
    for day in (DAY(2024, 6, 2), DAY(2024, 7, 1), None):
        with pytest.raises(CheckFailed):
            do(office, lambda tx, d=day: publish(tx, [inspection.id], d))
    do(office, lambda tx: publish(tx, [inspection.id], DAY(2024, 6, 25)))
    assert unpublished(TODAY) == []
    assert len(unpublished(DAY(2024, 6, 24))) == 1
    period = (DAY(2024, 6, 1), DAY(2024, 7, 2))
    assert figure("publication.due").value(*period) == figure("publication.in_time").value(*period) == 1
    assert figure("publication.due").value(DAY(2024, 6, 1), DAY(2024, 7, 1)) == 0, "not due yet"


def test_late_publication_stays_late(office: Office) -> None:
    inspection = office.inspection(inspected_on=DAY(2024, 5, 6), findings=0)
    do(office, lambda tx: publish(tx, [inspection.id], TODAY))
    period = (DAY(2024, 5, 1), TODAY)
    assert figure("publication.late").ids(*period) == [inspection.id]
    assert figure("publication.rate").value(*period) == 0
    assert [one.value for one in publication_share(TODAY)] == ["0%"], "a rate of nothing is shown too"


def test_no_duty_before_the_order_and_before_the_office_begins(office: Office) -> None:
    office.inspection(inspected_on=DAY(2022, 3, 14), findings=0)
    office.inspection(inspected_on=DAY(2022, 3, 15), findings=0)
    assert [row.inspected_on for row in unpublished(TODAY)] == [DAY(2022, 3, 15)]
    do(office, lambda tx: change_settings(tx, {"publication_from": "2024-01-01"}))
    assert unpublished(TODAY) == []
    assert figure("publication.due").value(DAY(2022, 1, 1), TODAY) == 0


def test_the_period_is_the_tables(office: Office) -> None:
    office.inspection(inspected_on=DAY(2024, 6, 3), findings=0)
    row = Threshold.live().where(Threshold.code == "publication_working_days").get()
    office.save(Threshold, {"value": 5}, row)
    assert unpublished(TODAY)[0].due_on == DAY(2024, 6, 11)
    assert unpublished(TODAY)[0].state == "overdue"


def test_a_day_of_many_years_is_one_question(office: Office) -> None:
    """Ten years hold some 2,500 last days: the figure's condition must not be a chain that deep."""
    office.inspection(inspected_on=DAY(2024, 6, 3), findings=0)
    assert figure("publication.late").value(DAY(2020, 1, 1), DAY(2029, 12, 31)) == 1
    steps = Deadlines().steps(DAY(2024, 1, 1), DAY(2024, 12, 31))
    assert all(a <= b < due for a, b, due in steps)
    assert any_of([Inspection.id == 1]) is not None


@given(st.dates(DAY(2020, 1, 1), DAY(2026, 11, 1)), st.dates(DAY(2020, 1, 1), DAY(2026, 11, 1)))
def test_working_days_left_count_both_ways(one: dt.date, two: dt.date) -> None:
    calendar = WorkCalendar.published()
    left, reasons = working_days_left(calendar, one, two)
    back, _ = working_days_left(calendar, two, one)
    assert left == -back
    assert reasons
    assert abs(left) <= abs((two - one).days)
    assert (left > 0) <= (two > one)


@given(st.dates(DAY(2022, 3, 15), DAY(2026, 10, 1)), st.integers(1, 40))
def test_a_later_result_is_never_due_earlier(formed: dt.date, days: int) -> None:
    calendar = WorkCalendar.published()
    first = publication_due(formed, days, calendar).value
    second = publication_due(formed + dt.timedelta(days=1), days, calendar).value
    assert first <= second
    assert calendar.is_workday(first)
    assert calendar.working_days_between(formed, first).value == days


def test_a_past_day_shows_neither_drafts_nor_talks_arranged_later(office: Office) -> None:
    notice = office.notice()
    place = notice.enterprise_id
    key = notice.finding_rows.first().finding_id
    values = {
        "enterprise": place, "state": "planned", "held_on": DAY(2024, 7, 5), "officers": office.officers(1),
        "findings": [key], "reason": "逾期未改正", "notified_on": DAY(2024, 6, 20),
    }  # fmt: skip
    office.save(Talk, values)
    assert {m.state for m in matters(TODAY, TODAY)} == {"drafted"}
    before = next(m for m in matters(DAY(2024, 6, 19), TODAY) if m.id == key)
    assert (before.state, before.draft, before.talks) == ("loose", None, ())
    after = next(m for m in matters(DAY(2024, 6, 20), TODAY) if m.id == key)
    assert after.talks == ((DAY(2024, 7, 5), "planned"),)


def test_a_finding_extended_before_its_notice_is_not_extended_again(office: Office) -> None:
    inspection = office.inspection()
    first, second = office.findings(inspection)
    office.save(Finding, {"due_on": DAY(2024, 6, 20)}, first)
    do(office, lambda tx: extend_finding(tx, Finding.get_by_id(first.id), DAY(2024, 7, 9), "设备未到", "李局长"))
    notice = office.issued(inspection=inspection, due_on=DAY(2024, 7, 10))
    (one,) = matters(TODAY)
    assert "extend" not in one.steps
    assert "extend" not in desk_of([notice.id])[0].steps
    with pytest.raises(Refused, match=f"“{first.wording}”开具通知书以前已延期至2024-07-09，只能延期一次"):
        do(office, lambda tx: extend(tx, notice, DAY(2024, 7, 20), "再延", "李局长"))
    assert second.extended_to is None


def test_publishing_keeps_what_is_public_and_leaves_drafts(office: Office) -> None:
    public = office.inspection(inspected_on=DAY(2024, 6, 3), findings=0)
    do(office, lambda tx: publish(tx, [public.id], DAY(2024, 6, 10)))
    draft = office.inspection(inspected_on=DAY(2024, 6, 4), findings=0, state="draft")
    fresh = office.inspection(inspected_on=DAY(2024, 6, 5), findings=0)
    found = do(office, lambda tx: publish(tx, [public.id, draft.id, fresh.id, 999_999], DAY(2024, 6, 25)))
    assert found.done == 1
    assert found.left == (
        f"{public.enterprise.name}2024年6月3日的检查已于2024年6月10日公开，日期写错的请在检查记录中改",
        f"{draft.enterprise.name}2024年6月4日的检查还是草稿，请先办结",
        "有一次检查已被移除",
    )
    days = {row.id: row.published_on for row in Inspection.select()}
    assert days == {public.id: DAY(2024, 6, 10), draft.id: None, fresh.id: DAY(2024, 6, 25)}


def test_repeated_findings_of_a_period_are_those_made_in_it(office: Office) -> None:
    place = office.enterprise()
    for day in (DAY(2024, 3, 4), DAY(2024, 4, 8), DAY(2024, 6, 3)):
        office.inspection(place, inspected_on=day)
    query = figure("rectification.repeated").query(DAY(2024, 6, 1), TODAY)  # type: ignore[misc]
    sql, parameters = query.sql()
    mine = [row.id for row in Finding.live().where(Finding.found_on == DAY(2024, 6, 3)).order_by(Finding.id)]
    assert f"({','.join(map(str, mine))})" in sql, "ids are literal: a database binds only so many"
    assert not set(mine) & set(parameters)
    assert figure("rectification.repeated").ids(DAY(2024, 6, 1), TODAY) == mine
