"""What still stands between a tender and its publication: sentences, and whom each waits for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marketplace import law
from marketplace.core.money import VAT, Money
from marketplace.core.times import in_london, when
from marketplace.law import Before, Item, Route, Who
from marketplace.standards.applicability import Facts, obligation
from marketplace.standards.models import Obligation, StandardVersion
from marketplace.tenders import dividing, drafts, rounds, weighing
from marketplace.tenders.content import Content
from marketplace.tenders.models import (
    Part,
    PartVersion,
    Party,
    PartyStage,
    Stage,
    Tender,
    TenderCheck,
)
from marketplace.tenders.queries import Versions
from marketplace.tenders.scheduling import circumstances, circumstances_of
from marketplace.tenders.standing import Approvals, Seen, State, cells, taking_part

BEFORE = (Before.START, Before.TENDER_NOTICE)  # what the law wants done before publication
# What the marketplace sees for itself; the rest is recorded by people.
SEEN = frozenset({"identifiers", "decision", "lots", "criteria", "specification", "time"})
OWN_PROFILE = "/organisation/profile"  # where an authority says where its post goes
Checks = Mapping[tuple[UUID, str], TenderCheck]


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that is missing, whose it is, and where it is done."""

    says: str
    organisation_id: UUID
    place: str  # beneath the tender's workspace, or the whole address where it begins with a slash


@dataclass(frozen=True, slots=True)
class Work:
    """All that is known of a tender while it is prepared, read once for a page."""

    tender: Tender
    parties: Sequence[Party]
    versions: Versions
    approvals: Approvals
    seen: Seen
    checks: Checks
    standards: Sequence[StandardVersion]
    at: datetime

    def content(self, part: Part) -> Content:
        found: PartVersion | None = self.versions.get((part, self.tender.id))
        return found.content if found else {}

    @property
    def taking_part(self) -> list[Party]:
        return list(taking_part(self.parties))

    @property
    def total(self) -> Decimal:
        return sum((one.value or Decimal(0) for one in self.taking_part), Decimal(0))


def blockers(work: Work) -> list[Blocker]:
    every = (_sections, _stages, _parties, _lots, _criteria, _standards, _law, _approvals)
    return [one for missing in every for one in missing(work)]


def _sections(work: Work) -> Iterator[Blocker]:
    tender = work.tender
    given = drafts.answers(tender)
    unsaved = {piece.slug for piece in drafts.unsaved(tender)}
    for piece in drafts.SECTIONS.values():
        place = f"sections/{piece.slug}"
        if not piece.done(given):
            yield Blocker(piece.task, tender.organisation_id, place)
        elif piece.slug in unsaved:
            says = f"Save what was changed: {piece.task[:1].lower()}{piece.task[1:]}"
            yield Blocker(says, tender.organisation_id, place)


def _stages(work: Work) -> Iterator[Blocker]:
    """They were right when they were typed; the dates around them may have changed since."""
    tender, found = work.tender, rounds.drafted(work.tender)
    if not found:
        return
    place, lead = "sections/dates", tender.organisation_id
    if tender.route is not Route.FLEXIBLE:
        says = "Remove the stages, or choose the competitive flexible procedure"
        yield Blocker(says, lead, place)
        return
    first = tender.publish_on if tender.stage is Stage.DRAFT else None
    for one in found:
        others = [other for other in found if other is not one]
        for _, why in rounds.wrong(one, others, first, circumstances_of(tender)):
            yield Blocker(f"{one.title}: {why}", lead, f"stages/{one.id}")
    ends = [one for one in found if one.kind.takes_bids][-1:] or found[-1:]
    last = ends[0]
    if last is not found[-1] or not last.kind.takes_tenders:
        yield Blocker("Add a last stage in which suppliers submit tenders", lead, place)
    elif tender.deadline and last.closes_at != tender.deadline:
        says = (
            f"“{last.title}” ends on {when(last.closes_at)}, and the deadline for bids is "
            f"{when(tender.deadline)}. Make them the same"
        )
        yield Blocker(says, lead, place)


