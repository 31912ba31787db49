"""A version is decided once, whoever tries at the same time, and forgets its contact when its time is over."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from app.groups.listings.decisions import DecidedMeanwhile, approve, decline
from app.groups.listings.forgetting import forget_old_contacts, forget_person
from app.groups.listings.queries import list_versions
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.groups import NOW
from tests.builders.listings import LATER, edit, mails, make_reviewed_group, states, waiting
from tests.support.threads import at_once

here = pytest.fixture(make_reviewed_group)


def test_names_leave_versions_that_were_replaced_a_year_ago_and_of_who_erases_their_account(app, here):
    mine = {"value": " Petra@example.org", "consented_at": None}
    edit(here, here.editor, contact_email=mine, now=NOW)
    edit(here, here.editor, name="Mut", now=LATER)
    edit(here, name="Neu", now=LATER)

    def named():
        versions = reversed(list_versions(db.session(), here.group))
        return [each.version.content["contact_name"]["value"] for each in versions]

    with transaction() as session:
        assert forget_old_contacts(session, NOW) == 0
        assert forget_old_contacts(session, LATER + timedelta(days=1)) == 2
    assert named() == ["", "", "Petra", "Petra"]
    with transaction() as session:
        forget_person(session, address="other@example.org", group_ids=[here.group])
    assert named() == ["", "", "Petra", "Petra"]
    with transaction() as session:
        forget_person(session, address="petra@example.org", group_ids=[])
    assert named() == [""] * 4


def test_of_several_who_decide_at_once_one_does_and_one_mail_is_sent(app, here):
    edit(here, name="Sonnenaufgang")
    (version_id,) = waiting(here)
    db.session().rollback()

    def decide(number):
        try:
            with transaction() as session:
                if number % 2:
                    decline(session, version_id, reason="Nein.", by=here.staff, now=LATER)
                else:
                    approve(session, version_id, by=here.lead, now=LATER)
        except DecidedMeanwhile:
            return 0
        return 1

    assert sum(at_once(app, *(partial(decide, number) for number in range(6)))) == 1
    db.session().rollback()
    assert len(mails()) == 1
    assert states(here.group)[-1] in {"approved", "declined"}
