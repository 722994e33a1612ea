"""The demo ledger: its records pass the program's own checks, it is the same each time, it refuses a used ledger."""

from __future__ import annotations

import collections
import datetime as dt
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.annual_rating import AnnualRating
from models.area import Area
from models.campaign import Campaign, untouched_seeds
from models.checklist_answer import ChecklistAnswer, answers_of
from models.core.changes import Action
from models.core.errors import KnownError, Refused
from models.core.figure import figure
from models.core.ledger import FILE_NAME, Ledger, plain_connection
from models.core.record import TABLES
from models.core.register import View, register
from models.core.saving import Draft, inspect
from models.coverage import coverage
from models.demo import FILLED, KIND, STEPS, fill_demo
from models.enterprise import Enterprise, Party
from models.inspection import Inspection
from models.notice import Notice, Reinspection
from models.notice_steps import numbering_findings, text_of
from models.opening import is_demo, open_office
from models.organization import Branch, Officer
from models.rating import HygieneRating
from models.rating_round import score_of
from models.responsibility import Official
from models.rules.calendar import WorkCalendar

TODAY = dt.date(2024, 6, 30)
#: Tables with more records than this are checked in part, evenly over their ids.
SAMPLE = 90


@pytest.mark.parametrize("model", [t for t in TABLES if t.title], ids=lambda t: t.__name__)
def test_records_pass_their_own_checks(demo_reader: Ledger, model: type) -> None:
    ids = [row[0] for row in model.live().select(model.id).order_by(model.id).tuples()]
    for key in ids[:: max(1, len(ids) // SAMPLE)]:
        found = inspect(Draft(model, {}, model.get_by_id(key), demo_reader.today))
        assert [(p.field, p.rule, p.message) for p in found] == []


def test_every_register_of_work_is_filled(demo_reader: Ledger) -> None:
    for model in FILLED:
        assert model.live().count() >= 2, model.__name__
    assert Enterprise.live().count() > 2000
    assert Official.live().count() == pytest.approx(290, abs=15)
    assert Officer.live().count() == 40
    assert Branch.live().count() == 5


def test_it_is_marked_and_has_its_own_today(demo_reader: Ledger) -> None:
    assert is_demo(demo_reader)
    assert demo_reader.today == TODAY
    for model in (Enterprise, Party, Branch):
        assert all("示例" in row.name for row in model.live())
    assert all("示例" in area.name for area in Area.live().where(Area.level == "village"))
    printed = text_of(Notice.live().where(Notice.state == "closed").first())
    assert printed.demo
    assert "示例" in printed.addressee


def test_notices_of_every_kind(demo_reader: Ledger) -> None:
    notices = register("notices")

    def count(preset: str) -> int:
        return len(notices.ids(View(presets=(preset,)), demo_reader.today))

    assert count("draft") == 2
    assert count("void") == 1
    assert count("overdue") == 5
    assert count("due_soon") == 5
    assert count("unserved") == 3
    states = collections.Counter(n.state for n in Notice.live())
    assert states["referred"] == 1
    assert states["closed"] > 200
    assert Notice.live().where(Notice.extended_to.is_null(False)).count() == 1
    assert Notice.live().where(Notice.inspection.is_null()).count() == 6
    assert {n.source for n in Notice.live()} == {"inspection", "sampling", "complaint", "assignment"}
    assert {n.mode for n in Notice.live()} == {"immediate", "deadline"}


def test_numbers_have_no_gap(demo_reader: Ledger) -> None:
    assert numbering_findings() == []
    for year in (2023, 2024):
        first = Notice.live().where(Notice.number.endswith(f"〔{year}〕1号")).get()
        numbered = [n for n in Notice.live() if n.issued_on is not None and n.issued_on.year == year]
        assert first.number == f"昌市监责改〔{year}〕1号"
        assert sorted(n.serial for n in numbered) == list(range(1, len(numbered) + 1))
        assert [n.serial for n in sorted(numbered, key=lambda n: (n.issued_on, n.serial))] == sorted(
            n.serial for n in numbered
        )


def test_closed_notices_have_their_reinspection(demo_reader: Ledger) -> None:
    for notice in Notice.live().where(Notice.state == "closed"):
        last = (
            Reinspection.live()
            .where(Reinspection.notice == notice.id)
            .order_by(Reinspection.id.desc())
            .first()
        )
        assert last.inspected_on == notice.closed_on
        assert notice.issued_on <= notice.served_on <= notice.closed_on


def test_inspections_are_on_working_days(demo_reader: Ledger) -> None:
    calendar = WorkCalendar.published()
    days = [i.inspected_on for i in Inspection.live()]
    assert sum(calendar.is_workday(day) for day in days) > 0.97 * len(days)
    assert max(days) <= TODAY


def test_coverage_shows_gaps(demo_reader: Ledger) -> None:
    rate = figure("assignment.rate").value(TODAY, TODAY)
    assert rate is not None
    assert 0.9 < rate < 1
    assert {row.level for row in coverage(TODAY)} >= {"city", "district", "township", "village"}


def test_the_file_is_sound(demo_reader: Ledger) -> None:
    assert demo_reader.check() == []


def test_it_cannot_be_undone_or_made_twice(demo: Ledger) -> None:
    assert Action.select().where(Action.kind == KIND).get().final
    with pytest.raises(Refused):
        demo.undo()
    before = Enterprise.live().count()
    with pytest.raises(KnownError, match="已有主体记录"):
        fill_demo(demo)
    assert Enterprise.live().count() == before


@pytest.mark.parametrize("kind", ["party", "village"])
def test_a_used_ledger_is_refused(tmp_path: Path, new_place: Callable[[Path], Path], kind: str) -> None:
    ledger = open_office(new_place(tmp_path))
    try:
        with ledger.write("登记") as tx:
            if kind == "party":
                tx.insert(Party, name="某店", kind="individual_business")
            else:
                town = Area.live().where(Area.level == "township").first()
                tx.insert(Area, name="某村", level="village", parent=town.id)
        with pytest.raises(KnownError, match="--data-dir"):
            fill_demo(ledger)
        assert not is_demo(ledger)
        assert Enterprise.select().count() == 0
        assert Action.select().where(Action.kind == KIND).count() == 0
    finally:
        ledger.close()


# A second build, in a process with another seed of hashes, telling its progress.
BUILD = """
import sys
from collections.abc import Callable
from pathlib import Path
from models.demo import fill_demo
from models.opening import open_office
ledger = open_office(Path(sys.argv[1]))
fill_demo(ledger, lambda done, total, text: print(done, total, text))
ledger.close()
"""


def dump(path: Path) -> dict[str, str]:
    """A digest of each table, without what differs by nature: seeded uids, the time and the seat of the actions."""
    found = {}
    with plain_connection(path) as raw:
        for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
            if table.startswith(("sqlite", "schema_migration")):
                continue
            columns = [row[1] for row in raw.execute(f'PRAGMA table_info("{table}")')]
            kept = [c for c in columns if c not in ("uid", "at", "actor", "seat")]
            order = ", ".join(f'"{c}"' for c in kept)
            rows = raw.execute(f'SELECT {order} FROM "{table}" ORDER BY "id"').fetchall()
            if table in ("change_log", "changelog"):
                rows = [row for row in rows if row[kept.index("action_id")] > 1]
            found[table] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"
    return found


def test_two_builds_are_the_same(
    demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    command = [sys.executable, "-X", "utf8", "-c", BUILD, str(tmp_path)]
    done = subprocess.run(
        command, cwd=pytestconfig.rootpath, check=True, capture_output=True, encoding="utf-8", timeout=300
    )
    told = [line.split() for line in done.stdout.splitlines()]
    assert [(int(a), int(b)) for a, b, _ in told] == [(n, len(STEPS)) for n in range(len(STEPS) + 1)]
    first, second = dump(demo_file), dump(tmp_path / FILE_NAME)
    assert len(first) > 25
    assert first == second


def test_a_good_share_of_inspections_answered_a_checklist(demo_reader: Ledger) -> None:
    done = Inspection.live().where(Inspection.state == "done", Inspection.inspected_on >= dt.date(2024, 1, 1))
    answered = ChecklistAnswer.live().where(ChecklistAnswer.inspection.in_(done))
    assert 0.5 < answered.count() / done.count() < 0.8
    failed = ChecklistAnswer.live().where(ChecklistAnswer.failed_count > 0)
    assert failed.count() > 300
    for row in failed.limit(60):
        [found] = answers_of(row.inspection)
        assert all(item.finding for item in found.items if item.answer == "no")
        assert found.counts.failed == len(found.numbers("no")) == row.failed_count
    assert {row.level for row in failed} == {"basic", "failed"}
    for start, end in ((dt.date(2023, 1, 1), dt.date(2023, 6, 30)), (dt.date(2024, 1, 1), TODAY)):
        assert figure("checklists.failed").value(start, end) == figure("checklists.findings").value(start, end) > 50
    [unfinished] = [row for row in ChecklistAnswer.live() if row.inspection.state == "draft" and row.failed == ""][:1]
    assert 0 < unfinished.checked < 20


def test_ratings_follow_the_checklist_of_their_inspection(demo_reader: Ledger) -> None:
    rated = 0
    for rating in HygieneRating.live().where(HygieneRating.key_failures.is_null(False)).limit(80):
        answer = (
            ChecklistAnswer.live()
            .join(Inspection, on=(ChecklistAnswer.inspection == Inspection.id))
            .where(Inspection.enterprise == rating.enterprise_id, Inspection.inspected_on == rating.rated_on)
            .get()
        )
        assert rating.score == score_of(answer.checked, answer.failed_count)
        rated += 1
    assert rated == 80
    assert {row.grade for row in AnnualRating.live().where(AnnualRating.year == 2023)} >= {"A", "B", "C"}


def test_a_campaign_of_the_clerks_own_refuses_the_demo_the_seeded_ones_do_not(tmp_path: Path) -> None:
    ledger = open_office(tmp_path / "office")
    try:
        assert Campaign.live().where(untouched_seeds()).count() == Campaign.live().count() == 14
        one = Campaign.live().first()
        with ledger.write("修改") as tx:
            tx.update(one, ends_on=dt.date(2024, 7, 31))
        with pytest.raises(KnownError, match="专项整治"):
            fill_demo(ledger)
    finally:
        ledger.close()


def test_figures_of_hygiene_ratings_add_up(demo_reader: Ledger) -> None:
    year = (dt.date(2024, 1, 1), TODAY)
    parts = [figure(f"hygiene.ratings.{code}").value(*year) for code in ("excellent", "good", "fair", "none")]
    assert sum(parts) == figure("hygiene.ratings").value(*year) > 700
    assert parts[0] == len(figure("hygiene.ratings.excellent").ids(*year)) > 0
    grades = [figure(f"hygiene.annual.{code}").value(*year) for code in "ABC"]
    unrated = AnnualRating.live().where(AnnualRating.grade == "none").count()
    assert sum(grades) + unrated == figure("hygiene.annual").value(*year) == AnnualRating.live().count()
    assert figure("hygiene.annual").value(dt.date(2023, 1, 1), dt.date(2023, 12, 31)) == 0
