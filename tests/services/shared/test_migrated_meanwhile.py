"""Tables are migrated while people write: nothing is written by a program that does not know them."""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import subprocess
import sys
from threading import Event, Thread
from urllib.parse import urlencode, urlsplit

import pytest
import sqlalchemy as sa

from app.funding.models import GrantApplication
from app.groups.models import Group
from app.shared import clock
from tests.builders.accounts import make_user
from tests.builders.applications import make_round, write
from tests.builders.groups import make_contact, make_group
from tests.support.browser import Browser
from tests.support.server import Server
from tests.support.signed_in import sign_in
from tests.support.tree import ROOT

REST = {"meetings": "40", "founded": "03.2019", "is_open": "y", "leaders": "none"}


def field(page, name):
    """Answer what stands in a field of a page."""
    tag = re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    return html.unescape(value[1]) if value else None


class Writer(Thread):
    """Somebody who changes one number of an application again and again, and keeps what each save was answered."""

    def __init__(self, url, address, cookies):
        super().__init__()
        self.url, self.address, self.cookies = url, address, cookies
        self.stored, self.answers, self.ended, self.page, self.sent = 0, [], Event(), "", {}

    def ask(self, method, data=None):
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        line.request(method, self.address, urlencode(data or {}), headers)
        answer = line.getresponse()
        self.page = answer.read().decode()
        line.close()
        return answer.status

    def open(self):
        status = self.ask("GET")
        if status == 200:
            self.sent = {name: field(self.page, name) for name in ("form_token", "seen")}
        return status

    def send(self, members):
        status = self.ask("POST", {**self.sent, **REST, "members": members})
        self.stored = members if status == 303 else self.stored
        return status

    def run(self):
        members = 10
        while not self.ended.is_set():
            members = 10 + (members - 9) % 500  # a group has up to 1,000
            status = self.open()
            self.answers.append(self.send(members) if status == 200 else status)


@pytest.mark.long
def test_while_tables_are_migrated_nobody_writes_and_no_answer_is_a_fault(app, session, database_url):
    make_round(session)
    group = make_group(session, now=clock.now(), contact=make_contact(email="kim@example.org"))
    write(session, group)
    session.commit()
    client = app.test_client()
    sign_in(Browser(client), make_user(session, "group_contact", group=group))
    address = f"/accounts/groups/{session.get_one(Group, group).slug}/funding/group"
    session.rollback()
    cookies = "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())
    environment = {**os.environ, "DATABASE_URL": database_url, "APP_ENV": "test", "RATE_LIMITS": "off"}

    def migrate(way):
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", way]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    server = Server(environment, workers=2)
    writers = [Writer(server.url, address, cookies) for _ in range(2)]
    busy, late = writers
    try:
        late.open()
        busy.start()
        migrate("downgrade")
        assert late.send(7) == 503
        assert "<h1>Diese Seite wird gerade aktualisiert</h1>" in late.page
        assert field(late.page, "members") == "7", "and it can be sent again from there"
        late.address = "/readyz"
        assert late.ask("GET") == 503
        assert json.loads(late.page)["status"] == "migrations not current"
        migrate("upgrade")
        busy.ended.set()
        busy.join()
        assert (busy.open(), busy.send(99)) == (200, 303)
    finally:
        busy.ended.set()
        busy.join()
        migrate("upgrade")  # in whatever state it was left: others use this database
        log = server.log
        server.stop()
    assert set(busy.answers) == {303, 503}, "each save is stored or refused; none is a fault"
    assert "database out of step" in log
    assert '"message": "fault"' not in log
    session.rollback()
    answers = session.scalars(sa.select(GrantApplication.answers)).one()
    assert answers["group"]["values"]["members"] == busy.stored == 99
