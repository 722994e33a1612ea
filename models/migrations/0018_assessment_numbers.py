"""Assessment numbers: frozen, never edited after a release."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(
        'CREATE INDEX "risk_assessment_live_2" ON "risk_assessment" ("year", "number") WHERE "removed_at" IS NULL'
    )
