"""What keeps a version of a part whenever its content is another than before."""

from uuid import UUID

from auth.actor import Actor
from marketplace.core.context import Context
from marketplace.tenders import content, queries
from marketplace.tenders.content import Content
from marketplace.tenders.models import Part, PartVersion, Party, Tender


def present(ctx: Context, tender: Tender, part: Part, party: Party | None = None) -> Content:
    """What a part says now, from its rows."""
    match part:
        case Part.SPECIFICATION:
            return content.specification(tender, queries.demands(ctx, tender))
        case Part.LOTS:
            return content.lots(tender, queries.lots(ctx, tender), queries.parties(ctx, tender))
        case Part.CRITERIA:
            found = queries.criteria(ctx, tender)
            return content.criteria(tender, found, queries.parties(ctx, tender))
        case Part.TERMS:
            return content.terms(tender, queries.documents(ctx, tender))
        case Part.VALUE:
            return content.value(tender, queries.parties(ctx, tender))
    return content.annex(party) if party else {}


def keep(
    ctx: Context,
    tender: Tender,
    part: Part,
    party: Party | None = None,
    by: Actor | None = None,
) -> PartVersion | None:
    """Keeps the content of a part as its newest version; None when it is what it was.

    The tender is locked by whoever calls this, so the numbers follow one another. `by` is who did
    it when that is not who may see it any more.
    """
    ctx.session.flush()
    of_id: UUID = party.id if party and part is Part.ANNEX else tender.id
    said = dict(present(ctx, tender, part, party))
    before = queries.versions(ctx, tender).get((part, of_id))
    if before and content.digest(before.content) == content.digest(said):
        return None
    who = by or ctx.actor
    made = PartVersion(
        part=part,
        number=before.number + 1 if before else 1,
        of_id=of_id,
        content=said,
        person_name=who.name,
        organisation_name=who.organisation_name,
        tender_id=tender.id,
        created_at=ctx.now,
    )
    ctx.session.add(made)
    ctx.session.flush()
    return made
