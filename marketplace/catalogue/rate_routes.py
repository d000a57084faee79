"""How a browser keeps a supplier's rate card."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from marketplace.catalogue import rate_actions as actions
from marketplace.catalogue import rate_queries as queries
from marketplace.catalogue.rate_actions import Declaring
from marketplace.catalogue.rate_models import Rate
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, Form, reads
from marketplace.core.money import pounds
from marketplace.core.pages import flash, go, page
from marketplace.onboarding import queries as onboarding
from marketplace.organisations.models import Organisation
from marketplace.people.own import elsewhere
from marketplace.perform import require
from marketplace.reference.specialists import Specialist
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)


@router.get("/organisation/rates", name=Verb.RATE_DECLARE)
def card(request: Request, ctx: Context) -> Response:
    """For all of the supplier's people; its managers can change it."""
    if away := elsewhere(request, ctx):
        return away
    organisation = onboarding.own_organisation(ctx)
    rates = queries.rates(ctx, organisation.id)
    known = {
        actions.field(role): pounds(one.amount).removeprefix("£")
        for role, one in queries.in_force(rates).items()
        if one.amount
    }
    return _asked(request, ctx, organisation, rates, BoundForm(Declaring, known))


@router.post("/organisation/rates", name=Verb.RATE_DECLARE)
def declare(
    request: Request, ctx: Context, form: Annotated[BoundForm[Form], Depends(reads(Declaring))]
) -> Response:
    organisation = onboarding.own_organisation(ctx)
    first = next(iter(Specialist))
    require(ctx, Verb.RATE_DECLARE, actions.prospect(ctx, organisation, first))
    if form.value is None:
        rates = queries.rates(ctx, organisation.id)
        return _asked(request, ctx, organisation, rates, form)
    actions.declare(ctx, organisation, form.value)
    flash(request, "Saved. Everybody sees the card on your page.")
    return go(request, Verb.RATE_DECLARE)


def _asked(
    request: Request,
    ctx: Context,
    organisation: Organisation,
    rates: Sequence[Rate],
    form: BoundForm[Form],
) -> Response:
    card = queries.in_force(rates)
    return page(
        request,
        "catalogue/rates.html",
        organisation=organisation,
        prospect=actions.prospect(ctx, organisation, next(iter(Specialist))),
        card=card,
        earlier=queries.earlier(rates),
        form=form,
        roles=[(actions.field(role), role) for role in Specialist],
    )
