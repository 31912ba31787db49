"""All that was typed about a group together: what is still missing, and the draft of a group once nothing is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from app.clearinghouses.services import responsible_for
from app.groups.catalogue import get_catalogue
from app.groups.drafts import ContactDraft, GroupDraft
from app.groups.listing_columns import columns_of, consent_columns, place_of, rule_of, topics_of
from app.groups.meetings.schedules import day_of
from app.groups.registration.forms import CHECK, CONTACT, FOR_WHOM, STEPS, TOPIC, WHEN, Typed, form_of
from app.groups.rules.life import SUBMITTED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.clearinghouses.queries import HouseRow
    from app.groups.listing_fields import AboutFields, PlaceFields, RhythmFields
    from app.groups.models import Topic
    from app.groups.registration.forms import CheckStep
    from app.places.matches import PlaceMatch
    from app.shared.visitor_forms import VisitorForm


@dataclass(frozen=True, slots=True)
class Whole:
    """The forms of all steps with what was typed, by step."""

    forms: dict[str, VisitorForm]

    @property
    def about(self) -> AboutFields:
        """The form of the topic."""
        return cast("AboutFields", self.forms[TOPIC])

    @property
    def place(self) -> PlaceFields:
        """The form of the place, which is that of the dates too."""
        return cast("PlaceFields", self.forms[WHEN])

    @property
    def rhythm(self) -> RhythmFields:
        """The form of the dates."""
        return cast("RhythmFields", self.forms[WHEN])

    @property
    def where(self) -> PlaceMatch | None:
        """The place typed, if it is one."""
        match: PlaceMatch | None = self.place.where.data
        return match

    @property
    def columns(self) -> dict[str, Any]:
        """What the forms give as columns of a group."""
        found: dict[str, Any] = {}
        for step in (TOPIC, FOR_WHOM, WHEN, CONTACT):
            found |= columns_of(self.forms[step])
        return found

    @property
    def consents(self) -> Collection[str]:
        """What was confirmed in the last step."""
        check = cast("CheckStep", self.forms[CHECK])
        return tuple(check.confirms.data or ())

    def topics(self, session: Session) -> list[Topic]:
        """Answer the topics typed, if they are any."""
        by_slug = get_catalogue(session).by_slug
        return [by_slug[slug] for slug in topics_of(self.about) if slug in by_slug]

    def problems(self) -> dict[str, list[str]]:
        """Answer step → what is still to be put right in it, as sentences; the last step speaks for itself."""
        found = {}
        for step in STEPS[:-1]:
            form = self.forms[step]
            if not form.validate():
                found[step] = [error for field in form for error in field.errors] + list(form.form_errors)
        return found


def read_whole(typed: Typed) -> Whole:
    """Answer the forms with what was typed; a step that was not reached yet has its defaults."""
    return Whole({step: form_of(step, typed) for step in STEPS})


def find_house(session: Session, place: PlaceMatch) -> HouseRow | None:
    """Answer the clearing house that reviews a group there: responsible, else the nearest; None when there is none."""
    responsible = responsible_for(session, place)
    return responsible.houses[0] if responsible.houses else responsible.nearest


def group_draft(
    columns: dict[str, Any],
    *,
    forms: Whole,
    clearinghouse_id: int,
    consents: Collection[str],
    consented_at: datetime,
    now: datetime,
) -> GroupDraft:
    """Answer the group of forms that are valid, waiting for its first review."""
    moments = consent_columns(consents, columns, now=consented_at)
    today = day_of(now)
    rule = rule_of(forms.rhythm, today=today)
    contact = ContactDraft(
        way=columns["contact_way"],
        name=columns["contact_name"],
        name_consented_at=moments["contact_name_consented_at"],
        phone=columns["contact_phone"],
        phone_consented_at=moments["contact_phone_consented_at"],
        email=columns["contact_email"],
        email_consented_at=moments["contact_email_consented_at"],
    )
    same = {name: value for name, value in columns.items() if not name.startswith("contact_")}
    return GroupDraft(
        **same,
        topics=topics_of(forms.about),
        clearinghouse_id=clearinghouse_id,
        last_confirmed_on=today,
        place=place_of(forms.place),
        contact=contact,
        state=SUBMITTED,
        series=(rule,) if rule else (),
    )
