"""Requests of groups: late or not, changed by two at once, withdrawn, for groups of the region only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.funding.models import DeadlineExtension, GrantRequest
from app.funding.queries.regions import rules_in
from app.funding.queries.requests import groups_of_region
from app.funding.rules.region_rules import POSTED
from app.funding.rules.request_file import FileLine
from app.funding.services.region_settings import set_rules
from app.funding.services.request_import import import_requests
from app.funding.services.requests import change_request, enter_request, withdraw_request
from app.groups.models import Group
from app.shared.errors import RuleBroken
from app.shared.history import HistoryEntry
from tests.builders.groups import NOW, make_group, make_house, make_place
from tests.builders.rounds import make_request, make_round

LATE = date(2027, 2, 1)


def test_a_late_request_waits_unless_there_is_a_reason_which_stays_in_the_history(session):
    made = make_round(session, [50_000])
    group = make_group(session, name="Spät")
    late = enter_request(session, made.id, group, make_request(60_000, received_on=LATE), now=NOW)
    assert late.standing == "late"
    asked = make_request(60_000, received_on=LATE)
    changed = change_request(session, late.id, asked, version=1, extension="illness", now=NOW)
    assert (changed.standing, changed.version) == ("extended", 2)
    assert change_request(session, late.id, asked, version=2, extension="illness", now=NOW).version == 2
    noted = session.scalars(
        sa.select(HistoryEntry).where(HistoryEntry.action == "grant_request.extended")
    ).all()
    assert [(each.group_id, each.facts) for each in noted] == [(group, {"extension": "illness"})]
    with pytest.raises(RuleBroken, match="schon einen Antrag"):
        enter_request(session, made.id, group, make_request(1), now=NOW)


def test_paper_and_lists_are_judged_as_the_groups_own_application_is(session):
    made = make_round(session, [50_000])
    rules = replace(rules_in(session, made.region), deadline_new="10-31", counts=POSTED)
    set_rules(session, made.region, rules, now=NOW)
    known, new, given = (make_group(session, name=name) for name in ("Alt", "Neu", "Spät"))
    extension = DeadlineExtension(
        round_id=made.id, group_id=given, number=1, last_day=date(2027, 2, 3), words="Krank", extended_by=1
    )
    extension.extended_at = NOW
    session.add(extension)
    session.flush()
    cases = (
        (known, {"received_on": LATE}, "late"),
        (known, {"received_on": LATE, "posted_on": date(2027, 1, 31)}, "in_time"),
        (new, {"received_on": LATE, "is_new": True}, "in_time"),
        (new, {"received_on": date(2027, 11, 2), "is_new": True}, "late"),
        (given, {"received_on": LATE}, "extended"),
        (given, {"received_on": date(2027, 2, 4)}, "late"),
    )
    now = datetime(2027, 12, 1, 9, tzinfo=UTC)
    rows: dict[int, GrantRequest] = {}
    for group, draft, standing in cases:
        drafted = make_request(60_000, **draft)
        rows[group] = (
            change_request(session, rows[group].id, drafted, version=rows[group].version, now=now)
            if group in rows
            else enter_request(session, made.id, group, drafted, now=now)
        )
        assert rows[group].standing == standing
    plain = FileLine(1, "", 60_000, 8, LATE, None, 0, 0, is_new=False)
    slugs = dict(session.execute(sa.select(Group.id, Group.slug)).tuples().all())
    lines = [
        replace(plain, row=row, group=slugs[group], is_new=group == new)
        for row, group in enumerate(rows, start=1)
    ]
    assert import_requests(session, made.id, lines, now=now).changed == 2
    told = session.execute(sa.select(GrantRequest.group_id, GrantRequest.standing))
    standings = dict(told.tuples().all())
    assert [standings[group] for group in rows] == ["in_time", "in_time", "extended"]


def test_who_has_an_older_version_open_changes_and_withdraws_nothing(session):
    made = make_round(session, [50_000])
    (number,) = made.request_ids
    change_request(session, number, make_request(40_000), version=1, now=NOW)
    for act in (
        lambda: change_request(session, number, make_request(1), version=1, now=NOW),
        lambda: withdraw_request(session, number, version=1, now=NOW),
    ):
        with pytest.raises(RuleBroken, match="während Sie ihn offen hatten"):
            act()
    assert session.get_one(GrantRequest, number).requested_cents == 40_000
    assert withdraw_request(session, number, version=2, now=NOW) == 0
    with pytest.raises(RuleBroken, match="zurückgezogen"):
        change_request(session, number, make_request(1), version=3, now=NOW)


def test_groups_that_meet_in_the_region_can_ask_and_those_online_of_its_houses(session):
    made = make_round(session)
    house = make_house(session, "Köln")
    here = make_group(session, name="Hier", clearinghouse_id=house)
    online = make_group(session, name="Online", clearinghouse_id=house, format="online")
    away = make_place(postcode="80331", town="München", latitude=48.137, longitude=11.575)
    make_group(session, name="Dort", clearinghouse_id=house, place=away)
    session.commit()
    assert [each.id for each in groups_of_region(session, made.region.id, now=NOW)] == [here, online]
