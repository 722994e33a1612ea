"""Safety staff with their trainings, and inspections with their routines, from sheets as offices keep them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from models.core.saving import save
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.organization import Officer
from models.routine import RoutineCheck
from models.safety_staff import SafetyStaff, StaffTraining
from tests.models.conftest import Office

HEADS = ["主体", "职务", "姓名", "任命日期", "证书编号", "培训日期", "学时", "培训内容", "方式"]


@pytest.fixture
def place(ledger: Any) -> Enterprise:
    made: Enterprise = Office(ledger).enterprise(name="示例中学食堂", category="school_canteen")
    return made


def test_staff_come_with_their_trainings_and_come_again_unchanged(importing: Any, sheet: Any, place: Any) -> None:
    rows = [
        ["示例中学食堂", "食品安全总监", "周示例", "2023.1.5", "证001", "2024/3/1", "24", "法律法规", "线上"],
        ["示例中学食堂", "食品安全员", "吴示例", "2023-01-05", "", "", "", "", ""],
    ]
    plan = importing.preview(sheet([HEADS, *rows]), "safety_staff")
    assert plan.counts["new"] == 2
    importing.commit(plan)
    person = SafetyStaff.get(SafetyStaff.name == "周示例")
    assert (person.enterprise_id, person.role, person.certificate) == (place.id, "director", "证001")
    assert [(t.held_on, t.hours, t.mode) for t in StaffTraining.live()] == [(dt.date(2024, 3, 1), 24, "online")]
    assert importing.preview(sheet([HEADS, *rows]), "safety_staff").counts["unchanged"] == 2


def test_a_wrong_training_names_its_row_and_column(importing: Any, sheet: Any, place: Any) -> None:
    row = ["示例中学食堂", "食品安全总监", "周示例", "2023.1.5", "", "2024/3/1", "很多", "法律法规", "线上"]
    plan = importing.preview(sheet([HEADS, row]), "safety_staff")
    assert plan.counts["wrong"] == 1
    words = " ".join(str(p) for p in plan.rows[0].reasons)
    assert "学时" in words
    assert "不是数字" in words


def test_routines_come_in_columns_of_their_own(importing: Any, sheet: Any, ledger: Any, place: Any) -> None:
    with ledger.write("登记") as tx:
        for number, name in enumerate(("张示例", "李示例")):
            save(tx, Officer, {"name": name, "certificate": f"示例{number}"})
    heads = ["被检查单位", "检查日期", "检查类型", "检查人员", "检查结果", "状态", "日管控有记录", "日管控按时开展",
             "日管控如实记录", "月调度有记录"]  # fmt: skip
    told = ["是", "是", "否", "否"]
    row = ["示例中学食堂", "2024-06-03", "日常监督检查", "张示例、李示例", "未发现问题", "已完成", *told]
    plan = importing.preview(sheet([heads, row]), "inspections")
    assert plan.counts["new"] == 1, [str(p) for r in plan.rows for p in r.reasons]
    importing.commit(plan)
    assert Inspection.live().count() == 1
    found = [(c.kind, c.present, c.on_time, c.truthful) for c in RoutineCheck.live().order_by(RoutineCheck.id)]
    assert found == [("daily_control", "yes", "yes", "no"), ("monthly_meeting", "no", None, None)]


def test_supply_and_diners_of_a_roster_are_dated_facts(importing: Any, sheet: Any, place: Any) -> None:
    heads = ["主体名称", "经营地址", "供餐方式", "就餐人数"]
    plan = importing.preview(sheet([heads, ["示例中学食堂", place.address, "自营", "620"]]))
    if plan.counts["wrong"]:
        plan = importing.preview(sheet([heads, ["示例中学食堂", place.address, "自营食堂", "620"]]))
    importing.commit(plan)
    state = Enterprise.get_by_id(place.id).fact(importing.ledger.today)
    assert (state.supply_mode, state.diners) == ("own", 620)
