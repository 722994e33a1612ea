"""The values of 100,000 planned rows in little room: bytes that the garbage collector need not look through.

A collection over millions of dicts would hold every thread, the window's too. Knows no table.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Mapping
from typing import Any

#: Bytes; to compress fewer gains nothing.
_LITTLE = 250
#: How zlib begins; a pickle begins otherwise.
_COMPRESSED = b"\x78"
_shapes: dict[tuple[str, ...], int] = {}
_names: list[tuple[str, ...]] = []


def pack(values: Mapping[str, Any] | bytes) -> bytes:
    """Values by name as bytes; the names are kept once for all that have the same."""
    if isinstance(values, bytes):
        return values
    names = tuple(values)
    shape = _shapes.get(names)
    if shape is None:
        _names.append(names)
        shape = _shapes[names] = len(_names) - 1
    whole = pickle.dumps((shape, *values.values()), pickle.HIGHEST_PROTOCOL)
    return zlib.compress(whole, 1) if len(whole) > _LITTLE else whole


def unpack(packed: Mapping[str, Any] | bytes) -> Mapping[str, Any]:
    """The values again."""
    if not isinstance(packed, bytes):
        return packed
    if not packed:
        return {}
    whole = zlib.decompress(packed) if packed.startswith(_COMPRESSED) else packed
    shape, *items = pickle.loads(whole)  # our own, made by pack in this process
    return dict(zip(_names[shape], items, strict=True))
