"""What a supplier's manager can do with its claims until LOTI has decided on them."""

from dataclasses import dataclass
from typing import IO
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from marketplace.catalogue.models import Product
from marketplace.catalogue.models import Stage as Listing
from marketplace.claims import checks
from marketplace.claims import parts_queries as parts
from marketplace.claims.forms import Claiming, Evidencing
from marketplace.claims.models import DECIDED, FINE, Answer, Claim, Evidence, Mark, Stage
from marketplace.claims.standing import ends_on
from marketplace.core import scanning
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.file_kinds import CSV, DOCX, JPEG, ODT, PDF, PNG, TEXT, XLSX, kind_of
from marketplace.core.files import ObjectStore, Refused, Stored
from marketplace.core.forms import BoundForm
from marketplace.onboarding import queries as onboarding
from marketplace.perform import perform, permit
from marketplace.standards.models import Requirement, StandardVersion
from marketplace.verbs import Verb

MOST_EVIDENCE = 50  # pieces for one claim
TAKEN = frozenset({PDF, PNG, JPEG, ODT, DOCX, XLSX, CSV, TEXT})
AT_HAND = "PDF, PNG, JPG, ODT, DOCX, XLSX, CSV or TXT"
KEPT = ("kind", "number", "issuer", "holder", "holder_because", "issued_on", "expires_on")
SHOWN = ("visibility", "link", "seen_on", "seen")
FILE = ("name", "size", "media_type", "sha256", "key")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes in, and where it is to be kept."""

    store: ObjectStore
    file: IO[bytes]
    name: str


def claim(
    ctx: Context, version: StandardVersion, product: Product | None, form: BoundForm[Claiming]
) -> tuple[Claim | None, BoundForm[Claiming]]:
    """Claims a standard for a product or for all that the supplier does; None when the form says
    what is wrong.
    """
    form = _claimable(ctx, version, product, form)
    if form.value is None:
        return None, form
    made = Claim(
        version_id=version.id,
        version=version,
        organisation_id=ctx.actor.organisation_id,
        product=product,
        product_id=product.id if product else None,
        product_version=form.value.product_version,
        scope=form.value.scope,
        created_at=ctx.now,
    )
    try:
        _begin(ctx, made)
    except IntegrityError:
        return None, form.refused("version", "You have claimed this already. Open that claim")
    return made, form


def _begin(ctx: Context, made: Claim) -> None:
    with ctx.session.begin_nested():
        perform(ctx, Verb.CLAIM_MAKE, made)
        ctx.session.flush()


def _claimable(
    ctx: Context, version: StandardVersion, product: Product | None, form: BoundForm[Claiming]
) -> BoundForm[Claiming]:
    if unsigned := onboarding.unsigned(ctx):
        raise Conflict(f"You cannot claim this yet. {unsigned.says}")
    if product is None:
        if not version.whole_organisation:
            return form.refused("version", "This standard is claimed for one product at a time")
        return form
    if product.stage not in (Listing.LISTED, Listing.PAUSED):
        raise Conflict("Claims are made for products in the catalogue. List the product first.")
    labels = parts.product_versions(ctx, product)
    if form.value and form.value.product_version not in ("", *labels):
        form = form.refused("product_version", "Select a version from the list")
    return checks.scoped(form, product.name)


def answer(ctx: Context, claim: Claim, requirement: Requirement, text: str) -> None:
    """Says how one requirement is met; what was there already does nothing."""
    permit(ctx, Verb.CLAIM_ANSWER, claim)
    known = parts.answers(ctx, claim).get(requirement.id)
    _refuse_what_is_locked(claim, requirement.id, known)
    if known and known.text == text:
        return
    perform(ctx, Verb.CLAIM_ANSWER, claim, point=str(requirement.id))
    row = known or Answer(claim_id=claim.id, requirement_id=requirement.id, created_at=ctx.now)
    row.text = text
    ctx.session.add(row)


def _refuse_what_is_locked(claim: Claim, point: UUID | None, known: Answer | None) -> None:
    if known and known.accepted:
        raise Conflict("LOTI has accepted this point already, so it stays as it is.")
    if claim.stage == Stage.FIXING and (point is None or not claim.may_change(point)):
        raise Conflict("LOTI did not ask for changes to this, so it stays as it is.")


def attach(
    ctx: Context,
    claim: Claim,
    form: BoundForm[Evidencing],
    upload: Upload | None = None,
) -> BoundForm[Evidencing]:
    """Adds a piece of evidence, a file or a link; the form says what is wrong. Raises
    files.Refused for a file that is not taken.
    """
    permit(ctx, Verb.CLAIM_ATTACH, claim)
    _refuse_too_much(ctx, claim)
    points = parts.requirements(ctx, claim)
    form = checks.evidenced(form, claim, points, ctx.today, file=upload is not None)
    if form.value is None:
        return form
    if point := form.value.requirement:
        _refuse_what_is_locked(claim, point, parts.answers(ctx, claim).get(point))
    stored = _kept(ctx, upload) if upload else None
    given = form.value
    _show(
        ctx,
        Evidence(
            claim_id=claim.id,
            requirement_id=given.requirement,
            **given.model_dump(include={*KEPT, *SHOWN}),
            **({one: getattr(stored, one) for one in FILE} if stored else {}),
        ),
        claim,
    )
    return form


def _refuse_too_much(ctx: Context, claim: Claim) -> None:
    if len(parts.evidence(ctx, claim)) >= MOST_EVIDENCE:
        raise Conflict(f"A claim can have {MOST_EVIDENCE} pieces of evidence. Remove one first.")


def _kept(ctx: Context, upload: Upload) -> Stored:
    if kind_of(upload.file, upload.name.rpartition(".")[2].lower()) not in TAKEN:
        raise Refused(f"The file is of a kind that is not accepted. Upload a {AT_HAND}.")
    upload.file.seek(0)
    return scanning.save(ctx, upload.store, upload.file, upload.name)


def _show(ctx: Context, piece: Evidence, claim: Claim) -> None:
    piece.created_at = ctx.now
    piece.ends_on = ends_on(piece.issued_on, piece.expires_on, claim.version.valid_months)
    # Its name may say what only assessors are to read, and the journal has readers of its own.
    perform(ctx, Verb.CLAIM_ATTACH, claim, evidence=str(piece.id))
    ctx.session.add(piece)


def reuse(ctx: Context, claim: Claim, piece: Evidence, point: UUID | None) -> None:
    """Shows for this claim what was shown for another one of the same supplier."""
    permit(ctx, Verb.CLAIM_ATTACH, claim)
    _refuse_too_much(ctx, claim)
    known = parts.answers(ctx, claim).get(point) if point else None
    _refuse_what_is_locked(claim, point, known)
    copied = _copy(piece, claim, point)
    ends = ends_on(copied.issued_on, copied.expires_on, claim.version.valid_months)
    if ends and ends < ctx.today:
        raise Conflict("That evidence is out of date for this standard. Add a newer one.")
    _show(ctx, copied, claim)


def _copy(piece: Evidence, claim: Claim, point: UUID | None) -> Evidence:
    same = {name: getattr(piece, name) for name in (*KEPT, *SHOWN, *FILE)}
    return Evidence(claim_id=claim.id, requirement_id=point, **same)


def detach(ctx: Context, claim: Claim, store: ObjectStore, piece: Evidence) -> None:
    permit(ctx, Verb.CLAIM_DETACH, claim)
    known = parts.answers(ctx, claim).get(piece.requirement_id) if piece.requirement_id else None
    _refuse_what_is_locked(claim, piece.requirement_id, known)
    perform(ctx, Verb.CLAIM_DETACH, claim, evidence=str(piece.id))
    ctx.session.delete(piece)
    ctx.session.flush()
    if piece.key and not parts.still_shown(ctx, piece.key):
        scanning.remove_once_committed(ctx.session, store, [piece.key])


def submit(ctx: Context, claim: Claim) -> None:
    """Sends a claim, or what was mended of it, to LOTI."""
    permit(ctx, Verb.CLAIM_SUBMIT, claim)
    if lacking := parts.lacking(ctx, claim):
        raise Conflict(f"You cannot send this yet. {lacking[0]}")
    perform(ctx, Verb.CLAIM_SUBMIT, claim)
    claim.submitted_at = claim.submitted_at or ctx.now
    claim.fix_by = None


def withdraw(ctx: Context, claim: Claim) -> None:
    perform(ctx, Verb.CLAIM_WITHDRAW, claim)
    claim.withdrawn_at = ctx.now


def renew(ctx: Context, claim: Claim) -> Claim:
    """Begins the claim that is to take the place of one that was decided, with what it said. What
    LOTI accepted of one that was not met in full stays accepted.
    """
    permit(ctx, Verb.CLAIM_RENEW, claim)
    version = parts.in_force(ctx, claim.version.standard_id)
    if version is None:
        raise Conflict("This standard is no longer in force, so it cannot be claimed any more.")
    perform(ctx, Verb.CLAIM_RENEW, claim)
    made = Claim(
        version_id=version.id,
        version=version,
        organisation_id=claim.organisation_id,
        product_id=claim.product_id,
        product_version=claim.product_version,
        scope=claim.scope,
        previous_id=claim.id,
        created_at=ctx.now,
    )
    try:
        _begin(ctx, made)
    except IntegrityError:
        raise Conflict("A newer claim has been begun already. You find it in your list.") from None
    if version.id == claim.version_id:
        _carry_over(ctx, claim, made)
    return made


def _carry_over(ctx: Context, before: Claim, made: Claim) -> None:
    """A claim that was met in full, or revoked, is looked at anew from the beginning."""
    keeps = before.stage in DECIDED and before.stage not in (Stage.MET, Stage.REVOKED)
    fine = {
        mark.requirement_id: mark
        for mark in parts.marks(ctx, before).values()
        if keeps and mark.verdict in FINE
    }
    for said in parts.answers(ctx, before).values():
        point = said.requirement_id
        ctx.session.add(
            Answer(claim_id=made.id, requirement_id=point, text=said.text, accepted=point in fine)
        )
    said_of = set(parts.answers(ctx, before))
    for point, mark in fine.items():
        if point not in said_of:
            ctx.session.add(Answer(claim_id=made.id, requirement_id=point, accepted=True))
        ctx.session.add(
            Mark(
                claim_id=made.id,
                requirement_id=point,
                verdict=mark.verdict,
                reason=mark.reason,
                feedback=mark.feedback,
                told=True,
            )
        )
    for piece in parts.evidence(ctx, before):
        if piece.ends_on is None or piece.ends_on >= ctx.today:
            copied = _copy(piece, made, piece.requirement_id)
            copied.ends_on = piece.ends_on
            ctx.session.add(copied)
