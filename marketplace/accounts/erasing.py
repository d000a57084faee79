"""Erasing a person: names and addresses go everywhere, the facts of the journal stay."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from markupsafe import escape
from sqlalchemy import ColumnElement, delete, func, or_, update
from sqlmodel import col

from auth.actor import Kind
from marketplace.accounts import actions
from marketplace.accounts import mydata_queries as queries
from marketplace.accounts.models import Identity, MailLink, SignIn
from marketplace.accounts.mydata_queries import HELD, Whose
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.journal import Event
from marketplace.core.outbox import Delivery
from marketplace.notices.models import Import
from marketplace.notifications.models import Mail, Notification, Preference
from marketplace.onboarding.models import (
    Registration,
    RegistrationStage,
    Signature,
    SupplierFacts,
)
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people.models import Invitation, InvitationStage, JoinRequest, JoinStage
from marketplace.perform import lock, perform
from marketplace.verbs import Verb

NAMELESS = "A person who was erased"
SESSIONS_KEPT = timedelta(days=90)  # that are over
LINKS_KEPT = timedelta(days=7)
# Where somebody's name or address may stand that is not about them: mail to others, a contact.
MENTIONED: Mapping[Any, Sequence[str]] = {
    Mail: ("subject", "text", "html", "error"),
    Delivery: ("error",),
    SupplierFacts: ("accessibility_email", "security_email"),
    Organisation: ("suspended_because",),
}


def erase(ctx: Context, person: Person) -> None:
    """Takes a person out of the marketplace. What they did stays, without who they were."""
    perform(ctx, Verb.PERSON_ERASE, person)
    _hand_over_first(ctx, person)
    whose, names = queries.whose(ctx, person.id), queries.names(ctx, person)
    ctx.session.flush()  # the event of it has the name, too
    _leave_everything(ctx, whose)
    actions.end_for(ctx, membership_ids=queries.membership_ids(ctx, person.id))
    _delete(ctx, whose, Notification, Mail, MailLink, Preference, SignIn, Identity)
    _blank(ctx, whose, names)
    person.name, person.email, person.last_seen_at = NAMELESS, _nowhere(whose), None
    person.suspended_because = ""
    ctx.session.add(person)


def _nowhere(whose: Whose) -> str:
    """An address that no mail reaches: each is to be another's."""
    return f"{whose.person_id}@erased.invalid"


def _hand_over_first(ctx: Context, person: Person) -> None:
    """Nobody leaves colleagues behind whom no administrator is left for."""
    for organisation in queries.administered(ctx, person.id):
        lock(ctx, organisation)  # two administrators may want to go at once
    left = queries.left_without_administrator(ctx, person.id)
    if ctx.actor.kind is Kind.SYSTEM:  # for others LOTI finds a new one
        left = [one for one in left if one.kind is Kind.LOTI]
    if left:
        called = " and ".join(one.called for one in left)
        raise Conflict(
            f"{person.name} is the only administrator of {called}. Somebody else has to become an "
            "administrator first."
        )


def _leave_everything(ctx: Context, whose: Whose) -> None:
    """What they were part of goes on without them; what they had asked for is off."""

    def ends(table: Any, was: Any, becomes: Any) -> None:
        theirs = HELD[table].clause(whose)
        ctx.session.exec(update(table).where(theirs, table.stage == was).values(stage=becomes))

    for standing in (Standing.ACTIVE, Standing.SUSPENDED):
        ends(Membership, standing, Standing.ENDED)
    ends(Invitation, InvitationStage.SENT, InvitationStage.REVOKED)
    ends(JoinRequest, JoinStage.ASKED, JoinStage.WITHDRAWN)
    ends(Registration, RegistrationStage.DRAFT, RegistrationStage.DISCARDED)


def _delete(ctx: Context, whose: Whose, *tables: type[Any]) -> None:
    for table in tables:
        ctx.session.exec(delete(table).where(HELD[table].clause(whose)))


def _blank(ctx: Context, whose: Whose, names: frozenset[str]) -> None:
    """Takes the name and the addresses out of what stays."""

    def blank(table: Any, **values: Any) -> None:
        ctx.session.exec(update(table).where(HELD[table].clause(whose)).values(**values))

    blank(Import, person_name=NAMELESS)  # before the journal forgets whose they are
    blank(Event, person_name=NAMELESS)
    blank(Invitation, email=_nowhere(whose))
    blank(JoinRequest, message="", because="")
    blank(Registration, answers={}, register_said={})
    blank(Signature, signer=NAMELESS)

    telling = {*names, *whose.addresses}
    telling |= {str(escape(text)) for text in telling}  # as HTML has it
    for table, columns in MENTIONED.items():
        for column in columns:
            held = _holds(getattr(table, column), telling)
            ctx.session.exec(update(table).where(held).values({column: ""}))
    for event in queries.events_about(ctx, whose.person_id):  # what somebody gave as a reason
        event.facts = {
            name: "" if _in_text(value, telling) else value for name, value in event.facts.items()
        }
        ctx.session.add(event)


def _in_text(value: object, texts: Iterable[str]) -> bool:
    return isinstance(value, str) and any(text.lower() in value.lower() for text in texts)


def _holds(column: Any, texts: Iterable[str]) -> ColumnElement[bool]:
    """In capitals or not, as far as the database knows them."""
    small = func.lower(column)
    return or_(
        *(col(column).contains(text, autoescape=True) for text in texts),
        *(small.contains(text.lower(), autoescape=True) for text in texts),
    )


# ---- By the clock


def forget(ctx: Context) -> None:
    """What time alone makes go: people who stay away, and ends of how somebody got in."""
    for person in queries.to_warn(ctx):
        goes = ctx.today + queries.WARNED_BEFORE
        perform(ctx, Verb.PERSON_WARN, person, erased_on=goes.isoformat())
    for person in queries.to_remove(ctx):
        lotis = queries.left_without_administrator(ctx, person.id)
        if not any(one.kind is Kind.LOTI for one in lotis):
            erase(ctx, person)
    ctx.session.exec(delete(SignIn).where(col(SignIn.seen_at) < ctx.now - SESSIONS_KEPT))
    ctx.session.exec(delete(MailLink).where(col(MailLink.expires_at) < ctx.now - LINKS_KEPT))
