"""How a browser decides about a tender as a whole, each on a page of its own before it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, Form, reads
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import approval_actions, party_actions, publishing, queries, readiness
from marketplace.tenders.approval_actions import NotReady, work
from marketplace.tenders.deciding_forms import (
    Amending,
    Cancelling,
    HandingOver,
    Reasoning,
    Separating,
    Withdrawing,
)
from marketplace.tenders.models import PartyStage, Tender
from marketplace.tenders.working import frame, overviewed
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that is decided, what it means for whom, and the words to ask it with."""

    verb: Verb
    form: type[Form]
    title: str
    button: str
    consequences: tuple[str, ...]
    done: str
    warning: bool
    act: Callable[[Context, Any, Any], object]
    of_own_party: bool = False  # about the reader's authority in it, not the tender as a whole


def _hand_over(ctx: Context, tender: Tender, form: HandingOver) -> None:
    party_actions.hand_over(ctx, tender, queries.party_of(ctx, tender, form.to))


DECISIONS = (
    Decision(
        Verb.TENDER_WITHDRAW,
        Withdrawing,
        "Withdraw this tender",
        "Withdraw it",
        (
            "Nobody can work on it any more. Its authorities are told.",
            "It was never published, so nobody else learns of it.",
            "Any of its authorities can go on from it: together, with lots, or by itself.",
        ),
        "The tender is withdrawn.",
        True,
        lambda ctx, tender, form: approval_actions.withdraw(ctx, tender, form.outcome),
    ),
    Decision(
        Verb.TENDER_CANCEL,
        Cancelling,
        "Cancel this tender",
        "Cancel it",
        (
            "Its page stays, with a banner that says why it was cancelled.",
            "Its authorities, the suppliers that asked about it and whoever watches it are told.",
            "Any of its authorities can go on from it: together, with lots, or by itself.",
            "Section 55 of the Procurement Act wants a procurement termination notice (UK12) on "
            "Find a Tender as soon as reasonably practicable. Publish it there.",
        ),
        "The tender is cancelled.",
        True,
        lambda ctx, tender, form: approval_actions.cancel(ctx, tender, form.outcome),
    ),
    Decision(
        Verb.TENDER_SEPARATE,
        Separating,
        "Begin separate tenders",
        "Begin one for each authority",
        (
            "Each authority gets a draft of its own, with the shared specification, the criteria, "
            "the terms and the lots that served it.",
            "It leads its own, sets its dates and its value anew, and sees nobody else's.",
            "The questions and answers and the history of this tender stay readable from each, "
            "and links lead both ways.",
            "Every authority is told. One that has gone on already gets no other.",
        ),
        "Each authority has a tender of its own now.",
        False,
        lambda ctx, tender, form: party_actions.separate(ctx, tender),
    ),
    Decision(
        Verb.TENDER_HAND_OVER,
        HandingOver,
        "Hand over the lead",
        "Hand it over",
        (
            "The other authority publishes, amends and answers from now on; yours takes part.",
            "Every authority is told.",
            "Only the new lead can hand it back.",
        ),
        "The lead is handed over.",
        True,
        _hand_over,
    ),
    Decision(
        Verb.PARTY_DECLINE,
        Reasoning,
        "Decline the invitation",
        "Decline it",
        (
            "Your authority does not see this tender any more before it is published.",
            "The lead reads the reason, and can invite you again until publication.",
        ),
        "The invitation is declined.",
        False,
        lambda ctx, party, form: party_actions.decline(ctx, party, form.because),
        of_own_party=True,
    ),
    Decision(
        Verb.PARTY_LEAVE,
        Reasoning,
        "No longer take part",
        "No longer take part",
        (
            "Your share is taken out of the sum, and no lot serves you any more.",
            "The other authorities are told the reason. If it has been published, everybody "
            "reads it, and the suppliers that asked are told.",
            "After publication you cannot come back.",
        ),
        "Your authority no longer takes part.",
        True,
        lambda ctx, party, form: party_actions.leave(ctx, party, form.because),
        of_own_party=True,
    ),
)


