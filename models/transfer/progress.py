"""How long work tells how far it is and is stopped. Knows nothing of what the work is."""

from __future__ import annotations

from collections.abc import Callable

from models.core.errors import KnownError

#: Called with (done, total); returns False to stop.
Progress = Callable[[int, int], bool]


class Cancelled(KnownError):
    """The user stopped the work; nothing was written."""

    def __init__(self) -> None:
        super().__init__("已取消。", "台账没有改动。")


def tell(progress: Progress | None, done: int, total: int) -> None:
    """Tell the progress. Raises Cancelled where it says no."""
    if progress is not None and not progress(done, total):
        raise Cancelled
