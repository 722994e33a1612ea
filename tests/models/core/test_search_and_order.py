"""Finding records by every thing people type, and the order of names and numbers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import peewee
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.files import MIGRATIONS
from models.core.register import Condition, View, register
from models.core.strokes import stroke_key, strokes

TODAY = dt.date(2024, 6, 30)


def found(text: str) -> list[str]:
    roster = register("enterprises")
    rows = roster.rows(roster.ids(View(search=text), TODAY), TODAY, [roster.column("name")])
    return [row.values[0] for row in rows]


@pytest.mark.parametrize(
    "text",
    ["小炒", "昌江小炒", "cjxc", "CJXC", "ＣＪＸＣ", "小炒 示例路", "JY23602020012345", "13879801234", "示例餐饮公司",
     "slcygs", "913602021234567890"[:12], "王示例", "100%", "a_b", "c\\d", "o'k", "“老”", "slzj", "示例总监"],
)  # fmt: skip
def test_searching(office: Any, text: str) -> None:
    party = office.party(name="示例餐饮公司", uscc="91360202123456789X")
    office.enterprise()
    office.enterprise(
        name="昌江小炒“老”店100%",
        address="示例路8号 a_b c\\d o'k",
        principal="王示例",
        phone="13879801234",
        party=party.id,
        permits=[{"kind": "JY", "number": "JY23602020012345"}],
        staff=[{"name": "示例总监", "role": "director"}],
    )
    assert found(text) == ["昌江小炒“老”店100%"]


@pytest.mark.parametrize("text", ["1_0", "%%", "a%b", "\\\\", "小炒 没有"])
def test_signs_of_like_mean_themselves(office: Any, text: str) -> None:
    office.enterprise(name="昌江小炒店100号ab")
    assert found(text) == []


def test_names_are_ordered_by_pinyin_and_numbers_by_size(office: Any) -> None:
    for name in ("赵店10号", "赵店2号", "安店", "北店"):
        office.enterprise(name=name)
    assert found("") == ["安店", "北店", "赵店2号", "赵店10号"]
    one, two = office.branch(name="乙分局"), office.branch(name="甲分局")
    for name, branch in (("安店", one), ("北店", two)):
        place = next(p for p in register("enterprises").model.live() if p.name == name)
        office.save(type(place), {"branch": branch.id}, place)
    roster = register("enterprises")
    for descending, expected in ((False, ["北店", "安店"]), (True, ["安店", "北店"])):
        ids = roster.ids(View(order=(("branch", descending),)), TODAY)
        names = [row.values[0] for row in roster.rows(ids, TODAY, [roster.column("name")])]
        assert names[:2] == expected, "those without a branch come last both ways"


def test_numbers_of_notices_are_ordered_by_size(office: Any) -> None:
    place = office.enterprise()
    for _ in range(11):
        office.issued(inspection=office.inspection(place, findings=1))
    notices = register("notices")
    rows = notices.rows(notices.ids(View(order=(("number", False),)), TODAY), TODAY)
    assert [row.values[0].rpartition("〕")[2] for row in rows] == [f"{n}号" for n in range(1, 12)]


def test_many_ids_and_linked_filters(office: Any) -> None:
    with office.ledger.write("很多"):
        office.ledger.db.execute_sql(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 33000) INSERT INTO party "
            "(uid, version, search_text, name_key, name, kind, uscc, id_number, principal, phone, address) "
            "SELECT i, 1, '', '', '示例' || i, 'organization', '', '', '', '', '' FROM n"
        )
    parties = register("parties")
    ids = parties.ids(View(), TODAY)
    assert len(ids) == 33_000
    assert [row.id for row in parties.rows(ids, TODAY, [parties.column("name")])] == list(ids)
    one, two = office.officers()
    inspection = office.inspection(officers=[one, two])
    inspections = register("inspections")
    label = next(v for v, n in inspections.distinct("officers", View(), TODAY) if n)
    for condition, expected in (
        (Condition("officers", "in", (one,)), 1),
        (Condition("officers", "in", (999,)), 0),
        (Condition("officers", "in", (label,)), 1),
        (Condition("officers", "contains", "示例甲"), 1),
        (Condition("officers", "lacks", "示例甲"), 0),
        (Condition("campaigns", "empty"), 1),
        (Condition("campaigns", "in", (None,)), 1),
        (Condition("enterprise", "in", (inspection.enterprise_id,)), 1),
        (Condition("enterprise", "in", (inspection.enterprise.name,)), 1),
        (Condition("inspected_on", "between", (dt.date(2024, 6, 1), dt.date(2024, 6, 3))), 1),
        (Condition("inspected_on", "ge", dt.date(2024, 6, 4)), 0),
        (Condition("started_at", "empty"), 1),
        (Condition("findings", "ge", 2), 1),
    ):
        assert inspections.count(View(conditions=(condition,)), TODAY) == expected, condition


def test_chinese_is_ordered_by_strokes_as_in_lists_of_names() -> None:
    names = ["陈示例", "王二", "丁三", "张示例", "李示例", "王一", "刘示例", "黄示例", "10号店", "2号店", "A店"]
    assert sorted(names, key=stroke_key) == [
        "2号店", "10号店", "A店", "丁三", "王一", "王二", "刘示例", "李示例", "张示例", "陈示例", "黄示例",
    ]  # fmt: skip
    assert [strokes(c) for c in "丁王刘李张陈黄"] == [2, 4, 6, 7, 7, 7, 11]
    assert sorted("李张陈", key=stroke_key) == ["李", "张", "陈"], "横 before 折; 乛丨 (陈) after 乛一 (张)"
    assert strokes("a") == 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_stroke_key_is_short_plain_and_follows_the_first_difference(one: str, two: str) -> None:
    key = stroke_key(one + two)
    assert key.isascii()
    assert len(key) <= 400
    assert stroke_key("丁" + one) < stroke_key("王" + two)


def test_every_list_of_names_can_be_ordered_by_strokes(office: Any) -> None:
    for name in ("张店", "丁店", "王店", "ABC店"):
        office.enterprise(name=name)
    roster = register("enterprises")

    def names(view: View) -> list[str]:
        return [r.values[0] for r in roster.rows(roster.ids(view, TODAY), TODAY, [roster.column("name")])]

    assert names(View(strokes=True)) == ["ABC店", "丁店", "王店", "张店"]
    assert names(View(strokes=True, order=(("name", True),))) == ["张店", "王店", "丁店", "ABC店"]
    assert names(View())[1:] == ["丁店", "王店", "张店"]
    place = next(p for p in roster.model.live() if p.name == "丁店")
    office.save(type(place), {"name": "黄店"}, place)
    assert names(View(strokes=True))[-1] == "黄店"
    kinds = register("inspections")
    assert kinds.ids(View(strokes=True, order=(("enterprise", False),)), TODAY) is not None


def test_a_ledger_of_an_older_release_is_given_its_stroke_keys(tmp_path: Path) -> None:
    from playhouse.migrations import Runner

    step = next(path for path in MIGRATIONS.glob("*_stroke_order.py")).stem
    db = peewee.SqliteDatabase(str(tmp_path / "old.db"))
    runner = Runner(db, str(MIGRATIONS))
    before = sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py") if path.stem < step)[-1]
    runner.up(before)
    known = {"uid": "u", "version": 1, "name": "昌江2局"}
    needed = [row[1] for row in db.execute_sql("PRAGMA table_info(branch)") if row[3] and row[1] != "id"]
    values = [known.get(name, "") for name in needed]
    marks = ", ".join("?" for _ in needed)
    db.execute_sql(f"INSERT INTO branch ({', '.join(needed)}) VALUES ({marks})", values)
    runner.up(step)
    assert db.execute_sql("SELECT stroke_key FROM branch").fetchone()[0] == stroke_key("昌江2局")
    db.close()