def _parties(work: Work) -> Iterator[Blocker]:
    for party in work.parties:
        name = party.organisation.called
        if party.stage is PartyStage.INVITED:
            says = f"{name} has not answered the invitation"
            yield Blocker(says, party.organisation_id, "parties")
        if party.stage is not PartyStage.ACCEPTED:
            continue
        if not drafts.OWN["share"].done(drafts.of_party(party)) or party.value is None:
            says = f"{name} has not given its share, its decision and who approves"
            yield Blocker(says, party.organisation_id, "own/share")
        if not party.organisation.ppon:
            says = f"{name} has no identifier of the Central Digital Platform (PPON) yet"
            yield Blocker(says, party.organisation_id, "parties")
        if not party.organisation.address:
            says = f"{name} has no postal address yet, which notices name"
            yield Blocker(says, party.organisation_id, OWN_PROFILE)


def _lots(work: Work) -> Iterator[Blocker]:
    content, lead = work.content(Part.LOTS), work.tender.organisation_id
    found = [one for one in content.get("lots", ()) if "ended" not in one]
    if not found and not content.get("no_lots_because"):
        yield Blocker("Add lots, or say why there are none (section 18)", lead, "sections/lots")
    inside = {str(party.organisation_id): party for party in work.taking_part}
    for lot in found:
        if inside.keys().isdisjoint(lot["authorities"]):
            says = f"No authority that takes part buys the lot “{lot['title']}”"
            yield Blocker(says, lead, "sections/lots")
    if found and work.tender.stage is Stage.DRAFT:
        yield from _worth(work, found)
    if found:
        served = {id for lot in found for id in lot["authorities"]}
        for id, party in inside.items():
            if id not in served:
                says = f"{party.organisation.called} is in no lot"
                yield Blocker(says, lead, "sections/lots")


def _worth(work: Work, lots: Sequence[Content]) -> Iterator[Blocker]:
    """The notice says of each lot what it is estimated at, and they come to the whole."""
    lead = work.tender.organisation_id
    unknown = [one for one in lots if "value" not in one]
    for lot in unknown:
        says = f"The lot “{lot['title']}” has no estimated value"
        yield Blocker(says, lead, f"lots/{lot['id']}")
    given = sum((Decimal(one["value"]) for one in lots if "value" in one), Decimal(0))
    if not unknown and work.total and given != work.total:
        yield Blocker(dividing.compared(given, work.total), lead, "sections/lots")


def _criteria(work: Work) -> Iterator[Blocker]:
    lead = work.tender.organisation_id
    found = work.content(Part.CRITERIA).get("criteria", ())
    weights = [
        (Decimal(one["weight"]), of["id"] if (of := one.get("local_to")) else "") for one in found
    ]
    names = {str(one.organisation_id): one.organisation.called for one in work.taking_part}
    if not weights:
        yield Blocker("Add the criteria that bids are judged by", lead, "sections/criteria")
    elif why := weighing.wrong(weights, names):
        yield Blocker(why, lead, "weights")


def applicable(work: Work) -> list[tuple[StandardVersion, Obligation]]:
    """The standards that apply to what is bought, and how far each binds."""
    tender = work.tender
    facts = Facts(
        frozenset(tender.attributes),
        frozenset({str(tender.area)} if tender.area else ()),
        work.total,
    )
    found = ((one, obligation(one.rules, facts)) for one in work.standards)
    return [(one, binds) for one, binds in found if binds]


def _standards(work: Work) -> Iterator[Blocker]:
    said = {one["id"]: one for one in work.content(Part.SPECIFICATION).get("standards", ())}
    for version, binds in applicable(work):
        if binds is not Obligation.MANDATORY:
            continue
        name, known = version.standard.title, said.get(str(version.id))
        if known is None:
            says = f"Say whether you ask for {name}, which is mandatory here"
            yield Blocker(says, work.tender.organisation_id, "standards")
        elif not known["included"] and not known["because"]:
            says = f"Say why {name} is left out, although it is mandatory here"
            yield Blocker(says, work.tender.organisation_id, "standards")


