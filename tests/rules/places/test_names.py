"""Names that people write in many ways meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.places.rules.names import fold, fold_plain, head_of, is_good_alternate, without_little_words


@pytest.mark.parametrize("written", ["Köln", "KÖLN", "Koeln", " köln ", "Ko\u0308ln", "ＫＯＥＬＮ", "Köln!"])
def test_a_name_with_an_umlaut_meets_its_spellings(written):
    assert fold(written) == "koeln"


def test_an_umlaut_written_bare_meets_the_plain_form():
    assert fold("Koln") == fold_plain("Köln") == "koln"
    assert fold_plain("Gießen") == fold("GIESSEN") == "giessen"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Frankfurt (Oder)", "frankfurt oder"),
        ("Frankfurt/Oder", "frankfurt oder"),
        ("St. Ingbert", "sankt ingbert"),
        ("Sankt  Ingbert", "sankt ingbert"),
        ("Brême", "breme"),
        ("Łódź", "lodz"),
        ("Neustadt_Süd", "neustadt sued"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_accents_punctuation_and_saints_are_written_alike(written, folded):
    assert fold(written) == folded


@given(st.text(max_size=60))
def test_folding_any_text_leaves_words_with_single_spaces(text):
    for folded in (fold(text), fold_plain(text)):
        assert folded == " ".join(folded.split())
        assert not set(folded) & set(".,;()/-_'\"äöüßÄÖÜ")


@pytest.mark.parametrize(
    ("folded", "loose"),
    [
        ("frankfurt an der oder", "frankfurt oder"),
        ("weil am rhein", "weil rhein"),
        ("au am rhein", "au rhein"),
        ("am ende", "am ende"),
        ("am", "am"),
        ("", ""),
    ],
)
def test_little_words_can_be_left_out_but_never_the_first(folded, loose):
    assert without_little_words(folded) == loose


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("Frankfurt (Oder)", "Frankfurt"),
        ("Frankfurt am Main", "Frankfurt"),
        ("Weil der Stadt", "Weil"),
        ("Neustadt a.d. Waldnaab", "Neustadt"),
        ("Bad Homburg v.d. Höhe", None),
        ("Köln", None),
        ("Amberg", None),
        ("Neustadt/Süd", None),
        ("Bad Neustadt an der Saale", "Bad Neustadt"),
    ],
)
def test_the_name_before_a_by_name_is_known(name, head):
    assert head_of(name) == head


@pytest.mark.parametrize("alternate", ["Cologne", "Frankfurt/Main", "Halle (Westf.)", "Össi"])
def test_an_alternate_in_latin_letters_with_a_capital_is_good(alternate):
    assert is_good_alternate(alternate)


@pytest.mark.parametrize("alternate", ["kwoln", "hale", "Келн", "wei er bao", "", "123"])
def test_a_transliteration_is_no_good_alternate(alternate):
    assert not is_good_alternate(alternate)
