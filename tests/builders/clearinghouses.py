"""Clearing houses for tests: plain drafts with sensible contents."""

from __future__ import annotations

from typing import Any

from app.clearinghouses.services import BranchDraft, ClearingHouseDraft


def make_branch(**given: Any) -> BranchDraft:
    """Answer an address in Köln unless told otherwise."""
    usual: dict[str, Any] = {
        "name": "",
        "street": "Lindenallee 1",
        "postcode": "50667",
        "town": "Köln",
        "latitude": 50.94,
        "longitude": 6.96,
    }
    return BranchDraft(**{**usual, **given})


def make_house(name: str = "KISS Köln", **given: Any) -> ClearingHouseDraft:
    """Answer a house for Köln unless told otherwise."""
    usual: dict[str, Any] = {
        "carrier": "Verein für Selbsthilfe e. V.",
        "carrier_kind": "association",
        "branches": [make_branch(is_main=True)],
        "catchment": [("05315", None)],
        "about": {"de": "Wir hören zu.", "en": "We listen.", "nl": "Wij luisteren."},
        "phone": "0221 4710 100",
        "email": "info@kontaktstelle-koeln.example",
        "website": "https://kontaktstelle-koeln.example/",
    }
    return ClearingHouseDraft(**{"name": name, **usual, **given})
