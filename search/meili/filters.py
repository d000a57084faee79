"""Which documents may be in an answer at all. Whoever asks sees through `within`, always."""

import re
from collections.abc import Collection, Iterable, Mapping

from search.port import Need, Question, Range, as_number
from search.words import clean

_PLAIN = re.compile(r"[a-z0-9_]+")

Filter = list[str]  # every one of these has to hold


def within(asked: Question | Need) -> Filter:
    """The documents that the asker may find, of the kinds asked for, that every filter leaves.

    The audience comes first and has no way round it: nobody in particular finds nothing.
    """
    return [
        audience(asked.audience),
        *_one_of("kind", asked.kinds),
        *filtered(asked.filters),
        *demanded(asked),
    ]


def audience(members: Collection[str]) -> str:
    """The documents that have a member in common with these."""
    return f"audience IN [{_listed(members)}]"


def filtered(filters: Mapping[str, Collection[str]]) -> Filter:
    """Values within a filter are alternatives; one without values leaves everything."""
    return [part for name, values in filters.items() for part in _one_of(facet(name), values)]


def demanded(asked: Question | Need) -> Filter:
    """What is required is there, all of it, and every number lies within its range."""
    required = [
        f"{facet(name)} = {_quoted(value)}"
        for name, values in asked.required.items()
        for value in sorted(values)
    ]
    ranges = [part for name, one in asked.ranges.items() for part in _between(number(name), one)]
    return required + ranges


def with_key(keys: Iterable[str]) -> str:
    return f"key IN [{_listed(keys)}]"


def named(name: str) -> str:
    """The document with exactly this id, reference or title."""
    return f"called = {_quoted(name)}"


def facet(name: str) -> str:
    """The attribute that a facet is kept in. A name that is none becomes its letters' numbers."""
    return f"facet_{_attribute(name)}"


def number(name: str) -> str:
    return "at" if name == "at" else f"number_{_attribute(name)}"


def _attribute(name: str) -> str:
    name = clean(name)
    return name if _PLAIN.fullmatch(name) else f"x_{name.encode().hex()[:200]}"


def _one_of(attribute: str, values: Collection[str]) -> Filter:
    return [f"{attribute} IN [{_listed(values)}]"] if values else []


def _between(attribute: str, one: Range) -> Filter:
    least = [] if one.least is None else [f"{attribute} >= {as_number(one.least)!r}"]
    most = [] if one.most is None else [f"{attribute} <= {as_number(one.most)!r}"]
    return least + most or [f"{attribute} EXISTS"]


def _listed(values: Iterable[str]) -> str:
    return ", ".join(map(_quoted, sorted(values)))


def _quoted(value: str) -> str:
    """A value in quotation marks, as the filter's syntax reads it."""
    escaped = clean(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
