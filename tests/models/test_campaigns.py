"""Campaigns: frozen targets, what came in and left, progress by township and kind as of any day, figures, proposals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.campaign import Campaign
from models.campaign_figures import find_campaign
from models.campaign_progress import behind, campaign_detail, overdue_view, progress_of
from models.campaign_scope import (
    apply_scope,
    default_day,
    loose_visits,
    plan_scope,
    proposed_campaigns,
    scopes,
    tie_visits,
)
from models.campaign_target import CampaignTarget
from models.campaign_task import make_tasks
from models.core.checks import CheckFailed
from models.core.errors import Conflict, NotFound, Refused
from models.core.figure import FIGURES, figure
from models.core.record import BEGINNING
from models.core.register import Condition, View, register
from models.enterprise import Enterprise
from models.inspection_task import InspectionTask
from models.notice_steps import void
from models.saved_view import save_view, saved_views
from tests.models.conftest import Office

D = dt.date
START = D(2024, 3, 1)
HOME = register("enterprises")


def make(office: Office, name: str = "示例校园专项", **values: Any) -> Any:
    return office.save(Campaign, {"name": name, "starts_on": START, "ends_on": D(2024, 8, 31), **values})


def keep_view(office: Office, name: str = "校园", **parts: Any) -> Any:
    view = View(**parts) if parts else View(presets=("campus",))
    with office.ledger.write("保存视图") as tx:
        save_view(tx, HOME, name, view, ())
    return next(one for one in saved_views(HOME) if one.name == name)


def take(office: Office, campaign: Any, scope: Any = None, day: dt.date = START) -> Any:
    plan = plan_scope(campaign.id, day, scope)
    with office.ledger.write("确定专项对象") as tx:
        apply_scope(tx, plan, [r.enterprise for r in plan.came], [r.enterprise for r in plan.left])
    return plan


def one(campaign: Any, day: dt.date) -> Any:
    return progress_of(day, [campaign.id])[0]


@pytest.fixture
def campus(office: Office) -> Any:
    """A campaign with two canteens and a shop near a school as targets; a caterer elsewhere is none."""
    places = [
        office.enterprise(name="示例甲食堂", category="school_canteen"),
        office.enterprise(name="示例乙食堂", category="kindergarten_canteen", area=office.area("荷塘乡").id),
        office.enterprise(name="示例丙小吃店", key_area="campus"),
        office.enterprise(name="示例丁饭店"),
    ]
    campaign = make(office)
    take(office, campaign, keep_view(office))
    return campaign, places


def change(office: Office, place: Any, on: dt.date, **facts: Any) -> Any:
    return office.save(Enterprise, facts, Enterprise.get_by_id(place.id), effective_on=on)


def test_the_scope_is_frozen_and_changes_are_shown_before_anything_is_written(office: Office, campus: Any) -> None:
    campaign, (canteen, nursery, shop, caterer) = campus
    assert {t.enterprise_id for t in CampaignTarget.live()} == {canteen.id, nursery.id, shop.id}
    change(office, shop, D(2024, 5, 1), status="closed")
    change(office, nursery, D(2024, 5, 2), category="catering")
    change(office, caterer, D(2024, 5, 3), key_area="campus")
    assert one(campaign, D(2024, 6, 1)).targets == 3  # frozen
    plan = plan_scope(campaign.id, D(2024, 6, 1))
    assert [(r.name, r.why) for r in plan.came] == [("示例丁饭店", "重点区域：（空）→校园周边")]
    assert {r.name: r.why for r in plan.left} == {
        "示例丙小吃店": "状态：在营→注销",
        "示例乙食堂": "主体类别：幼儿园食堂→餐饮服务",
    }
    assert (plan.kept, plan.by_hand, plan.words) == (1, 0, "校园及周边")
    with office.ledger.write("范围更新") as tx:
        apply_scope(tx, plan, [caterer.id], [shop.id])  # the nursery is left for later
    assert one(campaign, D(2024, 5, 31)).targets == 3
    assert one(campaign, D(2024, 6, 1)).targets == 3
    names = {r.name for r in campaign_detail(campaign.id, D(2024, 6, 1)).rows}  # type: ignore[union-attr]
    assert names == {"示例甲食堂", "示例乙食堂", "示例丁饭店"}
    assert [r.name for r in plan_scope(campaign.id, D(2024, 6, 1)).left] == ["示例乙食堂"]
    office.ledger.undo()
    assert {t.enterprise_id for t in CampaignTarget.live().where(CampaignTarget.valid_to.is_null())} == {
        canteen.id, nursery.id, shop.id,
    }  # fmt: skip


def test_the_day_decides_who_is_in_the_scope(office: Office) -> None:
    late = office.enterprise(name="示例新店", key_area="campus", opened_on=D(2024, 4, 1))
    gone = office.enterprise(name="示例老店", key_area="campus")
    change(office, gone, D(2024, 2, 1), status="suspended")
    campaign, scope = make(office), keep_view(office)
    assert default_day(campaign, office.today) == START
    plan = plan_scope(campaign.id, START, scope)
    assert (plan.came, plan.idle, plan.first) == ((), 1, True)
    later = plan_scope(campaign.id, D(2024, 5, 1), scope)
    assert [r.enterprise for r in later.came] == [late.id]
    with pytest.raises(Refused, match="2024-08-31结束"):
        plan_scope(campaign.id, D(2024, 9, 1), scope)


def test_before_its_start_the_targets_begin_with_the_campaign(office: Office) -> None:
    office.enterprise(key_area="campus")
    campaign = make(office, starts_on=D(2024, 9, 1), ends_on=None)
    assert default_day(campaign, office.today) == office.today
    take(office, campaign, keep_view(office), office.today)
    assert [t.valid_from for t in CampaignTarget.live()] == [D(2024, 9, 1)]
    assert one(campaign, office.today).state == "future"
    assert one(campaign, D(2024, 9, 1)).targets == 1


def test_a_changed_ledger_refuses_an_old_plan_and_hand_made_targets_stay(office: Office, campus: Any) -> None:
    campaign, (*_targets, caterer) = campus
    old = plan_scope(campaign.id, D(2024, 6, 1))
    office.save(CampaignTarget, {"campaign": campaign.id, "enterprise": caterer.id, "valid_from": D(2024, 5, 1)})
    with pytest.raises(Conflict), office.ledger.write("范围更新") as tx:
        apply_scope(tx, old, [], [])
    plan = plan_scope(campaign.id, D(2024, 6, 1))
    assert (plan.came, plan.left, plan.kept, plan.by_hand) == ((), (), 4, 1)


def test_a_scope_is_a_copy_and_a_view_that_names_what_is_gone_is_refused(office: Office, campus: Any) -> None:
    campaign, _places = campus
    assert [s.name for s in scopes(campaign.id)] == ["校园"]  # the saved view says the same
    keep_view(office, "校园", conditions=(Condition("category", "in", ("school_canteen",)),))
    assert [s.name for s in scopes(campaign.id)] == ["校园", "校园"]
    assert plan_scope(campaign.id, D(2024, 6, 1)).left == ()
    changed = plan_scope(campaign.id, D(2024, 6, 1), scopes(campaign.id)[1])
    assert [r.why for r in changed.left] == ["不再符合范围"] * 2
    broken = saved_views(HOME)[0].__class__(0, "旧", View(), (), ("旧栏目",))
    with pytest.raises(Refused, match="旧栏目"):
        plan_scope(campaign.id, D(2024, 6, 1), broken)
    with pytest.raises(Refused, match="请选一个视图"):
        plan_scope(make(office, "无范围").id, D(2024, 6, 1))


def test_progress_by_township_and_kind_with_goals_and_deadlines(office: Office, campus: Any) -> None:
    campaign, (canteen, nursery, shop, caterer) = campus
    street, village = office.area().id, office.area("荷塘乡").id
    goals = [{"area": village, "places": 1, "visits": 2, "due_on": D(2024, 5, 1)}]
    office.save(Campaign, {"goals": goals, "goal_visits": 5, "due_on": D(2024, 6, 15)}, Campaign.get_by_id(campaign.id))
    made = office.inspection(canteen, 3, inspected_on=D(2024, 4, 2), campaigns=[campaign.id])
    office.inspection(canteen, 0, inspected_on=D(2024, 5, 2), campaigns=[campaign.id])
    office.inspection(caterer, 0, inspected_on=D(2024, 5, 3), campaigns=[campaign.id])  # no target
    office.inspection(shop, 0, inspected_on=D(2024, 5, 3))  # not for the campaign
    office.inspection(nursery, 0, inspected_on=D(2024, 5, 9), campaigns=[campaign.id])  # late
    issued = office.issued(inspection=made, on=D(2024, 4, 3))
    april, june = one(campaign, D(2024, 4, 30)), one(campaign, D(2024, 6, 20))
    assert (april.covered, april.overdue, april.visits, april.findings, april.notices) == (1, 0, 1, 3, 1)
    assert one(campaign, D(2024, 5, 8)).overdue == 1  # the township's own deadline
    assert (june.targets, june.covered, june.late, june.overdue, june.remaining) == (3, 2, 1, 1, 1)
    assert (june.visits, june.visit_rate, june.rate) == (4, 4 / 5, 2 / 3)
    detail = campaign_detail(campaign.id, D(2024, 6, 20))
    assert detail is not None
    shares = {s.key: (s.targets, s.covered, s.overdue, s.visits, s.goal_places) for s in detail.townships}
    assert shares == {street: (2, 1, 1, 3, None), village: (1, 1, 0, 1, 1)}
    kinds = {s.label: (s.targets, s.covered) for s in detail.categories}
    assert kinds == {"学校食堂": (1, 1), "幼儿园食堂": (1, 1), "餐饮服务": (1, 0)}
    assert [(r.name, r.state, r.visits) for r in detail.rows] == [
        ("示例丙小吃店", "overdue", 0),
        ("示例甲食堂", "covered", 2),
        ("示例乙食堂", "covered", 1),
    ]
    with office.ledger.write("作废", final=True) as tx:
        void(tx, issued, "示例")
    assert one(campaign, D(2024, 6, 20)).notices == 0


def test_figures_of_one_campaign_and_of_all_agree_with_progress(office: Office, campus: Any) -> None:
    campaign, (canteen, nursery, *_rest) = campus
    other = make(office, "示例餐饮专项", starts_on=D(2024, 5, 1))
    office.save(CampaignTarget, {"campaign": other.id, "enterprise": canteen.id, "valid_from": D(2024, 5, 1)})
    office.issued(
        inspection=office.inspection(canteen, 2, inspected_on=D(2024, 5, 6), campaigns=[campaign.id, other.id]),
        on=D(2024, 5, 7),
    )
    office.inspection(nursery, 1, inspected_on=D(2024, 6, 5), campaigns=[campaign.id])
    day = D(2024, 6, 30)
    for which in (campaign, other):
        told = one(which, day)
        names = ("targets", "covered", "remaining", "visits", "findings", "resolved", "notices")
        for name in names:
            found = figure(f"campaign.{name}:{which.id}")
            view = behind(f"campaign.{name}", which.id, day)
            assert found.value(BEGINNING, day) == getattr(told, name), name
            assert register(found.register).count(view, day) == getattr(told, name), name
            assert found.unit in ("户", "家次", "处", "份")
            assert found.rule.endswith("。")
        assert float(figure(f"campaign.coverage_rate:{which.id}").value(BEGINNING, day) or 0) == told.rate
        assert register("campaign_targets").count(overdue_view(which.id, day), day) == told.overdue
    half = D(2024, 1, 1), day
    assert figure("campaign.targets").value(*half) == 4
    assert figure("campaign.covered").value(*half) == 3
    assert figure("campaign.findings").value(*half) == 3  # an inspection for two campaigns counts once
    assert figure("inspections.campaign").value(*half) == 2
    assert figure("campaign.notices").value(*half) == 1
    assert figure("campaign.count").value(D(2024, 7, 1), D(2024, 7, 31)) == 2  # the seeded ones have ended
    assert figure("campaign.visits:示例校园专项").value(*half) == 2
    assert not any(":" in name for name in FIGURES)


def test_a_new_ledger_begins_with_the_campaigns_of_the_published_report(office: Office) -> None:
    names = {one.name for one in Campaign.live()}
    assert len(names) == 14
    assert {"大米专项", "野生蘑菇中毒防控专项", "排查“生鲜灯”专项整治行动"} < names
    assert all(one.note.endswith("待核") for one in Campaign.live())
    assert {told.state for told in progress_of(D(2026, 11, 24))} == {"ended"}


@pytest.fixture
def no_seeds(office: Office) -> None:
    with office.ledger.write("移除") as tx:
        for one in Campaign.live():
            tx.remove(one)


@pytest.mark.usefixtures("no_seeds")
def test_campaigns_are_found_by_name_and_namesakes_are_listed(office: Office) -> None:
    make(office, "2023年大米专项", starts_on=D(2023, 3, 1), ends_on=D(2023, 6, 1))
    rice = make(office, "大米专项")
    assert find_campaign("大米专项").id == rice.id
    assert find_campaign("2023年大米").name == "2023年大米专项"
    with pytest.raises(NotFound) as none:
        find_campaign("山茶油")
    assert none.value.advice == "现有：大米专项、2023年大米专项"
    with pytest.raises(NotFound) as several:
        find_campaign("大米")
    assert "大米专项/2024、2023年大米专项/2023" in several.value.advice
    again = make(office, "大米专项", starts_on=D(2025, 3, 1), ends_on=None)
    assert find_campaign("大米专项/2025").id == again.id


def test_an_inspection_of_a_target_within_the_period_is_proposed_its_campaigns(office: Office, campus: Any) -> None:
    campaign, (canteen, _nursery, _shop, caterer) = campus
    second = make(office, "示例二", starts_on=D(2024, 2, 1), ends_on=D(2024, 5, 31))
    office.save(
        CampaignTarget,
        {"campaign": second.id, "enterprise": canteen.id, "valid_from": D(2024, 2, 1), "valid_to": D(2024, 4, 30)},
    )
    assert proposed_campaigns(canteen.id, D(2024, 3, 5)) == [second.id, campaign.id]
    assert proposed_campaigns(canteen.id, D(2024, 5, 1)) == [campaign.id]  # left the second
    assert proposed_campaigns(canteen.id, D(2024, 9, 1)) == []
    assert proposed_campaigns(canteen.id, D(2024, 2, 29)) == [second.id]
    assert proposed_campaigns(caterer.id, D(2024, 3, 5)) == []


def test_inspections_of_targets_that_were_not_tied_can_be_tied_later(office: Office, campus: Any) -> None:
    campaign, (canteen, nursery, _shop, caterer) = campus
    wanted = office.inspection(canteen, 2, inspected_on=D(2024, 4, 2))
    office.inspection(nursery, 0, inspected_on=D(2024, 4, 3), campaigns=[campaign.id])
    office.inspection(caterer, 0, inspected_on=D(2024, 4, 3))
    office.inspection(canteen, 0, inspected_on=D(2024, 2, 2))
    office.inspection(canteen, 0, inspected_on=D(2024, 6, 2), state="draft", result=None)
    assert [(v.inspection, v.findings) for v in loose_visits(campaign.id, office.today)] == [(wanted.id, 2)]
    with office.ledger.write("归入专项") as tx:
        assert tie_visits(tx, campaign.id, [wanted.id, wanted.id]) == 1
        assert tie_visits(tx, campaign.id, [wanted.id]) == 0
    assert loose_visits(campaign.id, office.today) == []
    assert one(campaign, office.today).covered == 2
    office.ledger.undo()
    assert one(campaign, office.today).covered == 1


BAD = (
    ({"starts_on": D(2024, 3, 1), "ends_on": D(2024, 2, 1)}, "ends_on", "error"),
    ({"due_on": D(2024, 2, 1)}, "due_on", "error"),
    ({"due_on": D(2024, 9, 2)}, "due_on", "warning"),
    ({"goal_places": 3, "goals": [{"places": 2}]}, "goal_places", "warning"),
    ({"goals": [{"places": 2}, {"places": 3}]}, "goals[1].area", "error"),
    ({"goals": [{}]}, "goals[0].places", "error"),
    ({"goals": [{"places": 1, "due_on": D(2024, 2, 1)}]}, "goals[0].due_on", "error"),
)


@pytest.mark.parametrize(("values", "field", "severity"), BAD, ids=[f"{f}-{s}" for _v, f, s in BAD])
def test_a_campaign_that_cannot_be_right_is_refused_at_the_field(
    office: Office, values: dict[str, Any], field: str, severity: str
) -> None:
    if "goals" in values:
        values = values | {"goals": [{"area": office.area().id, **line} for line in values["goals"]]}
    with pytest.raises(CheckFailed) as failed:
        make(office, **values) if severity == "error" else office.save(
            Campaign, {"name": "示例", "starts_on": START, "ends_on": D(2024, 8, 31), **values}, waivers={}
        )
    assert (field, severity) in {(p.field, p.severity) for p in failed.value.problems}


def test_a_target_is_refused_twice_outside_the_period_and_out_of_order(office: Office, campus: Any) -> None:
    campaign, (canteen, *_rest, caterer) = campus

    def refused(**values: Any) -> str:
        with pytest.raises(CheckFailed) as failed:
            office.save(CampaignTarget, {"campaign": campaign.id, "enterprise": caterer.id, **values})
        return failed.value.problems.errors[0].field

    assert refused(enterprise=canteen.id, valid_from=D(2024, 4, 1)) == "enterprise"
    assert refused(valid_from=D(2024, 2, 1)) == "valid_from"
    assert refused(valid_from=D(2024, 9, 1)) == "valid_from"
    assert refused(valid_from=D(2024, 5, 1), valid_to=D(2024, 4, 1)) == "valid_to"
    made = office.save(CampaignTarget, {"campaign": campaign.id, "enterprise": caterer.id})
    assert (made.valid_from, made.source) == (office.today, "hand")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_targets_and_coverage_agree_with_a_replay_of_every_day(office: Office, data: Any) -> None:
    """Whatever is added, taken off and inspected: every day's numbers are those of a count by hand."""
    places = [office.enterprise() for _ in range(4)]
    campaign = make(office, due_on=D(2024, 5, 15))
    days = st.dates(START, D(2024, 6, 30))
    stretches = []
    for place in places:
        begin = data.draw(days)
        end = data.draw(st.none() | st.dates(begin, D(2024, 6, 30)))
        stretches.append((place.id, begin, end))
        values = {"campaign": campaign.id, "enterprise": place.id, "valid_from": begin, "valid_to": end}
        office.save(CampaignTarget, values)
    visits = []
    for _ in range(data.draw(st.integers(0, 5))):
        place, on, tied = data.draw(st.sampled_from(places)), data.draw(days), data.draw(st.booleans())
        office.inspection(place, 0, inspected_on=on, campaigns=[campaign.id] if tied else [])
        if tied:
            visits.append((place.id, on))
    for day in (*data.draw(st.lists(days, min_size=2, max_size=4)), D(2024, 6, 30)):
        held = {p for p, begin, end in stretches if begin <= day and (end is None or end >= day)}
        seen = {p for p, on in visits if on <= day}
        told = one(campaign, day)
        assert (told.targets, told.covered) == (len(held), len(held & seen))
        assert told.overdue == (len(held - seen) if day > D(2024, 5, 15) else 0)
        assert told.visits == sum(on <= day for _p, on in visits)
        assert figure(f"campaign.covered:{campaign.id}").value(BEGINNING, day) == told.covered


