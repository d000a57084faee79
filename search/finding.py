"""Finding: a person typed a few words, perhaps wrongly, perhaps not to the end."""

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from search.fusion import Scores
from search.highlight import MOST_READ, excerpt, mark
from search.port import Found, Hit, Question, Sort
from search.reading import MOST_STRENGTH, Reading, marks, phrase
from search.snapshot import Mask, Positions
from search.suggesting import suggestion
from search.synonyms import alternatives
from search.variants import SYNONYM, beginnings, misspellings
from search.words import clean, folded, reference, stem, telling, with_stems

LONGEST_QUESTION = 1_000  # characters that are read
MOST_WORDS = 16
MOST_LISTS = 200  # that are remembered; some 20 kB each
# What counts beside the words themselves, which give up to 1 together.
CALLED = 10.0  # what was typed is the id, a reference or the title, letter by letter
WHOLE_TITLE = 3.0  # the stems are the title: more than all that follows together
TITLE = 1.0  # the words in a row within the title; the longer it is, the less
NEARNESS = 0.5  # the words in a row anywhere
MEANING = 0.3  # the cosine of the vectors
LEAST_SIMILARITY = 0.45  # without any of the words a document must be at least this near

_QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, taken apart."""

    text: str
    words: tuple[str, ...]  # folded, all of them, in order
    telling: tuple[str, ...]  # those to look for, each once
    quotes: tuple[tuple[str, ...], ...]  # stems that must stand in a row
    unfinished: str  # the last word, which may go on; or empty

    @classmethod
    def parse(cls, typed: str) -> "Asked":
        text = clean(typed[:LONGEST_QUESTION])
        words = folded(text)[:MOST_WORDS]
        quotes = (tuple(map(stem, folded(quote))) for quote in _QUOTED.findall(text))
        goes_on = bool(words) and text[-1:].isalnum()
        return cls(
            text,
            tuple(words),
            tuple(dict.fromkeys(telling(words))),
            tuple(quote for quote in quotes if quote),
            words[-1] if goes_on else "",
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """How strongly each document answers (0: not at all), the stems and rows of stems that were
    looked for, and the words that are not there, each with the stems it may have been meant for.
    """

    scores: Scores
    stems: frozenset[str]
    wrong: Mapping[str, list[str]]


def find(reading: Reading, question: Question) -> Found:
    """What answers the question. Without words that is a list with its counts, which many look at;
    it stays the same until the index changes.
    """
    if question.words.strip():
        return _find(reading, question)
    known, asked = reading.snapshot.lists, _list_of(question)
    found = known.get(asked) or _find(reading, question)
    if len(known) < MOST_LISTS:
        known[asked] = found
    return found


def _list_of(question: Question) -> Hashable:
    narrowed = (question.filters, question.required, question.ranges)
    part = (question.sort, question.page, question.size)
    return (
        question.audience,
        question.kinds,
        tuple(frozenset(one.items()) for one in narrowed),
        question.facets,
        part,
    )


def _find(reading: Reading, question: Question) -> Found:
    seen = reading.snapshot.seen_by(question.audience)
    better = ""
    if question.words.strip():
        asked = Asked.parse(question.words)
        evidence = _evidence(reading, asked, seen)
        better = suggestion(reading, asked.text.strip(), evidence.wrong, seen)
        seen = seen & (evidence.scores > 0)
    else:
        evidence = Evidence(np.zeros(reading.snapshot.size), frozenset(), {})
    seen = seen & reading.demanded(question)
    kinds = reading.of_kinds(question.kinds)
    filters = {name: reading.having(name, values) for name, values in question.filters.items()}
    found = _all(seen, kinds, *filters.values())
    return Found(
        hits=_hits(reading, evidence, _page(reading, evidence, found, question)),
        total=int(np.count_nonzero(found)),
        kinds=reading.snapshot.kinds.counts(_all(seen, *filters.values())),
        facets={
            name: reading.snapshot.labels(name).counts(
                _all(seen, kinds, *(mask for other, mask in filters.items() if other != name))
            )
            for name in question.facets
        },
        suggestion=better,
    )


def _evidence(reading: Reading, asked: Asked, seen: Mask) -> Evidence:
    scores, stems, wrong = _words(reading, asked, seen)
    # A number is near to other numbers, which means nothing.
    similar = reading.similarities(" ".join(filter(str.isalpha, asked.telling)))
    by_words = scores > 0
    scores += np.where(by_words | (similar >= LEAST_SIMILARITY), MEANING * similar.clip(0), 0)
    scores += np.where(by_words, _in_a_row(reading, asked), 0)
    for quote in asked.quotes:
        scores[reading.strengths(phrase(quote)) <= 0] = 0
    scores[_called(reading, asked)] += CALLED
    return Evidence(scores, frozenset(stems), wrong)


def _words(
    reading: Reading, asked: Asked, seen: Mask
) -> tuple[Scores, set[str], dict[str, list[str]]]:
    """How much of what was asked each document has: a rare word counts for more than a common."""
    total = np.zeros(reading.snapshot.size)
    possible = 0.0
    stems: set[str] = set()
    wrong: dict[str, list[str]] = {}
    synonyms = _synonyms(asked)
    for word in asked.telling:
        variants = synonyms[stem(word)] | {stem(word): 1.0}
        if word == asked.unfinished:
            variants = beginnings(reading.connection, word) | variants
        strength = _strongest(reading, variants)
        if not (strength[seen] > 0).any():  # for this person the word is not there
            variants = misspellings(reading, word, unfinished=word == asked.unfinished)
            strength = _strongest(reading, variants)
            wrong[word] = list(variants)
        stems.update(variants)
        rarity = reading.lexicon.rarity(int(np.count_nonzero(strength)))
        total += rarity * strength
        possible += rarity * MOST_STRENGTH
    return (total / possible if possible else total), stems, wrong


def _synonyms(asked: Asked) -> Mapping[str, dict[str, float]]:
    """For the stem of each word what else the phrase is called that it stands in."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for places, others in alternatives(asked.words):
        for place in places:
            found[stem(asked.words[place])].update(
                (" ".join(map(stem, other)), SYNONYM) for other in others
            )
    return found


