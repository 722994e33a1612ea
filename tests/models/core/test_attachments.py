"""The table of attachments: it follows its record, is undone and told, and lists count it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.core.attachments import Attachment, move
from models.core.register import Condition, View, register
from models.core.story import history_lines

DIGEST = "ab" * 32


def put(office: Any, record: Any, name: str = "现场.jpg") -> Any:
    with office.ledger.write("添加附件") as tx:
        return tx.insert(
            Attachment, table=record._meta.table_name, row=record.id, name=name, size=3, digest=DIGEST,
            added_at=tx.now, who=tx.action.actor,
        )  # fmt: skip


def test_undo_takes_it_away_and_redo_brings_it_back(office: Any) -> None:
    place = office.enterprise()
    put(office, place)
    assert [a.name for a in Attachment.of("enterprise", place.id)] == ["现场.jpg"]
    office.ledger.undo()
    assert Attachment.of("enterprise", place.id) == []
    office.ledger.redo()
    [one] = Attachment.of("enterprise", place.id)
    assert isinstance(one.added_at, dt.datetime)


def test_the_record_tells_of_it(office: Any) -> None:
    place = office.enterprise()
    put(office, place)
    [line] = [line for line in history_lines(place) if line.action == "添加附件"]
    assert (line.what, line.before, line.after) == ("附件", "", "现场.jpg")


def test_lists_count_and_filter(office: Any) -> None:
    with_two, without = office.enterprise(), office.enterprise()
    put(office, with_two)
    put(office, with_two, "证照.pdf")
    shown = register("enterprises")
    column = shown.column("attachments")
    rows = shown.rows([with_two.id, without.id], office.today, [column])
    assert [row.values[0] for row in rows] == [2, None]

    def found(op: str) -> list[int]:
        return list(shown.ids(View(conditions=(Condition("attachments", op),)), office.today))

    assert with_two.id in found("filled")
    assert without.id not in found("filled")
    assert with_two.id not in found("empty")
    assert without.id in found("empty")
    by_count = View(order=(("attachments", True),))
    assert shown.ids(by_count, office.today)[0] == with_two.id


def test_move_takes_removed_ones_along(office: Any) -> None:
    source, target = office.enterprise(), office.enterprise()
    put(office, source)
    gone = put(office, source, "旧.jpg")
    with office.ledger.write("移除附件") as tx:
        tx.remove(gone)
    with office.ledger.write("合并") as tx:
        assert move(tx, "enterprise", source.id, target.id) == 2
    assert [a.name for a in Attachment.of("enterprise", target.id)] == ["现场.jpg"]
    office.ledger.undo()
    assert [a.name for a in Attachment.of("enterprise", source.id)] == ["现场.jpg"]
