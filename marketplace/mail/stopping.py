"""No more mail of a kind: an address that ends it with one click, signed in or not."""

from dataclasses import dataclass, replace
from uuid import UUID

from auth.actor import CLOCK, Actor, Kind
from auth.tokens import Signer
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.mail import queries
from marketplace.notifications import actions
from marketplace.notifications.models import Rhythm
from marketplace.notifications.topics import Topic
from marketplace.organisations.models import Person
from marketplace.settings import Settings

PURPOSE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Stop:
    """Whose mail of which kinds ends."""

    person: Person
    topics: tuple[Topic, ...]

    @property
    def called(self) -> str:
        return ", ".join(topic.label for topic in self.topics)


def address(settings: Settings, stop: Stop) -> str:
    token = Signer(settings.secret_key).sign(PURPOSE, stop.person.id.hex, *stop.topics)
    return f"{settings.address}/unsubscribe/{token}"


def read(ctx: Context, token: str) -> Stop:
    match Signer(ctx.settings.secret_key).read(PURPOSE, token):
        case [str(id), *named]:
            person = queries.person(replace(ctx, actor=CLOCK), UUID(hex=id))
            topics = tuple(topic for topic in Topic if topic in named)
            if person and topics:
                return Stop(person, topics)
    raise NotFound("This link is not one of ours, or its reader is no longer here.")


def stop(ctx: Context, what: Stop) -> None:
    """Ends it in that person's name: whoever has their mail may."""
    themselves = Actor(what.person.name, Kind.PUBLIC, person_id=what.person.id)
    actions.choose(replace(ctx, actor=themselves), dict.fromkeys(what.topics, Rhythm.OFF))
