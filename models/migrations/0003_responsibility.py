"""Responsibility: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Area(Model):
        class Meta:
            database = db
            table_name = 'area'

    class Assignment(Model):
        class Meta:
            database = db
            table_name = 'assignment'

    class Enterprise(Model):
        class Meta:
            database = db
            table_name = 'enterprise'

    class Finding(Model):
        class Meta:
            database = db
            table_name = 'finding'

    class Inspection(Model):
        class Meta:
            database = db
            table_name = 'inspection'

    class Officer(Model):
        class Meta:
            database = db
            table_name = 'officer'

    class Official(Model):
        class Meta:
            database = db
            table_name = 'official'

    class Commitment(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        official = ForeignKeyField(Official, on_delete='RESTRICT')
        year = IntegerField(null=True)
        signed_on = DateField()
        valid_until = DateField(null=True)
        level = CharField(null=True, max_length=32)
        post = CharField(max_length=200, default='')
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'commitment'
    db.create_tables([Commitment])

    class SupervisionVisit(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        official = ForeignKeyField(Official, on_delete='RESTRICT')
        visited_on = DateField()
        level = CharField(null=True, max_length=32)
        result = CharField(max_length=32, default='none')
        companions = CharField(max_length=200, default='')
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'supervision_visit'
    db.create_tables([SupervisionVisit])

    class Handover(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        official = ForeignKeyField(Official, on_delete='RESTRICT')
        effective_on = DateField()
        reason = CharField(max_length=200, default='')
        witness = CharField(max_length=40, default='')
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'handover'
    db.create_tables([Handover])

    class HandoverLine(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        handover = ForeignKeyField(Handover, on_delete='RESTRICT')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        successor = ForeignKeyField(Official, null=True, on_delete='RESTRICT')
        ended = ForeignKeyField(Assignment, null=True, on_delete='RESTRICT')
        begun = ForeignKeyField(Assignment, null=True, on_delete='RESTRICT')
        remark = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'handover_line'
    db.create_tables([HandoverLine])

    class InspectionTask(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        source = CharField(max_length=32, default='other')
        reason = TextField(default='')
        assigned_on = DateField()
        due_on = DateField(null=True)
        finding = ForeignKeyField(Finding, null=True, on_delete='RESTRICT')
        state = CharField(max_length=32, default='open')
        inspection = ForeignKeyField(Inspection, null=True, on_delete='RESTRICT')
        done_on = DateField(null=True)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'inspection_task'
    db.create_tables([InspectionTask])

    class InspectionTaskOfficer(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        task = ForeignKeyField(InspectionTask, on_delete='RESTRICT')
        officer = ForeignKeyField(Officer, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'inspection_task_officer'
    db.create_tables([InspectionTaskOfficer])

    class TaskItem(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        rank = IntegerField()
        topic = CharField(max_length=200, default='')
        wording = CharField(max_length=200, default='')
        categories = CharField(max_length=400, default='')
        valid_from = DateField()
        valid_to = DateField(null=True)
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'task_item'
    db.create_tables([TaskItem])

    class TierRule(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        rank = IntegerField()
        name = CharField(max_length=200, default='')
        tier = CharField(max_length=32)
        categories = CharField(max_length=400, default='')
        measure = CharField(null=True, max_length=32)
        least = DecimalField(null=True, max_digits=14, decimal_places=1)
        below = DecimalField(null=True, max_digits=14, decimal_places=1)
        chain_only = BooleanField(default=False)
        products = CharField(max_length=400, default='')
        valid_from = DateField()
        valid_to = DateField(null=True)
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'tier_rule'
    db.create_tables([TierRule])

    class VisitItem(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        visit = ForeignKeyField(SupervisionVisit, on_delete='RESTRICT')
        item = ForeignKeyField(TaskItem, on_delete='RESTRICT')
        answer = CharField(max_length=32, default='yes')
        problem = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'visit_item'
    db.create_tables([VisitItem])

    class VisitOfficer(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        visit = ForeignKeyField(SupervisionVisit, on_delete='RESTRICT')
        officer = ForeignKeyField(Officer, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'visit_officer'
    db.create_tables([VisitOfficer])

    migrator.migrate(migrator.add_column('area', 'former_names', CharField(max_length=200, default='')))
    migrator.migrate(migrator.add_column('area', 'ended_on', DateField(null=True)))
    migrator.migrate(migrator.add_column('area', 'successor_id', ForeignKeyField(Area, field=Area.id, null=True, on_delete='RESTRICT')))
    migrator.migrate(migrator.add_column('enterprise_state', 'tier_reason', CharField(max_length=200, default='')))
    migrator.migrate(migrator.add_column('finding', 'visit_id', ForeignKeyField(SupervisionVisit, field=SupervisionVisit.id, null=True, on_delete='RESTRICT')))
    migrator.migrate(migrator.add_column('finding', 'due_on', DateField(null=True)))
    migrator.migrate(migrator.add_column('finding', 'checked_by', CharField(max_length=40, default='')))
    db.execute_sql('CREATE INDEX "task_item_live_1" ON "task_item" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "supervision_visit_live_1" ON "supervision_visit" ("enterprise_id", "visited_on") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "supervision_visit_live_2" ON "supervision_visit" ("visited_on", "official_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "visit_officer_live_1" ON "visit_officer" ("visit_id", "officer_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "finding_live_2" ON "finding" ("visit_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "commitment_live_1" ON "commitment" ("official_id", "signed_on", "valid_until") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "inspection_task_live_1" ON "inspection_task" ("state", "enterprise_id", "assigned_on") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "inspection_task_officer_live_1" ON "inspection_task_officer" ("task_id", "officer_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "tier_rule_live_1" ON "tier_rule" ("name_key") WHERE "removed_at" IS NULL')
