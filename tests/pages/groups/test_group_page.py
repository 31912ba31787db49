"""A group's own page, its calendar, and telling that something is wrong with it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import recurring_ical_events
import sqlalchemy as sa
from icalendar import Calendar

from app.groups.meetings.services import add_date
from app.groups.models import MeetingSeries
from app.groups.rules.recurrence import spans
from app.shared import clock
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from tests.builders.groups import NOW, make_contact, make_group, make_house, make_place, make_rule
from tests.support.inbox import reports_kept
from tests.support.page import read

PREFIXES = ("", "/en", "/nl")


@pytest.fixture
def group(session):
    with transaction() as writing:
        contact = make_contact(
            way="phone",
            name="Petra Muster",
            name_consented_at=NOW,
            phone="0221 4710 123",
            phone_consented_at=NOW,
            email="petra@muster.example",
        )
        house = make_house(writing)
        make_group(
            writing,
            clearinghouse_id=house,
            description="Wir hören zu.\nUnd wir lachen.",
            first_visit="Einfach kommen.",
            topics=["depression", "angst"],
            contact=contact,
            access=["lift"],
            website="https://lichtblick.example/",
        )
        make_group(writing, clearinghouse_id=house, name="Nachbarn", place=make_place(latitude=50.95))
    return "lichtblick"


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_group_says_what_when_where_and_how_to_get_in_touch(browser, group, prefix):
    page = browser.get(f"{prefix}/groups/{group}")
    assert page.heading == "Lichtblick"
    times = [element.get("datetime") for element in page.find_all("time")][:3]
    expected = spans(make_rule(), start=clock.now(), end=clock.now() + timedelta(days=30))[:3]
    assert times == [each.starts_at.isoformat() for each in expected]
    for words in (
        "Wir hören zu.",
        "Und wir lachen.",
        "Einfach kommen.",
        "Bürgerhaus",
        "Lindenallee 3",
        "50667 Köln",
    ):
        assert words in page.text
    assert "Petra Muster" in page.text
    assert page.find("a", href="tel:02214710123") is not None
    assert "petra@muster.example" not in page.html
    for number in ("112", "116 117", "0800 1110111"):
        assert number in page.text
    assert "KISS Köln" in page.text
    assert page.find("a", href="https://lichtblick.example/") is not None
    assert "Nachbarn" in page.text
    assert page.find("a", href=f"{prefix}/groups/{group}/calendar.ics") is not None


def test_a_group_says_that_self_help_is_not_therapy_and_when_it_was_confirmed(browser, group):
    page = browser.get(f"/en/groups/{group}")
    assert "not therapy" in page.text
    assert "1 September 2026" in page.text or "September 1, 2026" in page.text


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    "given",
    [
        {"disclosure": "area"},
        {"disclosure": "clearinghouse"},
        {"format": "online"},
        {"series": []},
        {"status": "waiting_list", "for_affected": False, "for_relatives": True, "audiences": ["women"]},
        {"place": make_place(latitude=None, longitude=None)},
        {"place": make_place(point_quality="postcode")},
        {"description": "", "first_visit": "<script>alert(1)</script>"},
        {"format": "hybrid", "languages": ["tr", "de"], "access": ["step_free", "sign_language"]},
        {"series": [make_rule(first_on=date(2020, 1, 1), until_on=date(2020, 2, 1))]},
        {"contact": make_contact(way="phone", phone="0221 4710 123")},
        {"contact": make_contact(way="website"), "website": "https://a.example/"},
    ],
    ids="-".join,
)
def test_every_kind_of_group_has_a_well_made_page(browser, session, given, prefix):
    with transaction() as writing:
        make_group(writing, **given)
    for path in ("/groups/lichtblick", "/groups", "/groups/print", "/groups?near=50667"):
        page = browser.get(prefix + path)
        assert page.find("script", text="alert") is None
    if given.get("contact"):
        assert "4710 123" not in browser.get(f"{prefix}/groups/lichtblick").text


def test_a_group_that_is_not_listed_is_not_found(browser, session):
    with transaction() as writing:
        make_group(writing, state="paused")
    for path in ("/groups/lichtblick", "/groups/lichtblick/report"):
        browser.get(path, status=404)


RULES = [
    make_rule(),
    make_rule(weekday=7, starts_at_local=time(10), interval=2, first_on=date(2025, 2, 3)),
    make_rule(
        weekday=1, interval=5, first_on=date(2026, 1, 1), starts_at_local=time(23), duration_minutes=180
    ),
    make_rule(frequency="monthly_weekday", weekday=2, ordinals=(1, 3)),
    make_rule(frequency="monthly_weekday", weekday=5, ordinals=(-1,), interval=2, first_on=date(2025, 5, 20)),
    make_rule(frequency="monthly_weekday", weekday=6, ordinals=(5,)),
    make_rule(
        frequency="monthly_weekday", weekday=4, ordinals=(5, -1, 2), interval=3, first_on=date(2024, 3, 31)
    ),
    make_rule(weekday=4, until_on=date(2027, 3, 25)),
    make_rule(first_on=date(2027, 6, 1)),
]


@pytest.mark.parametrize("number", range(len(RULES)))
def test_the_calendar_holds_the_same_dates_as_the_rule_for_five_hundred_days(client, session, number):
    rule = RULES[number]
    with transaction() as writing:
        make_group(writing, series=[rule])
    answer = client.get("/groups/lichtblick/calendar.ics")
    assert answer.mimetype == "text/calendar"
    start = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    end = start + timedelta(days=500)
    found = recurring_ical_events.of(Calendar.from_ical(answer.data)).between(start, end)
    moments = sorted(
        (event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC))
        for event in found
        if start <= event["DTSTART"].dt < end
    )
    expected = [
        (each.starts_at.astimezone(UTC), each.ends_at.astimezone(UTC))
        for each in spans(rule, start=start, end=end)
    ]
    assert moments == expected


def test_the_calendar_of_a_group_without_dates_is_empty_but_valid(client, session):
    over = make_rule(first_on=date(2020, 1, 1), until_on=date(2020, 2, 1))
    with transaction() as writing:
        make_group(writing, series=[over])
    calendar = Calendar.from_ical(client.get("/groups/lichtblick/calendar.ics").data)
    assert list(calendar.walk("VEVENT")) == []


def test_a_calendar_names_the_place_only_when_it_is_disclosed(client, session):
    with transaction() as writing:
        house = make_house(writing)
        make_group(writing, clearinghouse_id=house)
        make_group(writing, clearinghouse_id=house, name="Schutzraum", disclosure="area")
    for slug, place in (("lichtblick", "Bürgerhaus, Lindenallee 3, 50667 Köln"), ("schutzraum", None)):
        (event,) = Calendar.from_ical(client.get(f"/groups/{slug}/calendar.ics").data).walk("VEVENT")
        assert event.get("location") == place
        assert event.get("uid")


# Something is wrong with this listing


def reports(session):
    return reports_kept(session)


def mails(session):
    return session.scalars(sa.select(OutboxMail)).all()


def test_a_mistake_is_told_to_the_clearing_house(browser, session, group):
    browser.get(f"/en/groups/{group}")
    browser.follow("Something is wrong with this listing")
    page = browser.submit(
        {"reason": "time", "message": "They meet at eight.", "reply_to": "me@home.example"}, button="Send"
    )
    assert page.heading == "Thank you"
    (report,) = reports(session)
    assert (report.reason, report.message, report.reply_to) == (
        "time",
        "They meet at eight.",
        "me@home.example",
    )
    (mail,) = mails(session)
    assert mail.to_address == "info@kontaktstelle-koeln.example"
    assert "Lichtblick" in mail.subject
    for words in ("They meet at eight.", "me@home.example", "http://localhost/groups/lichtblick"):
        assert words in mail.body_text


def test_a_mistake_may_be_told_without_a_word(browser, session, group):
    browser.get(f"/en/groups/{group}/report")
    browser.submit({"reason": "closed"}, button="Send")
    assert [report.message for report in reports(session)] == [""]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"message": "Something is odd."}, "reason"),
        ({"reason": "other", "message": "Odd.", "reply_to": "no address"}, "reply_to"),
        ({"reason": "other", "message": "x" * 2001}, "message"),
    ],
    ids=["no reason", "no address", "too long"],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(
    browser, session, group, typed, field
):
    browser.get(f"/en/groups/{group}/report")
    page = browser.submit(typed, button="Send", status=400)
    errors = [read(each) for each in page.find_all() if "error" in (each.get("id") or "")]
    assert any(len(error) > 15 for error in errors), page.html
    assert read(page.get("textarea", name="message")) == typed.get("message", "")
    assert reports(session) == []
    assert mails(session) == []


def test_a_form_from_a_foreign_page_is_refused_and_what_was_typed_is_kept(browser, session, group):
    page = browser.get(f"/groups/{group}/report")
    token = page.get("input", name="form_token").get("value")
    page = browser.post(
        f"/groups/{group}/report",
        data={"form_token": token, "reason": "other", "message": "Hallo"},
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        status=400,
    )
    assert read(page.get("textarea", name="message")) == "Hallo"
    assert reports(session) == []


def test_a_program_that_fills_in_every_field_is_thanked_and_ignored(browser, session, group):
    page = browser.get(f"/en/groups/{group}/report")
    trap = page.get("input", name="website_url")
    assert trap is not None
    page = browser.submit({"reason": "other", "website_url": "https://spam.example"}, button="Send")
    assert page.heading == "Thank you"
    assert reports(session) == []
    assert mails(session) == []


def test_no_page_of_a_visitor_sets_a_cookie(client, group):
    for path in ("/", "/groups", f"/groups/{group}", f"/groups/{group}/report", "/topics"):
        assert "Set-Cookie" not in client.get(path).headers


def test_moments_are_shown_in_german_time(browser, session):
    with transaction() as writing:
        make_group(writing, series=[make_rule(starts_at_local=time(0, 30))])
    page = browser.get("/groups/lichtblick")
    first = page.find_all("time")[0]
    assert datetime.fromisoformat(first.get("datetime")).strftime("%H:%M") == "00:30"
    assert "00:30" in read(first)


def test_a_group_with_one_added_date_and_no_rhythm_does_not_say_by_appointment(client, session):
    with transaction() as writing:
        group = make_group(writing, series=[make_rule(until_on=clock.now().date() - timedelta(days=1))])
        series = writing.scalar(sa.select(MeetingSeries.id).where(MeetingSeries.group_id == group))
    with client.application.test_request_context("/"), transaction() as writing:
        add_date(writing, series, clock.now().date() + timedelta(days=9), now=clock.now())
    assert "nach Absprache" not in client.get("/groups?near=50667").text
    assert "zusätzlicher Termin" in client.get("/groups?near=50667").text
