"""The demo's scene records and proofs of service: what the papers of visits and notices say. Knows no other step."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

from models.demo.kit import Demo
from models.demo.plan import TODAY
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.organization import Officer
from models.scene_record import SceneRecord, certificate_faults, measures_text, scene_text
from models.service import ProofOfService, ServiceOfficer

if TYPE_CHECKING:
    from models.demo.notices import Paper

#: The visits from this day on have their scene record; earlier ones were written by hand.
BEGIN = dt.date(2024, 4, 1)
REFUSED, STAFF = 0.03, 0.3
REASONS = ("对检查结果不认可，不愿签名", "称负责人不在，不愿签名")


def fill(demo: Demo) -> None:
    """Scene records of the last quarter's visits with findings."""
    dice = demo.dice("scenes")
    people = {one.id: one for one in Officer.live()}
    visits = [v for v in demo.visits if v.day >= BEGIN and v.findings and not v.draft]
    principals = dict(Enterprise.live().select(Enterprise.id, Enterprise.principal).tuples())
    rows = []
    for visit in visits:
        if certificate_faults([people[key] for key in visit.officers], visit.day):
            continue
        inspection = Inspection.get_by_id(visit.id)
        rows.append(
            {
                "inspection": visit.id,
                "place": visit.shop.address,
                "credential": "certificate",
                "recusal": "no",
                "rights_told": True,
                "scene": scene_text(inspection),
                "measures": measures_text(inspection),
                **_who(demo, dice, principals.get(visit.shop.id, "")),
            }
        )
    demo.add(SceneRecord, rows)


def _who(demo: Demo, dice: random.Random, principal: str) -> dict[str, Any]:
    """Who was there and how the record was signed."""
    luck = dice.random()
    staff = luck < STAFF or not principal
    who = {
        "attendance": "staff" if staff else "principal",
        "attendee": demo.person(dice) if staff else principal,
        "attendee_role": dice.choice(("店长", "食品安全员", "值班经理")) if staff else "负责人",
        "opinion": "agreed",
    }
    if luck < REFUSED:
        witness = {"witness": demo.person(dice), "witness_unit": "所在社区工作人员", "recorded": True}
        return who | {"opinion": "refused", "refusal_reason": dice.choice(REASONS), **witness}
    return who


def prove(demo: Demo, papers: list[Paper]) -> None:
    """The proof of service of each notice served this year."""
    dice = demo.dice("services")
    people = {one.id: one for one in Officer.live()}
    served = [p for p in papers if p.values.get("served_on") and p.values["served_on"].year == TODAY.year]
    rows, officers = [], []
    for paper in served:
        if certificate_faults([people[key] for key in paper.officers], paper.values["served_on"]):
            continue
        rows.append({"notice": paper.id, **_details(demo, dice, paper)})
        officers.append(paper.officers[:2])
    keys = demo.add(ProofOfService, rows)
    pairs = [(key, one) for key, mine in zip(keys, officers, strict=True) for one in mine]
    demo.add(ServiceOfficer, [{"proof": key, "officer": one} for key, one in pairs])


def _details(demo: Demo, dice: random.Random, paper: Paper) -> dict[str, Any]:
    way = paper.values["service_way"]
    if way == "left":
        seen = {"witness": demo.person(dice), "witness_unit": "所在社区工作人员", "recorded": True}
        return {"place": paper.shop.address, "refusal": "拒绝签收", **seen}
    if way == "mail":
        return {"place": paper.shop.address, "tracking": f"EA{dice.randrange(10**8, 10**9)}CN"}
    if way == "electronic":
        return {"e_address": f"139{dice.randrange(10**7, 10**8)}（短信）", "consent": True}
    return {"place": paper.shop.address}
