"""Roles for one insurer, one funding region, a Land or the whole network: given, read of, taken back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.models import Invitation, RoleGrant, User
from tests.builders.accounts import make_user
from tests.builders.funding import make_insurer, make_region
from tests.support.browser import Browser
from tests.support.mailbox import link_in, mails_to

ROBIN = "robin@example.org"
NETWORK_PEOPLE = "/accounts/network/people"


def roles_of(session, email):
    session.rollback()
    return session.scalars(sa.select(RoleGrant.role).join(User).where(User.email == email)).all()


def test_an_admin_invites_an_officer_for_one_insurer_who_sees_for_which_and_can_leave(
    app, session, signed_in
):
    make_insurer(session, "aok-nord", name="AOK Nord")
    make_insurer(session, "bkk-sued", name="BKK Süd")
    admin = signed_in("admin")
    admin.get(NETWORK_PEOPLE)
    wanted = {"email": ROBIN, "role": "insurer_officer", "about": "insurer/aok-nord"}
    assert "Die Einladung ist unterwegs." in admin.submit(wanted, button="Einladung senden").text
    assert any("AOK Nord" in line and ROBIN in line for line in admin.page.texts("li"))
    assert "Für: AOK Nord" in mails_to(session, ROBIN)[-1].body_text
    robin = Browser(app.test_client())
    assert "AOK Nord" in robin.get(link_in(session, ROBIN)).text
    page = robin.submit({"name": "Robin"}, button="Annehmen")
    assert "AOK Nord" in page.text
    page = admin.get(NETWORK_PEOPLE)
    assert "Mitarbeitende einer Krankenkasse" in page.texts("h3")
    history = admin.get("/accounts/network/history").texts("li")
    assert any(
        "Rolle vergeben: Mitarbeitende einer Krankenkasse" in line and "AOK Nord" in line for line in history
    )
    robin.get("/accounts")
    page = robin.follow("Abgeben: Mitarbeitende einer Krankenkasse AOK Nord")
    assert "AOK Nord" in page.texts("dd")
    assert "Sie haben die Rolle abgegeben." in robin.submit(button="Ja, abgeben").text
    assert roles_of(session, ROBIN) == []


def test_an_admin_invites_for_a_region_a_land_or_all_takes_back_and_removes(session, signed_in):
    make_region(session, "emsland", name="Emsland", state="03")
    admin = signed_in("admin")
    for role, about in (
        ("funding_office", "region/emsland"),
        ("coordinator", "state/06"),
        ("coordinator", ""),
        ("finance", ""),
    ):
        admin.get(NETWORK_PEOPLE)
        admin.submit({"email": ROBIN, "role": role, "about": about}, button="Einladung senden")
    found = session.execute(
        sa.select(Invitation.role, Invitation.region_id.is_not(None), Invitation.state_ags).order_by(
            Invitation.id
        )
    )
    assert found.tuples().all() == [
        ("funding_office", True, None),
        ("coordinator", False, "06"),
        ("coordinator", False, None),
        ("finance", False, None),
    ]
    admin.submit(button=f"Zurücknehmen: {ROBIN}")
    assert "Die Einladung ist zurückgenommen." in admin.page.text
    make_user(session, "coordinator", state="06", name="Kai", email="kai@example.org")
    make_user(session, "coordinator", name="Kai", email="kai-2@example.org")
    session.commit()
    admin.get(NETWORK_PEOPLE)
    page = admin.follow("Entfernen: Kai, Koordination des Netzwerks Hessen")
    assert "Hessen" in page.texts("dd")
    assert "Diese Person hat keinen Zugang mehr." in admin.submit(button="Ja, entfernen").text
    assert roles_of(session, "kai@example.org") == []
    assert roles_of(session, "kai-2@example.org") == ["coordinator"]
    taken, ended = "Einladung zurückgenommen: Finanzen", "Rolle beendet: Koordination des Netzwerks"
    history = admin.get("/accounts/network/history").texts("li")
    assert any(taken in line for line in history)
    assert any(ended in line and "Hessen" in line for line in history)


@pytest.mark.parametrize(
    ("role", "about", "sentence"),
    [
        ("insurer_officer", "", "Diese Rolle gilt für eine Krankenkasse"),
        ("insurer_officer", "state/05", "Diese Rolle gilt für eine Krankenkasse"),
        ("funding_office", "insurer/aok-nord", "Diese Rolle gilt für eine Förderregion"),
        ("coordinator", "insurer/aok-nord", "Diese Rolle gilt für ein Bundesland oder das ganze Netzwerk"),
        ("finance", "state/05", "Diese Rolle gilt für das ganze Netzwerk"),
        ("finance", "insurer/gone", "Bitte wählen Sie aus der Liste"),
        ("desk_lead", "", "Bitte wählen Sie eine Rolle"),
        ("king", "", "Bitte wählen Sie eine Rolle"),
    ],
)
def test_a_role_that_does_not_fit_what_it_is_for_is_said_at_the_field_and_nothing_typed_is_lost(
    role, about, sentence, session, signed_in
):
    make_insurer(session, "aok-nord", name="AOK Nord")
    admin = signed_in("admin")
    token = admin.get(NETWORK_PEOPLE).get("input", name="form_token").get("value")
    typed = {"form_token": token, "email": ROBIN, "role": role, "about": about}
    page = admin.post(NETWORK_PEOPLE, data=typed, status=400)
    assert sentence in " ".join(page.texts("p", class_="field-error"))
    assert page.get("input", name="email").get("value") == ROBIN
    assert session.scalars(sa.select(Invitation)).all() == []


def test_somebody_has_a_role_once_for_the_same_and_again_for_another(session, signed_in):
    make_user(session, "coordinator", state="06", email=ROBIN)
    admin = signed_in("admin")
    for about, status in (("state/06", 400), ("state/07", 200), ("", 200)):
        admin.get(NETWORK_PEOPLE)
        wanted = {"email": ROBIN, "role": "coordinator", "about": about}
        page = admin.submit(wanted, button="Einladung senden", status=status)
        assert ("Diese Person hat schon Zugang" in page.text) is (status == 400)
