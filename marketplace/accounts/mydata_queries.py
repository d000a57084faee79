"""All that is held on one person, whichever table it is in.

What is asked for here is one person's own, by their id or their addresses, which is narrower than
what anybody may see: so it goes through `HELD` and not through the visibility of each table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth.actor import NOBODY, Role
from marketplace.accounts.models import BY_MAIL, Identity, MailLink, SignIn
from marketplace.claims.models import Assessment, Claim, Interest
from marketplace.clarifications.models import Asker
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.core.scanning import Scan
from marketplace.evaluation.models import Declaration, Opinion, Score, Seat, Sheet
from marketplace.notices.models import Import
from marketplace.notifications.models import Mail, Notification, Preference
from marketplace.onboarding.models import Registration, Signature
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people.models import Invitation, JoinRequest
from marketplace.policy import visible_to
from marketplace.saved.models import SavedSearch, Watch
from marketplace.tenders.models import Comment
from marketplace.verbs import Verb


@dataclass(frozen=True, slots=True)
class Whose:
    """A person, and the addresses that are known to be theirs, in small letters."""

    person_id: UUID
    addresses: frozenset[str]


Clause = Callable[[Whose], ColumnElement[bool]]


def _by_person(table: type[Any]) -> Clause:
    return lambda whose: col(table.person_id) == whose.person_id


def _by_assessor(table: type[Any]) -> Clause:
    return lambda whose: col(table.assessor_id) == whose.person_id


def _by_address(table: type[Any]) -> Clause:
    return lambda whose: func.lower(col(table.email)).in_(whose.addresses)


def _links(whose: Whose) -> ColumnElement[bool]:
    """To their addresses, and to one that they wanted to add, and may be somebody else's."""
    return or_(_by_address(MailLink)(whose), col(MailLink.person_id) == whose.person_id)


def _mail(whose: Whose) -> ColumnElement[bool]:
    links = select(MailLink.id).where(_links(whose))
    return or_(_by_address(Mail)(whose), col(Mail.about_id).in_(links))


def _seats(whose: Whose) -> ColumnElement[bool]:
    """Theirs, and those that their addresses are invited to."""
    return or_(col(Seat.person_id) == whose.person_id, _by_address(Seat)(whose))


