"""Who may do what with notices and products, and who sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import col

from auth.actor import Actor
from marketplace.catalogue.models import Product, ProductUse, ProductVersion, Stage
from marketplace.notices.models import Import, Notice, Release
from marketplace.policy.clauses import Clause, among, loti, of, own
from marketplace.policy.people import trades
from marketplace.rules import Rules, manager, owner, reads_notices_in, supplier
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
}

FRESHLY = frozenset(
    {
        Verb.PRODUCT_PUBLISH,
    }
)


def _products(who: Actor) -> ColumnElement[bool]:
    stage = col(Product.stage)
    return or_(  # what takes longest to find out comes last
        own(Product.organisation_id, who),
        and_(loti(who), stage != Stage.DRAFT),
        among(stage, (Stage.LISTED, Stage.RETIRED)) & trades(Product.organisation_id),
    )


VISIBILITY: Mapping[type[Any], Clause] = {
    Import: lambda who: or_(own(Import.organisation_id, who), loti(who)),
    Notice: lambda who: true(),
    Release: lambda who: true(),
    Product: _products,
    ProductVersion: of(Product, ProductVersion.product_id),
    ProductUse: of(Product, ProductUse.product_id),
}
