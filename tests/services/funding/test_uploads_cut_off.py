"""An upload breaks off, or the disk is full: the application stays as it was, and no row is without its file."""

from __future__ import annotations

import http.client
import itertools
import os
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from app.funding.models import ApplicationPaper
from app.funding.services.papers import add_paper
from app.groups.models import Group
from app.shared import clock
from app.shared.transactions import transaction
from tests.builders.accounts import make_user
from tests.builders.applications import PDF, make_round, read, write
from tests.builders.groups import make_contact, make_group
from tests.support.browser import Browser
from tests.support.server import Server
from tests.support.signed_in import sign_in

START = (
    b"--x\r\nContent-Disposition: form-data; name=form_token\r\n\r\n%s\r\n"
    b"--x\r\nContent-Disposition: form-data; name=kind\r\n\r\nstatutes\r\n"
    b'--x\r\nContent-Disposition: form-data; name=paper; filename="satzung.pdf"\r\n'
    b"Content-Type: application/pdf\r\n\r\n%s"
)
END = b"\r\n--x--\r\n"


@pytest.fixture
def group(session):
    make_round(session)
    group_id = make_group(session, now=clock.now(), contact=make_contact(email="kim@example.org"))
    write(session, group_id)
    session.commit()
    return session.get_one(Group, group_id)


def signed_in_over_the_line(app, session, group):
    """Answer the address of the group's funding, a token of its forms and the cookies of its contact."""
    client = app.test_client()
    page = sign_in(Browser(client), make_user(session, "group_contact", group=group.id))
    address = f"/accounts/groups/{group.slug}/funding"
    page.get(f"{address}/declarations")
    token = page.page.get("input", name="form_token").get("value").encode()
    cookies = "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())
    return address, token, cookies


def memory(server):
    """Answer the most memory that any worker of a server has had, in MB."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    states = [Path(f"/proc/{child}/status").read_text() for child in children]
    return max(int(state.split("VmHWM:")[1].split()[0]) for state in states) / 1024


@pytest.mark.long
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_two_hundred_megabytes_are_refused_beside_what_was_typed_and_take_no_room(
    app, session, database_url, group
):
    address, token, cookies = signed_in_over_the_line(app, session, group)
    session.rollback()
    environment = {**os.environ, "DATABASE_URL": database_url, "APP_ENV": "test", "RATE_LIMITS": "off"}
    server = Server(environment, workers=1)
    try:
        before = memory(server)
        head, megabyte = START % (token, PDF), b"x" * 1_000_000
        line = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=120)
        length = str(len(head) + 200 * len(megabyte) + len(END))
        headers = {
            "Cookie": cookies,
            "Content-Type": "multipart/form-data; boundary=x",
            "Content-Length": length,
        }
        pieces = itertools.chain([head], itertools.repeat(megabyte, 200), [END])
        line.request("POST", f"{address}/papers", pieces, headers)
        answer = line.getresponse()
        page = answer.read().decode()
        line.close()
        more = memory(server) - before
    finally:
        server.stop()
    assert answer.status == 400
    assert "Diese Datei ist zu groß. Bitte wählen Sie eine von höchstens 10 MB." in page
    assert '<option value="statutes" selected>' in page
    assert more < 60, f"{more} MB more than before"
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(ApplicationPaper.id))) == 0


@pytest.mark.long
def test_an_upload_that_breaks_off_leaves_the_application_as_it_was_and_can_be_sent_again(
    app, session, database_url, group
):
    address, token, cookies = signed_in_over_the_line(app, session, group)
    before = read(session, group.id).mark
    session.rollback()
    environment = {**os.environ, "DATABASE_URL": database_url, "APP_ENV": "test", "RATE_LIMITS": "off"}
    server = Server(environment, workers=1)
    try:
        host = urlsplit(server.url).netloc
        whole = START % (token, PDF) + END
        head = (
            b"POST %s/papers HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nCookie: %s\r\nConnection: close\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n"
        )
        head = head % (address.encode(), host.encode(), server.url.encode(), cookies.encode(), len(whole))
        for so_far in (whole[: -len(END) - 3], whole[: len(whole) // 2], b""):
            with socket.create_connection(tuple(host.split(":"))) as line:
                line.sendall(head + so_far)
            time.sleep(0.3)
        session.rollback()
        assert session.scalar(sa.select(sa.func.count(ApplicationPaper.id))) == 0
        assert read(session, group.id).mark == before
        session.rollback()
        with socket.create_connection(tuple(host.split(":"))) as line:
            line.sendall(head + whole)
            answer = line.recv(100)
        assert answer.split()[1] in (b"302", b"303"), answer
    finally:
        server.stop()
    session.rollback()
    (paper,) = session.scalars(sa.select(ApplicationPaper)).all()
    assert (paper.name, paper.body) == ("satzung.pdf", PDF)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_full_disk_stores_neither_row_nor_file(session, group):
    pages = session.scalar(sa.text("pragma page_count"))
    session.execute(sa.text(f"pragma max_page_count = {pages}"))
    session.rollback()
    large = PDF + b"%" + os.urandom(900_000) + b"\n%%EOF\n"
    given = {"kind": "statutes", "name": "satzung.pdf", "content": large, "now": clock.now()}

    def add():
        with transaction() as writing:
            add_paper(writing, read(writing, group.id), **given)

    with pytest.raises(sa.exc.OperationalError, match="full"):
        add()
    session.execute(sa.text("pragma max_page_count = 1000000"))
    assert session.scalar(sa.select(sa.func.count(ApplicationPaper.id))) == 0
