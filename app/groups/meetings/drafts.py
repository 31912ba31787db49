"""Between the form of a series and its draft: what was typed as a rule and a place, and the other way round."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.groups.drafts import PlaceDraft, SeriesDraft
from app.groups.meetings import forms
from app.groups.meetings.checks import check_series, duration_between
from app.groups.meetings.schedules import day_of, rule_of
from app.groups.rules import recurrence
from app.groups.rules.recurrence import LAST, Rule, days
from app.shared.errors import RuleBroken
from app.shared.visitor_forms import VisitorForm

if TYPE_CHECKING:
    from app.groups.models import Group, MeetingPlace, MeetingSeries

EARLIEST = date(1950, 1, 1)
FARTHEST_AHEAD = timedelta(days=3700)
YEAR = 12
"""Months."""
_FIELDS = {
    "frequency": "rhythm",
    "duration_minutes": "ends_at",
    "place": "place_kind",
    "interval": "weeks_between",
}
"""Part of a rule or draft → the field to change; others have the same name."""


def draft_of(
    form: forms.SeriesForm, *, group: Group, stored: MeetingPlace | None, now: datetime
) -> SeriesDraft | None:
    """Answer the series that was typed; None when something is wrong, and then the form says what.

    Args:
        form: as it was sent.
        group: whose series it is.
        stored: the place of its own that the series has so far.
        now: the present moment.
    """
    _add_day(form)
    if not form.validate():
        return None
    try:
        draft = SeriesDraft(
            rule=_rule(form, today=day_of(now)),
            format=form.format.data,
            where_note=form.where_note.data or "",
            online_link=form.online_link.data or "",
            shows_link=form.shows_link.data,
            **place_arguments(form, stored=stored),
        )
        check_series(draft, group=group)
        _check_is_to_come(draft.rule, today=day_of(now))
    except RuleBroken as error:
        refuse(form, error)
        return None
    return draft


def refuse(form: VisitorForm, error: RuleBroken) -> None:
    """Afterwards the sentence stands beside the field it is about, or above the form."""
    name = _FIELDS.get(error.field or "", error.field or "")
    is_monthly = "rhythm" in form and form["rhythm"].data in {forms.MONTH_WEEKDAY, forms.MONTH_DAY}
    if name == "weeks_between" and is_monthly:
        name = "months_between"
    if name == "place_kind" and isinstance(form, forms.PlaceFields) and form.has_other_place():
        name = "place_name"
    form.refuse(error, beside=name)


def place_arguments(form: forms.PlaceFields, *, stored: MeetingPlace | None) -> dict[str, Any]:
    """Answer the place that was typed, as services take it: nothing for where the group always meets."""
    if not form.has_other_place():
        return {}
    name, street, postcode, town = (
        (field.data or "").strip() for field in (form.place_name, form.street, form.postcode, form.town)
    )
    typed = PlaceDraft(name, street, postcode, town)
    if stored is not None and _address(stored) == _address(typed):
        return {"place_id": stored.id}  # there may be several points at one address
    return {"place": typed}


def data_of(series: MeetingSeries, place: MeetingPlace | None) -> dict[str, Any]:
    """Answer a stored series as the data of its form."""
    rule = rule_of(series)
    end = (rule.starts_at_local.hour * 60 + rule.starts_at_local.minute + rule.duration_minutes) % 1440
    return {
        **_rhythm_data(rule),
        "starts_at": rule.starts_at_local,
        "ends_at": time(end // 60, end % 60),
        "until_on": rule.until_on,
        "format": series.format,
        "where_note": series.where_note,
        "online_link": series.online_link,
        "shows_link": series.shows_link,
        "skips_public_holidays": rule.skips_public_holidays,
        "skips_school_holidays": rule.skips_school_holidays,
        "zone": rule.zone,
        **place_data(place),
    }


def place_data(place: MeetingPlace | None) -> dict[str, Any]:
    """Answer a place of its own as data of a form; nothing where the group always meets."""
    if place is None:
        return {}
    return {
        "place_kind": forms.ELSEWHERE,
        "place_name": place.name,
        "street": place.street,
        "postcode": place.postcode,
        "town": place.town,
    }


def _add_day(form: forms.SeriesForm) -> None:
    """Put the day of the calendar field into the list, as the button beside it does with JavaScript."""
    day = form.date_to_add.data
    if form.rhythm.data == forms.DATES and day is not None and not form.dates.process_errors:
        form.dates.show(sorted({*form.dates.days, day}))
        form.date_to_add.data, form.date_to_add.raw_data = None, None


def _rule(form: forms.SeriesForm, *, today: date) -> Rule:
    parts = _PARTS[form.rhythm.data](form)
    has_times = form.rhythm.data != forms.APPOINTMENT
    first_on = form.first_on.data or today
    if form.rhythm.data == forms.DATES:
        first_on = min(form.dates.days, default=today)
    elif not EARLIEST <= first_on <= today + FARTHEST_AHEAD:
        raise RuleBroken(_("Please choose a day within the next ten years."), field="first_on")
    return Rule(
        starts_at_local=(has_times and form.starts_at.data) or time(0),
        duration_minutes=duration_between(form.starts_at.data, form.ends_at.data) if has_times else 60,
        first_on=first_on,
        until_on=form.until_on.data,
        zone=(form.zone.data or "").strip(),
        skips_public_holidays=form.skips_public_holidays.data,
        skips_school_holidays=form.skips_school_holidays.data,
        **parts,
    )


def _weekly(form: forms.SeriesForm) -> dict[str, Any]:
    interval = 1 if form.rhythm.data == forms.WEEKLY else form.weeks_between.data
    return {"frequency": recurrence.WEEKLY, "weekdays": tuple(form.weekdays.data), "interval": interval}


def _month_weekday(form: forms.SeriesForm) -> dict[str, Any]:
    return {
        "frequency": recurrence.MONTHLY_WEEKDAY,
        "weekdays": tuple(form.weekdays.data),
        "ordinals": tuple(form.ordinals.data),
        "interval": form.months_between.data,
    }


def _month_day(form: forms.SeriesForm) -> dict[str, Any]:
    return {
        "frequency": recurrence.MONTHLY_DAY,
        "month_days": form.month_days.data or (),
        "interval": form.months_between.data,
    }


def _yearly(form: forms.SeriesForm) -> dict[str, Any]:
    return _yearly_parts(form.first_on.data, by_weekday=form.yearly_by.data == "weekday")


def _yearly_parts(day: date | None, *, by_weekday: bool) -> dict[str, Any]:
    """Answer the rule of which the day is the first date."""
    day = day or EARLIEST
    if not by_weekday:
        return {"frequency": recurrence.MONTHLY_DAY, "month_days": (day.day,), "interval": YEAR}
    number = (day.day + 6) // 7
    return {
        "frequency": recurrence.MONTHLY_WEEKDAY,
        "weekdays": (day.isoweekday(),),
        "ordinals": (LAST if number == 5 else number,),
        "interval": YEAR,
    }


def _listed(form: forms.SeriesForm) -> dict[str, Any]:
    return {"frequency": recurrence.DATES, "dates": form.dates.days}


def _by_appointment(_form: forms.SeriesForm) -> dict[str, Any]:
    return {"frequency": recurrence.APPOINTMENT}


_PARTS = {
    forms.WEEKLY: _weekly,
    forms.EVERY_FEW_WEEKS: _weekly,
    forms.MONTH_WEEKDAY: _month_weekday,
    forms.MONTH_DAY: _month_day,
    forms.YEARLY: _yearly,
    forms.DATES: _listed,
    forms.APPOINTMENT: _by_appointment,
}


def _check_is_to_come(rule: Rule, *, today: date) -> None:
    """Refuse a series that is over before it is stored."""
    if rule.frequency == recurrence.APPOINTMENT:
        is_over = rule.until_on is not None and rule.until_on < today
    else:
        is_over = next(days(rule, since=today), None) is None
    if is_over:
        raise RuleBroken(
            _("All these dates are over. Please choose days to come."),
            field="dates" if rule.frequency == recurrence.DATES else "until_on",
        )


def _rhythm_data(rule: Rule) -> dict[str, Any]:
    """Answer how often, as the form asks it."""
    common = {"first_on": rule.first_on, "weekdays": list(rule.weekdays)}
    if rule.frequency == recurrence.WEEKLY:
        rhythm = forms.WEEKLY if rule.interval == 1 else forms.EVERY_FEW_WEEKS
        return {**common, "rhythm": rhythm, "weeks_between": max(2, rule.interval)}
    if rule.frequency == recurrence.DATES:
        listed = "\n".join(f"{day.day}.{day.month}.{day.year}" for day in rule.dates)
        return {**common, "rhythm": forms.DATES, "dates": listed}
    if rule.frequency == recurrence.APPOINTMENT:
        return {**common, "rhythm": forms.APPOINTMENT}
    return _yearly_data(rule) or {
        **common,
        "rhythm": forms.MONTH_WEEKDAY if rule.weekdays else forms.MONTH_DAY,
        "months_between": rule.interval,
        "ordinals": list(rule.ordinals),
        "month_days": rule.month_days or None,
    }


def _yearly_data(rule: Rule) -> dict[str, Any]:
    """Answer a yearly rule by its first date; nothing for one that is more than its first date says."""
    first = next(days(rule, since=rule.first_on), None) if rule.interval == YEAR else None
    if first is None:
        return {}
    for by in ("date", "weekday"):
        parts = _yearly_parts(first, by_weekday=by == "weekday")
        if all(getattr(rule, name) == value for name, value in parts.items()):
            return {"rhythm": forms.YEARLY, "yearly_by": by, "first_on": first}
    return {}


def _address(place: MeetingPlace | PlaceDraft) -> tuple[str, str, str, str]:
    return place.name, place.street, place.postcode, place.town
