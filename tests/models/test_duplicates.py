"""Likely duplicates: which pairs are listed and why, what was answered stays away, cancelling stops."""

from __future__ import annotations

from typing import Any

import pytest

from models.core.merged import not_duplicate
from models.duplicates import find_duplicates
from models.enterprise import Enterprise
from models.transfer.progress import Cancelled


def pairs() -> dict[tuple[str, str], tuple[str, ...]]:
    return {(p.first.name, p.second.name): p.reasons for p in find_duplicates()}


def test_similar_name_at_a_similar_place(office: Any) -> None:
    office.enterprise(name="昌江区示例老张面馆", address="昌江区老街18号")
    office.enterprise(name="示例老张面馆（个体工商户）", address="景德镇市昌江区老街18号")
    office.enterprise(name="示例老张面馆", address="老街20号")
    found = pairs()
    assert list(found) == [("昌江区示例老张面馆", "示例老张面馆（个体工商户）")]
    assert "地址相同" in next(iter(found.values()))


def test_one_permit_number(office: Any) -> None:
    line = {"kind": "JY", "number": "JY13602020000022"}
    office.enterprise(name="示例甲店", address="东路1号", permits=[line])
    office.enterprise(name="完全不同的乙", address="西路99号", permits=[line])
    assert next(iter(pairs().values()))[0] == "许可证编号相同（JY13602020000022）"


def test_one_code_at_a_similar_place(office: Any) -> None:
    party = office.party(uscc="91360202MA35X00015")
    office.enterprise(name="示例食堂", address="新风路8号一楼", party=party.id)
    office.enterprise(name="便民快餐", address="新风路8号一楼东", party=party.id)
    office.enterprise(name="示例分店", address="曙光路120号", party=party.id)
    found = pairs()
    assert list(found) == [("示例食堂", "便民快餐")]
    assert next(iter(found.values()))[0] == "统一社会信用代码相同"


def test_what_is_answered_stays_away_until_it_is_undone(office: Any) -> None:
    a = office.enterprise(name="示例面馆", address="老街18号")
    b = office.enterprise(name="示例面馆", address="老街18号东")
    assert len(pairs()) == 1
    with office.ledger.write("不是重复") as tx:
        not_duplicate(tx, Enterprise, b.id, a.id, "东西两间，各有执照")
    assert not pairs()
    office.ledger.undo()
    assert len(pairs()) == 1


def test_groups_stand_together(office: Any) -> None:
    for address in ("老街18号", "老街18号东", "老街18号西"):
        office.enterprise(name="示例面馆", address=address)
    office.enterprise(name="示例米粉店", address="新街2号")
    office.enterprise(name="示例米粉店", address="新街2号")
    found = find_duplicates()
    assert found[0].score == 100
    groups = [p.group for p in found]
    assert groups == sorted(groups, key=groups.index)
    assert len(set(groups)) == 2


def test_cancel_stops(office: Any) -> None:
    office.enterprise()
    with pytest.raises(Cancelled):
        find_duplicates(lambda done, total: False)
