"""The key of the seal is changed for another while suppliers bid, and nothing is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select
from typer.testing import CliRunner

from marketplace.__main__ import cli
from marketplace.app import assemble, build
from marketplace.bids.models import Bid, BidFile, SealedBid
from marketplace.bids.rotating import rotate
from marketplace.core.sealing import seal
from marketplace.settings import Settings
from tests.bids.bidding import Bidder
from tests.bids.test_opening import opened, two
from tests.browser_of_pages import HERE, Browser

__all__ = ["two"]

NEW = "a new key, which is long enough to be one"


@pytest.fixture
def under(settings, bidder: Bidder) -> Iterator[Any]:
    """The same bidder on a server with other keys, and that server."""
    begun = []

    def serve(**keys: str) -> tuple[Bidder, Any]:
        other = assemble(settings.model_copy(update=keys))
        app = build(other)
        browser = Browser(TestClient(app, base_url=HERE), other.engine)
        app.state.who = lambda request, session: browser.actor
        begun.append((browser, other))
        return Bidder(browser, bidder.actor, bidder.tender), other

    yield serve
    for browser, other in begun:
        browser.client.close()
        other.close()


def test_bids_files_and_letters_are_put_under_the_new_key(
    bidder: Bidder, under, settings, session, two
):
    bidder.bid()
    bidder.attach()
    old = (settings.data_dir / "seal.key").read_text()
    session.rollback()
    [before] = session.exec(select(SealedBid.place)).all()
    session.rollback()
    both, other = under(seal_key=NEW, seal_key_old=old)
    assert "Submitted" in both.main(), "it is found and read with both keys"
    both.start()
    session.rollback()
    assert len(session.exec(select(SealedBid)).all()) == 1, "and not begun a second time"
    session.rollback()
    done = rotate(other.engine, other.files, seal(other.settings))
    assert (done.boxes, done.letters, done.files) == (1, 1, 1)
    again = rotate(other.engine, other.files, seal(other.settings))
    assert (again.boxes, again.files) == (0, 0)
    session.rollback()
    [row] = session.exec(select(SealedBid)).all()
    assert row.place != before
    session.rollback()
    new, _ = under(seal_key=NEW)
    file = str(new.browser.as_(new.actor).main(f"{new.at}/files").select_one("li a")["href"])
    new.browser.get(file)
    assert new.browser.text == "Where the vans are.\n"
    assert "1 bid was opened" in opened(new, *two).text
    session.rollback()
    [bid] = session.exec(select(Bid)).all()
    assert bid.content["contact"]["name"] == "Robin Moss"
    session.rollback()
    wrong, _ = under(seal_key="another key that is long enough, too")
    assert "Robin Moss" in wrong.main(), "what was opened is no longer sealed"


def test_opened_bids_keep_their_files(bidder: Bidder, under, settings, session, two):
    bidder.bid()
    bidder.attach()
    opened(bidder, *two)
    session.rollback()
    [kept] = session.exec(select(BidFile)).all()
    old = (settings.data_dir / "seal.key").read_text()
    _, other = under(seal_key=NEW, seal_key_old=old)
    assert rotate(other.engine, other.files, seal(other.settings)).files == 1
    _, new = under(seal_key=NEW)
    assert seal(new.settings).opened_file(new.files, kept.key).read() == b"Where the vans are.\n"


def test_the_command_says_which_keys_it_needs(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    told = CliRunner().invoke(cli, ["rotate-seal-key"])
    assert told.exit_code == 2
    assert "SEAL_KEY_OLD" in told.output
    monkeypatch.setenv("SEAL_KEY", NEW)
    monkeypatch.setenv("SEAL_KEY_OLD", "the key that it was before, just as long")
    told = CliRunner().invoke(cli, ["rotate-seal-key"])
    assert told.exit_code == 0, told.output
    assert "0 bids, 0 letters and 0 files are sealed." in told.output
    with pytest.raises(ValueError, match="SEAL_KEY_OLD is what SEAL_KEY was before"):
        Settings(seal_key=NEW, seal_key_old=NEW)
