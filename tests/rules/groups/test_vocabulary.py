"""Filter values as bits."""

from __future__ import annotations

import pytest

from app.groups.rules.vocabulary import BIT_COUNT, FACETS, facet_bits, flags_of


def test_every_value_has_a_bit_of_its_own_and_all_fit_into_one_number():
    bits = [facet_bits(facet, [value]) for facet, values in FACETS.items() for value in values]
    assert len(set(bits)) == len(bits)
    assert all(bit.bit_count() == 1 for bit in bits)
    assert sum(bits) < 2**BIT_COUNT == 2**64


def test_bits_keep_their_meaning_in_databases_that_exist():
    assert facet_bits("weekday", ["1"]) == 1
    assert facet_bits("format", ["in_person"]) == 1 << 7
    assert facet_bits("status", ["open"]) == 1 << 11
    assert facet_bits("for", ["affected"]) == 1 << 15
    assert facet_bits("access", ["step_free"]) == 1 << 18
    assert facet_bits("audience", ["young"]) == 1 << 30
    assert facet_bits("language", ["de"]) == 1 << 40


def test_a_value_of_another_filter_is_refused():
    with pytest.raises(ValueError, match=r"\w"):
        facet_bits("format", ["open"])
    assert flags_of({"weekday": ["1", "2"], "format": []}) == 3
