"""What can be done with the content of a tender by the people of its authorities."""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from sqlmodel import SQLModel

from marketplace.awards.models import AwardStage
from marketplace.core import scanning
from marketplace.core.context import Context
from marketplace.core.drafts import Opened, Overtaken
from marketplace.core.errors import Conflict
from marketplace.core.files import ObjectStore
from marketplace.core.forms import BoundForm, Form, bind
from marketplace.perform import lock, perform, permit
from marketplace.standards.models import Obligation, StandardVersion
from marketplace.tenders import (
    drafts,
    forms,
    history_queries,
    outcome_queries,
    publishing,
    queries,
    versions,
    weighing,
)
from marketplace.tenders.drafts import Piece
from marketplace.tenders.forms import WEIGHT, Demanding, Dividend, Measuring
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import (
    Criterion,
    CriterionKind,
    Demand,
    Part,
    Party,
    Tender,
    TenderCheck,
    TenderDocument,
)
from marketplace.verbs import Verb

MOST_DOCUMENTS = 50
MOST_LOTS, MOST_CRITERIA = 100, 50


def _facts(part: Part, version: Any, **more: Any) -> dict[str, Any]:
    number = version.number if version else None
    return {"part": part.value, "version": number, **more}


# ---- Sections


def edit(
    ctx: Context,
    tender: Tender,
    section: Piece,
    typed: Mapping[str, Any],
    opened: Opened | None = None,
    *,
    automatic: bool = False,
) -> BoundForm[Any]:
    """Keeps what was typed into a section, right or wrong. What is right and saved by hand becomes
    a version of its part; what is saved automatically waits for that.

    Raises Overtaken, and keeps nothing, when a colleague saved the section after it was `opened`.
    """
    permit(ctx, Verb.TENDER_EDIT, tender)
    given = drafts.answers(tender)
    form = section.judge({**given, **typed})
    changed = drafts.said(section.judge(given).submitted) != drafts.said(form.submitted)
    if changed:
        saved = history_queries.last_edit(ctx, tender, section.slug)
        if opened and saved and not opened.knows(saved):
            raise Overtaken(saved)
        tender.typed = {**tender.typed, **form.submitted}
    kept = None
    if form.value is not None and not automatic:
        for name, value in form.value.columns().items():
            setattr(tender, name, value)
        kept = versions.keep(ctx, tender, section.part)
    if changed or kept:
        page = opened.page if opened else ""
        facts = _facts(section.part, kept) if kept else {}
        perform(ctx, Verb.TENDER_EDIT, tender, section=section.slug, page=page, **facts)
    return form


# ---- Lots


def inside(ctx: Context, tender: Tender, form: BoundForm[Dividend]) -> BoundForm[Dividend]:
    """A lot serves only authorities that take part; none of them leaves before it is kept."""
    lock(ctx, tender)
    if form.value and not set(tender.partners).issuperset(map(str, form.value.authorities)):
        return form.refused("authorities", "Choose among the authorities that take part")
    return form


def add_lot(ctx: Context, tender: Tender, form: Dividend) -> Lot:
    lock(ctx, tender)
    present = queries.lots(ctx, tender)
    if len(present) >= MOST_LOTS:
        raise Conflict(f"A tender can have {MOST_LOTS} lots. Remove one first.")
    lot = Lot(tender_id=tender.id, tender=tender, position=_next(present), title=form.title)
    _describe_lot(lot, form)
    _changed(ctx, Verb.LOT_ADD, tender, lot, Part.LOTS)
    return lot


def change_lot(ctx: Context, tender: Tender, lot: Lot, form: Dividend) -> None:
    lock(ctx, tender)
    permit(ctx, Verb.LOT_CHANGE, lot)
    _describe_lot(lot, form)
    _changed(ctx, Verb.LOT_CHANGE, tender, lot, Part.LOTS)


def remove_lot(ctx: Context, tender: Tender, lot: Lot) -> None:
    if any(one["id"] == str(lot.id) for one in published_lots(ctx, tender)):
        raise Conflict("This lot has been published, so it stays. You can end it, with a reason.")
    _removed(ctx, Verb.LOT_REMOVE, tender, lot, Part.LOTS)


def published_lots(ctx: Context, tender: Tender) -> Sequence[Mapping[str, Any]]:
    """The lots as everybody sees them."""
    latest = queries.publications(ctx, tender)
    return latest[0].content[Part.LOTS]["lots"] if latest else ()


def end_lot(ctx: Context, tender: Tender, lot: Lot, because: str) -> None:
    """One lot of a published tender ends, and the others go on. Everybody sees it at once."""
    lock(ctx, tender)
    nothing_decided(ctx, tender, lot)
    perform(ctx, Verb.LOT_END, lot, about=tender, title=lot.title, because=because)
    lot.ended_at, lot.because = ctx.now, because
    publishing.publish_ended(ctx, lot)
    versions.keep(ctx, tender, Part.LOTS)


