"""The way from the fields of a listing (``listing_fields``) to the columns of a group, and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.groups.drafts import PlaceDraft
from app.groups.listing_fields import AboutFields, PlaceFields, RhythmFields
from app.groups.rules.recurrence import Rule
from app.groups.rules.schedule import ONLINE
from app.groups.rules.simple_rhythm import NO_RHYTHM, join_address, simple_rule, split_address
from app.groups.rules.vocabulary import AUDIENCES
from app.groups.typed_listing import WhereField
from app.shared.visitor_forms import VisitorForm

if TYPE_CHECKING:
    from app.groups.models import Group, MeetingPlace
    from app.places.matches import PlaceMatch
    from app.shared.errors import DomainError

_FIELDS = {
    "topics": "topic",
    "for_affected": "for_whom",
    "for_relatives": "for_whom",
    "audiences": "for_whom",
    "place": "street",
    "postcode": "where",
    "town": "where",
    "clearinghouse_id": "where",
    "series": "rhythm",
    "email": "contact_email",
}
"""Column or part of a draft → the field to change; others have the same name."""


def columns_of(form: VisitorForm) -> dict[str, Any]:
    """Answer the columns of a group (``services.GroupDraft``, ``services.change_group``) that a valid form gives.

    Topics, place, dates and consents are none of its columns: see ``topics_of``, ``place_of``, ``rule_of`` and
    ``consent_columns``.
    """
    columns: dict[str, Any] = {}
    for name in ("name", "contact_email", "contact_name", "contact_phone", "website"):
        if name in form:
            columns[name] = " ".join((form[name].data or "").split())
    for name in ("description", "first_visit"):
        if name in form:
            columns[name] = (form[name].data or "").strip()
    for name in ("languages", "access", "status", "format", "contact_way", "disclosure"):
        if name in form:
            columns[name] = form[name].data
    if "for_whom" in form:
        chosen = form["for_whom"].data
        columns["for_affected"], columns["for_relatives"] = "affected" in chosen, "relatives" in chosen
        columns["audiences"] = [value for value in AUDIENCES if value in chosen]
    return columns


def topics_of(form: AboutFields) -> tuple[str, ...]:
    """Answer the slugs of the topics, the main one first."""
    return form.topic.data or ()


def place_of(form: PlaceFields) -> PlaceDraft | None:
    """Answer where the group meets; None when it does so online only."""
    match: PlaceMatch | None = form.where.data
    if form.format.data == ONLINE or match is None:
        return None
    name, street = split_address(form.street.data or "")
    return PlaceDraft(name, street, match.name, match.label.removeprefix(match.name).strip())


def rule_of(form: RhythmFields, *, today: date) -> Rule | None:
    """Answer when the group meets; None by appointment."""
    if form.rhythm.data == NO_RHYTHM or form.starts_at.data is None or not form.weekday.data:
        return None
    return simple_rule(
        form.rhythm.data, weekday=int(form.weekday.data), starts_at=form.starts_at.data, today=today
    )


def consent_columns(
    given: Collection[str], columns: Mapping[str, Any], *, now: datetime, stored: Group | None = None
) -> dict[str, datetime | None]:
    """Answer when a person agreed to each field of theirs being shown: ``given`` of "name", "phone", "email".

    A consent that is stored keeps its moment as long as the field stays as it is: a new number needs a new one.
    """
    moments: dict[str, datetime | None] = {}
    for what in ("name", "phone", "email"):
        column = f"contact_{what}"
        is_same = stored is not None and getattr(stored, column) == columns.get(column)
        before: datetime | None = getattr(stored, f"{column}_consented_at") if is_same else None
        has_consent = what in given and bool(columns.get(column))
        moments[f"{column}_consented_at"] = (before or now) if has_consent else None
    return moments


def data_of(
    group: Group, *, topics: Collection[str] = (), place: MeetingPlace | None = None
) -> dict[str, Any]:
    """Answer a stored group as the data of a form; ``topics`` are slugs."""
    who = [
        name
        for name, is_so in (("affected", group.for_affected), ("relatives", group.for_relatives))
        if is_so
    ]
    same = (
        "name", "description", "first_visit", "languages", "status", "format", "access", "disclosure", "website",
        "contact_way", "contact_name", "contact_phone", "contact_email",
    )  # fmt: skip
    return {
        **{name: getattr(group, name) for name in same},
        "topic": tuple(topics),
        "for_whom": [*who, *group.audiences],
        "where": WhereField.find(f"{place.postcode} {place.town}") if place else None,
        "street": join_address(place.name, place.street) if place else "",
    }


def refuse(form: VisitorForm, error: DomainError) -> None:
    """Afterwards the sentence stands beside the field it is about, or above the form."""
    form.refuse(error, beside=_FIELDS.get(error.field or ""))
