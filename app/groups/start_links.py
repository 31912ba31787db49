"""What the contacts of groups find on their start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.start_links import StartLink
from app.clearinghouses.desk_house import houses_of
from app.groups.listings.queries import list_queue, open_states
from app.groups.models import Group
from app.groups.rules.life import DECLINED, SUBMITTED
from app.groups.rules.versions import CHANGES_ASKED, PENDING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> list[StartLink]:
    """Answer the dates of each group that somebody is a contact of and its page, and what a house can close."""
    return [*_of_groups(session, person), *_of_houses(session, person)]


def _of_groups(session: Session, person: Person) -> list[StartLink]:
    ids = [grant.group_id for grant in person.actor.grants if grant.group_id is not None]
    if not ids:
        return []
    groups = session.execute(
        sa.select(Group.id, Group.slug, Group.name, Group.state).where(Group.id.in_(ids)).order_by(Group.name)
    ).all()
    open_ = open_states(session, ids)
    another = StartLink(
        _("Register another group"),
        url_for("groups.register_signed_in"),
        _("Five short steps; you look after it with this account"),
    )
    links = []
    for id_, slug, name, state in groups:
        links += _of_group(slug, name, state, listing_note=_listing_words(state, open_.get(id_, "")))
    return [*links, another]


def _of_group(slug: str, name: str, state: str, *, listing_note: str) -> list[StartLink]:
    links = [
        (
            _("Dates"),
            _("Dates of %(group)s", group=name),
            "groups.manage_meetings",
            _("How often you meet, dates that are cancelled or moved, breaks"),
        ),
        (_("Listing"), _("Listing of %(group)s", group=name), "groups.listing", listing_note),
        (
            _("How many came"),
            _("%(name)s: how many came", name=name),
            "groups.attendance",
            _("Note numbers, and choose when you are reminded of meetings"),
        ),
        (
            _("State"),
            _("State of %(group)s", group=name),
            "groups.group_status",
            _("When it was last confirmed; pause, close"),
        ),
    ]
    if state not in {SUBMITTED, DECLINED}:  # before that nobody sees a page
        links.append((_("Public page"), name, "groups.show", _("The page of your group, as visitors see it")))
    return [
        StartLink(text, url_for(page, slug=slug), note, about=name, title=title)
        for title, text, page, note in links
    ]


def _listing_words(state: str, version: str) -> str:
    """Answer what stands beside the listing of a group: what its clearing house says to it, if anything is open."""
    if version == CHANGES_ASKED:
        return _("Your clearing house asks for changes: read which, and send it again")
    if state == DECLINED:
        return _("Your clearing house has not accepted it; here you read why")
    if version == PENDING and state == SUBMITTED:
        return _("Waits for your clearing house; until then nobody else sees it")
    if version == PENDING:
        return _("What you have changed waits for your clearing house")
    return _("What everybody reads of your group: change it, see what waits, earlier versions")


def _of_houses(session: Session, person: Person) -> list[StartLink]:
    links = []
    for house in houses_of(session, person):
        links += [
            StartLink(
                _("To look at before publication: %(house)s", house=house.name),
                url_for("groups.list_reviews", house=house.slug),
                _waiting_words(session, house.id),
                about=house.name,
                title=_("To look at before publication"),
            ),
            StartLink(
                _("Unconfirmed listings of %(house)s", house=house.name),
                url_for("groups.list_unconfirmed", house=house.slug),
                _("Groups that have not answered for over a year, with their phone numbers"),
                about=house.name,
                title=_("Unconfirmed listings"),
            ),
            StartLink(
                _("Closed rooms and houses of %(house)s", house=house.name),
                url_for("groups.list_closed", house=house.slug),
                _("Close a room or the whole house for a time; the groups are told"),
                about=house.name,
                title=_("Closed rooms and houses"),
            ),
            StartLink(
                _("Register a group from paper"),
                url_for("groups.register_from_desk", house=house.slug),
                _("For %(house)s: the same questions as online, on one page", house=house.name),
                about=house.name,
            ),
            StartLink(
                _("Interest and foundings of %(house)s", house=house.name),
                url_for("groups.list_interest", house=house.slug),
                _("Where people wait for a group that does not exist yet"),
                about=house.name,
                title=_("Interest and foundings"),
            ),
        ]
    return links


def _waiting_words(session: Session, house_id: int) -> str:
    count = len(list_queue(session, house_id))
    if not count:
        return _("New groups and changes; nothing waits")
    return ngettext("%(num)s entry waits for you", "%(num)s entries wait for you", count)
