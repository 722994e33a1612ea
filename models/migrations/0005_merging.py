"""Merging: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Merged(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        table = CharField(max_length=60)
        merged = IntegerField()
        survivor = IntegerField()
        name = CharField(max_length=200, default='')
        codes = CharField(max_length=2000, default='')
        merged_on = DateField()
        reason = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'merged'
    db.create_tables([Merged])

    class NotDuplicate(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        table = CharField(max_length=60)
        first = IntegerField()
        second = IntegerField()
        reason = CharField(max_length=200, default='')
        who = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'not_duplicate'
    db.create_tables([NotDuplicate])
    db.execute_sql('CREATE UNIQUE INDEX "merged_live_1" ON "merged" ("table", "merged") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "merged_live_2" ON "merged" ("table", "survivor") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "not_duplicate_live_1" ON "not_duplicate" ("table", "first", "second") WHERE "removed_at" IS NULL')
