"""What can be done on the way in: registering a supplier, signing for it, and keeping it right."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from auth.actor import NOBODY, Kind, Role
from marketplace.accounts.models import SignIn
from marketplace.core import ids
from marketplace.core.context import Context
from marketplace.core.drafts import Opened, Overtaken, Section
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm
from marketplace.onboarding import agreement, companies_house, drafts, queries, size
from marketplace.onboarding.companies_house import Said
from marketplace.onboarding.drafts import Draft
from marketplace.onboarding.forms import Contacting, Correcting, Sizing, Trading
from marketplace.onboarding.models import (
    Checked,
    Identifier,
    Registration,
    Signature,
    SupplierFacts,
)
from marketplace.organisations import actions as organisations
from marketplace.organisations.addresses import Locating
from marketplace.organisations.models import Organisation
from marketplace.perform import perform, permit
from marketplace.verbs import Verb

LONGEST_SLUG = 60
COMPANY_NUMBER = "companies_house_number"
ATTEMPTS = 3  # at a slug that others take at the same moment


class Taken(Conflict):
    """A number is another organisation's already."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__(
            f"{organisation.name} is registered here already with one of these numbers."
        )
        self.organisation = organisation


# ---- Registering


def _as_oneself(ctx: Context) -> Context:
    """A person registers for themselves: the organisation that they happen to act for, and its
    journal, have nothing to do with it.
    """
    oneself = replace(
        ctx.actor,
        kind=Kind.PUBLIC,
        roles=frozenset(),
        organisation_id=NOBODY,
        organisation_name="",
        membership_id=NOBODY,
    )
    return replace(ctx, actor=oneself)


def draft(ctx: Context) -> Registration:
    """The registration that the person has under way; a new one when there is none."""
    if there := queries.registration(ctx):
        return there
    registration = Registration(person_id=ctx.actor.person_id, created_at=ctx.now)
    try:
        with ctx.session.begin_nested():
            perform(_as_oneself(ctx), Verb.REGISTRATION_DRAFT, registration)
            ctx.session.flush()
    except IntegrityError:  # begun twice at once
        return queries.draft(ctx)
    return registration


def read(ctx: Context, registration: Registration) -> Draft:
    """The draft with what stands in its way."""
    return _read(ctx, registration.answers, companies_house.recalled(registration.register_said))


def _read(ctx: Context, answers: Mapping[str, Any], said: Said | None) -> Draft:
    return Draft(answers, said, queries.taken(ctx, drafts.numbers(answers)))


def edit(
    ctx: Context,
    registration: Registration,
    slug: str,
    typed: Mapping[str, Any],
    opened: Opened | None = None,
    said: Said | None = None,
) -> BoundForm[Any]:
    """Keeps what was typed into a section, right or wrong, and what the register said of it; what
    was there already does nothing.

    Raises Overtaken, and keeps nothing, when the section was saved elsewhere after it was `opened`.
    """
    me = _as_oneself(ctx)
    permit(me, Verb.REGISTRATION_EDIT, registration)
    before = dict(registration.answers)
    after = {**before, **typed}
    if drafts.numbers(before).get(COMPANY_NUMBER) != drafts.numbers(after).get(COMPANY_NUMBER):
        after.pop("is_ours", None)  # it was said of another company
    known = said or companies_house.recalled(registration.register_said)
    section = _read(ctx, after, known).sections[slug]
    form = section.judge(after)
    if said is None and _given(before) == _given(after):
        return form
    saved = queries.last_edit(me, registration, slug)
    if opened and saved and not opened.knows(saved):
        raise Overtaken(saved)
    page = opened.page if opened else ""
    perform(me, Verb.REGISTRATION_EDIT, registration, section=slug, page=page)
    registration.answers = after
    if said:
        registration.register_said = said.kept()
    return form


def _given(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if value}


def discard(ctx: Context, registration: Registration) -> None:
    """Deletes what was typed; that there was a registration stays in the journal."""
    perform(_as_oneself(ctx), Verb.REGISTRATION_DISCARD, registration)
    registration.answers, registration.register_said = {}, {}


