"""The history of an organisation's people in words."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from auth.actor import NOBODY, Role
from marketplace.core.journal import Event
from marketplace.core.money import pounds
from marketplace.core.timeline import Entry
from marketplace.people.abilities import in_words
from marketplace.saying import SAYS
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.ORGANISATION_REGISTER: "Entered in the register",
    Verb.ORGANISATION_DESCRIBE: "Profile changed",
    Verb.ORGANISATION_CORRECT: "Facts corrected",
    Verb.ORGANISATION_SUSPEND: "Organisation suspended",
    Verb.ORGANISATION_RESTORE: "Organisation restored",
    Verb.RATE_DECLARE: "Rate card changed",
    Verb.DOMAIN_ADD: "Mail domain added",
    Verb.DOMAIN_REMOVE: "Mail domain removed",
    Verb.INVITATION_SEND: "Invitation sent",
    Verb.INVITATION_RESEND: "Invitation sent again",
    Verb.INVITATION_REVOKE: "Invitation revoked",
    Verb.INVITATION_ACCEPT: "Joined by invitation",
    Verb.JOIN_ASK: "Asked to join",
    Verb.JOIN_APPROVE: "Request to join approved",
    Verb.JOIN_DECLINE: "Request to join declined",
    Verb.JOIN_WITHDRAW: "Request to join withdrawn",
    Verb.MEMBERSHIP_GRANT: "Roles changed",
    Verb.MEMBERSHIP_SUSPEND: "Member suspended",
    Verb.MEMBERSHIP_RESTORE: "Member restored",
    Verb.MEMBERSHIP_REMOVE: "Member removed",
    Verb.MEMBERSHIP_LEAVE: "Left",
    Verb.SUPPORT_LOOK: "Support began to look with a member's eyes",
    Verb.SUPPORT_STOP: "Support stopped looking with a member's eyes",
}


def told(event: Event, whom: Mapping[UUID, str], organisation_id: UUID) -> Entry:
    """The event on the page of this organisation: who did what, and to whom."""
    of = whom.get(event.subject_id, "")
    by = event.person_name if event.person_id != NOBODY else "the marketplace"
    if event.organisation_name and event.organisation_id != organisation_id:
        by += f", {event.organisation_name}"
    said = [of] if of and of != event.person_name else []
    title = TITLES.get(event.verb) or _capital(SAYS[Verb(event.verb)])
    return Entry(title, event.created_at, by, ". ".join([*said, *_facts(event)]))


def _facts(event: Event) -> list[str]:
    """What the journal says of it besides."""
    facts, said = event.facts, []
    if "roles" in facts:
        now = in_words(map(Role, facts["roles"]))
        said.append(
            f"{in_words(map(Role, facts['before']))} before, now {_small(now)}"
            if "before" in facts
            else now
        )
    if role := facts.get("role"):
        before, now = (_a_day(facts[name]) for name in ("before", "amount"))
        said.append(f"{role}: {now}, {before} before")
    if domain := facts.get("domain"):
        said.append(str(domain))
    if because := facts.get("because"):
        said.append(str(because))
    return said


def _a_day(amount: str) -> str:
    return f"{pounds(Decimal(amount))} a day" if amount else "no rate"


def _small(text: str) -> str:
    return text[0].lower() + text[1:]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
