"""What can be done with organisations: enter one in the register, and let people act for it."""

import tomllib
from pathlib import Path
from uuid import UUID

from auth.actor import Kind, Role
from marketplace.core.context import Context
from marketplace.organisations import queries
from marketplace.organisations.models import Membership, Organisation, Person
from marketplace.people.models import MailDomain
from marketplace.perform import perform
from marketplace.verbs import Verb

REGISTER = Path(__file__).with_name("register.toml")


def register(ctx: Context, organisation: Organisation) -> Organisation:
    """Enters an organisation that is not there yet."""
    perform(ctx, Verb.ORGANISATION_REGISTER, organisation, name=organisation.name)
    return organisation


def register_london(ctx: Context) -> int:
    """Enters London's authorities and LOTI, those that are missing; how many those were."""
    there = queries.slugs(ctx)
    known = tomllib.loads(REGISTER.read_text(encoding="utf-8"))["authority"]
    missing = []
    domains: dict[str, list[str]] = {}
    for about in known:
        domains[about["slug"]] = about.pop("mail_domains")
        if about["slug"] not in there:
            missing.append(Organisation(kind=Kind.AUTHORITY, regions=["London"], **about))
    if "loti" not in there:
        missing.append(
            Organisation(
                kind=Kind.LOTI,
                slug="loti",
                name="London Office of Technology & Innovation",
                short_name="LOTI",
                site="https://loti.london",
                regions=["London"],
            )
        )
    for organisation in missing:
        register(ctx, organisation)
        for domain in domains.get(organisation.slug, ()):
            belongs(ctx, organisation, domain)
    return len(missing)


def belongs(ctx: Context, organisation: Organisation, domain: str) -> None:
    """Lets whoever reads mail at a domain ask to join the authority that it belongs to."""
    ctx.session.flush()
    row = MailDomain(domain=domain, organisation_id=organisation.id)
    perform(ctx, Verb.DOMAIN_ADD, row, about=organisation, domain=domain)


def join(
    ctx: Context, person: Person, organisation: Organisation, roles: frozenset[Role], id: UUID
) -> Membership:
    """Lets a person act for an organisation, as the demo's personas do."""
    membership = Membership(
        id=id, person_id=person.id, organisation_id=organisation.id, roles=sorted(roles)
    )
    ctx.session.add_all([person, membership])
    return membership
