"""The file for the bank: each trap of the library that writes it is closed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.sepa_text import name_for_banks, purpose_of, written_for_banks
from app.funding.sepa import Message, Order, make_file

NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
KOELN = "DE89370400440532013000"
BERLIN = "DE02120300000000202051"
ORDER = Order("WK27-ab12-1", "Jörg Großmüller & Söhne", BERLIN, 12_345, purpose_of(2027, "KOELN-2027-0042"))
MESSAGE = Message(
    "WK27-ab12", datetime(2027, 1, 4, 9, 30, tzinfo=UTC), "Förderfonds Köln", KOELN, date(2027, 1, 6), [ORDER]
)


def texts(made, name):
    return [each.text for each in fromstring(made).iter(f"{{{NS['p']}}}{name}")]


def test_it_is_of_the_schema_of_today_and_says_what_the_batch_says():
    second = replace(ORDER, end_to_end_id="WK27-ab12-2", cents=5)
    made = make_file(replace(MESSAGE, orders=[ORDER, second]))
    assert fromstring(made).tag == f"{{{NS['p']}}}Document"
    assert texts(made, "NbOfTxs") == ["2", "2"]
    assert texts(made, "CtrlSum") == ["123.50", "123.50"]
    assert texts(made, "InstdAmt") == ["123.45", "0.05"]
    assert texts(made, "EndToEndId") == ["WK27-ab12-1", "WK27-ab12-2"]
    assert texts(made, "Dt") == ["2027-01-06"]


def test_the_same_batch_is_the_same_bytes_with_names_and_moment_of_its_own():
    made = make_file(MESSAGE)
    assert make_file(MESSAGE) == made
    assert texts(made, "MsgId") == texts(made, "PmtInfId") == ["WK27-ab12"]
    assert texts(made, "CreDtTm") == ["2027-01-04T09:30:00Z"]


def test_names_are_written_as_banks_write_them_and_no_address_is_told():
    made = make_file(MESSAGE)
    assert texts(made, "Nm") == ["Foerderfonds Koeln", "Foerderfonds Koeln", "Joerg Grossmueller + Soehne"]
    assert b"PstlAdr" not in made
    assert b"AdrTp" not in made
    assert texts(made, "Ustrd") == ["Selbsthilfefoerderung 2027, Antrag KOELN-2027-0042"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"iban": "DE89370400440532013001"},
        {"iban": ""},
        {"cents": 0},
        {"cents": -1},
        {"cents": 100_000_000_000},
        {"cents": 1.5},
        {"holder": "x" * 71},
        {"holder": "ß" * 36},
        {"holder": "Анна"},
        {"holder": " "},
        {"purpose": "x" * 141},
        {"purpose": "für alle"},
        {"end_to_end_id": "x" * 36},
        {"end_to_end_id": "a/b"},
    ],
)
def test_what_the_library_would_take_change_or_cut_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        make_file(replace(MESSAGE, orders=[replace(ORDER, **wrong)]))


def test_two_payments_of_one_name_no_payments_and_a_wrong_account_of_ours_are_refused():
    for wrong in (
        {"orders": [ORDER, ORDER]},
        {"orders": []},
        {"debtor_iban": "DE00"},
        {"message_id": "a" * 36},
    ):
        with pytest.raises(ValueError, match=r"."):
            make_file(replace(MESSAGE, **wrong))


def test_nothing_that_was_given_is_changed_by_making_the_file():
    orders = [ORDER, replace(ORDER, end_to_end_id="WK27-ab12-2")]
    make_file(replace(MESSAGE, orders=orders))
    assert orders[0] == ORDER
    assert orders[0].holder == "Jörg Großmüller & Söhne"


@given(st.text(max_size=90))
def test_a_text_is_written_in_letters_of_all_banks_or_refused(text):
    try:
        written = written_for_banks(text)
    except ValueError:
        return
    assert re.fullmatch(r"[A-Za-z0-9/?:().,'+ -]*", written)
    assert not written.startswith("/")
    assert not written.endswith("/")
    assert "//" not in written
    assert written_for_banks(written) == written
    if 0 < len(written) <= 70:
        assert name_for_banks(text) == written


@given(st.integers(2020, 9999), st.from_regex(r"[A-Z0-9-]{1,100}", fullmatch=True))
def test_a_purpose_fits_by_how_it_is_made(year, number):
    assert len(purpose_of(year, number)) <= 140
    assert purpose_of(year, number).startswith("Selbsthilfefoerderung ")
