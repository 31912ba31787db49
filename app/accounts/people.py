"""Who has access to a group, a clearing house or the network as a whole: listed, invited, removed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import emails
from app.accounts.keys import digest, make_key
from app.accounts.links import check_address
from app.accounts.models import Invitation, RoleGrant, User
from app.accounts.places import Place, find_place, keys_of, with_names
from app.accounts.queries import find_user
from app.accounts.rules.permissions import GROUP, ROLE_SCOPES, SCOPE_KEYS, Grant, is_scope_right
from app.accounts.services import note_roles_changed
from app.shared.errors import BadInput
from app.shared.history import note
from app.shared.languages import DEFAULT_LANGUAGE, current_language, speaking
from app.shared.outbox import queue_mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.accounts.person import Person
    from app.shared.mail_text import Mail

INVITATION_LIFE = timedelta(days=14)
logger = logging.getLogger("wirkreis.accounts")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who has a role at a place; on the list of the network, the role may be for an insurer and so on."""

    grant_id: int
    user_id: int
    name: str
    email: str
    role: str
    granted_at: datetime
    scope_name: str


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """Somebody who was asked and has not answered."""

    id: int
    email: str
    role: str
    expires_at: datetime
    scope_name: str


def list_members(session: Session, place: Place) -> list[Member]:
    """Answer who has a role at a place, by name; accounts that are closed are left out.

    Of the network are all roles that are for no group and no house, by the name of what they are for.
    """
    grants, scope_name = with_names(
        RoleGrant, RoleGrant.id, User.id, User.name, User.email, RoleGrant.role, RoleGrant.granted_at
    )
    rows = session.execute(
        grants.join(User, User.id == RoleGrant.user_id)
        .where(*_listed_at(RoleGrant, place), User.is_active)
        .order_by(scope_name, User.name, User.id, RoleGrant.role)
    )
    return [Member(*row) for row in rows]


def find_member(session: Session, place: Place, grant_id: int) -> Member | None:
    """Answer somebody of a place by the number of their role; None when it is not one of this place."""
    return next((each for each in list_members(session, place) if each.grant_id == grant_id), None)


def find_place_of_grant(session: Session, user_id: int, grant_id: int) -> Place | None:
    """Answer what a role of this user is for; None when they have no role with this number."""
    grant = session.scalar(sa.select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.user_id == user_id))
    return find_place(session, grant) if grant else None


def list_invitations(session: Session, place: Place, *, now: datetime) -> list[OpenInvitation]:
    """Answer the invitations to a place that can still be accepted, the latest first."""
    invited, _name = with_names(
        Invitation, Invitation.id, Invitation.email, Invitation.role, Invitation.expires_at
    )
    rows = session.execute(
        invited.where(*_listed_at(Invitation, place), Invitation.expires_at > now).order_by(
            Invitation.id.desc()
        )
    )
    return [OpenInvitation(*row) for row in rows]


def invite(
    session: Session,
    place: Place,
    *,
    email: str,
    role: str,
    inviter: Person | None,
    url_of: Callable[[str], str],
    now: datetime,
    mail_of: Callable[[str], Mail] | None = None,
) -> None:
    """Afterwards somebody is asked by mail to take on a role; an earlier invitation to the same is void.

    Nobody invites whoever has just registered a group: then ``mail_of`` writes the mail around the link.

    Raises:
        BadInput: the address cannot be written to, the role is none of this place, or they have it.
    """
    address = check_address(email)
    if role not in ROLE_SCOPES or not is_scope_right(Grant(role, **place.keys)):
        raise BadInput(_("Please choose a role."), field="role")
    had = sa.select(RoleGrant.id).join(User, User.id == RoleGrant.user_id)
    if session.scalar(had.where(*_for(RoleGrant, place), User.email == address, RoleGrant.role == role)):
        raise BadInput(_("This person has access already; see the list."), field="email")
    same = (*_for(Invitation, place), Invitation.email == address, Invitation.role == role)
    session.execute(sa.delete(Invitation).where(*same))
    key = make_key()
    session.add(
        Invitation(
            key_hash=digest(key),
            email=address,
            role=role,
            **place.keys,
            invited_by=inviter.id if inviter else None,
            invited_at=now,
            expires_at=now + INVITATION_LIFE,
        )
    )
    note(session, "invitation.sent", now=now, role=role, **_about(place, place.keys))
    user = find_user(session, address)
    with speaking(user.language if user else current_language()):
        url = url_of(key)
        name = inviter.name if inviter else ""
        mail = mail_of(url) if mail_of else emails.invitation_mail(name, role, place.name, url)
        queue_mail(session, to=address, mail=mail, purpose="account-invitation", now=now)


