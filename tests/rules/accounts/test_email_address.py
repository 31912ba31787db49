"""When two addresses are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules.email_address import fold_address, is_address


@pytest.mark.parametrize(
    "written", ["jörg@example.org", " Jörg@Example.ORG\n", "JÖRG@EXAMPLE.ORG", "jo\u0308rg@example.org"]
)
def test_an_address_is_the_same_however_it_is_written(written):
    assert fold_address(written) == "jörg@example.org"


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text):
    assert fold_address(fold_address(text)) == fold_address(text)


@pytest.mark.parametrize("text", ["a@b", "kim.sommer+x@post.example", "jörg@exämple.org"])
def test_this_has_the_shape_of_an_address(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    ["", "kim", "@example.org", "kim@", "kim sommer@example.org", "a@b@c", "a@b\nBcc: c@d", "a" * 260 + "@b"],
)
def test_this_has_not(text):
    assert not is_address(text)
