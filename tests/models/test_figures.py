"""The figures of the demo's half-years: the published table, and each counted again by hand-written SQL."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from models.core.figure import figure
from models.core.ledger import Ledger
from models.core.saving import save
from models.enterprise import Enterprise, EnterpriseState
from models.inspection import Inspection
from models.notice import Notice
from models.outreach import Outreach

START, END = dt.date(2024, 1, 1), dt.date(2024, 6, 30)
OTHERS = (
    (dt.date(2023, 1, 1), dt.date(2023, 6, 30)),
    (dt.date(2023, 7, 1), dt.date(2023, 12, 31)),
    (dt.date(2023, 4, 1), dt.date(2024, 3, 31)),
)
TABLE = {
    "campus.inspections": 180,
    "campus.findings": 71,
    "campus.notices": 19,
    "rice.enterprises": 4,
    "rice.notices": 1,
    "catering.enterprises": 786,
    "catering.graded_rate": Fraction(1),
    "catering.dynamic_rate": Fraction(1),
    "outreach.copies": 600,
}
STATE = """enterprisestate s WHERE s.removed_at IS NULL AND s.enterprise_id = e.id
    AND s.valid_from <= {day} AND (s.valid_to IS NULL OR s.valid_to >= {day})"""
CAMPUS = "(s.category IN ('school_canteen', 'kindergarten_canteen') OR s.key_area = 'campus')"
RICE_MILL = "(s.category = 'production' AND s.product = '0102')"
CATERERS = f"""enterprise e WHERE e.removed_at IS NULL AND EXISTS (SELECT 1 FROM
    {STATE.format(day=":end")} AND s.status = 'open' AND s.category = 'catering')"""
VISITS = "i.removed_at IS NULL AND i.state = 'done' AND i.inspected_on BETWEEN :start AND :end"
ISSUED = """n.removed_at IS NULL AND n.state IN ('issued', 'served', 'closed', 'referred')
    AND n.issued_on BETWEEN :start AND :end"""
ON_VISIT = f"EXISTS (SELECT 1 FROM {STATE.format(day='i.inspected_on')} AND {{where}})"
ON_ISSUE = f"EXISTS (SELECT 1 FROM {STATE.format(day='n.issued_on')} AND {{where}})"
ON_FINDING = f"EXISTS (SELECT 1 FROM {STATE.format(day='f.found_on')} AND {{where}})"
BY_HAND = {
    "campus.inspections": f"""SELECT COUNT(*) FROM inspection i JOIN enterprise e ON e.id = i.enterprise_id
        WHERE {VISITS} AND {ON_VISIT.format(where=CAMPUS)}""",
    "campus.findings": f"""SELECT COUNT(*) FROM finding f JOIN inspection i ON i.id = f.inspection_id
        JOIN enterprise e ON e.id = i.enterprise_id
        WHERE f.removed_at IS NULL AND {VISITS} AND {ON_VISIT.format(where=CAMPUS)}""",
    "campus.notices": f"""SELECT COUNT(DISTINCT n.id) FROM notice n JOIN notice_finding l ON l.notice_id = n.id
        JOIN finding f ON f.id = l.finding_id JOIN enterprise e ON e.id = f.enterprise_id
        WHERE {ISSUED} AND l.removed_at IS NULL AND {ON_FINDING.format(where=CAMPUS)}""",
    "rice.enterprises": f"""SELECT COUNT(DISTINCT e.id) FROM inspection i
        JOIN enterprise e ON e.id = i.enterprise_id WHERE {VISITS} AND {ON_VISIT.format(where=RICE_MILL)}""",
    "rice.notices": f"""SELECT COUNT(*) FROM notice n JOIN enterprise e ON e.id = n.enterprise_id
        WHERE {ISSUED} AND {ON_ISSUE.format(where=RICE_MILL)}""",
    "catering.enterprises": f"SELECT COUNT(*) FROM {CATERERS}",
    "catering.graded": f"""SELECT COUNT(*) FROM {CATERERS} AND e.id IN (SELECT enterprise_id
        FROM riskassessment WHERE removed_at IS NULL AND year = :year AND assessed_on <= :end)""",
    "catering.dynamic": f"""SELECT COUNT(*) FROM {CATERERS} AND e.id IN (SELECT enterprise_id
        FROM hygienerating WHERE removed_at IS NULL AND rated_on BETWEEN :newyear AND :end)""",
    "outreach.copies": """SELECT COALESCE(SUM(copies), 0) FROM outreach WHERE removed_at IS NULL
        AND material = 'initiative' AND held_on BETWEEN :start AND :end""",
    "inspections.total": f"SELECT COUNT(*) FROM inspection i WHERE {VISITS}",
    "inspections.findings": f"""SELECT COUNT(*) FROM finding f JOIN inspection i ON i.id = f.inspection_id
        WHERE f.removed_at IS NULL AND {VISITS}""",
    "notices.total": f"SELECT COUNT(*) FROM notice n WHERE {ISSUED}",
    "samples.total": """SELECT COUNT(*) FROM sample WHERE removed_at IS NULL
        AND sampled_on BETWEEN :start AND :end""",
    "duty.minutes": """SELECT COALESCE(SUM(minutes), 0) FROM leaderduty WHERE removed_at IS NULL
        AND on_day BETWEEN :start AND :end""",
}
RATIOS = {
    "catering.graded_rate": ("catering.graded", "catering.enterprises"),
    "catering.dynamic_rate": ("catering.dynamic", "catering.enterprises"),
}


@pytest.fixture
def raw(demo_file: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection beside the program's."""
    with closing(sqlite3.connect(f"{demo_file.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def counted_by_hand(raw: sqlite3.Connection, name: str, start: dt.date, end: dt.date) -> int:
    names = {row[0].replace("_", ""): row[0] for row in raw.execute("SELECT name FROM sqlite_master")}
    sql = BY_HAND[name]
    for plain in ("enterprisestate", "riskassessment", "hygienerating", "leaderduty"):
        sql = sql.replace(plain, names[plain])
    values = {"start": start, "end": end, "year": end.year, "newyear": dt.date(end.year, 1, 1)}
    texts = {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in values.items()}
    return int(raw.execute(sql, texts).fetchone()[0])


@pytest.mark.parametrize(("name", "value"), TABLE.items())
def test_the_published_table(demo_reader: Ledger, name: str, value: int | Fraction) -> None:
    assert figure(name).value(START, END) == value


@pytest.mark.parametrize("name", BY_HAND)
def test_counted_by_hand(demo_reader: Ledger, raw: sqlite3.Connection, name: str) -> None:
    found = [figure(name).value(*period) for period in ((START, END), *OTHERS)]
    assert found == [counted_by_hand(raw, name, *period) for period in ((START, END), *OTHERS)]
    assert len(set(found)) > 1, "the periods must differ, or a wrong period would not be seen"


@pytest.mark.parametrize(("name", "parts"), RATIOS.items())
def test_a_ratio_is_of_two_counts(
    demo_reader: Ledger, raw: sqlite3.Connection, name: str, parts: tuple[str, str]
) -> None:
    for period in ((START, END), *OTHERS):
        part, whole = (counted_by_hand(raw, each, *period) for each in parts)
        assert figure(name).value(*period) == Fraction(part, whole)
    assert figure(name).value(*OTHERS[0]) < 1


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("period", [(START, END), OTHERS[0]])
def test_the_value_is_its_records(demo_reader: Ledger, name: str, period: tuple[dt.date, dt.date]) -> None:
    mine = figure(name)
    records: list[dict[str, Any]] = list(mine.records(*period, demo_reader.today))
    assert len({record["id"] for record in records}) == len(records)
    if mine.kind == "sum":
        total: int | Fraction = sum(record[mine.field] for record in records)
    elif mine.kind == "ratio":
        total = Fraction(sum(record["counted"] for record in records), len(records))
    else:
        total = len(records)
        assert "counted" not in records[0]
    assert total == mine.value(*period)


def test_one_caterer_less(demo: Ledger) -> None:
    """Closing one in 2025 changes 2025 only; the demo's years stay as published."""
    one = Enterprise.get_by_id(figure("catering.enterprises").ids(START, END)[0])
    with demo.write("注销") as tx:
        save(tx, Enterprise, {"status": "closed"}, one, effective_on=dt.date(2025, 3, 1))
    caterers = figure("catering.enterprises")
    assert caterers.value(START, END) == 786
    assert caterers.value(dt.date(2025, 1, 1), dt.date(2025, 2, 28)) == 786
    assert caterers.value(dt.date(2025, 1, 1), dt.date(2025, 6, 30)) == 785
    demo.undo()
    assert caterers.value(dt.date(2025, 1, 1), dt.date(2025, 6, 30)) == 786


def test_another_category_from_a_day_on(demo: Ledger) -> None:
    one = Enterprise.get_by_id(figure("catering.enterprises").ids(START, END)[0])
    before = figure("catering.enterprises").value(*OTHERS[0])
    with demo.write("改类别") as tx:
        save(tx, Enterprise, {"category": "small_eatery"}, one, effective_on=dt.date(2024, 4, 1))
    caterers = figure("catering.enterprises")
    assert caterers.value(START, END) == 785
    assert caterers.value(START, dt.date(2024, 3, 31)) == caterers.value(START, dt.date(2024, 4, 1)) + 1
    assert caterers.value(*OTHERS[0]) == before


def test_moving_away_from_a_campus(demo: Ledger) -> None:
    """An inspection counts by the key area of its own day."""
    visits = [Inspection.get_by_id(i) for i in figure("campus.inspections").ids(START, END)]
    one = next(v for v in visits if v.enterprise.fact(v.inspected_on).key_area == "campus")
    mine = sum(v.enterprise_id == one.enterprise_id for v in visits)
    with demo.write("改区域") as tx:
        save(tx, Enterprise, {"key_area": None}, one.enterprise, effective_on=END)
    assert figure("campus.inspections").value(START, END) == 180
    with demo.write("改区域") as tx:
        save(tx, Enterprise, {"key_area": None}, one.enterprise, effective_on=START)
    assert figure("campus.inspections").value(START, END) == 180 - mine


def test_what_does_not_count(demo_reader: Ledger) -> None:
    """The demo holds a draft inspection, a draft notice and a void one at campus; none is in the figures."""
    drafts = list(Inspection.live().where(Inspection.state == "draft"))
    assert any(d.enterprise.fact(d.inspected_on).category == "school_canteen" for d in drafts)
    assert not {d.id for d in drafts} & set(figure("inspections.total").ids(START, END))
    assert not {d.id for d in drafts} & set(figure("campus.inspections").ids(START, END))
    void = Notice.live().where(Notice.state == "void").get()
    assert void.number
    assert START <= void.issued_on <= END
    state = void.enterprise.fact(void.issued_on)
    assert state.key_area == "campus" or state.category in ("school_canteen", "kindergarten_canteen")
    assert not {void.id} & set(figure("campus.notices").ids(START, END))
    unnumbered = {n.id for n in Notice.live().where(Notice.state == "draft")}
    assert len(unnumbered) == 2
    assert not unnumbered & set(figure("notices.total").ids(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))


def test_2024_does_not_touch_2023(demo: Ledger) -> None:
    names = [*BY_HAND, *RATIOS]
    before = {name: figure(name).value(*OTHERS[0]) for name in names}
    with demo.write("改2024年") as tx:
        for notice in Notice.live().where(Notice.issued_on >= START, Notice.state == "closed").limit(5):
            tx.update(notice, state="void")
        for activity in Outreach.live().where(Outreach.held_on >= START):
            tx.remove(activity)
        for caterer in figure("catering.enterprises").ids(START, END)[:5]:
            save(tx, Enterprise, {"status": "closed"}, Enterprise.get_by_id(caterer), effective_on=START)
    assert figure("outreach.copies").value(START, END) == 0
    assert figure("catering.enterprises").value(START, END) == 781
    assert {name: figure(name).value(*OTHERS[0]) for name in names} == before


def test_as_of_days_differ(demo_reader: Ledger) -> None:
    """Shops come and go: three ends of half-years, three numbers."""
    days = (dt.date(2023, 6, 30), dt.date(2023, 12, 31), END)
    numbers = [figure("catering.enterprises").value(day, day) for day in days]
    assert len(set(numbers)) == 3
    assert numbers[-1] == 786
    ended = EnterpriseState.live().where(EnterpriseState.status.in_(("closed", "revoked"))).count()
    assert ended > 50
