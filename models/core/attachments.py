"""The table of files kept with records: which record, what name, which content. Knows no topic table and no file."""

from __future__ import annotations

from typing import Any

import peewee

from models.core.changes import Transaction
from models.core.fields import Date, Text
from models.core.record import Record


class Attachment(Record):
    """One file of one record of any table; its content is the blob ``digest`` (see models.core.blobs).

    It points to its record by ``table`` and ``row`` as a Waiver and a ChangeLog entry do, not by a foreign key: what
    moves references from one record to another (a merge) moves it with ``tx.update(attachment, row=other_id)``, or
    all at once with ``move``. Removing a record leaves its attachments where they are; they come back with it.
    """

    title = "附件"
    label_field = "name"

    table = peewee.CharField(max_length=60)
    row = peewee.IntegerField()
    #: What of the record it shows, '' for the whole of it; the record's topic says what it writes there.
    part = peewee.CharField(max_length=40, default="")
    name = Text("文件名", required=True, max_length=255)
    #: Bytes of the content, and its SHA-256 in lower-case hexadecimal digits.
    size = peewee.BigIntegerField(default=0)
    digest = peewee.CharField(max_length=64)
    media_type = peewee.CharField(max_length=100, default="")
    caption = Text("说明")
    taken_on = Date("拍摄日期")
    added_at = peewee.DateTimeField()
    who = Text("何人", max_length=60)

    live_indexes = ((("table", "row"), False),)

    class Meta:
        indexes = ((("digest",), False),)

    @classmethod
    def of(cls, table: str, row: int) -> list[Attachment]:
        """The live attachments of a record, in the order they were added."""
        return list(cls.live().where(cls.table == table, cls.row == row).order_by(cls.id))


def move(tx: Transaction, table: str, source: int, target: int) -> int:
    """Give every attachment of a record, the removed ones too, to another of the same table; returns how many."""
    found = list(Attachment.select().where(Attachment.table == table, Attachment.row == source))
    for one in found:
        tx.update(one, row=target)
    return len(found)


def attachment_count(model: type[Record], key: Any) -> Any:
    """How many attachments the record of ``key`` (a column) has, as an SQL expression; NULL for none."""
    mine = Attachment.alias()
    count = (
        mine.select(peewee.fn.COUNT(mine.id))
        .where(mine.table == model._meta.table_name, mine.row == key, mine.removed_at.is_null())
    )  # fmt: skip
    return peewee.fn.NULLIF(peewee.NodeList((count,)), 0)
