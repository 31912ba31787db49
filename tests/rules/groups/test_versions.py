"""What of an edit is shown at once, what waits, and how two versions are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.listing import ContactField, disclosed_contact
from app.groups.rules.versions import (
    CONTACT_FIELDS,
    FIELDS,
    adds_a_way_to_be_reached,
    carry_over,
    changed_fields,
    compare_words,
    is_shown,
    is_small_change,
    split_edit,
    without_lost_consents,
)

AT = "2026-01-05T10:00:00+00:00"
LATER = "2026-02-05T10:00:00+00:00"
PLACE = {"name": "Bürgerhaus", "street": "Lindenallee 3", "postcode": "50667", "town": "Köln"}
TEXT = "Wir hören einander zu, ohne Ratschläge zu geben, und trinken dabei gern einen Tee."


def contact(value="", consented_at=None):
    return {"value": value, "consented_at": consented_at}


def content(**given_):
    usual = {
        "name": "Lichtblick",
        "topics": ["depression"],
        "description": TEXT,
        "first_visit": "",
        "for_whom": ["affected"],
        "audiences": [],
        "languages": ["de"],
        "format": "in_person",
        "access": [],
        "status": "open",
        "place": PLACE,
        "disclosure": "area",
        "contact_way": "phone",
        "contact_name": contact("Petra", AT),
        "contact_phone": contact("0221 4710815", AT),
        "contact_email": contact("petra@example.org"),
        "website": "https://licht.example",
    }
    return {**usual, **given_}


PUBLICITY = ("clearinghouse", "area", "exact")
contacts = st.builds(contact, st.sampled_from(("", "a", "b")), st.sampled_from((None, AT, LATER)))
contents = st.builds(
    content,
    name=st.sampled_from(("Lichtblick", "Mut")),
    topics=st.sampled_from((["depression"], ["angst", "depression"])),
    description=st.sampled_from((TEXT, TEXT + " Und Kaffee.", "Etwas ganz anderes steht hier jetzt.")),
    first_visit=st.sampled_from(("", "Einfach kommen.", "Tel. 0221 4711")),
    for_whom=st.sampled_from((["affected"], ["affected", "relatives"])),
    audiences=st.sampled_from(([], ["young"])),
    format=st.sampled_from(("in_person", "hybrid", "online")),
    status=st.sampled_from(("open", "waiting_list", "founding")),
    place=st.sampled_from((PLACE, {**PLACE, "street": "Rosenweg 1"}, None)),
    disclosure=st.sampled_from(PUBLICITY),
    contact_way=st.sampled_from(("clearinghouse", "phone", "email", "website")),
    contact_name=contacts,
    contact_phone=contacts,
    contact_email=contacts,
    website=st.sampled_from(("", "https://a.example", "https://b.example")),
).filter(lambda each: each["format"] == "online" or each["place"] is not None)


def public(version):
    """What everybody can read of the contact."""
    fields = {
        field.removeprefix("contact_"): ContactField(version[field]["value"], version[field]["consented_at"])
        for field in CONTACT_FIELDS
    }
    shown = disclosed_contact(way=version["contact_way"], has_website=bool(version["website"]), **fields)
    return {shown.name, shown.phone, shown.email, version["website"]} - {""}


@given(contents, contents)
def test_every_field_is_shown_as_wished_or_waits_and_nothing_gets_lost(old, new):
    split = split_edit(old, new, read_by_staff=old["description"])
    assert changed_fields(old, new) == tuple(
        field for field in FIELDS if field in set(changed_fields(old, new))
    )
    for field in FIELDS:
        if field not in {*split.live, *split.waiting}:
            assert changed_fields({**old, field: split.shown[field]}, {**old, field: new[field]}) == ()
        if field not in split.waiting:
            assert (
                split.shown[field] == new[field]
                or field in CONTACT_FIELDS
                or split.shown[field] == old[field]
            )
    assert changed_fields({**split.shown, **{field: new[field] for field in split.waiting}}, new) == ()


@given(contents, contents)
def test_what_is_shown_at_once_tells_no_more_than_before(old, new):
    shown = split_edit(old, new, read_by_staff=old["description"]).shown
    assert public(shown) <= public(old)
    assert PUBLICITY.index(shown["disclosure"]) <= PUBLICITY.index(old["disclosure"])
    assert (
        shown["place"] in {None, old["place"]}
        if old["place"] is None
        else shown["place"] in (None, old["place"])
    )
    assert shown["format"] == "online" or shown["place"] is not None
    assert (shown["name"], shown["topics"]) == (old["name"], old["topics"])


@given(contents, contents)
def test_what_is_taken_back_is_gone_at_once(old, new):
    shown = split_edit(old, new, read_by_staff=old["description"]).shown
    for field in CONTACT_FIELDS:
        assert not is_shown(shown[field]) or is_shown(new[field])
    if not new["website"]:
        assert not shown["website"]
    assert PUBLICITY.index(shown["disclosure"]) <= max(
        PUBLICITY.index(new["disclosure"]), PUBLICITY.index(old["disclosure"])
    )
    if new["contact_way"] == "clearinghouse":
        assert shown["contact_way"] == "clearinghouse"


@given(contents, contents)
def test_who_sends_the_same_once_more_changes_nothing_more(old, new):
    first = split_edit(old, new, read_by_staff=old["description"])
    second = split_edit(first.shown, new, read_by_staff=old["description"])
    assert second.live == () or set(second.live) <= {"description", "place", "first_visit"}


@pytest.mark.parametrize(
    ("change", "live", "waiting"),
    [
        ({"name": "Mut"}, (), ("name",)),
        ({"topics": ["angst"]}, (), ("topics",)),
        ({"languages": ["de", "tr"], "access": ["lift"]}, ("languages", "access"), ()),
        ({"first_visit": "Einfach kommen."}, ("first_visit",), ()),
        ({"first_visit": "Anruf unter 0176 1234567"}, (), ("first_visit",)),
        ({"description": TEXT.replace("Ratschläge", "Ratschlag")}, ("description",), ()),
        ({"description": "Wir verkaufen Heizdecken, kommen Sie zur Fahrt."}, (), ("description",)),
        ({"description": TEXT + " www.heizdecken.example"}, (), ("description",)),
        ({"status": "waiting_list"}, ("status",), ()),
        ({"status": "founding"}, (), ("status",)),
        ({"disclosure": "clearinghouse"}, ("disclosure",), ()),
        ({"disclosure": "exact"}, (), ("disclosure",)),
        (
            {"place": {**PLACE, "street": "Rosenweg 1"}, "disclosure": "clearinghouse"},
            ("disclosure",),
            ("place",),
        ),
        ({"format": "online", "place": None}, ("format", "place"), ()),
        ({"format": "hybrid"}, (), ("format",)),
        ({"website": ""}, ("website",), ()),
        ({"website": "https://other.example"}, (), ("website",)),
        ({"contact_phone": contact("0221 4710815")}, ("contact_phone",), ()),
        ({"contact_phone": contact()}, ("contact_phone",), ()),
        ({"contact_phone": contact("0221 999", AT)}, (), ("contact_phone",)),
        ({"contact_phone": contact("0221 4710815", LATER)}, (), ()),
        ({"contact_email": contact("petra@example.org", AT)}, (), ("contact_email",)),
        ({"contact_email": contact("neu@example.org")}, (), ("contact_email",)),
        ({"contact_way": "clearinghouse"}, ("contact_way",), ()),
        ({"contact_way": "email"}, (), ("contact_way",)),
    ],
    ids=str,
)
def test_harmless_and_less_public_is_shown_at_once_the_rest_waits(change, live, waiting):
    split = split_edit(content(), content(**change), read_by_staff=TEXT)
    assert (split.live, split.waiting) == (live, waiting)


def test_a_mail_address_that_was_shown_and_is_replaced_vanishes_and_the_new_one_waits():
    old = content(contact_email=contact("petra@example.org", AT))
    split = split_edit(old, content(contact_email=contact("neu@example.org")), read_by_staff=TEXT)
    assert split.shown["contact_email"] == contact("petra@example.org")
    assert (split.live, split.waiting) == (("contact_email",), ("contact_email",))


def test_many_small_corrections_do_not_add_up_to_another_text():
    words = ["eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"]
    read = " ".join(words)
    steps = 0
    for number in range(len(words)):
        words[number] = f"anders{number}"
        steps += (
            split_edit(
                content(description=read), content(description=" ".join(words)), read_by_staff=read
            ).waiting
            == ()
        )
    assert steps == 2


@pytest.mark.parametrize(
    ("old", "new", "is_small"),
    [
        ("", "Neu hier", True),
        ("", "Ganz neu hier", False),
        (TEXT, TEXT, True),
        (TEXT, TEXT.upper(), False),
        (" ".join(["wort"] * 100), " ".join(["wort"] * 90 + ["neu"] * 10), True),
        (" ".join(["wort"] * 100), " ".join(["wort"] * 89 + ["neu"] * 11), False),
    ],
)
def test_a_small_change_is_two_words_or_every_tenth(old, new, is_small):
    assert is_small_change(old, new) is is_small


@pytest.mark.parametrize(
    ("text", "is_reached"),
    [
        ("Raum 12, um 19:30 Uhr", False),
        ("ruf an: 0221/4711-0815", True),
        ("+49 (221) 471 108", True),
        ("petra@example.org", True),
        ("siehe gruppe-köln.de", True),
        ("HTTPS://x.example", True),
    ],
)
def test_numbers_and_addresses_in_a_text_are_seen(text, is_reached):
    assert adds_a_way_to_be_reached("", text) is is_reached
    assert not adds_a_way_to_be_reached(text, text)


@given(contents, contents, contents)
def test_what_waits_stays_on_top_of_what_was_approved_meanwhile(base, waiting, approved):
    carried = carry_over(base, waiting, approved)
    for field in changed_fields(base, waiting):
        assert carried[field] == waiting[field]
    assert carry_over(base, waiting, base) == {
        **base,
        **{f: waiting[f] for f in changed_fields(base, waiting)},
    }
    assert changed_fields(carry_over(base, base, approved), approved) == ()
    assert carried["format"] == "online" or carried["place"] is not None


@given(contents, contents)
def test_a_consent_that_was_withdrawn_does_not_come_back_with_an_old_version(old, current):
    restored = without_lost_consents(old, current)
    assert public(restored) - {old["website"]} <= public(current)
    assert all(restored[field]["value"] == old[field]["value"] for field in CONTACT_FIELDS)
    assert without_lost_consents(old, old).keys() == set(FIELDS)


texts = st.text("ab ä\n.,", max_size=60)


@given(texts, texts)
def test_the_pieces_of_a_comparison_are_the_texts_again(old, new):
    left, right = compare_words(old, new)
    assert "".join(piece.text for piece in left) == old
    assert "".join(piece.text for piece in right) == new
    same_left = " ".join(p.text for p in left if not p.is_changed).split()
    assert same_left == " ".join(p.text for p in right if not p.is_changed).split()
    if old.strip() and new.strip():
        assert any(p.is_changed for p in left + right) == (old.split() != new.split())


def test_long_texts_without_a_common_word_are_compared_as_a_whole():
    left, right = compare_words("a " * 2_500, "b " * 2_500)
    assert [len(left), len(right)] == [1, 1]
