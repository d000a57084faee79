"""The people of the story: who is there from the beginning, who comes, asks and registers."""

from collections.abc import Iterator
from functools import partial
from uuid import UUID, uuid5

from auth.actor import CLOCK, Actor, Kind, Role
from marketplace.accounts import actions as accounts
from marketplace.accounts.models import BY_MAIL
from marketplace.onboarding import actions as onboarding
from marketplace.onboarding.models import Constitution
from marketplace.organisations import actions as organisations
from marketplace.organisations import queries
from marketplace.organisations.models import Membership, Person
from marketplace.organisations.personas import PERSONAS
from marketplace.people import actions, domain_actions
from marketplace.people.models import Invitation, JoinRequest
from seed import world
from seed.scene import Scene, Step

WRITING = frozenset({Role.AUTHOR, Role.MANAGER, Role.CURATOR})
# Where people can be seen to come by their domain. Richmond and Wandsworth share their staff.
DOMAINS = {
    "camden": ("camden.example",),
    "hackney": ("hackney.example",),
    "southwark": ("southwark.example",),
    "richmond": ("richmond.example",),
    "wandsworth": ("wandsworth.example", "richmond.example"),
}
_PEOPLE = UUID("5f5b4f2e-9c0d-4d7e-8f46-0d5d5a3f9f11")


class People(Scene):
    # ---- From the beginning

    def come_together(self) -> None:
        """Lets the first people of every organisation act for it, and its suppliers sign."""
        for persona in PERSONAS.values():
            person = Person(name=persona.name, email=f"{persona.slug}@people.example")
            self._employ(persona.organisation, person, persona.roles, persona.membership_id)
        firsts = world.first_people()
        for slug, organisation in self.organisations.items():
            if slug not in self.people:
                own = Role.MANAGER if organisation.kind is Kind.SUPPLIER else Role.AUTHOR
                roles = frozenset({own, Role.ADMINISTRATOR})
                self._employ(slug, self._person(firsts[slug], slug), roles, uuid5(_PEOPLE, slug))
        for one in world.colleagues():
            id = uuid5(_PEOPLE, f"{one.organisation} {one.name}")
            person = self._person(one.name, one.organisation)
            made = self._employ(one.organisation, person, frozenset(one.roles), id)
            made.value_limit = one.limit
            self.made[one.name, one.organisation] = made
        for slug, domains in DOMAINS.items():
            for domain in domains:
                domain_actions.add(self.administers("loti"), self.organisations[slug], domain)
        for text in world.suppliers():
            if text.signed:
                who = self.administers(text.key)
                onboarding.sign(who, self.organisations[text.key], who.actor.name, "Director")

    def _employ(self, slug: str, person: Person, roles: frozenset[Role], id: UUID) -> Membership:
        """Lets a person act for an organisation; in the story, the first who can write does."""
        ctx = self.acting(CLOCK)
        made = organisations.join(ctx, person, self.organisations[slug], roles, id)
        person.last_seen_at = self.ctx.now
        self.session.flush()
        actor = queries.actor(self.session, id)
        if roles & WRITING:
            self.people.setdefault(slug, actor)
        if Role.ADMINISTRATOR in roles:
            self.administrators.setdefault(slug, actor)
        return made

    def _person(self, name: str, slug: str) -> Person:
        """Somebody who gets in by a link to their address at an organisation."""
        if name not in self.made:
            email = address(name, slug)
            came = accounts.arrive(
                self.acting(CLOCK),
                issuer=BY_MAIL,
                subject=email,
                title="A link by e-mail",
                email=email,
                name=name,
            )
            self.session.flush()
            if came:
                self.made[name] = self.session.get_one(Person, came.identity.person_id)
        person: Person = self.made[name]
        return person

    def _themselves(self, name: str, slug: str) -> Actor:
        """The person before they act for anybody."""
        return Actor(name, Kind.PUBLIC, person_id=self._person(name, slug).id)

    # ---- Who comes and goes

    def comings(self) -> Iterator[Step]:
        for turn, one in enumerate(world.invited()):
            yield Step(self.moment(one.days_ago, turn), partial(self._invite, one))
            if one.accepted_days_ago is not None:
                yield Step(self.moment(one.accepted_days_ago, turn), partial(self._accept, one))
        for turn, who in enumerate(world.asking()):
            yield Step(self.moment(who.days_ago, turn), partial(self._ask, who))
            if who.decided_days_ago is not None:
                yield Step(self.moment(who.decided_days_ago, turn), partial(self._decide, who))
        for turn, colleague in enumerate(world.colleagues()):
            if colleague.suspended_days_ago is not None:
                moment = self.moment(colleague.suspended_days_ago, turn)
                yield Step(moment, partial(self._suspend, colleague))
        for turn, company in enumerate(world.registering()):
            yield Step(self.moment(company.days_ago, turn), partial(self._register, company))

    def _invite(self, text: world.InvitedText) -> None:
        ctx, organisation = self.administers(text.organisation), text.organisation
        email = address(text.name, organisation)
        self.made["invited", text.name] = actions.invite(
            ctx, self.organisations[organisation], email, text.roles, text.limit
        )

    def _accept(self, text: world.InvitedText) -> None:
        invitation: Invitation = self.made["invited", text.name]
        ctx = self.acting(self._themselves(text.name, text.organisation))
        self.session.flush()
        actions.accept(ctx, invitation, invitation.serial)

    def _ask(self, text: world.AskingText) -> None:
        ctx = self.acting(self._themselves(text.name, text.organisation))
        organisation = self.organisations[text.organisation]
        self.made["asks", text.name] = actions.ask(ctx, organisation, text.message)

    def _decide(self, text: world.AskingText) -> None:
        request: JoinRequest = self.made["asks", text.name]
        ctx = self.administers(text.organisation)
        if text.because:
            actions.decline(ctx, request, text.because)
        else:
            actions.approve(ctx, request, text.roles, text.limit)

    def _suspend(self, text: world.ColleagueText) -> None:
        membership: Membership = self.made[text.name, text.organisation]
        actions.suspend(self.administers(text.organisation), membership)

    def _register(self, text: world.RegisteringText) -> None:
        """A registration that is half filled in; nobody could ask the register yet."""
        slug = text.company.partition(" ")[0].lower()
        ctx = self.acting(self._themselves(text.name, slug))
        draft = onboarding.draft(ctx)
        self.session.flush()
        number = {"companies_house_number": text.number}
        yes = dict.fromkeys(("staff_under_250", "turnover_up_to_44m", "balance_sheet_up_to_38m"))
        sections = {
            "company": {"constitution": Constitution.COMPANY.value, **number},
            "size": {**dict.fromkeys(yes, "yes"), "is_vcse": "no"},
            "about": {"trading_name": text.company, "description": text.description},
        }
        for section, typed in sections.items():
            onboarding.edit(ctx, draft, section, typed)


def address(name: str, slug: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{slug}.example"