def _mount(decision: Decision) -> None:
    path = f"/{{id}}/workspace/{decision.verb.partition('.')[2].replace('_', '-')}"
    filled = Depends(reads(decision.form))

    def about(ctx: Context, tender: Tender) -> Any:
        return queries.own_party(ctx, tender) if decision.of_own_party else tender

    @router.get(path, name=decision.verb)
    def ask(request: Request, ctx: Context, id: UUID) -> Response:
        tender = queries.working(ctx, id)
        require(ctx, decision.verb, about(ctx, tender))
        return _asked(request, ctx, tender, decision, BoundForm(decision.form))

    @router.post(path, name=decision.verb)
    def decide(
        request: Request, ctx: Context, id: UUID, form: Annotated[BoundForm[Any], filled]
    ) -> Response:
        tender = queries.working(ctx, id)
        thing = about(ctx, tender)
        if form.value is None:
            require(ctx, decision.verb, thing)
            return _asked(request, ctx, tender, decision, form)
        decision.act(ctx, thing, form.value)
        flash(request, decision.done)
        gone = decision.of_own_party
        return go(request, "tender.mine") if gone else go(request, "tender.work", id=id)


def _asked(
    request: Request, ctx: Context, tender: Tender, decision: Decision, form: BoundForm[Any]
) -> Response:
    options: Sequence[Any] = ()
    if decision.form is HandingOver:
        options = [
            (one.organisation_id, one.organisation.name)
            for one in queries.parties(ctx, tender)
            if one.stage is PartyStage.ACCEPTED and one.organisation_id != tender.organisation_id
        ]
    return page(
        request,
        "tenders/decide.html",
        **frame(ctx, tender, "work"),
        decision=decision,
        form=form,
        options=options,
    )


for _decision in DECISIONS:
    _mount(_decision)


# ---- Publication


@router.get("/{id}/workspace/publish", name=Verb.TENDER_PUBLISH)
def ask_to_publish(request: Request, ctx: Context, id: UUID) -> Response:
    tender = queries.working(ctx, id)
    require(ctx, Verb.TENDER_PUBLISH, tender)
    return page(
        request,
        "tenders/publish.html",
        **frame(ctx, tender, "work"),
        missing=readiness.blockers(work(ctx, tender)),
    )


@router.post("/{id}/workspace/publish", name=Verb.TENDER_PUBLISH)
def publish(request: Request, ctx: Context, id: UUID) -> Response:
    tender = queries.working(ctx, id)
    try:
        approval_actions.publish(ctx, tender)
    except NotReady:
        return overviewed(request, ctx, tender, status=409)
    flash(request, "Published. Everybody can see it now.")
    return go(request, "tender.show", id=id)


@router.get("/{id}/workspace/amend", name=Verb.TENDER_AMEND)
def ask_to_amend(request: Request, ctx: Context, id: UUID) -> Response:
    return _amending(request, ctx, queries.working(ctx, id), BoundForm(Amending))


@router.post("/{id}/workspace/amend", name=Verb.TENDER_AMEND)
def amend(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Amending], Depends(reads(Amending))],
) -> Response:
    tender = queries.working(ctx, id)
    if form.value:
        latest = queries.publications(ctx, tender)
        why = latest and approval_actions.deadline_refusal(ctx, tender, latest[0], form.value)
        if why:
            form = form.refused("not_extended_because", why.removesuffix("."))
    if form.value is None:
        return _amending(request, ctx, tender, form)
    try:
        approval_actions.amend(ctx, tender, form.value)
    except NotReady:
        return overviewed(request, ctx, tender, status=409)
    flash(request, "The amendment is published. Everybody can see what changed.")
    return go(request, "tender.show", id=id)


def _amending(
    request: Request, ctx: Context, tender: Tender, form: BoundForm[Amending]
) -> Response:
    require(ctx, Verb.TENDER_AMEND, tender)
    before = queries.publications(ctx, tender)[0]
    found = work(ctx, tender)
    said = publishing.put_together(tender, found.versions, found.parties)
    return page(
        request,
        "tenders/amend.html",
        **frame(ctx, tender, "work"),
        changes=publishing.differences(before.content, said),
        missing=readiness.blockers(found),
        form=form,
    )
