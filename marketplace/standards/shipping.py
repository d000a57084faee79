"""The standards that come with the marketplace, as drafts for LOTI's curators to check.

What LOTI holds suppliers to is LOTI's own decision, so nothing that is shipped is published by
itself (decision record 0015).
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, with_config
from pydantic.dataclasses import dataclass

from marketplace.core.context import Context
from marketplace.core.drafts import Section
from marketplace.core.forms import show
from marketplace.standards import actions, drafts, queries
from marketplace.standards.forms import Drafting
from marketplace.standards.models import EvidenceKind, Kind, Obligation, StandardVersion
from marketplace.standards.rows import Requirements, Rules, as_row

TEXTS = Path(__file__).with_name("shipped")


@with_config(extra="forbid")
@dataclass(frozen=True)
class PointText:
    title: str
    code: str = ""
    guidance: str = ""
    essential: bool = True


@with_config(extra="forbid")
@dataclass(frozen=True)
class RuleText:
    obligation: Obligation
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    contract_over: str | None = None


@with_config(extra="forbid")
@dataclass(frozen=True)
class BeforeText:
    """An earlier version, and what the later one changed; the rest is as in the later one."""

    label: str
    summary: str
    requirements: tuple[PointText, ...]
    what_changed: str


@with_config(extra="forbid")
@dataclass(frozen=True)
class StandardText:
    key: str
    title: str
    issuer: str
    kind: Kind
    link: str
    label: str
    summary: str
    evidence: tuple[EvidenceKind, ...]
    evidence_hint: str
    verify: str
    clause: str
    rules: tuple[RuleText, ...]
    requirements: tuple[PointText, ...]
    issued_on: date | None = None
    in_force_on: date | None = None
    expiry_needed: bool = False
    valid_months: int | None = None
    whole_organisation: bool = False
    before: tuple[BeforeText, ...] = ()
    what_changed: str = ""

    def former(self) -> "StandardText":
        """The version before this one."""
        was = self.before[0]
        return replace(
            self,
            label=was.label,
            summary=was.summary,
            requirements=was.requirements,
            issued_on=None,
            before=(),
        )

    def latest(self) -> "StandardText":
        """This version, with what it changed against the one before."""
        return replace(self, what_changed=self.before[0].what_changed)


def texts() -> Iterator[StandardText]:
    """All that is shipped, file by file."""
    read = TypeAdapter(tuple[StandardText, ...])
    for file in sorted(TEXTS.glob("*.toml")):
        yield from read.validate_python(tomllib.loads(file.read_text(encoding="utf-8"))["standard"])


def enter(ctx: Context, shipped: Iterable[StandardText] | None = None) -> int:
    """Enters those that are not there yet as drafts, and says how many that were."""
    number = 0
    for text in texts() if shipped is None else shipped:
        if not queries.taken(ctx, text.key):
            begin(ctx, text)
            number += 1
    return number


def begin(ctx: Context, text: StandardText) -> StandardVersion:
    """A draft of a standard with every section answered."""
    named = Drafting(title=text.title, key=text.key, issuer=text.issuer, kind=text.kind)
    version = actions.draft(ctx, named)
    fill_in(ctx, version, text)
    return version


def fill_in(ctx: Context, version: StandardVersion, text: StandardText) -> None:
    """Answers every section of a draft as the text does."""
    for section in drafts.sections(version).values():
        actions.edit(ctx, version, section, _typed(section, text))


def _typed(section: Section, text: StandardText) -> Mapping[str, Any]:
    """The answers to a section as somebody would type them."""
    if isinstance(section, Requirements):
        return {"requirements": [as_data(one) for one in text.requirements]}
    if isinstance(section, Rules):
        return {"rules": [as_row(as_data(one)) for one in text.rules]}
    own = {name: getattr(text, name) for name in section.form.model_fields}
    return show(section.form, own).submitted


def as_data(text: PointText | RuleText) -> dict[str, Any]:
    """A text as data."""
    kind: TypeAdapter[Any] = TypeAdapter(type(text))
    said: dict[str, Any] = kind.dump_python(text, mode="json")
    return said
