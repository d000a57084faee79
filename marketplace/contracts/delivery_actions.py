"""What can be done about the delivery of a contract: milestones, reviews and answers to them."""

from sqlalchemy.exc import IntegrityError

from marketplace.contracts import queries
from marketplace.contracts.forms import Meeting, Planning, Reviewing
from marketplace.contracts.models import Contract, ContractStage, Milestone, Review
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.perform import lock, perform, permit
from marketplace.verbs import Verb


def planning(ctx: Context, contract: Contract) -> Milestone:
    """What would be planned, to ask whether it may."""
    return Milestone(title="", due_on=ctx.today, contract_id=contract.id, contract=contract)


def plan(ctx: Context, contract: Contract, said: Planning) -> Milestone:
    lock(ctx, contract)
    made = planning(ctx, contract)
    made.title, made.due_on, made.created_at = said.title, said.due_on, ctx.now
    perform(ctx, Verb.MILESTONE_ADD, made, about=contract, title=said.title)
    return made


def meet(ctx: Context, milestone: Milestone, said: Meeting) -> None:
    perform(ctx, Verb.MILESTONE_MEET, milestone, about=milestone.contract, title=milestone.title)
    milestone.met_on = said.met_on


def reviewing(ctx: Context, contract: Contract) -> Review:
    """What the reader's authority would write, to ask whether it may."""
    return Review(
        text="",
        contract_id=contract.id,
        contract=contract,
        organisation_id=ctx.actor.organisation_id,
    )


AGAIN = "Your authority has reviewed this contract already."


def must_be_to_review(ctx: Context, contract: Contract) -> None:
    """Raises Conflict when the reader's authority has nothing to review here, or did."""
    if contract.stage not in (ContractStage.SIGNED, ContractStage.ENDED):
        raise Conflict("Nothing was delivered under this contract yet.")
    ours = ctx.actor.organisation_id
    bought = any(
        one.organisation_id == ours and one.approved_at for one in queries.call_offs(ctx, contract)
    )
    if str(ours) not in contract.parties and not bought:
        raise Conflict("Only an authority that bought under this contract can review it.")
    if any(one.organisation_id == ours for one in queries.reviews(ctx, contract)):
        raise Conflict(AGAIN)


def review(ctx: Context, contract: Contract, said: Reviewing) -> Review:
    """An authority that has the contract, or called off under it, says how the delivery was."""
    lock(ctx, contract)
    made = reviewing(ctx, contract)
    permit(ctx, Verb.REVIEW_WRITE, made)
    must_be_to_review(ctx, contract)
    made.text, made.created_at = said.text, ctx.now
    try:
        with ctx.session.begin_nested():
            perform(ctx, Verb.REVIEW_WRITE, made, about=contract)
            ctx.session.flush()
    except IntegrityError:
        raise Conflict(AGAIN) from None
    return made


def answer(ctx: Context, review: Review, text: str) -> None:
    perform(ctx, Verb.REVIEW_ANSWER, review, about=review.contract)
    review.answer = text
