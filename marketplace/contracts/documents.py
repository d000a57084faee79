"""What search sees of a contract."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from marketplace.contracts.models import Contract, ContractStage
from marketplace.core.times import LONDON, end_of
from marketplace.organisations.models import Organisation
from marketplace.reference import cpv
from search.port import Document

LEAST = timedelta(microseconds=1)  # before a day is over, it is still that day


def document(
    contract: Contract, signers: Iterable[Organisation], callers: Iterable[Organisation]
) -> Document | None:
    """The contract for the index, once it is signed: from then on everybody sees it. `signers` are
    the authorities that sign it, `callers` those that may call off under it.
    """
    if contract.stage not in (ContractStage.SIGNED, ContractStage.ENDED):
        return None
    if contract.signed_on is None:
        return None
    tender, last, signers, callers = contract.tender, contract.ends(), [*signers], [*callers]
    codes = tender.cpv if tender else []
    buying = dict.fromkeys([contract.organisation.name, *(one.name for one in signers)])
    said = (
        f"{', '.join(buying)} with {contract.supplier.name}",
        tender.public_summary if tender else "",
        *map(cpv.label, codes),
        *(one.name for one in callers),
    )
    whose = {contract.organisation.slug, *(one.slug for one in signers)}
    return Document(
        id=f"contract-{contract.id}",
        kind="contract",
        title=contract.title,
        body="\n".join(filter(None, said)),
        audience=frozenset({"public"}),
        at=datetime.combine(contract.signed_on, time(), LONDON),
        facets={
            "authority": tuple(sorted(whose)),
            "caller": tuple(sorted({one.slug for one in callers})),
            "area": (str(tender.area),) if tender and tender.area else (),
            "cpv": cpv.with_broader(codes),
        },
        numbers={"ends": end_of(last) - LEAST} if last else {},
        references=(contract.reference, *filter(None, [contract.number])),
    )
