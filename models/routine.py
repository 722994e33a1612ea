"""日管控、周排查、月调度: what an inspector saw of an enterprise's three routines. Knows no figure."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems
from models.core.fields import Choice, Ref, Text
from models.core.record import Record
from models.core.register import Column, Preset, Register
from models.inspection import Inspection

KINDS = (("daily_control", "日管控"), ("weekly_review", "周排查"), ("monthly_meeting", "月调度"))
YES_NO = (("yes", "是"), ("no", "否"))


class RoutineCheck(Record):
    """What an inspection saw of one routine: records there, kept on time, and true."""

    title = "日管控、周排查、月调度"
    owner = "inspection"
    label_field = "kind"
    inspection = Ref(Inspection, "监督检查", required=True, backref="routine_rows")
    inspection_id: int
    kind = Choice("制度", KINDS, required=True, width=6)
    present = Choice("有记录", YES_NO, width=5)
    on_time = Choice("按时开展", YES_NO, width=5)
    truthful = Choice("如实记录", YES_NO, width=5)
    note = Text("说明", max_length=200, width=20)

    live_indexes = ((("inspection", "kind"), True),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if not draft["present"]:
            problems.error("present", "required", "请填写有没有记录；没有查看的，去掉这一行")
        elif draft["present"] == "no":
            for name, word in (("on_time", "按时开展"), ("truthful", "如实记录")):
                if draft[name] == "yes":
                    problems.error(name, "absent", f"没有记录的不能填{word}，请改正其一")


def kept(check: Any = RoutineCheck) -> Any:
    """The condition «the routine is kept»: recorded, on time and true."""
    return (check.present == "yes") & (check.on_time == "yes") & (check.truthful == "yes")


def _kept_ids() -> Any:
    return RoutineCheck.select(RoutineCheck.id).where(kept())


REGISTER = Register(
    name="routine_checks",
    title="日周月制度检查",
    model=RoutineCheck,
    icon="check-circle",
    unit="项次",
    editable=False,
    creatable=False,
    columns=(
        Column("inspection.inspected_on"),
        Column("inspection.enterprise", width=18),
        Column("inspection.enterprise.category", width=8),
        Column("inspection.enterprise.area", width=9),
        Column("kind"),
        Column("present"),
        Column("on_time"),
        Column("truthful"),
        Column("note"),
    ),
    order=(("inspection.inspected_on", True),),
    through=("inspection.enterprise",),
    filters=("kind", "present", "on_time", "truthful", "inspection.enterprise.category"),
    presets=(
        Preset("kept", "落实", lambda s: kept(), "success"),
        Preset("not_kept", "未落实", lambda s: RoutineCheck.id.not_in(_kept_ids()), "warning"),
    ),
)
