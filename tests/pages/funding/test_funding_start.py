"""The start of the funding area: found by those who have to do with money, with what they do it for."""

from __future__ import annotations

import pytest

from app.accounts.start_links import FUNDING, StartLink
from tests.builders.funding import make_insurer, make_region
from tests.builders.rounds import make_round
from tests.builders.sittings import make_sitting


def test_whoever_has_to_do_with_money_finds_the_way_and_sees_for_whom(session, signed_in):
    insurer = make_insurer(session, name="AOK Nordwest")
    officer = signed_in("insurer_officer", insurer=insurer)
    assert "AOK Nordwest" in officer.get("/accounts").text
    page = officer.follow("Förderung")
    assert page.heading == "Förderung"
    assert page.texts("p", class_="ledger__name") == ["AOK Nordwest"]
    assert officer.follow("Wohin geht der Beitrag?").heading
    region = make_region(session, name="Emsland", state="03")
    assert "Emsland" in signed_in("funding_office", region=region).get("/funding").text
    assert "Hessen" in signed_in("coordinator", state="06").get("/funding").text
    assert "im ganzen Netzwerk" in signed_in("coordinator").get("/funding").text


def test_what_waits_stands_on_the_start_page_with_its_button(session, signed_in):
    made = make_round(session, [50_000])
    made.region.lead_insurer_id = make_insurer(session, name="AOK Nordwest")
    sitting_id = make_sitting(session, made.id)
    for role, given in (
        ("representative", {}),
        ("funding_office", {"region": made.region.id}),
        ("insurer_officer", {"insurer": made.region.lead_insurer_id}),
    ):
        page = signed_in(role, **given).get("/accounts")
        assert page.find("a", class_="worklist__do", href=f"/funding/sittings/{sitting_id}")
    assert "Wartet auf Sie" not in signed_in("admin").get("/accounts").text


@pytest.mark.parametrize("role", ["group_contact", "desk_lead", "admin"])
def test_others_are_not_led_there(role, signed_in):
    browser = signed_in(role)
    assert browser.page.find("a", href="/funding") is None
    browser.get("/funding", status=404)


def test_each_part_of_the_area_adds_what_somebody_can_do_by_what_it_is_about(app, session, signed_in):
    def links(_session, person):
        yield StartLink("Runden", f"/to/{len(person.actor.grants)}", "Teilen und prüfen", about="Emsland")

    for sources, text in (((), "Nichts wartet auf Sie"), ((links,), "Teilen und prüfen")):
        app.extensions["start_links"] = app.extensions["start_links"] | {FUNDING: sources}
        assert text in signed_in("representative").get("/funding").text
    page = signed_in("finance").get("/funding")
    assert page.links["Runden"] == "/to/1"
    assert "Emsland" in page.texts("h3")
