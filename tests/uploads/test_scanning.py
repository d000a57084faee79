"""A file is held until the scanner has called it clean; what is infected nobody ever gets."""

from io import BytesIO

import pytest
from sqlmodel import Session, select

from auth.actor import VISITOR
from marketplace.app import assemble, beside, build
from marketplace.challenges.models import Attachment, Stage
from marketplace.core import files
from marketplace.core.errors import NotFound, Unavailable
from marketplace.core.journal import Event
from marketplace.core.outbox import deliver
from marketplace.core.scanning import Clamd, Scan, Verdict
from marketplace.settings import Settings
from marketplace.tenders.models import Stage as TenderStage
from marketplace.verbs import Verb
from tests.bids.bidding import Bidder, published
from tests.browser_of_pages import HERE, Browser
from tests.services import free_port
from tests.uploads.clamd import EICAR, FOUND, Daemon

PLAN = b"Where the grit bins stand.\n"


@pytest.fixture
def daemon():
    with Daemon() as running:
        yield running


@pytest.fixture
def scanned(settings, daemon):
    """A marketplace that has a scanner."""
    made = assemble(Settings(**settings.model_dump() | {"clamd_url": daemon.url}))
    yield made
    made.close()


@pytest.fixture
def reader(scanned):
    from fastapi.testclient import TestClient

    app = build(scanned)
    app.state.who = lambda request, session: browser.actor
    browser = Browser(TestClient(app, base_url=HERE), scanned.engine)
    yield browser
    browser.client.close()


@pytest.fixture
def upload(make, reader, session):
    """An author of Camden attaches a file to a draft; the author, and where the file is."""
    camden = make.authority("Camden")
    author, challenge = make.author(camden), make.challenge(camden, Stage.DRAFT)

    def upload(content):
        place = f"/challenges/{challenge.id}"
        reader.as_(author).post(f"{place}/attachments", files={"file": ("plan.txt", content)})
        assert reader.status == 200
        session.rollback()
        newest = select(Attachment).order_by(Attachment.created_at.desc(), Attachment.id.desc())
        kept = session.exec(newest).first()
        told = f"{place}/files/{kept.id}", kept.key
        session.rollback()
        return author, *told

    return upload


def scan(marketplace):
    return beside(marketplace)["scanner"]()


def test_a_file_is_held_until_it_is_clean(reader, scanned, upload, daemon):
    _, place, _ = upload(PLAN)
    held = reader.get(place)
    assert reader.status == 409
    assert "is being checked for viruses" in held.get_text()

    assert scan(scanned) == 1

    reader.get(place)
    assert (reader.status, reader.text) == (200, PLAN.decode())
    assert daemon.received == [PLAN]
    assert scan(scanned) == 0  # nothing is looked at twice


def test_a_document_of_a_tender_is_held_too(make, reader, scanned):
    camden = make.authority("Camden")
    tender = make.tender(camden, stage=TenderStage.DRAFT, published_at=None)
    author, work = make.author(camden), f"/tenders/{tender.id}/workspace/documents"
    reader.as_(author).post(work, files={"file": ("plan.txt", PLAN)})
    listed = reader.main(work)
    assert "Being checked for viruses" in listed.get_text()
    assert not listed.select(f"a[href^='/tenders/{tender.id}/files/']")
    scan(scanned)
    reader.get(reader.main(work).select_one(f"a[href^='/tenders/{tender.id}/files/']")["href"])
    assert reader.text == PLAN.decode()


def test_an_infected_file_is_never_handed_out_and_loti_hears_of_it(
    make, reader, scanned, upload, session
):
    curator = make.curator()
    author, place, key = upload(EICAR)
    scan(scanned)

    refused = reader.as_(author).get(place)
    assert reader.status == 409
    assert "a virus was found in it" in refused.get_text()
    with pytest.raises(NotFound):
        files.opened(scanned.files, key)

    deliver(scanned.engine)
    news = reader.as_(curator).main("/notifications").get_text(" ", strip=True)
    assert "A virus was found in a file of Camden" in news
    assert f"The file plan.txt held {FOUND}." in news
    assert "plan.txt" in reader.main("/files").get_text()
    mine = reader.as_(author).main("/notifications").get_text(" ", strip=True)
    assert "Removed: your file plan.txt" in mine


def test_removing_an_infected_file_from_a_draft_does_not_forget_it(
    reader, scanned, upload, session
):
    author, place, _ = upload(EICAR)
    scan(scanned)
    reader.as_(author).post(f"{place.replace('files', 'attachments')}/remove")
    assert reader.status == 200
    assert "plan.txt" in reader.main("/files").get_text()


