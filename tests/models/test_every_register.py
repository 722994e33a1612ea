"""Every register works on a filled ledger: columns, orders, filters, presets, labels, sections, objects."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import models.registers  # noqa: F401  (every register)
from models.campaign import Campaign
from models.campaign_target import CampaignTarget
from models.coordination import Coordination
from models.core.facets import facets
from models.core.fields import Bool, Choice, Code, Date, Integer, Lines, Links, Number, Time
from models.core.figure import FIGURES
from models.core.ledger import Ledger
from models.core.register import REGISTERS, Column, Condition, Register, View
from models.core.saving import values_of
from models.core.story import HistoryLine, history_lines, linked_counts
from models.duty import LeaderDuty
from models.inspection import Inspection
from models.notice_steps import reinspect, serve
from models.opening import open_office
from models.outreach import Outreach
from models.rating import HygieneRating, RiskAssessment
from models.responsibility import Assignment
from models.sample import Sample
from models.scene_record import SceneRecord

CHINESE = re.compile(r"[\u4e00-\u9fff]")
TODAY = dt.date(2024, 6, 30)
MINE = [r for r in REGISTERS.values() if r.model.__module__.startswith("models.")]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, new_place: Callable[[Path], Path]) -> Iterator[Any]:
    from tests.models.conftest import Office  # the tests' own folder

    ledger: Ledger = open_office(new_place(tmp_path_factory.mktemp("filled")), today=TODAY)
    office = Office(ledger)
    village = office.save(
        type(office.area()), {"name": "示例村", "level": "village", "parent": office.area().id}
    )
    branch = office.branch(short_name="示例")
    campaign = office.save(Campaign, {"name": "示例专项", "starts_on": dt.date(2024, 1, 1)})
    for number in range(3):
        place = office.enterprise(
            village=village.id if number else None,
            tier="CDB"[number],
            branch=branch.id if number else None,
            permits=[
                {"kind": "shop", "number": f"示例{number}号", "valid_until": dt.date(2024, 7, number + 1)}
            ],
            staff=[{"name": f"示例丁{number}", "role": "director"}],
        )
        inspection = office.inspection(place, campaigns=[campaign.id], findings=number)
        if number:
            notice = office.issued(inspection=inspection)
            servers = office.officers()
            with ledger.write("送达") as tx:
                serve(tx, notice, dt.date(2024, 6, 6), "direct", "示例乙", {"place": "示例路", "officers": servers})
            items = [{"finding": r.finding_id, "outcome": "corrected"} for r in notice.finding_rows]
            people = office.officers()
            with ledger.write("复查") as tx:
                reinspect(
                    tx, notice, {"inspected_on": dt.date(2024, 6, 18), "officers": people, "items": items}
                )
        office.save(SceneRecord, {"inspection": inspection.id, "number": f"示例{number}", "rights_told": bool(number)})
        enterprise = {"enterprise": place.id}
        left = {"valid_to": dt.date(2024, 5, 1), "reason": "示例"} if number else {}
        office.save(CampaignTarget, {**enterprise, "campaign": campaign.id, "valid_from": dt.date(2024, 1, 1), **left})
        official = office.official(level="township", term_from=dt.date(2020, 1, 1))
        office.save(Assignment, {**enterprise, "official": official.id, "valid_from": dt.date(2023, 1, 1)})
        office.save(
            RiskAssessment, {**enterprise, "year": 2024, "grade": "B", "assessed_on": dt.date(2024, 3, 1)}
        )
        office.save(HygieneRating, {**enterprise, "rated_on": dt.date(2024, 3, 1), "rating": "good"})
        office.save(Sample, {**enterprise, "sampled_on": dt.date(2024, 3, 1), "product": f"示例米{number}"})
        office.save(
            Outreach,
            {"topic": f"示例{number}", "held_on": dt.date(2024, 3, 1), "copies": 3, "material": "other"},
        )
        office.save(
            Coordination, {"topic": f"示例{number}", "held_on": dt.date(2024, 3, 1), "partners": "示例局"}
        )
    leader = office.officer(position="leader")
    times = {"started_at": dt.time(9), "ended_at": dt.time(10)}
    office.save(LeaderDuty, {"officer": leader.id, "on_day": dt.date(2024, 3, 1), "place": "示例", **times})
    yield office
    ledger.close()


@pytest.mark.parametrize("register", MINE, ids=lambda r: r.name)
def test_a_register_on_a_filled_ledger(filled: Any, register: Register) -> None:
    ids = register.ids(View(), TODAY)
    assert register.count(View(), TODAY) == len(ids)
    rows = register.rows(ids, TODAY)
    assert [row.id for row in rows] == list(ids)
    assert list(register.iterate(View(), TODAY, chunk=2)) == rows
    assert list(register.first_ids(View(), TODAY, 2)) == list(ids[:2])
    for row in rows:
        shown = [register.format(c, v) for c, v in zip(register.columns, row.values, strict=True)]
        assert all(isinstance(text, str) for text in shown)
        assert not any("None" in text or "<" in text for text in shown), shown
    for item in register.objects(ids, TODAY):
        assert set(register.model.described()) <= set(item)
        json.dumps(item, default=str)
    assert register.count(View(search="没有这样的字"), TODAY) == 0
    assert register.count(View(removed=True), TODAY) == 0


@pytest.mark.parametrize("register", MINE, ids=lambda r: r.name)
def test_a_register_in_every_order_and_filter(filled: Any, register: Register) -> None:
    ids = set(register.ids(View(), TODAY))
    for column in register.columns:
        for descending in (False, True):
            assert set(register.ids(View(order=((column.path, descending),)), TODAY)) == ids
        empty = register.count(View(conditions=(Condition(column.path, "empty"),)), TODAY)
        full = register.count(View(conditions=(Condition(column.path, "filled"),)), TODAY)
        if not isinstance(register.field_of(column), Lines):
            assert empty + full == len(ids), column.path
    for preset in register.presets:
        assert CHINESE.search(preset.label)
        assert set(register.ids(View(presets=(preset.name,)), TODAY)) <= ids
    for path in register.filters:
        field = register.field_of(Column(path))
        for facet in facets(register, path, View(), TODAY):
            view = View(conditions=(Condition(path, "in", (facet.value,)),))
            assert register.count(view, TODAY) == facet.count
        if not isinstance(field, Links):
            assert sum(count for _, count in register.distinct(path, View(), TODAY)) == len(ids)


def matching(values: dict[int, Any], test: Callable[[Any], bool]) -> set[int]:
    """The rows whose value is there and passes."""
    return {key for key, value in values.items() if value not in (None, "") and test(value)}


@pytest.mark.parametrize("register", MINE, ids=lambda r: r.name)
def test_a_register_filtered_by_every_condition_of_every_column(filled: Any, register: Register) -> None:
    rows = register.rows(register.ids(View(), TODAY), TODAY)
    for number, column in enumerate(register.columns):
        field, path = register.field_of(column), column.path
        values = {row.id: row.values[number] for row in rows}

        def found(op: str, value: Any, path: str = path) -> set[int]:
            return set(register.ids(View(conditions=(Condition(path, op, value),)), TODAY))

        listed = facets(register, path, View(), TODAY)
        if not isinstance(field, Links):
            assert sum(facet.count for facet in listed) == len(rows), path
        for facet in listed:
            assert len(found("in", (facet.value,))) == facet.count, (path, facet)
        assert found("in", tuple(facet.value for facet in listed)) == set(values), path
        if isinstance(field, Choice | Bool):
            continue
        there = [value for value in values.values() if value not in (None, "")]
        if isinstance(field, Date | Time | Integer | Number | Lines):
            for low in sorted(set(there))[:3]:
                high = max(there)
                assert found("ge", low) == matching(values, lambda v, low=low: v >= low), path
                assert found("le", low) == matching(values, lambda v, low=low: v <= low), path
                between = matching(values, lambda v, low=low, high=high: low <= v <= high)
                assert found("between", (low, high)) == between, path
            continue
        for text in there[:3]:
            part = str(text)[-2:]
            has = matching(values, lambda v, part=part: part.lower() in str(v).lower())
            assert found("contains", part) == has, (path, part)
            assert found("lacks", part) == set(values) - has, (path, part)


@pytest.mark.parametrize("register", MINE, ids=lambda r: r.name)
def test_a_register_sorted_by_several_columns_and_by_strokes(filled: Any, register: Register) -> None:
    ids = set(register.ids(View(), TODAY))
    paths = [column.path for column in register.columns]
    for first, second in zip(paths, [*paths[1:], paths[0]], strict=True):
        for strokes in (False, True):
            order = ((first, True), (second, False))
            assert set(register.ids(View(order=order, strokes=strokes), TODAY)) == ids


@pytest.mark.parametrize("register", MINE, ids=lambda r: r.name)
def test_phones_addresses_and_numbers_are_searched(register: Register) -> None:
    for name, field in register.model.own_fields().items():
        document = name == "number" and type(field) is Code  # an item's place in its list is none
        if name in ("phone", "address", "place") or document:
            assert field.search, f"{register.name}.{name} is not found by Ctrl+K"


@pytest.mark.parametrize("register", MINE, ids=lambda r: r.name)
def test_a_register_speaks_chinese_and_is_whole(register: Register) -> None:
    assert CHINESE.search(register.title)
    assert register.unit
    for column in register.columns:
        assert CHINESE.search(register.label_of(column)), column.path
    described = register.model.described()
    for name, field in described.items():
        assert CHINESE.search(field.label), name
    grouped = [name for _, names in register.model.sections for name in names]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) <= set(described)
    if register.editable:
        editable = {name for name, field in described.items() if field.editable}
        assert editable <= set(grouped)
    for link in register.links:
        REGISTERS[link.register].field_of(Column(link.path))
    assert not any(
        getattr(f, "required", False)
        and not f.editable
        and getattr(f, "default", None) is None
        and name not in ("enterprise", "found_on")
        for name, f in described.items()
    )


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_opens_its_records(filled: Any, name: str) -> None:
    figure = FIGURES[name]
    span = (dt.date(2024, 1, 1), TODAY)
    value, ids = figure.value(*span), figure.ids(*span)
    if figure.kind == "count":
        assert value == len(ids)
    register = REGISTERS[figure.register]
    assert sorted(register.ids(View(figure=(name, *span)), TODAY)) == ids
    assert figure.counted(*span) <= set(ids)


def test_a_figure_of_another_register_is_no_filter(filled: Any) -> None:
    from models.core.errors import NotFound

    with pytest.raises(NotFound):
        REGISTERS["notices"].ids(View(figure=("inspections.total", TODAY, TODAY)), TODAY)


def test_linked_counts_and_history(filled: Any) -> None:
    inspections = REGISTERS["inspections"]
    key = max(inspections.ids(View(), TODAY))
    assert [(title, n) for _, title, n in linked_counts(inspections, key, TODAY)] == [
        ("隐患", 2),
        ("责令改正", 1),
        ("现场记录", 1),
    ]
    record = Inspection.get_by_id(key)
    findings = values_of(record, TODAY)["findings"]
    filled.save(
        Inspection,
        {
            "situation": "示例情况",
            "findings": [{**findings[0], "severity": "grave"}, *findings[1:], {"wording": "新隐患"}],
        },
        record,
    )
    lines = history_lines(record)
    told = [(line.what, line.before, line.after) for line in lines]
    assert ("检查情况", "", "示例情况") in told
    assert ("发现隐患·严重程度", "一般", "重大") in told
    assert ("发现隐患", "", "新隐患") in told
    assert told[-1] == ("", "", "新建")
    assert isinstance(lines[0], HistoryLine)
    place = record.enterprise
    filled.save(type(place), {"status": "suspended"}, place, effective_on=dt.date(2024, 5, 1))
    assert history_lines(place)[0].what == "状态（自2024-05-01）"
    assert (history_lines(place)[0].before, history_lines(place)[0].after) == ("在营", "停业")
