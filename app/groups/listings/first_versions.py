"""The first version of a group that is registered for review, written with the group.

A group that is registered as listed gets its first version from its row with its first edit: so filling a database
stays fast, and nothing is lost, since the row holds what is approved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.groups.listings.content import content_from
from app.groups.rules.life import SUBMITTED
from app.groups.rules.versions import PENDING

if TYPE_CHECKING:
    from app.groups.drafts import GroupDraft


def first_version_rows(
    ids: Sequence[int], drafts: Sequence[GroupDraft], columns: Sequence[Mapping[str, Any]], *, now: datetime
) -> list[dict[str, Any]]:
    """Answer a pending version for each of these new groups that waits for its first review."""
    return [
        {
            "group_id": group_id,
            "number": 1,
            "state": PENDING,
            "content": content_from(checked, topics=list(dict.fromkeys(draft.topics)), place=draft.place),
            "changes": [],
            "submitted_by_id": draft.submitted_by_id,
            "submitted_at": now,
            "unmet": [],
            "remarks": {},
            "reason": "",
        }
        for group_id, draft, checked in zip(ids, drafts, columns, strict=True)
        if draft.state == SUBMITTED
    ]
