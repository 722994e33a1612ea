"""Undo and redo: everything comes back, and what differs or has left the office is refused."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from models.area import Area
from models.campaign import Campaign
from models.core.changes import Action
from models.core.errors import Refused
from models.core.record import TABLES
from models.core.register import View, register
from models.core.saving import save, values_of
from models.enterprise import Enterprise, Party
from models.inspection import Inspection
from models.notice import Notice
from models.notice_steps import close_notice, issue, reinspect, serve
from models.opening import open_office
from models.organization import Officer
from models.rating import RiskAssessment

TODAY = dt.date(2024, 6, 30)


def live_rows() -> dict[str, dict[int, dict[str, Any]]]:
    """Every live row of every table, search columns included, versions and ids of changes left out."""
    return {
        model._meta.table_name: {
            row.id: {k: v for k, v in row.__data__.items() if k not in ("version", "removed_at")}
            for row in model.live()
        }
        for model in TABLES
    }


class Undoing(RuleBasedStateMachine):
    """Random edits, removals and restorations of an enterprise and its inspections, with undo and redo between.

    The shadow is a stack of whole states of the ledger.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = open_office(Path(self.folder.name), today=TODAY)
        with self.ledger.write("准备", final=True) as tx:
            self.parties = [tx.insert(Party, name=f"示例当事人{n}", kind="organization").id for n in range(2)]
            self.officers = [
                tx.insert(Officer, name=f"示例甲{n}", certificate=str(n), position="officer").id
                for n in range(3)
            ]
            self.campaigns = [
                tx.insert(Campaign, name=f"示例专项{n}", starts_on=dt.date(2024, 1, 1)).id for n in range(2)
            ]
        self.areas = [a.id for a in Area.live().where(Area.level == "township")]
        self.waivers = dict.fromkeys(
            ("no_uscc", "no_product", "future", "same_name", "permit_check"), "已核对"
        )
        self.undos = [live_rows()]
        self.redos: list[dict[str, Any]] = []

    def teardown(self) -> None:
        try:
            while len(self.undos) > 1:
                self.undo()
            assert live_rows() == self.undos[0]
        finally:
            self.ledger.close()
            self.folder.cleanup()

    def act(self, work: Any) -> None:
        try:
            with self.ledger.write("改动") as tx:
                work(tx)
        except Refused:
            assert live_rows() == self.undos[-1]
            return
        now = live_rows()
        if now != self.undos[-1]:
            self.undos.append(now)
            self.redos = []

    @rule(name=st.sampled_from("甲乙丙"), number=st.integers(0, 2), data=st.data())
    def enterprise(self, name: str, number: int, data: Any) -> None:
        present = list(Enterprise.live())
        record = data.draw(st.sampled_from([None, *present]))
        values = {
            "name": f"示例{name}店",
            "address": f"示例路{record.id if record else 1000 + len(list(Enterprise.select()))}号",
            "party": data.draw(st.sampled_from(self.parties)),
            "category": data.draw(st.sampled_from(["catering", "sale"])),
            "status": data.draw(st.sampled_from(["open", "suspended"])),
            "area": data.draw(st.sampled_from(self.areas[:2])),
        }
        lines = [] if record is None else values_of(record, TODAY)["permits"]
        values["permits"] = [
            *[line for line in lines if data.draw(st.booleans())],
            *[{"kind": "shop", "number": f"示例登记{n}号"} for n in range(number)],
        ]
        day = data.draw(st.sampled_from([None, dt.date(2024, 3, 1), dt.date(2023, 3, 1)]))
        waivers = self.waivers | {"permit_duplicate": "已核对"}
        self.act(lambda tx: save(tx, Enterprise, values, record, effective_on=day, waivers=waivers))

    @precondition(lambda self: Enterprise.live().exists())
    @rule(data=st.data(), findings=st.integers(0, 2))
    def inspection(self, data: Any, findings: int) -> None:
        record = data.draw(st.sampled_from([None, *Inspection.live()]))
        lines = [] if record is None else values_of(record, TODAY)["findings"]
        kept = [line for line in lines if data.draw(st.booleans())]
        kept += [{"wording": f"示例问题{n}"} for n in range(findings)]
        values = {
            "enterprise": data.draw(st.sampled_from([e.id for e in Enterprise.live()])),
            "inspected_on": data.draw(st.dates(dt.date(2024, 1, 1), TODAY)),
            "result": "ordered" if kept else "none",
            "officers": data.draw(st.lists(st.sampled_from(self.officers), min_size=2, unique=True)),
            "campaigns": data.draw(st.lists(st.sampled_from(self.campaigns), unique=True)),
            "findings": kept,
        }
        self.act(lambda tx: save(tx, Inspection, values, record))

    @precondition(lambda self: Enterprise.live().exists())
    @rule(data=st.data())
    def remove(self, data: Any) -> None:
        record = data.draw(st.sampled_from([*Enterprise.live(), *Inspection.live()]))
        self.act(lambda tx: tx.remove(record))

    @rule(data=st.data())
    def restore(self, data: Any) -> None:
        gone = [r for m in (Enterprise, Inspection) for r in m.select().where(m.removed_at.is_null(False))]
        if gone:
            record = data.draw(st.sampled_from(gone))
            self.act(lambda tx: tx.restore(record))

    @precondition(lambda self: len(self.undos) > 1)
    @rule()
    def undo(self) -> None:
        self.ledger.undo()
        self.redos.append(self.undos.pop())
        assert live_rows() == self.undos[-1]

    @precondition(lambda self: self.redos)
    @rule()
    def redo(self) -> None:
        self.ledger.redo()
        self.undos.append(self.redos.pop())
        assert live_rows() == self.undos[-1]


