"""What homes tell of standards: claims to mend and to assess, findings that end, what was relied on
and holds no more.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from auth.actor import Actor
from marketplace.claims.models import UNDECIDED, Claim, Reliance, Stage
from marketplace.claims.queries import Own
from marketplace.claims.reliance_queries import Since, since
from marketplace.claims.standing import SOON, Word
from marketplace.core.context import Context
from marketplace.core.times import ago, day, days_until, in_london
from marketplace.home.blocks import Count, Line, folded, how_soon, place, some
from marketplace.home.claims_queries import Numbers, Relied
from marketplace.policy import refusal
from marketplace.verbs import Verb

OWN_CLAIMS = place("claim.mine")
QUEUE = place("assessment.queue")
RELIANCES = place("reliance.list")


# ---- A supplier


def claims_to_do(own: Sequence[Own]) -> list[Line]:
    """What LOTI asked to mend, what has ended or ends soon, and what was not sent yet."""
    renewed = {one.previous_id for one in own if one.stage in UNDECIDED}
    to_mend = sorted(
        (one for one in own if one.stage == Stage.FIXING and _still(one.fix_by)),
        key=lambda one: one.fix_by or date.max,
    )
    to_renew = [one for one in own if one.id not in renewed and _ends(one)]
    return [
        *(_mend(one) for one in to_mend),
        *folded([_renew(one) for one in to_renew], OWN_CLAIMS, "claims"),
        *folded([_finish(one) for one in own if one.stage == Stage.DECLARED], OWN_CLAIMS, "claims"),
    ]


def _still(until: date | None) -> bool:
    return until is not None and days_until(until) >= 0


def _ends(one: Own) -> bool:
    return one.ends_on is not None and (
        one.word is Word.EXPIRED or (one.word.counts and days_until(one.ends_on) <= SOON)
    )


def _mend(one: Own) -> Line:
    why = f"LOTI asked for edits to what you claim for {one.subject}"
    due = f"Mend it by {how_soon(one.fix_by)}" if one.fix_by else ""
    return Line("Mend", place("claim.show", id=one.id), why, one.standard, due, one.fix_by)


def _renew(one: Own) -> Line:
    why, due = f"What LOTI found for {one.subject} no longer counts", ""
    if one.ends_on:
        due = f"Ended on {day(one.ends_on)}"
        if one.word.counts:
            why = f"What LOTI found for {one.subject} counts until its evidence expires"
            due = f"Ends {how_soon(one.ends_on)}"
    return Line("Renew", place("claim.show", id=one.id), why, one.standard, due, one.ends_on)


def _finish(one: Own) -> Line:
    why = f"You claim it for {one.subject}, and have not sent it to LOTI"
    return Line("Finish", place("claim.show", id=one.id), why, one.standard)


def claims_coming_up(own: Sequence[Own]) -> Iterator[Line]:
    for one in own:
        to = place("claim.show", id=one.id)
        if one.stage == Stage.FIXING and one.fix_by:
            yield Line(
                one.standard, to, f"The last day to mend it, for {one.subject}", on=one.fix_by
            )
        elif one.word.counts:
            yield Line(one.standard, to, f"It ends, for {one.subject}", on=one.ends_on)


def claims_counted(own: Sequence[Own]) -> list[Count]:
    """How many claims are met, claimed and expiring."""
    words = [one.word for one in own]
    told = (
        (("claim met", "claims met"), words.count(Word.MET) + words.count(Word.EXPIRING)),
        (("claim met in part", "claims met in part"), words.count(Word.PARTLY)),
        (("claim not decided yet", "claims not decided yet"), words.count(Word.CLAIMED)),
        (
            ("claim that expires soon", "claims that expire soon"),
            sum(one.word.counts and _ends(one) for one in own),
        ),
    )
    return [
        Count(number, one if number == 1 else many, OWN_CLAIMS)
        for (one, many), number in told
        if number
    ]


# ---- An authority


def to_check(ctx: Context, found: Sequence[tuple[Claim, Reliance | None]]) -> list[Line]:
    """What the reader's authority relies on and holds no more, for whoever can end that."""
    lines = [
        Line(
            "Check",
            place("reliance.show", id=reliance.id),
            f"{happened.what} on {day(happened.on)}. {ctx.actor.organisation_name} relies on it "
            f"for {_purpose(reliance)}",
            f"{claim.standard}, for {claim.subject}",
        )
        for claim, reliance in found
        if reliance
        and (happened := _ended(reliance, ctx))
        and refusal(ctx.actor, Verb.RELIANCE_END, reliance) is None
    ]
    return folded(lines, RELIANCES, "records")


