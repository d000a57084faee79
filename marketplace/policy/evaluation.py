"""Who may do what in an evaluation, and who sees what of it: those who sit, and as little as they
need. Whose a bid is, only the procurement officers on the panel see before the end.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from auth.actor import Actor, Kind, Role
from marketplace.bids.models import Bid, Bidder, BidFile, Offer
from marketplace.evaluation.finding_models import Disregard, Exchange, Judgement
from marketplace.evaluation.models import (
    Agreed,
    Declaration,
    Evaluation,
    Opinion,
    Question,
    QuestionStage,
    Ranked,
    Score,
    Seat,
    SeatRole,
    SeatStage,
    Sheet,
    Stage,
)
from marketplace.organisations.models import Person
from marketplace.policy.bids import takes_part
from marketplace.policy.clauses import Clause, among, loti, own, system
from marketplace.policy.tenders import inside, lead
from marketplace.rules import (
    Rule,
    Rules,
    author_or_approver,
    authority,
    either,
    manager,
    or_the_system,
    owner,
    somebody_else,
    supplier,
)
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb


def sits(who: Actor, evaluation: Any, *roles: SeatRole) -> bool:
    """Whether somebody sits on the panel, in one of these roles, and acts for whom they sit."""
    if not who.known or who.seen_through:
        return False
    found = evaluation.sitting.get(str(who.person_id))
    if not found or found["role"] not in roles:
        return False
    return not found["for"] or found["for"] == str(who.organisation_id)


def _sitting(says: str, *roles: SeatRole) -> Rule:
    return Rule(says, lambda who, what: sits(who, getattr(what, "evaluation", what), *roles))


def _holds(who: Actor, seat: Any) -> bool:
    """The seat is theirs, whatever they have declared."""
    own_seat = who.known and seat.person_id == who.person_id
    return own_seat and (seat.expert or seat.organisation_id == who.organisation_id)


chair = _sitting("chair the panel of this tender", SeatRole.CHAIR)
officer_or_chair = _sitting(
    "chair the panel of this tender or be its procurement officer", SeatRole.CHAIR, SeatRole.OFFICER
)
panellist = _sitting("sit on the panel of this tender", *SeatRole)
its_holder = Rule("hold the seat", lambda who, what: _holds(who, getattr(what, "seat", what)))
scorer = Rule(
    "score for the authority whose question it is",
    lambda who, what: (
        what.seat.role == SeatRole.EVALUATOR
        and what.question.organisation_id in (None, what.seat.organisation_id)
    ),
)
invited = Rule("sign in with the address that was invited", lambda who, what: who.known)
whose_seat = Rule(
    "act for the organisation whose seat it is",
    lambda who, what: what.organisation_id == who.organisation_id,
)
names_people = either(
    authority & author_or_approver,
    Rule(
        "be a curator of LOTI", lambda who, _: who.kind is Kind.LOTI and Role.CURATOR in who.roles
    ),
)
_leading = authority & author_or_approver & lead

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.SEAT_OFFER: _leading,
    Verb.SEAT_NAME: names_people & whose_seat,
    Verb.SEAT_INVITE: names_people & whose_seat,
    Verb.SEAT_TAKE: Rules((invited,)),
    Verb.SEAT_DECLARE: Rules((its_holder,)),
    Verb.SEAT_CLEAR: Rules((or_the_system(_leading & somebody_else),)),
    Verb.SEAT_BAR: Rules((or_the_system(_leading & somebody_else),)),
    Verb.SEAT_END: Rules((either(names_people & whose_seat, _leading),)),
    Verb.EVALUATION_BEGIN: Rules((either(Rules((chair,)), _leading),)),
    Verb.EVALUATION_LOCK: Rules((chair,)),
    Verb.EVALUATION_FINALISE: Rules((chair,)),
    Verb.QUESTION_CLOSE: Rules((or_the_system(chair),)),
    Verb.SCORE_DRAFT: its_holder & scorer,
    Verb.SCORE_SEND: its_holder & scorer,
    Verb.SCORE_AGREE: Rules((chair,)),
    Verb.SCORE_OPINE: Rules((panellist,)),
    Verb.JUDGEMENT_MAKE: Rules((chair,)),
    Verb.EXCHANGE_ASK: Rules((officer_or_chair,)),
    # The journal says that the marketplace did it, so that it cannot name whose bid it is.
    Verb.EXCHANGE_ANSWER: Rules((or_the_system(supplier & manager & owner),)),
    Verb.DISREGARD_MAKE: Rules((officer_or_chair,)),
    Verb.DISREGARD_DROP: Rules((officer_or_chair,)),
}
FRESHLY = frozenset({Verb.EVALUATION_LOCK, Verb.EVALUATION_FINALISE})
# What LOTI does not see happen: it has seats like everybody else.
UNSENT = frozenset({Verb.SCORE_DRAFT})


# ---- Who sees what

_Mine = aliased(Seat)  # the reader's own, beside whichever seats are asked for
_Its = aliased(Evaluation)


def _own_seat(who: Actor) -> ColumnElement[bool]:
    return and_(
        col(_Mine.person_id) == who.person_id,
        or_(col(_Mine.expert).is_(True), col(_Mine.organisation_id) == who.organisation_id),
    )


def _on_the_panel(who: Actor, key: Any, *roles: SeatRole) -> ColumnElement[bool]:
    """The reader sits on the panel of the tender. An expert loses sight when it is final."""
    if not who.known or who.seen_through:
        return false()
    mine = (
        select(_Mine.id)
        .join(_Its, col(_Its.id) == _Mine.evaluation_id)
        .where(
            _Mine.tender_id == key,
            _Mine.stage == SeatStage.SITTING,
            _own_seat(who),
            or_(col(_Mine.expert).is_(False), col(_Its.stage) != Stage.FINAL),
        )
    )
    if roles:
        mine = mine.where(among(col(_Mine.role), roles))
    return mine.correlate(key.class_).exists()


def _is_final(key: Any) -> ColumnElement[bool]:
    final = select(_Its.id).where(_Its.tender_id == key, _Its.stage == Stage.FINAL)
    return final.correlate(key.class_).exists()


def _afterwards(who: Actor, key: Any) -> ColumnElement[bool]:
    """Once it is final, the authorities of the tender and LOTI see it."""
    return and_(_is_final(key), or_(takes_part(who, key), loti(who)))


def _panel(table: Any) -> Clause:
    return lambda who: or_(
        system(who), _on_the_panel(who, table.tender_id), _afterwards(who, table.tender_id)
    )


def _seats(who: Actor) -> ColumnElement[bool]:
    """Everybody who works on the tender knows its panel; and a seat is known to whom it is for."""
    if not who.known:
        return system(who)
    address = select(Person.email).where(Person.id == who.person_id).scalar_subquery()
    theirs = and_(
        col(Seat.stage) != SeatStage.ENDED,
        or_(
            and_(
                col(Seat.person_id) == who.person_id,
                or_(col(Seat.expert).is_(True), own(Seat.organisation_id, who)),
            ),
            and_(col(Seat.stage) == SeatStage.INVITED, col(Seat.email) == address),
        ),
    )
    mine = false() if who.seen_through else theirs
    return or_(inside(who, Seat.tender_id), mine, _on_the_panel(who, Seat.tender_id))


def _evaluations(who: Actor) -> ColumnElement[bool]:
    return or_(inside(who, Evaluation.tender_id), _has_a_seat(who, Evaluation.tender_id))


def _has_a_seat(who: Actor, key: Any) -> ColumnElement[bool]:
    if not who.known or who.seen_through:
        return false()
    address = select(Person.email).where(Person.id == who.person_id).scalar_subquery()
    mine = select(_Mine.id).where(
        _Mine.tender_id == key,
        _Mine.stage != SeatStage.ENDED,
        or_(
            _own_seat(who), and_(col(_Mine.stage) == SeatStage.INVITED, col(_Mine.email) == address)
        ),
    )
    return mine.correlate(key.class_).exists()


def _declarations(who: Actor) -> ColumnElement[bool]:
    """One's own; and the people of the authority that leads, who decide."""
    mine = select(_Mine.id).where(_Mine.id == Declaration.seat_id, _own_seat(who))
    ones_own = (
        mine.correlate(Declaration).exists() if who.known and not who.seen_through else false()
    )
    return or_(system(who), ones_own, _decides(who, Declaration.tender_id))


