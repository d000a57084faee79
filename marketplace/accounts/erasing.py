"""Erasing a person: names and addresses go everywhere, the facts of the journal stay."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from markupsafe import escape
from sqlalchemy import delete, func, update
from sqlmodel import col

from auth.actor import Kind
from marketplace.accounts import actions
from marketplace.accounts import mydata_queries as queries
from marketplace.accounts.models import Identity, MailLink, SignIn
from marketplace.accounts.mydata_queries import HELD, Whose
from marketplace.awards.models import Award, Consent, Proceedings, Summary
from marketplace.catalogue.models import Product, ProductEdit, ProductReport
from marketplace.claims.models import Assessment, Claim, Interest
from marketplace.contracts.breach_models import Breach
from marketplace.contracts.models import CallOff, Contract, ContractParty, Review
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.journal import Event
from marketplace.core.outbox import Delivery
from marketplace.evaluation.finding_models import Disregard, Exchange, Judgement
from marketplace.evaluation.models import (
    Agreed,
    Declaration,
    Opinion,
    Question,
    Score,
    Seat,
    SeatStage,
    Sheet,
)
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
from marketplace.saved.models import SavedSearch, Watch
from marketplace.tenders.models import Approval, Comment, PartVersion, TenderCheck
from marketplace.verbs import Verb

NAMELESS = "A person who was erased"
SESSIONS_KEPT = timedelta(days=90)  # that are over
LINKS_KEPT = timedelta(days=7)
# Where somebody's name or address may stand in the words of others.
MENTIONED: Mapping[Any, Sequence[str]] = {
    Mail: ("subject", "text", "html", "error"),
    Delivery: ("error",),
    Organisation: ("suspended_because",),
    PartVersion: ("person_name",),
    Approval: ("person_name", "message"),
    Comment: ("person_name", "text"),
    Award: ("because",),
    Consent: ("person_name", "because"),
    Summary: ("checked_by",),
    Proceedings: ("what", "outcome"),
    Contract: ("supplier_signatory", "because"),
    ContractParty: ("signatory",),
    CallOff: ("approver_name", "because"),
    Review: ("text", "answer"),
    Breach: ("what", "outcome", "because"),
    TenderCheck: ("by", "note"),
    Seat: ("email", "expertise", "because"),
    Declaration: ("details", "steps", "mitigation", "decided_by"),
    Question: ("because",),
    Score: ("comment",),
    Agreed: ("reason", "present", "person_name"),
    Opinion: ("words",),
    Judgement: ("because", "person_name"),
    Disregard: ("because", "person_name"),
    Exchange: ("question", "answer"),
    Product: ("suspended_because",),
    ProductEdit: ("because",),
    ProductReport: ("message",),
}
CONTACTS = ("accessibility_email", "security_email")  # of a supplier: mailboxes, or somebody's own


def erase(ctx: Context, person: Person) -> None:
    """Takes a person out of the marketplace. What they did stays, without who they were."""
    perform(ctx, Verb.PERSON_ERASE, person)
    _hand_over_first(ctx, person)
    whose, names = queries.whose(ctx, person.id), queries.names(ctx, person)
    ctx.session.flush()  # the event of it has the name, too
    _leave_everything(ctx, whose)
    actions.end_for(ctx, membership_ids=queries.membership_ids(ctx, person.id))
    _delete(ctx, whose, Notification, Mail, MailLink, Preference, SignIn, Identity, Interest)
    _delete(ctx, whose, SavedSearch, Watch)
    _delete(ctx, whose, Sheet)  # drafts; what was sent are scores
    _blank(ctx, whose, names)
    person.name, person.email, person.last_seen_at = NAMELESS, _nowhere(whose), None
    person.suspended_because = ""
    ctx.session.add(person)


def _nowhere(whose: Whose) -> str:
    """An address that no mail reaches: each is to be another's."""
    return f"{whose.person_id}@erased.invalid"


def _hand_over_first(ctx: Context, person: Person) -> None:
    """Nobody leaves colleagues behind whom no administrator is left for."""
    for organisation in queries.acting_for(ctx, person.id):
        lock(ctx, organisation)  # two may want to go at once, or one hand over to the other
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
    for stage in SeatStage:
        if stage is not SeatStage.ENDED:
            ends(Seat, stage, SeatStage.ENDED)
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
    blank(Seat, email="")
    blank(Declaration, details="", steps="")
    blank(Claim, assessor_name=NAMELESS)
    blank(Assessment, assessor_name=NAMELESS)

    for name in CONTACTS:
        theirs = func.lower(col(getattr(SupplierFacts, name))).in_(whose.addresses)
        ctx.session.exec(update(SupplierFacts).where(theirs).values({name: ""}))
    texts = {form for one in {*names, *whose.addresses} if one for form in (one, str(escape(one)))}
    told = _telling(texts)
    for table, columns in MENTIONED.items():
        for row in queries.mentions(ctx, table, columns, texts):
            for name in columns:
                setattr(row, name, told.sub(NAMELESS, getattr(row, name)))
            ctx.session.add(row)
    for event in queries.events_about(ctx, whose.person_id):  # what somebody gave as a reason
        event.facts = {
            name: told.sub(NAMELESS, value) if isinstance(value, str) else value
            for name, value in event.facts.items()
        }
        ctx.session.add(event)


def _telling(texts: Iterable[str]) -> re.Pattern[str]:
    """Finds the texts where they are words of their own, the longest first."""
    longest = sorted(map(re.escape, texts), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE)


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
