"""The search by which the products of a list were found: what was asked for, and what it finds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_origin
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from pydantic import BaseModel, ValidationError

from marketplace.catalogue import finding
from marketplace.challenges import queries as challenges
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.finding import Asked as Question
from marketplace.core.finding import stored
from marketplace.core.pages import here_only
from marketplace.discovery import matching
from marketplace.discovery.reasons import WEIGHTS
from marketplace.discovery.wishes import Asked
from search.port import Index

MATCHES = re.compile(r"/challenges/([0-9a-f-]{36})/matches")
CATALOGUE = "/products"
LONGEST = 2_000  # characters of an address

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Result:
    """One product that a search finds, and why it stands where it does."""

    id: UUID
    name: str
    supplier: str
    fit: str = ""
    because: Sequence[str] = ()
    against: Sequence[str] = ()
    unknown: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for, in words, and what is found now. `results` may be fewer than `total`."""

    address: str
    says: str
    filters: Sequence[tuple[str, str]]
    total: int
    results: Sequence[Result]
    left_out: Mapping[str, int]  # what requirements left out, by what was lacking
    weights: Mapping[str, float]


def kept(address: str) -> str:
    """The address as it is kept with a list; empty for one that is no search of ours."""
    path = urlsplit(here_only(address[:LONGEST])).path if len(address) <= LONGEST else ""
    return address if path == CATALOGUE or MATCHES.fullmatch(path) else ""


def challenge_of(address: str) -> UUID | None:
    """The challenge whose matches an address shows."""
    found = MATCHES.fullmatch(urlsplit(address).path)
    try:
        return UUID(found[1]) if found else None
    except ValueError:
        return None


def run(ctx: Context, index: Index, address: str, most: int) -> Search | None:
    """What the search finds now, with as many as `most` results; None when there is none, or what
    it was about is gone. Raises Unavailable when the engine does not answer.
    """
    if not kept(address):
        return None
    query = urlsplit(address).query
    try:
        if id := challenge_of(address):
            return _matches(ctx, index, address, id, _asked(Asked, query), most)
        return _catalogue(ctx, index, address, stored(finding.SCOPE, query), most)
    except (ValidationError, NotFound):
        return None


def _asked(kind: type[A], query: str) -> A:
    given = parse_qs(query)
    fields = kind.model_fields.items()
    lists = {name for name, about in fields if get_origin(about.annotation) is list}
    values: dict[str, Any] = {
        name: values if name in lists else values[-1] for name, values in given.items()
    }
    return kind.model_validate(values)


def _matches(ctx: Context, index: Index, address: str, id: UUID, asked: Asked, most: int) -> Search:
    challenge = challenges.one(ctx, id)
    ranking = matching.rank(ctx, index, challenge, asked)
    wished = ranking.wishes
    filters = [
        *(
            ("Only products assessed as meeting", ranking.titles[key])
            for key in asked.must
            if key in wished.must
        ),
        *(("Where it runs", one.label) for one in asked.deployment),
        *([("Supplier", "Small and medium-sized only")] if wished.sme else []),
        *([("Price", "Within the budget")] if wished.within_budget else []),
        *(("Left out of the need", word) for word in wished.without),
        *(("Did not count", part.label) for part in asked.off),
    ]
    results = [
        Result(
            answer.product.id,
            answer.product.name,
            answer.product.organisation.name,
            str(answer.fit or ""),
            [reason.says for reason in answer.because],
            [reason.says for reason in answer.against],
            [reason.says for reason in answer.unknown],
        )
        for answer in ranking.answers[:most]
    ]
    weights = {part.label: WEIGHTS[part] for part in WEIGHTS if part not in wished.off}
    return Search(
        address,
        f"Products that answer “{challenge.called}”, best first",
        filters,
        len(ranking.answers),
        results,
        ranking.excluded_because,
        weights,
    )


def _catalogue(ctx: Context, index: Index, address: str, asked: Question, most: int) -> Search:
    rows: list[finding.Row] = []
    page = 1
    while True:
        listing, found = finding.find(ctx, index, replace(asked, page=page))
        rows += found
        if page >= listing.last or len(rows) >= most:
            break
        page += 1
    filters = [(legend, text) for legend, tags in listing.selected for text, _ in tags]
    results = [
        Result(row.product.id, row.product.name, row.product.supplier) for row in rows[:most]
    ]
    return Search(address, listing.summary, filters, listing.total, results, {}, {})
