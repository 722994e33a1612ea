"""What was typed but not saved, kept in a small file until the form is saved or given up; knows no widget."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = "drafts"
_in_use: set[Path] = set()


@dataclass(frozen=True)
class Recovered:
    """A draft found: when it was written and the fields' texts."""

    at: dt.datetime
    state: Mapping[str, Any]


_NAME = re.compile(r"(?P<register>\w+)-(?P<id>new|[0-9]+)(-[0-9]+)?\.(json|older)")


@dataclass(frozen=True)
class PendingDraft:
    """What a form left unsaved: its register, its record (None for a new one), when, and a name for a person."""

    register: str
    record_id: int | None
    at: dt.datetime
    label: str


def pending_drafts(folder: Path) -> list[PendingDraft]:
    """What forms of an earlier run left unsaved in a ledger's folder, the latest first; open forms left out."""
    found = []
    for path in (folder / FOLDER).glob("*-*.*"):
        name = _NAME.fullmatch(path.name)
        if name is None or path.with_suffix(".json") in _in_use:
            continue
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            at, state = dt.datetime.fromisoformat(content["at"]), dict(content["state"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # the form itself puts a damaged file aside when it comes to it
        if state:
            record_id = None if name["id"] == "new" else int(name["id"])
            found.append(PendingDraft(name["register"], record_id, at, _label(name["register"], state)))
    return sorted(found, key=lambda draft: draft.at, reverse=True)


def _label(register_name: str, state: Mapping[str, Any]) -> str:
    """The table's title and, where it was typed, the record's name: 监督检查：示例饭店."""
    from models.core.register import REGISTERS

    if register_name not in REGISTERS:
        return register_name
    model = REGISTERS[register_name].model
    typed = state.get(model.label_field)
    words = str(typed.get("text", "") if isinstance(typed, Mapping) else typed or "").strip()
    return f"{model.title}：{words}" if words else str(model.title)


class DraftFile:
    """The recovery file of one open form: ``drafts/REGISTER-ID.json``, another one for a second form of the kind."""

    def __init__(self, folder: Path, register: str, record_id: int | None) -> None:
        base = f"{register}-{record_id if record_id is not None else 'new'}"
        number = 1
        while (path := folder / FOLDER / f"{base}{f'-{number}' if number > 1 else ''}.json") in _in_use:
            number += 1
        self.path = path
        self._mine = False
        _in_use.add(path)

    @property
    def older(self) -> Path:
        """Where a draft found waits while new ones are written and nobody has decided about it."""
        return self.path.with_suffix(".older")

    def found(self) -> Recovered | None:
        """What an earlier form left behind, None where there is nothing readable."""
        if not self.path.exists() and self.older.exists():
            self.older.replace(self.path)
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            return Recovered(dt.datetime.fromisoformat(content["at"]), dict(content["state"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            with contextlib.suppress(OSError):  # neither offered again nor lost
                self.path.replace(self.path.with_suffix(".damaged"))
            return None

    def take(self) -> None:
        """What was found is this form's own now."""
        self._mine = True

    def write(self, state: Mapping[str, Any], now: dt.datetime) -> None:
        """Keep these texts; a found draft not taken over is kept too. Raises OSError where that cannot be done."""
        self.path.parent.mkdir(exist_ok=True)
        if not self._mine and self.path.exists():
            self.path.replace(self.older)
        self._mine = True
        fresh = self.path.with_suffix(".tmp")
        text = json.dumps({"at": now.isoformat(timespec="seconds"), "state": state}, ensure_ascii=False)
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.path)

    def remove(self) -> None:
        """Forget this form's texts; they were saved or given up."""
        if self._mine:
            self.path.unlink(missing_ok=True)
        self._mine = False

    def refuse(self) -> None:
        """Forget the draft that was found."""
        self.older.unlink(missing_ok=True)
        if not self._mine:
            self.path.unlink(missing_ok=True)

    def release(self) -> None:
        """The form is gone; the next one of its kind may offer what is left."""
        _in_use.discard(self.path)
