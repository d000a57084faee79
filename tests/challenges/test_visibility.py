"""Who sees what: drafts are nobody else's, and circumstances are for authorities and LOTI alone."""

import pytest
from sqlmodel import select

from marketplace.challenges import queries
from marketplace.challenges.models import UNPUBLISHED, Level, Stage
from marketplace.core.journal import Event
from marketplace.organisations.models import Organisation
from marketplace.reference.bands import Band
from tests.challenges.answers import in_days

PRIVATE = "Extension until 2031 agreed in private"


@pytest.fixture
def people(make):
    """Everybody who might look, by what they are to Camden's challenge."""
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    return {
        "poster": make.author(camden),
        "colleague": make.approver(camden),
        "joined": make.approver(hackney),
        "other authority": make.author(make.authority("Southwark")),
        "loti": make.curator(),
        "supplier": make.manager(make.supplier()),
    }


def of(make, session, people, who):
    return session.get(Organisation, people[who].organisation_id)


@pytest.mark.parametrize("stage", sorted(UNPUBLISHED))
def test_what_is_not_published_is_not_there_for_others(browser, make, session, people, stage):
    challenge = make.challenge(of(make, session, people, "poster"), stage)
    may_see = {"poster", "colleague"} | (set() if stage == Stage.DRAFT else {"loti"})
    for who, person in people.items():
        browser.as_(person)
        for page in ("", "/commitments", "/history", "/preview", "/matches"):
            browser.get(f"/challenges/{challenge.id}{page}")
            assert (browser.status == 200) == (who in may_see), (who, page, browser.status)
        for verb in ("submit", "discard", "close", "withdraw", "approve", "commitments"):
            if who not in may_see:
                browser.post(f"/challenges/{challenge.id}/{verb}", level="watching", outcome="X")
                assert browser.status == 404, (who, verb)


def test_budgets_dates_and_notes_reach_authorities_and_loti_and_nobody_else(
    browser, make, session, people, news
):
    challenge = make.challenge(of(make, session, people, "poster"), band=Band.UP_TO_25K)
    ends, starts = in_days(411), in_days(297)
    browser.as_(people["joined"]).post(
        f"/challenges/{challenge.id}/commitments",
        level="committed",
        band="250k-1m",
        note=PRIVATE,
        contract_ends__day=str(ends.day),
        contract_ends__month=str(ends.month),
        contract_ends__year=str(ends.year),
        earliest_start__day=str(starts.day),
        earliest_start__month=str(starts.month),
        earliest_start__year=str(starts.year),
    )
    news()
    secrets = (PRIVATE, "£250,000", f"{ends:%B %Y}", f"{starts:%B %Y}", ends.isoformat())
    pages = (
        *(f"/challenges/{challenge.id}{page}" for page in ("", "/commitments", "/history")),
        "/challenges",
        "/search?q=extension+until+2031",
        f"/challenges/{challenge.id}/matches",
    )
    for who, person in people.items():
        browser.as_(person)
        shown = "".join(browser.get(page).text for page in pages)
        listed = browser.get(f"/challenges/{challenge.id}/commitments").text
        if who == "supplier":
            assert "Hackney" in listed, "that it takes part is for everybody"
            assert not [secret for secret in secrets if secret in shown], who
        else:
            assert PRIVATE in listed, who
            assert f"{ends.day} {ends:%B %Y}" in listed, who


def test_a_visitor_sees_who_takes_part_and_nothing_that_is_private(browser, make, session, people):
    challenge = make.challenge(of(make, session, people, "poster"), band=Band.UP_TO_25K)
    make.commitment(
        challenge,
        of(make, session, people, "joined"),
        Level.COMMITTED,
        volume=300,
        unit="homes",
        band=Band.FROM_250K_TO_1M,
        note=PRIVATE,
        contract_ends=in_days(411),
    )
    seen = browser.get(f"/challenges/{challenge.id}/commitments")
    assert "300 homes" in seen.select_one("#takes-part tbody").get_text(" ", strip=True)
    assert "Small numbers are not shown" in seen.text
    assert PRIVATE not in seen.text
    assert "£250,000" not in seen.text
    assert "Contract ends" not in seen.text
    assert not browser.get(f"/challenges/{challenge.id}").select("main form")


