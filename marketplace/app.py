"""The composition root: the only module that knows every other."""

import gc
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from typing import Any
from uuid import UUID

import structlog
from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from obstore.store import ObjectStore
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.datastructures import URLPath
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import Route

from auth.actor import CLOCK, VISITOR, Actor
from auth.origin import OriginCheck
from auth.throttle import Throttle
from marketplace import demo, navigation, policy
from marketplace.accounts import erasing, seam
from marketplace.accounts.mydata import router as my_data
from marketplace.accounts.routes import router as accounts
from marketplace.admin.routes import router as admin
from marketplace.answers import ANSWERS, broken
from marketplace.audit import checking, forgetting, sealing
from marketplace.audit.routes import router as audit
from marketplace.awards import actions as awards
from marketplace.awards.routes import router as award_pages
from marketplace.bids.opening import router as opening
from marketplace.bids.routes import router as bids
from marketplace.calculator.routes import router as calculator
from marketplace.calendar.routes import router as calendars
from marketplace.catalogue.routes import router as catalogue
from marketplace.challenges import actions as challenges
from marketplace.challenges.routes import router as challenge_pages
from marketplace.claims import assessing_actions as claims
from marketplace.claims.routes import router as claim_pages
from marketplace.clarifications.routes import router as clarifications
from marketplace.contracts import reminding as contracts
from marketplace.contracts.routes import router as contract_pages
from marketplace.core import db, files, logs, outbox, pages, scanning, stopping
from marketplace.core.assets import Assets
from marketplace.core.context import Context
from marketplace.core.middleware import BodyLimit, Surroundings
from marketplace.core.times import now
from marketplace.directory.routes import router as directory
from marketplace.discovery import indexing
from marketplace.discovery.comparing_routes import router as comparing
from marketplace.discovery.routes import router as discovery
from marketplace.evaluation.routes import router as evaluation
from marketplace.home.routes import router as home
from marketplace.mail import listener as letters
from marketplace.mail import owing, posting, sealed, sending
from marketplace.mail.routes import router as mail
from marketplace.notices import background
from marketplace.notices.routes import router as notices
from marketplace.notifications import listener as notifying
from marketplace.notifications import queries as inbox
from marketplace.notifications import stream
from marketplace.notifications.routes import router as notifications
from marketplace.ocds.routes import router as open_data
from marketplace.onboarding.routes import router as onboarding
from marketplace.people.routes import router as people
from marketplace.record.routes import router as record
from marketplace.reference import choosing, codes
from marketplace.saved import alerting
from marketplace.saved import queries as kept
from marketplace.saved.feeds import router as feeds
from marketplace.saved.routes import router as saved
from marketplace.settings import Settings, read
from marketplace.shortlists.routes import router as shortlists
from marketplace.standards.matrix_routes import router as matrix
from marketplace.standards.routes import router as standards
from marketplace.tenders.routes import router as tenders
from marketplace.uploads import background as uploads
from marketplace.uploads.routes import router as uploaded
from marketplace.verbs import Verb
from search.fallback import WithFallback, engines
from search.port import Index

log = structlog.get_logger()

SLACK = 1_000_000  # bytes of a form around its file
# An address is looked for in one after the other, so what is asked for most comes first.
ROUTERS = (
    challenge_pages,
    comparing,  # its address would be taken for that of a product
    catalogue,
    tenders,
    bids,
    opening,
    evaluation,
    award_pages,
    contract_pages,
    record,
    clarifications,
    claim_pages,
    discovery,
    shortlists,
    directory,
    matrix,  # before what would take it for the name of a standard
    standards,
    notices,
    home,
    notifications,
    saved,
    feeds,
    calendars,
    open_data,
    mail,
    people,
    onboarding,
    accounts,
    my_data,
    uploaded,
    admin,
    calculator,
    audit,
)


