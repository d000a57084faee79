"""What everybody reads of a tender: the page once it is published, and before that a preview."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace.core import scanning
from marketplace.core.context import Context, Opening
from marketplace.core.pages import page
from marketplace.tenders import content, publishing, queries, working
from marketplace.tenders.content import SHARED, Content, Row
from marketplace.tenders.models import Part, Stage, Tender, TenderDocument
from marketplace.tenders.publishing import Published

router = APIRouter(prefix="/tenders", route_class=Opening)

PLANNED = "publish_on"  # a plan of its authorities: the page says when it was published


@router.get("/{id}/workspace/preview", name="tender.preview")
def preview(request: Request, ctx: Context, id: UUID) -> Response:
    """The page as everybody would see it if what has been saved were published now."""
    tender = queries.working(ctx, id)
    if tender.stage is not Stage.DRAFT:
        return _shown(request, ctx, tender)  # nothing is left to preview
    return page(
        request,
        "tenders/show.html",
        **{**public_frame(ctx, tender, "notice"), "stage": Stage.OPEN},
        **_told(ctx, tender, publishing.assembled(ctx, tender), queries.documents(ctx, tender)),
        preview=True,
        publications=[],
        linked=[one for one in queries.before_and_after(ctx, tender) if one.published_at],
    )


@router.get("/{id}", name="tender.show")
def shown(request: Request, ctx: Context, id: UUID) -> Response:
    return _shown(request, ctx, queries.one(ctx, id))


def _shown(request: Request, ctx: Context, tender: Tender) -> Response:
    if tender.published_at is None:
        return working.overviewed(request, ctx, tender)
    publications = queries.publications(ctx, tender)
    documents = [one for one in queries.documents(ctx, tender) if one.published_at]
    return page(
        request,
        "tenders/show.html",
        **public_frame(ctx, tender, "notice"),
        **_told(ctx, tender, publications[0].content, documents),
        preview=False,
        publications=publications,
        linked=queries.before_and_after(ctx, tender),
    )


def _told(
    ctx: Context, tender: Tender, said: Published, documents: Sequence[TenderDocument]
) -> dict[str, Any]:
    """What the page says of the tender itself, published or not. A part may not be written yet."""
    return {
        "said": said,
        "parts": [(part, _rows(said.get(part.value, {}))) for part in SHARED],
        "annexes": {name: content.rows(one) for name, one in said[Part.ANNEX].items()},
        "documents": documents,
        "held": scanning.held(ctx, [one.key for one in documents]),
    }


def _rows(part: Content) -> list[Row]:
    return [row for row in content.rows(part) if row.key != PLANNED]


def public_frame(ctx: Context, tender: Tender, here: str) -> dict[str, Any]:
    """What every public page about one tender shows above its own part."""
    inside = ctx.actor.organisation_name and (str(ctx.actor.organisation_id) in tender.partners)
    return {
        "tender": tender,
        "stage": tender.standing(ctx.now),
        "here": here,
        "works": bool(inside) or ctx.actor.kind == "loti",
    }
