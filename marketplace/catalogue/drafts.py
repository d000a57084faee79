"""The sections of a product, and how far each is while it is a draft."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from marketplace.catalogue.forms import Claiming, Describing, Featuring, Providing
from marketplace.catalogue.models import Deployment, PriceModel, Product, ProductUse
from marketplace.core import drafts
from marketplace.core.drafts import Answers, Section
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band

GROUPS: Sequence[tuple[str, Sequence[Section]]] = (
    (
        "The product",
        (
            Section("basics", "Describe the product", Describing),
            Section("features", "Say what it does and for whom", Featuring),
        ),
    ),
    (
        "Buying and using it",
        (
            Section("price", "Say how it is provided and priced", Providing),
            Section("users", "Name the authorities that use it", Claiming),
        ),
    ),
)
SECTIONS = {section.slug: section for _, sections in GROUPS for section in sections}
COLUMNS = {name for one in SECTIONS.values() for name in one.form.model_fields} - {"users"}
LABELS: Mapping[str, str] = {
    str(one): one.label for one in chain[Any](Area, Deployment, PriceModel, Band)
}


def answers(product: Product, uses: Iterable[ProductUse]) -> dict[str, Any]:
    """Every answer about a product: what was typed and, where nothing was, what is known."""
    known = product.model_dump(include=COLUMNS) | {"users": [use.organisation_id for use in uses]}
    return drafts.answers(known, product.typed)


def incomplete(given: Answers) -> list[Section]:
    """The sections that still stand between a draft and the catalogue."""
    return [section for section in SECTIONS.values() if not section.done(given)]


def read(given: Answers, section: Section, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each question of a section with its answer in words; `names` are those of authorities."""

    def words(value: Any) -> str:
        values = value if isinstance(value, list) else [value]
        return "\n".join(LABELS.get(one, names.get(one, one)) for one in values)

    return [
        (about.title or name, words(given.get(name, "")))
        for name, about in section.form.model_fields.items()
    ]
