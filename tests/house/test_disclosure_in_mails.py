"""No mail tells its reader what is hidden of a group of others, and nothing of it stands in the history or the log.

Every wording of a mail has to be written here once, or be named as one that tells its reader of nothing but themselves.
"""

from __future__ import annotations

import inspect
import pkgutil
from datetime import timedelta
from importlib import import_module

import pytest
import sqlalchemy as sa

import app as application
from app.accounts.models import RoleGrant
from app.accounts.people import find_member, invite, list_members, remove_member
from app.accounts.places import find_group
from app.accounts.queries import find_person
from app.groups.contact.conversations import Letter, answer, begin_conversation
from app.groups.contact.inbox import reply
from app.groups.contact.inbox import tell_house as tell_house_of_message
from app.groups.interest.foundings import end_founding
from app.groups.interest.foundings import invite as invite_interested
from app.groups.interest.joining import InterestDraft, enter_interest
from app.groups.interest.regions import Region
from app.groups.listings.decisions import decline as decline_version
from app.groups.meetings.closing import close_and_tell, reopen_and_tell
from app.groups.meetings.closures import Owner
from app.groups.models import (
    Closure,
    Conversation,
    Founding,
    Group,
    HouseMessage,
    Interest,
    ListingVersion,
    MeetingWatch,
)
from app.groups.upkeep.merging import merge_groups
from app.groups.upkeep.services import close_group, pause_group, resume_group
from app.rooms.queries.requests import get_request
from app.rooms.rules.availability import Span
from app.rooms.services.decisions import decline
from app.rooms.services.notices import tell_house, tell_of_cancelled
from app.shared import clock
from app.shared.history import note
from app.shared.jobs import list_jobs
from app.shared.mail_text import Mail, Paragraph
from app.shared.outbox import queue_mail
from app.shared.transactions import transaction
from tests.support.browser import Browser
from tests.support.furnished import NEIGHBOUR
from tests.support.onlookers import LogKept, Onlookers
from tests.support.planted import Reader
from tests.support.reading import plain

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

ABOUT_ONESELF = {
    "app.groups.contact.emails.came_back_mail",
    "app.groups.contact.emails.not_passed_on_mail",
    "app.groups.registration.emails.draft_mail",
    "app.groups.registration.emails.registered_mail",
    "app.accounts.emails.sign_up_mail",
    "app.accounts.emails.sign_in_mail",
    "app.accounts.emails.reset_mail",
    "app.accounts.emails.account_exists_mail",
    "app.accounts.emails.no_account_mail",
    "app.accounts.emails.password_changed_mail",
    "app.accounts.emails.second_factor_mail",
    "app.accounts.emails.leave_address_mail",
    "app.accounts.emails.take_address_mail",
    "app.accounts.emails.address_taken_mail",
}
"""Mails to somebody about their own account, their own mail, or the group they have just registered."""
SENDING = {"deliver-mails"}
"""What empties the outbox, which is to be looked through."""


@pytest.fixture
def a_few(app, session, signed_in):
    return Onlookers(app, session, signed_in, kinds=("area", "exact", "submitted"))


def wordings():
    """Answer every function of a module ``emails`` that answers a mail, by its full name."""
    names = [each.name for each in pkgutil.walk_packages(application.__path__, "app.")]
    modules = [import_module(name) for name in names if name.endswith(".emails")]
    return {
        f"{module.__name__}.{name}": view
        for module in modules
        for name, view in vars(module).items()
        if inspect.isfunction(view)
        and view.__module__ == module.__name__
        and view.__annotations__.get("return") in {"Mail", Mail}
    }


@pytest.fixture
def used(monkeypatch):
    """The names of the wordings that are used, as they are."""
    by_code = {view.__code__: name for name, view in wordings().items()}
    names, make = set(), Mail.__init__

    def look(self, *args, **kwargs):
        names.add(by_code.get(inspect.currentframe().f_back.f_code, ""))
        make(self, *args, **kwargs)

    monkeypatch.setattr(Mail, "__init__", look)
    return names


def write_to_everybody(a_few):
    """Do what makes mails: to contacts, neighbours at the same place, watchers, the invited, the house."""
    now = clock.now()
    area, neighbour = a_few.places["area"], a_few.places[NEIGHBOUR]
    with a_few.app.test_request_context("/"), transaction() as session:
        place_id = session.get_one(Group, area.group_id).place_id
        first_on, last_on = now.date() + timedelta(days=60), now.date() + timedelta(days=90)
        asked = {"first_on": first_on, "last_on": last_on, "place": "Ein Haus", "now": now}
        close_and_tell(session, Owner(place_id=place_id), reason="Umbau", **asked)
        closure = session.scalars(sa.select(Closure.id).where(Closure.first_on == first_on)).one()
        reopen_and_tell(session, closure, place="Ein Haus", now=now)
        tell_house(session, get_request(session, area.room_request_id), "asked", now=now)
        decline(session, area.room_request_id, reason="Belegt", now=now)
        decline(session, neighbour.room_request_id, reason="Belegt", now=now)
        span = Span(now, now + timedelta(hours=1))
        tell_of_cancelled(session, neighbour.room_id, neighbour.group_id, [span], reason="Umbau", now=now)
        pause_group(session, neighbour.group_id, resumes_on=None, now=now)
        resume_group(session, neighbour.group_id, now=now)
        close_group(session, a_few.places["exact"].group_id, reason="too_few", now=now, tells_house=True)
    visitor = Browser(a_few.app.test_client())
    visitor.get(f"/groups/{area.group_slug}/report")
    visitor.submit({"reason": "place", "message": "Da ist niemand."})
    visitor.get(f"/groups/{area.group_slug}/watch")
    watcher = next(iter(a_few.planted.marks_of("meeting_watch", "email", area.group_id)))
    visitor.submit({"email": f"{watcher}@example.org"})


