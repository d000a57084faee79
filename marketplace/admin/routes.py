"""How the service runs, for LOTI. For everybody else these pages do not exist."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from auth.actor import Kind
from marketplace import __version__
from marketplace.admin import actions, queries
from marketplace.admin.telling import told
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.pages import flash, go, page
from marketplace.discovery.routes import Searching
from marketplace.verbs import Verb
from search.port import Index, Unavailable

router = APIRouter(prefix="/admin", route_class=Opening)


@router.get("", name="admin")
def running(request: Request, ctx: Context, index: Searching) -> Response:
    if ctx.actor.kind is not Kind.LOTI:
        raise NotFound("There is no such page.")
    return page(
        request,
        "admin/running.html",
        failed=[(delivery, told(event)) for delivery, event in queries.set_aside(ctx)],
        waiting=queries.waiting(ctx),
        engine=index.name,
        documents=_documents(index),
        version=__version__,
    )


def _documents(index: Index) -> int | None:
    """None while the search does not answer."""
    try:
        return index.count()
    except Unavailable:
        return None


@router.post("/deliveries/{id}/retry", name=Verb.DELIVERY_RETRY)
def retry(request: Request, ctx: Context, id: UUID) -> Response:
    actions.retry(ctx, queries.one(ctx, id))
    flash(request, "It will be delivered again within a minute.")
    return go(request, "admin")
