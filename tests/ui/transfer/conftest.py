"""A list to import into, and files made by the library that offices' own programs resemble."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from models.core.register import register
from tests.ui.transfer.hands import settle
from ui.kit.import_dialog import ImportDialog, open_import
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    def write(rows: Sequence[Sequence[Any]], name: str = "名册.xlsx") -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path)) as book:
            page = book.add_worksheet("名册")
            for r, values in enumerate(rows):
                for c, value in enumerate(values):
                    page.write_string(r, c, value)
        return path

    return write


@pytest.fixture
def page(session: Session, qtbot: Any) -> RegisterPage:
    made = RegisterPage(session, register("enterprises"))
    qtbot.addWidget(made)
    made.resize(1180, 700)
    made.show()
    settle(session)
    return made


@pytest.fixture
def start(page: RegisterPage, qtbot: Any) -> Callable[..., ImportDialog]:
    def one(path: Path, name: str = "enterprises", wait: bool = True) -> ImportDialog:
        dialog = open_import(page.session, register(name), path, page)
        if wait:
            settle(page.session)
        return dialog

    return one