def nothing_decided(ctx: Context, tender: Tender, lot: Lot) -> None:
    """Raises Conflict once there is an award of a lot, or nothing is awarded of it."""
    decided = outcome_queries.awards(ctx, tender)
    one = next((award for award in decided if award.lot_id == lot.id), None)
    if one and one.stage is AwardStage.ENDED:
        raise Conflict("Nothing is awarded of this lot, so it is over already.")
    if one:
        raise Conflict(
            f"This lot has an award ({one.stage.label.lower()}). Set that aside first, and then "
            "end the lot or award nothing of it."
        )


def _describe_lot(lot: Lot, form: Dividend) -> None:
    lot.title, lot.description = form.title, form.description
    lot.authorities = sorted(map(str, form.authorities))
    lot.value, lot.vat_rate = form.value, form.vat_rate


# ---- Criteria


def local(ctx: Context, tender: Tender, form: BoundForm[Measuring]) -> BoundForm[Measuring]:
    """A criterion is local to an authority that takes part, and prices are shared."""
    lock(ctx, tender)
    given = form.value and form.value.organisation_id
    if not given:
        return form
    if str(given) not in tender.partners:
        return form.refused("organisation_id", "Choose among the authorities that take part")
    if form.value and form.value.kind is CriterionKind.PRICE:
        return form.refused("organisation_id", "Prices are judged for all authorities alike")
    return form


def add_criterion(ctx: Context, tender: Tender, form: Measuring) -> Criterion:
    lock(ctx, tender)
    present = queries.criteria(ctx, tender)
    if len(present) >= MOST_CRITERIA:
        raise Conflict(f"A tender can have {MOST_CRITERIA} criteria. Remove one first.")
    made = Criterion(tender_id=tender.id, tender=tender, position=_next(present), title=form.title)
    made.sqlmodel_update(form.model_dump())
    _changed(ctx, Verb.CRITERION_ADD, tender, made, Part.CRITERIA)
    return made


def change_criterion(ctx: Context, tender: Tender, criterion: Criterion, form: Measuring) -> None:
    lock(ctx, tender)
    permit(ctx, Verb.CRITERION_CHANGE, criterion)
    criterion.sqlmodel_update(form.model_dump())
    _changed(ctx, Verb.CRITERION_CHANGE, tender, criterion, Part.CRITERIA)


def remove_criterion(ctx: Context, tender: Tender, criterion: Criterion) -> None:
    _removed(ctx, Verb.CRITERION_REMOVE, tender, criterion, Part.CRITERIA)


def weigh(ctx: Context, tender: Tender, typed: Mapping[str, str]) -> BoundForm[Form]:
    """Gives every criterion its weight, when together they are what `weighing` asks for."""
    permit(ctx, Verb.TENDER_WEIGH, tender)
    criteria = queries.criteria(ctx, tender)
    form = bind(forms.weighing(criteria), typed)
    if form.value is None:
        return form
    weights = {one.id: getattr(form.value, f"{WEIGHT}{one.id.hex}") for one in criteria}
    pairs = [(weights[one.id], str(one.organisation_id or "")) for one in criteria]
    if why := weighing.wrong(pairs, queries.names(ctx, tender)):
        for name in form.kind.model_fields:
            form = form.refused(name, why)
        return form
    for one in criteria:
        one.weight = weights[one.id]
    if kept := versions.keep(ctx, tender, Part.CRITERIA):
        perform(ctx, Verb.TENDER_WEIGH, tender, **_facts(Part.CRITERIA, kept))
    return form


# ---- Standards


def demand(
    ctx: Context,
    tender: Tender,
    version: StandardVersion,
    obligation: Obligation,
    form: Demanding,
) -> None:
    """Asks for a standard that applies, or says why not."""
    permit(ctx, Verb.TENDER_DEMAND, tender)
    known = {one.version_id: one for one in queries.demands(ctx, tender)}
    _decide(ctx, tender, version, obligation, form, known.get(version.id))
    _decided(ctx, tender, version.standard.title)


def demand_all(
    ctx: Context, tender: Tender, applicable: Sequence[tuple[StandardVersion, Obligation]]
) -> int:
    """Asks for every mandatory standard that nothing was decided of yet; how many there were."""
    permit(ctx, Verb.TENDER_DEMAND, tender)
    known = {one.version_id for one in queries.demands(ctx, tender)}
    asked = [
        (version, binds)
        for version, binds in applicable
        if binds is Obligation.MANDATORY and version.id not in known
    ]
    for version, binds in asked:
        _decide(ctx, tender, version, binds, Demanding(included=True, because=""))
    _decided(ctx, tender, ", ".join(version.standard.title for version, _ in asked))
    return len(asked)


