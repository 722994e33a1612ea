"""Legal bases (常用问题与依据): dated, editable wordings that findings and notices are filled from."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from models.core.checks import Problems
from models.core.errors import FieldError
from models.core.fields import Code, Date, LongText, Text
from models.core.record import Entry, as_of
from models.core.register import Column, Preset, Register
from models.rules import legal

#: The groups of ``rules.legal`` by their words on the screen.
GROUPS = {
    "all": "全部",
    "production": "生产",
    "sale": "销售",
    "catering": "餐饮",
    "canteen": "食堂",
    "small": "小作坊小摊贩",
    "market": "市场",
    "licensed": "持证单位",
}


class Groups(Text):
    """Several groups of enterprises: kept as codes with blanks between, typed and shown as words."""

    def parse(self, text: str, today: dt.date) -> Any:
        codes = {label: code for code, label in GROUPS.items()} | {code: code for code in GROUPS}
        words = [word for word in re.split(r"[、，,；;\s]+", super().parse(text, today) or "") if word]
        unknown = [word for word in words if word not in codes]
        if unknown:
            raise FieldError(f"没有“{unknown[0]}”这一类，请从下列中选：{'、'.join(GROUPS.values())}")
        return " ".join(dict.fromkeys(codes[word] for word in words)) or "all"

    def format(self, value: Any) -> str:
        return "、".join(GROUPS.get(code, code) for code in (value or "").split())


class LegalBasis(Entry):
    """A typical problem with what it violates, what allows to order correction, and what follows a refusal."""

    title = "法律依据"
    label_field = "wording"
    code = Code("代码", max_length=60)
    topic = Text("主题", search=True, width=8)
    applies_to = Groups(
        "适用类别", help=f"{'、'.join(GROUPS.values())}，几类用顿号分开；留空适用于全部", width=10
    )
    wording = Text("问题描述", required=True, search=True, pinyin=True, sort="name_key", width=26)
    violates = Text("违反条款", search=True, max_length=400, width=20)
    basis = Text("责令依据", required=True, max_length=400, width=20)
    consequence = Text("逾期不改的后果", max_length=400, width=20)
    valid_from = Date("施行日期", required=True)
    valid_to = Date("废止日期")
    source = LongText("核对说明")

    sections = (
        (
            "法律依据",
            (
                "topic",
                "wording",
                "violates",
                "basis",
                "consequence",
                "applies_to",
                "valid_from",
                "valid_to",
                "source",
                "code",
            ),
        ),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "废止日期早于施行日期，请改正其一")


REGISTER = Register(
    name="legal_bases",
    title="法律依据",
    model=LegalBasis,
    icon="law",
    unit="条",
    columns=(
        Column("topic"),
        Column("wording"),
        Column("violates"),
        Column("basis"),
        Column("consequence"),
        Column("valid_from"),
        Column("valid_to"),
        Column("source"),
        Column("applies_to", shown=False),
    ),
    order=(("topic", False), ("wording", False)),
    presets=(
        Preset("current", "现行", lambda s: as_of(LegalBasis, s.day)),
        Preset("unchecked", "待核", lambda s: s.col("source").startswith("待核"), "warning"),
    ),
)


def bases_for(day: dt.date, category: str = "") -> list[legal.LegalBasis]:
    """The wordings in force on a day for a category of enterprise, in the ledger's order.

    Small operators keep only what ``rules.legal.bases_for`` leaves them (食品安全法第一百二十七条).
    """
    query = LegalBasis.live().where(as_of(LegalBasis, day)).order_by(LegalBasis.topic, LegalBasis.id)
    rows = [
        legal.LegalBasis(
            b.code, b.topic, frozenset(b.applies_to.split()), b.wording, b.violates, b.basis, b.consequence,
            b.valid_from, b.valid_to, b.source,
        )
        for b in query
    ]  # fmt: skip
    return list(legal.bases_for(rows, day, category))


def basis_of(wording: str, violates: str, day: dt.date, category: str = "") -> legal.LegalBasis | None:
    """The basis a finding at such an enterprise was written from: the same wording, else the same article."""
    current = bases_for(day, category)
    same = [b for b in current if b.wording == wording]
    return next(iter(same or [b for b in current if violates and b.violates == violates]), None)


def seed_rows() -> list[dict[str, Any]]:
    """The rows a new ledger starts with."""
    return [
        {
            "code": b.code,
            "topic": b.topic,
            "applies_to": " ".join(sorted(b.applies_to)),
            "wording": b.wording,
            "violates": b.violates,
            "basis": b.basis,
            "consequence": b.consequence,
            "valid_from": b.valid_from,
            "valid_to": b.valid_to,
            "source": b.source_note,
        }
        for b in legal.load_legal_bases()
    ]