def test_undoing_everything_brings_everything_back() -> None:
    run_state_machine_as_test(
        Undoing, settings=settings(max_examples=8, stateful_step_count=12, deadline=None)
    )


def test_undo_brings_search_and_order_back(office: Any) -> None:
    place = office.enterprise(name="示例老店")
    office.save(Enterprise, {"name": "示例新店"}, place)
    enterprises = register("enterprises")
    assert list(enterprises.ids(View(search="示例新店"), TODAY)) == [place.id]
    office.ledger.undo()
    assert list(enterprises.ids(View(search="示例新店"), TODAY)) == []
    assert list(enterprises.ids(View(search="sllD"), TODAY)) == [place.id]
    office.ledger.redo()
    assert list(enterprises.ids(View(search="slxd"), TODAY)) == [place.id]


def test_undo_is_refused_where_the_present_differs(office: Any) -> None:
    party = office.party(name="示例甲")
    mine = Action.select().order_by(Action.id.desc()).get()
    office.save(Party, {"principal": "示例乙"}, party)
    with pytest.raises(Refused, match="后来又改过"):
        office.ledger.undo_action(mine)
    assert Party.get_by_id(party.id).principal == "示例乙"


def test_undo_leaves_nothing_standing_on_air(office: Any) -> None:
    place = office.enterprise()
    made = Action.select().order_by(Action.id.desc()).get()
    inspection = office.inspection(place)
    with pytest.raises(Refused, match="后来又有了监督检查"):
        office.ledger.undo_action(made)
    other = office.enterprise()
    office.save(Inspection, {"enterprise": other.id}, inspection)
    moved = Action.select().order_by(Action.id.desc()).get()
    with office.ledger.write("移除") as tx:
        tx.remove(Enterprise.get_by_id(place.id))
    with pytest.raises(Refused, match="已移除"):
        office.ledger.undo_action(moved)
    assert Inspection.get_by_id(inspection.id).enterprise_id == other.id


def test_undo_of_a_removal_is_refused_where_the_same_was_made_anew(office: Any) -> None:
    place = office.enterprise()
    values = {"enterprise": place.id, "year": 2024, "grade": "B", "assessed_on": dt.date(2024, 3, 1)}
    record = office.save(RiskAssessment, values)
    with office.ledger.write("移除") as tx:
        tx.remove(record)
    removal = Action.select().order_by(Action.id.desc()).get()
    office.save(RiskAssessment, values)
    with pytest.raises(Refused, match="已有相同的记录"):
        office.ledger.undo_action(removal)
    with pytest.raises(Refused, match="已评定"), office.ledger.write("恢复") as tx:
        tx.restore(RiskAssessment.get_by_id(record.id))


