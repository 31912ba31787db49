"""Which notice a group gets, what it must say, and the days that follow from it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.reference_files import notice_texts, served_rules
from app.funding.rules.dispatch import Dispatch, Posting, Sent, address_lines, readdressed
from app.funding.rules.explanation import ASKED, WAITS, WITHDREW
from app.funding.rules.notice_letter import Division, Office, Told, letter
from app.funding.rules.notices import (
    APPROVAL,
    CHANGE,
    KINDS,
    PART,
    REJECTION,
    REVOCATION,
    Decided,
    kind_of,
    notice_number,
    objection_until,
    read_served_rules,
    served_on,
)

OFFICE = Office("GKV Köln", "Weg 1", "50667", "Köln", "Ute Amt", "0221 1", "amt@example.org")
DIVISION = Division("Köln", "3", "600,00 €", "300,00 €", ["Alle bekommen denselben Betrag."])


def told(kind, **given):
    facts = {
        "kind": kind, "group": "Angst {Köln}", "contact": "Kim", "house": ["KISS", "Weg 2", "50668 Köln"], "year": 2026,
        "number": "NRW-2026-B00042", "day": "1. Mai 2026", "request_number": "", "requested": "200,00 €",
        "cents": "100,00 €", "before": "50,00 €", "added": "50,00 €", "reasons": ["Der Topf reichte nicht."],
        "proof": "simple", "due_key": "with_next_request", "due": "31. März 2027", "served_days": 4,
        "replaced": ("NRW-2026-B00007", "1. April 2026"),
    }  # fmt: skip
    return Told(**(facts | given))


@pytest.mark.parametrize(
    ("cents", "codes", "has_notice", "kind"),
    [
        ((200, 0, 200), {ASKED}, False, APPROVAL),
        ((200, 0, 199), {ASKED}, False, PART),
        ((200, 0, 0), {ASKED}, False, REJECTION),
        ((200, 0, 0), {WAITS}, False, None),
        ((200, 0, 0), {WITHDREW}, True, None),
        ((200, 100, 150), {ASKED}, True, CHANGE),
        ((200, 0, 150), {ASKED}, True, CHANGE),
        ((200, 100, 100), {ASKED}, True, None),
        ((200, 100, 150), {ASKED}, False, PART),
    ],
)
def test_the_kind_follows_from_what_was_asked_had_and_given(cents, codes, has_notice, kind):
    assert kind_of(Decided(*cents, codes=codes), has_notice=has_notice) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_notice_has_reasons_and_remedy_and_every_grant_proof_and_audit(kind):
    """Row 26 of the acceptance facts: §§ 35, 36 SGB X, § 17 SVHV."""
    made = letter(notice_texts(), told(kind), OFFICE, DIVISION)
    sections = {
        each["heading"]: " ".join([*each["text"], *each["items"], *each["after"]])
        for each in made["sections"]
    }
    remedy = sections["Rechtsbehelfsbelehrung"]
    assert "eines Monats" in remedy
    assert "GKV Köln, Weg 1, 50667 Köln" in remedy
    assert "am 4. Tag" in remedy
    assert sections["Begründung"]
    is_grant = kind in {APPROVAL, PART, CHANGE}
    assert ("§ 17 SVHV" in sections.get("Recht zur Prüfung", "")) == is_grant
    assert ("31. März 2027" in sections.get("So weisen Sie die Verwendung nach", "")) == is_grant
    assert ("31. Dezember 2026" in sections.get("Zweck und Zeitraum", "")) == is_grant
    if kind != REVOCATION:
        assert "Der Topf reichte nicht." in sections["Begründung"]
        assert "Ermessen" in sections["Was wir abgewogen haben"]
        assert "Alle bekommen denselben Betrag." in sections["Was wir abgewogen haben"]
    if kind in {CHANGE, REVOCATION}:
        assert "NRW-2026-B00007" in made["lead"][0]
    assert "Angst {Köln}" in made["subject"]  # what people typed is never a placeholder
    assert made["to"] == ["Angst {Köln}", "z. Hd. Kim", "über KISS", "Weg 2", "50668 Köln"]
    assert made["facts"][0] == ["Aktenzeichen", "NRW-2026-B00042"]


def test_a_small_grant_needs_a_confirmation_a_large_one_a_full_proof():
    simple, full = (
        letter(notice_texts(), told(APPROVAL, proof=proof), OFFICE, DIVISION)["sections"][3]["text"][0]
        for proof in ("simple", "full")
    )
    assert "genügt eine Bestätigung" in simple
    assert "Einnahmen und Ausgaben" in full


def test_a_notice_counts_as_served_after_three_days_and_since_2025_after_four():
    rules = served_rules()
    assert served_on(Sent(date(2024, 12, 31)), rules) == date(2025, 1, 3)
    assert served_on(Sent(date(2025, 1, 1)), rules) == date(2025, 1, 5)  # a Sunday, and stays one
    assert served_on(Sent(date(2025, 1, 1), is_read=True), rules) == date(2025, 1, 1)
    for wrong in ("[]", '[{"since": "2025-01-01", "days": 0, "source": ""}]'):
        with pytest.raises(ValueError, match="need a day"):
            read_served_rules(wrong)


def test_one_can_object_for_a_month_until_a_working_day():
    assert objection_until(date(2026, 1, 31)) == date(2026, 3, 2)  # 28 February is a Saturday
    assert objection_until(date(2026, 3, 25), {date(2026, 4, 27)}) == date(2026, 4, 28)
    assert objection_until(date(2026, 12, 8)) == date(2027, 1, 8)


DAYS = st.dates(date(2001, 1, 1), date(2100, 1, 1))


@given(DAYS, st.sets(st.integers(25, 45)))
def test_there_is_always_about_a_month_and_it_ends_on_the_first_working_day_from_then(served, free):
    free_days = {served + timedelta(days=number) for number in free}
    last = objection_until(served, free_days)
    plain = same_day_next_month(served)
    assert timedelta(days=28) <= last - served <= timedelta(days=31 + 21 + 6)
    assert (plain.day == served.day) or (plain + timedelta(days=1)).day == 1  # § 64 (2) SGG
    assert is_working(last, free_days)
    between = (plain + timedelta(days=number) for number in range((last - plain).days))
    assert not any(is_working(day, free_days) for day in between)  # nobody gets a working day more
    assert objection_until(served + timedelta(days=1), free_days) >= last


def same_day_next_month(day):
    later = day.replace(day=1) + timedelta(days=32)
    while True:
        try:
            return later.replace(day=day.day)
        except ValueError:  # a month that is too short: its last day
            day -= timedelta(days=1)


def is_working(day, free_days):
    return day.weekday() < 5 and day not in free_days


@given(
    st.none() | DAYS,
    st.none() | DAYS,
    st.lists(st.tuples(DAYS, st.booleans()), max_size=4),
    st.booleans(),
)
def test_no_time_runs_from_what_came_back_and_else_from_the_first_that_did_not(
    mailed, opened, posted, is_back
):
    postings = tuple(Posting(day, day + timedelta(days=6) if back else None) for day, back in posted)
    sent = Dispatch(mailed, opened, postings, is_back and mailed is not None).sent
    arrived = [day for day, back in posted if not back]
    if mailed and not is_back:
        arrived.append(mailed)
    elif mailed and opened:
        arrived.append(opened)
    assert (sent.on if sent else None) == min(arrived, default=None)


@given(st.text(max_size=250))
def test_an_address_fits_the_window_or_is_refused_with_a_reason(text):
    try:
        lines = address_lines(text)
    except ValueError as error:
        why = error.args[0]
    else:
        why = ""
        assert lines == address_lines("\n".join(lines))
        assert len(lines) <= 4
    assert why in {"", "lines", "signs", "postcode"}


def test_an_address_takes_the_place_of_the_house_below_the_person():
    lines = address_lines("  c/o Kim \n\n Weg  2\n50667 Köln")
    assert lines == ("c/o Kim", "Weg 2", "50667 Köln")
    old = ["Gruppe", "z. Hd. Kim", "über KISS", "Weg 1", "50668 Köln"]
    assert readdressed(old, lines, "z. Hd. ") == ["Gruppe", "z. Hd. Kim", *lines]
    assert readdressed(["Verband", "Weg 1"], lines, "z. Hd. ") == ["Verband", *lines]
    assert readdressed(old, (), "z. Hd. ") == old


def test_a_notice_has_a_number_that_no_request_has():
    assert notice_number("nordrhein-westfalen", 2026, 42) == "NRW-2026-B00042"
    assert notice_number("koeln", 2026, 100_000) == "KOELN-2026-B100000"
