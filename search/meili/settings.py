"""Everything that a Meilisearch index and its keys are set to."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from search.synonyms import SAME
from search.words import folded

EMBEDDER = "words"
MOST_HITS = 100_000  # that can be leafed through and counted
MOST_VALUES = 2_000  # of a facet that are counted
CUT_OFF = 500  # ms, after which the server answers with what it has

# In the order of what a word there counts. Stems stand once, by how often the text says them.
NAMED = "called"  # id, references and title, each as a whole
TEXT = (NAMED, "title", "body")
OFTEN, TWICE, ONCE = "often", "twice", "once"
STEMS = (OFTEN, TWICE, ONCE)

SHOWN = ("key", "id", "kind", "title", "body", "length", "fingerprint")


def settings(dimensions: int) -> dict[str, Any]:
    """The settings of an index, whole: what is not named here is not left to chance."""
    return {
        "searchableAttributes": [*TEXT, *STEMS],
        "displayedAttributes": [*SHOWN, *STEMS],
        "filterableAttributes": [
            _filterable(["key", "audience", NAMED], faceted=False, compared=False),
            _filterable(["kind", "facet_*"], faceted=True, compared=False),
            _filterable(["at", "number_*"], faceted=False, compared=True),
        ],
        "sortableAttributes": ["at", "number_closes", "title"],
        # "sort" is first, so that a list by date is one; without a sort it does nothing.
        "rankingRules": ["sort", "words", "typo", "proximity", "attribute", "exactness"],
        # None: we leave them out of a question unless it has no others, so that "IT" can be found.
        "stopWords": [],
        "synonyms": synonyms(),
        "typoTolerance": {
            "enabled": True,
            "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
            "disableOnWords": [],
            "disableOnAttributes": [NAMED, *STEMS],
            "disableOnNumbers": True,
        },
        "distinctAttribute": None,  # the key says already which documents are one
        "faceting": {"maxValuesPerFacet": MOST_VALUES, "sortFacetValuesBy": {"*": "count"}},
        "pagination": {"maxTotalHits": MOST_HITS},
        "proximityPrecision": "byWord",
        "prefixSearch": "indexingTime",
        "searchCutoffMs": CUT_OFF,
        "embedders": {EMBEDDER: {"source": "userProvided", "dimensions": dimensions}},
    }


def version(dimensions: int, embedder: str) -> str:
    """A name that is another one whenever settings, the shape of documents or vectors are."""
    agreed = json.dumps([1, embedder, settings(dimensions)], sort_keys=True)
    return sha256(agreed.encode()).hexdigest()[:8]


def synonyms() -> Mapping[str, Sequence[str]]:
    """Each phrase of the table with all that it is also called."""
    found: dict[str, list[str]] = {}
    for line in SAME:
        phrases = list(dict.fromkeys(" ".join(folded(phrase)) for phrase in line))
        for phrase in phrases:
            found.setdefault(phrase, []).extend(one for one in phrases if one != phrase)
    return found


def _filterable(patterns: list[str], *, faceted: bool, compared: bool) -> dict[str, Any]:
    return {
        "attributePatterns": patterns,
        "features": {
            "facetSearch": faceted,
            "filter": {"equality": True, "comparison": compared},
        },
    }


SERVING = (
    "search",
    "documents.add",
    "documents.delete",
    "indexes.get",
    "stats.get",
    "tasks.get",
    "version",
)
KEYS: Mapping[str, Sequence[str]] = {
    # The web server finds, and tells of changes.
    "serve": SERVING,
    # `reindex` makes indexes beside that, and puts them in the place of others.
    "reindex": (
        *SERVING,
        "documents.get",
        "indexes.create",
        "indexes.delete",
        "indexes.swap",
        "settings.update",
    ),
}
