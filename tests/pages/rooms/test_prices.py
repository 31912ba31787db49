"""What a room costs is said where it is asked for, decided about and told: for each date and together."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.rooms.models import Room
from app.rooms.services.decisions import approve
from app.shared import clock
from app.shared.outbox import OutboxMail
from tests.pages.rooms.conftest import in_days


@pytest.fixture(autouse=True)
def _prices(session, house):
    """The small room is 3,35 € for each hour begun, the large one 12,50 € a meeting."""
    session.execute(sa.update(Room).where(Room.id == house.small).values(price_cents=335, price_per="hour"))
    session.execute(sa.update(Room).where(Room.id == house.large).values(price_cents=1250))
    session.commit()


def plain(text):
    return " ".join(text.split())


def last_mail(session):
    return plain(session.scalar(sa.select(OutboxMail.body_text).order_by(OutboxMail.id.desc()).limit(1)))


def test_before_and_after_asking_the_contact_sees_the_price(contact, house, session):
    house.take(14)
    contact.get(f"/accounts/groups/{house.slug}/rooms")
    given = {"room": str(house.small), "Bis zu welchem Tag?": in_days(30).date().isoformat()}
    page = contact.submit(given, button="Zeigen, was frei ist")
    assert "Preis der freien Termine: 3 Termine zu je 6,70 €, zusammen 20,10 €" in plain(page.text)
    page = contact.submit({"Die Termine weglassen": "y"}, button="Raum anfragen")
    assert "Preis: 3 Termine zu je 6,70 €, zusammen 20,10 €" in plain(page.text)
    assert "Preis: 3 Termine zu je 6,70 €, zusammen 20,10 €" in last_mail(session)


def test_the_desk_sees_the_price_of_what_it_books_and_of_each_offer_and_the_mail_says_both(
    staff, contact, house, session
):
    assert contact  # who is written to
    request_id = house.ask(9, 16)
    house.take(16)
    page = staff.get(f"/desk/rooms/requests/{request_id}")
    assert "Preis der freien Termine: 6,70 €" in plain(page.text)
    assert "Saal, 19:00–20:30 · 40 Plätze · 12,50 €" in plain(page.text)
    radio = page.find("label", text="Saal, 19:00–20:30").find("input")
    page = staff.submit({radio.get("name"): radio.get("value")}, button="Freie Termine buchen")
    assert "Preis: 1 Termin zu 6,70 €, 1 Termin zu 12,50 €, zusammen 19,20 €" in plain(page.text)
    for words in ("Raum Linde Preis: 6,70 €", "Saal Preis: 12,50 €"):
        assert words in last_mail(session)


def test_what_is_free_of_charge_has_no_price(staff, contact, house, session):
    session.execute(sa.update(Room).values(price_cents=0))
    session.commit()
    request_id = house.ask(9, 16)
    assert "Preis" not in staff.get(f"/desk/rooms/requests/{request_id}").text
    approve(session, request_id, now=clock.now())
    assert contact
    assert "Preis" not in last_mail(session)