def confirm(ctx: Context, registration: Registration) -> Organisation:
    """Makes the supplier, with the person as its first administrator, and lets their session act
    for it. Raises Taken when another organisation has one of its numbers.
    """
    permit(_as_oneself(ctx), Verb.REGISTRATION_CONFIRM, registration)
    answered = read(ctx, registration)
    _free(answered.taken)
    if missing := answered.incomplete:
        tasks = "; ".join(section.task[:1].lower() + section.task[1:] for section in missing)
        raise Conflict(f"You cannot confirm this yet. First {tasks}.")
    organisation = _made(ctx, answered)
    roles = frozenset({Role.ADMINISTRATOR, Role.MANAGER})
    membership = organisations.join(ctx, registration.person, organisation, roles, ids.new())
    first = replace(
        ctx.actor,
        kind=Kind.SUPPLIER,
        roles=roles,
        organisation_id=organisation.id,
        organisation_name=organisation.called,
        membership_id=membership.id,
    )
    checked = drafts.how_checked(answered)
    perform(
        replace(ctx, actor=first),
        Verb.REGISTRATION_CONFIRM,
        registration,
        about=organisation,
        name=organisation.name,
        number=organisation.companies_house_number,
        checked=checked.label,
    )
    registration.organisation_id = organisation.id
    registration.answers = {}  # they are the organisation's now
    if signed_in := ctx.session.get(SignIn, ctx.actor.session_id):
        signed_in.membership_id = membership.id
        ctx.session.add(signed_in)
    return organisation


def _made(ctx: Context, answered: Draft) -> Organisation:
    """The organisation with its facts, whoever else makes one at the same moment."""
    numbers = drafts.numbers(answered.answers)
    for _ in range(ATTEMPTS):
        organisation, facts, listed = _rows(ctx, answered, numbers)
        try:
            with ctx.session.begin_nested():
                ctx.session.add_all([organisation, facts, *listed])
                ctx.session.flush()
        except IntegrityError:
            _free(queries.taken(ctx, numbers))
        else:
            return organisation
    raise Conflict("Somebody registers under this name at the same moment. Try again.")


def _free(taken: Mapping[str, Organisation]) -> None:
    for other in taken.values():
        raise Taken(other)


def _rows(
    ctx: Context, answered: Draft, numbers: Mapping[str, str]
) -> tuple[Organisation, SupplierFacts, list[Identifier]]:
    """The organisation, then what belongs to it."""
    given, found = answered.values, answered.found
    tests = {name: given[name].holds for name in size.TESTS}
    organisation = Organisation(
        kind=Kind.SUPPLIER,
        name=given["legal_name"],
        short_name=given["trading_name"],
        slug=_slug(ctx, given["trading_name"] or given["legal_name"]),
        description=given["description"],
        site=given["site"],
        regions=drafts.regions(given["regions"]),
        companies_house_number=numbers.get(COMPANY_NUMBER),
        ppon=numbers.get("ppon"),
        is_sme=size.is_sme(**tests),
        is_vcse=given["is_vcse"].holds,
        created_at=ctx.now,
    )
    contacts = {name: given[name] for name in Contacting.model_fields}
    facts = SupplierFacts(
        organisation_id=organisation.id,
        constitution=given["constitution"],
        legal_name=given["legal_name"],
        address=given["address"],
        company_status=found.status if found else "",
        vat_number=numbers.get("vat_number"),
        checked_how=drafts.how_checked(answered),
        checked_at=found.at if found else ctx.now,
        share_code=given["share_code"],
        share_code_on=given["share_code_on"],
        created_at=ctx.now,
        **tests,
        **contacts,
    )
    others = (numbers.get(name) for name in ("duns", "charity_number", "other_identifier"))
    listed = [
        Identifier(text=text, organisation_id=organisation.id, created_at=ctx.now)
        for text in others
        if text
    ]
    return organisation, facts, listed


