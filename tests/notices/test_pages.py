"""Notices through a browser: finding them, reading one, and reading a file of them in."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from marketplace.core import files
from marketplace.core.outbox import Delivery
from marketplace.core.times import now
from marketplace.discovery.indexing import reindex
from marketplace.notices import background
from marketplace.notices.models import Import, Notice, State
from search.port import Unavailable
from tests.notices.releases import package, release


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def upload(browser, session):
    """Sends a file as the actor of the browser; the address of the import."""

    def upload(content: bytes, name: str = "notices.json") -> str:
        browser.post("/notices/import", files={"file": (name, content)})
        newest = select(Import.id).order_by(col(Import.created_at).desc())
        id = session.exec(newest).first()
        session.rollback()  # so that it sees later what others write meanwhile
        return f"/notices/imports/{id}" if id else ""

    return upload


def text(tag) -> str:
    return " ".join(tag.get_text(" ").split())


def test_an_authority_reads_a_file_in_and_starts_a_challenge_from_what_is_new(
    make, camden, browser, upload, news
):
    browser.as_(make.author(camden))
    assert "Read notices in from a file" in text(browser.main("/notices"))
    browser.main("/notices/import")
    here = upload(package(release(), release("ocid", "ocds-b5fd17-2", buyer=None, parties=None)))

    waiting = browser.get(here)
    assert waiting.select_one("#progress [hx-get][hx-trigger='every 2s'] progress")
    assert waiting.select_one("noscript meta[http-equiv=refresh]")
    news()
    block = browser.get(here, target="progress")
    assert not block.select("[hx-trigger]"), "the polling ends"
    assert "Finished. 2 new, 0 updated." in text(block)
    assert "No buyer is named." in text(block)
    links = block.select("a[href^='/challenges/new?notice=']")
    assert len(links) == 2
    browser.main(links[0]["href"])
    assert "Import of notices.json" in text(browser.main(here))


def test_search_finds_a_notice_as_soon_as_the_news_is_delivered(
    make, camden, browser, upload, news
):
    browser.as_(make.author(camden))
    upload(package(release()))
    news()
    assert "Waste collection rounds" in text(browser.main("/search?q=collection+rounds"))


def test_a_file_that_is_no_file_of_notices_gets_one_sentence(make, camden, browser, upload, news):
    browser.as_(make.author(camden))
    here = upload(b"{", "..\\..\\secret.json")
    news()
    page = browser.main(here)
    assert "Import of secret.json" in text(page)
    assert text(page.select_one(".govuk-warning-text")).startswith("! Warning The file ")
    assert "Nothing was saved." in text(page)


def test_no_file_chosen_is_said_at_the_question(make, camden, browser):
    page = browser.as_(make.author(camden)).post("/notices/import")
    assert browser.status == 422
    assert page.select_one(".govuk-error-summary a[href='#file']")


@pytest.mark.parametrize("who", ["visitor", "supplier"])
def test_others_read_notices_but_read_none_in(make, browser, upload, session, who):
    if who == "supplier":
        browser.as_(make.manager(make.supplier()))
    notice = make.notice()
    assert "Read notices in" not in text(browser.main("/notices"))
    assert "Start a challenge" not in text(browser.main(f"/notices/{notice.id}"))
    browser.get("/notices/import")
    assert browser.status == 403
    assert upload(package(release())) == ""
    assert browser.status == 403
    assert "you must act for an authority or LOTI" in browser.text
    assert session.exec(select(Import)).all() == []


def test_an_import_is_seen_by_its_organisation_and_by_loti_alone(
    make, camden, browser, upload, news
):
    browser.as_(make.author(camden))
    here = upload(package(release("buyer", 5)))
    news()
    for who, status in (
        (make.author(camden), 200),
        (make.curator(), 200),
        (make.author(make.authority("Hackney")), 404),
        (make.manager(make.supplier()), 404),
    ):
        browser.as_(who)
        id = here.rpartition("/")[2]
        for address in (here, f"{here}/problems.csv", f"/notices?brought_by={id}"):
            browser.get(address)
            assert browser.status == status, (who.name, address)
        assert ("notices.json" in browser.get("/notices/import").get_text()) == (status == 200)


def test_problems_are_downloaded_with_formulas_made_harmless(make, camden, browser, session):
    problem = {"record": "=1+1", "field": "@x", "reason": "Wrong"}
    done = Import(
        name="a.json",
        size=1,
        state=State.DONE,
        warnings=20,
        problems=[problem] * 20,
        person_name="Somebody",
        organisation_id=camden.id,
    )
    make(done)
    browser.as_(make.author(camden))
    assert len(browser.main(f"/notices/imports/{done.id}").select("#problems tbody tr")) == 15
    browser.get(f"/notices/imports/{done.id}/problems.csv")
    lines = browser.text.splitlines()
    assert lines[:2] == ["Record,Field,Reason", "'=1+1,'@x,Wrong"]
    assert len(lines) == 21


def test_a_notice_says_what_is_known_of_it(make, camden, browser, upload, news, session):
    author = make.author(camden)
    browser.as_(author)
    upload(package(release()))
    news()
    notice = session.exec(select(Notice)).one()
    challenge = make.challenge(camden, notice_id=notice.id, title="Rounds are hard to plan")
    page = browser.main(f"/notices/{notice.id}")
    said = text(page)
    for words in (
        "Waste collection rounds",
        "Award",
        "London Borough of Exampleham GB-LAE XMP",
        "£100,000 (GBP), VAT excluded",
        "90511000 Refuse",
        "Tuesday 10 February 2026 at 12 noon (UK time)",
        "Bins & Routes Ltd, GB-COH 01234567",
        challenge.title,
        "Monday 2 March 2026 at 9am (UK time): Award one-1",
    ):
        assert words in said
    link = page.select_one("a[href='https://notices.example/award']")
    assert link["rel"] == ["nofollow", "noopener", "noreferrer"]
    assert page.select_one(f"a[href='/challenges/new?notice={notice.id}']")


def test_a_link_that_is_no_web_page_is_not_drawn(make, browser):
    page = browser.main(f"/notices/{make.notice(link='javascript:alert(1)').id}")
    assert not page.select("a[href^=javascript]")


@pytest.fixture
def many(make):
    open_until = now() + timedelta(days=3)
    for number in range(27):
        make.notice(
            title=f"Notice {number:02}",
            published_at=now() - timedelta(days=number),
            cpv=["48000000" if number % 2 else "90511000"],
            division="48" if number % 2 else "90",
            source="Sell2Wales" if number == 4 else "A portal of its own",
            tender_ends_at=open_until if number in (4, 5) else None,
        )


def titles(browser, query="", target=""):
    found = browser.get(f"/notices{query}", target=target)
    return [text(one) for one in found.select(".app-list__title")]


def test_the_list_is_filtered_and_goes_on(many, browser, marketplace):
    reindex(marketplace.engine, marketplace.index)
    assert titles(browser) == [f"Notice {number:02}" for number in range(20)]
    older = browser.get("/notices").select_one("a[rel=next]")["href"]
    assert titles(browser, older) == [f"Notice {number:02}" for number in range(20, 27)]
    assert titles(browser, "?bids=open", target="listing") == ["Notice 04", "Notice 05"]
    assert titles(browser, "?source=Sell2Wales") == ["Notice 04"]
    assert titles(browser, "?source=other&bids=open") == ["Notice 05"]
    assert titles(browser, "?cpv=48000000&bids=open") == ["Notice 05"]
    assert titles(browser, "?cpv=90500000&bids=open") == ["Notice 04"]
    assert titles(browser, "?cpv=85000000") == []
    for wrong in ("?after=1", "?bids=shut", "?cpv=99", "?source=Nowhere", "?page=9"):
        titles(browser, wrong)
        assert browser.status == 404


def test_while_the_index_is_away_notices_go_on_by_key(many, browser, marketplace, monkeypatch):
    def away(question):
        raise Unavailable

    monkeypatch.setattr(marketplace.index, "find", away)
    first = browser.get("/notices?bids=open")
    assert "Results are simpler than usual" in first.get_text()
    assert titles(browser, "?bids=open") == ["Notice 04", "Notice 05"]
    later = browser.get("/notices").select_one("a[rel=next]")["href"]
    assert titles(browser, later.removeprefix("/notices")) == ["Notice 25", "Notice 26"]


# ---- What the journal's delivery may do to an import


def test_an_import_that_is_over_is_not_run_again(make, camden, browser, upload, news, session):
    browser.as_(make.author(camden))
    here = upload(package(release()))
    news()
    for owed in session.exec(select(Delivery)):
        owed.done_at = None  # a crash between the work and its mark
    session.commit()
    before = browser.main(here).get_text()
    assert news() > 0
    assert browser.main(here).get_text() == before
    assert len(session.exec(select(Notice)).all()) == 1


def test_a_crash_in_the_middle_leaves_nothing_and_the_next_attempt_brings_all(
    make, camden, browser, upload, news, session, monkeypatch
):
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt  # as a killed process

    browser.as_(make.author(camden))
    here = upload(package(release(), release("ocid", "ocds-b5fd17-2")))
    with monkeypatch.context() as patch:
        patch.setattr(background.importing, "perform", crash)
        with pytest.raises(KeyboardInterrupt):
            news()
    assert session.exec(select(Notice)).all() == []
    session.rollback()
    assert browser.get(here).select("#progress progress")

    for owed in session.exec(select(Delivery)):
        owed.leased_until = None  # two minutes later
    session.commit()
    news()
    assert "2 new, 0 updated" in text(browser.main(here))


def test_an_import_that_keeps_failing_does_not_hold_up_the_others(
    make, camden, browser, upload, news, marketplace, session
):
    browser.as_(make.author(camden))
    lost = upload(package(release()))
    files.drop(marketplace.files, session.exec(select(Import.key)).one())
    session.rollback()
    fine = upload(package(release()))
    news()
    assert "We will try again by ourselves." in text(browser.main(lost))
    assert "1 new, 0 updated" in text(browser.main(fine))


def test_how_far_a_large_file_is_can_be_seen_while_it_is_read(
    make, camden, browser, upload, news, monkeypatch
):
    seen: list[str] = []
    stage = background.stage

    def watched(stream, watch):
        def look(position: int) -> None:
            watch(position)
            seen.append(text(browser.get(here, target="progress")))

        return stage(stream, look)

    browser.as_(make.author(camden))
    here = upload(package(*[release("ocid", f"ocds-b5fd17-{number}") for number in range(300)]))
    monkeypatch.setattr(background, "EVERY", 0)
    monkeypatch.setattr(background, "stage", watched)
    news()
    percents = [int(found[1]) for said in seen if (found := re.search(r"Reading: (\d+)%", said))]
    assert percents[0] < 50
    assert percents == sorted(percents)
    assert "saved" in seen[-1] or percents[-1] > 90
