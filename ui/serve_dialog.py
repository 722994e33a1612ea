"""送达: day, way, receiver, and what else the way needs for its 送达回证; which that is says models/service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from models import notice_steps
from models.core.changes import Transaction
from models.core.fields import Choice, Date, Text
from models.notice import SERVICE_WAYS
from models.notice_desk import Desk, officers_on
from models.service import UNSIGNED_WAYS, ProofOfService
from ui.kit.session import Session
from ui.step_dialog import OfficerPicker, StepDialog, notice_of

DETAILS = {
    "direct": ("place", "relation"),
    "left": ("place", "refusal", "witness", "witness_unit", "recorded"),
    "entrusted": ("agent", "place", "relation"),
    "mail": ("tracking", "place", "relation"),
    "forwarded": ("agent", "place", "relation"),
    "electronic": ("e_address", "consent"),
    "announced": ("announced_on", "announced_in"),
}
"""What is asked beside day, way and receiver; all ways ask for the officers."""
NAMES = (
    *("place", "relation", "refusal", "witness", "witness_unit", "recorded", "agent", "tracking"),
    *("e_address", "consent", "announced_on", "announced_in"),
)


class ServeDialog(StepDialog):
    """登记送达 of one notice, or of several handed over together."""

    def __init__(self, session: Session, parent: QWidget | None, desks: Sequence[Desk]) -> None:
        super().__init__(session, parent, desks, "登记送达")
        self.form.add("served_on", Date("送达日期", required=True), session.today)
        self.form.add("service_way", Choice("送达方式", SERVICE_WAYS, required=True), "direct")
        self.form.add("receiver", Text("收件人", required=True, max_length=40))
        fields = ProofOfService.own_fields()
        for name in NAMES:
            self.form.add(name, fields[name])
        self.officers = OfficerPicker()
        mine = desks[0].officers if all(desk.officers == desks[0].officers for desk in desks) else ()
        self.officers.fill(officers_on(session.today), mine)
        box, _words = self.officers.framed("印在送达回证上，留置送达不得少于两人", 2)
        self.form.add_row("送达人", box)
        self.form.fields["service_way"].changed.connect(self._way)
        self.setMinimumWidth(640)
        self.on_submit = self._serve
        self._way()

    def _way(self) -> None:
        """Ask for what the chosen way needs; nobody signs for some."""
        way = self.form.fields["service_way"].text()
        needed = way not in UNSIGNED_WAYS
        self.form.fields["receiver"].label.setText("收件人 *" if needed else "收件人")
        for name in NAMES:
            self.form.fields[name].set_shown(name in DETAILS.get(way, ()))

    def _serve(self, values: dict[str, Any]) -> None:
        way = values["service_way"]
        details = {name: values[name] for name in DETAILS.get(way or "", ())}
        details["officers"] = self.officers.chosen()

        def work(tx: Transaction) -> None:
            for desk in self.desks:
                notice_steps.serve(
                    tx, notice_of(desk.id), values["served_on"], way, values["receiver"], details
                )

        self.run(work, f"已登记送达 {self.desks[0].label}")
