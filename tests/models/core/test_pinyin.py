"""The pinyin library's dictionary, read in small steps, is the one it would have read at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.pinyin import library, read_object

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


@given(st.dictionaries(st.text(), VALUES), st.sampled_from([None, 0, 1]), st.booleans())
def test_an_object_in_steps_is_the_object(found: dict[str, Any], indent: int | None, plain: bool) -> None:
    assert read_object(json.dumps(found, indent=indent, ensure_ascii=plain)) == found


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a" 1}', '{"a": }', "{1: 2}"])
def test_what_is_no_object(text: str) -> None:
    with pytest.raises(ValueError, match=r"object|substring|Expecting"):
        read_object(text)


def test_the_library_has_all_its_phrases() -> None:
    pinyin = library()
    path = Path(pinyin.__file__).parent / "phrases_dict.json"
    assert json.loads(path.read_text("utf-8")) == pinyin.constants.PHRASES_DICT
    assert pinyin.lazy_pinyin("重庆") == ["chong", "qing"]
