"""Fonts and sample documents of the tests of reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from models.notice_text import NoticeText
from reports.core.fonts import FontSet, bundled_fonts


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    return bundled_fonts()


@pytest.fixture
def make_notice() -> Callable[..., NoticeText]:
    def make(**changes: object) -> NoticeText:
        values: dict[str, object] = {
            "office": "景德镇市昌江区市场监督管理局",
            "title": "责令改正通知书",
            "number": "昌市监责改〔2024〕19号",
            "addressee": "昌江区某某中学（示例）",
            "paragraphs": (
                "经查，你单位食堂留样食品标签未注明留样时间，违反了《中华人民共和国食品安全法》第四十七条的规定。",
                "依据《中华人民共和国行政处罚法》第二十八条第一款的规定，现责令你单位于2024年6月30日前改正。",
            ),
            "contact_lines": ("联系人：张三、李喆　　联系电话：0798-8330000",),
            "issued_on": date(2024, 6, 5),
            "footnote": "本文书一式三份，一份送达，一份归档，一份备查。",
        }
        return NoticeText(**(values | changes))  # type: ignore[arg-type]

    return make
