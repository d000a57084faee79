"""How a tender begins, and what can be done about the authorities in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from auth.actor import CLOCK, Actor
from marketplace.challenges import actions as challenges
from marketplace.challenges import queries as challenge_queries
from marketplace.challenges.forms import Taking
from marketplace.challenges.models import Challenge, Level
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm, show
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation
from marketplace.perform import lock, perform, permit
from marketplace.tenders import drafts, publishing, queries, versions
from marketplace.tenders.content import SHARED
from marketplace.tenders.drafts import Piece
from marketplace.tenders.forms import Manner, Scoping
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import (
    Criterion,
    Demand,
    Part,
    Party,
    PartyStage,
    Stage,
    Tender,
)
from marketplace.tenders.standing import taking_part
from marketplace.verbs import Verb

BROUGHT = (
    *("volume", "unit", "contract_route"),
    *("own_terms", "own_requirements", "own_criteria"),
)
COPIED = (
    "summary",
    "scope",
    "functional",
    "technical",
    "area",
    "cpv",
    "attributes",
    "no_lots_because",
    "most_lots",
    "price_model",
    "day_roles",
    "scoring",
    "scale",
    "price_formula",
    "prices_sealed",
    "ties",
    "conditions",
    "terms",
    "submission",
    "contact",
    "route",
    "contract",
    "extensions",
    "options",
    "market",
)


# ---- Beginning


def draft(
    ctx: Context,
    title: str,
    challenge: Challenge | None = None,
    copy: Tender | None = None,
    manner: Manner = Manner.ALONE,
    parted: Sequence[Lot] | None = None,
) -> Tender:
    """Begins a tender: empty, from a challenge, whose commitments become invitations, or with the
    content of another. When that one has ended, or the authority has parted from its award of some
    lots, the new one takes its place, in some manner.
    """
    tender = Tender(
        organisation_id=ctx.actor.organisation_id,
        partners=[str(ctx.actor.organisation_id)],
        typed={"title": title},
    )
    perform(ctx, Verb.TENDER_DRAFT, tender, title=title)
    ctx.session.flush()
    lead = _seat(ctx, tender, ctx.actor.organisation_id, PartyStage.ACCEPTED)
    if challenge:
        _take(ctx, tender, challenge, lead)
    if copy:
        together = copy.ended and manner is not Manner.ALONE
        _copy(ctx, tender, copy, taking_part(queries.parties(ctx, copy)) if together else ())
    if copy and (copy.ended or parted is not None):
        _go_on(ctx, tender, copy, manner, parted or ())
    ctx.session.flush()
    for part in SHARED:
        versions.keep(ctx, tender, part)
    return tender


def _seat(ctx: Context, tender: Tender, organisation_id: Any, stage: PartyStage) -> Party:
    party = Party(
        tender_id=tender.id,
        tender=tender,
        organisation_id=organisation_id,
        stage=stage,
        created_at=ctx.now,
    )
    ctx.session.add(party)
    return party


def _take(ctx: Context, tender: Tender, challenge: Challenge, lead: Party) -> None:
    """The challenge ends as taken, and whoever has the need too is asked to take part."""
    tender.challenge_id = challenge.id
    known = {
        "scope": "\n\n".join(filter(None, (challenge.need, challenge.outcomes))),
        "summary": challenge.need[:600].rpartition(" ")[0]
        if len(challenge.need) > 600
        else challenge.need,
        "area": challenge.area,
        "cpv": challenge.cpv,
    }
    tender.typed = {**show(Scoping, known).submitted, **tender.typed}
    for one in challenge_queries.commitments(ctx, challenge):
        if one.level is Level.WATCHING:
            continue
        party = _seat(ctx, tender, one.organisation_id, PartyStage.INVITED)
        party.volume, party.unit = one.volume, one.unit
        perform(ctx, Verb.PARTY_INVITE, party, about=tender)
    challenges.take(ctx, challenge, Taking(outcome=f"{tender.called} ({tender.reference})"))


def _cut(text: str, longest: int = 600) -> str:
    return text if len(text) <= longest else text[:longest].rpartition(" ")[0]


def _copy(ctx: Context, tender: Tender, source: Tender, joined: Iterable[Party] = ()) -> None:
    """The content of another tender, without its dates, its authorities and their shares. What is
    local to an authority goes along where it is asked too; alone, one has no local criteria.
    """
    tender.copied_from_id = source.id
    for name in COPIED:
        setattr(tender, name, getattr(source, name))
    skipped = {"title", "questions_on", "deadline_on", "publish_on", "starts_on", "ends_on"}
    tender.typed = {
        **{
            name: value
            for name, value in source.typed.items()
            if name.partition("-")[0] not in skipped | {"planned_notice_on"}
        },
        **tender.typed,
    }
    alone = [str(tender.organisation_id)]
    for lot in queries.lots(ctx, source):
        about = lot.model_dump(include={"position", "title", "description"})
        ctx.session.add(Lot(tender_id=tender.id, authorities=alone, **about))
    local = {party.organisation_id for party in joined}
    for one in queries.criteria(ctx, source):
        if one.organisation_id not in {None, tender.organisation_id, *local}:
            continue
        about = one.model_dump(exclude={"id", "created_at", "tender_id"})
        about |= {} if local else {"organisation_id": None}
        ctx.session.add(Criterion(tender_id=tender.id, **about))
    for asked in queries.demands(ctx, source):
        about = asked.model_dump(exclude={"id", "created_at", "tender_id"})
        ctx.session.add(Demand(tender_id=tender.id, **about))


def separate(ctx: Context, ended: Tender) -> Sequence[Tender]:
    """Begins a tender for each authority of one that ended, each the lead of its own, as if it had
    gone on alone. Those that have gone on by themselves are left out.
    """
    perform(ctx, Verb.TENDER_SEPARATE, ended)
    # What an authority prepares alone is hidden from the one that led, so the marketplace does it.
    rest = replace(ctx, actor=CLOCK)
    linked = queries.before_and_after(rest, ended)
    gone_on = {one.organisation_id for one in linked if one.continues_id == ended.id}
    each = [
        one.organisation
        for one in taking_part(queries.parties(rest, ended))
        if one.organisation_id not in gone_on
    ]
    if not each:
        raise Conflict("Every authority has gone on from this tender already.")
    return [_begin_for(ctx, rest, ended, organisation) for organisation in each]


def _begin_for(ctx: Context, rest: Context, ended: Tender, owner: Organisation) -> Tender:
    tender = Tender(
        organisation_id=owner.id,
        partners=[str(owner.id)],
        typed={"title": ended.called},
        created_at=ctx.now,
    )
    ctx.session.add(tender)
    ctx.session.flush()
    _seat(ctx, tender, owner.id, PartyStage.ACCEPTED)
    _copy(rest, tender, ended)
    _go_on(rest, tender, ended, Manner.ALONE)
    ctx.session.flush()
    for part in SHARED:
        versions.keep(rest, tender, part, by=ctx.actor)
    perform(ctx, Verb.TENDER_SEPARATE, ended, about=tender, title=ended.called)
    return tender


def _go_on(
    ctx: Context, tender: Tender, ended: Tender, manner: Manner, parted: Sequence[Lot] = ()
) -> None:
    """The tender takes the place of one that ended, with its authorities or without. Alone an
    authority takes the lots that served it, or that it parted from, and what it brought with it.
    """
    tender.continues_id = ended.id
    ours = tender.organisation_id
    parties = list(taking_part(queries.parties(ctx, ended)))
    ctx.session.flush()
    _bring_along(ctx, tender, parties)
    if manner is Manner.ALONE:
        _keep_lots(ctx, tender, parted or _serving(ctx, tender, ended))
        return
    for one in parties:
        if one.organisation_id == ours:
            continue
        party = _seat(ctx, tender, one.organisation_id, PartyStage.INVITED)
        party.volume, party.unit = one.volume, one.unit
        perform(ctx, Verb.PARTY_INVITE, party, about=tender)
    if manner is Manner.LOTS:
        tender.no_lots_because, tender.typed = "", {**tender.typed, "no_lots_because": ""}
        for lot in queries.lots(ctx, tender):
            ctx.session.delete(lot)
        for position, one in enumerate(parties, 1):
            title, served = one.organisation.name, [str(one.organisation_id)]
            lot = Lot(tender_id=tender.id, position=position, title=title, authorities=served)
            ctx.session.add(lot)


def _bring_along(ctx: Context, tender: Tender, before: Sequence[Party]) -> None:
    """The share and the annex of the one that leads now, as it had them; the decision is new."""
    lead = queries.party_of(ctx, tender, tender.organisation_id)
    for one in before:
        if one.organisation_id == lead.organisation_id:
            for name in BROUGHT:
                setattr(lead, name, getattr(one, name))


def _serving(ctx: Context, tender: Tender, ended: Tender) -> list[Lot]:
    """The lots that served the authority and have not ended."""
    own, before = str(tender.organisation_id), queries.lots(ctx, ended)
    return [one for one in before if own in one.authorities and not one.ended]


def _keep_lots(ctx: Context, tender: Tender, kept: Sequence[Lot]) -> None:
    """Of the copied lots only some, if there are any."""
    positions = {one.position for one in kept}
    for lot in queries.lots(ctx, tender):
        if positions and lot.position not in positions:
            ctx.session.delete(lot)


# ---- Who takes part


def invite(ctx: Context, tender: Tender, ids: Iterable[Any]) -> list[Organisation]:
    """Asks authorities to take part; those that are in it or asked already are left alone."""
    lock(ctx, tender)
    known = {one.organisation_id: one for one in queries.parties(ctx, tender)}
    invited = []
    for id in dict.fromkeys(ids):
        organisation = organisations.one(ctx, id)
        party = known.get(id)
        if party and party.stage in (PartyStage.INVITED, PartyStage.ACCEPTED):
            continue
        party = party or Party(
            tender_id=tender.id,
            tender=tender,
            organisation_id=id,
            organisation=organisation,
            created_at=ctx.now,
        )
        perform(ctx, Verb.PARTY_INVITE, party, about=tender, authority=organisation.called)
        party.because = ""
        invited.append(organisation)
    return invited


def accept(ctx: Context, party: Party) -> None:
    lock(ctx, party.tender)
    perform(ctx, Verb.PARTY_ACCEPT, party, about=party.tender)
    _recount(ctx, party.tender)


def decline(ctx: Context, party: Party, because: str) -> None:
    lock(ctx, party.tender)
    perform(ctx, Verb.PARTY_DECLINE, party, about=party.tender, because=because)
    party.because = because
    # Whoever has declined sees no more of it, so the marketplace does the rest.
    _drop_local(replace(ctx, actor=CLOCK), party, by=ctx.actor)


def revoke(ctx: Context, party: Party) -> None:
    lock(ctx, party.tender)
    perform(ctx, Verb.PARTY_REVOKE, party, about=party.tender, authority=party.organisation.called)
    _drop_local(ctx, party)


def leave(ctx: Context, party: Party, because: str) -> None:
    """The authority leaves: its share no longer counts, and no lot serves it any more."""
    tender = party.tender
    lock(ctx, tender)
    perform(ctx, Verb.PARTY_LEAVE, party, about=tender, because=because)
    party.because = because
    gone = str(party.organisation_id)
    # Whoever has left sees no more of it, so the marketplace does the rest.
    rest = replace(ctx, actor=CLOCK)
    settled = publishing.settled(rest, tender)
    for lot in queries.lots(rest, tender):
        if gone in lot.authorities:
            lot.authorities = [id for id in lot.authorities if id != gone]
    _recount(rest, tender, by=ctx.actor)
    versions.keep(rest, tender, Part.LOTS, by=ctx.actor)
    _drop_local(rest, party, by=ctx.actor)
    if tender.stage is Stage.OPEN:
        publishing.publish_without(rest, party, settled)


def _drop_local(ctx: Context, party: Party, by: Actor | None = None) -> None:
    """The criteria that are local to an authority go with it."""
    for one in queries.criteria(ctx, party.tender):
        if one.organisation_id == party.organisation_id:
            ctx.session.delete(one)
    ctx.session.flush()
    versions.keep(ctx, party.tender, Part.CRITERIA, by=by)


def _recount(ctx: Context, tender: Tender, by: Actor | None = None) -> None:
    """Who takes part has changed, so have the policy's list and the sum of shares."""
    ctx.session.flush()
    inside = [one for one in queries.parties(ctx, tender) if one.stage is PartyStage.ACCEPTED]
    tender.partners = sorted(str(one.organisation_id) for one in inside)
    versions.keep(ctx, tender, Part.VALUE, by=by)


