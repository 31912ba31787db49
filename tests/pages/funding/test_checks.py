"""A funding office and a clearing house check what groups have submitted, one after the other."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.funding.models import ApplicationCheck, ConflictOfInterest, DeadlineExtension, GrantApplication
from app.funding.queries.checks import read_under_check
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.shared import clock
from tests.builders.accounts import make_user
from tests.builders.applications import make_paper, make_round, read, submit
from tests.builders.groups import make_contact, make_group, make_house
from tests.support.browser import Browser
from tests.support.mailbox import link_in, mails_to
from tests.support.others import Other
from tests.support.signed_in import sign_in


@pytest.fixture
def three(session):
    """The applications of three groups of one house, in a region."""
    make_round(session)
    house = make_house(session)
    found = []
    for name in ("Atem", "Balance", "Courage"):
        contact = make_contact(email=f"{name.lower()}@example.org")
        group = make_group(session, name=name, now=clock.now(), clearinghouse_id=house, contact=contact)
        if name == "Atem":
            make_paper(session, group)
        found.append(submit(session, group, group={"members": "5" if name == "Courage" else "12"}))
    session.commit()
    return found


def office_of(session, signed_in, application, **given):
    region = read_under_check(session, application).found.region.id
    session.rollback()
    return signed_in("funding_office", region=region, name="Ada Stern", **given)


def test_one_after_the_other_is_checked_by_two_people_and_nobody_checks_their_own_group(
    session, signed_in, three
):
    office = office_of(session, signed_in, three[0])
    house = session.scalars(sa.select(Group.clearinghouse_id)).first()
    desk = signed_in("desk_staff", clearinghouse=house, name="Ben Mond")
    assert "3 Förderanträge zu prüfen" in desk.get("/desk").text
    desk.follow("Prüfen")
    desk.follow("Mit dem ältesten anfangen")
    assert desk.page.heading == "Atem"
    assert "dasselbe Konto" in desk.page.text
    assert "Diese Prüfung macht die Förderstelle." in desk.page.text
    desk.submit(button="Beanstandung speichern: Inhaltliche Prüfung", status=400)
    assert "Bitte sagen Sie, was nicht stimmt." in desk.page.text
    desk.submit(button="In Ordnung: Inhaltliche Prüfung")
    assert "Hier ist der nächste Antrag." in desk.page.text
    assert desk.page.heading == "Balance"
    desk.submit({"why": "relative"}, button="Ich entscheide nicht über diese Gruppe")
    office.get("/funding")
    office.follow("Anträge prüfen")
    office.follow("Mit dem ältesten anfangen")
    office.submit(button="In Ordnung: Rechnerische Prüfung")
    assert office.page.heading == "Balance"
    office.submit(button="In Ordnung: Inhaltliche Prüfung")
    assert office.page.heading == "Courage"
    assert "Spricht dagegen Krankenkassen dürfen nur Gruppen ab sechs" in office.page.text
    assert "Verwendungsnachweis: Eine kurze Bestätigung genügt." in office.page.text
    page = office.get(f"/funding/checks/{three[0]}")
    assert "Ben Mond" in page.text
    assert office.get("/funding/checks?show=checked").texts("strong")[0] == "Atem"
    assert "Atem" not in office.get("/funding/checks?lacks=content").text
    for address in ("?show=all&only=duplicates", "?only=late&lacks=arithmetic&show=nonsense&page=9"):
        office.get(f"/funding/checks{address}")
    found = read_under_check(session, three[0]).found
    office.get(f"/funding/rounds/{found.region.slug}/{found.round.year}/runs/new")
    assert "2 Anträge dieser Runde sind noch nicht geprüft." in office.page.text
    session.expire_all()
    kinds = sa.select(ApplicationCheck.kind).order_by(ApplicationCheck.id)
    assert session.scalars(kinds).all() == ["content", "arithmetic", "content"]
    assert session.scalars(sa.select(ConflictOfInterest.why)).all() == ["relative"]
    desk.get("/funding/conflicts")
    desk.submit(button="Das ist vorbei: Balance")
    assert "zurückgenommen am" in desk.page.text
    desk.get("/funding/conflicts?q=cour")
    desk.follow("Auswählen – Courage")
    desk.submit(button="Ich entscheide nicht über diese Gruppe", status=400)
    assert "Bitte wählen Sie einen Grund." in desk.page.text


def test_a_group_changes_what_it_is_asked_and_nothing_else_and_both_sign_anew(app, session, signed_in, three):
    application = three[1]
    office, today = office_of(session, signed_in, application), day_of(clock.now())
    office.get(f"/funding/checks/{application}")
    ask = {
        "fields": ["money.own", "money.costs"],
        "words": "",
        "due_on": (today + timedelta(days=9)).isoformat(),
    }
    office.submit(ask, button="Die Gruppe bitten", status=400)
    assert "Bitte sagen Sie in einem Satz" in office.page.text
    assert office.page.get("input", name="fields", value="money.own").get("checked") is not None
    office.submit({"words": "Woher kommen die 40,50 Euro?"}, button="Die Gruppe bitten")
    assert "Die Gruppe ist gefragt" in office.page.text
    office.submit(
        {"longer-due_on": today.isoformat(), "longer-words": "x"}, button="Mehr Zeit geben", status=400
    )
    later = (today + timedelta(days=20)).isoformat()
    office.submit({"longer-due_on": later, "longer-words": "Sommerpause"}, button="Mehr Zeit geben")
    assert "Mehr Zeit bis" in office.page.text
    assert any(
        "bitte etwas ändern" in (each.subject or "").lower() for each in mails_to(session, "jo@example.org")
    )

    group = read_under_check(session, application).found.group
    slug, email = group.slug, make_user(session, "group_contact", group=group.id, email="balance@example.org")
    session.commit()
    contact = sign_in(Browser(app.test_client()), email)
    contact.get(f"/accounts/groups/{slug}/funding")
    assert "Woher kommen die 40,50 Euro?" in contact.page.text
    contact.follow("Ändern: Wofür Sie das Geld brauchen")
    assert contact.page.texts("span", class_="tag--waiting") == ["bitte ändern"] * 2
    contact.submit({"own": "60,50"}, button="Speichern und weiter")
    assert "beide noch einmal" in contact.page.text
    contact.get(f"/accounts/groups/{slug}/funding/account")
    assert contact.page.heading == "Förderung"
    contact.follow("Prüfen und unterschreiben")
    contact.submit(button="Beide Links senden")
    for address in ("kim@example.org", "jo@example.org"):
        visitor = Browser(app.test_client())
        visitor.get(link_in(session, address))
        visitor.submit(button="Ich unterschreibe")
    page = office.get(f"/funding/checks/{application}")
    assert "von der Gruppe beantwortet" in page.text
    assert "480,00 €" in page.text
    found = read(session, group.id)
    assert (found.written.received_on, found.change) == (today, None)


def test_a_group_answers_that_all_is_right_and_is_given_a_later_last_day(app, session, signed_in, three):
    application = three[1]
    office = office_of(session, signed_in, application)
    found = read_under_check(session, application).found
    slug = found.group.slug
    email = make_user(session, "group_contact", group=found.group.id, email="balance@example.org")
    session.commit()
    contact = sign_in(Browser(app.test_client()), email)
    office.get(f"/funding/checks/{application}")
    office.submit({"fields": ["group.members"], "words": "Sind es zwölf?"}, button="Die Gruppe bitten")
    contact.get(f"/accounts/groups/{slug}/funding")
    contact.submit(button="Antwort senden", status=400)
    contact.submit({"answer": "Ja, zwölf."}, button="Antwort senden")
    assert "Ja, zwölf." in office.get(f"/funding/checks/{application}").text
    new = (found.last_day + timedelta(days=5)).isoformat()
    office.submit({"deadline-due_on": new, "deadline-words": "Krankheit"}, button="Den letzten Tag verlegen")
    assert "Der letzte Tag wurde danach verlegt." in office.page.text
    assert "Krankheit" in contact.get(f"/accounts/groups/{slug}/funding").text
    assert session.scalars(sa.select(DeadlineExtension.words)).all() == ["Krankheit"]
    place = f"/funding/rounds/{found.region.slug}/{found.round.year}"
    office.get(place)
    office.follow("Einer Gruppe mehr Zeit geben")
    office.submit({"q": "cour"}, button="Nachsehen")
    office.follow("Auswählen – Courage")
    office.submit(
        {"due_on": found.last_day.isoformat(), "words": "Umzug"},
        button="Den letzten Tag verlegen",
        status=400,
    )
    assert "Bitte wählen Sie einen späteren Tag." in office.page.text
    office.submit({"due_on": new}, button="Den letzten Tag verlegen")
    assert "Umzug" in office.page.text


@pytest.mark.long
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_who_is_stopped_by_another_at_the_database_is_served_by_a_second_try_or_told_why_not(
    session, signed_in, three
):
    house = session.scalars(sa.select(Group.clearinghouse_id)).first()
    desk = signed_in("desk_staff", clearinghouse=house, name="Ben Mond")
    group = read_under_check(session, three[0]).application.group_id
    ben = session.scalars(sa.select(User.id).where(User.name == "Ben Mond")).one()
    engine = session.get_bind()
    session.rollback()
    desk.get(f"/funding/checks/{three[0]}")
    button = "In Ordnung: Inhaltliche Prüfung"

    crossing = Other(engine)  # the view holds the application, then needs the group: a deadlock
    crossing.hold('SELECT FROM "group" WHERE id = :id FOR UPDATE', id=group)
    thread = crossing.go_on("SELECT FROM grant_application WHERE id = :id FOR UPDATE", id=three[0])
    desk.submit(button=button)
    thread.join()
    assert "Hier ist der nächste Antrag." in desk.page.text

    declaring = Other(engine)  # Ben becomes a relative after the view has looked, before it writes
    declaring.hold("LOCK TABLE application_check IN SHARE MODE")
    relative = session.get_one(GrantApplication, three[1]).group_id
    session.rollback()
    thread = declaring.go_on(
        "INSERT INTO conflict_of_interest (user_id, group_id, why, declared_at)"
        " VALUES (:user_id, :group_id, 'relative', now())",
        user_id=ben,
        group_id=relative,
    )
    desk.submit(button=button, status=409)
    thread.join()
    assert "Ben Mond darf über „Balance“ nicht entscheiden: Ben Mond hat erklärt" in desk.page.text
    assert session.scalars(sa.select(ApplicationCheck.application_id)).all() == [three[0]]
