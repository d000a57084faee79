"""How a browser registers a supplier: section by section, saved as one goes, until it confirms."""

from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from marketplace.core import db
from marketplace.core.context import Context, Opening
from marketplace.core.drafts import Opened, Overtaken, Section
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, typed
from marketplace.core.pages import flash, go, page, piece
from marketplace.core.times import clock, now
from marketplace.onboarding import actions, agreement, companies_house, drafts, queries
from marketplace.onboarding.companies_house import Outcome, Said
from marketplace.onboarding.drafts import COMPANY, NAME, PARTS, Draft
from marketplace.onboarding.forms import Registering, labels
from marketplace.onboarding.models import Constitution, Registration
from marketplace.people.own import to_sign_in
from marketplace.perform import require
from marketplace.settings import Settings
from marketplace.verbs import Verb

router = APIRouter(prefix="/register", route_class=Opening)

Back = Literal["check"]  # where "Change" was pressed, to go back there


@router.get("", name="register")
def register(request: Request, ctx: Context) -> Response:
    if not ctx.actor.known:
        return to_sign_in(request)
    registration = queries.registration(ctx)
    if registration is None:
        return page(request, "onboarding/begin.html", version=agreement.IN_FORCE)
    draft = actions.read(ctx, registration)
    groups = [
        (title, [(slug, PARTS[slug][0], draft.status(slug)) for slug in slugs])
        for title, slugs in drafts.GROUPS
    ]
    return page(
        request,
        "onboarding/tasks.html",
        registration=registration,
        draft=draft,
        groups=groups,
    )


@router.post("", name=Verb.REGISTRATION_DRAFT)
def begin(request: Request, ctx: Context) -> Response:
    actions.draft(ctx)
    return go(request, "register")


# ---- Checking and confirming


@router.get("/check", name="register.check")
def check(request: Request, ctx: Context) -> Response:
    return _checking(request, ctx, queries.draft(ctx))


def _checking(
    request: Request, ctx: Context, registration: Registration, taken: actions.Taken | None = None
) -> Response:
    draft = actions.read(ctx, registration)
    groups = [
        (title, [(slug, draft.read(slug)) for slug in slugs]) for title, slugs in drafts.GROUPS
    ]
    return page(
        request,
        "onboarding/check.html",
        status=409 if taken else 200,
        groups=groups,
        draft=draft,
        taken=taken,
        checked=drafts.how_checked(draft),
    )


@router.post("/confirm", name=Verb.REGISTRATION_CONFIRM)
def confirm(request: Request, ctx: Context) -> Response:
    registration = queries.draft(ctx)
    try:
        organisation = actions.confirm(ctx, registration)
    except actions.Taken as why:
        return _checking(request, ctx, registration, why)
    flash(request, f"{organisation.called} is registered. The agreement is left to sign.")
    return go(request, Verb.AGREEMENT_SIGN)


@router.get("/discard", name=Verb.REGISTRATION_DISCARD)
def ask_to_discard(request: Request, ctx: Context) -> Response:
    queries.draft(ctx)
    return page(request, "onboarding/discard.html")


@router.post("/discard", name=Verb.REGISTRATION_DISCARD)
def discard(request: Request, ctx: Context) -> Response:
    actions.discard(ctx, queries.draft(ctx))
    flash(request, "The registration is deleted.")
    return go(request, "register")


# ---- Section by section. What has a name of its own stands before it.


async def _slug(request: Request, section: str) -> str:
    if section not in PARTS:
        raise NotFound("There is no such part of a registration.")
    return section


Slug = Annotated[str, Depends(_slug)]


async def _sent(request: Request, slug: Slug) -> tuple[dict[str, Any], Opened]:
    """What was typed, whichever form the page had, and the page it was typed on."""
    data = await request.form()
    opened = Opened.of(data)
    given: dict[str, Any] = {}
    for form in PARTS[slug][1]:
        given |= typed(form, data)
    return given, opened


Sent = Annotated[tuple[dict[str, Any], Opened], Depends(_sent)]


