"""How the authorities of an award agree to it: each approves exactly what it read, or parts."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from marketplace.awards import deciding, queries
from marketplace.awards.models import Award, Consent
from marketplace.core.context import Context
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.money import pounds
from marketplace.organisations import queries as organisations
from marketplace.organisations.limits import within_limit
from marketplace.perform import lock, perform, permit
from marketplace.tenders import party_actions
from marketplace.tenders import queries as tenders
from marketplace.tenders.models import Party, Tender
from marketplace.verbs import Verb


def approve(ctx: Context, award: Award, read: str) -> None:
    """The reader's authority approves exactly what it read."""
    party = _own_party(ctx, Verb.AWARD_APPROVE, award)
    parties, said = queries.parties(ctx, award), queries.consents(ctx, award)
    share = deciding.share(award, parties, said, party.organisation_id)
    within_limit(ctx, share, f"the share of {party.organisation.called}")
    if read != award.digest:
        raise Conflict("This award is not the one that you read. Read it again.")
    up_to = organisations.limit(ctx)
    facts = {"share": pounds(share)}
    _say(ctx, Verb.AWARD_APPROVE, award, party, given=True, because="", up_to=up_to, **facts)


def part(ctx: Context, award: Award, because: str) -> None:
    """The reader's authority leaves the award of its lot; the others go on. Their shares grow: an
    approval by somebody who may not approve so much does not stand, and is asked for again.
    """
    party = _own_party(ctx, Verb.AWARD_PART, award)
    said = dict(queries.consents(ctx, award))
    parties = queries.parties(ctx, award)
    grown = list(_beyond(award, party, parties, said))
    for one, _ in grown:
        ctx.session.delete(said[one.id])  # the history has it
    remark = " ".join(
        f"The share of {one.organisation.called} is {pounds(share)} with VAT now, so it has to "
        "approve the award again."
        for one, share in grown
    )
    _say(ctx, Verb.AWARD_PART, award, party, given=False, because=because, remark=remark)


def _beyond(
    award: Award, leaves: Party, parties: Sequence[Party], said: Mapping[UUID, Consent]
) -> Iterator[tuple[Party, Decimal]]:
    """The authorities whose share, once one leaves, is more than who approved it could approve."""
    left = [one for one in parties if one.id != leaves.id]
    for one in left:
        consent = said.get(one.id)
        if consent and consent.given and consent.up_to is not None:
            share = deciding.share(award, left, said, one.organisation_id)
            if share > consent.up_to:
                yield one, share


def own_tender(ctx: Context, award: Award, title: str) -> Tender:
    """Begins a tender of the reader's authority alone, with the content of the one it parted
    from.
    """
    said = queries.consents(ctx, award)
    ours = ctx.actor.organisation_id
    party = next((one for one in queries.parties(ctx, award) if one.organisation_id == ours), None)
    if party is None or party.id not in said or said[party.id].given:
        raise NotFound("Your authority has not parted from this award.")
    made = party_actions.draft(ctx, title, copy=award.tender)
    made.continues_id = award.tender_id
    return made


def _own_party(ctx: Context, verb: Verb, award: Award) -> Party:
    lock(ctx, award.tender)
    permit(ctx, verb, award)
    party = tenders.own_party(ctx, award.tender)
    if party.id in queries.consents(ctx, award):
        raise Conflict(f"{party.organisation.called} has said already what it thinks of it.")
    return party


def _say(
    ctx: Context,
    verb: Verb,
    award: Award,
    party: Party,
    *,
    given: bool,
    because: str,
    up_to: Decimal | None = None,
    **more: str,
) -> None:
    ctx.session.add(
        Consent(
            given=given,
            because=because,
            digest=award.digest,
            up_to=up_to,
            said_at=ctx.now,
            person_name=ctx.actor.name,
            party_id=party.id,
            award_id=award.id,
            tender_id=award.tender_id,
            created_at=ctx.now,
        )
    )
    facts = {"lot": award.part, "digest": award.digest, "because": because, **more}
    perform(ctx, verb, award, about=award.tender, **facts)
    ctx.session.flush()
    said = queries.consents(ctx, award)
    parties = queries.parties(ctx, award)
    award.buyers = [
        one.organisation.name for one in parties if one.id in said and said[one.id].given
    ]
    award.agreed = bool(award.buyers) and all(one.id in said for one in parties)
