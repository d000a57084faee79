"""Tenders whose ranking is final, and their authorities, as tests of awards begin from them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import select

from auth.actor import Actor, Role
from marketplace.awards.models import Award, Summary
from marketplace.bids.models import Bid, BidStage
from marketplace.contracts.models import Contract
from marketplace.core import db
from marketplace.evaluation.models import Agreed, Evaluation, Ranked
from marketplace.evaluation.models import Stage as Evaluating
from marketplace.organisations.models import Organisation
from marketplace.tenders.content import digest
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Party, Publication, Tender
from tests.bids.bidding import LOT, OTHER_LOT, PRICE, QUESTION, published
from tests.browser_of_pages import Browser
from tests.challenges.answers import typed_date
from tests.make import Make
from tests.tenders.drafting import fine

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)  # standstill: until Thursday 3 December
NUMBER = "032703-2026"
# By supplier: points out of ten for the answer, what a year costs, and the places.
BIDS = {
    "Moss Repairs": ("8", "50000.50"),
    "Fern Systems": ("6", "40000"),
    "Reed Works": ("3", "90000"),
}


def content(supplier: Organisation, price: str, lots: bool, **more: Any) -> dict[str, Any]:
    """What an opened bid says, as the drafts of bids write it."""
    net = Decimal(price)
    titles = {LOT: "North", OTHER_LOT: "South"} if lots else {"": ""}
    lines = [
        {"item": "A year", "lot": lot, "lot_id": id, "quantity": "1", "price": price, "sum": price}
        for id, lot in titles.items()
    ]
    total = net * len(titles)
    return {
        "supplier": {"id": str(supplier.id), "name": supplier.name},
        "contact": {"name": "Bids team", "email": "bids@example.org"},
        "members": [],
        "brings": "",
        "lots": [{"id": id, "title": one} for id, one in titles.items()] if lots else [],
        "answers": [
            {
                "id": QUESTION,
                "title": "Planning",
                "question": "How?",
                "answer": "On a map.",
                "words": 3,
            }
        ],
        "prices": {
            "currency": "GBP",
            "lines": lines,
            "total": str(total),
            "rate": "20%",
            "vat": str((total * 20 / 100).quantize(Decimal("0.01"))),
            "total_with_vat": str((total * 120 / 100).quantize(Decimal("0.01"))),
        },
        "standards": [],
        "declaration": {
            "mandatory": False,
            "discretionary": False,
            "debarred": False,
            "share_code": "",
            "mandatory_details": "",
            "discretionary_details": "",
        },
        "files": [],
        **more,
    }


@dataclass
class Decided:
    """A tender with a final ranking, and everybody in it."""

    browser: Browser
    make: Make
    tender: Tender
    authorities: dict[str, Organisation]
    authors: dict[str, Actor]
    approvers: dict[str, Actor]
    suppliers: dict[str, Organisation] = field(default_factory=dict)
    managers: dict[str, Actor] = field(default_factory=dict)
    bids: dict[str, Bid] = field(default_factory=dict)

    @property
    def lead(self) -> str:
        return next(iter(self.authorities))

    @property
    def work(self) -> str:
        return f"/tenders/{self.tender.id}/workspace/award"

    def as_author(self, name: str = "") -> Browser:
        return self.browser.as_(self.authors[name or self.lead])

    def as_approver(self, name: str) -> Browser:
        return self.browser.as_(self.approvers[name])

    def as_bidder(self, name: str) -> Browser:
        return self.browser.as_(self.managers[name])

    def piece(self, lot: str = "") -> str:
        return lot or str(self.tender.id)

    def recommend(self, supplier: str = "Moss Repairs", lot: str = "", **more: Any) -> Any:
        url = f"{self.work}/lots/{self.piece(lot)}/recommend"
        return self.as_author().post(url, bid_id=str(self.bids[supplier].id), **more)

    def award(self, lot: str = "") -> Award:
        """The newest of a lot."""
        found = self._rows(select(Award).where(Award.of_id == UUID(self.piece(lot))))
        return max(found, key=lambda one: one.number)

    def _rows(self, its: Any) -> list[Any]:
        """What is there now, for good: read apart, so that nothing is held open."""
        with db.reading(self.browser.engine) as session:
            found = list(session.exec(its).all())
            session.expunge_all()
        return found

    def at(self, lot: str = "") -> str:
        return f"{self.work}/{self.award(lot).id}"

    def approve(self, *names: str, lot: str = "") -> None:
        award = self.award(lot)
        for name in names:
            self.as_approver(name).post(f"{self.work}/{award.id}/approve", digest=award.digest)
            fine(self.browser)

    def summaries(self, lot: str = "") -> list[Summary]:
        return self._rows(select(Summary).where(Summary.award_id == self.award(lot).id))

    def check(self, lot: str = "") -> None:
        for one in self.summaries(lot):
            url = f"{self.at(lot)}/summaries/{one.id}/check"
            self.as_author().post(url, read=digest(one.content))
            fine(self.browser)

    def inform(self, lot: str = "") -> Any:
        return self.as_author().post(f"{self.at(lot)}/inform")

    def cite(self, on: date, lot: str = "", **more: str) -> Any:
        said = {"number": NUMBER, **typed_date("on", on), **more}
        return self.as_author().post(f"{self.at(lot)}/notice", **said)

    def noticed(self, *names: str, on: date, lot: str = "") -> None:
        """As far as the award notice: recommended, approved by these, and everybody told."""
        self.recommend(lot=lot)
        fine(self.browser)
        self.approve(*names, lot=lot)
        self.check(lot)
        self.inform(lot)
        fine(self.browser)
        self.cite(on, lot)
        fine(self.browser)

    def confirm(self, lot: str = "", manner: str = "each") -> Any:
        return self.as_author().post(f"{self.at(lot)}/confirm", manner=manner)

    def contracts(self) -> dict[str, Contract]:
        """By the name of the authority."""
        names = {one.id: name for name, one in self.authorities.items()}
        found = self._rows(select(Contract).where(Contract.tender_id == self.tender.id))
        return {names[one.organisation_id]: one for one in found}


def decided(
    browser: Browser, make: Make, *names: str, lots: bool = False, closed: timedelta = timedelta(9)
) -> Decided:
    """A tender that the first of these leads, closed so long ago, with a ranking of three bids."""
    names = names or ("Camden", "Hackney")
    authorities = {name: make.authority(name) for name in names}
    tender = published(make, *authorities.values(), lots=lots, closes_at=datetime.now(UTC) - closed)
    tender.starts_on, tender.ends_on = date(2027, 1, 4), date(2029, 1, 3)
    tender.extensions = "Once, by a year."
    make(tender)
    shares = {"Camden": Decimal(100_000), "Hackney": Decimal(50_000)}
    for one in make.session.exec(select(Party).where(Party.tender_id == tender.id)).all():
        name = next(name for name, its in authorities.items() if its.id == one.organisation_id)
        one.value = shares.get(name, Decimal(50_000))
        make(one)
    made = Decided(
        browser,
        make,
        tender,
        authorities,
        {name: make.author(one) for name, one in authorities.items()},
        {
            name: make.actor(one, Role.APPROVER, name=f"{name} approver")
            for name, one in authorities.items()
        },
    )
    if lots:
        _lots(made)
    _rank(made, lots)
    return made


def _lots(made: Decided) -> None:
    """North is for all but the last authority, South for the last two."""
    every = [str(one.id) for one in made.authorities.values()]
    served = {LOT: ("North", every[:-1]), OTHER_LOT: ("South", every[-2:])}
    for position, (id, (title, ids)) in enumerate(served.items(), 1):
        made.make.session.merge(
            Lot(
                id=UUID(id),
                position=position,
                title=title,
                authorities=ids,
                tender_id=made.tender.id,
            )
        )
    its = select(Publication).where(Publication.tender_id == made.tender.id)
    publication = made.make.session.exec(its).one()
    publication.content = {
        **publication.content,
        "lots": {**publication.content["lots"], "most_lots": None},
    }
    made.make(publication)


def _rank(made: Decided, lots: bool) -> None:
    make, tender = made.make, made.tender
    make(Evaluation(tender_id=tender.id, stage=Evaluating.FINAL, opened=True, prices_open=True))
    cheapest = min(Decimal(price) for _, price in BIDS.values())
    ranked = []
    for name, (points, price) in BIDS.items():
        supplier = make.supplier(name)
        made.suppliers[name], made.managers[name] = supplier, make.manager(supplier)
        said = content(supplier, price, lots)
        bid = make(
            Bid(
                stage=BidStage.OPENED,
                content=said,
                fingerprint=digest(said),
                publication=1,
                submitted_at=tender.closes_at,
                total=Decimal(said["prices"]["total"]),
                tender_id=tender.id,
                organisation_id=supplier.id,
            )
        )
        made.bids[name] = bid
        reason = f"{name} shows {points} of ten things."
        make(
            Agreed(
                points=Decimal(points),
                reason=reason,
                person_name="The chair",
                criterion_id=UUID(QUESTION),
                bid_id=bid.id,
                tender_id=tender.id,
            )
        )
        quality = Decimal(points) * 6
        worth = (cheapest / Decimal(price) * 40).quantize(Decimal("0.01"))
        ranked.append((quality + worth, quality, worth, bid))
    in_order = sorted(ranked, key=lambda one: -one[0])
    for lot in (LOT, OTHER_LOT) if lots else (None,):
        for position, (total, quality, worth, bid) in enumerate(in_order, 1):
            fails = bid.id == made.bids["Reed Works"].id
            make(
                Ranked(
                    position=None if fails else position,
                    because="It is below the minimum for planning." if fails else "",
                    quality=quality,
                    price=worth,
                    total=total,
                    lot_id=UUID(lot) if lot else None,
                    bid_id=bid.id,
                    tender_id=tender.id,
                )
            )


__all__ = ["BIDS", "LOT", "MONDAY", "NUMBER", "OTHER_LOT", "PRICE", "Decided", "decided"]
