"""Products: what suppliers offer. A listing says what there is; it is no route to market."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint

from marketplace.core.db import Amount, Moment, Table, choice
from marketplace.core.file_kinds import weight
from marketplace.core.labels import Labelled
from marketplace.core.money import VAT
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


class Deployment(Labelled):
    SAAS = "saas", "Software as a service"
    HOSTED = "hosted", "Hosted by the supplier"
    ON_PREMISES = "on-premises", "On the authority's own machines"
    OPEN_SOURCE = "open-source", "Open source"


class PriceModel(Labelled):
    PER_USER = "per-user", "For each user"
    PER_TRANSACTION = "per-transaction", "For each transaction"
    PER_PROPERTY = "per-property", "For each property"
    PER_SITE = "per-site", "For each site"
    FIXED_YEARLY = "fixed-yearly", "A fixed price a year"
    USAGE = "usage", "By usage"
    FREE = "free", "Free of charge"


# While it can be changed by its supplier: what LOTI suspends, its supplier mends.
EDITABLE = (Stage.DRAFT, Stage.LISTED, Stage.PAUSED, Stage.SUSPENDED)
EDITING = (Verb.PRODUCT_EDIT, Verb.PRODUCT_ADD, Verb.PRODUCT_CHANGE, Verb.PRODUCT_REMOVE)


class Product(Table, table=True):
    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.PRODUCT_DRAFT, Stage.DRAFT, Stage.DRAFT),
        *(Transition(verb, stage, stage) for verb in EDITING for stage in EDITABLE),
        *(Transition(Verb.PRODUCT_COPY, stage, stage) for stage in Stage if stage != Stage.DRAFT),
        Transition(Verb.PRODUCT_DISCARD, Stage.DRAFT, Stage.DRAFT),
        Transition(Verb.PRODUCT_PUBLISH, {Stage.DRAFT, Stage.PAUSED}, Stage.LISTED),
        Transition(Verb.PRODUCT_PAUSE, Stage.LISTED, Stage.PAUSED),
        Transition(
            Verb.PRODUCT_RETIRE, {Stage.LISTED, Stage.PAUSED, Stage.SUSPENDED}, Stage.RETIRED
        ),
        Transition(Verb.PRODUCT_SUSPEND, Stage.LISTED, Stage.SUSPENDED),
        Transition(Verb.PRODUCT_RESTORE, Stage.SUSPENDED, Stage.LISTED),
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
    hosted_in: str = ""
    support_hours: str = ""
    service_levels: str = ""
    security: str = ""
    sub_processors: list[str] = Field(default_factory=list, sa_type=JSON)  # name, country, purpose
    data_export: str = ""
    leaving: str = ""  # what the end of a contract brings
    roadmap: str = ""
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # a draft, as typed so far

    # of a copy: its sections and parts that nobody has looked at yet
    to_review: list[str] = Field(default_factory=list, sa_type=JSON)
    copied_from_id: UUID | None = Field(default=None, index=True)  # may be gone by now

    stage: Stage = Field(default=Stage.DRAFT, sa_type=choice(Stage))
    suspended_because: str = ""  # LOTI's reason, while it is suspended
    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation: Organisation = Relationship()


class UseStage(StrEnum):
    CLAIMED = "claimed"  # by the supplier
    CONFIRMED = "confirmed"  # by the authority
    DENIED = "denied"  # by the authority: then nobody reads it


class ProductUse(Table, table=True):
    """That an authority uses a product, as its supplier claims or as it says itself."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.USE_CONFIRM, set(UseStage), UseStage.CONFIRMED),
        Transition(Verb.USE_DENY, {UseStage.CLAIMED, UseStage.CONFIRMED}, UseStage.DENIED),
    )
    __table_args__ = (UniqueConstraint("product_id", "organisation_id"),)

    stage: UseStage = Field(default=UseStage.CLAIMED, sa_type=choice(UseStage))
    product_id: UUID = Field(foreign_key="product.id", ondelete="CASCADE")
    product: Product = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class UseTerms(Table, table=True):
    """What an authority tells other authorities and LOTI of its contract, and nobody else."""

    ends_on: date | None = None
    extension: str = ""
    value: Decimal | None = Field(default=None, sa_type=Amount)  # pounds, VAT excluded
    note: str = ""
    use_id: UUID = Field(foreign_key="productuse.id", unique=True, ondelete="CASCADE")
    use: ProductUse = Relationship()


