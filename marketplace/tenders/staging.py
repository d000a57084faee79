"""How a browser sets the stages of a competitive flexible procedure."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.pages import go, page
from marketplace.core.times import in_london
from marketplace.perform import require
from marketplace.tenders import queries, round_actions, rounds
from marketplace.tenders.models import Tender
from marketplace.tenders.rounds import Round
from marketplace.tenders.scheduling import Staging, circumstances_of
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)
NEW = "new"


def _known(tender: Tender, stage_id: str) -> Round | None:
    if stage_id == NEW:
        return None
    for one in rounds.drafted(tender):
        if one.id == stage_id:
            return one
    raise NotFound("There is no such stage.")


@router.get("/{id}/workspace/stages/{stage_id}", name=Verb.TENDER_STAGE)
def ask(request: Request, ctx: Context, id: UUID, stage_id: str) -> Response:
    tender = queries.working(ctx, id)
    known = _known(tender, stage_id)
    return _asked(request, ctx, tender, known, _shown(known) if known else BoundForm(Staging))


@router.post("/{id}/workspace/stages/{stage_id}", name=Verb.TENDER_STAGE)
def stage(
    request: Request,
    ctx: Context,
    id: UUID,
    stage_id: str,
    form: Annotated[BoundForm[Staging], Depends(reads(Staging))],
    remove: bool = False,
) -> Response:
    tender = queries.working(ctx, id)
    known = _known(tender, stage_id)
    if remove and known:
        round_actions.remove(ctx, tender, known)
        return go(request, "tender.section", id=id, section="dates")
    form = round_actions.stage(ctx, tender, form, known)
    if form.errors:
        return _asked(request, ctx, tender, known, form)
    return go(request, "tender.section", id=id, section="dates")


def _shown(known: Round) -> BoundForm[Staging]:
    opens, closes = in_london(known.opens_at), in_london(known.closes_at)
    given: dict[str, Any] = {"kind": known.kind.value, "title": known.title, "asks": known.asks}
    given["most"] = known.most
    times = {"opens_at": f"{opens:%H:%M}", "closes_at": f"{closes:%H:%M}"}
    days = {"opens_on": opens.date(), "closes_on": closes.date(), "agreed_on": known.agreed_on}
    return show(Staging, given | times | days | {"agreed_how": known.agreed_how})


def _asked(
    request: Request, ctx: Context, tender: Tender, known: Round | None, form: BoundForm[Staging]
) -> Response:
    require(ctx, Verb.TENDER_STAGE, tender)
    others = [one for one in rounds.drafted(tender) if known is None or one.id != known.id]
    return page(
        request,
        "tenders/stage.html",
        **frame(ctx, tender, "content"),
        known=known,
        published=known is not None and rounds.one(tender, known.id) is not None,
        others=others,
        form=form,
        period=rounds.least(known, others, circumstances_of(tender)) if known else None,
        agreeing=_agreeing(ctx, tender, known, others, form),
    )


def _agreeing(
    ctx: Context,
    tender: Tender,
    known: Round | None,
    others: list[Round],
    form: BoundForm[Staging],
) -> bool:
    """Whether the page asks for what suppliers agreed to: once there are some that could."""
    if "agreed_on" in form.errors or (known and known.agreed_on):
        return True
    return (
        known is not None
        and known.kind.takes_tenders
        and round_actions.may_record(ctx, tender)
        and round_actions.told_on(ctx, tender, known, others) is not None
    )
