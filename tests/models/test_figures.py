"""The figures of the demo's half-years: the published table, and each counted again by hand-written SQL."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from models.core.figure import figure
from models.core.ledger import Ledger

START, END = dt.date(2024, 1, 1), dt.date(2024, 6, 30)
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


@pytest.mark.parametrize(("name", "value"), TABLE.items())
def test_the_published_table(demo_reader: Ledger, name: str, value: int | Fraction) -> None:
    assert figure(name).value(START, END) == value
