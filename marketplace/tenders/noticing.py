"""How a browser shows what goes into the notices of a tender, and takes their numbers down."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import approval_actions, notice_content, queries
from marketplace.tenders.approval_actions import work
from marketplace.tenders.deciding_forms import Cited, Citing
from marketplace.tenders.models import Tender
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)


@router.get("/{id}/workspace/notices", name="tender.notices")
def notices(request: Request, ctx: Context, id: UUID) -> Response:
    tender = queries.working(ctx, id)
    found = work(ctx, tender)
    ocid = f"{ctx.settings.ocds_prefix}-{tender.id}"
    return page(
        request,
        "tenders/notices.html",
        **frame(ctx, tender, "work"),
        notices=[
            (code, notice_content.title(code), _cited(tender, code), lines)
            for code in notice_content.ORDER
            if (lines := notice_content.lines(code, found, ocid))
        ],
    )


def _cited(tender: Tender, code: Cited) -> tuple[str, date] | None:
    known = tender.notices.get(code)
    return (known["number"], date.fromisoformat(known["on"])) if known else None


@router.get("/{id}/workspace/notices/{code}", name=Verb.TENDER_CITE)
def ask_to_cite(request: Request, ctx: Context, id: UUID, code: Cited) -> Response:
    tender = queries.working(ctx, id)
    known = _cited(tender, code)
    form = show(Citing, {"number": known[0], "on": known[1]}) if known else BoundForm(Citing)
    return _citing(request, ctx, tender, code, form)


@router.post("/{id}/workspace/notices/{code}", name=Verb.TENDER_CITE)
def cite(
    request: Request,
    ctx: Context,
    id: UUID,
    code: Cited,
    form: Annotated[BoundForm[Citing], Depends(reads(Citing))],
) -> Response:
    tender = queries.working(ctx, id)
    if form.value is None:
        return _citing(request, ctx, tender, code, form)
    approval_actions.cite(ctx, tender, code, form.value)
    flash(request, f"Recorded: {code}, {form.value.number}")
    return go(request, "tender.notices", id=id)


def _citing(
    request: Request, ctx: Context, tender: Tender, code: Cited, form: BoundForm[Citing]
) -> Response:
    require(ctx, Verb.TENDER_CITE, tender)
    return page(
        request,
        "tenders/cite.html",
        **frame(ctx, tender, "work"),
        code=code,
        title=notice_content.title(code),
        form=form,
    )
