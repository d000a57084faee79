"""Who may do what with bids. Before they are opened only the box is there, and where it is nobody
can say but those who know the key and whose it is. Who sees an opened bid is a matter of the
evaluation, and stands there.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from auth.actor import NOBODY, Actor, Kind
from marketplace.bids.models import Bid, Choice, ChoiceStage, Opening, SealedBid, SealedLetter
from marketplace.core.journal import Event
from marketplace.policy.clauses import Clause, loti, sees, system
from marketplace.policy.tenders import inside, lead, partner
from marketplace.rules import (
    Rule,
    Rules,
    author,
    author_or_approver,
    authority,
    manager,
    owner,
    supplier,
    the_marketplace_itself,
)
from marketplace.tenders.models import Party, PartyStage
from marketplace.verbs import Verb

another_party = Rule(
    "act for another authority than whoever began the opening",
    lambda who, what: what.begun_for_id != who.organisation_id,
)

_bidding = supplier & manager & owner
_opening = authority & author_or_approver & partner

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.BID_START: _bidding,
    Verb.BID_EDIT: _bidding,
    Verb.BID_ATTACH: _bidding,
    Verb.BID_DETACH: _bidding,
    Verb.BID_SUBMIT: _bidding,
    Verb.BID_CONFIRM: _bidding,
    Verb.BID_WITHDRAW: _bidding,
    Verb.BID_OPEN: Rules((the_marketplace_itself,)),
    Verb.OPENING_EXCUSE: _opening & lead,
    Verb.OPENING_BEGIN: _opening,
    Verb.OPENING_FINISH: _opening & another_party,
    Verb.CHOICE_RECORD: authority & author & lead,
    Verb.CHOICE_TELL: authority & author & lead,
    Verb.CHOICE_REVOKE: authority & author & lead,
}
FRESHLY = frozenset({Verb.OPENING_BEGIN, Verb.OPENING_FINISH, Verb.CHOICE_TELL, Verb.CHOICE_REVOKE})

_Seat = aliased(Party)


def takes_part(who: Actor, key: Any) -> ColumnElement[bool]:
    """The actor's authority is a party to the tender, and not only asked to be one."""
    if who.organisation_id == NOBODY or who.kind is not Kind.AUTHORITY:
        return false()
    theirs = select(_Seat.id).where(
        _Seat.tender_id == key,
        _Seat.stage == PartyStage.ACCEPTED,
        _Seat.organisation_id == who.organisation_id,
    )
    return theirs.correlate(key.class_).exists()


def _boxes(who: Actor) -> ColumnElement[bool]:
    """A box is found by its place alone, and only a bidder or the clock can say it: support that
    looks with a bidder's eyes sees none.
    """
    return true() if who.kind in (Kind.SUPPLIER, Kind.SYSTEM) and not who.seen_through else false()


def _letters(who: Actor) -> ColumnElement[bool]:
    return true() if who.known and not who.seen_through else system(who)


def _choices(who: Actor) -> ColumnElement[bool]:
    """A bidder reads its own once all bidders of the stage are told."""
    told = and_(col(Choice.stage) == ChoiceStage.TOLD, sees(who, Bid, Choice.bid_id))
    return or_(takes_part(who, Choice.tender_id), loti(who), told)


VISIBILITY: Mapping[type[Any], Clause] = {
    SealedBid: _boxes,
    SealedLetter: _letters,
    Choice: _choices,
    Opening: lambda who: inside(who, Opening.tender_id),
}


def events(who: Actor) -> ColumnElement[bool]:
    """A supplier sees that its own bid was opened, and that it was told whether it goes on."""
    return or_(
        and_(col(Event.verb) == Verb.BID_OPEN, sees(who, Bid, Event.subject_id)),
        and_(
            col(Event.verb).in_((Verb.CHOICE_TELL, Verb.CHOICE_REVOKE)),
            sees(who, Choice, Event.subject_id),
        ),
    )
