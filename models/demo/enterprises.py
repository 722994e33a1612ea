"""The demo's enterprises with their parties and dated states. Permits and staff are in permits.py."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from models.core.record import BEGINNING
from models.demo import permits, tiers
from models.demo.kit import Demo, Shop, table, words
from models.demo.places import pick_township
from models.demo.plan import CLOSED, HALVES, MOVING, OPEN, OPENED, RICE_PRODUCERS, SUSPENDED
from models.enterprise import RICE, Enterprise, EnterpriseState, Party
from models.rules import identifiers

SUPPLIERS = ("瓷城团膳服务公司", "昌南餐饮管理公司", "枫林后勤服务公司", "江畔膳食服务公司")
SCHOOLS = ("小学", "小学", "中学", "学校")
#: The days on which dated changes of the demo took effect.
NEW_CAMPUS_ON, OLD_CAMPUS_TO = dt.date(2023, 9, 1), dt.date(2024, 2, 29)
CONVERTED_ON, RETIERED_ON = dt.date(2024, 3, 1), dt.date(2023, 10, 9)
CAMPUS_SHARE = {"catering": 0.07, "small_eatery": 0.12, "small_shop": 0.18, "sale": 0.06, "stall": 0.15}
LARGE = ("central_kitchen", "collective_catering")
SCHOOL_CANTEENS = ("school_canteen", "kindergarten_canteen")


class Names:
    """Invented names, each used once."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.used = dice, set[str]()
        self.patterns: dict[str, list[dict[str, str]]] = {}
        for row in table("enterprises.csv"):
            self.patterns.setdefault(row["category"], []).append(row)

    def fresh(self, make: Any) -> str:
        """The first name ``make()`` gives that was not used; a number is put behind it when they run out."""
        for _ in range(60):
            name = make()
            if name not in self.used:
                break
        else:
            name = next(n for i in range(2, 999) if (n := f"{name}（{i}店）") not in self.used)
        self.used.add(name)
        return name

    def enterprise(self, category: str) -> tuple[str, dict[str, str]]:
        """A name and the row of the list that it was made from."""
        for _ in range(60):
            row = self.dice.choice(self.patterns[category])
            name = f"示例·{row['pattern'].format(nick=self.nick(), word=self.word())}"
            if name not in self.used:
                break
        return self.fresh(lambda: name), row

    def nick(self) -> str:
        surname = self.dice.choice(words("surnames.txt"))
        return self.dice.choice(("老{0}", "小{0}", "{0}记", "{0}家", "{0}姐", "{0}嫂")).format(surname)

    def word(self) -> str:
        return self.dice.choice(words("words.txt"))


