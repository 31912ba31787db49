"""Whose money is left in a pot at the end of a year, and where it waits for the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from app.funding.rules.apportion import apportion
from app.funding.rules.ledger_accounts import CARRY, Account

Inflows = Mapping[Account, Mapping[Account, int]]
"""Where money is → from which accounts it came there, in cents."""


def carried_by_insurer(
    left: Mapping[Account, int], inflows: Inflows, *, year: int
) -> dict[Account, dict[Account, int]]:
    """Answer for everything that is left at the end of a year which part of it is carried to which insurer and Land.

    An insurer's own money stays its own. What is left of a common pot is split by what each insurer gave to it; what
    was held back or given back belongs to those whose pot it came from. All of it enters flat pots of the next year.

    Raises:
        ValueError: nobody knows whose money something is.
    """
    answer = {}
    for source, cents in left.items():
        if source.insurer is not None:
            shares = {source.insurer: cents}
        else:
            givers = givers_of(source, inflows)
            if not givers:
                raise ValueError(f"Nobody knows who gave what is left on {source.name}.")
            shares = apportion(cents, givers, seed=f"carried:{source.name}:{year}")
        answer[source] = {
            Account(CARRY, year + 1, insurer, source.state): part for insurer, part in shares.items() if part
        }
    return answer


def givers_of(account: Account, inflows: Inflows, seen: frozenset[Account] = frozenset()) -> dict[str, int]:
    """Answer what each insurer gave to an account, directly or by way of others; each way is gone once."""
    given: Counter[str] = Counter()
    for source, cents in inflows.get(account, {}).items():
        if cents <= 0 or source in seen:
            continue
        if source.insurer is not None:
            given[source.insurer] += cents
        else:
            further = givers_of(source, inflows, seen | {account})
            given.update(apportion(cents, further, seed=f"givers:{account.name}:{source.name}"))
    return {insurer: cents for insurer, cents in sorted(given.items()) if cents > 0}
