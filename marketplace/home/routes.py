"""The pages one arrives at: for everybody, and for whoever is signed in."""

from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from auth.actor import Kind
from marketplace.audit import queries as audit
from marketplace.challenges import queries as challenges
from marketplace.challenges.dashboard import waiting
from marketplace.challenges.models import Stage
from marketplace.challenges.queries import Filters
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.pages import back, go, page, partial
from marketplace.core.times import in_london
from marketplace.directory import participation
from marketplace.directory import queries as directory
from marketplace.discovery.routes import Searching
from marketplace.evaluation import waiting_queries as panels
from marketplace.home import queries
from marketplace.home.authority import AuthorityHome
from marketplace.home.blocks import AHEAD, LATELY, Place, closing
from marketplace.home.health import router as health
from marketplace.home.loti import LotiHome
from marketplace.home.supplier import SupplierHome

router = APIRouter(route_class=Opening)
router.routes.extend(health.routes)

SHOWN = 4  # challenges in a column of the front page
OPEN = frozenset({Stage.OPEN})


@router.get("/", name="front")
def front(request: Request, ctx: Context) -> Response:
    taking = directory.taking_part(ctx)
    newest, _ = challenges.listed(ctx, Filters(stage=OPEN), size=SHOWN)
    soon = queries.closing(ctx, in_london(ctx.now).date() + AHEAD, SHOWN)
    return page(
        request,
        "home/front.html",
        numbers=queries.numbers(ctx),
        taking_part=sum(1 for one in taking if one.part),
        soon=[(one, closing(one)) for one in soon],
        newest=newest,
        map=participation.drawn(taking, request.app.url_path_for),
    )


# ---- Home


@router.get("/home", name="home")
def home(request: Request, ctx: Context, index: Searching) -> Response:
    mine: AuthorityHome | SupplierHome | LotiHome
    match ctx.actor.kind:
        case Kind.AUTHORITY:
            mine = AuthorityHome(ctx)
        case Kind.SUPPLIER:
            mine = SupplierHome(ctx, index)
        case Kind.LOTI:
            mine = LotiHome(ctx, request.app.url_path_for)
        case _:
            return _without_organisation(request, ctx)
    if not partial(request):
        _ = mine.new  # before the head of the page asks for what this has asked for with its own
    return page(request, "home/home.html", home=mine, lately=LATELY, href=_address(request))


def _without_organisation(request: Request, ctx: Context) -> Response:
    """An expert from outside evaluates; everybody else chooses whom to act for."""
    if not ctx.actor.known:
        return _sign_in(request)
    evaluates = not ctx.actor.seen_through and bool(panels.mine(ctx))
    return go(request, "evaluation.mine" if evaluates else "account.start")


@router.get("/home/challenges", name="home.challenges")
def own_challenges(request: Request, ctx: Context) -> Response:
    """All of one's own that are not finished; for LOTI, all that was sent to it."""
    match ctx.actor.kind:
        case Kind.AUTHORITY:
            found = [one for group in challenges.mine(ctx) for one in group.challenges]
            joined = challenges.joined(ctx)
        case Kind.LOTI:
            found, joined = list(queries.under_review(ctx)), ()
        case Kind.PUBLIC:
            return _sign_in(request)
        case _:
            raise NotFound("Only authorities and LOTI have challenges.")
    stages = {one.id: one.standing(ctx.now) for one in found}
    by_stage = {
        stage: [one for one in found if stages[one.id] == stage]
        for stage in Stage
        if stage in stages.values()
    }
    return page(
        request,
        "home/challenges.html",
        by_stage=by_stage,
        joined=joined,
        route={one.id: waits.route for one in found if (waits := waiting(ctx, one))},
    )


def _sign_in(request: Request) -> Response:
    """To where a visitor can sign in, and back."""
    there = request.app.url_path_for("sign-in")
    return RedirectResponse(f"{there}?{urlencode({'then': back(request)})}", status_code=303)


def _address(request: Request) -> Callable[[Place], str]:
    def href(to: Place) -> str:
        path = to.path or str(request.app.url_path_for(to.route, **to.params))
        query = f"?{urlencode(to.query, doseq=True)}" if to.query else ""
        return path + query + (f"#{to.part}" if to.part else "")

    return href


# ---- What there is to read


@router.get("/help", name="help")
def help_(request: Request, ctx: Context) -> Response:
    return page(request, "home/help.html", review=ctx.settings.review)


@router.get("/genuine", name="genuine")
def genuine(request: Request, ctx: Context) -> Response:
    return page(
        request,
        "home/genuine.html",
        address=request.url.netloc,
        sender=ctx.settings.contact,
        by_notify=bool(ctx.settings.notify_key),
        block=audit.newest_block(ctx),
    )


@router.get("/accessibility", name="accessibility")
def accessibility(request: Request, ctx: Context) -> Response:
    return page(request, "home/accessibility.html")


@router.get("/privacy", name="privacy")
def privacy(request: Request, ctx: Context) -> Response:
    return page(request, "home/privacy.html", months=ctx.settings.inactive_months)
