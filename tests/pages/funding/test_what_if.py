"""What a round would give by other rules: tried on screen, kept in the address, stored nowhere."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
import sqlalchemy as sa

from app.funding.models import AllocationRun
from app.funding.rules.division import DivisionRules
from app.funding.services.requests import enter_request
from app.funding.services.run_acts import approve_run, check_run, post_run
from app.funding.services.runs import draft_run
from tests.builders.groups import NOW, make_group
from tests.builders.rounds import YEAR, make_request, make_round
from tests.support.page import read

PLACE = f"/en/funding/rounds/koeln/{YEAR}/what-if"


@pytest.fixture
def round_(session):
    return make_round(session, [20_000, 50_000, 90_000, 90_000], pot_cents=200_000)


@pytest.fixture
def office(signed_in, round_):
    return signed_in("funding_office", region=round_.region.id)


@pytest.fixture
def client_of_office(signed_in, round_):
    return signed_in.client("funding_office", region=round_.region.id)


def awards(page) -> dict[str, list[str]]:
    """Answer the name of each group in the list and what it gets in each draft."""
    rows = page.find_all("tr", within=page.get("table", class_="group-table"))[1:]
    return {row.find("th").text: [read(cell.find("b")) for cell in row.findall("td")[2:]] for row in rows}


def test_a_number_is_changed_and_a_copy_stands_beside_it_and_nothing_is_stored(office, session):
    page = office.get(PLACE)
    assert page.heading == f"What if? Koeln {YEAR}"
    assert awards(page)["Gruppe 1"] == ["€200.00"]
    assert awards(page)["Gruppe 3"] == ["€600.00"]  # 5 % are a reserve

    page = office.submit({"a.reserve_percent": "0", "a.tier-0-maximum": "500"}, button="Work it out")
    assert awards(page)["Gruppe 3"] == ["€500.00"]
    assert "€300.00" in page.text  # is left over

    page = office.submit({}, button="Copy – Draft A")
    page = office.submit({"b.tier-0-maximum": ""}, button="Work it out")
    assert awards(page)["Gruppe 3"] == ["€500.00", "€650.00"]
    why = page.find_all("details", class_="why", text="Gruppe 3")[0]
    assert "A: " in read(why)
    assert "B: " in read(why)

    kept = office.get(page.links["Keep as a draft – Draft A"])
    assert kept.get("input", name="tier-0-maximum").get("value") == "500,00"
    assert session.scalar(sa.select(sa.func.count()).select_from(AllocationRun)) == 0


def test_a_number_that_cannot_be_read_is_told_beside_its_field_and_other_drafts_keep_their_result(office):
    page = office.get(
        f"{PLACE}?a.money=2000&a.minimum=ten&b.money=2000&c.money=5&c.reserve_floor=20", status=400
    )
    field = page.get("input", name="a.minimum")
    assert field.get("value") == "ten"
    assert "Please write the sum in euros" in read(page.get(id=field.get("aria-describedby")))
    assert "There are only €5.00 in the pot." in read(page.get(id="c.reserve_floor-error"))
    assert awards(page)["Gruppe 1"] == ["€200.00"]


def test_a_draft_below_the_least_useful_grant_says_what_helps_and_the_help_helps(office):
    page = office.get(f"{PLACE}?a.money=1.000&a.reserve_percent=20&a.minimum=250")
    assert "3 groups would get less; €150.00 are missing." in page.text
    eased = office.get(page.links["Take €150.00 from the reserve"])
    assert eased.get("input", name="a.reserve_floor").get("value") == "50,00"
    assert awards(eased)["Gruppe 2"] == ["€250.00"]
    lowered = office.get(page.links["Lower the minimum to €200.00"])
    assert awards(lowered)["Gruppe 2"] == ["€200.00"]


def test_a_second_round_stands_beside_what_the_first_gave_and_a_late_group_comes_in(office, round_, session):
    late = make_group(session, name="Spät")
    enter_request(session, round_.id, late, make_request(90_000, received_on=date(2027, 2, 3)), now=NOW)
    run = draft_run(session, round_.id, DivisionRules(reserve_percent=20), name="1", by=1, now=NOW).run_id
    check_run(session, run, by=1, now=NOW)
    approve_run(session, run, by=2, now=NOW)
    post_run(session, run, by=2, now=NOW)
    page = office.get(f"{PLACE}?a.money=400")
    assert awards(page)["Spät"] == ["€400.00"]
    assert awards(page)["Gruppe 3"] in (["€466.66"], ["€466.67"])  # what it has, it keeps
    granted = page.get("dl", class_="figure-cards")
    assert "€1,600.00" in read(granted)
    assert "€2,000.00" in read(granted)


def test_the_files_hold_every_group_and_sums_that_agree(client_of_office):
    groups, sums, figures = (
        _read(client_of_office.get(f"{PLACE}/{name}.csv?a.money=2000&b.money=1000").text)
        for name in ("groups", "sums", "figures")
    )
    awarded = next(row for row in figures if row["Figure"] == "Awarded")
    assert (awarded["Draft A"], awarded["Draft B"]) == ("2000.00", "1000.00")
    assert [row["Group"] for row in groups] == [f"Gruppe {number}" for number in range(1, 5)]
    whole = next(row for row in sums if row["By"] == "All groups")
    for draft, cents in (("Draft A", 200_000), ("Draft B", 100_000)):
        assert _cents(whole[f"{draft}: awarded"]) == cents == sum(_cents(row[draft]) for row in groups)
        for by in ("Tier", "Topic", "District"):
            parts = [_cents(row[f"{draft}: awarded"]) for row in sums if row["By"] == by]
            assert sum(parts) == cents


def test_groups_are_found_by_name_and_odd_addresses_do_no_harm(office):
    page = office.get(f"{PLACE}?q=GRUPPE 2&sort=name")
    assert list(awards(page)) == ["Gruppe 2"]
    assert "No group of this round has such a name" in office.get(f"{PLACE}?q=xyz").text
    office.get(f"{PLACE}?a.money=10&page=99&sort=odd")
    assert office.get(f"{PLACE}?a.money=10&copy=a&slug=x&_external=1").heading.startswith("What if?")
    office.get(f"/en/funding/rounds/koeln/{10**20}/what-if", status=404)


def test_a_round_without_requests_says_what_will_be_here(signed_in, session):
    region = make_round(session).region
    page = signed_in("funding_office", region=region.id).get(PLACE)
    assert "No group has asked for anything yet" in page.text


def _read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def _cents(text: str) -> int:
    return round(float(text.replace(",", ".")) * 100)
