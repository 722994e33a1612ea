"""What must not go wrong for somebody who sees the form for the first time: nothing silent, nothing out of sight."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from models.area import Area
from models.enterprise import Enterprise, Party
from models.organization import Officer
from tests.ui.forms.conftest import Put
from tests.ui.forms.hands import GOOD_CODE, Hands, Key, Mod, crash
from ui.kit.form_drafts import pending_drafts
from ui.kit.record_dialog import RecordDialog
from ui.kit.session import Session


def is_whole(form: Hands, widget: QWidget) -> bool:
    """Whether a widget is seen from edge to edge in the form's scroll area."""
    view = form.dialog.area.viewport()
    top = widget.mapTo(view, QPoint(0, 0)).y()
    return widget.isVisible() and top >= 0 and top + widget.height() <= view.height()


def test_the_day_of_a_changed_status_is_seen_and_reached_by_enter(open_form: Any, place: Enterprise) -> None:
    form = open_form("enterprises", place.id)
    form.dialog.resize(1000, 560)
    form.settle()
    facts = form.dialog.form.facts
    form.go("status")
    form.type("zx")
    form.settle()
    assert not facts.isVisible(), "nothing is changed while the word is none of the choices"
    form.press(Key.Key_Return)
    assert form.text("status") == "注销"
    assert is_whole(form, facts)
    status = form.dialog.form.boxes["status"]
    gap = facts.mapTo(form.dialog, QPoint(0, 0)).y() - status.mapTo(form.dialog, QPoint(0, 0)).y()
    assert gap < status.height() + 40, "the day stands right under the row of the changed field"
    for _ in range(3):
        if facts.isAncestorOf(form.focused):
            break
        form.press(Key.Key_Return)
    assert facts.isAncestorOf(form.focused)
    targets = form.dialog.form.targets()
    after = targets[targets.index(form.focused) + 1]
    form.enter("6/1")
    assert form.focused is after, "Enter goes on to what follows"
    form.save()
    assert Enterprise.get_by_id(place.id).fact(dt.date(2024, 6, 1)).status == "closed"
    assert Enterprise.get_by_id(place.id).fact(dt.date(2024, 5, 31)).status == "open"


def test_the_strip_goes_when_the_change_is_taken_back(open_form: Any, place: Enterprise) -> None:
    form = open_form("enterprises", place.id)
    form.fill("tier", "C")
    assert form.dialog.form.facts.isVisible()
    form.fill("tier", "D")
    assert not form.dialog.form.facts.isVisible()


@pytest.mark.parametrize("typed", ["xf", "没有的店"])
def test_enter_without_a_match_says_so_and_opens_nothing(open_form: Any, typed: str) -> None:
    form = open_form("enterprises")
    form.go("party")
    form.enter(typed)
    assert not [w for w in form.dialog.findChildren(RecordDialog) if w.isVisible()]
    assert f"没有找到“{typed}”" in form.complaints("party")[0]
    assert form.is_at("party"), "what was typed is to be mended here"
    assert not form.focused.is_open, "the list would hide the message"
    form.press(Key.Key_Down)
    form.press(Key.Key_Down)
    assert form.focused.marked().kind == "new"
    form.press(Key.Key_Tab)
    assert f"没有找到“{typed}”" in form.complaints("party")[0]


def test_enter_before_the_search_is_done_says_it_later(open_form: Any) -> None:
    form = open_form("enterprises")
    form.go("party")
    form.type("xf")
    QTest.keyClick(form.focused, Key.Key_Return)
    form.settle()
    assert "没有找到“xf”" in form.complaints("party")[0]


