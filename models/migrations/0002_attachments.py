"""Attachments: frozen, never edited after a release."""

from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Attachment(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        table = CharField(max_length=60)
        row = IntegerField()
        name = CharField(default='')
        size = BigIntegerField(default=0)
        digest = CharField(max_length=64)
        media_type = CharField(max_length=100, default='')
        caption = CharField(max_length=200, default='')
        taken_on = DateField(null=True)
        added_at = DateTimeField()
        who = CharField(max_length=60, default='')
        class Meta:
            database = db
            table_name = 'attachment'
            indexes = ((('digest',), False),)
    db.create_tables([Attachment])
    db.execute_sql('CREATE INDEX "attachment_live_1" ON "attachment" ("table", "row") WHERE "removed_at" IS NULL')
