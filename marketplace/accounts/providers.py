"""Getting in through a provider of OpenID Connect, adding one to one's ways in, and leaving by it.

Only what waits for a provider is async, so that a slow one holds up nobody else. What reads or
changes something here runs in a thread, like every other route.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from auth import oidc_flow
from auth.actor import Actor
from auth.oidc import Provider, Trouble, Why
from auth.oidc_flow import Proof
from marketplace.accounts import actions, queries, seam
from marketplace.accounts.models import Identity
from marketplace.core import db, throttle
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Forbidden, NotFound
from marketplace.core.pages import flash, go, here_only, onward, page
from marketplace.core.times import now
from marketplace.perform import require
from marketplace.settings import Settings
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)
log = structlog.get_logger()

UNDER_WAY, JOINING, LEFT = (
    "under-way",
    "joining",
    "left",
)  # what a browser keeps, in its page cookie
SIGN_IN, JOIN, AGAIN = "sign-in", "join", "again"  # what somebody sets out for
STATUS: Mapping[str, int] = {  # of the pages about what did not work
    Why.DOWN: 503,
    Why.DECLINED: 403,
    Why.LOST: 400,
    Why.REFUSED: 403,
    "no-address": 403,
    "other-way": 409,
    "suspended": 403,
    "somebody-else": 403,
}


# ---- There and back


@router.get("/sign-in/{provider}", name="sign-in.provider")
async def start(
    request: Request,
    provider: str,
    then: Annotated[str, Query()] = "",
    join: Annotated[bool, Query()] = False,
    again: Annotated[bool, Query()] = False,
) -> Response:
    """Off to a provider: to sign in, to add it to one's ways in, or to prove that it is oneself."""
    chosen = _named(request, provider)
    what = JOIN if join else AGAIN if again else SIGN_IN
    kept = {"for": what, "then": here_only(then), "person": ""}
    kept["person"] = str((await run_in_threadpool(_setting_out, request, what)).person_id)
    try:
        address, attempt = await oidc_flow.client(chosen).start(
            back=_back(request, chosen), again=what == AGAIN
        )
    except Trouble as why:
        return await run_in_threadpool(_failed, request, chosen, why, kept)
    request.session[UNDER_WAY] = {**kept, "attempt": asdict(attempt)}
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


@router.get("/sign-in/{provider}/callback", name="sign-in.callback")
async def finish(request: Request, provider: str) -> Response:
    """Back from a provider, with what proves who came."""
    chosen = _named(request, provider)
    client = oidc_flow.client(chosen)
    given = request.query_params
    answer = dict(given) if len(given) == len(given.multi_items()) else {}  # nothing said twice
    kept: dict[str, Any] = request.session.get(UNDER_WAY) or {"for": SIGN_IN, "then": ""}
    try:
        attempt = oidc_flow.recognise(kept.get("attempt"), provider, answer)
        del request.session[UNDER_WAY]  # whatever comes of it, it is used
        proof = await client.finish(attempt, answer, back=_back(request, chosen))
        if await run_in_threadpool(_is_to_introduce, request, proof, kept):
            proof = await client.ask_more(proof)
    except Trouble as why:
        return await run_in_threadpool(_failed, request, chosen, why, kept)
    return await run_in_threadpool(_arrived, request, chosen, proof, kept)


def _setting_out(request: Request, what: str) -> Actor:
    """Who asks, if they may set out for this."""
    throttle.hit(request, "provider")
    with db.reading(request.app.state.engine) as session:
        actor: Actor = request.app.state.who(request, session)
        request.state.actor = actor
        ctx = Context(session, actor, now(), request.app.state.settings)
        if what == JOIN and actor.known:
            ours = Identity(issuer="", subject="", title="", person_id=actor.person_id)
            require(ctx, Verb.IDENTITY_ADD, ours)
        elif what != SIGN_IN and (not actor.known or actor.seen_through):
            raise Forbidden("To do this you must sign in as yourself first.")
    return actor


def _is_to_introduce(request: Request, proof: Proof, kept: Mapping[str, Any]) -> bool:
    """Whether we do not know enough yet of somebody who is new, or of what is to be added."""
    if kept["for"] == AGAIN or (proof.name and proof.email):
        return False
    with db.reading(request.app.state.engine) as session:
        return queries.identity(session, proof.issuer, proof.subject) is None


