"""The record of processing activities (Art. 30 GDPR), written from what tables and rules say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.shared.privacy import Processing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import sqlalchemy as sa

    from app.shared.retention import Retention

_HEAD = """# Record of processing activities

Which personal data this software keeps, why, of whom and how long (Art. 30 GDPR). It is written by
`flask privacy record` from what every table says of itself (`app/shared/privacy.py`) and from the rules of what is
deleted (`app/shared/retention.py`); a test fails when it is not up to date. The operator adds name and address, data
protection officer, data centre and the measures of its own house.

Who gets the data: nobody outside, but for the mail server that delivers mails. No data leave the EU unless the
operator's mail server or data centre does. Measures in the software: roles and permissions for every page, passwords as
Argon2, a second factor whose keys are encrypted, an append-only history, no network addresses in logs.
"""


def write_record(tables: Iterable[sa.Table], rules: Sequence[Retention]) -> str:
    """Answer the record as Markdown."""
    tables = sorted(tables, key=lambda table: table.name)
    personal = [(table, table.info["processing"]) for table in tables if _is_personal(table)]
    parts = [_HEAD]
    parts += ["\n".join(_section(table.name, facts, rules)) for table, facts in personal]
    parts.append(
        "## Tables without personal data\n\n"
        + ", ".join(f"`{table.name}`" for table in tables if not _is_personal(table))
        + "."
    )
    return "\n".join(f"{part.strip()}\n" for part in parts)


def _is_personal(table: sa.Table) -> bool:
    return isinstance(table.info.get("processing"), Processing)


def _section(name: str, facts: Processing, rules: Sequence[Retention]) -> Iterator[str]:
    yield f"## `{name}`\n"
    yield f"- **Why:** {facts.purpose}."
    yield f"- **Of whom:** {facts.people}."
    yield f"- **Which data:** {', '.join(f'`{column}`' for column in facts.columns)}."
    if facts.is_health_data:
        yield "- **Health data** (Art. 9 GDPR): that somebody stands there tells of their health."
    yield f"- **Legal basis:** {facts.basis}."
    yield f"- **Kept:** {facts.kept}."
    for rule in rules:
        if rule.table == name:
            when = f"after {rule.days} days" if rule.days else "as soon as they are over"
            yield f"- **Deleted every night:** {rule.what}, {when} (`{rule.name}`)."
    if facts.not_given:
        yield f"- **Not in anybody's download:** {facts.not_given}."
