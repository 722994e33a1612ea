"""The year's risk grades in a ledger: scores, what is missing, new ones, conditions, storing, history."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from models.core.checks import CheckFailed
from models.core.errors import Conflict, Refused
from models.core.saving import save
from models.grade_condition import AdjustmentRule, GradeCondition
from models.grade_explaining import explain, explain_stored, missing_text
from models.grade_numbers import allot_numbers, next_numbers
from models.grade_round import apply_round
from models.grading import Graded, grade_year
from models.notice_steps import numbering_findings
from models.number_series import NumberSeries
from models.rating import HygieneRating, RiskAssessment
from models.risk_profile import RiskProfile
from models.rules.scoring import points_text
from models.score_item import ScoreItem
from models.threshold import Threshold, risk_thresholds

DISHES = (
    *("cold_dishes", "cold_perishable", "raw_dishes", "pastries", "pastries_perishable"),
    *("hot_dishes", "hot_perishable", "drinks"),
)
FIRST = dt.date(2020, 1, 1)


def caterer(office: Any, profile: bool = True, **values: Any) -> Any:
    place = office.enterprise(**{"floor_area": Decimal(60), "opened_on": FIRST, **values})
    if profile:
        office.save(
            RiskProfile,
            {"enterprise": place.id, "valid_from": dt.date(2023, 1, 1), **dict.fromkeys(DISHES, 0), "hot_dishes": 20},
        )
    return place


def row_of(office: Any, place: Any, year: int = 2024) -> Graded:
    [row] = grade_year(year, office.today, [place.id]).rows
    return row


def item(name: str) -> Any:
    return ScoreItem.live().where(ScoreItem.name == name).get()


def test_a_score_is_the_sum_of_its_table_rows(office: Any) -> None:
    place = caterer(office)
    office.inspection(place, findings=2)
    row = row_of(office, place)
    static = sum(item(n).points for n in ("餐饮服务", "餐饮场所50平方米以上不足150平方米", "热食1种以上不足50种"))
    dynamic = 2 * item("一般隐患，每处").points
    assert (row.static, row.dynamic, row.score) == (static * 100, dynamic * 100, (static + dynamic) * 100)
    found = grade_year(2024, office.today, [place.id])
    told = explain(found, row)
    assert sum(line.points for line in told.lines) == row.score
    assert told.reasons[0].startswith(f"静态分值{points_text(row.static)}分：餐饮服务")
    assert "本年度监督检查1次" in told.reasons[1]
    assert f"为{row.grade}级" in told.reasons[-1]


@pytest.mark.parametrize("step", [0, 1])
def test_grades_at_the_edges_of_the_table(office: Any, step: int) -> None:
    """The upper score of each grade belongs to it, a hundredth more to the next."""
    place = caterer(office)
    office.inspection(place, findings=1)
    static = row_of(office, place).static or 0
    edges = [(one.grade, one.upper) for one in risk_thresholds() if one.upper is not None]
    for number, (grade, upper) in enumerate(edges):
        minor = item("一般隐患，每处")
        office.save(
            ScoreItem, {"points": upper - Decimal(static) / 100 + Decimal(step) / 100, "most": None}, minor
        )
        row = row_of(office, place)
        assert row.score == int(upper * 100) + step
        assert row.grade == (grade if step == 0 else "ABCD"[number + 1])
    first = Threshold.live().where(Threshold.kind == "risk", Threshold.code == "A").get()
    office.save(Threshold, {"value": Decimal(1)}, first)
    office.save(ScoreItem, {"points": Decimal(0)}, item("一般隐患，每处"))
    assert row_of(office, place).grade == "B"  # the ledger's own table decides


def test_what_is_missing_is_listed_and_not_guessed(office: Any) -> None:
    place = caterer(office, profile=False, floor_area=None)
    office.inspection(place)
    row = row_of(office, place)
    assert (row.static, row.score, row.grade) == (None, None, "")
    assert row.missing == ("floor_area", *DISHES)
    assert missing_text(row) == "缺经营面积、冷食单品数、冷食中易腐单品数等9项"
    told = explain(grade_year(2024, office.today, [place.id]), row)
    assert told.missing[0] == "经营面积没有登记"
    other = caterer(office)
    assert row_of(office, other).missing == ("inspection",)
    assert missing_text(row_of(office, other)) == "本年度未检查"
    found = grade_year(2024, office.today)
    assert {row.id for row in found.lacking} == {place.id, other.id}


def test_a_new_operator_is_graded_by_its_static_score_until_it_is_inspected(office: Any) -> None:
    place = caterer(office, opened_on=dt.date(2024, 2, 1))
    row = row_of(office, place)
    assert row.new
    assert (row.dynamic, row.score) == (None, row.static)
    assert "新开办" in explain(grade_year(2024, office.today, [place.id]), row).reasons[1]
    office.inspection(place, findings=1)
    row = row_of(office, place)
    assert not row.new
    assert row.score == (row.static or 0) + (row.dynamic or 0) > (row.static or 0)


def test_only_the_years_done_inspections_and_their_findings_count(office: Any) -> None:
    place = caterer(office)
    office.inspection(place, findings=3, inspected_on=dt.date(2023, 12, 29))
    office.inspection(place, findings=0, inspected_on=dt.date(2024, 1, 2), state="draft", result=None)
    assert row_of(office, place).missing == ("inspection",)
    office.inspection(place, findings=0, inspected_on=dt.date(2024, 1, 3))
    assert row_of(office, place).dynamic == 0
    assert row_of(office, place, 2023).dynamic == 3 * item("一般隐患，每处").points * 100
    office.inspection(place, findings=1, result="investigate", inspected_on=dt.date(2024, 3, 1))
    more = item("一般隐患，每处").points + item("检查结果为调查处理，每次另加").points
    assert row_of(office, place).dynamic == more * 100


def test_failed_key_items_of_the_checklist_count_besides_their_findings(office: Any) -> None:
    from models.checklist import checklists_for
    from models.checklist_answer import ChecklistAnswer

    place = caterer(office)
    visit = office.inspection(place, findings=1)
    before = row_of(office, place).dynamic or 0
    form = checklists_for("catering", office.today)[0]
    with office.ledger.write("登记") as tx:
        tx.insert(
            ChecklistAnswer, inspection=visit.id, checklist=form.id, passed="", failed="", skipped="", notes="",
            reckoning="", checked=10, key_checked=4, key_failed=2, failed_count=3,
        )  # fmt: skip
    row = row_of(office, place)
    assert (row.dynamic or 0) - before == 2 * item("要点表重点项不符合，每项另加").points * 100
    office.save(ScoreItem, {"measure": "general_failed"}, item("要点表重点项不符合，每项另加"))
    assert (row_of(office, place).dynamic or 0) - before == item("要点表重点项不符合，每项另加").points * 100


def test_the_figures_of_assessments(office: Any) -> None:
    from models.core.figure import figure

    place, other = caterer(office), caterer(office)
    rule = AdjustmentRule.live().where(AdjustmentRule.code == "recall").get()
    for one in (place, other):
        office.inspection(one, findings=0)
    values = {"enterprise": place.id, "year": 2024, "rule": rule.id, "evidence": "示例"}
    office.save(GradeCondition, {**values, "happened_on": dt.date(2024, 5, 1)})
    with office.ledger.write("评定") as tx:
        apply_round(tx, grade_year(2024, office.today), office.today)
    span = (dt.date(2024, 1, 1), dt.date(2024, 6, 30))
    counts = {name: figure(f"risk.{name}").value(*span) for name in ("assessed", "raised", "lowered", "high")}
    assert counts == {"assessed": 2, "raised": 1, "lowered": 0, "high": 0}


def test_conditions_move_the_grade_by_one_step_and_raising_prevails(office: Any) -> None:
    place = caterer(office)
    office.inspection(place, findings=0)
    rules = {rule.code: rule for rule in AdjustmentRule.live()}
    assert sum(rule.direction == "raise" for rule in rules.values()) == 7
    base = row_of(office, place).base

    def meets(code: str) -> Any:
        values = {"enterprise": place.id, "year": 2024, "rule": rules[code].id, "evidence": f"示例〔2024〕{code}号"}
        return office.save(GradeCondition, {**values, "happened_on": dt.date(2024, 5, 1)})

    assert base == "A"
    meets("certified")
    assert row_of(office, place).grade == "A"
    meets("sampling")
    meets("accident")
    row = row_of(office, place)
    assert (row.base, row.grade, row.conditions) == ("A", "B", 3)
    told = explain(grade_year(2024, office.today, [place.id]), row)
    assert rules["sampling"].name in told.reasons[-2]
    assert rules["accident"].name in told.reasons[-2]
    assert told.reasons[-1] == "同时有上调情形，不予下调"
    assert f"{rules['sampling'].name}：示例〔2024〕sampling号" in told.evidence
    assert row_of(office, place, 2023).conditions == 0


def test_a_condition_needs_its_evidence_and_a_rule_of_its_day(office: Any) -> None:
    place, rule = caterer(office), AdjustmentRule.live().first()
    values = {"enterprise": place.id, "year": 2024, "rule": rule.id, "happened_on": dt.date(2024, 5, 1)}
    with pytest.raises(CheckFailed) as caught, office.ledger.write("登记") as tx:
        save(tx, GradeCondition, values)
    assert [p.field for p in caught.value.problems] == ["evidence"]
    office.save(AdjustmentRule, {"valid_to": dt.date(2023, 12, 31)}, rule)
    bad = {**values, "evidence": "示例", "year": 2023}
    with pytest.raises(CheckFailed) as caught, office.ledger.write("登记") as tx:
        save(tx, GradeCondition, bad)
    assert {p.field for p in caught.value.problems} == {"year", "rule"}


def test_risk_factors_hold_from_their_day_until_the_next(office: Any) -> None:
    place = caterer(office)
    office.inspection(place, findings=0, inspected_on=dt.date(2023, 6, 1))
    office.inspection(place, findings=0)
    before = row_of(office, place)
    office.save(
        RiskProfile,
        {"enterprise": place.id, "valid_from": dt.date(2024, 2, 1), **dict.fromkeys(DISHES, 0), "raw_dishes": 9},
    )
    now = row_of(office, place)
    raw = item("生食5种以上").points - item("热食1种以上不足50种").points
    assert (now.static or 0) - (before.static or 0) == raw * 100
    assert row_of(office, place, 2023).static == before.static
    values = {"enterprise": place.id, "valid_from": dt.date(2024, 3, 1), "cold_dishes": 1, "cold_perishable": 2}
    with pytest.raises(CheckFailed, match="冷食中易腐单品数不能多于冷食单品数"), office.ledger.write("登记") as tx:
        save(tx, RiskProfile, values)


def test_a_round_is_stored_as_one_action_and_old_grades_keep_their_arithmetic(office: Any) -> None:
    places = [caterer(office) for _ in range(3)]
    for place in places[:2]:
        office.inspection(place, findings=1)
    found = grade_year(2024, office.today)
    with office.ledger.write("评定") as tx:
        assert apply_round(tx, found, office.today) == 2
    kept = list(RiskAssessment.live().order_by(RiskAssessment.id))
    assert [one.enterprise_id for one in kept] == [place.id for place in places[:2]]
    row = row_of(office, places[0])
    assert (row.stored, row.assessment) == (row.grade, kept[0].id)
    assert (kept[0].static_score + kept[0].dynamic_score) * 100 == row.score
    again = grade_year(2024, office.today)
    assert (again.assessed, again.ready, len(again.lacking)) == (2, [], 1)
    old = explain_stored(kept[0])
    assert old.frozen
    assert old.day == office.today
    assert old.reasons == explain(again, again.rows[0]).reasons
    office.save(ScoreItem, {"points": Decimal(30)}, item("一般隐患，每处"))
    assert explain_stored(kept[0]).lines == old.lines  # by the rules of its day
    changed = grade_year(2024, office.today)
    assert changed.rows[0].score != row.score
    with office.ledger.write("重新评定") as tx:
        assert apply_round(tx, changed, office.today, [places[0].id], again=True) == 1
    assert RiskAssessment.get_by_id(kept[0].id).dynamic_score == 30
    office.ledger.undo()
    office.ledger.undo()
    assert RiskAssessment.get_by_id(kept[0].id).dynamic_score == kept[0].dynamic_score


def test_what_changed_since_the_round_was_reckoned_stops_it(office: Any) -> None:
    place = caterer(office)
    office.inspection(place, findings=0)
    found = grade_year(2024, office.today)
    office.inspection(place, findings=2)
    with pytest.raises(Conflict, match="没有写入"), office.ledger.write("评定") as tx:
        apply_round(tx, found, office.today)
    assert not RiskAssessment.live().exists()


def test_a_year_to_come_and_a_day_without_tables_are_refused(office: Any) -> None:
    with pytest.raises(Refused, match="2025年还没有到"):
        grade_year(2025, office.today)
    with pytest.raises(Refused, match="没有完整的风险等级分值标准"):
        grade_year(2010, office.today)
    office.save(ScoreItem, {"points": Decimal(5)}, item("餐饮服务"))
    for one in Threshold.live().where(Threshold.kind == "risk", Threshold.code == "D"):
        with office.ledger.write("移除") as tx:
            tx.remove(one)
    with pytest.raises(Refused, match="没有完整的风险等级分值标准"):
        grade_year(2024, office.today)


def test_the_seeded_tables_cover_every_value_and_stay_within_forty_points(office: Any) -> None:
    rows = list(ScoreItem.live())
    assert all("待核" in row.source for row in rows)
    from models.grading import grading_tables

    for category, scales in grading_tables(office.today).scales.items():
        most = 0
        for scale in scales:
            points = [row.points for row in (*scale.rows, *(scale.words or {}).values(), scale.other) if row]
            assert None not in scale.points, (category, scale.measure)
            most += max(points)
        assert most <= 4000, category


@pytest.mark.parametrize(
    ("since", "day", "rated"),
    [("permit", 0, "none"), ("permit", -1, "good"), ("accident", 0, "none"), ("accident", -1, "good")],
)
def test_a_caterer_is_not_rated_while_it_waits(office: Any, since: str, day: int, rated: str) -> None:
    """Three months from the permit, six from an accident, as the ledger's periods say; the day after, it is."""
    rated_on = dt.date(2024, 6, 20)
    months = 3 if since == "permit" else 6
    begin = dt.date(2024 if months == 3 else 2023, 3 if months == 3 else 12, 21 + day)
    place = caterer(office, opened_on=begin if since == "permit" else FIRST)
    if since == "accident":
        rule = AdjustmentRule.live().where(AdjustmentRule.code == "accident").get()
        office.save(
            GradeCondition,
            {"enterprise": place.id, "year": 2024, "rule": rule.id, "happened_on": begin, "evidence": "示例调查报告"},
        )
    values = {"enterprise": place.id, "rated_on": rated_on, "score": Decimal("8.0"), "rating": rated}
    with office.ledger.write("登记") as tx:
        save(tx, HygieneRating, values)
    values["rating"] = "good" if rated == "none" else "none"
    with pytest.raises(CheckFailed), office.ledger.write("登记") as tx:
        save(tx, HygieneRating, values)


