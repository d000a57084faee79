"""How a browser finds out who takes part."""

from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from marketplace.challenges import queries as challenges
from marketplace.claims import parts_queries as parts
from marketplace.claims.standing import word
from marketplace.core.context import Context, Opening
from marketplace.core.pages import page
from marketplace.directory import participation, queries
from marketplace.directory.queries import Filters
from marketplace.onboarding import queries as onboarding
from marketplace.reference.areas import Area
from marketplace.reference.regions import Region

router = APIRouter(route_class=Opening)

LONGEST = 100  # characters of a name that is looked for
FLAGS = {
    "sme": ("Size", "Small or medium-sized (SME)"),
    "vcse": ("Kind", "Voluntary, community or social enterprise (VCSE)"),
}


class Asked(BaseModel):
    """What the address of the list of suppliers asks for."""

    q: str = ""
    sme: list[Literal["yes"]] = []
    vcse: list[Literal["yes"]] = []
    region: list[Region] = []

    @property
    def filters(self) -> Filters:
        name = " ".join(self.q.split())[:LONGEST]
        return Filters(name, bool(self.sme), bool(self.vcse), frozenset(self.region))

    def query(self, **instead: object) -> str:
        given = self.model_dump(mode="json") | instead
        return "?" + urlencode({name: value for name, value in given.items() if value}, doseq=True)


@router.get("/suppliers", name="supplier.list")
def suppliers(
    request: Request, ctx: Context, asked: Annotated[Asked, Query()], after: UUID | None = None
) -> Response:
    found, more = queries.suppliers(ctx, asked.filters, after)
    return page(
        request,
        "directory/suppliers.html",
        announce=_shown(len(found), bool(more)),
        asked=asked,
        suppliers=found,
        shown=_shown(len(found), bool(more)),
        listed=queries.how_many_listed(ctx, [supplier.id for supplier in found]),
        signed=onboarding.signed(ctx, [supplier.id for supplier in found]),
        flags=FLAGS,
        regions=list(Region),
        selected=_selected(asked),
        later=asked.query(after=more) if more else "",
        first=asked.query() if after else "",
    )


def _shown(count: int, more: bool) -> str:
    words = "1 supplier" if count == 1 else f"{count} suppliers"
    return f"{words}, and more on the next page" if more else words


def _selected(asked: Asked) -> list[tuple[str, list[tuple[str, str]]]]:
    """The filters in use, each with the query of the list without it."""
    groups = [
        (legend, [(words, asked.query(**{name: []}))])
        for name, (legend, words) in FLAGS.items()
        if getattr(asked, name)
    ]
    regions = [
        (one.label, asked.query(region=[other.value for other in asked.region if other != one]))
        for one in asked.region
    ]
    return [*groups, ("Works in", regions)] if regions else groups


@router.get("/suppliers/{id}", name="supplier.show")
def supplier(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    found = queries.supplier(ctx, id)
    products, more = queries.listed_by(ctx, found, after)
    facts = onboarding.facts(ctx, found)
    return page(
        request,
        "directory/supplier.html",
        supplier=found,
        facts=facts,
        others=[one.text for one in onboarding.identifiers(ctx, found)] if facts else (),
        signed=found.id in onboarding.signed(ctx, [found.id]),
        products=products,
        claims=[
            (one, word(one.stage, one.ends_on, ctx.today))
            for one in parts.of_the_organisation(ctx, found)
        ],
        later=f"{request.url.path}?after={more}" if more else "",
        first=request.url.path if after else "",
    )


@router.get("/authorities", name="authority.list")
def authorities(
    request: Request,
    ctx: Context,
    area: Area | Literal[""] = "",
    which: Annotated[Literal["open", "all"], Query(alias="challenges")] = "open",
) -> Response:
    taking = queries.taking_part(ctx, area=area or None, ever=which == "all")
    says = participation.says(taking)
    return page(
        request,
        "directory/authorities.html",
        announce=says,
        says=says,
        taking=taking,
        map=participation.drawn(taking, request.app.url_path_for),
        area=area,
        which=which,
        areas=list(Area),
    )


@router.get("/authorities/{id}", name="authority.show")
def authority(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    found = queries.authority(ctx, id)
    filters = challenges.Filters(authority=frozenset({found.slug}))
    posted, more = challenges.listed(ctx, filters, after)
    return page(
        request,
        "directory/authority.html",
        authority=found,
        posted=posted,
        joined=queries.commitments(ctx, found),
        most=queries.MOST,
        later=f"{request.url.path}?after={more}" if more else "",
        first=request.url.path if after else "",
    )
