"""Several people check one application in the same moment, in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from app.shared import clock
from tests.builders.applications import make_round, submit
from tests.builders.groups import make_contact, make_group
from tests.support.tree import ROOT


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
    command = [sys.executable, "-m", "tests.support.checkers", database_url, str(application), *people]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)) == told
