"""The one door to change: lock the row, is it allowed, is it time, do it, write it down."""

from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.exc import InvalidRequestError

from marketplace import policy
from marketplace.core import outbox
from marketplace.core.context import Context
from marketplace.core.errors import Forbidden, NotFound, Stale
from marketplace.core.journal import Event
from marketplace.verbs import Verb


class Subject(Protocol):
    id: UUID


def require(ctx: Context, verb: Verb, what: Subject) -> None:
    """Raises Forbidden (not this person), Stale (not before they prove who they are once more) or
    Conflict (not now), each a sentence, when this cannot be done. For a page that asks before it
    is done; what changes something locks as well.
    """
    if reason := policy.refusal(ctx.actor, verb, what):
        raise Forbidden(reason)
    since = ctx.actor.signed_in_at
    if verb in policy.FRESHLY and since:
        limit = timedelta(minutes=ctx.settings.fresh_minutes)
        if ctx.now - since > limit:
            raise Stale("You signed in a while ago. Confirm that it is you before you do this.")
    if workflow := getattr(what, "workflow", None):
        workflow.transition(verb, what, ctx.now)


def lock(ctx: Context, what: Subject, *, shared: bool = False) -> None:
    """Reads a row again and keeps others from changing it until the transaction is over; `shared`
    with others that only want it to stay as it is.
    """
    ctx.session.flush()  # reading again would forget what is changed and not yet written
    try:
        # Only the row itself: PostgreSQL locks no outer join.
        ctx.session.refresh(what, with_for_update={"of": type(what), "read": shared})
    except InvalidRequestError:  # another hand removed it meanwhile
        raise NotFound("This has been deleted.") from None


def permit(ctx: Context, verb: Verb, what: Subject) -> None:
    """What `require` does, after reading the row again under lock.

    An action that has to look before it knows whether there is anything to do begins with this.
    """
    if inspect(what, raiseerr=True).persistent:
        lock(ctx, what)  # two hands, one at a time
    require(ctx, verb, what)


def perform(
    ctx: Context, verb: Verb, what: Subject, *, about: Subject | None = None, **facts: Any
) -> Event:
    """Does `verb` to `what`: moves its stage when it has one, and journals it with the facts.

    The row is read again under lock, so change it afterwards. `about` is the thing on whose page
    the event belongs when that is not `what` itself. Raises Forbidden (not this person) or
    Conflict (not now), each a sentence.
    """
    permit(ctx, verb, what)
    was = became = ""
    if workflow := getattr(what, "workflow", None):
        was = what.stage  # type: ignore[attr-defined]  # a table with a workflow has a stage
        became = workflow.transition(verb, what, ctx.now).target
        what.stage = type(was)(became)  # type: ignore[attr-defined]
    ctx.session.add(what)
    event = Event(
        verb=verb,
        subject_kind=verb.split(".")[0],
        subject_id=what.id,
        about_id=(about or what).id,
        was=was,
        became=became,
        facts=facts,
        created_at=ctx.now,
        person_id=ctx.actor.person_id,
        person_name=ctx.actor.name,
        organisation_id=ctx.actor.organisation_id,
        organisation_name=ctx.actor.organisation_name,
    )
    outbox.owe(ctx.session, event)
    return event
