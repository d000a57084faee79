"""Matching a need with Meilisearch, which reads ten words of a query and adds nothing up.

So its most distinctive terms are asked one by one, together with its vector, as one multi-search;
what they bring is added up and fused here, as the embedded engine does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from meilisearch import Client

from search.fusion import Scores, best, reciprocal_ranks
from search.matching import (
    LEAST_SIMILARITY,
    LONGEST_NEED,
    Term,
    otherwise,
    told,
    unknown,
    weightiest,
)
from search.meili import filters
from search.meili.finding import BY_VECTOR
from search.meili.server import Talk
from search.meili.settings import OFTEN, ONCE, TWICE
from search.port import Match, Need
from search.reading import Lexicon
from search.vectors import Embedder

MOST_TERMS = 24
DEEP = 200  # documents that each of the queries brings
TIMES: Mapping[str, float] = {OFTEN: 4.0, TWICE: 2.0, ONCE: 1.0}  # how often a stem stands there
SATURATION, SHORTENING = 1.2, 0.75  # BM25's k1 and b

Query = dict[str, Any]
Hits = Sequence[Mapping[str, Any]]


@dataclass
class Places:
    """The documents that any of the queries brought, each at a position of its own."""

    of: dict[str, int] = field(default_factory=dict)  # by id
    kinds: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def take(self, hits: Hits) -> list[int]:
        for hit in hits:
            if hit["id"] not in self.of:
                self.of[hit["id"]] = len(self.of)
                self.kinds.append(hit["kind"])
                self.lengths.append(hit["length"])
        return [self.of[hit["id"]] for hit in hits]


def match(talk: Talk, uid: str, embed: Embedder, lexicon: Lexicon, need: Need) -> tuple[Match, ...]:
    """Best first, by reciprocal rank fusion of terms and vectors."""
    text = need.text[:LONGEST_NEED]
    row = embed([text], lexicon.weight)[0]
    if not need.audience or not row.any():
        return ()
    terms, others = weightiest(lexicon, text)[:MOST_TERMS], list(otherwise(text))
    others += [(Term(word, word, 1.0), [(word,)]) for word in unknown(lexicon, text)]
    by_vector = {"vector": [float(one) for one in row], "hybrid": BY_VECTOR}
    queries = [
        *_of_terms(terms),
        *(query for _, names in others for query in _of_names(names)),
        {**by_vector, "showRankingScore": True},
    ]

    def ask(client: Client) -> tuple[Places, list[list[int]], list[float]]:
        common = {
            "indexUid": uid,
            "filter": filters.within(need),
            "limit": DEEP,
            "attributesToRetrieve": ["id", "kind", "length"],
        }
        results = client.multi_search([{**common, **query} for query in queries])["results"]
        places = Places()
        taken = [places.take(result["hits"]) for result in results]
        return places, taken, [2 * hit["_rankingScore"] - 1 for hit in results[-1]["hits"]]

    places, taken, cosines = talk.ask(ask)
    if not places.of:
        return ()
    brought = iter(taken)
    strengths = [_strengths(places, brought) for _ in terms]
    carried = [term.weight * one for term, one in zip(terms, strengths, strict=True)]
    for term, names in others:
        added = _there(places, [next(brought) for _ in names])
        for known, one in zip(terms, strengths, strict=True):
            if known.stem in term.stem.split():
                added[one > 0] = 0.0  # it has the need's own word for it
        rarity = lexicon.rarity(int(np.count_nonzero(added)))
        terms = [*terms, Term(term.stem, term.written, term.weight * rarity)]
        strengths.append(added)
        carried.append(terms[-1].weight * added)
    return _fused(need, places, terms, carried, dict(zip(next(brought), cosines, strict=True)))


def _fused(
    need: Need,
    places: Places,
    terms: list[Term],
    carried: list[Scores],
    cosines: Mapping[int, float],
) -> tuple[Match, ...]:
    lexical = sum(carried, np.zeros(len(places.of)))
    similar = np.zeros(len(places.of))
    similar[list(cosines)] = list(cosines.values())
    similar[(similar < LEAST_SIMILARITY) & (lexical <= 0)] = 0.0
    fused = reciprocal_ranks(lexical, similar)
    ids = list(places.of)
    return tuple(
        Match(ids[place], places.kinds[place], float(fused[place]), told(terms, carried, place))
        for place in best(fused, need.size)
    )


def _of_terms(terms: Sequence[Term]) -> list[Query]:
    """Every stem in each field that says how often it stands there. The blank finishes the word."""
    return [
        {"q": f"{term.stem} ", "attributesToSearchOn": [name]} for term in terms for name in TIMES
    ]


def _of_names(names: Sequence[tuple[str, ...]]) -> list[Query]:
    """Each name in a row, in the text itself. A word that no document has may be a slip of another,
    which the server forgives where it is not quoted.
    """
    return [
        {
            "q": f'"{" ".join(name)}"' if len(name) > 1 else f"{name[0]} ",
            "attributesToSearchOn": ["title", "body"],
        }
        for name in names
    ]


def _strengths(places: Places, brought: Iterator[list[int]]) -> Scores:
    """The BM25 of one term without its document frequency: how often it stands there, in relation
    to the document's length.
    """
    times = np.zeros(len(places.of))
    for one in TIMES.values():
        times[next(brought)] = one
    lengths = np.array(places.lengths, float)
    longer = 1 - SHORTENING + SHORTENING * lengths / max(float(lengths.mean()), 1.0)
    return np.asarray(times * (SATURATION + 1) / (times + SATURATION * longer), float)


def _there(places: Places, brought: Sequence[list[int]]) -> Scores:
    there = np.zeros(len(places.of))
    for where in brought:
        there[where] = 1.0
    return there
