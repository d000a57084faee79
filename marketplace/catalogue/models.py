"""Products: what suppliers offer. A listing says what there is; it is no route to market."""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint

from marketplace.core.db import Table, choice
from marketplace.core.workflow import Transition, Workflow
from marketplace.organisations.models import Organisation
from marketplace.reference.bands import Band
from marketplace.verbs import Verb


class Stage(StrEnum):
    DRAFT = "draft"
    LISTED = "listed"
    PAUSED = "paused"
    SUSPENDED = "suspended"  # by LOTI
    RETIRED = "retired"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Deployment(StrEnum):
    label: str

    # the default is for type checkers, which take Deployment("saas") for a call of this
    def __new__(cls, slug: str, label: str = "") -> "Deployment":
        deployment = str.__new__(cls, slug)
        deployment._value_ = slug
        deployment.label = label
        return deployment

    SAAS = "saas", "Software as a service"
    HOSTED = "hosted", "Hosted by the supplier"
    ON_PREMISES = "on-premises", "On the authority's own machines"
    OPEN_SOURCE = "open-source", "Open source"


class PriceModel(StrEnum):
    label: str

    # the default is for type checkers, which take PriceModel("free") for a call of this
    def __new__(cls, slug: str, label: str = "") -> "PriceModel":
        model = str.__new__(cls, slug)
        model._value_ = slug
        model.label = label
        return model

    PER_USER = "per-user", "For each user"
    PER_TRANSACTION = "per-transaction", "For each transaction"
    PER_PROPERTY = "per-property", "For each property"
    PER_SITE = "per-site", "For each site"
    FIXED_YEARLY = "fixed-yearly", "A fixed price a year"
    USAGE = "usage", "By usage"
    FREE = "free", "Free of charge"


class Product(Table, table=True):
    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.PRODUCT_DRAFT, Stage.DRAFT, Stage.DRAFT),
        Transition(Verb.PRODUCT_EDIT, Stage.DRAFT, Stage.DRAFT),
        Transition(Verb.PRODUCT_EDIT, Stage.LISTED, Stage.LISTED),
        Transition(Verb.PRODUCT_EDIT, Stage.PAUSED, Stage.PAUSED),
        Transition(Verb.PRODUCT_DISCARD, Stage.DRAFT, Stage.DRAFT),
        Transition(Verb.PRODUCT_PUBLISH, {Stage.DRAFT, Stage.PAUSED}, Stage.LISTED),
        Transition(Verb.PRODUCT_PAUSE, Stage.LISTED, Stage.PAUSED),
        Transition(Verb.PRODUCT_RETIRE, {Stage.LISTED, Stage.PAUSED}, Stage.RETIRED),
    )
    __table_args__ = (
        Index("ix_product_newest", "stage", "created_at", "id"),
        Index("ix_product_of_supplier", "organisation_id", "stage", "name", "id"),
    )

    name: str = ""
    summary: str = ""
    description: str = ""
    features: list[str] = Field(default_factory=list, sa_type=JSON)
    areas: list[str] = Field(default_factory=list, sa_type=JSON)
    cpv: list[str] = Field(default_factory=list, sa_type=JSON)
    deployment: Deployment | None = Field(default=None, sa_type=choice(Deployment))
    price_model: PriceModel | None = Field(default=None, sa_type=choice(PriceModel))
    band: Band | None = Field(default=None, sa_type=choice(Band))
    integrations: list[str] = Field(default_factory=list, sa_type=JSON)
    # `reference.attributes.Attribute`s: what decides which standards apply
    attributes: list[str] = Field(default_factory=list, sa_type=JSON)
    site: str = ""
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # a draft, as typed so far

    stage: Stage = Field(default=Stage.DRAFT, sa_type=choice(Stage))
    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation: Organisation = Relationship()


class ProductUse(Table, table=True):
    """That an authority uses a product, as its supplier claims."""

    __table_args__ = (UniqueConstraint("product_id", "organisation_id"),)

    product_id: UUID = Field(foreign_key="product.id", ondelete="CASCADE")
    product: Product = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class ProductVersion(Table, table=True):
    """A version of a product as its supplier counts them; what is checked holds for one."""

    __table_args__ = (UniqueConstraint("product_id", "label"),)

    label: str  # "5.2", "2026 spring"
    released_on: date | None = None
    notes: str = ""
    is_current: bool = False
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    product: Product = Relationship()
