"""Cells changed in place: what may be, what text means, checks, doubts, one action and one undo."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cell_plan import plan_cells
from models.cell_store import store_cells
from models.cells import CellEdit, batch_fields, editable_field, is_dated, meaning, why_fixed
from models.clipboard import read_range
from models.core.errors import Conflict, FieldError, KnownError
from models.core.register import register
from models.enterprise import Enterprise
from models.notice import Notice
from models.registers import all_registers

ENTERPRISES = register("enterprises")


def commit(office: Any, plan: Any, reason: str = "", name: str = "enterprises") -> int:
    with office.ledger.write("批量修改") as tx:
        return store_cells(tx, register(name), plan, reason)


@pytest.mark.parametrize("found", all_registers(), ids=lambda r: r.name)
def test_every_column_is_editable_or_says_why(found: Any) -> None:
    for column in found.columns:
        described = editable_field(found, column)
        assert (described is None) or (described.editable and column.path in batch_fields(found))
        if described is None:
            assert why_fixed(found, column)
    if not found.editable:
        assert batch_fields(found) == {}


def test_texts_mean_what_the_form_means() -> None:
    fields, today = batch_fields(ENTERPRISES), dt.date(2024, 6, 30)
    assert meaning(fields["opened_on"], "2024.6.5", today) == dt.date(2024, 6, 5)
    assert meaning(fields["opened_on"], "45448", today) == dt.date(2024, 6, 5)
    assert meaning(fields["chain"], "√", today) is True
    assert meaning(fields["status"], "停业", today) == "suspended"
    with pytest.raises(FieldError, match="丢失"):
        meaning(register("parties").model.described()["uscc"], "9.13602E+17", today)


def test_a_change_of_many_cells_is_one_action_and_one_undo(office: Any) -> None:
    first, second = office.enterprise(), office.enterprise()
    edits = [
        CellEdit(first.id, "phone", "13800000001"),
        CellEdit(first.id, "floor_area", "120"),
        CellEdit(second.id, "phone", "abc"),
        CellEdit(second.id, "address", second.address),
    ]
    plan = plan_cells(ENTERPRISES, edits, office.today)
    assert [c.state for c in plan.cells] == ["change", "change", "wrong", "same"]
    assert plan.cells[1].old == ""
    assert plan.cells[1].new == "120"
    assert plan.cells[2].reason
    assert plan.cells[2].record_label == second.name
    assert plan.records() == [first.id]
    assert list(plan.refused()) == [second.id]
    assert commit(office, plan) == 1
    assert Enterprise.get_by_id(first.id).floor_area == 120
    office.ledger.undo()
    again = Enterprise.get_by_id(first.id)
    assert (again.phone, again.floor_area) == ("", None)


def test_facts_change_from_a_day_and_the_past_stays(office: Any) -> None:
    place = office.enterprise()
    assert is_dated(ENTERPRISES, "status")
    assert not is_dated(ENTERPRISES, "phone")
    day = dt.date(2024, 6, 10)
    plan = plan_cells(ENTERPRISES, [CellEdit(place.id, "status", value="suspended")], office.today, day)
    commit(office, plan)
    place = Enterprise.get_by_id(place.id)
    assert place.fact(dt.date(2024, 6, 9)).status == "open"
    assert place.fact(day).status == "suspended"


def test_a_reference_is_named_by_its_label(office: Any) -> None:
    place = office.enterprise()
    plan = plan_cells(
        ENTERPRISES,
        [CellEdit(place.id, "area", "吕蒙街道"), CellEdit(place.id, "branch", "没有的分局")],
        office.today,
    )
    assert (plan.cells[0].old, plan.cells[0].new) == ("新枫街道", "吕蒙街道")
    assert plan.cells[1].state == "wrong"
    assert "没有的分局" in plan.cells[1].reason


def test_the_records_own_check_marks_the_cell(office: Any) -> None:
    place = office.enterprise()
    plan = plan_cells(ENTERPRISES, [CellEdit(place.id, "name", "")], office.today)
    assert plan.cells[0].state == "wrong"
    assert "请填写" in plan.cells[0].reason
    plan = plan_cells(ENTERPRISES, [CellEdit(place.id, "area", "昌江区")], office.today)
    assert "不是乡镇" in plan.cells[0].reason
    assert not plan.values


def test_a_wrong_cell_does_not_stop_the_others_of_its_row(office: Any) -> None:
    place = office.enterprise()
    edits = [
        CellEdit(place.id, "phone", "不是电话"),
        CellEdit(place.id, "area", "昌江区"),
        CellEdit(place.id, "floor_area", "30"),
    ]
    plan = plan_cells(ENTERPRISES, edits, office.today)
    assert [c.state for c in plan.cells] == ["wrong", "wrong", "change"]
    assert "不是乡镇" in plan.cells[1].reason
    assert "不是乡镇" not in plan.cells[0].reason
    assert plan.values == {place.id: {"floor_area": 30}}


def test_what_may_not_be_changed_is_refused_row_by_row(office: Any) -> None:
    issued, notices = office.issued(), register("notices")
    draft = office.notice()
    edits = [CellEdit(key, "due_on", "2024-07-05") for key in (issued.id, draft.id, 999)]
    plan = plan_cells(notices, edits, office.today)
    assert plan.records() == [draft.id]
    assert "已签发" in plan.refused()[issued.id]
    assert "已不在" in plan.refused()[999]
    commit(office, plan, name="notices")
    assert Notice.get_by_id(draft.id).due_on == dt.date(2024, 7, 5)
    assert Notice.get_by_id(issued.id).due_on != dt.date(2024, 7, 5)


def test_a_doubtful_row_needs_a_reason(office: Any) -> None:
    place = office.enterprise()
    plan = plan_cells(ENTERPRISES, [CellEdit(place.id, "opened_on", "2024-12-01")], office.today)
    assert plan.cells[0].state == "doubtful"
    assert "晚于今天" in plan.cells[0].reason
    assert commit(office, plan) == 0
    assert Enterprise.get_by_id(place.id).opened_on is None
    assert commit(office, plan, "已核对") == 1
    assert Enterprise.get_by_id(place.id).opened_on == dt.date(2024, 12, 1)
    later = plan_cells(ENTERPRISES, [CellEdit(place.id, "phone", "13800000001")], office.today)
    assert later.cells[0].state == "change"  # nobody is asked the same thing twice


def test_a_cell_copies_another_records_value(office: Any) -> None:
    first, second = office.enterprise(phone="13800000001"), office.enterprise()
    plan = plan_cells(
        ENTERPRISES,
        [CellEdit(second.id, "phone", source=first.id), CellEdit(second.id, "party", source=first.id)],
        office.today,
    )
    commit(office, plan)
    second = Enterprise.get_by_id(second.id)
    assert (second.phone, second.party_id) == ("13800000001", first.party_id)


def test_a_record_changed_meanwhile_stops_everything(office: Any) -> None:
    first, second = office.enterprise(), office.enterprise()
    plan = plan_cells(
        ENTERPRISES, [CellEdit(r.id, "phone", "13800000001") for r in (first, second)], office.today
    )
    office.save(Enterprise, {"principal": "示例乙"}, second)
    with pytest.raises(Conflict):
        commit(office, plan)
    assert Enterprise.get_by_id(first.id).phone == ""


def test_two_rows_made_the_same_stop_everything(office: Any) -> None:
    first, second = office.party(), office.party()
    code = "91360202MA35000003"
    found = register("parties")
    edits = [CellEdit(r.id, "uscc", code) for r in (first, second)]
    plan = plan_cells(found, edits, office.today)
    with pytest.raises(KnownError, match="全部没有修改"):
        commit(office, plan, "已核对", "parties")
    assert type(first).get_by_id(first.id).uscc == first.uscc


def test_a_masked_code_pasted_back_changes_nothing(office: Any) -> None:
    person = office.party(kind="person", id_number="360202199003078513")
    found = register("parties")
    masked = batch_fields(found)["id_number"].format(person.id_number)
    assert "*" in masked
    plan = plan_cells(found, [CellEdit(person.id, "id_number", masked)], office.today)
    assert plan.cells[0].state == "same"
    assert not plan.values


def test_a_range_from_the_clipboard() -> None:
    assert read_range("") == []
    assert read_range("甲\t913602000000000011\r\n乙\t\r\n") == [["甲", "913602000000000011"], ["乙", ""]]
    assert read_range('"两\n行"\t"他说""好"""\r\n末\t1\r\n') == [["两\n行", '他说"好"'], ["末", "1"]]


@given(st.lists(st.lists(st.text('甲a1" \n\t,', max_size=5), min_size=2, max_size=2), min_size=1, max_size=4))
def test_a_quoted_range_reads_back(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    assert read_range(out.getvalue()) == rows