class Maker:
    """Makes the rows of parties and enterprises; stores them at the end."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.dice = demo, demo.dice("enterprises")
        self.names = Names(self.dice)
        self.parties: list[dict[str, Any]] = []
        self.rows: list[dict[str, Any]] = []
        self.shops: list[Shop] = []
        self.suppliers: list[int] = []
        self.addresses: set[str] = set()
        self.chains: list[tuple[str, str, dict[str, str], int]] = []

    def party(self, name: str, kind: str, code: str, address: str) -> int:
        """A new party's index; ``code`` is the kind of credit code, '' for a natural person."""
        serial, dice = len(self.parties) + 1, self.dice
        self.parties.append(
            {
                "name": name,
                "kind": kind,
                "uscc": identifiers.make_uscc(serial, code) if code else "",
                "id_number": "" if code else identifiers.make_resident_id(serial * 5),
                "principal": self.demo.person(dice) if code else name.removesuffix("（示例）"),
                "phone": self.demo.phone(dice),
                "address": address,
            }
        )
        return serial - 1

    def add(self, category: str, opened: dt.date | None, closed: dt.date | None, status: str = "") -> Shop:
        """One enterprise with its party and states."""
        dice, town = self.dice, pick_township(self.demo, self.dice)
        village = dice.choice(town.villages)[0] if dice.random() > 0.035 else None
        street = dice.choice(town.streets)
        spot = f"旁{dice.randrange(1, 60)}号摊位" if category == "stall" else ""
        address = self._address(f"{town.name}{street}", spot)
        if category in SCHOOL_CANTEENS:
            name, row, party, contractor = self._school(category, address)
        else:
            name, row, party = self._business(category, street, address)
            contractor = None
        shop = Shop(
            0, name, category, town, village, opened, row["product"] or None, contractor, None, party, address
        )
        self.shops.append(shop)
        self.rows.append(self._row(shop))
        shop.states = [self._first_state(shop)]
        if closed is not None:
            self._change(shop, closed, status=status or "closed")
        return shop

    def _address(self, street: str, spot: str) -> str:
        """A house of a street where nobody else is."""
        while (address := f"{street}{self.dice.randrange(1, 400)}号{spot}") in self.addresses:
            pass
        self.addresses.add(address)
        return address

    def _business(self, category: str, street: str, address: str) -> tuple[str, dict[str, str], int]:
        """Name, kind and holder: one more shop of a chain, or one of its own."""
        mine = [chain for chain in self.chains if chain[0] == category]
        if mine and self.dice.random() < 0.05:
            _, base, row, party = self.dice.choice(mine)
            name = self.names.fresh(lambda: f"{base}（{street.removeprefix('示例')}店）")
            return name, row, party
        name, row = self.names.enterprise(category)
        party = self._holder(category, name, address)
        firm = self.parties[party]["kind"] == "organization"
        if firm and category in ("catering", "sale") and len(mine) < 7:
            self.chains.append((category, name, row, party))
        return name, row, party

    def _holder(self, category: str, name: str, address: str) -> int:
        dice, plain = self.dice, name.removeprefix("示例·")
        if category == "stall":
            return self.party(f"{self.demo.person(dice)}（示例）", "person", "", address)
        firm = category in ("production", "market", *LARGE) or "canteen" in category or dice.random() < 0.2
        if not firm:
            return self.party(f"昌江区{plain}（示例）", "individual_business", "92", address)
        ending = {"catering": "餐饮有限公司", "small_eatery": "餐饮有限公司", "sale": "商贸有限公司"}
        stem = plain.removesuffix("食堂").removesuffix("公司").rstrip("店馆铺")
        firm_name = f"景德镇市{stem}{ending.get(category, '有限公司')}（示例）"
        return self.party(firm_name, "organization", "91", address)

    def _school(self, category: str, address: str) -> tuple[str, dict[str, str], int, int | None]:
        dice = self.dice
        suffix = "幼儿园" if category.startswith("kinder") else dice.choice(SCHOOLS)
        order = ("第一", "第二", "第三", "实验", "")
        school = self.names.fresh(lambda: f"示例·{self.names.word()}{dice.choice(order)}{suffix}")
        private = suffix == "幼儿园" and dice.random() < 0.6
        party = self.party(school, "organization", "52" if private else "12", address)
        contractor = dice.choice(self.suppliers) if dice.random() < 0.4 else None
        return f"{school}食堂", {"product": "", "scope": ""}, party, contractor

    def _row(self, shop: Shop) -> dict[str, Any]:
        dice = self.dice
        low, high = permits.SIZES[shop.category]
        shop.diners = dice.randrange(8, 180) * 10 if "canteen" in shop.category else None
        if len(self.rows) % 23 == 5:
            shop.diners = None  # some are still to be asked
        shop.floor_area = dice.randrange(low, high) if high else None
        shop.chain = any(shop.party == chain[3] for chain in self.chains)
        return {
            "name": shop.name,
            "party": shop.party,
            "address": shop.address,
            "principal": self.parties[shop.party]["principal"],
            "phone": self.parties[shop.party]["phone"],
            "opened_on": shop.opened,
            "branch": shop.township.branch,
            "floor_area": shop.floor_area,
            "chain": shop.chain,
            "note": "",
        }

    def _first_state(self, shop: Shop) -> dict[str, Any]:
        dice = self.dice
        campus = dice.random() < CAMPUS_SHARE.get(shop.category, 0)
        rural = shop.township.code in ("360202101", "360202102", "360202202")
        other = dice.choices((None, "scenic", "rural_fair" if rural else "urban_fringe"), (84, 4, 12))[0]
        return {
            "valid_from": shop.opened or BEGINNING,
            "valid_to": None,
            "category": shop.category,
            "status": "open",
            "area": shop.township.id,
            "village": shop.village,
            "key_area": "campus" if campus else other,
            "tier": _tier(dice, shop),
            "tier_reason": "",
            "product": shop.product,
            "supply_mode": ("contracted" if shop.contractor is not None else "own")
            if shop.category in SCHOOL_CANTEENS
            else None,
            "contractor": shop.contractor,
            "diners": shop.diners,
        }

    def _change(self, shop: Shop, day: dt.date, **facts: Any) -> None:
        """Let facts change from a day on."""
        last = shop.states[-1]
        shop.states.append({**last, **facts, "valid_from": day, "valid_to": None})
        last["valid_to"] = day - dt.timedelta(days=1)

    def change_some(self) -> None:
        """Dated changes: surroundings of campus that came and went, eateries grown into restaurants, tiers raised."""
        old = [s for s in self.shops if len(s.states) == 1 and s.starts < dt.date(2023, 1, 1)]
        eating = [s for s in old if s.category in ("catering", "small_shop")]
        for shop in [s for s in eating if s.states[0]["key_area"] is None][:8]:
            self._change(shop, NEW_CAMPUS_ON, key_area="campus")
        for shop in [s for s in eating if s.states[0]["key_area"] == "campus"][:5]:
            self._change(shop, OLD_CAMPUS_TO + dt.timedelta(days=1), key_area=None)
        free = [s for s in old if len(s.states) == 1]
        for shop in [s for s in free if s.category == "catering"][-5:]:
            shop.states[0]["category"] = "small_eatery"
            self._change(shop, CONVERTED_ON, category="catering")
        for shop in [s for s in free if s.category == "sale" and s.states[0]["tier"] == "D"][:12]:
            self._change(shop, RETIERED_ON, tier="C")
        for shop in [s for s in free if s.contractor is not None][:4]:
            shop.states[0] |= {"supply_mode": "own", "contractor": None}
            self._change(shop, NEW_CAMPUS_ON, supply_mode="contracted", contractor=shop.contractor)

    def store(self) -> None:
        """Store parties, enterprises and states; give the shops their ids."""
        parties = self.demo.add(Party, self.parties)
        for row in self.rows:
            row["party"] = parties[row["party"]]
        rows = [row | Enterprise.derive(_Named(row)) for row in self.rows]
        for shop, key, row in zip(self.shops, self.demo.add(Enterprise, rows), rows, strict=True):
            shop.id, shop.party = key, row["party"]
            shop.contractor = None if shop.contractor is None else parties[shop.contractor]
            for state in shop.states:
                state["contractor"] = None if state["contractor"] is None else parties[state["contractor"]]
        states = [{"enterprise": s.id, **state} for s in self.shops for state in s.states]
        self.demo.add(EnterpriseState, states)
        self.demo.shops = self.shops


