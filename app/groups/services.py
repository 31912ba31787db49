"""What can be done to groups: register, change, find their address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.models import ClearingHouse
from app.groups.drafts import NOT_FOUND_YET, GroupDraft, PlaceDraft
from app.groups.listing_checks import (
    CHANGEABLE,
    check_columns,
    check_place,
    check_point,
    check_state,
    check_topics,
    tidy_columns,
)
from app.groups.listings.first_versions import first_version_rows
from app.groups.meetings.schedules import day_of, rule_columns
from app.groups.models import Group, GroupTopic, ListingVersion, MeetingPlace, MeetingSeries, Topic
from app.groups.noting import note_changes, note_of_group
from app.groups.rules.listing import usual_contact_way
from app.groups.rules.recurrence import Rule, check_rule
from app.groups.search_index import index_groups, next_version
from app.groups.slugs import SlugMaker
from app.shared.errors import NotFound, RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CHUNK = 2_000
PINNED = "pinned"


def register_groups(
    session: Session,
    drafts: Iterable[GroupDraft],
    *,
    now: datetime,
    on_progress: Callable[[int], None] | None = None,
) -> list[int]:
    """Store groups with their places, topics and series, and make them findable; answer their ids in order.

    The bulk form of registering: everything is checked, then written in chunks of 2,000 rows. Two transactions that
    register groups wait for each other, so that two groups of one name never get one address.

    Raises:
        RuleBroken: a draft breaks a rule; nothing of its chunk was written.
    """
    next_version(session)  # whoever else registers waits here, before anybody looks which addresses are free
    topic_ids = dict(session.execute(sa.select(Topic.slug, Topic.id)).tuples().all())
    slugs = SlugMaker(session)
    remaining = iter(drafts)
    ids: list[int] = []
    while chunk := list(islice(remaining, CHUNK)):
        columns = [_checked_columns(draft, topic_ids) for draft in chunk]
        _check_houses(session, {draft.clearinghouse_id for draft in chunk})
        new_ids = _store_chunk(session, chunk, columns, slugs=slugs, topic_ids=topic_ids, now=now)
        index_groups(session, new_ids, today=day_of(now))
        ids += new_ids
        if on_progress is not None:
            on_progress(len(chunk))
    return ids


def register_group(session: Session, draft: GroupDraft, *, now: datetime) -> int:
    """Store one group and make it findable; answer its id."""
    group_id = register_groups(session, [draft], now=now)[0]
    note_of_group(session, "group.registered", group_id, now=now)
    return group_id


def change_group(session: Session, group_id: int, *, now: datetime, **changes: Any) -> None:
    """Afterwards the columns named (of ``CHANGEABLE``) have the values given, and the finder knows.

    Raises:
        NotFound: there is no such group.
        RuleBroken: the group, as it would be then, breaks a rule, or its state cannot follow; nothing is changed.
        TypeError: there is no such column, or it cannot be given anew.
    """
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"A group has no columns to change named {', '.join(sorted(unknown))}.")
    group = _get(session, group_id)
    columns = tidy_columns({name: getattr(group, name) for name in CHANGEABLE} | changes)
    check_columns(columns, has_place=group.place_id is not None)
    check_state(group.state, columns["state"])
    if "clearinghouse_id" in changes:
        _check_houses(session, {columns["clearinghouse_id"]})
    changed = [name for name in sorted(changes) if getattr(group, name) != columns[name]]
    for name in changes:
        setattr(group, name, columns[name])
    group.updated_at = now
    note_changes(session, group, changed, now=now)
    session.flush()
    index_groups(session, [group_id], today=day_of(now))


def move_pin(session: Session, place_id: int, *, latitude: float, longitude: float, now: datetime) -> None:
    """Afterwards the meeting place has the point set by hand, and no geocoder will move it.

    Raises:
        NotFound: there is no such place.
        RuleBroken: the point does not lie on the globe.
    """
    check_point(latitude, longitude)
    set_point(session, place_id, point=(latitude, longitude), quality=PINNED, now=now)


def set_point(
    session: Session, place_id: int, *, point: tuple[float, float] | None, quality: str, now: datetime
) -> None:
    """Afterwards the place has this point (or none), and every group that meets there is indexed by it."""
    place = session.get(MeetingPlace, place_id)
    if place is None:
        raise NotFound(_("There is no such meeting place."))
    place.latitude, place.longitude = point or (None, None)
    place.point_quality = quality if point else NOT_FOUND_YET
    place.geocoded_at = now
    session.flush()
    if quality == PINNED:
        for group_id in session.scalars(sa.select(Group.id).where(Group.place_id == place_id)).all():
            note_of_group(session, "group.pinned", group_id, now=now)
    next_version(session)  # who comes to meet there in the meantime has done so once the finder is ours
    ids = session.scalars(sa.select(Group.id).where(Group.place_id == place_id))
    index_groups(session, ids, today=day_of(now))


def _get(session: Session, group_id: int) -> Group:
    """Answer the group as it is now, kept from others who would change it until the transaction ends."""
    group = session.get(Group, group_id, with_for_update={"key_share": True}, populate_existing=True)
    if group is None:
        raise NotFound(_("There is no such group."), code="unknown_group")
    return group


def _checked_columns(draft: GroupDraft, topic_ids: dict[str, int]) -> dict[str, Any]:
    """Answer the columns of a draft that keeps every rule of a listing."""
    columns = tidy_columns(_columns_of(draft))
    check_columns(columns, has_place=draft.place is not None)
    if draft.place is not None:
        check_place(draft.place, needs_address=draft.status != "founding")
    check_topics(draft.topics, known=topic_ids)
    for rule in draft.series:
        try:
            check_rule(rule)
        except ValueError as error:
            message = _("A meeting cannot take place as it is given. Please check its days and times.")
            raise RuleBroken(message, field="series") from error
    return columns


def _check_houses(session: Session, ids: set[int]) -> None:
    known = set(session.scalars(sa.select(ClearingHouse.id).where(ClearingHouse.id.in_(ids))))
    if ids - known:
        message = _("There is no such clearing house. Please choose another one.")
        raise RuleBroken(message, code="unknown_clearinghouse", field="clearinghouse_id")


def _store_chunk(
    session: Session,
    drafts: Sequence[GroupDraft],
    columns: Sequence[dict[str, Any]],
    *,
    slugs: SlugMaker,
    topic_ids: dict[str, int],
    now: datetime,
) -> list[int]:
    """Write the rows of some drafts, whose columns are checked; answer the ids of the groups in order."""
    place_ids = _place_ids(session, [draft.place for draft in drafts if draft.place is not None], now=now)
    group_rows = [
        {
            **checked,
            "slug": slugs.make(draft.name),
            "place_id": None if draft.place is None else place_ids[_place_key(draft.place)],
            "created_at": now,
            "updated_at": now,
        }
        for draft, checked in zip(drafts, columns, strict=True)
    ]
    ids = _insert(session, Group, group_rows)
    topics = [
        {"group_id": group_id, "topic_id": topic_ids[slug], "position": position}
        for group_id, draft in zip(ids, drafts, strict=True)
        for position, slug in enumerate(dict.fromkeys(draft.topics))
    ]
    series = [
        _series_row(group_id, row, rule, number=number, now=now)
        for group_id, row, draft in zip(ids, group_rows, drafts, strict=True)
        for number, rule in enumerate(draft.series, start=1)
    ]
    session.execute(_rows_of(GroupTopic), topics)
    if series:
        session.execute(_rows_of(MeetingSeries), series)
    if versions := first_version_rows(ids, drafts, columns, now=now):
        session.execute(_rows_of(ListingVersion), versions)
    return ids


_PlaceKey = tuple[str, str, str, str, float | None, float | None]


def _place_key(place: PlaceDraft | MeetingPlace) -> _PlaceKey:
    """Answer what makes two places one."""
    return place.name, place.street, place.postcode, place.town, place.latitude, place.longitude


def _place_ids(session: Session, places: Sequence[PlaceDraft], *, now: datetime) -> dict[_PlaceKey, int]:
    """Answer the id of each place; groups that meet at one address share it, so that it can be closed for all.

    A draft without a point means any place at its address.
    """
    known = sa.select(MeetingPlace).where(MeetingPlace.postcode.in_({place.postcode for place in places}))
    ids: dict[_PlaceKey, int] = {}
    for place in session.scalars(known.order_by(MeetingPlace.id.desc())):
        ids[_place_key(place)] = ids[*_place_key(place)[:4], None, None] = place.id
    new = {_place_key(place): place for place in places if _place_key(place) not in ids}
    rows = [_place_row(place, now) for place in new.values()]
    ids.update(zip(new, _insert(session, MeetingPlace, rows), strict=True))
    return ids


def store_place(session: Session, place: PlaceDraft, *, now: datetime, needs_address: bool = True) -> int:
    """Answer the id of a place at this address, stored if there was none; ``needs_address`` as in ``check_place``.

    Raises:
        RuleBroken: the address is not one.
    """
    check_place(place, needs_address=needs_address)
    return _place_ids(session, [place], now=now)[_place_key(place)]


def _insert(session: Session, model: type[Group | MeetingPlace], rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows and answer their ids in the same order."""
    if not rows:
        return []
    statement = _rows_of(model).returning(model.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))