def _decide(
    ctx: Context,
    tender: Tender,
    version: StandardVersion,
    obligation: Obligation,
    form: Demanding,
    known: Demand | None = None,
) -> None:
    made = known or Demand(
        tender_id=tender.id,
        version_id=version.id,
        version=version,
        obligation=obligation,
        included=form.included,
    )
    made.obligation, made.included = obligation, form.included
    made.because = "" if form.included else form.because
    made.clause = equivalent(version) if form.included else ""
    ctx.session.add(made)


def _decided(ctx: Context, tender: Tender, standard: str) -> None:
    if kept := versions.keep(ctx, tender, Part.SPECIFICATION):
        facts = _facts(Part.SPECIFICATION, kept)
        perform(ctx, Verb.TENDER_DEMAND, tender, standard=standard, **facts)


def equivalent(version: StandardVersion) -> str:
    """The words that ask for a standard; what is equivalent is accepted always: section 56."""
    words = version.clause or f"The solution meets {version.standard.title} {version.label}."
    if "equivalent" in words.casefold():
        return words
    return f"{words.rstrip()} An equivalent is accepted."


# ---- The law's checklist


def record(ctx: Context, tender: Tender, key: str, note: str, party: Party | None = None) -> None:
    """Says how a duty of the checklist was met."""
    permit(ctx, Verb.TENDER_RECORD, tender)
    of_id = party.id if party else tender.id
    known = queries.checks(ctx, tender).get((of_id, key))
    check = known or TenderCheck(key=key, of_id=of_id, note=note, by="", tender_id=tender.id)
    check.note, check.by = note, f"{ctx.actor.name}, {ctx.actor.organisation_name}"
    perform(ctx, Verb.TENDER_RECORD, tender, duty=key)
    ctx.session.add(check)


# ---- Documents


def attach(
    ctx: Context, tender: Tender, store: ObjectStore, upload: IO[bytes], name: str
) -> TenderDocument:
    """Keeps a document with the tender. Raises files.Refused for one that is not taken."""
    permit(ctx, Verb.TENDER_ATTACH, tender)
    if len(queries.documents(ctx, tender)) >= MOST_DOCUMENTS:
        raise Conflict(f"A tender can have {MOST_DOCUMENTS} documents. Remove one first.")
    stored = scanning.save(ctx, store, upload, name)
    made = TenderDocument(**stored.columns, tender_id=tender.id, created_at=ctx.now)
    ctx.session.add(made)
    kept = versions.keep(ctx, tender, Part.TERMS)
    perform(ctx, Verb.TENDER_ATTACH, tender, name=stored.name, **_facts(Part.TERMS, kept))
    return made


def detach(ctx: Context, tender: Tender, store: ObjectStore, document: TenderDocument) -> None:
    """Takes a document out. One that was published stays with what was published."""
    permit(ctx, Verb.TENDER_DETACH, tender)
    if document.published_at:
        raise Conflict(
            "This document has been published, so it stays. Add a new one beside it, and say in "
            "the amendment which one counts."
        )
    ctx.session.delete(document)
    kept = versions.keep(ctx, tender, Part.TERMS)
    perform(ctx, Verb.TENDER_DETACH, tender, name=document.name, **_facts(Part.TERMS, kept))
    scanning.remove_once_committed(ctx.session, store, [document.key])


# ---- What lists have in common


def _next(present: Sequence[Any]) -> int:
    return max((one.position for one in present), default=0) + 1


def _changed(ctx: Context, verb: Verb, tender: Tender, what: Any, part: Part) -> None:
    """The thing changed, and with it the part that it belongs to."""
    may_be_changed(ctx, tender)
    permit(ctx, verb, what)
    ctx.session.add(what)
    kept = versions.keep(ctx, tender, part)
    perform(ctx, verb, what, about=tender, title=what.title, **_facts(part, kept))


def _removed(ctx: Context, verb: Verb, tender: Tender, what: SQLModel, part: Part) -> None:
    lock(ctx, tender)
    may_be_changed(ctx, tender)
    one: Any = what
    perform(ctx, verb, one, about=tender, title=one.title, part=part.value)
    ctx.session.delete(one)
    versions.keep(ctx, tender, part)


def may_be_changed(ctx: Context, tender: Tender) -> None:
    """Raises Conflict when the stage of the tender forbids to change what belongs to it."""
    tender.workflow.transition(Verb.TENDER_EDIT, tender, ctx.now)
