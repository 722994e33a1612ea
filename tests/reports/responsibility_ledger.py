"""Makes officials with given numbers of enterprises in a ledger, with long and with missing data among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from models.area import Area
from models.core.ledger import Ledger
from models.core.saving import save
from models.enterprise import Enterprise
from models.party import Party
from models.responsibility import Assignment, Official

BEGIN = dt.date(2026, 1, 1)
CATEGORIES = ("catering", "sale", "small_eatery", "school_canteen", "small_shop")
LONG = "景德镇市昌江区某某某某（集团）餐饮管理有限责任公司第一、第二、第三分公司老街总店旗舰店"
WAIVED = dict.fromkeys(
    ("no_uscc", "no_village", "no_permit", "permit_check", "permit_format", "no_diners", "no_phone"), "示例"
)


def place_name(official: str, number: int) -> str:
    """The name of an official's enterprise number so and so (from 1)."""
    return f"{LONG}{official}{number:03d}号" if number % 11 == 0 else f"{official}{number:03d}号小馆"


def fill_officials(ledger: Ledger, counts: Iterable[int]) -> dict[int, int]:
    """For each count an official 「示例干部N」 of the first township with so many enterprises; count to id."""
    found = {}
    with ledger.write("登记包保") as tx:
        town = Area.live().where(Area.level == "township").order_by(Area.code, Area.id).first()
        party = save(tx, Party, {"name": "示例食品有限公司", "kind": "organization"}, waivers=WAIVED)
        for count in counts:
            official = save(
                tx,
                Official,
                {
                    "name": f"示例干部{count}",
                    "level": "township",
                    "area": town.id,
                    "unit": "某某镇人民政府" * (4 if count == 30 else 1),
                    "post": "" if count == 1 else "党委委员、副镇长",
                    "phone": "" if count == 1 else "13000000001",
                    "term_from": BEGIN,
                },
            )
            found[count] = official.id
            for number in range(1, count + 1):
                _place(tx, party, town, official, number)
    return found


def _place(tx: Any, party: Any, town: Any, official: Official, number: int) -> None:
    bare = number % 7 == 0
    values = {
        "name": place_name(official.name, number),
        "party": party.id,
        "address": f"{town.name}示例大道{official.id}—{number}号"
        + "临街一层东侧门面及后院库房" * (number % 5 == 0),
        "principal": "" if bare else "李喆",
        "phone": "" if bare else "13000000002、0798-8330000",
        "category": CATEGORIES[number % len(CATEGORIES)],
        "status": "open",
        "area": town.id,
        "tier": "C",
    }
    if not bare:
        values["permits"] = [
            {"kind": "JY", "number": f"JY2360202{official.id:03d}{number:04d}", "issued_on": BEGIN}
        ]
        values["staff"] = [{"role": "officer", "side": "own", "name": "欧阳青青", "appointed_on": BEGIN}]
    made = save(tx, Enterprise, values, effective_on=BEGIN, waivers=WAIVED)
    tx.insert(Assignment, enterprise=made.id, official=official.id, valid_from=BEGIN)
