"""Who may do what, and who sees what. There is no other place.

`PERMISSIONS` says for each verb what must hold; what does not hold refuses with a sentence.
`VISIBILITY` says for each
table which of its rows an actor may see; every other row does not exist for that actor.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from auth.actor import NOBODY, Actor, Kind, Role
from marketplace.catalogue.models import Product, ProductUse
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import (
    UNPUBLISHED,
    Attachment,
    Challenge,
    Circumstances,
    Commitment,
)
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.core.db import kept
from marketplace.core.journal import Event
from marketplace.core.outbox import Delivery
from marketplace.core.workflow import Refusal
from marketplace.notices.models import Import, Notice, Release
from marketplace.organisations.models import Membership, Organisation, Person
from marketplace.verbs import Verb


@dataclass(frozen=True, slots=True)
class Rule:
    says: str  # completes "To do this you must …"
    holds: Callable[[Actor, Any], bool]

    def __and__(self, other: "Rule | Rules") -> "Rules":
        return Rules((self,)) & other


class Rules(tuple[Rule, ...]):
    def __and__(self, other: "Rule | Rules") -> "Rules":
        return Rules((*self, *((other,) if isinstance(other, Rule) else other)))


authority = Rule("act for an authority", lambda who, _: who.kind is Kind.AUTHORITY)
supplier = Rule("act for a supplier", lambda who, _: who.kind is Kind.SUPPLIER)
author = Rule("be an author in your organisation", lambda who, _: Role.AUTHOR in who.roles)
manager = Rule("be a manager in your organisation", lambda who, _: Role.MANAGER in who.roles)
author_or_approver = Rule(
    "be an author or an approver in your organisation",
    lambda who, _: not who.roles.isdisjoint({Role.AUTHOR, Role.APPROVER}),
)
curator = Rule(
    "be a curator of LOTI", lambda who, _: who.kind is Kind.LOTI and Role.CURATOR in who.roles
)
administrator = Rule(
    "be an administrator of LOTI",
    lambda who, _: who.kind is Kind.LOTI and Role.ADMINISTRATOR in who.roles,
)
owner = Rule(
    "act for the organisation it belongs to",
    lambda who, what: what.organisation_id == who.organisation_id,
)
not_the_posters_own = Rule(
    "act for another authority than the one that posted the challenge",
    lambda who, what: what.challenge.organisation_id != who.organisation_id,
)


def or_the_system(rules: Rule | Rules) -> Rule:
    """The rules hold, or the marketplace itself does it: the clock closes, a setting approves."""
    every = (rules,) if isinstance(rules, Rule) else rules
    return Rule(
        " and ".join(rule.says for rule in every),
        lambda who, what: who.kind is Kind.SYSTEM or all(rule.holds(who, what) for rule in every),
    )


the_marketplace_itself = Rule("be the marketplace itself", lambda who, _: who.kind is Kind.SYSTEM)
reads_notices_in = or_the_system(
    Rule("act for an authority or LOTI", lambda who, _: who.kind in (Kind.AUTHORITY, Kind.LOTI))
)
_author_of_it = authority & author & owner
_manager_of_it = supplier & manager & owner
_committing = authority & author_or_approver & owner & not_the_posters_own

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.ORGANISATION_REGISTER: Rules((the_marketplace_itself,)),
    Verb.NOTICE_IMPORT: Rules((reads_notices_in,)),
    Verb.PRODUCT_DRAFT: _manager_of_it,
    Verb.PRODUCT_EDIT: _manager_of_it,
    Verb.PRODUCT_DISCARD: _manager_of_it,
    Verb.PRODUCT_PUBLISH: _manager_of_it,
    Verb.PRODUCT_PAUSE: _manager_of_it,
    Verb.PRODUCT_RETIRE: _manager_of_it,
    Verb.CHALLENGE_DRAFT: _author_of_it,
    Verb.CHALLENGE_EDIT: _author_of_it,
    Verb.CHALLENGE_ATTACH: _author_of_it,
    Verb.CHALLENGE_DETACH: _author_of_it,
    Verb.CHALLENGE_DISCARD: _author_of_it,
    Verb.CHALLENGE_SUBMIT: _author_of_it,
    Verb.CHALLENGE_RETURN: Rules((curator,)),
    Verb.CHALLENGE_APPROVE: Rules((or_the_system(curator),)),
    Verb.CHALLENGE_CLOSE: Rules((or_the_system(_author_of_it),)),
    Verb.CHALLENGE_TAKE: _author_of_it,
    Verb.CHALLENGE_PILOT: _author_of_it,
    Verb.CHALLENGE_SHARE: _author_of_it,
    Verb.CHALLENGE_DROP: _author_of_it,
    Verb.CHALLENGE_WITHDRAW: _author_of_it,
    Verb.COMMITMENT_MAKE: _committing,
    Verb.COMMITMENT_CHANGE: _committing,
    Verb.COMMITMENT_WITHDRAW: _committing,
    Verb.DELIVERY_RETRY: Rules((administrator,)),
}


def _own(column: Any, who: Actor) -> ColumnElement[bool]:
    """Rows of the actor's own organisation; visitors and the clock have none."""
    return false() if who.organisation_id == NOBODY else col(column) == who.organisation_id


