"""The second factor: set up, asked for when signing in, replaced by recovery codes, required for strong roles."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from urllib.parse import unquote

import pyotp
import pytest
import sqlalchemy as sa

from app.accounts.models import RecoveryCode, User
from app.accounts.second_factor import PURPOSE, renew_recovery_codes, take_code
from app.accounts.tickets import make_ticket, read_ticket
from app.shared import clock
from app.shared.encryption import encrypt
from tests.builders.accounts import PASSWORD, make_user
from tests.builders.groups import NOW
from tests.support.browser import Browser
from tests.support.mailbox import link_in, mails_to
from tests.support.signed_in import sign_in

KIM = "kim@example.org"
WRONG = "Dieser Code gilt nicht oder nicht mehr."


@pytest.fixture
def kim(session, browser):
    return sign_in(browser, make_user(session, "desk_lead", email=KIM))


@pytest.fixture
def production(app):
    """From here on it is production; the test client speaks HTTPS in its tests only."""
    app.config["WIRKREIS"] = dataclasses.replace(app.config["WIRKREIS"], app_env="production")


def set_up(browser):
    """Answer the secret and the recovery codes of somebody who has set it up."""
    page = browser.get("/accounts/second-factor")
    secret = page.texts("code")[0].replace("-", "")
    page = browser.submit({"Code": pyotp.TOTP(secret).now()}, button="Einrichten")
    assert page.heading == "Ihre Notfall-Codes"
    return secret, page.texts("code")


def forget_last_code(session):
    session.execute(sa.update(User).values(totp_last_step=None))
    session.commit()


def begin(app):
    browser = Browser(app.test_client())
    browser.get("/accounts/login?next=/accounts/sessions")
    page = browser.submit({"email": KIM, "password": PASSWORD}, button="Anmelden")
    assert page.heading == "Noch ein Schritt"
    return browser


def test_it_is_set_up_with_a_code_and_then_asked_for_before_there_is_a_cookie(kim, app, session):
    secret, codes = set_up(kim)
    assert len(set(codes)) == 10
    assert mails_to(session, KIM)[-1].subject == "Ihr zweiter Faktor ist eingerichtet"
    forget_last_code(session)
    browser = begin(app)
    assert browser._client.get_cookie("wirkreis") is None
    assert browser.page.response.headers["Cache-Control"] == "no-store"
    page = browser.submit({"Code": pyotp.TOTP(secret).now()}, button="Anmelden")
    assert page.heading == "Wo Sie angemeldet sind"


def test_the_picture_holds_what_an_authenticator_needs(kim):
    page = kim.get("/accounts/second-factor")
    picture = unquote(page.get("img", class_="qr").get("src"))
    assert picture.startswith("data:image/svg+xml")
    assert page.get("img", class_="qr").get("alt")
    assert "default-src 'none'" in page.response.headers["Content-Security-Policy"]


def test_setting_it_up_ends_every_other_session(kim, app):
    elsewhere = sign_in(Browser(app.test_client()), KIM)
    set_up(kim)
    assert elsewhere.get("/accounts").heading == "Anmelden"
    assert kim.get("/accounts").heading == "Ihre Startseite"


def test_a_code_is_taken_once_only(kim, app, session):
    secret, _codes = set_up(kim)
    code = pyotp.TOTP(secret).now()
    page = begin(app).submit({"Code": code}, button="Anmelden", status=400)
    assert WRONG in page.text  # it was the one with which it was set up
    forget_last_code(session)
    begin(app).submit({"Code": code}, button="Anmelden")
    assert WRONG in begin(app).submit({"Code": code}, button="Anmelden", status=400).text


def test_a_recovery_code_stands_in_once_however_it_is_written(kim, app):
    _secret, codes = set_up(kim)
    written = codes[0].lower().replace("-", " ")
    assert begin(app).submit({"Code": written}, button="Anmelden").heading == "Wo Sie angemeldet sind"
    assert WRONG in begin(app).submit({"Code": codes[0]}, button="Anmelden", status=400).text
    assert "9 Notfall-Codes sind noch da." in kim.get("/accounts/second-factor").text


def test_new_recovery_codes_replace_the_old_ones(kim, app):
    _secret, codes = set_up(kim)
    kim.get("/accounts/second-factor")
    page = kim.submit({"Code": codes[0]}, button="Neue Notfall-Codes erzeugen")
    assert not set(page.texts("code")) & set(codes)
    assert WRONG in begin(app).submit({"Code": codes[1]}, button="Anmelden", status=400).text


def test_it_can_be_switched_off_where_no_role_asks_for_it(kim, app, session):
    _secret, codes = set_up(kim)
    kim.get("/accounts/second-factor")
    assert WRONG in kim.submit({"Code": "123"}, button="ausschalten", status=400).text
    assert "ausgeschaltet" in kim.submit({"Code": codes[0]}, button="ausschalten").text
    sign_in(Browser(app.test_client()), KIM)
    assert mails_to(session, KIM)[-1].subject == "Ihr zweiter Faktor ist ausgeschaltet"
    assert session.scalars(sa.select(RecoveryCode)).all() == []


def test_a_link_by_mail_does_not_replace_the_second_factor(kim, app, session):
    _secret, codes = set_up(kim)
    browser = Browser(app.test_client())
    browser.get("/accounts/link")
    browser.submit({"email": KIM}, button="Link zuschicken")
    browser.get(link_in(session, KIM))
    assert browser.submit(button="Anmelden").heading == "Noch ein Schritt"
    assert browser.submit({"Code": codes[0]}, button="Anmelden").heading == "Ihre Startseite"


@pytest.mark.parametrize("code", ["000000", "", "<b>1</b>", "१२३४५६", "x" * 500, "\x00", "12345\n6"])
def test_what_is_no_code_is_refused_with_a_sentence(code, kim, app):
    set_up(kim)
    page = begin(app).submit({"Code": code}, button="Anmelden", status=400)
    assert page.texts("p", class_="field-error")


def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(kim, session):
    page = kim.get("/accounts/second-factor")
    key = page.texts("code")[0]
    page = kim.submit({"Code": "000000"}, button="Einrichten", status=400)
    assert page.texts("code")[0] == key
    session.rollback()
    assert session.scalars(sa.select(User.totp_secret)).all() == [None]


def test_a_key_made_for_somebody_else_sets_nothing_up(kim, app, session):
    secret = pyotp.random_base32()
    token = kim.page.get("input", name="form_token").get("value")
    for ticket in ("forged", ""):
        fields = {"form_token": token, "ticket": ticket, "code": pyotp.TOTP(secret).now()}
        assert WRONG in kim.post("/accounts/second-factor", data=fields, status=400).text
    with app.test_request_context():
        ticket = make_ticket("second-factor", 999, secret, now=clock.now())
    kim.post("/accounts/second-factor", data={**fields, "ticket": ticket}, status=400)
    session.rollback()
    assert session.scalars(sa.select(User.totp_secret)).all() == [None]


def test_the_second_step_is_void_after_a_new_password_or_without_the_first(kim, app, session):
    _secret, codes = set_up(kim)
    browser = begin(app)
    kim.get("/accounts/password")
    kim.submit({"Jetziges Passwort": PASSWORD, "Neues Passwort": "drei rote Enten"}, button="Passwort ändern")
    page = browser.submit({"Code": codes[0]}, button="Anmelden", status=400)
    assert "Das hat zu lange gedauert." in page.text
    assert Browser(app.test_client()).get("/accounts/login/code").heading == "Noch ein Schritt"


def test_a_ticket_is_for_one_purpose_and_a_quarter_of_an_hour(app):
    with app.test_request_context():
        ticket = make_ticket("sign-in", 7, 1, now=NOW)
        assert read_ticket("sign-in", ticket, now=NOW + timedelta(minutes=15)) == [7, 1]
        assert read_ticket("sign-in", ticket, now=NOW + timedelta(minutes=15, seconds=1)) is None
        assert read_ticket("sign-in", ticket, now=NOW - timedelta(seconds=1)) is None
        assert read_ticket("second-factor", ticket, now=NOW) is None
        assert read_ticket("sign-in", ticket[:-1], now=NOW) is None


def test_a_code_of_the_period_before_or_after_is_taken_as_clocks_differ(session, app):
    make_user(session, "finance", email=KIM)
    user = session.scalars(sa.select(User)).one()
    totp = pyotp.TOTP(pyotp.random_base32())
    user.totp_secret = encrypt(totp.secret, purpose=PURPOSE)
    for seconds, is_taken in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        user.totp_last_step = None
        session.flush()
        code = totp.at(NOW + timedelta(seconds=seconds))
        assert take_code(session, user.id, code, now=NOW) is is_taken


@pytest.mark.parametrize(
    ("role", "is_needed"),
    [("desk_staff", True), ("desk_lead", True), ("insurer_officer", True), ("finance", True), ("admin", True),
     ("funding_office", True), ("group_contact", False), ("coordinator", False), ("representative", False)],
)  # fmt: skip
def test_in_production_strong_roles_come_no_further_before_they_have_set_it_up(
    role, is_needed, signed_in, production
):
    browser = signed_in.open(role)
    heading = "Zweiter Faktor" if is_needed else "Ihre Startseite"
    assert browser.get("/accounts").heading == heading
    if is_needed:
        assert browser.get("/accounts/password").heading == "Zweiter Faktor"
        assert "Ihre Rolle öffnet Daten vieler Menschen." in browser.page.text
        _secret, codes = set_up(browser)
        assert browser.get("/accounts").heading == "Ihre Startseite"
        browser.get("/accounts/second-factor")
        assert browser.page.find("button", text="ausschalten") is None
        token = browser.page.get("input", name="form_token").get("value")
        fields = {"form_token": token, "code": codes[0], "off": "1"}
        browser.post("/accounts/second-factor", data=fields, status=404)
    assert browser.submit(button="Abmelden").heading == "Anmelden"


def test_whoever_has_lost_everything_is_let_in_again_by_a_command(kim, app, session, runner):
    set_up(kim)
    session.commit()
    result = runner.invoke(args=["users", "reset-second-factor", KIM.upper()])
    assert result.exit_code == 0, result.output
    assert kim.get("/accounts").heading == "Anmelden"
    sign_in(Browser(app.test_client()), KIM)
    result = runner.invoke(args=["users", "reset-second-factor", "nobody@example.org"])
    assert "There is no account with the address nobody@example.org." in result.output


def test_after_another_secret_key_no_code_fits_but_a_recovery_code_does(session, app):
    make_user(session, "finance", email=KIM)
    user = session.scalars(sa.select(User)).one()
    secret = pyotp.random_base32()
    user.totp_secret = encrypt(secret, purpose=PURPOSE)
    recovery = renew_recovery_codes(session, user.id, now=NOW)[0]
    app.config["SECRET_KEY"] = "another-one-another-one"
    assert not take_code(session, user.id, pyotp.TOTP(secret).at(NOW), now=NOW)
    assert take_code(session, user.id, recovery, now=NOW)


class TestTooManyCodes:
    """Codes are counted for each account, however often signing in was begun."""

    def test_the_eleventh_is_refused_even_when_it_is_right(self, database_url):
        from app import create_app
        from app.shared.extensions import db, limiter
        from tests.support.databases import config_for

        app = create_app(dataclasses.replace(config_for(database_url), rate_limits=True))
        secret = pyotp.random_base32()
        with app.app_context():
            make_user(db.session(), "finance", email=KIM)
            kept = encrypt(secret, purpose=PURPOSE)
            assert secret not in kept
            db.session.execute(sa.update(User).values(totp_secret=kept))
            db.session.commit()
        browser = begin(app)
        for number in range(10):
            browser = begin(app) if number == 5 else browser
            browser.submit({"Code": "000000"}, button="Anmelden", status=400)
        page = browser.submit({"Code": pyotp.TOTP(secret).now()}, button="Anmelden", status=429)
        assert "Bitte warten Sie zehn Minuten" in page.text
        limiter.reset()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
