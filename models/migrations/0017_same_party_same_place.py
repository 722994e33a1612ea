"""Same party same place: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_index('enterprise', ('party_id', 'address')))
    migrator.migrate(migrator.drop_index('enterprise', 'enterprise_party_id'))

