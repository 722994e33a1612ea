"""Checklists: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
import decimal
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Inspection(Model):
        class Meta:
            database = db
            table_name = 'inspection'

    class Checklist(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        name = CharField(max_length=200, default='')
        kind = CharField(max_length=32)
        categories = CharField(max_length=400, default='')
        edition = CharField(max_length=40, default='')
        official = BooleanField(default=False)
        printed_title = CharField(max_length=200, default='')
        table_number = CharField(max_length=40, default='')
        valid_from = DateField()
        valid_to = DateField(null=True)
        coverage = CharField(max_length=32, default='all')
        most_key = IntegerField(default=1)
        least_rate = DecimalField(max_digits=14, decimal_places=2, default=decimal.Decimal('70'))
        passed_word = CharField(max_length=40, default='符合')
        basic_word = CharField(max_length=40, default='基本符合')
        failed_word = CharField(max_length=40, default='不符合')
        passed_handling = CharField(max_length=200, default='通过')
        basic_handling = CharField(max_length=200, default='书面限期整改')
        failed_handling = CharField(max_length=200, default='食品生产经营者立即停止食品生产经营活动')
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'checklist'
    db.create_tables([Checklist])

    class ChecklistAnswer(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        inspection = ForeignKeyField(Inspection, on_delete='RESTRICT')
        checklist = ForeignKeyField(Checklist, on_delete='RESTRICT')
        passed = TextField(default='')
        failed = TextField(default='')
        skipped = TextField(default='')
        notes = TextField(default='')
        checked = IntegerField(default=0)
        key_checked = IntegerField(default=0)
        key_failed = IntegerField(default=0)
        failed_count = IntegerField(default=0)
        skipped_count = IntegerField(default=0)
        level = CharField(null=True, max_length=32)
        reckoning = TextField(default='')
        class Meta:
            database = db
            table_name = 'checklist_answer'
    db.create_tables([ChecklistAnswer])

    class ChecklistItem(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        checklist = ForeignKeyField(Checklist, on_delete='RESTRICT')
        topic = CharField(max_length=200, default='')
        number = CharField(max_length=12, default='')
        is_key = BooleanField(default=False)
        content = TextField(default='')
        problem = TextField(default='')
        legal_basis = CharField(max_length=400, default='')
        requirement = CharField(max_length=200, default='')
        due_days = IntegerField(null=True)
        severity = CharField(max_length=32, default='minor')
        rank = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'checklist_item'
    db.create_tables([ChecklistItem])

    migrator.migrate(migrator.add_column('finding', 'item_id', ForeignKeyField(ChecklistItem, field=ChecklistItem.id, null=True, on_delete='RESTRICT')))
    db.execute_sql('CREATE UNIQUE INDEX "checklist_live_1" ON "checklist" ("name") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "checklist_live_2" ON "checklist" ("kind", "valid_from") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "checklist_live_3" ON "checklist" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "checklist_item_live_1" ON "checklist_item" ("checklist_id", "number") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "checklist_answer_live_1" ON "checklist_answer" ("inspection_id", "checklist_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "checklist_answer_live_2" ON "checklist_answer" ("checklist_id") WHERE "removed_at" IS NULL')
