"""What a browser does for the proof of a form."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from app.shared.proof import has_worked

if TYPE_CHECKING:
    from tests.support.page import Page


def worked(page: Page) -> dict[str, str]:
    """Answer the field that shows the work, as the script of the page would fill it in."""
    challenge = page.get("input", name="proof_challenge").get("value", "")
    return {"proof_work": next(str(each) for each in count() if has_worked(challenge, str(each)))}