def _arrived(
    request: Request, provider: Provider, proof: Proof, kept: Mapping[str, Any]
) -> Response:
    with _writing(request) as ctx:
        if kept["for"] != SIGN_IN and kept["person"] != str(ctx.actor.person_id):
            return _told(request, provider, Why.LOST, kept)
        return ARRIVALS[kept["for"]](request, ctx, provider, proof, kept)


def _sign_in(
    request: Request, ctx: Context, provider: Provider, proof: Proof, kept: Mapping[str, Any]
) -> Response:
    if not proof.email and queries.identity(ctx.session, proof.issuer, proof.subject) is None:
        return _told(request, provider, "no-address", kept)
    try:
        arrived = actions.arrive(
            ctx,
            issuer=proof.issuer,
            subject=proof.subject,
            title=provider.title,
            email=proof.email,
            name=proof.name,
        )
    except actions.OtherWay as why:
        return _told(request, provider, "other-way", kept, email=proof.email, ways=why.ways)
    if arrived is None:
        return _told(request, provider, "suspended", kept)
    then = kept["then"]
    if arrived.new and not proof.name:  # first they say what they are called
        naming = request.app.url_path_for(Verb.PERSON_RENAME)
        then = f"{naming}?{urlencode({'then': then})}" if then else str(naming)
    answer = onward(request, then, "home")
    seam.sign_in(
        request,
        ctx,
        answer,
        arrived.identity.person_id,
        issuer=provider.issuer,
        id_token=proof.id_token,
    )
    return answer


def _confirm(
    request: Request, ctx: Context, provider: Provider, proof: Proof, kept: Mapping[str, Any]
) -> Response:
    """It is them: what is grave can be done for a while again, in a session with a new token."""
    identity = queries.identity(ctx.session, proof.issuer, proof.subject)
    if identity is None or identity.person_id != ctx.actor.person_id or ctx.actor.seen_through:
        return _told(request, provider, "somebody-else", kept)
    identity.used_at = ctx.now
    answer = onward(request, kept["then"], "account")
    seam.renew(
        request, ctx, answer, proved_at=ctx.now, issuer=provider.issuer, id_token=proof.id_token
    )
    flash(request, "You confirmed that it is you. You can go on.")
    return answer


def _ask_to_join(
    request: Request, ctx: Context, provider: Provider, proof: Proof, kept: Mapping[str, Any]
) -> Response:
    """To the page that asks whether this is really to be one of their ways in.

    It is asked because another site can send somebody's browser all the way here, signed in at
    the provider as whoever that site likes.
    """
    request.session[JOINING] = {
        "provider": provider.slug,
        "person": str(ctx.actor.person_id),
        "subject": proof.subject,
        "called": proof.email or proof.name,
        "then": kept["then"],
        "at": ctx.now.timestamp(),
    }
    return go(request, "identity.add", provider=provider.slug)


Arrival = Callable[[Request, Context, Provider, Proof, Mapping[str, Any]], Response]
ARRIVALS: Mapping[str, Arrival] = {SIGN_IN: _sign_in, JOIN: _ask_to_join, AGAIN: _confirm}


# ---- One more way in


@router.get("/sign-in/{provider}/join", name="identity.add")
def ask_to_join(request: Request, ctx: Context, provider: str) -> Response:
    chosen = _named(request, provider)
    joining = _joining(request, ctx, chosen)
    if joining is None:
        return _told(request, chosen, Why.LOST, {"for": JOIN, "then": ""})
    return page(request, "accounts/provider-join.html", provider=chosen, called=joining["called"])


@router.post("/sign-in/{provider}/join", name="identity.add")
def join(request: Request, ctx: Context, provider: str) -> Response:
    chosen = _named(request, provider)
    joining = _joining(request, ctx, chosen)
    request.session.pop(JOINING, None)
    if joining is None:
        return _told(request, chosen, Why.LOST, {"for": JOIN, "then": ""})
    new = actions.add_way_in(
        ctx, issuer=chosen.issuer, subject=joining["subject"], title=chosen.title
    )
    said = "You can now sign in with" if new else "You could sign in already with"
    flash(request, f"{said} {chosen.title}.")
    return onward(request, joining["then"], "account")


