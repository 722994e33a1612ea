"""The report's words on the enterprises' own side: from the figures, and honest where nothing is registered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.opening import open_office
from models.rules.dates import Period
from models.safety_staff import SafetyStaff
from reports.core.document import Paragraph
from reports.period_lint import lint
from reports.period_report import period_report
from tests.models.conftest import TODAY, Office

H1 = Period.half_year(2024, 1)
D = dt.date


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    ledger = open_office(tmp_path / "office", today=TODAY)
    yield Office(ledger)
    ledger.close()


def body() -> str:
    blocks = period_report(H1, TODAY).blocks
    lines = [b.lead + b.text for b in blocks if isinstance(b, Paragraph) and b.text.strip()]
    assert not lint([line for line in lines if not line.startswith(("附件：", "\u3000"))])
    return "\n".join(lines)


def staff(office: Office, place: Any, role: str, side: str = "own", **values: Any) -> Any:
    values = {"name": f"示例{role}{side}", "appointed_on": D(2023, 1, 1), **values}
    return office.save(SafetyStaff, {"enterprise": place.id, "role": role, "side": side, **values})


def test_the_words_come_from_the_figures(office: Office) -> None:
    canteen = office.enterprise(category="school_canteen", supply_mode="contracted", diners=800)
    own = office.enterprise(category="school_canteen", supply_mode="own", diners=800)
    training = [{"held_on": D(2024, 3, 1), "hours": Decimal(40), "subject": "示例"}]
    exam = [{"assessed_on": D(2024, 4, 1), "score": Decimal(90)}]
    for side in ("school", "contractor"):
        staff(office, canteen, "director", side, trainings=training)
        staff(office, canteen, "officer", side, assessments=exam)
    lines = [
        {"kind": "daily_control", "present": "yes", "on_time": "yes", "truthful": "yes"},
        {"kind": "weekly_review", "present": "no"},
    ]
    office.inspection(own, 0, routines=lines)
    words = body()
    assert "在营主体登记在任食品安全总监2人、食品安全员2人" in words
    assert "按标准应配总监的主体2户，已配1户、配备率50%，尚缺1户" in words
    assert "缺总监较多的是新枫街道1户" in words
    assert "在任总监、安全员中2024年培训已满40学时的2人，占50%" in words
    assert "上半年监督抽查考核2人次，合格2人次、合格率100%" in words
    assert "在营学校、幼儿园食堂2家，其中委托承包经营1家" in words
    assert "双总监、双食品安全员配齐的1家、配齐率100%" in words
    assert "管理人员没有按标准配齐的食堂1家" in words
    assert "查看日管控、周排查、月调度2项次，有记录、按时开展并如实记录的1项次、落实率50%" in words
    assert "日管控1项次、落实率100%；周排查1项次均未落实" in words
    assert "1户没有在任的食品安全总监" in words


def test_what_is_not_registered_is_said(office: Office) -> None:
    office.inspection(office.enterprise(category="school_canteen"), 0)
    words = body()
    assert "台账没有登记在任的食品安全总监和食品安全员" in words
    assert "按标准应配安全员的主体1户，均未登记配备" in words
    assert "1户规模没有登记，应否配总监待核实" in words
    assert "没有登记日管控、周排查、月调度的查看情况" in words
    assert "落实率" not in words


def test_untrained_and_unassessed_staff_are_said(office: Office) -> None:
    place = office.enterprise()
    staff(office, place, "officer")
    words = body()
    assert "尚无总监、安全员达到全年40学时" in words
    assert "上半年未登记对总监、安全员的监督抽查考核" in words


def test_an_empty_ledger_says_nothing_of_staff(office: Office) -> None:
    words = body()
    assert not any(word in words for word in ("总监", "学时", "食堂", "日管控"))
