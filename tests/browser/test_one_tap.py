"""Cancelling a meeting on a telephone: one tap on the link in the mail, one confirmation."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app import create_app
from app.groups.meetings.links import meeting_token
from app.groups.meetings.own_groups import list_own_groups
from app.groups.meetings.schedules import around, day_of
from app.groups.models import Group
from app.groups.rules.schedule import next_meetings
from app.shared import clock
from app.shared.extensions import db
from tests.support.chromium import axe, scrolls_sideways, unreadable
from tests.support.databases import config_for

pytestmark = pytest.mark.browser
SLUG = "depression-koeln-mitte"


@pytest.fixture(scope="session")
def address(live_server):
    """The page of a meeting two or three weeks ahead, which no other test looks at."""
    app = create_app(config_for(live_server.database_url))
    with app.app_context():
        now = clock.now()
        group_id = db.session.scalars(sa.select(Group.id).where(Group.slug == SLUG)).one()
        (group,) = list_own_groups(db.session(), [group_id], span=around(day_of(now)))
        ahead = next_meetings(group.schedule.series, now=now, count=8)
        meeting = next(each for each in reversed(ahead) if not each.is_added and not each.is_cancelled)
        token = meeting_token(group, meeting)
        db.session.remove()
        db.engine.dispose()
    return f"/groups/meeting/{token}"


@pytest.mark.parametrize("has_script", [True, False])
def test_one_tap_and_one_confirmation_cancel_a_meeting_at_360_pixels_and_one_more_takes_it_back(
    has_script, address, new_tab
):
    watch = new_tab(width=360, height=740, java_script_enabled=has_script)
    tab = watch.tab
    tab.goto(f"{address}?wish=cancel")
    button = tab.get_by_role("button", name="Treffen absagen")
    box = button.bounding_box()
    assert box is not None
    assert (box["height"] >= 64, box["width"] >= 250, box["y"] + box["height"] <= 740) == (True, True, True)
    if has_script:
        assert axe(tab) == []
        assert scrolls_sideways(tab) == 0
    button.click()
    expect(tab.get_by_text("Dieses Treffen ist abgesagt.")).to_be_visible()
    if has_script:
        assert axe(tab) == []
    tab.get_by_role("button", name="Es findet doch statt").click()
    expect(tab.get_by_text("Bestätigt: Dieses Treffen findet statt.")).to_be_visible()
    if has_script:
        assert axe(tab) == []
        assert watch.complaints() == []


def test_axe_finds_nothing_on_the_pages_around_it(address, new_tab):
    tab = new_tab().tab
    for path in (address, "/groups/meeting/x", f"/groups/{SLUG}/watch", f"/groups/{SLUG}/watch/sent"):
        tab.goto(path)
        assert in_light_and_dark(tab) == [], path
    tab.goto(f"/groups/{SLUG}")
    tab.locator("#watch > summary").click()
    assert in_light_and_dark(tab) == []


def in_light_and_dark(tab):
    found = []
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme}, {complaint}" for complaint in unreadable(tab, 1280, 360)]
    return found
