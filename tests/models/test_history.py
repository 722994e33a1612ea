"""The action log read back: a dated change as what changed and since when, the making of a record as one line."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from models.area import Area
from models.core.changes import Action
from models.core.saving import save
from models.enterprise import Enterprise, Party
from models.history import changes_of
from models.opening import open_office


def test_a_dated_change_tells_old_new_and_since(tmp_path: Path, new_place: Callable[[Path], Path]) -> None:
    ledger = open_office(new_place(tmp_path / "office"), today=dt.date(2024, 6, 30))
    waivers = dict.fromkeys(("no_uscc", "no_village", "no_permit"), "测试")
    with ledger.write("登记") as tx:
        party = save(tx, Party, {"name": "某某公司", "kind": "organization"}, waivers=waivers)
        values = {
            "name": "某某面馆", "party": party.id, "address": "西郊2号", "category": "catering", "tier": "D",
            "area": Area.get(Area.name == "西郊街道").id, "status": "open", "opened_on": dt.date(2020, 1, 1),
        }  # fmt: skip
        place = save(tx, Enterprise, values, waivers=waivers)
    made = Action.select().order_by(Action.id.desc()).first()
    told = changes_of(made.id)
    assert {(one.record, one.what) for one in told} >= {("某某面馆", "新建")}
    assert len([one for one in told if one.record == "某某面馆"]) == 1, "its first facts are part of its making"
    with ledger.write("注销") as tx:
        save(
            tx, Enterprise, {"status": "closed"}, place, version=place.version, effective_on=dt.date(2024, 6, 22),
            waivers=waivers,
        )  # fmt: skip
    last = Action.select().order_by(Action.id.desc()).first()
    told = [one for one in changes_of(last.id) if one.field]
    assert [(one.record, one.field, one.before, one.after) for one in told if one.before == "在营"] == [
        ("某某面馆", told[0].field, "在营", "注销（自2024-06-22）")
    ]
    assert not [one for one in told if one.field in ("起", "止")], "the seams are not told"
    ledger.close()
