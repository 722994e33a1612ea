"""Campaign tasks: frozen, never edited after a release."""

# mypy: disable-error-code="attr-defined,call-overload"
from typing import Any

from peewee import *


def up(migrator: Any, db: Any) -> None:
    class Campaign(Model):
        class Meta:
            database = db
            table_name = 'campaign'

    migrator.migrate(migrator.add_column('inspection_task', 'campaign_id', ForeignKeyField(Campaign, field=Campaign.id, null=True, on_delete='RESTRICT')))

    # The words of a task made of a campaign were its name; others are told by the one campaign the place is a target of.
    named = 'SELECT MIN(c.id) FROM campaign c WHERE c.removed_at IS NULL AND c.name = inspection_task.reason'
    only = (
        'SELECT MIN(t.campaign_id) FROM campaign_target t WHERE t.removed_at IS NULL'
        ' AND t.enterprise_id = inspection_task.enterprise_id HAVING COUNT(DISTINCT t.campaign_id) = 1'
    )
    db.execute_sql(
        f"UPDATE inspection_task SET campaign_id = COALESCE(({named}), ({only})) WHERE source = 'campaign'"
    )
