"""What a bidder can do with its bid. None of it is journalled before the bid is opened.

The deadline: the time counts at which the marketplace has the bid in hand, that is, when all that
was sent has arrived and tender and box are locked. `_in_hand` takes it, and each action here begins
with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import IO, Any
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from marketplace.bids import consortium_queries as consortium
from marketplace.bids import drafts, eligibility, letters, queries
from marketplace.bids.asking import Asked, Wanted, asked
from marketplace.bids.boxes import Box, Kept, Saved
from marketplace.bids.consortium_queries import Member
from marketplace.bids.drafts import Content, Task
from marketplace.bids.forms import Choices
from marketplace.bids.models import BidStage, SealedBid
from marketplace.bids.rates import Card, Most
from marketplace.catalogue import rate_queries
from marketplace.claims.models import Claim
from marketplace.core import files, scanning
from marketplace.core.context import Context
from marketplace.core.drafts import Opened, Overtaken
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.files import ObjectStore
from marketplace.core.forms import BoundForm
from marketplace.core.sealing import seal
from marketplace.core.times import day, now
from marketplace.perform import lock, permit
from marketplace.reference.specialists import Specialist
from marketplace.tenders import rounds
from marketplace.tenders.content import digest
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

MOST_FILES = 20


class Incomplete(Conflict):
    """Tasks that are not done yet keep it from being submitted."""


@dataclass(frozen=True, slots=True)
class Work:
    """A bid with what its tender asks."""

    box: Box
    asked: Asked
    tasks: Mapping[str, Task]
    members: Sequence[Member]  # of the consortium, besides the bidder
    offered: Content | None  # as it would be submitted now; nothing while a task is not done
    would_be: Content | None  # the same, if no lot had ended
    card: Card
    undeclared: Sequence[Specialist]  # the card has to have these before it can be submitted

    @property
    def submitted(self) -> bool:
        return self.box.bid.stage is BidStage.SUBMITTED

    @property
    def confirm_again(self) -> bool:
        """What was asked has changed in a way that counts since it was submitted."""
        return self.box.bid.to_confirm(self.asked.material)

    @property
    def counts_as_it_is(self) -> bool:
        """Whether all that is in it is what was submitted."""
        return self.submitted and any(
            one is not None and _fingerprint(one) == self.box.bid.fingerprint
            for one in (self.offered, self.would_be)
        )


def work(ctx: Context, box: Box) -> Work:
    published = queries.latest_publications(ctx, box.bid.tender, box.bid.closes_at)
    asks = asked(published, box.bid.round)
    ours, members = _held(ctx, box, asks)
    card = _card(ctx, box, asks)
    undeclared = card.undeclared(asks.day_roles, drafts.days(box.typed))

    def choices(wanted: Wanted) -> Choices:
        return [(str(one.id), called(one)) for one in ours.get(wanted.version_id, ())]

    def offered(asks: Asked, tasks: Mapping[str, Task]) -> Content | None:
        found = None if undeclared else drafts.offered(asks, tasks, box.typed)
        return found and _whole(ctx, box, found, ours, members, asks, card)

    tasks = drafts.tasks(asks, box.typed, choices, card)
    whole = would_be = offered(asks, tasks)
    if asks.ended:
        before = asks.before_ends
        would_be = offered(before, drafts.tasks(before, box.typed, choices, card))
    return Work(box, asks, tasks, members, whole, would_be, card, undeclared)


def _card(ctx: Context, box: Box, asks: Asked) -> Card:
    """The bidder's own as it is now, and what the bid was checked against when it was submitted."""
    if not asks.day_roles:
        return Card()
    known = rate_queries.card(ctx, box.bid.organisation_id)
    now = {
        role.value: Most(one.amount, one.since.isoformat())
        for role, one in known.items()
        if one.amount
    }
    return Card(now, box.bid.content["prices"]["lines"] if box.bid.content else ())


Claims = Mapping[str, Sequence[Claim]]  # by the version of a standard


def _held(ctx: Context, box: Box, asks: Asked) -> tuple[Claims, Sequence[Member]]:
    """What the bidder and the members of its consortium were found to meet of what is asked."""
    known = consortium.members(ctx, box.typed.get("members", ()))
    ids, own = [one.version_id for one in asks.standards], box.bid.organisation_id
    suppliers = [own, *(one.organisation.id for one in known if one.organisation)]
    held = consortium.claims(ctx, suppliers, ids)

    def of(supplier: UUID) -> Claims:
        return {id: held[supplier, id] for id in ids if (supplier, id) in held}

    members = [
        replace(one, claims=of(one.organisation.id)) if one.organisation else one for one in known
    ]
    return of(own), members


