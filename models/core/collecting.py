"""When Python looks for cyclic garbage: not amid thousands of rows, where it holds every thread. Knows no table."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_holds = 0
_rows = 0


def hold() -> None:
    """No collection by itself from now on; whoever holds it calls `release` once, and may collect between."""
    global _holds
    with _lock:
        _holds += 1
        gc.disable()


def release() -> None:
    """The end of one `hold`; after the last, Python collects by itself again."""
    global _holds
    with _lock:
        _holds -= 1
        if not _holds:
            gc.enable()


def amid_rows() -> bool:
    """Whether some thread works on many rows, so that nobody should collect now."""
    return _rows > 0


@contextmanager
def uncollected(keep: bool = False) -> Iterator[None]:
    """No collection while many rows are worked on; they hold no cycles and go by their reference counts.

    A collection over some 100,000 of them takes 50 ms with no other thread running, the window's least of all.
    ``keep`` has later collections pass by what was made, since it stays for a while.
    """
    global _rows
    hold()
    with _lock:
        _rows += 1
    try:
        yield
    finally:
        with _lock:
            _rows -= 1
            if keep:
                gc.freeze()
        release()
