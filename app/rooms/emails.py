"""The wording of mails about rooms; they go to clearing houses and groups, so they are German."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.rooms.queries.requests import RequestRow
from app.rooms.rules.availability import Span

_TO_HOUSE = {
    "asked": (
        "Raum-Anfrage von „{group}“",
        "die Gruppe „{group}“ fragt an, ob sie „{room}“ nutzen kann ({people} Personen).",
        "Bitte antworten Sie hier",
    ),
    "withdrawn": (
        "Raum-Anfrage zurückgezogen: „{group}“",
        "die Gruppe „{group}“ hat ihre Anfrage für „{room}“ zurückgezogen. Sie müssen nichts mehr tun.",
        "Die Anfrage",
    ),
    "accepted": (
        "Vorschlag angenommen: „{group}“",
        "die Gruppe „{group}“ hat Ihren Vorschlag angenommen. Die Termine sind gebucht.",
        "Die Anfrage",
    ),
    "refused": (
        "Vorschlag passt nicht: „{group}“",
        "der Gruppe „{group}“ passt Ihr Vorschlag leider nicht. Die gehaltenen Termine sind wieder frei.",
        "Bitte antworten Sie noch einmal",
    ),
    "lapsed": (
        "Vorschlag abgelaufen: „{group}“",
        "die Gruppe „{group}“ hat auf Ihren Vorschlag nicht geantwortet. Die gehaltenen Termine sind wieder frei.",
        "Die Anfrage",
    ),
}
_TO_GROUP = {
    "booked": ("Ihr Raum: {room}", "Ihre Kontaktstelle hat auf Ihre Anfrage für „{room}“ geantwortet."),
    "offered": (
        "Vorschlag für Ihren Raum",
        (
            "Ihre Kontaktstelle macht Ihnen zu Ihrer Anfrage für „{room}“ einen Vorschlag. "
            "Bitte antworten Sie innerhalb von sieben Tagen; so lange bleibt der Raum für Sie frei."
        ),
    ),
    "declined": ("Ihre Raum-Anfrage", "leider kann Ihre Gruppe „{room}“ nicht wie gewünscht nutzen."),
    "lapsed": (
        "Vorschlag abgelaufen",
        (
            "der Vorschlag zu Ihrer Anfrage für „{room}“ ist abgelaufen, weil keine Antwort kam. "
            "Sie können jederzeit neu anfragen."
        ),
    ),
}


def mail_to_house(event: str, request: RequestRow, *, url: str, zone: str) -> tuple[str, str]:
    """Answer subject and body of what the house hears."""
    subject, opening, link = _TO_HOUSE[event]
    names = {"group": request.group_name, "room": request.room_name, "people": request.people}
    lines = ["Guten Tag,", "", opening.format(**names)]
    if event == "asked":
        lines += ["", *_listed([date.span for date in request.dates], zone)]
        if request.message:
            lines += ["", "Nachricht der Gruppe:", *(f"  {line}" for line in request.message.splitlines())]
    lines += ["", f"{link}: {url}", "", "Wirkreis"]
    return subject.format(**names), "\n".join(lines)


def mail_to_group(
    event: str, request: RequestRow, *, room_names: dict[int, str], url: str, zone: str
) -> tuple[str, str]:
    """Answer subject and body of what the group hears: what is booked, what is offered, what is not."""
    subject, opening = _TO_GROUP[event]
    lines = ["Guten Tag,", "", opening.format(room=request.room_name)]
    booked = [date.booking for date in request.dates if date.booking and not date.is_offered]
    offered = [date.booking for date in request.dates if date.booking and date.is_offered]
    left = [date.span for date in request.dates if date.booking is None]
    if request.reason and event != "lapsed":
        lines += ["", "Ihre Kontaktstelle schreibt:", *(f"  {line}" for line in request.reason.splitlines())]
    if booked:
        lines += [
            "",
            "Gebucht:",
            *(f"{_when(each.span, zone)}, {room_names[each.room_id]}" for each in booked),
        ]
    if offered:
        lines += [
            "",
            "Vorgeschlagen:",
            *(f"{_when(each.span, zone)}, {room_names[each.room_id]}" for each in offered),
        ]
    if left and event in {"booked", "offered"}:
        lines += ["", "Nicht möglich:", *_listed(left, zone)]
    lines += ["", f"Alles zu Ihren Räumen: {url}", "", "Wirkreis"]
    return subject.format(room=request.room_name), "\n".join(lines)


def mail_about_closed_room(
    *, room_name: str, spans: list[Span], reason: str, url: str, zone: str
) -> tuple[str, str]:
    """Answer subject and body of the note that a room is closed on dates that a group has booked."""
    lines = [
        "Guten Tag,",
        "",
        f"„{room_name}“ ist an diesen Terminen geschlossen" + (f" ({reason}):" if reason else ":"),
        "",
        *_listed(spans, zone),
        "",
        "Ihre Buchung für diese Tage gilt nicht.",
        "Bitte suchen Sie mit Ihrer Kontaktstelle einen anderen Raum oder sagen Sie das Treffen ab.",
        "",
        f"Alles zu Ihren Räumen: {url}",
        "",
        "Wirkreis",
    ]
    return f"Geschlossen: {room_name}", "\n".join(lines)


def mail_about_cancelled_booking(
    *, room_name: str, spans: list[Span], reason: str, url: str, zone: str
) -> tuple[str, str]:
    """Answer subject and body of the note that a house has cancelled what a group had booked."""
    lines = [
        "Guten Tag,",
        "",
        f"Ihre Kontaktstelle hat diese Buchungen für „{room_name}“ abgesagt:",
        "",
        *_listed(spans, zone),
    ]
    if reason:
        lines += ["", f"Der Grund: {reason}"]
    lines += ["", f"Alles zu Ihren Räumen: {url}", "", "Wirkreis"]
    return f"Raum abgesagt: {room_name}", "\n".join(lines)


def _listed(spans: list[Span], zone: str) -> list[str]:
    return [f"  {_when(span, zone)}" for span in spans]


def _when(span: Span, zone: str) -> str:
    """Answer “Mi., 25. November 2026, 19:00–20:30 Uhr”."""
    starts_at, ends_at = (_local(each, zone) for each in (span.starts_at, span.ends_at))
    day = format_date(starts_at.date(), "EEE, d. MMMM y", locale="de_DE")
    return f"{day}, {starts_at:%H:%M}–{ends_at:%H:%M} Uhr"


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))
