"""Training and assessment of safety staff, staffing rules, the three routines, and how a canteen is supplied as dated
facts: frozen, never edited after a release."""

from typing import Any

from peewee import *

# SQLite drops a column with a foreign key only by making its table anew, which needs the keys off outside a transaction.
atomic = False


def up(migrator: Any, db: Any) -> None:
    lite = isinstance(db, SqliteDatabase)
    if lite:
        db.execute_sql('PRAGMA foreign_keys = 0')
    try:
        with db.atomic():
            change(migrator, db)
            options = {'legacy': True} if lite else {}
            for name in ('contractor_id', 'diners', 'supply_mode'):
                migrator.migrate(migrator.drop_column('enterprise', name, **options))
            if lite and db.execute_sql('PRAGMA foreign_key_check').fetchall():
                raise ValueError('foreign keys')
    finally:
        if lite:
            db.execute_sql('PRAGMA foreign_keys = 1')


def change(migrator: Any, db: Any) -> None:
    class Inspection(Model):
        class Meta:
            database = db
            table_name = 'inspection'

    class Party(Model):
        id = AutoField()
        class Meta:
            database = db
            table_name = 'party'

    class SafetyStaff(Model):
        class Meta:
            database = db
            table_name = 'safety_staff'

    class DirectorRule(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        name = CharField(max_length=200, default='')
        code = CharField(max_length=40, default='')
        duty = CharField(max_length=32, default='director')
        category = CharField(null=True, max_length=32)
        supply_mode = CharField(null=True, max_length=32)
        product = CharField(null=True, max_length=32)
        least_diners = IntegerField(null=True)
        least_area = DecimalField(null=True, max_digits=14, decimal_places=1)
        chain = BooleanField(default=False)
        valid_from = DateField()
        valid_to = DateField(null=True)
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'director_rule'
    db.create_tables([DirectorRule])

    class RoutineCheck(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        inspection = ForeignKeyField(Inspection, on_delete='RESTRICT')
        kind = CharField(max_length=32)
        present = CharField(null=True, max_length=32)
        on_time = CharField(null=True, max_length=32)
        truthful = CharField(null=True, max_length=32)
        note = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'routine_check'
    db.create_tables([RoutineCheck])

    class StaffAssessment(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        staff = ForeignKeyField(SafetyStaff, on_delete='RESTRICT')
        assessed_on = DateField()
        kind = CharField(max_length=32, default='spot')
        score = DecimalField(null=True, max_digits=14, decimal_places=1)
        outcome = CharField(max_length=32, default='passed')
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'staff_assessment'
    db.create_tables([StaffAssessment])

    class StaffTraining(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        staff = ForeignKeyField(SafetyStaff, on_delete='RESTRICT')
        held_on = DateField()
        hours = DecimalField(max_digits=14, decimal_places=1)
        subject = CharField(max_length=100, default='')
        mode = CharField(max_length=32, default='offline')
        organizer = CharField(max_length=100, default='')
        class Meta:
            database = db
            table_name = 'staff_training'
    db.create_tables([StaffTraining])

    migrator.migrate(migrator.add_column('enterprise_state', 'supply_mode', CharField(null=True, max_length=32)))
    migrator.migrate(migrator.add_column('enterprise_state', 'contractor_id', ForeignKeyField(Party, null=True, field=Party.id, on_delete='RESTRICT')))
    migrator.migrate(migrator.add_column('enterprise_state', 'diners', IntegerField(null=True)))
    migrator.migrate(migrator.add_column('safety_staff', 'certificate', CharField(max_length=60, default='')))
    migrator.migrate(migrator.add_column('safety_staff', 'certified_until', DateField(null=True)))
    for name in ('supply_mode', 'contractor_id', 'diners'):
        db.execute_sql(
            f'UPDATE "enterprise_state" SET "{name}" = (SELECT "{name}" FROM "enterprise" '
            'WHERE "enterprise"."id" = "enterprise_state"."enterprise_id")'
        )
    db.execute_sql('CREATE INDEX "staff_training_live_1" ON "staff_training" ("held_on", "staff_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "staff_assessment_live_1" ON "staff_assessment" ("assessed_on", "staff_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "routine_check_live_1" ON "routine_check" ("inspection_id", "kind") WHERE "removed_at" IS NULL')