def test_only_its_organisation_and_loti_see_what_was_removed(make, reader, scanned, upload):
    upload(EICAR)
    scan(scanned)
    for other in (make.author(make.authority("Hackney")), make.manager(make.supplier())):
        assert "plan.txt" not in reader.as_(other).main("/files").get_text()
    reader.as_(VISITOR).get("/files")
    assert reader.status == 404


def test_a_file_stays_held_while_the_scanner_cannot_judge(reader, scanned, upload, daemon):
    _, place, _ = upload(PLAN)
    for answer in (b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: "):
        daemon.answer = answer
        assert scan(scanned) == 0
        reader.get(place)
        assert reader.status == 409
    daemon.answer = None
    assert scan(scanned) == 1


def test_one_file_that_fails_holds_up_no_other(reader, scanned, upload, daemon, session):
    upload(PLAN)
    daemon.answer = b"stream: ERROR\0"
    scan(scanned)
    daemon.answer = None
    with Session(scanned.engine) as later:
        tried = later.exec(select(Scan)).one().tried_at
    upload(b"Another\n")
    assert scan(scanned) == 2
    assert daemon.received[1:] == [b"Another\n", PLAN]  # who was never tried comes first
    assert tried


def test_without_a_scanner_files_are_handed_out_and_wait_for_one(
    browser, make, session, marketplace, scanned
):
    camden = make.authority()
    challenge = make.challenge(camden, Stage.DRAFT)
    browser.as_(make.author(camden))
    place = f"/challenges/{challenge.id}"
    browser.post(f"{place}/attachments", files={"file": ("plan.txt", EICAR)})
    kept = session.exec(select(Attachment)).one()
    browser.get(f"{place}/files/{kept.id}")
    assert browser.status == 200
    assert "scanner" not in beside(marketplace)

    scan(scanned)  # the same marketplace, once there is one

    browser.get(f"{place}/files/{kept.id}")
    assert browser.status == 409
    session.rollback()
    assert session.exec(select(Scan)).one().verdict == Verdict.INFECTED


def test_a_removed_file_is_forgotten(reader, scanned, upload, session):
    author, place, _ = upload(PLAN)
    reader.as_(author).post(f"{place.replace('files', 'attachments')}/remove")
    session.rollback()
    assert session.exec(select(Scan)).all() == []
    assert scan(scanned) == 0


@pytest.mark.parametrize("content", [PLAN, b"", b"x" * 600_000])
def test_the_daemon_is_given_all_of_a_file_by_a_socket_too(tmp_path, content):
    with Daemon(tmp_path / "clamd") as daemon:
        assert Clamd(daemon.url).scan(BytesIO(content)) == ""
        assert daemon.received == [content]


def test_a_daemon_that_is_not_there_is_no_verdict(tmp_path):
    for url in (f"unix://{tmp_path}/nothing", f"tcp://127.0.0.1:{free_port()}"):
        with pytest.raises(Unavailable, match="does not answer"):
            Clamd(url).scan(BytesIO(PLAN))


@pytest.mark.parametrize("url", ["clamd:3310", "http://clamd:3310", "tcp://", "tcp://x:y", "unix:"])
def test_a_scanner_s_address_that_is_none_is_refused_at_the_start(url):
    with pytest.raises(ValueError, match="such as tcp://host:3310"):
        Settings(clamd_url=url)


def test_a_sealed_file_is_scanned_as_it_was_and_only_its_bidder_reads_the_verdict(
    reader, scanned, make, session, daemon
):
    tender = published(make, make.authority("Camden"))
    bidder = Bidder(reader, make.manager(make.supplier("Moss")), tender)
    bidder.start()
    bidder.attach("plan.txt", PLAN)
    bidder.attach("virus.txt", EICAR)
    assert "Being checked for viruses" in bidder.main("/files")
    assert scan(scanned) == 2
    seen = reader.main(f"{bidder.at}/files")
    assert [link.text for link in seen.select("a[href*='/files/']")] == ["plan.txt"]
    assert "virus.txt (1 kB). Removed, because a virus was found in it." in bidder.main("/files")
    reader.get(str(seen.select_one("a[href*='/files/']")["href"]))
    assert reader.text == PLAN.decode()
    assert not session.exec(select(Event).where(Event.verb == Verb.FILE_REFUSE)).all()
    assert "virus.txt" not in reader.as_(make.curator()).main("/files").text
