"""How a browser decides about a product: a page of its own for each step says what happens."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace.catalogue import actions, curating, drafts, queries
from marketplace.catalogue.models import Product
from marketplace.core.context import Context, Opening
from marketplace.core.files import ObjectStore
from marketplace.core.pages import flash, go, page
from marketplace.onboarding import queries as onboarding
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/products", route_class=Opening)


@dataclass(frozen=True, slots=True)
class Decision:
    """A step of a product, what it means for whom, and the words to ask it with."""

    verb: Verb
    title: str  # with the name of the product after it
    button: str
    consequences: tuple[str, ...]
    done: str
    act: Callable[[Context, Product, ObjectStore], None]
    final: bool = False
    leads_to: str = "product.show"


def _of_the_row(act: Callable[[Context, Product], None]) -> Callable[..., None]:
    """What has nothing to do with files."""
    return lambda ctx, product, _: act(ctx, product)


DECISIONS = (
    Decision(
        Verb.PRODUCT_PUBLISH,
        "List",
        "List it",
        (
            "Everybody sees it in the catalogue and in search as soon as you list it.",
            "Authorities whose challenges it answers see it among their matches, with the reasons.",
            "You can edit, pause or retire it at any time.",
        ),
        "is in the catalogue.",
        _of_the_row(actions.list_),
    ),
    Decision(
        Verb.PRODUCT_PAUSE,
        "Pause",
        "Pause it",
        (
            "It leaves the catalogue, search and the matches of challenges.",
            "Only your organisation and LOTI see its page.",
            "Nothing is lost. You can list it again at any time.",
        ),
        "is paused.",
        _of_the_row(actions.pause),
    ),
    Decision(
        Verb.PRODUCT_RETIRE,
        "Retire",
        "Retire it",
        (
            "It leaves the catalogue, search and the matches of challenges.",
            "Its page stays, with a banner that says you do not offer it any more.",
            "You cannot take this back. To offer it again, add it as a new product.",
        ),
        "is retired.",
        _of_the_row(actions.retire),
        final=True,
    ),
    Decision(
        Verb.PRODUCT_RESTORE,
        "Restore",
        "Restore it",
        (
            "Everybody sees it in the catalogue, in search and among matches again.",
            "The supplier's managers are told.",
        ),
        "is in the catalogue again.",
        _of_the_row(curating.restore),
    ),
    Decision(
        Verb.PRODUCT_DISCARD,
        "Delete the draft of",
        "Delete it",
        (
            "The draft is deleted with everything that was typed into it.",
            "Nobody outside your organisation has seen it.",
            "You cannot take this back.",
        ),
        "is deleted.",
        actions.discard,
        final=True,
        leads_to="product.mine",
    ),
)


def _mount(decision: Decision) -> None:
    path = f"/{{id}}/{decision.verb.partition('.')[2]}"

    @router.get(path, name=decision.verb)
    def ask(request: Request, ctx: Context, id: UUID) -> Response:
        return _asked(request, ctx, queries.one(ctx, id), decision)

    @router.post(path, name=decision.verb)
    def decide(request: Request, ctx: Context, id: UUID) -> Response:
        product = queries.one(ctx, id)
        try:
            decision.act(ctx, product, request.app.state.files)
        except actions.Unsigned:  # the page leads to the agreement
            return _asked(request, ctx, product, decision, status=409)
        flash(request, f"{product.name} {decision.done}")
        known = {} if decision.leads_to == "product.mine" else {"id": id}
        return go(request, decision.leads_to, **known)


def _asked(
    request: Request, ctx: Context, product: Product, decision: Decision, status: int = 200
) -> Response:
    """What happens to whom; for listing, what stands in the way."""
    require(ctx, decision.verb, product)
    listing = decision.verb is Verb.PRODUCT_PUBLISH
    given = drafts.answers(product, queries.uses(ctx, product)) if listing else {}
    return page(
        request,
        "catalogue/decide.html",
        status=status,
        product=product,
        decision=decision,
        missing=drafts.incomplete(given, product.to_review) if listing else [],
        unsigned=onboarding.unsigned(ctx) if listing else None,
    )


for _decision in DECISIONS:
    _mount(_decision)
