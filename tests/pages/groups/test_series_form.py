"""The form of a series: any rhythm is entered, every mistake gets its sentence, nothing typed is lost."""

from __future__ import annotations

import time as stopwatch
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from app.groups.meetings.closures import Owner, close
from app.groups.meetings.schedules import day_of, rule_of
from app.groups.models import Group, MeetingPlace, MeetingSeries
from app.groups.rules.recurrence import days
from app.shared import clock
from tests.builders.groups import make_group, make_house, make_place, make_rule
from tests.support.page import read

FORM = "/accounts/groups/lichtblick/meetings/new"
WEEKLY = {"rhythm": "weekly", "weekdays": ["2"], "starts_at": "19:00", "ends_at": "20:30"}


@pytest.fixture
def group(session):
    """A group in Köln without any series."""
    return make_group(session, series=[])


@pytest.fixture
def contact(signed_in, group):
    """A browser of its contact, on the form of a new series."""
    browser = signed_in("group_contact", group=group)
    browser.get(FORM)
    return browser


def stored(session, group):
    session.expire_all()
    return list(session.scalars(sa.select(MeetingSeries).where(MeetingSeries.group_id == group)))


def next_day(weekday):
    today = day_of(clock.now())
    return today + timedelta(days=(weekday - today.isoweekday()) % 7)


def beside(page, name):
    """The sentence beside a field."""
    error = page.find(id=f"{name}-error")
    return "" if error is None else read(error)


def value_of(page, name):
    control = page.get("input", name=name)
    return control.get("value")