def called(claim: Claim) -> str:
    on = f", assessed on {day(claim.decided_at)}" if claim.decided_at else ""
    until = f", holds until {day(claim.ends_on)}" if claim.ends_on else ""
    return f"{claim.standard} for {claim.subject}: {claim.stage.label.lower()}{on}{until}"


def _whole(
    ctx: Context,
    box: Box,
    content: Content,
    claims: Claims,
    members: Sequence[Member],
    asks: Asked,
    card: Card,
) -> Content:
    """With the bidder's name, its files, and of each claim and rate what there is to know of it
    now.
    """
    by_id = {str(one.id): one for those in claims.values() for one in those}
    supplier = queries.organisation(ctx)
    return {
        "supplier": {"id": str(supplier.id), "name": supplier.name},
        **content,
        **_checked(content, card),
        "standards": [
            {**one, "claim": _snapshot(by_id[one["claim"]]) if one["claim"] else None}
            for one in content["standards"]
        ],
        "members": [_member(one, asks) for one in members],
        "files": [{"id": one.id, "name": one.name, "sha256": one.sha256} for one in box.files],
    }


def _checked(content: Content, card: Card) -> Content:
    prices = content.get("prices")
    if prices is None:
        return {}
    return {"prices": {**prices, "lines": [card.snapshot(one) for one in prices["lines"]]}}


def _member(member: Member, asks: Asked) -> dict[str, Any]:
    return {
        "name": member.name,
        "number": member.number,
        "id": str(member.organisation.id) if member.organisation else "",  # none: not registered
        "standards": [
            {"name": one.name, "claims": [_snapshot(it) for it in member.claims[one.version_id]]}
            for one in asks.standards
            if one.version_id in member.claims
        ],
    }


def _snapshot(claim: Claim) -> dict[str, Any]:
    return {
        "id": str(claim.id),
        "subject": claim.subject,
        "standard": claim.standard,
        "outcome": claim.stage.label,
        "assessed_on": claim.decided_at.date().isoformat() if claim.decided_at else "",
        "ends_on": claim.ends_on.isoformat() if claim.ends_on else "",
    }


def _fingerprint(content: Content) -> str:
    """Of what is offered, whichever publication it answers."""
    return digest({name: value for name, value in content.items() if name != "publication"})


# ---- In hand


def _on_the_clock(ctx: Context, tender: Tender) -> Context:
    """With the tender held as it is, and the time at which it was."""
    lock(ctx, tender, shared=True)
    return replace(ctx, now=now())


def _in_hand(ctx: Context, tender: Tender, verb: Verb, round: str | None) -> tuple[Context, Box]:
    """The bidder's box of a round, locked. Raises NotFound, Forbidden or Conflict."""
    its = rounds.current(tender, ctx.now) if round is None else round
    held = _on_the_clock(ctx, tender)
    box = queries.one_own(held, tender, its, locked=True)
    held = replace(held, now=now())
    permit(held, verb, box.bid)
    if verb is not Verb.BID_WITHDRAW and (why := eligibility.left_out(held, tender, its)):
        raise Conflict(why.says)
    return held, box


def start(ctx: Context, tender: Tender, round: str | None = None) -> Box:
    """Begins a bid; where a colleague has, there is one already."""
    its = rounds.current(tender, ctx.now) if round is None else round
    held = _on_the_clock(ctx, tender)
    if found := queries.own(held, tender, its):
        return found
    bid = eligibility.prospect(held, tender, its)
    permit(held, Verb.BID_START, bid)
    eligibility.require(held, tender, its)
    bid.created_at = held.now
    box = Box(SealedBid(place="", box=b"", mark=""), bid)
    box.typed = {"contact_name": ctx.actor.name}
    box.note("started", held.now)
    box.close(seal(ctx.settings))
    try:
        with ctx.session.begin_nested():
            ctx.session.add(box.row)
            ctx.session.flush()
    except IntegrityError:  # a colleague was quicker
        return queries.one_own(held, tender, its)
    return box


