"""A tender whose bids are opened, its panel, and what they do through the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import time_machine
from bs4 import BeautifulSoup
from sqlmodel import col, select

from auth.actor import Actor, Role
from marketplace.bids.models import Bid
from marketplace.bids.models import Bidder as Numbered
from marketplace.catalogue.rate_models import Rate
from marketplace.core import db
from marketplace.core.times import now
from marketplace.evaluation.models import Question, Seat
from marketplace.organisations.models import Organisation
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Publication, Tender
from tests.bids.bidding import Bidder, answers, published
from tests.browser_of_pages import Browser
from tests.make import Make
from tests.tenders.drafting import fine

FIT, PLAN, LOCAL, PRICE = (str(uuid4()) for _ in range(4))
TITLES = {FIT: "Fit", PLAN: "Plan", LOCAL: "Hackney's own", PRICE: "Price"}
EVERYBODY = ("Ada", "Ben", "Cleo")  # who evaluate
SCALE = ("0 Nothing", "2 Little", "4 Some", "5 Half", "6 Most", "8 Good", "10 All")


def criterion(id: str, weight: str, *, kind: str = "Quality", **more: Any) -> dict[str, Any]:
    common = {"question": f"How good is {TITLES[id]}?", "guidance": "Show it.", "words": None}
    about = {"id": id, "title": TITLES[id], "kind": kind, "weight": weight, "minimum": None}
    return {**about, **common, "local_to": None, **more}


@dataclass
class Panel:
    """Everybody who judges the bids for a tender, by name."""

    browser: Browser
    make: Make
    tender: Tender
    lead: Actor
    approver: Actor  # of the other authority
    people: dict[str, Actor] = field(default_factory=dict)
    suppliers: dict[str, Bidder] = field(default_factory=dict)
    sealed_prices: bool = True

    @property
    def at(self) -> str:
        return f"/tenders/{self.tender.id}/workspace/evaluation"

    def as_(self, name: str) -> Browser:
        return self.browser.as_(self.people.get(name) or {"lead": self.lead}[name])

    def main(self, name: str, below: str = "") -> str:
        return " ".join(self.as_(name).main(f"{self.at}{below}").text.split())

    # ---- The rows behind the pages

    def _rows(self, kind: type[Any], *where: Any) -> Sequence[Any]:
        with db.reading(self.browser.engine) as session:
            return session.exec(select(kind).where(kind.tender_id == self.tender.id, *where)).all()

    def question(self, id: str) -> UUID:
        [found] = self._rows(Question, col(Question.criterion_id) == UUID(id))
        return UUID(str(found.id))

    def bidder(self, supplier: str) -> Numbered:
        """The number that chance gave a supplier: a test has to know, nobody else does."""
        its = self.suppliers[supplier].actor.organisation_id
        [bid] = self._rows(Bid, col(Bid.organisation_id) == its)
        [found] = self._rows(Numbered, col(Numbered.bid_id) == bid.id)
        return found

    def seat(self, name: str) -> UUID:
        who = self.people[name].person_id
        [found] = self._rows(Seat, col(Seat.person_id) == who, col(Seat.stage) != "ended")
        return UUID(str(found.id))

    def vacant(self, organisation: UUID) -> list[UUID]:
        its = (col(Seat.organisation_id) == organisation, col(Seat.stage) == "vacant")
        return [one.id for one in self._rows(Seat, *its)]

    # ---- The steps

    def offer(self, organisation: UUID, role: str, number: int = 1) -> None:
        about = {"organisation_id": str(organisation), "role": role, "number": str(number)}
        self.as_("lead").post(f"{self.at}/seats/new", **about)
        fine(self.browser)

    def sit(self, name: str, by: Actor, role: str, *, declares: bool = True) -> None:
        """Somebody gets a seat from their own authority, and declares no interest."""
        who = self.people[name]
        self.offer(by.organisation_id, role)
        [vacant] = self.vacant(by.organisation_id)
        self.browser.as_(by).post(f"{self.at}/seats/{vacant}/name", person_id=str(who.person_id))
        fine(self.browser)
        if declares:
            self.declare(name)

    def declare(self, name: str, interest: str = "none", **more: str) -> BeautifulSoup:
        where = f"{self.at}/seats/{self.seat(name)}/declare"
        return self.as_(name).post(where, interest=interest, understood="true", **more)

    def begin(self) -> None:
        self.as_("Chair").post(f"{self.at}/begin", discuss_from="3")
        fine(self.browser)

    def score(self, name: str, id: str, supplier: str, points: Any, comment: str = "") -> Any:
        where = f"{self.at}/questions/{self.question(id)}/bidders/{self.bidder(supplier).id}"
        typed = {"points": str(points), "comment": comment or f"{name} says so.", "pages": "p. 3"}
        return self.as_(name).post(where, page=name, **typed)

    def send(self, name: str, id: str) -> BeautifulSoup:
        return self.as_(name).post(f"{self.at}/questions/{self.question(id)}/send")

    def score_all(self, id: str, given: Mapping[str, Mapping[str, int]]) -> None:
        for name, by_supplier in given.items():
            for supplier, points in by_supplier.items():
                self.score(name, id, supplier, points)
                fine(self.browser)
            self.send(name, id)
            fine(self.browser)

    def agree(self, id: str, supplier: str, points: Any, reason: str = "We agree.") -> Any:
        where = f"{self.at}/questions/{self.question(id)}/bidders/{self.bidder(supplier).id}/agreed"
        there = [str(self.seat(name)) for name in ("Chair", "Ada")]
        said = {"points": str(points), "reason": reason, "present": there}
        return self.as_("Chair").post(where, **said)

    def lock(self) -> BeautifulSoup:
        return self.as_("Chair").post(f"{self.at}/lock")

    def finalise(self, **more: str) -> BeautifulSoup:
        """As the chair reads it; with `read`, as they read it before."""
        given = {"read": self.read(), **more}
        return self.as_("Chair").post(f"{self.at}/finalise", **given)

    def read(self) -> str:
        """The fingerprint of the ranking that the chair is led to make final."""
        led = self.as_("Chair").get(f"{self.at}/ranking").select_one("a[href*='?read=']")
        return str(led["href"]).rpartition("=")[2] if led else ""


def judged(
    make: Make,
    browser: Browser,
    *,
    prices: Mapping[str, str],
    criteria: Sequence[Mapping[str, Any]] | None = None,
    standards: Sequence[Mapping[str, Any]] = (),
    lots: Mapping[str, Sequence[str]] | None = None,
    only: Mapping[str, str] | None = None,
    volumes: Mapping[str, int] | None = None,
    **judging: Any,
) -> Panel:
    """A tender of Camden and Hackney with opened bids of these suppliers, and their people. A
    supplier bids for every lot, or for the one that `only` names.
    """
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    tender = published(make, camden, hackney, standards=list(standards))
    own = {"id": str(hackney.id), "name": "Hackney"}
    its = select(Publication).where(Publication.tender_id == tender.id)
    publication = make.session.exec(its).one()
    said = dict(publication.content)
    usual = (
        criterion(FIT, "35", minimum=4),
        criterion(PLAN, "25"),
        criterion(PRICE, "40", kind="Price"),
    )
    found = [dict(one) for one in criteria or usual]
    for one in found:
        one["local_to"] = own if one["local_to"] else None
    about = {"scale": list(SCALE), "price_formula": "lowest", "prices_sealed": True}
    said["criteria"] = {**said["criteria"], **about, "ties": "quality", **judging}
    said["criteria"]["criteria"] = found
    if lots:
        ids = {"Camden": str(camden.id), "Hackney": str(hackney.id)}
        serving = {title: {ids[name]: name for name in names} for title, names in lots.items()}
        rows = [
            make(Lot(position=number, title=title, tender_id=tender.id, authorities=list(serves)))
            for number, (title, serves) in enumerate(serving.items(), 1)
        ]
        said["lots"] = {
            **said["lots"],
            "lots": [
                {"id": str(row.id), "title": row.title, "description": "", "authorities": serves}
                for row, serves in zip(rows, serving.values(), strict=True)
            ],
        }
    for party in said["value"]["parties"]:
        party["volume"] = (volumes or {}).get(party["name"])
    publication.content = said
    make(publication)
    panel = Panel(browser, make, tender, make.author(camden), make.approver(hackney))
    panel.people = {
        "Ada": make.actor(camden, Role.EVALUATOR, name="Ada Lovelace"),
        "Ben": make.actor(camden, Role.EVALUATOR, name="Ben Okri"),
        "Cleo": make.actor(hackney, Role.EVALUATOR, name="Cleo Laine"),
        "Dora": make.actor(camden, Role.EVALUATOR, name="Dora Maar"),
        "Chair": make.actor(hackney, name="Hetty Chair"),
        "Officer": make.actor(camden, name="Olive Officer"),
    }
    for name, price in prices.items():
        lot = (only or {}).get(name, "")
        panel.suppliers[name] = bid(panel, make.supplier(name), said, price, lot)
    open_bids(panel, panel.approver)
    return panel


def bid(
    panel: Panel, supplier: Organisation, said: Mapping[str, Any], price: str, only: str = ""
) -> Bidder:
    """A bid with an answer to every question, and a price for each lot that it is for."""
    bidder = Bidder(panel.browser, panel.make.manager(supplier), panel.tender)
    bidder.start()
    tasks = {
        name: typed
        for name, typed in answers().items()
        if name not in ("question-1", "prices", "standards")
    }
    for number, one in enumerate(said["criteria"]["criteria"], 1):
        if one["kind"] != "Price":
            field_ = f"answer_{UUID(one['id']).hex}"
            tasks[f"question-{number}"] = {field_: f"Our answer to {one['title']}."}
    lots = [one["id"] for one in said["lots"]["lots"] if only in ("", one["title"])]
    table = {"vat_rate": "20"}
    days = dict(zip(("role",), said["criteria"].get("day_roles", ()), strict=False))
    if days:
        its = {"organisation_id": supplier.id, "since": date(2026, 3, 2)}
        panel.make(Rate(role=days["role"], amount=Decimal(150_000), **its))
    for number, lot in enumerate(lots or [""], 1):
        line = {"item": "Fee", "quantity": "1", "price": price, **days}
        line |= {"lot": lot} if lot else {}
        table |= {f"line{number}_{part}": text for part, text in line.items()}
    tasks["prices"] = table
    if lots:
        tasks["lots"] = {"lots": lots}
    if wanted := said["specification"]["standards"]:
        tasks["standards"] = {f"how_{UUID(one['id']).hex}": "In our own words." for one in wanted}
    for task, typed in tasks.items():
        bidder.save(task, **typed)
        fine(panel.browser)
    bidder.submit()
    return bidder


def open_bids(panel: Panel, second: Actor) -> None:
    """Both authorities open the bids, the second of them after the deadline for good."""
    tender, browser = panel.tender, panel.browser
    assert tender.closes_at
    work = f"/tenders/{tender.id}/workspace/bids"
    with time_machine.travel(tender.closes_at + timedelta(seconds=1), tick=False):
        browser.as_(panel.lead).post(f"{work}/begin")
        browser.as_(second).post(f"{work}/open")
        fine(browser)
    # What happens next does so after the deadline: it lies in the past from now on.
    tender.closes_at = now() - timedelta(seconds=1)
    panel.make(tender)


def seated(panel: Panel) -> Panel:
    """Two evaluators of Camden's, one of Hackney's, a chair and an officer, who all may judge."""
    for name in ("Ada", "Ben", "Officer"):
        panel.sit(name, panel.lead, "officer" if name == "Officer" else "evaluator")
    panel.sit("Cleo", panel.approver, "evaluator")
    panel.sit("Chair", panel.approver, "chair")
    return panel
