"""The page that explains the money to everybody."""

from __future__ import annotations

import pytest

SAID = {
    "": ("Wohin geht der Beitrag?", "1,44 €", "20,93 Cent", "20.930 €", "700 €"),
    "/en": ("Where does the contribution go?", "€1.44", "20.93 cents", "€20,930", "€700"),
    "/nl": ("Waar gaat de bijdrage naartoe?", "€ 1,44", "20,93 cent", "€ 20.930", "€ 700"),
}


@pytest.mark.parametrize("prefix", SAID)
def test_the_way_of_a_contribution_is_told_as_picture_and_table_in_three_languages(browser, client, prefix):
    browser.get(f"{prefix}/")
    page = browser.follow({"": "Geld für Selbsthilfe", "/en": "Money", "/nl": "Geld"}[prefix])
    for words in SAID[prefix]:
        assert words in page.text
    assert page.html.count("<desc id=") == 3
    assert "Set-Cookie" not in client.get(f"{prefix}/funding/explained").headers
