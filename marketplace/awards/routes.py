"""How the authorities of a tender decide in a browser, and how bidders and everybody read of it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from auth.actor import Kind
from marketplace.awards import (
    actions,
    consenting_actions,
    deciding,
    forms,
    notice_content,
    queries,
    steps,
    telling_routes,
    wording,
)
from marketplace.awards.deciding import Piece, price
from marketplace.awards.forms import (
    Agreeing,
    Ending,
    Parting,
    Publishing,
    Recommending,
    SettingAside,
)
from marketplace.awards.models import Award, AwardStage
from marketplace.awards.working import found_of
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.money import pounds
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders.forms import Starting
from marketplace.tenders.models import Tender
from marketplace.tenders.showing import public_frame
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)
router.routes.extend(telling_routes.router.routes)


# ---- For everybody


@router.get("/{id}/outcome", name="award.outcome")
def outcome(request: Request, ctx: Context, id: UUID) -> Response:
    """What came of a tender, lot by lot, as far as it is published."""
    tender = tenders.one(ctx, id)
    if tender.published_at is None:
        raise NotFound("There is no such tender.")
    found = queries.awards(ctx, tender)
    for one in found:
        one.tender = tender
    decided = (AwardStage.CONFIRMED, AwardStage.ENDED)
    public = [one for one in found if one.notice_on or one.stage in decided]
    lots = tenders.lots(ctx, tender)
    return page(
        request,
        "awards/outcome.html",
        **public_frame(ctx, tender, "outcome"),
        lots=[
            (piece, [one for one in public if one.of_id == piece.id])
            for piece in deciding.pieces(tender, lots, ())
        ],
        ended=[one for one in lots if one.ended],
        today=ctx.now,
        told=ctx.actor.kind is Kind.SUPPLIER and bool(queries.own_summaries(ctx, tender)),
    )


@router.get("/{id}/summary", name="summary.own")
def own_summary(request: Request, ctx: Context, id: UUID) -> Response:
    """What a bidder is told of its bid."""
    tender = tenders.one(ctx, id)
    found = queries.own_summaries(ctx, tender)
    if not found:
        raise NotFound("There is no such summary.")
    return page(request, "awards/own.html", **public_frame(ctx, tender, "summary"), summaries=found)


# ---- For those who decide


@router.get("/{id}/workspace/award", name="award.work")
def work(request: Request, ctx: Context, id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    found = queries.awards(ctx, tender)
    for one in found:
        one.tender = tender
    live = queries.latest(found)
    return page(
        request,
        "awards/work.html",
        **frame(ctx, tender, "award"),
        lots=[
            (piece, live.get(piece.id), actions.prospect(tender, piece))
            for piece in queries.parts(ctx, tender)
        ],
        fallen=[one for one in found if not one.is_live],
        at=ctx.now,
    )


@router.get("/{id}/workspace/award/lots/{of_id}/recommend", name=Verb.AWARD_RECOMMEND)
def ask_to_recommend(request: Request, ctx: Context, id: UUID, of_id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    piece = queries.part(ctx, tender, of_id)
    return _recommending(request, ctx, piece, BoundForm(Recommending))


@router.post("/{id}/workspace/award/lots/{of_id}/recommend", name=Verb.AWARD_RECOMMEND)
def recommend(
    request: Request,
    ctx: Context,
    id: UUID,
    of_id: UUID,
    form: Annotated[BoundForm[Recommending], Depends(reads(Recommending))],
) -> Response:
    tender = tenders.working(ctx, id)
    piece = queries.part(ctx, tender, of_id)
    made = actions.recommend(ctx, tender, piece, form)
    if not isinstance(made, Award):
        return _recommending(request, ctx, piece, made)
    flash(request, "Recommended. Each authority of the lot now approves it, or parts from it.")
    return go(request, "award.one", id=id, award_id=made.id)


def _recommending(
    request: Request, ctx: Context, piece: Piece, form: BoundForm[Recommending]
) -> Response:
    tender = piece.tender
    require(ctx, Verb.AWARD_RECOMMEND, actions.prospect(tender, piece))
    ranking = queries.ranking(ctx, piece)
    if form.kind is Recommending and not form.submitted and ranking:
        form = show(Recommending, {"bid_id": ranking[0].bid_id})
    most = actions.most_lots(ctx, tender)
    held = deciding.won(queries.awards(ctx, tender)) if most else {}
    by_name = sorted(ranking, key=lambda one: (one.bid.organisation.name, str(one.id)))
    return page(
        request,
        "awards/recommend.html",
        **frame(ctx, tender, "award"),
        piece=piece,
        ranking=ranking,
        prices={one.bid_id: price(one.bid, piece.lot)[0] for one in ranking},
        options=[
            (
                one.bid_id,
                one.bid.organisation.name,
                f"{pounds(price(one.bid, piece.lot)[0])} without VAT",
            )
            for one in by_name
        ],
        limited=deciding.limited(most) if most else "",
        held=[
            (one.bid.organisation.name, ", ".join(held[one.bid.organisation_id]))
            for one in by_name
            if one.bid.organisation_id in held
        ],
        form=form,
    )


@router.get("/{id}/workspace/award/lots/{of_id}/end", name=Verb.AWARD_END)
def ask_to_end(request: Request, ctx: Context, id: UUID, of_id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    return _ending(request, ctx, queries.part(ctx, tender, of_id), BoundForm(Ending))


@router.post("/{id}/workspace/award/lots/{of_id}/end", name=Verb.AWARD_END)
def end(
    request: Request,
    ctx: Context,
    id: UUID,
    of_id: UUID,
    form: Annotated[BoundForm[Ending], Depends(reads(Ending))],
) -> Response:
    tender = tenders.working(ctx, id)
    piece = queries.part(ctx, tender, of_id)
    if form.value is None:
        return _ending(request, ctx, piece, form)
    made = actions.end(ctx, tender, piece, form.value)
    return go(request, "award.one", id=id, award_id=made.id)


def _ending(request: Request, ctx: Context, piece: Piece, form: BoundForm[Ending]) -> Response:
    require(ctx, Verb.AWARD_END, actions.prospect(piece.tender, piece))
    values = {**frame(ctx, piece.tender, "award"), "piece": piece, "form": form}
    return page(request, "awards/end.html", **values)


@router.get("/{id}/workspace/award/{award_id}", name="award.one")
def one(request: Request, ctx: Context, id: UUID, award_id: UUID) -> Response:
    return _shown(request, ctx, *found_of(ctx, id, award_id))


def _shown(request: Request, ctx: Context, tender: Tender, award: Award) -> Response:
    parties, said = queries.parties(ctx, award), queries.consents(ctx, award)
    summaries = queries.summaries(ctx, award)
    ours = next((one for one in parties if one.organisation_id == ctx.actor.organisation_id), None)
    waits = ours is not None and ours.id not in said
    ocid = f"{ctx.settings.ocds_prefix}-{tender.id}"
    return page(
        request,
        "awards/one.html",
        **frame(ctx, tender, "award"),
        award=award,
        standing=award.standing(ctx.now),
        parties=parties,
        said=said,
        ours=ours,
        waits=waits,
        share=deciding.share(award, parties, said, ours.organisation_id)
        if ours and waits
        else None,
        read=deciding.to_approve(award, said),
        left=[
            one.organisation.called for one in parties if one.id in said and not said[one.id].given
        ],
        prospect=Tender(organisation_id=ctx.actor.organisation_id),
        parted=ours is not None and ours.id in said and not said[ours.id].given,
        steps=steps.steps(award, parties, said, summaries, ctx.today),
        headline=steps.headline(award),
        summaries=summaries,
        proceedings=queries.proceedings(ctx, award),
        code=notice_content.code(award),
        lines=notice_content.lines(award, parties, summaries, tenders.lots(ctx, tender), ocid),
    )


@router.post("/{id}/workspace/award/{award_id}/approve", name=Verb.AWARD_APPROVE)
def approve(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    form: Annotated[BoundForm[Agreeing], Depends(reads(Agreeing))],
) -> Response:
    _, award = found_of(ctx, id, award_id)
    consenting_actions.approve(ctx, award, form.value.digest if form.value else "")
    flash(request, "Approved.")
    return go(request, "award.one", id=id, award_id=award_id)


@router.get("/{id}/workspace/award/{award_id}/part", name=Verb.AWARD_PART)
def ask_to_part(request: Request, ctx: Context, id: UUID, award_id: UUID) -> Response:
    tender, award = found_of(ctx, id, award_id)
    return _deciding(request, ctx, tender, award, wording.PART, BoundForm(Parting))


@router.post("/{id}/workspace/award/{award_id}/part", name=Verb.AWARD_PART)
def part(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    form: Annotated[BoundForm[Parting], Depends(reads(Parting))],
) -> Response:
    tender, award = found_of(ctx, id, award_id)
    if form.value is None:
        return _deciding(request, ctx, tender, award, wording.PART, form)
    consenting_actions.part(ctx, award, form.value.because)
    flash(request, "Your authority has parted from this award. You can begin a tender of your own.")
    return go(request, "award.one", id=id, award_id=award_id)


@router.post("/{id}/workspace/award/{award_id}/own-tender", name=Verb.TENDER_DRAFT)
def own_tender(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    form: Annotated[BoundForm[Starting], Depends(reads(Starting))],
) -> Response:
    tender, award = found_of(ctx, id, award_id)
    title = form.value.title if form.value else tender.called
    made = consenting_actions.own_tender(ctx, award, title)
    return go(request, "tender.work", id=made.id)


@router.get("/{id}/workspace/award/{award_id}/inform", name=Verb.AWARD_INFORM)
def ask_to_inform(request: Request, ctx: Context, id: UUID, award_id: UUID) -> Response:
    tender, award = found_of(ctx, id, award_id)
    return _deciding(request, ctx, tender, award, wording.INFORM)


@router.post("/{id}/workspace/award/{award_id}/inform", name=Verb.AWARD_INFORM)
def inform(request: Request, ctx: Context, id: UUID, award_id: UUID) -> Response:
    _, award = found_of(ctx, id, award_id)
    actions.inform(ctx, award)
    flash(request, "Every assessed bidder has its summary. Publish the award notice now.")
    return go(request, "award.one", id=id, award_id=award_id)


@router.get("/{id}/workspace/award/{award_id}/notice", name=Verb.AWARD_CITE)
def ask_to_cite(request: Request, ctx: Context, id: UUID, award_id: UUID) -> Response:
    return _citing(request, ctx, *found_of(ctx, id, award_id), BoundForm(Publishing))


@router.post("/{id}/workspace/award/{award_id}/notice", name=Verb.AWARD_CITE)
def cite(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    form: Annotated[BoundForm[Publishing], Depends(reads(Publishing))],
) -> Response:
    tender, award = found_of(ctx, id, award_id)
    form = actions.cite(ctx, award, form)
    if form.errors:
        return _citing(request, ctx, tender, award, form)
    return go(request, "award.one", id=id, award_id=award_id)


def _citing(
    request: Request, ctx: Context, tender: Tender, award: Award, form: BoundForm[Publishing]
) -> Response:
    require(ctx, Verb.AWARD_CITE, award)
    return page(
        request,
        "awards/cite.html",
        **frame(ctx, tender, "award"),
        award=award,
        code=notice_content.code(award),
        form=form,
    )


@router.get("/{id}/workspace/award/{award_id}/set-aside", name=Verb.AWARD_SET_ASIDE)
def ask_to_set_aside(request: Request, ctx: Context, id: UUID, award_id: UUID) -> Response:
    tender, award = found_of(ctx, id, award_id)
    return _deciding(request, ctx, tender, award, wording.SET_ASIDE, BoundForm(SettingAside))


@router.post("/{id}/workspace/award/{award_id}/set-aside", name=Verb.AWARD_SET_ASIDE)
def set_aside(
    request: Request,
    ctx: Context,
    id: UUID,
    award_id: UUID,
    form: Annotated[BoundForm[SettingAside], Depends(reads(SettingAside))],
) -> Response:
    tender, award = found_of(ctx, id, award_id)
    if form.value is None:
        return _deciding(request, ctx, tender, award, wording.SET_ASIDE, form)
    actions.set_aside(ctx, award, form.value)
    return go(request, "award.work", id=id)


def _deciding(
    request: Request,
    ctx: Context,
    tender: Tender,
    award: Award,
    decision: wording.Decision,
    form: BoundForm[Any] | None = None,
) -> Response:
    """A page of its own for what cannot be taken back."""
    require(ctx, decision.verb, award)
    return page(
        request,
        "awards/decide.html",
        **frame(ctx, tender, "award"),
        award=award,
        decision=decision,
        form=form or BoundForm(forms.Agreeing),
        asks=list(form.kind.model_fields) if form else [],
    )
