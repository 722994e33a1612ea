"""Which column of a file fills which field: by label, learned aliases, usual names, then pinyin and likeness.

Knows the alias table and the registers' declarations, not the rows of a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from models.alias import USUAL_HEADERS, USUAL_VALUES, HeaderAlias
from models.core import search
from models.core.changes import Transaction
from models.core.errors import KnownError
from models.core.fields import Choice
from models.core.register import Register
from models.core.saving import save
from models.transfer.reading import RawTable, plain_header
from models.transfer.sidecar import REASONS
from models.transfer.targets import Target, read_only_labels, targets

How = Literal[
    "label", "alias", "usual", "similar", "user", "export", "read_only", "ignored", "ambiguous", "unmatched"
]

#: Headers that number or file the rows and mean nothing to a register.
_IGNORED = frozenset({"序号", "编号", "序", "no", "no.", "行号", "#"})
#: At and above this likeness (0–100) a column is matched, and from the second on offered.
SURE, OFFERED = 86, 60


@dataclass(frozen=True)
class Match:
    """How one column of the file was understood; ``score`` is 0–100, ``options`` the paths worth offering."""

    index: int
    header: str
    path: str = ""
    how: How = "unmatched"
    score: int = 0
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """The columns of a file and what they fill, with the value aliases in force."""

    register: Register
    columns: tuple[Match, ...]
    targets: dict[str, Target]
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    #: What the user said of values of this file, by path: to be learned with the import.
    corrected: dict[str, dict[str, str]] = field(default_factory=dict)

    def correct(self, path: str, written: str, label: str) -> None:
        """From now on ``written`` means the value or record called ``label`` in the column ``path``."""
        for told in (self.values, self.corrected):
            told.setdefault(path, {})[written] = label

    def forget(self, path: str, written: str) -> None:
        """Take a correction back."""
        for told in (self.values, self.corrected):
            told.get(path, {}).pop(written, None)

    @property
    def matched(self) -> list[Match]:
        """The columns that fill something, in the file's order."""
        return [m for m in self.columns if m.path]

    @property
    def open(self) -> list[Match]:
        """The columns to ask about: unmatched or ambiguous."""
        return [m for m in self.columns if m.how in ("unmatched", "ambiguous")]

    @property
    def missing(self) -> list[Target]:
        """The required fields without a default that no column fills."""
        filled = {m.path.split(".")[0].split("[")[0] for m in self.matched}
        brought = set(getattr(self.register.model, "brings", ()))
        return [
            t
            for t in self.targets.values()
            if t.kind in ("own", "links")
            and t.field.required
            and t.path not in filled | brought
            and getattr(t.field, "default", None) in (None, "")
        ]

    def with_(self, header: str, path: str) -> Mapping:
        """A copy in which ``header`` fills ``path`` ('' for nothing). Raises KnownError for an unknown one."""
        if path and path not in self.targets:
            labels = {t.label: p for p, t in self.targets.items()}
            if path not in labels:
                raise KnownError(
                    f"{self.register.title}没有“{path}”这个栏目。", f"可用的有：{'、'.join(labels)}"
                )
            path = labels[path]
        wanted = plain_header(header)
        if not any(plain_header(m.header) == wanted for m in self.columns):
            raise KnownError(
                f"文件里没有“{header}”这一列。", f"有的是：{'、'.join(m.header for m in self.columns)}"
            )
        columns = []
        for m in self.columns:
            if plain_header(m.header) == wanted:
                m = replace(m, path=path, how="user" if path else "ignored", score=100)
            elif path and m.path == path:
                m = replace(m, path="", how="ignored")
            columns.append(m)
        return replace(self, columns=tuple(columns))


def known_headers(register: Register) -> set[str]:
    """Every header text that means something in a register: helps to find a file's header row."""
    names = {n for t in targets(register).values() for n in t.names} | read_only_labels(register)
    for label, usual in USUAL_HEADERS.items():
        if label in names:
            names |= set(usual)
    return names | set(learned(register)[0])


def learned(register: Register) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The register's own aliases: header text to label, and label to (written value to the value's label)."""
    headers: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    rows = HeaderAlias.live().where(HeaderAlias.register_title == register.title).order_by(HeaderAlias.id)
    for row in rows:
        if row.value:
            values.setdefault(row.target, {})[row.written] = row.value
        else:
            headers[row.written] = row.target
    return headers, values


def match_headers(register: Register, table: RawTable | Sequence[str]) -> Mapping:
    """Match the columns of a file, or plain header texts, to the targets of a register."""
    headers = table.headers if isinstance(table, RawTable) else tuple(table)
    found = targets(register)
    aliases, values = learned(register)
    exported = _exported(register, table, found) if isinstance(table, RawTable) else {}
    names = _names(found)
    taken: set[str] = set()
    columns = []
    plain_aliases = {plain_header(w): label for w, label in aliases.items()}
    by_label = {t.label: p for p, t in found.items()}
    hidden = {plain_header(n) for n in read_only_labels(register)}
    for index, header in enumerate(headers):
        if header == REASONS:
            m = Match(index, header, "", "ignored", 100)
        elif header in exported:
            path = exported[header]
            m = Match(index, header, path, "export" if path else "read_only", 100)
        else:
            m = _exact(index, header, found, names, plain_aliases, by_label, taken)
            if not m.path and plain_header(header) in hidden:
                m = Match(index, header, "", "read_only", 100)
        taken.add(m.path)
        columns.append(m)
    columns = [_alike(m, found, taken) if m.how == "unmatched" else m for m in columns]
    return Mapping(register, tuple(columns), found, _value_names(found, values))


def _exported(register: Register, table: RawTable, found: dict[str, Target]) -> dict[str, str]:
    """Header to path where the file is this register's own export; '' for columns that are only shown."""
    if table.manifest is None or table.manifest.register != register.name:
        return {}
    known = {c.path: c for c in register.columns}
    pairs = {}
    for path in table.manifest.paths:
        column = register.column(path)
        target = found.get(path)
        editable = target is not None and (path not in known or known[path].expr is None)
        pairs[register.label_of(column)] = path if editable else ""
    return pairs


