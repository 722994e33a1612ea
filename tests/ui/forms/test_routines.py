"""日管控、周排查、月调度 in the inspection form, training in the staff form: by few keys, nothing lost."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtTest import QTest

from models.enterprise import Enterprise
from models.inspection import Inspection
from models.organization import Officer
from models.routine import RoutineCheck
from models.safety_staff import SafetyStaff, StaffAssessment, StaffTraining
from tests.ui.forms.hands import Hands, Key, Mod, crash

KINDS = ["daily_control", "weekly_review", "monthly_meeting"]


@pytest.fixture
def form(open_form: Any, place: Enterprise, officers: list[Officer]) -> Hands:
    """A new inspection, all filled in but the routines."""
    return open_form(
        "inspections", enterprise=place.id, officers=[o.id for o in officers], result="none", state="done"
    )


def stored() -> list[tuple[str, Any, Any, Any]]:
    rows = RoutineCheck.live().order_by(RoutineCheck.id)
    return [(c.kind, c.present, c.on_time, c.truthful) for c in rows]


def test_lines_put_ready_that_nobody_filled_are_not_stored(form: Hands) -> None:
    lines = form.go("routines")
    assert [row.cells["kind"].value() for row in lines.rows] == KINDS
    form.save()
    assert Inspection.select().count() == 1
    assert stored() == []


def test_one_stroke_fills_what_is_empty(form: Hands) -> None:
    form.go("routines")
    form.enter("否")
    form.press(Key.Key_A, Mod.AltModifier)
    form.save()
    assert stored() == [("daily_control", "no", None, None), *((k, "yes", "yes", "yes") for k in KINDS[1:])]


def test_typing_goes_from_cell_to_cell_and_past_what_is_not_wanted(form: Hands) -> None:
    lines = form.go("routines")
    for word in ("是", "是", "否", "日期后补"):
        form.enter(word)
    assert lines.rows[1].cells["present"].isAncestorOf(form.focused)
    form.enter()  # the weekly review was not looked at
    assert lines.rows[2].cells["present"].isAncestorOf(form.focused)
    form.enter("否")
    form.save()
    assert stored() == [("daily_control", "yes", "yes", "no"), ("monthly_meeting", "no", None, None)]
    assert [c.note for c in RoutineCheck.live()] == ["日期后补", ""]


def test_a_wrong_line_is_told_and_mended(form: Hands) -> None:
    lines = form.go("routines")
    form.enter("否")
    form.enter("是")
    form.save()
    assert Inspection.select().count() == 0
    assert "没有记录的不能填按时开展" in lines.rows[0].problems.texts()[0]
    assert lines.rows[0].cells["on_time"].isAncestorOf(form.focused)
    form.press(Key.Key_A, Mod.ControlModifier)
    form.enter("否")
    form.save()
    assert stored() == [("daily_control", "no", "no", None)]


def test_stored_lines_come_first_and_the_rest_is_ready(open_form: Any, form: Hands) -> None:
    form.go("routines")
    form.press(Key.Key_A, Mod.AltModifier)
    form.save()
    visit = Inspection.get()
    with form.dialog.session.ledger.write("去掉") as tx:
        tx.remove(RoutineCheck.get(RoutineCheck.kind == "weekly_review"))
    again = open_form("inspections", visit.id)
    lines = again.dialog.form.boxes["routines"].editor
    assert [row.cells["kind"].value() for row in lines.rows] == ["daily_control", "monthly_meeting", "weekly_review"]
    assert [row.blank for row in lines.rows] == [False, False, True]


def test_what_was_typed_in_a_ready_line_survives_a_crash(open_form: Any, form: Hands) -> None:
    lines = form.go("routines")
    lines.rows[1].cells["present"].focus_targets()[0].setFocus()
    form.enter("是")
    QTest.qWait(1200)  # the draft is kept once nobody types
    crash(form.dialog)
    again = open_form("inspections")
    again.click(again.dialog.banner.action)
    lines = again.dialog.form.boxes["routines"].editor
    assert sorted((row.cells["kind"].value(), row.blank) for row in lines.rows) == [
        ("daily_control", True), ("monthly_meeting", True), ("weekly_review", False),
    ]  # fmt: skip


def test_training_and_assessment_of_a_person(open_form: Any, place: Enterprise) -> None:
    form = open_form("safety_staff", enterprise=place.id, role="director", name="周示例")
    form.go("trainings")
    editor = form.dialog.form.boxes["trainings"].editor
    form.click(editor.add_button)
    for word in ("3/1", "24", "法律法规", "线上", "示例中心"):
        form.enter(word)
    for word in ("7/1", "16", "操作规范", "线下", ""):
        form.enter(word)
    form.save()
    assert SafetyStaff.select().count() == 0
    assert any("培训日期晚于今天" in text for row in editor.rows for text in row.problems.texts())
    form.press(Key.Key_A, Mod.ControlModifier)
    form.enter("6/1")
    form.save()
    rows = StaffTraining.live().order_by(StaffTraining.id)
    assert [(t.hours, t.mode) for t in rows] == [(24, "online"), (16, "offline")]
    person = SafetyStaff.get()
    again = open_form("safety_staff", person.id)
    lines = again.dialog.form.boxes["assessments"].editor
    again.dialog.area.ensureWidgetVisible(lines.add_button)
    again.click(lines.add_button)
    for word in ("6/2", "监督抽查考核", "58", "不合格", "补训"):
        again.enter(word)
    again.save()
    assert [(a.kind, a.score, a.outcome) for a in StaffAssessment.live()] == [("spot", 58, "failed")]


def test_the_enterprise_form_keeps_what_the_staff_form_stored(open_form: Any, put: Any, place: Enterprise) -> None:
    line = {"held_on": dt.date(2024, 1, 5), "hours": 8, "subject": "示例"}
    put(SafetyStaff, enterprise=place.id, name="周示例", trainings=[line])
    form = open_form("enterprises", place.id)
    lines = form.dialog.form.boxes["staff"].editor
    lines.rows[0].cells["name"].focus_targets()[0].setFocus()
    form.settle()
    form.press(Key.Key_A, Mod.ControlModifier)
    form.enter("吴示例")
    form.save()
    assert SafetyStaff.get().name == "吴示例"
    assert StaffTraining.live().count() == 1
