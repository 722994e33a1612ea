"""Plausibility: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class DoubtRule(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        code = CharField(max_length=40, default='')
        label_text = CharField(max_length=200, default='')
        severity = CharField(max_length=32, default='warning')
        value = DecimalField(null=True, max_digits=14, decimal_places=0)
        unit = CharField(max_length=12, default='')
        mend = CharField(max_length=200, default='')
        valid_from = DateField()
        valid_to = DateField(null=True)
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'doubt_rule'
    db.create_tables([DoubtRule])

    class ReportRelease(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        from_day = DateField()
        to_day = DateField()
        doubts = IntegerField()
        reason = TextField(default='')
        who = CharField(max_length=60, default='')
        released_on = DateField()
        class Meta:
            database = db
            table_name = 'report_release'
    db.create_tables([ReportRelease])
    db.execute_sql('CREATE INDEX "doubt_rule_live_1" ON "doubt_rule" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "doubt_rule_live_2" ON "doubt_rule" ("stroke_key") WHERE "removed_at" IS NULL')
