"""The wording of mails about groups; they go to clearing houses, so they are German."""

from __future__ import annotations

from app.groups.models import ListingReport

_REASONS = {
    "closed": "Die Gruppe gibt es nicht mehr.",
    "time": "Tag oder Uhrzeit stimmen nicht.",
    "place": "Der Ort stimmt nicht.",
    "contact": "Niemand antwortet, oder der Kontakt stimmt nicht.",
    "unsuitable": "Das ist keine Selbsthilfegruppe, oder es wird etwas verkauft.",
    "other": "Etwas anderes.",
}


def report_mail(group_name: str, url: str, report: ListingReport) -> tuple[str, str]:
    """Answer subject and body of the note that somebody found a mistake in a listing."""
    lines = [
        "Guten Tag,",
        "",
        f"jemand hat einen Hinweis zum Eintrag „{group_name}“ gegeben:",
        "",
        f"  {_REASONS[report.reason]}",
    ]
    if report.message.strip():
        lines += ["", *(f"  {line}" for line in report.message.splitlines())]
    answer = (
        f"Antwort erbeten an: {report.reply_to}"
        if report.reply_to.strip()
        else "Eine Antwort ist nicht gewünscht."
    )
    lines += [
        "",
        answer,
        "",
        f"Der Eintrag: {url}",
        "",
        "Bitte prüfen Sie die Angaben mit der Gruppe.",
        "",
        "Wirkreis",
    ]
    return f"Hinweis zum Eintrag „{group_name}“", "\n".join(lines)