def waiting(place: Any) -> dict[int | None, str]:
    """Campaign → the state of its task at a place."""
    rows = InspectionTask.live().where(InspectionTask.enterprise == place.id)
    return {task.campaign_id: task.state for task in rows}


def test_a_place_in_two_campaigns_has_a_task_for_each(office: Office, campus: Any) -> None:
    first, (canteen, nursery, _shop, _caterer) = campus
    second = make(office, "示例米面专项")
    with office.ledger.write("安排") as tx:
        assert make_tasks(tx, first.id, [canteen.id, nursery.id], None) == 2
        assert make_tasks(tx, second.id, [canteen.id], None) == 1
        with pytest.raises(Refused, match="已有这项专项的检查任务"):
            make_tasks(tx, second.id, [canteen.id], None)
        assert make_tasks(tx, second.id, [canteen.id, nursery.id], None) == 1
    assert waiting(canteen) == {first.id: "open", second.id: "open"}
    visit = office.inspection(canteen, 0, inspected_on=office.today, campaigns=[first.id])
    assert waiting(canteen) == {first.id: "done", second.id: "open"}, "made for the first one only"
    with office.ledger.write("归入专项") as tx:
        tie_visits(tx, second.id, [visit.id])
    assert waiting(canteen) == {first.id: "done", second.id: "done"}
    office.inspection(nursery, 0, inspected_on=office.today)
    assert waiting(nursery) == {first.id: "done", second.id: "done"}, "a visit for no campaign completes all, as before"


def test_a_task_of_another_source_names_no_campaign(office: Office, campus: Any) -> None:
    campaign, (canteen, *_rest) = campus
    values = {"enterprise": canteen.id, "source": "risk", "reason": "示例", "campaign": campaign.id,
              "assigned_on": office.today}  # fmt: skip
    with pytest.raises(CheckFailed, match="任务来源不是专项整治"):
        office.save(InspectionTask, values)
    assert office.save(InspectionTask, {**values, "source": "campaign"}).campaign_id == campaign.id
