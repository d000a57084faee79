"""Who may do what with notices and products, and who sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import col, select

from auth.actor import Actor
from marketplace.catalogue.models import (
    Picture,
    PriceLine,
    Product,
    ProductDocument,
    ProductEdit,
    ProductReport,
    ProductUse,
    ProductVersion,
    Stage,
    UseStage,
    UseTerms,
)
from marketplace.catalogue.rate_models import Rate
from marketplace.core.journal import Event
from marketplace.notices.models import Import, Notice, Release
from marketplace.policy.clauses import (
    Clause,
    among,
    authorities_and_loti,
    loti,
    of,
    own,
    sees,
    system,
)
from marketplace.policy.people import trades
from marketplace.rules import (
    Rules,
    author_or_approver,
    authority,
    curator,
    manager,
    owner,
    reads_notices_in,
    signed_in,
    supplier,
)
from marketplace.verbs import Verb

_manager_of_it = supplier & manager & owner

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.NOTICE_IMPORT: Rules((reads_notices_in,)),
    Verb.PRODUCT_DRAFT: _manager_of_it,
    Verb.PRODUCT_EDIT: _manager_of_it,
    Verb.PRODUCT_DISCARD: _manager_of_it,
    Verb.PRODUCT_PUBLISH: _manager_of_it,
    Verb.PRODUCT_PAUSE: _manager_of_it,
    Verb.PRODUCT_RETIRE: _manager_of_it,
    Verb.PRODUCT_ADD: _manager_of_it,
    Verb.PRODUCT_CHANGE: _manager_of_it,
    Verb.PRODUCT_REMOVE: _manager_of_it,
    Verb.PRODUCT_COPY: _manager_of_it,
    Verb.RATE_DECLARE: _manager_of_it,
    Verb.PRODUCT_SUSPEND: Rules((curator,)),
    Verb.PRODUCT_RESTORE: Rules((curator,)),
    Verb.EDIT_ACKNOWLEDGE: Rules((curator,)),
    Verb.EDIT_REVERT: Rules((curator,)),
    Verb.REPORT_MAKE: Rules((signed_in,)),
    Verb.REPORT_CLOSE: Rules((curator,)),
    Verb.USE_CONFIRM: authority & author_or_approver & owner,
    Verb.USE_DENY: authority & author_or_approver & owner,
}

FRESHLY = frozenset(
    {
        Verb.PRODUCT_PUBLISH,
        Verb.PRODUCT_SUSPEND,
        Verb.PRODUCT_RESTORE,
    }
)


def _products(who: Actor) -> ColumnElement[bool]:
    stage = col(Product.stage)
    return or_(  # what takes longest to find out comes last
        own(Product.organisation_id, who),
        and_(loti(who), stage != Stage.DRAFT),
        among(stage, (Stage.LISTED, Stage.RETIRED)) & trades(Product.organisation_id),
    )


def _uses(who: Actor) -> ColumnElement[bool]:
    """What an authority denies, nobody reads."""
    denied = col(ProductUse.stage) == UseStage.DENIED
    return or_(system(who), ~denied & sees(who, Product, ProductUse.product_id))


VISIBILITY: Mapping[type[Any], Clause] = {
    Import: lambda who: or_(own(Import.organisation_id, who), loti(who)),
    Notice: lambda who: true(),
    Release: lambda who: true(),
    Product: _products,
    ProductVersion: of(Product, ProductVersion.product_id),
    PriceLine: of(Product, PriceLine.product_id),
    ProductDocument: of(Product, ProductDocument.product_id),
    Picture: of(Product, Picture.product_id),
    ProductUse: _uses,
    UseTerms: authorities_and_loti,
    Rate: lambda who: or_(own(Rate.organisation_id, who), loti(who), trades(Rate.organisation_id)),
    ProductEdit: loti,
    ProductReport: loti,
}

# What others do to a supplier's product, and it sees.
DONE_TO_IT = frozenset(
    {
        Verb.PRODUCT_SUSPEND,
        Verb.PRODUCT_RESTORE,
        Verb.EDIT_ACKNOWLEDGE,
        Verb.EDIT_REVERT,
        Verb.USE_CONFIRM,
        Verb.USE_DENY,
    }
)


def events(who: Actor) -> ColumnElement[bool]:
    """A supplier sees what LOTI and authorities did to its products."""
    theirs = select(Product.id).where(
        Product.id == Event.about_id, own(Product.organisation_id, who)
    )
    return and_(among(col(Event.verb), sorted(DONE_TO_IT)), theirs.correlate(Event).exists())
