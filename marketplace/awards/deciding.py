"""What an award says, from the ranking, the agreed scores and what was published: pure data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from marketplace.awards.models import Award, Consent
from marketplace.bids.asking import Asked
from marketplace.bids.models import Bid
from marketplace.evaluation.models import Agreed, Ranked
from marketplace.tenders.content import digest
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import CriterionKind, Party, PartyStage, Tender

PENNY = Decimal("0.01")
POINTS = 10  # the most that an answer can have


@dataclass(frozen=True, slots=True)
class Piece:
    """What is awarded by itself: a lot, or a tender without lots. Its parties buy it."""

    tender: Tender
    lot: Lot | None
    parties: tuple[Party, ...]

    @property
    def id(self) -> UUID:
        return self.lot.id if self.lot else self.tender.id

    @property
    def lot_id(self) -> UUID | None:
        return self.lot.id if self.lot else None

    @property
    def title(self) -> str:
        return self.lot.title if self.lot else self.tender.called


def pieces(tender: Tender, lots: Iterable[Lot], parties: Iterable[Party]) -> list[Piece]:
    """The lots that have not ended before, or the tender where there never was one."""
    inside = tuple(one for one in parties if one.stage is PartyStage.ACCEPTED)
    every = list(lots)
    if not every:
        return [Piece(tender, None, inside)]
    return [
        Piece(
            tender,
            lot,
            tuple(one for one in inside if str(one.organisation_id) in lot.authorities),
        )
        for lot in every
        if not lot.ended
    ]


def won(known: Iterable[Award]) -> Mapping[UUID, Sequence[str]]:
    """The lots that each supplier has so far, by supplier and in the order of the lots."""
    found: dict[UUID, list[Lot]] = {}
    for one in known:
        if one.is_live and one.supplier_id and one.lot:
            found.setdefault(one.supplier_id, []).append(one.lot)
    return {
        id: [lot.title for lot in sorted(lots, key=lambda lot: lot.position)]
        for id, lots in found.items()
    }


def limited(most: int) -> str:
    """The tender's own limit in words."""
    return f"One supplier can win {'1 lot' if most == 1 else f'{most} lots'} of this tender"


def price(bid: Bid, lot: Lot | None) -> tuple[Decimal, Decimal]:
    """What a bid asks for a lot, or in all: without VAT and with it."""
    prices = bid.content["prices"]
    total, with_vat = Decimal(prices["total"]), Decimal(prices["total_with_vat"])
    if lot is None:
        return total, with_vat
    own = [Decimal(one["sum"]) for one in prices["lines"] if one["lot_id"] == str(lot.id)]
    net = sum(own, Decimal(0))
    vat = (net * rate(total, with_vat) / 100).quantize(PENNY, ROUND_HALF_UP)
    return net, net + vat


def rate(net: Decimal, gross: Decimal) -> int:
    """The per cent of VAT between two amounts."""
    return int(((gross - net) / net * 100).to_integral_value()) if net else 0


def shares(parties: Sequence[Party], value: Decimal) -> dict[UUID, Decimal]:
    """The value among the authorities, as their shares of the tender are to one another; the last
    one has what rounding leaves.
    """
    weights = [one.value or Decimal(0) for one in parties]
    whole = sum(weights, Decimal(0))
    if not whole:
        weights, whole = [Decimal(1)] * len(parties), Decimal(len(parties))
    found: dict[UUID, Decimal] = {}
    left = value
    for party, weight in zip(parties[:-1], weights[:-1], strict=True):
        part = (value * weight / whole).quantize(PENNY, ROUND_HALF_UP)
        found[party.organisation_id], left = part, left - part
    found[parties[-1].organisation_id] = left
    return found


def share(
    award: Award, parties: Iterable[Party], said: Mapping[UUID, Consent], of: UUID
) -> Decimal:
    """What an award costs one authority, VAT included, among those that have not parted from it."""
    inside = [one for one in parties if one.id not in said or said[one.id].given]
    return shares(inside, award.gross or Decimal(0))[of]


