"""Campaign targets: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Area(Model):
        class Meta:
            database = db
            table_name = 'area'

    class Campaign(Model):
        class Meta:
            database = db
            table_name = 'campaign'

    class Enterprise(Model):
        class Meta:
            database = db
            table_name = 'enterprise'

    class CampaignGoal(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        campaign = ForeignKeyField(Campaign, on_delete='RESTRICT')
        area = ForeignKeyField(Area, on_delete='RESTRICT')
        places = IntegerField(null=True)
        visits = IntegerField(null=True)
        due_on = DateField(null=True)
        class Meta:
            database = db
            table_name = 'campaign_goal'
    db.create_tables([CampaignGoal])

    class CampaignTarget(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        campaign = ForeignKeyField(Campaign, on_delete='RESTRICT')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        valid_from = DateField()
        valid_to = DateField(null=True)
        source = CharField(max_length=32, default='hand')
        reason = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'campaign_target'
    db.create_tables([CampaignTarget])

    migrator.migrate(migrator.add_column('campaign', 'due_on', DateField(null=True)))
    migrator.migrate(migrator.add_column('campaign', 'goal_places', IntegerField(null=True)))
    migrator.migrate(migrator.add_column('campaign', 'goal_visits', IntegerField(null=True)))
    migrator.migrate(migrator.add_column('campaign', 'scope', TextField(default='')))
    migrator.migrate(migrator.add_column('campaign', 'scope_name', CharField(max_length=60, default='')))
    migrator.migrate(migrator.add_column('campaign', 'settled_on', DateField(null=True)))
    db.execute_sql('CREATE UNIQUE INDEX "campaign_goal_live_1" ON "campaign_goal" ("campaign_id", "area_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "campaign_target_live_1" ON "campaign_target" ("campaign_id", "enterprise_id", "valid_from") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "campaign_target_live_2" ON "campaign_target" ("enterprise_id", "campaign_id") WHERE "removed_at" IS NULL')
