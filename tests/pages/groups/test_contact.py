"""Writing to a group or a clearing house: a few fields, no cookie, and nobody learns an address."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.clearinghouses.models import ClearingHouse
from app.groups.models import Conversation, Group, HouseMessage, HouseMessageText
from app.shared import clock, proof
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from app.shared.visitor_forms import HONEYPOT
from tests.builders.groups import make_contact, make_group, make_house
from tests.support.mailbox import link_in, mails_to
from tests.support.page import read
from tests.support.proof import worked

CONTACT, SEEKER = "petra@muster.example", "jo@leise.example"
MESSAGE, MAIL = "Ihre Nachricht", "Ihre E-Mail-Adresse"
SEND = "Nachricht senden"
PATH = "/groups/lichtblick/contact"


@pytest.fixture
def group(session):
    with transaction() as writing:
        house = make_house(writing)
        return make_group(
            writing,
            clearinghouse_id=house,
            contact=make_contact(name="Petra Geheimnisvoll", phone="0221 4710815", email=CONTACT),
        )


def stored(session, model):
    session.rollback()
    return list(session.scalars(sa.select(model).order_by(model.id)))


def write(browser, fields, *, path=PATH, status=200, **more):
    page = browser.get(path)
    return browser.submit({**worked(page), **fields, **more}, button=SEND, status=status)


def test_a_group_with_an_address_is_written_to_without_showing_it_unless_it_chose_otherwise(
    browser, session, group
):
    page = browser.get("/groups/lichtblick")
    assert session.get_one(Group, group).contact_way == "relay"
    assert "Wir leiten Ihre Nachricht weiter" in page.text
    pages = [page.html, browser.follow("Der Gruppe schreiben").html]
    assert "TelefonSeelsorge 0800 1110111" in browser.page.text
    pages += [browser.get("/groups/print").html, str(browser._client.get("/api/v1/groups/lichtblick").json)]
    for secret in (CONTACT, "Petra", "4710815"):
        assert [secret in text for text in pages] == [False] * 4
    assert browser._client.get("/api/v1/groups/lichtblick").json["contact"]["way"] == "relay"


def test_a_message_goes_to_the_group_and_back_and_forth_and_only_words_are_passed_on(browser, session, group):
    page = write(
        browser, {MESSAGE: "Hallo, darf ich kommen?\r\n<script>x</script>", MAIL: SEEKER, "name": "Jo"}
    )
    assert page.heading == "Ihre Nachricht ist unterwegs"
    assert "Set-Cookie" not in page.response.headers
    (mail,) = mails_to(session, CONTACT)
    assert (mail.subject, mail.language, mail.group_id) == ("Eine Nachricht für Ihre Gruppe", "de", group)
    assert "Jo schreibt:\n\n  Hallo, darf ich kommen?\n  <script>x</script>" in mail.body_text
    assert "<script>" not in mail.body_html
    assert mail.reply_to is None
    assert "Eine Antwort auf diese E-Mail würde nicht ankommen." in mail.body_text
    answering = link_in(session, CONTACT)
    page = browser.get(answering)
    assert page.text.count("Ihre Antwort geht an die Person, die Ihrer Gruppe geschrieben hat.") == 1
    assert browser.submit({"Ihre Antwort": "Ja, gern."}).heading == "Ihre Antwort ist unterwegs"
    (mail,) = mails_to(session, SEEKER)
    assert mail.subject == "Eine Antwort auf Ihre Nachricht"
    assert "  Ja, gern." in mail.body_text
    assert "Lichtblick" in browser.get(link_in(session, SEEKER)).text
    browser.submit({"Ihre Antwort": "Danke!"})
    mail = mails_to(session, CONTACT)[-1]
    assert mail.subject == "Man schreibt Ihnen zurück"
    assert "Danke!" in mail.body_text
    # Nobody learns anything of the other.
    for address, secrets in ((SEEKER, (CONTACT, "Petra", "4710815")), (CONTACT, (SEEKER, "leise"))):
        for mail in mails_to(session, address):
            whole = f"{mail.subject}{mail.body_text}{mail.body_html}{mail.reply_to}"
            assert [secret for secret in secrets if secret in whole] == []
    # Of what was written nothing is kept beside the outbox.
    (conversation,) = stored(session, Conversation)
    assert "gern" not in repr(vars(conversation))
    assert {conversation.seeker_email, conversation.contact_email} == {SEEKER, CONTACT}


def test_a_link_changes_nothing_when_it_is_opened_and_ends_in_time_and_with_the_contact(
    browser, session, group, monkeypatch
):
    write(browser, {MESSAGE: "Hallo", MAIL: SEEKER})
    answering = link_in(session, CONTACT)
    before = len(stored(session, OutboxMail))
    browser.get(answering)
    assert len(stored(session, OutboxMail)) == before
    browser.submit({"Ihre Antwort": " "}, status=400)
    browser.get(answering[:-3] + "abc", status=400)
    browser.get(answering)
    page = browser.page
    with transaction() as writing:
        writing.execute(sa.update(Group).values(contact_email="neu@muster.example"))
    assert browser.get(answering, status=410).heading == "Dieser Link gilt nicht mehr"
    # A form that was open is refused as well, and who has written reaches the new contact.
    browser._page = page
    browser.submit({"Ihre Antwort": "Ich noch"}, status=410)
    (conversation,) = stored(session, Conversation)
    assert mails_to(session, SEEKER) == []
    from app.groups.contact.conversations import SEEKER as BY_SEEKER
    from app.groups.contact.conversations import answer

    answer(session, conversation, BY_SEEKER, "Und nun?", now=clock.now())
    session.commit()
    assert "Und nun?" in mails_to(session, "neu@muster.example")[-1].body_text
    answering = link_in(session, "neu@muster.example")
    browser.get(answering)
    with transaction() as writing:
        writing.execute(sa.update(Conversation).values(last_at=clock.now() - timedelta(days=29)))
    browser.get(answering, status=410)


@pytest.mark.parametrize("way", ["clearinghouse", "website"])
def test_a_group_that_wants_it_is_written_to_through_its_house(browser, session, way):
    with transaction() as writing:
        contact = make_contact(way=way, email=CONTACT)
        make_group(
            writing, clearinghouse_id=make_house(writing), contact=contact, website="https://x.example"
        )
    write(browser, {MESSAGE: "Hallo", "phone": "0221 12345", "name": "Jo"})
    (message,) = stored(session, HouseMessage)
    assert (message.kind, message.state, message.phone, message.email) == (
        "question",
        "new",
        "0221 12345",
        "",
    )
    assert [each.text for each in stored(session, HouseMessageText)] == ["Hallo"]
    (mail,) = stored(session, OutboxMail)
    assert mail.to_address == "info@kontaktstelle-koeln.example"
    whole = f"{mail.subject}{mail.body_text}{mail.body_html}"
    assert [
        secret
        for secret in ("Hallo", "12345", "Jo", "Lichtblick")
        if secret in whole.replace("Hallo, jemand", "")
    ] == []


def test_a_house_is_written_to_from_its_page_with_a_phone_number_or_an_address(browser, session, group):
    slug = session.scalars(sa.select(ClearingHouse.slug)).one()
    browser.get(f"/clearinghouses/{slug}")
    browser.follow("Der Kontaktstelle schreiben")
    page = browser.submit({**worked(browser.page), MESSAGE: "Hallo"}, button=SEND, status=400)
    assert "E-Mail-Adresse oder eine Telefonnummer" in page.text
    page = browser.submit({**worked(page), "phone": "<b>"}, button=SEND, status=400)
    assert page.get("textarea", name="message").text.strip() == "Hallo"
    page = browser.submit({**worked(page), "phone": "", MAIL: SEEKER}, button=SEND)
    assert page.heading == "Ihre Nachricht ist unterwegs"
    (message,) = stored(session, HouseMessage)
    assert (message.group_id, message.email) == (None, SEEKER)


def test_a_group_whose_address_is_none_loses_no_message(browser, session, group):
    with transaction() as writing:
        writing.execute(sa.update(Group).values(contact_email="keine Adresse"))
    write(browser, {MESSAGE: "Hallo", MAIL: SEEKER})
    assert [each.group_id for each in stored(session, HouseMessage)] == [group]


@pytest.mark.parametrize(
    "fields",
    [
        {MESSAGE: "x" * 1_000_000, MAIL: SEEKER},
        {MESSAGE: "Hallo", MAIL: "jo@leise.example\r\nBcc: x@y.example"},
        {MESSAGE: "Hallo", MAIL: "ä@leise.example"},
        {MESSAGE: "Hallo", MAIL: "keine"},
        {MESSAGE: "Hallo", MAIL: SEEKER, "name": "🦊" * 300},
        {MESSAGE: "\x00\x07", MAIL: SEEKER},
    ],
    ids=["1 MB", "line break", "umlaut", "no address", "300 foxes", "control"],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_is_stored(browser, session, group, fields):
    page = write(browser, fields, status=400)
    assert len([read(each) for each in page.find_all("p", class_="field-error")]) == 1
    assert stored(session, OutboxMail) == []


def test_a_proof_is_needed_and_holds_once(browser, session, group, monkeypatch):
    fields = {MESSAGE: "Hallo", MAIL: SEEKER}
    browser.get(PATH)
    page = browser.submit(fields, button=SEND, status=400)
    assert "Bitte beantworten Sie die Frage" in page.text
    challenge = page.get("input", name="proof_challenge").get("value")
    number = next(each for each in range(10**6) if not proof.has_worked(challenge, str(each)))
    browser.submit({**fields, "proof_work": str(number)}, button=SEND, status=400)
    first = browser.submit(
        {**fields, "proof_challenge": "forged", "proof_work": "1"}, button=SEND, status=400
    )
    browser.submit(worked(first), button=SEND)
    browser._page = first  # going back and sending once more
    page = browser.submit(worked(first), button=SEND, status=409)
    assert "schon angekommen" in page.text
    assert page.get("textarea", name="message").text.strip() == "Hallo"
    assert len(mails_to(session, CONTACT)) == 1
    assert browser.submit(worked(page), button=SEND).heading == "Ihre Nachricht ist unterwegs"
    assert len(mails_to(session, CONTACT)) == 2


def test_without_a_script_a_question_in_words_is_answered_but_not_in_a_hurry(
    browser, session, group, monkeypatch
):
    fields = {MESSAGE: "Hallo", MAIL: SEEKER}
    page = browser.get(PATH)
    answers = {"Woche": "Sieben.", "Hand": "5", "Jahr": "zwölf", "drei": " vier "}

    def answered(page):
        question = read(page.get("label", for_="proof-answer"))
        return {"proof_answer": next(answer for word, answer in answers.items() if word in question)}

    page = browser.submit({**fields, **answered(page)}, button=SEND, status=400)
    assert "sehr schnell" in page.text
    later = clock.now() + timedelta(seconds=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.submit(answered(page), button=SEND).heading == "Ihre Nachricht ist unterwegs"


def test_a_program_that_fills_in_the_trap_is_thanked_and_nothing_is_sent(browser, session, group):
    write(browser, {MESSAGE: "Hallo", MAIL: SEEKER, HONEYPOT: "x"})
    assert stored(session, OutboxMail) == stored(session, Conversation) == []


def test_one_address_cannot_begin_conversations_without_end(browser, session, group, monkeypatch):
    monkeypatch.setattr("app.groups.contact.conversations.MOST_BEGUN", 1)
    write(browser, {MESSAGE: "Hallo", MAIL: SEEKER})
    page = write(browser, {MESSAGE: "Hallo", MAIL: SEEKER.upper()}, status=409)
    assert "viele Nachrichten" in page.text
    assert len(mails_to(session, CONTACT)) == 1


@pytest.mark.parametrize("prefix", ["/en", "/nl"])
def test_whoever_writes_in_another_language_is_answered_in_it(browser, session, group, prefix):
    page = browser.get(prefix + PATH)
    browser.submit({**worked(page), "message": "Hi", "email": SEEKER})
    assert mails_to(session, CONTACT)[0].language == "de"
    browser.get(link_in(session, CONTACT))
    browser.submit({"Ihre Antwort": "Gern"})
    assert mails_to(session, SEEKER)[0].language == prefix[1:]
    assert link_in(session, SEEKER).startswith(f"{prefix}/messages/")
