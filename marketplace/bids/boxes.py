"""A box that is open before its bidder or, at the opening, before the marketplace: the bid, what
was typed for it, who saved which part last, and its files.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marketplace.bids.models import Bid, BidStage, SealedBid
from marketplace.core.sealing import Seal
from marketplace.tenders.models import Tender


def where(tender_id: UUID, organisation_id: UUID, round: str) -> tuple[UUID | str, ...]:
    """What the place of a box is made from."""
    return ("bid", tender_id, organisation_id, *([round] if round else []))


@dataclass(frozen=True, slots=True)
class Saved:
    """Who saved a part last; what `drafts.Save` wants to know."""

    id: UUID
    person_id: UUID
    person_name: str
    created_at: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the bid, sealed in the store."""

    id: str
    key: str
    name: str
    size: int  # bytes
    media_type: str
    sha256: str

    @property
    def weight(self) -> str:
        """Such as "1.2 MB"."""
        kilobytes = max(1, round(self.size / 1000))
        return f"{kilobytes} kB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"


@dataclass
class Box:
    """`bid` is no row as long as it lies here, and belongs to no session."""

    row: SealedBid
    bid: Bid
    typed: dict[str, Any] = field(default_factory=dict)
    saves: dict[str, Saved] = field(default_factory=dict)  # by task
    files: list[Kept] = field(default_factory=list)
    submitted_by: UUID | None = None  # whom letters about it go to
    out: bool = False  # it was taken back that its bidder goes on to its stage

    def close(self, seal: Seal) -> None:
        """Puts everything back into the row."""
        written = json.dumps(self._told(), ensure_ascii=False, separators=(",", ":"))
        self.row.box = seal.close(written.encode(), self.row.id.bytes)
        self.row.mark = seal.mark
        bid = self.bid
        self.row.place = seal.place(*where(bid.tender_id, bid.organisation_id, bid.round))

    def note(self, what: str, at: datetime) -> None:
        """Adds a line to the history of the bid."""
        self.bid.history = [*self.bid.history, {"what": what, "at": at.isoformat()}]

    @property
    def lots(self) -> frozenset[str]:
        """The ids of the lots that it is for: as submitted or, of a draft, as ticked so far."""
        if self.bid.content:
            return frozenset(one["id"] for one in self.bid.content["lots"])
        return frozenset(self.typed.get("lots", ()))

    def only_for(self, lots: Iterable[str]) -> bool:
        """Whether it is for these lots and for no others."""
        return bool(self.lots) and self.lots <= set(lots)

    def file(self, id: str) -> Kept | None:
        return next((one for one in self.files if one.id == id), None)

    def _told(self) -> dict[str, Any]:
        bid = self.bid
        return {
            "bid": {
                "id": str(bid.id),
                "stage": str(bid.stage),
                "content": bid.content,
                "fingerprint": bid.fingerprint,
                "publication": bid.publication,
                "submitted_at": _iso(bid.submitted_at),
                "total": None if bid.total is None else str(bid.total),
                "history": bid.history,
                "created_at": _iso(bid.created_at),
                "organisation_id": str(bid.organisation_id),
                "tender_id": str(bid.tender_id),
                "round": bid.round,
            },
            "typed": self.typed,
            "saves": {
                task: {
                    "id": str(one.id),
                    "person_id": str(one.person_id),
                    "person_name": one.person_name,
                    "created_at": _iso(one.created_at),
                    "facts": dict(one.facts),
                }
                for task, one in self.saves.items()
            },
            "files": [asdict(one) for one in self.files],
            "submitted_by": str(self.submitted_by or ""),
        }


def opened(row: SealedBid, seal: Seal, tender: Tender) -> Box:
    """What is in a box for this tender. Raises Unavailable when the key is another one."""
    told = json.loads(seal.open(row.box, row.id.bytes))
    about = told["bid"]
    bid = Bid(
        id=UUID(about["id"]),
        stage=BidStage(about["stage"]),
        content=about["content"],
        fingerprint=about["fingerprint"],
        publication=about["publication"],
        submitted_at=_moment(about["submitted_at"]),
        total=None if about["total"] is None else Decimal(about["total"]),
        history=about["history"],
        created_at=datetime.fromisoformat(about["created_at"]),
        organisation_id=UUID(about["organisation_id"]),
        round=about["round"],
        tender_id=tender.id,
        tender=tender,
    )
    saves = {
        task: Saved(
            UUID(one["id"]),
            UUID(one["person_id"]),
            one["person_name"],
            datetime.fromisoformat(one["created_at"]),
            one["facts"],
        )
        for task, one in told["saves"].items()
    }
    return Box(
        row,
        bid,
        told["typed"],
        saves,
        [Kept(**one) for one in told["files"]],
        UUID(told["submitted_by"]) if told["submitted_by"] else None,
    )


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _moment(iso: str) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
