"""A themed application over a real, empty ledger whose today is 2024-06-30."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from models.core.ledger import Ledger
from models.core.saving import Draft, inspect, save
from models.opening import open_office
from ui.kit.session import Session
from ui.kit.theme import apply_theme


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger with its seeds, open for writing."""
    opened = open_office(tmp_path / "ledger", today=dt.date(2024, 6, 30))
    yield opened
    opened.close()


@pytest.fixture
def session(qapp: QApplication, ledger: Ledger) -> Iterator[Session]:
    """The window's session on that ledger."""
    apply_theme(qapp, "light")
    made = Session(ledger)
    yield made
    made.jobs.shutdown()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def put(ledger: Ledger) -> Callable[..., Any]:
    """Stores a record as a person would, warnings waived."""

    def one(model: Any, **values: Any) -> Any:
        with ledger.write("准备") as tx:
            rules = {problem.rule for problem in inspect(Draft(model, values, None, ledger.today)).warnings}
            return save(tx, model, values, waivers=dict.fromkeys(rules, "测试"))

    return one
