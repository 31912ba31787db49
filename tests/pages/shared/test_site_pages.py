"""The pages about the site itself, as a visitor meets them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.shared.outbox import OutboxMail

LEGAL = ("/legal/imprint", "/legal/privacy", "/legal/accessibility", "/easy")
PREFIXES = {"de": "", "en": "/en", "nl": "/nl"}


def mails(session):
    session.rollback()
    return list(session.scalars(sa.select(OutboxMail)))


@pytest.mark.parametrize("path", LEGAL)
@pytest.mark.parametrize("language", PREFIXES)
def test_each_page_is_there_in_each_language_and_leads_to_the_others(browser, path, language):
    page = browser.get(PREFIXES[language] + path)
    assert page.language == language
    links = {a.get("hreflang"): a.get("href") for a in page.find_all("a") if a.get("hreflang")}
    assert links == {code: prefix + path for code, prefix in PREFIXES.items()}


@pytest.mark.parametrize("path", LEGAL)
def test_each_page_carries_the_crisis_numbers_and_the_way_to_all_legal_pages(browser, path):
    page = browser.get(path)
    addresses = {link.get("href", "").partition("#")[0] for link in page.find_all("a")}
    assert {"tel:112", "tel:116117", "tel:+498001110111"} <= addresses
    assert set(LEGAL) <= addresses


def test_the_language_switch_keeps_the_question(browser):
    page = browser.get("/easy?near=50667")
    assert page.get("a", hreflang="nl").get("href") == "/nl/easy?near=50667"


def test_the_link_to_leave_goes_to_the_neutral_page_and_tells_it_nothing(browser, app):
    link = browser.get("/easy").get("a", class_="leave")
    assert link.get("href") == app.config["WIRKREIS"].leave_url
    assert "noreferrer" in link.get("rel", "")


def test_the_page_in_easy_language_leads_to_the_finder(browser):
    form = browser.get("/easy").get("form", role="search")
    assert form.get("action") == "/groups"


def test_a_note_about_a_barrier_waits_for_the_operator_and_is_confirmed(browser, session):
    browser.get("/en/legal/accessibility")
    page = browser.submit({"message": "The map traps my keyboard.", "email": "a@example.org"})
    assert page.find("form", action="/en/legal/accessibility#feedback") is None, (
        "It is sent; nothing is left to do."
    )
    assert page.find(class_="notice--success") is not None
    (mail,) = mails(session)
    assert "The map traps my keyboard." in mail.body_text
    assert "a@example.org" in mail.body_text


@pytest.mark.parametrize("language", PREFIXES)
def test_the_operator_gets_a_german_mail_whatever_the_language_of_the_page(browser, session, language):
    browser.get(PREFIXES[language] + "/legal/accessibility")
    browser.submit({"message": "The map traps <b>my</b> keyboard."})
    (mail,) = mails(session)
    assert (mail.language, mail.subject) == ("de", "Eine Barriere auf Wirkreis")
    assert "Antwort an: keine Antwort gewünscht" in mail.body_text
    assert "traps &lt;b&gt;my&lt;/b&gt; keyboard" in mail.body_html


def test_an_address_is_not_needed(browser, session):
    browser.get("/legal/accessibility")
    browser.submit({"message": "Zu kleine Schrift."})
    assert len(mails(session)) == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"message": ""}, "message"),
        ({"message": "x" * 2001}, "message"),
        ({"message": "Gut.", "email": "not an address"}, "email"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_sent(browser, session, fields, wrong):
    browser.get("/legal/accessibility")
    page = browser.submit(fields, status=400)
    control = page.get("input" if wrong == "email" else "textarea", name=wrong)
    assert control.get("aria-invalid") == "true"
    assert f"{wrong}-error" in control.get("aria-describedby", "")
    assert page.find(id=f"{wrong}-error") is not None
    assert mails(session) == []


def test_a_note_from_a_foreign_page_is_refused_and_what_was_typed_is_kept(browser, session):
    token = browser.get("/legal/accessibility").get("input", name="form_token").get("value", "")
    page = browser.post(
        "/legal/accessibility",
        data={"message": "Hallo", "form_token": token},
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        status=400,
    )
    assert "Hallo" in (page.get("textarea", name="message").text or "")
    assert mails(session) == []


def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_sent(browser, session):
    browser.get("/legal/accessibility")
    browser.submit({"message": "Buy now", "website_url": "https://spam.example"})
    assert mails(session) == []


@pytest.mark.parametrize("language", PREFIXES)
def test_a_page_that_is_not_there_shows_ways_on(browser, language):
    page = browser.get(PREFIXES[language] + "/there-is-no-such-page", status=404)
    addresses = {link.get("href") for link in page.find_all("a")}
    prefix = PREFIXES[language]
    assert {f"{prefix}/topics", f"{prefix}/clearinghouses", f"{prefix}/"} <= addresses
    assert page.get("form", role="search").get("action") == f"{prefix}/groups"


def test_an_error_page_never_links_to_what_stood_in_the_address(browser):
    page = browser.get("/there-is-no-such-page?to=//evil.example", status=404)
    assert "evil.example" not in page.html