def _slug(ctx: Context, name: str) -> str:
    """The name as an address has it; with a number behind it where others have the same."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "supplier"
    there = queries.slugs(ctx, slug)
    number = 1
    while (free := slug if number == 1 else f"{slug}-{number}") in there:
        number += 1
    return free


# ---- Signing


def sign(ctx: Context, organisation: Organisation, name: str, position: str) -> Signature:
    """Signs the version of the platform agreement that is in force, for a supplier."""
    version = agreement.IN_FORCE
    signature = Signature(
        version=version,
        signer=name,
        position=position,
        signed_at=ctx.now,
        person_id=ctx.actor.person_id,
        organisation_id=organisation.id,
        created_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            perform(
                ctx,
                Verb.AGREEMENT_SIGN,
                signature,
                about=organisation,
                version=version,
                sha256=agreement.digest(version),
            )
            ctx.session.flush()
    except IntegrityError:
        raise Conflict(
            f"{organisation.called} has signed version {version} of the agreement already."
        ) from None
    return signature


# ---- What stays right


def facts_of(ctx: Context, organisation: Organisation) -> SupplierFacts:
    """What a supplier confirmed; of one that was entered by others, what is known of it."""
    return queries.facts(ctx, organisation) or SupplierFacts(
        organisation_id=organisation.id,
        legal_name=organisation.name,
        checked_at=organisation.created_at,
        created_at=organisation.created_at,
    )


def describe(
    ctx: Context, organisation: Organisation, section: Section, typed: Mapping[str, Any]
) -> BoundForm[Any]:
    """Changes what a supplier may change about itself, when it is right."""
    permit(ctx, Verb.ORGANISATION_DESCRIBE, organisation)
    facts = facts_of(ctx, organisation)
    before = drafts.described(organisation, facts)
    form = section.judge({**before, **typed})
    if form.value is None or section.judge(before).value == form.value:
        return form
    perform(ctx, Verb.ORGANISATION_DESCRIBE, organisation, section=section.slug)
    match form.value:
        case Sizing():
            tests = drafts.tests(form.value)
            facts.sqlmodel_update(tests)
            organisation.is_sme = size.is_sme(**tests)
            organisation.is_vcse = form.value.is_vcse.holds
        case Trading():
            organisation.short_name = form.value.trading_name
        case Locating():
            organisation.sqlmodel_update(form.value.place.kept())
        case _:
            facts.sqlmodel_update(form.value.model_dump())
    ctx.session.add(facts)
    return form


def correct(ctx: Context, organisation: Organisation, form: Correcting) -> bool:
    """LOTI corrects what a supplier confirmed, or vouches for it; whether there was anything to do.

    Raises Taken when another organisation has one of the numbers.
    """
    permit(ctx, Verb.ORGANISATION_CORRECT, organisation)
    facts = facts_of(ctx, organisation)
    listed = queries.identifiers(ctx, organisation)
    was = confirmed(organisation, facts, [one.text for one in listed])
    now = form.model_dump(include=set(was))
    changed = {name: [was[name], now[name]] for name in was if was[name] != now[name]}
    if not changed and not form.checked:
        return False
    numbers = {name: now[name] for name in (COMPANY_NUMBER, "vat_number", "ppon") if now[name]}
    numbers |= {f"others {text}": text for text in now["others"]}
    _free(queries.taken(ctx, numbers, besides=organisation.id))
    try:
        with ctx.session.begin_nested():
            perform(
                ctx,
                Verb.ORGANISATION_CORRECT,
                organisation,
                changed=changed,
                checked=form.checked,
                because=form.reason,
            )
            organisation.name = facts.legal_name = form.legal_name
            organisation.companies_house_number = form.companies_house_number or None
            organisation.ppon = form.ppon or None
            facts.address, facts.vat_number = form.address, form.vat_number or None
            if form.checked:
                facts.checked_how, facts.checked_at = Checked.BY_LOTI, ctx.now
            ctx.session.add(facts)
            _list(ctx, organisation, listed, form.others)
            ctx.session.flush()
    except IntegrityError:
        raise Conflict("Another organisation has taken one of these numbers meanwhile.") from None
    return True


def _list(
    ctx: Context, organisation: Organisation, listed: Iterable[Identifier], texts: Collection[str]
) -> None:
    """Lets these be the organisation's other identifiers."""
    there = {one.text: one for one in listed}
    for text, one in there.items():
        if text not in texts:
            ctx.session.delete(one)
    ctx.session.add_all(
        Identifier(text=text, organisation_id=organisation.id, created_at=ctx.now)
        for text in texts
        if text not in there
    )


def confirmed(
    organisation: Organisation, facts: SupplierFacts, others: list[str]
) -> dict[str, Any]:
    """What a supplier cannot change by itself, as the form of LOTI has it."""
    return {
        "legal_name": facts.legal_name,
        "address": facts.address,
        "companies_house_number": organisation.companies_house_number or "",
        "vat_number": facts.vat_number or "",
        "ppon": organisation.ppon or "",
        "others": others,
    }