def hand_over(ctx: Context, tender: Tender, party: Party) -> None:
    """Another authority leads from now on; the one that led stays as a participant."""
    permit(ctx, Verb.TENDER_HAND_OVER, tender)
    if party.stage is not PartyStage.ACCEPTED:
        raise Conflict("Only an authority that has accepted the invitation can lead.")
    if party.organisation_id == tender.organisation_id:
        raise Conflict(f"{party.organisation.called} leads this tender already.")
    before, settled = tender.organisation.called, publishing.settled(ctx, tender)
    perform(ctx, Verb.TENDER_HAND_OVER, tender, lead=party.organisation.called, before=before)
    tender.organisation_id = party.organisation_id
    tender.organisation = party.organisation
    versions.keep(ctx, tender, Part.VALUE)
    if tender.stage is Stage.OPEN:
        publishing.publish_led(ctx, tender, settled)


# ---- What each brings


def describe(
    ctx: Context, party: Party, section: Piece, typed: Mapping[str, Any]
) -> BoundForm[Any]:
    """Keeps what a party says about itself, right or wrong; what is right makes a version."""
    tender = party.tender
    lock(ctx, tender)
    permit(ctx, Verb.PARTY_DESCRIBE, party)
    given = drafts.of_party(party)
    form = section.judge({**given, **typed})
    if form.value is not None and section.slug == "share":
        known = {who.id for who, _ in queries.approvers(ctx, party.organisation_id)}
        if form.value.approver_id not in known:
            form = form.refused("approver_id", "Choose an approver of your authority")
    changed = drafts.said(section.judge(given).submitted) != drafts.said(form.submitted)
    kept = None
    if changed:
        party.typed = {**party.typed, **form.submitted}
    if form.value is not None:
        for name, value in form.value.columns().items():
            setattr(party, name, value)
        kept = versions.keep(ctx, tender, section.part, party)
    if changed or kept:
        number = kept.number if kept else None
        facts = {"part": section.part.value, "version": number}
        perform(ctx, Verb.PARTY_DESCRIBE, party, about=tender, section=section.slug, **facts)
    return form
