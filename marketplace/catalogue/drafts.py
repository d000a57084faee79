"""The sections of a product, and how far each is while it is a draft."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from marketplace.catalogue.forms import (
    ATTRIBUTES,
    Applying,
    Claiming,
    Describing,
    Featuring,
    Leaving,
    Providing,
    Securing,
    Serving,
)
from marketplace.catalogue.models import Deployment, PriceModel, Product, ProductUse
from marketplace.core import drafts
from marketplace.core.drafts import Answers, Section
from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from marketplace.reference.bands import Band

GROUPS: Sequence[tuple[str, Sequence[Section]]] = (
    (
        "The product",
        (
            Section("basics", "Describe the product", Describing),
            Section("features", "Say what it does and for whom", Featuring),
            Section("attributes", "Say what decides which standards apply", Applying),
        ),
    ),
    (
        "Buying and using it",
        (
            Section("price", "Say how it is provided and priced", Providing),
            Section("service", "Say where it is hosted and how it is supported", Serving),
            Section("security", "Say how it is kept safe", Securing),
            Section("leaving", "Say how an authority leaves it, and what is planned", Leaving),
            Section("users", "Name the authorities that use it", Claiming),
        ),
    ),
)
SECTIONS = {section.slug: section for _, sections in GROUPS for section in sections}
COLUMNS = {name for one in SECTIONS.values() for name in one.form.model_fields} - {
    "users",
    *ATTRIBUTES,
}
LABELS: Mapping[str, str] = {
    str(one): one.label for one in chain[Any](Area, Deployment, PriceModel, Band, Attribute)
}


def answers(product: Product, uses: Iterable[ProductUse]) -> dict[str, Any]:
    """Every answer about a product: what was typed and, where nothing was, what is known."""
    known = product.model_dump(include=COLUMNS) | {"users": [use.organisation_id for use in uses]}
    for name, attributes in ATTRIBUTES.items():
        known[name] = [one for one in attributes if one in product.attributes]
    return drafts.answers(known, product.typed)


def own(given: Answers, section: Section) -> dict[str, Any]:
    """The answers of one section."""
    return dict(section.unjudged(given).submitted)


def status(given: Answers, section: Section, product: Product) -> str:
    """How far a section is; one of a copy is not done before somebody looked at it."""
    if section.slug in product.to_review:
        return "Needs review"
    return section.status(given).value


def incomplete(given: Answers, to_review: Collection[str] = ()) -> list[Section]:
    """The sections that still stand between a draft and the catalogue."""
    return [one for one in SECTIONS.values() if not one.done(given) or one.slug in to_review]


def read(given: Answers, section: Section, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each question of a section with its answer in words; `names` are those of authorities."""

    def words(value: Any) -> str:
        values = value if isinstance(value, list) else [value]
        return "\n".join(LABELS.get(one, names.get(one, one)) for one in values)

    return [
        (about.title or name, words(given.get(name, "")))
        for name, about in section.form.model_fields.items()
    ]
