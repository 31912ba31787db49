"""Answers by mail: through real SMTP servers and the command, and neither end learns anything of the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.groups.contact.conversations import Letter, begin_conversation
from app.groups.jobs import tell_of_returned_messages
from app.groups.models import Conversation, Group, HouseMessage, HouseMessageText
from app.shared import clock
from app.shared.incoming_mail import MOST_BYTES
from app.shared.languages import speaking
from app.shared.mail_delivery import deliver_due_mails
from app.shared.outbox import OutboxMail
from app.shared.retention import apply_retention
from app.shared.transactions import transaction
from tests.builders.groups import make_contact, make_group, make_house
from tests.services.shared.smtp_servers import mailbox
from tests.support.incoming import bounce, reply, with_attachment

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskCliRunner
    from sqlalchemy.orm import Session

DOMAIN = "reply.wirkreis.example"
CONTACT, SEEKER = "petra@muster.example", "jo@leise.example"
PETRA = '"Petra Geheimnisvoll" <petra@muster.example>'
JO = '"Jo Leise" <jo@leise.example>'
OF_PETRA = (CONTACT, "Petra", "Geheimnisvoll", "muster.example", "203.0.113.77", "laptop", "4711@")
OF_JO = (SEEKER, "Leise", "leise.example", "203.0.113.77", "laptop", "4711@")
QUOTE = "\n\nAm 02.03.2026 um 10:00 schrieb Wirkreis:\n> {text}\n\n-- \nPetra Geheimnisvoll\n0221 4710815\n"


class Post:
    """The mail server of the site: sends what is due, and hands over what comes in."""

    def __init__(self, app: Flask, session: Session, runner: FlaskCliRunner) -> None:
        self.app = app
        self.session = session
        self.runner = runner

    def deliver(self) -> dict[str, bytes]:
        """Send what is due by SMTP; answer the last mail to each recipient as it went over the wire."""
        self.session.rollback()
        with mailbox() as box:
            config = replace(self.app.config["WIRKREIS"], mail_url=box.url)
            deliver_due_mails(self.session, config=config, now=clock.now() + timedelta(seconds=1))
        assert all(sender.startswith("bounce+") for sender in box.senders)
        return dict(zip(box.recipients, box.raw, strict=True))

    def receive(self, raw: bytes, to: str | None = None, *, sender: str | None = "x@y.example") -> int:
        """Hand a mail over as a mail server does; answer the exit status."""
        self.session.rollback()
        args = ["mail", "receive"]
        args += ["--recipient", to] if to is not None else []
        args += ["--sender", sender] if sender is not None else []
        result = self.runner.invoke(args=args, input=raw)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code


@pytest.fixture
def post(app: Flask, session: Session, runner: FlaskCliRunner) -> Post:
    app.config["WIRKREIS"] = replace(app.config["WIRKREIS"], reply_domain=DOMAIN)
    with transaction() as writing:
        group_id = make_group(
            writing, clearinghouse_id=make_house(writing), contact=make_contact(name="Petra", email=CONTACT)
        )
        letter = Letter(SEEKER, "Jo", "Darf ich kommen?", "en")
        with speaking("en"):
            begin_conversation(writing, writing.get_one(Group, group_id), letter, now=clock.now())
    return Post(app, session, runner)


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def everything(raw: bytes) -> str:
    """Answer the mail as it went over the wire, and once more with its parts decoded."""
    parts = [str(part.get_content()) for part in parsed(raw).walk() if not part.is_multipart()]
    return raw.decode("ascii") + "".join(parts)


def text_of(raw: bytes) -> str:
    body = parsed(raw).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def reply_to(raw: bytes) -> str:
    return str(parsed(raw)["Reply-To"])


def queued(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) or 0


def test_both_write_back_and_forth_by_mail_and_learn_nothing_of_each_other(
    post: Post, session: Session
) -> None:
    to_contact = post.deliver()[CONTACT]
    assert "Darf ich kommen?" in text_of(to_contact)
    assert "/messages/" in text_of(to_contact)  # the page is offered, too
    for number in range(3):
        assert [secret for secret in OF_JO if secret in everything(to_contact)] == []
        mail = reply(
            reply_to(to_contact),
            f"Hallo {number}, gern! {CONTACT}" + QUOTE.format(text=text_of(to_contact).replace("\n", "\n> ")),
            by=PETRA,
            html=f"<p>Hallo</p><img src=http://spy.example/{number}.gif>",
            Message_ID=f"<4711@laptop.{number}>",
        )
        assert post.receive(mail, reply_to(to_contact)) == 0
        to_seeker = post.deliver()[SEEKER]
        assert f"Hallo {number}, gern! [address left out]" in text_of(to_seeker)
        own = reply_to(to_contact).partition("@")[0]
        assert [s for s in (*OF_PETRA, own, "4710815", "spy.example") if s in everything(to_seeker)] == []
        assert parsed(to_seeker)["Content-Language"] == "en"
        answer = reply(reply_to(to_seeker), f"Danke {number}", by=JO, Message_ID=f"<4711@laptop.s{number}>")
        assert post.receive(answer, None, sender=None) == 0  # a server that hands over no envelope
        to_contact = post.deliver()[CONTACT]
        assert f"Danke {number}" in text_of(to_contact)
    (conversation,) = session.scalars(sa.select(Conversation))
    assert "Danke" not in repr(vars(conversation))
    assert session.scalars(sa.select(OutboxMail.body_text)).all() == [None] * 7


def test_the_same_mail_handed_over_twice_is_passed_on_once(post: Post, session: Session) -> None:
    to = reply_to(post.deliver()[CONTACT])
    mail, before = reply(to, "Ja", by=PETRA), queued(session)
    assert (post.receive(mail, to), post.receive(mail, to)) == (0, 0)
    assert queued(session) == before + 1


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ({"Auto_Submitted": "auto-replied"}, "x@y.example"),
        ({"Auto_Submitted": "auto-generated (rejected)"}, "x@y.example"),
        ({"Precedence": "bulk"}, "x@y.example"),
        ({"Precedence": "auto_reply"}, "x@y.example"),
        ({"X_Autoreply": "yes"}, "x@y.example"),
        ({"List_Id": "<liste.example>"}, "x@y.example"),
        ({"From": "MAILER-DAEMON@mx.example"}, "x@y.example"),
        ({}, ""),
        ({}, "<>"),
        ({"Return_Path": "<>"}, None),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_no_person_wrote_is_never_passed_on(
    post: Post, session: Session, headers: dict[str, str], sender: str | None
) -> None:
    to = reply_to(post.deliver()[CONTACT])
    before = queued(session)
    assert post.receive(reply(to, "Ich bin im Urlaub", by=PETRA, **headers), to, sender=sender) == 0
    assert post.receive(bounce(to), to, sender=sender) == 0
    assert queued(session) == before


def test_two_machines_that_answer_each_other_come_to_an_end(post: Post, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.groups.contact.conversations.MOST_A_DAY", 4)
    mails = post.deliver()
    passed_on = 1
    for turn in range(10):
        to, by = (CONTACT, PETRA) if turn % 2 == 0 else (SEEKER, JO)
        if to not in mails:
            break
        post.receive(reply(reply_to(mails[to]), f"Automat {turn}", by=by, Message_ID=f"<{turn}@x>"))
        mails = post.deliver()
        passed_on += 1
    assert passed_on == 5  # four messages, and a sentence for the last
    assert "many messages" in text_of(mails[SEEKER])


def test_html_becomes_words_attachments_are_left_out_and_what_has_no_text_is_answered(
    post: Post, session: Session
) -> None:
    to = reply_to(post.deliver()[CONTACT])
    post.receive(reply(to, by=PETRA, html="<p>Gern&nbsp;am <b>Mittwoch</b></p><script>x</script>"), to)
    assert "Gern am Mittwoch" in text_of(post.deliver()[SEEKER])
    photo = with_attachment(reply(to, "Mit Bild", by=PETRA, Message_ID="<2@x>"))
    post.receive(photo, to)
    raw = post.deliver()[SEEKER]
    assert "Mit Bild" in text_of(raw)
    assert "An attachment was left out." in text_of(raw)
    assert "petra.jpg" not in everything(raw)
    for number, bad in enumerate(
        (
            reply(to, "> nur zitiert", by=PETRA, Message_ID="<3@x>"),
            reply(to, "x" * (MOST_BYTES + 10), by=PETRA, Message_ID="<4@x>"),
        )
    ):
        assert post.receive(bad, to) == 0
        mails = post.deliver()
        assert list(mails) == [CONTACT], number
        assert parsed(mails[CONTACT])["Subject"] == "Ihre E-Mail wurde nicht weitergeleitet"
        assert post.receive(bad.replace(b"petra@", b"other@").replace(b"@x>", b"@y>"), to) == 0
        assert post.deliver() == {}, "nobody else is written to"
    for junk in (
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/mixed\n\n--\n",
        b"From: <\n\n" + b"\x00" * 99,
    ):
        assert post.receive(junk, to) == 0


def test_an_address_that_is_over_or_invented_is_nobodys(post: Post, session: Session) -> None:
    to = reply_to(post.deliver()[CONTACT])
    forged = f"reply+{'0' * 24}@{DOMAIN}"
    assert post.receive(reply(forged, "Hallo"), forged) == 67
    apply_retention(clock.now() + timedelta(days=27))
    assert post.receive(reply(to, "Hallo", by=PETRA), to) == 0
    apply_retention(clock.now() + timedelta(days=29))
    session.rollback()
    assert session.scalars(sa.select(Conversation)).all() == []
    assert post.receive(reply(to, "Hallo noch", by=PETRA, Message_ID="<2@x>"), to) == 67


def test_who_wrote_is_told_when_a_message_came_back_and_so_is_the_house(
    post: Post, session: Session, signed_in: Any
) -> None:
    with mailbox() as box:
        config = replace(post.app.config["WIRKREIS"], mail_url=box.url)
        deliver_due_mails(session, config=config, now=clock.now() + timedelta(seconds=1))
    assert post.receive(bounce(box.senders[0]), box.senders[0], sender="") == 0
    assert tell_of_returned_messages(clock.now()) == 1
    assert tell_of_returned_messages(clock.now()) == 0
    mails = post.deliver()
    assert list(mails) == [SEEKER]
    assert parsed(mails[SEEKER])["Subject"] == "Your message did not arrive"
    assert CONTACT not in everything(mails[SEEKER])
    house = session.scalars(sa.select(Group.clearinghouse_id)).one()
    session.rollback()
    staff = signed_in("desk_staff", clearinghouse=house)
    assert "1 E-Mail kam nicht an" in staff.page.text
    page = staff.follow("E-Mails, die nicht ankamen: KISS Köln")
    assert page.heading == "E-Mails, die nicht ankamen"
    for words in ("Lichtblick", "Eine Nachricht an die Gruppe", "User unknown", "Petra"):
        assert (words in page.text) == (words != "Petra"), words
    assert "Darf ich kommen" not in page.html
    assert "anna@example.org" not in page.html
    page = staff.submit(button="Gesehen")
    assert "Alle E-Mails sind angekommen" in page.text


def test_an_answer_to_a_house_lies_in_its_inbox_again(post: Post, session: Session) -> None:
    from app.groups.contact.inbox import Asked, finish, take_message
    from app.groups.contact.inbox import reply as reply_from_house

    with transaction() as writing:
        house = writing.scalars(sa.select(Group.clearinghouse_id)).one()
        message = take_message(writing, house, Asked("Hilfe", "nl", email=SEEKER), now=clock.now())
        reply_from_house(writing, message, "Rufen Sie an", now=clock.now())
        finish(message, now=clock.now())
    to_seeker = post.deliver()[SEEKER]
    assert parsed(to_seeker)["Content-Language"] == "nl"
    for _twice in range(2):
        assert post.receive(reply(reply_to(to_seeker), "Danke!", by=JO)) == 0
    session.rollback()
    (message,) = session.scalars(sa.select(HouseMessage))
    assert (message.state, message.done_at) == ("new", None)
    texts = session.scalars(sa.select(HouseMessageText.text).order_by(HouseMessageText.id)).all()
    assert texts == ["Hilfe", "Rufen Sie an", "Danke!"]
    assert "Danke" not in everything(post.deliver()["info@kontaktstelle-koeln.example"])
