"""What search sees of a notice."""

from marketplace.notices.models import Notice
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
    )
