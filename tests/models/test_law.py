"""The groups of a legal basis: words on the screen, codes in the ledger."""

from __future__ import annotations

import datetime as dt

import pytest

from models.core.errors import FieldError
from models.law import GROUPS, LegalBasis
from models.rules import legal

DAY = dt.date(2024, 6, 30)


def test_groups_are_words_on_the_screen_and_codes_in_the_ledger() -> None:
    field = LegalBasis.applies_to
    assert field.parse("生产、餐饮", DAY) == "production catering"
    assert field.format("production catering") == "生产、餐饮"
    assert field.parse("", DAY) == "all"
    with pytest.raises(FieldError, match="没有“饭店”这一类"):
        field.parse("饭店", DAY)


def test_every_group_of_the_rule_has_a_word() -> None:
    assert set(GROUPS) == set(legal.GROUPS)
