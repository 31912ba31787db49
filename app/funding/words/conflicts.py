"""Why somebody is too close to a group, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.funding.rules import conflicts as rules

DECLARED = {
    rules.MEMBER: _l("I am a member of the group, or was"),
    rules.RELATIVE: _l("Somebody close to me belongs to it"),
    rules.WORK: _l("I work for the group or whoever carries it, or did"),
    rules.MONEY: _l("There is money between the group and me"),
    rules.OTHER: _l("Something else keeps me from being impartial"),
}
"""What somebody declares about themself."""
WHY = {
    rules.MEMBER: _l("has declared to belong to the group"),
    rules.RELATIVE: _l("has declared that somebody close to them belongs to the group"),
    rules.WORK: _l("has declared to work for the group or whoever carries it"),
    rules.MONEY: _l("has declared that there is money between the group and them"),
    rules.OTHER: _l("has declared not to be impartial"),
    rules.CONTACT: _l("is a contact of the group"),
    rules.WAS_CONTACT: _l("was a contact of the group this year"),
    rules.SIGNER: _l("has signed the request of the group"),
}
"""What others are told of somebody."""
