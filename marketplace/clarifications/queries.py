"""What can be seen of the questions about a tender. Who asked cannot be."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, func, select

from marketplace.clarifications.models import Asker, Clarification, ClarificationStage
from marketplace.core.context import Context
from marketplace.core.db import eager
from marketplace.core.errors import NotFound
from marketplace.policy import visible_to
from marketplace.tenders.models import Tender

MOST = 500  # questions on a page


def of_tender(
    ctx: Context, tender: Tender, *, published: bool = False, words: str = ""
) -> Sequence[Clarification]:
    """The questions that the reader may see, newest first; with words, those that have them all."""
    its = select(Clarification).where(
        Clarification.tender_id == tender.id, visible_to(ctx.actor, Clarification)
    )
    if published:
        its = its.where(Clarification.stage == ClarificationStage.PUBLISHED)
    for word in words.split()[:10]:
        both = func.lower(col(Clarification.wording) + " " + col(Clarification.answer))
        its = its.where(both.contains(word.lower(), autoescape=True))
    newest = its.order_by(col(Clarification.created_at).desc(), col(Clarification.id).desc())
    return ctx.session.exec(newest.options(eager(Clarification.lot)).limit(MOST)).all()


def unanswered(ctx: Context, tender: Tender) -> int:
    """How many questions wait: nothing is published, declined or merged yet."""
    waiting = select(func.count()).where(
        Clarification.tender_id == tender.id,
        col(Clarification.stage).in_((ClarificationStage.ASKED, ClarificationStage.ANSWERED)),
        visible_to(ctx.actor, Clarification),
    )
    return int(ctx.session.exec(waiting).one())


def earlier(ctx: Context, tender: Tender) -> Sequence[Clarification]:
    """What was answered about the tenders that this one goes on from, however far back, newest
    first.
    """
    if tender.continues_id is None:
        return ()
    before = select(col(Tender.id), col(Tender.continues_id)).where(
        Tender.id == tender.continues_id
    )
    line = before.cte("line", recursive=True)
    line = line.union(
        select(col(Tender.id), col(Tender.continues_id)).join(
            line, col(Tender.id) == line.c.continues_id
        )
    )
    its = select(Clarification).where(
        col(Clarification.tender_id).in_(select(line.c.id)),
        Clarification.stage == ClarificationStage.PUBLISHED,
        visible_to(ctx.actor, Clarification),
    )
    newest = its.order_by(col(Clarification.published_at).desc(), col(Clarification.id).desc())
    return ctx.session.exec(newest.options(eager(Clarification.tender)).limit(MOST)).all()


def own(ctx: Context, tender: Tender) -> Sequence[Clarification]:
    """The questions that the reader's own organisation asked."""
    its = (
        select(Clarification)
        .join(Asker, col(Asker.clarification_id) == Clarification.id)
        .where(
            Clarification.tender_id == tender.id,
            Asker.organisation_id == ctx.actor.organisation_id,
            visible_to(ctx.actor, Asker),
        )
        .order_by(col(Clarification.created_at).desc())
    )
    return ctx.session.exec(its.options(eager(Clarification.lot))).all()


def one(ctx: Context, tender: Tender, id: UUID) -> Clarification:
    seen = select(Clarification).where(
        Clarification.id == id,
        Clarification.tender_id == tender.id,
        visible_to(ctx.actor, Clarification),
    )
    if found := ctx.session.exec(seen.options(eager(Clarification.lot))).one_or_none():
        return found
    raise NotFound("There is no such question.")
