"""Whether somebody can bid for a tender now and, if not, the exact reason and how to mend it."""

from dataclasses import dataclass

from auth.actor import NOBODY, Kind
from marketplace.bids import choice_queries
from marketplace.bids.models import Bid
from marketplace.core.context import Context
from marketplace.core.errors import Conflict, Forbidden
from marketplace.onboarding import queries as onboarding
from marketplace.policy import refusal
from marketplace.tenders import rounds
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why not, and a link that helps: its words and the name of its route."""

    says: str
    words: str = ""
    to: str = ""


def prospect(ctx: Context, tender: Tender, round: str) -> Bid:
    """A bid as the reader might begin one."""
    own = ctx.actor.organisation_id
    return Bid(tender_id=tender.id, tender=tender, organisation_id=own, round=round)


def obstacle(ctx: Context, tender: Tender, round: str) -> Obstacle | None:
    who = ctx.actor
    bid = prospect(ctx, tender, round)
    if closed := Bid.workflow.refusal(Verb.BID_START, bid, ctx.now):
        return Obstacle(closed.partition(" We had this at ")[0])
    if not who.known:
        says = "Only suppliers that are registered here can bid."
        return Obstacle(says, "Sign in, or register your company", "sign-in")
    if who.seen_through:
        return Obstacle("Bids are not shown to support.")
    if who.organisation_id == NOBODY:
        says = "You act for no supplier yet. Only suppliers that are registered here can bid."
        return Obstacle(says, "Register your company, or join it", "account.start")
    if who.kind is not Kind.SUPPLIER:
        return Obstacle(f"Only suppliers can bid, and you act for {who.organisation_name}.")
    if unsigned := onboarding.unsigned(ctx):
        says = f"{who.organisation_name} has not signed the platform agreement that is in force."
        if unsigned.may_sign:
            return Obstacle(says, "Read and sign it", Verb.AGREEMENT_SIGN)
        return Obstacle(says, "See who can sign it", Verb.AGREEMENT_SIGN)
    if refusal(who, Verb.BID_START, bid):
        says = "To bid you must be a manager in your organisation. Its administrators say who is."
        return Obstacle(says, "See your colleagues and their roles", "organisation.people")
    return left_out(ctx, tender, round)


def left_out(ctx: Context, tender: Tender, round: str) -> Obstacle | None:
    """Only whoever was told to go on from the stage before can bid in this one."""
    before = rounds.before(tender, round)
    its = rounds.one(tender, before) if before else None
    if before is None or its is None:
        return None
    chosen = choice_queries.own_choices(ctx, tender).get(before)
    if chosen is None:
        return Obstacle(
            f"Only suppliers that go on from the stage “{its.title}” can bid in this one. Whoever "
            "bid in it reads here whether they do, once all are told."
        )
    if not chosen.goes_on:
        return Obstacle(f"Your bid does not go on from the stage “{its.title}”: {chosen.because}")
    return None


def not_permitted(ctx: Context, bid: Bid) -> Forbidden | None:
    """Why somebody who can see a bid cannot change it, whatever the time is."""
    why = refusal(ctx.actor, Verb.BID_EDIT, bid)
    return Forbidden(why) if why else None


def require(ctx: Context, tender: Tender, round: str) -> None:
    """Raises Conflict with the reason why this supplier cannot bid."""
    if found := obstacle(ctx, tender, round):
        raise Conflict(found.says)
