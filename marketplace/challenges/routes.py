"""How a browser finds challenges. Reading, drafting and deciding have modules of their own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from marketplace.challenges import deciding, drafting, joining, queries
from marketplace.challenges.models import PUBLISHED, Stage
from marketplace.challenges.queries import Filters
from marketplace.challenges.telling import told
from marketplace.core import files, scanning
from marketplace.core.context import Context, Opening
from marketplace.core.files import Stored
from marketplace.core.pages import page
from marketplace.organisations import queries as organisations
from marketplace.organisations.queries import Named
from marketplace.reference.areas import Area
from search.port import Found

router = APIRouter(route_class=Opening)

Chosen = Mapping[str, Sequence[str]]  # by filter, the values chosen
Choices = Mapping[str, tuple[str, Mapping[str, str]]]  # by filter: its name, and its values' words


@router.get("/challenges", name="challenge.list")
def listed(
    request: Request,
    ctx: Context,
    area: Annotated[list[Area], Query()] = [],  # noqa: B006 - FastAPI copies it
    stage: Annotated[list[Stage], Query()] = [],  # noqa: B006
    authority: Annotated[list[str], Query()] = [],  # noqa: B006
    after: UUID | None = None,
) -> Response:
    filters = Filters(frozenset(area), frozenset(stage), frozenset(authority))
    found = queries.counts(ctx, request.app.state.index, filters)
    challenges, more = queries.listed(ctx, filters, after)
    chosen: Chosen = {"area": sorted(area), "stage": sorted(stage), "authority": sorted(authority)}
    choices = _choices(organisations.authorities(ctx))
    return page(
        request,
        "challenges/list.html",
        challenges=challenges,
        total=found.total if found else None,
        facets=_facets(choices, found, chosen),
        chosen=chosen,
        selected=_selected(request, choices, chosen),
        older=_address(request, {**chosen, "after": [str(more)]}) if more else "",
        newest=_address(request, chosen) if after else "",
        announce=_how_many(found.total) if found else "",
    )


def _how_many(total: int) -> str:
    return f"{total:,} challenge{'' if total == 1 else 's'}"


def _choices(authorities: Iterable[Named]) -> Choices:
    return {
        "stage": ("Stage", {str(one): one.label for one in PUBLISHED}),
        "area": ("Area of work", {str(one): one.label for one in Area}),
        "authority": ("Authority", {one.slug: one.called for one in authorities}),
    }


def _facets(
    choices: Choices, found: Found | None, chosen: Chosen
) -> list[tuple[str, str, list[tuple[str, str, int | None]]]]:
    """The filters with their values and counts; a value that would leave nothing is left out."""
    facets = []
    for name, (title, words) in choices.items():
        counts = found.facets.get(name, {}) if found else None
        options = [
            (value, text, None if counts is None else counts.get(value, 0))
            for value, text in words.items()
            if counts is None or counts.get(value) or value in chosen[name]
        ]
        facets.append((title, name, options))
    return facets


def _selected(
    request: Request, choices: Choices, chosen: Chosen
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The filters in use, each value with the address of the list without it."""
    return [
        (
            choices[name][0],
            [
                (
                    choices[name][1].get(value, value),
                    _address(request, {**chosen, name: [v for v in values if v != value]}),
                )
                for value in values
            ],
        )
        for name, values in chosen.items()
        if values
    ]


def _address(request: Request, values: Mapping[str, Any]) -> str:
    query = urlencode(values, doseq=True)
    return request.url.path + (f"?{query}" if query else "")


# ---- One challenge. What has an address of its own beneath it comes first.

router.routes.extend(drafting.router.routes)
router.routes.extend(joining.router.routes)
router.routes.extend(deciding.router.routes)


@router.get("/challenges/{id}", name="challenge.show")
def show(request: Request, ctx: Context, id: UUID) -> Response:
    return joining.screen(request, ctx, queries.one(ctx, id))


@router.get("/challenges/{id}/history", name="challenge.history")
def history(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    challenge = queries.one(ctx, id)
    events, more = queries.history(ctx, challenge, after)
    return page(
        request,
        "challenges/history.html",
        **joining.frame(ctx, challenge, "history"),
        entries=[told(event, ctx.actor) for event in events],
        older=_address(request, {"after": more}) if more else "",
        newest=request.url.path if after else "",
    )


@router.get("/challenges/{id}/files/{attachment_id}", name="challenge.file")
def download(request: Request, ctx: Context, id: UUID, attachment_id: UUID) -> Response:
    queries.one(ctx, id)
    found = queries.attachment(ctx, id, attachment_id)
    stored = Stored(found.key, found.name, found.size, found.media_type, found.sha256)
    pieces = scanning.chunks(ctx, request.app.state.files, found.key)
    return StreamingResponse(pieces, headers=files.download_headers(stored))
