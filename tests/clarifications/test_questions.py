"""Questions: asked before the cut-off, answered to everybody, and nobody is told who asked."""

from datetime import timedelta

import pytest
from sqlmodel import select

from auth.actor import VISITOR, Role
from marketplace.clarifications.models import Asker
from marketplace.core.journal import Event
from marketplace.core.times import at, now
from tests.tenders.drafting import Drafted, drafted

NAME, PERSON = "Quokka Systems", "Wallaby Jones"
ASKED = "Do the crews have phones?"


@pytest.fixture
def tender(browser, make) -> Drafted:
    made = drafted(browser, make, "Camden", "Hackney")
    made.ready()
    made.publish()
    return made


@pytest.fixture
def supplier(make):
    return make.actor(make.supplier(NAME), Role.MANAGER, name=PERSON)


def ask(tender: Drafted, person, words: str = ASKED):
    browser = tender.browser.as_(person)
    return browser.post(f"/tenders/{tender.id}/questions", asked=words)


def places(tender: Drafted) -> list[str]:
    """The addresses of the questions, as the authorities have them, newest first."""
    links = tender.as_author().get(f"{tender.work}/questions").select(".app-card a")
    return list(dict.fromkeys(str(one["href"]).rpartition("questions/")[2][:36] for one in links))


def test_a_question_is_answered_to_everybody_and_nobody_is_told_who_asked(
    tender: Drafted, supplier, make, news, session
):
    browser = tender.browser
    assert "Nobody is told who asked it" in ask(tender, supplier).text
    news()
    [id] = places(tender)
    at_work = f"{tender.work}/questions/{id}"
    hackney = tender.as_author("Hackney")
    hackney.post(at_work, wording=ASKED, answer="Yes, all of them.")
    assert browser.status == 200
    hackney.post(f"{at_work}/publish")
    assert browser.status == 403, "another party drafts, only the lead publishes"
    tender.as_author().post(f"{at_work}/publish")
    assert browser.status == 200
    news()
    seen = browser.as_(VISITOR).main(f"/tenders/{tender.id}/questions").text
    assert ASKED in seen
    assert "Yes, all of them." in seen
    assert "A question was answered" in browser.as_(supplier).main("/notifications").text
    swept = [
        (person, url)
        for person in (
            tender.authors["Camden"],
            tender.approvers["Hackney"],
            make.curator(),
            make.manager(make.supplier("Bandicoot")),
        )
        for url in (
            f"/tenders/{tender.id}",
            f"/tenders/{tender.id}/questions",
            f"{tender.work}/questions",
            at_work,
            f"{tender.work}/history",
            tender.work,
            "/notifications",
            "/home",
        )
    ]
    for person, url in swept:
        browser.as_(person).get(url)
        assert NAME not in browser.text, (person.name, url)
        assert PERSON not in browser.text, (person.name, url)
    session.rollback()
    asked = session.exec(select(Event).where(Event.about_id == tender.id)).all()
    assert not [one for one in asked if one.organisation_id == supplier.organisation_id]
    assert PERSON not in str([one.model_dump() for one in asked])
    assert session.exec(select(Asker)).one().organisation_id == supplier.organisation_id


def test_an_unanswered_question_is_for_its_asker_and_the_authorities_alone(
    tender: Drafted, supplier, make
):
    ask(tender, supplier)
    public = f"/tenders/{tender.id}/questions"
    assert ASKED in tender.browser.as_(supplier).main(public).text
    for person in (VISITOR, make.manager(make.supplier("Bandicoot"))):
        assert ASKED not in tender.browser.as_(person).main(public).text


def test_after_the_cut_off_the_form_is_gone_and_a_question_is_refused(tender: Drafted, supplier):
    browser = tender.browser.as_(supplier)
    with at(now() + timedelta(days=16)):
        seen = browser.main(f"/tenders/{tender.id}/questions")
        assert not seen.select("form[method=post]")
        assert "The time for questions is over" in seen.text
        ask(tender, supplier)
        assert browser.status == 409


def test_questions_are_merged_or_declined_and_their_askers_read_why(tender: Drafted, supplier):
    browser = tender.browser
    for words in ("First?", "The same?", "Off topic?"):
        ask(tender, supplier, words)
    third, second, first = places(tender)
    tender.as_author().post(f"{tender.work}/questions/{second}/merge", into=first)
    assert browser.status == 200
    browser.post(f"{tender.work}/questions/{third}/decline", because="It is about another one.")
    assert browser.status == 200
    seen = browser.as_(supplier).main(f"/tenders/{tender.id}/questions").text
    assert "It is about another one." in seen
    assert "Another supplier asked the same." in seen
    browser.as_(VISITOR).get(f"/tenders/{tender.id}/questions")
    assert "It is about another one." not in browser.text


def test_authorities_and_visitors_do_not_ask(tender: Drafted, make):
    for person in (VISITOR, make.author(make.authority("Barnet"))):
        ask(tender, person)
        assert tender.browser.status == 403
