"""Finding with Meilisearch: several ways to read what was typed, as one federated search."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from search.finding import LEAST_SIMILARITY, LONGEST_QUESTION, Asked
from search.highlight import MOST_READ, excerpt, mark
from search.meili import filters
from search.meili.filters import Filter
from search.meili.server import Talk
from search.meili.settings import EMBEDDER, MOST_HITS, STEMS, TEXT
from search.port import Found, Hit, Question, Sort
from search.reading import Lexicon
from search.typos import distance
from search.vectors import Embedder
from search.words import STOP_WORDS, Word, clean, folded, reference, spans, stem, with_stems

MOST_WORDS = 10  # of a query; the server reads no more
NEAR = 50  # documents that may be found by their meaning alone
# What each way to read the words counts.
CALLED = 10.0  # something is called that
WORDS = 1.0  # the words, of which the most frequent may be missing
FORMS = 0.8  # their stems
ONE_WORD = 0.9  # one of them alone, divided by how many there are
MEANING = 0.3  # none of them, but what they mean

_QUOTED = re.compile(r'"([^"]+)"')

Query = dict[str, Any]


class Finding:
    """One question to one index."""

    def __init__(self, talk: Talk, uid: str, embed: Embedder, lexicon: Lexicon) -> None:
        self._talk, self._uid, self._embed, self._lexicon = talk, uid, embed, lexicon

    def answer(self, question: Question) -> Found:
        words = question.words.strip()
        asked = Asked.parse(question.words)
        if not question.audience or (words and not asked.words):
            return Found((), 0, {}, {name: {} for name in question.facets})
        ways = self._ways(question, asked) if words else [{"q": ""}]
        narrow = filters.within(question)
        page = self._search(
            [_query(way, narrow, _order(question)) for way in ways],
            size=question.size,
            first=(max(question.page, 1) - 1) * question.size,
            facets=_unfiltered(question),
        )
        hits = page["hits"]
        return Found(
            hits=tuple(map(_hit, hits)),
            total=int(page["estimatedTotalHits"]),
            kinds=self._counts(question, ways, page, "kind"),
            facets={
                name: self._counts(question, ways, page, filters.facet(name), name)
                for name in question.facets
            },
            suggestion=_suggestion(asked, hits) if words else "",
        )

    def _ways(self, question: Question, asked: Asked) -> list[Query]:
        """How the words can be read. No word is required, unless it stands in quotation marks."""
        called = {
            "q": " ".join(asked.words[:MOST_WORDS]),
            "also": filters.named(reference(asked.text)),
            "weight": CALLED,
        }
        quotes = [" ".join(folded(quote)) for quote in _QUOTED.findall(asked.text)]
        if any(quotes):
            phrases = " ".join(f'"{quote}"' for quote in quotes if quote)
            row = {"q": phrases, "attributesToSearchOn": [*TEXT], "matchingStrategy": "all"}
            return [row, called]
        telling = asked.telling[:MOST_WORDS]
        # A blank after a word says that it is finished: otherwise it may be a beginning.
        single = [one if one == asked.unfinished else f"{one} " for one in telling]
        last = telling[-1] == asked.unfinished
        ways: list[Query] = [
            {"q": " ".join(telling) + ("" if last else " "), "attributesToSearchOn": [*TEXT]},
            {
                "q": " ".join(map(stem, telling)) + " ",
                "attributesToSearchOn": [*STEMS],
                "weight": FORMS,
            },
            called,
        ]
        if len(single) > 1:
            weight = ONE_WORD / len(single)
            ways += [
                {"q": one, "attributesToSearchOn": [*TEXT], "weight": weight} for one in single
            ]
        return ways + self._near(question, asked)

    def _near(self, question: Question, asked: Asked) -> list[Query]:
        """What is near in meaning, asked beforehand: a limit by likeness within the search itself
        would have the server compare everything, and would not be counted exactly.
        """
        text = " ".join(filter(str.isalpha, asked.telling))
        row = self._embed([text], self._lexicon.weight)[0]
        if not row.any():
            return []
        like = {"vector": [float(one) for one in row], "hybrid": BY_VECTOR}
        found = self._talk.ask(
            lambda client: client.http.post(
                f"indexes/{self._uid}/search",
                {
                    **like,
                    "filter": [filters.audience(question.audience)],
                    "limit": NEAR,
                    "attributesToRetrieve": ["key"],
                    "showRankingScore": True,
                },
            )["hits"]
        )
        # The server's likeness of two vectors is their cosine, moved from -1 … 1 to 0 … 1.
        keys = [hit["key"] for hit in found if 2 * hit["_rankingScore"] - 1 >= LEAST_SIMILARITY]
        if not keys:
            return []
        by = like if _order(question) is None else {"q": ""}
        return [{**by, "also": filters.with_key(keys), "weight": MEANING}]

    def _counts(
        self,
        question: Question,
        ways: Sequence[Query],
        page: Mapping[str, Any],
        attribute: str,
        name: str = "",
    ) -> Mapping[str, int]:
        """How many there are of each value, as if nothing had been chosen of it."""
        if attribute not in _unfiltered(question):
            narrow = _without(question, name)
            queries = [_query(way, narrow, _order(question)) for way in ways]
            page = self._search(queries, size=0, first=0, facets=[attribute])
        by_index = page.get("facetsByIndex", {}).get(self._uid, {})
        counts = by_index.get("distribution", {}).get(attribute, {})
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return {value: int(count) for value, count in ordered if count}

    def _search(
        self, queries: Iterable[Query], size: int, first: int, facets: Sequence[str]
    ) -> Mapping[str, Any]:
        federation = {
            "limit": size,
            "offset": min(first, MOST_HITS),
            "facetsByIndex": {self._uid: list(facets)},
        }
        asked = [{"indexUid": self._uid, **query} for query in queries]

        return self._talk.ask(lambda client: client.multi_search(asked, federation))


BY_VECTOR = {"embedder": EMBEDDER, "semanticRatio": 1.0}


def _query(way: Query, narrow: Filter, order: list[str] | None) -> Query:
    """One way to read the words as the server takes it."""
    rest = {name: value for name, value in way.items() if name not in ("also", "weight")}
    return {
        "matchingStrategy": "frequency",
        "attributesToRetrieve": ["id", "kind", "title", "body", *STEMS],
        "showMatchesPosition": True,
        **rest,
        "filter": [*narrow, way["also"]] if "also" in way else narrow,
        "federationOptions": {"weight": way.get("weight", WORDS)},
        **({"sort": order} if order else {}),
    }


def _order(question: Question) -> list[str] | None:
    if question.sort is Sort.TITLE:
        return ["title:asc"]
    if question.sort is Sort.CLOSING:
        return ["number_closes:asc", "at:desc"]
    if question.sort is Sort.NEWEST or not question.words.strip():
        return ["at:desc"]
    return None


def _unfiltered(question: Question) -> list[str]:
    """The attributes whose counts come with the page, because nothing is chosen of them."""
    chosen = {name for name, values in question.filters.items() if values}
    kind = [] if question.kinds else ["kind"]
    return kind + [filters.facet(name) for name in question.facets if name not in chosen]


def _without(question: Question, name: str) -> Filter:
    """The filter without the choice of a facet, or of the kinds where there is no name."""
    others = {one: values for one, values in question.filters.items() if one != name}
    return filters.within(
        Question(
            "",
            question.audience,
            question.kinds if name else frozenset(),
            others,
            question.required,
            question.ranges,
        )
    )


def _hit(found: Mapping[str, Any]) -> Hit:
    title, body = found["title"], found["body"]
    places = found.get("_matchesPosition", {})
    stems = _stems_of(found, places)
    read = body[:MOST_READ]
    return Hit(
        found["id"],
        found["kind"],
        mark(title, _words_at(title, places.get("title", []), stems)),
        excerpt(body, _words_at(read, places.get("body", []), stems)),
        float(found["_federation"]["weightedRankingScore"]),
    )


def _stems_of(found: Mapping[str, Any], places: Mapping[str, Any]) -> frozenset[str]:
    """The stems that were found as such."""
    return frozenset(
        word.folded
        for name in STEMS
        for word in _words_at(found.get(name, ""), places.get(name, []), frozenset())
    )


def _words_at(text: str, places: Iterable[Mapping[str, int]], stems: frozenset[str]) -> list[Word]:
    """The whole words at these places, which are given in bytes, and those with these stems."""
    words = list(spans(text))
    starts = [word.start for word in words]
    raw = text.encode()
    found = {word.start: word for word in with_stems(text, stems)}
    for place in places:
        begin = len(raw[: place["start"]].decode(errors="ignore"))
        end = len(raw[: place["start"] + place["length"]].decode(errors="ignore"))
        for word in words[max(bisect_right(starts, begin) - 1, 0) :]:
            if word.start >= end:
                break
            if word.end > begin:
                found[word.start] = word
    return [found[start] for start in sorted(found)]


def _suggestion(asked: Asked, hits: Iterable[Mapping[str, Any]]) -> str:
    """What was typed, with the words put right that were only found by forgiving a slip. They are
    taken from what was found, so from what the asker may see.
    """
    found = [
        word.folded
        for hit in hits
        for name in ("title", "body")
        for word in _words_at(hit[name], hit.get("_matchesPosition", {}).get(name, []), frozenset())
    ]
    stems = {stem(word) for word in found}
    pieces, at = [], 0
    typed = clean(asked.text[:LONGEST_QUESTION]).strip()
    for word in spans(typed):
        if better := _better(word.folded, found, stems, asked):
            pieces += [typed[at : word.start], better]
            at = word.end
    return "".join([*pieces, typed[at:]]) if pieces else ""


def _better(word: str, found: Sequence[str], stems: set[str], asked: Asked) -> str:
    if len(word) < 5 or not word.isalpha() or word in STOP_WORDS or stem(word) in stems:
        return ""
    if word == asked.unfinished and any(one.startswith(word) for one in found):
        return ""
    slips = 1 if len(word) < 9 else 2
    near = [(distance(word, one), one) for one in dict.fromkeys(found)]
    return min((pair for pair in near if pair[0] <= slips), default=(0, ""))[1]