def _rows_of(model: type[Group | GroupTopic | ListingVersion | MeetingPlace | MeetingSeries]) -> sa.Insert:
    """Answer how rows are inserted: all together, not in a batch for each set of columns that are empty."""
    return sa.insert(model).execution_options(render_nulls=True)


def _place_row(place: PlaceDraft, now: datetime) -> dict[str, Any]:
    found = place.latitude is not None
    return {
        "name": place.name,
        "street": place.street,
        "postcode": place.postcode,
        "town": place.town,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "point_quality": place.point_quality if found else NOT_FOUND_YET,
        "geocoded_at": now if found else None,
    }


def _columns_of(draft: GroupDraft) -> dict[str, Any]:
    """Answer the columns of ``CHANGEABLE`` as the draft gives them."""
    contact = draft.contact
    return {
        "name": draft.name,
        "description": draft.description,
        "first_visit": draft.first_visit,
        "for_affected": draft.for_affected,
        "for_relatives": draft.for_relatives,
        "audiences": draft.audiences,
        "languages": draft.languages,
        "format": draft.format,
        "access": draft.access,
        "status": draft.status,
        "clearinghouse_id": draft.clearinghouse_id,
        "disclosure": draft.disclosure,
        "contact_way": contact.way or usual_contact_way(has_email=bool(contact.email.strip())),
        "contact_name": contact.name,
        "contact_name_consented_at": contact.name_consented_at,
        "contact_phone": contact.phone,
        "contact_phone_consented_at": contact.phone_consented_at,
        "contact_email": contact.email,
        "contact_email_consented_at": contact.email_consented_at,
        "website": draft.website,
        "internal_note": draft.internal_note,
        "state": draft.state,
        "last_confirmed_on": draft.last_confirmed_on,
    }


def _series_row(
    group_id: int, group: dict[str, Any], rule: Rule, *, number: int, now: datetime
) -> dict[str, Any]:
    """Answer the row of a series that meets where and how the group does."""
    return {
        "uid": str(uuid5(NAMESPACE_URL, f"wirkreis:{group['slug']}/{number}")),
        "group_id": group_id,
        **rule_columns(rule),
        "format": group["format"],
        "place_id": None,
        "where_note": "",
        "online_link": "",
        "shows_link": False,
        "revision": 0,
        "changed_at": now,
    }
