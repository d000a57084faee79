"""The addresses of the landmarks: every route, filled with every thing that it can be about."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, select

from auth.actor import Actor
from marketplace.accounts.models import Identity, SignIn
from marketplace.catalogue.models import Product, ProductEdit, ProductReport
from marketplace.challenges.models import Challenge, Stage
from marketplace.claims.models import Claim, Interest, Reliance
from marketplace.contracts.models import Contract
from marketplace.core.outbox import Delivery
from marketplace.notices.models import Import
from marketplace.notifications.models import Mail, Notification
from marketplace.organisations.models import Membership, Organisation, Person
from marketplace.people.models import Invitation, JoinRequest, MailDomain
from marketplace.policy import visible_to
from marketplace.saved.models import SavedSearch
from marketplace.shortlists.models import Shortlist
from marketplace.standards.models import Standard
from marketplace.tenders.models import Tender
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


# What a route is about, by how its address begins.
ABOUT: Mapping[str, type[Any]] = {
    "/challenges/{id}": Challenge,
    "/products/edits/{id}": ProductEdit,
    "/products/reports/{id}": ProductReport,
    "/products/{id}": Product,
    "/shortlists/{id}": Shortlist,
    "/claims/{id}": Claim,
    "/assessments/{id}": Claim,
    "/reliances/{id}": Reliance,
    "/interests/{id}": Interest,
    "/standards/{id}": Standard,
    "/tenders/{id}": Tender,
    "/contracts/{id}": Contract,
    "/notices/imports/{id}": Import,
    "/notifications/{id}": Notification,
    "/organisation/invitations/{id}": Invitation,
    "/organisation/people/{id}": Membership,
    "/organisation/requests/{id}": JoinRequest,
    "/organisations/{id}": Organisation,
    "/join/{id}": JoinRequest,
    "/saved/{id}": SavedSearch,
    "/watch/{kind}/{id}": Challenge,
    "/account/ways-in/{id}": Identity,
    "/account/sessions/{id}": SignIn,
    "/admin/organisations/{id}": Organisation,
    "/admin/domains/{id}": MailDomain,
    "/admin/people/{id}": Person,
    "/admin/memberships/{id}": Membership,
    "/admin/mail/{id}": Mail,
    "/admin/deliveries/{id}": Delivery,
}
SECTIONS: Mapping[type[Any], str] = {
    Challenge: "need",
    Product: "basics",
    Standard: "verify",
    Tender: "terms",
}
# What else stands in the address of a tender's page: a part, and things that are not there.
WITHIN = {"{part}": "terms", "{key}": "agreement", "{code}": "UK4", "{form}": "csv"}


def kind_of(route: Route) -> type[Any] | None:
    return next((kind for start, kind in ABOUT.items() if route.path.startswith(start)), None)


def things(kind: type[Any], landmarks: Landmarks) -> Mapping[str, UUID]:
    """The landmarks of a kind, by their stage or by whose they are."""
    staged: Mapping[type[Any], Mapping[Any, UUID]] = {
        Challenge: landmarks.challenges,
        Product: landmarks.products,
        Import: landmarks.imports,
        Shortlist: landmarks.shortlists,
        Standard: landmarks.standards,
        Tender: landmarks.tenders,
        Contract: landmarks.contracts,
        Delivery: {"set aside": landmarks.delivery},
    }
    found = staged.get(kind) or landmarks.about_people[kind]
    return {str(name): id for name, id in found.items()}


def places(route: Route, landmarks: Landmarks) -> Iterator[Place]:
    """The route with each landmark that it can be about; none for a route about no one thing."""
    kind = kind_of(route)
    if kind is None:
        return
    for stage, id in things(kind, landmarks).items():
        url = route.path.replace("{id}", str(id)).replace("{section}", SECTIONS.get(kind, ""))
        url = url.replace("{number}", "1")
        if kind in (Tender, Contract):
            for name, text in WITHIN.items():
                url = url.replace(name, text)
            url = re.sub(r"\{\w+_id\}", str(id), url)
        of = "challenge" if url.startswith("/watch/") else "prices"
        url = url.replace("{kind}", of).replace("{part_id}", str(id))  # they share its id
        if "{attachment_id}" in url:
            url = url.replace("{attachment_id}", str(landmarks.attachments[Stage(stage)]))
        if kind is Claim:
            point, piece = landmarks.claim_parts[id]
            url = url.replace("{point}", str(point)).replace("{piece}", str(piece))
        yield Place(route, url, kind, id, stage)


def seen_by(session: Session, who: Actor) -> frozenset[UUID]:
    """The ids of everything that this person may see and that an address can be about."""
    ids = [
        session.exec(select(kind.id).where(visible_to(who, kind))) for kind in set(ABOUT.values())
    ]
    return frozenset(id for found in ids for id in found)
