"""How a browser drafts a challenge: section by section, saved as one goes, until it is sent."""

from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response, UploadFile

from marketplace.challenges import actions, drafts, queries, standards_queries
from marketplace.challenges.forms import Attaching, Drafted, Drafting, Part
from marketplace.challenges.models import Challenge
from marketplace.core.context import Context, Opening
from marketplace.core.drafts import Opened, Overtaken, Section
from marketplace.core.errors import NotFound
from marketplace.core.file_kinds import Refused
from marketplace.core.forms import BoundForm, bind, show, typed
from marketplace.core.listing import Alike
from marketplace.core.pages import flash, go, page, piece
from marketplace.core.times import clock
from marketplace.notices import queries as notices
from marketplace.perform import require
from marketplace.reference.attributes import Attribute
from marketplace.reference.choosing import Looking, Picker, looking, picker
from marketplace.verbs import Verb

router = APIRouter(prefix="/challenges", route_class=Opening)

LONGEST_SEARCH = 300  # characters of a title that similar challenges are looked for with
Back = Literal["check"]  # where "Change" was pressed, to go back there


# ---- Beginning


@router.get("/new", name="challenge.new")
def new(request: Request, ctx: Context, notice: UUID | None = None, title: str = "") -> Response:
    blank = Challenge(organisation_id=ctx.actor.organisation_id)
    require(ctx, Verb.CHALLENGE_DRAFT, blank)
    given = drafts.from_notice(notices.one(ctx, notice), ctx.now) if notice else {}
    known = {"title": title or given.get("title"), "notice_id": notice}
    return _beginning(request, ctx, show(Drafting, known))


@router.post("", name=Verb.CHALLENGE_DRAFT)
def draft(request: Request, ctx: Context, form: Drafted) -> Response:
    if form.value is None:
        return _beginning(request, ctx, form)
    id = form.value.notice_id
    notice = notices.one(ctx, id) if id else None
    return go(request, "challenge.edit", id=actions.draft(ctx, form.value.title, notice).id)


def _beginning(request: Request, ctx: Context, form: BoundForm[Drafting]) -> Response:
    id = form.submitted.get("notice_id")
    similar = _similar(request, ctx, form.submitted.get("title", ""))
    return page(
        request,
        "challenges/new.html",
        form=form,
        notice=notices.one(ctx, UUID(id)) if id and "notice_id" not in form.errors else None,
        similar=similar,
        announce=_found(len(similar.found)),
    )


def _similar(
    request: Request, ctx: Context, text: str, besides: UUID | None = None
) -> Alike[queries.Listed]:
    return queries.similar(ctx, request.app.state.index, text[:LONGEST_SEARCH], besides)


def _found(count: int) -> str:
    return f"{count} similar challenge{'' if count == 1 else 's'}" if count else ""


# ---- Section by section


@router.get("/{id}/edit", name="challenge.edit")
def tasks(request: Request, ctx: Context, id: UUID) -> Response:
    challenge = _draft(ctx, id)
    given = drafts.answers(challenge)
    groups = [
        (title, [(section, section.status(given)) for section in sections])
        for title, sections in drafts.GROUPS
    ]
    return page(
        request,
        "challenges/edit.html",
        challenge=challenge,
        groups=groups,
        documents=len(queries.attachments(ctx, challenge)),
        missing=drafts.incomplete(given),
        review=ctx.settings.review,
        about=drafts.PARTS.get(challenge.remark_about, ""),
        similar=_similar(request, ctx, challenge.called if given.get("title") else "", id),
    )


@router.get("/{id}/edit/documents", name="challenge.documents")
def documents(request: Request, ctx: Context, id: UUID) -> Response:
    return _documents(request, ctx, _draft(ctx, id), BoundForm(Attaching))


async def _section(request: Request, section: str) -> Section:
    if section not in drafts.SECTIONS:
        raise NotFound("There is no such part of a challenge.")
    return drafts.SECTIONS[section]


