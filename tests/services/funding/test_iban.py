"""Account numbers as groups type them."""

from __future__ import annotations

import pytest

from app.funding.iban import read_iban


def test_an_iban_is_read_with_spaces_and_small_letters_and_names_its_bank():
    read = read_iban(" de89 3704 0044 0532 0130 00 ")
    assert (read.compact, read.bank, read.is_doubtful) == ("DE89370400440532013000", "Commerzbank", False)
    assert read.spaced == "DE89 3704 0044 0532 0130 00"


@pytest.mark.parametrize(
    "typed", ["", "DE89370400440532013001", "DE12", "hallo", "9" * 60, "DE\u06f8\u06f9", "\x00"]
)
def test_what_is_no_iban_is_refused(typed):
    with pytest.raises(ValueError, match="is no IBAN"):
        read_iban(typed)


def test_a_wrong_check_digit_of_the_bank_itself_is_a_doubt_and_no_more():
    assert read_iban("DE14 3704 0044 1234 5678 90").is_doubtful
