"""Inspection plan: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Enterprise(Model):
        class Meta:
            database = db
            table_name = 'enterprise'

    class Inspection(Model):
        class Meta:
            database = db
            table_name = 'inspection'

    class Officer(Model):
        class Meta:
            database = db
            table_name = 'officer'

    class Draw(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        name = CharField(max_length=200, default='')
        drawn_on = DateField(null=True)
        seed = CharField(max_length=60, default='')
        scope = TextField(default='')
        candidates = IntegerField(null=True)
        officer_candidates = IntegerField(null=True)
        algorithm = CharField(max_length=40, default='')
        note = TextField(default='')
        detail = TextField(default='')
        class Meta:
            database = db
            table_name = 'draw'
    db.create_tables([Draw])

    class DrawnEnterprise(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        draw = ForeignKeyField(Draw, on_delete='RESTRICT')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        ordinal = IntegerField(default=0)
        rank = IntegerField(default=0)
        team = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'drawn_enterprise'
    db.create_tables([DrawnEnterprise])

    class DrawnOfficer(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        draw = ForeignKeyField(Draw, on_delete='RESTRICT')
        officer = ForeignKeyField(Officer, on_delete='RESTRICT')
        ordinal = IntegerField(default=0)
        rank = IntegerField(default=0)
        team = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'drawn_officer'
    db.create_tables([DrawnOfficer])

    class InspectionPlan(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        year = IntegerField()
        name = CharField(max_length=200, default='')
        made_on = DateField()
        approved_on = DateField(null=True)
        published_on = DateField(null=True)
        note = TextField(default='')
        detail = TextField(default='')
        class Meta:
            database = db
            table_name = 'inspection_plan'
    db.create_tables([InspectionPlan])

    class PlannedVisit(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        plan = ForeignKeyField(InspectionPlan, on_delete='RESTRICT')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        turn = IntegerField(default=1)
        month = IntegerField()
        planned_on = DateField(null=True)
        full = BooleanField(default=False)
        key_target = BooleanField(default=False)
        reason = TextField(default='')
        fixed = BooleanField(default=False)
        state = CharField(max_length=32, default='open')
        due_on = DateField(null=True)
        inspection = ForeignKeyField(Inspection, null=True, on_delete='RESTRICT')
        done_on = DateField(null=True)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'planned_visit'
    db.create_tables([PlannedVisit])

    class PlannedVisitOfficer(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        visit = ForeignKeyField(PlannedVisit, on_delete='RESTRICT')
        officer = ForeignKeyField(Officer, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'planned_visit_officer'
    db.create_tables([PlannedVisitOfficer])

    class PlanRule(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        rank = IntegerField()
        name = CharField(max_length=200, default='')
        grades = CharField(max_length=400, default='')
        categories = CharField(max_length=400, default='')
        products = CharField(max_length=400, default='')
        visits = IntegerField()
        years = IntegerField(default=1)
        most = IntegerField(null=True)
        key_target = BooleanField(default=False)
        valid_from = DateField()
        valid_to = DateField(null=True)
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'plan_rule'
    db.create_tables([PlanRule])
    db.execute_sql('CREATE INDEX "draw_live_1" ON "draw" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "draw_live_2" ON "draw" ("stroke_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "drawn_enterprise_live_1" ON "drawn_enterprise" ("draw_id", "enterprise_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "drawn_officer_live_1" ON "drawn_officer" ("draw_id", "officer_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "inspection_plan_live_1" ON "inspection_plan" ("year") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "inspection_plan_live_2" ON "inspection_plan" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "inspection_plan_live_3" ON "inspection_plan" ("stroke_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "planned_visit_live_1" ON "planned_visit" ("due_on", "state") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "planned_visit_live_2" ON "planned_visit" ("enterprise_id", "plan_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "planned_visit_officer_live_1" ON "planned_visit_officer" ("visit_id", "officer_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "planned_visit_officer_live_2" ON "planned_visit_officer" ("officer_id", "visit_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "plan_rule_live_1" ON "plan_rule" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "plan_rule_live_2" ON "plan_rule" ("stroke_key") WHERE "removed_at" IS NULL')
