"""Reads of the reference geography, as the places the gazetteer holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.places.matches import PlaceMatch
from app.places.models import District, Postcode, SchoolHoliday, State, Town
from app.places.rules import free_days

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy.orm import Session


def list_states(session: Session) -> list[PlaceMatch]:
    """Answer the Länder by key."""
    rows = session.execute(
        select(State.ags, State.name, State.label, State.latitude, State.longitude).order_by(State.ags)
    )
    return [
        PlaceMatch("state", row.name, row.label, row.latitude, row.longitude, None, "", row.ags, row.name)
        for row in rows
    ]


def list_districts(session: Session, *, states: Sequence[PlaceMatch]) -> list[PlaceMatch]:
    """Answer the districts by key."""
    names = {state.state_ags: state.name for state in states}
    rows = session.execute(
        select(
            District.ags,
            District.name,
            District.label,
            District.latitude,
            District.longitude,
            District.state_ags,
        ).order_by(District.ags)
    )
    return [
        PlaceMatch(
            "district",
            row.name,
            row.label,
            row.latitude,
            row.longitude,
            row.ags,
            row.label,
            row.state_ags,
            names[row.state_ags],
        )
        for row in rows
    ]


def list_postcodes(session: Session, *, districts: Sequence[PlaceMatch]) -> list[PlaceMatch]:
    """Answer the postcodes, ascending, labelled with their municipality."""
    by_ags = {district.district_ags: district for district in districts}
    rows = session.execute(
        select(
            Postcode.postcode,
            Postcode.municipality,
            Postcode.latitude,
            Postcode.longitude,
            Postcode.district_ags,
        ).order_by(Postcode.postcode)
    )
    return [
        PlaceMatch(
            "postcode",
            row.postcode,
            f"{row.postcode} {row.municipality}",
            row.latitude,
            row.longitude,
            row.district_ags,
            by_ags[row.district_ags].label,
            by_ags[row.district_ags].state_ags,
            by_ags[row.district_ags].state,
        )
        for row in rows
    ]


def list_towns(session: Session, *, districts: Sequence[PlaceMatch]) -> list[tuple[PlaceMatch, list[str]]]:
    """Answer the towns and their alternate names, most populous first."""
    by_ags = {district.district_ags: district for district in districts}
    rows = session.execute(
        select(
            Town.name,
            Town.label,
            Town.latitude,
            Town.longitude,
            Town.district_ags,
            Town.population,
            Town.alternate_names,
        ).order_by(Town.population.desc(), Town.id)
    )
    return [
        (
            PlaceMatch(
                "town",
                row.name,
                row.label,
                row.latitude,
                row.longitude,
                row.district_ags,
                by_ags[row.district_ags].label,
                by_ags[row.district_ags].state_ags,
                by_ags[row.district_ags].state,
                row.population,
            ),
            row.alternate_names,
        )
        for row in rows
    ]


def list_school_holidays(
    session: Session, *, states: Collection[str], first: date, last: date
) -> list[free_days.SchoolHoliday]:
    """Answer the school holidays of these Länder with a day between ``first`` and ``last``, both included."""
    rows = session.execute(
        select(SchoolHoliday.state_ags, SchoolHoliday.kind, SchoolHoliday.first_on, SchoolHoliday.last_on)
        .where(
            SchoolHoliday.state_ags.in_(states),
            SchoolHoliday.first_on <= last,
            SchoolHoliday.last_on >= first,
        )
        .order_by(SchoolHoliday.state_ags, SchoolHoliday.first_on)
    )
    return [free_days.SchoolHoliday(*row) for row in rows]


def school_holidays_known_until(session: Session, state_ags: str) -> date | None:
    """Answer the last day of the last school holidays known of the Land; None when none are known.

    Later days are answered as ordinary ones, so whoever asks must tell people how far the dates are known.
    """
    return session.scalar(select(func.max(SchoolHoliday.last_on)).where(SchoolHoliday.state_ags == state_ags))
