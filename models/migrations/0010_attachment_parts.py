"""Attachment parts: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column('attachment', 'part', CharField(max_length=40, default='')))
