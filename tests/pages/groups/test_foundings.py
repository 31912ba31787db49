"""From enough interest to a listed group: what staff see, whom they invite, what they tick off, how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.interest.worklist import waiting_foundings
from app.groups.meetings.schedules import day_of
from app.groups.models import Founding, FoundingInvitation, FoundingStep, Group, GroupTopic, Interest
from app.shared import clock
from app.shared.history import HistoryEntry
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from tests.builders.groups import make_group, make_house
from tests.builders.interest import BONN, KOELN, TOPIC, make_founding, make_interest, make_many

PEOPLE = f"/desk/interest/people?topic={TOPIC}&district={KOELN}"


@pytest.fixture
def house(session):
    with transaction() as writing:
        return make_house(writing)


@pytest.fixture
def desk(session, signed_in, house):
    return signed_in("desk_staff", clearinghouse=house)


def mails(session):
    session.rollback()
    return list(session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def path_in(mail):
    word = next(word for word in mail.body_text.split() if "/interest/meeting/" in word)
    return word.removeprefix("http://localhost")


def history(session):
    session.rollback()
    actions = session.scalars(sa.select(HistoryEntry.action).order_by(HistoryEntry.id))
    return [each for each in actions if each.split(".")[0] in {"interest", "founding"}]


def call(desk, *, days=10, place="Bürgerhaus Kalk", button="Treffen speichern", **given):
    on = day_of(clock.now()) + timedelta(days=days)
    return desk.submit(
        {"Tag": on.isoformat(), "Beginnt um": "18:30", "Oder ein anderer Ort": place, **given}, button=button
    )


def test_from_enough_interest_to_invited_people_who_answer(session, desk, browser):
    make_many(session, 5, now=clock.now(), language="nl")
    make_interest(session, now=clock.now(), phone="02214710123", name="Uwe")
    page = desk.get("/desk/interest")
    assert "genug seit" in page.text
    assert "leise.example" not in page.html
    assert "02214710123" not in page.html
    desk.follow("Ansehen – Long Covid, Köln")
    assert "02214710123" in desk.page.text
    desk.submit(button="Gründung beginnen")
    assert desk.page.heading == "Gründung: Long Covid, Köln"
    call(desk, **{"Wer moderiert?": "Frau Albers"})
    assert mails(session) == []
    assert "Die Einladungen sind unterwegs" in desk.submit(button="5 Menschen per E-Mail einladen").text
    sent = mails(session)
    assert len({mail.to_address for mail in sent}) == len(sent) == 5
    assert all(
        "Bürgerhaus Kalk" in mail.body_text and mail.subject.startswith("Uitnodiging") for mail in sent
    )
    others = {mail.to_address for mail in sent[1:]} | {"Uwe", "02214710123"}
    assert not [word for word in others if word in sent[0].body_text + sent[0].body_html]
    desk.post(
        desk.page.url.split("?")[0].removeprefix("http://localhost") + "/invite", status=400
    )  # no form of ours
    assert browser.get(path_in(sent[0])).heading == "Komt u?"
    assert session.scalars(sa.select(FoundingInvitation.answer)).all() == [None] * 5
    assert browser.submit(button="Ja, ik kom").heading == "Dank u, tot dan"
    browser.get(path_in(sent[1]))
    browser.submit(button="Nee, ik kan niet komen")
    assert browser.submit(button="Ja, ik kom").heading == "Dank u, tot dan"  # the last answer holds
    desk.get(PEOPLE)
    desk.submit(button="Kommt – Uwe")
    assert "kommt zum Gründungstreffen" in desk.page.text
    desk.follow("Zur laufenden Gründung")
    assert "kommt 3 " in desk.page.text
    assert history(session) == [
        "interest.opened",
        "founding.started",
        "founding.meeting_called",
        "founding.invited",
        *["founding.answered"] * 3,
        "interest.opened",
        "founding.answered",
        "interest.opened",
    ]
    assert "leise.example" not in str(session.scalars(sa.select(HistoryEntry.facts)).all())


def test_a_founding_goes_by_its_checklist_to_a_listed_group(session, desk, house):
    founding_id = make_founding(session, house, now=clock.now())
    desk.get(f"/desk/foundings/{founding_id}")
    today = day_of(clock.now()).isoformat()
    desk.submit({"who-existing": "Kontaktstelle", "done-existing": today}, button="Checkliste speichern")
    assert "1 von 15 Schritten sind getan." in desk.page.text
    with transaction() as writing:
        make_group(writing, clearinghouse_id=house, name="Lange Luft", topics=[TOPIC], status="founding")
    desk.get(desk.page.url.removeprefix("http://localhost"))
    desk.submit({"Welche Gruppe": str(group_id(session))}, button="Diese Gruppe notieren")
    assert "veröffentlicht: Besucher finden sie" in desk.page.text
    desk.submit({"state": "founded"}, button="Beenden")
    assert "gegründet am" in desk.page.text
    session.rollback()
    founding = session.scalars(sa.select(Founding)).one()
    assert (founding.state, founding.round) == ("founded", 0)
    assert history(session) == [
        "founding.started",
        "founding.steps_changed",
        "founding.group_linked",
        "founding.founded",
    ]


def group_id(session):
    session.rollback()
    return session.scalars(
        sa.select(Group.id)
        .join(GroupTopic, GroupTopic.group_id == Group.id)
        .where(Group.name == "Lange Luft")
    ).one()


def test_a_meeting_that_is_moved_is_asked_about_anew_and_one_given_up_is_called_off(
    session, desk, house, browser
):
    made = make_many(session, 3, now=clock.now())
    founding_id = make_founding(session, house, now=clock.now())
    desk.get(f"/desk/foundings/{founding_id}")
    call(desk)
    desk.submit(button="3 Menschen per E-Mail einladen")
    old = mails(session)[0]
    browser.get(path_in(old))
    browser.submit(button="Ja, ich komme")
    call(desk)  # nothing has changed: nobody is asked again
    assert "Alle mit E-Mail-Adresse sind eingeladen." in desk.page.text
    call(desk, days=12)
    assert "kommt 0 " in desk.page.text
    assert "findet so nicht mehr statt" in browser.get(path_in(old), status=410).text
    browser.post(path_in(old), data={"answer": "yes"}, status=410)
    desk.submit(button="3 Menschen per E-Mail einladen")
    assert "gilt nicht mehr" in mails(session)[3].body_text
    with transaction() as writing:  # who leaves is neither asked nor counted any more
        writing.execute(sa.delete(Interest).where(Interest.id == made[0]))
    desk.submit({"state": "given_up"}, button="Beenden", status=400)
    desk.submit({"state": "given_up", "reason": "Zu wenige\nhaben Zeit."}, button="Beenden")
    assert "Zu wenige haben Zeit." in desk.page.text
    called_off = [mail for mail in mails(session) if mail.subject == "Das Treffen findet nicht statt"]
    assert len(called_off) == 2
    desk.get(f"/desk/foundings/{founding_id}")
    assert "Aufgegeben am" in desk.page.text


def test_what_is_wrong_with_a_meeting_or_a_step_is_said_and_nothing_typed_is_lost(session, desk, house):
    founding_id = make_founding(session, house, now=clock.now())
    session.commit()
    make_many(session, 2, now=clock.now())
    path = f"/desk/foundings/{founding_id}"
    for fields, sentence in (
        ({"Tag": ""}, "Bitte geben Sie den Tag ein."),
        ({"Tag": "2020-01-01"}, "Dieser Zeitpunkt ist vorbei."),
        ({"Beginnt um": "25:00"}, "19:00"),
        ({"Oder ein anderer Ort": ""}, "Bitte sagen Sie, wo Sie sich treffen."),
        ({"Oder ein anderer Ort": "x" * 300}, "Bitte kürzen"),
    ):
        desk.get(path)
        typed = {
            "Tag": "2031-05-01",
            "Beginnt um": "18:30",
            "Oder ein anderer Ort": "Kalk",
            "Wer moderiert?": "Jo",
        }
        page = desk.submit({**typed, **fields}, button="Treffen speichern", status=400)
        assert sentence in page.text
        assert page.get("input", name="moderator").get("value") == "Jo"
    desk.get(path)
    page = desk.submit(
        {"who-flyer": "Jo", "done-flyer": "2031-01-01", "done-room": "gestern", "who-rules": "x" * 100},
        button="Checkliste speichern",
        status=400,
    )
    assert "Dieser Tag kommt erst noch." in page.text
    assert page.get("input", name="done-room").get("value") == "gestern"
    assert page.get("input", name="who-flyer").get("value") == "Jo"
    assert session.scalars(sa.select(FoundingStep)).all() == []
    desk.submit({"state": "founded"}, button="Beenden", status=400)


def test_another_house_sees_neither_people_nor_foundings_nor_can_it_change_them(
    session, desk, house, signed_in
):
    with transaction() as writing:
        bonn = make_house(writing, "KISS Bonn", catchment=[(BONN, None)])
    own = make_interest(session, now=clock.now(), phone="02214710123")
    founding_id = make_founding(session, house, now=clock.now())
    other = signed_in("desk_lead", clearinghouse=bonn)
    assert "Long Covid" not in other.get("/desk/interest").text
    other.get(PEOPLE, status=404)
    other.get("/desk/interest?house=kiss-koeln", status=404)
    other.get(f"/desk/foundings/{founding_id}", status=404)
    other.get("/desk/interest")
    token = other.get("/desk/interest/new").get("input", name="form_token").get("value")
    other.post("/desk/interest/people", data={"form_token": token, "entry": own, "does": "remove"})
    other.post("/desk/foundings", data={"form_token": token, "topic": TOPIC, "district": KOELN})
    session.rollback()
    assert session.get(Interest, own) is not None
    desk.get(PEOPLE)
    desk.submit(button="Bleibt ein weiteres Jahr")
    desk.submit(button="Löschen")
    session.rollback()
    assert session.scalars(sa.select(Interest)).all() == []
    desk.get("/desk/interest/people?topic=gibt-es-nicht&district=05315", status=404)
    desk.get("/desk/foundings/99999999999999999999", status=404)


def test_staff_enter_somebody_who_phones_with_the_consent_read_out(session, desk, house):
    desk.get("/desk/interest/new")
    fields = {"topic": TOPIC, "near": "50667", "Ihre Telefonnummer": "0221 4710 123"}
    page = desk.submit(fields, button="Speichern", status=400)
    assert "Ohne Einwilligung darf nichts gespeichert werden." in page.text
    page = desk.submit({**fields, "consent": ["y"]}, button="Speichern")
    assert "Eingetragen." in page.text
    desk.get("/desk/interest/new")
    desk.submit(
        {"topic": TOPIC, "near": "50667", "email": "jo@leise.example", "consent": ["y"], "language": "en"},
        button="Speichern",
    )
    session.rollback()
    by_phone, by_mail = session.scalars(sa.select(Interest).order_by(Interest.phone.is_(None))).all()
    assert (by_phone.consent_way, by_phone.counts_since is not None) == ("telephone", True)
    assert (by_mail.consent_way, by_mail.counts_since, by_mail.language) == ("telephone", None, "en")
    (mail,) = mails(session)
    assert mail.subject == "Please confirm your e-mail address"
    assert "Einwilligung am Telefon (Text 1)" in desk.get(PEOPLE).text


def test_what_waits_is_on_the_worklist_of_the_house_until_somebody_does_it(session, app, house):
    def waiting(of=house):
        with app.test_request_context("/en"):
            return [
                (each.kind, each.what, each.since) for each in waiting_foundings(session, of, clock.now())
            ]

    start = clock.now() - timedelta(days=5)
    make_many(session, 5, now=start)
    assert waiting() == []
    make_interest(session, now=start, counts_since=start + timedelta(days=1))
    ((kind, what, since),) = waiting()
    assert (kind, what) == ("Gründungschance", "Long Covid, Köln: 6 Menschen haben Interesse")
    assert since == start + timedelta(days=1)
    founding_id = make_founding(session, house, now=clock.now())
    session.commit()
    assert [line[:2] for line in waiting()] == [("Gründung", "Long Covid, Köln: Eigene Erwartungen klären")]
    with transaction() as writing:
        other = make_house(writing, "KISS zwei")
    assert waiting(other) == []
    with transaction() as writing:
        founding = writing.get(Founding, founding_id)
        founding.state, founding.ended_at = "given_up", clock.now()
    assert waiting() == []  # given up: silent until somebody new comes
    make_interest(session, now=clock.now() + timedelta(seconds=1), email="neu@leise.example")
    assert [line[0] for line in waiting()] == ["Gründungschance"]
