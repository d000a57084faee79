"""What every part of the story stands on: its days, its people, and who acts at a moment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from auth.actor import Actor
from marketplace.core.context import Context
from marketplace.core.times import LONDON, in_london, now
from marketplace.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody does at a moment."""

    moment: datetime
    do: Callable[[], object]


class Scene:
    def __init__(self, session: Session, ctx: Context) -> None:
        self.session, self.ctx = session, ctx
        self.today = in_london(ctx.now).date()
        self.organisations: dict[str, Organisation] = {}  # by slug
        self.people: dict[str, Actor] = {}  # who writes for an organisation
        self.made: dict[Any, Any] = {}  # whatever the story comes back to, by its key
        self.administrators: dict[str, Actor] = {}  # who says who may act for it

    @property
    def ids(self) -> dict[str, UUID]:
        return {slug: organisation.id for slug, organisation in self.organisations.items()}

    def moment(self, days_ago: int, turn: int = 0) -> datetime:
        """A time in office hours, another one for every turn."""
        minutes = 9 * 60 + (turn * 37 + days_ago * 53) % (8 * 60)
        clock = time(minutes // 60, minutes % 60, tzinfo=LONDON)
        return datetime.combine(self.day(-days_ago), clock)

    def day(self, ahead: int) -> date:
        return self.today + timedelta(days=ahead)

    def acting(self, actor: Actor) -> Context:
        """A context in which somebody acts, now by the stopped clock."""
        return replace(self.ctx, actor=actor, now=now())

    def writes(self, slug: str) -> Context:
        """As whoever writes for an organisation."""
        return self.acting(self.people[slug])

    def administers(self, slug: str) -> Context:
        return self.acting(self.administrators[slug])
