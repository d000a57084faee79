"""A small catalogue to search in, and short ways to ask for something in it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from search.port import Document, Found, Index, Marked, Match, Need, Question

PUBLIC = frozenset({"public"})
AUTHORITY = frozenset({"public", "authorities"})
MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


def document(id: str, title: str, body: str = "", **values: Any) -> Document:
    """A public document of the kind that its id begins with, a day newer than the one before."""
    kind = values.pop("kind", id.partition("-")[0])
    day = int(id.rpartition("-")[2]) if id[-1:].isdigit() else 0
    at = values.pop("at", MONDAY + timedelta(days=day))
    return Document(id, kind, title, body, values.pop("audience", PUBLIC), at, **values)


def about(area: str, *prices: str) -> Mapping[str, tuple[str, ...]]:
    return {"area": (area,), "price": prices}


PRODUCTS = (
    document(
        "product-1",
        "Kerbside",
        "Plans refuse rounds, records missed bins and weighs commercial waste at the tailgate.",
        facets=about("waste", "per-site"),
    ),
    document(
        "product-2",
        "Kerbside Trade",
        "Invoices businesses for trade waste, with contracts, duty of care notes and renewals.",
        facets=about("waste", "per-transaction", "fixed-yearly"),
    ),
    document(
        "product-3",
        "Mendline",
        "Books housing repairs with tenants, schedules operatives and follows up damp and mould.",
        facets=about("housing-repairs", "per-property"),
    ),
    document(
        "product-4",
        "Threshold Allocations",
        "A choice based lettings register: applicants bid for homes and officers make offers.",
        facets=about("housing-allocations", "per-property"),
    ),
    document(
        "product-5",
        "Planwise",
        "Validates planning applications, consults neighbours and publishes decision notices.",
        facets=about("planning", "fixed-yearly"),
    ),
    document(
        "product-6",
        "Carefolio",
        "Case management for adult social care: assessments, care plans and provider payments.",
        facets=about("adult-social-care", "per-user"),
    ),
    document(
        "challenge-7",
        "Commercial waste in one place",
        "Our officers retype trade waste agreements into four spreadsheets. We look for one place.",
        facets=about("waste"),
    ),
    document(
        "challenge-8",
        "Sensors for damp homes",
        "Tenants tell us about mould too late. Which sensors warn us before the wall is black?",
        audience=frozenset({"authorities"}),
        facets=about("housing-repairs"),
    ),
    document(
        "product-9",
        "Café Zürich",
        "Bookings for the library café, with allergens and till receipts.",
        facets=about("libraries", "free"),
    ),
)


def find(index: Index, words: str, audience: frozenset[str] = PUBLIC, **values: Any) -> Found:
    return index.find(Question(words, audience, **values))


def found(index: Index, words: str, audience: frozenset[str] = PUBLIC, **values: Any) -> list[str]:
    return [hit.id for hit in find(index, words, audience, **values).hits]


def match(
    index: Index, text: str, audience: frozenset[str] = PUBLIC, **values: Any
) -> tuple[Match, ...]:
    need = Need(text, audience, values.pop("kinds", frozenset()), **values)
    return index.match(need).matches


def marked(pieces: Marked) -> list[str]:
    return [text for text, is_marked in pieces if is_marked]


def plain(pieces: Marked) -> str:
    return "".join(text for text, _ in pieces)
