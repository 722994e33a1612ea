"""Proof of service: what each of the seven ways needs, and never before the notice was issued."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from models.core.checks import CheckFailed
from models.core.errors import Refused
from models.notice import SERVICE_WAYS, Notice
from models.notice_steps import serve
from models.service import ANNOUNCED_DAYS, ProofOfService, announced_days, proof_of
from models.threshold import Threshold

D = dt.date
SERVED = D(2024, 6, 6)
#: What each way cannot do without, and a lawful set of details for it.
NEEDS: dict[str, tuple[set[str], dict[str, Any]]] = {
    "direct": (set(), {"place": "示例路1号"}),
    "left": ({"refusal", "witness", "officers"}, {"refusal": "拒绝签收", "witness": "示例丙"}),
    "entrusted": ({"agent"}, {"agent": "示例市监局"}),
    "mail": ({"tracking"}, {"tracking": "EA123456789CN"}),
    "forwarded": ({"agent"}, {"agent": "示例部队政治机关"}),
    "electronic": ({"e_address", "consent"}, {"e_address": "shili@example.com", "consent": True}),
    "announced": (
        {"announced_in", "announced_on"},
        {"announced_in": "本局网站", "announced_on": D(2024, 5, 1)},
    ),
}


def run(office: Any, notice: Any, way: str, details: dict[str, Any] | None, on: dt.date = SERVED) -> Any:
    with office.ledger.write("送达") as tx:
        return serve(tx, notice, on, way, "示例乙", details)


def refused(info: Any) -> set[tuple[str, str]]:
    return {(p.field, p.rule) for p in info.value.problems}


@pytest.mark.parametrize("way", [code for code, _ in SERVICE_WAYS])
def test_each_way_needs_its_details(office: Any, way: str) -> None:
    needed, details = NEEDS[way]
    notice = office.issued(on=D(2024, 5, 1) if way == "announced" else D(2024, 6, 5), inspection=early(office, way))
    if needed:
        with pytest.raises(CheckFailed) as info:
            run(office, notice, way, {})
        assert {field for field, _rule in refused(info)} == needed
        assert Notice.get_by_id(notice.id).state == "issued"
    officers = office.officers()
    run(office, notice, way, details | {"officers": officers})
    served = Notice.get_by_id(notice.id)
    assert (served.state, served.served_on, served.service_way) == ("served", SERVED, way)
    proof = proof_of(notice.id)
    assert proof is not None
    for name, value in details.items():
        assert getattr(proof, name) == value
    assert [row.officer_id for row in proof.officer_rows] == officers


def early(office: Any, way: str) -> Any:
    """An inspection early enough for the way."""
    return office.inspection(inspected_on=D(2024, 4, 30)) if way == "announced" else office.inspection()


def test_left_behind_may_be_filmed_but_never_by_one(office: Any) -> None:
    notice = office.issued()
    with pytest.raises(CheckFailed) as info:
        run(office, notice, "left", {"refusal": "拒收", "recorded": True, "officers": office.officers(1)})
    assert refused(info) == {("officers", "required")}
    run(office, notice, "left", {"refusal": "拒收", "recorded": True, "officers": office.officers()})
    assert proof_of(notice.id).recorded  # type: ignore[union-attr]


def test_an_officer_without_certificate_is_refused(office: Any) -> None:
    notice = office.issued()
    bare = office.officer(certificate="")
    ended = office.officer(certified_until=D(2024, 6, 5))
    gone = office.officer(left_on=D(2024, 6, 1))
    with pytest.raises(CheckFailed) as info:
        run(office, notice, "direct", {"officers": [bare.id, ended.id, gone.id]})
    assert refused(info) == {("officers", "certificate"), ("officers", "left")}
    words = str(info.value)
    assert bare.name in words
    assert "补录" in words
    assert ended.name in words


def test_announced_service_counts_from_the_editable_days(office: Any) -> None:
    days = announced_days(D(2024, 5, 8))
    assert days == 30
    notice = office.issued(on=D(2024, 5, 7), inspection=early(office, "announced"))
    details = {"announced_in": "本局网站", "announced_on": SERVED - dt.timedelta(days=days - 1)}
    with pytest.raises(CheckFailed, match="满30日"):
        run(office, notice, "announced", details)
    with pytest.raises(CheckFailed) as info:
        run(office, notice, "announced", details | {"announced_on": D(2024, 5, 6)})
    assert refused(info) == {("announced_on", "order")}
    office.save(Threshold, {"value": 20}, Threshold.get(Threshold.code == ANNOUNCED_DAYS))
    run(office, notice, "announced", details)
    assert Notice.get_by_id(notice.id).state == "served"


def test_a_proof_only_of_a_served_notice_and_only_one(office: Any) -> None:
    notice = office.issued()
    with pytest.raises(CheckFailed, match="还没有登记送达") as info:
        office.save(ProofOfService, {"notice": notice.id, "place": "示例路1号"})
    assert refused(info) == {("notice", "unserved")}
    with pytest.raises(Refused):
        run(office, office.notice(), "direct", {})
    run(office, notice, "direct", None)
    assert proof_of(notice.id) is None
    made = office.save(ProofOfService, {"notice": notice.id, "papers": [{"name": "现场笔录", "copies": 1}]})
    assert made.label() == notice.number
    with pytest.raises(CheckFailed, match="已有送达回证"):
        office.save(ProofOfService, {"notice": notice.id})
