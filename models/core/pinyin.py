"""The pinyin library, loaded at first use in small steps, so that no thread is held up. Knows no record."""

from __future__ import annotations

import functools
import gc
import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

_STEP = re.compile(r"\s*,?\s*")


@functools.cache
def library() -> Any:
    """pypinyin. Its 47,000 phrases, read in one call, would hold every thread for a tenth of a second."""
    if "pypinyin" not in sys.modules:
        spec = importlib.util.find_spec("pypinyin")
        for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
            _read_phrases(Path(folder) / "phrases_dict.json")
    import pypinyin

    gc.freeze()  # the dictionary stays: a collection that looked through it would hold the window
    return pypinyin


def _read_phrases(path: Path) -> None:
    """Put the library's module of phrases in its place, where its file is as we know it; else it reads by itself."""
    try:
        found = read_object(path.read_text("utf-8"))
    except (OSError, ValueError):
        return
    module = ModuleType("pypinyin.phrases_dict")
    vars(module)["phrases_dict"] = found
    sys.modules["pypinyin.phrases_dict"] = module


def read_object(text: str) -> dict[str, Any]:
    """The JSON object of a text, entry by entry. Raises ValueError where it is none."""
    scan, found, at, end = json.JSONDecoder().raw_decode, {}, text.index("{") + 1, text.rindex("}")
    while (at := _skip(text, at)) < end:
        key, at = scan(text, at)
        at = _skip(text, at)
        if text[at] != ":" or not isinstance(key, str):
            raise ValueError("no JSON object")
        found[key], at = scan(text, _skip(text, at + 1))
    return found


def _skip(text: str, at: int) -> int:
    found = _STEP.match(text, at)
    return found.end() if found else at
