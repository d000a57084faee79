"""The files that belong to a record: of the tender, of the bids that were opened, of contracts."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO
from uuid import UUID

from obstore.store import ObjectStore
from sqlmodel import col

from marketplace.bids.models import BidFile
from marketplace.contracts.models import ContractDocument
from marketplace.core import files as store_files
from marketplace.core import scanning
from marketplace.core.context import Context
from marketplace.core.files import FileRow
from marketplace.core.sealing import Seal, seal
from marketplace.record import queries
from marketplace.record.archive import Found, safe
from marketplace.record.streaming import Enclosed
from marketplace.tenders.models import TenderDocument

LONGEST = 80  # characters of a file's own name
PIECE = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class _File:
    folder: str
    row: FileRow
    nameless: bool = False  # its own name could tell whose it is
    sealed: bool = False


def files(
    ctx: Context, store: ObjectStore, found: Found
) -> tuple[Sequence[Enclosed], Sequence[str]]:
    """The files that the reader may have, each under a name of its own; and a line for each that
    is left out, because a virus was found in it or is looked for.
    """
    known = list(_known(ctx, found))
    held = scanning.held(ctx, [one.row.key for one in known])
    key, numbers = seal(ctx.settings), Counter[str]()
    enclosed, left_out = [], []
    for one in known:
        numbers[one.folder] += 1
        name = safe(f"{one.folder}/{_name(one, numbers[one.folder])}")
        if why := held.get(one.row.key):
            left_out.append(f"{name}: {why}")
        else:
            enclosed.append(Enclosed(name, one.row.size, _pieces(store, key, one)))
    return enclosed, left_out


def _known(ctx: Context, found: Found) -> Iterator[_File]:
    tender = found.tender
    for row in queries.rows(ctx, TenderDocument, col(TenderDocument.tender_id), [tender.id]):
        yield _File("tender", row)
    references = {bid.id: bid.reference for bid in found.bids}
    for file, number in queries.bid_files(ctx, tender):
        yield _of_bid(file, number, references.get(file.bid_id, ""))
    contracts: dict[UUID, str] = {one.id: one.reference for one in found.contracts}
    for row in queries.rows(
        ctx, ContractDocument, col(ContractDocument.contract_id), list(contracts)
    ):
        yield _File(f"contracts/{contracts[row.contract_id]}", row)


def _of_bid(file: BidFile, number: int, reference: str) -> _File:
    """Whoever may read a bid and not whose it is has its files as a panel does."""
    if reference:
        return _File(f"bids/{reference}", file, sealed=True)
    return _File(f"bids/Bidder-{number}", file, nameless=True, sealed=True)


def _name(one: _File, number: int) -> str:
    """Its number makes it the only one of its folder."""
    stem, dot, ending = one.row.name.rpartition(".")
    stem, ending = (stem, ending) if dot else (ending, "")
    said = f"{number:02}" if one.nameless else f"{number:02}-{stem[:LONGEST]}"
    return f"{said}.{ending[:10]}" if ending else said


def _pieces(store: ObjectStore, key: Seal, one: _File) -> Callable[[], Iterable[bytes]]:
    if not one.sealed:
        return partial(store_files.chunks, store, one.row.key)

    return lambda: _read(key.opened_file(store, one.row.key))


def _read(plain: IO[bytes]) -> Iterator[bytes]:
    with plain:
        yield from iter(lambda: plain.read(PIECE), b"")
