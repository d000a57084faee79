"""Feeds of what anybody finds: the newest as Atom, and closing days as a calendar.

A feed is read by programs that do not sign in, so it holds what a visitor sees, whoever asks.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID
from xml.etree import ElementTree

from fastapi import APIRouter, Request, Response
from fastapi.datastructures import QueryParams

from auth.actor import VISITOR
from marketplace.calendar import deadlines
from marketplace.calendar import queries as calendars
from marketplace.clarifications import queries as clarifications
from marketplace.core import finding as core
from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Unavailable as OutOfOrder
from marketplace.core.finding import Asked
from marketplace.core.listing import told
from marketplace.discovery import finding
from marketplace.discovery.finding import Kind, Result
from marketplace.tenders import queries as tenders
from search.port import Sort, Unavailable

router = APIRouter(route_class=Opening)

ATOM = "http://www.w3.org/2005/Atom"
KEPT = 900  # seconds that a reader may go by what it has
LISTS = {"search": "", "products": "product", "challenges": "challenge"}
LISTS |= {"suppliers": "supplier", "notices": "notice", "standards": "standard"}
LISTS |= {"tenders": "tender", "contracts": "contract"}
UNTOLD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no XML may have it


@router.get("/search.atom", name="search.feed")
@router.get("/products.atom", name="product.feed")
@router.get("/challenges.atom", name="challenge.feed")
@router.get("/suppliers.atom", name="supplier.feed")
@router.get("/notices.atom", name="notice.feed")
@router.get("/standards.atom", name="standard.feed")
@router.get("/tenders.atom", name="tender.feed")
@router.get("/contracts.atom", name="contract.feed")
def atom(request: Request, ctx: Context) -> Response:
    asked, results = _found(request, ctx, Sort.NEWEST)
    said = told(asked, finding.words(_anybody(ctx), asked.scope))
    address = f"{ctx.settings.address}{request.url.path}"
    query = f"?{asked.query()}" if asked.query() else ""
    entries = [_entry(ctx, result) for result in results]
    made = _feed(said, address + query, address.removesuffix(".atom") + query, entries)
    return _kept(request, made, "application/atom+xml; charset=utf-8")


@router.get("/search.ics", name="search.calendar")
@router.get("/challenges.ics", name="challenge.closing")
def closing(request: Request, ctx: Context) -> Response:
    """The closing days of the challenges that are found, those that close soonest."""
    _, results = _found(request, ctx, Sort.CLOSING)
    ids = [result.row.id for result in results if result.kind is Kind.CHALLENGE]
    ahead = calendars.ahead(_anybody(ctx), ids)
    return _kept(request, deadlines.file(ahead, ctx.settings.address), deadlines.TYPE)


def _found(request: Request, ctx: Context, order: Sort) -> tuple[Asked, Sequence[Result]]:
    """The first page of what the address asks for, in this order, as a visitor finds it."""
    throttle.search(request, ctx.actor)
    kind = LISTS[request.url.path[1:].rpartition(".")[0]]
    params = [(k, v) for k, v in request.query_params.multi_items() if k not in ("page", "sort")]
    asked = core.read(finding.ALL[kind], QueryParams(params))
    ordered = replace(asked, order=order)
    try:
        _, results = finding.search(_anybody(ctx), request.app.state.index, ordered)
    except Unavailable:
        raise OutOfOrder("The search does not answer at the moment. Try again later.") from None
    return asked, results


def _anybody(ctx: Context) -> Context:
    return replace(ctx, actor=VISITOR)


@router.get("/tenders/{id}/questions.atom", name="clarification.feed")
def answered(request: Request, ctx: Context, id: UUID) -> Response:
    """The questions about a tender that were answered to everybody, the newest first."""
    anybody = _anybody(ctx)
    tender = tenders.one(anybody, id)
    page = f"{ctx.settings.address}/tenders/{id}/questions"
    entries = [
        Entry(f"{page}#{one.id}", one.wording, one.published_at or one.created_at, "", one.answer)
        for one in clarifications.of_tender(anybody, tender, published=True)
    ]
    made = _feed(f"questions about {tender.called}", f"{page}.atom", page, entries)
    return _kept(request, made, "application/atom+xml; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a feed."""

    link: str
    title: str
    at: datetime
    kind: str
    summary: str


def _entry(ctx: Context, result: Result) -> Entry:
    return Entry(
        f"{ctx.settings.address}/{result.kind}s/{result.row.id}",
        "".join(text for text, _ in result.title) or "Without a title",
        _at(result),
        str(result.kind),
        "".join(text for text, _ in result.excerpt),
    )


def _feed(said: str, own: str, page: str, entries: Sequence[Entry]) -> bytes:
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    _text(feed, "id", own)
    _text(feed, "title", f"LOTI Marketplace: {said}")
    ElementTree.SubElement(feed, "link", rel="self", href=own)
    ElementTree.SubElement(feed, "link", rel="alternate", href=page, type="text/html")
    updated = [one.at for one in entries]
    _text(feed, "updated", max(updated, default=datetime(2026, 1, 1, tzinfo=UTC)).isoformat())
    author = ElementTree.SubElement(feed, "author")
    _text(author, "name", "LOTI Marketplace")
    for one in entries:
        entry = ElementTree.SubElement(feed, "entry")
        _text(entry, "id", one.link)
        _text(entry, "title", one.title)
        ElementTree.SubElement(entry, "link", rel="alternate", href=one.link, type="text/html")
        _text(entry, "published", one.at.isoformat())
        _text(entry, "updated", one.at.isoformat())
        if one.kind:
            label = Kind(one.kind).label
            ElementTree.SubElement(entry, "category", term=one.kind, label=label)
        _text(entry, "summary", one.summary)
    made: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _at(result: Result) -> datetime:
    at: datetime = getattr(result.row, "published_at", None) or result.row.created_at
    return at


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = UNTOLD.sub("", text)


def _kept(request: Request, made: bytes, media_type: str) -> Response:
    """With what lets a reader ask again without being sent the same once more."""
    tag = f'"{hashlib.sha256(made).hexdigest()[:32]}"'
    headers = {"Cache-Control": f"public, max-age={KEPT}", "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(made, headers={**headers, "Content-Type": media_type})
