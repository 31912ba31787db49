"""Changing one's own password and address."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import AddressChange, User
from app.shared import clock
from tests.builders.accounts import PASSWORD, make_user
from tests.support.browser import Browser
from tests.support.mailbox import link_in, mails_to
from tests.support.signed_in import sign_in

KIM, NEW = "kim@example.org", "kim.sommer@example.net"
NEW_PASSWORD = "drei rote Enten"


@pytest.fixture
def kim(session, browser):
    return sign_in(browser, make_user(session, "finance", email=KIM))


def ask_for(browser, address, *, password=PASSWORD, status=200):
    browser.get("/accounts/email")
    fields = {"Neue E-Mail-Adresse": address, "Jetziges Passwort": password}
    return browser.submit(fields, button="Beide Links zuschicken", status=status)


def confirm(app, path, *, status=200):
    mailbox = Browser(app.test_client())
    mailbox.get(path)
    return mailbox.submit(button="Ja, das stimmt", status=status)


def address(session):
    session.rollback()
    return session.scalars(sa.select(User.email)).one()


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(kim, app, session):
    elsewhere = sign_in(Browser(app.test_client()), KIM)
    kim.get("/accounts/password")
    page = kim.submit(
        {"Jetziges Passwort": "something", "Neues Passwort": NEW_PASSWORD},
        button="Passwort ändern",
        status=400,
    )
    assert "Das ist nicht Ihr jetziges Passwort." in page.text
    page = kim.submit(
        {"Jetziges Passwort": PASSWORD, "Neues Passwort": NEW_PASSWORD}, button="Passwort ändern"
    )
    assert "Ihr Passwort ist geändert." in page.text
    assert elsewhere.get("/accounts").heading == "Anmelden"
    assert mails_to(session, KIM)[-1].subject == "Ihr Passwort wurde geändert"
    sign_in(Browser(app.test_client()), KIM, NEW_PASSWORD)


def test_an_address_changes_when_both_mailboxes_have_said_yes(kim, app, session):
    page = ask_for(kim, NEW)
    assert page.text.count("muss noch bestätigt werden") == 2
    assert NEW in mails_to(session, KIM)[-1].body_text
    old_link, new_link = link_in(session, KIM), link_in(session, NEW)
    page = confirm(app, new_link)
    assert page.heading == "Die Hälfte ist geschafft"
    assert address(session) == KIM
    assert kim.get("/accounts/email").text.count("muss noch bestätigt werden") == 1
    assert confirm(app, old_link).heading == "Ihre Adresse ist geändert"
    assert address(session) == NEW
    sign_in(Browser(app.test_client()), NEW)
    for link in (old_link, new_link):
        assert Browser(app.test_client()).get(link, status=410).heading == "Dieser Link gilt nicht mehr"


def test_one_mailbox_saying_yes_twice_is_not_both(kim, app, session):
    ask_for(kim, NEW)
    link = link_in(session, NEW)
    for _ in range(2):
        assert confirm(app, link).heading == "Die Hälfte ist geschafft"
    assert address(session) == KIM


def test_an_address_that_has_an_account_is_told_only_there(kim, session):
    make_user(session, email=NEW, name="Robin")
    free, taken = ask_for(kim, "free@example.net"), ask_for(kim, NEW)
    assert free.text.replace("free@example.net", NEW) == taken.text
    assert mails_to(session, NEW)[-1].subject == "Zu dieser Adresse gibt es schon ein Konto"
    assert "/accounts/email/" not in mails_to(session, NEW)[-1].body_text


def test_an_address_taken_in_between_changes_nothing(kim, app, session):
    ask_for(kim, NEW)
    old_link, new_link = link_in(session, KIM), link_in(session, NEW)
    confirm(app, old_link)
    make_user(session, email=NEW, name="Robin")
    page = confirm(app, new_link, status=409)
    assert "Inzwischen gibt es ein anderes Konto mit dieser Adresse." in page.text
    session.rollback()
    assert sorted(session.scalars(sa.select(User.email))) == [NEW, KIM]


def test_a_question_can_be_taken_back_and_a_new_one_voids_the_one_before(kim, app, session):
    ask_for(kim, NEW)
    first = link_in(session, NEW)
    ask_for(kim, "other@example.net")
    second = link_in(session, "other@example.net")
    Browser(app.test_client()).get(first, status=410)
    kim.get("/accounts/email")
    page = kim.submit(button="Bei der jetzigen Adresse bleiben")
    assert "Eine Änderung läuft" not in page.text
    Browser(app.test_client()).get(second, status=410)


def test_a_link_works_for_two_days_only(kim, app, session):
    ask_for(kim, NEW)
    link = link_in(session, NEW)
    session.execute(sa.update(AddressChange).values(expires_at=clock.now() - timedelta(seconds=1)))
    Browser(app.test_client()).get(link, status=410)
    assert "Eine Änderung läuft" not in kim.get("/accounts/email").text


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        (NEW, "not this one", "Das ist nicht Ihr jetziges Passwort."),
        (KIM.upper(), PASSWORD, "Das ist schon Ihre Adresse."),
        ("kim@x\nBcc: y@z", PASSWORD, "Das sieht nicht nach einer E-Mail-Adresse aus."),
        ("", PASSWORD, "Bitte geben Sie Ihre E-Mail-Adresse ein."),
    ],
)
def test_what_cannot_be_done_is_said_at_its_field_and_the_address_stays_in_its_own(
    email, password, sentence, kim, session
):
    page = ask_for(kim, email, password=password, status=400)
    assert sentence in " ".join(page.texts("p", class_="field-error"))
    assert page.get("input", name="email").get("value", "") == email
    assert session.scalars(sa.select(AddressChange)).all() == []


def test_somebody_at_a_forgotten_desk_cannot_guess_the_present_password_for_long(database_url):
    import dataclasses

    from app import create_app
    from app.shared.extensions import db, limiter
    from tests.support.databases import config_for

    app = create_app(dataclasses.replace(config_for(database_url), rate_limits=True))
    with app.app_context():
        make_user(db.session(), email=KIM)
        db.session.commit()
    kim = sign_in(Browser(app.test_client()), KIM)
    fields = {"Jetziges Passwort": "not this one", "Neues Passwort": NEW_PASSWORD}
    for status in [400] * 10 + [429]:
        kim.get("/accounts/password")
        page = kim.submit(fields, button="Passwort ändern", status=status)
    assert page.heading == "Zu viele Versuche"
    limiter.reset()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
