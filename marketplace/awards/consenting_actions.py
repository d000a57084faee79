"""How the authorities of an award agree to it: each approves exactly what it read, or parts."""

from marketplace.awards import deciding, queries
from marketplace.awards.models import Award, Consent
from marketplace.core.context import Context
from marketplace.core.errors import Conflict, NotFound
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
    if read != deciding.to_approve(award, said):
        raise Conflict("This award is not the one that you read. Read it again.")
    _say(ctx, Verb.AWARD_APPROVE, award, party, given=True, because="")


def part(ctx: Context, award: Award, because: str) -> None:
    """The reader's authority leaves the award of its lot; the others go on. Its share falls to
    them, so whoever has approved approves anew.
    """
    party = _own_party(ctx, Verb.AWARD_PART, award)
    for one in queries.consents(ctx, award).values():
        if one.given:
            ctx.session.delete(one)
    _say(ctx, Verb.AWARD_PART, award, party, given=False, because=because)


def own_tender(ctx: Context, award: Award, title: str) -> Tender:
    """Begins a tender of the reader's authority alone, with the content of the one it parted
    from, of that lot, and with what it brought.
    """
    said = queries.consents(ctx, award)
    ours = ctx.actor.organisation_id
    party = next((one for one in queries.parties(ctx, award) if one.organisation_id == ours), None)
    if party is None or party.id not in said or said[party.id].given:
        raise NotFound("Your authority has not parted from this award.")
    parted = [award.lot] if award.lot else []
    return party_actions.draft(ctx, title, copy=award.tender, parted=parted)


def _own_party(ctx: Context, verb: Verb, award: Award) -> Party:
    lock(ctx, award.tender)
    permit(ctx, verb, award)
    party = tenders.own_party(ctx, award.tender)
    if party.id in queries.consents(ctx, award):
        raise Conflict(f"{party.organisation.called} has said already what it thinks of it.")
    return party


def _say(
    ctx: Context, verb: Verb, award: Award, party: Party, *, given: bool, because: str
) -> None:
    ctx.session.add(
        Consent(
            given=given,
            because=because,
            digest=award.digest,
            said_at=ctx.now,
            person_name=ctx.actor.name,
            party_id=party.id,
            award_id=award.id,
            tender_id=award.tender_id,
            created_at=ctx.now,
        )
    )
    facts = {"lot": award.part, "digest": award.digest, "because": because}
    perform(ctx, verb, award, about=award.tender, **facts)
    ctx.session.flush()
    said = queries.consents(ctx, award)
    parties = queries.parties(ctx, award)
    award.buyers = [
        one.organisation.name for one in parties if one.id in said and said[one.id].given
    ]
    award.agreed = bool(award.buyers) and all(one.id in said for one in parties)
