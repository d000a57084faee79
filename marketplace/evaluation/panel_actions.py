"""What is done with the seats of a panel: offered, named, declared for, and ended."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from auth.actor import CLOCK, Kind
from marketplace.core.context import Context
from marketplace.core.errors import Conflict, Forbidden
from marketplace.evaluation import finding_queries, naming_queries, queries
from marketplace.evaluation.forms import Declaring, InvitingExpert, Offering
from marketplace.evaluation.models import (
    Declaration,
    Evaluation,
    Interest,
    QuestionStage,
    Seat,
    SeatRole,
    SeatStage,
    Stage,
)
from marketplace.evaluation.progress import counted, missing
from marketplace.perform import lock, perform, permit, require
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

MOST_SEATS = 60  # of a panel
ALREADY = "This person has a seat on the panel already."


def held(ctx: Context, tender: Tender) -> Evaluation:
    """The evaluation, locked; it is there from the first seat on."""
    lock(ctx, tender, shared=True)
    found = queries.evaluation(ctx, tender.id)
    if found is None:
        found = Evaluation(tender_id=tender.id, tender=tender, created_at=ctx.now)
        try:
            with ctx.session.begin_nested():
                ctx.session.add(found)
                ctx.session.flush()
        except IntegrityError:  # a colleague was quicker
            found = queries.evaluation(ctx, tender.id)
    assert found  # noqa: S101 - it is there now, whoever made it
    lock(ctx, found)
    return found


def prospect(tender: Tender, of: Evaluation | None = None) -> Seat:
    """A seat as the lead may offer one, to ask whether somebody may."""
    about = of or Evaluation(tender=tender, tender_id=tender.id)
    return Seat(
        role=SeatRole.EVALUATOR,
        organisation_id=tender.organisation_id,
        evaluation=about,
        evaluation_id=about.id,
        tender_id=tender.id,
    )


def offer(ctx: Context, tender: Tender, form: Offering) -> None:
    """Offers seats to an organisation, which names its people itself."""
    require(ctx, Verb.SEAT_OFFER, prospect(tender))
    evaluation = held(ctx, tender)
    present = [one for one in queries.seats(ctx, evaluation) if one.stage is not SeatStage.ENDED]
    if len(present) + form.number > MOST_SEATS:
        raise Conflict(f"A panel can have {MOST_SEATS} seats. End one first.")
    for _ in range(form.number):
        seat = Seat(
            role=form.role,
            organisation_id=form.organisation_id,
            evaluation_id=evaluation.id,
            evaluation=evaluation,
            tender_id=tender.id,
            created_at=ctx.now,
        )
        perform(ctx, Verb.SEAT_OFFER, seat, about=tender, name=form.role.label)


def name(ctx: Context, seat: Seat, person_id: UUID) -> None:
    """Gives the seat to one of the organisation's own people."""
    lock(ctx, seat.evaluation)
    known = {person.id for person, _ in naming_queries.colleagues(ctx, seat)}
    if person_id not in known:
        raise Conflict("Choose somebody who acts for your organisation and has no seat yet.")
    perform(ctx, Verb.SEAT_NAME, seat, about=seat.tender, name=seat.role.label)
    _give(ctx, seat, person_id)


def invite(ctx: Context, seat: Seat, form: InvitingExpert) -> None:
    """Asks somebody from outside, for this tender only."""
    lock(ctx, seat.evaluation)
    perform(ctx, Verb.SEAT_INVITE, seat, about=seat.tender)
    seat.expert, seat.email, seat.expertise = True, form.email, form.expertise


def take(ctx: Context, seat: Seat) -> None:
    """Whoever signed in with the address that was invited takes the seat."""
    lock(ctx, seat.evaluation)
    permit(ctx, Verb.SEAT_TAKE, seat)
    if naming_queries.address(ctx).lower() != seat.email:
        raise Forbidden(f"This seat was offered to {seat.email}. Sign in with that address.")
    if ctx.actor.kind is Kind.SUPPLIER:
        raise Conflict("You act for a supplier, and suppliers judge no bids.")
    perform(ctx, Verb.SEAT_TAKE, seat, about=seat.tender)
    _give(ctx, seat, ctx.actor.person_id)


def _give(ctx: Context, seat: Seat, person_id: UUID) -> None:
    if seat.role is not SeatRole.OFFICER and person_id in naming_queries.were_officers(ctx, seat):
        raise Conflict(
            "Whoever was a procurement officer of this panel knows whose the bids are, so they do "
            "not score."
        )
    seat.person_id = person_id
    try:
        with ctx.session.begin_nested():
            ctx.session.flush()
    except IntegrityError:
        raise Conflict(ALREADY) from None
    ctx.session.refresh(seat, ["person"])


# ---- Interests


