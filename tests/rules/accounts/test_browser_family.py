"""Which browser it was, roughly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules.browser_family import BROWSERS, SYSTEMS, browser_family

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "family"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox/linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36", "chrome/windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", "edge/windows"),
        (f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Chrome/140.0 Mobile Safari/537.36", "chrome/android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
            "safari/iphone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605 Version/18.0 Safari/605",
            "safari/mac",
        ),
        ("curl/8.5.0", "other/other"),
        ("", "other/other"),
    ],
)
def test_a_browser_is_recognised_by_what_it_says_of_itself(user_agent, family):
    assert browser_family(user_agent) == family


@given(st.text(max_size=300))
def test_whatever_is_sent_is_one_of_few_families(user_agent):
    browser, _slash, system = browser_family(user_agent).partition("/")
    assert browser in BROWSERS
    assert system in SYSTEMS
