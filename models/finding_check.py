"""复核: how a finding that stands on no notice was found on a later day. Notices have re-inspections instead."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems
from models.core.fields import Choice, Date, Ref, Text
from models.core.record import Entry
from models.core.register import Column, Register
from models.inspection import Finding, issued_on_findings
from models.notice import OUTCOMES


class FindingCheck(Entry):
    """One later look at one finding; the newest one settles whether the finding is corrected."""

    title = "隐患复核"
    label_field = "finding"
    keep = ("checked_on", "checked_by")
    finding = Ref(Finding, "隐患", required=True, backref="checks", width=24)
    finding_id: int
    checked_on = Date("复核日期", required=True, default_today=True)
    outcome = Choice("复核结果", OUTCOMES, required=True, default="corrected", width=7)
    checked_by = Text("复核人", required=True, max_length=40, search=True, help="几个人用顿号分开", width=9)
    note = Text("说明", search=True, width=18)

    sections = (("隐患复核", ("finding", "checked_on", "outcome", "checked_by", "note")),)
    live_indexes = ((("finding", "checked_on"), False),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        finding, day = draft.ref("finding"), draft["checked_on"]
        if draft.record is not None and draft.changed("finding"):
            problems.error("finding", "moved", "复核记录不能改到另一处隐患，请移除后重新登记")
        if day is not None and day > draft.day:
            problems.error("checked_on", "future", "复核日期晚于今天，请改正")
        if finding is None:
            return
        if day is not None and day < finding.found_on:
            problems.error("checked_on", "order", f"复核日期早于发现日期{finding.found_on}，请改正")
        if draft.record is None and finding.referred_on is not None:
            problems.error("finding", "referred", f"这处隐患已于{finding.referred_on}移送，不能登记复核")
        notice = issued_on_findings([finding.id])
        if draft.record is None and notice is not None:
            problems.error("finding", "notice", f"这处隐患已写入{notice.label()}，请在通知书登记复查")

    def after_save(self, tx: Any, draft: Any) -> None:
        self._settle(tx)

    def after_remove(self, tx: Any) -> None:
        self._settle(tx)

    def _settle(self, tx: Any) -> None:
        """Bring the finding in line with its newest check."""
        finding = Finding.get_by_id(self.finding_id)
        if finding.corrected_on_spot or issued_on_findings([finding.id]) is not None:
            return
        mine = FindingCheck.live().where(FindingCheck.finding == finding.id)
        newest = mine.order_by(FindingCheck.checked_on.desc(), FindingCheck.id.desc()).first()
        if newest is None:
            if finding.resolved_on == self.checked_on:
                tx.update(finding, resolved_on=None, checked_by="")
        elif newest.outcome == "corrected":
            tx.update(finding, resolved_on=newest.checked_on, checked_by=newest.checked_by)
        else:
            tx.update(finding, resolved_on=None)


REGISTER = Register(
    name="finding_checks",
    title="隐患复核",
    model=FindingCheck,
    icon="reinspect",
    unit="次",
    columns=(
        Column("checked_on"),
        Column("finding.enterprise", width=16),
        Column("finding"),
        Column("outcome"),
        Column("checked_by"),
        Column("note"),
    ),
    order=(("checked_on", True),),
    through=("finding",),
    filters=("outcome",),
)
