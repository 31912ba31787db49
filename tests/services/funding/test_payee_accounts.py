"""The account that a group names in its application, against the one that it had before."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.funding.models import PayeeAccount
from app.funding.queries.payee_accounts import accounts_of
from app.funding.services.payee_accounts import confirm_account
from app.groups.models import Group
from app.shared import clock
from app.shared.outbox import OutboxMail
from tests.builders import applications
from tests.builders.groups import make_group, make_house
from tests.builders.payments import MAKER, plant_payment


def test_an_account_that_is_another_than_last_year_waits_until_somebody_has_seen_it(session):
    round_id = applications.make_round(session)
    group_id = make_group(session, clearinghouse_id=make_house(session))
    session.get_one(Group, group_id).contact_email = "kim@gruppe.example"
    found = applications.write(session, group_id)

    def account():
        return accounts_of(session, round_id, [group_id]).get(group_id)

    assert account() is None  # what nobody has signed is nobody's account
    now = clock.now() + timedelta(days=1)
    found.written.number, found.written.state, found.written.submitted_at = "K-1", "submitted", now
    session.flush()
    assert (account().iban, account().is_confirmed) == (applications.IBAN, True)

    plant_payment(session, group_id)
    assert (account().iban, account().is_confirmed) == (applications.IBAN, False)
    confirm_account(session, round_id, group_id, iban=applications.IBAN, by=MAKER, now=now)
    assert (account().iban, account().is_confirmed) == (applications.IBAN, True)
    assert session.scalars(sa.select(PayeeAccount.entered_by).order_by(PayeeAccount.id)).all()[-1] is None
    assert (
        len(session.scalars(sa.select(OutboxMail).where(OutboxMail.purpose == "account-changed")).all()) == 1
    )
