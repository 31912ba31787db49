"""Slugs and phone addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clearinghouses.rules.vocabulary import LONGEST_SLUG, SLUG, phone_uri, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("KISS Köln", "kiss-koeln"),
        ("Selbsthilfe-Büro Kreis Gießen (KISS)", "selbsthilfe-buero-kreis-giessen-kiss"),
        ("???", "kontaktstelle"),
    ],
)
def test_a_name_becomes_a_readable_slug(name, slug):
    assert slug_of(name) == slug


@given(st.text())
def test_every_name_has_a_slug_that_fits_the_contract(name):
    slug = slug_of(name)
    assert SLUG.fullmatch(slug)
    assert len(slug) <= LONGEST_SLUG


@pytest.mark.parametrize(
    ("phone", "uri"),
    [
        ("0221 4710 123", "tel:+492214710123"),
        ("+49 (0)30/23125-000", "tel:+493023125000"),
        ("0049 30 23125000", "tel:+493023125000"),
        ("112", "tel:112"),
        ("", ""),
    ],
)
def test_a_number_as_written_becomes_one_to_dial(phone, uri):
    assert phone_uri(phone) == uri
