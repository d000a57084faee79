"""How a browser sees and fills the seats of a panel, and declares interests."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, Form, reads
from marketplace.core.pages import flash, go, page
from marketplace.evaluation import finding_queries, naming_queries, panel_actions, queries
from marketplace.evaluation.forms import (
    Deciding,
    Declaring,
    Ending,
    InvitingExpert,
    Naming,
    Offering,
)
from marketplace.evaluation.models import Seat, SeatStage
from marketplace.evaluation.working import frame
from marketplace.organisations.models import Organisation
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

SEATS = "/tenders/{id}/workspace/evaluation/seats"
router = APIRouter(prefix=SEATS, route_class=Opening)


def _seat(ctx: Context, id: UUID, seat_id: UUID) -> Seat:
    """A seat for whoever works on the tender or was offered it."""
    tenders.one(ctx, id)
    seat = queries.seat(ctx, id, seat_id)
    own = queries.mine(ctx, seat.evaluation)
    if own and own.stage is SeatStage.ASIDE and own.id != seat.id:
        raise NotFound("There is no such seat.")
    return seat


# ---- Offered


@router.get("/new", name=Verb.SEAT_OFFER)
def ask_to_offer(request: Request, ctx: Context, id: UUID) -> Response:
    return _offering(request, ctx, tenders.working(ctx, id), BoundForm(Offering))


@router.post("/new", name=Verb.SEAT_OFFER)
def offer(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Offering], Depends(reads(Offering))],
) -> Response:
    tender = tenders.working(ctx, id)
    if form.value and str(form.value.organisation_id) not in dict(_whose(ctx, tender)):
        form = form.refused("organisation_id", "Choose an authority of the tender, or LOTI")
    if form.value is None:
        return _offering(request, ctx, tender, form)
    panel_actions.offer(ctx, tender, form.value)
    flash(request, "Offered. Whoever it is offered to names its own people.")
    return go(request, "evaluation.show", id=id)


def _whose(ctx: Context, tender: Tender) -> list[tuple[str, str]]:
    """To whom seats can be offered: the authorities that take part, and LOTI."""
    loti: Organisation | None = queries.loti(ctx)
    listed = list(tenders.names(ctx, tender).items())
    return [*listed, (str(loti.id), loti.called)] if loti else listed


def _offering(
    request: Request, ctx: Context, tender: Tender, form: BoundForm[Offering]
) -> Response:
    evaluation, _ = queries.of(ctx, tender.id)
    require(ctx, Verb.SEAT_OFFER, panel_actions.prospect(tender, evaluation))
    return page(
        request,
        "evaluation/offer.html",
        **frame(ctx, evaluation, "Offer seats on the panel"),
        form=form,
        whose=_whose(ctx, tender),
    )


# ---- Named, invited, taken, ended


@router.get("/{seat_id}/name", name=Verb.SEAT_NAME)
def ask_to_name(request: Request, ctx: Context, id: UUID, seat_id: UUID) -> Response:
    return _filling(request, ctx, _seat(ctx, id, seat_id), Verb.SEAT_NAME, BoundForm(Naming))


@router.post("/{seat_id}/name", name=Verb.SEAT_NAME)
def name(
    request: Request,
    ctx: Context,
    id: UUID,
    seat_id: UUID,
    form: Annotated[BoundForm[Naming], Depends(reads(Naming))],
) -> Response:
    seat = _seat(ctx, id, seat_id)
    people = naming_queries.colleagues(ctx, seat) if form.value else []
    known = {person.id for person, _ in people}
    if form.value and form.value.person_id not in known:
        form = form.refused("person_id", "Choose somebody who acts for you and has no seat yet")
    if form.value is None:
        return _filling(request, ctx, seat, Verb.SEAT_NAME, form)
    panel_actions.name(ctx, seat, form.value.person_id)
    flash(request, f"{seat.holder} is named, and told to declare their interests.")
    return go(request, "evaluation.show", id=id)


@router.get("/{seat_id}/invite", name=Verb.SEAT_INVITE)
def ask_to_invite(request: Request, ctx: Context, id: UUID, seat_id: UUID) -> Response:
    form = BoundForm(InvitingExpert)
    return _filling(request, ctx, _seat(ctx, id, seat_id), Verb.SEAT_INVITE, form)


@router.post("/{seat_id}/invite", name=Verb.SEAT_INVITE)
def invite(
    request: Request,
    ctx: Context,
    id: UUID,
    seat_id: UUID,
    form: Annotated[BoundForm[InvitingExpert], Depends(reads(InvitingExpert))],
) -> Response:
    seat = _seat(ctx, id, seat_id)
    if form.value is None:
        return _filling(request, ctx, seat, Verb.SEAT_INVITE, form)
    panel_actions.invite(ctx, seat, form.value)
    flash(request, f"Invited. {seat.email} gets a mail.")
    return go(request, "evaluation.show", id=id)


@router.get("/{seat_id}/take", name=Verb.SEAT_TAKE)
def ask_to_take(request: Request, ctx: Context, id: UUID, seat_id: UUID) -> Response:
    seat = _seat(ctx, id, seat_id)
    if seat.stage is SeatStage.NAMED and seat.person_id == ctx.actor.person_id:
        return go(request, Verb.SEAT_DECLARE, id=id, seat_id=seat_id)
    return _filling(request, ctx, seat, Verb.SEAT_TAKE, BoundForm(Form))


@router.post("/{seat_id}/take", name=Verb.SEAT_TAKE)
def take(request: Request, ctx: Context, id: UUID, seat_id: UUID) -> Response:
    panel_actions.take(ctx, _seat(ctx, id, seat_id))
    return go(request, Verb.SEAT_DECLARE, id=id, seat_id=seat_id)


@router.get("/{seat_id}/end", name=Verb.SEAT_END)
def ask_to_end(request: Request, ctx: Context, id: UUID, seat_id: UUID) -> Response:
    return _filling(request, ctx, _seat(ctx, id, seat_id), Verb.SEAT_END, BoundForm(Ending))


@router.post("/{seat_id}/end", name=Verb.SEAT_END)
def end(
    request: Request,
    ctx: Context,
    id: UUID,
    seat_id: UUID,
    form: Annotated[BoundForm[Ending], Depends(reads(Ending))],
) -> Response:
    seat = _seat(ctx, id, seat_id)
    if form.value is None:
        return _filling(request, ctx, seat, Verb.SEAT_END, form)
    panel_actions.end(ctx, seat, form.value.because)
    flash(request, "The seat has ended.")
    return go(request, "evaluation.show", id=id)


TITLES = {
    Verb.SEAT_NAME: "Name somebody for the panel",
    Verb.SEAT_INVITE: "Invite an expert from outside",
    Verb.SEAT_TAKE: "Take your seat on the panel",
    Verb.SEAT_END: "End a seat on the panel",
    Verb.SEAT_CLEAR: "Let them sit on the panel",
    Verb.SEAT_BAR: "Have them stand aside",
}


def _filling(
    request: Request, ctx: Context, seat: Seat, verb: Verb, form: BoundForm[Any]
) -> Response:
    require(ctx, verb, seat)
    naming = verb is Verb.SEAT_NAME
    return page(
        request,
        "evaluation/seat.html",
        **frame(ctx, seat.evaluation, TITLES[verb]),
        seat=seat,
        verb=verb,
        form=form,
        people=naming_queries.colleagues(ctx, seat) if naming else [],
    )


# ---- Interests


@router.get("/{seat_id}/declare", name=Verb.SEAT_DECLARE)
def ask_to_declare(request: Request, ctx: Context, id: UUID, seat_id: UUID) -> Response:
    return _declaring(request, ctx, _seat(ctx, id, seat_id), BoundForm(Declaring))


@router.post("/{seat_id}/declare", name=Verb.SEAT_DECLARE)
def declare(
    request: Request,
    ctx: Context,
    id: UUID,
    seat_id: UUID,
    form: Annotated[BoundForm[Declaring], Depends(reads(Declaring))],
) -> Response:
    seat = _seat(ctx, id, seat_id)
    for field, why in form.value.missing().items() if form.value else ():
        form = form.refused(field, why)
    if form.value is None:
        return _declaring(request, ctx, seat, form)
    panel_actions.declare(ctx, seat, form.value)
    if seat.stage is SeatStage.ASIDE:
        return go(request, Verb.SEAT_DECLARE, id=id, seat_id=seat_id)
    said = {
        SeatStage.SITTING: "Declared. You sit on the panel.",
        SeatStage.WAITING: "Declared. The authority that leads decides whether you sit.",
    }
    flash(request, said[seat.stage])
    return go(request, "evaluation.show", id=id)


def _declaring(request: Request, ctx: Context, seat: Seat, form: BoundForm[Declaring]) -> Response:
    require(ctx, Verb.SEAT_DECLARE, seat)
    tender = seat.tender
    return page(
        request,
        "evaluation/declare.html",
        **frame(ctx, seat.evaluation, "Declare your interests"),
        seat=seat,
        form=form,
        bidders=finding_queries.names(ctx, tender),
        earlier=queries.declarations_of(ctx, seat),
    )


@router.get("/{seat_id}", name="seat.review")
def review(request: Request, ctx: Context, id: UUID, seat_id: UUID) -> Response:
    """What was declared for a seat, for those who decide."""
    seat = _seat(ctx, id, seat_id)
    found = queries.declarations_of(ctx, seat)
    if not found:
        raise NotFound("Nothing was declared for this seat.")
    asked = queries.what_was_asked(ctx, seat.tender)
    return page(
        request,
        "evaluation/review.html",
        **frame(ctx, seat.evaluation, "Interests that were declared"),
        seat=seat,
        found=found,
        titles={one.id: one.title for one in asked.questions},
    )


@router.get("/{seat_id}/clear", name=Verb.SEAT_CLEAR)
def ask_to_clear(request: Request, ctx: Context, id: UUID, seat_id: UUID) -> Response:
    return _filling(request, ctx, _seat(ctx, id, seat_id), Verb.SEAT_CLEAR, BoundForm(Deciding))


@router.post("/{seat_id}/clear", name=Verb.SEAT_CLEAR)
def clear(
    request: Request,
    ctx: Context,
    id: UUID,
    seat_id: UUID,
    form: Annotated[BoundForm[Deciding], Depends(reads(Deciding))],
) -> Response:
    seat = _seat(ctx, id, seat_id)
    if form.value is None:
        return _filling(request, ctx, seat, Verb.SEAT_CLEAR, form)
    panel_actions.clear(ctx, seat, form.value.mitigation)
    flash(request, f"{seat.holder} sits on the panel.")
    return go(request, "evaluation.show", id=id)


@router.get("/{seat_id}/bar", name=Verb.SEAT_BAR)
def ask_to_bar(request: Request, ctx: Context, id: UUID, seat_id: UUID) -> Response:
    return _filling(request, ctx, _seat(ctx, id, seat_id), Verb.SEAT_BAR, BoundForm(Deciding))


@router.post("/{seat_id}/bar", name=Verb.SEAT_BAR)
def bar(
    request: Request,
    ctx: Context,
    id: UUID,
    seat_id: UUID,
    form: Annotated[BoundForm[Deciding], Depends(reads(Deciding))],
) -> Response:
    seat = _seat(ctx, id, seat_id)
    if form.value is None:
        return _filling(request, ctx, seat, Verb.SEAT_BAR, form)
    panel_actions.bar(ctx, seat, form.value.mitigation)
    flash(request, f"{seat.holder} stands aside.")
    return go(request, "evaluation.show", id=id)
