"""Runs of document numbers (文号系列): a document kind, a branch or the whole bureau, a prefix and a year."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems
from models.core.fields import Choice, Integer, Ref, Text
from models.core.record import Entry
from models.core.register import Column, Register
from models.organization import Branch
from models.rules import numbering

DOCUMENTS = (("notice", "责令改正通知书"), ("risk_form", "风险等级确定表"))


class NumberSeries(Entry):
    """One run of numbers of the office's own. It is made by the first number, or by hand where offices start in
    mid-year and each branch goes on from another serial."""

    title = "文号系列"
    label_field = "prefix"
    kind = Choice("文书", DOCUMENTS, required=True, default="notice", width=9)
    branch = Ref(Branch, "分局", help="全局统一编号的留空")
    prefix = Text(
        "代字", required=True, search=True, max_length=60, width=12, help="如“昌市监责改”，年份由程序加上"
    )
    year = Integer("年份", required=True, least=2000, most=2100, width=5)
    first_serial = Integer(
        "起始顺序号",
        required=True,
        default=1,
        least=1,
        most=numbering.MAX_SERIAL,
        help="年中启用的，填本年下一个号",
    )

    sections = (("文号系列", ("kind", "branch", "prefix", "year", "first_serial")),)

    live_indexes = ((("kind", "prefix", "year"), True),)

    def label(self) -> str:
        return f"{self.prefix}〔{self.year}〕"

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        prefix, year = draft["prefix"], draft["year"]
        if prefix and year:
            try:
                numbering.NumberSeries(prefix, year)
            except ValueError as exc:
                problems.error("prefix", "prefix", str(exc))
        same = cls.live().where(cls.kind == draft["kind"], cls.prefix == prefix, cls.year == year)
        if draft.record is not None:
            same = same.where(cls.id != draft.record.id)
        if same.exists():
            problems.error("prefix", "duplicate", f"“{prefix}”{year}年的系列已有，请打开那一条修改")

    def guard(self, action: str) -> str:
        from models.notice import Notice  # notices stand on their series

        if Notice.select().where(Notice.series == self.id).exists():
            return f"{self.label()}已经编过号，不能再改动或移除，否则会缺号、重号。"
        return ""


REGISTER = Register(
    name="number_series",
    title="文号系列",
    model=NumberSeries,
    icon="issue",
    unit="个",
    columns=(
        Column("prefix"),
        Column("year"),
        Column("first_serial"),
        Column("branch", width=10),
        Column("kind"),
    ),
    order=(("year", True), ("prefix", False)),
    filters=("year", "branch"),
)
