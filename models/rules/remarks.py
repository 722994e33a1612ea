"""The plain answer of a cross-field rule: how grave, which rule, what to mend; knows nothing of records or waivers."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Remark(NamedTuple):
    """One objection of a rule; an error refuses the record, a warning may be waived with a reason.

    ``rule`` is a stable English key under which a waiver is remembered; ``message`` is Chinese for the user.
    """

    severity: Severity
    rule: str
    message: str