def _names(found: dict[str, Target]) -> dict[str, list[str]]:
    """Plain header to the paths that go by it, own fields first; a later name of a target counts only if free."""
    names: dict[str, list[str]] = {}
    for rank in range(4):
        for path, target in found.items():
            if rank < len(target.names):
                plain = plain_header(target.names[rank])
                if rank == 0 or plain not in names:
                    names.setdefault(plain, []).append(path)
    for target_path, target in found.items():
        for own in target.names[:2]:
            for usual in USUAL_HEADERS.get(own, ()):
                paths = names.setdefault(plain_header(usual), [])
                if not paths:
                    paths.append(target_path)
    return names


def _exact(
    index: int,
    header: str,
    found: dict[str, Target],
    names: dict[str, list[str]],
    aliases: dict[str, str],
    by_label: dict[str, str],
    taken: set[str],
) -> Match:
    for text in _readings(header):
        label = aliases.get(text)
        if label in by_label and by_label[label] not in taken:
            return Match(index, header, by_label[label], "alias", 100)
        if text in _IGNORED:
            return Match(index, header, "", "ignored", 100)
        paths = [p for p in names.get(text, []) if p not in taken]
        if len(paths) == 1:
            own = any(plain_header(n) == text for n in found[paths[0]].names)
            return Match(index, header, paths[0], "label" if own else "usual", 100 if own else 95)
        if len(paths) > 1:
            return Match(index, header, "", "ambiguous", 90, tuple(paths))
    return Match(index, header)


def _readings(header: str) -> list[str]:
    """The header whole, without its brackets, and of a two-row header its lower part."""
    plain = plain_header(header)
    readings = [plain, re.sub(r"\(.*?\)", "", plain)]
    if "/" in plain:
        upper, lower = plain.split("/", 1)
        readings += [upper + lower, lower]
    return list(dict.fromkeys(r for r in readings if r))


def _alike(m: Match, found: dict[str, Target], taken: set[str]) -> Match:
    from rapidfuzz import fuzz

    text = plain_header(m.header)
    sounds = search.initials(text)
    scores = []
    for path, target in found.items():
        if path in taken:
            continue
        best = 0.0
        for name in target.names:
            plain = plain_header(name)
            score = fuzz.ratio(text, plain)
            if len(sounds) > 2 and search.initials(plain) == sounds:
                score = max(score, 92.0)
            best = max(best, score)
        if best >= OFFERED:
            scores.append((best, path))
    scores.sort(key=lambda s: -s[0])
    options = tuple(path for _, path in scores[:5])
    if scores and scores[0][0] >= SURE and (len(scores) == 1 or scores[1][0] < scores[0][0] - 3):
        taken.add(options[0])
        return replace(m, path=options[0], how="similar", score=int(scores[0][0]), options=options)
    how: How = "ambiguous" if len([s for s in scores if s[0] >= SURE]) > 1 else "unmatched"
    return replace(m, how=how, score=int(scores[0][0]) if scores else 0, options=options)


def _value_names(
    found: dict[str, Target], own: MappingType[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    """By path, what files write for a value or a record's name; the learned ones win."""
    result = {}
    for path, target in found.items():
        if isinstance(target.field, Choice):
            labels = set(target.field.labels.values())
            usual = {w: label for label in labels for w in USUAL_VALUES.get(label, ()) if w not in labels}
            result[path] = {**usual, **own.get(target.label, {})}
        elif target.label in own:
            result[path] = dict(own[target.label])
    return result


def learn(tx: Transaction, register: Register, header: str, path: str) -> None:
    """Remember that ``header`` means ``path`` in files for a register."""
    _learn(tx, register, header, targets(register)[path].label, "")


def learn_value(tx: Transaction, register: Register, path: str, written: str, label: str) -> None:
    """Remember that in the column ``path`` the text ``written`` means the value called ``label``."""
    _learn(tx, register, written, targets(register)[path].label, label)


def _learn(tx: Transaction, register: Register, written: str, target: str, value: str) -> None:
    written = " ".join(written.split())
    same = HeaderAlias.live().where(
        HeaderAlias.register_title == register.title, HeaderAlias.written == written
    )
    if value:
        record = same.where(HeaderAlias.target == target, HeaderAlias.value != "").first()
    else:
        record = same.where(HeaderAlias.value == "").first()
    values = {"register_title": register.title, "written": written, "target": target, "value": value}
    if record is None or any(record.__data__[n] != v for n, v in values.items()):
        save(tx, HeaderAlias, values, record)
