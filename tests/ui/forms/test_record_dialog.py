"""Entry by key and mouse events over a real ledger: fields of every kind, lines, errors and warnings."""

import datetime as dt
from typing import Any

import pytest

from models.area import Area
from models.core.changes import Action
from models.core.waivers import Waiver
from models.enterprise import Enterprise, Party, Permit
from models.inspection import Finding, Inspection
from models.organization import Officer
from models.outreach import Outreach
from models.safety_staff import SafetyStaff
from tests.ui.forms.hands import GOOD_CODE, Hands, Key, Mod
from ui.kit.record_dialog import RecordDialog

# --- entry ---------------------------------------------------------------------------------------------------------


def test_an_enterprise_with_a_new_party(open_form: Any, town: Area) -> None:
    form = open_form("enterprises")
    assert form.is_at("name")
    form.enter("示例小吃店")
    form.type("示例食品店")
    form.settle()
    assert form.focused.marked() is None, "a new record only where somebody asks for it"
    form.press(Key.Key_Down)
    assert form.focused.marked().kind == "new"
    form.press(Key.Key_Return)
    nested = next(w for w in form.dialog.findChildren(RecordDialog) if w.isVisible())
    inner = Hands(nested)
    assert inner.text("name") == "示例食品店"
    inner.fill("uscc", GOOD_CODE.lower())
    assert inner.text("uscc") == GOOD_CODE
    inner.save()
    form.settle()
    assert form.text("party") == "示例食品店"
    assert GOOD_CODE in form.dialog.form.boxes["party"].editor.hint.text()

    form.fill("address", "示例路2号")
    form.fill("category", "cyfw")
    form.fill("area", "nys")
    assert (form.text("category"), form.text("area")) == ("餐饮服务", "鲇鱼山镇")
    form.save()
    stored = Enterprise.get()
    assert (stored.name, stored.party.uscc, stored.fact(dt.date(2024, 6, 30)).area_id) == (
        "示例小吃店",
        GOOD_CODE,
        town.id,
    )
    assert Action.select().order_by(Action.id.desc()).get().kind == "新增主体：示例小吃店"


def test_permits_and_staff_by_keyboard(open_form: Any, place: Enterprise) -> None:
    form = open_form("enterprises", place.id)
    lines = form.go("permits")
    assert len(lines.rows) == 1
    form.enter("小餐饮登记证")
    form.enter("赣小餐饮0001")
    form.enter("热食")
    form.enter("2024.1.2")
    form.enter("2027-1-1")
    assert len(lines.rows) == 2, "Enter at the end of the last line adds one"
    form.enter("小食杂店登记证")
    form.enter("赣小食杂0002")
    for _ in range(3):
        form.enter()
    assert len(lines.rows) == 3
    for _ in range(5):
        form.enter()
    assert len(lines.rows) == 2, "an untouched line goes away and Enter goes on"
    assert form.is_at("staff")
    form.press(Key.Key_Return)
    form.enter("食品安全总监")
    form.enter()
    form.enter("周示例")
    form.enter("13800000000")
    form.save()
    found = Permit.select().where(Permit.enterprise == place.id).order_by(Permit.id)
    assert [(p.kind, p.number, p.issued_on, p.valid_until) for p in found] == [
        ("eatery", "赣小餐饮0001", dt.date(2024, 1, 2), dt.date(2027, 1, 1)),
        ("shop", "赣小食杂0002", None, None),
    ]
    assert [(s.role, s.side, s.name, s.phone) for s in SafetyStaff.select()] == [
        ("director", "own", "周示例", "13800000000")
    ]


def test_a_line_is_taken_out_and_put_back(open_form: Any, place: Enterprise) -> None:
    form = open_form("enterprises", place.id)
    lines = form.go("staff")
    form.enter()
    form.enter()
    form.type("周示例")
    form.press(Key.Key_Delete, Mod.ControlModifier)
    assert lines.rows == []
    assert lines.restore_button.text() == "恢复去掉的行（1）"
    form.click(lines.restore_button)
    assert lines.rows[0].cells["name"].value() == "周示例"
    form.press(Key.Key_Insert)
    assert len(lines.rows) == 2


