"""What search sees of a notice."""

from marketplace.notices.models import Notice
from marketplace.notices.reading import OTHER, PORTALS
from marketplace.reference import cpv
from search.port import Document


def document(notice: Notice) -> Document:
    """A notice, by what is bought, who buys it, who won it and the reference it is quoted by."""
    about = (
        notice.description,
        notice.buyer_name,
        ", ".join(str(supplier.get("name") or "") for supplier in notice.suppliers),
        ", ".join(f"{code} {cpv.label(code)}" for code in notice.cpv),
        notice.ocid,
    )
    return Document(
        id=f"notice-{notice.id}",
        kind="notice",
        title=notice.title or "Notice without a title",
        body="\n".join(filter(None, about)),
        audience=frozenset({"public"}),
        at=notice.published_at,
        facets={
            "source": (notice.source if notice.source in PORTALS.values() else OTHER,),
            "cpv": cpv.with_broader(notice.cpv),
            "brought_by": (str(notice.import_id),) if notice.import_id else (),
        },
        numbers={"closes": notice.tender_ends_at} if notice.tender_ends_at else {},
        references=(notice.ocid, notice.release_id),
    )
