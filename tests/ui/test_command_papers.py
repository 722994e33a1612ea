"""The command papers as scripts meet it, on the demo: each kind, names that fit nobody or several, nothing to print."""

from __future__ import annotations

import io
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pypdf
import pytest

import app
from models.core.ledger import Ledger
from models.core.register import View, register
from reports.responsibility_file import TITLES
from ui.command_demo import write_responsibility


def call(folder: Path, out: Path, *line: str) -> subprocess.CompletedProcess[str]:
    """``papers`` inside this process."""
    told, err = io.StringIO(), io.StringIO()
    with redirect_stdout(told), redirect_stderr(err):
        try:
            code = app.main(["--data-dir", str(folder), "papers", *line, "-o", str(out)])
        except SystemExit as left:
            code = int(left.code or 0)
    return subprocess.CompletedProcess(line, code, told.getvalue(), err.getvalue())


def names(demo: Ledger, register_name: str, column: str) -> list[str]:
    found = register(register_name)
    ids = found.ids(View(presets=("current",)), demo.today)
    return [str(row.values[0]) for row in found.rows(ids, demo.today, (found.column(column),))]


@pytest.mark.parametrize("kind", ["responsibility", "task", "oversight", "commitment", "board"])
def test_an_area_s_papers_are_written(demo_folder: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "deep" / f"{kind}.pdf"
    done = call(demo_folder, out, "--area", "荷塘乡", "--kind", kind)
    assert done.returncode == 0, done.stderr
    reader = pypdf.PdfReader(out)
    assert f"{len(reader.pages)}页" in done.stdout
    assert "荷塘乡" in done.stdout
    assert reader.outline
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert "None" not in text
    assert "荷塘乡" in text


def test_every_enterprise_with_an_official_has_its_board(
    demo_folder: Path, demo_reader: Ledger, tmp_path: Path
) -> None:
    assigned = set(names(demo_reader, "assignments", "enterprise"))
    demo_reader.close()
    out = tmp_path / "all.pdf"
    done = call(demo_folder, out, "--all", "--kind", "board")
    assert done.returncode == 0, done.stderr
    titles = {
        item.title
        for group in pypdf.PdfReader(out).outline
        if isinstance(group, list)
        for item in group
        if not isinstance(item, list)
    }
    assert titles <= assigned
    assert len(titles) > 0.9 * len(assigned)


def test_handovers_are_those_up_to_the_day(demo_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "h.pdf"
    assert call(demo_folder, out, "--all", "--kind", "handover").returncode == 0
    done = call(demo_folder, tmp_path / "none.pdf", "--all", "--kind", "handover", "--on", "2020-01-01")
    assert done.returncode == 1
    assert "请先在窗口里办理离任交接" in done.stderr
    assert not (tmp_path / "none.pdf").exists()


def test_names_that_fit_nobody_list_the_candidates(demo_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    done = call(demo_folder, out, "--official", "操", "--kind", "task")
    assert done.returncode == 1
    assert "操松涛（鲇鱼山镇" in done.stderr
    done = call(demo_folder, out, "--area", "荷塘", "--kind", "task")
    assert done.returncode == 1
    assert "荷塘乡" in done.stderr
    assert not out.exists()


def test_what_cannot_be_meant_is_told(demo_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    assert call(demo_folder, out, "--kind", "task").returncode == 2
    assert call(demo_folder, out, "--all", "--area", "荷塘乡", "--kind", "task").returncode == 2
    assert "没有 badge" in call(demo_folder, out, "--all", "--kind", "badge").stderr
    assert call(demo_folder, out, "--all", "--kind", "task", "--on", "没有的日子").returncode == 2


def test_the_demo_writes_one_of_each(demo_reader: Ledger, tmp_path: Path) -> None:
    written = dict(write_responsibility(demo_reader, tmp_path))
    assert sorted(path.name for path in written) == sorted(f"{title}.pdf" for title in TITLES.values())
    for path, pages in written.items():
        assert len(pypdf.PdfReader(path).pages) == pages > 0
