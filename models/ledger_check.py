"""The check of a whole ledger: file, links, schema, numbers, attachments. Knows no screen."""

from __future__ import annotations

from pathlib import Path

from models.attachment_check import attachment_findings
from models.core.ledger import FILE_NAME, applied_migrations, check_database, known_migrations
from models.core.schema import schema_findings
from models.notice_steps import numbering_findings


def check_office(folder: Path) -> list[str]:
    """Everything that is wrong with a folder's ledger, in Chinese; empty when all is well. Changes nothing.

    Numbering and attachments are looked at only in a sound ledger of the present schema. Raises LedgerCorrupt where
    the file is no ledger at all.
    """
    path = folder / FILE_NAME
    names = applied_migrations(path)
    found = check_database(path)
    if found:
        return found
    found = schema_findings(path)
    if found and names != known_migrations():
        return found
    from models.opening import open_office  # which loads every topic file, this one too

    ledger = open_office(folder, write=False)
    try:
        return [*found, *numbering_findings(), *attachment_findings(ledger)]
    finally:
        ledger.close()
