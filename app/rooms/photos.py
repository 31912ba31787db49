"""Photos of rooms: read by what they hold, written anew as JPEG without anything that the camera noted."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from app.rooms.models import RoomPhoto
from app.rooms.services.noting import note_of_room
from app.shared.errors import NotFound, RuleBroken
from app.shared.uploads import too_large

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST_EDGE = 1_600
MOST_PIXELS = 50_000_000
MOST_BYTES = 12_000_000
"""So much is read of what is sent with a photo: a photo that is too large is refused with all else that was typed."""
MOST_PHOTOS = 8
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombWarning,
    Image.DecompressionBombError,
)
"""What Pillow says of a file that is not what it claims."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A photo as it is kept."""

    jpeg: bytes
    width: int
    height: int


def rewrite(content: bytes) -> Rewritten:
    """Answer the photo as JPEG, upright, at most 1,600 pixels long, without metadata; transparent parts are white.

    Raises:
        RuleBroken: it is no photo we can read, or too large.
    """
    if len(content) > MOST_BYTES:
        raise too_large(MOST_BYTES, "photo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise RuleBroken(
                        _("This photo has too many pixels. Please make it smaller first."), field="photo"
                    )
                # A JPEG is unpacked no larger than needed: 50 million pixels would take 150 MB.
                image.draft(None, (LONGEST_EDGE, LONGEST_EDGE))
                return _rewritten(image)
    except _UNREADABLE as error:
        raise RuleBroken(
            _("We cannot read this file. Please choose a photo as JPEG, PNG or WebP."), field="photo"
        ) from error


def add_photo(session: Session, room_id: int, *, content: bytes, alt: str, now: datetime) -> int:
    """Afterwards the room has the photo; sent twice, the first is answered.

    Raises:
        RuleBroken: it is no photo, lacks its words, or there are eight already.
    """
    alt = " ".join(alt.split())
    if not 1 <= len(alt) <= 200:
        raise RuleBroken(
            _("Please describe the photo in a few words for people who cannot see it."), field="alt"
        )
    photo = rewrite(content)
    mark = hashlib.sha256(photo.jpeg).hexdigest()[:16]
    known = dict(
        session.execute(sa.select(RoomPhoto.mark, RoomPhoto.id).where(RoomPhoto.room_id == room_id))
        .tuples()
        .all()
    )
    if mark in known:
        return known[mark]
    if len(known) >= MOST_PHOTOS:
        raise RuleBroken(_("A room has at most 8 photos. Please remove one first."), field="photo")
    row = RoomPhoto(
        room_id=room_id,
        alt=alt,
        mark=mark,
        width=photo.width,
        height=photo.height,
        jpeg=photo.jpeg,
        created_at=now,
    )
    session.add(row)
    session.flush()
    note_of_room(session, "room.photo_added", room_id, now=now)
    return row.id


def remove_photo(session: Session, room_id: int, photo_id: int, *, now: datetime) -> None:
    """Afterwards the room does not have the photo."""
    gone = sa.delete(RoomPhoto).where(RoomPhoto.id == photo_id, RoomPhoto.room_id == room_id)
    if session.scalar(gone.returning(RoomPhoto.id)) is not None:
        note_of_room(session, "room.photo_removed", room_id, now=now)


def get_jpeg(session: Session, photo_id: int) -> tuple[bytes, str]:
    """Answer the bytes of a photo and the mark of its content.

    Raises:
        NotFound: there is none.
    """
    found = session.execute(
        sa.select(RoomPhoto.jpeg, RoomPhoto.mark).where(RoomPhoto.id == photo_id)
    ).one_or_none()
    if found is None:
        raise NotFound(_("There is no such photo."), code="unknown_photo")
    return found.jpeg, found.mark


def _rewritten(image: Image.Image) -> Rewritten:
    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        coloured = upright.convert("RGBA")
        plain = Image.new("RGB", coloured.size, "white")
        plain.paste(coloured, mask=coloured.getchannel("A"))
    else:
        plain = upright.convert("RGB")
    plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    # A new picture from the pixels only: nothing of the old file's notes can come along.
    clean = Image.new("RGB", plain.size)
    clean.paste(plain)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Rewritten(written.getvalue(), *clean.size)
