"""A group proves its project, insurers ask and accept, and see what they get back: through the pages of both."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.accounts.rules.permissions import INSURER_OFFICER
from app.funding.models import ProjectRequest
from app.funding.rules import project as rules
from app.funding.services.project_deciding import decide
from app.shared import clock
from tests.builders import projects as built
from tests.builders.accounts import make_user
from tests.builders.applications import PDF, make_round, make_scan
from tests.builders.groups import make_group
from tests.support.browser import Browser
from tests.support.mailbox import mails_to
from tests.support.signed_in import sign_in

CONTACT = "kim@example.org"
HAND_IN = "Nachweis einreichen"
SAID = {
    "participants": "60",
    "stays": "Ein Faltblatt.",
    "cost_kind": ["speakers", "catering"],
    "cost_euros": ["550", "50"],
    "own": "50",
}


@pytest.fixture
def found(session):
    make_round(session)
    group_id = make_group(session, now=clock.now(), name="Leise Runde")
    ids = {slug: built.fill_pot(session, slug, 100_000) for slug in ("kasse-a", "kasse-b")}
    found = built.submit(session, group_id, {"kasse-a": 400, "kasse-b": 300})
    make_user(session, "group_contact", group=group_id, email=CONTACT)
    for slug, email in (("kasse-a", "anna@kasse.example"), ("kasse-b", "ben@kasse.example")):
        make_user(session, INSURER_OFFICER, insurer=ids[slug], email=email)
        decide(session, built.share_of(found, slug), rules.AGREED, seen=1, by=900_000, now=clock.now())
    session.commit()
    return built.read(session, found.project.id)


@pytest.fixture
def people(app, found):
    emails = (CONTACT, "anna@kasse.example", "ben@kasse.example")
    return [sign_in(Browser(app.test_client()), email) for email in emails]


def add_receipts(kim, address):
    """Two receipts come from the telephone, one goes again; what is none, or too large, is refused."""
    kim.get(address)
    sent = {each: kim.page.get("input", name=each).get("value") for each in ("form_token", "seen", "marks")}
    for content, status in (
        (b"", 400),
        (b"MZ", 400),
        (b"x" * 10_000_001, 400),
        (make_scan(), 200),
        (PDF, 200),
    ):
        data = {
            **sent,
            "report": "Vorträge.",
            "action": "receipt",
            "paper": FileStorage(io.BytesIO(content), "beleg.png"),
        }
        mark, body = encode_multipart(data)
        content_type = f'multipart/form-data; boundary="{mark}"'
        kim.post(address, data=body, content_type=content_type, status=status)
        assert kim.page.get("textarea", name="report").text == "Vorträge."
    kim.submit({}, button="Entfernen: beleg.png")
    assert "Der Beleg ist entfernt." in kim.page.text
    assert kim.page.text.count("beleg.png") == 2, (
        "its name stands beside it, and in the button that removes it"
    )


def test_a_late_proof_is_written_asked_about_accepted_and_shows_what_goes_back(session, found, people):
    kim, anna, ben = people
    project = f"/accounts/groups/{found.group.slug}/projects/{found.project.id}"
    number, base = found.project.number, f"/accounts/groups/{found.group.slug}/projects"
    past = clock.now().date() - timedelta(days=300)
    session.execute(sa.update(ProjectRequest).values(ends_on=past))
    session.commit()
    kim.get(base)
    assert f"Der Verwendungsnachweis zu {number} fehlt" in kim.page.text
    kim.get(project)
    assert "Der letzte Tag war" in kim.page.text
    kim.follow("Verwendungsnachweis schreiben")
    assert "Was geplant war" in kim.page.text
    kim.submit({"report": "Vorträge."}, button=HAND_IN, status=400)
    assert "Bitte geben Sie eine Zahl an" in kim.page.text
    kim.submit({**SAID, "cost_euros": ["so viel", "50"]}, button="Speichern und später weiter")
    kim.get(f"{project}/proof")
    assert kim.page.get("input", name="participants").get("value") == "60"
    add_receipts(kim, f"{project}/proof")
    kim.submit({**SAID, "remaining": "0"}, button=HAND_IN, status=400)
    assert "bleiben 150,00 € von 700,00 € übrig" in kim.page.text.replace("\xa0", " ")
    kim.submit({"remaining": "150"}, button=HAND_IN)
    assert "wartet auf die Prüfung" in kim.page.text
    first, second = (
        f"/funding/projects/shares/{built.share_of(found, each)}" for each in ("kasse-a", "kasse-b")
    )
    ben.get("/funding/projects")
    ben.follow("Tag der offenen Tür")
    assert "Kasse A gibt am meisten" in ben.page.text
    receipt = ben._client.get(ben.page.links["Beleg 1"])
    assert receipt.content_type == "application/pdf"
    anna.get(first)
    ben.submit({"proof-words": ""}, button="Nachfragen", status=400)
    ben.submit({"proof-words": "Was war das Essen?"}, button="Nachfragen")
    assert "Frage zum Verwendungsnachweis" in (mails_to(session, CONTACT)[-1].subject or "")
    anna.submit(button="Nachweis anerkennen", status=409)
    kim.get(project)
    assert "Was war das Essen?" in kim.page.text
    kim.follow("Im Nachweis antworten")
    kim.submit({"report": "Vorträge. Das Essen war für die Helfer."}, button=HAND_IN)
    anna.get(first)
    anna.submit(button="Nachweis anerkennen")
    text = anna.page.text.replace("\xa0", " ")
    assert "85,71 €" in text
    assert "64,29 €" in text
    ben.get(second)
    assert "angenommen" in ben.page.text
    kim.get(f"{project}/proof")
    assert "64,29" in kim.page.text, "of what is proven there is only the page of the project"
