"""What is written: types, shape, harmless texts; what comes of edits made elsewhere, conflicts, removed rows."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from models.area import Area
from models.core.errors import KnownError
from models.core.ledger import Ledger
from models.core.register import View, register
from models.core.saving import save
from models.enterprise import Enterprise, Party
from models.outreach import Outreach
from models.transfer.commit import commit
from models.transfer.export import export
from models.transfer.progress import Cancelled
from models.transfer.sidecar import MARK
from tests.models.transfer.conftest import Importing
from tests.models.transfer.test_every_register import back, edited

CODE = "91360202MA0000000X"


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    area = Area.get(Area.name == "新枫街道")
    with ledger.write("登记") as tx:
        for n in range(3):
            party = save(tx, Party, {"name": f"示例公司{n}"}, waivers={"no_uscc": "示例"})
            values = {"name": f"示例{n}号店", "party": party.id, "address": f"示例路{n}号", "area": area.id}
            values |= {"category": "catering", "phone": "13979801234", "opened_on": dt.date(2020, 1, n + 1)}
            save(tx, Enterprise, values)
        save(tx, Outreach, {"topic": "=cmd|' /C calc'!A0", "held_on": dt.date(2024, 5, 1), "place": "+1@x"})
    return ledger


def cells(path: Path) -> list[list[Any]]:
    return python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()


def test_types_and_shape(filled: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    paths = ["name", "phone", "opened_on", "diners", "chain"]
    assert export(register("enterprises"), View(), filled.today, path, paths) == 3
    rows = cells(path)
    assert rows[0][:5] == ["主体名称", "联系电话", "开业日期", "就餐人数", "连锁"]
    assert rows[0][5] == MARK
    assert rows[1][:5] == ["示例0号店", "13979801234", dt.date(2020, 1, 1), "", "否"]
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    assert 'hidden="1"' in sheet


def test_sorted_and_filtered_as_shown(filled: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    export(
        register("enterprises"), View(search="示例", order=(("name", True),)), filled.today, path, ["name"]
    )
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [r[0] for r in csv.reader(file)] == ["主体名称", "示例2号店", "示例1号店", "示例0号店"]


def test_formulas_stay_text(filled: Ledger, tmp_path: Path) -> None:
    outreach = register("outreach")
    export(outreach, View(), filled.today, tmp_path / "a.xlsx")
    assert b"<f>" not in zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml")
    assert cells(tmp_path / "a.xlsx")[1][1] == "=cmd|' /C calc'!A0"
    export(outreach, View(), filled.today, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        row = list(csv.reader(file))[1]
    assert [c for c in row if c.startswith(("=", "+", "-", "@"))] == []
    assert back(filled, outreach, tmp_path / "a.csv").counts["unchanged"] == 1


def place(path: str) -> int:
    """Where a column of the roster stands in its export."""
    return [column.path for column in register("enterprises").columns].index(path)


def test_an_edit_made_elsewhere(filled: Ledger, tmp_path: Path) -> None:
    enterprises = register("enterprises")
    export(enterprises, View(), filled.today, tmp_path / "a.xlsx")
    edited(tmp_path / "a.xlsx", tmp_path / "b.xlsx", 1, place("address"), "")
    edited(tmp_path / "a.xlsx", tmp_path / "c.xlsx", 2, place("principal"), "张三")
    plan = back(filled, enterprises, tmp_path / "c.xlsx")
    [changed] = [p for p in plan.rows if p.status == "changed"]
    assert [(d.label, d.old, d.new) for d in changed.differences] == [("负责人", "", "张三")]
    with filled.write("导入") as tx:
        assert commit(tx, plan)["changed"] == 1
    assert Enterprise.get(Enterprise.name == "示例1号店").principal == "张三"
    emptied = back(filled, enterprises, tmp_path / "b.xlsx").rows[0]
    assert emptied.status == "wrong"
    assert "经营地址" in str(emptied.reasons[0])


def test_conflicts_with_changes_made_meanwhile(filled: Ledger, tmp_path: Path) -> None:
    enterprises = register("enterprises")
    export(enterprises, View(), filled.today, tmp_path / "a.xlsx")
    edited(tmp_path / "a.xlsx", tmp_path / "b.xlsx", 1, place("principal"), "张三")
    with filled.write("修改") as tx:
        save(tx, Enterprise, {"principal": "李四"}, Enterprise.get(Enterprise.name == "示例0号店"))
        save(tx, Enterprise, {"principal": "王五"}, Enterprise.get(Enterprise.name == "示例1号店"))
    plan = back(filled, enterprises, tmp_path / "b.xlsx")
    first, second, _ = plan.rows
    assert first.status == "doubtful"
    assert (first.differences[0].old, first.differences[0].new, first.differences[0].conflict) == (
        "李四",
        "张三",
        True,
    )
    assert second.status == "unchanged", "what the file did not touch stays as it is now"
    with filled.write("导入") as tx:
        commit(tx, plan, [first.number])
    assert Enterprise.get(Enterprise.name == "示例0号店").principal == "张三"
    assert Enterprise.get(Enterprise.name == "示例1号店").principal == "王五"


def test_rows_removed_and_records_removed(filled: Ledger, tmp_path: Path) -> None:
    enterprises = register("enterprises")
    export(enterprises, View(), filled.today, tmp_path / "a.xlsx")
    for column in range(20):
        edited(tmp_path / "a.xlsx", tmp_path / "b.xlsx", 1, column, "")
        (tmp_path / "b.xlsx").replace(tmp_path / "a.xlsx")
    plan = back(filled, enterprises, tmp_path / "a.xlsx")
    assert [c.label for c in plan.removed] == ["示例0号店"]
    with filled.write("导入") as tx:
        assert commit(tx, plan, removed=[plan.removed[0].id])["removed"] == 1
    assert enterprises.count(View(), filled.today) == 2
    filled.undo()
    assert enterprises.count(View(), filled.today) == 3


def test_a_changed_record_since_the_preview_stops_the_import(filled: Ledger, tmp_path: Path) -> None:
    enterprises = register("enterprises")
    export(enterprises, View(), filled.today, tmp_path / "a.xlsx")
    edited(tmp_path / "a.xlsx", tmp_path / "b.xlsx", 1, place("principal"), "张三")
    plan = back(filled, enterprises, tmp_path / "b.xlsx")
    with filled.write("修改") as tx:
        save(tx, Enterprise, {"note": "改"}, Enterprise.get(Enterprise.name == "示例0号店"))
    with pytest.raises(KnownError, match="被改过"), filled.write("导入") as tx:
        commit(tx, plan)
    assert Enterprise.get(Enterprise.name == "示例0号店").principal == ""


def test_stopping_leaves_the_older_file(filled: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"older")
    with pytest.raises(Cancelled):
        export(register("enterprises"), View(), filled.today, path, progress=lambda done, total: False)
    assert path.read_bytes() == b"older"
    assert [p.name for p in tmp_path.iterdir() if "part" in p.name] == []
    with pytest.raises(KnownError, match=r"\.docx"):
        export(register("enterprises"), View(), filled.today, tmp_path / "a.docx")
    with pytest.raises(KnownError, match="不能写入"):
        export(register("enterprises"), View(), filled.today, path / "b.xlsx")


def test_masked_numbers_come_back_unchanged(importing: Importing, tmp_path: Path) -> None:
    from models.rules.identifiers import make_resident_id

    with importing.ledger.write("登记") as tx:
        save(tx, Party, {"name": "示例甲", "kind": "person", "id_number": make_resident_id(1)})
    for name in ("a.xlsx", "a.csv"):
        export(register("parties"), View(), importing.ledger.today, tmp_path / name)
        assert back(importing.ledger, register("parties"), tmp_path / name).counts["unchanged"] == 1
