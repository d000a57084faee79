"""Another authority says "we have this need too", changes it, and takes it back."""

import pytest
from sqlmodel import select

from marketplace.challenges.models import Circumstances, Commitment, CommitmentStage, Level, Stage
from marketplace.reference.bands import Band
from tests.browser_of_pages import FORMS
from tests.challenges.answers import events, in_days, typed_date

SAID = {
    "level": "committed",
    "volume": "24,000",
    "unit": "homes",
    "band": "25k-100k",
    "note": "Two years of extension left",
}


@pytest.fixture
def camden(make):
    return make.authority("Camden", gss_code="E09000007")


@pytest.fixture
def hackney(make):
    return make.authority("Hackney", gss_code="E09000012")


@pytest.fixture
def challenge(make, camden):
    return make.challenge(camden)


@pytest.fixture
def joiner(browser, make, hackney):
    return browser.as_(make.approver(hackney))


def test_another_authority_joins_and_its_numbers_are_kept(joiner, challenge, session):
    dates = typed_date("earliest_start", in_days(100)) | typed_date("contract_ends", in_days(200))
    seen = joiner.post(f"/challenges/{challenge.id}/commitments", **SAID, **dates)
    assert "Hackney takes part now." in seen.text
    assert seen.select_one("#commitments-title").text == "1 other authority has this need too"
    session.rollback()
    commitment = session.exec(select(Commitment)).one()
    assert (commitment.level, commitment.volume, commitment.unit) == ("committed", 24000, "homes")
    told = session.exec(select(Circumstances)).one()
    assert (told.band, told.contract_ends) == (Band.FROM_25K_TO_100K, in_days(200))
    event = events(session, "commitment.make")[0]
    assert event.about_id == challenge.id
    assert event.facts == {"level": "committed", "volume": 24000, "unit": "homes"}


def test_with_htmx_only_the_commitments_come_back(joiner, challenge):
    url = f"/challenges/{challenge.id}/commitments"
    seen = joiner.post(url, target="commitments", **SAID)
    assert not seen.select("html, h1, section")
    assert seen.select_one("h2").text == "1 other authority has this need too"
    assert seen.select_one("[hx-target='#announcement']").text == seen.select_one("h2").text
    box = seen.select_one("[hx-target='#next']").text
    assert "Hackney takes part: committed." in box, "what can be done now has changed too"
    assert "takes part now" not in joiner.get(f"/challenges/{challenge.id}").text


WRONG = [
    ({"level": ""}, "level", "Select how far you go along"),
    ({"level": "keen"}, "level", "Select how far you go along"),
    ({"volume": "many"}, "volume", "How many must be a whole number, like 1,200"),
    ({"volume": "1.5"}, "volume", "How many must be a whole number, like 1,200"),
    ({"volume": "0"}, "volume", "How many must be 1 or more"),
    ({"volume": "9" * 12}, "volume", "How many must be 1000000000 or less"),
    ({"unit": ""}, "unit", "Enter what you count, like homes or permits a year"),
    ({"unit": "x" * 61}, "unit", "What you count must be 60 characters or fewer"),
    ({"band": "all"}, "band", "Select your budget"),
    ({"note": "x" * 1001}, "note", "A note must be 1000 characters or fewer"),
    ({"contract_ends__day": "31"}, "contract_ends-day", "must include a month and a year"),
]


@pytest.mark.parametrize(("wrong", "field", "sentence"), WRONG)
@pytest.mark.parametrize("target", ["", "commitments"])
def test_a_wrong_answer_gets_a_sentence_and_keeps_what_was_typed(
    joiner, challenge, session, wrong, field, sentence, target
):
    url = f"/challenges/{challenge.id}/commitments"
    seen = joiner.post(url, target=target, **(SAID | wrong))
    assert joiner.status == 422
    assert sentence in seen.text
    if not target:
        assert sentence in seen.select_one(f".govuk-error-summary a[href='#{field}']").text
    if "note" not in wrong:
        assert seen.select_one("textarea#note").text.strip() == SAID["note"]
    session.rollback()
    assert not session.exec(select(Commitment)).all()


def test_a_number_is_optional_and_a_unit_without_one_is_dropped(joiner, challenge, session):
    joiner.post(f"/challenges/{challenge.id}/commitments", level="watching", unit="homes")
    session.rollback()
    commitment = session.exec(select(Commitment)).one()
    assert (commitment.volume, commitment.unit) == (None, "")