def test_a_record_made_on_the_way_lets_the_cursor_go_on(open_form: Any) -> None:
    form = open_form("enterprises")
    form.go("party")
    form.type("示例食品店")
    form.settle()
    form.press(Key.Key_Down)
    form.press(Key.Key_Return)
    inner = Hands(next(w for w in form.dialog.findChildren(RecordDialog) if w.isVisible()))
    assert inner.text("name") == "示例食品店"
    inner.fill("uscc", GOOD_CODE)
    inner.save()
    form.settle()
    assert form.text("party") == "示例食品店"
    names = list(form.dialog.form.boxes)
    assert form.is_at(names[names.index("party") + 1])


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("cun", "村（社区）"), ("shequ", "村（社区）"), ("xzjd", "乡镇（街道）"), ("xj", "乡镇（街道）")],
)
def test_a_choice_by_pinyin(open_form: Any, typed: str, shown: str) -> None:
    form = open_form("officials")
    form.go("level")
    form.enter(typed)
    assert form.text("level") == shown


def test_a_word_that_is_no_choice_is_told_on_leaving(open_form: Any) -> None:
    form = open_form("officials")
    form.go("level")
    form.enter("qqq")
    assert "没有“qqq”这一项" in form.complaints("level")[0]


def test_names_that_begin_with_the_letters_come_first(
    open_form: Any, put: Put, party: Party, town: Area
) -> None:
    for name in ("好味来饺子馆", "东门老酒坊", "老街饭店"):
        put(
            Enterprise, name=name, party=party.id, address=f"{name}旁", category="catering", area=town.id, tier="D"
        )  # fmt: skip
    form = open_form("inspections")
    form.go("enterprise")
    form.type("lj")
    form.settle()
    assert next(iter(form.focused.popup.model.items)).text == "老街饭店"


def test_a_new_line_and_the_note_are_seen_whole(open_form: Any, place: Enterprise) -> None:
    form = open_form("enterprises", place.id)
    form.dialog.resize(1000, 480)
    form.settle()
    lines = form.go("staff")
    form.press(Key.Key_Return)
    assert is_whole(form, lines.rows[0])
    form.type("食品安全总监")
    form.settle()
    form.press(Key.Key_Return)
    form.press(Key.Key_Insert)
    assert len(lines.rows) == 2
    assert is_whole(form, lines.rows[1])
    form.dialog.area.verticalScrollBar().setValue(0)
    note = form.dialog.form.boxes["note"].editor.edit
    note.setFocus()
    form.settle()
    assert is_whole(form, note)


def test_down_in_an_empty_finding_lists_the_usual_problems(open_form: Any, place: Enterprise) -> None:
    form = open_form("inspections", enterprise=place.id)
    lines = form.go("findings")
    if not lines.rows:
        form.press(Key.Key_Return)
    wording = lines.rows[0].cells["wording"]
    form.click(wording.edit)
    assert not wording.suggester.is_open
    form.press(Key.Key_Down)
    assert wording.suggester.is_open
    form.press(Key.Key_Down)
    form.press(Key.Key_Return)
    assert wording.value()


def test_a_new_inspection_is_of_today_and_needs_a_result(
    open_form: Any, place: Enterprise, officers: list[Officer]
) -> None:
    form = open_form("inspections")
    assert form.text("inspected_on") == "2024-06-30"
    assert not form.dialog.form.changed
    assert "*" in form.dialog.form.labels["result"].text()
    form.fill("state", "草稿")
    assert "*" not in form.dialog.form.labels["result"].text()


def test_what_a_killed_program_left_is_listed_and_taken_up_by_a_key(
    open_form: Any, session: Session, place: Enterprise
) -> None:
    form = open_form("inspections")
    form.enter("slfd")
    QTest.qWait(1200)
    assert pending_drafts(session.ledger.folder) == [], "a form that is open lost nothing"
    crash(form.dialog)
    damaged = session.ledger.folder / "drafts" / "outreach-3.json"
    damaged.write_text("{", encoding="utf-8")
    (left,) = pending_drafts(session.ledger.folder)
    assert (left.register, left.record_id, left.label) == ("inspections", None, "监督检查：示例饭店")
    again = open_form("inspections")
    again.press(Key.Key_R, Mod.AltModifier)
    assert again.text("enterprise") == "示例饭店"
