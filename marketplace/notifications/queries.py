"""What people are told, with what it is about as they may see it now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, bindparam, case, cast, func, or_, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from auth.actor import CLOCK, VISITOR, Actor, Kind, Role
from marketplace.bids.models import Opening
from marketplace.catalogue.models import Product
from marketplace.challenges.models import Challenge
from marketplace.claims.models import Claim, Reliance, named
from marketplace.contracts.models import Contract
from marketplace.core.context import Context
from marketplace.core.db import kept
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.evaluation.finding_models import Exchange
from marketplace.evaluation.models import Evaluation, Question, Seat
from marketplace.notices.models import Import, Notice
from marketplace.notifications.models import Notification, Preference
from marketplace.notifications.topics import Topic
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people.models import Invitation, JoinRequest
from marketplace.policy import visible_to
from marketplace.standards.models import Standard, StandardVersion
from marketplace.tenders.models import Tender

SIZE = 25  # notifications on a page
MOST = 99  # that are counted: beyond, a number says no more than "many"

_Offer = aliased(Product)  # the product that news of a claim is about
_HeldTo = aliased(Standard)  # the standard that is claimed
_Who = aliased(Person)  # the person that news of an organisation's people is about


@dataclass(frozen=True, slots=True)
class Item:
    """A notification with its event, and with the thing that its reader may see now."""

    notification: Notification
    event: Event
    organisation: Organisation | None
    challenge: Challenge | None
    product: Product | None
    import_: Import | None
    notice: Notice | None
    join: JoinRequest | None
    person: Person | None
    standard: Standard | None
    tender: Tender | None
    contract: Contract | None
    claim: Claim | None = None
    held_to: str = ""  # the standard that is claimed, with its version
    offer: str = ""  # what it is claimed for


@kept
def _items(who: Actor) -> Any:
    """Notifications of which the reader may still see what they are about, and that still ask for
    what they ask for: one statement, however different the things are.
    """
    columns: list[Any] = [Notification, *_THINGS]
    rows = select(*columns).join(Event, col(Event.id) == Notification.event_id)
    return _with_things(rows, who).where(visible_to(who, Notification), _told_of(), _still_asks())


_THINGS: tuple[Any, ...] = (
    Event,
    Organisation,
    Challenge,
    Product,
    Import,
    Notice,
    JoinRequest,
    _Who,
    Standard,
    Tender,
    Contract,
    Claim,
    _HeldTo.title,
    StandardVersion.label,
    _Offer.name,
)
# The kinds of things whose news is about the tender that they belong to.
TENDERING = (
    *("tender", "party", "lot", "criterion", "approval", "comment", "clarification"),
    *("bid", "opening", "choice", "evaluation", "disregard", "seat", "question", "exchange"),
    *("award", "summary", "proceedings"),
)
# The kinds of things whose news is about the contract that they belong to.
CONTRACTING = ("contract", "calloff", "milestone", "review")
_KNOWN = "unread"  # kept with a session until the page is drawn
_KIND = col(Event.subject_kind)
_ABOUT_ONESELF = ("identity", "person")


def _with_things(rows: Any, who: Actor) -> Any:
    """Joins the one thing that each event is about, if this actor may see it."""

    things: tuple[tuple[tuple[str, ...], Any, Any], ...] = (
        (("challenge", "commitment", "alert"), Event.about_id, Challenge),
        (("product", "edit", "report", "use", "alert"), Event.about_id, Product),
        ((*TENDERING, "alert"), Event.about_id, Tender),
        ((*CONTRACTING, "alert"), Event.about_id, Contract),
        (("notice",), Event.subject_id, Import),
        (("alert",), Event.about_id, Notice),
        (("standard", "alert"), Event.about_id, Standard),
        (("membership", "support"), Event.subject_id, Membership),
        (("join",), Event.subject_id, JoinRequest),
        (("invitation",), Event.subject_id, Invitation),
        (("reliance",), Event.subject_id, Reliance),
        (("opening",), Event.subject_id, Opening),
        (("evaluation", "disregard"), Event.subject_id, Evaluation),
        (("seat",), Event.subject_id, Seat),
        (("question",), Event.subject_id, Question),
        (("exchange",), Event.subject_id, Exchange),
    )
    for kinds, key, table in things:
        seen = _KIND.in_(kinds) & (col(table.id) == key) & visible_to(who, table)
        rows = rows.outerjoin(table, seen)
    claimed = case((_KIND == "claim", Event.subject_id), else_=Reliance.claim_id)
    rows = (
        rows.outerjoin(Claim, (col(Claim.id) == claimed) & visible_to(who, Claim))
        .outerjoin(StandardVersion, col(StandardVersion.id) == Claim.version_id)
        .outerjoin(_HeldTo, col(_HeldTo.id) == StandardVersion.standard_id)
        .outerjoin(_Offer, col(_Offer.id) == Claim.product_id)
    )
    its = func.coalesce(
        Challenge.organisation_id,
        Product.organisation_id,
        Tender.organisation_id,
        Contract.organisation_id,
        Membership.organisation_id,
        JoinRequest.organisation_id,
        Invitation.organisation_id,
        case((_KIND == "claim", Claim.organisation_id)),
        Reliance.organisation_id,
        case(
            (_KIND.in_(("organisation", "domain", "file", "alert")), Event.about_id),
            (_KIND == "agreement", Event.organisation_id),
        ),
    )
    organisation = (col(Organisation.id) == its) & visible_to(who, Organisation)
    oneself = case((_KIND == "person", Event.subject_id))
    person = col(_Who.id) == func.coalesce(Membership.person_id, JoinRequest.person_id, oneself)
    return rows.outerjoin(Organisation, organisation).outerjoin(_Who, person)


def _told_of() -> ColumnElement[bool]:
    """There is something to tell of: a thing that may be seen, or the reader themselves."""
    return or_(
        col(Organisation.id).is_not(None),
        col(Import.id).is_not(None),
        col(Notice.id).is_not(None),
        and_(_KIND == "claim", col(Claim.id).is_not(None)),
        col(Standard.id).is_not(None),
        _KIND.in_(_ABOUT_ONESELF),
    )


def _still_asks() -> ColumnElement[bool]:
    """What needs somebody does so only until anybody has done it."""
    stands = func.coalesce(
        cast(col(Challenge.stage), String),
        cast(col(JoinRequest.stage), String),
        cast(col(Claim.stage), String),
        cast(col(Opening.stage), String),
        cast(col(Evaluation.stage), String),
        cast(col(Seat.stage), String),
        cast(col(Question.stage), String),
        cast(col(Exchange.stage), String),
    )
    return or_(col(Notification.kind) != Topic.NEEDS_YOU, stands == Event.became)


def _made(row: Any) -> Item:
    *_, title, label, offer = row
    held_to = named(title or "", label or "")
    return replace(Item(*row[:13]), held_to=held_to, offer=offer or "")


# ---- For the reader


def inbox(ctx: Context, after: UUID | None = None) -> tuple[Sequence[Item], UUID | None]:
    """What the reader is told, newest first, from the one after `after`; and where to go on."""
    rows = _newest(ctx.actor)
    if after:
        last = one(ctx, after)
        place = tuple_(col(Notification.created_at), col(Notification.id))
        rows = rows.where(place < (last.created_at, last.id))
    found = ctx.session.exec(rows.limit(SIZE + 1)).all()
    shown = [_made(row) for row in found[:SIZE]]
    return shown, shown[-1].notification.id if len(found) > SIZE else None


def latest(ctx: Context, number: int) -> Sequence[Item]:
    """The last things that the reader is told. How many are unread, which the head of every page
    says, is asked with them.
    """
    rows = ctx.session.exec(_latest(ctx.actor).limit(number)).all()
    ctx.session.info[_KNOWN] = rows[0][-1] if rows else 0
    return [_made(row[:-1]) for row in rows]


@kept
def _latest(who: Actor) -> Any:
    return _newest(who).add_columns(_unread(who).scalar_subquery())


@kept
def _newest(who: Actor) -> Any:
    return _items(who).order_by(col(Notification.created_at).desc(), col(Notification.id).desc())


def one(ctx: Context, id: UUID) -> Notification:
    seen = select(Notification).where(Notification.id == id, visible_to(ctx.actor, Notification))
    if notification := ctx.session.exec(seen).one_or_none():
        return notification
    raise NotFound("There is no such notification.")


def items(session: Session, who: Actor, ids: Collection[UUID]) -> Sequence[Item]:
    """Those of these notifications that this reader may still be told."""
    rows = session.exec(_items(who).where(col(Notification.id).in_(list(ids))))
    return [_made(row) for row in rows]


def unread(session: Session, who: Actor) -> int:
    """How many of the reader's notifications are unread; no more than MOST are counted."""
    if not who.known or who.seen_through:
        return 0
    known = session.info.pop(_KNOWN, None)
    return int(session.exec(_unread(who)).one() if known is None else known)


