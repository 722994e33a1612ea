"""From an office's own roster into the ledger: what is new, doubtful and wrong, what is stored, undone and stopped."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from models.area import Area
from models.core.changes import Action, ChangeLog
from models.core.errors import FieldError, KnownError
from models.core.register import View, register
from models.core.saving import lines_of, save
from models.core.waivers import Waiver
from models.enterprise import Enterprise, Party, Permit
from models.inspection import Inspection
from models.organization import Officer
from models.rules.identifiers import make_jy, make_sc, make_uscc
from models.safety_staff import SafetyStaff
from models.transfer.mapping import learn, learn_value, match_headers
from models.transfer.progress import Cancelled
from models.transfer.wrong_rows import wrong_rows_xlsx

HEADS = [
    "序号",
    "名称",
    "信用代码",
    "许可证号",
    "有效期至",
    "地址",
    "乡镇街道",
    "业态",
    "负责人",
    "电话",
    "状态",
    "食品安全员",
]


def row(n: int, **changes: Any) -> list[Any]:
    values = {
        "序号": n,
        "名称": f"示例{n}号餐饮店",
        "信用代码": make_uscc(n),
        "许可证号": make_jy(2, "360202", n),
        "有效期至": "2027.6.5",
        "地址": f"示例路{n}号",
        "乡镇街道": "新枫街道",
        "业态": "餐饮",
        "负责人": "张三",
        "电话": 13979801234,
        "状态": "正常",
        "食品安全员": "李甲、李乙",
    }
    return list((values | changes).values())


def roster(sheet: Any, *rows: list[Any], **options: Any) -> Path:
    path: Path = sheet([HEADS, *rows], **options)
    return path


def test_a_plain_roster_becomes_enterprises_parties_permits_and_staff(importing: Any, sheet: Any) -> None:
    sc = make_sc(101, "360202", 3)
    plan = importing.preview(roster(sheet, row(1), row(2, 许可证号=sc)))
    assert plan.counts == {"new": 2, "changed": 0, "unchanged": 0, "doubtful": 0, "wrong": 0}
    assert importing.commit(plan)["new"] == 2
    place = Enterprise.get(Enterprise.name == "示例1号餐饮店")
    state = place.fact(importing.ledger.today)
    assert (state.category, state.status, state.area.name) == ("catering", "open", "新枫街道")
    assert (place.party.name, place.party.uscc, place.party.principal) == (place.name, make_uscc(1), "张三")
    assert place.party.kind == "individual_business"
    assert place.initials == "sl1hcyd"
    [permit] = lines_of(place, Enterprise.described()["permits"])
    assert (permit.kind, permit.valid_until) == ("JY", dt.date(2027, 6, 5))
    assert [(s.name, s.role) for s in SafetyStaff.select().where(SafetyStaff.enterprise == place.id)] == [
        ("李甲", "officer"),
        ("李乙", "officer"),
    ]
    assert Permit.get(Permit.number == sc).kind == "SC"
    found = importing.register().ids(View(search="sl2h"), importing.ledger.today)
    assert len(found) == 1, "found by pinyin"


def test_one_action_with_a_log_of_every_row_and_one_undo(importing: Any, sheet: Any) -> None:
    plan = importing.preview(roster(sheet, row(1), row(2)))
    before = Action.select().count()
    importing.commit(plan)
    assert Action.select().count() == before + 1
    action = Action.select().order_by(Action.id.desc()).get()
    assert {e.table for e in action.entries} == {
        "party",
        "enterprise",
        "enterprise_state",
        "permit",
        "safety_staff",
    }
    assert action.entries.where(ChangeLog.table == "enterprise").count() == 2
    importing.ledger.undo()
    for model in (Enterprise, Party, Permit, SafetyStaff):
        assert model.live().count() == 0
    importing.ledger.redo()
    assert Enterprise.live().count() == 2
    assert importing.ledger.check() == []


def test_the_same_file_again_is_unchanged_and_an_edit_is_one_difference(importing: Any, sheet: Any) -> None:
    importing.commit(importing.preview(roster(sheet, row(1), row(2))))
    assert importing.preview(roster(sheet, row(1), row(2))).counts["unchanged"] == 2
    plan = importing.preview(roster(sheet, row(1, 负责人="李四", 有效期至="2029/1/1"), row(2)))
    [changed] = [p for p in plan.rows if p.status == "changed"]
    shown = {(d.label, d.old, d.new) for d in changed.differences}
    assert ("负责人", "张三", "李四") in shown
    assert ("许可证有效期至", "2027-06-05", "2029-01-01") in shown
    importing.commit(plan)
    assert Enterprise.get(Enterprise.name == "示例1号餐饮店").principal == "李四"
    assert Permit.live().count() == 2


def test_a_fact_changes_from_a_day(importing: Any, sheet: Any) -> None:
    importing.commit(importing.preview(roster(sheet, row(1))))
    day = dt.date(2024, 3, 1)
    importing.commit(importing.preview(roster(sheet, row(1, 状态="停业")), effective_on=day))
    place = Enterprise.get()
    assert place.fact(dt.date(2024, 2, 29)).status == "open"
    assert place.fact(day).status == "suspended"


def test_wrong_cells_name_the_column_and_the_mend(importing: Any, sheet: Any) -> None:
    plan = importing.preview(
        roster(
            sheet,
            row(1, 信用代码=9.13602021234568e17),
            row(2, 有效期至="2027.13.5"),
            row(3, 乡镇街道="新枫街办"),
            row(4, 业态="不明"),
            row(5, 名称=None, 信用代码=None),
        )
    )
    assert plan.counts["wrong"] == 5
    texts = ["；".join(map(str, p.reasons)) for p in plan.rows]
    assert "统一社会信用代码" in texts[0]
    assert "后几位已丢失" in texts[0]
    assert "有效期至：没有13月" in texts[1]
    assert "相近的有：新枫街道" in texts[2]
    assert "请从下列中选" in texts[3]
    assert "请填写主体名称" in texts[4]
    with pytest.raises(KnownError, match="第2行不能导入"):
        importing.commit(plan, [2])
    assert importing.commit(plan) == {"new": 0, "changed": 0, "removed": 0, "skipped": 5}


def test_wrong_rows_are_saved_mended_and_imported(importing: Any, sheet: Any, tmp_path: Path) -> None:
    plan = importing.preview(roster(sheet, row(1), row(2, 业态="=不明")))
    importing.commit(plan)
    path = tmp_path / "待改正.xlsx"
    assert wrong_rows_xlsx(plan, path) == 1
    again = importing.preview(path)
    assert again.counts["wrong"] == 1
    assert again.table.rows[0][-1] == "主体类别：" + again.rows[0].reasons[0].message
    with importing.ledger.write("对照") as tx:
        learn_value(tx, register("enterprises"), "category", "=不明", "小餐饮")
    mended = importing.preview(path)
    assert mended.counts["new"] == 1
    importing.commit(mended)
    assert Enterprise.live().count() == 2


def test_likely_duplicates_are_doubtful_with_the_candidate(importing: Any, sheet: Any) -> None:
    importing.commit(importing.preview(roster(sheet, row(1))))
    plan = importing.preview(
        roster(
            sheet,
            row(7, 许可证号=make_jy(2, "360202", 1)),
            row(8, 信用代码=make_uscc(1)),
            row(9, 名称="昌江区示例1号餐饮点", 地址="景德镇市昌江区示例路1号"),
            row(10),
        )
    )
    assert [p.status for p in plan.rows] == ["doubtful", "doubtful", "doubtful", "new"]
    assert "证照编号相同" in str(plan.rows[0].reasons)
    assert "统一社会信用代码相同" in str(plan.rows[1].reasons)
    assert "名称和地址相近" in str(plan.rows[2].reasons)
    place = Enterprise.get()
    assert {c.id for p in plan.rows[:3] for c in p.candidates} == {place.id}
    merged = plan.choose(plan.rows[0].number, record=place.id)
    assert {d.label for d in merged.differences} >= {"主体名称", "经营地址"}
    assert plan.choose(plan.rows[2].number, record=0).status == "new"
    importing.commit(plan, [plan.rows[1].number, plan.rows[2].number])
    assert Enterprise.live().count() == 3
    assert Party.live().where(Party.uscc == make_uscc(1)).count() == 1, "the party of that code is shared"


def test_rows_that_repeat_each_other(importing: Any, sheet: Any) -> None:
    plan = importing.preview(roster(sheet, row(1), row(1, 电话=13979805555)))
    assert [p.status for p in plan.rows] == ["new", "doubtful"]
    assert "与文件第2行相同" in str(plan.rows[1].reasons[0])


def test_an_accepted_warning_is_waived_and_not_asked_again(importing: Any, sheet: Any) -> None:
    code = make_uscc(1)[:-1] + ("0" if make_uscc(1)[-1] != "0" else "1")
    path = roster(sheet, row(1, 信用代码=code))
    plan = importing.preview(path)
    assert plan.counts["doubtful"] == 1
    assert "校验码不符" in str(plan.rows[0].reasons)
    importing.commit(plan, [plan.rows[0].number], reason="执照上就是这样")
    assert [w.reason for w in Waiver.live()] == ["执照上就是这样"]
    assert importing.preview(path).counts["unchanged"] == 1


def test_namesakes_are_asked(importing: Any, sheet: Any) -> None:
    with importing.ledger.write("登记") as tx:
        officers = [save(tx, Officer, {"name": "示例甲", "certificate": f"36020{n}"}) for n in range(2)]
        save(tx, Officer, {"name": "示例乙", "certificate": "360209"})
    importing.commit(importing.preview(roster(sheet, row(1))))
    path = sheet(
        [
            ["检查日期", "单位名称", "检查人员", "检查结果"],
            ["2024/6/3", "示例1号餐饮店", "示例甲、示例乙", "未发现问题"],
        ]
    )
    plan = importing.preview(path, "inspections")
    assert plan.rows[0].status == "doubtful"
    assert [c.path for c in plan.rows[0].candidates] == ["officers", "officers"]
    with pytest.raises(KnownError, match="不能导入"):
        importing.commit(plan, [2])
    chosen = plan.choose(2, cells={"officers": officers[1].id})
    assert chosen.status == "new", chosen.reasons
    importing.commit(plan)
    found = Inspection.get()
    assert [r.officer.certificate for r in found.officer_rows] == ["360201", "360209"]


def test_stopping_writes_nothing(importing: Any, sheet: Any) -> None:
    path = roster(sheet, *[row(n) for n in range(1, 30)])
    with pytest.raises(Cancelled):
        importing.preview(path, progress=lambda done, total: done == 0)
    told: list[tuple[int, int]] = []
    plan = importing.preview(path)
    with pytest.raises(Cancelled):
        importing.commit(plan, progress=lambda done, total: told.append((done, total)) or done == 0)
    assert told[-1][0] > 0
    assert Enterprise.live().count() == 0
    assert importing.ledger.undo_state().undo in ("", "建立台账")
    with pytest.raises(KnownError, match="重新预览"):
        importing.commit(plan)
    assert importing.commit(importing.preview(path))["new"] == 29


def test_headers_are_matched_learned_and_asked(importing: Any) -> None:
    enterprises = register("enterprises")
    found = {
        m.header: m
        for m in match_headers(
            enterprises, ["主体名称 *", "经营 地址（必填）", "负债人", "古怪的列", "联系电话"]
        ).columns
    }
    assert (found["主体名称 *"].path, found["主体名称 *"].how) == ("name", "label")
    assert found["经营 地址（必填）"].path == "address"
    assert found["联系电话"].path == "phone", "its own column goes before the party's"
    assert (found["古怪的列"].how, found["古怪的列"].path) == ("unmatched", "")
    assert "principal" in found["负债人"].options or found["负债人"].path == "principal"
    with importing.ledger.write("对照") as tx:
        learn(tx, enterprises, "古怪的列", "note")
        learn(tx, enterprises, "古怪的列", "principal")
    again = match_headers(enterprises, ["古怪的列"])
    assert (again.columns[0].path, again.columns[0].how) == ("principal", "alias")
    assert match_headers(enterprises, ["古怪的列"]).with_("古怪的列", "备注").columns[0].path == "note"
    with pytest.raises(KnownError, match="没有“无此栏”"):
        again.with_("古怪的列", "无此栏")


def test_a_file_for_another_register_is_refused(importing: Any, sheet: Any) -> None:
    with pytest.raises(KnownError, match="没有一列能对应到"):
        importing.preview(sheet([["甲乙", "丙丁"], ["一", "二"]]))


def test_a_missing_column_filled_for_all(importing: Any, sheet: Any) -> None:
    path = sheet([["名称", "地址", "信用代码", "业态"], ["示例店", "示例路1号", make_uscc(1), "餐饮服务"]])
    assert "乡镇（街道）" in [t.label for t in importing.preview(path).mapping.missing]
    plan = importing.preview(path, fill={"area": "新枫街道"})
    assert plan.counts["new"] == 1
    assert plan.rows[0].values["area"] == Area.get(Area.name == "新枫街道").id


def test_a_value_is_corrected_once_for_all_rows(importing: Any, sheet: Any) -> None:
    rows = [row(n, 业态="小饭桌儿") for n in range(1, 4)]
    plan = importing.preview(roster(sheet, *rows, row(4, 业态="不明"), row(5, 乡镇街道="新枫街办"), row(6)))
    assert plan.counts["wrong"] == 5
    [reason] = plan.rows[0].reasons
    assert (reason.path, reason.written) == ("category", "小饭桌儿")
    assert set(plan.options(reason.path, reason.written)) >= {"小餐饮", "餐饮服务"}
    assert plan.correct("category", "小饭桌儿", "小餐饮") == [0, 1, 2]
    assert (plan.counts["new"], plan.counts["wrong"]) == (4, 2)
    assert plan.rows[0].values["category"] == "small_eatery"
    [place] = plan.rows[4].reasons
    assert (place.path, place.written) == ("area", "新枫街办")
    assert plan.options("area", "新枫街办")[0] == "新枫街道"
    assert plan.correct("area", "新枫街办", "新枫街道") == [4]
    assert plan.rows[4].status == "new"
    with pytest.raises(FieldError, match="从下拉中选"):
        plan.correct("category", "不明", "没有的类别")
    with pytest.raises(Cancelled):
        plan.correct("category", "不明", "小餐饮", lambda done, total: False)
    assert plan.rows[3].status == "wrong", "nothing was taken over"
    assert "不明" not in plan.mapping.values["category"]
    assert importing.commit(plan)["new"] == 5


def test_a_learned_name_stands_for_a_record(importing: Any, sheet: Any) -> None:
    with importing.ledger.write("对照") as tx:
        learn_value(tx, register("enterprises"), "area", "新枫街办", "新枫街道")
        learn_value(tx, register("enterprises"), "category", "小餐饮店", "小餐饮")
    path = roster(sheet, row(1, 乡镇街道=" 新枫街办", 业态="小餐饮店"))
    plan = importing.preview(path)
    assert plan.counts["new"] == 1, plan.rows[0].reasons
    importing.commit(plan)
    assert importing.preview(path).counts["unchanged"] == 1


def test_the_doubtful_are_saved_on_wish_and_what_was_written_is_not(
    importing: Any, sheet: Any, tmp_path: Path
) -> None:
    importing.commit(importing.preview(roster(sheet, row(1))))
    twins = [row(n, 许可证号=make_jy(2, "360202", 1)) for n in (7, 8)]
    plan = importing.preview(roster(sheet, *twins, row(9, 业态="不明")))
    assert plan.counts["doubtful"] == 2
    path = tmp_path / "待改正.xlsx"
    assert wrong_rows_xlsx(plan, path) == 1
    assert wrong_rows_xlsx(plan, path, ("wrong", "doubtful")) == 3
    assert wrong_rows_xlsx(plan, path, ("wrong", "doubtful"), {2}) == 2
    assert "疑似已登记" in importing.preview(path).table.rows[0][-1]
