"""What a listing can have several of: price lines, documents, pictures and versions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.catalogue.models import Picture, PriceLine, ProductDocument, ProductVersion
from marketplace.catalogue.part_forms import Documenting, Picturing, Pricing, Versioning
from marketplace.core.file_kinds import ACCEPTED
from marketplace.core.forms import Form
from marketplace.core.money import VAT, pounds
from marketplace.core.times import day


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of them: how it is called, asked and told."""

    slug: str
    task: str
    one: str
    table: type[Any]
    form: type[Form]
    most: int
    says: Callable[[Any], str]
    accepts: str = ""  # where there is a file: what is taken
    needs_file: bool = False


def price(line: PriceLine) -> str:
    """Such as "£12.50 for each user, every month, VAT excluded"."""
    said = [
        pounds(line.amount) + (f" for each {line.unit}" if line.unit else ""),
        line.rhythm.label.lower(),
        "VAT included" if line.vat is VAT.INCLUDED else "VAT excluded",
    ]
    return ", ".join(said)


def _version(version: ProductVersion) -> str:
    since = f", released {day(version.released_on)}" if version.released_on else ""
    notes = f": {version.notes}" if version.notes else ""
    return f"{version.label}{', the current one' if version.is_current else ''}{since}{notes}"


def _price_line(line: PriceLine) -> str:
    since = f", since {day(line.since)}" if line.since else ""
    place = "an extra" if line.is_extra else "part of the price"
    return f"{line.what}: {price(line)}; {place}{since}"


def _document(document: ProductDocument) -> str:
    return f"{document.title} ({document.kind.label}): {document.link or document.file_name}"


PARTS: Mapping[str, Part] = {
    one.slug: one
    for one in (
        Part(
            "prices",
            "Give prices line by line",
            "price line",
            PriceLine,
            Pricing,
            40,
            _price_line,
        ),
        Part(
            "documents",
            "Add documents",
            "document",
            ProductDocument,
            Documenting,
            20,
            _document,
            accepts=f"{ACCEPTED}, up to 20 MB",
        ),
        Part(
            "pictures",
            "Show pictures of it",
            "picture",
            Picture,
            Picturing,
            8,
            lambda picture: f"{picture.file_name}: {picture.alt}",
            accepts="PNG or JPG, up to 20 MB",
            needs_file=True,
        ),
        Part(
            "versions",
            "Say which versions there are",
            "version",
            ProductVersion,
            Versioning,
            30,
            _version,
        ),
    )
}


def snapshot(rows: Sequence[Any]) -> dict[str, Any]:
    """All rows of a kind, for LOTI to compare and to put back exactly."""
    return {"rows": [row.model_dump(mode="json") for row in rows]}


def restored(part: Part, row: Mapping[str, Any]) -> Any:
    """A row as it was in a snapshot."""
    return part.table.model_validate(row)