def _loti(who: Actor) -> ColumnElement[bool]:
    return true() if who.kind in (Kind.LOTI, Kind.SYSTEM) else false()


def _authorities_and_loti(who: Actor) -> ColumnElement[bool]:
    return true() if who.kind in (Kind.AUTHORITY, Kind.LOTI, Kind.SYSTEM) else false()


def _among(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """What `in_` says, for values that are always the same: an `in_` is written out anew each time
    it is asked, which takes longer than the asking.
    """
    return or_(*(column == value for value in values))


def _challenges(who: Actor) -> ColumnElement[bool]:
    stage = col(Challenge.stage)
    return or_(
        ~_among(stage, UNPUBLISHED) & col(Challenge.published_at).is_not(None),
        _own(Challenge.organisation_id, who),
        and_(_loti(who), stage != ChallengeStage.DRAFT),
    )


def _products(who: Actor) -> ColumnElement[bool]:
    stage = col(Product.stage)
    return or_(
        _among(stage, (Listing.LISTED, Listing.RETIRED)),
        _own(Product.organisation_id, who),
        and_(_loti(who), stage != Listing.DRAFT),
    )


def _of(parent: type[Any], key: Any) -> Callable[[Actor], ColumnElement[bool]]:
    """A row is seen by whoever sees the row it belongs to."""
    return lambda who: _sees(who, parent, key)


def _sees(who: Actor, parent: type[Any], key: Any) -> ColumnElement[bool]:
    # EXISTS, because an IN would list every visible parent first, however many there are
    its = select(parent.id).where(parent.id == key, VISIBILITY[parent](who))
    return its.correlate(key.class_).exists()


OPEN_NEWS = frozenset(
    {
        Verb.CHALLENGE_APPROVE,
        Verb.CHALLENGE_CLOSE,
        Verb.CHALLENGE_TAKE,
        Verb.CHALLENGE_PILOT,
        Verb.CHALLENGE_SHARE,
        Verb.CHALLENGE_DROP,
        Verb.CHALLENGE_WITHDRAW,
        Verb.COMMITMENT_MAKE,
        Verb.COMMITMENT_CHANGE,
        Verb.COMMITMENT_WITHDRAW,
    }
)


def _events(who: Actor) -> ColumnElement[bool]:
    """An organisation sees what its own people did and what LOTI asked of it, everybody the public
    steps of what they may see, LOTI all but drafting.
    """
    unsent = (Verb.CHALLENGE_DRAFT, Verb.CHALLENGE_EDIT, Verb.CHALLENGE_DISCARD)
    theirs = select(Challenge.id).where(
        Challenge.id == Event.about_id, _own(Challenge.organisation_id, who)
    )
    return or_(
        _own(Event.organisation_id, who),
        and_(col(Event.verb).in_(OPEN_NEWS), _sees(who, Challenge, Event.about_id)),
        and_(col(Event.verb) == Verb.CHALLENGE_RETURN, theirs.correlate(Event).exists()),
        and_(_loti(who), col(Event.verb).not_in(unsent)),
    )


VISIBILITY: Mapping[type[Any], Callable[[Actor], ColumnElement[bool]]] = {
    Organisation: lambda who: true(),
    Membership: lambda who: or_(_own(Membership.organisation_id, who), _loti(who)),
    Person: lambda who: or_(
        col(Person.id).in_(
            select(Membership.person_id).where(_own(Membership.organisation_id, who))
        ),
        _loti(who),
    ),
    Import: lambda who: or_(_own(Import.organisation_id, who), _loti(who)),
    Notice: lambda who: true(),
    Release: lambda who: true(),
    Product: _products,
    ProductUse: _of(Product, ProductUse.product_id),
    Challenge: _challenges,
    Attachment: _of(Challenge, Attachment.challenge_id),
    Commitment: _of(Challenge, Commitment.challenge_id),
    Circumstances: _authorities_and_loti,
    Event: _events,
    Delivery: _loti,
}


def refusal(who: Actor, verb: Verb, what: object) -> Refusal:
    """Why this actor may not do this to that; None when nothing forbids it."""
    broken = (rule for rule in PERMISSIONS[verb] if not rule.holds(who, what))
    return next((f"To do this you must {rule.says}." for rule in broken), None)


def visible_to(who: Actor, kind: type[Any]) -> ColumnElement[bool]:
    """The rows of a table that this actor may see, as a clause for `where`."""
    return _clause(who, kind)  # type: ignore[arg-type]  # classes are hashable; mypy doubts it


@kept
def _clause(who: Actor, kind: type[Any]) -> ColumnElement[bool]:
    return VISIBILITY[kind](who)


def audience(who: Actor) -> frozenset[str]:
    """The audiences of search documents that this actor belongs to."""
    belongs = {"public"}
    if who.kind in (Kind.AUTHORITY, Kind.LOTI):
        belongs.add("authorities")
    if who.kind is Kind.LOTI:
        belongs.add("loti")
    if who.kind is not Kind.PUBLIC:
        belongs.add(f"organisation-{who.organisation_id}")
    return frozenset(belongs)