def test_a_weekly_series_needs_four_fields_and_is_on_the_public_page_at_once(contact, session, group):
    page = contact.submit(WEEKLY, button="Speichern")
    assert page.heading == "Termine: Lichtblick"
    assert "Die Reihe ist gespeichert." in page.text
    assert "Jeden Dienstag, 19:00–20:30 Uhr" in page.text
    (series,) = stored(session, group)
    assert (series.weekdays, series.duration_minutes, series.format) == ([2], 90, "in_person")
    assert "jeden Dienstag, 19:00–20:30 Uhr" in contact.get("/groups/lichtblick").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"rhythm": "weeks", "weeks_between": "3", "weekdays": ["1", "4"]},
            "Alle 3 Wochen am Montag und Donnerstag",
        ),
        (
            {"rhythm": "month_weekday", "ordinals": ["1", "3"], "weekdays": ["2"]},
            "Jeden 1. und 3. Dienstag im Monat",
        ),
        (
            {"rhythm": "month_weekday", "ordinals": ["-1"], "weekdays": ["5"]},
            "Jeden letzten Freitag im Monat",
        ),
        ({"rhythm": "month_day", "month_days": "1. und 15."}, "Am 1. und 15. jedes Monats"),
        ({"rhythm": "month_day", "month_days": "letzter", "months_between": "2"}, "letzten Tag"),
        ({"rhythm": "yearly", "first_on": "2027-12-03"}, "Jedes Jahr am 3. Dezember"),
        (
            {"rhythm": "yearly", "yearly_by": "weekday", "first_on": "2027-12-03"},
            "Jedes Jahr am 1. Freitag im Dezember",
        ),
        (
            {"rhythm": "dates", "dates": "3.12.2027, 7.1. und 4.2.2028"},
            "Am 3. Dez. 2027, 7. Jan. 2028 und 4. Feb. 2028",
        ),
        ({"rhythm": "appointment", "starts_at": "", "ends_at": ""}, "Nach Vereinbarung"),
        (
            {"rhythm": "weekly", "weekdays": ["6"], "starts_at": "22:00", "ends_at": "00:30"},
            "22:00–00:30 Uhr",
        ),
        ({"skips_public_holidays": "y"}, "Jeden Dienstag, 19:00–20:30 Uhr; nicht an Feiertagen"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_rhythm_is_entered_said_back_in_words_and_comes_back_into_its_form(
    fields, words, contact, session, group
):
    page = contact.submit({**WEEKLY, **fields}, button="Vorschau")
    assert words in page.text
    assert stored(session, group) == []
    contact.submit(button="Speichern")
    (series,) = stored(session, group)
    before = rule_of(series)
    contact.get(f"/accounts/groups/lichtblick/meetings/{series.id}")
    contact.submit(button="Speichern")
    (series,) = stored(session, group)
    after = rule_of(series)
    first = list(zip(days(before, since=before.first_on), range(20), strict=False))
    assert first == list(zip(days(after, since=after.first_on), range(20), strict=False))
    assert (before.starts_at_local, before.duration_minutes) == (
        after.starts_at_local,
        after.duration_minutes,
    )


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"starts_at": "20:00", "ends_at": "19:00"}, "ends_at", "Das Ende muss nach dem Beginn liegen."),
        ({"ends_at": "19:00"}, "ends_at", "Das Ende muss nach dem Beginn liegen."),
        ({"ends_at": ""}, "ends_at", "Bitte geben Sie die Uhrzeit an"),
        ({"starts_at": "abends"}, "starts_at", "Bitte schreiben Sie die Uhrzeit so"),
        ({"rhythm": "weeks", "weeks_between": "0"}, "weeks_between", "ganze Zahl von 1 bis 52"),
        ({"rhythm": "weeks", "weeks_between": "zwei"}, "weeks_between", "ganze Zahl"),
        (
            {"rhythm": "month_day", "month_days": "15", "months_between": "0"},
            "months_between",
            "ganze Zahl von 1 bis 52",
        ),
        ({"rhythm": "month_day", "month_days": "32"}, "month_days", "von 1 bis 31"),
        ({"rhythm": "month_day", "month_days": "Mitte"}, "month_days", "als Zahlen"),
        ({"first_on": "31.02.2027"}, "first_on", "Den Tag „31.02.2027“ gibt es nicht."),
        ({"rhythm": "yearly", "first_on": "2027-02-31"}, "first_on", "Den Tag „2027-02-31“ gibt es nicht."),
        ({"first_on": "9999-12-31"}, "first_on", "gibt es nicht"),
        ({"first_on": ""}, "first_on", "ab welchem Tag"),
        (
            {"first_on": "2027-03-03", "until_on": "2027-03-01"},
            "until_on",
            "Bis zu diesem Tag gibt es kein Treffen",
        ),
        (
            {"first_on": "2027-03-03", "until_on": "2027-03-04"},
            "until_on",
            "Bis zu diesem Tag gibt es kein Treffen",
        ),
        ({"first_on": "2020-01-01", "until_on": "2020-12-31"}, "until_on", "Alle diese Termine sind vorbei."),
        ({"weekdays": []}, "weekdays", "mindestens einen Wochentag"),
        ({"rhythm": "month_weekday", "ordinals": []}, "ordinals", "der erste, der letzte"),
        ({"rhythm": "dates", "dates": ""}, "dates", "mindestens einen Termin"),
        ({"rhythm": "dates", "dates": "3.12.2027, bald"}, "dates", "„bald“ haben wir nicht verstanden."),
        ({"rhythm": "dates", "dates": "31.2.2027"}, "dates", "Den Tag „31.2.2027“ gibt es nicht."),
        ({"rhythm": "dates", "dates": "1.1.2020"}, "dates", "Alle diese Termine sind vorbei."),
        ({"zone": "Europe/Atlantis"}, "zone", "Zeitzone"),
        ({"zone": "../../etc/passwd"}, "zone", "Zeitzone"),
        ({"format": "online", "online_link": "Zoom"}, "online_link", "https://"),
        ({"where_note": "x" * 300}, "where_note", "200"),
        ({"place_kind": "other", "postcode": "506", "town": "Köln"}, "postcode", "fünf Ziffern"),
        ({"place_kind": "other", "postcode": "50667", "town": ""}, "town", "Ort"),
        (
            {"place_kind": "other", "postcode": "50667", "town": "Köln"},
            "place_name",
            "die Straße oder den Namen",
        ),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_mistake_is_told_beside_its_field_and_everything_typed_is_still_there(
    fields, field, sentence, contact, session
):
    typed = {**WEEKLY, "where_note": "Raum 2", **fields}
    page = contact.submit(typed, button="Speichern", status=400)
    assert sentence in beside(page, field)
    assert page.find("a", href=f"#{field}") is not None
    for name, value in typed.items():
        if name == "dates":
            assert read(page.get("textarea", name=name)) == value
        elif isinstance(value, str) and name not in {"rhythm", "format", "place_kind"}:
            assert value_of(page, name) == value
        else:
            wanted = [value] if isinstance(value, str) else value
            ticked = [
                box.get("value")
                for box in page.find_all("input", name=name)
                if box.get("checked") is not None
            ]
            assert ticked == wanted
    assert session.scalars(sa.select(MeetingSeries)).all() == []


@pytest.mark.parametrize("between", [", ", "\n", " "])
def test_ten_thousand_dates_are_refused_at_once_and_stay_in_the_field(between, contact, session, group):
    text = between.join(f"{1 + n % 28}.{1 + n % 12}.2027" for n in range(10_000))
    began = stopwatch.perf_counter()
    page = contact.submit({**WEEKLY, "rhythm": "dates", "dates": text}, button="Speichern", status=400)
    assert stopwatch.perf_counter() - began < 3
    assert "höchstens 400" in beside(page, "dates")
    assert len(page.get("textarea", name="dates").text) >= len(text)
    assert stored(session, group) == []


