"""Matching a whole need: every word may count, none must, and what carried it is told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import log
from types import MappingProxyType

import numpy as np

from search.fusion import Scores, best, reciprocal_ranks
from search.port import Match, Need
from search.reading import Lexicon, Reading, phrase
from search.synonyms import alternatives
from search.typos import forgiven
from search.variants import nearest
from search.words import folded, spans, stem, telling

LONGEST_NEED = 20_000  # characters that are read
MOST_TERMS = 32  # the most telling stems go to the full text; more cost time and changed nothing
MOST_SYNONYMS = 8  # phrases of the need that are looked for under their other names, too
SYNONYM = 0.4  # what another name counts, the word itself being 1
SHORT = 16  # words of a need in which a slip is forgiven
MOST_TOLD = 8  # terms told of a match
LEAST_TOLD = 0.2  # of what the strongest term carried; weaker ones carried nothing
LEAST_SIMILARITY = 0.2  # a document without any of the words must be at least this near


NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Term:
    stem: str
    written: str  # as the need wrote it first
    weight: float


def match(reading: Reading, need: Need) -> tuple[Match, ...]:
    """Best first, by reciprocal rank fusion of BM25 and word vectors."""
    text = need.text[:LONGEST_NEED]
    allowed = reading.allowed(need)
    instead = _put_right(reading, text)
    terms = weightiest(reading.lexicon, text, instead)
    carried = [term.weight * reading.strengths(phrase([term.stem])) for term in terms]
    for term, strengths in _other_names(reading, text):
        terms.append(term)
        carried.append(term.weight * strengths)
    lexical = np.where(allowed, sum(carried, np.zeros(len(allowed))), 0.0)
    similar = np.where(allowed, reading.similarities(_with(text, instead)), 0.0)
    similar[(similar < LEAST_SIMILARITY) & (lexical <= 0)] = 0.0
    fused = reciprocal_ranks(lexical, similar)
    places = best(fused, need.size)
    names = reading.names(places)
    return tuple(
        Match(*names[place], float(fused[place]), told(terms, carried, place))
        for place in places
        if place in names
    )


def weightiest(lexicon: Lexicon, text: str, instead: Mapping[str, str] = NOTHING) -> list[Term]:
    """The stems that say most: rare in the index and, dampened, frequent in the need."""
    words = list(spans(text))
    stems = [stem(instead.get(word.folded, word.folded)) for word in words]
    written = {
        one: text[word.start : word.end]
        for word, one in reversed(list(zip(words, stems, strict=True)))
    }
    kept = telling([instead.get(word.folded, word.folded) for word in words])
    times = Counter(map(stem, kept))
    known = lexicon.frequencies(times)
    terms = [
        Term(one, written[one], lexicon.rarity(known[one]) * (1 + log(times[one])))
        for one in times
        if known[one]
    ]
    return sorted(terms, key=lambda term: -term.weight)[:MOST_TERMS]


def unknown(lexicon: Lexicon, text: str) -> list[str]:
    """The words of a short need that the index has in no form: there a slip costs an answer, while
    in a long one there are words enough.
    """
    words = list(dict.fromkeys(telling(folded(text))))
    if len(words) > SHORT:
        return []
    known = lexicon.frequencies(map(stem, words))
    return [word for word in words if not known[stem(word)] and forgiven(word)]


def _put_right(reading: Reading, text: str) -> Mapping[str, str]:
    """For each word that may be a slip the word of the index that is nearest."""
    found = {word: nearest(reading, word) for word in unknown(reading.lexicon, text)}
    return {word: better for word, better in found.items() if better}


def _with(text: str, instead: Mapping[str, str]) -> str:
    pieces, at = [], 0
    for word in spans(text) if instead else ():
        if better := instead.get(word.folded):
            pieces += [text[at : word.start], better]
            at = word.end
    return "".join([*pieces, text[at:]])


def otherwise(text: str) -> Iterator[tuple[Term, list[tuple[str, ...]]]]:
    """The phrases of a need that are also called otherwise, each once, and what they are called."""
    words = list(spans(text))
    found: dict[str, tuple[Term, list[tuple[str, ...]]]] = {}
    for places, others in alternatives([word.folded for word in words]):
        own = " ".join(stem(words[place].folded) for place in places)
        written = text[words[places[0]].start : words[places[-1]].end]
        found.setdefault(own, (Term(own, written, SYNONYM), others))
    yield from islice(found.values(), MOST_SYNONYMS)


def _other_names(reading: Reading, text: str) -> Iterator[tuple[Term, Scores]]:
    """What other names of the need's phrases add where they stand instead."""
    for term, others in otherwise(text):
        itself = reading.strengths(phrase([term.stem]))
        named = [reading.strengths(phrase(list(map(stem, one)))) for one in others]
        either = np.max([itself, *named], axis=0)
        if (added := either - itself).any():
            rarity = reading.lexicon.rarity(int(np.count_nonzero(either)))
            yield Term(term.stem, term.written, term.weight * rarity), added


def told(terms: list[Term], carried: list[Scores], place: int) -> tuple[str, ...]:
    """The words that need and document share, strongest first; none when only meaning is near."""
    shared = [(scores[place], term.written) for term, scores in zip(terms, carried, strict=True)]
    strongest = sorted(shared, key=lambda pair: -pair[0])
    least = LEAST_TOLD * strongest[0][0] if strongest else 0
    words = dict.fromkeys(written for strength, written in strongest if strength > least)
    return tuple(words)[:MOST_TOLD]
