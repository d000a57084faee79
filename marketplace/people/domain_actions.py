"""What can be done with the domains that authorities have their mail at."""

from sqlalchemy.exc import IntegrityError

from auth.actor import Kind
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.organisations import actions as organisations
from marketplace.organisations.models import Organisation
from marketplace.people.models import MailDomain
from marketplace.perform import perform
from marketplace.verbs import Verb


def add(ctx: Context, authority: Organisation, domain: str) -> None:
    """Lets whoever receives mail at a domain ask to join the authority."""
    if authority.kind is not Kind.AUTHORITY:
        raise Conflict(
            "Only authorities are joined by domain. Suppliers register, and LOTI invites."
        )
    try:
        with ctx.session.begin_nested():
            organisations.belongs(ctx, authority, domain)
            ctx.session.flush()
    except IntegrityError:
        raise Conflict(f"{domain} is on the list of {authority.called} already.") from None


def remove(ctx: Context, domain: MailDomain) -> None:
    """Nobody new can ask to join by it; whoever is a member stays one."""
    perform(ctx, Verb.DOMAIN_REMOVE, domain, about=domain.organisation, domain=domain.domain)
    ctx.session.delete(domain)