def _decides(who: Actor, key: Any) -> ColumnElement[bool]:
    if who.kind is not Kind.AUTHORITY or who.roles.isdisjoint({Role.AUTHOR, Role.APPROVER}):
        return false()
    leads = select(Tender.id).where(
        Tender.id == key, col(Tender.organisation_id) == who.organisation_id
    )
    return leads.correlate(key.class_).exists()


def _own_sheets(who: Actor, table: Any) -> ColumnElement[bool]:
    if not who.known or who.seen_through:
        return false()
    mine = select(_Mine.id).where(
        _Mine.id == table.seat_id, _Mine.stage == SeatStage.SITTING, _own_seat(who)
    )
    return mine.correlate(table).exists()


def _scores(who: Actor) -> ColumnElement[bool]:
    """One's own; and everybody's once all have scored the question."""
    asked = select(Question.id).where(
        Question.tender_id == Score.tender_id,
        Question.criterion_id == Score.criterion_id,
        Question.stage != QuestionStage.SCORING,
    )
    both = and_(asked.correlate(Score).exists(), _on_the_panel(who, Score.tender_id))
    return or_(system(who), _own_sheets(who, Score), both, _afterwards(who, Score.tender_id))


def _exchanges(who: Actor) -> ColumnElement[bool]:
    theirs = select(Bid.id).where(Bid.id == Exchange.bid_id, own(Bid.organisation_id, who))
    return or_(theirs.correlate(Exchange).exists(), _panel(Exchange)(who))