def pass_on_messages(a_few):
    """A seeker and a contact write to each other, a house answers, and calls those together who are interested."""
    now, area = clock.now(), a_few.places["area"]
    with a_few.app.test_request_context("/"), transaction() as session:
        group = session.get_one(Group, area.group_id)
        wanted = sa.select(Conversation).where(Conversation.group_id == group.id)
        conversation = session.scalars(wanted).one()
        letter = Letter(conversation.seeker_email, "Jo", "Guten Tag.", "de")
        begin_conversation(session, group, letter, now=now)
        answer(session, conversation, "contact", "Kommen Sie gern.", now=now)
        message = session.get_one(HouseMessage, area.message_id)
        tell_house_of_message(session, message, now=now)
        reply(session, message, "Gern.", now=now)
        founding = session.get_one(Founding, area.founding_id)
        invite_interested(session, founding, now=now)
        end_founding(session, founding, state="given_up", reason="Zu wenige.", now=now)
        interested = sa.select(Interest).where(Interest.email.is_not(None)).order_by(Interest.id)
        for interest in session.scalars(interested):
            enter_again(session, interest, now=now)
        version = session.get_one(ListingVersion, area.version_id)
        version.submitted_by_id = session.scalars(contacts_of(area.group_id)).one()
        decline_version(session, version.id, reason="Bitte noch einmal.", by=None, now=now)


def contacts_of(group_id):
    return sa.select(RoleGrant.user_id).where(RoleGrant.group_id == group_id)


def enter_again(session, interest, *, now):
    """Somebody enters themselves once more, for another topic; and is asked whether they would still come."""
    draft = InterestDraft(
        topic_id=interest.topic_id,
        region=Region(interest.district_ags, interest.place, interest.radius_km),
        email=interest.email,
        name=interest.name,
        language="de",
    )
    enter_interest(session, draft, now=now)
    interest.expires_at = now + timedelta(days=8)


def change_people(a_few):
    """Somebody is invited to each group, and its last contact goes; then the neighbours become part of the group."""
    now = clock.now()
    with a_few.app.test_request_context("/"), transaction() as session:
        for place in a_few.places.values():
            group = find_group(session, group_id=place.group_id)
            (contact,) = list_members(session, group)
            inviter = find_person(session, contact.user_id)
            mark = next(iter(a_few.planted.marks_of("invitation", "email", place.group_id)))
            to = {"email": f"{mark}@example.org", "role": "group_contact", "inviter": inviter}
            invite(session, group, **to, url_of=lambda key: f"http://localhost/i/{key}", now=now)
            remove_member(session, group, find_member(session, group, contact.grant_id), now=now)
        area, neighbour = (a_few.places[kind].group_id for kind in ("area", NEIGHBOUR))
        merge_groups(session, neighbour, area, series_ids=(), now=now)
        a_few.merged = {neighbour, area}


def run_all_jobs(app, *times):
    """Run what is done from time to time, so much later, but for sending."""
    for ahead in times:
        for job in list_jobs(app):
            if job.name not in SENDING:
                job.run(clock.now() + ahead)


def test_no_mail_no_history_and_no_log_tells_what_is_hidden(a_few, used):
    a_few.client("desk_lead", a_few.places["area"])  # whom the house has besides its own address
    a_few.plant()
    with LogKept() as log:
        run_all_jobs(a_few.app, timedelta(minutes=10), timedelta(days=6), timedelta(days=14))
        write_to_everybody(a_few)
        pass_on_messages(a_few)
        run_all_jobs(a_few.app, timedelta(days=1))
        a_few.look_through_mails()
        change_people(a_few)
        run_all_jobs(a_few.app, timedelta(days=130))
    a_few.look_through_mails()
    a_few.look_through_history()
    a_few.look(plain("\n".join(log.lines)), "the log", Reader("a reader of the log"))
    assert a_few.complaints == []
    assert wordings().keys() - ABOUT_ONESELF - used == set(), "Mails that nobody has looked at."
    assert a_few.shown("whoever gets a mail “meeting-news”") >= {
        "group.name",
        "group.slug",
        "meeting_change.reason",
    }


def test_a_phone_in_a_mail_to_a_watcher_and_a_name_in_the_history_are_found(a_few):
    a_few.plant()
    group_id = a_few.places["area"].group_id
    with transaction() as session:
        group = session.get_one(Group, group_id)
        watcher = session.scalars(
            sa.select(MeetingWatch.email).where(MeetingWatch.group_id == group_id)
        ).one()
        mail = Mail("Neues", (Paragraph(f"Rufen Sie an: {group.contact_phone}"),))
        queue_mail(session, to=watcher, mail=mail, purpose="leak", now=clock.now())
        note(session, "group.leaked", now=clock.now(), name=group.name)
    a_few.look_through_mails()
    a_few.look_through_history()
    found = sorted(line.split(" reads ")[1].partition(" ")[0] for line in a_few.complaints)
    assert found == ["group.contact_phone", "group.name"]
