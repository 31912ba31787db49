"""Several people check one application in the same moment, in processes of their own."""

from __future__ import annotations

import pytest

from app.shared import clock
from tests.builders.applications import make_round, submit
from tests.builders.groups import make_contact, make_group
from tests.support.programs import told_by


@pytest.mark.long
@pytest.mark.parametrize(
    ("people", "told"),
    [
        (["1:content", "2:content", "3:content", "4:content"], ["checked_already"] * 3 + ["stored"]),
        (["1:content", "1:arithmetic"], ["same_person", "stored"]),
        (["1:content", "2:arithmetic"], ["stored", "stored"]),
    ],
)
def test_each_check_is_stored_once_and_nobody_does_both(session, database_url, people, told):
    make_round(session)
    group = make_group(session, now=clock.now(), contact=make_contact(email="kim@example.org"))
    application = submit(session, group)
    session.commit()
    assert sorted(told_by("checkers", database_url, application, *people)) == told
