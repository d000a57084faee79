"""Matching a whole need: every word may count, none must, and what carried it is told."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np

from search.fusion import Scores, best, reciprocal_ranks
from search.port import Match, Need
from search.reading import Lexicon, Reading, phrase
from search.synonyms import alternatives
from search.words import spans, stem, telling

LONGEST_NEED = 20_000  # characters that are read
MOST_TERMS = 32  # the most telling stems go to the full text; more cost time and changed nothing
MOST_SYNONYMS = 8  # phrases of the need that are looked for under their other names, too
SYNONYM = 0.4  # what another name counts, the word itself being 1
MOST_TOLD = 8  # terms told of a match
LEAST_TOLD = 0.2  # of what the strongest term carried; weaker ones carried nothing
LEAST_SIMILARITY = 0.2  # a document without any of the words must be at least this near


@dataclass(frozen=True, slots=True)
class Term:
    stem: str
    written: str  # as the need wrote it first
    weight: float


def match(reading: Reading, need: Need) -> tuple[Match, ...]:
    """Best first, by reciprocal rank fusion of BM25 and word vectors."""
    text = need.text[:LONGEST_NEED]
    allowed = reading.allowed(need)
    terms = _terms(reading.lexicon, text)
    carried = [term.weight * reading.strengths(phrase([term.stem])) for term in terms]
    for term, strengths in _other_names(reading, text):
        terms.append(term)
        carried.append(term.weight * strengths)
    lexical = np.where(allowed, sum(carried, np.zeros(len(allowed))), 0.0)
    similar = np.where(allowed, reading.similarities(text), 0.0)
    similar[(similar < LEAST_SIMILARITY) & (lexical <= 0)] = 0.0
    fused = reciprocal_ranks(lexical, similar)
    places = best(fused, need.size)
    names = reading.names(places)
    return tuple(
        Match(*names[place], float(fused[place]), _told(terms, carried, place))
        for place in places
        if place in names
    )


def _terms(lexicon: Lexicon, text: str) -> list[Term]:
    """The stems that say most: rare in the index and, dampened, frequent in the need."""
    words = list(spans(text))
    written = {stem(word.folded): text[word.start : word.end] for word in reversed(words)}
    times = Counter(stem(word) for word in telling([word.folded for word in words]))
    known = lexicon.frequencies(times)
    terms = [
        Term(one, written[one], lexicon.rarity(known[one]) * (1 + log(times[one])))
        for one in times
        if known[one]
    ]
    return sorted(terms, key=lambda term: -term.weight)[:MOST_TERMS]


def _other_names(reading: Reading, text: str) -> Iterator[tuple[Term, Scores]]:
    """The phrases of a need that are also called otherwise, with what the other names add where
    they stand instead.
    """
    words = list(spans(text))
    known: set[tuple[str, ...]] = set()
    for places, others in alternatives([word.folded for word in words]):
        own = tuple(stem(words[place].folded) for place in places)
        if own in known or len(known) == MOST_SYNONYMS:
            continue
        known.add(own)
        itself = reading.strengths(phrase(own))
        best_of_all = np.max([itself, *(reading.strengths(phrase(one)) for one in others)], axis=0)
        if (added := best_of_all - itself).any():
            written = text[words[places[0]].start : words[places[-1]].end]
            rarity = reading.lexicon.rarity(int(np.count_nonzero(best_of_all)))
            yield Term(" ".join(own), written, SYNONYM * rarity), added


def _told(terms: list[Term], carried: list[Scores], place: int) -> tuple[str, ...]:
    """The words that need and document share, strongest first; none when only meaning is near."""
    shared = [(scores[place], term.written) for term, scores in zip(terms, carried, strict=True)]
    strongest = sorted(shared, key=lambda pair: -pair[0])
    least = LEAST_TOLD * strongest[0][0] if strongest else 0
    told = dict.fromkeys(written for strength, written in strongest if strength > least)
    return tuple(told)[:MOST_TOLD]
