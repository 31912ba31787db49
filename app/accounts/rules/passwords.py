"""Which passwords are refused: too short, too long, the address itself, or among those that are tried first."""

from __future__ import annotations

MIN_LENGTH = 10
"""Characters. NIST SP 800-63B-4, 3.1.1.2 asks for length and for nothing about kinds of characters."""
MAX_LENGTH = 200
SHORT, LONG, ADDRESS, COMMON = "short", "long", "address", "common"
_MIN_DIFFERENT = 4
_RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertzuiopü",
    "qwertyuiop",
    "asdfghjklöä",
    "1q2w3e4r5t6y7u8i9o0p",
)
_COMMON = frozenset(
    """
    password passwort passwörter passw0rd p@ssword p@ssw0rd kennwort geheim geheimnis wachtwoord welkom willkommen
    welcome hallo hello letmein iloveyou ichliebedich ikhouvanjou sunshine princess football fussball fußball
    baseball basketball superman batman starwars dragon monkey master michael jennifer charlie ashley jessica
    schatz schatzi sommer winter herbst frühling fruehling deutschland berlin hamburg muenchen münchen koeln köln
    computer internet samsung google facebook minecraft pokemon liverpool chelsea arsenal bayern schalke borussia
    administrator admin login start test qwertz qwerty asdfgh azerty selbsthilfe selbsthilfegruppe kontaktstelle
    wirkreis changeme default whatever trustno access shadow killer freedom blessed
    """.split()  # noqa: SIM905 - a table of words
)
"""Words that head the lists of passwords found in leaks, and those that lie near here."""
_DECORATION = "0123456789!?.,-_*#+$&%/@()= "


def password_problem(password: str, address: str) -> str | None:
    """Answer why a password cannot be used for an account with this address; None when it can."""
    if len(password) < MIN_LENGTH:
        return SHORT
    if len(password) > MAX_LENGTH:
        return LONG
    folded = password.strip().casefold()
    if folded in {address.casefold(), address.casefold().partition("@")[0]}:
        return ADDRESS
    return COMMON if _is_common(folded) else None


def _is_common(folded: str) -> bool:
    """Whether a password is a word of the table with digits or signs around it, said twice, or a run of keys."""
    core = folded.strip(_DECORATION)
    half = core[: len(core) // 2]
    is_word = core in _COMMON or (half in _COMMON and half * 2 == core)
    is_run = any(folded in run or folded in run[::-1] for run in _RUNS)
    return is_word or is_run or len(set(folded)) < _MIN_DIFFERENT