class _Named(dict[str, Any]):
    """A new row as ``Enterprise.derive`` asks for it."""

    def __missing__(self, key: str) -> Any:
        return None

    def changed(self, name: str) -> bool:
        return True


def fill(demo: Demo) -> None:
    """Store parties, enterprises, states, permits and staff."""
    maker = Maker(demo)
    maker.suppliers = [
        maker.party(f"景德镇市{name}（示例）", "organization", "91", "示例瓷韵大道88号") for name in SUPPLIERS
    ]
    for category, count in OPEN.items():
        for opened, closed, status in _lives(demo, maker.dice, category, count):
            maker.add(category, opened, closed, status)
    producers = [s for s in maker.shops if s.category == "production"]
    for shop in producers[:RICE_PRODUCERS]:
        _make_rice(maker, shop)
    _make_rice(maker, maker.add("production", dt.date(2016, 5, 9), dt.date(2023, 9, 4)))
    maker.change_some()
    tiers.agree(demo, maker.shops, maker.rows)
    maker.store()
    permits.fill(demo)


def _make_rice(maker: Maker, shop: Shop) -> None:
    """Turn a producer into a rice mill, name and party included."""
    name = maker.names.fresh(lambda: f"示例·{maker.names.word()}米业公司")
    row = maker.rows[maker.shops.index(shop)]
    shop.name = row["name"] = name
    maker.parties[shop.party]["name"] = f"景德镇市{name.removeprefix('示例·')}（示例）"
    shop.product = RICE
    for state in shop.states:
        state["product"] = RICE


def _lives(
    demo: Demo, dice: random.Random, category: str, count: int
) -> Iterator[tuple[dt.date | None, dt.date | None, str]]:
    """Opening and closing days: ``count`` are in business at the end, others closed or stopped before."""
    moving = category in MOVING
    fresh = [round(count * share) if moving else 0 for share in OPENED]
    for half, opened in zip(HALVES, fresh, strict=True):
        # The last opened early enough to be rated three months later.
        end = min(half.end, dt.date(2024, 3, 15))
        for _ in range(opened):
            yield demo.workday(dice, half.start, end), None, ""
    for _ in range(count - sum(fresh)):
        yield _long_ago(dice), None, ""
    if not moving:
        return
    for half, share in zip(HALVES, CLOSED, strict=True):
        for number in range(round(count * share)):
            day = demo.workday(dice, half.start, half.end)
            yield _long_ago(dice), day, "revoked" if number == 11 else "closed"
    for number in range(round(count * SUSPENDED)):
        day = demo.workday(dice, dt.date(2023, 2, 1), dt.date(2024, 6, 14))
        yield _long_ago(dice), day, "lost" if number % 4 == 3 else "suspended"


def _long_ago(dice: random.Random) -> dt.date | None:
    if dice.random() < 0.03:
        return None
    return dt.date(2011, 1, 4) + dt.timedelta(days=dice.randrange(4300))


def _tier(dice: random.Random, shop: Shop) -> str:
    """B for schools and the large, C for the middling, D for the small; a few are the city's (A)."""
    category = shop.category
    if category in LARGE:
        return "A" if dice.random() < 0.7 else "B"
    shares = {
        "school_canteen": (6, 80, 14, 0),
        "kindergarten_canteen": (0, 30, 70, 0),
        "production": (4, 50, 40, 6),
        "market": (0, 60, 40, 0),
        "workplace_canteen": (0, 20, 60, 20),
        "catering": (0, 3, 37, 60),
        "sale": (1, 6, 43, 50),
    }.get(category, (0, 0, 6, 94))
    return dice.choices("ABCD", shares)[0]