def declare(ctx: Context, seat: Seat, form: Declaring) -> Declaration:
    """What the holder says now counts. With no interest, and nothing assessed of a bidder, they
    sit at once; with an actual one they stand aside; the lead decides of the rest.
    """
    evaluation = seat.evaluation
    lock(ctx, evaluation)
    permit(ctx, Verb.SEAT_DECLARE, seat)
    tender = seat.tender
    assessed = finding_queries.assessed_claims_of(ctx, tender, ctx.actor.person_id)
    undecided = form.interest is not Interest.NONE or assessed
    told = {"outcome": "an interest that was declared"} if undecided else {}
    perform(ctx, Verb.SEAT_DECLARE, seat, about=tender, **told)
    made = Declaration(
        interest=form.interest,
        details=form.details if form.interest is not Interest.NONE else "",
        steps=form.steps if form.interest is not Interest.NONE else "",
        assessed=assessed,
        scored=[str(one) for one in queries.scored_by(ctx, seat)],
        person_id=ctx.actor.person_id,
        seat_id=seat.id,
        seat=seat,
        tender_id=tender.id,
        created_at=ctx.now,
    )
    ctx.session.add(made)
    itself = replace(ctx, actor=CLOCK)
    if form.interest is Interest.ACTUAL:
        perform(itself, Verb.SEAT_BAR, seat, about=tender)
        _stood_aside(itself, seat)
    elif not undecided:
        perform(itself, Verb.SEAT_CLEAR, seat, about=tender)
    _seated(itself, evaluation)
    return made


def clear(ctx: Context, seat: Seat, mitigation: str) -> None:
    """The lead decides that somebody can sit, with the steps that make it fair."""
    lock(ctx, seat.evaluation)
    told = {"outcome": "You can sit on the panel"}
    perform(ctx, Verb.SEAT_CLEAR, seat, about=seat.tender, **told)
    _decide(ctx, seat, mitigation, sits=True)


def bar(ctx: Context, seat: Seat, mitigation: str) -> None:
    lock(ctx, seat.evaluation)
    told = {"outcome": "You stand aside from the panel"}
    perform(ctx, Verb.SEAT_BAR, seat, about=seat.tender, **told)
    _decide(ctx, seat, mitigation, sits=False)
    _stood_aside(replace(ctx, actor=CLOCK), seat)


def _decide(ctx: Context, seat: Seat, mitigation: str, *, sits: bool) -> None:
    newest = queries.declarations_of(ctx, seat)[0]
    newest.decided_at, newest.sits, newest.mitigation = ctx.now, sits, mitigation
    newest.decided_by = f"{ctx.actor.name}, {ctx.actor.organisation_name}"
    _seated(replace(ctx, actor=CLOCK), seat.evaluation)


def end(ctx: Context, seat: Seat, because: str) -> None:
    """The seat ends; what its holder has sent stays."""
    evaluation = seat.evaluation
    lock(ctx, evaluation)
    perform(ctx, Verb.SEAT_END, seat, about=seat.tender, because=because, name=seat.role.label)
    seat.because, seat.ended_at = because, ctx.now
    _seated(replace(ctx, actor=CLOCK), evaluation)


def _seated(ctx: Context, evaluation: Evaluation) -> None:
    """Who sits has changed, so have policy's list and what is waited for."""
    ctx.session.flush()
    everybody = queries.seats(ctx, evaluation)
    evaluation.sitting = {
        str(one.person_id): {
            "role": str(one.role),
            "seat": str(one.id),
            "for": "" if one.expert else str(one.organisation_id),
        }
        for one in everybody
        if one.stage is SeatStage.SITTING
    }
    open_what_is_complete(ctx, evaluation)


def open_what_is_complete(ctx: Context, evaluation: Evaluation) -> None:
    """A question that everybody has scored is opened to the panel."""
    if evaluation.stage is not Stage.SCORING:
        return
    ctx.session.flush()
    ctx = replace(ctx, actor=CLOCK)
    everybody = queries.seats(ctx, evaluation)
    questions, sent = queries.questions_and_sent(ctx, evaluation)
    titles = {one.id: one.title for one in queries.what_was_asked(ctx, evaluation.tender).questions}
    for one in questions.values():
        waits = missing(one, everybody, sent) or not counted(one, everybody, sent)
        if one.stage is QuestionStage.SCORING and not waits:
            one.evaluation = evaluation
            title = titles.get(str(one.criterion_id), "")
            perform(ctx, Verb.QUESTION_CLOSE, one, about=evaluation.tender, name=title)


def settle(ctx: Context, evaluation: Evaluation) -> None:
    """A question that is open is agreed when every bid that is considered has its score."""
    ctx.session.flush()
    ctx = replace(ctx, actor=CLOCK)
    there = {(one.criterion_id, one.bid_id) for one in queries.agreed(ctx, evaluation.tender)}
    every = [one.bid_id for one in queries.considered(ctx, evaluation.tender)]
    for one in queries.questions_and_sent(ctx, evaluation)[0].values():
        if one.stage is not QuestionStage.SCORING:
            whole = all((one.criterion_id, bid) in there for bid in every)
            one.stage = QuestionStage.AGREED if whole else QuestionStage.OPEN


def _stood_aside(ctx: Context, seat: Seat) -> None:
    """What was agreed on with the scores of somebody who stands aside now is agreed on again; and
    where no other scores are left, somebody has to give some first.
    """
    if seat.role is not SeatRole.EVALUATOR or seat.evaluation.stage is not Stage.SCORING:
        return
    theirs = set(queries.scored_by(ctx, seat))
    again = [one for one in queries.agreed(ctx, seat.tender) if one.criterion_id in theirs]
    for opinion in queries.opinions_about(ctx, again):
        ctx.session.delete(opinion)
    ctx.session.flush()
    for one in again:
        ctx.session.delete(one)
    everybody = queries.seats(ctx, seat.evaluation)
    questions, sent = queries.questions_and_sent(ctx, seat.evaluation)
    for question in questions.values():
        if question.criterion_id in theirs and not counted(question, everybody, sent):
            question.stage, question.because = QuestionStage.SCORING, ""
    settle(ctx, seat.evaluation)