# ---- What a listing can have several of


class Rhythm(StrEnum):
    ONCE = "once"
    MONTHLY = "monthly"
    YEARLY = "yearly"

    @property
    def label(self) -> str:
        return {"once": "Once", "monthly": "Every month", "yearly": "Every year"}[self.value]


class PriceLine(Table, table=True):
    """One thing that is paid for, in pounds."""

    what: str
    amount: Decimal = Field(sa_type=Amount)
    unit: str = ""  # for each of these; empty: as a whole
    rhythm: Rhythm = Field(sa_type=choice(Rhythm))
    vat: VAT = Field(sa_type=choice(VAT))
    is_extra: bool = False  # beside the price, when it is wanted
    since: date | None = None
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    product: Product = Relationship()


class DocumentKind(Labelled):
    SERVICE = "service", "Service definition"
    TERMS = "terms", "Terms and conditions"
    PRICES = "prices", "Price list"
    GUIDE = "guide", "Guide or brochure"
    ACCESSIBILITY = "accessibility", "Accessibility statement"
    SECURITY = "security", "Security or data protection"
    OTHER = "other", "Something else"


class ProductDocument(Table, table=True):
    """A document about a product: a file of ours, or a link to a page elsewhere."""

    title: str
    kind: DocumentKind = Field(sa_type=choice(DocumentKind))
    link: str = ""
    file_name: str = ""
    size: int = 0  # bytes
    media_type: str = ""
    sha256: str = ""
    key: str = ""  # where the file store has it
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    product: Product = Relationship()

    @property
    def weight(self) -> str:
        """Such as "1.2 MB"."""
        return weight(self.size)


class Picture(Table, table=True):
    """A picture of a product in use, with the words for who does not see it."""

    alt: str
    file_name: str
    size: int  # bytes
    media_type: str
    sha256: str
    key: str  # where the file store has it
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    product: Product = Relationship()


class ProductVersion(Table, table=True):
    """A version of a product as its supplier counts them; what is checked holds for one."""

    __table_args__ = (UniqueConstraint("product_id", "label"),)

    label: str  # "5.2", "2026 spring"
    released_on: date | None = None
    notes: str = ""
    is_current: bool = False
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    product: Product = Relationship()


# ---- What LOTI looks at


class EditStage(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    REVERTED = "reverted"


class ProductEdit(Table, table=True):
    """How a section of a listed product changed since LOTI last looked: however often it was saved,
    one difference.
    """

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.EDIT_ACKNOWLEDGE, EditStage.OPEN, EditStage.ACKNOWLEDGED),
        Transition(Verb.EDIT_REVERT, EditStage.OPEN, EditStage.REVERTED),
    )
    __table_args__ = (
        # One difference a section that waits, whoever is quicker.
        Index(
            "uq_productedit_open",
            "product_id",
            "section",
            unique=True,
            sqlite_where=text("stage = 'open'"),
            postgresql_where=text("stage = 'open'"),
        ),
        Index("ix_productedit_queue", "stage", "created_at", "id"),
    )

    section: str  # of the listing, or what it has several of
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    saves: int = 1
    saved_at: datetime = Field(sa_type=Moment)  # the last time
    because: str = ""  # why LOTI took it back
    stage: EditStage = Field(default=EditStage.OPEN, sa_type=choice(EditStage))
    product_id: UUID = Field(foreign_key="product.id", ondelete="CASCADE")
    product: Product = Relationship()


class ReportStage(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class ProductReport(Table, table=True):
    """Somebody's sentence to LOTI that a product stands in the wrong area of work."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.REPORT_MAKE, ReportStage.OPEN, ReportStage.OPEN),
        Transition(Verb.REPORT_CLOSE, ReportStage.OPEN, ReportStage.CLOSED),
    )
    __table_args__ = (Index("ix_productreport_queue", "stage", "created_at", "id"),)

    message: str
    stage: ReportStage = Field(default=ReportStage.OPEN, sa_type=choice(ReportStage))
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    product: Product = Relationship()
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
