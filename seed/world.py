"""The words of the demo world: invented suppliers, their products, and what authorities need."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, TypeAdapter, ValidationError, with_config

from auth.actor import Role
from marketplace.catalogue.models import Deployment, PriceModel, Rhythm
from marketplace.catalogue.models import Stage as ProductStage
from marketplace.challenges.models import Level
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.organisations.tiles import PLACES
from marketplace.reference import cpv
from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from marketplace.reference.bands import Band

TEXTS = Path(__file__).with_name("world")
AUTHORITIES = MappingProxyType(
    {name.lower().replace(" ", "-"): gss for gss, (name, *_) in PLACES.items()}
)  # short name as a slug: GSS code


class WorldError(Exception):
    """A text cannot be used. The sentence names the file, the key and what is wrong."""


def _unwrapped(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _known_code(code: str) -> str:
    if code not in cpv.LABELS:
        raise ValueError("this CPV code is not shipped")
    return code


def _known_authority(slug: str) -> str:
    if slug not in AUTHORITIES:
        raise ValueError("there is no such authority")
    return slug


Prose = Annotated[str, AfterValidator(_unwrapped)]  # paragraphs, without the lines of the file
Code = Annotated[str, AfterValidator(_known_code)]
Authority = Annotated[str, AfterValidator(_known_authority)]


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class SupplierText:
    key: str
    name: str
    companies_house_number: str
    sme: bool
    vcse: bool
    regions: tuple[str, ...]
    site: str
    description: Prose
    signed: bool = True  # the platform agreement


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class ProductText:
    key: str
    supplier: str
    name: str
    stage: ProductStage
    summary: Prose
    description: Prose
    features: tuple[str, ...]
    areas: tuple[Area, ...]
    cpv: tuple[Code, ...]
    deployment: Deployment
    price_model: PriceModel
    band: Band
    integrations: tuple[str, ...]
    used_by: tuple[Authority, ...]
    site: str


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class PriceText:
    what: str
    amount: Decimal
    rhythm: Rhythm
    unit: str = ""
    is_extra: bool = False


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class VersionText:
    label: str
    notes: Prose
    released_days_ago: int
    is_current: bool = False


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class ContractText:
    """What an authority that confirms a use tells others of its contract."""

    authority: Authority
    ends_in_days: int
    extension: str
    value: Decimal
    note: Prose


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class ListingText:
    """The fuller part of a product's listing, and what was said and changed later."""

    key: str
    hosted_in: str
    support_hours: str
    service_levels: Prose
    security: Prose
    sub_processors: tuple[str, ...]
    data_export: Prose
    leaving: Prose
    roadmap: Prose
    price: tuple[PriceText, ...] = ()
    version: tuple[VersionText, ...] = ()
    contract: tuple[ContractText, ...] = ()
    summary_later: str = ""  # saved a few days ago, so that LOTI has something to look at


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class AreaText:
    """What is true of most products for an area of work."""

    key: Area
    attributes: tuple[Attribute, ...]


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class ChangeText:
    """What became of a commitment after it was made."""

    days_ago: int
    level: Level | Literal["withdrawn"]
    note: Prose


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class CommitmentText:
    authority: Authority
    level: Level
    volume: int
    unit: str
    band: Band
    earliest_start_in_days: int
    days_ago: int
    note: Prose
    contract_ends_in_days: int | None = None  # None: there is no contract today
    later: ChangeText | None = None


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class ChallengeText:
    """Days count from the seed's today; a closing day below zero has passed."""

    key: str
    authority: Authority
    stage: ChallengeStage
    title: str
    need: Prose
    area: Area
    band: Band
    cpv: tuple[Code, ...]
    contact_role: str
    created_days_ago: int
    reached_days_ago: int  # since when it has its stage
    closes_in_days: int
    starts_in_days: int
    opened_days_ago: int | None = None  # None: never published
    affected: Prose = ""
    outcomes: Prose = ""
    today: Prose = ""
    constraints: Prose = ""
    remark: Prose = ""  # the edits that LOTI asks for
    remark_about: str = ""  # the section that they concern
    outcome: Prose = ""  # tender, lesson or reason with which it ended
    attributes: tuple[Attribute, ...] = ()  # what is true of what is needed
    standards: tuple[str, ...] = ()  # asked for beside those that follow from them
    systems: tuple[str, ...] = ()
    commitment: tuple[CommitmentText, ...] = ()


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class ColleagueText:
    """Somebody who was there from the beginning; days count back from the seed's today."""

    name: str
    organisation: str
    roles: tuple[Role, ...]
    limit: Decimal | None = None  # pounds that an approver may give
    suspended_days_ago: int | None = None


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class InvitedText:
    name: str
    organisation: str
    roles: tuple[Role, ...]
    days_ago: int
    limit: Decimal | None = None
    accepted_days_ago: int | None = None


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class AskingText:
    """Somebody who asks to join; declined when there is a reason for it."""

    name: str
    organisation: str
    message: Prose
    days_ago: int
    decided_days_ago: int | None = None
    because: Prose = ""
    roles: tuple[Role, ...] = ()
    limit: Decimal | None = None


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class RegisteringText:
    name: str
    company: str
    number: str
    description: Prose
    days_ago: int


