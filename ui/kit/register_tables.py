"""What a list says and watches because of its register: the hint of its search box, the tables behind it; no widget."""

from __future__ import annotations

from models.core.attachments import Attachment
from models.core.record import Record
from models.core.register import Column, Register
from models.core.register import register as register_named


def search_hint(register: Register) -> str:
    """What the search box of a register says."""
    fields = [f for f in register.model.own_fields().values() if f.search]
    through = [register.field_of(Column(step)).label for step in register.through]
    words = [*through, *(f.label for f in fields)][:2]
    pinyin = bool(through) or any(f.pinyin for f in fields)
    if not words:
        return "搜索"
    return f"搜索{'、'.join(words[:1] if pinyin else words)}{'、拼音首字母' if pinyin else ''}"


def concerned_tables(register: Register) -> tuple[str, ...]:
    """The tables whose changes may show in a register: its own, its facts, lines and links, what it refers to."""
    found: set[str] = set()

    def add(model: type[Record]) -> None:
        found.add(model._meta.table_name)
        if model.facts is not None:
            found.add(model.facts()._meta.table_name)

    add(register.model)
    add(Attachment)  # every list can count them
    for foreign, child in register.model._meta.backrefs.items():
        if getattr(child, "owner", "") == foreign.name:
            add(child)
    for column in register.columns:
        if column.lead is not None:
            add(register_named(column.lead.register).model)
        model = register.model
        for step in column.path.split("."):
            described = model.described().get(step)
            target = getattr(described, "rel_model", None) or getattr(described, "target_model", None)
            if target is None:
                break
            add(target)
            model = target
    return tuple(sorted(found))
