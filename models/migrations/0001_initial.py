"""Initial: frozen, never edited after a release."""

from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Action(Model):
        kind = CharField(max_length=60)
        actor = CharField(max_length=60)
        seat = CharField(index=True, max_length=120)
        at = DateTimeField()
        schema = CharField(max_length=60)
        final = BooleanField(default=False)
        undoes = IntegerField(null=True)
        redoes = IntegerField(null=True)
        undone_by = IntegerField(null=True)
        rows = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'action'
    db.create_tables([Action])

    class Area(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        name = CharField(max_length=60, default='')
        code = CharField(max_length=12, default='')
        level = CharField(max_length=32)
        parent = ForeignKeyField('self', null=True, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'area'
    db.create_tables([Area])

    class Party(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        name = CharField(max_length=200, default='')
        kind = CharField(max_length=32, default='organization')
        uscc = CharField(max_length=32, default='')
        id_number = CharField(max_length=18, default='')
        principal = CharField(max_length=40, default='')
        phone = CharField(max_length=60, default='')
        address = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'party'
            indexes = ((('uscc',), False), (('id_number',), False))
    db.create_tables([Party])

    class Branch(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        name = CharField(max_length=60, default='')
        short_name = CharField(max_length=12, default='')
        phone = CharField(max_length=60, default='')
        address = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'branch'
    db.create_tables([Branch])

    class Enterprise(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        name = CharField(max_length=200, default='')
        initials = CharField(max_length=200, default='')
        party = ForeignKeyField(Party, on_delete='RESTRICT')
        contractor = ForeignKeyField(Party, null=True, on_delete='RESTRICT')
        address = CharField(max_length=200, default='')
        principal = CharField(max_length=40, default='')
        phone = CharField(max_length=60, default='')
        opened_on = DateField(null=True)
        branch = ForeignKeyField(Branch, null=True, on_delete='RESTRICT')
        supply_mode = CharField(null=True, max_length=32)
        diners = IntegerField(null=True)
        floor_area = DecimalField(null=True, max_digits=14, decimal_places=1)
        chain = BooleanField(default=False)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'enterprise'
            indexes = ((('name',), False),)
    db.create_tables([Enterprise])

    class Official(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        name = CharField(max_length=40, default='')
        phone = CharField(max_length=60, default='')
        term_from = DateField(null=True)
        term_to = DateField(null=True)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'official'
    db.create_tables([Official])

    class Assignment(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        official = ForeignKeyField(Official, on_delete='RESTRICT')
        valid_from = DateField()
        valid_to = DateField(null=True)
        reason = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'assignment'
    db.create_tables([Assignment])

    class Campaign(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        name = CharField(max_length=80, default='')
        starts_on = DateField()
        ends_on = DateField(null=True)
        basis = CharField(max_length=200, default='')
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'campaign'
    db.create_tables([Campaign])

    class ChangeLog(Model):
        action = ForeignKeyField(Action, on_delete='RESTRICT')
        table = CharField(max_length=60)
        row = IntegerField()
        created = BooleanField(default=False)
        before = TextField(default='{}')
        after = TextField(default='{}')
        class Meta:
            database = db
            table_name = 'change_log'
            indexes = ((('table', 'row'), False),)
    db.create_tables([ChangeLog])

    class Coordination(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        topic = CharField(max_length=200, default='')
        held_on = DateField()
        kind = CharField(max_length=32, default='meeting')
        partners = CharField(max_length=200, default='')
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'coordination'
    db.create_tables([Coordination])

    class EnterpriseState(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        valid_from = DateField()
        valid_to = DateField(null=True)
        category = CharField(max_length=32)
        status = CharField(max_length=32, default='open')
        area = ForeignKeyField(Area, on_delete='RESTRICT')
        village = ForeignKeyField(Area, null=True, on_delete='RESTRICT')
        key_area = CharField(null=True, max_length=32)
        tier = CharField(null=True, max_length=32)
        product = CharField(null=True, max_length=32)
        class Meta:
            database = db
            table_name = 'enterprise_state'
    db.create_tables([EnterpriseState])

    class Inspection(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        inspected_on = DateField()
        started_at = TimeField(null=True)
        ended_at = TimeField(null=True)
        kind = CharField(max_length=32, default='routine')
        result = CharField(null=True, max_length=32)
        state = CharField(max_length=32, default='done')
        situation = TextField(default='')
        class Meta:
            database = db
            table_name = 'inspection'
    db.create_tables([Inspection])

    class Finding(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        inspection = ForeignKeyField(Inspection, null=True, on_delete='RESTRICT')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        found_on = DateField()
        channel = CharField(max_length=32, default='routine')
        severity = CharField(max_length=32, default='minor')
        wording = TextField(default='')
        legal_basis = CharField(max_length=300, default='')
        corrected_on_spot = BooleanField(default=False)
        measure = CharField(max_length=200, default='')
        resolved_on = DateField(null=True)
        class Meta:
            database = db
            table_name = 'finding'
    db.create_tables([Finding])

    class HeaderAlias(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        register_title = CharField(max_length=40, default='')
        written = CharField(max_length=200, default='')
        target = CharField(max_length=200, default='')
        value = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'header_alias'
    db.create_tables([HeaderAlias])

    class HygieneRating(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        rated_on = DateField()
        score = DecimalField(null=True, max_digits=14, decimal_places=1)
        rating = CharField(max_length=32)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'hygiene_rating'
    db.create_tables([HygieneRating])

    class InspectionCampaign(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        inspection = ForeignKeyField(Inspection, on_delete='RESTRICT')
        campaign = ForeignKeyField(Campaign, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'inspection_campaign'
    db.create_tables([InspectionCampaign])

    class Officer(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        name = CharField(max_length=40, default='')
        certificate = CharField(max_length=40, default='')
        branch = ForeignKeyField(Branch, null=True, on_delete='RESTRICT')
        position = CharField(max_length=32, default='officer')
        phone = CharField(max_length=60, default='')
        certified_until = DateField(null=True)
        left_on = DateField(null=True)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'officer'
    db.create_tables([Officer])

    class InspectionOfficer(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        inspection = ForeignKeyField(Inspection, on_delete='RESTRICT')
        officer = ForeignKeyField(Officer, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'inspection_officer'
    db.create_tables([InspectionOfficer])

    class LeaderDuty(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        officer = ForeignKeyField(Officer, on_delete='RESTRICT')
        on_day = DateField()
        started_at = TimeField()
        ended_at = TimeField()
        minutes = IntegerField(null=True)
        place = CharField(max_length=200, default='')
        findings = TextField(default='')
        class Meta:
            database = db
            table_name = 'leader_duty'
    db.create_tables([LeaderDuty])

    class LegalBasis(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        code = CharField(max_length=60, default='')
        topic = CharField(max_length=200, default='')
        applies_to = CharField(max_length=200, default='')
        wording = CharField(max_length=200, default='')
        violates = CharField(max_length=400, default='')
        basis = CharField(max_length=400, default='')
        consequence = CharField(max_length=400, default='')
        valid_from = DateField()
        valid_to = DateField(null=True)
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'legal_basis'
    db.create_tables([LegalBasis])

    class NumberSeries(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        kind = CharField(max_length=32, default='notice')
        branch = ForeignKeyField(Branch, null=True, on_delete='RESTRICT')
        prefix = CharField(max_length=60, default='')
        year = IntegerField()
        first_serial = IntegerField(default=1)
        class Meta:
            database = db
            table_name = 'number_series'
    db.create_tables([NumberSeries])

    class Notice(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        number = CharField(unique=True, null=True, max_length=80)
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        party = ForeignKeyField(Party, on_delete='RESTRICT')
        source = CharField(max_length=32, default='inspection')
        inspection = ForeignKeyField(Inspection, null=True, on_delete='RESTRICT')
        facts_text = TextField(default='')
        violates = TextField(default='')
        basis = TextField(default='')
        mode = CharField(max_length=32, default='deadline')
        due_on = DateField(null=True)
        extended_to = DateField(null=True)
        extended_on = DateField(null=True)
        extension_reason = CharField(max_length=200, default='')
        requirements = TextField(default='')
        consequence = TextField(default='')
        branch = ForeignKeyField(Branch, null=True, on_delete='RESTRICT')
        state = CharField(max_length=32, default='draft')
        issued_on = DateField(null=True)
        served_on = DateField(null=True)
        service_way = CharField(null=True, max_length=32)
        receiver = CharField(max_length=40, default='')
        closed_on = DateField(null=True)
        referred_on = DateField(null=True)
        referral = CharField(max_length=200, default='')
        void_on = DateField(null=True)
        void_reason = CharField(max_length=200, default='')
        series = ForeignKeyField(NumberSeries, null=True, on_delete='RESTRICT')
        serial = IntegerField(null=True)
        printed = TextField(default='')
        class Meta:
            database = db
            table_name = 'notice'
            indexes = ((('series', 'serial'), True),)
    db.create_tables([Notice])

    class NoticeFinding(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        notice = ForeignKeyField(Notice, on_delete='RESTRICT')
        finding = ForeignKeyField(Finding, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'notice_finding'
    db.create_tables([NoticeFinding])

    class OfficialPost(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        official = ForeignKeyField(Official, on_delete='RESTRICT')
        valid_from = DateField()
        valid_to = DateField(null=True)
        level = CharField(max_length=32)
        area = ForeignKeyField(Area, on_delete='RESTRICT')
        unit = CharField(max_length=200, default='')
        post = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'official_post'
    db.create_tables([OfficialPost])

    class Outreach(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        topic = CharField(max_length=200, default='')
        held_on = DateField()
        kind = CharField(max_length=32, default='publicity')
        venue = CharField(null=True, max_length=32)
        place = CharField(max_length=200, default='')
        material = CharField(null=True, max_length=32)
        copies = IntegerField(null=True)
        people = IntegerField(null=True)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'outreach'
    db.create_tables([Outreach])

    class Permit(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, null=True, on_delete='RESTRICT')
        kind = CharField(max_length=32, default='JY')
        number = CharField(max_length=60, default='')
        scope = CharField(max_length=200, default='')
        issued_on = DateField(null=True)
        valid_until = DateField(null=True)
        class Meta:
            database = db
            table_name = 'permit'
    db.create_tables([Permit])

    class Reinspection(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        notice = ForeignKeyField(Notice, on_delete='RESTRICT')
        inspected_on = DateField()
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'reinspection'
    db.create_tables([Reinspection])

    class ReinspectionItem(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        reinspection = ForeignKeyField(Reinspection, null=True, on_delete='RESTRICT')
        finding = ForeignKeyField(Finding, on_delete='RESTRICT')
        outcome = CharField(max_length=32, default='corrected')
        note = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'reinspection_item'
    db.create_tables([ReinspectionItem])

    class ReinspectionOfficer(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        reinspection = ForeignKeyField(Reinspection, on_delete='RESTRICT')
        officer = ForeignKeyField(Officer, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'reinspection_officer'
    db.create_tables([ReinspectionOfficer])

    class RiskAssessment(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        year = IntegerField()
        static_score = DecimalField(null=True, max_digits=14, decimal_places=2)
        dynamic_score = DecimalField(null=True, max_digits=14, decimal_places=2)
        grade = CharField(max_length=32)
        assessed_on = DateField()
        reason = TextField(default='')
        class Meta:
            database = db
            table_name = 'risk_assessment'
    db.create_tables([RiskAssessment])

    class SafetyStaff(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, null=True, on_delete='RESTRICT')
        role = CharField(max_length=32, default='officer')
        side = CharField(max_length=32, default='own')
        name = CharField(max_length=40, default='')
        phone = CharField(max_length=60, default='')
        appointed_on = DateField(null=True)
        left_on = DateField(null=True)
        class Meta:
            database = db
            table_name = 'safety_staff'
    db.create_tables([SafetyStaff])

    class Sample(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        enterprise = ForeignKeyField(Enterprise, on_delete='RESTRICT')
        sampled_on = DateField()
        programme = CharField(max_length=32, default='supervision')
        product = CharField(max_length=200, default='')
        sheet_number = CharField(max_length=40, default='')
        result = CharField(max_length=32, default='pending')
        failed_items = CharField(max_length=200, default='')
        received_on = DateField(null=True)
        handled_on = DateField(null=True)
        tableware = BooleanField(default=False)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'sample'
    db.create_tables([Sample])

    class Setting(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        key = CharField(unique=True, max_length=60)
        value = TextField(default='')
        class Meta:
            database = db
            table_name = 'setting'
    db.create_tables([Setting])

    class Threshold(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        search_text = TextField(default='')
        name_key = CharField(max_length=400, default='')
        kind = CharField(max_length=32)
        code = CharField(max_length=40, default='')
        label_text = CharField(max_length=200, default='')
        value = DecimalField(null=True, max_digits=14, decimal_places=2)
        limit = IntegerField(null=True)
        unit = CharField(max_length=12, default='')
        valid_from = DateField()
        valid_to = DateField(null=True)
        source = TextField(default='')
        class Meta:
            database = db
            table_name = 'threshold'
    db.create_tables([Threshold])

    class Waiver(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        table = CharField(max_length=60)
        row = IntegerField()
        field = CharField(max_length=60)
        rule = CharField(max_length=60)
        value = CharField(max_length=400, default='')
        reason = CharField(max_length=200, default='')
        who = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'waiver'
            indexes = ((('table', 'row'), False),)
    db.create_tables([Waiver])
    db.execute_sql('CREATE INDEX "header_alias_live_1" ON "header_alias" ("register_title", "written") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "header_alias_live_2" ON "header_alias" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "area_live_1" ON "area" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "branch_live_1" ON "branch" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "officer_live_1" ON "officer" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "party_live_1" ON "party" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "enterprise_live_1" ON "enterprise" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "enterprise_state_live_1" ON "enterprise_state" ("enterprise_id", "valid_from") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "enterprise_state_live_2" ON "enterprise_state" ("category", "status", "valid_from", "valid_to", "enterprise_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "permit_live_1" ON "permit" ("kind", "number") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "safety_staff_live_1" ON "safety_staff" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "campaign_live_1" ON "campaign" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "legal_basis_live_1" ON "legal_basis" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "inspection_live_1" ON "inspection" ("inspected_on", "state", "enterprise_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "inspection_officer_live_1" ON "inspection_officer" ("inspection_id", "officer_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "inspection_campaign_live_1" ON "inspection_campaign" ("inspection_id", "campaign_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "finding_live_1" ON "finding" ("found_on") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "number_series_live_1" ON "number_series" ("kind", "prefix", "year") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "notice_live_1" ON "notice" ("issued_on", "state", "enterprise_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "notice_live_2" ON "notice" ("state") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "notice_live_3" ON "notice" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "notice_finding_live_1" ON "notice_finding" ("notice_id", "finding_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "risk_assessment_live_1" ON "risk_assessment" ("year", "enterprise_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "hygiene_rating_live_1" ON "hygiene_rating" ("rated_on", "enterprise_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "official_live_1" ON "official" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE UNIQUE INDEX "official_post_live_1" ON "official_post" ("official_id", "valid_from") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "assignment_live_1" ON "assignment" ("enterprise_id", "valid_from", "valid_to", "official_id") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "coordination_live_1" ON "coordination" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "leader_duty_live_1" ON "leader_duty" ("on_day") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "outreach_live_1" ON "outreach" ("held_on") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "outreach_live_2" ON "outreach" ("name_key") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "sample_live_1" ON "sample" ("sampled_on") WHERE "removed_at" IS NULL')
    db.execute_sql('CREATE INDEX "sample_live_2" ON "sample" ("name_key") WHERE "removed_at" IS NULL')
