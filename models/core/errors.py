"""Errors a user can act on: what happened and what to do, in Chinese. Knows no screen."""

from __future__ import annotations


class KnownError(Exception):
    """An expected failure.

    ``message`` says what happened, ``advice`` what to do next; both are Chinese sentences for the user.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message}{self.advice}"


class FieldError(KnownError, ValueError):
    """A text that a field cannot read; ``message`` names the mend, the caller knows the field."""


class LedgerError(KnownError):
    """The ledger file cannot be opened, read or written."""


class LedgerNewer(LedgerError):
    """The ledger was written by a newer program."""


class LedgerCorrupt(LedgerError):
    """The file is no ledger or is damaged."""


class LedgerReadOnly(LedgerError):
    """The file or its folder cannot be written."""


class LedgerLocked(LedgerError):
    """Another window holds the ledger for writing."""


class LedgerFull(LedgerError):
    """No room left on the disk."""


class LedgerUnreachable(LedgerError):
    """The database server cannot be reached, refuses us or has gone away."""


class Conflict(KnownError):
    """The record was changed by somebody else since it was read."""


class Refused(KnownError):
    """A legal or office rule forbids the action."""


class NotFound(KnownError):
    """No such register, record or figure."""
