"""Opening the office's ledger: the file, its seeds and its clock. Knows no screen."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import models.registers  # noqa: F401  (every table must be known before a ledger is opened)
from models.core.ledger import Ledger, open_ledger
from models.seeds import seed_new_ledger
from models.settings import demo_today


def open_office(folder: Path, *, write: bool = True, today: dt.date | None = None) -> Ledger:
    """Open a folder's ledger, seeded where it is new, with the demo's clock where it is the demo.

    Raises what ``open_ledger`` raises.
    """
    ledger = open_ledger(folder, write=write, today=today)
    try:
        seed_new_ledger(ledger)
        ledger.own_today = demo_today()
    except BaseException:
        ledger.close()
        raise
    return ledger


def is_demo(ledger: Ledger) -> bool:
    """Whether the open ledger holds the demo."""
    return ledger.own_today is not None
