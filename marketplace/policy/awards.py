"""Who may do what with awards and their summaries, and who sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from auth.actor import Actor
from marketplace.awards.models import (
    Award,
    AwardStage,
    Consent,
    Proceedings,
    Summary,
    SummaryStage,
)
from marketplace.core.journal import Event
from marketplace.policy.clauses import Clause, among, own, sees
from marketplace.policy.tenders import approver, inside, lead, partner
from marketplace.rules import Rule, Rules, author, authority, the_marketplace_itself
from marketplace.verbs import Verb

of_the_lot = Rule(
    "act for an authority that the lot is for",
    lambda who, what: str(who.organisation_id) in what.parties,
)

_leading = authority & author & lead
_agreeing = authority & approver & of_the_lot
_writing = authority & author & partner

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.AWARD_RECOMMEND: _leading,
    Verb.AWARD_APPROVE: _agreeing,
    Verb.AWARD_PART: _agreeing,
    Verb.AWARD_INFORM: _leading,
    Verb.AWARD_CITE: _leading,
    Verb.AWARD_CONFIRM: _leading,
    Verb.AWARD_SET_ASIDE: _leading,
    Verb.AWARD_END: _leading,
    Verb.TENDER_REMIND: Rules((the_marketplace_itself,)),
    Verb.SUMMARY_EDIT: _writing,
    Verb.SUMMARY_CHECK: _writing,
    Verb.PROCEEDINGS_RECORD: _leading,
    Verb.PROCEEDINGS_END: _leading,
}
FRESHLY = frozenset({Verb.AWARD_INFORM, Verb.AWARD_CONFIRM, Verb.AWARD_SET_ASIDE, Verb.AWARD_END})


def _awards(who: Actor) -> ColumnElement[bool]:
    """Everybody sees an award once its notice is out or it is confirmed, and that nothing is."""
    decided = among(col(Award.stage), (AwardStage.CONFIRMED, AwardStage.ENDED))
    public = or_(col(Award.notice_on).is_not(None), decided)
    return or_(public, inside(who, Award.tender_id))


def _summaries(who: Actor) -> ColumnElement[bool]:
    """A bidder sees its own once it is sent, and no other."""
    sent = col(Summary.stage) == SummaryStage.SENT
    return or_(and_(sent, own(Summary.organisation_id, who)), inside(who, Summary.tender_id))


VISIBILITY: Mapping[type[Any], Clause] = {
    Award: _awards,
    Consent: lambda who: inside(who, Consent.tender_id),
    Summary: _summaries,
    Proceedings: lambda who: inside(who, Proceedings.tender_id),
}

OPEN_NEWS = frozenset({Verb.AWARD_CITE, Verb.AWARD_CONFIRM, Verb.AWARD_END})


def events(who: Actor) -> ColumnElement[bool]:
    """Everybody sees the public steps of an award; who works on the tender sees all."""
    return and_(col(Event.verb).in_(OPEN_NEWS), sees(who, Award, Event.subject_id))