def test_a_mistake_in_a_field_of_another_rhythm_does_not_count(contact, session, group):
    contact.submit(
        {**WEEKLY, "weeks_between": "null", "month_days": "x", "dates": "bald"}, button="Speichern"
    )
    assert len(stored(session, group)) == 1


def test_without_javascript_a_day_is_put_on_the_list_by_a_button(contact):
    page = contact.submit(
        {**WEEKLY, "rhythm": "dates", "dates": "3.12.2027", "date_to_add": "2027-11-30"},
        button="In die Liste",
    )
    assert page.get("textarea", name="dates").text.split() == ["30.11.2027", "3.12.2027"]
    assert value_of(page, "date_to_add") == ""
    assert "Di., 30. November 2027" in page.text


def test_the_preview_shows_ten_dates_that_take_place_and_strikes_out_holidays_breaks_and_closed_places(
    contact, session, group
):
    place = session.scalar(sa.select(Group.place_id).where(Group.id == group))
    first = next_day(5)
    now = clock.now()
    close(session, Owner(group_id=group), first_on=first, last_on=first, reason="Ausflug", now=now)
    later = first + timedelta(days=7)
    close(session, Owner(place_id=place), first_on=later, last_on=later, reason="Wasserschaden", now=now)
    session.commit()
    page = contact.submit(
        {
            **WEEKLY,
            "weekdays": ["5"],
            "ends_at": "20:00",
            "skips_public_holidays": "y",
            "first_on": first.isoformat(),
        },
        button="Vorschau",
    )
    listed = [read(item) for item in page.find_all("li", within=page.get(id="preview"))]
    gone = [read(item) for item in page.find_all("s", within=page.get(id="preview"))]
    assert len(listed) - len(gone) == 10
    assert "Ausflug" in listed[0]
    assert "Wasserschaden" in listed[1]
    assert "Nordrhein-Westfalen" in page.text


def test_a_public_holiday_is_left_out_by_name_and_the_land_is_that_of_the_address(contact):
    fields = {**WEEKLY, "rhythm": "dates", "dates": "6.1.2028, 7.1.2028", "skips_public_holidays": "y"}
    assert "Heilige Drei Könige" not in contact.submit(fields, button="Vorschau").text
    munich = {**fields, "place_kind": "other", "street": "Tal 1", "postcode": "80331", "town": "München"}
    page = contact.submit(munich, button="Vorschau")
    assert "Heilige Drei Könige" in read(page.get(id="preview"))
    assert "Bayern" in read(page.get(id="preview"))


def test_clashes_are_named_unless_the_other_groups_place_is_not_to_be_known(contact, session, group):
    house = session.scalar(sa.select(Group.clearinghouse_id).where(Group.id == group))
    rule = make_rule(weekday=2)
    for name, more in {
        "Nachbarn": {},
        "Im Stillen": {"disclosure": "area"},
        "Zurückgezogen": {"state": "paused"},
        "Mittags": {"series": [make_rule(weekday=2, starts_at_local=time(12))]},
        "Anderswo": {"place": make_place(name="Pfarrheim")},
    }.items():
        make_group(session, name=name, clearinghouse_id=house, **{"series": [rule], **more})
    session.commit()
    contact.submit(WEEKLY, button="Speichern")
    contact.get(FORM)
    page = contact.submit({**WEEKLY, "starts_at": "20:00", "ends_at": "21:00"}, button="Vorschau")
    first = read(page.find_all("li", within=page.get(id="preview"))[0])
    assert "zur selben Zeit wie Ihre Reihe „jeden Dienstag, 19:00–20:30 Uhr“" in first
    assert "zur selben Zeit am selben Ort: Nachbarn" in first
    assert first.count("eine andere Gruppe") == 1
    assert [name for name in ("Stillen", "Zurückgezogen", "Mittags", "Anderswo") if name in page.text] == []


def test_a_series_does_not_clash_with_itself(contact, session, group):
    contact.submit(WEEKLY, button="Speichern")
    (series,) = stored(session, group)
    contact.get(f"/accounts/groups/lichtblick/meetings/{series.id}")
    page = contact.submit({"ends_at": "21:00"}, button="Vorschau")
    assert "zur selben Zeit" not in page.text
    contact.submit(button="Speichern")
    assert [each.duration_minutes for each in stored(session, group)] == [120]