def _ended(reliance: Reliance, ctx: Context) -> Since | None:
    """Why the finding that was relied on holds no more."""
    return next((one for one in since(reliance, ctx.now) if one.ends), None)


def _purpose(reliance: Reliance) -> str:
    purpose = reliance.purpose.label[0].lower() + reliance.purpose.label[1:]
    return f"{purpose}: {reliance.reference}" if reliance.reference else purpose


def findings_that_end(
    ctx: Context, found: Sequence[tuple[Claim, Reliance | None]]
) -> Iterator[Line]:
    """What ends of that which the reader's authority relies on, or of products that it uses."""
    name = ctx.actor.organisation_name
    for claim, reliance in found:
        if reliance and _ended(reliance, ctx):
            continue
        to = (
            place("reliance.show", id=reliance.id) if reliance else place("claim.show", id=claim.id)
        )
        does = "relies on it" if reliance else "uses the product"
        why = f"What LOTI found for {claim.subject} ends; {name} {does}"
        yield Line(claim.standard, to, why, on=claim.ends_on)


# ---- LOTI


def to_assess(actor: Actor, found: Sequence[Relied]) -> list[Line]:
    """What waits for an assessor, the oldest first."""
    lines = []
    for claim in (
        one.claim for one in found if one.claim.stage in (Stage.SUBMITTED, Stage.ASSESSING)
    ):
        sent = ago(claim.submitted_at) if claim.submitted_at else ""
        who = "you have it" if claim.assessor_id == actor.person_id else "nobody has it yet"
        lines.append(
            Line(
                "Assess",
                place("assessment.show", id=claim.id),
                f"{claim.organisation.called} sent it {sent}, and {who}",
                f"{claim.standard}, for {claim.subject}",
                on=in_london(claim.submitted_at).date() if claim.submitted_at else None,
            )
        )
    return folded(lines, QUEUE, "claims")


def relied_on(found: Sequence[Relied]) -> Iterator[Line]:
    """What authorities rely on and ends soon, the first to end first."""
    ending = [one for one in found if one.authorities and one.claim.ends_on]
    for one in sorted(ending, key=lambda one: one.claim.ends_on or date.max):
        claim = one.claim
        rely = "relies" if one.authorities == 1 else "rely"
        yield Line(
            f"{claim.standard}, for {claim.subject}",
            place("claim.show", id=claim.id),
            f"It ends, and {some(one.authorities, 'authority', 'authorities')} {rely} on it",
            on=claim.ends_on,
        )


def to_curate(waiting: Numbers) -> Iterator[Line]:
    """What waits for a curator, each kind with how much of it there is."""
    if waiting.edits:
        why = "Suppliers made them since LOTI last looked, and everybody sees them already"
        about = some(waiting.edits, "change to a product", "changes to products")
        yield Line("Look at", place("edit.list"), why, about)
    if waiting.reports:
        about = some(waiting.reports, "report about a product", "reports about products")
        yield Line("Answer", place("edit.list"), "Somebody thinks a product stands wrongly", about)
    if waiting.drafts:
        about = some(waiting.drafts, "draft of a standard", "drafts of standards")
        yield Line(
            "Finish", place("standard.list"), "Only LOTI sees a draft until it is published", about
        )
