"""How a browser sees the files of one's organisation that were refused; LOTI sees all of them."""

from fastapi import APIRouter, Request, Response

from auth.actor import Kind
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.pages import page
from marketplace.uploads import queries

router = APIRouter(route_class=Opening)


@router.get("/files", name="file.refused")
def refused(request: Request, ctx: Context) -> Response:
    if ctx.actor.kind is Kind.PUBLIC:
        raise NotFound("There is no such page.")
    return page(request, "uploads/refused.html", files=queries.refused(ctx))