def test_only_what_this_seat_may_undo(office: Any) -> None:
    assert office.ledger.undo_state().undo == "", "making the ledger is final"
    with pytest.raises(Refused, match="对外生效"):
        office.ledger.undo()
    office.party()
    office.ledger.seat = "别人@别处"
    with pytest.raises(Refused, match="没有可以撤销"):
        office.ledger.undo()
    action = Action.select().order_by(Action.id.desc()).get()
    with pytest.raises(Refused, match="本机自己"):
        office.ledger.undo_action(action)
    office.party()
    office.ledger.schema = "9999_later"
    assert office.ledger.undo_state().undo == ""
    with pytest.raises(Refused, match="升级以前"):
        office.ledger.undo()
    with pytest.raises(Refused, match="没有可以重做"):
        office.ledger.redo()


def test_a_new_action_ends_redoing(office: Any) -> None:
    one = office.party(name="示例甲")
    office.ledger.undo()
    assert office.ledger.undo_state().redo == "登记"
    office.party(name="示例乙")
    assert office.ledger.undo_state().redo == ""
    with pytest.raises(Refused, match="没有可以重做"):
        office.ledger.redo()
    assert Party.get_by_id(one.id).removed_at is not None


def test_an_undone_action_is_not_undone_again(office: Any) -> None:
    office.party()
    action = Action.select().order_by(Action.id.desc()).get()
    office.ledger.undo_action(action)
    with pytest.raises(Refused, match="已经撤销过"):
        office.ledger.undo_action(action)


def test_a_failed_action_leaves_no_trace(office: Any) -> None:
    office.party()
    before, actions = live_rows(), Action.select().count()
    with pytest.raises(ZeroDivisionError), office.ledger.write("半途") as tx:  # noqa: PT012
        tx.insert(Party, name="半途")
        raise ZeroDivisionError
    assert (live_rows(), Action.select().count()) == (before, actions)


def _settled_visit(office: Any) -> tuple[Any, Action, Action]:
    """A closed notice, with the actions that made its inspection final and that re-inspected it."""
    visit = office.inspection(state="draft")
    visit = office.save(Inspection, {"state": "done"}, visit)
    finished = _newest()
    notice = office.issued(inspection=visit)
    with office.ledger.write("送达") as tx:
        notice = serve(tx, notice, dt.date(2024, 6, 6), "direct", "示例乙")
    items = [{"finding": f.id, "outcome": "corrected"} for f in office.findings(visit)]
    values = {"inspected_on": dt.date(2024, 6, 18), "officers": office.officers(), "items": items}
    with office.ledger.write("复查") as tx:
        reinspect(tx, notice, values)
    seen = _newest()
    with office.ledger.write("销号") as tx:
        close_notice(tx, notice, dt.date(2024, 6, 18))
    return visit, finished, seen


def _newest() -> Action:
    found: Action = Action.select().order_by(Action.id.desc()).get()
    return found


def test_nothing_is_undone_behind_what_has_left_the_office(office: Any) -> None:
    visit, finished, seen = _settled_visit(office)
    with pytest.raises(Refused, match="已办结，复查记录不能再改"):
        office.ledger.undo_action(seen)
    with pytest.raises(Refused, match="不能改回草稿"):
        office.ledger.undo_action(finished)
    assert all(f.resolved_on == dt.date(2024, 6, 18) for f in office.findings(visit))
    assert Inspection.get_by_id(visit.id).state == "done"


def test_a_draft_s_edit_is_not_undone_after_its_issue(office: Any) -> None:
    draft = office.notice()
    draft = office.save(Notice, {"facts_text": "示例事实"}, draft)
    edit = _newest()
    with office.ledger.write("签发") as tx:
        issue(tx, draft, dt.date(2024, 6, 5))
    with pytest.raises(Refused, match="已签发，内容不能再改"):
        office.ledger.undo_action(edit)
    assert Notice.get_by_id(draft.id).facts_text == "示例事实"
