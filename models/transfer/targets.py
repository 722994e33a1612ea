"""What a column of a file may fill: every editable field of a register, and the fields reached through it.

A target's path is ``name`` (own column, dated fact, reference, links), ``party.uscc`` (a column of a record that the
row brings along), ``permits.number`` (a line's column) or ``staff[director].name`` (a line of one kind). Knows no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from models.core.fields import Choice, Described, Json, Lines, Links, Ref
from models.core.register import Register

Kind = Literal["own", "brought", "line", "links"]


@dataclass(frozen=True)
class Target:
    """One thing a column may fill; ``names`` are the headers it goes by, the first is shown."""

    path: str
    field: Any
    kind: Kind
    names: tuple[str, ...]
    #: Of a line: the lines' name, the kind it is limited to, the column.
    lines: str = ""
    only: str = ""
    column: str = ""

    @property
    def label(self) -> str:
        """How the target is called on the screen."""
        return self.names[0]


def targets(register: Register) -> dict[str, Target]:
    """Every target of a register by its path, own fields first."""
    found = {t.path: t for t in _own(register)}
    for name in brings(register.model):
        found |= {t.path: t for t in _brought(register.model.described()[name], name)}
    for name, field in register.model.described().items():
        if isinstance(field, Lines):
            found |= {t.path: t for t in _of_lines(name, field)}
    return found


def brings(model: Any) -> tuple[str, ...]:
    """The references whose record a row may bring along: it is found by its code or name, else made."""
    return tuple(getattr(model, "brings", ()))


def importable(field: Any) -> bool:
    """Whether a person may fill the field."""
    return bool(field.editable) and not isinstance(field, Json | Lines)


def _own(register: Register) -> Iterator[Target]:
    columns = {c.path: c.label for c in register.columns if c.label and c.expr is None}
    for name, field in register.model.described().items():
        if importable(field):
            names = dict.fromkeys(n for n in (field.label, columns.get(name, "")) if n)
            if isinstance(field, Ref):
                label = field.rel_model.described().get(field.rel_model.label_field)
                if isinstance(label, Described) and not isinstance(label, Ref):
                    names |= dict.fromkeys(
                        [label.label] if field.label in label.label else [f"{field.label}{label.label}"]
                    )
            kind: Kind = "links" if isinstance(field, Links) else "own"
            yield Target(name, field, kind, tuple(names))


def _brought(ref: Ref, name: str) -> Iterator[Target]:
    model = ref.rel_model
    for inner, field in model.described().items():
        if importable(field) and inner != model.label_field and not isinstance(field, Links):
            names = (f"{ref.label}{field.label}", field.label, f"{ref.label}/{field.label}")
            yield Target(f"{name}.{inner}", field, "brought", names, column=inner)


def _of_lines(name: str, lines: Lines) -> Iterator[Target]:
    child = lines.child()
    fields = {n: f for n, f in child.described().items() if n in lines.columns and importable(f)}
    for column, field in fields.items():
        if not isinstance(field, Ref):
            names = (f"{lines.label}{field.label}", field.label, f"{lines.label}/{field.label}")
            yield Target(f"{name}.{column}", field, "line", names, name, "", column)
    kind = kind_of_lines(lines)
    if kind is None:
        return
    for code, label in fields[kind].labels.items():
        for column, field in fields.items():
            if column != kind and not isinstance(field, Ref):
                titles = [f"{label}{field.label}", f"{label}/{field.label}"]
                if column == child.label_field:
                    titles = [label, *titles]
                yield Target(f"{name}[{code}].{column}", field, "line", tuple(titles), name, code, column)


def kind_of_lines(lines: Lines) -> str | None:
    """The column that says of what kind a line is: its first required choice."""
    for name, field in lines.child().described().items():
        if name in lines.columns and isinstance(field, Choice) and field.required:
            return name
    return None


def read_only_labels(register: Register) -> set[str]:
    """The headers of columns that are shown and exported but not imported."""
    known = targets(register)
    return {register.label_of(c) for c in register.columns if c.expr is not None or c.path not in known} | {
        f.label for f in register.model.described().values() if not importable(f)
    }
