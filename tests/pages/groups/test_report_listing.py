"""“Something is wrong with this listing”: the hint is kept, the house hears of it, and the visitor has no trouble."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

from app.clearinghouses.models import ClearingHouse
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from tests.builders.groups import make_group
from tests.support.inbox import reports_kept

PATH = "/groups/lichtblick/report"


@pytest.fixture
def group_id(session):
    with transaction() as writing:
        return make_group(writing)


def stored(session, model):
    session.rollback()
    return list(session.scalars(sa.select(model)))


@pytest.mark.parametrize("prefix", ["", "/en", "/nl"])
def test_the_hint_is_kept_and_the_house_gets_a_german_mail(browser, session, group_id, prefix):
    browser.get(prefix + PATH)
    page = browser.submit({"reason": "time", "message": "Jetzt um acht", "reply_to": "a@example.org"})
    assert page.url.endswith("/report/thanks")
    (report,) = reports_kept(session)
    assert (report.group_id, report.reason, report.message) == (group_id, "time", "Jetzt um acht")
    (mail,) = stored(session, OutboxMail)
    assert mail.language == "de"
    assert mail.to_address == "info@kontaktstelle-koeln.example"
    assert "Was nicht stimmt: Tag oder Uhrzeit stimmt nicht" in mail.body_text
    assert "  Jetzt um acht" in mail.body_text
    assert "Antwort an: a@example.org" in mail.body_text


@pytest.mark.parametrize("address", ["keine", "a@example.org\nBcc: b@example.org", "ä@example.org"])
def test_a_house_that_cannot_be_written_to_loses_no_hint(browser, session, group_id, caplog, address):
    with transaction() as writing:
        writing.execute(sa.update(ClearingHouse).values(email=address))
    browser.get(PATH)
    with caplog.at_level(logging.WARNING, "wirkreis.reports"):
        page = browser.submit({"reason": "closed", "message": "Seit Mai", "reply_to": "me@example.org"})
    assert page.url.endswith("/report/thanks")
    assert [report.message for report in reports_kept(session)] == ["Seit Mai"]
    assert stored(session, OutboxMail) == []
    (record,) = [each for each in caplog.records if each.name == "wirkreis.reports"]
    told = f"{record.getMessage()} {vars(record)}"
    assert not any(private in told for private in ("Seit Mai", "me@example.org", address))


def test_control_characters_count_as_not_sent(browser, session, group_id):
    browser.get(PATH)
    browser.submit(
        {"reason": "other\x00", "message": "eins\x00\r\nzw\x1bei\t\x07", "reply_to": "a@ex\x00ample.org"}
    )
    (report,) = reports_kept(session)
    assert (report.reason, report.message, report.reply_to) == ("other", "eins\nzwei", "a@example.org")
    (mail,) = stored(session, OutboxMail)
    assert "  eins\n  zwei" in mail.body_text


def test_what_is_only_control_characters_is_empty(browser, session, group_id):
    browser.get("/legal/accessibility")
    browser.submit({"message": "\x00\x01"}, status=400)
    assert stored(session, OutboxMail) == []


def test_blanks_are_no_address_and_no_text(browser, session, group_id):
    browser.get(PATH)
    browser.submit({"reason": "place", "message": " \r\n ", "reply_to": "   "})
    (report,) = reports_kept(session)
    assert (report.message, report.reply_to) == ("", "")
    (mail,) = stored(session, OutboxMail)
    assert "Antwort an: keine Antwort gewünscht" in mail.body_text


def test_what_was_typed_stays_beside_what_is_wrong(browser, session, group_id):
    browser.get(PATH)
    page = browser.submit({"message": "Jetzt\x00 um acht", "reply_to": "nobody"}, status=400)
    assert page.get("textarea", name="message").text.strip() == "Jetzt um acht"
    assert page.get("input", name="reply_to").get("value") == "nobody"
    assert reports_kept(session) == []