def first_people(texts: Path = TEXTS) -> Mapping[str, str]:
    """By the slug of an organisation, who has acted for it since the beginning."""
    found: dict[str, str] = _parsed(texts / "people.toml")["first"]
    return found


def colleagues(texts: Path = TEXTS) -> tuple[ColleagueText, ...]:
    return _read(texts / "people.toml", "colleague", TypeAdapter(ColleagueText), AT)


def invited(texts: Path = TEXTS) -> tuple[InvitedText, ...]:
    return _read(texts / "people.toml", "invited", TypeAdapter(InvitedText), AT)


def asking(texts: Path = TEXTS) -> tuple[AskingText, ...]:
    return _read(texts / "people.toml", "asking", TypeAdapter(AskingText), AT)


def registering(texts: Path = TEXTS) -> tuple[RegisteringText, ...]:
    return _read(texts / "people.toml", "registering", TypeAdapter(RegisteringText), ("name",))


def suppliers(texts: Path = TEXTS) -> tuple[SupplierText, ...]:
    """The first two are the companies of the personas supplier-one and supplier-two."""
    return _read(texts / "suppliers.toml", "supplier", TypeAdapter(SupplierText))


def products(texts: Path = TEXTS) -> tuple[ProductText, ...]:
    known = {supplier.key for supplier in suppliers(texts)}
    found = _read(texts / "products.toml", "product", TypeAdapter(ProductText))
    for product in found:
        if product.supplier not in known:
            raise WorldError(
                f"products.toml, product {product.key}: "
                f"suppliers.toml has no supplier {product.supplier}."
            )
    return found


def listings(texts: Path = TEXTS) -> Mapping[str, ListingText]:
    """By the key of the product."""
    found = _read(texts / "listings.toml", "listing", TypeAdapter(ListingText))
    return {one.key: one for one in found}


def attributes(texts: Path = TEXTS) -> Mapping[Area, frozenset[Attribute]]:
    found = _read(texts / "listings.toml", "area", TypeAdapter(AreaText))
    return {one.key: frozenset(one.attributes) for one in found}


def challenges(texts: Path = TEXTS) -> tuple[ChallengeText, ...]:
    return _read(texts / "challenges.toml", "challenge", TypeAdapter(ChallengeText))


Text = TypeVar("Text")


def read(file: str, kind: str, adapter: TypeAdapter[Text]) -> tuple[Text, ...]:
    """The texts of a kind in a file of the world, each with a key of its own."""
    return _read(TEXTS / file, kind, adapter)


AT = ("name", "organisation")  # what tells people apart: some act for two


def _parsed(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _read(
    file: Path, kind: str, adapter: TypeAdapter[Text], by: tuple[str, ...] = ("key",)
) -> tuple[Text, ...]:
    found: dict[str, Text] = {}
    for entry in _parsed(file)[kind]:
        key = " at ".join(str(entry.get(name, f"without a {name}")) for name in by)
        if key in found:
            raise WorldError(f"{file.name}, {kind} {key}: another {kind} has the same key.")
        try:
            found[key] = adapter.validate_python(entry)
        except ValidationError as wrong:
            raise WorldError(f"{file.name}, {kind} {key}: {_sentence(wrong)}") from wrong
    return tuple(found.values())


def _sentence(wrong: ValidationError) -> str:
    problem: Any = wrong.errors()[0]
    where = ".".join(str(part) for part in problem["loc"])
    reason = problem["msg"].removeprefix("Value error, ")
    return f"{where} says {problem['input']!r}: {reason}."