def test_all_mistakes_are_told_at_once(contact):
    fields = {
        "weekdays": ["2"],
        "starts_at": "20:00",
        "ends_at": "19:00",
        "place_kind": "other",
        "town": "Köln",
    }
    page = contact.submit(fields, button="Speichern", status=400)
    assert beside(page, "ends_at")
    assert beside(page, "postcode")
    assert len(page.find_all("a", within=page.get("div", class_="notice--danger"))) == 2


def test_pressing_save_twice_stores_one_series(contact, session, group):
    contact.submit(WEEKLY, button="Speichern")
    contact.get(FORM)
    contact.submit(WEEKLY, button="Speichern")
    assert len(stored(session, group)) == 1


def test_the_same_times_at_another_place_or_with_another_link_are_another_series(contact, session, group):
    elsewhere = {"place_kind": "other", "place_name": "Laden", "postcode": "50667", "town": "Köln"}
    hybrid = {"format": "hybrid", "online_link": "https://meet.example/lichtblick"}
    for more in ({}, elsewhere, hybrid, elsewhere, hybrid):
        contact.get(FORM)
        contact.submit({**WEEKLY, **more}, button="Speichern")
    assert len(stored(session, group)) == 3


@pytest.mark.parametrize("weekday", ["9", "x"])
def test_a_weekday_that_was_never_on_the_page_is_refused_in_plain_words(weekday, contact, session, group):
    token = contact.page.get("input", name="form_token").get("value")
    page = contact.post(FORM, data={**WEEKLY, "weekdays": weekday, "form_token": token}, status=400)
    assert beside(page, "weekdays") == "Bitte wählen Sie aus dem, was auf der Seite steht."
    assert stored(session, group) == []


def test_a_series_of_its_own_place_keeps_that_place_when_its_times_change(contact, session, group):
    elsewhere = {
        "place_kind": "other",
        "place_name": "Turm",
        "street": "Am Wall 1",
        "postcode": "50668",
        "town": "Köln",
    }
    contact.submit({**WEEKLY, **elsewhere}, button="Speichern")
    (series,) = stored(session, group)
    place_id = series.place_id
    # Another point at the same address, found first by whoever looks for the address.
    session.add(
        MeetingPlace(
            id=0, name="Turm", street="Am Wall 1", postcode="50668", town="Köln", point_quality="none"
        )
    )
    session.commit()
    contact.get(f"/accounts/groups/lichtblick/meetings/{series.id}")
    contact.submit({"starts_at": "18:00", "ends_at": "19:00"}, button="Speichern")
    assert [each.place_id for each in stored(session, group)] == [place_id]


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "Jeden Dienstag"), ("/en", "Every Tuesday"), ("/nl", "Elke dinsdag")]
)
def test_the_form_and_its_preview_speak_the_language_of_the_page(prefix, words, contact):
    contact.get(prefix + FORM)
    button = {"": "Vorschau", "/en": "Preview", "/nl": "Voorbeeld"}[prefix]
    page = contact.submit(WEEKLY, button=button)
    assert words in read(page.get(id="preview"))
    assert page.language == (prefix.strip("/") or "de")


def test_a_day_before_the_oldest_group_is_refused(contact):
    page = contact.submit({**WEEKLY, "first_on": "1949-12-31"}, button="Speichern", status=400)
    assert beside(page, "first_on")


def test_a_series_that_ended_is_gone_from_the_dates_and_ending_twice_is_once(contact, session, group):
    contact.submit(WEEKLY, button="Speichern")
    contact.follow("Beenden")
    page = contact.submit(button="Reihe beenden")
    assert "Die Reihe ist beendet." in page.text
    assert "Noch kein Termin" in page.text
    assert stored(session, group) == []


def test_somebody_elses_group_is_as_if_it_were_not_there_and_visitors_sign_in_first(
    signed_in, session, browser
):
    house = make_house(session)
    own = make_group(session, clearinghouse_id=house)
    make_group(session, name="Fremde")
    person = signed_in("group_contact", group=own)
    person.get("/accounts/groups/fremde/meetings", status=404)
    person.get("/accounts/groups/keine/meetings", status=404)
    foreign = session.scalar(sa.select(MeetingSeries.id).where(MeetingSeries.group_id != own))
    person.get(f"/accounts/groups/lichtblick/meetings/{foreign}", status=404)
    assert signed_in("desk_staff", clearinghouse=house).get("/accounts/groups/lichtblick/meetings").heading
    signed_in("finance").get("/accounts/groups/lichtblick/meetings", status=404)
    assert browser.get("/accounts/groups/lichtblick/meetings").heading == "Anmelden"


def test_a_group_that_met_since_long_ago_starts_then(contact, session, group):
    contact.submit({**WEEKLY, "first_on": "3.5.1994"}, button="Speichern")
    assert [each.first_on for each in stored(session, group)] == [date(1994, 5, 3)]
