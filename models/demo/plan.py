"""The demo's numbers: its today, how many of what, and what each half-year holds. Knows no table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

TODAY = dt.date(2024, 6, 30)
#: The day the officials' assignments began.
ASSIGNED_FROM = dt.date(2022, 11, 15)
SETTINGS = {
    "contacts": "程远山（示例）、叶青禾（示例）",
    "contact_phone": "0798-8000100",
    "office_address": "景德镇市昌江区示例瓷韵大道1号",
}
#: Enterprises in business on TODAY, 户.
OPEN = {
    "catering": 786,
    "small_eatery": 262,
    "sale": 318,
    "small_shop": 290,
    "school_canteen": 36,
    "kindergarten_canteen": 44,
    "workplace_canteen": 38,
    "central_kitchen": 1,
    "collective_catering": 2,
    "production": 46,
    "small_workshop": 41,
    "stall": 64,
    "market": 9,
}
RICE_PRODUCERS = 4
#: Categories that come and go; of each hundred in business, how many opened and closed in a half-year.
MOVING = ("catering", "small_eatery", "sale", "small_shop", "stall")
OPENED = (0.038, 0.048, 0.052)
CLOSED = (0.018, 0.029, 0.033)
SUSPENDED = 0.012
#: Share of the district's enterprises by township code.
TOWNSHIP_WEIGHTS = {
    "360202001": 20,
    "360202002": 20,
    "360202003": 20,
    "360202101": 13,
    "360202102": 8,
    "360202202": 4,
    "360202451": 2,
    "360202452": 3,
    "360202453": 6,
    "360202500": 4,
}


@dataclass(frozen=True)
class Half:
    """What a half-year holds: inspections (家次), of them at campus and at rice producers, findings (处), notices (份).

    ``orders`` are the other inspections that end in a notice, ``caterers`` the share of them visited, ``terms`` the
    days on which campus is visited.
    """

    start: dt.date
    end: dt.date
    total: int
    campus: int
    campus_findings: int
    campus_notices: int
    rice: int
    rice_findings: int
    rice_notices: int
    orders: int
    caterers: float
    terms: tuple[dt.date, dt.date]


HALVES = (
    Half(
        dt.date(2023, 1, 1),
        dt.date(2023, 6, 30),
        1240,
        *(152, 83, 24),
        *(6, 5, 2),
        orders=58,
        caterers=0.82,
        terms=(dt.date(2023, 2, 13), dt.date(2023, 6, 29)),
    ),
    Half(
        dt.date(2023, 7, 1),
        dt.date(2023, 12, 31),
        1360,
        *(166, 78, 21),
        *(7, 4, 1),
        orders=62,
        caterers=0.86,
        terms=(dt.date(2023, 9, 1), dt.date(2023, 12, 28)),
    ),
    Half(
        dt.date(2024, 1, 1),
        dt.date(2024, 6, 30),
        1500,
        *(180, 71, 19),
        *(9, 4, 1),
        orders=64,
        caterers=1.0,
        terms=(dt.date(2024, 2, 19), dt.date(2024, 6, 28)),
    ),
)
