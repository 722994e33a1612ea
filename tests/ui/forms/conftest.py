"""A ledger with a party, a place and two officers, and forms that end with their test."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from models.area import Area
from models.core.ledger import Ledger
from models.core.saving import save
from models.enterprise import Enterprise, Party
from models.opening import open_office
from models.organization import Officer
from tests.ui.forms.hands import GOOD_CODE, Hands
from ui.kit.record_dialog import RecordDialog
from ui.kit.session import Session
from ui.kit.theme import apply_theme

TODAY = dt.date(2024, 6, 30)
Put = Callable[..., Any]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_office(tmp_path / "ledger", today=TODAY)
    yield opened
    opened.close()


@pytest.fixture
def session(qapp: QApplication, ledger: Ledger) -> Iterator[Session]:
    apply_theme(qapp, "light")
    made = Session(ledger)
    yield made
    made.jobs.shutdown()


@pytest.fixture
def put(ledger: Ledger) -> Callable[..., Any]:
    """Store a record straight through the models: what a test starts from."""

    def store(model: Any, **values: Any) -> Any:
        with ledger.write("准备") as tx:
            return save(tx, model, values)

    return store


@pytest.fixture
def open_form(session: Session) -> Iterator[Callable[..., Any]]:
    made: list[RecordDialog] = []

    def make(register: str, record_id: int | None = None, **values: Any) -> Any:
        dialog = RecordDialog(session, register, record_id, values)
        made.append(dialog)
        return Hands(dialog)

    yield make
    for dialog in made:
        if shiboken6.isValid(dialog):
            shiboken6.delete(dialog)


@pytest.fixture
def town() -> Area:
    return Area.get(Area.name == "鲇鱼山镇")


@pytest.fixture
def party(put: Put) -> Party:
    return put(Party, name="示例餐饮有限公司", uscc=GOOD_CODE, principal="陈示例")


@pytest.fixture
def place(put: Put, party: Party, town: Area) -> Enterprise:
    return put(
        Enterprise,
        name="示例饭店",
        party=party.id,
        address="示例路1号",
        category="catering",
        area=town.id,
        tier="D",
    )


@pytest.fixture
def officers(put: Put) -> list[Officer]:
    return [put(Officer, name=name, certificate=f"JX{n}") for n, name in enumerate(("张示例", "李示例"), 1)]
