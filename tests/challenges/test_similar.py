"""While somebody drafts, challenges that are like it are shown: joining beats duplicating."""

import pytest

from marketplace.challenges.models import Challenge, Stage
from marketplace.discovery.indexing import reindex
from marketplace.organisations.models import Organisation
from search.port import Unavailable


@pytest.fixture
def author(browser, make):
    return browser.as_(make.author(make.authority("Camden")))


@pytest.fixture
def known(make, marketplace):
    """Two open challenges and one that is hidden, all in the index."""
    hackney = make.authority("Hackney")
    waste = make.challenge(hackney, title="Trace missed bin collections")
    make.commitment(waste, make.authority("Southwark"))
    make.challenge(
        hackney,
        title="Payroll for schools",
        need="Teachers are paid late.",
        affected="Teachers",
        outcomes="Paid on time",
        today="A spreadsheet",
        constraints="",
        cpv=["79211110"],
        area="hr-payroll",
    )
    make.challenge(hackney, Stage.SUBMITTED, title="Missed bin collections, hidden")
    make.challenge(hackney, Stage.CLOSED, title="Missed bin collections, closed")
    reindex(marketplace.engine, marketplace.index)
    return waste


def shown(seen):
    return [link.text for link in seen.select("a[href^='/challenges/']")]


def test_while_typing_only_the_block_comes_back(author, known):
    seen = author.get("/challenges/new?title=missed+bin+collections", target="similar")
    assert not seen.select("html, h1, form")
    assert shown(seen) == ["Trace missed bin collections"]
    assert "by Hackney: 1 other authority has this need" in " ".join(seen.text.split())
    assert seen.select_one("[hx-target='#announcement']").text == "1 similar challenge"


def test_without_javascript_the_next_page_shows_them(author, known):
    seen = author.post("/challenges", title="Bin collections that are missed")
    main = seen.select_one("main")
    assert "Trace missed bin collections" in main.text
    assert "hidden" not in main.text
    assert "closed" not in main.text


def test_a_title_that_is_like_nothing_shows_nothing(author, known):
    for title in ("", "  ", "zzzz qqqq"):
        seen = author.get(f"/challenges/new?title={title}", target="similar")
        assert not shown(seen)


def test_a_draft_is_not_like_itself(author, make, known, marketplace, session):
    camden = session.get(Organisation, author.actor.organisation_id)
    own = make.challenge(camden, Stage.RETURNED, title="Missed bin collections again")
    reindex(marketplace.engine, marketplace.index)
    seen = author.get(f"/challenges/{own.id}/edit")
    assert "Trace missed bin collections" in seen.select_one("main").text
    assert not seen.select(f".govuk-list a[href='/challenges/{own.id}']")


def test_while_the_index_is_away_drafting_goes_on(author, known, marketplace, monkeypatch):
    def away(need):
        raise Unavailable("down")

    monkeypatch.setattr(marketplace.index, "match", away)
    seen = author.post("/challenges", title="Missed bins")
    assert author.status == 200
    assert seen.select_one("h1").text == "Draft: Missed bins"
    assert "cannot be said whether others have asked for this" in seen.select_one("main").text


def test_a_very_long_title_does_no_harm(author, known):
    author.get("/challenges/new?title=" + "bin+" * 1500, target="similar")
    assert author.status == 200


def test_a_draft_without_a_title_looks_for_nothing(author, make, session):
    draft = make(Challenge(organisation_id=author.actor.organisation_id))
    seen = author.get(f"/challenges/{draft.id}/edit")
    assert seen.select_one("h1").text == "Draft: Untitled challenge"
