"""Once a year, one tap: what a contact does by the link in the mail, without signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.shared import clock
from app.shared.history import HistoryEntry
from app.shared.outbox import OutboxMail
from app.shared.signed_links import fingerprint, sign_link
from tests.builders.followed import CONTACT
from tests.builders.upkeep import confirmed_on, link_of, make_overdue, state_of

DAY = timedelta(days=1)


@pytest.fixture
def group(session):
    return make_overdue(session, days=365 + 50, now=clock.now())


@pytest.fixture
def link(session, group):
    return link_of(session, group)


def test_the_page_says_what_is_listed_and_one_button_confirms_it_for_everybody_to_see(
    session, browser, group, link
):
    doubt = "Diesen Eintrag hat seit über einem Jahr niemand bestätigt."
    assert doubt in browser.get("/groups/lichtblick").text
    assert "seit über einem Jahr nicht bestätigt" in browser.get("/groups?near=50667").text
    page = browser.get(link)
    assert page.heading == "Stimmt der Eintrag noch?"
    assert "Lindenallee 3" in page.text
    assert "0221 4710" not in page.text
    page = browser.submit(button="Ja, alles stimmt")
    assert "Danke!" in page.text
    assert confirmed_on(session, group) == day_of(clock.now())
    assert doubt not in browser.get("/groups/lichtblick").text
    assert "nicht bestätigt" not in browser.get("/groups?near=50667").text
    entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "group.confirmed")).one()
    assert (entry.action, entry.actor_kind, entry.group_id) == ("group.confirmed", "link", group)


def test_opening_a_link_changes_nothing_sets_no_cookie_and_is_kept_nowhere(session, client, group, link):
    before = confirmed_on(session, group)
    for path in (link, f"{link}?wish=pause", f"{link}?wish=close", f"{link}?does=confirm"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert client.head(path).status_code == 200
    assert (confirmed_on(session, group), state_of(session, group)) == (before, "listed")


def test_a_link_that_was_used_thanks_again_and_does_nothing_more(session, browser, client, group, link):
    browser.get(link)
    browser.submit(button="Ja, alles stimmt")
    for does in ("confirm", "pause", "close"):
        assert client.post(link, data={"does": does, "reason": "done"}).status_code == 303
    assert state_of(session, group) == "listed"
    confirmed = sa.select(sa.func.count(HistoryEntry.id)).where(HistoryEntry.action == "group.confirmed")
    assert session.scalar(confirmed) == 1
    assert "Danke!" in browser.get(link).text


def test_a_contact_can_let_the_group_pause_and_a_wrong_day_is_said_beside_the_field(
    session, browser, group, link
):
    browser.get(f"{link}?wish=pause")
    for wrong in ("2020-01-01", "gestern", (day_of(clock.now()) + 500 * DAY).isoformat()):
        page = browser.submit({"Wieder da am": wrong}, button="Wir pausieren", status=400)
        assert page.find_all("input", name="resumes_on")[0].get("value") == wrong
        assert "Bitte" in page.text
    assert state_of(session, group) == "listed"
    back = day_of(clock.now()) + 30 * DAY
    page = browser.submit({"Wieder da am": back.isoformat()}, button="Wir pausieren")
    assert "Ihre Gruppe pausiert." in page.text
    assert state_of(session, group) == "paused"
    assert confirmed_on(session, group) == day_of(clock.now())


def test_a_contact_can_close_the_group_with_a_reason_and_house_and_contact_are_told(
    session, browser, group, link
):
    browser.get(link)
    page = browser.follow("Die Gruppe gibt es nicht mehr")
    page = browser.submit(button="Die Gruppe gibt es nicht mehr", status=400)
    assert "Bitte wählen Sie einen Grund." in page.text
    assert state_of(session, group) == "listed"
    page = browser.submit({"reason": "nobody"}, button="Die Gruppe gibt es nicht mehr")
    assert "als aufgelöst eingetragen" in page.text
    assert state_of(session, group) == "closed"
    assert "gibt es nicht mehr" in browser.get("/groups/lichtblick", status=410).text
    subjects = set(session.scalars(sa.select(OutboxMail.subject)))
    assert {"Ihre Gruppe ist aufgelöst", "Eine Gruppe hat sich aufgelöst"} <= subjects


def test_who_is_asleep_comes_back_with_one_button(session, browser, group, link):
    session.execute(sa.update(Group).where(Group.id == group).values(state="dormant"))
    session.commit()
    page = browser.get(link)
    assert "0221" not in page.text
    browser.submit(button="Wir treffen uns noch")
    assert state_of(session, group) == "listed"


@pytest.mark.parametrize("kind", ["cut", "other_purpose", "other_address", "too_old", "no_such_group"])
def test_a_link_that_does_not_hold_says_so_and_does_nothing(session, client, group, link, kind):
    row = session.get_one(Group, group)
    facts = [group, row.last_confirmed_on.isoformat(), fingerprint(CONTACT)]
    token = {
        "cut": link.rsplit("/", 1)[1][:-3],
        "other_purpose": sign_link("meeting", *facts),
        "other_address": sign_link("group-confirmation", *facts[:2], fingerprint("x@example.org")),
        "too_old": sign_link("group-confirmation", group, "2019-01-01", facts[2]),
        "no_such_group": sign_link("group-confirmation", 10**6, *facts[1:]),
    }[kind]
    for answer in (
        client.get(f"/groups/confirm/{token}"),
        client.post(f"/groups/confirm/{token}", data={"does": "close", "reason": "done"}),
    ):
        is_unreadable = kind in {"cut", "other_purpose"}
        assert answer.status_code == (400 if is_unreadable else 410)
        heading = "Dieser Link ist nicht vollständig" if is_unreadable else "Dieser Link gilt nicht mehr"
        assert f"<h1>{heading}</h1>" in answer.text
    assert state_of(session, group) == "listed"
