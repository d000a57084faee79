"""Text as words: where they stand, how they fold, which carry no meaning, what their stem is."""

import re
import unicodedata
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer  # type: ignore[import-untyped] # it ships no types

LONGEST = 64  # characters of a word that count; what is longer is not a word but data

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_stemmer = snowballstemmer.stemmer("english")

# Words that hold English sentences together. Folded: without apostrophes.
STOP_WORDS = frozenset(
    """a about above after again against all also am an and any anything are arent as at be
    because been before being below between both but by can cannot could did do does doing
    done down during each either etc every everything few for from further had has have having
    he her here hers him his how i if in into is it its itself just like made make many may me
    might more most much must my need needed needs neither no nor not nothing now of off on
    once only onto or other others our ours out over own per same shall she should since so
    some something such than that the their theirs them themselves then there these they this
    those through thus to too under until up upon us very was we were what when where whether
    which while who whom whose why will with within without would you your yours s t""".split()  # noqa: SIM905 - a paragraph reads better than 150 strings
)


class Word(NamedTuple):
    """A word in a text: the span it has there, and the form that is compared."""

    start: int
    end: int
    folded: str


def clean(text: str) -> str:
    """The text without half characters (lone surrogates), which no file can hold."""
    return text.encode("utf-8", "replace").decode()


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """A word without case, accents and apostrophes; empty when nothing else was in it."""
    if word.isascii() and word.isalnum():
        return word.lower()[:LONGEST]
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if letter.isalnum())[:LONGEST]


@lru_cache(maxsize=20_000)
def stem(folded: str) -> str:
    """The common stem of a folded word's forms: `repairs`, `repairing` → `repair`."""
    return str(_stemmer.stemWord(folded))


def spans(text: str) -> Iterator[Word]:
    """Every word of a text, stop words too, in order."""
    for found in _WORD.finditer(text):
        if folded := fold(found.group()):
            yield Word(found.start(), found.end(), folded)


def with_stems(text: str, wanted: Set[str]) -> list[Word]:
    """The words of a text that have one of these stems, or stand in a row of stems ("wast
    collect"), in order.
    """
    rows = [row.split(" ") for row in wanted if " " in row]
    if rows:
        return _with_rows(list(spans(text)), wanted, rows)
    return [
        Word(found.start(), found.end(), word)
        for found in (_WORD.finditer(text) if wanted else ())
        if stem(word := fold(found.group())) in wanted
    ]


def _with_rows(words: list[Word], wanted: Set[str], rows: list[list[str]]) -> list[Word]:
    written = [stem(word.folded) for word in words]
    places = {place for place, one in enumerate(written) if one in wanted}
    for row in rows:
        for place in (place for place, one in enumerate(written) if one == row[0]):
            if written[place : place + len(row)] == row:
                places.update(range(place, place + len(row)))
    return [words[place] for place in sorted(places)]


def folded(text: str) -> list[str]:
    """Every word of a text as it is compared, in order."""
    return [word for found in _WORD.findall(text) if (word := fold(found))]


def reference(text: str) -> str:
    """A reference as it is compared: without case, blanks and what stands between its parts."""
    return " ".join(folded(clean(text)))


def telling(all_of_them: list[str]) -> list[str]:
    """The words that say something; all of them when none does, so that "IT" can be asked for."""
    return [word for word in all_of_them if word not in STOP_WORDS] or all_of_them
