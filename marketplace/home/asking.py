"""What asks for the reader on every home: who wants to come in, and what they were told lately."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from auth.actor import NOBODY, Kind
from marketplace.core.context import Context
from marketplace.core.times import ago, when
from marketplace.home import queries
from marketplace.home.blocks import LATELY, Line, Place, place
from marketplace.notifications import queries as inbox
from marketplace.notifications import telling
from marketplace.organisations.models import Organisation
from marketplace.people import overseeing_queries as overseeing
from marketplace.people.models import JoinRequest
from marketplace.policy import refusal
from marketplace.verbs import Verb

TOLD = 5  # notifications on a home


def asking(ctx: Context) -> Iterator[Line]:
    """Who waits until the reader decides."""
    for request in _to_decide(ctx):
        asked = f"{request.person.name} asked {ago(request.created_at)}"
        if ctx.actor.kind is Kind.LOTI:
            why = f"{asked}, and {request.organisation.called} has no administrator who could say"
            to = place("overseeing.requests")
        else:
            why, to = (
                f"{asked} to act for {ctx.actor.organisation_name}",
                place("organisation.people"),
            )
        yield Line("Decide on", to, why, f"the request of {request.person.name}")


def _to_decide(ctx: Context) -> Iterator[JoinRequest]:
    """Requests to join that the reader can decide on and, for LOTI, nobody else can."""
    if refusal(ctx.actor, Verb.JOIN_APPROVE, _any(ctx)):
        waiting = []  # and it is not even asked who
    elif ctx.actor.kind is Kind.LOTI:
        waiting = [request for request, _ in overseeing.requests(ctx, nobody_elses=True)[0]]
    else:
        waiting = list(queries.asking_to_join(ctx))
    return (one for one in waiting if refusal(ctx.actor, Verb.JOIN_APPROVE, one) is None)


def _any(ctx: Context) -> JoinRequest:
    """A request as one might come in: to the reader's organisation or, for LOTI, to another."""
    where = Organisation(id=ctx.actor.organisation_id, name="", slug="", kind=Kind.AUTHORITY)
    return JoinRequest(person_id=NOBODY, organisation_id=where.id, organisation=where)


def with_news(ctx: Context, others: Sequence[Line]) -> list[Line]:
    """What the reader was told lately, and then the others, less those about the same things."""
    since = ctx.now - LATELY
    items = [one for one in inbox.latest(ctx, TOLD) if one.notification.created_at >= since]
    said = telling.words(ctx.actor, items)
    told: dict[UUID, Line] = {}
    for one in items:
        if words := said.get(one.notification.id):
            why = f"{words.body} You are told because {words.why}.".strip()
            told_at = when(one.notification.created_at)
            line = Line(words.subject, Place("", path=words.href), why, due=told_at)
            told.setdefault(one.event.about_id, line)
    return [*told.values(), *(one for one in others if one.to.params.get("id") not in told)]