def _strongest(reading: Reading, variants: dict[str, float]) -> Scores:
    strength = np.zeros(reading.snapshot.size)
    for one, weight in variants.items():
        np.maximum(strength, weight * reading.strengths(phrase([one])), out=strength)
    return strength


def _in_a_row(reading: Reading, asked: Asked) -> Scores:
    """What words next to each other in the order typed add, the most when they are the title."""
    stems = [stem(word) for word in asked.words]
    typed = phrase(stems) + (" *" if asked.unfinished else "")
    in_title = reading.strengths(f"title : {typed}") > 0
    share = len(stems) / np.maximum(reading.snapshot.title_words, 1)
    added = np.where(in_title, TITLE * share + WHOLE_TITLE * (share >= 1), 0.0)
    if len(stems) > 1:
        added += np.where(reading.strengths(typed) > 0, NEARNESS, 0.0)
    return added


def _called(reading: Reading, asked: Asked) -> Positions:
    """Where documents stand of which the title or a reference was typed in full, or the id with
    or without kind.
    """
    typed = asked.text.strip()
    ids = [typed, *(f"{kind}-{typed}" for kind in reading.snapshot.kinds.codes)]
    rows = reading.connection.execute(
        f"SELECT number FROM document WHERE id IN ({marks(ids)})"  # noqa: S608
        " UNION SELECT number FROM document WHERE name = ? AND name <> ''"
        " UNION SELECT number FROM reference WHERE reference = ?",
        [*ids, " ".join(asked.words), reference(typed)],
    )
    places, there = reading.snapshot.positions(np.array([n for (n,) in rows], np.int64))
    return places[there]


def _all(first: Mask, *others: Mask) -> Mask:
    both = first
    for mask in others:
        both = both & mask
    return both


def _page(reading: Reading, evidence: Evidence, found: Mask, question: Question) -> Positions:
    """The positions on the page that was asked for."""
    known = reading.snapshot
    if question.sort is Sort.RELEVANCE and question.words.strip():
        places = np.flatnonzero(found)
        order = np.lexsort((-known.numbers_of("at")[places], -evidence.scores[places]))
        places = places[order]
    else:
        order = _order(reading, question.sort)
        places = order[found[order]]
    first = (max(question.page, 1) - 1) * question.size
    return places[first : first + question.size]


def _order(reading: Reading, sort: Sort) -> Positions:
    """Every position, what comes first at the beginning."""
    known = reading.snapshot
    if sort is not Sort.TITLE:
        return known.closing if sort is Sort.CLOSING else known.newest
    rows = reading.connection.execute("SELECT number FROM document ORDER BY name, number")
    places, there = known.positions(np.array([number for (number,) in rows], np.int64))
    return places[there]


def _hits(reading: Reading, evidence: Evidence, places: Positions) -> tuple[Hit, ...]:
    numbers = reading.snapshot.numbers[places].tolist()
    query = f"SELECT number, id, kind, title, body FROM document WHERE number IN ({marks(numbers)})"  # noqa: S608
    rows = {number: rest for number, *rest in reading.connection.execute(query, numbers)}
    hits = []
    for place, number in zip(places, numbers, strict=True):
        if number in rows:  # it may have gone a moment ago
            id, kind, title, body = rows[number]
            hits.append(
                Hit(
                    id,
                    kind,
                    mark(title, with_stems(title, evidence.stems)),
                    excerpt(body, with_stems(body[:MOST_READ], evidence.stems)),
                    float(evidence.scores[place]),
                )
            )
    return tuple(hits)
