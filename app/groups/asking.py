"""The finder's question in the address of the present request, for pages and API alike."""

from __future__ import annotations

from flask import request

from app.groups.catalogue import get_catalogue
from app.groups.forms import FinderRequest, read_finder_request
from app.places.gazetteer import get_gazetteer
from app.shared.extensions import db


def asked_of_finder() -> FinderRequest:
    """Answer what is asked; what could not be understood is in its ``errors``."""
    session = db.session()
    return read_finder_request(
        request.args, gazetteer=get_gazetteer(session), catalogue=get_catalogue(session)
    )
