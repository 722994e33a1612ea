"""The demo of the command line: fills an empty ledger and writes its documents; knows no Qt."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from models.core.ledger import Ledger
from models.core.register import View, register
from models.rules.dates import Period, format_date_paper
from models.rules.file_names import safe_file_name
from models.settings import demo_today, settings

#: The registers whose lists are written, with the demo's period where they grow by the day.
LISTS = ("enterprises", "assignments", "inspections", "findings", "notices")
#: What is printed of a wide register; the others print the columns that the screen shows.
PRINTED = {
    "enterprises": (
        "name",
        "category",
        "status",
        "area",
        "address",
        "principal",
        "phone",
        "permit_number",
        "tier",
    ),
}
DATED = {"inspections": "inspections.total", "findings": "inspections.findings", "notices": "notices.total"}


def make_demo(ledger: Ledger) -> Period:
    """Fill the ledger; returns the half-year up to the demo's own today. Raises Refused where it holds records."""
    from models.demo import fill_demo

    fill_demo(ledger, _tell)
    if sys.stderr is not None and sys.stderr.isatty():
        print(file=sys.stderr)
    ledger.own_today = demo_today()
    day = ledger.own_today or ledger.today
    return Period.half_year(day.year, 1 if day.month <= 6 else 2)


def _tell(done: int, total: int, text: str) -> None:
    """Progress on one line of a console, nothing into a file."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"\r{done}/{total} {text}\033[K")
        sys.stderr.flush()


def write_responsibility(ledger: Ledger, folder: Path) -> Iterator[tuple[Path, int]]:
    """One of each paper of 包保责任: of the busiest official; the handovers of all."""
    from models.responsibility_scope import of_all, of_officials
    from reports.responsibility_file import KINDS, TITLES, write_papers

    day = ledger.today
    officials = register("officials")
    load = (officials.column("load"),)
    rows = officials.rows(officials.ids(View(), day), day, load)
    busiest = max(rows, key=lambda row: (row.values[0], -row.id)).id
    for kind in KINDS:
        whose = of_all(day) if kind == "handover" else of_officials([busiest], day)
        path = folder / f"{TITLES[kind]}.pdf"
        yield path, write_papers(kind, whose, day, path, demo=True).pages


def write_grades(folder: Path) -> Iterator[tuple[Path, int]]:
    """The determination forms of the grades that were raised or lowered, and one posted card of each face."""
    from models.rating import UNRATED, HygieneRating, RiskAssessment
    from reports.grade_file import TITLES, write_grade_papers

    one = RiskAssessment
    moved = one.live().where(one.detail != "", one.grade != one.base_grade).order_by(one.id)
    cards = {
        rating.rating: rating.id
        for rating in HygieneRating.live().where(HygieneRating.rating != UNRATED).order_by(HygieneRating.id)
    }
    for kind, ids in (("risk", [row.id for row in moved]), ("card", sorted(cards.values()))):
        path = folder / f"{TITLES[kind]}.pdf"
        yield path, write_grade_papers(kind, ids, path, demo=True)


def write_case_file(ledger: Ledger, folder: Path) -> Iterator[tuple[Path, int]]:
    """The case of the enterprise with the most notices."""
    from models.case_file import CaseScope
    from models.notice import Notice
    from reports.case_contents import contents_of
    from reports.case_file import file_name, write_case
    from reports.case_papers import Setting

    count = Counter(row[0] for row in Notice.live().select(Notice.enterprise).tuples())
    if not count:
        return
    place = max(count, key=lambda key: (count[key], -key))
    found = contents_of(CaseScope(place), ledger.blobs, Setting(ledger.today, demo=True))
    path = folder / safe_file_name(file_name(found))
    yield path, write_case(found, found.usual(), ledger.blobs, path).pages


def write_visits(folder: Path) -> Iterator[tuple[Path, int]]:
    """Every paper of a visit that led to a notice, of that notice and its re-inspections; the letter of a talk."""
    from models.notice import Notice, Reinspection
    from models.scene_record import SceneRecord
    from models.talk import Talk
    from reports.visit_file import KINDS, write_visit_papers

    closed = Notice.live().where(
        Notice.state == "closed", Notice.inspection.in_(SceneRecord.live().select(SceneRecord.inspection))
    )
    notice = closed.order_by(Notice.issued_on.desc(), Notice.id.desc()).first()
    again = Reinspection.live().where(Reinspection.notice == notice.id).order_by(Reinspection.id)
    talks = Talk.live().order_by(Talk.id).limit(1)
    papers = (
        ("检查文书", ("notification", "scene", "checklist", "result"), [notice.inspection_id]),
        (KINDS["service"].name, ("service",), [notice.id]),
        (KINDS["reinspection"].name, ("reinspection",), [one.id for one in again]),
        (KINDS["talk"].name, ("talk",), [one.id for one in talks]),
    )
    for name, kinds, ids in papers:
        path = folder / f"{name}.pdf"
        yield path, write_visit_papers(kinds, ids, path, demo=True)


def write_documents(ledger: Ledger, period: Period, folder: Path) -> Iterator[tuple[Path, int]]:
    """The year's notices, the period's report and the lists as PDF into a folder; yields each with its pages."""
    from models.notice import Notice
    from reports.list_report import write_list
    from reports.notice_file import write_notices
    from reports.period_report import title_of, write_period_report

    folder.mkdir(parents=True, exist_ok=True)
    year = Period.year(period.end.year)
    issued = (
        Notice.live()
        .where(Notice.issued_on.between(year.start, year.end))
        .order_by(Notice.serial, Notice.number)
    )
    path = folder / f"责令改正通知书{year.end.year}.pdf"
    yield path, write_notices(list(issued), path, demo=True)
    path = folder / f"{''.join(title_of(period, settings()))}.pdf"
    yield path, write_period_report(period, path, ledger.today, demo=True)
    yield from write_responsibility(ledger, folder)
    yield from write_grades(folder)
    yield from write_case_file(ledger, folder)
    yield from write_visits(folder)
    span = f"{format_date_paper(period.start)}至{format_date_paper(period.end)}"
    for name in LISTS:
        wanted = register(name)
        view, words = View(), ""
        if name in DATED:
            view, words = View(figure=(DATED[name], period.start, period.end)), span
        path = folder / f"{wanted.title}.pdf"
        columns = [wanted.column(name) for name in PRINTED.get(name, ())] or None
        yield (
            path,
            write_list(wanted, path, ledger.today, view, filter_words=words, columns=columns, demo=True),
        )
