"""Holidays: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Holiday(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        day = DateField()
        kind = CharField(max_length=32, default='off')
        name = CharField(max_length=40, default='')
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'holiday'
    db.create_tables([Holiday])
    db.execute_sql('CREATE UNIQUE INDEX "holiday_live_1" ON "holiday" ("day") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "holiday_live_2" ON "holiday" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "holiday_live_3" ON "holiday" ("stroke_key") WHERE "removed_at" IS NULL')
