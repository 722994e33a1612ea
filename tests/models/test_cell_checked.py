"""Storing a plan repeats no check that still stands, and repeats each one that may not: nothing slips through."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from models import cell_reading
from models.cell_checked import position
from models.cell_plan import plan_cells
from models.cell_store import store_cells
from models.cells import CellEdit, Plan
from models.core.changes import ChangeLog
from models.core.errors import Conflict, KnownError
from models.core.register import register
from models.core.saving import save
from models.enterprise import Enterprise
from models.settings import change_settings
from models.transfer.progress import Cancelled

ENTERPRISES = register("enterprises")


@pytest.fixture
def inspected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Which records are inspected while cells are stored."""
    found: list[Any] = []
    check = Enterprise.check

    def noting(draft: Any, problems: Any) -> None:
        found.append(draft.record.id if draft.record is not None else None)
        check(draft, problems)

    monkeypatch.setattr(Enterprise, "check", noting)
    return found


def commit(office: Any, plan: Plan, reason: str = "") -> int:
    with office.ledger.write("粘贴") as tx:
        return store_cells(tx, ENTERPRISES, plan, reason)


def planned(office: Any, *edits: tuple[Any, str, str]) -> Plan:
    return plan_cells(ENTERPRISES, [CellEdit(e.id, name, text) for e, name, text in edits], office.today)


def test_where_nothing_was_written_no_check_is_repeated(office: Any, inspected: list[Any]) -> None:
    places = [office.enterprise() for _ in range(5)]
    plan = planned(office, *((place, "phone", f"1380000000{n}") for n, place in enumerate(places)))
    del inspected[:]
    assert commit(office, plan) == 5
    assert inspected == []
    assert [Enterprise.get_by_id(p.id).phone for p in places] == [f"1380000000{n}" for n in range(5)]
    assert {Enterprise.get_by_id(p.id).version for p in places} == {2}


def test_facts_too_are_stored_without_another_check(office: Any, inspected: list[Any]) -> None:
    place = office.enterprise()
    plan = planned(office, (place, "status", "停业"), (place, "note", "示例"))
    del inspected[:]
    commit(office, plan)
    assert inspected == []
    assert Enterprise.get_by_id(place.id).fact(office.today).status == "suspended"


def test_after_another_write_every_check_is_repeated(office: Any, inspected: list[Any]) -> None:
    first, second, other = (office.enterprise() for _ in range(3))
    plan = planned(office, (first, "phone", "13800000001"), (second, "phone", "13800000002"))
    with office.ledger.write("改") as tx:
        save(tx, Enterprise, {"note": "别处"}, other)
    del inspected[:]
    assert commit(office, plan) == 2
    assert inspected == [first.id, second.id]


def test_on_another_day_every_check_is_repeated(office: Any, inspected: list[Any]) -> None:
    place = office.enterprise()
    plan = plan_cells(ENTERPRISES, [CellEdit(place.id, "note", "示例")], office.today - dt.timedelta(days=1))
    del inspected[:]
    commit(office, plan)
    assert inspected == [place.id]


def test_a_write_in_the_same_action_has_checks_repeated(office: Any, inspected: list[Any]) -> None:
    place, other = office.enterprise(), office.enterprise()
    plan = planned(office, (place, "note", "示例"))
    with office.ledger.write("粘贴") as tx:
        save(tx, Enterprise, {"note": "先"}, other)
        del inspected[:]
        store_cells(tx, ENTERPRISES, plan)
    assert inspected == [place.id]


def test_two_rows_of_one_paste_cannot_become_the_same_place(office: Any, inspected: list[Any]) -> None:
    first, second, third = (office.enterprise() for _ in range(3))
    party = first.party.name
    plan = planned(
        office,
        (third, "note", "示例"),
        (first, "address", "示例路一号"),
        (second, "address", "示例路一号"),
        (second, "party", party),
    )
    assert not plan.count("wrong")
    del inspected[:]
    before = ChangeLog.select().count()
    with pytest.raises(KnownError, match="同一当事人"):
        commit(office, plan)
    assert inspected == [second.id]
    assert ChangeLog.select().count() == before
    assert Enterprise.get_by_id(third.id).note == ""


def test_a_check_that_asks_the_database_itself_is_repeated(office: Any, inspected: list[Any]) -> None:
    place, other = office.enterprise(), office.enterprise()
    plan = planned(office, (place, "opened_on", "2023-01-05"), (other, "note", "示例"))
    del inspected[:]
    commit(office, plan)
    assert inspected == [place.id]


def test_a_doubt_is_checked_again_and_its_reason_kept(office: Any, inspected: list[Any]) -> None:
    place = office.enterprise()
    plan = planned(office, (place, "opened_on", str(office.today + dt.timedelta(days=9))))
    assert plan.doubts
    del inspected[:]
    assert commit(office, plan) == 0
    assert commit(office, plan, "筹建中") == 1
    assert inspected == [place.id]


def test_a_plan_given_up_can_be_stored_afterwards(office: Any) -> None:
    place = office.enterprise()
    plan = planned(office, (place, "note", "示例"))
    with pytest.raises(Cancelled), office.ledger.write("粘贴") as tx:
        store_cells(tx, ENTERPRISES, plan, progress=lambda done, _total: done == 0)
    assert commit(office, plan) == 1
    assert Enterprise.get_by_id(place.id).note == "示例"


def test_a_record_changed_unseen_is_a_conflict(office: Any) -> None:
    first, second = office.enterprise(), office.enterprise()
    plan = planned(office, (first, "note", "示例"), (second, "note", "示例"))
    with office.ledger.write("旁"):  # nothing is logged, so no action stays
        Enterprise.update(version=7).where(Enterprise.id == second.id).execute()
    with pytest.raises(Conflict, match=second.name):
        commit(office, plan)
    assert Enterprise.get_by_id(first.id).note == ""


def test_the_position_moves_with_each_action_and_day(office: Any) -> None:
    before = position(office.today)
    assert position(office.today) == before
    assert position(office.today + dt.timedelta(days=1)) != before
    office.enterprise()
    assert position(office.today) != before


def test_a_setting_changed_meanwhile_moves_the_position(office: Any) -> None:
    before = position(office.today)
    with office.ledger.write("设置") as tx:
        change_settings(tx, {"office_address": "示例路1号"})
    assert position(office.today) != before


def first_column(index: Any) -> str:
    """The column an index begins with; a server names them in the table's order, so its statement is read."""
    found = re.search(r"\(\s*\"?(\w+)", index.sql or "")
    return found.group(1) if found else index.columns[0]


def test_what_is_kept_is_told_by_the_tables_own_indexes(office: Any) -> None:
    indexes = [index for index in office.ledger.db.get_indexes("enterprise") if index.columns]
    names = {first_column(index) for index in indexes}
    columns = {f.column_name: f.name for f in Enterprise._meta.sorted_fields}
    declared = cell_reading._indexed(Enterprise)
    assert {columns[n] for n in names} - declared <= {"id", "stroke_key", "name_key"}
    assert declared <= {columns[n] for n in names} | {"id"}
