"""Everybody finds out which authorities take part, and with what."""

from auth.actor import VISITOR
from marketplace.challenges.models import CommitmentStage, Level, Stage


def test_the_map_says_what_each_authority_does(browser, make):
    camden = make.authority("Camden", gss_code="E09000007")
    hackney = make.authority("Hackney", gss_code="E09000012")
    brent = make.authority("Brent", gss_code="E09000005")
    barnet = make.authority("Barnet", gss_code="E09000003")
    tfl = make.authority("Transport for London")
    challenge = make.challenge(camden)
    make.challenge(camden, stage=Stage.DRAFT)
    make.commitment(challenge, hackney)
    make.commitment(challenge, brent, level=Level.WATCHING)
    make.commitment(challenge, tfl, level=Level.COMMITTED)
    make.commitment(challenge, barnet, stage=CommitmentStage.WITHDRAWN)

    seen = browser.as_(VISITOR).main("/authorities")

    tiles = {tile.contents[0]: tile for tile in seen.select(".app-tile__link")}
    states = {
        name: (tile.parent["class"][1], tile.select_one(".app-tile__state").get_text())
        for name, tile in tiles.items()
    }
    assert len(tiles) == 34
    assert states["Camden"] == ("app-tile--posted", "1 posted")
    assert states["Hackney"] == ("app-tile--same-need", "1 joined")
    assert states["Brent"] == ("app-tile--watching", "1 watching")
    assert states["Barnet"] == ("app-tile--not-yet", "Not yet")
    assert states["Transport for London"] == ("app-tile--same-need", "1 joined")
    assert tiles["Camden"]["href"] == f"/authorities/{camden.id}"


def test_many_authorities_cost_no_more_queries(browser, make):
    costs = []
    for _ in range(2):
        for number in range(10):
            make.challenge(make.authority(f"Authority {number}"))
        browser.get("/authorities")
        costs.append(len(browser.queries))
    assert costs[0] == costs[1]


def test_an_authority_shows_what_it_posted_and_joined(browser, make):
    camden = make.authority("Camden", gss_code="E09000007", org_id="GB-LAE-CMD")
    hackney = make.authority("Hackney")
    make.challenge(camden, title="Trace missed bins")
    make.challenge(camden, title="Not yet sent", stage=Stage.DRAFT)
    theirs = make.challenge(hackney, title="Damp homes")
    make.commitment(theirs, camden, level=Level.COMMITTED)
    watcher = make.author(camden)

    for reader in (VISITOR, watcher, make.manager(make.supplier()), make.curator()):
        seen = browser.as_(reader).main(f"/authorities/{camden.id}")
        text = seen.get_text(" ", strip=True)
        titles = [title.get_text() for title in seen.select(".app-list__title")]
        assert titles == ["Trace missed bins", "Damp homes"]
        assert "E09000007" in text
        assert "GB-LAE-CMD" in text
        assert "Committed Posted by Hackney" in text


def test_an_authority_that_did_nothing_yet_says_so(browser, make):
    text = browser.main(f"/authorities/{make.authority('Camden').id}").get_text()
    assert "Camden has not posted a challenge." in text
    assert "Camden has not joined a challenge of another authority." in text


def test_many_challenges_go_on_by_key(browser, make):
    camden = make.authority("Camden")
    for number in range(30):
        make.challenge(camden, title=f"Challenge {number}")
    first = browser.main(f"/authorities/{camden.id}")
    rest = browser.main(first.select_one("a[rel=next]")["href"])
    titles = [title.get_text() for part in (first, rest) for title in part.select("h3")]
    assert len(titles) == len(set(titles)) == 30


def test_a_supplier_is_no_authority(browser, make):
    for address in (
        make.supplier().id,
        make.loti().id,
        "00000000-0000-0000-0000-000000000000",
        "x",
    ):
        browser.get(f"/authorities/{address}")
        assert browser.status == 404
