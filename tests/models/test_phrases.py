"""The phrase library: legal bases and the office's own wordings, ranked by own use, found by pinyin initials."""

import datetime as dt
from typing import Any

from models.inspection import Inspection, suggested_wordings
from models.law import bases_for
from models.phrases import phrases

DAY = dt.date(2024, 6, 3)


def test_what_the_office_uses_most_comes_first(office: Any) -> None:
    place, officers = office.enterprise(), office.officers()
    before = phrases(DAY, "catering")
    assert [one.uses for one in before] == [0] * len(before)
    assert [one.text for one in before] == [b.wording for b in bases_for(DAY, "catering")]
    used = before[len(before) // 2]
    own = {"wording": "冰柜结霜严重", "legal_basis": "《示例办法》第三条"}
    for day, findings in (
        (1, [{"wording": f"{used.text}（后厨）", "legal_basis": used.violates}, own]),
        (2, [{"wording": used.text, "legal_basis": used.violates}, own, {"wording": "只写过一次"}]),
        (3, [{"wording": used.text, "legal_basis": used.violates}]),
    ):
        visit = {"enterprise": place.id, "inspected_on": dt.date(2024, 5, day), "kind": "routine", "result": "ordered"}
        office.save(Inspection, {**visit, "officers": officers, "findings": findings})
    found = phrases(DAY, "catering")
    assert [(one.text, one.uses) for one in found[:2]] == [(used.text, 3), ("冰柜结霜严重", 2)]
    assert "只写过一次" not in [one.text for one in found]
    assert "冰柜结霜严重" not in [one.text for one in phrases(DAY, "sale")]
    assert phrases(dt.date(2028, 1, 1), "catering")[0].uses == 0

    values = {"enterprise": place.id, "inspected_on": DAY}
    first, second, *_rest = suggested_wordings({}, values, DAY)
    assert first.fills == {"wording": used.text, "legal_basis": used.violates}
    assert "用过 3 次" in first.detail
    assert "bgjs" in second.key
