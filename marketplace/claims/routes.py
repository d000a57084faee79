"""How a browser reaches a claim: what its supplier does with it, and how everybody reads it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from auth.actor import Kind
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.models import Product
from marketplace.claims import actions, assessing, pages, queries, relying
from marketplace.claims import parts_queries as parts
from marketplace.claims import reliance_queries as reliances
from marketplace.claims.actions import Upload
from marketplace.claims.forms import (
    Answered,
    Answering,
    Claimed,
    Claiming,
    Evidencing,
    Reusing,
)
from marketplace.claims.models import EDITABLE, Claim
from marketplace.claims.standing import word
from marketplace.claims.telling import told
from marketplace.core import files, scanning
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Forbidden, NotFound
from marketplace.core.file_kinds import Refused
from marketplace.core.files import Stored
from marketplace.core.forms import BoundForm, bind, show, typed
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.reference.attributes import Attribute
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)


@router.get("/products/{id}/standards", name="product.standards")
def of_product(request: Request, ctx: Context, id: UUID) -> Response:
    """The standards that apply to a product, with what is missing."""
    product = catalogue.one(ctx, id)
    return page(
        request,
        "claims/standards.html",
        product=product,
        attributes=[Attribute(one).label for one in product.attributes],
        **pages.table(ctx, product),
    )


# ---- The supplier's own


@router.get("/claims", name="claim.mine")
def mine(request: Request, ctx: Context) -> Response:
    if ctx.actor.kind is not Kind.SUPPLIER:
        raise Forbidden("Only suppliers have claims of their own.")
    claims = parts.mine(ctx)
    return page(
        request,
        "claims/mine.html",
        claims=[(one, word(one.stage, one.ends_on, ctx.today)) for one in claims],
        reliers=queries.reliers(ctx, [one.id for one in claims]),
        products=parts.own_products(ctx),
        blank=pages.blank(ctx.actor.organisation_id),
        today=ctx.today,
    )


@router.get("/claims/new", name="claim.new")
def new(
    request: Request, ctx: Context, product: UUID | None = None, version: UUID | None = None
) -> Response:
    require(ctx, Verb.CLAIM_MAKE, pages.blank(ctx.actor.organisation_id))
    form = show(Claiming, {"product": product, "version": version})
    return _claiming(request, ctx, _own_product(ctx, product), form)


@router.post("/claims", name=Verb.CLAIM_MAKE)
def claim(request: Request, ctx: Context, form: Claimed) -> Response:
    require(ctx, Verb.CLAIM_MAKE, pages.blank(ctx.actor.organisation_id))
    product = _own_product(ctx, _id(form.submitted.get("product")))
    if form.value is None:
        return _claiming(request, ctx, product, form)
    known = {one.id for one, _ in queries.published(ctx)}
    chosen = form.value.version
    if chosen not in known:
        form = form.refused("version", "Select a standard from the list")
        return _claiming(request, ctx, product, form)
    version = parts.version(ctx, chosen)
    made, form = actions.claim(ctx, version, product, form)
    if made is None:
        return _claiming(request, ctx, product, form)
    flash(request, "Claimed. Add how you meet it and what shows it, then send it to LOTI.")
    return go(request, "claim.show", id=made.id)


def _id(typed: Any) -> UUID | None:
    try:
        return UUID(str(typed)) if typed else None
    except ValueError:
        return None


def _own_product(ctx: Context, id: UUID | None) -> Product | None:
    if id is None:
        return None
    product = catalogue.one(ctx, id)
    require(ctx, Verb.CLAIM_MAKE, pages.blank(product.organisation_id))
    return product


def _claiming(
    request: Request, ctx: Context, product: Product | None, form: BoundForm[Claiming]
) -> Response:
    every = [one for one in queries.published(ctx) if product or one[0].whole_organisation]
    return page(
        request,
        "claims/new.html",
        form=form,
        product=product,
        standards=[(one.id, f"{standard.title} {one.label}".strip()) for one, standard in every],
        labels=parts.product_versions(ctx, product) if product else [],
    )


# ---- One claim


@router.get("/claims/{id}", name="claim.show")
def show_claim(request: Request, ctx: Context, id: UUID) -> Response:
    claim = queries.one(ctx, id)
    points, whole = parts.all_points(ctx, claim)
    return page(
        request,
        "claims/show.html",
        claim=claim,
        word=word(claim.stage, claim.ends_on, ctx.today),
        points=points,
        whole=whole,
        assessment=parts.assessment(ctx, claim),
        lacking=parts.lacks(claim, points, whole, ctx.today) if claim.stage in EDITABLE else [],
        relies=queries.reliers(ctx, [claim.id]).get(claim.id, 0),
        records=reliances.on(ctx, claim),
        entries=[told(one, ctx.actor) for one in parts.history(ctx, claim)],
        inside=_inside(ctx, claim),
        reliance=relying.prospect(ctx, claim),
        today=ctx.today,
    )


def _inside(ctx: Context, claim: Claim) -> bool:
    """Whether the reader is told how far an assessment is, and not only what is claimed."""
    return ctx.actor.kind is Kind.LOTI or claim.organisation_id == ctx.actor.organisation_id


@router.get("/claims/{id}/points/{point}", name="claim.point")
def point(request: Request, ctx: Context, id: UUID, point: UUID) -> Response:
    claim = _changing(ctx, id)
    said = parts.answers(ctx, claim).get(point)
    form = show(Answering, {"text": said.text if said else None})
    return _asked(request, ctx, claim, point, form)


@router.post("/claims/{id}/points/{point}", name=Verb.CLAIM_ANSWER)
def answer(request: Request, ctx: Context, id: UUID, point: UUID, form: Answered) -> Response:
    claim = queries.one(ctx, id)
    asked = parts.requirement(ctx, claim, point)
    if form.value is None:
        require(ctx, Verb.CLAIM_ANSWER, claim)
        return _asked(request, ctx, claim, point, form)
    actions.answer(ctx, claim, asked, form.value.text)
    return go(request, "claim.show", id=id)


def _asked(
    request: Request, ctx: Context, claim: Claim, point: UUID, form: BoundForm[Answering]
) -> Response:
    points, _ = parts.all_points(ctx, claim)
    parts.requirement(ctx, claim, point)
    one = next(one for one in points if one.requirement.id == point)
    locked = one.accepted or not claim.may_change(point)
    return page(request, "claims/point.html", claim=claim, point=one, form=form, locked=locked)


def _changing(ctx: Context, id: UUID) -> Claim:
    """A claim that this actor may change now."""
    claim = queries.one(ctx, id)
    require(ctx, Verb.CLAIM_ANSWER, claim)
    return claim


# ---- Evidence


@router.get("/claims/{id}/evidence", name="claim.evidence")
def evidence(request: Request, ctx: Context, id: UUID, point: UUID | None = None) -> Response:
    claim = _changing(ctx, id)
    known = {"requirement": point, "holder": claim.organisation.name}
    return _evidencing(request, ctx, claim, show(Evidencing, known))


async def _sent(request: Request) -> BoundForm[Evidencing] | BoundForm[Reusing]:
    """New evidence, or a piece that was shown before."""
    data = await request.form()  # which stays open: the file is read later
    kind: Any = Reusing if "earlier" in data else Evidencing
    return bind(kind, typed(kind, data))


@router.post("/claims/{id}/evidence", name=Verb.CLAIM_ATTACH)
def attach(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Any], Depends(_sent)],
    file: UploadFile | None = None,
) -> Response:
    claim = queries.one(ctx, id)
    require(ctx, Verb.CLAIM_ATTACH, claim)
    if form.kind is Reusing:
        return _reuse(request, ctx, claim, form)
    if form.value is None:
        return _evidencing(request, ctx, claim, form)
    upload = (
        Upload(request.app.state.files, file.file, file.filename)
        if file is not None and file.filename
        else None
    )
    try:
        form = actions.attach(ctx, claim, form, upload)
    except Refused as why:
        return _evidencing(request, ctx, claim, form.refused("link", str(why)), refused=str(why))
    if form.value is None:
        return _evidencing(request, ctx, claim, form)
    flash(request, "The evidence is added.")
    return _after(request, claim, form.value.requirement)


def _reuse(request: Request, ctx: Context, claim: Claim, form: BoundForm[Reusing]) -> Response:
    given = form.value
    offered = {piece.id: piece for piece, _ in parts.earlier(ctx, claim)}
    if given is None or given.earlier not in offered:
        wrong = form if given is None else form.refused("earlier", "Select evidence from the list")
        known = {"requirement": form.submitted.get("requirement")}
        return _evidencing(request, ctx, claim, show(Evidencing, known), reusing=wrong)
    point = given.requirement
    if point:
        parts.requirement(ctx, claim, point)
    actions.reuse(ctx, claim, offered[given.earlier], point)
    flash(request, "The evidence is added.")
    return _after(request, claim, point)


def _after(request: Request, claim: Claim, point: UUID | None) -> Response:
    if point:
        return go(request, "claim.point", id=claim.id, point=point)
    return go(request, "claim.show", id=claim.id)


def _evidencing(
    request: Request,
    ctx: Context,
    claim: Claim,
    form: BoundForm[Evidencing],
    *,
    refused: str = "",
    reusing: BoundForm[Reusing] | None = None,
) -> Response:
    open_points = [one for one in parts.requirements(ctx, claim) if claim.may_change(one.id)]
    earlier = [
        (one.id, f"{one.called}, {one.name or one.link}, for {title}")
        for one, title in parts.earlier(ctx, claim)
    ]
    again = reusing or show(Reusing, {"requirement": form.submitted.get("requirement")})
    return page(
        request,
        "claims/evidence.html",
        status=422 if again.errors else 200,
        claim=claim,
        form=form,
        again=again,
        refused=refused,
        points=[(one.id, f"{one.code} {one.title}".strip()) for one in open_points],
        earlier=earlier,
    )


@router.get("/claims/{id}/evidence/{piece}", name="claim.file")
def download(request: Request, ctx: Context, id: UUID, piece: UUID) -> Response:
    found = parts.piece(ctx, queries.one(ctx, id), piece)
    if not found.key:
        raise NotFound("This evidence is a link and has no file.")
    stored = Stored(found.key, found.name, found.size, found.media_type, found.sha256)
    pieces = scanning.chunks(ctx, request.app.state.files, found.key)
    return StreamingResponse(pieces, headers=files.download_headers(stored))


@router.post("/claims/{id}/evidence/{piece}/remove", name=Verb.CLAIM_DETACH)
def detach(request: Request, ctx: Context, id: UUID, piece: UUID) -> Response:
    claim = queries.one(ctx, id)
    found = parts.piece(ctx, claim, piece)
    actions.detach(ctx, claim, request.app.state.files, found)
    return _after(request, claim, found.requirement_id)


# ---- Sending, withdrawing, renewing


@router.get("/claims/{id}/submit", name=Verb.CLAIM_SUBMIT)
def check(request: Request, ctx: Context, id: UUID) -> Response:
    claim = queries.one(ctx, id)
    require(ctx, Verb.CLAIM_SUBMIT, claim)
    points, whole = parts.all_points(ctx, claim)
    return page(
        request,
        "claims/submit.html",
        claim=claim,
        points=points,
        whole=whole,
        lacking=parts.lacks(claim, points, whole, ctx.today),
    )


@router.post("/claims/{id}/submit", name=Verb.CLAIM_SUBMIT)
def submit(request: Request, ctx: Context, id: UUID) -> Response:
    actions.submit(ctx, queries.one(ctx, id))
    flash(request, "Sent to LOTI. You cannot change it until LOTI has looked at it.")
    return go(request, "claim.show", id=id)


@router.get("/claims/{id}/withdraw", name=Verb.CLAIM_WITHDRAW)
def ask_to_withdraw(request: Request, ctx: Context, id: UUID) -> Response:
    claim = queries.one(ctx, id)
    require(ctx, Verb.CLAIM_WITHDRAW, claim)
    relies = queries.reliers(ctx, [claim.id]).get(claim.id, 0)
    return page(request, "claims/withdraw.html", claim=claim, relies=relies)


@router.post("/claims/{id}/withdraw", name=Verb.CLAIM_WITHDRAW)
def withdraw(request: Request, ctx: Context, id: UUID) -> Response:
    actions.withdraw(ctx, queries.one(ctx, id))
    flash(request, "The claim is withdrawn.")
    return go(request, "claim.mine")


@router.post("/claims/{id}/renew", name=Verb.CLAIM_RENEW)
def renew(request: Request, ctx: Context, id: UUID) -> Response:
    made = actions.renew(ctx, queries.one(ctx, id))
    flash(request, "A new claim is begun. The one before stands until LOTI decides on this one.")
    return go(request, "claim.show", id=made.id)


router.routes.extend(assessing.router.routes)
router.routes.extend(relying.router.routes)
