"""“Tell me when a meeting is cancelled”: asked twice, ended with one click, and nobody learns who asked."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.meetings.watch_links import out_url
from app.groups.models import Group, MeetingWatch
from app.shared import clock
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from app.shared.visitor_forms import HONEYPOT, visitor_form_token
from tests.builders.followed import WATCHER, make_followed_group, make_watcher

BUTTON = "E-Mail anfordern"


@pytest.fixture
def group(session):
    return make_followed_group(session, now=clock.now())


def mails(session):
    session.rollback()
    return list(session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def path_in(mail, part="/groups/watch/"):
    word = next(word for word in mail.body_text.split() if part in word and not word.endswith("/out"))
    return word.removeprefix("http://localhost")


def watches(session):
    session.rollback()
    return {
        email: at is not None
        for email, at in session.execute(sa.select(MeetingWatch.email, MeetingWatch.confirmed_at))
    }


def test_somebody_asks_confirms_by_mail_and_leaves_with_one_click(session, browser, group):
    browser.get("/groups/lichtblick")
    page = browser.submit({"Ihre E-Mail-Adresse": "Jo@Leise.example"}, button=BUTTON)
    assert page.heading == "Bitte schauen Sie in Ihr Postfach"
    (mail,) = mails(session)
    assert (mail.to_address, mail.subject) == (WATCHER, "Bitte bestätigen Sie Ihre E-Mail-Adresse")
    assert "Lichtblick" in mail.body_text
    page = browser.get(path_in(mail))
    assert page.heading == "Möchten Sie Bescheid bekommen?"
    assert watches(session) == {WATCHER: False}
    assert browser.submit(button="Ja, sagen Sie mir Bescheid").heading == "Sie bekommen Bescheid"
    assert watches(session) == {WATCHER: True}
    page = browser.get(path_in(mail))  # who opens the mail again is not asked again
    assert page.heading == "Sie bekommen Bescheid"
    out = mail.unsubscribe_url.removeprefix("http://localhost")
    assert browser.get(out).heading == "Keine E-Mails mehr bekommen?"
    assert watches(session) == {WATCHER: True}
    assert "Ihre Adresse ist gelöscht." in browser.submit(button="Meine Adresse löschen").text
    assert watches(session) == {}
    browser.get(path_in(mail), status=410)


def test_a_page_says_the_same_whether_or_not_an_address_is_known_and_holds_no_address(
    session, browser, group
):
    make_watcher(session, "lichtblick", now=clock.now())
    make_watcher(session, "lichtblick", email="zweite@example.org", now=clock.now() - timedelta(days=2))
    answers = []
    for email in (WATCHER, "zweite@example.org", "neu@example.org"):
        browser.get("/groups/lichtblick/watch")
        answers.append(browser.submit({"Ihre E-Mail-Adresse": email}, button=BUTTON).html)
    assert len(set(answers)) == 1
    pages = [*answers, browser.get("/groups/lichtblick").html]
    assert [word for word in (WATCHER, "zweite@", "neu@") for page in pages if word in page] == []
    to_second = [mail for mail in mails(session) if mail.to_address == "zweite@example.org"]
    assert len(to_second) == 2  # the owner alone learns anything, by mail
    assert browser.get(path_in(to_second[-1])).heading == "Sie bekommen Bescheid"
    assert watches(session)["zweite@example.org"]


@pytest.mark.parametrize("typed", ["", "jo", "jo@", "jo@leise..example", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_kept_with_a_sentence_beside_it(typed, session, browser, group):
    browser.get("/groups/lichtblick")
    page = browser.submit({"Ihre E-Mail-Adresse": typed}, button=BUTTON, status=400)
    assert page.get("input", name="email").get("value") == typed
    assert page.find("p", id="email-error") is not None
    assert (watches(session), mails(session)) == ({}, [])


def test_a_program_and_a_foreign_page_store_nothing(session, app, client, group):
    with app.test_request_context():
        token = visitor_form_token("watch")
    path, fields = "/groups/lichtblick/watch", {"email": WATCHER, "form_token": token}
    assert client.post(path, data={**fields, HONEYPOT: "x"}).status_code == 303
    for data, headers in (
        ({"email": WATCHER}, {}),
        ({**fields, "form_token": "x"}, {}),
        (fields, {"Sec-Fetch-Site": "cross-site"}),
        (fields, {"Origin": "https://elsewhere.example"}),
    ):
        answer = client.post(path, data=data, headers=headers)
        assert answer.status_code == 400
        assert WATCHER in answer.text
    assert (watches(session), mails(session)) == ({}, [])


def test_the_provider_of_a_mailbox_ends_it_without_cookie_origin_or_redirect(session, client, group):
    watch_id = make_watcher(session, "lichtblick", language="nl", now=clock.now())
    path = out_url(watch_id, WATCHER).removeprefix("http://localhost")
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"}, headers=headers)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert watches(session) == {}


def test_a_link_for_one_thing_does_not_do_another_and_a_made_up_one_nothing(session, browser, group):
    watch_id = make_watcher(session, "lichtblick", now=clock.now())
    out = out_url(watch_id, WATCHER).removeprefix("http://localhost")
    confirm = path_in(mails(session)[0])
    browser.get(out.removesuffix("/out"), status=400)
    browser.post(f"{confirm}/out", status=400)
    browser.post("/groups/watch/WzEsIngiXQ.x/out", status=400)
    browser.post("/groups/watch/WzEsIngiXQ.x", status=400)
    assert watches(session) == {WATCHER: True}


def test_a_group_that_is_no_longer_listed_is_not_watched_any_more(session, browser, group):
    make_watcher(session, "lichtblick", now=clock.now())
    confirm = path_in(mails(session)[0])
    with transaction(session) as writing:
        writing.execute(sa.update(Group).values(state="paused"))
    page = browser.get(confirm, status=410)
    assert "Lichtblick" not in page.html
    browser.get("/groups/lichtblick/watch", status=404)


def test_the_log_knows_neither_address_nor_group(session, app, client, group):
    lines = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: lines.append(f"{record.getMessage()} {getattr(record, 'facts', '')}")
    logger = logging.getLogger("wirkreis")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        with app.test_request_context():
            token = visitor_form_token("watch")
        client.post("/groups/lichtblick/watch", data={"email": WATCHER, "form_token": token})
        link = path_in(mails(session)[0])
        client.post(link)
        client.get(link)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert len(lines) >= 3
    assert [
        line for line in lines if "leise" in line or "lichtblick" in line or link.split("/")[-1] in line
    ] == []


def test_a_group_that_meets_by_appointment_has_no_dates_to_be_told_of(session, browser):
    make_followed_group(session, now=clock.now(), series=[])
    assert "Bescheid" not in browser.get("/groups/lichtblick").text
