"""The archive of a record has the files themselves: those that its reader may have."""

import hashlib
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlmodel import select

from marketplace.bids.models import Bidder, BidFile
from marketplace.core import files as kept_files
from marketplace.core import sealing
from marketplace.core.scanning import Scan, Verdict
from marketplace.evaluation.models import Evaluation, Seat, SeatRole, SeatStage, Stage
from marketplace.record import streaming
from marketplace.tenders.models import TenderDocument
from tests.awards.deciding import Decided
from tests.contracts.conftest import AFTER, clock, confirmed
from tests.contracts.contracting import at
from tests.tenders.drafting import fine

__all__ = ["clock", "confirmed"]

TERMS, PLAN, SIGNED = b"What both agree to.\n", b"Moss sends two vans.\n", b"Signed by both.\n"


@pytest.fixture
def enclosed(confirmed: Decided, marketplace, settings, session) -> Decided:
    """A document of the tender, a file of a bid that was opened, and two of a contract."""
    make, store = confirmed.make, marketplace.files
    key = sealing.seal(settings)
    for kind, body, name, sealing_it, whose in (
        (TenderDocument, TERMS, "terms: (both).txt", None, {"tender_id": confirmed.tender.id}),
        (
            BidFile,
            PLAN,
            "Moss Repairs plan.txt",
            key.close_file,
            {"bid_id": confirmed.bids["Moss Repairs"].id},
        ),
    ):
        stored = kept_files.save(store, BytesIO(body), name, 10_000, sealing_it)
        make(kind(**stored.columns, **whose))
    browser, url = confirmed.as_author(), at(confirmed.contracts()["Camden"])
    for body in (SIGNED, b"Another.\n"):
        browser.post(f"{url}/documents", files={"file": ("contract.txt", body)})
        fine(browser)
    assert len(session.exec(select(Scan)).all()) == 2, "they are to be scanned like every upload"
    session.rollback()
    return confirmed


def taken(made: Decided, who) -> dict[str, bytes]:
    answer = made.browser.as_(who).client.get(f"/tenders/{made.tender.id}/workspace/record.zip")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as found:
        assert found.testzip() is None
        assert len(found.namelist()) == len(set(found.namelist()))
        return {name: found.read(name) for name in found.namelist()}


def checked(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files but the pages, when the list of fingerprints names all and is right."""
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(files) - {"SHA256SUMS"}
    for name, sum_ in sums.items():
        assert hashlib.sha256(files[name]).hexdigest() == sum_, name
    return {name: body for name, body in files.items() if name.endswith(".txt")}


def test_every_file_is_in_it_under_a_safe_name_with_its_fingerprint(enclosed: Decided):
    camden = f"contracts/{enclosed.contracts()['Camden'].reference}"
    bid = enclosed.bids["Moss Repairs"].reference
    shared = {"tender/01-terms---both-.txt": TERMS, f"bids/{bid}/01-Moss-Repairs-plan.txt": PLAN}
    found = checked(taken(enclosed, enclosed.authors["Camden"]))
    of_contract = [found.pop(f"{camden}/{number}-contract.txt") for number in ("01", "02")]
    assert sorted(of_contract) == [b"Another.\n", SIGNED]
    assert found == shared
    hackney = checked(taken(enclosed, enclosed.authors["Hackney"]))
    assert hackney == shared, "the documents of a contract are for those whose contract it is"


def test_while_bidders_are_nameless_so_are_their_files_and_only_the_panel_has_them(
    enclosed: Decided,
):
    make, session = enclosed.make, enclosed.make.session
    evaluation = session.exec(
        select(Evaluation).where(Evaluation.tender_id == enclosed.tender.id)
    ).one()
    evaluation.stage = Stage.SCORING
    make(evaluation)
    bid = enclosed.bids["Moss Repairs"]
    make(Bidder(number=7, bid_id=bid.id, tender_id=enclosed.tender.id))
    camden, hackney = enclosed.authors["Camden"], enclosed.authors["Hackney"]
    make(
        Seat(
            role=SeatRole.EVALUATOR,
            stage=SeatStage.SITTING,
            person_id=hackney.person_id,
            organisation_id=hackney.organisation_id,
            evaluation_id=evaluation.id,
            tender_id=enclosed.tender.id,
        )
    )
    files = taken(enclosed, hackney)
    assert checked(files)["bids/Bidder-7/01.txt"] == PLAN
    of_bids = [name for name in files if name.startswith("bids/")]
    assert of_bids == ["bids/Bidder-7/01.txt"]
    assert not any("bids/" in name for name in taken(enclosed, camden)), "it has no seat"


def test_what_a_virus_was_found_in_or_is_gone_is_named_as_left_out(enclosed: Decided, marketplace):
    make, session = enclosed.make, enclosed.make.session
    infected, gone = session.exec(select(Scan)).all()
    infected.verdict = Verdict.INFECTED
    make(infected)
    kept_files.drop(marketplace.files, gone.key)
    files = taken(enclosed, enclosed.authors["Camden"])
    told = sorted(checked(files)["LEFT-OUT.txt"].decode().splitlines())
    assert len(told) == 2
    assert all(line.startswith("contracts/C-") for line in told)
    assert "a virus was found in it" in " ".join(told)
    assert "There is no such file." in " ".join(told)
    assert not any(name.endswith("-contract.txt") for name in files)


def test_a_large_file_goes_out_piece_by_piece():
    piece, asked = b"0123456789" * 10_000, []

    def pieces():
        for number in range(100):
            asked.append(number)
            yield piece

    large = streaming.Enclosed("large", 100 * len(piece), pieces)
    made = streaming.stream([], [large], [], AFTER)
    first = next(made)
    assert len(asked) < 100, "the first piece is sent before the last is read"
    with ZipFile(BytesIO(first + b"".join(made))) as found:
        assert found.read("large") == piece * 100
