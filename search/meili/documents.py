"""A document as Meilisearch keeps it."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from search.meili.filters import facet, number
from search.meili.settings import EMBEDDER, OFTEN, ONCE, TWICE
from search.port import Document, as_number
from search.reading import Lexicon
from search.vectors import Embedder, unit
from search.words import STOP_WORDS, clean, folded, reference, stem

_KEY = re.compile(r"[A-Za-z0-9_-]{1,400}")

Kept = dict[str, Any]


def key(id: str) -> str:
    """The id, or where it has letters that a key must not have, its fingerprint."""
    return id if _KEY.fullmatch(id) else f"x_{sha256(clean(id).encode()).hexdigest()}"


def kept(document: Document) -> Kept:
    """All of it but the vector."""
    title, body = clean(document.title), clean(document.body)
    words = folded(f"{title} {body}")
    made = {
        "key": key(document.id),
        "id": clean(document.id),
        "kind": document.kind,
        "title": title,
        "body": body,
        "called": names(document),
        "audience": sorted(document.audience),
        "at": as_number(document.at),
        "length": len(words),
        **_stems(folded(title) + words),  # a word in the title counts like two in the body
        **{
            facet(name): [clean(value) for value in values]
            for name, values in document.facets.items()
        },
        **{number(name): as_number(one) for name, one in document.numbers.items()},
    }
    return made | {"fingerprint": sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()}


def names(document: Document) -> list[str]:
    """What a document is called, any of which may be typed in full to find it."""
    id = clean(document.id)
    given = (id, id.removeprefix(f"{document.kind}-"), document.title, *document.references)
    return list(dict.fromkeys(filter(None, map(reference, given))))


def with_vectors(
    documents: Sequence[tuple[Document, Kept]], embed: Embedder, lexicon: Lexicon
) -> list[Kept]:
    """What is to be sent: a text without words has no vector."""
    texts = [f"{made['title']} {made['body']}" for _, made in documents]
    rows = embed(texts, lexicon.weight)
    sent = []
    for (document, made), row in zip(documents, rows, strict=True):
        if document.vector is not None:
            given = np.asarray(document.vector, np.float32)
            if given.shape != (embed.size,):
                raise ValueError(f"The vector of {document.id} must have {embed.size} numbers.")
            row = unit(given.reshape(1, -1))[0]
        vector = [round(float(one), 6) for one in row] if row.any() else None
        sent.append(made | {"_vectors": {EMBEDDER: vector}})
    return sent


def _stems(words: Sequence[str]) -> Mapping[str, str]:
    by_times: defaultdict[str, list[str]] = defaultdict(list)
    for one, times in Counter(stem(word) for word in words if word not in STOP_WORDS).items():
        by_times[OFTEN if times > 2 else TWICE if times == 2 else ONCE].append(one)
    return {name: " ".join(by_times[name]) for name in (OFTEN, TWICE, ONCE)}
