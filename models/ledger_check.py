"""The check of a whole ledger: file, links, schema, numbers, attachments. Knows no screen."""

from __future__ import annotations

from pathlib import Path

from models.attachment_check import attachment_findings
from models.core.engine import engine_of
from models.core.ledger import known_migrations
from models.notice_steps import numbering_findings


def check_office(folder: Path) -> list[str]:
    """Everything that is wrong with a folder's ledger, in Chinese; empty when all is well. Changes nothing.

    Numbering and attachments are looked at only in a sound ledger of the present schema. Raises LedgerCorrupt where
    the file is no ledger at all.
    """
    engine = engine_of(folder)
    names = engine.applied()
    found = engine.check()
    if found:
        return found
    found = engine.schema_findings()
    if found and names != known_migrations():
        return found
    from models.opening import open_office  # which loads every topic file, this one too

    ledger = open_office(folder, write=False)
    try:
        return [*found, *numbering_findings(), *attachment_findings(ledger)]
    finally:
        ledger.close()
