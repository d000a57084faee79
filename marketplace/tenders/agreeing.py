"""How a browser shows who takes part and who has approved what, and lets a party say so."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, reads, typed
from marketplace.core.pages import flash, go, page
from marketplace.organisations import queries as organisations
from marketplace.perform import require
from marketplace.tenders import (
    approval_actions,
    comparing,
    content,
    drafts,
    party_actions,
    queries,
    standing,
)
from marketplace.tenders.approval_actions import Replaced, work
from marketplace.tenders.deciding_forms import Approving, Commenting, Inviting, Objecting
from marketplace.tenders.drafts import Piece
from marketplace.tenders.models import Comment, Part, Party, PartyStage, Tender
from marketplace.tenders.working import frame, own_of
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)


# ---- The matrix


@router.get("/{id}/workspace/parties", name="tender.parties")
def parties(request: Request, ctx: Context, id: UUID) -> Response:
    return _parties(request, ctx, queries.working(ctx, id), BoundForm(Inviting))


def _parties(request: Request, ctx: Context, tender: Tender, form: BoundForm[Inviting]) -> Response:
    found = work(ctx, tender)
    inside = {
        one.organisation_id
        for one in found.parties
        if one.stage in (PartyStage.INVITED, PartyStage.ACCEPTED)
    }
    options = [(one.id, one.called) for one in organisations.authorities(ctx)]
    return page(
        request,
        "tenders/parties.html",
        **frame(ctx, tender, "parties"),
        found=found,
        ours=own_of(ctx, found),
        matrix=standing.cells(tender, found.parties, found.versions, found.approvals, found.seen),
        parts=list(Part),
        others=[one for one in found.parties if one.stage is not PartyStage.ACCEPTED],
        prospect=Party(tender_id=tender.id, tender=tender, organisation_id=tender.organisation_id),
        options=[(id, name) for id, name in options if id not in inside],
        form=form,
    )


@router.post("/{id}/workspace/parties", name=Verb.PARTY_INVITE)
def invite(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Inviting], Depends(reads(Inviting))],
) -> Response:
    tender = queries.working(ctx, id)
    if form.value is not None:
        known = {one.id for one in organisations.authorities(ctx)}
        if not known.issuperset(form.value.authorities):
            form = form.refused("authorities", "Choose among London's authorities")
    if form.value is None:
        about = Party(tender_id=tender.id, tender=tender, organisation_id=tender.organisation_id)
        require(ctx, Verb.PARTY_INVITE, about)
        return _parties(request, ctx, tender, form)
    invited = party_actions.invite(ctx, tender, form.value.authorities)
    names = ", ".join(one.called for one in invited)
    flash(request, f"Invited: {names}" if invited else "They take part or are invited already.")
    return go(request, "tender.parties", id=id)


@router.post("/{id}/workspace/accept", name=Verb.PARTY_ACCEPT)
def accept(request: Request, ctx: Context, id: UUID) -> Response:
    party_actions.accept(ctx, queries.own_party(ctx, queries.working(ctx, id)))
    flash(request, f"{ctx.actor.organisation_name} takes part now.")
    return go(request, "tender.parties", id=id)


@router.post("/{id}/workspace/parties/{party_id}/revoke", name=Verb.PARTY_REVOKE)
def revoke(request: Request, ctx: Context, id: UUID, party_id: UUID) -> Response:
    party_actions.revoke(ctx, _party(ctx, queries.working(ctx, id), party_id))
    flash(request, "The invitation is taken back.")
    return go(request, "tender.parties", id=id)


def _party(ctx: Context, tender: Tender, id: UUID) -> Party:
    for party in queries.parties(ctx, tender):
        if party.id == id:
            return party
    raise NotFound("This authority does not take part in the tender.")


# ---- What a party brings


async def _own(request: Request, section: str) -> Piece:
    if section not in drafts.OWN:
        raise NotFound("There is no such part of a tender.")
    return drafts.OWN[section]


Own = Annotated[Piece, Depends(_own)]


async def _sent(request: Request, section: Own) -> dict[str, object]:
    return typed(section.form, await request.form())


@router.get("/{id}/workspace/own/{section}", name=Verb.PARTY_DESCRIBE)
def own(request: Request, ctx: Context, id: UUID, section: Own) -> Response:
    party = queries.own_party(ctx, queries.working(ctx, id))
    require(ctx, Verb.PARTY_DESCRIBE, party)
    return _describing(request, ctx, party, section, section.unjudged(drafts.of_party(party)))


@router.post("/{id}/workspace/own/{section}", name=Verb.PARTY_DESCRIBE)
def describe(
    request: Request,
    ctx: Context,
    id: UUID,
    section: Own,
    sent: Annotated[dict[str, object], Depends(_sent)],
) -> Response:
    party = queries.own_party(ctx, queries.working(ctx, id))
    form = party_actions.describe(ctx, party, section, sent)
    if form.errors:
        return _describing(request, ctx, party, section, form)
    return go(request, "tender.parties", id=id)


def _describing(
    request: Request, ctx: Context, party: Party, section: Piece, form: BoundForm[Any]
) -> Response:
    found = queries.approvers(ctx, party.organisation_id) if section.slug == "share" else ()
    return page(
        request,
        "tenders/own.html",
        **frame(ctx, party.tender, "parties"),
        party=party,
        section=section,
        form=form,
        approvers=[(who.id, who.name) for who, _ in found],
    )


# ---- Reading, approving, asking for a change


@router.get("/{id}/workspace/read/{part}/{party_id}", name="tender.read")
def read(request: Request, ctx: Context, id: UUID, part: Part, party_id: UUID) -> Response:
    tender = queries.working(ctx, id)
    return _reading(request, ctx, _party(ctx, tender, party_id), part)


def _reading(
    request: Request,
    ctx: Context,
    party: Party,
    part: Part,
    *,
    form: BoundForm[Objecting] | None = None,
    replaced: Replaced | None = None,
) -> Response:
    """A part as it concerns a party, with what changed since the party approved it."""
    tender = party.tender
    approvals = queries.approvals(ctx, tender)
    versions, seen = queries.versions_and_seen(ctx, tender)
    cell = standing.cell(tender, party, part, versions, approvals, seen)
    if cell.version is None or cell.content is None:
        raise NotFound("Nothing has been saved here yet.")
    leads = party.organisation_id == tender.organisation_id
    before = (
        content.concerning(part, cell.approval.version.content, party.organisation_id, leads=leads)
        if cell.approval
        else None
    )
    about = approvals.get((party.id, part)) or approval_actions.prospect(ctx, party, part)
    return page(
        request,
        "tenders/read.html",
        status=409 if replaced else 200,
        **frame(ctx, tender, "parties"),
        party=party,
        part=part,
        cell=cell,
        rows=content.rows(cell.content),
        changes=comparing.changes(before, cell.content) if before is not None else [],
        replaced=replaced,
        about=about,
        form=form or BoundForm(Objecting),
    )


@router.post("/{id}/workspace/read/{part}/{party_id}/approve", name=Verb.APPROVAL_GIVE)
def approve(
    request: Request,
    ctx: Context,
    id: UUID,
    part: Part,
    party_id: UUID,
    form: Annotated[BoundForm[Approving], Depends(reads(Approving))],
) -> Response:
    party = _party(ctx, queries.working(ctx, id), party_id)
    digest = str(form.submitted.get("digest", ""))
    try:
        approval_actions.approve(ctx, party, part, digest)
    except Replaced as why:
        return _reading(request, ctx, party, part, replaced=why)
    flash(request, f"{party.organisation.called} has approved: {part.label}")
    return go(request, "tender.parties", id=id)


@router.post("/{id}/workspace/read/{part}/{party_id}/object", name=Verb.APPROVAL_OBJECT)
def object_(
    request: Request,
    ctx: Context,
    id: UUID,
    part: Part,
    party_id: UUID,
    form: Annotated[BoundForm[Objecting], Depends(reads(Objecting))],
) -> Response:
    party = _party(ctx, queries.working(ctx, id), party_id)
    if form.value is None:
        require(ctx, Verb.APPROVAL_OBJECT, approval_actions.prospect(ctx, party, part))
        return _reading(request, ctx, party, part, form=form)
    approval_actions.object_(ctx, party, part, form.value.message)
    flash(request, "The authority that leads is told what should change.")
    return go(request, "tender.parties", id=id)


# ---- Comments


@router.post("/{id}/workspace/comments/{part}", name=Verb.COMMENT_ADD)
def comment(
    request: Request,
    ctx: Context,
    id: UUID,
    part: Part,
    form: Annotated[BoundForm[Commenting], Depends(reads(Commenting))],
) -> Response:
    tender = queries.working(ctx, id)
    if form.value is None:
        require(ctx, Verb.COMMENT_ADD, _prospect(ctx, tender, part))
        return _commenting(request, ctx, tender, part, form)
    approval_actions.comment(ctx, tender, part, form.value.text)
    return go(request, "tender.comments", id=id, part=part.value)


@router.get("/{id}/workspace/comments/{part}", name="tender.comments")
def comments(request: Request, ctx: Context, id: UUID, part: Part) -> Response:
    return _commenting(request, ctx, queries.working(ctx, id), part, BoundForm(Commenting))


def _commenting(
    request: Request, ctx: Context, tender: Tender, part: Part, form: BoundForm[Commenting]
) -> Response:
    return page(
        request,
        "tenders/comments.html",
        **frame(ctx, tender, "parties"),
        part=part,
        parts=list(Part),
        comments=queries.comments(ctx, tender, part),
        prospect=_prospect(ctx, tender, part),
        form=form,
    )


def _prospect(ctx: Context, tender: Tender, part: Part) -> Comment:
    """What the reader would say, to ask whether they may."""
    return Comment(
        part=part,
        text="",
        person_name="",
        person_id=ctx.actor.person_id,
        organisation_id=ctx.actor.organisation_id,
        tender_id=tender.id,
        tender=tender,
    )


@router.post("/{id}/workspace/comments/{part}/{comment_id}/resolve", name=Verb.COMMENT_RESOLVE)
def resolve(request: Request, ctx: Context, id: UUID, part: Part, comment_id: UUID) -> Response:
    tender = queries.working(ctx, id)
    approval_actions.resolve(ctx, queries.comment(ctx, tender, comment_id))
    return go(request, "tender.comments", id=id, part=part.value)
