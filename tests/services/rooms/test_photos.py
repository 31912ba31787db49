"""Photos are written anew: upright, small enough, without anything the camera noted."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from app.rooms.models import RoomPhoto
from app.rooms.photos import LONGEST_EDGE, MOST_BYTES, MOST_PHOTOS, add_photo, remove_photo, rewrite
from app.shared.errors import RuleBroken
from tests.builders.groups import NOW
from tests.builders.rooms import make_room

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def picture(size=(40, 30), *, kind="PNG", mode="RGB", colour="teal", **more):
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind, **more)
    return written.getvalue()


def noted():
    """A photo taken on its side, by a named camera at a place."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Kamera von Petra"
    exif.get_ifd(GPS)[1] = "N"
    return picture((60, 20), kind="JPEG", exif=exif, comment=b"Petra")


def opened(jpeg):
    return Image.open(io.BytesIO(jpeg))


@pytest.fixture(autouse=True)
def _context(app):
    with app.app_context():
        yield


def test_nothing_of_what_the_camera_noted_is_kept_but_the_photo_stands_upright():
    photo = rewrite(noted())
    assert (photo.width, photo.height) == (20, 60)
    assert b"Petra" not in photo.jpeg
    image = opened(photo.jpeg)
    assert image.format == "JPEG"
    assert dict(image.getexif()) == {}
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)


@pytest.mark.parametrize("size", [(4000, 1000), (1000, 4000), (1600, 1600), (3, 2)])
def test_no_edge_is_longer_than_1600_pixels_and_nothing_is_blown_up(size):
    photo = rewrite(picture(size))
    assert max(photo.width, photo.height) == min(LONGEST_EDGE, max(size))
    assert opened(photo.jpeg).size == (photo.width, photo.height)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_usual_kinds_are_read_whatever_they_are_called(kind):
    assert opened(rewrite(picture(kind=kind)).jpeg).format == "JPEG"


def test_what_is_transparent_becomes_white():
    photo = rewrite(picture(mode="RGBA", colour=(0, 0, 0, 0)))
    assert min(opened(photo.jpeg).getpixel((5, 5))) > 250


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        picture(kind="GIF"),
        picture(kind="BMP"),
        picture()[:40],
        picture(kind="JPEG")[:100],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
    ],
    ids=["nothing", "text", "svg", "gif", "bmp", "half a png", "half a jpeg", "not a png"],
)
def test_what_is_no_photo_is_refused_with_a_sentence(content):
    with pytest.raises(RuleBroken) as refused:
        rewrite(content)
    assert refused.value.field == "photo"


def test_a_file_that_is_too_large_or_unpacks_too_large_is_refused():
    with pytest.raises(RuleBroken, match="zu groß"):
        rewrite(b"\xff" * (MOST_BYTES + 1))
    with pytest.raises(RuleBroken, match=r"zu viele Pixel|nicht lesen"):
        rewrite(picture((20_000, 10_000), mode="1", colour=1))


def test_a_room_has_at_most_eight_photos_each_once_and_each_with_words(session):
    room = make_room(session)
    first = add_photo(session, room, content=picture(), alt=" Stühle  im Kreis ", now=NOW)
    assert add_photo(session, room, content=picture(), alt="noch einmal", now=NOW) == first
    assert session.scalar(sa.select(RoomPhoto.alt)) == "Stühle im Kreis"
    with pytest.raises(RuleBroken) as refused:
        add_photo(session, room, content=picture((9, 9)), alt="  ", now=NOW)
    assert refused.value.field == "alt"
    for number in range(1, MOST_PHOTOS):
        add_photo(session, room, content=picture((40 + number, 30)), alt="Raum", now=NOW)
    with pytest.raises(RuleBroken, match="höchstens 8"):
        add_photo(session, room, content=picture((99, 30)), alt="Raum", now=NOW)
    remove_photo(session, room, first, now=NOW)
    remove_photo(session, room + 1, first + 1, now=NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(RoomPhoto)) == MOST_PHOTOS - 1
