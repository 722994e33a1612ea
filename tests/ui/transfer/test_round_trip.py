"""Out of the window, edited elsewhere, in again: only the differences, conflicts, removed rows; every register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import python_calamine
from PySide6.QtWidgets import QLabel

from models.core.register import View, register
from models.core.saving import save
from models.enterprise import Enterprise
from models.registers import all_registers
from tests.ui.transfer.hands import HEAD, click, copy_of, counts, load, names, press, row, settle, told
from ui.kit.file_export import export_to, with_ending
from ui.kit.import_dialog import open_import
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session
from ui.kit.toast import Toast

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_round_trip_with_a_conflict_and_a_removed_row(
    page: RegisterPage, start: Any, sheet: Any, session: Session, tmp_path: Path
) -> None:
    load(start, sheet([HEAD, row(1), row(2), row(3)])).accept()
    page.set_view(View())
    settle(session)
    out = tmp_path / "导出.xlsx"
    export_to(page, out)
    settle(session)
    assert any("已导出3户" in text for text in told(Toast))
    first, second, third = (
        r[0] for r in python_calamine.load_workbook(str(out)).get_sheet_by_index(0).to_python()[1:]
    )

    def change(rows: list[list[Any]]) -> None:
        at = rows[0].index("经营地址")
        rows[1][at], rows[2][at] = "改了的地址1号", "改了的地址2号"
        del rows[3]

    edited = copy_of(out, tmp_path / "改过.xlsx", change)
    with session.ledger.write("改地址") as tx:
        record = Enterprise.get(Enterprise.name == first)
        save(tx, Enterprise, {"address": "别处改的地址"}, record, version=record.version)
    dialog = start(edited)
    press(dialog)
    assert counts(dialog) == {"changed": 1, "doubtful": 1}
    shown = [label.text() for label in dialog.preview_page.detail.findChildren(QLabel)]
    assert any("台账里又改过" in text for text in shown)
    dialog.preview_page.removed.click()
    press(dialog)
    addresses = {e.name: e.address for e in Enterprise.live()}
    assert addresses == {first: "别处改的地址", second: "改了的地址2号"}
    assert "移除1户" in dialog.last_page.words.text()
    click(dialog.last_page.undo)
    settle(session)
    assert third in names()


def test_export_follows_search_columns_and_order(
    page: RegisterPage, start: Any, sheet: Any, tmp_path: Path
) -> None:
    load(start, sheet([HEAD, row(1), row(2), row(3)])).accept()
    session = page.session
    page.set_view(View(order=(("name", True),)))
    settle(session)
    wanted = page.model.labels[page.table.shown_columns()[0]]
    page.table.show_column(page.table.shown_columns()[1], False)
    target = tmp_path / "导出.csv"
    export_to(page, target)
    settle(session)
    lines = target.read_text("utf-8-sig").splitlines()
    shown = [page.model.labels[s] for s in page.table.shown_columns()]
    assert lines[0].split(",") == shown
    assert shown[0] == wanted
    listed = [page.model.cells(r).texts[0] for r in range(3)]
    assert [line.split(",")[0] for line in lines[1:]] == listed
    assert with_ending(Path("名册"), ".csv") == Path("名册.csv")
    assert with_ending(Path("a.xlsx"), ".csv") == Path("a.xlsx")


@pytest.mark.parametrize("name", [r.name for r in all_registers() if r.creatable and r.editable])
def test_every_register_is_exported_and_shown_unchanged(
    session: Session, qtbot: Any, tmp_path: Path, name: str
) -> None:
    listed = RegisterPage(session, register(name))
    qtbot.addWidget(listed)
    listed.show()
    settle(session)
    target = tmp_path / "导出.xlsx"
    export_to(listed, target)
    settle(session)
    assert listed.commands.bring.isEnabled()
    dialog = open_import(session, listed.register, target, listed)
    settle(session)
    assert dialog.stack.currentWidget() is dialog.mapping_page
    assert {m.how for m in dialog.mapping_page.mapping.columns} <= {"export", "read_only"}
    press(dialog)
    assert set(counts(dialog)) <= {"unchanged"}
    assert sum(counts(dialog).values()) == len(listed.model.ids)
    assert not dialog.next.isEnabled()
    dialog.reject()