def test_the_database_gives_a_supplier_no_circumstances_at_all(make, session, people, marketplace):
    challenge = make.challenge(of(make, session, people, "poster"))
    make.commitment(challenge, of(make, session, people, "joined"), note=PRIVATE)
    for who, count in (("joined", 1), ("other authority", 1), ("loti", 1), ("supplier", 0)):
        ctx = marketplace.context(session, people[who])
        assert len(queries.circumstances(ctx, challenge)) == count, who


def test_the_journal_holds_of_a_commitment_only_what_everybody_may_know(
    browser, make, session, people
):
    challenge = make.challenge(of(make, session, people, "poster"))
    url = f"/challenges/{challenge.id}/commitments"
    browser.as_(people["joined"]).post(url, level="interested", band="over-1m", note=PRIVATE)
    browser.post(f"{url}/change", level="watching", band="over-1m", note=PRIVATE)
    session.rollback()
    for event in session.exec(select(Event).where(Event.about_id == challenge.id)):
        assert set(event.facts) == {"level", "volume", "unit"}


def test_names_of_people_are_for_authorities_and_loti(browser, make, session, people):
    challenge = make.challenge(of(make, session, people, "poster"))
    url = f"/challenges/{challenge.id}"
    browser.as_(people["joined"]).post(f"{url}/commitments", level="watching")
    named = people["joined"].name
    for who, person in people.items():
        story = browser.as_(person).get(f"{url}/history").select_one("main").text
        assert "Has this need too" in story, who
        assert (named in story) == (who != "supplier"), who


def test_the_authority_reads_in_the_history_that_loti_asked_for_edits(
    browser, make, session, people
):
    challenge = make.challenge(of(make, session, people, "poster"), Stage.SUBMITTED)
    url = f"/challenges/{challenge.id}"
    browser.as_(people["loti"]).post(
        f"{url}/return", about="need", message="Shorter, and no names."
    )
    story = browser.as_(people["poster"]).get(f"{url}/history").select_one("main").text
    assert "Edits requested" in story
    assert "About: Describe the need" in story
    browser.post(f"{url}/submit")
    browser.as_(people["loti"]).post(f"{url}/approve")
    story = browser.as_(people["other authority"]).get(f"{url}/history").select_one("main").text
    assert "Published" in story
    assert "Edits requested" not in story


@pytest.mark.parametrize("page", ["", "/edit", "/history", "/review", "/take", "/files/nonsense"])
@pytest.mark.parametrize("id", ["nonsense", "00000000-0000-0000-0000-000000000001"])
def test_what_cannot_be_and_what_is_not_there_are_both_not_found(browser, people, page, id):
    browser.as_(people["poster"]).get(f"/challenges/{id}{page}")
    assert browser.status == 404


def test_a_part_of_a_draft_that_is_none_is_not_found(browser, make, session, people):
    draft = make.challenge(of(make, session, people, "poster"), Stage.DRAFT)
    browser.as_(people["poster"])
    for part in ("moon", "NEED", "documents%20"):
        browser.get(f"/challenges/{draft.id}/edit/{part}")
        assert browser.status == 404
        browser.post(f"/challenges/{draft.id}/edit/{part}", title="X")
        assert browser.status == 404


def test_only_authors_of_an_authority_begin_a_challenge(browser, people):
    for who, person in people.items():
        browser.as_(person).get("/challenges/new")
        assert (browser.status == 200) == (who in ("poster", "other authority")), who
        browser.post("/challenges", title="Bins")
        assert (browser.status == 200) == (who in ("poster", "other authority")), who