def _offers(who: Actor) -> ColumnElement[bool]:
    """Sealed to the panel until quality is locked, where the tender said so."""
    open_ = select(_Its.id).where(
        _Its.tender_id == Offer.tender_id, col(_Its.prices_open).is_(True)
    )
    shown = and_(open_.correlate(Offer).exists(), _on_the_panel(who, Offer.tender_id))
    return or_(system(who), shown, _afterwards(who, Offer.tender_id))


def _bids(who: Actor) -> ColumnElement[bool]:
    """Whose it is and all of it: the bidder, the panel's procurement officers and, when the
    evaluation is final, the authorities and LOTI; of an earlier stage at once, because its
    authorities decide who goes on.
    """
    return or_(
        system(who),
        own(Bid.organisation_id, who),
        and_(col(Bid.earlier).is_(True), or_(takes_part(who, Bid.tender_id), loti(who))),
        _on_the_panel(who, Bid.tender_id, SeatRole.OFFICER),
        _afterwards(who, Bid.tender_id),
    )


def _files(who: Actor) -> ColumnElement[bool]:
    whole = select(Bid.id).where(Bid.id == BidFile.bid_id, _bids(who))
    read = select(Bidder.id).where(
        Bidder.bid_id == BidFile.bid_id, _on_the_panel(who, Bidder.tender_id)
    )
    return or_(whole.correlate(BidFile).exists(), read.correlate(BidFile).exists())


def _ranked(who: Actor) -> ColumnElement[bool]:
    return or_(system(who), _afterwards(who, Ranked.tender_id))


VISIBILITY: Mapping[type[Any], Clause] = {
    Bid: _bids,
    BidFile: _files,
    Bidder: _panel(Bidder),
    Offer: _offers,
    Evaluation: _evaluations,
    Seat: _seats,
    Declaration: _declarations,
    Question: lambda who: or_(  # how far each is, and no more
        inside(who, Question.tender_id), _on_the_panel(who, Question.tender_id)
    ),
    Sheet: lambda who: or_(system(who), _own_sheets(who, Sheet)),
    Score: _scores,
    Agreed: _panel(Agreed),
    Opinion: _panel(Opinion),
    Judgement: _panel(Judgement),
    Exchange: _exchanges,
    Disregard: _panel(Disregard),
    Ranked: _ranked,
}
