"""What LOTI does with organisations: enters one, suspends one, restores one."""

import re
import unicodedata
from itertools import chain, count

from auth.actor import Kind
from marketplace.accounts import actions as accounts
from marketplace.core.context import Context
from marketplace.organisations import actions as organisations
from marketplace.organisations import queries
from marketplace.organisations.models import Organisation
from marketplace.people import domain_actions, overseeing_queries, support_queries
from marketplace.people.actions import AtField
from marketplace.people.overseeing_forms import Registering
from marketplace.perform import lock, perform, require
from marketplace.verbs import Verb


def register(ctx: Context, form: Registering) -> Organisation:
    """Enters an authority that the register does not have, with the domains of its mail; raises
    AtField when it has one of that name.
    """
    name = " ".join(form.name.split())
    authority = Organisation(
        name=name,
        short_name=form.short_name,
        slug="",
        kind=Kind.AUTHORITY,
        authority_type=form.authority_type,
        site=form.site,
        regions=["London"],
    )
    require(ctx, Verb.ORGANISATION_REGISTER, authority)
    lock(ctx, queries.one(ctx, ctx.actor.organisation_id))  # LOTI enters one at a time
    if known := overseeing_queries.called_alike(ctx, name):
        raise AtField("name", f"{known.name} is in the register already")
    authority.slug = _free_slug(ctx, form.short_name or name)
    organisations.register(ctx, authority)
    for domain in form.domains:
        domain_actions.add(ctx, authority, domain)
    return authority


def _free_slug(ctx: Context, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "authority"
    taken = queries.slugs(ctx)
    tries = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(one for one in tries if one not in taken)


def suspend(ctx: Context, organisation: Organisation, because: str) -> None:
    """Nobody acts for it from this moment on; its people read why when they next sign in."""
    perform(ctx, Verb.ORGANISATION_SUSPEND, organisation, because=because)
    organisation.suspended_because = because
    accounts.end_for(ctx, membership_ids=support_queries.membership_ids(ctx, organisation))


def restore(ctx: Context, organisation: Organisation) -> None:
    perform(ctx, Verb.ORGANISATION_RESTORE, organisation)
    organisation.suspended_because = ""