def test_an_inspection_needs_two_officers(open_form: Any, place: Enterprise, officers: list[Officer]) -> None:
    form = open_form("inspections")
    form.enter("slfd")
    assert form.text("enterprise") == "示例饭店"
    assert form.is_at("inspected_on")
    form.enter("6/5")
    form.enter("930")
    form.enter("10点半")
    assert (form.text("inspected_on"), form.text("started_at"), form.text("ended_at")) == (
        "2024-06-05",
        "09:30",
        "10:30",
    )
    form.enter("zx")
    form.enter("zsl")
    assert form.dialog.form.boxes["officers"].editor.chips() == ["张示例"]
    form.fill("result", "zelxq")
    form.fill("result", "责令限期改正")
    lines = form.go("findings")
    form.type("sf")
    form.settle()
    form.press(Key.Key_Return)
    row = lines.rows[0]
    assert row.cells["wording"].value() == "盛放直接入口食品使用有毒或者不清洁的包装材料、容器"
    assert row.cells["legal_basis"].value().startswith("《中华人民共和国食品安全法》")
    assert row.cells["severity"].isAncestorOf(form.focused), "the choice goes on to the next cell to fill"
    form.save()
    assert "检查人员不得少于2人" in form.complaints("officers")[0]
    assert form.is_at("officers")
    assert Inspection.select().count() == 0
    form.enter("lsl")
    form.save()
    inspection = Inspection.get()
    assert (inspection.kind, inspection.result) == ("special", "ordered")
    assert inspection.officer_rows.count() == 2
    finding = Finding.get()
    assert (finding.channel, finding.found_on, finding.enterprise_id) == (
        "special",
        dt.date(2024, 6, 5),
        place.id,
    )
    assert Action.select().order_by(Action.id.desc()).get().kind == "新增监督检查：示例饭店"


def test_a_whole_record_without_the_mouse(open_form: Any) -> None:
    form = open_form("outreach")
    saved: list[int] = []
    form.dialog.saved.connect(saved.append)
    for text in ("校园宣传", "今天", "", "jxy", "示例小学", "cys", "600", "80", "发放倡议书"):
        if text == "发放倡议书":
            form.type(text)
            break
        form.enter(text)
    form.press(Key.Key_Return)
    form.type("第二行")
    form.press(Key.Key_Return, Mod.ControlModifier)
    record = Outreach.get()
    assert saved == [record.id]
    assert (record.topic, record.held_on, record.kind, record.venue, record.place) == (
        "校园宣传",
        dt.date(2024, 6, 30),
        "publicity",
        "campus",
        "示例小学",
    )
    assert (record.material, record.copies, record.people) == ("initiative", 600, 80)
    assert record.note == "发放倡议书\n第二行"
    typed = len("校园宣传今天jxy示例小学cys60080发放倡议书第二行")
    assert form.keys == typed + 8 + 2, (
        "one key a field beside what is typed, one for the new line, one to save"
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2024.6.5", "2024-06-05"),
        ("2024-6-5", "2024-06-05"),
        ("20240605", "2024-06-05"),
        ("6/5", "2024-06-05"),
        ("今天", "2024-06-30"),
        ("+15", "2024-07-15"),
        ("2024年6月5日", "2024-06-05"),
    ],
)
def test_dates_as_a_clerk_writes_them(open_form: Any, typed: str, shown: str) -> None:
    form = open_form("outreach")
    form.fill("held_on", typed)
    assert form.text("held_on") == shown
    assert form.complaints("held_on") == []