OneSection = Annotated[Section, Depends(_section)]


async def _sent(request: Request, section: OneSection) -> tuple[dict[str, Any], Opened]:
    """What was typed, and the page it was typed on."""
    data = await request.form()
    return typed(section.form, data), Opened.of(data)


Sent = Annotated[tuple[dict[str, Any], Opened], Depends(_sent)]


Look = Annotated[Looking, Depends(looking)]
NOT_LOOKING = Looking()
SAYING = ("title", "need", "outcomes", "today")  # the answers that tell what a challenge is about


@router.get("/{id}/edit/{section}", name="challenge.section")
def section(
    request: Request,
    ctx: Context,
    id: UUID,
    section: OneSection,
    look: Look,
    back: Back | None = None,
    title: str = "",
) -> Response:
    challenge = _draft(ctx, id)
    given = drafts.answers(challenge)
    form = section.unjudged({**given, "cpv": look.ticked} if look.asks else given)
    title = title or form.submitted.get("title", "")
    return _asked(request, ctx, challenge, section, form, back, title, look=look)


@router.post("/{id}/edit/{section}", name=Verb.CHALLENGE_EDIT)
def edit(
    request: Request,
    ctx: Context,
    id: UUID,
    section: OneSection,
    sent: Sent,
    look: Look,
    back: Back | None = None,
    autosave: bool = False,
) -> Response:
    challenge = queries.one(ctx, id)
    answers, opened = sent
    if look.asks:  # a code is looked for, and nothing is saved yet
        require(ctx, Verb.CHALLENGE_EDIT, challenge)
        form, title = BoundForm(section.form, answers), answers.get("title", "")
        named = opened.page
        return _asked(
            request, ctx, challenge, section, form, back, title, page_name=named, look=look
        )
    try:
        form = actions.edit(ctx, challenge, section, answers, opened)
    except Overtaken as why:
        if autosave:
            return piece("saved", f"Not saved. {why} Choose “Save and continue” to see both.")
        mine = BoundForm(section.form, answers)
        title = answers.get("title", "")
        return _asked(request, ctx, challenge, section, mine, back, title, overtaken=why, look=look)
    if autosave:
        return piece("saved", f"Saved automatically at {clock(ctx.now)}. Not sent yet.")
    if form.errors:
        title = answers.get("title", "")
        named = opened.page
        return _asked(
            request, ctx, challenge, section, form, back, title, page_name=named, look=look
        )
    return go(request, "challenge.check" if back else "challenge.edit", id=id)


def _asked(
    request: Request,
    ctx: Context,
    challenge: Challenge,
    section: Section,
    form: BoundForm[Any],
    back: Back | None,
    title: str,
    *,
    overtaken: Overtaken | None = None,
    page_name: str = "",
    look: Looking = NOT_LOOKING,
) -> Response:
    """The questions of a section; when a colleague was quicker, with what they saved beside."""
    saved = overtaken.saved if overtaken else queries.last_edit(ctx, challenge, section.slug)
    theirs = drafts.read(drafts.answers(challenge), section) if overtaken else []
    similar = _similar(request, ctx, title, challenge.id)
    return page(
        request,
        "challenges/section.html",
        status=409 if overtaken else 200,
        challenge=challenge,
        section=section,
        form=form,
        back=back,
        page_name=page_name or uuid4().hex,
        since=saved.id if saved else "",
        overtaken=overtaken,
        theirs=theirs,
        remark=challenge.remark if challenge.remark_about == section.slug else "",
        picker=_picker(request, challenge, form, look),
        standards=standards_queries.titles(ctx) if section.slug == Part.HANDLES else {},
        attributes=[(str(one), one.label[:1].upper() + one.label[1:]) for one in Attribute],
        similar=similar,
        announce=_found(len(similar.found)),
    )


