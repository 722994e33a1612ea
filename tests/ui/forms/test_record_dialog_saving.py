"""What happens to what was typed: dated facts, conflicts, Esc, a crash, saving twice, series, input methods."""

import datetime as dt
from typing import Any

from PySide6.QtTest import QTest

from models.area import Area
from models.core.ledger import Ledger
from models.core.saving import save
from models.enterprise import Enterprise, EnterpriseState
from models.inspection import Finding
from models.organization import Officer
from models.outreach import Outreach
from tests.ui.forms.hands import Key, Mod, answer, crash
from ui.kit.session import Session

# --- facts, conflicts, leaving -------------------------------------------------------------------------------------


def test_a_fact_changes_from_its_day_on(open_form: Any, place: Enterprise) -> None:
    form = open_form("enterprises", place.id)
    bar = form.dialog.form.facts
    assert not bar.isVisible()
    form.fill("status", "zx")
    assert form.text("status") == "注销"
    assert bar.isVisible()
    assert "自2024-06-30起状态由“在营”改为“注销”" in bar.sentence.text()
    form.click(bar.editor.edit)
    form.press(Key.Key_A, Mod.ControlModifier)
    form.enter("2024.5.1")
    assert "自2024-05-01起" in bar.sentence.text()
    form.save()
    rows = EnterpriseState.live().order_by(EnterpriseState.valid_from)
    assert [(r.status, r.valid_from, r.valid_to) for r in rows] == [
        ("open", dt.date(1900, 1, 1), dt.date(2024, 4, 30)),
        ("closed", dt.date(2024, 5, 1), None),
    ]


def test_a_choice_is_narrowed_by_another(open_form: Any, put: Any, town: Area) -> None:
    put(Area, name="示例村", level="village", parent=town.id)
    other = Area.get(Area.name == "丽阳镇")
    put(Area, name="示例二村", level="village", parent=other.id)
    form = open_form("enterprises")
    form.fill("area", "鲇鱼山镇")
    form.go("village")
    form.press(Key.Key_F4)
    assert [i.text for i in form.focused.popup.model.items] == ["示例村", "＋ 新建区划…"]
    form.press(Key.Key_Return)
    assert form.text("village") == "示例村"
    form.fill("area", "丽阳镇")
    assert form.text("village") == "", "a village of another township does not stay"


def test_somebody_else_changed_the_record(open_form: Any, ledger: Ledger, place: Enterprise) -> None:
    form = open_form("enterprises", place.id)
    form.fill("principal", "我写的")
    with ledger.write("别处") as tx:
        save(
            tx, Enterprise, {"phone": "13800000000", "principal": "别人写的"}, Enterprise.get_by_id(place.id)
        )
    form.save()
    words = form.dialog.banner.label.text()
    assert "联系电话由“空”改为“13800000000”" in words
    assert "（您填的还在）" in words
    assert (form.text("principal"), form.text("phone")) == ("我写的", "13800000000")
    form.save()
    stored = Enterprise.get_by_id(place.id)
    assert (stored.principal, stored.phone) == ("我写的", "13800000000")


def test_esc_asks_only_where_something_would_be_lost(open_form: Any) -> None:
    form = open_form("outreach")
    form.press(Key.Key_Escape)
    assert not form.is_open
    form = open_form("outreach")
    form.type("校园")
    seen: list[str] = []
    answer("继续填写", seen)
    QTest.keyClick(form.focused, Key.Key_Escape)
    assert seen == ["放弃刚才填写的内容？"]
    assert form.dialog.isVisible()
    assert form.text("topic") == "校园"
    form.settle()
    answer("放弃", seen)
    QTest.keyClick(form.focused, Key.Key_Escape)
    assert len(seen) == 2
    assert not form.is_open


