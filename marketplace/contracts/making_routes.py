"""How an award is confirmed in a browser, and where its contracts are."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.awards import queries as awards
from marketplace.awards.models import Award
from marketplace.contracts import making, queries
from marketplace.contracts.forms import Confirming, Manner
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders.models import Tender
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)


def _found(ctx: Context, id: UUID, award_id: UUID) -> tuple[Tender, Award]:
    tender = tenders.working(ctx, id)
    award = awards.one(ctx, tender, award_id)
    award.tender = tender
    return tender, award


@router.get("/{id}/workspace/award/{award_id}/confirm", name=Verb.AWARD_CONFIRM)
def ask_to_confirm(request: Request, ctx: Context, id: UUID, award_id: UUID) -> Response:
    known = show(Confirming, {"manner": Manner.EACH})
    return _confirming(request, ctx, *_found(ctx, id, award_id), known)


@router.post("/{id}/workspace/award/{award_id}/confirm", name=Verb.AWARD_CONFIRM)
def confirm(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    form: Annotated[BoundForm[Confirming], Depends(reads(Confirming))],
) -> Response:
    tender, award = _found(ctx, id, award_id)
    if form.value is None:
        return _confirming(request, ctx, tender, award, form)
    made = making.confirm(ctx, award, form.value.manner)
    begun = "1 contract is" if len(made) == 1 else f"{len(made)} contracts are"
    flash(request, f"Confirmed. {begun} begun.")
    return go(request, "award.contracts", id=id, award_id=award_id)


def _confirming(
    request: Request, ctx: Context, tender: Tender, award: Award, form: BoundForm[Confirming]
) -> Response:
    require(ctx, Verb.AWARD_CONFIRM, award)
    return page(
        request,
        "contracts/confirm.html",
        **frame(ctx, tender, "award"),
        award=award,
        buyers=awards.buying(ctx, award),
        form=form,
    )


@router.get("/{id}/workspace/award/{award_id}/contracts", name="award.contracts")
def of_award(request: Request, ctx: Context, id: UUID, award_id: UUID) -> Response:
    tender, award = _found(ctx, id, award_id)
    return page(
        request,
        "contracts/of_award.html",
        **frame(ctx, tender, "award"),
        award=award,
        contracts=queries.of_award(ctx, award),
        at=ctx.now,
    )
