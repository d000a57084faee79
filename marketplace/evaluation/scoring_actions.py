"""What somebody on a panel does with their own scores. None of it is journalled before it is sent:
until then it is theirs alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from marketplace.bids.models import Bidder
from marketplace.core.context import Context
from marketplace.core.drafts import Opened, Overtaken
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm, Form, bind
from marketplace.core.times import when
from marketplace.evaluation import forms, queries
from marketplace.evaluation.models import Question, Score, Seat, Sheet, SheetStage
from marketplace.evaluation.panel_actions import open_what_is_complete
from marketplace.perform import lock, perform, permit
from marketplace.verbs import Verb

PARTS = ("points", "comment", "pages")


class Incomplete(Conflict):
    """Some bids have no score or no comment yet."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The last save of a score; what `drafts.Save` wants to know."""

    id: UUID
    person_name: str
    created_at: datetime
    facts: Mapping[str, Any]


def sheet(ctx: Context, seat: Seat, question: Question) -> Sheet:
    """The reader's own for this question: as saved, or a new one."""
    found = queries.sheet(ctx, seat, question)
    return found or Sheet(
        seat_id=seat.id,
        seat=seat,
        question_id=question.id,
        question=question,
        person_id=ctx.actor.person_id,
        tender_id=question.tender_id,
        created_at=ctx.now,
    )


def last_save(sheet: Sheet, bidder: Bidder, name: str) -> Saved | None:
    known = sheet.saved.get(str(bidder.bid_id))
    if known is None:
        return None
    facts = {"page": known["page"]}
    return Saved(UUID(known["id"]), name, datetime.fromisoformat(known["at"]), facts)


def typed_for(sheet: Sheet, bidder: Bidder) -> Mapping[str, Any]:
    found: Mapping[str, Any] = sheet.typed.get(str(bidder.bid_id), {})
    return found


def _in_hand(ctx: Context, seat: Seat, question: Question, verb: Verb) -> Sheet:
    """The sheet, locked and on the database."""
    found = sheet(ctx, seat, question)
    if found.stage is SheetStage.SENT and found.sent_at:
        raise Conflict(
            f"You sent your scores for this question on {when(found.sent_at)}, so nothing was "
            "changed."
        )
    permit(ctx, verb, found)
    try:
        with ctx.session.begin_nested():
            ctx.session.add(found)
            ctx.session.flush()
    except IntegrityError:  # another page of the same person was quicker
        found = sheet(ctx, seat, question)
    permit(ctx, verb, found)
    return found


def draft(
    ctx: Context,
    seat: Seat,
    question: Question,
    bidder: Bidder,
    typed: Mapping[str, Any],
    opened: Opened,
) -> BoundForm[Any]:
    """Keeps what was typed about one bid, right or wrong. Raises Overtaken, and keeps nothing, when
    the same person saved it on another page meanwhile.
    """
    held = _in_hand(ctx, seat, question, Verb.SCORE_DRAFT)
    if bidder.bid_id in queries.given(ctx, seat, question):
        raise Conflict(f"You sent your score for {bidder.called}, so nothing was changed.")
    its = str(bidder.bid_id)
    given = {name: str(typed.get(name, "")) for name in PARTS}
    differs = given != {name: str(typed_for(held, bidder).get(name, "")) for name in PARTS}
    last = last_save(held, bidder, ctx.actor.name)
    if differs and last and not opened.knows(last):
        raise Overtaken(last)
    if differs:
        now = {"id": str(uuid4()), "page": opened.page, "at": ctx.now.isoformat()}
        held.typed = {**held.typed, its: given}
        held.saved = {**held.saved, its: now}
    return bind(_form(ctx, question), given)


def _form(ctx: Context, question: Question) -> type[Form]:
    asked = queries.what_was_asked(ctx, question.evaluation.tender)
    return forms.scoring(asked.scale)


def judged(
    scale: Sequence[str], sheet: Sheet, bidders: Sequence[Bidder]
) -> Mapping[UUID, BoundForm[Any]]:
    """What was typed about each bid, as it would be sent."""
    form = forms.scoring(scale)
    return {one.bid_id: bind(form, typed_for(sheet, one)) for one in bidders}


def send(ctx: Context, seat: Seat, question: Question) -> None:
    """Sends the scores of all bids for a question at once. When they are the last, everybody on the
    panel sees all of them.
    """
    evaluation = question.evaluation
    lock(ctx, evaluation)  # of two who are last, the second finds the scores of the first
    lock(ctx, question)
    lock(ctx, seat)
    held = _in_hand(ctx, seat, question, Verb.SCORE_SEND)
    tender = evaluation.tender
    given = queries.given(ctx, seat, question)  # before another bid came back
    bidders = [one for one in queries.considered(ctx, tender) if one.bid_id not in given]
    asked = queries.what_was_asked(ctx, tender)
    found = judged(asked.scale, held, bidders)
    if any(form.value is None for form in found.values()):
        raise Incomplete("Every bid needs a score and a comment before you can send them.")
    its = str(question.criterion_id)
    facts = {"question": next((one.title for one in asked.questions if one.id == its), "")}
    perform(ctx, Verb.SCORE_SEND, held, about=evaluation, bids=len(found), **facts)
    held.sent_at = ctx.now
    for bid_id, form in found.items():
        said: Any = form.value
        ctx.session.add(
            Score(
                points=int(said.points),
                comment=said.comment,
                pages=said.pages,
                person_id=ctx.actor.person_id,
                criterion_id=question.criterion_id,
                seat_id=seat.id,
                bid_id=bid_id,
                tender_id=question.tender_id,
                created_at=ctx.now,
            )
        )
    open_what_is_complete(ctx, evaluation)
