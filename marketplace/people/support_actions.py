"""What LOTI does about people: suspends and restores them, and looks with their eyes."""

from dataclasses import replace

from marketplace.accounts import actions as accounts
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Membership, Person, Standing
from marketplace.people import support_queries as queries
from marketplace.perform import perform, permit
from marketplace.verbs import Verb


def suspend(ctx: Context, person: Person, because: str) -> None:
    """They are out everywhere at once. Why is kept with the person, not in the journal, so that it
    goes when the person is erased.
    """
    perform(ctx, Verb.PERSON_SUSPEND, person)
    person.suspended_because = because
    accounts.end(ctx.session, ctx.now, person_id=person.id)
    accounts.end_for(ctx, membership_ids=queries.membership_ids(ctx, person))


def restore(ctx: Context, person: Person) -> None:
    perform(ctx, Verb.PERSON_RESTORE, person)
    person.suspended_because = ""


def look(ctx: Context, membership: Membership, because: str) -> None:
    """From now on the asking session sees what the member sees, and changes nothing."""
    permit(ctx, Verb.SUPPORT_LOOK, membership)
    if why := unseeing(membership):
        raise Conflict(why)
    perform(ctx, Verb.SUPPORT_LOOK, membership, about=membership.organisation, because=because)
    accounts.look(ctx, membership.id)


def unseeing(membership: Membership) -> str:
    """Why nobody can look with a member's eyes at the moment; empty when they can."""
    if membership.person.stage != Standing.ACTIVE:
        return f"{membership.person.name} is suspended, so there is nothing that they see."
    if membership.organisation.stage != Standing.ACTIVE:
        return f"{membership.organisation.called} is suspended, so its people see nothing."
    return ""


def stop(ctx: Context) -> Membership | None:
    """The session looks with its own eyes again; with whose it looked, None for nobody's.

    Whoever looks acts with the other's name meanwhile, so it is journalled as who they are.
    """
    own = queries.own_session(ctx)
    if own.looking_as is None or own.membership_id is None:
        return None
    themselves = replace(ctx, actor=organisations.actor(ctx.session, own.membership_id))
    looked = queries.membership(themselves, own.looking_as)
    perform(themselves, Verb.SUPPORT_STOP, looked, about=looked.organisation)
    accounts.look_no_more(ctx, id=[own.id])
    return looked
