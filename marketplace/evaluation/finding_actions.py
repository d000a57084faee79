"""What is done about a single bid: standards are judged, its bidder is asked, and it is not
considered any more.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from auth.actor import CLOCK
from marketplace.bids.asking import Wanted
from marketplace.bids.models import Bidder
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.times import end_of
from marketplace.evaluation import finding_queries, queries
from marketplace.evaluation.finding_models import (
    About,
    Disregard,
    Exchange,
    Ground,
    Judgement,
)
from marketplace.evaluation.forms import Answering, Asking, Disregarding, Judging
from marketplace.evaluation.models import (
    Evaluation,
    QuestionStage,
    Sheet,
    SheetStage,
)
from marketplace.evaluation.panel_actions import settle
from marketplace.perform import lock, perform, permit
from marketplace.verbs import Verb

LONGEST_TIME = timedelta(days=90)  # that a bidder has to answer


def judge(
    ctx: Context, evaluation: Evaluation, bidder: Bidder, wanted: Wanted, form: Judging
) -> None:
    """The panel says whether a bid meets a standard, and why: where nothing was assessed, or
    against what was.
    """
    facts = {"bidder": bidder.number, "standard": wanted.name, "met": form.met}
    perform(ctx, Verb.JUDGEMENT_MAKE, evaluation, about=evaluation, **facts)
    known = finding_queries.judgements(ctx, evaluation.tender)
    made = known.get((bidder.bid_id, wanted.version_id)) or Judgement(
        met=form.met,
        because=form.because,
        person_name=ctx.actor.name,
        version_id=UUID(wanted.version_id),
        bid_id=bidder.bid_id,
        tender_id=evaluation.tender_id,
        created_at=ctx.now,
    )
    made.met, made.because, made.person_name = form.met, form.because, ctx.actor.name
    ctx.session.add(made)


def ask(ctx: Context, evaluation: Evaluation, bidder: Bidder, form: Asking) -> Exchange:
    """Asks a bidder about its bid, by a day."""
    made = Exchange(
        about=form.about,
        question=form.question,
        answer_by=end_of(form.answer_by),
        bid_id=bidder.bid_id,
        evaluation_id=evaluation.id,
        evaluation=evaluation,
        tender_id=evaluation.tender_id,
        created_at=ctx.now,
    )
    lock(ctx, evaluation)
    perform(ctx, Verb.EXCHANGE_ASK, made, about=evaluation.tender, bidder=bidder.number)
    return made


def answer(ctx: Context, exchange: Exchange, form: Answering) -> None:
    """The journal has no name of who answered, or its readers would know whose bid it is."""
    lock(ctx, exchange.evaluation)
    permit(ctx, Verb.EXCHANGE_ANSWER, exchange)
    tender = exchange.evaluation.tender
    perform(replace(ctx, actor=CLOCK), Verb.EXCHANGE_ANSWER, exchange, about=tender)
    exchange.answer, exchange.answered_at = form.answer, ctx.now


def disregard(ctx: Context, evaluation: Evaluation, bidder: Bidder, form: Disregarding) -> None:
    """The bid is not considered any more. Of an abnormally low price its bidder is asked first."""
    lock(ctx, evaluation)
    if form.ground is Ground.LOW_PRICE and not _asked_first(ctx, evaluation, bidder):
        raise Conflict(
            "Ask the bidder about its price first, and read the answer or wait until the time to "
            "answer is over (section 19 of the Procurement Act 2023)."
        )
    facts = {"bidder": bidder.number, "ground": str(form.ground), "because": form.because}
    perform(ctx, Verb.DISREGARD_MAKE, evaluation, about=evaluation, **facts)
    made = Disregard(
        ground=form.ground,
        because=form.because,
        person_name=ctx.actor.name,
        bid_id=bidder.bid_id,
        tender_id=evaluation.tender_id,
        created_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(made)
            ctx.session.flush()
    except IntegrityError:
        raise Conflict(f"{bidder.called} is not considered any more already.") from None
    settle(ctx, evaluation)


def _asked_first(ctx: Context, evaluation: Evaluation, bidder: Bidder) -> bool:
    return any(
        one.about is About.LOW_PRICE and one.bid_id == bidder.bid_id and not one.waits(ctx.now)
        for one in finding_queries.exchanges(ctx, evaluation.tender)
    )


def reconsider(ctx: Context, evaluation: Evaluation, bidder: Bidder, because: str) -> None:
    """The bid is considered again, and whoever sent scores without it scores it, too. What they
    gave others stays. Quality is locked anew afterwards, and until then prices are sealed again.
    """
    lock(ctx, evaluation)
    permit(ctx, Verb.DISREGARD_DROP, evaluation)
    found = finding_queries.disregarded(ctx, evaluation.tender).get(bidder.bid_id)
    if found is None:
        raise Conflict(f"{bidder.called} is considered already.")
    without = queries.sent_without(ctx, evaluation, bidder)
    facts = {"bidder": bidder.number, "ground": str(found.ground), "because": because}
    if evaluation.prices_open:
        facts["prices"] = "open"  # to whoever scores it now
    perform(ctx, Verb.DISREGARD_DROP, evaluation, about=evaluation.tender, **facts)
    ctx.session.delete(found)
    evaluation.locked_at = None
    evaluation.prices_open = not queries.what_was_asked(ctx, evaluation.tender).prices_sealed
    _, over = queries.bidders_with(ctx, evaluation.tender)
    if bidder.bid_id not in over:
        _score_again(ctx, evaluation, without)


def _score_again(ctx: Context, evaluation: Evaluation, without: Sequence[Sheet]) -> None:
    """Opens again what is left to score, or to agree on."""
    for sheet in without:
        sheet.stage, sheet.sent_at = SheetStage.DRAFT, None
    unscored = {one.question_id for one in without}
    for question in queries.questions_and_sent(ctx, evaluation)[0].values():
        if question.id in unscored:
            question.stage, question.because = QuestionStage.SCORING, ""
    settle(ctx, evaluation)
