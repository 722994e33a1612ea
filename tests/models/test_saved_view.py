"""Named views keep every kind of filter of every register, and survive what has gone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import models.registers  # noqa: F401  (every register)
from models.core.errors import KnownError
from models.core.register import REGISTERS, Condition, Register, View, register
from models.saved_view import _value_in, _value_out, delete_view, rename_view, save_view, saved_views

VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.times() | st.decimals(allow_nan=False)


@given(VALUES | st.lists(VALUES).map(tuple))
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    assert _value_in(_value_out(value)) == value


@pytest.mark.parametrize("one", [r for r in REGISTERS.values() if not r.hidden], ids=lambda r: r.name)
def test_a_view_of_every_column_comes_back(office: Any, one: Register) -> None:
    paths = tuple(column.path for column in one.columns)
    view = View(
        search="示例 10%",
        conditions=(
            *(Condition(path, "empty") for path in paths),
            Condition(paths[0], "between", (dt.date(2024, 1, 1), dt.date(2024, 6, 30))),
            Condition(paths[-1], "in", ("a", 1, None, Decimal("1.5"))),
        ),
        presets=tuple(preset.name for preset in one.presets),
        order=tuple((path, bool(i % 2)) for i, path in enumerate(paths)),
    )
    with office.ledger.write("保存视图") as tx:
        save_view(tx, one, "全部", view, paths[::-1])
    (kept,) = saved_views(one)
    assert (kept.view, kept.columns, kept.missing) == (view, paths[::-1], ())
    office.ledger.undo()
    assert saved_views(one) == []


def test_names_are_the_registers_own(office: Any) -> None:
    one, two = register("enterprises"), register("parties")
    with office.ledger.write("保存视图") as tx:
        for each in (one, two):
            save_view(tx, each, " 常用　视图 ", View(search=each.name), ())
        save_view(tx, one, "另一个", View(), ())
    assert [kept.name for kept in saved_views(one)] == ["另一个", "常用 视图"]
    other = next(k for k in saved_views(one) if k.name == "另一个")
    with pytest.raises(KnownError, match="已有名为"), office.ledger.write("改名") as tx:
        rename_view(tx, other.id, "常用 视图")
    with pytest.raises(KnownError, match="名称"), office.ledger.write("改名") as tx:
        rename_view(tx, other.id, "  ")
    with office.ledger.write("删除视图") as tx:
        delete_view(tx, other.id)
    with pytest.raises(KnownError, match="已不在"), office.ledger.write("删除视图") as tx:
        delete_view(tx, other.id)
    assert len(saved_views(one)) == len(saved_views(two)) == 1