def _joining(request: Request, ctx: Context, provider: Provider) -> dict[str, Any] | None:
    """What this person came back with from this provider, a moment ago."""
    kept: dict[str, Any] = request.session.get(JOINING) or {}
    theirs = kept.get("person") == str(ctx.actor.person_id) and ctx.actor.known
    fresh = ctx.now.timestamp() - kept.get("at", 0) < oidc_flow.LIFETIME
    return kept if theirs and fresh and kept["provider"] == provider.slug else None


# ---- Out again


@router.get("/sign-out/{provider}", name="sign-out.provider")
async def leave(request: Request, provider: str) -> Response:
    """Out at the provider, too, for whoever has just signed out here.

    A page, not a redirect: it follows a form, and browsers hold every address that a form leads to
    against the content policy, which lets forms lead to us alone.
    """
    chosen = _named(request, provider)
    settings: Settings = request.app.state.settings
    address = ""
    if id_token := await run_in_threadpool(_id_token, request):
        try:
            back = f"{settings.address}{request.app.url_path_for('front')}"
            address = await oidc_flow.client(chosen).way_out(id_token, back=back)
        except Trouble as why:
            _note(chosen, why)
    if not address:
        return go(request, "front")
    answer = await run_in_threadpool(
        page, request, "accounts/provider-sign-out.html", provider=chosen, address=address
    )
    answer.headers["Refresh"] = f"0; url={address}"
    return answer


def remember_leaving(request: Request, ctx: Context) -> Response | None:
    """Where to go on after signing out here, when somebody got in through a provider."""
    came_by = next(
        (one for one in ctx.settings.oidc_providers if one.issuer == ctx.actor.signed_in_by), None
    )
    if came_by is None:
        return None
    request.session[LEFT] = str(ctx.actor.session_id)
    return go(request, "sign-out.provider", provider=came_by.slug)


def _id_token(request: Request) -> str:
    """What the provider gave for the session that has just ended in this browser."""
    if not (left := request.session.pop(LEFT, "")):
        return ""
    with db.writing(request.app.state.engine) as session:
        token = actions.take_id_token(session, UUID(left))
        session.commit()
    return token


# ---- Between


def _named(request: Request, slug: str) -> Provider:
    settings: Settings = request.app.state.settings
    if found := next((one for one in settings.oidc_providers if one.slug == slug), None):
        return found
    raise NotFound("There is no such way to sign in.")


def _back(request: Request, provider: Provider) -> str:
    """The address that a provider sends people back to; it has to be told of it beforehand."""
    path = request.app.url_path_for("sign-in.callback", provider=provider.slug)
    return f"{request.app.state.settings.address}{path}"


@contextmanager
def _writing(request: Request) -> Iterator[Context]:
    """The context of a GET that changes something, as coming back from a provider does."""
    engine = request.app.state.engine
    with db.reading(engine) as session:  # on its own: it may note that the session is in use
        request.state.actor = request.app.state.who(request, session)
    with db.writing(engine) as session:
        yield Context(session, request.state.actor, now(), request.app.state.settings)
        journalled = session.info.get("journalled", False)
        session.commit()
    if journalled:
        request.app.state.courier.wake()


def _failed(
    request: Request, provider: Provider, why: Trouble, kept: Mapping[str, Any]
) -> Response:
    _note(provider, why)
    return _told(request, provider, why.why, kept)


def _note(provider: Provider, why: Trouble) -> None:
    log.warning("sign-in.failed", provider=provider.slug, why=why.why.value, detail=str(why))


def _told(
    request: Request, provider: Provider, what: str, kept: Mapping[str, Any], **more: Any
) -> Response:
    """The page that says why somebody did not get in, and how else they can."""
    settings: Settings = request.app.state.settings
    asked = {"then": kept["then"]} if kept["then"] else {}
    asked |= {kept["for"]: "1"} if kept["for"] != SIGN_IN else {}
    path = request.app.url_path_for("sign-in.provider", provider=provider.slug)
    return page(
        request,
        "accounts/provider-trouble.html",
        status=STATUS[what],
        what=str(what),
        provider=provider,
        providers=[one for one in settings.oidc_providers if one != provider],
        once_more=f"{path}?{urlencode(asked)}" if asked else path,
        then=kept["then"],
        **more,
    )
