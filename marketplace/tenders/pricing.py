"""How a tender's prices become points, worked out for an example: before publication for those who
prepare it, and afterwards for everybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, Form, bind, show
from marketplace.core.money import MOST
from marketplace.core.pages import page
from marketplace.law.points import EXAMPLE, FORMULAS, PriceFormula, points
from marketplace.tenders import content, queries, sharing
from marketplace.tenders.content import Content
from marketplace.tenders.models import CriterionKind, Part, Tender
from marketplace.tenders.working import frame

router = APIRouter(prefix="/tenders", route_class=Opening)
LETTERS = "ABCDE"


class Trying(Form):
    """Prices of bids, to see the points they would get."""

    price_a: Decimal = Field(title="The price of bid A", ge=0, le=MOST, decimal_places=2)
    price_b: Decimal | None = Field(None, title="Bid B", ge=0, le=MOST, decimal_places=2)
    price_c: Decimal | None = Field(None, title="Bid C", ge=0, le=MOST, decimal_places=2)
    price_d: Decimal | None = Field(None, title="Bid D", ge=0, le=MOST, decimal_places=2)
    price_e: Decimal | None = Field(None, title="Bid E", ge=0, le=MOST, decimal_places=2)


@dataclass(frozen=True, slots=True)
class Worked:
    """An example: the points of each price, out of the weight."""

    formula: PriceFormula
    weight: Decimal
    assumed: bool  # the weight, because none is given yet
    rows: Sequence[tuple[str, Decimal, Decimal]]

    @property
    def says(self) -> str:
        return FORMULAS[self.formula].says


WHOLE = Decimal(100)


def worked(
    judged: Content, prices: Sequence[tuple[str, Decimal]], *, drafted: bool = False
) -> Worked | None:
    """None where a published tender has no criterion for prices. One that is being prepared may
    have none yet, or none with a weight; then it is worked out of 100.
    """
    weight = sum(
        (
            Decimal(one["weight"])
            for one in judged.get("criteria", ())
            if one["kind"] == CriterionKind.PRICE.label
        ),
        Decimal(0),
    )
    assumed = drafted and not weight
    if assumed:
        weight = WHOLE
    if not weight:
        return None
    formula = PriceFormula(judged.get("price_formula", PriceFormula.LOWEST))
    every = [price for _, price in prices]
    rows = [(name, one, points(formula, weight, one, every)) for name, one in prices]
    return Worked(formula, weight, assumed, rows)


def _asked(given: Mapping[str, Any]) -> tuple[BoundForm[Trying], list[tuple[str, Decimal]]]:
    """The prices to work it out for: those that were typed or, where there are none, our own."""
    names = list(Trying.model_fields)
    usual = dict(zip(names, EXAMPLE, strict=False))
    if not any(name in given for name in names):
        form = show(Trying, usual)
    else:
        typed = {name: str(given.get(name, ""))[:40] for name in names}
        form = bind(Trying, {name: text.replace(",", "") for name, text in typed.items()})
        form = BoundForm(Trying, typed, form.value, form.errors)
    told = form.value.model_dump() if form.value else usual
    lettered = zip(LETTERS, names, strict=True)
    return form, [(letter, told[name]) for letter, name in lettered if told.get(name) is not None]


def _page(request: Request, judged: Content, *, public: bool, **about: Any) -> Response:
    form, prices = _asked(request.query_params)
    return page(
        request,
        "tenders/prices.html",
        status=422 if form.errors else 200,
        **about,
        public=public,
        form=form,
        example=worked(judged, prices, drafted=not public),
        weight=content.weight,
    )


@router.get("/{id}/workspace/prices", name="tender.price_example")
def prepared(request: Request, ctx: Context, id: UUID) -> Response:
    tender = queries.working(ctx, id)
    found = queries.versions(ctx, tender).get((Part.CRITERIA, tender.id))
    judged = found.content if found else {}
    return _page(request, judged, **frame(ctx, tender, "content"), public=False, sharing=[])


@router.get("/{id}/prices", name="tender.prices")
def published(request: Request, ctx: Context, id: UUID) -> Response:
    tender = queries.one(ctx, id)
    found = queries.publications(ctx, tender)
    if not found:
        raise NotFound("This tender is not published.")
    said = found[0].content
    about = {**_frame(ctx, tender), "sharing": sharing.told(said)}
    return _page(request, said[Part.CRITERIA], public=True, **about)


def _frame(ctx: Context, tender: Tender) -> dict[str, Any]:
    return {"tender": tender, "stage": tender.standing(ctx.now), "here": "notice"}