def withdraw_invitation(session: Session, place: Place, invitation_id: int, *, now: datetime) -> None:
    """Afterwards there is no such invitation to this place."""
    gone = sa.delete(Invitation).where(*_listed_at(Invitation, place), Invitation.id == invitation_id)
    row = session.scalar(gone.returning(Invitation))
    if row is not None:
        note(session, "invitation.withdrawn", now=now, role=row.role, **_about(place, keys_of(row)))


def is_last_contact(session: Session, place: Place, member: Member) -> bool:
    """Whether a group has nobody else who looks after it."""
    others = (each for each in list_members(session, place) if each.grant_id != member.grant_id)
    return place.kind == GROUP and next(others, None) is None


def remove_member(session: Session, place: Place, member: Member, *, now: datetime) -> None:
    """Afterwards they have this role no more, and invitations of theirs to the place are void.

    When the last contact of a group goes, the staff of its clearing house are told by mail.
    """
    was_last = is_last_contact(session, place, member)
    gone = sa.delete(RoleGrant).where(RoleGrant.id == member.grant_id)
    keys = keys_of(session.scalars(gone.returning(RoleGrant)).one())
    session.execute(
        sa.delete(Invitation).where(*_listed_at(Invitation, place), Invitation.invited_by == member.user_id)
    )
    note(
        session,
        "account.role_removed",
        now=now,
        record_id=member.user_id,
        role=member.role,
        **_about(place, keys),
    )
    note_roles_changed(session, member.user_id, now=now)
    if was_last:
        _tell_house(session, place, now=now)


def move_people(session: Session, group_id: int, into_id: int, *, now: datetime) -> None:
    """Afterwards whoever had access to a group has it to the other one instead; open invitations too."""
    grants = session.scalars(sa.select(RoleGrant).where(RoleGrant.group_id == group_id)).all()
    there = set(session.scalars(sa.select(RoleGrant.user_id).where(RoleGrant.group_id == into_id)))
    for grant in grants:
        if grant.user_id in there:
            session.delete(grant)
        else:
            grant.group_id = into_id
        note_roles_changed(session, grant.user_id, now=now)
    invited = sa.update(Invitation).where(Invitation.group_id == group_id)
    session.execute(invited.values(group_id=into_id))


def _tell_house(session: Session, place: Place, *, now: datetime) -> None:
    """Queue a mail to each of the staff of a group's house, or to the house when none of them has an account.

    An address that cannot be written to keeps nobody from leaving: the log tells of it.
    """
    staff = session.execute(
        sa.select(User.email, User.language)
        .where(
            User.is_active,
            sa.exists().where(
                RoleGrant.user_id == User.id, RoleGrant.clearinghouse_id == place.clearinghouse_id
            ),
        )
        .order_by(User.id)
    ).all()
    readers = [(email, language) for email, language in staff]
    if not readers and place.house_email:
        readers = [(place.house_email, DEFAULT_LANGUAGE)]
    for email, language in readers:
        try:
            with speaking(language):
                url = emails.page_url(f"/accounts/groups/{place.slug}/people")
                mail = emails.last_contact_mail(place.name, url)
                queue_mail(session, to=email, mail=mail, purpose="group-without-contact", now=now)
        except BadInput:
            logger.warning("mail cannot be written", extra={"facts": {"group": place.id}})


def _about(place: Place, keys: dict[str, Any]) -> dict[str, Any]:
    """Answer what a role is for as the history names it: a group with its house."""
    return {"clearinghouse_id": place.clearinghouse_id, **keys}


def _for(table: type[RoleGrant | Invitation], place: Place) -> tuple[sa.ColumnElement[bool], ...]:
    """Answer the conditions for rows that are for a place and nothing else."""
    keys = place.keys
    return tuple(getattr(table, key).is_not_distinct_from(keys.get(key)) for key in SCOPE_KEYS.values())


def _listed_at(table: type[RoleGrant | Invitation], place: Place) -> tuple[sa.ColumnElement[bool], ...]:
    """Answer the conditions for rows that a place lists: the network lists all but those of groups and houses."""
    if place.kind is None:
        return table.group_id.is_(None), table.clearinghouse_id.is_(None)
    return _for(table, place)
