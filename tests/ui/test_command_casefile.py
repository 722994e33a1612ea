"""The command casefile as scripts meet it: whose case, which part of it, what is told of files that cannot be shown."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pypdf
import pytest

import app
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.merge_plan import plan_merge
from models.merging import merge
from models.organization import Officer
from models.scene_record import SceneRecord
from tests.reports.case_ledger import PERMIT, CaseOffice, case_office, make_office, photo, scan
from tests.reports.reading import read_pages


@pytest.fixture(scope="module")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case") / "office"
    make_office(folder)
    return folder


@pytest.fixture
def folder(made_office: Path, tmp_path: Path) -> Path:
    """A ledger with a photo, a scan and a photo that is gone."""
    with case_office(made_office, tmp_path / "office") as office:
        office.attach_files(Enterprise, office.place, {"合同.pdf": scan(2)})
        office.attach_files(Inspection, office.inspection, {"a.jpg": photo((800, 600)), "b.jpg": photo((90, 60))})
        office.blob("b.jpg").unlink()
    return tmp_path / "office"


@pytest.fixture
def office(made_office: Path, tmp_path: Path) -> Iterator[CaseOffice]:
    with case_office(made_office, tmp_path / "office") as made:
        yield made


def call(folder: Path, *line: str) -> subprocess.CompletedProcess[str]:
    """``casefile`` inside this process."""
    told, err = io.StringIO(), io.StringIO()
    with redirect_stdout(told), redirect_stderr(err):
        try:
            code = app.main(["--data-dir", str(folder), "--today", "2024-06-30", "casefile", *line])
        except SystemExit as left:
            code = int(left.code or 0)
    return subprocess.CompletedProcess(line, code, told.getvalue(), err.getvalue())


def test_a_case_is_written_and_what_is_lacking_is_told(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "case.pdf"
    done = call(folder, "示例小馆", "-o", str(out))
    assert done.returncode == 0, done.stderr
    pages = read_pages(out)
    assert f"6件8页，连封面、目录、备考表共{len(pages)}页" in done.stdout
    assert "1个附件有问题" in done.stderr
    assert "监督检查“示例小馆”的附件“b.jpg”：文件不见了" in done.stderr
    assert "没有归入案卷：监督检查告知页（没有登记现场记录）" in done.stderr
    assert "b.jpg" in pages[1]
    assert "文件不见了" in pages[1]


@pytest.mark.parametrize("words", [PERMIT, PERMIT.lower(), "示例小馆/西郊路2号", "示例小馆／昌江区示例餐饮管理公司"])
def test_a_place_is_found_by_number_and_by_name_with_address(folder: Path, tmp_path: Path, words: str) -> None:
    out = tmp_path / "case.pdf"
    assert call(folder, words, "-o", str(out)).returncode == 0
    assert "示例小馆" in read_pages(out)[0]


def test_names_that_fit_nobody_or_several_list_the_candidates(office: CaseOffice, tmp_path: Path) -> None:
    place = Enterprise.get_by_id(office.place)
    uids = [place.uid, Enterprise.get_by_id(office.other).uid]
    with office.ledger.write("改名") as tx:
        tx.update(Enterprise.get_by_id(office.other), name=place.name)
    office.ledger.close()
    out = tmp_path / "x.pdf"
    done = call(tmp_path / "office", "示例小馆", "-o", str(out))
    assert done.returncode == 1
    assert "有2户" in done.stderr
    assert all(uid in done.stderr for uid in uids)
    assert "西郊路9号" in done.stderr
    assert call(tmp_path / "office", "示例小馆/西郊路9号", "-o", str(out)).returncode == 1  # nothing is filed there
    assert call(tmp_path / "office", uids[0], "-o", str(out)).returncode == 0
    done = call(tmp_path / "office", "小馆", "-o", str(tmp_path / "y.pdf"))
    assert done.returncode == 1
    assert "相近的有：示例小馆（西郊路2号" in done.stderr
    assert not (tmp_path / "y.pdf").exists()


@pytest.mark.parametrize("line", [("--visit", "2024.6.20"), ("--visit", "1"), ("--notice", "昌市监责改[2024]1号")])
def test_a_visit_s_or_a_notice_s_case(folder: Path, tmp_path: Path, line: tuple[str, str]) -> None:
    out = tmp_path / "case.pdf"
    done = call(folder, "示例小馆", "-o", str(out), *line)
    assert done.returncode == 0, done.stderr
    pages = read_pages(out)
    assert ("责令改正案卷" if line[0] == "--notice" else "监督检查案卷") in pages[0]
    assert "合同" not in pages[1]
    assert "责令改正通知书" in pages[1]


def test_a_visit_or_notice_that_is_not_there_names_those_that_are(folder: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "x.pdf")
    done = call(folder, "示例小馆", "-o", out, "--visit", "2024-01-01")
    assert done.returncode == 1
    assert "2024-06-20 日常监督检查（编号1）" in done.stderr
    assert "还没有检查" in call(folder, "示例分店", "-o", out, "--visit", "7").stderr
    assert "昌市监责改〔2024〕1号" in call(folder, "示例小馆", "-o", out, "--notice", "昌市监责改〔2024〕9号").stderr
    assert "还没有签发" in call(folder, "示例分店", "-o", out, "--notice", "x").stderr


def test_a_period_and_what_cannot_be_meant(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "case.pdf"
    assert call(folder, "示例小馆", "-o", str(out), "--to", "2024-06-01").returncode == 0
    assert "责令改正通知书" not in read_pages(out)[1]
    assert "至2024年6月1日" in read_pages(out)[0]
    for line in (
        ("--from", "2024-7-1", "--to", "2024-6-1"), ("--from", "没有的日子"), ("--visit", "1", "--notice", "x"),
        ("--visit", "1", "--from", "2024-1-1"),
    ):  # fmt: skip
        assert call(folder, "示例小馆", "-o", str(tmp_path / "no.pdf"), *line).returncode == 2
    assert call(folder, "示例分店", "-o", str(tmp_path / "no.pdf")).returncode == 1
    assert not (tmp_path / "no.pdf").exists()


def test_a_visit_is_found_by_the_number_of_its_record_and_by_uid(office: CaseOffice, tmp_path: Path) -> None:
    office.put(SceneRecord, inspection=office.inspection, number="昌检2024-31")
    uid = Inspection.get_by_id(office.inspection).uid
    office.ledger.close()
    for words in ("昌检2024-31", uid):
        out = tmp_path / "case.pdf"
        assert call(tmp_path / "office", "示例小馆", "-o", str(out), "--visit", words).returncode == 0
        assert "昌检2024-31" in read_pages(out)[1]


def test_a_draft_alone_makes_no_case(office: CaseOffice, tmp_path: Path) -> None:
    values = {"inspected_on": dt.date(2024, 6, 29), "kind": "routine", "state": "draft"}
    office.put(Inspection, enterprise=office.other, officers=[one.id for one in Officer.live()], **values)
    office.ledger.close()
    done = call(tmp_path / "office", "示例分店", "-o", str(tmp_path / "no.pdf"))
    assert done.returncode == 1
    assert "只有：" in done.stderr
    assert "草稿" in done.stderr
    assert not (tmp_path / "no.pdf").exists()


def test_a_target_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    done = call(folder, "示例小馆", "-o", str(tmp_path / "taken"))
    assert done.returncode == 1
    assert done.stderr.strip().endswith("再存。")
    assert not list(tmp_path.glob(".*part"))


def test_a_merged_place_is_found_by_its_old_name(office: CaseOffice, tmp_path: Path) -> None:
    old = Enterprise.get_by_id(office.other)
    name, uid = old.name, old.uid
    plan = plan_merge(Enterprise, office.place, office.other, office.ledger.today)
    with office.ledger.write("合并") as tx:
        merge(tx, plan, {})
    office.ledger.close()
    for words in (name, uid):
        out = tmp_path / "case.pdf"
        assert call(tmp_path / "office", words, "-o", str(out)).returncode == 0
        assert len(pypdf.PdfReader(out).pages) > 3
