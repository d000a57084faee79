"""The addresses of the landmarks: every route, filled with every thing that it can be about."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, select

from auth.actor import Actor
from marketplace.catalogue.models import Product
from marketplace.challenges.models import Challenge
from marketplace.notices.models import Import
from marketplace.policy import visible_to
from tests.crawl.routes import Route
from tests.crawl.world import Landmarks


@dataclass(frozen=True, slots=True)
class Place:
    """One address, and the thing that has to be visible for it to be there."""

    route: Route
    url: str
    kind: type[Any]
    id: UUID
    stage: str

    def elsewhere(self) -> str:
        """The same address of a thing that never was."""
        return self.url.replace(str(self.id), str(uuid4()))


def places(route: Route, landmarks: Landmarks) -> Iterator[Place]:
    """The route with each landmark that it can be about; none for a route about no one thing."""
    if route.path.startswith("/challenges/{id}"):
        section, things, kind = "need", landmarks.challenges, Challenge
    elif route.path.startswith("/products/{id}"):
        section, things, kind = "basics", landmarks.products, Product
    elif route.path.startswith("/notices/imports/{id}"):
        section, things, kind = "", landmarks.imports, Import
    else:
        return
    for stage, id in things.items():
        url = route.path.replace("{id}", str(id)).replace("{section}", section)
        if "{attachment_id}" in url:
            url = url.replace("{attachment_id}", str(landmarks.attachments[stage]))
        yield Place(route, url, kind, id, str(stage))


def seen_by(session: Session, who: Actor) -> frozenset[UUID]:
    """The ids of every challenge, product and import that this person may see."""
    ids = [
        session.exec(select(kind.id).where(visible_to(who, kind)))
        for kind in (Challenge, Product, Import)
    ]
    return frozenset(id for found in ids for id in found)
