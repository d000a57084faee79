"""What search sees of a tender."""

from marketplace.reference import cpv
from marketplace.tenders.models import Tender
from search.port import Document


def document(tender: Tender) -> Document | None:
    """The tender for the index, as it is published; one that is being prepared is nobody's to
    find.
    """
    if tender.published_at is None:
        return None
    codes = (cpv.label(code) for code in tender.cpv)
    said = (tender.public_summary, *codes, tender.organisation.name, tender.outcome)
    return Document(
        id=f"tender-{tender.id}",
        kind="tender",
        title=tender.called,
        body="\n".join(filter(None, said)),
        audience=frozenset({"public"}),
        at=tender.published_at,
        facets={
            "stage": (str(tender.stage),),
            "authority": (tender.organisation.slug,),
            "area": (str(tender.area),) if tender.area else (),
            "cpv": cpv.with_broader(tender.cpv),
        },
        numbers={"closes": tender.closes_at} if tender.closes_at and not tender.ended else {},
        references=(
            tender.reference,
            *(str(one["number"]) for one in tender.notices.values()),
        ),
    )
