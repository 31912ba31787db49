"""Making an account, signing in and choosing a new password by a link that is mailed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.links import LIFE
from app.accounts.models import MailedLink, User
from app.shared import clock
from app.shared.retention import apply_retention
from tests.builders.accounts import PASSWORD, make_user
from tests.support.browser import Browser
from tests.support.mailbox import link_in, mails_to
from tests.support.signed_in import sign_in

KIM = "kim@example.org"
OVER = "Dieser Link gilt nicht mehr"
BUTTONS = {"signup": "Ersten Schritt zuschicken", "link": "Link zuschicken", "reset": "Link zuschicken"}


def ask(browser, kind, email, *, status=200, language=""):
    browser.get(f"{language}/accounts/{kind}")
    button = BUTTONS[kind] if not language else "Mail me"
    return browser.submit({"email": email}, button=button, status=status)


def users(session):
    session.rollback()
    return session.scalars(sa.select(User)).all()


def test_somebody_makes_an_account_with_a_password_and_is_signed_in(session, browser, app):
    page = ask(browser, "signup", " KIM@example.org ")
    assert page.heading == "Bitte schauen Sie in Ihr Postfach"
    assert users(session) == []
    page = browser.get(link_in(session, KIM))
    assert KIM in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    page = browser.submit({"name": "  Kim \n Sommer ", "password": PASSWORD}, button="Mein Konto anlegen")
    assert page.heading == "Ihre Startseite"
    assert "Guten Tag, Kim Sommer." in page.text
    sign_in(Browser(app.test_client()), KIM)


def test_an_account_without_a_password_is_entered_by_links_and_may_get_one_later(session, browser, app):
    ask(browser, "signup", KIM)
    browser.get(link_in(session, KIM))
    browser.submit({"name": "Kim"}, button="Mein Konto anlegen")
    browser.submit(button="Abmelden")
    browser.get("/accounts/login")
    page = browser.submit({"email": KIM, "password": "None"}, button="Anmelden", status=400)
    assert "passen nicht zusammen" in page.text
    ask(browser, "link", KIM)
    browser.get(link_in(session, KIM))
    assert browser.submit(button="Anmelden").heading == "Ihre Startseite"
    browser.follow("Ihr Passwort")
    browser.submit({"Neues Passwort": PASSWORD}, button="Passwort ändern")
    sign_in(Browser(app.test_client()), KIM)


@pytest.mark.parametrize("kind", BUTTONS)
def test_the_answer_is_the_same_whether_or_not_there_is_an_account_and_only_the_mailbox_is_told(
    kind, session, browser
):
    make_user(session, "admin", email=KIM)
    there = ask(browser, kind, KIM)
    nowhere = ask(browser, kind, "nobody@example.org")
    assert (there.url, there.html) == (nowhere.url, nowhere.html)
    subjects = {address: mails_to(session, address)[-1].subject for address in (KIM, "nobody@example.org")}
    told = {
        "signup": ("Sie haben schon ein Konto", "Ihr Konto bei Wirkreis"),
        "link": ("Ihr Link zum Anmelden", "Zu dieser Adresse gibt es kein Konto"),
        "reset": ("Neues Passwort wählen", "Zu dieser Adresse gibt es kein Konto"),
    }
    assert tuple(subjects.values()) == told[kind]


def test_a_mail_is_in_the_language_of_the_account_and_else_of_the_page(session, browser):
    make_user(session, "admin", email=KIM)
    ask(browser, "link", KIM, language="/en")
    assert mails_to(session, KIM)[-1].subject == "Ihr Link zum Anmelden"
    ask(browser, "signup", "robin@example.org", language="/en")
    assert mails_to(session, "robin@example.org")[-1].subject == "Your account at Wirkreis"
    assert link_in(session, "robin@example.org").startswith("/en/accounts/signup/")


@pytest.mark.parametrize("kind", ["link", "reset"])
def test_a_closed_account_gets_no_link(kind, session, browser):
    make_user(session, "admin", email=KIM)
    session.execute(sa.update(User).values(is_active=False))
    ask(browser, kind, KIM)
    assert mails_to(session, KIM)[-1].subject == "Zu dieser Adresse gibt es kein Konto"
    assert session.scalars(sa.select(MailedLink)).all() == []


def test_opening_a_link_does_not_use_it_and_pressing_its_button_does(session, browser, app):
    make_user(session, "admin", email=KIM)
    ask(browser, "link", KIM)
    link = link_in(session, KIM)
    for _ in range(3):
        assert browser.get(link).heading == "Anmelden"
    thief = Browser(app.test_client())
    thief.get(link)
    assert browser.submit(button="Anmelden").heading == "Ihre Startseite"
    assert thief.submit(button="Anmelden", status=410).heading == OVER
    assert browser.get(link, status=410).heading == OVER


def test_a_new_password_ends_every_session_and_every_link_and_is_told_by_mail(session, browser, app):
    email = make_user(session, "admin", email=KIM)
    elsewhere = sign_in(Browser(app.test_client()), email)
    ask(browser, "link", KIM)
    earlier = link_in(session, KIM)
    ask(browser, "reset", KIM)
    browser.get(link_in(session, KIM))
    page = browser.submit({"password": "drei rote Enten"}, button="Passwort ändern")
    assert page.heading == "Anmelden"
    assert "Ihr Passwort ist geändert." in page.text
    assert elsewhere.get("/accounts").heading == "Anmelden"
    assert browser.get(earlier, status=410).heading == OVER
    assert mails_to(session, KIM)[-1].subject == "Ihr Passwort wurde geändert"
    sign_in(browser, KIM, "drei rote Enten")


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("kurz", "mindestens 10 Zeichen"),
        ("password123", "leicht zu erraten"),
        (KIM, "darf nicht Ihre E-Mail-Adresse sein"),
        ("x" * 5000, "zu lang"),
        ("", "Bitte wählen Sie ein Passwort"),
    ],
)
def test_a_password_that_cannot_be_used_is_refused_at_its_field_and_the_link_still_works(
    password, sentence, session, browser
):
    make_user(session, "admin", email=KIM)
    ask(browser, "reset", KIM)
    browser.get(link_in(session, KIM))
    page = browser.submit({"password": password}, button="Passwort ändern", status=400)
    assert sentence in " ".join(page.texts("p", class_="field-error"))
    assert not page.get("input", name="password").get("value")
    assert browser.submit({"password": "drei rote Enten"}, button="Passwort ändern").heading == "Anmelden"


def test_what_was_typed_for_a_new_account_stays_when_something_is_wrong(session, browser):
    ask(browser, "signup", KIM)
    browser.get(link_in(session, KIM))
    page = browser.submit({"name": "Kim", "password": "kurz"}, button="Mein Konto", status=400)
    assert page.get("input", name="name").get("value") == "Kim"
    page = browser.submit({"name": "x" * 101, "password": PASSWORD}, button="Mein Konto", status=400)
    assert "Bitte kürzen Sie Ihren Namen." in page.text
    assert users(session) == []


def test_two_links_to_one_address_make_one_account(session, browser, app):
    ask(browser, "signup", KIM)
    first = link_in(session, KIM)
    ask(browser, "signup", KIM)
    other = Browser(app.test_client())
    other.get(link_in(session, KIM))
    browser.get(first)
    browser.submit({"name": "Kim"}, button="Mein Konto anlegen")
    assert other.submit({"name": "Robin"}, button="Mein Konto anlegen", status=410).heading == OVER
    assert [user.name for user in users(session)] == ["Kim"]


@pytest.mark.parametrize(
    "email",
    ["kim", "kim@", "a@b@c", "kim@example.org\nBcc: all@example.org", "kim@example.org,x@example.org",
     "<script>@x", "x" * 300 + "@example.org", "kim@exa mple.org", "\x00", ""],
)  # fmt: skip
def test_an_address_that_nobody_has_is_refused_with_a_sentence_and_stays_in_its_field(
    email, session, browser
):
    page = ask(browser, "signup", email, status=400)
    assert page.texts("p", class_="field-error")
    assert session.scalars(sa.select(MailedLink)).all() == []
    assert (page.get("input", name="email").get("value") or "") == email.strip("\x00")


@pytest.mark.parametrize("kind", BUTTONS)
@pytest.mark.parametrize("key", ["x", "é%00", "a" * 3000, "..%2F..", "%3Cscript%3E"])
def test_a_link_that_was_forged_says_that_it_does_not_work(kind, key, browser):
    status = 410 if key != "é%00" else 404
    page = browser.get(f"/accounts/{kind}/{key}", status=404 if "%2F" in key else status)
    assert "<script>" not in page.html.replace("<script src", "")


@pytest.mark.parametrize("kind", ["link", "reset", "signup"])
def test_a_link_of_one_kind_opens_nothing_of_another(kind, session, browser):
    make_user(session, "admin", email=KIM)
    ask(browser, "link", KIM)
    key = link_in(session, KIM).rpartition("/")[2]
    browser.get(f"/accounts/{kind}/{key}", status=200 if kind == "link" else 410)


@pytest.mark.parametrize(
    ("kind", "purpose"), [("signup", "sign_up"), ("link", "sign_in"), ("reset", "reset")]
)
def test_a_link_works_for_its_time_only_and_is_forgotten_after(kind, purpose, session, browser):
    if kind != "signup":
        make_user(session, "admin", email=KIM)
    ask(browser, kind, KIM)
    link = link_in(session, KIM)
    for left, status in ((timedelta(minutes=1), 200), (-timedelta(seconds=1), 410)):
        session.execute(sa.update(MailedLink).values(expires_at=clock.now() + left))
        browser.get(link, status=status)
    assert apply_retention(clock.now())["used-links"] == 1
    assert LIFE[purpose] <= timedelta(days=2)


def test_a_form_without_its_token_or_from_another_site_uses_no_link(session, client, browser):
    make_user(session, "admin", email=KIM)
    ask(browser, "reset", KIM)
    link = link_in(session, KIM)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {}):
        answer = client.post(link, data={"password": "drei rote Enten"}, headers=headers)
        assert answer.status_code == 400
    sign_in(browser, KIM)


def test_a_program_that_fills_in_everything_gets_no_mail(session, browser):
    browser.get("/accounts/signup")
    token = browser.page.get("input", name="form_token").get("value")
    page = browser.post(
        "/accounts/signup", data={"form_token": token, "email": KIM, "website_url": "https://x.example"}
    )
    assert page.heading == "Bitte schauen Sie in Ihr Postfach"
    assert mails_to(session, KIM) == []


def test_a_megabyte_of_password_is_answered_with_a_sentence(client):
    for path in ("/accounts/login", "/accounts/signup/x", "/accounts/reset/x"):
        answer = client.post(path, data={"email": KIM, "name": "Kim", "password": "x" * 1_000_000})
        assert answer.status_code in {400, 410, 413}
        assert "<h1>" in answer.text


def test_in_production_a_demo_account_gets_no_link_and_enters_by_none(session, app, browser):
    import dataclasses

    email = make_user(session, "admin", email="admin@demo.invalid")
    ask(browser, "link", email)
    browser.get(link_in(session, email))
    app.config["WIRKREIS"] = dataclasses.replace(app.config["WIRKREIS"], app_env="production")
    assert browser.submit(button="Anmelden").heading == "Anmelden"
    assert browser.get("/accounts").heading == "Anmelden"
    ask(browser, "link", email)
    assert mails_to(session, email)[-1].subject == "Zu dieser Adresse gibt es kein Konto"
