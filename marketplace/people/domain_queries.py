"""What can be seen of the domains that authorities have their mail at."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.organisations.models import Organisation
from marketplace.people.models import MailDomain
from marketplace.policy import visible_to

SIZE = 50  # on a page


def listed(
    ctx: Context, words: str = "", after: UUID | None = None
) -> tuple[Sequence[MailDomain], UUID | None]:
    """Every domain in the order of the alphabet, with whose it is; and where to go on."""
    whose: Any = MailDomain.organisation
    rows = select(MailDomain).where(visible_to(ctx.actor, MailDomain)).options(joinedload(whose))
    if words:
        part = words.rpartition("@")[2].strip()
        rows = rows.where(col(MailDomain.domain).icontains(part, autoescape=True))
    place = tuple_(col(MailDomain.domain), col(MailDomain.id))
    if after:
        last = one(ctx, after)
        rows = rows.where(place > (last.domain, last.id))
    ordered = rows.order_by(MailDomain.domain, col(MailDomain.id))
    found = ctx.session.exec(ordered.limit(SIZE + 1)).all()
    return found[:SIZE], found[SIZE - 1].id if len(found) > SIZE else None


def one(ctx: Context, id: UUID) -> MailDomain:
    seen = select(MailDomain).where(MailDomain.id == id, visible_to(ctx.actor, MailDomain))
    if found := ctx.session.exec(seen).one_or_none():
        return found
    raise NotFound("There is no such domain.")


def of(ctx: Context, organisation: Organisation) -> Sequence[MailDomain]:
    """Those of one authority."""
    theirs = select(MailDomain).where(
        MailDomain.organisation_id == organisation.id, visible_to(ctx.actor, MailDomain)
    )
    return ctx.session.exec(theirs.order_by(MailDomain.domain)).all()


def owners(ctx: Context, names: Sequence[str]) -> Sequence[tuple[str, Organisation]]:
    """Of these domains those that are on the list, and for which authorities."""
    seen = (
        select(MailDomain.domain, Organisation)
        .join(Organisation)
        .where(col(MailDomain.domain).in_(names), visible_to(ctx.actor, MailDomain))
    )
    return ctx.session.exec(seen.order_by(Organisation.name)).all()