@dataclass(frozen=True, slots=True)
class Marketplace:
    """The parts of a running marketplace, for the web application and the command line alike."""

    settings: Settings
    engine: Engine
    index: Index
    files: ObjectStore

    def context(self, session: Session, actor: Actor = CLOCK) -> Context:
        return Context(session, actor, now(), self.settings)

    def close(self) -> None:
        self.index.close()
        self.engine.dispose()


def assemble(settings: Settings) -> Marketplace:
    """Opens the database, the index and the file store, and lets the listeners hear of every
    change.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    made = Marketplace(
        settings=settings,
        engine=db.engine(settings.database),
        index=_index(settings),
        files=files.connect(settings.files),
    )
    outbox.register(*listeners(made))
    return made


def _index(settings: Settings) -> Index:
    """The embedded engine, behind a Meilisearch server where there is one."""
    from search.embedded import EmbeddedIndex  # here, because only a process that searches needs it
    from search.vectors import WordLlama

    embed = WordLlama()
    embedded = EmbeddedIndex(settings.index, embed)
    if not settings.meili_url:
        return embedded
    from search.meili.engine import MeilisearchIndex
    from search.meili.server import Server

    server = Server(settings.meili_url, settings.meili_api_key)
    meilisearch = MeilisearchIndex(server, embedded.lexicon, embed)

    def tell(why: str) -> None:
        log.warning("search.basic", why=why)

    return WithFallback(meilisearch, embedded, tell=tell)


def listeners(marketplace: Marketplace) -> list[outbox.Listener]:
    return [
        *map(indexing.listener, engines(marketplace.index)),
        background.listener(marketplace.engine, marketplace.files, marketplace.context),
        alerting.listener(marketplace.context),
        notifying.listener(),
        letters.listener(marketplace.context),
        forgetting.listener(),
    ]


def clock(marketplace: Marketplace) -> list[Callable[[], object]]:
    """What happens because of the time alone: each job in a transaction of its own."""

    def job(work: Callable[[Context], object]) -> None:
        with db.writing(marketplace.engine) as session:
            work(marketplace.context(session))
            session.commit()

    def learn() -> None:
        with db.reading(marketplace.engine) as session:
            codes.refresh(session)

    return [
        outbox.seldom(learn, every=timedelta(minutes=1)),
        partial(job, challenges.close_what_is_over),
        partial(job, claims.keep_time),
        outbox.seldom(partial(job, awards.remind), every=timedelta(hours=1)),
        outbox.seldom(partial(job, contracts.remind), every=timedelta(hours=1)),
        partial(owing.owe, marketplace.engine, marketplace.context),
        outbox.seldom(partial(job, erasing.forget), every=timedelta(hours=1)),
        partial(sealing.seal, marketplace.engine),
    ]


def post(marketplace: Marketplace) -> Callable[[], int]:
    """Sends the mail that is due, the way that the settings choose."""
    sender = sending.chosen(marketplace.settings)
    parts = (marketplace.engine, marketplace.context, sender)
    return lambda: posting.post(*parts) + sealed.post(*parts)


def beside(marketplace: Marketplace) -> Mapping[str, Callable[[], object]]:
    """What takes its time or waits for another server, each in a thread of its own."""
    check = partial(checking.check_when_due, marketplace.engine)
    works: dict[str, Callable[[], object]] = {
        "mail": post(marketplace),
        "audit": outbox.seldom(check, every=timedelta(minutes=5)),
    }
    if url := marketplace.settings.clamd_url:
        parts = (marketplace.engine, marketplace.files, marketplace.context)
        works["scanner"] = partial(uploads.scan, *parts, scanning.Clamd(url))
    return works


class Application(FastAPI):
    """Holds every route itself, by name too.

    A router included in another is looked through again for each address to match and for each
    link to draw, which took a quarter of a page's time.
    """

    named: Mapping[tuple[str, frozenset[str]], Route]  # by what is filled in, too

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        return self.named[name, frozenset(path_params)].url_path_for(name, **path_params)


def build(marketplace: Marketplace) -> FastAPI:
    """The web application over these parts."""
    settings = marketplace.settings
    app = Application(
        title="LOTI Marketplace",
        openapi_url=None,
        lifespan=_lifespan,
        default_response_class=PlainTextResponse,
    )
    app.state.marketplace = marketplace
    app.state.settings, app.state.engine = settings, marketplace.engine
    app.state.index, app.state.files = marketplace.index, marketplace.files
    app.state.codes = choosing.Codes(settings.data_dir)
    app.state.courier = outbox.Courier(
        marketplace.engine, clock(marketplace), beside=beside(marketplace)
    )
    app.state.who = seam.who
    app.state.throttle = Throttle(settings.limits_url)
    app.state.assets = Assets(settings.assets_dir)

    app.add_route("/assets/{name:path}", app.state.assets.serve, name="assets")
    for router in (*ROUTERS, demo.router) if settings.demo else ROUTERS:
        app.router.routes.extend(router.routes)
    app.named = {
        (route.name, frozenset(route.param_convertors)): route
        for route in app.router.routes
        if isinstance(route, Route)
    }
    for kind, answer in ANSWERS.items():
        app.add_exception_handler(kind, answer)

    # The last one added is the outermost.
    app.add_middleware(
        BodyLimit, most=settings.file_limit + SLACK, more={"/notices/import": settings.import_limit}
    )
    app.add_middleware(
        SessionMiddleware,
        secret_key=settings.secret_key,
        session_cookie="__Host-page" if settings.secure else "page",
        https_only=settings.secure,
    )
    app.add_middleware(
        OriginCheck,
        # A mail program and Notify bring a token of ours instead.
        scriptable=["/unsubscribe/", "/mail/notify", *(["/demo/sign-in"] if settings.demo else [])],
    )
    app.add_middleware(Surroundings, secure=settings.secure, broken=broken)
    return app


def create() -> FastAPI:
    """The application of this process, from the environment: for uvicorn and its workers."""
    settings = read()
    logs.set_up(as_json=settings.log_json)
    return build(assemble(settings))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    to_thread.current_default_thread_limiter().total_tokens = db.SESSIONS
    gc.collect()
    gc.freeze()  # what is loaded by now stays, and need not be looked through again and again
    app.state.courier.start()
    with stopping.listening():
        yield
    gc.unfreeze()
    app.state.courier.stop()
    app.state.codes.close()
    app.state.marketplace.close()


def _surroundings(request: Request) -> Mapping[str, Any]:
    """What every page knows besides its own: who asks, what they may do, where they can go."""
    who, at = _asking(request), now()

    def may(verb: str, what: Any) -> bool:
        return why_not(verb, what) is None

    def why_not(verb: str, what: Any) -> str | None:
        workflow = getattr(what, "workflow", None)
        return policy.refusal(who, Verb(verb), what) or (
            workflow.refusal(verb, what, at) if workflow else None
        )

    @cache
    def unread() -> str:
        """Such as "3 unread", asked for only where a whole page is drawn."""
        session = getattr(request.state, "session", None)
        return stream.says(inbox.unread(session, who)) if session else ""

    def watches(id: UUID) -> bool:
        """Whether the reader watches this thing, asked for only where a page shows it."""
        session = getattr(request.state, "session", None)
        return bool(session and who.known and kept.watch(session, who, id))

    return {
        "actor": who,
        "watches": watches,
        "may": may,
        "why_not": why_not,
        "now": at,
        "asset": request.app.state.assets.address,
        "demo": request.app.state.settings.demo,
        "navigation": navigation.areas(who, request.url.path),
        "footer": navigation.FOOTER,
        "unread": unread,
        "back": partial(pages.back, request),
    }


pages.always.append(_surroundings)


def _asking(request: Request) -> Actor:
    """Who asks; where no route found out, because there is none, it is looked up for the page."""
    known: Actor | None = getattr(request.state, "actor", None)
    if known:
        return known
    try:
        with db.reading(request.app.state.engine) as session:
            found: Actor = request.app.state.who(request, session)
            return found
    except SQLAlchemyError:
        return VISITOR