def test_what_was_said_can_be_changed_and_the_history_keeps_both(joiner, challenge, session):
    url = f"/challenges/{challenge.id}/commitments"
    seen = joiner.post(url, **SAID)
    assert seen.select_one("#volume")["value"] == "24000"
    assert seen.select_one("#level[checked], [name=level][checked]")["value"] == "committed"
    joiner.post(f"{url}/change", level="interested", volume="100", unit="homes", note="")
    session.rollback()
    commitment = session.exec(select(Commitment)).one()
    assert (commitment.level, commitment.volume) == (Level.INTERESTED, 100)
    assert session.exec(select(Circumstances)).one().note == ""
    story = joiner.get(f"/challenges/{challenge.id}/history").select_one("main").text
    assert "Committed, 24,000 homes" in story
    assert "Interested, 100 homes" in story


def test_taking_it_back_asks_first_and_joining_again_is_possible(joiner, challenge, session):
    url = f"/challenges/{challenge.id}/commitments"
    joiner.post(url, **SAID)
    seen = joiner.get(f"{url}/withdraw")
    assert "Everybody can see in the history" in seen.text
    seen = joiner.post(f"{url}/withdraw")
    assert "No other authority has joined yet" in seen.text
    joiner.post(url, **SAID)
    assert joiner.status == 200
    session.rollback()
    stages = sorted(one.stage for one in session.exec(select(Commitment)))
    assert stages == [CommitmentStage.LIVE, CommitmentStage.WITHDRAWN]


def test_joining_twice_is_refused_with_a_sentence(joiner, challenge):
    url = f"/challenges/{challenge.id}/commitments"
    joiner.post(url, **SAID)
    seen = joiner.post(url, **SAID)
    assert joiner.status == 409
    assert "Hackney takes part already. Change what it said instead." in seen.text


def test_the_poster_cannot_join_its_own(browser, make, camden, challenge):
    browser.as_(make.author(camden))
    assert not browser.get(f"/challenges/{challenge.id}").select(FORMS)
    seen = browser.post(f"/challenges/{challenge.id}/commitments", **SAID)
    assert browser.status == 403
    assert "another authority than the one that posted" in seen.text


def test_who_is_no_author_or_approver_cannot_join(browser, make, hackney, challenge):
    browser.as_(make.actor(hackney))
    seen = browser.get(f"/challenges/{challenge.id}")
    assert "you must be an author or an approver" in seen.select_one(".app-next").text
    for wrong in (SAID, {"level": ""}):
        browser.post(f"/challenges/{challenge.id}/commitments", **wrong)
        assert browser.status == 403


def test_who_does_not_take_part_has_nothing_to_change(joiner, challenge):
    for step in ("change", "withdraw"):
        joiner.post(f"/challenges/{challenge.id}/commitments/{step}", **SAID)
        assert joiner.status == 404


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.TAKEN, Stage.WITHDRAWN])
def test_after_the_end_nobody_joins_or_changes(joiner, make, camden, hackney, stage):
    challenge = make.challenge(camden, stage)
    url = f"/challenges/{challenge.id}/commitments"
    joiner.post(url, **SAID)
    assert joiner.status == 409
    make.commitment(challenge, hackney)
    for step in ("change", "withdraw"):
        joiner.post(f"{url}/{step}", **SAID)
        assert joiner.status == 409
    assert not joiner.get(f"/challenges/{challenge.id}").select(FORMS)


def test_the_map_shows_who_posted_and_who_takes_part(joiner, make, challenge, hackney):
    make.commitment(challenge, hackney, Level.WATCHING)
    make.commitment(challenge, make.authority("Transport for London"))
    seen = joiner.get(f"/challenges/{challenge.id}")
    tiles = {t.get_text(" ", strip=True) for t in seen.select(".app-tile:not(.app-tile--not-yet)")}
    assert tiles == {"Camden Posted this", "Hackney Watching", "Transport for London Interested"}


def test_fifty_who_take_part_cost_no_more_queries_than_five(joiner, make, challenge):
    counts = []
    for number in range(50):
        make.commitment(challenge, make.authority(f"Authority {number}"), volume=1, unit="homes")
        if number in (4, 49):
            for page in ("", "/commitments"):
                joiner.get(f"/challenges/{challenge.id}{page}")
                counts.append(len(joiner.queries))
    assert counts[:2] == counts[2:]
