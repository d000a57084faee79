"""How LOTI sees that the journal is sealed. For everybody else this page does not exist."""

from fastapi import APIRouter, Request, Response

from auth.actor import Kind
from marketplace.audit import queries
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.pages import page

router = APIRouter(route_class=Opening)


@router.get("/audit", name="audit")
def audit(request: Request, ctx: Context, before: int | None = None) -> Response:
    if ctx.actor.kind is not Kind.LOTI:
        raise NotFound("There is no such page.")
    blocks, more = queries.page_of_blocks(ctx, before)
    return page(
        request,
        "audit/audit.html",
        newest=queries.newest_block(ctx),
        check=queries.newest_check(ctx),
        blocks=blocks,
        later=f"{request.url.path}?before={more}" if more else "",
        first=request.url.path if before is not None else "",
    )
