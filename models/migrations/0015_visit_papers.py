"""Visit papers: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Inspection(Model):
        class Meta:
            database = db
            table_name = 'inspection'

    class Notice(Model):
        class Meta:
            database = db
            table_name = 'notice'

    class Officer(Model):
        class Meta:
            database = db
            table_name = 'officer'

    class ProofOfService(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        notice = ForeignKeyField(Notice, on_delete='RESTRICT')
        place = CharField(max_length=200, default='')
        relation = CharField(max_length=60, default='')
        refusal = CharField(max_length=200, default='')
        witness = CharField(max_length=60, default='')
        witness_unit = CharField(max_length=200, default='')
        recorded = BooleanField(default=False)
        agent = CharField(max_length=200, default='')
        tracking = CharField(max_length=60, default='')
        e_address = CharField(max_length=120, default='')
        consent = BooleanField(default=False)
        announced_on = DateField(null=True)
        announced_in = CharField(max_length=200, default='')
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'proof_of_service'
    db.create_tables([ProofOfService])

    class SceneRecord(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        stroke_key = CharField(max_length=400, default='')
        inspection = ForeignKeyField(Inspection, on_delete='RESTRICT')
        number = CharField(max_length=60, default='')
        place = CharField(max_length=200, default='')
        credential = CharField(null=True, max_length=32)
        recusal = CharField(null=True, max_length=32)
        recusal_reason = CharField(max_length=200, default='')
        rights_told = BooleanField(default=False)
        attendance = CharField(null=True, max_length=32)
        attendee = CharField(max_length=40, default='')
        attendee_role = CharField(max_length=60, default='')
        attendee_id = CharField(max_length=18, default='')
        attendee_phone = CharField(max_length=60, default='')
        scene = TextField(default='')
        measures = TextField(default='')
        statement = TextField(default='')
        opinion = CharField(null=True, max_length=32)
        refusal_reason = CharField(max_length=200, default='')
        witness = CharField(max_length=60, default='')
        witness_unit = CharField(max_length=200, default='')
        recorded = BooleanField(default=False)
        note = TextField(default='')
        operator_opinion = TextField(default='')
        class Meta:
            database = db
            table_name = 'scene_record'
    db.create_tables([SceneRecord])

    class ServedPaper(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        proof = ForeignKeyField(ProofOfService, null=True, on_delete='RESTRICT')
        name = CharField(max_length=200, default='')
        number = CharField(max_length=80, default='')
        copies = IntegerField(default=1)
        class Meta:
            database = db
            table_name = 'served_paper'
    db.create_tables([ServedPaper])

    class ServiceOfficer(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        proof = ForeignKeyField(ProofOfService, on_delete='RESTRICT')
        officer = ForeignKeyField(Officer, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'service_officer'
    db.create_tables([ServiceOfficer])
    db.execute_sql('CREATE UNIQUE INDEX "scene_record_live_1" ON "scene_record" ("inspection_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "proof_of_service_live_1" ON "proof_of_service" ("notice_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "service_officer_live_1" ON "service_officer" ("proof_id", "officer_id") WHERE "removed_at" IS NULL')
