"""Every table says what it holds of people, and the record of processing activities says the same."""

from __future__ import annotations

import pytest

from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA, Processing
from app.shared.privacy_record import write_record
from app.shared.retention import list_retention
from tests.support.tree import ROOT

TELLING = ("email", "address", "phone", "password", "message", "reply", "secret", "contact_")
OF_A_HOUSE = {("clearinghouse", "email"), ("clearinghouse", "phone"), ("group", "contact_way")}
"""Columns that sound as if they held something of a person, and hold something of a house or nothing."""


@pytest.fixture(params=["sqlite"])
def databases(request):
    return request.getfixturevalue(f"_{request.param}")


@pytest.fixture
def tables(app):
    return list(db.metadata.tables.values())


def processing_of(table):
    found = table.info.get("processing")
    return found if isinstance(found, Processing) else None


def test_every_table_says_what_it_holds_of_people(tables):
    says = {table.name: table.info.get("processing") for table in tables}
    assert [name for name, found in says.items() if not found] == []
    assert all(isinstance(found, Processing) or found == NO_PERSONAL_DATA for found in says.values())


def test_what_is_said_names_columns_that_exist_and_no_column_that_sounds_personal_is_left_out(tables):
    for table in tables:
        found = processing_of(table)
        names = set(table.c.keys())
        if found:
            said = {
                *found.columns,
                *found.accounts,
                *found.addresses,
                *found.groups,
                *found.named,
                *found.withheld,
            }
            assert said <= names, table.name
            assert found.columns, table.name
        held = set(found.columns) | set(found.withheld) if found else set()
        telling = {
            name
            for name in names
            if any(part in name for part in TELLING) and not name.endswith("_consented_at")
            if (table.name, name) not in OF_A_HOUSE
        }
        assert telling <= held, table.name


def test_whoever_stands_in_a_row_can_be_given_it_and_be_erased_from_it(tables):
    for table in tables:
        found = processing_of(table)
        points = {
            column.name
            for column in table.c
            for key in column.foreign_keys
            if key.target_fullname == "user.id"
        }
        if found is None:
            assert points == set(), f"{table.name} names accounts and says that it holds nothing of people"
            continue
        assert points <= {*found.accounts, *found.named}, table.name
        is_found = found.accounts or found.addresses or found.groups or found.named
        assert bool(is_found) != bool(found.not_given), table.name


def test_the_record_of_processing_activities_is_up_to_date(app, tables):
    with app.app_context():
        record = write_record(tables, list_retention())
    assert (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8") == record, "Run: flask privacy record"