# ---- What is agreed to


def to_approve(award: Award, said: Mapping[UUID, Consent]) -> str:
    """The fingerprint of what an authority reads and approves: the award and, because it makes the
    shares of the others larger, who parted from it.
    """
    parted = sorted(str(id) for id, one in said.items() if not one.given)
    return digest({"award": award.digest, "parted": parted}) if parted else award.digest


def content(
    piece: Piece, bid: Bid, ranking: Sequence[Ranked], because: str, ground: str
) -> dict[str, Any]:
    net, gross = price(bid, piece.lot)
    return {
        "tender": piece.tender.reference,
        "lot": piece.title,
        "bid": bid.reference,
        "supplier": bid.organisation.name,
        "value": str(net),
        "gross": str(gross),
        "passed_over": ground,
        "because": because,
        "ranking": [
            {
                "bid": one.bid.reference,
                "supplier": one.bid.organisation.name,
                "position": one.position,
                **_totals(one),
                "because": one.because,
            }
            for one in ranking
        ],
        "authorities": [
            {"id": str(one.organisation_id), "name": one.organisation.name} for one in piece.parties
        ],
    }


# ---- Summaries

Scores = Mapping[tuple[str, UUID], Agreed]  # by criterion and bid


def scores(agreed: Iterable[Agreed]) -> Scores:
    return {(str(one.criterion_id), one.bid_id): one for one in agreed}


def summary(
    piece: Piece, asked: Asked, own: Ranked, winner: Ranked, known: Scores, passed_over: str = ""
) -> dict[str, Any]:
    """What one bidder is told: regulation 31. Of the others, only what there is of the winner.
    `passed_over`: why its bid does not win although it is ranked before the winner.
    """
    wins = own.bid_id == winner.bid_id
    return {
        "lot": piece.title,
        "reference": own.bid.reference,
        "supplier": own.bid.organisation.name,
        "wins": wins,
        "scoring": asked.scoring,
        "criteria": _criteria(asked, own, known),
        "totals": _totals(own),
        "unplaced": own.because if own.position is None else "",
        "why": "" if wins else passed_over or _why(asked, own, winner, known),
        "winner": None
        if wins
        else {
            "supplier": winner.bid.organisation.name,
            "criteria": _criteria(asked, winner, known),
            "totals": _totals(winner),
        },
    }


def _totals(of: Ranked) -> dict[str, str]:
    """Points to the hundredth, as the ranking shows them."""
    return {name: f"{getattr(of, name):.2f}" for name in ("quality", "price", "total")}


def _criteria(asked: Asked, of: Ranked, known: Scores) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "title": one.title,
            "kind": one.kind,
            "weight": one.weight,
            "question": one.text,
            "guidance": one.guidance,
            **_score(one.kind, of, known.get((one.id, of.bid_id))),
        }
        for one in asked.questions
    ]


def _score(kind: str, of: Ranked, agreed: Agreed | None) -> dict[str, str]:
    if kind == CriterionKind.PRICE.label:
        return {"points": f"{of.price:.2f} points for the price", "reason": ""}
    if agreed is None:
        return {"points": "Not scored", "reason": ""}
    return {"points": f"{agreed.points.normalize():f} of {POINTS}", "reason": agreed.reason}


def _why(asked: Asked, own: Ranked, winner: Ranked, known: Scores) -> str:
    """The beginning of an explanation, which people complete."""
    if own.position is None:
        return own.because
    weaker = [
        one.title
        for one in asked.questions
        if (ours := known.get((one.id, own.bid_id)))
        and (theirs := known.get((one.id, winner.bid_id)))
        and ours.points < theirs.points
    ]
    dearer = [one.title for one in asked.questions if one.kind == CriterionKind.PRICE.label]
    if own.price < winner.price:
        weaker += dearer
    where = f" It scored lower on: {', '.join(weaker)}." if weaker else ""
    scored = f"The winning bid has {winner.total:.2f} points of 100, and this one {own.total:.2f}."
    return scored + where
