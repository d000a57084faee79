"""How LOTI looks at changes and reports, and suspends a product; how anybody reports one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response

from auth.actor import Kind
from marketplace.catalogue import curating, queries, review_queries, reviewing
from marketplace.catalogue.models import Product, ProductEdit, ProductReport
from marketplace.catalogue.part_forms import Reporting, Reverting, Suspending
from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, reads
from marketplace.core.pages import flash, go, page
from marketplace.organisations import queries as organisations
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/products", route_class=Opening)

Reverted = Annotated[BoundForm[Reverting], Depends(reads(Reverting))]
Suspended = Annotated[BoundForm[Suspending], Depends(reads(Suspending))]
Reported = Annotated[BoundForm[Reporting], Depends(reads(Reporting))]
Saves = Annotated[int, Form(alias="saves")]


@router.get("/edits", name="edit.list")
def queue(request: Request, ctx: Context, after: UUID | None = None) -> Response:
    if ctx.actor.kind is not Kind.LOTI:
        raise NotFound("There is no such page.")
    edits, more = review_queries.edits(ctx, after)
    return page(
        request,
        "catalogue/edits.html",
        edits=[(one, reviewing.title(one.section)) for one in edits],
        later=f"{request.url.path}?after={more}" if more else "",
        first=not after,
        reports=() if after else review_queries.reports(ctx),
    )


@router.get("/edits/{id}", name="edit.show")
def difference(request: Request, ctx: Context, id: UUID) -> Response:
    return _shown(request, ctx, review_queries.edit(ctx, id), BoundForm(Reverting))


@router.post("/edits/{id}/acknowledge", name=Verb.EDIT_ACKNOWLEDGE)
def acknowledge(request: Request, ctx: Context, id: UUID, saves: Saves) -> Response:
    edit = review_queries.edit(ctx, id)
    curating.acknowledge(ctx, edit, saves, request.app.state.files)
    flash(request, f"Acknowledged: {edit.product.name}")
    return go(request, "edit.list")


@router.post("/edits/{id}/revert", name=Verb.EDIT_REVERT)
def revert(request: Request, ctx: Context, id: UUID, saves: Saves, form: Reverted) -> Response:
    edit = review_queries.edit(ctx, id)
    require(ctx, Verb.EDIT_REVERT, edit)
    if form.value is None:
        return _shown(request, ctx, edit, form)
    curating.revert(ctx, edit, saves, form.value.because, request.app.state.files)
    flash(request, f"Taken back. {edit.product.organisation.name} is told why.")
    return go(request, "edit.list")


def _shown(
    request: Request, ctx: Context, edit: ProductEdit, form: BoundForm[Reverting]
) -> Response:
    users = edit.section == "users"
    names = {str(one.id): one.called for one in organisations.authorities(ctx)} if users else {}
    return page(
        request,
        "catalogue/difference.html",
        edit=edit,
        title=reviewing.title(edit.section),
        changes=reviewing.changes(edit, names),
        form=form,
    )


# ---- Suspending


@router.get("/{id}/suspend", name=Verb.PRODUCT_SUSPEND)
def ask_to_suspend(request: Request, ctx: Context, id: UUID) -> Response:
    product = queries.one(ctx, id)
    return _suspending(request, ctx, product, BoundForm(Suspending))


@router.post("/{id}/suspend", name=Verb.PRODUCT_SUSPEND)
def suspend(request: Request, ctx: Context, id: UUID, form: Suspended) -> Response:
    product = queries.one(ctx, id)
    if form.value is None:
        return _suspending(request, ctx, product, form)
    curating.suspend(ctx, product, form.value.because)
    flash(request, f"{product.name} is suspended, and its supplier is told why.")
    return go(request, "product.show", id=id)


def _suspending(
    request: Request, ctx: Context, product: Product, form: BoundForm[Suspending]
) -> Response:
    require(ctx, Verb.PRODUCT_SUSPEND, product)
    return page(request, "catalogue/suspend.html", product=product, form=form)


# ---- Reports


@router.get("/{id}/report", name=Verb.REPORT_MAKE)
def ask_to_report(request: Request, ctx: Context, id: UUID) -> Response:
    return _reporting(request, ctx, queries.one(ctx, id), BoundForm(Reporting))


@router.post("/{id}/report", name=Verb.REPORT_MAKE)
def report(request: Request, ctx: Context, id: UUID, form: Reported) -> Response:
    product = queries.one(ctx, id)
    if form.value is None:
        return _reporting(request, ctx, product, form)
    require(ctx, Verb.REPORT_MAKE, ProductReport(message="", product_id=product.id))
    throttle.hit(
        request, "report", str(ctx.actor.person_id), says="You reported several products already."
    )
    curating.report(ctx, product, form.value.message)
    flash(request, "Sent to LOTI. Thank you.")
    return go(request, "product.show", id=id)


def _reporting(
    request: Request, ctx: Context, product: Product, form: BoundForm[Reporting]
) -> Response:
    require(ctx, Verb.REPORT_MAKE, ProductReport(message="", product_id=product.id))
    return page(request, "catalogue/report.html", product=product, form=form)


@router.post("/reports/{id}/close", name=Verb.REPORT_CLOSE)
def close(request: Request, ctx: Context, id: UUID) -> Response:
    curating.close(ctx, review_queries.report(ctx, id))
    flash(request, "The report is closed.")
    return go(request, "edit.list")
