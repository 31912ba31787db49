"""Every listing is asked for once a year, each mail once; who does not answer is marked, phoned, and falls asleep."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.clearinghouses.models import ClearingHouse
from app.groups.demo.fixed import FIXED
from app.groups.demo.upkeep import demo_upkeep
from app.groups.jobs import keep_listings_true
from app.groups.models import Group, GroupAbsence
from app.groups.queries import get_group_page
from app.groups.services import register_groups
from app.groups.upkeep.queries import ASLEEP, LONG_PAUSE, TO_PHONE, list_unconfirmed
from app.groups.upkeep.services import confirm_group, pause_group
from app.shared.history import HistoryEntry
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from app.shared.worklist import list_waiting
from tests.builders.accounts import make_user
from tests.builders.followed import CONTACT
from tests.builders.groups import NOW, make_contact, make_draft, make_house
from tests.builders.upkeep import make_overdue, state_of
from tests.support.threads import at_once

DAY = timedelta(days=1)


def mails(session):
    session.rollback()
    return list(session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def said(mail):
    return mail.body_text.replace("\xa0", " ")


def test_the_contact_reads_what_everybody_can_read_and_what_is_stored_beside_it_once_at_each_stage(session):
    make_overdue(session)
    for hours in (0, 1, 24, 48):
        keep_listings_true(NOW + timedelta(hours=hours))
    (mail,) = mails(session)
    assert (mail.to_address, mail.subject) == (CONTACT, "Stimmt der Eintrag Ihrer Gruppe noch?")
    text = said(mail)
    for words in (
        "Lichtblick",
        "Depression",
        "jeden Mittwoch, 19:00–20:30 Uhr",
        "Lindenallee 3",
        "Wir hören",
    ):
        assert words in text
    hidden = "der Name einer Kontaktperson, eine Telefonnummer, eine E-Mail-Adresse"
    assert f"niemandem gezeigt: {hidden}." in text
    assert "Petra" not in text
    assert "4710" not in text
    assert "/groups/confirm/" in text
    for days in (13, 14, 15, 27, 28, 41):
        keep_listings_true(NOW + days * DAY)
    assert len(mails(session)) == 3
    assert "seit vier Wochen" in said(mails(session)[-1])


def test_contacts_with_an_account_read_their_language_and_an_address_known_twice_gets_one_mail(session):
    group_id = make_overdue(session)
    make_user(session, "group_contact", email=CONTACT, group=group_id)
    other = make_user(session, "group_contact", group=group_id)
    session.execute(sa.text("""UPDATE "user" SET language = 'nl' WHERE email = :email"""), {"email": other})
    session.commit()
    assert keep_listings_true(NOW) == 2
    assert {mail.to_address: mail.subject for mail in mails(session)} == {
        CONTACT: "Stimmt der Eintrag Ihrer Gruppe noch?",
        other: "Klopt de vermelding van uw groep nog?",
    }


def test_two_processes_at_once_ask_once(app, session):
    make_overdue(session)
    session.rollback()
    at_once(app, *[lambda: keep_listings_true(NOW)] * 2)
    assert len(mails(session)) == 1


def test_after_six_weeks_everybody_reads_it_and_staff_are_told_whom_to_phone(session):
    house = make_house(session)
    group_id = make_overdue(session, days=365 + 41, clearinghouse_id=house)
    assert not get_group_page(session, "lichtblick", now=NOW).card.is_unconfirmed
    assert get_group_page(session, "lichtblick", now=NOW + DAY).card.is_unconfirmed
    assert list_unconfirmed(session, house, now=NOW) == []
    (line,) = list_unconfirmed(session, house, now=NOW + DAY)
    assert (line.kind, line.row.contact_phone) == (TO_PHONE, "0221 4710 123")
    with transaction(session) as writing:
        confirm_group(writing, group_id, now=NOW, by_telephone=True)
    assert list_unconfirmed(session, house, now=NOW + DAY) == []
    assert not get_group_page(session, "lichtblick", now=NOW + DAY).card.is_unconfirmed
    assert keep_listings_true(NOW + 2 * DAY) == 0


def test_a_group_without_an_address_is_to_be_phoned_when_others_are_asked(app, session):
    house = make_house(session)
    make_overdue(session, clearinghouse_id=house, contact=make_contact(name="Petra", phone="0221 4710 123"))
    assert keep_listings_true(NOW) == 0
    assert [line.kind for line in list_unconfirmed(session, house, now=NOW)] == [TO_PHONE]
    with app.test_request_context("/"):
        (waiting,) = list_waiting(session, house, now=NOW)
    assert (waiting.kind, waiting.who) == ("Nicht bestätigter Eintrag", "Lichtblick")
    slug = session.scalars(sa.select(ClearingHouse.slug).where(ClearingHouse.id == house)).one()
    assert waiting.url.startswith(f"/desk/groups/unconfirmed?house={slug}#group-")
    other = make_house(session, "KISS Bonn")
    assert list_unconfirmed(session, other, now=NOW) == []


def test_in_the_end_a_group_falls_asleep_with_one_mail_and_one_tap_brings_it_back(session):
    house = make_house(session)
    group_id = make_overdue(session, days=365 + 119, clearinghouse_id=house)
    assert keep_listings_true(NOW) == 1  # the last asking, which it had missed
    assert state_of(session, group_id) == "listed"
    for hours in (24, 25, 48):
        keep_listings_true(NOW + timedelta(hours=hours))
    assert state_of(session, group_id) == "dormant"
    assert [mail.subject for mail in mails(session)][1:] == ["Ihre Gruppe wird nicht mehr gezeigt"]
    assert [line.kind for line in list_unconfirmed(session, house, now=NOW + DAY)] == [ASLEEP]
    with transaction(session) as writing:
        confirm_group(writing, group_id, now=NOW + 3 * DAY)
    assert state_of(session, group_id) == "listed"
    assert session.get(GroupAbsence, group_id) is None
    actions = session.scalars(sa.select(HistoryEntry.action).order_by(HistoryEntry.id)).all()
    assert [each for each in actions if each in {"group.fell_asleep", "group.confirmed"}] == [
        "group.fell_asleep",
        "group.confirmed",
    ]


def test_a_pause_ends_on_its_day_and_an_open_one_is_asked_after_by_phone_a_year_later(session):
    house = make_house(session)
    one = make_overdue(session, days=10, clearinghouse_id=house)
    two = make_overdue(session, days=10, clearinghouse_id=house, name="Offen")
    with transaction(session) as writing:
        pause_group(writing, one, resumes_on=NOW.date() + 7 * DAY, now=NOW)
        pause_group(writing, two, resumes_on=None, now=NOW)
    keep_listings_true(NOW + 6 * DAY)
    assert state_of(session, one) == "paused"
    for days in (7, 8):
        keep_listings_true(NOW + days * DAY)
    assert (state_of(session, one), state_of(session, two)) == ("listed", "paused")
    assert [mail.subject for mail in mails(session)].count("Ihre Gruppe ist wieder eingetragen") == 1
    later = NOW + 366 * DAY
    kinds = {line.row.name: line.kind for line in list_unconfirmed(session, house, now=later)}
    assert kinds == {"Offen": LONG_PAUSE}


def test_an_address_that_cannot_be_written_to_keeps_nobody_else_from_being_asked(session):
    wrong = make_overdue(session)
    make_overdue(session, name="Zweite")
    session.execute(sa.update(Group).where(Group.id == wrong).values(contact_email="nirgends@"))
    session.commit()
    assert keep_listings_true(NOW) == 1
    assert keep_listings_true(NOW) == 0


def test_the_demo_has_groups_in_every_stage_and_no_mail_waits(session):
    house = make_house(session)
    drafts = [make_draft(clearinghouse_id=house, name=f"Gruppe {number}") for number in range(len(FIXED) + 6)]
    demo_upkeep(session, register_groups(session, drafts, now=NOW), now=NOW)
    session.commit()
    kinds = [line.kind for line in list_unconfirmed(session, house, now=NOW)]
    assert kinds == [TO_PHONE] * 4 + [ASLEEP]
    states = session.scalars(sa.select(Group.state).where(Group.state != "listed").order_by(Group.id)).all()
    assert states == ["dormant", "paused"]
    assert mails(session) == []
