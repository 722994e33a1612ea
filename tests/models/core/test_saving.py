"""Saving: checks at their field, waivers, the optimistic lock, lines, links, removal and restoration."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from models.core.checks import CheckFailed
from models.core.errors import Conflict, KnownError, Refused
from models.core.saving import save, values_of
from models.core.waivers import Waiver
from models.enterprise import Enterprise, Party, Permit
from models.inspection import Finding, Inspection
from models.organization import Officer
from models.responsibility import Assignment, Official

GOOD, WRONG = "91360202MA35XXXX0R", "913602026620012345"


def problems(info: Any) -> set[tuple[str, str]]:
    return {(p.field, p.rule) for p in info.value.problems}


def plain(office: Any, model: Any, values: dict[str, Any], record: Any = None, **options: Any) -> Any:
    """Save without answering warnings."""
    with office.ledger.write("登记") as tx:
        return save(tx, model, values, record, **options)


def test_a_waiver_is_remembered_until_the_value_changes(office: Any) -> None:
    values = {"name": "示例", "kind": "organization", "uscc": WRONG}
    with pytest.raises(CheckFailed) as info:
        plain(office, Party, values)
    assert info.value.only_warnings
    rules = {p.rule: " 证照如此 " for p in info.value.problems}
    with pytest.raises(CheckFailed):
        plain(office, Party, values, waivers=dict.fromkeys(rules, "  "))
    assert Party.live().count() == 0
    party = plain(office, Party, values, waivers=rules)
    assert [w.reason for w in Waiver.live()] == ["证照如此"]
    plain(office, Party, {"principal": "示例乙"}, party)
    assert Waiver.live().count() == 1
    with pytest.raises(CheckFailed) as info:
        plain(office, Party, {"uscc": "913602026620012346"}, party)
    assert info.value.only_warnings
    office.ledger.undo()
    office.ledger.undo()
    assert Waiver.live().count() == 0


def test_a_malformed_code_is_an_error(office: Any) -> None:
    with pytest.raises(CheckFailed) as info:
        plain(
            office,
            Party,
            {"name": "示例", "kind": "organization", "uscc": "12"},
            waivers={"uscc_format": "x"},
        )
    assert not info.value.only_warnings


def test_two_windows_conflict(office: Any) -> None:
    inspection = office.inspection()
    opened = Inspection.get_by_id(inspection.id)
    lines = values_of(opened, office.today)["findings"]
    office.save(Inspection, {"findings": [*lines, {"wording": "另一窗口加的"}]}, inspection)
    with pytest.raises(Conflict, match="被改过"):
        office.save(Inspection, {"findings": lines}, opened, version=opened.version)
    assert len(office.findings(inspection)) == 3
    finding = office.findings(inspection)[0]
    version = Inspection.get_by_id(inspection.id).version
    office.save(Finding, {"severity": "grave"}, finding)
    assert Inspection.get_by_id(inspection.id).version == version + 1
    with pytest.raises(Conflict), office.ledger.write("改") as tx:
        tx.update(opened, situation="旧的")


def test_saving_lines_gives_back_the_present_version(office: Any) -> None:
    inspection = office.inspection()
    saved = office.save(
        Inspection, {"findings": values_of(inspection, office.today)["findings"][:1]}, inspection
    )
    assert saved.version == Inspection.get_by_id(inspection.id).version
    again = office.save(Inspection, {"situation": "示例"}, saved, version=saved.version)
    assert again.situation == "示例"


def test_what_an_inspection_needs(office: Any) -> None:
    place, officers = office.enterprise(opened_on=dt.date(2020, 1, 1)), office.officers(3)
    good = {
        "enterprise": place.id,
        "inspected_on": dt.date(2024, 6, 3),
        "result": "none",
        "officers": officers[:2],
    }
    left = office.officer(left_on=dt.date(2024, 1, 1)).id
    cases: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
        ({"officers": officers[:1]}, {("officers", "required")}),
        ({"officers": officers[:1] * 2}, {("officers", "required")}),
        ({"officers": [*officers[:2], 999]}, {("officers", "reference")}),
        ({"officers": [officers[0], left]}, {("officers", "left")}),
        ({"enterprise": None}, {("enterprise", "required")}),
        ({"enterprise": 999}, {("enterprise", "reference")}),
        ({"inspected_on": dt.date(2024, 7, 1)}, {("inspected_on", "future")}),
        ({"inspected_on": None}, {("inspected_on", "required")}),
        ({"result": "ordered"}, {("findings", "findings")}),
        ({"result": None}, {("result", "required")}),
        ({"result": "whatever"}, {("result", "value")}),
        ({"findings": [{"wording": "x"}]}, {("result", "findings")}),
        ({"result": "fixed", "findings": [{"wording": " "}]}, {("findings[0].wording", "required")}),
        ({"result": "fixed", "findings": [{"id": 999, "wording": "x"}]}, {("findings[0]", "gone")}),
        ({"started_at": dt.time(9), "ended_at": dt.time(9)}, {("ended_at", "order")}),
    ]
    for change, expected in cases:
        with pytest.raises(CheckFailed) as info:
            plain(office, Inspection, good | change)
        assert problems(info) == expected
    assert Inspection.select().count() == 0
    with pytest.raises(CheckFailed) as info:
        plain(office, Inspection, good | {"inspected_on": dt.date(2019, 6, 3)})
    assert info.value.only_warnings
    assert plain(office, Inspection, good).label() == place.name


def test_what_an_assignment_needs(office: Any) -> None:
    place = office.enterprise(tier="C")
    official = office.official(term_from=dt.date(2023, 1, 1), term_to=dt.date(2024, 12, 31))
    other_area = office.official(area=office.area("丽阳镇").id)
    high = office.official(level="district")
    good = {
        "enterprise": place.id,
        "official": official.id,
        "valid_from": dt.date(2024, 1, 1),
        "valid_to": dt.date(2024, 6, 1),
    }
    cases = [
        ({"valid_to": dt.date(2023, 12, 1)}, {("valid_to", "assignment_order")}),
        ({"valid_to": None}, {("valid_from", "outside_term")}),
        ({"valid_from": dt.date(2022, 1, 1)}, {("valid_from", "outside_term")}),
        ({"official": other_area.id}, {("official", "outside_area")}),
        ({"official": high.id}, {("official", "wrong_level")}),
    ]
    for change, expected in cases:
        with pytest.raises(CheckFailed) as info:
            plain(office, Assignment, good | change)
        assert problems(info) == expected
    plain(office, Assignment, good)
    with pytest.raises(CheckFailed) as info:
        plain(office, Assignment, good | {"valid_from": dt.date(2024, 5, 1)})
    assert problems(info) == {("valid_from", "overlap")}
    with pytest.raises(CheckFailed) as info:
        plain(office, Official, {"term_to": dt.date(2024, 5, 1)}, official)
    assert problems(info) == {("term_to", "assigned")}
    closed = office.enterprise(tier="C", status="closed")
    with pytest.raises(CheckFailed) as info:
        plain(office, Assignment, good | {"enterprise": closed.id})
    assert problems(info) == {("enterprise", "closed")}


def test_the_same_place_twice_is_refused(office: Any) -> None:
    place = office.enterprise()
    same = {
        "party": place.party_id,
        "address": f" {place.address} ",
        "category": "sale",
        "area": office.area().id,
    }
    with pytest.raises(CheckFailed) as info:
        plain(office, Enterprise, {"name": "示例另名", **same})
    assert problems(info) == {("name", "duplicate")}


def test_removing_and_restoring_with_what_belongs_to_it(office: Any) -> None:
    permit = {"kind": "shop", "number": "示例1号"}
    place = office.enterprise(permits=[permit, permit | {"number": "示例2号"}])
    gone = values_of(place, office.today)["permits"]
    place = office.save(Enterprise, {"permits": gone[:1]}, place)
    with office.ledger.write("移除") as tx:
        tx.remove(place)
    assert Permit.live().count() == 0
    with pytest.raises(Refused, match="已移除，不能修改"):
        office.save(Enterprise, {"name": "x"}, place)
    with pytest.raises(CheckFailed) as info:
        plain(office, Finding, {"enterprise": place.id, "found_on": office.today, "wording": "x"})
    assert problems(info) == {("enterprise", "removed")}
    again = office.enterprise(party=place.party_id, address=place.address)
    with pytest.raises(Refused, match="已登记为"), office.ledger.write("恢复") as tx:
        tx.restore(Enterprise.get_by_id(place.id))
    with office.ledger.write("移除") as tx:
        tx.remove(again)
    with office.ledger.write("恢复") as tx:
        tx.restore(Enterprise.get_by_id(place.id))
    assert [p.number for p in Permit.live()] == ["示例1号"], "what was removed before stays removed"
    assert place.fact(office.today).category == "catering"


def test_removal_is_refused_where_others_stand_on_it(office: Any) -> None:
    inspection = office.inspection()
    officer = Officer.get_by_id(values_of(inspection, office.today)["officers"][0])
    for record, words in (
        (inspection.enterprise, "还有"),
        (officer, "还有1条相关的监督检查"),
        (office.area(), "还有"),
    ):
        with pytest.raises(Refused, match=words), office.ledger.write("移除") as tx:
            tx.remove(record)
    with office.ledger.write("移除") as tx:
        tx.remove(Inspection.get_by_id(inspection.id))
    with office.ledger.write("移除") as tx:
        tx.remove(inspection.enterprise)
    with pytest.raises(Refused, match="已移除"), office.ledger.write("恢复") as tx:
        tx.restore(Inspection.get_by_id(inspection.id))


def test_a_constraint_speaks_chinese(office: Any) -> None:
    from models.core.saving import clash_text

    place = office.enterprise()
    row = {
        "enterprise": place.id,
        "valid_from": dt.date(1900, 1, 1),
        "category": "sale",
        "area": office.area().id,
    }
    with pytest.raises(KnownError) as info, office.ledger.write("x") as tx:
        tx.insert(type(place.fact(office.today)), **row)
    assert "主体、自" in clash_text(info.value.__cause__ or info.value)
