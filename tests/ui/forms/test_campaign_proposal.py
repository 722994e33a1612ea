"""An inspection of a campaign's target: the campaign stands in the form, may be taken off, and is not kept on."""

import datetime as dt
from typing import Any

import pytest

from models.campaign import Campaign
from models.campaign_target import CampaignTarget
from models.core.saving import values_of
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.organization import Officer
from tests.ui.forms.conftest import TODAY
from tests.ui.forms.hands import Hands, Key, Mod

DERIVE_MS = 500  # longer than the form waits after typing


@pytest.fixture
def campaign(put: Any, place: Enterprise) -> Any:
    made = put(Campaign, name="示例校园专项", starts_on=dt.date(2024, 6, 1), ends_on=dt.date(2024, 7, 31))
    put(CampaignTarget, campaign=made.id, enterprise=place.id, valid_from=dt.date(2024, 6, 1))
    return made


def chips(form: Hands) -> list[str]:
    found: list[str] = form.dialog.form.boxes["campaigns"].editor.chips()  # type: ignore[attr-defined]
    return found


def start(qtbot: Any, form: Hands, place: Enterprise, officers: list[Officer], wanted: int) -> None:
    form.go("enterprise")
    form.enter(place.name)
    qtbot.waitUntil(lambda: (form.settle(), len(chips(form)) == wanted)[1], timeout=5000)
    form.go("officers")
    for officer in officers:
        form.enter(officer.name)
    form.fill("result", "未发现问题")


def test_the_campaign_stands_in_the_form_and_is_stored(
    qtbot: Any, open_form: Any, place: Enterprise, officers: list[Officer], campaign: Any
) -> None:
    form = open_form("inspections")
    start(qtbot, form, place, officers, 1)
    assert chips(form) == ["示例校园专项"]
    form.save()
    assert values_of(Inspection.get(), TODAY)["campaigns"] == [campaign.id]


def test_taken_off_it_stays_off(
    qtbot: Any, open_form: Any, place: Enterprise, officers: list[Officer], campaign: Any
) -> None:
    form = open_form("inspections")
    start(qtbot, form, place, officers, 1)
    form.go("campaigns")
    form.press(Key.Key_Backspace)
    assert chips(form) == []
    form.fill("inspected_on", "2024-06-20")
    qtbot.wait(DERIVE_MS)
    form.settle()
    assert chips(form) == []
    form.save()
    assert values_of(Inspection.get(), TODAY)["campaigns"] == []


def test_it_follows_the_day_and_the_place(
    qtbot: Any, open_form: Any, put: Any, place: Enterprise, officers: list[Officer], campaign: Any
) -> None:
    form = open_form("inspections")
    start(qtbot, form, place, officers, 1)
    form.fill("inspected_on", "2024-05-20")  # before the campaign
    qtbot.waitUntil(lambda: (form.settle(), chips(form) == [])[1], timeout=5000)
    form.fill("inspected_on", "2024-06-20")
    qtbot.waitUntil(lambda: (form.settle(), chips(form) == ["示例校园专项"])[1], timeout=5000)


def test_a_given_campaign_stays_beside_the_proposed_one(
    qtbot: Any, open_form: Any, put: Any, place: Enterprise, officers: list[Officer], campaign: Any
) -> None:
    other = put(Campaign, name="示例大米专项", starts_on=dt.date(2024, 1, 1))
    form = open_form("inspections", None, enterprise=place.id, campaigns=[other.id])
    qtbot.waitUntil(lambda: (form.settle(), len(chips(form)) == 2)[1], timeout=5000)
    assert chips(form) == ["示例大米专项", "示例校园专项"]
    assert not form.dialog.form.changed  # nothing was typed: Esc need not ask


def test_the_next_of_a_series_is_asked_anew(
    qtbot: Any, open_form: Any, put: Any, place: Enterprise, officers: list[Officer], campaign: Any
) -> None:
    form = open_form("inspections")
    start(qtbot, form, place, officers, 1)
    form.press(Key.Key_S, Mod.ControlModifier | Mod.ShiftModifier)
    assert Inspection.live().count() == 1
    qtbot.wait(DERIVE_MS)
    form.settle()
    assert chips(form) == []  # no place yet, and the proposal was only the other place's
    other = put(
        Enterprise,
        **{n: values_of(place, TODAY)[n] for n in ("party", "category", "status", "area")},
        name="示例别处饭店",
        address="示例路九号",
    )
    form.go("enterprise")
    form.enter(other.name)
    qtbot.wait(DERIVE_MS)
    form.settle()
    assert chips(form) == []


def test_the_line_for_campaigns_is_reached_and_filled_by_keyboard(
    qtbot: Any, open_form: Any, place: Enterprise, officers: list[Officer], campaign: Any
) -> None:
    form = open_form("inspections")
    form.go("campaigns")
    form.enter("slxyzx")
    assert chips(form) == ["示例校园专项"]
    form.go("enterprise")
    form.enter(place.name)
    qtbot.wait(DERIVE_MS)
    form.settle()
    assert chips(form) == ["示例校园专项"]  # once, though it was typed and would be proposed
