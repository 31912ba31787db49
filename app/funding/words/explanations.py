"""Why a group got its sum, in sentences: the steps of ``rules/explanation.py`` in the language that is spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.funding.rules import explanation as why
from app.funding.rules import sittings
from app.groups.presentation import date_words
from app.shared.money import euro_words

WORDS = {
    why.ASKED: _l("%(cents)s was requested."),
    why.CAPPED["need"]: _l(
        "At most %(cents)s is possible, since own money or that of others pays for the rest."
    ),
    why.CAPPED["maximum"]: _l("More than %(cents)s is not possible in this tier."),
    why.WITHDREW: _l("The group has withdrawn its request."),
    why.WAITS: _l("The request came after the closing date and waits for the next round."),
    why.SUPPLEMENT: _l("For %(kind)s it gets %(cents)s, all that it is entitled to."),
    why.SUPPLEMENT_IN_PART: _l(
        "For %(kind)s it gets %(cents)s of %(entitled_cents)s: the money for this did not reach for all."
    ),
    why.CAN_GET_NOTHING: _l("So nothing is needed from this pot."),
    why.GOT_ALL: _l("The group gets %(cents)s: all that is possible."),
    why.GOT_ENTITLEMENT: _l("The group gets %(cents)s: what every group is entitled to."),
    why.GOT_LEVEL: _l(
        "The group gets %(level_cents)s: as much as all who could have used more; the pot did not reach for everything."
    ),
    why.GOT_ROUNDED: _l("The group gets %(cents)s: what is possible, in whole multiples of %(unit_cents)s."),
    why.KEPT: _l("It keeps the %(cents)s from before; this round adds nothing."),
    why.POT_TOO_SMALL: _l(
        "The pot did not reach for everybody. The draw went to others, so it gets nothing."
    ),
    why.ODD_CENT: _l("On top of that comes the one odd cent, by the draw."),
    why.DECIDED_IN_SITTING: _l("The joint sitting of the insurers granted %(cents)s. Reason: %(reason)s."),
    why.REJECTED_IN_SITTING: _l(
        "The joint sitting of the insurers rejected the request. Reason: %(reason)s."
    ),
    why.PUT_OFF_IN_SITTING: _l("The joint sitting of the insurers put the request off. Reason: %(reason)s."),
    why.NOT_DECIDED: _l("The joint sitting of the insurers has not decided about it; it waits for another."),
    why.RAISED: _l("It had %(cents)s from the round before; this round adds %(added_cents)s."),
}
"""Code of a step → its sentence."""
OF_WEIGHT = _l(
    "The group gets %(level_cents)s: as much as all of weight %(weight)s who could have used more; the pot did not "
    "reach for everything."
)
ODD_UNIT = _l(
    "On top of that come %(cents)s by the draw, for the pot did not reach for all to get so much more."
)
KINDS = {
    "start_up": _l("the start of a new group"),
    "interpreters": _l("interpreters"),
    "access": _l("accessibility"),
    "travel": _l("travel"),
}
"""What a supplement is for (``rules/grant_round.py``) → its name; one of another release is named as it is."""

SITTING_REASONS = {
    sittings.FITS: _l("it is what the guidelines of funding are for"),
    "pot": _l("the money does not reach for everything"),
    "need": _l("own money or that of others pays for the rest"),
    "maximum": _l("nobody gets more than the maximum of the sitting"),
    "costs": _l("not all of the costs can be funded"),
    "conditions": _l("the conditions of funding are not met"),
    "purpose": _l("what it is for cannot be funded"),
    "late": _l("it came after the closing date"),
    "papers": _l("papers are missing"),
    "questions": _l("questions are open"),
    "money": _l("the money of the pot is not certain yet"),
}
"""Why a sitting decided like this (``rules/sittings.py``) → in words."""

Steps = Iterable[Mapping[str, Any]]


def teller(*, is_weighted: bool) -> Callable[[Steps], str]:
    """Answer a function that says the steps of a group in the language that is spoken now."""
    words = {code: str(text) for code, text in WORDS.items()}
    kinds = {kind: str(name) for kind, name in KINDS.items()}
    of_weight, odd_unit = str(OF_WEIGHT), str(ODD_UNIT)
    reasons = {code: str(text) for code, text in SITTING_REASONS.items()}
    euros = cache(euro_words)

    def sentence(step: Mapping[str, Any]) -> str:
        code = step["code"]
        text = words[code]
        if code == why.GOT_LEVEL and is_weighted:
            text = of_weight
        elif code == why.ODD_CENT and step["cents"] > 1:
            text = odd_unit
        told = {name: euros(value) if name.endswith("cents") else value for name, value in step.items()}
        for name, names in (("kind", kinds), ("reason", reasons)):
            told[name] = names.get(step.get(name, ""), step.get(name, ""))
        return text % told

    return lambda steps: " ".join(map(sentence, steps))


def rule_words(rules: Mapping[str, Any]) -> list[str]:
    """Answer the rule of a run, as it is stored, in sentences."""
    if rules.get("sitting_on"):
        day = date_words(date.fromisoformat(rules["sitting_on"]))
        return [
            _(
                "The insurers decided about each request by itself, in their joint sitting of %(day)s.",
                day=day,
            ),
            _("The representatives of self-help had advised them before."),
        ]
    told = [_reserve_words(rules), *_tier_words(rules)]
    if rules["base_cents"] is not None:
        told.append(
            _("Every group is entitled to a base of %(cents)s.", cents=euro_words(rules["base_cents"]))
            + " "
            + (
                _("What is left raises groups above it.")
                if rules["fills_up"]
                else _("What is left stays in the pot.")
            )
        )
    told += [
        _("%(cents)s of it are for %(kind)s.", cents=euro_words(cents), kind=KINDS.get(kind, kind))
        for kind, cents in sorted(rules["sub_pots_cents"].items())
    ]
    if rules["minimum_cents"]:
        told.append(
            _("Less than %(cents)s is of no use to anybody.", cents=euro_words(rules["minimum_cents"]))
        )
    if rules["unit_cents"] > 1:
        told.append(_("Sums are whole multiples of %(cents)s.", cents=euro_words(rules["unit_cents"])))
    return told


def _reserve_words(rules: Mapping[str, Any]) -> str:
    percent, floor = rules["reserve_percent"], rules["reserve_floor_cents"]
    if percent and floor:
        return _(
            "%(percent)s per cent of the money, and at least %(floor)s, are held back as a reserve.",
            percent=percent,
            floor=euro_words(floor),
        )
    if percent:
        return _("%(percent)s per cent of the money are held back as a reserve.", percent=percent)
    if floor:
        return _("%(floor)s are held back as a reserve.", floor=euro_words(floor))
    return _("Nothing is held back.")


def _tier_words(rules: Mapping[str, Any]) -> list[str]:
    is_weighted, tiers = rules["is_weighted"], rules["tiers"]
    told = []
    if is_weighted:
        told.append(_("Groups get money in the ratio of their weights, none more than it needs."))
    else:
        told.append(_("All groups get the same sum, or what they need if that is less."))
    for tier in tiers:
        if tier["maximum_cents"] is None and not is_weighted and len(tiers) == 1:
            continue
        members, most = tier["least_members"], tier["maximum_cents"]
        begins = ngettext("From %(num)s member", "From %(num)s members", members)
        ends = _("without a maximum") if most is None else _("at most %(most)s", most=euro_words(most))
        words = f"{begins}: {ends}"
        told.append(words + (_(", weight %(weight)s", weight=tier["weight"]) if is_weighted else "") + ".")
    return told
