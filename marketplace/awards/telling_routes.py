"""How the summaries of an award are worded and checked in a browser, and proceedings recorded."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.awards import actions, forms, queries
from marketplace.awards.forms import Proceeding, Resolving
from marketplace.awards.models import Award, Summary
from marketplace.awards.working import found_of
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, clean, reads
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders.content import digest
from marketplace.tenders.models import Tender
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)


# ---- Summaries, whose reasons are worded and checked before they are sent


async def _typed(request: Request) -> dict[str, str]:
    async with request.form() as data:
        return {name: clean(text) for name, text in data.items() if isinstance(text, str)}


@router.get("/{id}/workspace/award/{award_id}/summaries/{summary_id}", name=Verb.SUMMARY_EDIT)
def summary(request: Request, ctx: Context, id: UUID, award_id: UUID, summary_id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    found = queries.summary(ctx, tender, summary_id)
    form = BoundForm(forms.wording(found.content), forms.worded(found.content))
    return _summary(request, ctx, tender, found, form)


@router.post("/{id}/workspace/award/{award_id}/summaries/{summary_id}", name=Verb.SUMMARY_EDIT)
def word(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    summary_id: UUID,
    typed: Annotated[dict[str, str], Depends(_typed)],
) -> Response:
    tender = tenders.working(ctx, id)
    found = queries.summary(ctx, tender, summary_id)
    try:
        form = actions.word(ctx, found, typed, typed.get("read", ""))
    except actions.Reworded as why:
        form = BoundForm(forms.wording(found.content), typed)
        return _summary(request, ctx, tender, found, form, overtaken=str(why))
    if form.errors:
        return _summary(request, ctx, tender, found, form)
    flash(request, "Saved. Check it once more before it is sent.")
    return go(request, Verb.SUMMARY_EDIT, id=id, award_id=award_id, summary_id=summary_id)


def _summary(
    request: Request,
    ctx: Context,
    tender: Tender,
    found: Summary,
    form: BoundForm[Any],
    overtaken: str = "",
) -> Response:
    return page(
        request,
        "awards/summary.html",
        status=409 if overtaken else 200,
        overtaken=overtaken,
        **frame(ctx, tender, "award"),
        summary=found,
        award=found.award,
        form=form,
        read=digest(found.content),
    )


@router.post(
    "/{id}/workspace/award/{award_id}/summaries/{summary_id}/check", name=Verb.SUMMARY_CHECK
)
def check(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    summary_id: UUID,
    typed: Annotated[dict[str, str], Depends(_typed)],
) -> Response:
    tender = tenders.working(ctx, id)
    actions.check(ctx, queries.summary(ctx, tender, summary_id), typed.get("read", ""))
    flash(request, "Checked.")
    return go(request, "award.one", id=id, award_id=award_id)


# ---- Proceedings


@router.get("/{id}/workspace/award/{award_id}/proceedings", name=Verb.PROCEEDINGS_RECORD)
def ask_to_record(request: Request, ctx: Context, id: UUID, award_id: UUID) -> Response:
    return _recording(request, ctx, *found_of(ctx, id, award_id), BoundForm(Proceeding))


@router.post("/{id}/workspace/award/{award_id}/proceedings", name=Verb.PROCEEDINGS_RECORD)
def record(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    form: Annotated[BoundForm[Proceeding], Depends(reads(Proceeding))],
) -> Response:
    tender, award = found_of(ctx, id, award_id)
    form = actions.record(ctx, award, form)
    if form.errors:
        return _recording(request, ctx, tender, award, form)
    return go(request, "award.one", id=id, award_id=award_id)


def _recording(
    request: Request, ctx: Context, tender: Tender, award: Award, form: BoundForm[Proceeding]
) -> Response:
    require(ctx, Verb.PROCEEDINGS_RECORD, actions.proceedings_of(award))
    values = {**frame(ctx, tender, "award"), "award": award, "form": form}
    return page(request, "awards/proceedings.html", **values)


@router.get(
    "/{id}/workspace/award/{award_id}/proceedings/{proceedings_id}/end", name=Verb.PROCEEDINGS_END
)
def ask_to_resolve(
    request: Request, ctx: Context, id: UUID, award_id: UUID, proceedings_id: UUID
) -> Response:
    return _resolving(request, ctx, id, award_id, proceedings_id, BoundForm(Resolving))


@router.post(
    "/{id}/workspace/award/{award_id}/proceedings/{proceedings_id}/end", name=Verb.PROCEEDINGS_END
)
def resolve(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    proceedings_id: UUID,
    form: Annotated[BoundForm[Resolving], Depends(reads(Resolving))],
) -> Response:
    if form.value is None:
        return _resolving(request, ctx, id, award_id, proceedings_id, form)
    _, award = found_of(ctx, id, award_id)
    actions.resolve(ctx, queries.one_proceedings(ctx, award, proceedings_id), form.value.outcome)
    return go(request, "award.one", id=id, award_id=award_id)


def _resolving(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    proceedings_id: UUID,
    form: BoundForm[Resolving],
) -> Response:
    tender, award = found_of(ctx, id, award_id)
    found = queries.one_proceedings(ctx, award, proceedings_id)
    found.tender = tender
    require(ctx, Verb.PROCEEDINGS_END, found)
    values = {**frame(ctx, tender, "award"), "award": award, "proceedings": found, "form": form}
    return page(request, "awards/resolve.html", **values)
