"""How the double of Meilisearch compares words: roughly as the real one does, and slowly."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from search.typos import distance

WORD = re.compile(r"[^\W_]+")

Document = dict[str, Any]
Settings = Mapping[str, Any]


def matched(
    settings: Settings, query: Mapping[str, Any], document: Document
) -> tuple[float, set[str]]:
    """How well a document has the words of a query, and which words of it they are."""
    q = query.get("q", "")
    fields = query.get("attributesToSearchOn") or settings["searchableAttributes"]
    phrases = [WORD.findall(one.lower()) for one in re.findall('"([^"]*)"', q)]
    if phrases:
        found = [in_a_row(phrase, texts(document, fields)) for phrase in phrases]
        return (1.0, set().union(*found)) if all(found) else (0.0, set())
    asked = WORD.findall(q.lower())
    if not asked:
        return 1.0, set()
    strict = set(settings["typoTolerance"]["disableOnAttributes"])
    has = [
        variants(settings, word, last=word == asked[-1] and q[-1:].isalnum(), fields=fields,
                 strict=strict, document=document)
        for word in asked
    ]  # fmt: skip
    whole = " ".join(asked)
    synonyms = set().union(
        *(in_a_row(one.split(), texts(document, fields)) for one in synonyms_of(settings, whole))
    )
    words = set().union(*has, synonyms)
    share = sum(map(bool, has)) / len(asked)
    if synonyms:
        share = max(share, 0.9)
    title = 0.05 * any(word in words for word in WORD.findall(document["title"].lower()))
    return (0.9 * share + title if words else 0.0), words


def synonyms_of(settings: Settings, words: str) -> Sequence[str]:
    found: Sequence[str] = settings["synonyms"].get(words, ())
    return found


def variants(
    settings: Settings, word: str, *, last: bool, fields: Sequence[str], strict: set[str],
    document: Document,
) -> set[str]:  # fmt: skip
    slips = 0 if len(word) < 5 or not word.isalpha() else 1 if len(word) < 9 else 2
    return {
        one
        for name in fields
        for text in texts(document, [name])
        for one in WORD.findall(text.lower())
        if one == word
        or (last and one.startswith(word))
        or (name not in strict and slips and distance(word, one) <= slips)
    }


def in_a_row(phrase: Sequence[str], among: Sequence[str]) -> set[str]:
    row = " ".join(phrase)
    there = (" ".join(WORD.findall(text.lower())) for text in among)
    return {row} if any(f" {row} " in f" {one} " for one in there) else set()


def texts(document: Document, fields: Sequence[str]) -> list[str]:
    values = [document.get(name, "") for name in fields]
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def positions(text: str, words: set[str]) -> list[dict[str, int]]:
    """Where these words stand, or rows of words, in bytes."""
    there = list(WORD.finditer(text))
    lower = [one.group().lower() for one in there]
    wanted = {
        place + step
        for row in (one.split() for one in words)
        for place in range(len(lower))
        if lower[place : place + len(row)] == row
        for step in range(len(row))
    }
    return [
        {
            "start": len(text[: there[place].start()].encode()),
            "length": len(there[place].group().encode()),
        }
        for place in sorted(wanted)
    ]
