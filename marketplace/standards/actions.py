"""What LOTI's curators can do with standards."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from marketplace.core.context import Context
from marketplace.core.drafts import Opened, Overtaken, Section
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm, show
from marketplace.perform import lock, perform, permit, require
from marketplace.standards import drafts, queries
from marketplace.standards.forms import Drafting, Withdrawing
from marketplace.standards.models import Requirement, Stage, Standard, StandardVersion
from marketplace.verbs import Verb

TAKEN = "Another standard has this short name"


def draft(ctx: Context, form: Drafting) -> StandardVersion:
    """Begins a standard with a draft of its first version. Raises Conflict for a name that is
    taken.
    """
    standard = Standard(**form.model_dump(), created_at=ctx.now)
    begun = StandardVersion(
        standard_id=standard.id,
        standard=standard,
        typed=dict(show(Drafting, form.model_dump()).submitted),
        created_at=ctx.now,
    )
    _add(ctx, begun, TAKEN)
    return begun


def draft_next(ctx: Context, standard: Standard) -> StandardVersion:
    """Begins the next version with what the last one says."""
    require(ctx, Verb.STANDARD_DRAFT, StandardVersion(standard_id=standard.id))
    lock(ctx, standard)
    last = next(
        (one for one in queries.versions(ctx, standard.id) if one.stage != Stage.DRAFT), None
    )
    if last is None:
        raise Conflict("Its first version is a draft still. Continue that draft.")
    begun = StandardVersion(
        standard_id=standard.id,
        standard=standard,
        number=queries.last_number(ctx, standard) + 1,
        typed=drafts.copied(last, queries.requirements(ctx, last)),
        created_at=ctx.now,
    )
    _add(ctx, begun, "Somebody has begun the next version already. Continue that draft")
    return begun


def _add(ctx: Context, begun: StandardVersion, otherwise: str) -> None:
    try:
        with ctx.session.begin_nested():
            ctx.session.add(begun.standard)
            perform(
                ctx,
                Verb.STANDARD_DRAFT,
                begun,
                about=begun.standard,
                number=begun.number,
                key=begun.standard.key,
            )
            ctx.session.flush()
    except IntegrityError:
        raise Conflict(f"{otherwise}.") from None


def edit(
    ctx: Context,
    version: StandardVersion,
    section: Section,
    typed: Mapping[str, Any],
    opened: Opened | None = None,
) -> BoundForm[Any]:
    """Keeps what was typed into a section, right or wrong; what was there already does nothing.

    Raises Overtaken, and keeps nothing, when a colleague saved the section after it was `opened`.
    """
    permit(ctx, Verb.STANDARD_EDIT, version)
    given = drafts.answers(version, _market(ctx, section))
    form = _free(ctx, version, section.judge({**given, **typed}))
    if all(given.get(name) == value for name, value in typed.items()):
        return form
    saved = queries.last_edit(ctx, version, section.slug)
    if opened and saved and not opened.knows(saved):
        raise Overtaken(saved)
    page = opened.page if opened else ""
    perform(
        ctx,
        Verb.STANDARD_EDIT,
        version,
        about=version.standard,
        section=section.slug,
        page=page,
        number=version.number,
    )
    version.typed = {**version.typed, **typed}
    if section.slug == "about" and version.number == 1 and form.value is not None:
        _name(ctx, version.standard, form.value.model_dump())
    return form


def _market(ctx: Context, section: Section) -> list[str]:
    """The names of what is listed, for the one section that must not name any of it."""
    return [one.name for one in queries.offers(ctx)] if section.slug == "clause" else []


def _free(ctx: Context, version: StandardVersion, form: BoundForm[Any]) -> BoundForm[Any]:
    """The form, refused where only the database can tell that it is wrong."""
    key = getattr(form.value, "key", None)
    if key and queries.taken(ctx, key, besides=version.standard_id):
        return form.refused("key", TAKEN)
    return form


def _name(ctx: Context, standard: Standard, named: Mapping[str, Any]) -> None:
    standard.sqlmodel_update(dict(named))
    ctx.session.add(standard)


def discard(ctx: Context, version: StandardVersion) -> None:
    """Deletes a draft, and with the first version the standard. The journal keeps that it was."""
    standard = version.standard
    perform(
        ctx,
        Verb.STANDARD_DISCARD,
        version,
        about=standard,
        number=version.number,
        title=version.called,
    )
    ctx.session.delete(version)
    if version.number == 1:
        ctx.session.flush()
        ctx.session.delete(standard)


def publish(ctx: Context, version: StandardVersion) -> None:
    """Lets a draft be what counts; the version before it is superseded at the same moment."""
    standard = version.standard
    lock(ctx, standard)  # two curators, one at a time
    permit(ctx, Verb.STANDARD_PUBLISH, version)
    given = drafts.answers(version, [one.name for one in queries.offers(ctx)])
    if missing := drafts.incomplete(version, given):
        tasks = "; ".join(one.task[:1].lower() + one.task[1:] for one in missing)
        raise Conflict(f"You cannot publish this yet. First {tasks}.")
    if version.number == 1 and queries.taken(ctx, given["key"].upper(), besides=standard.id):
        raise Conflict(f"{TAKEN}. Change it first.")
    before = queries.published(ctx, standard.id)
    if before:
        perform(ctx, Verb.STANDARD_SUPERSEDE, before, about=standard, number=before.number)
        before.ended_at = ctx.now
        ctx.session.flush()  # there is never more than one that counts
    told = {"number": version.number, "what_changed": given.get("what_changed", "")}
    perform(ctx, Verb.STANDARD_PUBLISH, version, about=standard, **told)
    _say(ctx, version, given)


def _say(ctx: Context, version: StandardVersion, given: Mapping[str, Any]) -> None:
    """Makes what was typed what the version says."""
    for section in drafts.sections(version).values():
        said = drafts.values(section, given)
        if section.slug == "about":
            _name(ctx, version.standard, said)
        elif section.slug == "requirements":
            ctx.session.add_all(
                Requirement(version_id=version.id, position=at, created_at=ctx.now, **one)
                for at, one in enumerate(said["requirements"], 1)
            )
        else:
            for name, value in said.items():
                setattr(version, name, value)
    version.typed = {}
    version.published_at = ctx.now


def withdraw(ctx: Context, version: StandardVersion, form: Withdrawing) -> None:
    """Ends a standard without another version in its place."""
    standard = version.standard
    lock(ctx, standard)
    perform(
        ctx,
        Verb.STANDARD_WITHDRAW,
        version,
        about=standard,
        number=version.number,
        because=form.because,
    )
    version.ended_at, version.because = ctx.now, form.because
