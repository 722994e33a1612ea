"""Risk grade: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Enterprise(Model):
        class Meta:
            database = db
            table_name = 'enterprise'

    class AdjustmentRule(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        direction = CharField(max_length=32)
        rank = IntegerField()
        code = CharField(max_length=40, default='')
        name = CharField(max_length=200, default='')
        valid_from = DateField()
        valid_to = DateField(null=True)
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'adjustment_rule'
    db.create_tables([AdjustmentRule])

    class AnnualRating(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        year = IntegerField()
        times = IntegerField(null=True)
        mean = DecimalField(null=True, max_digits=14, decimal_places=2)
        grade = CharField(max_length=32)
        decided_on = DateField()
        first_opinion = TextField(default='')
        second_opinion = TextField(default='')
        approval = TextField(default='')
        detail = TextField(default='')
        class Meta:
            database = db
            table_name = 'annual_rating'
    db.create_tables([AnnualRating])

    class GradeCondition(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        year = IntegerField()
        rule = ForeignKeyField(AdjustmentRule, on_delete='RESTRICT')
        happened_on = DateField()
        evidence = CharField(max_length=300, default='')
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'grade_condition'
    db.create_tables([GradeCondition])

    class RiskProfile(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        valid_from = DateField()
        workers = IntegerField(null=True)
        varieties = IntegerField(null=True)
        ambient_prepacked = IntegerField(null=True)
        chilled_prepacked = IntegerField(null=True)
        frozen_prepacked = IntegerField(null=True)
        ambient_bulk = IntegerField(null=True)
        chilled_bulk = IntegerField(null=True)
        frozen_bulk = IntegerField(null=True)
        suppliers = IntegerField(null=True)
        cold_dishes = IntegerField(null=True)
        cold_perishable = IntegerField(null=True)
        raw_dishes = IntegerField(null=True)
        pastries = IntegerField(null=True)
        pastries_perishable = IntegerField(null=True)
        hot_dishes = IntegerField(null=True)
        hot_perishable = IntegerField(null=True)
        drinks = IntegerField(null=True)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'risk_profile'
    db.create_tables([RiskProfile])

    class ScoreItem(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        part = CharField(max_length=32)
        rank = IntegerField()
        name = CharField(max_length=200, default='')
        categories = CharField(max_length=400, default='')
        measure = CharField(max_length=32)
        products = CharField(max_length=400, default='')
        least = DecimalField(null=True, max_digits=14, decimal_places=1)
        below = DecimalField(null=True, max_digits=14, decimal_places=1)
        points = DecimalField(max_digits=14, decimal_places=2)
        most = DecimalField(null=True, max_digits=14, decimal_places=2)
        valid_from = DateField()
        valid_to = DateField(null=True)
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'score_item'
    db.create_tables([ScoreItem])

    migrator.migrate(migrator.add_column('hygiene_rating', 'key_failures', IntegerField(null=True)))
    migrator.migrate(migrator.add_column('risk_assessment', 'base_grade', CharField(null=True, max_length=32)))
    migrator.migrate(migrator.add_column('risk_assessment', 'number', CharField(max_length=60, default='')))
    migrator.migrate(migrator.add_column('risk_assessment', 'detail', TextField(default='')))
    db.execute_sql('CREATE UNIQUE INDEX "annual_rating_live_1" ON "annual_rating" ("year", "enterprise_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "adjustment_rule_live_1" ON "adjustment_rule" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "grade_condition_live_1" ON "grade_condition" ("year", "enterprise_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "risk_profile_live_1" ON "risk_profile" ("enterprise_id", "valid_from") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "score_item_live_1" ON "score_item" ("name_key") WHERE "removed_at" IS NULL')