def test_assessments_are_numbered_in_the_offices_own_series(office: Any) -> None:
    places = [office.enterprise(category="catering") for _ in range(4)]
    made = [
        office.save(
            RiskAssessment,
            {"enterprise": place.id, "year": 2024, "grade": "A", "assessed_on": dt.date(2024, 5, day)},
        )
        for place, day in zip(places, (9, 3, 4, 5), strict=True)
    ]
    office.save(RiskAssessment, {"number": "昌市监风评〔2024〕7号"}, made[0])
    with office.ledger.write("编号") as tx:
        assert allot_numbers(tx, [one.id for one in made[:3]]) == 2
    numbers = [RiskAssessment.get_by_id(one.id).number for one in made]
    assert numbers == ["昌市监风评〔2024〕7号", "昌市监风评〔2024〕8号", "昌市监风评〔2024〕9号", ""]
    with pytest.raises(Refused, match="都有编号"), office.ledger.write("编号") as tx:
        allot_numbers(tx, [made[0].id])
    with pytest.raises(CheckFailed, match="已有编号"):
        office.save(RiskAssessment, {"number": "昌市监风评〔2024〕8号"}, made[3])
    with office.ledger.write("移除") as tx:
        tx.remove(RiskAssessment.get_by_id(made[2].id))
    assert next(next_numbers(2024)) == "昌市监风评〔2024〕10号", "a number once given is not given again"
    assert next(next_numbers(2025)) == "昌市监风评〔2025〕1号"
    office.save(NumberSeries, {"kind": "risk_form", "prefix": "昌市监风评", "year": 2025, "first_serial": 31})
    assert next(next_numbers(2025)) == "昌市监风评〔2025〕31号"
    assert numbering_findings() == []
