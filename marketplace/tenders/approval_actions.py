"""How the parties agree: comments, approvals of exact versions, and publication once all stand."""

import re
from uuid import UUID

from marketplace.awards.models import AwardStage
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.times import when
from marketplace.organisations.limits import within_limit
from marketplace.perform import lock, perform, permit
from marketplace.tenders import outcome_queries, publishing, queries, readiness, rounds, standing
from marketplace.tenders.actions import may_be_changed
from marketplace.tenders.deciding_forms import Amending, Cited, Citing
from marketplace.tenders.models import (
    Approval,
    Comment,
    Part,
    Party,
    Publication,
    Tender,
)
from marketplace.tenders.readiness import Blocker, Work
from marketplace.tenders.standing import Cell
from marketplace.verbs import Verb

_MENTION = re.compile(r"@(\w[\w'-]*(?: \w[\w'-]*)?)")


class Replaced(Conflict):
    """The version that was read is no longer the newest."""

    def __init__(self, cell: Cell) -> None:
        number = cell.version.number if cell.version else 0
        super().__init__(f"Version {number} appeared while you were reading.")
        self.cell = cell


class NotReady(Conflict):
    """Something is missing before it can be published."""

    def __init__(self, missing: list[Blocker]) -> None:
        one = len(missing) == 1
        super().__init__(
            f"{len(missing)} {'thing is' if one else 'things are'} missing before this can be "
            "published."
        )
        self.missing = missing


def work(ctx: Context, tender: Tender) -> Work:
    """All that is known of a tender while it is prepared."""
    versions, seen = queries.versions_and_seen(ctx, tender)
    return Work(
        tender,
        queries.parties(ctx, tender),
        versions,
        queries.approvals(ctx, tender),
        seen,
        queries.checks(ctx, tender),
        queries.standards(ctx),
        ctx.now,
    )


# ---- Approvals


def approve(ctx: Context, party: Party, part: Part, digest: str) -> Approval:
    """Approves the version that was read. Raises Replaced when there is a newer one."""
    approval, cell = _said(ctx, Verb.APPROVAL_GIVE, party, part)
    if part is Part.VALUE:
        _within_limit(ctx, party)
    if cell.digest != digest:
        raise Replaced(cell)
    return _note(ctx, Verb.APPROVAL_GIVE, approval, cell, given=True)


def object_(ctx: Context, party: Party, part: Part, message: str) -> Approval:
    """Asks for a change to the newest version."""
    approval, cell = _said(ctx, Verb.APPROVAL_OBJECT, party, part)
    return _note(ctx, Verb.APPROVAL_OBJECT, approval, cell, given=False, message=message)


def prospect(ctx: Context, party: Party, part: Part) -> Approval:
    """What the party would say of a part, to ask whether it may."""
    return Approval(
        part=part,
        given=False,
        digest="",
        said_at=ctx.now,
        version_id=UUID(int=0),  # the one that is read stands in its place when it is said
        person_name="",
        party_id=party.id,
        party=party,
        tender_id=party.tender_id,
        tender=party.tender,
    )


def _said(ctx: Context, verb: Verb, party: Party, part: Part) -> tuple[Approval, Cell]:
    """What the party said of a part so far, and how it stands, with the tender locked."""
    tender = party.tender
    lock(ctx, tender)
    may_be_changed(ctx, tender)
    known = queries.approvals(ctx, tender)
    versions, seen = queries.versions_and_seen(ctx, tender)
    cell = standing.cell(tender, party, part, versions, known, seen)
    approval = known.get((party.id, part)) or prospect(ctx, party, part)
    permit(ctx, verb, approval)
    if cell.version is None:
        raise Conflict("Nothing has been saved here yet, so there is nothing to approve.")
    approval.version_id, approval.said_at = cell.version.id, ctx.now
    return approval, cell


def _within_limit(ctx: Context, party: Party) -> None:
    if party.value is not None:
        within_limit(ctx, party.value, f"the share of {party.organisation.called}")


def _note(
    ctx: Context, verb: Verb, approval: Approval, cell: Cell, *, given: bool, message: str = ""
) -> Approval:
    assert cell.version is not None  # noqa: S101 - _said raises otherwise
    part, number = approval.part, cell.version.number
    facts = {"part": part.value, "version": number, "message": message}
    perform(ctx, verb, approval, about=approval.tender, **facts)
    approval.given, approval.message = given, message
    approval.digest, approval.version_id, approval.version = (
        cell.digest,
        cell.version.id,
        cell.version,
    )
    approval.said_at, approval.person_name = ctx.now, ctx.actor.name
    return approval


