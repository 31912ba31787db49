"""The ways to the people of one's groups, houses or the network, on the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.accounts import places
from app.accounts.rules.permissions import Scope, may, may_somewhere
from app.accounts.start_links import StartLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> Iterator[StartLink]:
    """Yield a link for each house and group that somebody has a role for, and for the network if they manage it."""
    grants = person.actor.grants
    for house in places.houses_by_name(
        session, {grant.clearinghouse_id for grant in grants if grant.clearinghouse_id}
    ):
        url = url_for("accounts.house_people", slug=house.slug)
        yield StartLink(
            _("People of %(name)s", name=house.name),
            url,
            _("Who works here, and groups without a contact"),
            about=house.name,
            title=_("People"),
        )
        if may(person.actor, "read_history", Scope(clearinghouse_id=house.id)):
            yield StartLink(
                _("History of %(name)s", name=house.name),
                url_for("accounts.house_history", slug=house.slug),
                _("Who did what, and when"),
                about=house.name,
                title=_("History"),
            )
    for group in places.groups_by_name(session, {grant.group_id for grant in grants if grant.group_id}):
        url = url_for("accounts.group_people", slug=group.slug)
        yield StartLink(
            _("People of %(name)s", name=group.name),
            url,
            _("Invite others to look after the group"),
            about=group.name,
            title=_("People"),
        )
    if may_somewhere(person.actor, "manage_network_people"):
        yield StartLink(
            _("People of the network"),
            url_for("accounts.network_people"),
            _("Roles for insurers, funding regions, Länder or the whole network"),
        )
    if may_somewhere(person.actor, "read_network_history"):
        yield StartLink(
            _("History of the network"), url_for("accounts.network_history"), _("Who did what, and when")
        )
