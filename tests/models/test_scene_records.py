"""Scene records: one an inspection, what a refusal, an absence and a recusal need, what is proposed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from models.core.checks import CheckFailed
from models.inspection import Finding
from models.scene_record import SceneRecord, measures_text, officers_of, scene_of, scene_text, scene_values


def refused(info: Any) -> set[tuple[str, str]]:
    return {(p.field, p.rule) for p in info.value.problems}


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"recusal": "yes"}, {"recusal_reason"}),
        ({"attendance": "principal"}, {"attendee"}),
        ({"attendance": "staff"}, {"attendee"}),
        ({"attendance": "absent"}, {"witness"}),
        ({"attendance": "absent", "attendee": "示例乙", "witness": "示例丙"}, {"attendance"}),
        ({"opinion": "objects"}, {"statement"}),
        ({"opinion": "refused"}, {"refusal_reason", "witness"}),
        ({"attendee_id": "36020219900101123"}, {"attendee_id"}),
    ],
)
def test_what_is_missing_is_said_at_the_field(office: Any, values: dict[str, Any], fields: set[str]) -> None:
    inspection = office.inspection()
    with pytest.raises(CheckFailed) as info:
        office.save(SceneRecord, {"inspection": inspection.id, **values})
    assert {field for field, _rule in refused(info)} == fields
    assert scene_of(inspection.id) is None


@pytest.mark.parametrize("seen", [{"witness": "示例丙"}, {"recorded": True}])
def test_a_refusal_is_witnessed_or_filmed(office: Any, seen: dict[str, Any]) -> None:
    inspection = office.inspection()
    values = {"inspection": inspection.id, "opinion": "refused", "refusal_reason": "不愿签名", **seen}
    made = office.save(SceneRecord, values)
    assert scene_of(inspection.id) == made
    with pytest.raises(CheckFailed, match="已有现场记录"):
        office.save(SceneRecord, {"inspection": inspection.id})


def test_officers_need_certificates(office: Any) -> None:
    bare, ended = office.officer(certificate=""), office.officer(certified_until=dt.date(2024, 6, 2))
    inspection = office.inspection(officers=[ended.id, bare.id])
    assert [one.id for one in officers_of(inspection)] == [ended.id, bare.id]
    with pytest.raises(CheckFailed) as info:
        office.save(SceneRecord, {"inspection": inspection.id})
    assert refused(info) == {("inspection", "certificate")}
    assert bare.name in str(info.value)
    assert ended.name in str(info.value)


def test_only_what_the_inspection_says_is_proposed(office: Any) -> None:
    inspection = office.inspection(situation="后厨正在加工午餐")
    first, second = office.findings(inspection)
    office.save(Finding, {"measure": "责令停用。"}, first)
    office.save(Finding, {"corrected_on_spot": True}, second)
    assert scene_text(inspection) == "后厨正在加工午餐\n现场检查发现：1．示例问题1；2．示例问题2。"
    assert measures_text(inspection) == "1．责令停用；2．当场整改。"
    values = scene_values(inspection.id)
    assert values["place"] == inspection.enterprise.address
    assert set(values) == {"inspection", "place", "scene", "measures"}
    clean = office.inspection(findings=0)
    assert scene_text(clean) == "现场检查未发现问题。"
    assert measures_text(clean) == ""


def test_it_goes_with_its_inspection(office: Any) -> None:
    inspection = office.inspection()
    office.save(SceneRecord, {"inspection": inspection.id})
    with office.ledger.write("移除") as tx:
        tx.remove(type(inspection).get_by_id(inspection.id))
    assert scene_of(inspection.id) is None
