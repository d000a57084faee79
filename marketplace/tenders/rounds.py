"""The stages of a competitive flexible procedure, each with what is asked and its own time.

In code they are rounds, because a stage is where a thing stands in its life. They lie in a column
of their tender: as they are drafted, and as they were last published. Where there are none, a
tender has one deadline and all is as if there were one round without a name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from marketplace.core.times import in_london, when
from marketplace.law import Circumstances, FlexibleStage
from marketplace.law.tendering import Period, participation, tendering
from marketplace.tenders.models import Tender

WHOLE = ""  # the round of a tender that has none


@dataclass(frozen=True, slots=True)
class Round:
    id: str
    kind: FlexibleStage
    title: str
    asks: str
    opens_at: datetime
    closes_at: datetime
    # That every supplier selected beforehand agreed to this time: when, and how they said so.
    agreed_on: date | None = None
    agreed_how: str = ""
    most: int | None = None  # that go on from it

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Round":
        opens, closes = (datetime.fromisoformat(kept[name]) for name in ("opens_at", "closes_at"))
        kind, agreed = FlexibleStage(kept["kind"]), kept.get("agreed_on")
        return cls(
            kept["id"],
            kind,
            kept["title"],
            kept["asks"],
            opens,
            closes,
            date.fromisoformat(agreed) if agreed else None,
            kept.get("agreed_how", ""),
            kept.get("most"),
        )

    def kept(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "id": self.id,
            "kind": self.kind.value,
            "title": self.title,
            "asks": self.asks,
            "opens_at": self.opens_at.isoformat(),
            "closes_at": self.closes_at.isoformat(),
        }
        if self.agreed_on:
            said |= {"agreed_on": self.agreed_on.isoformat(), "agreed_how": self.agreed_how}
        if self.most:
            said["most"] = self.most
        return said

    @property
    def period(self) -> tuple[datetime, datetime]:
        return self.opens_at, self.closes_at

    @property
    def agreement(self) -> tuple[date | None, str]:
        return self.agreed_on, self.agreed_how

    @property
    def named(self) -> str:
        """Its title, with what sort it is where that says more."""
        return named(self.title, self.kind.label)


def named(title: str, kind: str) -> str:
    return title if title.casefold() == kind.casefold() else f"{title} ({kind.lower()})"


def in_order(kept: Sequence[Mapping[str, Any]]) -> tuple[Round, ...]:
    return tuple(sorted(map(Round.of, kept), key=lambda one: (one.opens_at, one.id)))


def drafted(tender: Tender) -> tuple[Round, ...]:
    return in_order(tender.rounds)


def published(tender: Tender) -> tuple[Round, ...]:
    return in_order(tender.public_rounds)


def with_bids(tender: Tender) -> tuple[Round, ...]:
    """The published rounds in which something is submitted; between them one talks."""
    return tuple(one for one in published(tender) if one.kind.takes_bids)


def ids(tender: Tender) -> tuple[str, ...]:
    """Of the rounds in which something is submitted; a tender without any has its whole."""
    return tuple(one.id for one in with_bids(tender)) or (WHOLE,)


def one(tender: Tender, id: str) -> Round | None:
    return next((it for it in published(tender) if it.id == id), None)


def last(tender: Tender) -> str:
    """The round whose bids are evaluated."""
    return ids(tender)[-1]


def before(tender: Tender, id: str) -> str | None:
    """The round that decides who bids in this one."""
    known = ids(tender)
    place = known.index(id) if id in known else 0
    return known[place - 1] if place else None


def current(tender: Tender, at: datetime) -> str:
    """The round that one bids in at that time, or can next; after all of them, the last."""
    ahead = (it.id for it in with_bids(tender) if at < it.closes_at)
    return next(ahead, last(tender))


def closes_at(tender: Tender, id: str) -> datetime | None:
    """The moment at which bids of a round end."""
    found = one(tender, id) if id else None
    return found.closes_at if found else tender.closes_at


# ---- Whether they can be


FIRST, LAST = FlexibleStage.PARTICIPATION, FlexibleStage.FINAL_TENDERS


def wrong(
    new: Round,
    others: Sequence[Round],
    publish_on: date | None,
    circumstances: Circumstances | None,
) -> Iterator[tuple[str, str]]:
    """What keeps a round from being as it is typed: the field, and a sentence for it."""
    if new.closes_at <= new.opens_at:
        yield "closes_on", "The stage must end after it begins"
        return
    if publish_on and in_london(new.opens_at).date() < publish_on:
        yield "opens_on", "The stage cannot begin before the day you mean to publish"
    for other in others:
        span = f"“{other.title}”, which goes from {when(other.opens_at)} to {when(other.closes_at)}"
        if new.opens_at < other.closes_at and other.opens_at < new.closes_at:
            yield "opens_on", f"It overlaps with {span}"
        elif new.kind is FIRST and other.opens_at < new.opens_at:
            yield "kind", f"Requests to take part come first, but here they come after {span}"
        elif other.kind is FIRST and new.opens_at < other.opens_at:
            yield "opens_on", f"Requests to take part come first, so it must come after {span}"
        elif new.kind is LAST and new.opens_at < other.opens_at:
            yield "kind", f"Final tenders come last, but here they come before {span}"
        elif other.kind is LAST and other.opens_at < new.opens_at:
            yield "opens_on", f"Final tenders come last, so it must come before {span}"
    if new.agreed_on and not (new.kind.takes_tenders and _after_selection(new, others)):
        yield (
            "agreed_on",
            "Only the time for tenders can be agreed, and only after a stage of requests to take "
            "part, with the suppliers that were selected from them",
        )
    if new.most and (new.kind is LAST or not new.kind.takes_bids):
        yield "most", "Nobody is chosen from a stage of this sort. Leave it empty"
    period = least(new, others, circumstances)
    if period and (why := period.refusal(in_london(new.closes_at).date())):
        yield "closes_on", why.removesuffix(".")


def least(
    new: Round, others: Sequence[Round], circumstances: Circumstances | None
) -> Period | None:
    """The shortest time that the law gives suppliers in a round; none where it says nothing."""
    if circumstances is None or not new.kind.takes_bids:
        return None
    invited = in_london(new.opens_at).date()
    if new.kind is FIRST:
        return participation(circumstances, invited)
    chosen = _after_selection(new, others)
    agreed = chosen and new.agreed_on is not None
    return tendering(
        replace(circumstances, only_preselected=chosen, agreed_with_preselected=agreed), invited
    )


def _after_selection(new: Round, others: Sequence[Round]) -> bool:
    return any(one.kind is FIRST and one.opens_at < new.opens_at for one in others)


def selecting(new: Round, others: Sequence[Round]) -> Round | None:
    """The round from which suppliers go on to this one."""
    earlier = [one for one in others if one.kind.takes_bids and one.opens_at < new.opens_at]
    return max(earlier, key=lambda one: one.opens_at, default=None)
