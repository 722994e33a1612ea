"""Saved views: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class SavedView(Model):
        uid = CharField(unique=True, max_length=32)
        version = IntegerField(default=1)
        removed_at = DateTimeField(null=True)
        register = CharField(max_length=60)
        name = CharField(max_length=40)
        content = TextField(default='{}')
        class Meta:
            database = db
            table_name = 'saved_view'
    db.create_tables([SavedView])
    db.execute_sql('CREATE UNIQUE INDEX "saved_view_live_1" ON "saved_view" ("register", "name") WHERE "removed_at" IS NULL')
