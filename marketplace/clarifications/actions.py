"""What can be done with questions about a tender: asked, answered, published to everybody."""

from dataclasses import replace

from auth.actor import CLOCK
from marketplace.clarifications.forms import Answering
from marketplace.clarifications.models import Asker, Clarification, ClarificationStage
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.perform import lock, perform, permit
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb


def ask(ctx: Context, tender: Tender, asked: str, lot: Lot | None = None) -> Clarification:
    """Asks about a tender. The journal has no name of who did: only `Asker` knows."""
    lock(ctx, tender)  # it may be changing when questions end
    made = Clarification(
        asked=asked,
        tender_id=tender.id,
        tender=tender,
        lot_id=lot.id if lot else None,
        lot=lot,
        created_at=ctx.now,
    )
    permit(ctx, Verb.CLARIFICATION_ASK, made)
    perform(replace(ctx, actor=CLOCK), Verb.CLARIFICATION_ASK, made, about=tender)
    ctx.session.flush()
    ctx.session.add(
        Asker(
            clarification_id=made.id,
            organisation_id=ctx.actor.organisation_id,
            person_id=ctx.actor.person_id,
            created_at=ctx.now,
        )
    )
    return made


def answer(ctx: Context, question: Clarification, form: Answering) -> None:
    """Drafts an answer, for the lead to publish."""
    perform(ctx, Verb.CLARIFICATION_ANSWER, question, about=question.tender)
    question.sqlmodel_update(form.model_dump())


def publish(ctx: Context, question: Clarification) -> None:
    said = question.wording if len(question.wording) <= 300 else f"{question.wording[:299]}…"
    perform(ctx, Verb.CLARIFICATION_PUBLISH, question, about=question.tender, question=said)
    question.published_at = ctx.now


def decline(ctx: Context, question: Clarification, because: str) -> None:
    perform(ctx, Verb.CLARIFICATION_DECLINE, question, about=question.tender)
    question.because = because


def merge(ctx: Context, question: Clarification, into: Clarification) -> None:
    """Says that another question asks the same, so its answer counts for both."""
    permit(ctx, Verb.CLARIFICATION_MERGE, question)
    if into.id == question.id:
        raise Conflict("A question cannot be merged with itself.")
    if into.stage in (ClarificationStage.MERGED, ClarificationStage.DECLINED):
        raise Conflict("That question is not going to be answered. Choose another one.")
    perform(ctx, Verb.CLARIFICATION_MERGE, question, about=question.tender)
    question.merged_into_id = into.id