def test_what_was_typed_survives_a_crash(
    open_form: Any, session: Session, place: Enterprise, officers: list[Officer]
) -> None:
    form = open_form("inspections")
    form.enter("slfd")
    form.enter("6/5")
    form.fill("officers", "zsl")
    lines = form.go("findings")
    form.type("地面有积水")
    assert len(lines.rows) == 1
    QTest.qWait(1200)
    crash(form.dialog)
    assert [p.name for p in (session.ledger.folder / "drafts").iterdir()] == ["inspections-new.json"]

    again = open_form("inspections")
    assert again.text("enterprise") == ""
    assert "恢复上次未保存的内容" in again.dialog.banner.action.text()
    again.click(again.dialog.banner.action)
    assert (again.text("enterprise"), again.text("inspected_on")) == ("示例饭店", "2024-06-05")
    assert again.dialog.form.boxes["officers"].editor.chips() == ["张示例"]
    again.fill("officers", "lsl")
    again.fill("result", "ordered")
    again.fill("result", "责令限期改正")
    again.save()
    assert Finding.get().wording == "地面有积水"
    assert list((session.ledger.folder / "drafts").iterdir()) == []


def test_a_draft_nobody_decided_about_is_kept(open_form: Any, session: Session) -> None:
    form = open_form("outreach")
    form.type("第一次")
    QTest.qWait(1200)
    crash(form.dialog)
    second = open_form("outreach")
    second.type("另一场")
    QTest.qWait(1200)
    second.fill("held_on", "今天")
    second.save()
    assert [o.topic for o in Outreach.select()] == ["另一场"]
    third = open_form("outreach")
    third.click(third.dialog.banner.action)
    assert third.text("topic") == "第一次"


# --- saving --------------------------------------------------------------------------------------------------------


def test_pressing_save_twice_saves_once(open_form: Any) -> None:
    form = open_form("outreach")
    form.fill("topic", "校园宣传")
    form.fill("held_on", "今天")
    for _ in range(3):
        QTest.keyClick(form.focused, Key.Key_S, Mod.ControlModifier)
    form.settle()
    assert Outreach.select().count() == 1


def test_a_series_keeps_what_stays_the_same(open_form: Any) -> None:
    form = open_form("outreach")
    form.enter("第一场")
    form.enter("6/5")
    form.enter("教育培训")
    form.press(Key.Key_S, Mod.ControlModifier | Mod.ShiftModifier)
    assert form.dialog.isVisible()
    assert form.is_at("topic")
    assert (form.text("topic"), form.text("held_on"), form.text("kind")) == ("", "2024-06-05", "教育培训")
    form.type("第二场")
    form.save()
    assert [(o.topic, o.held_on, o.kind) for o in Outreach.select()] == [
        ("第一场", dt.date(2024, 6, 5), "training"),
        ("第二场", dt.date(2024, 6, 5), "training"),
    ]


def test_no_shortcut_while_an_input_method_composes(open_form: Any) -> None:
    form = open_form("outreach")
    form.fill("held_on", "今天")
    form.go("topic")
    form.type("校园")
    form.compose("xuan")
    form.save()
    assert Outreach.select().count() == 0
    assert form.dialog.isVisible()
    form.compose("")
    form.save()
    assert Outreach.select().count() == 1


def test_what_follows_is_shown_and_may_be_overwritten(open_form: Any) -> None:
    form = open_form("enterprises")
    form.type("示例小吃店")
    QTest.qWait(500)
    form.settle()
    assert form.text("initials") == "slxcd"
    form.fill("initials", "abc")
    form.fill("name", "另一个店")
    QTest.qWait(500)
    form.settle()
    assert form.text("initials") == "abc"


def test_a_record_that_may_not_be_edited_is_only_shown(
    open_form: Any, ledger: Ledger, place: Enterprise
) -> None:
    with ledger.write("移除") as tx:
        tx.remove(Enterprise.get_by_id(place.id))
    form = open_form("enterprises", place.id)
    assert "已移除" in form.dialog.banner.label.text()
    assert not form.dialog.save_button.isEnabled()