def _said(request: Request, slug: Slug, sent: Sent, autosave: bool = False) -> Said | None:
    """What Companies House says of the number, where it can be asked and has not answered yet.

    It is asked before the transaction of the request begins: meanwhile nobody else could write.
    """
    settings: Settings = request.app.state.settings
    if slug != COMPANY or autosave or not settings.companies_house_key:
        return None
    form = Section(COMPANY, "", Registering).judge(sent[0]).value
    if form is None or form.constitution is not Constitution.COMPANY:
        return None
    number = form.companies_house_number
    with db.reading(request.app.state.engine) as session:
        actor = request.app.state.who(request, session)
        there = queries.registration(Context(session, actor, now(), settings))
        known = companies_house.recalled(there.register_said) if there else None
    if there is None or actor.seen_through:
        return None
    if known and known.number == number and known.outcome is Outcome.FOUND:
        return None
    if request.app.state.throttle.hit("company", str(actor.person_id)):
        return Said(number, now(), Outcome.BUSY)  # by hand then: nothing typed may be lost
    return companies_house.look_up(settings, number, now())


Answered = Annotated[Said | None, Depends(_said)]


@router.get("/{section}", name=Verb.REGISTRATION_EDIT)
def section(request: Request, ctx: Context, slug: Slug, back: Back | None = None) -> Response:
    registration = queries.draft(ctx)
    require(ctx, Verb.REGISTRATION_EDIT, registration)
    draft = actions.read(ctx, registration)
    if draft.status(slug) == drafts.WAITS:
        return go(request, "register")
    form = draft.sections[slug].unjudged(registration.answers)
    return _asked(request, ctx, registration, draft, slug, form, back)


@router.post("/{section}", name=Verb.REGISTRATION_EDIT)
def edit(
    request: Request,
    ctx: Context,
    slug: Slug,
    sent: Sent,
    said: Answered,
    back: Back | None = None,
    autosave: bool = False,
) -> Response:
    registration = queries.draft(ctx)
    answers, opened = sent
    before = drafts.numbers(registration.answers)
    try:
        form = actions.edit(ctx, registration, slug, answers, opened, said)
    except Overtaken as why:
        if autosave:
            return piece("saved", f"Not saved. {why} Choose “Save and continue” to see both.")
        draft = actions.read(ctx, registration)
        mine: BoundForm[Any] = BoundForm(draft.sections[slug].form, answers)
        return _asked(request, ctx, registration, draft, slug, mine, back, overtaken=why)
    if autosave:
        return piece("saved", f"Saved automatically at {clock(ctx.now)}. Not confirmed yet.")
    draft = actions.read(ctx, registration)
    if form.errors:
        name = opened.page
        return _asked(request, ctx, registration, draft, slug, form, back, page_name=name)
    if slug == COMPANY and (said or drafts.numbers(registration.answers) != before):
        to = str(request.app.url_path_for(Verb.REGISTRATION_EDIT, section=NAME))
        return RedirectResponse(to + ("?back=check" if back else ""), status_code=303)
    return go(request, "register.check" if back else "register")


def _asked(
    request: Request,
    ctx: Context,
    registration: Registration,
    draft: Draft,
    slug: str,
    form: BoundForm[Any],
    back: Back | None,
    *,
    overtaken: Overtaken | None = None,
    page_name: str = "",
) -> Response:
    """The questions of a section; when it was saved elsewhere meanwhile, with what was."""
    saved = overtaken.saved if overtaken else queries.last_edit(ctx, registration, slug)
    part = draft.sections[slug]
    names = part.form.model_fields
    return page(
        request,
        "onboarding/section.html",
        status=409 if overtaken else 200,
        section=part,
        form=form,
        labels=labels(part.form),
        back=back,
        draft=draft,
        found=draft.found if slug == NAME else None,
        standing=drafts.standing(draft.found) if draft.found else "",
        by_hand=slug == NAME and not draft.found and draft.said,
        doubt=draft.doubts.get(slug, ""),
        taken={name: one for name, one in draft.taken.items() if name in names},
        result=next((words for title, words in draft.read(slug) if title == "Your size"), ""),
        page_name=page_name or uuid4().hex,
        since=saved.id if saved else "",
        overtaken=overtaken,
        theirs=draft.read(slug) if overtaken else [],
    )
