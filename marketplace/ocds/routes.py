"""How a program reads a tender as open data, and an authority the content of its notices."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from auth.actor import VISITOR
from marketplace.clarifications import queries as clarifications
from marketplace.clarifications.models import Clarification
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.ocds import awarding, queries, releases
from marketplace.ocds.releases import Known
from marketplace.tenders import publishing
from marketplace.tenders import queries as tenders
from marketplace.tenders.deciding_forms import Cited
from marketplace.tenders.models import Part, Stage, Tender

router = APIRouter(prefix="/tenders", route_class=Opening)


@router.get("/{id}/release.json", name="tender.release")
def release(request: Request, ctx: Context, id: UUID) -> Response:
    """Every release of a published tender, as everybody sees it, whoever asks."""
    everybody = replace(ctx, actor=VISITOR)
    tender = tenders.one(everybody, id)
    publications = tenders.publications(everybody, tender)
    questions = clarifications.of_tender(everybody, tender, published=True)
    known = _known(everybody, tender, [one.content for one in publications], questions)
    found = releases.published(known, publications)
    if tender.stage is Stage.CANCELLED:
        at = queries.cancelled_at(everybody, tender)
        found.append(releases.ended(known, publications[0], at))
    found += awarding.releases(known, publications[0].content, queries.outcome(everybody, tender))
    return _answer(releases.package(known, found, publications[0].created_at))


@router.get("/{id}/workspace/notices/{code}/release.json", name="tender.notice-release")
def notice(request: Request, ctx: Context, id: UUID, code: Cited) -> Response:
    """The content of a notice as a release, from the newest versions of all parts."""
    tender = tenders.working(ctx, id)
    said = publishing.assembled(ctx, tender)
    if not all(part.value in said for part in (Part.SPECIFICATION, Part.TERMS)):
        raise NotFound("Nothing has been saved here yet.")
    known = _known(ctx, tender, [said], ())
    return _answer(releases.package(known, [releases.draft(known, said, code, ctx.now)], ctx.now))


def _known(
    ctx: Context,
    tender: Tender,
    contents: Sequence[Mapping[str, Any]],
    questions: Sequence[Clarification],
) -> Known:
    ids = {one["id"] for said in contents for one in said[Part.VALUE]["parties"]}
    return Known(
        tender=tender,
        organisations=queries.organisations(ctx, ids),
        documents=tenders.documents(ctx, tender),
        questions=questions,
        prefix=ctx.settings.ocds_prefix,
        address=ctx.settings.address,
    )


def _answer(said: Any) -> Response:
    return JSONResponse(said)
