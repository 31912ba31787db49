"""One meeting, one tap: what the contact of a group does by the links in a mail, without signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.jobs import remind_contacts
from app.groups.meetings.closures import Owner, close
from app.groups.meetings.links import find_linked_meeting, meeting_token
from app.groups.meetings.services import add_date, cancel_date, move_date
from app.groups.meetings.watch_links import out_url
from app.groups.models import Group, MeetingAttendance, MeetingChange, MeetingConfirmation
from app.shared import clock
from app.shared.outbox import OutboxMail
from app.shared.signed_links import fingerprint, read_link, sign_link
from app.shared.transactions import transaction
from tests.builders.followed import (
    CONTACT,
    make_followed_group,
    make_watcher,
    next_meeting,
    own_group,
    series_of,
    token_of,
)
from tests.builders.groups import make_place

DAY = timedelta(days=1)


@pytest.fixture
def group(session):
    return make_followed_group(session, now=clock.now())


@pytest.fixture
def address(session, group):
    return f"/groups/meeting/{token_of(session, group, now=clock.now())}"


def rows(session, model):
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_tap_and_a_confirmation_cancel_the_date_and_one_more_takes_it_back(session, browser, address):
    page = browser.get(f"{address}?wish=cancel")
    assert "Dieses Treffen absagen?" in page.text
    assert rows(session, MeetingChange) == 0
    page = browser.submit({"Grund": "Glatteis"}, button="Treffen absagen")
    assert "Dieses Treffen ist abgesagt." in page.text
    assert "Grund: Glatteis" in page.text
    shown = browser.get("/groups/lichtblick")
    assert "Glatteis" in shown.text
    browser.get(address)
    page = browser.submit(button="Es findet doch statt")
    assert "Bestätigt: Dieses Treffen findet statt." in page.text
    assert rows(session, MeetingChange) == 0
    assert "Glatteis" not in browser.get("/groups/lichtblick").text


def test_who_confirms_a_date_shows_it_to_everybody_until_it_is_moved(session, browser, group, address):
    browser.get(address)
    page = browser.submit(button="Ja, es findet statt")
    assert "Bestätigt" in page.text
    sentence = "Die Gruppe hat bestätigt: Dieses Treffen findet statt."
    assert browser.get("/groups/lichtblick").text.count(sentence) == 1
    meeting = next_meeting(session, group, now=clock.now())
    with transaction(session) as writing:
        move_date(writing, meeting.series_id, meeting.on, new_on=meeting.on + DAY, now=clock.now())
    assert sentence not in browser.get("/groups/lichtblick").text
    assert "Findet dieses Treffen statt?" in browser.get(address).text


def test_opening_a_link_changes_nothing_sets_no_cookie_and_is_kept_nowhere(session, client, address):
    for path in (address, f"{address}?wish=cancel", f"{address}?wish=confirm", f"{address}?does=cancel"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert client.head(path).status_code == 200
    assert (rows(session, MeetingChange), rows(session, MeetingConfirmation)) == (0, 0)


def test_doing_it_twice_is_doing_it_once(session, client, address):
    for _ in range(2):
        assert client.post(address, data={"does": "cancel", "reason": "krank"}).status_code == 303
    assert rows(session, MeetingChange) == 1


def test_a_moved_date_comes_back_to_where_it_was_moved_to(session, browser, group, address):
    now = clock.now()
    meeting = next_meeting(session, group, now=now)
    with transaction(session) as writing:
        move_date(writing, meeting.series_id, meeting.on, new_on=meeting.on + 2 * DAY, reason="Fest", now=now)
    browser.get(f"{address}?wish=cancel")
    browser.submit(button="Treffen absagen")
    browser.submit(button="Es findet doch statt")
    session.rollback()
    change = session.scalars(sa.select(MeetingChange)).one()
    assert (change.kind, change.new_on, change.reason) == ("moved", meeting.on + 2 * DAY, "Fest")


def test_an_added_date_is_struck(session, browser, group):
    now = clock.now()
    meeting = next_meeting(session, group, now=now)
    with transaction(session) as writing:
        add_date(writing, meeting.series_id, meeting.on + 2 * DAY, now=now)
    own = own_group(session, group, now=now)
    added = next_meeting(session, group, now=now + 2 * DAY)
    assert added.is_added
    browser.get(f"/groups/meeting/{meeting_token(own, added)}?wish=cancel")
    assert browser.submit(button="Treffen absagen").heading == "Der zusätzliche Termin ist gestrichen"
    assert rows(session, MeetingChange) == 0


def test_a_reason_that_is_too_long_is_refused_and_kept(session, browser, address):
    browser.get(f"{address}?wish=cancel")
    page = browser.submit({"Grund": "x" * 201}, button="Treffen absagen", status=400)
    assert page.get("input", name="reason").get("value") == "x" * 201
    assert "Bitte kürzen Sie den Grund auf 200 Zeichen." in page.text
    assert rows(session, MeetingChange) == 0


def test_the_page_asks_how_many_came_last_time_and_notes_it(session, browser, address):
    browser.get(address)
    for typed in ("zwölf", "-1", "1001", "7,5"):
        page = browser.submit({"Zahl der Personen": typed}, button="Zahl eintragen", status=400)
        assert page.get("input", name="count").get("value") == typed
        assert "eine ganze Zahl von 0 bis 1000" in page.text
    assert rows(session, MeetingAttendance) == 0
    page = browser.submit({"Zahl der Personen": " 12 "}, button="Zahl eintragen")
    assert "Eingetragen: 12." in page.text
    browser.submit({"Zahl der Personen": ""}, button="Zahl eintragen")
    assert rows(session, MeetingAttendance) == 0


def test_after_the_meeting_its_own_number_is_asked_for_and_nothing_else(session, browser):
    group = make_followed_group(session, now=clock.now(), days_ahead=-3)
    meeting = next_meeting(session, group, now=clock.now() - 5 * DAY)
    path = f"/groups/meeting/{meeting_token(own_group(session, group, now=clock.now()), meeting)}"
    page = browser.get(path)
    assert "absagen" not in page.text
    browser.submit({"Zahl der Personen": "4"}, button="Zahl eintragen")
    session.rollback()
    assert session.scalars(sa.select(MeetingAttendance.on_day)).all() == [meeting.on]
    page = browser.post(path, data={"does": "cancel"}, status=400)
    assert "Dieses Treffen hat begonnen." in page.text
    assert rows(session, MeetingChange) == 0


def test_a_closed_place_is_told_and_cannot_be_argued_with(session, browser, group, address):
    now = clock.now()
    meeting = next_meeting(session, group, now=now)
    place = session.scalars(sa.select(Group.place_id)).one()
    with transaction(session) as writing:
        close(writing, Owner(place_id=place), first_on=meeting.on, last_on=meeting.on, now=now)
    assert "der Ort ist geschlossen" in browser.get(address).text
    page = browser.post(address, data={"does": "confirm"}, status=400)
    assert "verlegen Sie es" in page.text


def test_a_link_ends_a_week_after_its_meeting(session, browser):
    group = make_followed_group(session, now=clock.now(), days_ahead=-9)
    meeting = next_meeting(session, group, now=clock.now() - 10 * DAY)
    path = f"/groups/meeting/{meeting_token(own_group(session, group, now=clock.now()), meeting)}"
    page = browser.get(path, status=410)
    assert page.heading == "Dieser Link gilt nicht mehr"
    assert "eine Woche nach dem Treffen" in page.text
    assert "Zur Seite der Gruppe" in page.links
    browser.post(path, data={"does": "count", "count": "3"}, status=410)
    assert rows(session, MeetingAttendance) == 0


def test_a_link_ends_with_the_contact_it_was_sent_to_and_with_its_date(session, browser, group, address):
    with transaction(session) as writing:
        writing.execute(sa.update(Group).values(contact_email="neu@muster.example"))
    assert "andere Kontaktperson" in browser.get(address, status=410).text
    browser.post(address, data={"does": "cancel"}, status=410)
    fresh = f"/groups/meeting/{token_of(session, group, now=clock.now())}"
    browser.get(fresh)
    with transaction(session) as writing:
        writing.execute(sa.delete(Group))
    browser.get(fresh, status=410)


def test_nobody_can_make_or_bend_a_link(session, app, browser, group, address):
    token = address.split("/")[-1]
    series_id, on = series_of(session, group), next_meeting(session, group, now=clock.now()).on
    facts = (group, series_id, on.isoformat(), False, fingerprint(CONTACT))
    assert read_link("meeting", token) == list(facts)
    other_purpose = [sign_link(purpose, *facts) for purpose in ("reminders", "watch-out", "moved", "")]
    payload, _dot, signature = token.rpartition(".")
    bent = [
        token[:-1],
        token[1:],
        f"{payload}.",
        payload,
        f"{payload[:-2]}xx.{signature}",
        "x",
        "ü",
        token * 9,
    ]
    for wrong in (*other_purpose, *bent):
        page = browser.get(f"/groups/meeting/{wrong}", status=400)
        assert page.heading == "Dieser Link ist nicht vollständig"
        browser.post(f"/groups/meeting/{wrong}", data={"does": "cancel"}, status=400)
        browser.post(f"/groups/reminders/{wrong}x/out", status=400)
    assert rows(session, MeetingChange) == 0
    app.config["SECRET_KEY"] = "another-secret-another-secret"
    browser.get(address, status=400)


def test_a_link_of_a_watcher_opens_no_page_of_the_contact(session, browser, group):
    watch_id = make_watcher(session, "lichtblick", now=clock.now())
    session.commit()
    token = out_url(watch_id, "jo@leise.example").split("/")[-2]
    browser.get(f"/groups/meeting/{token}", status=400)
    browser.get(f"/groups/watch/{token}", status=400)
    browser.get(f"/groups/reminders/{token}/out", status=400)


def test_no_page_and_no_mail_tells_a_place_that_is_not_to_be_known(session, browser):
    place = make_place(name="Frauenhaus", street="Quittenweg 7")
    group = make_followed_group(session, now=clock.now(), hours=168, place=place, disclosure="clearinghouse")
    remind_contacts(clock.now())
    page = browser.get(f"/groups/meeting/{token_of(session, group, now=clock.now())}")
    session.rollback()
    mail = session.scalars(sa.select(OutboxMail)).one()
    for text in (page.html, mail.body_text, mail.body_html, mail.subject):
        assert "Frauenhaus" not in text
        assert "Quittenweg" not in text
        assert CONTACT not in text


def test_reminders_end_with_one_click_and_a_look_changes_nothing(session, browser, client, group):
    remind_contacts(clock.now() + 12 * DAY / 24)
    session.rollback()
    url = session.scalars(sa.select(OutboxMail.unsubscribe_url)).one()
    path = url.removeprefix("http://localhost")
    assert "Erinnerungen beenden" in browser.get(path).text
    session.rollback()
    assert session.scalars(sa.select(Group.reminder_hours)).one() == 24
    answer = client.post(
        path, data={"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    session.rollback()
    assert session.execute(sa.select(Group.reminder_hours, Group.reminds_after_break)).one() == (None, False)
    browser.get(path)


def test_in_english_the_page_says_the_same(session, browser, address):
    page = browser.get(f"/en{address}")
    assert "Does this meeting take place?" in page.text
    assert "Number of people" in page.text


def test_a_link_finds_its_meeting_wherever_it_was_moved_to(session, group):
    now = clock.now()
    meeting = next_meeting(session, group, now=now)
    token = token_of(session, group, now=now)
    with transaction(session) as writing:
        move_date(writing, meeting.series_id, meeting.on, new_on=meeting.on + 100 * DAY, now=now)
    assert (
        find_linked_meeting(session, token, now=now + 50 * DAY).meeting.starts_at.date()
        == meeting.on + 100 * DAY
    )
    with transaction(session) as writing:
        cancel_date(writing, meeting.series_id, meeting.on, now=now)
    assert find_linked_meeting(session, token, now=now).meeting.is_cancelled