def test_a_date_by_calendar_keys_and_mouse(open_form: Any) -> None:
    form = open_form("outreach")
    editor = form.go("held_on")
    form.press(Key.Key_Semicolon, Mod.ControlModifier)
    assert form.text("held_on") == "2024-06-30"
    form.press(Key.Key_Up)
    assert form.text("held_on") == "2024-06-29"
    form.press(Key.Key_F4)
    assert editor.edit.is_open
    form.press(Key.Key_Up)
    form.press(Key.Key_Return)
    assert form.text("held_on") == "2024-06-22"
    assert not editor.edit.is_open
    form.press(Key.Key_F4)
    form.press(Key.Key_Escape)
    assert not editor.edit.is_open
    assert form.is_open, "Esc closes the calendar, not the form"
    form.fill("held_on", "2024.2.30")
    assert form.complaints("held_on") == ["2024年2月30日不存在：2024年2月只有29天"]


# --- errors and warnings -------------------------------------------------------------------------------------------


def test_every_error_is_at_its_field_and_the_first_has_the_cursor(open_form: Any) -> None:
    form = open_form("enterprises")
    form.fill("phone", "12")
    form.fill("opened_on", "2024.6")
    form.save()
    assert form.complaints("name") == ["请填写主体名称"]
    assert "缺少日" in form.complaints("opened_on")[0]
    assert form.complaints("phone")
    assert form.is_at("name")
    assert form.dialog.summary.text().startswith("有7处需要改正：")
    assert form.text("opened_on") == "2024.6", "what was typed stays"
    form.type("示例店")
    assert form.complaints("name") == []


def test_a_doubtful_code_is_saved_with_a_reason_and_remembered(open_form: Any) -> None:
    form = open_form("parties")
    form.fill("name", "示例公司")
    form.go("uscc")
    form.enter("9135 0100 m000100y44")
    assert form.text("uscc") == "91350100M000100Y44"
    assert "校验码不符" in form.complaints("uscc")[0], "shown as soon as the field is left"
    assert form.dialog.form.boxes["uscc"].isAncestorOf(form.focused), (
        "Enter goes on to the box for the reason"
    )
    form.save()
    assert Party.select().count() == 0
    assert "确认无误的填写理由" in form.dialog.summary.text()
    form.type("营业执照原件如此")
    form.save()
    party = Party.get()
    waiver = Waiver.get()
    assert (waiver.row, waiver.reason, waiver.value) == (party.id, "营业执照原件如此", "91350100M000100Y44")

    again = open_form("parties", party.id)
    again.fill("principal", "陈示例")
    again.save()
    assert Party.get().principal == "陈示例", "the same doubt is not asked twice"


def test_a_reason_stays_while_another_error_is_mended(open_form: Any) -> None:
    form = open_form("parties")
    form.go("uscc")
    form.enter("91350100M000100Y44")
    form.type("执照如此")
    form.save()
    assert form.complaints("name") == ["请填写当事人名称"]
    assert form.dialog.form.reasons() == {"uscc_check": "执照如此"}
    form.type("示例公司")
    form.save()
    assert Party.get().name == "示例公司"


def test_a_malformed_code_is_refused(open_form: Any) -> None:
    form = open_form("parties")
    form.fill("name", "示例公司")
    form.fill("uscc", "9135O100M")
    assert "应为18位，现有9位" in form.complaints("uscc")[0]
    form.save()
    assert Party.select().count() == 0
    assert form.is_at("uscc")


def test_a_duplicate_is_told_by_name(open_form: Any, place: Enterprise, town: Area) -> None:
    form = open_form("enterprises")
    form.fill("name", "示例饭店")
    form.fill("party", "示例餐饮有限公司")
    form.fill("address", "示例路1号")
    form.fill("category", "餐饮服务")
    form.fill("area", "鲇鱼山镇")
    form.save()
    assert "已登记为“示例饭店”" in form.complaints("name")[0]
    assert Enterprise.select().count() == 1


def test_errors_of_a_line_are_at_the_line(open_form: Any, place: Enterprise) -> None:
    form = open_form("enterprises", place.id)
    lines = form.go("permits")
    form.enter("食品经营许可证")
    form.type("JY1")
    form.save()
    assert lines.rows[0].problems.texts()[0].startswith("证照编号：")
    assert lines.rows[0].cells["number"].isAncestorOf(form.focused)