# ---- The law


def assessed(work: Work) -> law.Assessment | None:
    """What the law says of it; None before there are a route, a kind of contract and dates."""
    tender = work.tender
    if tender.route is None or tender.contract is None or tender.publish_on is None:
        return None
    notice = _notice_on(work)
    deadline = in_london(tender.deadline).date() if tender.deadline else None
    return law.assess(
        law.Procurement(
            begins=notice,
            route=tender.route,
            contract=tender.contract,
            value=Money(work.total, vat=VAT.INCLUDED) if work.total else None,
            joint=len(work.taking_part) > 1,
            circumstances=circumstances(
                tender.route,
                tender.contract,
                tender.planned_notice_on,
                notice,
                urgent=tender.urgent,
            ),
            dates=law.Dates(
                planned_notice=tender.planned_notice_on, tender_notice=notice, deadline=deadline
            ),
        )
    )


def _notice_on(work: Work) -> Any:
    """The day of the tender notice: the day it was, or the earliest that it can still be."""
    tender, today = work.tender, in_london(work.at).date()
    if tender.published_at:
        return in_london(tender.published_at).date()
    return max(tender.publish_on or today, today)


def duties(work: Work) -> list[tuple[Item, Party | None, TenderCheck | None]]:
    """What the law's checklist wants recorded before publication, by whom."""
    found = assessed(work)
    listed: list[tuple[Item, Party | None, TenderCheck | None]] = []
    for item in found.checklist if found else ():
        if item.before not in BEFORE or item.key in SEEN:
            continue
        whose: list[Party | None] = list(work.taking_part) if item.who is Who.EACH else [None]
        for party in whose:
            of_id = party.id if party else work.tender.id
            listed.append((item, party, work.checks.get((of_id, item.key))))
    return listed


def _law(work: Work) -> Iterator[Blocker]:
    found = assessed(work)
    lead = work.tender.organisation_id
    if found:
        for misfit in found.misfits:
            yield Blocker(misfit.says.removesuffix("."), lead, "sections/dates")
    until, publish = work.tender.market.get("engaged_until"), work.tender.publish_on
    if until and publish and date.fromisoformat(until) > publish:
        says = "The engagement of the market ends after the day you mean to publish"
        yield Blocker(says, lead, "sections/market")
    if work.tender.market.get("engagement") and "UK2" not in work.tender.notices:
        says = "Record the number of the preliminary market engagement notice (UK2)"
        yield Blocker(says, lead, "notices")
    if work.tender.planned_notice_on and "UK3" not in work.tender.notices:
        yield Blocker("Record the number of the planned procurement notice (UK3)", lead, "notices")
    asking = work.tender.questions_until
    if work.tender.stage is Stage.DRAFT and asking and asking <= work.at:
        yield Blocker("The time for questions is over already", lead, "sections/dates")
    for item, party, check in duties(work):
        if check is None:
            whose = party.organisation_id if party else lead
            name = f"{party.organisation.called}: " if party else ""
            yield Blocker(f"{name}{item.what.removesuffix('.')}", whose, "checklist")


# ---- Approvals


def _approvals(work: Work) -> Iterator[Blocker]:
    rows = cells(work.tender, work.parties, work.versions, work.approvals, work.seen)
    for party, row in rows:
        name = party.organisation.called
        who = f" · ask {party.approver.name}" if party.approver else ""
        for cell in row:
            if cell.state in (State.WAITING, State.REOPENED) and cell.version:
                since = ", which changed since it did" if cell.state is State.REOPENED else ""
                number = cell.version.number
                says = f"{name} has not approved {_the(cell.part)}, version {number}{since}{who}"
                yield Blocker(says, party.organisation_id, f"read/{cell.part}/{party.id}")
            if cell.state is State.OBJECTED:
                says = f"{name} asked for a change to {_the(cell.part)}"
                yield Blocker(says, work.tender.organisation_id, f"read/{cell.part}/{party.id}")


def _the(part: Part) -> str:
    return "its own annex" if part is Part.ANNEX else f"the {part.label.lower()}"
