"""Files that are no tables, given to the window and to the command line: clear words, nothing changed."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import app
from models.core.changes import Action
from models.enterprise import Enterprise
from models.opening import open_office
from tests.models.transfer.test_reading import BAD
from tests.ui.transfer.hands import HEAD, answered, counts, gone, names, press, row, settle
from ui.kit.session import Session

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.mark.parametrize("case", BAD)
def test_the_window_tells_and_changes_nothing(start: Any, session: Session, tmp_path: Path, case: str) -> None:
    make, words = BAD[case]
    before = Action.select().count()
    dialog = start(make(tmp_path))
    settle(session)
    assert any(words in text for text in answered())
    assert gone(dialog)
    assert Action.select().count() == before
    assert Enterprise.live().count() == 0


@pytest.mark.parametrize("case", BAD)
def test_the_command_line_tells_and_changes_nothing(tmp_path: Path, case: str) -> None:
    make, words = BAD[case]
    folder = tmp_path / "ledger"
    open_office(folder).close()
    before = (folder / "ledger.db").read_bytes()
    out, err = io.StringIO(), io.StringIO()
    (tmp_path / "files").mkdir()
    with redirect_stdout(out), redirect_stderr(err):
        line = ["--data-dir", folder, "import", make(tmp_path / "files"), "--register", "enterprises", "--json"]
        code = app.main([str(part) for part in line])
    assert (code, out.getvalue()) == (1, "")
    assert words in err.getvalue()
    assert "程序内部出错" not in err.getvalue()
    ledger = open_office(folder)
    assert Enterprise.live().count() == 0
    ledger.close()
    assert len((folder / "ledger.db").read_bytes()) == len(before)


def test_a_header_alone_has_nothing_to_write(start: Any, sheet: Any) -> None:
    dialog = start(sheet([HEAD]))
    press(dialog)
    assert counts(dialog) == {}
    assert "没有数据行" in dialog.preview_page.notes.text()
    assert not dialog.next.isEnabled()


def test_another_registers_file_offers_no_preview(start: Any, sheet: Any) -> None:
    dialog = start(sheet([["甲乙丙", "丁戊己"], ["一", "二"]]))
    assert not dialog.next.isEnabled(), "no column is matched"


def test_formulas_of_a_file_are_text_and_results_that_lack_are_told(start: Any, tmp_path: Path) -> None:
    path, danger = tmp_path / "公式.xlsx", "=cmd|' /C calc'!A0"
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        for r, values in enumerate([HEAD, [danger, *row(1)[1:]], row(2), row(3)]):
            page.write_row(r, 0, values)
        page.write_formula(2, 2, "=A2", None, "")
        page.write_formula(3, 2, "=1/0", None, "#DIV/0!")
    dialog = start(path)
    press(dialog)
    assert counts(dialog) == {"new": 1, "wrong": 2}
    told = [str(p.reasons[0]) for p in dialog.preview.rows[1:]]
    assert "没有算出的结果" in told[0]
    assert "#DIV/0!" in told[1]
    press(dialog)
    assert names() == [danger]
