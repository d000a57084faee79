"""What search sees of a product."""

import re
from collections.abc import Iterable, Mapping

from marketplace.catalogue.models import Product, ProductUse, Stage
from marketplace.reference import cpv
from marketplace.reference.areas import Area
from search.port import Document


def document(product: Product, uses: Iterable[ProductUse], *, trades: bool = True) -> Document:
    """A product, by what it does, for which work, and who offers it; `trades` says whether that
    supplier is in the directory.
    """
    return Document(
        id=f"product-{product.id}",
        kind="product",
        title=product.name,
        body="\n".join((*_said(product), product.organisation.name)),
        audience=_audience(product, trades),
        facets=_facets(product, uses),
        at=product.created_at,
    )


def offer_text(product: Product) -> str:
    """What a product offers, in words: for matching it with what somebody needs."""
    return "\n".join((product.name, *_said(product)))


def _said(product: Product) -> list[str]:
    said = (
        product.summary,
        product.description,
        *product.features,
        *product.integrations,
        *(Area(area).label for area in product.areas),
        *(cpv.label(code) for code in product.cpv),
    )
    return list(filter(None, said))


def _audience(product: Product, trades: bool) -> frozenset[str]:
    """Who finds the product. A retired one keeps its page, but only its own find it."""
    its_supplier = f"organisation-{product.organisation_id}"
    if product.stage == Stage.DRAFT:
        return frozenset({its_supplier})
    listed = product.stage == Stage.LISTED and trades
    return frozenset({"public"} if listed else {its_supplier, "loti"})


def _facets(product: Product, uses: Iterable[ProductUse]) -> Mapping[str, tuple[str, ...]]:
    supplier = product.organisation
    return {
        "stage": (product.stage.value,),
        "area": tuple(product.areas),
        "deployment": (product.deployment.value,) if product.deployment else (),
        "band": (product.band.value,) if product.band else (),
        "sme": ("yes",) if supplier.is_sme else (),
        "vcse": ("yes",) if supplier.is_vcse else (),
        "used_by": tuple(str(use.organisation_id) for use in uses),
        "supplier": (str(supplier.id),),
        "cpv": cpv.with_broader(product.cpv),
        "attribute": tuple(product.attributes),
        "integrations": tuple({_slug(name) for name in product.integrations} - {""}),
    }


def _slug(name: str) -> str:
    """One value for the ways to write a name: "GOV.UK Notify" and "Gov.uk notify"."""
    return re.sub(r"\W+", "-", name.casefold()).strip("-")
