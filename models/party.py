"""Parties (当事人): who holds a permit or registration and is addressed by notices. Knows no enterprise."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems, code_check
from models.core.fields import Choice, Code, Text
from models.core.record import Entry
from models.core.register import Column, Link, Register
from models.rules import identifiers
from models.rules.phones import check_phone

PARTY_KINDS = (("organization", "单位"), ("individual_business", "个体工商户"), ("person", "自然人"))


class Party(Entry):
    """当事人: the holder of a permit or registration, to whom notices are addressed."""

    title = "当事人"
    identity = (("uscc",), ("id_number",))
    name = Text("当事人名称", required=True, search=True, pinyin=True, sort="name_key", width=16)
    kind = Choice("当事人类型", PARTY_KINDS, required=True, default="organization")
    uscc = Code(
        "统一社会信用代码",
        search=True,
        normalise=identifiers.normalise,
        max_length=32,
        width=14,
        check=code_check(identifiers.check_party_code),
        help="18位；旧的15位注册号也可登记",
    )
    id_number = Code(
        "身份证号",
        normalise=identifiers.normalise,
        mask=identifiers.mask_id,
        max_length=18,
        width=14,
        check=code_check(identifiers.check_resident_id),
        help="仅自然人填写，显示时隐去第11至14位",
    )
    principal = Text("法定代表人（负责人）", search=True, pinyin=True, max_length=40, width=8)
    phone = Code("联系电话", search=True, check=code_check(check_phone), max_length=60)
    address = Text("住所", search=True, width=18)

    sections = (("当事人", ("name", "kind", "uscc", "id_number", "principal", "phone", "address")),)

    class Meta:
        indexes = ((("uscc",), False), (("id_number",), False))

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        """A new party without a kind has the one its credit code says (92: 个体工商户)."""
        if draft.record is not None or "kind" in draft.values:
            return {}
        return {"kind": "individual_business"} if (draft["uscc"] or "").startswith("92") else {}

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if draft["kind"] == "person":
            if not draft["id_number"]:
                problems.warn("id_number", "no_id", "没有身份证号，文书上将无法核对身份")
        elif not draft["uscc"]:
            problems.warn("uscc", "no_uscc", "没有统一社会信用代码，请对照营业执照补录")
        code = draft["uscc"] or draft["id_number"]
        same = (draft.same(uscc=code) or draft.same(id_number=code)) if code else None
        if same is not None:
            field = "uscc" if draft["uscc"] else "id_number"
            problems.error(field, "duplicate", f"该代码已登记给“{same.name}”，请直接选用")


PARTIES = Register(
    name="parties",
    title="当事人",
    model=Party,
    icon="enterprise",
    unit="个",
    columns=(
        Column("name"),
        Column("kind", width=8),
        Column("uscc"),
        Column("id_number"),
        Column("principal"),
        Column("phone", width=10),
        Column("address"),
    ),
    order=(("name", False),),
    filters=("kind",),
    links=(Link("enterprises", "party"), Link("notices", "party")),
)
