"""The whole way: a reminder by real SMTP, one tap, the page, the mail to those who watch, and one click out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from app.groups.jobs import remind_contacts, tell_watchers
from app.groups.meetings.telling import QUIET
from app.groups.models import MeetingWatch
from app.shared import clock
from app.shared.mail_delivery import deliver_due_mails
from app.shared.outbox import OutboxMail
from tests.builders.followed import CONTACT, WATCHER, make_followed_group, make_watcher
from tests.services.shared.mail_rows import part
from tests.services.shared.smtp_servers import mailbox

PUBLIC_URL = "https://wirkreis.example"


def link_in(message, mark):
    word = next(word for word in part(message, "plain").split() if mark in word)
    assert word.startswith(PUBLIC_URL)
    return word.removeprefix(PUBLIC_URL)


def test_from_the_reminder_to_the_mail_that_a_meeting_is_cancelled(app, session, browser, client):
    now = clock.now()
    config = replace(app.config["WIRKREIS"], public_url=PUBLIC_URL)
    app.config["WIRKREIS"] = config
    make_followed_group(session, now=now, hours=48)
    make_watcher(session, "lichtblick", now=now)
    session.execute(sa.delete(OutboxMail))
    session.commit()
    with mailbox() as box:
        config = replace(config, mail_url=box.url)
        assert remind_contacts(now) == 1
        deliver_due_mails(session, config=config, now=now)
        (reminder,) = box.messages
        assert box.recipients == [CONTACT]
        assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

        browser.get(link_in(reminder, "wish=cancel"))
        page = browser.submit({"Grund": "Glatteis"}, button="Treffen absagen")
        assert "Dieses Treffen ist abgesagt." in page.text
        assert "Glatteis" in browser.get("/groups/lichtblick").text

        later = clock.now() + QUIET + timedelta(seconds=1)
        assert (tell_watchers(later), tell_watchers(later)) == (1, 0)
        assert remind_contacts(later) == 0
        deliver_due_mails(session, config=config, now=later)
        news = box.messages[-1]
    assert box.recipients == [CONTACT, WATCHER]
    assert news["Subject"] == "Ein Treffen fällt aus"
    assert "Glatteis" in part(news, "plain")
    out = news["List-Unsubscribe"].strip("<>").removeprefix(PUBLIC_URL)
    answer = client.post(out, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(MeetingWatch.id))) == 0
    left = session.scalars(sa.select(OutboxMail)).all()
    assert [mail.to_address for mail in left] == [None, None]