@kept
def _unread(who: Actor) -> Any:
    rows = select(Notification.id).join(Event, col(Event.id) == Notification.event_id)
    told = _with_things(rows, who).where(visible_to(who, Notification), _told_of(), _still_asks())
    new = told.where(col(Notification.read_at).is_(None)).limit(MOST + 1).subquery()
    return select(func.count()).select_from(new)


def all_unread(ctx: Context) -> Sequence[Notification]:
    """The reader's unread notifications, seen or not, the newest first."""
    theirs = select(Notification).where(
        Notification.person_id == ctx.actor.person_id,
        col(Notification.read_at).is_(None),
        visible_to(ctx.actor, Notification),
    )
    return ctx.session.exec(theirs.order_by(col(Notification.created_at).desc())).all()


def preferences(ctx: Context) -> dict[str, Preference]:
    """What the reader chose, by kind of news."""
    theirs = select(Preference).where(
        Preference.person_id == ctx.actor.person_id, visible_to(ctx.actor, Preference)
    )
    return {one.kind: one for one in ctx.session.exec(theirs)}


# ---- Before anybody is told


def sees(session: Session, who: Actor, event: Event) -> bool:
    """Whether this actor may see what an event is about."""
    return session.exec(_sees(who), params={"event": event.id}).first() is not None