def _imports(whose: Whose) -> ColumnElement[bool]:
    """An import names who asked for it; who that was stands in the journal."""
    asked = select(Event.subject_id).where(
        Event.verb == Verb.NOTICE_IMPORT, Event.person_id == whose.person_id
    )
    return col(Import.id).in_(asked)


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of one table that are about a person."""

    title: str
    clause: Clause
    secret: frozenset[str] = frozenset()  # what would let somebody in; or the same once more


HELD: Mapping[type[Any], Held] = {
    Person: Held("Profile", lambda whose: col(Person.id) == whose.person_id),
    Identity: Held("Ways to sign in", _by_person(Identity)),
    SignIn: Held("Sessions", _by_person(SignIn), frozenset({"token_hash", "id_token"})),
    MailLink: Held("Links to sign in", _links, frozenset({"browser_hash"})),
    Membership: Held("Memberships", _by_person(Membership)),
    Invitation: Held("Invitations", _by_address(Invitation)),
    JoinRequest: Held("Requests to join", _by_person(JoinRequest)),
    Registration: Held("Registrations of suppliers", _by_person(Registration)),
    Signature: Held("Signatures", _by_person(Signature)),
    Notification: Held("Notifications", _by_person(Notification)),
    Preference: Held("Choices of how to be told", _by_person(Preference)),
    SavedSearch: Held("Saved searches", _by_person(SavedSearch)),
    Watch: Held("Things you watch", _by_person(Watch)),
    Mail: Held("Mail sent to you", _mail, frozenset({"html", "text"})),
    Interest: Held("Declared interests", _by_person(Interest)),
    Claim: Held("Claims being assessed", _by_assessor(Claim)),
    Assessment: Held("Assessments", _by_assessor(Assessment)),
    Comment: Held("Comments on tenders", _by_person(Comment)),
    Asker: Held("Questions about tenders", _by_person(Asker)),
    Seat: Held("Seats on panels", _seats),
    Declaration: Held("Interests declared for panels", _by_person(Declaration)),
    Sheet: Held("Drafts of scores", _by_person(Sheet)),
    Score: Held("Scores of bids", _by_person(Score)),
    Opinion: Held("Opinions of agreed scores", _by_person(Opinion)),
    Import: Held("Files of notices read in", _imports),
    Scan: Held("Files uploaded", _by_person(Scan)),
    Event: Held("Entries in the journal", _by_person(Event)),
}


def whose(ctx: Context, person_id: UUID) -> Whose:
    """A person with every address that proved to be theirs."""
    own = select(Person.email).where(Person.id == person_id)
    proven = select(Identity.subject).where(
        Identity.person_id == person_id, Identity.issuer == BY_MAIL
    )
    known = (*ctx.session.exec(own), *ctx.session.exec(proven))
    return Whose(person_id, frozenset(address.lower() for address in known))


def one(ctx: Context, id: UUID) -> Person:
    seen = select(Person).where(Person.id == id, visible_to(ctx.actor, Person))
    if person := ctx.session.exec(seen).one_or_none():
        return person
    raise NotFound("There is no such person.")


def numbers(ctx: Context, who: Whose) -> Mapping[str, int]:
    """How many rows of each kind there are, in one question."""
    columns: list[Any] = [
        select(func.count()).select_from(table).where(held.clause(who)).scalar_subquery()
        for table, held in HELD.items()
    ]
    counted = ctx.session.exec(select(*columns)).one()
    return dict(zip((held.title for held in HELD.values()), counted, strict=True))


def memberships(ctx: Context, person_id: UUID) -> Sequence[tuple[Membership, Organisation]]:
    theirs = select(Membership, Organisation).join(Organisation)
    return ctx.session.exec(
        theirs.where(Membership.person_id == person_id).order_by(Organisation.name)
    ).all()


def membership_ids(ctx: Context, person_id: UUID) -> list[UUID]:
    return list(ctx.session.exec(select(Membership.id).where(Membership.person_id == person_id)))


def identities(ctx: Context, person_id: UUID) -> Sequence[Identity]:
    theirs = select(Identity).where(Identity.person_id == person_id)
    return ctx.session.exec(theirs.order_by(col(Identity.created_at))).all()


def mentions(
    ctx: Context, table: type[Any], columns: Iterable[str], texts: Iterable[str]
) -> Sequence[Any]:
    """The rows of a table in which one of the texts may stand, in capitals or not."""
    told = list(texts)
    held = [
        test
        for name in columns
        for text in told
        for test in (
            col(getattr(table, name)).contains(text, autoescape=True),
            func.lower(getattr(table, name)).contains(text.lower(), autoescape=True),
        )
    ]
    return ctx.session.exec(select(table).where(or_(*held))).all()


def events_about(ctx: Context, person_id: UUID) -> Sequence[Event]:
    """What was done to a person or to what they are a member by."""
    ids = [person_id, *membership_ids(ctx, person_id)]
    return ctx.session.exec(select(Event).where(col(Event.subject_id).in_(ids))).all()


def newest_events(ctx: Context, person_id: UUID, number: int) -> Sequence[Event]:
    theirs = select(Event).where(Event.person_id == person_id)
    newest = theirs.order_by(col(Event.created_at).desc(), col(Event.id).desc())
    return ctx.session.exec(newest.limit(number)).all()


def everything(ctx: Context, who: Whose) -> dict[str, list[dict[str, Any]]]:
    """Every row, by its kind, without what would let somebody in."""
    names = dict(ctx.session.exec(select(Organisation.id, Organisation.name)).all())
    found: dict[str, list[dict[str, Any]]] = {}
    for table, held in HELD.items():
        rows = ctx.session.exec(
            select(table).where(held.clause(who)).order_by(table.created_at, table.id)
        )
        found[held.title] = [_plain(row, held.secret, names) for row in rows]
    return found


def _plain(row: Any, secret: Iterable[str], names: Mapping[UUID, str]) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in type(row).model_fields if name not in secret}
    if name := names.get(getattr(row, "organisation_id", NOBODY)):
        told["organisation"] = name
    return told


def names(ctx: Context, person: Person) -> frozenset[str]:
    """Every name that a person had: what is journalled keeps the one of its time."""
    told = select(Event.person_name).where(Event.person_id == person.id).distinct()
    return frozenset({person.name, *ctx.session.exec(told)})


# ---- Who cannot go, and who has not been seen


def acting_for(ctx: Context, person_id: UUID) -> Sequence[Organisation]:
    """The organisations that a person is a member of, always in the same order."""
    theirs = select(Organisation).join(Membership)
    return ctx.session.exec(
        theirs.where(
            Membership.person_id == person_id, Membership.stage == Standing.ACTIVE
        ).order_by(col(Organisation.id))
    ).all()


def left_without_administrator(ctx: Context, person_id: UUID) -> Sequence[Organisation]:
    """The organisations that have other members, and no other administrator than this person.

    One where nobody else is left has nobody to hand over to.
    """
    organisations = acting_for(ctx, person_id)
    members = ctx.session.exec(
        select(Membership.organisation_id, Membership.person_id, Membership.roles)
        .join(Person)
        .where(
            col(Membership.organisation_id).in_([one.id for one in organisations]),
            Membership.stage == Standing.ACTIVE,
            or_(col(Person.stage) == Standing.ACTIVE, col(Person.id) == person_id),
        )
    ).all()
    # Roles are a list in JSON, which every database asks after in its own way.
    administer = {(of, who) for of, who, roles in members if Role.ADMINISTRATOR in roles}
    colleagues = {of for of, who, _ in members if who != person_id}
    run_by_others = {of for of, who in administer if who != person_id}
    own = {of for of, who in administer if who == person_id}
    return [one for one in organisations if one.id in (own & colleagues) - run_by_others]


WARNED_BEFORE = timedelta(days=30)
MONTH = timedelta(days=30.44)
BATCH = 50  # people a round of the clock


def _last_seen() -> ColumnElement[datetime]:
    return func.coalesce(Person.last_seen_at, Person.created_at)


def _warned(ctx: Context, ago: timedelta) -> ColumnElement[bool]:
    """That the person was warned so long ago or earlier, and has not been seen since."""
    return (
        select(Event.id)
        .where(
            Event.verb == Verb.PERSON_WARN,
            Event.subject_id == Person.id,
            col(Event.created_at) > _last_seen(),
            col(Event.created_at) <= ctx.now - ago,
        )
        .correlate(Person)
        .exists()
    )


def _unseen_since(before: datetime) -> SelectOfScalar[Person]:
    unseen = select(Person).where(Person.stage != Standing.ENDED, _last_seen() < before)
    return unseen.order_by(_last_seen(), col(Person.id)).limit(BATCH)


def to_warn(ctx: Context) -> Sequence[Person]:
    """Who will have been away for too long within a month, and was not told so."""
    before = ctx.now - MONTH * ctx.settings.inactive_months + WARNED_BEFORE
    found = _unseen_since(before).where(~_warned(ctx, timedelta()))
    return ctx.session.exec(found).all()


def to_remove(ctx: Context) -> Sequence[Person]:
    """Who has been away for too long, and was told a month ago or earlier."""
    before = ctx.now - MONTH * ctx.settings.inactive_months
    found = _unseen_since(before).where(_warned(ctx, WARNED_BEFORE))
    return ctx.session.exec(found).all()
