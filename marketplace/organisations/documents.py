"""What search sees of an organisation."""

from marketplace.organisations.models import Organisation
from marketplace.reference.regions import Region
from search.port import Document


def document(supplier: Organisation, *, trades: bool = True) -> Document:
    """A supplier: its name, what it says of itself, where it works, what it is registered as. One
    that does not trade, because it is suspended or signed nothing, is found by itself and LOTI.
    """
    to = {"public"} if trades else {f"organisation-{supplier.id}", "loti"}
    about = (
        supplier.description,
        supplier.short_name,
        ", ".join(supplier.regions),
        supplier.companies_house_number or "",
        supplier.ppon or "",
        supplier.site,
    )
    return Document(
        id=f"supplier-{supplier.id}",
        kind="supplier",
        title=supplier.name,
        body="\n".join(filter(None, about)),
        audience=frozenset(to),
        at=supplier.created_at,
        references=tuple(filter(None, (supplier.companies_house_number, supplier.ppon))),
        facets={
            "sme": ("yes",) if supplier.is_sme else (),
            "vcse": ("yes",) if supplier.is_vcse else (),
            "region": _regions(supplier),
        },
    )


def _regions(supplier: Organisation) -> tuple[str, ...]:
    """Where it works; whoever works everywhere is found in every region."""
    named = [one for one in Region if one.label in supplier.regions]
    return tuple(one.value for one in (Region if Region.UK_WIDE in named else named))
