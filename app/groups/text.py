"""Words for the search index: the same tokens for SQLite and PostgreSQL, made here once.

A text is folded (case, umlauts, accents), split into words and stemmed (Snowball, German). A search word of four
letters or more also finds every word that begins with it, which suits German compounds: "Krebs" finds
"Krebsnachsorge". Words that stand in nearly every listing ("Gruppe") say nothing and are left out on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain
from threading import local

import snowballstemmer

MAX_WORDS = 12
PREFIX_FROM_LETTERS = 4
_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_CAPITALS = re.compile(r"\b[A-ZÄÖÜ]{2,5}\b")
STOP_WORDS = frozenset(
    [
        "aber",
        "alle",
        "als",
        "am",
        "an",
        "auch",
        "auf",
        "aus",
        "bei",
        "bin",
        "bis",
        "da",
        "das",
        "dass",
        "dem",
        "den",
        "der",
        "des",
        "die",
        "du",
        "durch",
        "ein",
        "eine",
        "einem",
        "einen",
        "einer",
        "eines",
        "er",
        "es",
        "fuer",
        "gegen",
        "hat",
        "ich",
        "ihr",
        "im",
        "in",
        "ins",
        "ist",
        "ja",
        "kann",
        "kein",
        "keine",
        "mein",
        "mit",
        "nach",
        "nicht",
        "noch",
        "oder",
        "ohne",
        "sein",
        "sich",
        "sie",
        "sind",
        "so",
        "ueber",
        "um",
        "und",
        "uns",
        "unser",
        "unter",
        "vom",
        "von",
        "vor",
        "was",
        "wenn",
        "wer",
        "werden",
        "wie",
        "wir",
        "wird",
        "zu",
        "zum",
        "zur",
        "gruppe",
        "gruppen",
        "selbsthilfe",
        "selbsthilfegruppe",
        "selbsthilfegruppen",
        "treffen",
        "the",
        "and",
        "for",
        "of",
        "with",
        "to",
        "het",
        "een",
        "en",
        "van",
        "voor",
        "met",
        "group",
        "groups",
        "zelfhulpgroep",
        "zelfhulp",
    ]
)
_stemmers = local()


def fold(text: str) -> str:
    """Answer the text in lower case, umlauts and ß spelled out (ä→ae, ß→ss), accents taken off.

    ``ae`` and ``ä`` meet this way; that somebody leaves the dots out ("Koln") is the gazetteer's business.
    """
    text = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    for letter in set(decomposed):
        if unicodedata.combining(letter):
            decomposed = decomposed.replace(letter, "")
    return decomposed


def words_of(text: str) -> list[str]:
    """Answer the folded words of a text in order, those that say nothing left out."""
    return [word for word in all_words_of(text) if word not in STOP_WORDS]


def all_words_of(text: str) -> list[str]:
    """Answer the folded words of a text in order."""
    return _WORD.findall(fold(text))


def abbreviations_of(text: str) -> set[str]:
    """Answer the folded words written in capitals: ALS is an illness, als is a small word."""
    return {fold(word) for word in _CAPITALS.findall(text)}


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Answer the stem of a folded word (Snowball, German); cut to 40 letters."""
    stemmer = getattr(_stemmers, "german", None)
    if stemmer is None:  # the stemmer keeps state while it works: one a thread
        stemmer = _stemmers.german = snowballstemmer.stemmer("german")
    return str(stemmer.stemWord(word))[:40]


@lru_cache(maxsize=200_000)
def _word_tokens(piece: str) -> tuple[str, ...]:
    """Answer the tokens of a piece of text without white space; most pieces come again and again."""
    return tuple(f"w{stem(word)}" for word in words_of(piece))


def index_tokens(*, name: str, texts: list[str], topic_ids: list[int], cells: list[str]) -> list[str]:
    """Answer the distinct tokens of a group: w… any word, n… a word of the name, t… a topic, c… a cell."""
    in_name = [f"n{token[1:]}" for piece in name.split() for token in _word_tokens(piece)]
    pieces = " ".join((name, *texts)).split()
    anywhere = chain.from_iterable(map(_word_tokens, pieces))
    # Like a set, but always in the same order.
    return list(dict.fromkeys(chain(anywhere, in_name, (f"t{topic_id}" for topic_id in topic_ids), cells)))
