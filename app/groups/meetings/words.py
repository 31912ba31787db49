"""When a group meets, in words: rhythms, single dates, and why one does not take place."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.lists import format_list
from flask_babel import get_locale, ngettext, pgettext
from flask_babel import gettext as _

from app.groups.presentation import moment_words, weekday_name
from app.groups.rules import schedule
from app.groups.rules.recurrence import APPOINTMENT, DATES, LAST, MONTHLY_DAY, WEEKLY, Rule
from app.groups.rules.schedule import Meeting
from app.shared.languages import LOCALES, current_language

if TYPE_CHECKING:
    from babel import Locale

DATES_NAMED = 3


def rule_words(rule: Rule) -> str:
    """Answer the rhythm, such as “jeden 2. Dienstag im Monat, 19:00–20:30 Uhr; nicht an Feiertagen”."""
    return _rule_words(rule, current_language(), get_locale())


@lru_cache(maxsize=20_000)
def _rule_words(rule: Rule, language: str, _translated_to: Locale | None) -> str:
    """Answer the words; where nothing is translated, outside an application, they are others and are kept apart."""
    if rule.frequency == APPOINTMENT:
        return _("by appointment")
    when = _("%(rhythm)s, %(times)s", rhythm=_rhythm(rule, language), times=time_span(rule))
    return "; ".join([when, *_rests(rule)])


def _rests(rule: Rule) -> list[str]:
    """Answer on which holidays it rests."""
    if rule.skips_public_holidays and rule.skips_school_holidays:
        return [_("not on public holidays, not in the school holidays")]
    if rule.skips_public_holidays:
        return [_("not on public holidays")]
    return [_("not in the school holidays")] if rule.skips_school_holidays else []


def _rhythm(rule: Rule, language: str) -> str:
    if rule.frequency == DATES:
        return _listed_words(rule.dates, language)
    if rule.frequency == MONTHLY_DAY:
        return _month_day_words(rule, language)
    day = _and([weekday_name(weekday, language) for weekday in rule.weekdays], language)
    if rule.frequency == WEEKLY:
        if rule.interval == 1:
            return _("every %(day)s", day=day)
        return _("every %(count)s weeks on %(day)s", count=rule.interval, day=day)
    ordinals = sorted(rule.ordinals, key=lambda n: n if n > 0 else 9)
    which = _and([ordinal_words(n) for n in ordinals], language)
    if rule.interval == 1:
        return _("every %(which)s %(day)s of the month", which=which, day=day)
    if rule.interval == 12:
        month = format_date(rule.first_on, "LLLL", locale=LOCALES[language])
        return _("every year on the %(which)s %(day)s of %(month)s", which=which, day=day, month=month)
    return _("every %(which)s %(day)s, every %(count)s months", which=which, day=day, count=rule.interval)


def _month_day_words(rule: Rule, language: str) -> str:
    numbers = sorted(rule.month_days, key=lambda n: n if n > 0 else 99)
    last = pgettext("day of the month", "last day")
    if len(numbers) > 1:
        last = pgettext("after other days of the month", "the last day")
    days = _and([last if n == LAST else _numbered(n, language) for n in numbers], language)
    if rule.interval == 1:
        return _("on the %(days)s of each month", days=days)
    if rule.interval == 12:
        month = format_date(rule.first_on, "LLLL", locale=LOCALES[language])
        if rule.month_days == (LAST,):
            return _("every year on the last day of %(month)s", month=month)
        pattern = {"de": "d. MMMM", "en": "d MMMM", "nl": "d MMMM"}[language]
        dates = [
            format_date(date(2024, rule.first_on.month, number), pattern, locale=LOCALES[language])
            for number in numbers
            if 0 < number <= monthrange(2024, rule.first_on.month)[1]
        ]
        if LAST in numbers:
            dates.append(pgettext("after other dates", "the last day of %(month)s", month=month))
        return _("every year on %(dates)s", dates=_and(dates, language))
    return _("on the %(days)s, every %(count)s months", days=days, count=rule.interval)


def _numbered(number: int, language: str) -> str:
    """Answer a day of the month: “15.”, “15th”, “15e”."""
    if language == "en":
        teens = 10 <= number % 100 <= 20
        return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
    return f"{number}{'.' if language == 'de' else 'e'}"


def _listed_words(dates: tuple[date, ...], language: str) -> str:
    pattern = {"de": "d. MMM y", "en": "d MMM y", "nl": "d MMM y"}[language]
    named = [format_date(day, pattern, locale=LOCALES[language]) for day in dates[:DATES_NAMED]]
    more = len(dates) - len(named)
    if more:
        named.append(ngettext("%(count)s more date", "%(count)s more dates", more, count=more))
    return _("on %(dates)s", dates=_and(named, language))


def _and(words: list[str], language: str) -> str:
    return str(format_list(words, locale=LOCALES[language]))


def ordinal_words(number: int) -> str:
    """Answer which of a weekday in the month: “2.” or “letzten”."""
    words = {1: _("1st"), 2: _("2nd"), 3: _("3rd"), 4: _("4th"), 5: _("5th"), LAST: _("last")}
    return words[number]


def time_span(rule: Rule) -> str:
    """Answer begin and end, such as “19:00–20:30 Uhr”; a meeting over midnight ends the next day."""
    return span_words(rule.starts_at_local, rule.duration_minutes)


def span_words(starts_at: time, duration_minutes: int) -> str:
    """Answer begin and end of so many minutes."""
    end = (starts_at.hour * 60 + starts_at.minute + duration_minutes) % 1440
    return _("%(start)s–%(end)s", start=f"{starts_at:%H:%M}", end=f"{end // 60:02}:{end % 60:02}")


def day_words(day: date) -> str:
    """Answer a day with its weekday and year, such as “Di., 8. Dezember 2026”."""
    pattern = {"de": "EEE, d. MMMM y", "en": "EEE d MMMM y", "nl": "EEE d MMMM y"}[current_language()]
    return str(format_date(day, pattern, locale=LOCALES[current_language()]))


def period_words(first_on: date, last_on: date) -> str:
    """Answer the days from the first to the last, both included."""
    pattern = {"de": "d. MMMM y", "en": "d MMMM y", "nl": "d MMMM y"}[current_language()]
    first, last = (
        str(format_date(day, pattern, locale=LOCALES[current_language()])) for day in (first_on, last_on)
    )
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


def meeting_span_words(meeting: Meeting) -> str:
    """Answer from when to when a date lasts by the clock, such as “19:00–20:30 Uhr”."""
    return _("%(start)s–%(end)s", start=f"{meeting.starts_at:%H:%M}", end=f"{meeting.ends_at:%H:%M}")


def long_moment_words(moment: datetime) -> str:
    """Answer a date and time written out, with its weekday first: “Dienstag, 24. November, 19:00 Uhr”."""
    language = current_language()
    pattern = {"de": "EEEE, d. MMMM", "en": "EEEE d MMMM", "nl": "EEEE d MMMM"}[language]
    day = format_date(moment.date(), pattern, locale=LOCALES[language])
    return _("%(day)s, %(time)s", day=day, time=f"{moment:%H:%M}")


def long_day_words(moment: datetime) -> str:
    """Answer a day without its year and time: “24. November”."""
    language = current_language()
    pattern = {"de": "d. MMMM", "en": "d MMMM", "nl": "d MMMM"}[language]
    return str(format_date(moment.date(), pattern, locale=LOCALES[language]))


def cause_words(meeting: Meeting) -> str:
    """Answer why a date does not take place, with the reason given; empty when it does."""
    if not meeting.is_cancelled:
        return ""
    if meeting.holiday:
        return meeting.holiday.get(current_language(), "")
    usual = {
        schedule.CANCELLED: _("cancelled"),
        schedule.BREAK: _("the group has a break"),
        schedule.PLACE_CLOSED: _("the place is closed"),
    }[meeting.cause]
    return _("%(cause)s: %(reason)s", cause=usual, reason=meeting.note) if meeting.note else usual


def remark_words(meeting: Meeting) -> str:
    """Answer what is unusual about a date that takes place: moved from when, added, online instead."""
    if meeting.is_cancelled:
        return ""
    is_other_time = meeting.moved_from not in {
        None,
        meeting.starts_at,
    }  # else only the place or the end is other
    parts: Iterable[str] = (
        _("instead of %(moment)s", moment=moment_words(meeting.moved_from))
        if meeting.moved_from and is_other_time
        else "",
        _("an additional date") if meeting.is_added else "",
        _("online this time, the place is closed") if meeting.is_online_instead else "",
        meeting.note,
    )
    return " · ".join(part for part in parts if part)
