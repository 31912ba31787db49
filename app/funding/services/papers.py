"""Papers that come with a request: a PDF as it is, a photo or scan written anew without what the camera noted."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from app.funding.models import ApplicationPaper
from app.funding.rules.application import DECLARATIONS, SIGNED_FORM
from app.funding.services.signable import hold_open, note_of_papers_of
from app.shared.errors import RuleBroken
from app.shared.uploads import too_large

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.funding.services.signable import Request

MOST_BYTES = 10_000_000
MOST_PAPERS = 5
MOST_PIXELS = 60_000_000
LONGEST_EDGE = 2_400
PDF, JPEG = "application/pdf", "image/jpeg"
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombWarning,
    Image.DecompressionBombError,
)


def add_paper(
    session: Session, request: Request, *, kind: str, name: str, content: bytes, now: datetime
) -> bool:
    """Afterwards the request has the paper; sent twice, it is there once. Answers whether signatures fell.

    Raises:
        RuleBroken: it is no PDF, JPEG or PNG, too large, or one too many; or the request is submitted.
    """
    if kind not in {*request.PAPER_KINDS, SIGNED_FORM}:
        raise RuleBroken(_("Please say what the paper is."), field="kind")
    content_type, body = checked_file(content)
    found = hold_open(session, request, page=DECLARATIONS)
    mark, before = hashlib.sha256(body).hexdigest()[:32], found.mark
    if any((each.mark, each.kind) == (mark, kind) for each in found.papers):
        return False
    if kind != SIGNED_FORM and len(found.papers) >= MOST_PAPERS:
        raise RuleBroken(
            _("A request has at most %(count)s papers. Please remove one first.", count=MOST_PAPERS),
            field="paper",
        )
    session.add(
        ApplicationPaper(
            **found.owner,
            group_id=found.group.id,
            kind=kind,
            name=tidy_name(name),
            content_type=content_type,
            mark=mark,
            body=body,
            added_at=now,
        )
    )
    return note_of_papers_of(session, found, before, is_new=True, now=now)


def remove_paper(session: Session, request: Request, paper_id: int, *, now: datetime) -> bool:
    """Afterwards the request does not have the paper. Answers whether signatures fell.

    Raises:
        RuleBroken: the request is submitted.
    """
    found = hold_open(session, request, page=DECLARATIONS)
    before = found.mark
    gone = sa.delete(ApplicationPaper).filter_by(id=paper_id, **found.owner)
    if session.scalar(gone.returning(ApplicationPaper.id)) is None:
        return False
    return note_of_papers_of(session, found, before, is_new=False, now=now)


def find_paper(session: Session, owner: Mapping[str, int], paper_id: int) -> ApplicationPaper | None:
    """Answer a paper of a request; None when it has none of this number."""
    return session.scalar(sa.select(ApplicationPaper).filter_by(id=paper_id, **owner))


def checked_file(content: bytes) -> tuple[str, bytes]:
    """Answer what a file is by what it holds, and how it is kept: a photo without what the camera noted.

    Raises:
        RuleBroken: it is no PDF, JPEG or PNG, or too large.
    """
    if len(content) > MOST_BYTES:
        raise too_large(MOST_BYTES, "paper")
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2_048:]:
        return PDF, content
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise RuleBroken(
                        _("This picture has too many pixels. Please make it smaller first."), field="paper"
                    )
                image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
                upright = ImageOps.exif_transpose(image).convert("RGB")
                upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    except _UNREADABLE as error:
        raise RuleBroken(
            _("We cannot read this file. Please choose a PDF, or a photo as JPEG or PNG."), field="paper"
        ) from error
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=85, optimize=True)
    return JPEG, written.getvalue()


def tidy_name(name: str) -> str:
    """Answer a file name as it can be shown and downloaded."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[^\w.\- ]", "_", last).strip()[:100] or "papier"
