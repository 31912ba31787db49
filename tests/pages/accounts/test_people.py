"""Who has access to a group, a house or the network: seen, invited, removed, handed over."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import Invitation, RoleGrant, User
from app.accounts.places import list_groups
from app.groups.models import Group
from app.shared import clock
from app.shared.outbox import OutboxMail
from app.shared.retention import apply_retention
from tests.builders.accounts import PASSWORD, make_user
from tests.builders.groups import make_group, make_house
from tests.support.browser import Browser
from tests.support.mailbox import link_in, mails_to
from tests.support.signed_in import sign_in

ROBIN = "robin@example.org"


@pytest.fixture
def house(session):
    return make_house(session)


@pytest.fixture
def group(session, house):
    return make_group(session, clearinghouse_id=house)


@pytest.fixture
def kim(session, group, browser):
    """The only contact of the group, signed in."""
    return sign_in(browser, make_user(session, "group_contact", group=group, email="kim@example.org"))


def people_of(group_or_house, session):
    slug = session.scalars(sa.select(Group.slug).where(Group.id == group_or_house)).one()
    return f"/accounts/groups/{slug}/people"


def invite(browser, path, email, *, role="", status=200):
    browser.get(path)
    fields = {"email": email} | ({"role": role} if role else {})
    return browser.submit(fields, button="Einladung senden", status=status)


def roles_of(session, email):
    session.rollback()
    return session.scalars(sa.select(RoleGrant.role).join(User).where(User.email == email)).all()


def test_a_contact_invites_somebody_who_makes_an_account_and_looks_after_the_group_too(
    kim, group, app, session
):
    path = people_of(group, session)
    page = invite(kim, path, " Robin@Example.org ")
    assert "Die Einladung ist unterwegs." in page.text
    assert ROBIN in page.text
    mail = mails_to(session, ROBIN)[-1]
    assert mail.subject == "Eine Einladung zu Wirkreis"
    assert "Kim Sommer lädt Sie ein" in mail.body_text
    assert "Für: Lichtblick" in mail.body_text
    robin = Browser(app.test_client())
    page = robin.get(link_in(session, ROBIN))
    assert "Kontaktperson einer Gruppe" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    page = robin.submit({"name": "Robin", "password": PASSWORD}, button="Annehmen")
    assert page.heading == "Ihre Startseite"
    assert "Robin" in robin.get(path).text
    assert "Eingeladen" not in kim.get(path).text


def test_somebody_with_an_account_gets_the_role_and_has_to_sign_in_for_it(kim, group, app, session):
    make_user(session, "finance", email=ROBIN)
    invite(kim, people_of(group, session), ROBIN)
    robin = Browser(app.test_client())
    robin.get(link_in(session, ROBIN))
    page = robin.submit(button="Annehmen")
    assert page.heading == "Anmelden"
    assert sorted(roles_of(session, ROBIN)) == ["finance", "group_contact"]
    sign_in(robin, ROBIN)
    robin.get(people_of(group, session))


def test_an_invitation_works_once_and_can_be_declined_taken_back_or_grow_old(kim, group, app, session):
    path = people_of(group, session)
    stranger = Browser(app.test_client())
    links = []
    for number in range(4):
        email = f"robin{number}@example.org"
        invite(kim, path, email)
        links.append(link_in(session, email))
    stranger.get(links[0])
    stranger.submit({"name": "Robin"}, button="Annehmen")
    stranger.get(links[1])
    assert stranger.submit(button="Einladung ablehnen").heading == "Sie haben abgelehnt"
    kim.get(path)
    assert "Die Einladung ist zurückgenommen." in kim.submit(button="Zurücknehmen: robin3@example.org").text
    session.execute(sa.update(Invitation).values(expires_at=clock.now() - timedelta(seconds=1)))
    for link in links:
        assert stranger.get(link, status=410).heading == "Dieser Link gilt nicht mehr"
    assert apply_retention(clock.now())["invitations"] == 1
    session.rollback()
    assert session.scalars(sa.select(Invitation)).all() == []


def test_an_invitation_form_that_is_sent_twice_gives_the_role_once(kim, group, app, session):
    invite(kim, people_of(group, session), ROBIN)
    link = link_in(session, ROBIN)
    first, second = Browser(app.test_client()), Browser(app.test_client())
    first.get(link)
    second.get(link)
    first.submit({"name": "Robin"}, button="Annehmen")
    assert (
        second.submit({"name": "Robin"}, button="Annehmen", status=410).heading
        == "Dieser Link gilt nicht mehr"
    )
    assert roles_of(session, ROBIN) == ["group_contact"]


def test_a_weak_password_is_refused_and_the_invitation_stays(kim, group, app, session):
    invite(kim, people_of(group, session), ROBIN)
    robin = Browser(app.test_client())
    robin.get(link_in(session, ROBIN))
    page = robin.submit({"name": "Robin", "password": "password123"}, button="Annehmen", status=400)
    assert "leicht zu erraten" in page.text
    assert page.get("input", name="name").get("value") == "Robin"
    assert robin.submit({"name": "Robin", "password": ""}, button="Annehmen").heading == "Ihre Startseite"


def test_inviting_again_voids_the_first_invitation(kim, group, app, session):
    path = people_of(group, session)
    invite(kim, path, ROBIN)
    first = link_in(session, ROBIN)
    invite(kim, path, ROBIN)
    Browser(app.test_client()).get(first, status=410)
    Browser(app.test_client()).get(link_in(session, ROBIN))


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("robin", "Das sieht nicht nach einer E-Mail-Adresse aus."),
        ("robin@x.org\nBcc: a@b.org", "Das sieht nicht nach einer E-Mail-Adresse aus."),
        ("kim@example.org", "Diese Person hat schon Zugang"),
        ("", "Bitte geben Sie Ihre E-Mail-Adresse ein."),
    ],
)
def test_what_cannot_be_invited_is_said_at_the_field(email, sentence, kim, group, session):
    page = invite(kim, people_of(group, session), email, status=400)
    assert sentence in " ".join(page.texts("p", class_="field-error"))
    assert page.get("input", name="email").get("value", "") == email
    assert session.scalars(sa.select(Invitation)).all() == []


def test_a_lead_invites_staff_and_staff_only_sees_who_there_is(house, group, app, session, signed_in):
    lead = signed_in("desk_lead", clearinghouse=house)
    page = lead.get("/desk/people")
    assert page.heading == "Zugänge: KISS Köln"
    invite(lead, page.response.request.path, ROBIN, role="desk_staff")
    robin = Browser(app.test_client())
    robin.get(link_in(session, ROBIN))
    robin.submit({"name": "Robin"}, button="Annehmen")
    page = robin.get("/desk/people")
    assert "Die Leitung der Kontaktstelle lädt Menschen ein" in page.text
    assert page.find("button", text="Einladung senden") is None
    assert "Entfernen" not in page.text
    invite(robin, people_of(group, session), "contact@example.org")
    assert mails_to(session, "contact@example.org")


@pytest.mark.parametrize("role", ["admin", "group_contact", "king", ""])
def test_a_lead_cannot_give_a_role_that_is_none_of_the_house(role, house, session, signed_in):
    lead = signed_in("desk_lead", clearinghouse=house)
    path = lead.get("/desk/people").response.request.path
    token = lead.page.get("input", name="form_token").get("value")
    page = lead.post(path, data={"form_token": token, "email": ROBIN, "role": role}, status=400)
    assert page.texts("p", class_="field-error")
    assert page.get("input", name="email").get("value") == ROBIN
    assert session.scalars(sa.select(Invitation)).all() == []


def test_an_admin_gives_every_role_and_finds_groups_and_houses_by_their_slug(
    house, group, session, signed_in
):
    admin = signed_in("admin")
    invite(admin, "/accounts/network/people", ROBIN, role="finance")
    assert mails_to(session, ROBIN)
    slug = people_of(group, session).split("/")[3]
    for wanted, heading in ((slug, "Zugänge: Lichtblick"), ("kiss-koeln", "Zugänge: KISS Köln")):
        admin.get("/accounts/network/people")
        assert admin.submit({"of": wanted}, button="Anzeigen").heading == heading
        invite(
            admin,
            admin.page.response.request.path,
            f"x-{wanted}@example.org",
            role="" if wanted == slug else "desk_lead",
        )
    admin.get("/accounts/network/people")
    page = admin.submit({"of": "<b>nowhere"}, button="Anzeigen")
    assert "Unter dieser Adresse gibt es weder eine Gruppe noch eine Kontaktstelle." in page.text
    assert admin.get("/desk/people").heading == "Zugänge: ganzes Netzwerk"


def test_somebody_who_works_for_two_houses_chooses(house, session, app):
    email = make_user(session, "desk_staff", clearinghouse=house)
    other = make_house(session, "Haus Zwei")
    user_id = session.scalars(sa.select(User.id).where(User.email == email)).one()
    session.add(RoleGrant(user_id=user_id, role="desk_lead", clearinghouse_id=other, granted_at=clock.now()))
    browser = sign_in(Browser(app.test_client()), email)
    assert browser.get("/desk/people").heading == "Zugänge Ihrer Kontaktstellen"
    assert browser.follow("Haus Zwei").heading == "Zugänge: Haus Zwei"


def test_removing_somebody_is_asked_first_and_ends_their_access_and_their_open_invitations(
    kim, group, app, session
):
    path = people_of(group, session)
    robin = sign_in(
        Browser(app.test_client()),
        make_user(session, "group_contact", group=group, email=ROBIN, name="Robin"),
    )
    invite(robin, path, "friend@example.org")
    kim.get(path)
    page = kim.follow("Entfernen: Robin")
    assert page.heading == "Robin entfernen?"
    assert roles_of(session, ROBIN) == ["group_contact"]
    page = kim.submit(button="Ja, entfernen")
    assert "Diese Person hat keinen Zugang mehr." in page.text
    assert roles_of(session, ROBIN) == []
    assert robin.get(path, status=404)
    Browser(app.test_client()).get(link_in(session, "friend@example.org"), status=410)
    assert mails_to(session, "lead@example.org") == []


def test_when_the_last_contact_leaves_the_staff_of_the_house_are_told_and_can_invite_another(
    kim, house, group, app, session
):
    path = people_of(group, session)
    make_user(session, "desk_staff", clearinghouse=house, email="staff@example.org")
    make_user(
        session, "desk_lead", clearinghouse=make_house(session, "Anderswo"), email="foreign@example.org"
    )
    assert list_groups(session, house, only_without_contact=True) == []
    kim.get("/accounts")
    page = kim.follow("Abgeben")
    assert "Sonst kümmert sich niemand um diese Gruppe" in page.text
    page = kim.submit(button="Ja, abgeben")
    assert "Sie haben die Rolle abgegeben." in page.text
    mail = mails_to(session, "staff@example.org")[-1]
    assert mail.subject == "„Lichtblick“ hat keine Kontaktperson mehr"
    assert mails_to(session, "foreign@example.org") == []
    assert [each.name for each in list_groups(session, house, only_without_contact=True)] == ["Lichtblick"]
    staff = sign_in(Browser(app.test_client()), "staff@example.org")
    assert "ohne Kontaktperson" in staff.get("/desk/people").text
    page = staff.get(link_in(session, "staff@example.org"))
    assert page.response.request.path == path
    assert "Die Gruppe hat keine Kontaktperson mit Konto." in page.text
    invite(staff, path, ROBIN)


def test_the_house_itself_is_told_when_nobody_there_has_an_account(kim, house, group, session):
    kim.get("/accounts")
    kim.follow("Abgeben")
    kim.submit(button="Ja, abgeben")
    session.rollback()
    mails = session.scalars(sa.select(OutboxMail).where(OutboxMail.purpose == "group-without-contact")).all()
    assert len(mails) == 1


def test_nobody_is_told_when_others_stay(kim, group, session):
    make_user(session, "group_contact", group=group, email=ROBIN)
    kim.get("/accounts")
    page = kim.follow("Abgeben")
    assert "Sonst kümmert sich niemand" not in page.text
    kim.submit(button="Ja, abgeben")
    session.rollback()
    assert session.scalars(sa.select(OutboxMail)).all() == []


def test_nobody_leaves_for_somebody_else_or_removes_or_withdraws_elsewhere(kim, group, house, session):
    other = make_group(session, name="Andere", clearinghouse_id=house)
    make_user(session, "group_contact", group=other, email=ROBIN)
    foreign = session.scalars(sa.select(RoleGrant.id).where(RoleGrant.group_id == other)).one()
    session.add(
        Invitation(key_hash="x", email="a@b.org", role="group_contact", group_id=other, invited_at=clock.now(),
                   expires_at=clock.now() + timedelta(days=1))
    )  # fmt: skip
    session.flush()
    invitation = session.scalars(sa.select(Invitation.id)).one()
    path = people_of(group, session)
    token = kim.get(path).get("input", name="form_token").get("value")
    for address, fields in (
        ("/accounts/leave", {"grant": foreign}),
        (f"{path}/remove", {"grant": foreign}),
        (f"{path}/remove", {"grant": "1; drop table user"}),
        (path, {"withdraw": invitation}),
    ):
        kim.post(address, data={"form_token": token, **{name: str(value) for name, value in fields.items()}})
    assert roles_of(session, ROBIN) == ["group_contact"]
    assert session.scalars(sa.select(Invitation.id)).all() == [invitation]


def test_a_contact_does_not_see_the_people_of_another_group_or_a_house(kim, house, session):
    other = make_group(session, name="Andere", clearinghouse_id=house)
    for path in (people_of(other, session), "/accounts/clearinghouses/kiss-koeln/people", "/desk/people",
                 "/accounts/network/people", "/accounts/groups/nowhere/people"):  # fmt: skip
        kim.get(path, status=404)


@pytest.mark.parametrize("key", ["x", "a" * 3000, "%3Cscript%3E"])
def test_a_forged_invitation_says_that_it_does_not_work(key, browser):
    assert browser.get(f"/accounts/invitations/{key}", status=410).heading == "Dieser Link gilt nicht mehr"
