"""The sections of a registration, what stands in the way of each, and what all of them come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

from marketplace.core.drafts import Answers, Section
from marketplace.core.forms import BoundForm, Form, show
from marketplace.core.times import day
from marketplace.onboarding import identifiers, size
from marketplace.onboarding.companies_house import SOUND, STATUSES, Outcome, Said
from marketplace.onboarding.forms import (
    Confirming,
    Contacting,
    Describing,
    Identifying,
    Naming,
    Registering,
    Sharing,
    Sizing,
    Trading,
    YesNo,
    asked,
)
from marketplace.onboarding.identifiers import CharityRegister
from marketplace.onboarding.models import Checked, Constitution, SupplierFacts
from marketplace.organisations.addresses import Locating
from marketplace.organisations.models import Organisation
from marketplace.reference import countries
from marketplace.reference.regions import Region

WAITS = "Cannot start yet"
COMPANY, NAME, IDENTIFIERS = "company", "name", "identifiers"
# By slug: the task, and the forms that its page may have.
PARTS: Mapping[str, tuple[str, tuple[type[Form], ...]]] = {
    COMPANY: ("Say which register you are in", (Registering,)),
    NAME: ("Confirm the name and address", (Confirming, Naming)),
    IDENTIFIERS: ("Give other identifiers", (Identifying,)),
    "size": ("Say how large you are, and whether you are a VCSE", (Sizing,)),
    "about": ("Describe what you do, and where", (Describing,)),
    "contacts": ("Name your accessibility and security contacts", (Contacting,)),
    "platform": ("Share your information from the Central Digital Platform", (Sharing,)),
}
GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    ("Who you are", (COMPANY, NAME, IDENTIFIERS)),
    ("What authorities ask first", ("size", "about", "contacts", "platform")),
)
# What a supplier changes later by itself, besides the profile that every organisation has.
DESCRIBED: Mapping[str, Section] = {
    "size": Section("size", "Size and kind", Sizing),
    "trading": Section("trading", "Name you trade under", Trading),
    "contacts": Section("contacts", "Accessibility and security contacts", Contacting),
    "platform": Section("platform", "Central Digital Platform", Sharing),
    "address": Section("address", "Postal address", Locating),
}
ONE_AT_LEAST = "Enter at least one identifier, because you have no Companies House number"


@dataclass(frozen=True)  # without slots: `super()` would not find its class
class Part(Section):
    """A section that is refused also for what only a register or the database can tell."""

    refusals: Mapping[str, str] = field(default_factory=dict)

    def judge(self, answers: Answers) -> BoundForm[Any]:
        form = super().judge(answers)
        for name, why in self.refusals.items():
            if name not in form.errors:
                form = form.refused(name, why)
        return form


@dataclass(frozen=True)
class Draft:
    """A registration as it stands: what was typed, what the register said, what is taken."""

    answers: Answers
    said: Said | None = None
    taken: Mapping[str, Organisation] = field(default_factory=dict)  # by field

    @cached_property
    def sections(self) -> Mapping[str, Part]:
        return {
            slug: Part(slug, task, self._form(forms), self._refusals(slug))
            for slug, (task, forms) in PARTS.items()
        }

    @cached_property
    def found(self) -> Said | None:
        """What the register said of the company, if it is the one that the answers are about."""
        number = numbers(self.answers).get("companies_house_number")
        if self.said and self.said.outcome is Outcome.FOUND and self.said.number == number:
            return self.said
        return None

    def status(self, slug: str) -> str:
        if slug in (NAME, IDENTIFIERS) and not self.sections[COMPANY].done(self.answers):
            return WAITS
        return self.sections[slug].status(self.answers).value

    @property
    def incomplete(self) -> list[Part]:
        """What still stands between the draft and a supplier."""
        return [one for one in self.sections.values() if not one.done(self.answers)]

    @property
    def doubts(self) -> Mapping[str, str]:
        """By section, what is taken although it looks wrong."""
        known = numbers(self.answers)
        company, ppon = known.get("companies_house_number"), known.get("ppon")
        told = dict(identifiers.doubts(company=company, ppon=ppon))
        places = {"companies_house_number": COMPANY, "ppon": IDENTIFIERS}
        doubts = {places[name]: says for name, says in told.items()}
        if self.found and self.found.status and self.found.status not in SOUND:
            doubts[NAME] = f"Companies House says of this company: {standing(self.found)}."
        return doubts

    @property
    def values(self) -> dict[str, Any]:
        """Every answer that is right, as it is meant."""
        values: dict[str, Any] = {}
        for section in self.sections.values():
            if (form := section.judge(self.answers)).value is not None:
                values |= {name: getattr(form.value, name) for name in form.kind.model_fields}
        if self.found:
            values |= {"legal_name": self.found.name, "address": self.found.address}
        return values

    def read(self, slug: str) -> list[tuple[str, str]]:
        """A section for the page that shows all answers."""
        rows = read(self.sections[slug], self.answers)
        found = self.found if slug == NAME else None
        if found:
            return [("Registered name", found.name), ("Registered address", found.address), *rows]
        return rows

    def _form(self, forms: Sequence[type[Form]]) -> type[Form]:
        return forms[0] if self.found else forms[-1]

    def _unknown(self, number: str | None) -> dict[str, str]:
        said = self.said
        if said is None or said.outcome is not Outcome.UNKNOWN or said.number != number:
            return {}
        why = f"Companies House has no company with the number {number}. Check it"
        return {"companies_house_number": why}

    def _refusals(self, slug: str) -> dict[str, str]:
        names = {name for form in PARTS[slug][1] for name in form.model_fields}
        refusals = {
            name: f"{other.name} is registered here already with this number"
            for name, other in self.taken.items()
            if name in names
        }
        known = numbers(self.answers)
        if slug == COMPANY:
            refusals |= self._unknown(known.get("companies_house_number"))
        if slug == IDENTIFIERS:
            refusals |= _missing(self.answers, known)
        return refusals


def _missing(answers: Answers, known: Mapping[str, str]) -> dict[str, str]:
    """Somebody who is in no register of companies has to be known by another number."""
    register = Section(COMPANY, "", Registering).judge(answers).value
    given = Section(IDENTIFIERS, "", Identifying).judge(answers).value
    if register is None or given is None or register.constitution is Constitution.COMPANY:
        return {}
    if register.constitution is Constitution.CHARITY:
        return {} if given.charity_number else {"charity_number": "Enter the charity number"}
    return {} if known else {"vat_number": ONE_AT_LEAST}


LABELS: Mapping[str, str] = {
    str(one): one.label for one in chain[Any](Constitution, CharityRegister, YesNo, Region)
}
NUMBERS = (
    "companies_house_number",
    "vat_number",
    "ppon",
    "duns",
    "charity_number",
    "other_identifier",
)


def numbers(answers: Answers) -> dict[str, str]:
    """By field, the numbers that are right, as they are kept."""
    known: dict[str, str] = {}
    for form in (Registering, Identifying):
        value = Section("", "", form).judge(answers).value
        given = value.model_dump() if value is not None else {}
        known |= {name: given[name] for name in NUMBERS if given.get(name)}
    return known


def standing(said: Said) -> str:
    """Such as "Dissolved, on 31 March 2020"."""
    status = STATUSES.get(said.status, said.status.replace("-", " ").capitalize())
    try:
        return f"{status}, on {day(date.fromisoformat(said.ceased_on))}"
    except ValueError:
        return status


def tests(form: Sizing) -> dict[str, bool]:
    """The three answers of the test of size."""
    return {name: getattr(form, name).holds for name in size.TESTS}


def _words(form: BoundForm[Any], name: str) -> str:
    value = form.submitted.get(name) if form.value is None else getattr(form.value, name)
    if form.value is None and value is None:
        parts = (str(form.submitted.get(f"{name}-{part}", "")) for part in ("day", "month", "year"))
        return " ".join(part for part in parts if part)
    if isinstance(value, date):
        return day(value)
    if name == "country":
        return countries.NAMES.get(str(value), "")
    if isinstance(value, list):
        return ", ".join(LABELS.get(str(one), str(one)) for one in value)
    return LABELS.get(str(value), str(value or ""))


# ---- What is known of a supplier, as if it had been typed


def described(organisation: Organisation, facts: SupplierFacts) -> dict[str, Any]:
    """The answers of the sections that a supplier changes later by itself."""
    known: dict[str, Any] = {name: YesNo.of(getattr(facts, name)) for name in size.TESTS}
    known |= {"is_vcse": YesNo.of(organisation.is_vcse), "trading_name": organisation.short_name}
    known |= organisation.address.kept()
    rest = facts.model_dump(include={*Contacting.model_fields, *Sharing.model_fields})
    return dict(show(Form, {**known, **rest}).submitted)


def read(section: Section, answers: Answers) -> list[tuple[str, str]]:
    """The questions of a section with their answers as people read them; what is wrong as it was
    typed.
    """
    form = section.judge(answers)
    fields = section.form.model_fields.items()
    rows = [(asked(about, name), _words(form, name)) for name, about in fields]
    if isinstance(form.value, Sizing):
        rows.append(("Your size", size.in_words(**tests(form.value))))
    return rows


def how_checked(draft: Draft) -> Checked:
    return Checked.COMPANIES_HOUSE if draft.found else Checked.BY_HAND


def regions(chosen: Sequence[Region]) -> list[str]:
    return [region.label for region in chosen]