def edit(
    ctx: Context,
    tender: Tender,
    slug: str,
    typed: Mapping[str, Any],
    opened: Opened,
    *,
    automatic: bool = False,
    round: str | None = None,
) -> tuple[BoundForm[Any], Work]:
    """Keeps what was typed for a task, right or wrong. Of a bid that was submitted, a save by hand
    that leaves every task done counts at once.

    Raises Overtaken, and keeps nothing, when a colleague saved the task after it was `opened`.
    """
    held, box = _in_hand(ctx, tender, Verb.BID_EDIT, round)
    before = work(held, box)
    task = before.tasks.get(slug)
    if task is None:
        raise NotFound("There is no such task.")
    given = {**box.typed, **typed}
    last = box.saves.get(slug)
    differs = drafts.changed(box.typed, given)
    if differs and last and not opened.knows(last):
        raise Overtaken(last)
    box.typed = given
    if differs:
        about = (uuid4(), ctx.actor.person_id, ctx.actor.name, held.now, {"page": opened.page})
        box.saves = {**box.saves, slug: Saved(*about)}
    after = work(held, box)
    if not automatic:
        _count(held, after)
    box.close(seal(ctx.settings))
    return after.tasks[slug].judge(box.typed), after


def _count(held: Context, work: Work) -> None:
    """What stands in a submitted bid now is what counts, if all of it is there."""
    current = work.submitted and not work.confirm_again and work.offered is not None
    if current and not work.counts_as_it_is:
        _take(held, work, "changed")


def _take(held: Context, work: Work, what: str) -> None:
    bid, content = work.box.bid, work.offered
    if content is None:
        raise Incomplete("Some tasks are not done yet, so it cannot be submitted.")
    bid.content, bid.fingerprint = content, _fingerprint(content)
    bid.total = Decimal(content["prices"]["total"]) if work.asked.priced else None
    bid.publication, bid.submitted_at = work.asked.publication, held.now
    work.box.note(what, held.now)


# ---- Files


def attach(
    ctx: Context,
    tender: Tender,
    store: ObjectStore,
    upload: IO[bytes],
    name: str,
    round: str | None = None,
) -> None:
    """Keeps a file with the bid. Raises files.Refused for one that is not taken."""
    held, box = _in_hand(ctx, tender, Verb.BID_ATTACH, round)
    if len(box.files) >= MOST_FILES:
        raise Conflict(f"A bid can have {MOST_FILES} files. Remove one first.")
    key = seal(ctx.settings)
    stored = files.save(store, upload, name, ctx.settings.file_limit, key.close_file)
    scanning.note_sealed(held, stored.key)
    about = (stored.key, stored.name, stored.size, stored.media_type, stored.sha256)
    box.files = [*box.files, Kept(str(uuid4()), *about)]
    _count(held, work(held, box))
    box.close(key)


def detach(
    ctx: Context, tender: Tender, store: ObjectStore, file_id: str, round: str | None = None
) -> None:
    held, box = _in_hand(ctx, tender, Verb.BID_DETACH, round)
    gone = box.file(file_id)
    if gone is None:
        raise NotFound("There is no such file.")
    box.files = [one for one in box.files if one.id != file_id]
    _count(held, work(held, box))
    box.close(seal(ctx.settings))
    scanning.remove_once_committed(ctx.session, store, [gone.key])


# ---- Submitted, confirmed, withdrawn


def submit(ctx: Context, tender: Tender, round: str | None = None) -> Box:
    """Submits the bid as it stands, with a letter that says so."""
    held, box = _in_hand(ctx, tender, Verb.BID_SUBMIT, round)
    eligibility.require(held, tender, box.bid.round)
    _take(held, work(held, box), "submitted")
    return _submitted(held, box, letters.receipt)


def confirm(ctx: Context, tender: Tender, round: str | None = None) -> Box:
    """Says that the bid, as it stands now, answers what was changed."""
    held, box = _in_hand(ctx, tender, Verb.BID_CONFIRM, round)
    eligibility.require(held, tender, box.bid.round)
    _take(held, work(held, box), "confirmed")
    return _submitted(held, box, letters.confirmed)


def _submitted(held: Context, box: Box, letter: letters.Writes) -> Box:
    box.bid.stage, box.submitted_by = BidStage.SUBMITTED, held.actor.person_id
    letters.owe(held, box, letter(held, box))
    box.close(seal(held.settings))
    return box


def withdraw(ctx: Context, tender: Tender, round: str | None = None) -> None:
    """Takes the bid back; what was written stays, as a draft."""
    held, box = _in_hand(ctx, tender, Verb.BID_WITHDRAW, round)
    bid = box.bid
    bid.stage, bid.submitted_at, bid.content = BidStage.DRAFT, None, {}
    bid.fingerprint, bid.total, bid.publication = "", None, 0
    box.note("withdrawn", held.now)
    letters.owe(held, box, letters.withdrawn(held, box))
    box.close(seal(ctx.settings))
