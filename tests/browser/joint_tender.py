"""A joint tender of three boroughs with two lots, whose bids are in and wait to be opened: played
through the actions that people use, before a marketplace is served to windows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from marketplace.app import assemble
from marketplace.bids.actions import Work
from marketplace.core import db
from marketplace.core.times import at
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Membership, Organisation
from marketplace.reference.areas import Area
from marketplace.settings import Settings
from marketplace.tenders import actions, queries
from marketplace.tenders.forms import WEIGHT, Dividend, Measuring
from marketplace.tenders.models import CriterionKind
from seed.bids import Bids, BidText
from seed.people import WRITING
from seed.tenders import CriterionText, Tenders, TenderText

TITLE = "Planning of housing repairs"
PLANNING = "Planning a day"
OWN = {
    "camden": "Estates of Camden",
    "hackney": "Estates of Hackney",
    "southwark": "Estates of Southwark",
}
WEIGHTS = {PLANNING: 45, "Price": 45, **dict.fromkeys(OWN.values(), 10)}
NORTH, SOUTH = "Northern estates", "Southern estates"
LOTS: Mapping[str, Sequence[str]] = {NORTH: ("camden", "hackney"), SOUTH: ("southwark",)}
SHARES = {"camden": 60_000, "hackney": 40_000, "southwark": 50_000}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a supplier bids, without VAT, and how its answers begin: by that the panel, which sees
    no name, tells the bids apart.
    """

    supplier: str
    name: str
    answer: str
    prices: Mapping[str, str]  # by lot


OFFERS = (
    Offer("binfold", "Binfold Systems", "On a map", {NORTH: "99,000.50", SOUTH: "52,000"}),
    Offer(
        "lintelwick",
        "Lintelwick Housing Systems",
        "In a list",
        {NORTH: "88,123.45", SOUTH: "41,000.10"},
    ),
    Offer(
        "stackhollow",
        "Stackhollow Library Co-operative",
        "By letter",
        {NORTH: "140,000", SOUTH: "39,999.99"},
    ),
)


def plant(folder: Path) -> None:
    """Adds the tender and its bids to the demo world in this folder, which nobody serves yet."""
    marketplace = assemble(Settings(data_dir=folder, database_url="", meili_url="", demo=True))
    try:
        with db.writing(marketplace.engine) as session:
            _Planting(session, marketplace.context(session)).play()
            session.commit()
    finally:
        marketplace.close()


class _Planting(Tenders, Bids):
    def play(self) -> None:
        text = _text()
        every = self.session.exec(select(Organisation)).all()
        self.organisations = {one.slug: one for one in every}
        for slug in (*SHARES, *(one.supplier for one in OFFERS)):
            its = Membership.organisation_id == self.ids[slug]
            found = self.session.exec(select(Membership).where(its).order_by(col(Membership.id)))
            writer = next(one for one in found if WRITING & set(one.roles))
            self.people[slug] = organisations.actor(self.session, writer.id)
        for days_ago, do in (
            (60, self._begin_tender),
            (58, self._take_seats),
            (55, self._write_tender),
            (50, self._agree),
            (45, self._publish_tender),
            (5, self._bid_all),
        ):
            with at(self.moment(days_ago)):
                do(text)
                self.session.flush()

    def _agree(self, text: TenderText) -> None:
        for slug in SHARES:
            self._agree_on_tender(text, slug)

    def _bid_all(self, text: TenderText) -> None:
        for one in OFFERS:
            prices = [(f"Fee, {lot}", "1", price) for lot, price in one.prices.items()]
            answers = [f"{one.answer} we plan all days." for _ in range(4)]
            self._bid(BidText(text.key, one.supplier, 5, answers, prices, "Tested this year."))

    def _write_tender(self, text: TenderText) -> None:
        """With a lot for the north and one for the south, and a criterion of each borough's own."""
        super()._write_tender(text)
        ctx, tender = self.writes(text.lead), self._tender_of(text)
        for title, slugs in LOTS.items():
            serves = [self.ids[slug] for slug in slugs]
            value = Decimal(sum(SHARES[slug] for slug in slugs))
            lot = Dividend(title=title, authorities=serves, value=value)
            actions.add_lot(ctx, tender, lot)
        for slug, title in OWN.items():
            asked = "How do you plan for our estates?"
            own = {"title": title, "question": asked, "organisation_id": self.ids[slug]}
            actions.add_criterion(ctx, tender, Measuring(kind=CriterionKind.QUALITY, **own))
        self.session.flush()
        every = queries.criteria(ctx, tender)
        typed = {f"{WEIGHT}{one.id.hex}": str(WEIGHTS[one.title]) for one in every}
        form = actions.weigh(ctx, tender, typed)
        assert not form.errors, form.errors

    def _answers(self, text: BidText, work: Work) -> dict[str, Any]:
        lots = [one.id for one in work.asked.lots]
        by_line = {f"line{number}_lot": lot for number, lot in enumerate(lots, 1)}
        return super()._answers(text, work) | by_line | {"lots": lots}


def _text() -> TenderText:
    """The words of the tender, which has a deadline of yesterday."""
    return TenderText(
        key="journey",
        stage="closed",
        lead="camden",
        partners=("hackney", "southwark"),
        title=TITLE,
        summary="One system for three boroughs.",
        scope="Plan, dispatch and report repairs.",
        functional="Plan a day of repairs on a map.",
        technical="An open interface.",
        area=Area("housing-repairs"),
        cpv=("48000000",),
        attributes=(),
        no_lots_because="",
        price_model="A fee for each lot.",
        scoring="Each evaluator scores alone. Then the panel agrees.",
        scale=("0 No answer", "3 With gaps", "5 Adequate", "7 Good", "10 Better than asked"),
        conditions="Insurance.",
        terms="The shared terms.",
        submission="Here, sealed.",
        contact="A team",
        created_days_ago=60,
        publish_in_days=-45,
        questions_in_days=-20,
        deadline_in_days=-1,
        starts_in_days=120,
        years=3,
        values=SHARES,
        criterion=(
            CriterionText(PLANNING, CriterionKind.QUALITY, "55", "How do you plan a day?"),
            CriterionText("Price", CriterionKind.PRICE, "45", "Complete the price schedule."),
        ),
    )
