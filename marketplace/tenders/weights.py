"""How a browser sets the weights of all criteria together."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, Form, clean
from marketplace.core.pages import go, page
from marketplace.perform import require
from marketplace.tenders import actions, content, queries
from marketplace.tenders.forms import WEIGHT, weighing
from marketplace.tenders.models import Criterion, Tender
from marketplace.tenders.weighing import RULE, together
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)


def _weighed(criteria: Sequence[Criterion]) -> list[tuple[Decimal, str]]:
    return [(one.weight, str(one.organisation_id or "")) for one in criteria]


async def _weights(request: Request) -> dict[str, str]:
    data = await request.form()
    return {
        name: clean(value)
        for name, value in data.items()
        if name.startswith(WEIGHT) and isinstance(value, str)
    }


@router.get("/{id}/workspace/weights", name="tender.weights")
def weights(request: Request, ctx: Context, id: UUID) -> Response:
    tender = queries.working(ctx, id)
    criteria = queries.criteria(ctx, tender)
    known = {f"{WEIGHT}{one.id.hex}": content.weight(one.weight) for one in criteria}
    return _weighing(request, ctx, tender, BoundForm(weighing(criteria), known))


@router.post("/{id}/workspace/weights", name=Verb.TENDER_WEIGH)
def weigh(
    request: Request, ctx: Context, id: UUID, given: Annotated[dict[str, str], Depends(_weights)]
) -> Response:
    tender = queries.working(ctx, id)
    form = actions.weigh(ctx, tender, given)
    if form.errors:
        return _weighing(request, ctx, tender, form)
    return go(request, "tender.section", id=id, section="criteria")


def _weighing(request: Request, ctx: Context, tender: Tender, form: BoundForm[Form]) -> Response:
    require(ctx, Verb.TENDER_WEIGH, tender)
    criteria, names = queries.criteria(ctx, tender), queries.names(ctx, tender)
    return page(
        request,
        "tenders/weights.html",
        **frame(ctx, tender, "content"),
        form=form,
        criteria=criteria,
        together=together(_weighed(criteria), names),
        names=names,
        rule=RULE,
        weight=content.weight,
    )
