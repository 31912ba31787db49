"""Signing in and out, as people meet it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.kept_sessions import sign_out_everywhere
from app.accounts.keys import digest
from app.accounts.models import User, UserSession
from app.accounts.services import grant_role
from app.shared import clock
from tests.builders.accounts import PASSWORD, make_user
from tests.support.signed_in import sign_in

WRONG = "E-Mail-Adresse und Passwort passen nicht zusammen."


def cookies(response):
    return response.headers.getlist("Set-Cookie")


def try_to_sign_in(browser, email, password, *, status=400):
    browser.get("/accounts/login")
    return browser.submit({"email": email, "password": password}, button="Anmelden", status=status)


def test_somebody_signs_in_sees_their_roles_and_signs_out_again(session, browser):
    email = make_user(session, "desk_lead", name="Henrike Brandt")
    page = sign_in(browser, email)
    assert "Guten Tag, Henrike Brandt." in page.page.text
    assert "Leitung einer Kontaktstelle KISS Köln" in page.page.text
    assert "KISS Köln" in page.page.links
    page = browser.submit(button="Abmelden")
    assert page.heading == "Anmelden"
    assert "Sie sind abgemeldet." in page.text
    assert browser.get("/accounts").heading == "Anmelden"


def test_nobody_has_a_cookie_before_signing_in_and_one_that_is_hidden_from_scripts_after(
    session, client, browser
):
    email = make_user(session, "admin")
    for path in ("/", "/groups", "/accounts/login", "/accounts", "/there-is-no-such-page"):
        assert cookies(client.get(path)) == []
    assert cookies(try_to_sign_in(browser, email, "something else").response) == []
    page = try_to_sign_in(browser, email, PASSWORD, status=200)
    (cookie,) = cookies(page.response.history[0])
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Expires" not in cookie


@pytest.mark.parametrize("kind", ["wrong password", "no such account", "not active"])
def test_every_failure_reads_the_same_and_keeps_the_address_but_not_the_password(kind, session, browser):
    email = make_user(session, "admin")
    if kind == "not active":
        session.execute(sa.update(User).values(is_active=False))
    if kind == "no such account":
        email = "nobody@example.org"
    page = try_to_sign_in(browser, email, "not this one" if kind == "wrong password" else PASSWORD)
    assert page.texts("p", class_="problem") == [WRONG]
    assert page.get("input", name="email").get("value") == email
    assert not page.get("input", name="password").get("value")


def test_an_empty_form_says_at_the_fields_what_is_missing(browser):
    page = try_to_sign_in(browser, "", "")
    assert "Bitte geben Sie Ihre E-Mail-Adresse ein." in page.text
    assert "Bitte geben Sie Ihr Passwort ein." in page.text


def test_the_address_is_taken_however_it_is_written(session, browser):
    make_user(session, "admin", email="Jörg@Example.org")
    sign_in(browser, "  JÖRG@example.ORG ")


def test_a_form_from_another_site_or_without_its_token_signs_nobody_in(session, client):
    email = make_user(session, "admin")
    fields = {"email": email, "password": PASSWORD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {}):
        response = client.post("/accounts/login", data=fields, headers=headers)
        assert response.status_code == 400
        assert cookies(response) == []
        assert email in response.text


def test_whoever_wanted_a_page_comes_to_it_after_signing_in_in_the_same_language(session, client, browser):
    email = make_user(session, "admin")
    response = client.get("/en/accounts?from=mail")
    assert response.status_code == 303
    assert response.location == "/en/accounts/login?next=/en/accounts?from%3Dmail"
    page = browser.get("/en/accounts?from=mail")
    assert "Then you come to the page you wanted to open." in page.text
    page = browser.submit({"email": email, "password": PASSWORD}, button="Sign in")
    assert page.url.endswith("/en/accounts?from=mail")
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "\\\\elsewhere.example",
        "javascript:alert(1)", "/\t/elsewhere.example", "elsewhere", "", "//[",
    ],
)  # fmt: skip
def test_nobody_is_sent_on_to_another_site(elsewhere, session, browser):
    email = make_user(session, "admin")
    browser.get("/accounts/login", query_string={"next": elsewhere})
    page = browser.submit({"email": email, "password": PASSWORD}, button="Anmelden")
    assert page.response.request.path == "/accounts"


def test_whoever_is_signed_in_does_not_see_the_form_again(signed_in):
    browser = signed_in("admin")
    assert browser.get("/accounts/login").heading == "Ihre Startseite"


def test_signing_out_on_all_devices_ends_every_session(session, client, app, signed_in, browser):
    email = make_user(session, "finance")
    here = sign_in(browser, email)
    there = sign_in(type(browser)(app.test_client()), email)
    here.submit(button="Auf allen Geräten abmelden")
    assert there.get("/accounts").heading == "Anmelden"
    assert here.get("/accounts").heading == "Anmelden"
    sign_in(here, email)


def test_a_session_ends_at_once_when_its_version_is_over_or_the_account_is_closed(session, client, browser):
    email = make_user(session, "finance")
    user = session.scalars(sa.select(User).where(User.email == email)).one()
    sign_in(browser, email)
    sign_out_everywhere(session, user.id)
    response = client.get("/accounts")
    assert response.status_code == 303
    assert "wirkreis=;" in cookies(response)[0]
    sign_in(browser, email)
    session.execute(sa.update(User).values(is_active=False))
    assert client.get("/accounts").status_code == 303


def used_before(session, **ago):
    session.execute(sa.update(UserSession).values(seen_at=clock.now() - timedelta(**ago)))
    session.commit()


def test_a_session_ends_when_nobody_has_used_it_for_an_hour(session, client, browser):
    sign_in(browser, make_user(session, "finance"))
    for minutes, status in ((59, 200), (60, 303)):
        used_before(session, minutes=minutes, seconds=1)
        response = client.get("/accounts")
        assert response.status_code == status
    assert "wirkreis=;" in cookies(response)[0]


def test_using_a_session_keeps_it_alive_and_is_noted_once_a_minute_only(session, client, browser):
    sign_in(browser, make_user(session, "finance"))
    for seconds, is_noted in ((50, False), (61, True)):
        used_before(session, seconds=seconds)
        assert cookies(client.get("/accounts")) == []
        session.rollback()
        seen_at = session.scalars(sa.select(UserSession.seen_at)).one()
        assert (clock.now() - seen_at < timedelta(seconds=40)) is is_noted


def test_signing_out_ends_the_session_so_that_a_copied_cookie_opens_nothing(session, app, client, browser):
    sign_in(browser, make_user(session, "finance"))
    thief = app.test_client()
    thief.set_cookie("wirkreis", client.get_cookie("wirkreis").value)
    assert thief.get("/accounts").status_code == 200
    browser.submit(button="Abmelden")
    assert thief.get("/accounts").status_code == 303
    assert session.scalars(sa.select(UserSession)).all() == []


def test_signing_in_anew_in_the_same_browser_gives_another_key_and_ends_the_one_before(
    session, app, client, browser
):
    email = make_user(session, "finance")
    form = app.test_client().get("/accounts/login").text
    token = form.partition('name="form_token" value="')[2].partition('"')[0]
    sign_in(browser, email)
    before = client.get_cookie("wirkreis").value
    assert (
        client.post(
            "/accounts/login", data={"email": email, "password": PASSWORD, "form_token": token}
        ).status_code
        == 303
    )
    assert client.get_cookie("wirkreis").value != before
    assert len(session.scalars(sa.select(UserSession)).all()) == 1


def test_a_changed_role_changes_the_key_of_the_session_and_nothing_else(session, app, client, browser):
    email = make_user(session, "finance")
    sign_in(browser, email)
    before = client.get_cookie("wirkreis").value
    user = session.scalars(sa.select(User).where(User.email == email)).one()
    form_token = browser.page.get("input", name="form_token").get("value")
    grant_role(session, user.id, "coordinator", now=clock.now())
    page = browser.get("/accounts")
    assert "Koordination" in page.text
    assert client.get_cookie("wirkreis").value != before
    assert page.get("input", name="form_token").get("value") == form_token
    thief = app.test_client()
    thief.set_cookie("wirkreis", before)
    assert thief.get("/accounts").status_code == 303
    again = client.get_cookie("wirkreis").value
    browser.get("/accounts")
    assert client.get_cookie("wirkreis").value == again


@pytest.mark.parametrize("cookie", ["nonsense", "eyJrZXkiOiJ4In0.aaaa.bbbb", ""])
def test_a_cookie_that_is_not_ours_opens_nothing_and_breaks_nothing(cookie, client):
    client.set_cookie("wirkreis", cookie)
    assert client.get("/accounts").status_code == 303


def test_the_database_holds_no_key_and_no_network_address(session, client, browser):
    sign_in(browser, make_user(session, "finance"))
    with client.session_transaction() as kept:
        key = kept["_user_id"]
    row = session.scalars(sa.select(UserSession)).one()
    assert row.key_hash == digest(key)
    assert "127.0.0.1" not in str([getattr(row, column.name) for column in row.__table__.columns])


def test_in_production_nobody_signs_in_with_a_demo_account_nor_stays_signed_in(session, app, client, browser):
    import dataclasses

    email = make_user(session, "admin", email="admin@demo.invalid")
    sign_in(browser, email)
    app.config["WIRKREIS"] = dataclasses.replace(app.config["WIRKREIS"], app_env="production")
    assert client.get("/accounts").status_code == 303
    assert try_to_sign_in(browser, email, PASSWORD).texts("p", class_="problem") == [WRONG]


def test_nothing_of_an_earlier_session_is_left_after_signing_in(session, client, browser):
    with client.session_transaction() as kept:
        kept["planted"] = "by somebody else"
    sign_in(browser, make_user(session, "finance"))
    with client.session_transaction() as kept:
        assert "planted" not in kept


def test_a_page_for_everybody_is_the_same_for_somebody_signed_in(session, client, browser):
    before = client.get("/legal/imprint")
    sign_in(browser, make_user(session, "finance"))
    after = client.get("/legal/imprint")
    assert after.get_data() == before.get_data()
    assert "Cookie" not in after.headers.get("Vary", "")
    assert cookies(after) == []


def test_signing_in_is_noted(session, browser):
    email = make_user(session, "finance")
    user = session.scalars(sa.select(User).where(User.email == email)).one()
    assert user.last_signed_in_at is None
    sign_in(browser, email)
    session.refresh(user)
    assert clock.now() - user.last_signed_in_at < timedelta(minutes=1)


def test_somebody_without_a_role_is_told_so_and_shown_ways_on(signed_in):
    page = signed_in(None).page
    assert "Sie haben noch keine Rolle." in page.text
    assert "Nichts wartet auf Sie" in page.text
    assert "/groups" in page.links.values()


class TestTooManyTries:
    """Tries are counted for each account and for each network address."""

    @pytest.fixture
    def limited(self, database_url):
        import dataclasses

        from app import create_app
        from app.shared.extensions import db, limiter
        from tests.support.databases import config_for

        app = create_app(dataclasses.replace(config_for(database_url), rate_limits=True))
        with app.app_context():
            email = make_user(db.session(), "admin")
            db.session.commit()
        yield app, email
        limiter.reset()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    def tries(self, app, email, count, *, password="not this one", address="127.0.0.1"):
        client = app.test_client()
        token = client.get("/accounts/login").text.partition('name="form_token" value="')[2].partition('"')[0]
        fields = {"email": email, "password": password, "form_token": token}
        origin = {"REMOTE_ADDR": address}
        return [client.post("/accounts/login", data=fields, environ_base=origin) for _ in range(count)]

    def test_the_eleventh_for_one_account_is_refused_wherever_it_comes_from_and_the_address_is_kept(
        self, limited
    ):
        app, email = limited
        for number in range(10):
            (answer,) = self.tries(app, email, 1, address=f"192.0.2.{number}")
            assert answer.status_code == 400
        (last,) = self.tries(app, email.upper(), 1, password=PASSWORD, address="192.0.2.99")
        assert last.status_code == 429
        assert "Bitte warten Sie zehn Minuten" in last.text
        assert email.upper() in last.text
        assert last.headers["Cache-Control"] == "no-store"
        assert self.tries(app, "somebody.else@example.org", 1)[0].status_code == 400

    def test_the_thirty_first_from_one_network_address_is_refused_whichever_account_it_is_for(self, limited):
        app, _email = limited
        statuses = [self.tries(app, f"n{number}@example.org", 1)[0].status_code for number in range(31)]
        assert statuses == [400] * 30 + [429]
        assert self.tries(app, "n99@example.org", 1, address="192.0.2.7")[0].status_code == 400