def _picker(
    request: Request, challenge: Challenge, form: BoundForm[Any], look: Looking
) -> Picker | None:
    """The codes of a section that asks for some, with those that the draft's words suggest."""
    if "cpv" not in form.kind.model_fields:
        return None
    given = drafts.answers(challenge)
    text = "\n".join(str(given.get(name) or "") for name in SAYING)
    return picker(request.app.state.codes, form.submitted.get("cpv", ()), look, text)


def _draft(ctx: Context, id: UUID) -> Challenge:
    """A challenge that this actor may edit now."""
    challenge = queries.one(ctx, id)
    require(ctx, Verb.CHALLENGE_EDIT, challenge)
    return challenge


# ---- Documents


@router.post("/{id}/attachments", name=Verb.CHALLENGE_ATTACH)
def attach(request: Request, ctx: Context, id: UUID, file: UploadFile | None = None) -> Response:
    challenge = queries.one(ctx, id)
    require(ctx, Verb.CHALLENGE_ATTACH, challenge)  # before the page of a draft is drawn
    if file is None or not file.filename:
        return _documents(request, ctx, challenge, bind(Attaching, {}))
    try:
        actions.attach(ctx, challenge, request.app.state.files, file.file, file.filename)
    except Refused as why:
        return _documents(request, ctx, challenge, BoundForm(Attaching).refused("file", str(why)))
    return go(request, "challenge.documents", id=id)


@router.post("/{id}/attachments/{attachment_id}/remove", name=Verb.CHALLENGE_DETACH)
def detach(request: Request, ctx: Context, id: UUID, attachment_id: UUID) -> Response:
    challenge = queries.one(ctx, id)
    attachment = queries.attachment(ctx, id, attachment_id)
    actions.detach(ctx, challenge, request.app.state.files, attachment)
    return go(request, "challenge.documents", id=id)


def _documents(
    request: Request, ctx: Context, challenge: Challenge, form: BoundForm[Attaching]
) -> Response:
    return page(
        request,
        "challenges/documents.html",
        challenge=challenge,
        form=form,
        attachments=queries.attachments(ctx, challenge),
        remark=challenge.remark if challenge.remark_about == "documents" else "",
    )


# ---- Checking and sending


@router.get("/{id}/check", name="challenge.check")
def check(request: Request, ctx: Context, id: UUID) -> Response:
    challenge = _draft(ctx, id)
    given = drafts.answers(challenge)
    groups = [
        (title, [(section, drafts.read(given, section)) for section in sections])
        for title, sections in drafts.GROUPS
    ]
    return page(
        request,
        "challenges/check.html",
        challenge=challenge,
        groups=groups,
        attachments=queries.attachments(ctx, challenge),
        missing=drafts.incomplete(given),
        review=ctx.settings.review,
    )


@router.post("/{id}/submit", name=Verb.CHALLENGE_SUBMIT)
def submit(request: Request, ctx: Context, id: UUID) -> Response:
    challenge = queries.one(ctx, id)
    actions.submit(ctx, challenge)
    sent = "Sent to LOTI. You will find what they say here and on your home page."
    flash(request, "Published" if challenge.published_at else sent)
    return go(request, "challenge.show", id=id)


@router.get("/{id}/discard", name=Verb.CHALLENGE_DISCARD)
def ask_to_discard(request: Request, ctx: Context, id: UUID) -> Response:
    challenge = queries.one(ctx, id)
    require(ctx, Verb.CHALLENGE_DISCARD, challenge)
    return page(request, "challenges/discard.html", challenge=challenge)


@router.post("/{id}/discard", name=Verb.CHALLENGE_DISCARD)
def discard(request: Request, ctx: Context, id: UUID) -> Response:
    challenge = queries.one(ctx, id)
    actions.discard(ctx, challenge, request.app.state.files)
    flash(request, f"Deleted: {challenge.called}")
    return go(request, "home")
