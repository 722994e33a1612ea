"""Rectification: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Enterprise(Model):
        class Meta:
            database = db
            table_name = 'enterprise'

    class Finding(Model):
        class Meta:
            database = db
            table_name = 'finding'

    class Notice(Model):
        class Meta:
            database = db
            table_name = 'notice'

    class Officer(Model):
        class Meta:
            database = db
            table_name = 'officer'

    class FindingCheck(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        finding = ForeignKeyField(Finding, on_delete='RESTRICT')
        checked_on = DateField()
        outcome = CharField(max_length=32, default='corrected')
        checked_by = CharField(max_length=40, default='')
        note = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'finding_check'
    db.create_tables([FindingCheck])

    class Talk(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        state = CharField(max_length=32, default='planned')
        notified_on = DateField(null=True)
        held_on = DateField()
        held_at = TimeField(null=True)
        place = CharField(max_length=100, default='')
        person = CharField(max_length=40, default='')
        post = CharField(null=True, max_length=32)
        reason = TextField(default='')
        basis = CharField(max_length=200, default='《食品生产经营监督检查管理办法》第四十条')
        content = TextField(default='')
        promise = TextField(default='')
        due_on = DateField(null=True)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'talk'
    db.create_tables([Talk])

    class TalkFinding(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        talk = ForeignKeyField(Talk, on_delete='RESTRICT')
        finding = ForeignKeyField(Finding, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'talk_finding'
    db.create_tables([TalkFinding])

    class TalkNotice(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        talk = ForeignKeyField(Talk, on_delete='RESTRICT')
        notice = ForeignKeyField(Notice, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'talk_notice'
    db.create_tables([TalkNotice])

    class TalkOfficer(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        talk = ForeignKeyField(Talk, on_delete='RESTRICT')
        officer = ForeignKeyField(Officer, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'talk_officer'
    db.create_tables([TalkOfficer])

    migrator.migrate(migrator.add_column('inspection', 'published_on', DateField(null=True)))
    migrator.migrate(migrator.add_column('finding', 'extended_to', DateField(null=True)))
    migrator.migrate(migrator.add_column('finding', 'extended_on', DateField(null=True)))
    migrator.migrate(migrator.add_column('finding', 'extended_by', CharField(max_length=40, default='')))
    migrator.migrate(migrator.add_column('finding', 'extension_reason', CharField(max_length=200, default='')))
    migrator.migrate(migrator.add_column('finding', 'referred_on', DateField(null=True)))
    migrator.migrate(migrator.add_column('finding', 'referral', CharField(max_length=200, default='')))
    migrator.migrate(migrator.add_column('notice', 'extended_by', CharField(max_length=40, default='')))
    db.execute_sql('CREATE INDEX "finding_check_live_1" ON "finding_check" ("finding_id", "checked_on") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "talk_live_1" ON "talk" ("held_on", "state") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "talk_officer_live_1" ON "talk_officer" ("talk_id", "officer_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "talk_notice_live_1" ON "talk_notice" ("talk_id", "notice_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "talk_finding_live_1" ON "talk_finding" ("talk_id", "finding_id") WHERE "removed_at" IS NULL')
