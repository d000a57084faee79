"""Tenders that can be bid for, and bids as people write them through the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import select

from auth.actor import Actor
from marketplace.core.times import now
from marketplace.organisations.models import Organisation
from marketplace.tenders.content import SHARED
from marketplace.tenders.models import PartVersion, Party, PartyStage, Publication, Tender
from tests.browser_of_pages import Browser
from tests.make import Make
from tests.tenders.drafting import fine

QUESTION, PRICE, LOT, OTHER_LOT = (str(uuid4()) for _ in range(4))
ANSWER = f"answer_{QUESTION.replace('-', '')}"


EMPTY = ("conditions", "contact", "extensions", "options", "route", "contract", "publish_on")
MOMENTS = ("planned_notice_on", "questions_until", "deadline", "starts_on", "ends_on")


def said(
    tender: Tender,
    parties: Sequence[Organisation],
    standards: Any = (),
    lots: bool = False,
    day_roles: Sequence[str] = (),
) -> dict[str, Any]:
    """What a tender says when it is published, with what bids depend on."""
    common = {"guidance": "Show the screens.", "minimum": None}
    about = {"summary": "", "scope": "", "functional": "", "technical": "", "area": "", "cpv": []}
    return {
        "specification": {"title": tender.called, **about, "standards": list(standards)},
        "lots": {
            "no_lots_because": "",
            "most_lots": 1 if lots else None,
            "lots": [
                {"id": id, "title": name, "description": "", "authorities": {}}
                for id, name in ((LOT, "North"), (OTHER_LOT, "South"))
                if lots
            ],
        },
        "criteria": {
            "price_model": "A yearly fee.",
            **({"day_roles": list(day_roles)} if day_roles else {}),
            "scoring": "0 to 10.",
            "criteria": [
                {
                    "id": QUESTION,
                    "title": "Planning",
                    "kind": "Quality",
                    "weight": "60",
                    "question": "How do you plan a day of repairs?",
                    "words": 12,
                    **common,
                },
                {
                    "id": PRICE,
                    "title": "Price",
                    "kind": "Price",
                    "weight": "40",
                    "question": "Fill in the table.",
                    "words": None,
                    **common,
                },
            ],
        },
        "terms": {
            **dict.fromkeys((*EMPTY, *MOMENTS), ""),
            "terms": "",
            "urgent": False,
            "submission": "Here.",
            "documents": [],
        },
        "value": {
            "total": "200000",
            "parties": [
                {
                    "id": str(one.id),
                    "name": one.name,
                    "lead": not number,
                    **dict.fromkeys(("volume", "value")),
                    "unit": "",
                }
                for number, one in enumerate(parties)
            ],
        },
        "annex": {},
    }


def published(
    make: Make, *authorities: Organisation, title: str = "Plan repairs", **more: Any
) -> Tender:
    """A published tender of these authorities, the first of which leads."""
    about = {name: more.pop(name) for name in ("standards", "lots", "day_roles") if name in more}
    lead, *others = authorities
    partners = [str(one.id) for one in authorities]
    tender = make.tender(lead, public_title=title, **more)
    tender.partners = partners
    for one in others:
        make(Party(tender_id=tender.id, organisation_id=one.id, stage=PartyStage.ACCEPTED))
    its = select(Publication).where(Publication.tender_id == tender.id)
    publication = make.session.exec(its).one()
    publication.content = said(tender, authorities, **about)
    make(publication)
    by = {"number": 1, "person_name": "Somebody", "organisation_name": lead.called}
    for part in SHARED:
        content = publication.content[part]
        make(PartVersion(part=part, of_id=tender.id, content=content, tender_id=tender.id, **by))
    return make(tender)


def amended(make: Make, tender: Tender, *, material: bool) -> None:
    """The next publication of a tender, that says the same again."""
    its = select(Publication).where(Publication.tender_id == tender.id)
    known = list(make.session.exec(its))
    about = {"number": len(known) + 1, "content": known[0].content, "tender_id": tender.id}
    make(Publication(reason="The dates", material=material, deadline=tender.closes_at, **about))


def answers(**more: Any) -> dict[str, dict[str, Any]]:
    """By task, what is typed into its fields."""
    return {
        "contact": {"contact_name": "Robin Moss", "contact_email": "bids@moss.example"},
        "consortium": {"members": "", "brings": ""},
        "question-1": {ANSWER: "On a map, with all operatives and their skills."},
        "prices": {
            "line1_item": "Yearly fee",
            "line1_quantity": "4",
            "line1_price": "12,500.50",
            "vat_rate": "20",
        },
        "declaration": {
            "mandatory": "false",
            "discretionary": "false",
            "debarred": "false",
            "true_and_ours": "true",
        },
        **more,
    }


@dataclass
class Bidder:
    """Somebody who bids, and the tender that they bid for."""

    browser: Browser
    actor: Actor
    tender: Tender

    @property
    def at(self) -> str:
        return f"/tenders/{self.tender.id}/bid"

    def _as(self) -> Browser:
        return self.browser.as_(self.actor)

    def start(self) -> None:
        self._as().post(self.at)
        fine(self.browser)

    def write(self, **more: Any) -> None:
        for task, typed in answers(**more).items():
            self.save(task, **typed)
            fine(self.browser)

    def save(self, task: str, *, automatic: bool = False, **typed: Any) -> Any:
        """Saves a task from a page that its writer keeps open."""
        here = {"page": str(self.actor.person_id)}
        url = f"{self.at}/tasks/{task}{'?autosave=true' if automatic else ''}"
        return self._as().send(url, here | typed, "saved" if automatic else "")

    def attach(self, name: str = "plan.txt", content: bytes = b"Where the vans are.\n") -> Any:
        return self._as().post(f"{self.at}/files", files={"file": (name, content, "text/plain")})

    def submit(self) -> Any:
        seen = self._as().post(f"{self.at}/submit")
        fine(self.browser)
        return seen

    def bid(self) -> None:
        self.start()
        self.write()
        self.submit()

    def main(self, below: str = "") -> str:
        return " ".join(self._as().main(f"{self.at}{below}").text.split())


def closing(tender: Tender, seconds: float = 0) -> Any:
    """The moment of the deadline, or some seconds after it."""
    assert tender.closes_at
    return tender.closes_at + timedelta(seconds=seconds)


__all__ = ["ANSWER", "Bidder", "amended", "answers", "closing", "now", "published", "said"]
