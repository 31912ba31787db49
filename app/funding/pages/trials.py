"""Drafts of a division that stand in an address and nowhere else: up to four, a letter before each name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.funding.fields import large_sum_field
from app.funding.forms.division import DivisionForm, fields_of
from app.funding.rules.comparison import Facts, Outcome, outcomes
from app.funding.rules.division import Division, DivisionRules
from app.funding.rules.division_texts import divide_input
from app.funding.rules.euros import euro_text
from app.funding.services.runs import check_fits
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.funding.queries.rounds import RoundState

LETTERS = "abcd"
MONEY = "money"
COPY, REMOVE = "copy", "remove"


class TrialForm(DivisionForm):
    """The numbers of a draft; other than a run, it may suppose that there is more money or less."""

    money = large_sum_field(_l("Money in the pot, in euros"))


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft: what was typed and, when that is a rule, what comes of it."""

    letter: str
    form: TrialForm
    money_cents: int
    division: Division | None
    outcomes: tuple[Outcome, ...] = ()

    @property
    def has_result(self) -> bool:
        """Whether groups get something, or might."""
        return self.division is not None and self.division.stopped is None

    def address(self, **changed: str) -> dict[str, str]:
        """Answer the parameters of this draft, with some numbers changed."""
        before = f"{self.letter}."
        values = {field.name: _value(field) for field in self.form}
        values |= {before + name: value for name, value in changed.items()}
        return {name: value for name, value in values.items() if value or name == before + MONEY}


def read_trials(
    args: MultiDict[str, str], state: RoundState, usual: DivisionRules, facts: Mapping[int, Facts]
) -> list[Trial]:
    """Answer the drafts of an address; without any, one with the usual rules and the money that is there."""
    letters = [letter for letter in LETTERS if any(name.startswith(f"{letter}.") for name in args)]
    if not letters:
        letters, first = [LETTERS[0]], {MONEY: euro_text(state.money_cents), **fields_of(usual)}
        args = MultiDict({f"{LETTERS[0]}.{name}": _easy(value) for name, value in first.items()})
    return [_trial(letter, args, state, facts) for letter in letters]


def with_copy(args: MultiDict[str, str], letter: str) -> dict[str, str]:
    """Answer the address with one more draft, like that one; the same when there are four already."""
    free = [each for each in LETTERS if not any(name.startswith(f"{each}.") for name in args)]
    kept = _tidy(args)
    if free and letter:
        own = {name: value for name, value in kept.items() if name.startswith(f"{letter}.")}
        kept |= {f"{free[0]}{name.removeprefix(letter)}": value for name, value in own.items()}
    return kept


def without(args: MultiDict[str, str], letter: str) -> dict[str, str]:
    """Answer the address without a draft."""
    return {name: value for name, value in _tidy(args).items() if not name.startswith(f"{letter}.")}


def _tidy(args: MultiDict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in args.items()
        if name[:2] in {f"{letter}." for letter in LETTERS} and (value or name.endswith(f".{MONEY}"))
    }


def _trial(letter: str, args: MultiDict[str, str], state: RoundState, facts: Mapping[int, Facts]) -> Trial:
    form = TrialForm(args, prefix=f"{letter}.")
    if not form.validate():
        return Trial(letter, form, state.money_cents, None)
    money = state.money_cents if form.money.cents is None else form.money.cents
    supposed, rules = replace(state, money_cents=money), form.to_rules()
    try:
        check_fits(supposed, rules)
    except RuleBroken as error:
        form.refuse(error)
        return Trial(letter, form, money, None)
    division = divide_input(supposed.given(rules))
    return Trial(letter, form, money, division, outcomes(division, facts))


def _easy(number: str) -> str:
    """Answer “1.674.226,59” for “1674226,59” and “600” for “600,00”: easier to read in a sentence, and to change."""
    whole, comma, rest = number.partition(",")
    return f"{int(whole):,}".replace(",", ".") + (f",{rest}" if int(rest) else "") if comma else number


def _value(field: Any) -> str:
    if field.type == "BooleanField":
        return "y" if field.data else ""
    return str(field.data or "").strip()
