"""Somebody reads everything that is held about them, puts it right, and is erased."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.models import RoleGrant, User, UserSession
from app.groups.meetings.watching import ask_to_watch
from app.groups.models import Group, MeetingWatch
from app.groups.queries import get_group_page
from app.rooms.models import RoomRequest
from app.rooms.services.requests import RequestDraft, ask_for_room
from app.shared.extensions import db
from app.shared.history import HistoryEntry
from app.shared.privacy import Processing
from app.shared.transactions import transaction
from tests.builders.accounts import PASSWORD, make_user
from tests.builders.groups import NOW, make_contact, make_group, make_house
from tests.builders.rooms import local_span, make_room
from tests.support.mailbox import mails_to
from tests.support.signed_in import sign_in

KIM = "kim@example.org"


@pytest.fixture
def kim(session, browser):
    """The only contact of a group, who watches another, has asked for a room, and is signed in."""
    house = make_house(session, email="haus@example.org")
    contact = make_contact(
        way="email",
        name="Kim Kranich",
        name_consented_at=NOW,
        email=" Kim@example.org",
        email_consented_at=NOW,
    )
    group = make_group(session, clearinghouse_id=house, contact=contact, internal_note="Vertraulich")
    make_group(session, name="Andere", clearinghouse_id=house)
    make_user(session, "group_contact", group=group, email=KIM, name="Kim Kranich")
    kim = session.scalars(sa.select(User.id)).one()
    draft = RequestDraft(
        group,
        make_room(session, clearinghouse_id=house),
        5,
        [local_span("2028-11-25 19:00")],
        message="Bitte!",
    )
    ask_for_room(session, draft, asked_by_id=kim, now=NOW)
    ask_to_watch(session, get_group_page(session, "andere", now=NOW).card, KIM, language="de", now=NOW)
    make_user(session, "desk_staff", clearinghouse=house, email="robin@example.org", name="Robin Reh")
    session.commit()
    return sign_in(browser, KIM)


def test_the_download_holds_everything_of_that_person_and_no_secret_nor_anybody_else(kim, client):
    kim.follow("Ihre Daten")
    answer = client.get("/accounts/data/download")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="wirkreis.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    data = answer.get_json()["data"]
    assert data["user"]["rows"][0]["email"] == KIM
    assert data["group"]["rows"][0]["contact_name"] == "Kim Kranich"
    assert data["room_request"]["rows"][0]["message"] == "Bitte!"
    assert data["meeting_watch"]["rows"][0]["email"] == KIM
    assert [row["role"] for row in data["role_grant"]["rows"]] == ["group_contact"]
    assert {row["action"] for row in data["history_entry"]["rows"]} >= {"account.made", "account.role_given"}
    for name in ("user_session", "outbox_mail"):
        assert data[name]["rows"]
    for secret in ("argon2", "key_hash", "Vertraulich", "robin@example.org", "Robin"):
        assert secret not in answer.text


def test_name_and_language_are_changed_and_a_wrong_one_is_refused(kim, session):
    kim.get("/accounts/data")
    assert "Bitte geben Sie" in kim.submit({"Ihr Name": " "}, button="Speichern", status=400).text
    assert "Gespeichert" in kim.submit({"Ihr Name": "Kim K.", "language": "en"}, button="Speichern").text
    session.rollback()
    user = session.scalars(sa.select(User).where(User.email == KIM)).one()
    assert (user.name, user.language) == ("Kim K.", "en")


def test_whoever_is_erased_is_nowhere_any_more_and_the_house_is_told_of_a_group_left_alone(kim, session):
    kim.get("/accounts/data")
    page = kim.follow("Was gelöscht wird und was bleibt")
    assert "Lichtblick" in page.text
    kim.submit(
        {"Jetziges Passwort": "falsch", "Ja, mein Konto": "y"}, button="Mein Konto löschen", status=400
    )
    kim.get("/accounts/data/erase")
    kim.submit({"Jetziges Passwort": PASSWORD}, button="Mein Konto löschen", status=400)
    done = kim.submit({"Jetziges Passwort": PASSWORD, "Ja, mein Konto": "y"}, button="Mein Konto löschen")
    assert done.heading == "Ihr Konto ist gelöscht"
    assert kim.get("/accounts").heading != "Ihre Startseite"
    session.rollback()
    assert mails_to(session, "robin@example.org")
    assert session.scalars(sa.select(UserSession.id)).all() == []
    assert session.scalars(sa.select(RoleGrant.role)).all() == ["desk_staff"]
    assert session.scalars(sa.select(MeetingWatch.id)).all() == []
    assert session.scalars(sa.select(RoomRequest.asked_by_id)).all() == [None]
    group = session.scalars(sa.select(Group).where(Group.name == "Lichtblick")).one()
    assert (group.contact_way, group.contact_name, group.contact_email) == ("clearinghouse", "", "")
    for table in db.metadata.tables.values():
        for row in session.execute(sa.select(table)):
            assert all(name not in str(row).casefold() for name in ("kim@", "kim kranich")), table.name
    last = session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id.desc()).limit(1)).one()
    assert last.action in {"account.erased", "group.contact_erased"}


def test_the_erased_address_can_make_an_account_again_with_another_number(kim, session):
    before = session.scalars(sa.select(User.id).where(User.email == KIM)).one()
    kim.get("/accounts/data/erase")
    kim.submit({"Jetziges Passwort": PASSWORD, "Ja, mein Konto": "y"}, button="Mein Konto löschen")
    session.rollback()
    make_user(session, email=KIM)
    assert session.scalars(sa.select(User.id).where(User.email == KIM)).one() != before


def test_a_contact_with_another_address_stays_when_a_second_contact_is_erased(kim, session):
    from app.accounts.erasing import erase_account

    group = session.scalars(sa.select(Group).where(Group.name == "Lichtblick")).one()
    make_user(session, "group_contact", group=group.id, email="lou@example.org", name="Lou Luchs")
    lou = session.scalars(sa.select(User.id).where(User.email == "lou@example.org")).one()
    session.commit()
    with transaction() as writing:
        erase_account(writing, lou, now=NOW)
    assert session.scalars(sa.select(Group.contact_name).where(Group.id == group.id)).one() == "Kim Kranich"


def test_visitors_read_how_to_ask_from_the_page_about_privacy(browser):
    browser.get("/legal/privacy")
    page = browser.follow("So erhalten, berichtigen oder löschen Sie Ihre Daten")
    assert "Wenn Sie kein Konto haben" in page.text
    assert any(link.startswith("mailto:") for link in page.links.values())
    assert isinstance(User.__table__.info["processing"], Processing)
