"""The sections of a draft of a standard, how far each is, and the answers in words.

Everything that is typed stays in `StandardVersion.typed` until the version is published; only then
does it become what the version says.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.core.drafts import Answers, Section
from marketplace.core.forms import BoundForm, show
from marketplace.core.times import day
from marketplace.standards.applicability import rule
from marketplace.standards.forms import (
    Applying,
    Dating,
    Evidencing,
    Naming,
    Renaming,
    Requiring,
    Revising,
    Verifying,
    Wording,
)
from marketplace.standards.models import EvidenceKind, Kind, Requirement, StandardVersion
from marketplace.standards.rows import Requirements, Rules, as_row

MARKET = "on the market"  # among the answers: the names of listed products, for the clause
# How standards and marks are named: BS 8878, ISO/IEC 27001, DCB0129, PAS 1192, EN 301 549.
_STANDARD = re.compile(r"\b(?:BS|ISO|IEC|EN|PAS|PD|ETSI|DCB|ITU|IEEE|NIST)\b[ /A-Z-]*\d+")
_EQUIVALENT = re.compile(r"\bequivalent", re.IGNORECASE)
_LONG_ENOUGH = 4  # characters of a product's name that can be told from a word


@dataclass(frozen=True, slots=True)
class Clause(Section):
    """The words for a tender. Procurement documents name no UK standard and no mark or product
    without accepting what is equivalent (Procurement Act 2023 s56); a law is no such standard.
    """

    def judge(self, answers: Answers) -> BoundForm[Any]:
        form = Section.judge(self, answers)
        if form.value is None or _EQUIVALENT.search(form.value.clause):
            return form
        if named := _named(form.value.clause, answers):
            return form.refused(
                "clause",
                f"The words for a tender name “{named}”. Add “or equivalent”, because the "
                "Procurement Act 2023, section 56, lets suppliers meet it in another way",
            )
        return form


def _named(clause: str, answers: Answers) -> str:
    """What a clause names that may not stand there alone; empty when there is nothing."""
    if found := _STANDARD.search(clause):
        return found[0]
    names = list(answers.get(MARKET, ()))
    if answers.get("kind") != Kind.LAW:
        title = str(answers.get("title", ""))
        names += [title, re.sub(r"\s*\(.*\)", "", title), str(answers.get("key", ""))]
    for name in names:
        if len(name) >= _LONG_ENOUGH and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", clause):
            return str(name)
    return ""


def _groups(*, first: bool) -> Sequence[tuple[str, Sequence[Section]]]:
    name, dates = (Naming, Dating) if first else (Renaming, Revising)
    return (
        (
            "What it is",
            (
                Section("about", "Say what the standard is called", name),
                Section("version", "Describe this version", dates),
            ),
        ),
        (
            "What it asks for, and of whom",
            (
                Requirements("requirements", "List the requirements", Requiring),
                Rules("rules", "Say which products it applies to", Applying),
            ),
        ),
        (
            "How it is shown and used",
            (
                Section("evidence", "Say what is accepted as evidence", Evidencing),
                Section("verify", "Say how it is checked", Verifying),
                Clause("clause", "Write the words for a tender", Wording),
            ),
        ),
    )


FIRST, LATER = _groups(first=True), _groups(first=False)
SLUGS = tuple(section.slug for _, sections in FIRST for section in sections)


def groups(version: StandardVersion) -> Sequence[tuple[str, Sequence[Section]]]:
    return FIRST if version.number == 1 else LATER


def sections(version: StandardVersion) -> Mapping[str, Section]:
    return {one.slug: one for _, of_it in groups(version) for one in of_it}


def answers(version: StandardVersion, market: Iterable[str] = ()) -> dict[str, Any]:
    """All that was typed of a draft; `market` are the names of listed products."""
    return {**version.typed, MARKET: list(market)}


def incomplete(version: StandardVersion, given: Answers) -> list[Section]:
    """The sections that still stand between a draft and its publication."""
    return [one for one in sections(version).values() if not one.done(given)]


def copied(version: StandardVersion, requirements: Iterable[Requirement]) -> dict[str, Any]:
    """What a published version says, as somebody would have typed it: the next one begins so."""
    named = version.standard.model_dump(include={*Naming.model_fields})
    said = version.model_dump(include={*Dating.model_fields, *Evidencing.model_fields})
    texts = {"verify": version.verify, "clause": version.clause}
    return {
        **show(Naming, named | said | texts).submitted,
        "requirements": [
            one.model_dump(include={"title", "code", "guidance", "essential"})
            for one in requirements
        ],
        "rules": [as_row(one) for one in version.rules],
    }


def values(section: Section, given: Answers) -> dict[str, Any]:
    """What a section says, once it is right."""
    value = section.judge(given).value
    said: dict[str, Any] = value.model_dump() if value else {}
    if section.slug == "rules" and value:  # kept as data
        said = value.model_dump(mode="json")
    return said


def read(given: Answers, section: Section) -> list[tuple[str, str]]:
    """Each question of a section with its answer in words."""
    if isinstance(section, Requirements):
        return [
            (f"Requirement {number}", f"{row['code']} {row['title']}".strip() + _weight(row))
            for number, row in enumerate(section.filled(given), 1)
        ] or [("Requirements", "")]
    if isinstance(section, Rules):
        return [
            (f"Rule {number}", says(one))
            for number, one in enumerate(values(section, given).get("rules", ()), 1)
        ] or [("Rules", "")]
    return [
        (about.title or name, _words(given, name))
        for name, about in section.form.model_fields.items()
    ]


def says(one: Mapping[str, Any]) -> str:
    """A rule in one sentence."""
    made = rule(one)
    return f"{made.obligation.label} when the product {made.says}."


def _weight(row: Mapping[str, Any]) -> str:
    return ", essential" if row.get("essential") else ""


def _words(given: Answers, name: str) -> str:
    value = given.get(name, "")
    if name == "evidence":
        known = set(EvidenceKind)
        return ", ".join(EvidenceKind(one).label for one in value if one in known)
    if name == "kind":
        return Kind(value).label if value in set(Kind) else ""
    if name in ("expiry_needed", "whole_organisation"):
        return "Yes" if value == "true" else "No"
    if name == "valid_months":
        return f"{value} months" if value else "Does not age"
    if f"{name}-day" in given:
        form = Section("", "", Dating).judge(given)
        found = getattr(form.value, name, None) if form.value else None
        parts = " ".join(str(given.get(f"{name}-{part}", "")) for part in ("day", "month", "year"))
        return day(found) if found else parts
    return str(value)


def preview(version: StandardVersion) -> tuple[StandardVersion, list[Requirement]]:
    """What a draft would say if it were published as it stands; what is not right is left out."""
    given = answers(version)
    made = StandardVersion(
        id=version.id, number=version.number, standard_id=version.standard_id, typed=version.typed
    )
    made.standard = version.standard
    requirements: list[Requirement] = []
    for section in sections(version).values():
        said = values(section, given)
        if not said or section.slug == "about":
            continue
        if section.slug == "requirements":
            requirements = [
                Requirement(version_id=version.id, position=at, **one)
                for at, one in enumerate(said["requirements"], 1)
            ]
        else:
            made.sqlmodel_update(said)
    return made, requirements
