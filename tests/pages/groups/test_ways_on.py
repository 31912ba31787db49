"""Nobody is left at a dead end: a search that finds nothing says what would."""

from __future__ import annotations

import pytest

from app.shared.transactions import transaction
from tests.builders.groups import make_group, make_house


@pytest.fixture
def groups(session):
    with transaction() as writing:
        house = make_house(writing)
        make_group(writing, clearinghouse_id=house, name="Mit ADHS leben", topics=["adhs"])
        make_group(writing, clearinghouse_id=house, name="Traurig in Köln", topics=["trauer"])


def test_when_all_words_together_find_nothing_each_that_does_is_offered(browser, groups):
    page = browser.get("/groups?q=ADHS+Segelfliegen")
    assert "Nur „Segelfliegen“" not in page.text
    assert browser.follow("Nur „ADHS“").text.count("Mit ADHS leben") >= 1


def test_a_place_among_the_words_is_offered_as_place(browser, groups):
    browser.get("/groups?q=Trauer+50667")
    page = browser.follow("Trauer in der Nähe von 50667 Köln")
    assert "Traurig in Köln" in page.text


def test_around_a_district_without_groups_the_surroundings_are_offered(browser, groups):
    page = browser.get("/groups?near=Landkreis+Ahrweiler&q=Trauer")
    assert "Traurig in Köln" not in page.text
    assert "Traurig in Köln" in browser.follow("In der Umgebung, bis 100 km").text


def test_the_number_of_the_same_search_without_filters_is_the_one_found_there(browser, groups):
    page = browser.get("/groups?topic=adhs&weekday=7&time_from=03:00&time_to=03:30")
    assert "Dieselbe Suche ohne Filter" in page.text
    assert "(1 Gruppe)" in page.text
    assert browser.follow("Dieselbe Suche ohne Filter").heading.startswith("1 Gruppe")


def test_the_beginning_of_a_postcode_is_asked_about(browser, groups):
    page = browser.get("/groups?near=5066", status=400)
    assert "50667 Köln" in page.text


def test_the_printed_list_says_where_and_how_to_get_in_touch(browser, groups):
    page = browser.get("/groups/print?q=Trauer")
    assert "Lindenallee 3, 50667 Köln" in page.text
    assert "KISS Köln" in page.text


def test_days_may_be_written_the_german_way(browser, groups):
    assert browser.get("/groups?date_from=24.12.2026").heading
    browser.get("/groups?date_from=32.12.2026", status=400)


def test_a_slash_at_the_end_or_capitals_in_the_language_do_not_matter(client, groups):
    assert client.get("/groups/").status_code == 200
    assert client.get("/EN/groups").status_code == 200
