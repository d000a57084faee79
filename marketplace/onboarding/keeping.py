"""How a browser keeps a supplier's facts right: the supplier its own part, LOTI the rest."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from auth.actor import Kind
from marketplace.core.context import Context, Opening
from marketplace.core.drafts import Section
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, show, typed
from marketplace.core.pages import flash, go, page
from marketplace.onboarding import actions, drafts, queries
from marketplace.onboarding.drafts import DESCRIBED
from marketplace.onboarding.forms import Corrected, Correcting, labels
from marketplace.organisations.models import Organisation
from marketplace.people.own import elsewhere
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)


# ---- The supplier itself


@router.get("/organisation/facts", name="facts")
def facts(request: Request, ctx: Context) -> Response:
    if away := elsewhere(request, ctx):
        return away
    organisation = queries.own_organisation(ctx)
    known = actions.facts_of(ctx, organisation)
    answers = drafts.described(organisation, known)
    return page(
        request,
        "onboarding/facts.html",
        organisation=organisation,
        facts=known,
        others=[one.text for one in queries.identifiers(ctx, organisation)],
        sections=[(one, drafts.read(one, answers)) for one in DESCRIBED.values()],
        corrections=queries.corrections(ctx, organisation),
        contact=ctx.settings.contact,
    )


async def _section(request: Request, section: str) -> Section:
    if section not in DESCRIBED:
        raise NotFound("There is no such part of what we hold about a supplier.")
    return DESCRIBED[section]


OneSection = Annotated[Section, Depends(_section)]


async def _sent(request: Request, section: OneSection) -> dict[str, Any]:
    return typed(section.form, await request.form())


Sent = Annotated[dict[str, Any], Depends(_sent)]


@router.get("/organisation/facts/{section}", name=Verb.ORGANISATION_DESCRIBE)
def section(request: Request, ctx: Context, section: OneSection) -> Response:
    organisation = queries.own_organisation(ctx)
    known = drafts.described(organisation, actions.facts_of(ctx, organisation))
    return _describing(request, ctx, organisation, section, section.unjudged(known))


@router.post("/organisation/facts/{section}", name=Verb.ORGANISATION_DESCRIBE)
def describe(request: Request, ctx: Context, section: OneSection, sent: Sent) -> Response:
    organisation = queries.own_organisation(ctx)
    form = actions.describe(ctx, organisation, section, sent)
    if form.errors:
        return _describing(request, ctx, organisation, section, form)
    flash(request, "Saved.")
    return go(request, "facts")


def _describing(
    request: Request,
    ctx: Context,
    organisation: Organisation,
    section: Section,
    form: BoundForm[Any],
) -> Response:
    require(ctx, Verb.ORGANISATION_DESCRIBE, organisation)
    return page(
        request,
        "onboarding/describe.html",
        organisation=organisation,
        section=section,
        form=form,
        labels=labels(section.form),
    )


# ---- LOTI


@router.get("/admin/facts", name="facts.unchecked")
def unchecked(request: Request, ctx: Context) -> Response:
    """What suppliers typed by hand and nobody has looked up yet."""
    _loti(ctx)
    return page(request, "onboarding/unchecked.html", suppliers=queries.to_check(ctx))


@router.get("/admin/organisations/{id}/facts", name=Verb.ORGANISATION_CORRECT)
def one(request: Request, ctx: Context, id: UUID) -> Response:
    _loti(ctx)
    organisation = queries.supplier(ctx, id)
    known = actions.facts_of(ctx, organisation)
    others = [one.text for one in queries.identifiers(ctx, organisation)]
    form = show(Correcting, actions.confirmed(organisation, known, others))
    return _correcting(request, ctx, organisation, form)


@router.post("/admin/organisations/{id}/facts", name=Verb.ORGANISATION_CORRECT)
def correct(request: Request, ctx: Context, id: UUID, form: Corrected) -> Response:
    _loti(ctx)
    organisation = queries.supplier(ctx, id)
    require(ctx, Verb.ORGANISATION_CORRECT, organisation)
    if form.value is None:
        return _correcting(request, ctx, organisation, form)
    try:
        done = actions.correct(ctx, organisation, form.value)
    except actions.Taken as why:
        return _correcting(request, ctx, organisation, form, why)
    if not done:
        nothing = form.refused("checked", "Change something, or say that you have looked it up")
        return _correcting(request, ctx, organisation, nothing)
    flash(request, f"The facts of {organisation.name} are corrected.")
    return go(request, Verb.ORGANISATION_CORRECT, id=id)


def _correcting(
    request: Request,
    ctx: Context,
    organisation: Organisation,
    form: BoundForm[Correcting],
    taken: actions.Taken | None = None,
) -> Response:
    facts = actions.facts_of(ctx, organisation)
    return page(
        request,
        "onboarding/correct.html",
        status=409 if taken else 200,
        organisation=organisation,
        facts=facts,
        form=form,
        taken=taken,
        rows=[
            row
            for one in DESCRIBED.values()
            for row in drafts.read(one, drafts.described(organisation, facts))
        ],
        others=[one.text for one in queries.identifiers(ctx, organisation)],
        signatures=queries.signatures(ctx, organisation),
        corrections=queries.corrections(ctx, organisation),
    )


def _loti(ctx: Context) -> None:
    if ctx.actor.kind is not Kind.LOTI:
        raise NotFound("There is no such page.")
