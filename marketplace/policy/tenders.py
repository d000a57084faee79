"""Who may do what with tenders and the questions about them, and who sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from auth.actor import NOBODY, Actor, Kind, Role
from marketplace.clarifications.models import Asker, Clarification, ClarificationStage
from marketplace.core.journal import Event
from marketplace.policy.clauses import Clause, among, loti, of, own, sees, system
from marketplace.rules import (
    Rule,
    Rules,
    author,
    author_or_approver,
    authority,
    manager,
    or_the_system,
    owner,
    supplier,
)
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import (
    Approval,
    Comment,
    Criterion,
    Demand,
    PartVersion,
    Party,
    PartyStage,
    Publication,
    Tender,
    TenderCheck,
    TenderDocument,
)
from marketplace.verbs import Verb

approver = Rule("be an approver in your organisation", lambda who, _: Role.APPROVER in who.roles)
lead = Rule(
    "act for the authority that leads the tender",
    lambda who, what: getattr(what, "tender", what).organisation_id == who.organisation_id,
)
partner = Rule(
    "act for an authority that takes part in the tender",
    lambda who, what: str(who.organisation_id) in getattr(what, "tender", what).partners,
)
partner_or_loti = Rule(
    "act for an authority that takes part in the tender, or for LOTI",
    lambda who, what: who.kind is Kind.LOTI or partner.holds(who, what),
)
not_the_lead = Rule(
    "hand the lead over first, because the lead cannot leave a tender",
    lambda who, what: what.tender.organisation_id != what.organisation_id,
)
for_oneself = Rule(
    "act for the organisation that it is about",
    lambda who, what: what.organisation_id == who.organisation_id,
)
its_own_party = Rule(
    "act for the authority whose approval it is",
    lambda who, what: what.party.organisation_id == who.organisation_id,
)

_drafting = authority & author & partner
_leading = authority & author & lead
_answering = authority & author_or_approver & for_oneself

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.TENDER_DRAFT: authority & author & owner,
    Verb.TENDER_EDIT: _drafting,
    Verb.TENDER_STAGE: _drafting,
    Verb.TENDER_WEIGH: _drafting,
    Verb.TENDER_DEMAND: _drafting,
    Verb.TENDER_RECORD: _drafting,
    Verb.TENDER_ATTACH: _drafting,
    Verb.TENDER_DETACH: _drafting,
    Verb.TENDER_HAND_OVER: _leading,
    Verb.TENDER_PUBLISH: _leading,
    Verb.TENDER_AMEND: _leading,
    Verb.TENDER_WITHDRAW: _leading,
    Verb.TENDER_CANCEL: _leading,
    Verb.TENDER_CITE: _leading,
    Verb.TENDER_SEPARATE: _leading,
    Verb.PARTY_INVITE: _leading,
    Verb.PARTY_REVOKE: _leading,
    Verb.PARTY_ACCEPT: _answering,
    Verb.PARTY_DECLINE: _answering,
    Verb.PARTY_DESCRIBE: _answering,
    Verb.PARTY_LEAVE: _answering & not_the_lead,
    Verb.LOT_ADD: _drafting,
    Verb.LOT_CHANGE: _drafting,
    Verb.LOT_REMOVE: _drafting,
    Verb.LOT_END: _leading,
    Verb.CRITERION_ADD: _drafting,
    Verb.CRITERION_CHANGE: _drafting,
    Verb.CRITERION_REMOVE: _drafting,
    Verb.APPROVAL_GIVE: authority & approver & its_own_party & partner,
    Verb.APPROVAL_OBJECT: authority & author_or_approver & its_own_party & partner,
    Verb.COMMENT_ADD: Rules((partner_or_loti,)),
    Verb.COMMENT_RESOLVE: Rules((partner_or_loti,)),
    # The journal says that the marketplace did it, so that it cannot name who asked.
    Verb.CLARIFICATION_ASK: Rules((or_the_system(supplier & manager),)),
    Verb.CLARIFICATION_ANSWER: _drafting,
    Verb.CLARIFICATION_PUBLISH: _leading,
    Verb.CLARIFICATION_DECLINE: _leading,
    Verb.CLARIFICATION_MERGE: _leading,
}
FRESHLY = frozenset({Verb.TENDER_PUBLISH, Verb.TENDER_AMEND, Verb.TENDER_CANCEL, Verb.LOT_END})


_Seat = aliased(Party)  # the actor's own, beside whichever parties are asked for


def _takes_part(who: Actor, key: Any) -> ColumnElement[bool]:
    """The actor's authority takes part in the tender, or is asked to."""
    if who.organisation_id == NOBODY or who.kind is not Kind.AUTHORITY:
        return false()
    theirs = select(_Seat.id).where(
        _Seat.tender_id == key,
        among(col(_Seat.stage), (PartyStage.INVITED, PartyStage.ACCEPTED)),
        _Seat.organisation_id == who.organisation_id,
    )
    return theirs.correlate(key.class_).exists()


def inside(who: Actor, key: Any) -> ColumnElement[bool]:
    """Whoever prepares the tender: its authorities, those that are asked to join, and LOTI."""
    return or_(loti(who), _takes_part(who, key))


def _inside(table: Any) -> Clause:
    return lambda who: inside(who, table.tender_id)


def _tenders(who: Actor) -> ColumnElement[bool]:
    return or_(col(Tender.published_at).is_not(None), inside(who, Tender.id))


def _lots(who: Actor) -> ColumnElement[bool]:
    """Where a published tender has lots, questions name them."""
    return sees(who, Tender, Lot.tender_id)


def _documents(who: Actor) -> ColumnElement[bool]:
    published = col(TenderDocument.published_at).is_not(None) & sees(
        who, Tender, TenderDocument.tender_id
    )
    return or_(published, inside(who, TenderDocument.tender_id))


def _clarifications(who: Actor) -> ColumnElement[bool]:
    published = col(Clarification.stage) == ClarificationStage.PUBLISHED
    asked = select(Asker.id).where(
        Asker.clarification_id == Clarification.id, own(Asker.organisation_id, who)
    )
    return or_(
        and_(published, sees(who, Tender, Clarification.tender_id)),
        inside(who, Clarification.tender_id),
        asked.correlate(Clarification).exists(),
    )


VISIBILITY: Mapping[type[Any], Clause] = {
    Tender: _tenders,
    Party: lambda who: or_(inside(who, Party.tender_id), own(Party.organisation_id, who)),
    Lot: _lots,
    Criterion: _inside(Criterion),
    Demand: _inside(Demand),
    TenderDocument: _documents,
    TenderCheck: _inside(TenderCheck),
    PartVersion: _inside(PartVersion),
    Approval: _inside(Approval),
    Comment: _inside(Comment),
    Publication: of(Tender, Publication.tender_id),
    Clarification: _clarifications,
    Asker: lambda who: or_(own(Asker.organisation_id, who), system(who)),
}

OPEN_NEWS = frozenset(
    {
        Verb.TENDER_PUBLISH,
        Verb.TENDER_AMEND,
        Verb.TENDER_CANCEL,
        Verb.LOT_END,
        Verb.CLARIFICATION_PUBLISH,
    }
)


def events(who: Actor) -> ColumnElement[bool]:
    """Everybody sees the public steps of what they may see; who prepares it, every step."""
    return or_(
        and_(col(Event.verb).in_(OPEN_NEWS), sees(who, Tender, Event.about_id)),
        _takes_part(who, Event.about_id),
    )
