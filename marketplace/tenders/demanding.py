"""How a browser decides which standards a tender asks for: comply or explain."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.standards.models import Obligation
from marketplace.tenders import actions, queries, readiness
from marketplace.tenders.approval_actions import work
from marketplace.tenders.forms import Demanding
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)


@router.get("/{id}/workspace/standards", name="tender.standards")
def standards(request: Request, ctx: Context, id: UUID) -> Response:
    tender = queries.working(ctx, id)
    applicable = readiness.applicable(work(ctx, tender))
    decided = {one.version_id: one for one in queries.demands(ctx, tender)}
    return page(
        request,
        "tenders/standards.html",
        **frame(ctx, tender, "content"),
        groups=[
            (binding, [one for one, binds in applicable if binds is binding])
            for binding in Obligation
        ],
        decided=decided,
        open_ones=sum(
            binds is Obligation.MANDATORY and one.id not in decided for one, binds in applicable
        ),
    )


@router.post("/{id}/workspace/standards", name=Verb.TENDER_DEMAND)
def demand_all(request: Request, ctx: Context, id: UUID) -> Response:
    tender = queries.working(ctx, id)
    number = actions.demand_all(ctx, tender, readiness.applicable(work(ctx, tender)))
    said = "1 standard is" if number == 1 else f"{number} standards are"
    flash(request, f"{said} asked for now.")
    return go(request, "tender.standards", id=id)


@router.get("/{id}/workspace/standards/{version_id}", name=Verb.TENDER_DEMAND)
def ask_to_demand(request: Request, ctx: Context, id: UUID, version_id: UUID) -> Response:
    return _demanding(request, ctx, id, version_id, None)


@router.post("/{id}/workspace/standards/{version_id}", name=Verb.TENDER_DEMAND)
def demand(
    request: Request,
    ctx: Context,
    id: UUID,
    version_id: UUID,
    form: Annotated[BoundForm[Demanding], Depends(reads(Demanding))],
) -> Response:
    return _demanding(request, ctx, id, version_id, form)


def _demanding(
    request: Request, ctx: Context, id: UUID, version_id: UUID, form: BoundForm[Demanding] | None
) -> Response:
    tender = queries.working(ctx, id)
    require(ctx, Verb.TENDER_DEMAND, tender)
    for version, binds in readiness.applicable(work(ctx, tender)):
        if version.id != version_id:
            continue
        binding = binds is Obligation.MANDATORY
        if binding and form and form.value and not (form.value.included or form.value.because):
            form = form.refused("because", "Enter the reason why it is left out")
        if form and form.value:
            actions.demand(ctx, tender, version, binds, form.value)
            flash(request, f"Decided: {version.standard.title}")
            return go(request, "tender.standards", id=id)
        known = {one.version_id: one for one in queries.demands(ctx, tender)}.get(version_id)
        given = known.model_dump(include={"included", "because"}) if known else {"included": True}
        return page(
            request,
            "tenders/standard.html",
            **frame(ctx, tender, "content"),
            version=version,
            binds=binds,
            words=actions.equivalent(version),
            form=form or show(Demanding, given),
        )
    raise NotFound("This standard does not apply to what is bought.")
