"""Notices about decisions without a round: told once, as an accessible letter, mailed to those who can sign in."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.rules.permissions import DESK_LEAD
from app.funding.models import DirectNotice, DirectNoticeAct
from app.funding.queries.direct_notices import find_direct_notice, list_direct_notices
from app.funding.retention import forget_direct_notices
from app.funding.rules.ledger_accounts import HOUSE, Payee, a_group
from tests.builders.accounts import make_user
from tests.builders.groups import NOW, make_group, make_house
from tests.builders.notices import consent_to_mail, make_direct_notice
from tests.support.mailbox import link_in
from tests.support.pdf import read_pdf


def test_a_decision_is_told_once_and_its_letter_can_be_read_by_everybody(session):
    payee = a_group(make_group(session, name="Leise Runde"))
    address = make_user(session, "group_contact", group=payee.id)
    consent_to_mail(session, payee)
    told = make_direct_notice(session, payee)
    assert make_direct_notice(session, payee, number="ANDERS").id == told.id
    letter = read_pdf(told.body)
    assert letter.standards == ("2", "A", "1")
    assert letter.title == "Bewilligungsbescheid über einen Teil"
    text = " ".join(letter.text.split())
    for words in (
        "Projektförderung 2027 nach § 20h SGB V für „Selbsthilfetag“ der Selbsthilfegruppe „Leise Runde“",
        "Beantragt waren 1.200,00 €",
        "900,00 €",
        "vom 1. März 2027 bis zum 30. November 2027",
        "bis zum 31. Mai 2028",
        "Widerspruch",
    ):
        assert words in text.replace("\u00a0", " ")
    session.commit()
    assert link_in(session, address) == f"/funding/decisions/{told.id}"
    line = list_direct_notices(session, payee)[0]
    assert line.deadlines is not None
    assert line.deadlines.objection_until > line.deadlines.served_on > line.deadlines.sent_on


def test_a_house_is_told_by_its_leads_and_a_change_names_what_it_changes(session):
    house = Payee(HOUSE, make_house(session, "Kontaktstelle Nord"))
    address = make_user(session, DESK_LEAD, clearinghouse=house.id)
    consent_to_mail(session, house)
    first = make_direct_notice(session, house, key="institution/1", subject="house")
    later = make_direct_notice(
        session, house, key="institution/1/2", subject="house", kind="revocation", cents=0, replaces=first
    )
    assert f"heben den Bescheid {first.number}" in " ".join(later.facts["lead"])
    session.commit()
    assert link_in(session, address) == f"/funding/house-decisions/{later.id}"
    with pytest.raises(sa.exc.DatabaseError, match="never changed"):
        session.execute(sa.update(DirectNotice).values(cents=1))


def test_it_is_forgotten_six_years_after_its_year(session):
    made = make_direct_notice(session, a_group(make_group(session)))
    assert forget_direct_notices(session, NOW.replace(year=2027)) == 0
    assert forget_direct_notices(session, NOW.replace(year=2028)) == 1
    assert find_direct_notice(session, made.id) is None
    assert session.scalar(sa.select(sa.func.count()).select_from(DirectNoticeAct)) == 0