@kept
def _sees(who: Actor) -> Any:
    rows = select(Event.id).select_from(Event)
    return _with_things(rows, who).where(Event.id == bindparam("event"), _told_of())


def reader(session: Session, notification: Notification) -> Actor:
    """Whom a notification is for, as they act for the organisation that it concerns; a visitor
    when they do so no more.
    """
    if notification.membership_id is None:
        person = session.get(Person, notification.person_id)
        if person is None or person.stage is Standing.ENDED:
            return VISITOR
        return Actor(person.name, Kind.PUBLIC, person_id=person.id)
    found = session.exec(
        select(Membership, Person, Organisation)
        .join(Person)
        .join(Organisation)
        .where(
            Membership.id == notification.membership_id,
            counts(),
            visible_to(CLOCK, Membership),
        )
    ).one_or_none()
    return acting(*found) if found else VISITOR


def counts() -> ColumnElement[bool]:
    """The membership, its person and its organisation are all active."""
    return (
        (col(Membership.stage) == Standing.ACTIVE)
        & (col(Person.stage) == Standing.ACTIVE)
        & (col(Organisation.stage) == Standing.ACTIVE)
    )


def acting(membership: Membership, person: Person, organisation: Organisation) -> Actor:
    """The actor that a membership makes of its person."""
    return Actor(
        name=person.name,
        kind=organisation.kind,
        roles=frozenset(map(Role, membership.roles)),
        person_id=person.id,
        organisation_id=organisation.id,
        organisation_name=organisation.called,
        membership_id=membership.id,
    )
