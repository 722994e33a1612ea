"""Sampling (监督抽检): samples taken, their results and what became of the failed ones."""

from __future__ import annotations

import datetime as dt
from typing import Any

import peewee

from models.core.checks import Problems
from models.core.fields import Bool, Choice, Code, Date, LongText, Ref, Text
from models.core.figure import Figure
from models.core.record import Entry
from models.core.register import Column, Preset, Register
from models.enterprise import Enterprise

PROGRAMMES = (
    ("province", "省抽"),
    ("supervision", "监督抽检"),
    ("evaluation", "评价抽检"),
    ("pick", "你点我检"),
    ("bring", "你送我检"),
)
RESULTS = (("pending", "待出结果"), ("passed", "合格"), ("failed", "不合格"))


class Sample(Entry):
    """One batch (批次) sampled from an enterprise."""

    title = "监督抽检"
    label_field = "product"
    enterprise = Ref(Enterprise, "被抽样单位", required=True)
    sampled_on = Date("抽样日期", required=True)
    programme = Choice("抽检类别", PROGRAMMES, required=True, default="supervision", width=8)
    product = Text("样品名称", required=True, search=True, pinyin=True, sort="name_key", width=14)
    sheet_number = Code("抽样单编号", search=True, max_length=40, width=14)
    result = Choice("检验结果", RESULTS, required=True, default="pending", width=7)
    failed_items = Text("不合格项目", search=True, width=14)
    received_on = Date("收到报告日期")
    handled_on = Date("核查处置完成日期")
    tableware = Bool("餐饮具")
    note = LongText("处置情况")

    sections = (
        ("抽样", ("enterprise", "sampled_on", "programme", "product", "tableware", "sheet_number")),
        ("结果与处置", ("result", "failed_items", "received_on", "handled_on", "note")),
    )

    live_indexes = ((("sampled_on",), False),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if draft["sampled_on"] and draft["sampled_on"] > draft.day:
            problems.error("sampled_on", "future", "抽样日期晚于今天，请改正")
        if draft["result"] == "failed" and not draft["failed_items"]:
            problems.error("failed_items", "required", "检验不合格的，请填写不合格项目")
        begin, received, handled = draft["sampled_on"], draft["received_on"], draft["handled_on"]
        if begin and received and received < begin:
            problems.error("received_on", "order", "收到报告日期早于抽样日期，请改正其一")
        if handled and (received or begin) and handled < (received or begin):
            problems.error("handled_on", "order", "处置完成日期早于收到报告日期，请改正其一")


REGISTER = Register(
    name="samples",
    title="监督抽检",
    model=Sample,
    icon="sample",
    unit="批次",
    columns=(
        Column("sampled_on"),
        Column("enterprise", width=16),
        Column("product"),
        Column("programme"),
        Column("result"),
        Column("failed_items"),
        Column("received_on"),
        Column("handled_on"),
        Column("sheet_number", shown=False),
        Column("enterprise.category", width=8, shown=False),
    ),
    order=(("sampled_on", True),),
    through=("enterprise",),
    filters=("programme", "result", "enterprise.category"),
    presets=(
        Preset(
            "unhandled",
            "不合格待处置",
            lambda s: (s.col("result") == "failed") & s.col("handled_on").is_null(),
            "danger",
        ),
    ),
)


def _sampled(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return Sample.live().select(Sample.id).where(Sample.sampled_on.between(start, end))


def _failed(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return _sampled(start, end).where(Sample.result == "failed")


Figure(
    name="samples.total",
    label="监督抽检",
    unit="批次",
    kind="count",
    basis="flow",
    register="samples",
    rule="期内抽样的批次数，按抽样日期计。",
    query=_sampled,
)
Figure(
    name="samples.failed",
    label="抽检不合格",
    unit="批次",
    kind="count",
    basis="flow",
    register="samples",
    rule="期内抽样、检验结果为不合格的批次数，按抽样日期计。",
    query=_failed,
)
Figure(
    name="samples.handled",
    label="不合格已处置",
    unit="批次",
    kind="count",
    basis="flow",
    register="samples",
    rule="抽检不合格的批次中，截至期末核查处置完成的批次数。",
    query=lambda start, end: _failed(start, end).where(Sample.handled_on <= end),
)