# ---- Comments


def comment(ctx: Context, tender: Tender, part: Part, text: str) -> Comment:
    """Says something about a part; whoever is named after an @ is told."""
    by_name = {who.name.casefold(): str(who.id) for who in queries.people(ctx, tender)}
    named = (found.casefold() for found in _MENTION.findall(text))
    made = Comment(
        part=part,
        text=text,
        mentions=sorted({by_name[name] for name in named if name in by_name}),
        person_name=ctx.actor.name,
        person_id=ctx.actor.person_id,
        organisation_id=ctx.actor.organisation_id,
        tender_id=tender.id,
        tender=tender,
        created_at=ctx.now,
    )
    perform(ctx, Verb.COMMENT_ADD, made, about=tender, part=part.value)
    return made


def resolve(ctx: Context, one: Comment) -> None:
    perform(ctx, Verb.COMMENT_RESOLVE, one, about=one.tender, part=one.part.value)


# ---- Publication


def publish(ctx: Context, tender: Tender) -> Publication:
    """Publishes the approved versions. Raises NotReady with all that is missing."""
    permit(ctx, Verb.TENDER_PUBLISH, tender)
    if missing := readiness.blockers(work(ctx, tender)):
        raise NotReady(missing)
    perform(ctx, Verb.TENDER_PUBLISH, tender)
    tender.published_at = ctx.now
    return publishing.publish(ctx, tender, publishing.assembled(ctx, tender))


def amend(ctx: Context, tender: Tender, form: Amending) -> Publication:
    """Publishes what was changed and approved since."""
    permit(ctx, Verb.TENDER_AMEND, tender)
    if missing := readiness.blockers(work(ctx, tender)):
        raise NotReady(missing)
    before = queries.publications(ctx, tender)[0]
    said = publishing.assembled(ctx, tender)
    if not publishing.differences(before.content, said):
        raise Conflict("Nothing differs from what is published, so there is nothing to amend.")
    if why := deadline_refusal(ctx, tender, before, form):
        raise Conflict(why)
    perform(ctx, Verb.TENDER_AMEND, tender, reason=form.reason, number=before.number + 1)
    return publishing.publish(
        ctx,
        tender,
        said,
        reason=form.reason,
        material=form.material,
        not_extended_because=form.not_extended_because,
    )


def deadline_refusal(
    ctx: Context, tender: Tender, before: Publication, form: Amending
) -> str | None:
    """Why an amendment cannot be published with the deadline that the tender has now. It comes
    earlier only where all who can bid agreed to it.
    """
    agreed = any(one.agreed_on for one in rounds.drafted(tender)[-1:])
    if tender.deadline is None or (tender.deadline < before.deadline and not agreed):
        return f"The deadline can only be later than before: {when(before.deadline)}."
    if tender.deadline <= ctx.now:
        return f"The deadline would be over already: {when(tender.deadline)}."
    extended = tender.deadline > before.deadline
    if form.material and not extended and not form.not_extended_because:
        return "Set a later deadline, or say why the deadline stays although bids could change."
    return None


def cite(ctx: Context, tender: Tender, code: Cited, form: Citing) -> None:
    """Records that a notice was published on Find a Tender, which people do there."""
    perform(ctx, Verb.TENDER_CITE, tender, notice=f"{code}, {form.number}")
    tender.notices = {
        **tender.notices,
        code: {"number": form.number, "on": form.on.isoformat()},
    }


def withdraw(ctx: Context, tender: Tender, outcome: str) -> None:
    perform(ctx, Verb.TENDER_WITHDRAW, tender, outcome=outcome)
    tender.outcome = outcome


def cancel(ctx: Context, tender: Tender, outcome: str) -> None:
    permit(ctx, Verb.TENDER_CANCEL, tender)
    for one in outcome_queries.awards(ctx, tender):
        if one.stage is AwardStage.CONFIRMED:
            raise Conflict(
                f"{one.called} is awarded, and its contracts can be signed. Set that award aside "
                "first, or let it stand and award nothing of the other lots."
            )
    perform(ctx, Verb.TENDER_CANCEL, tender, outcome=outcome)
    tender.outcome = outcome
