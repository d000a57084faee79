"""A published version counts, never changes, and gives way to the next one exactly once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from marketplace.core import db
from marketplace.core.errors import Conflict, Problem
from marketplace.core.journal import Event
from marketplace.standards import actions, drafts, queries
from marketplace.standards.models import Requirement, Stage, StandardVersion
from tests.challenges.answers import fresh
from tests.standards.answers import answers, fill_in, rule


@pytest.fixture
def curator(browser, make):
    return browser.as_(make.curator())


@pytest.fixture
def first(make):
    return make.standard()


@pytest.fixture
def at(first):
    return f"/standards/{first.standard_id}"


@pytest.fixture
def second(curator, first, at, session):
    """A draft of the second version, complete."""
    curator.post(f"{at}/draft")
    curator.post(f"{at}/edit/version", **answers()["version"])
    found = select(StandardVersion).where(StandardVersion.stage == Stage.DRAFT)
    session.rollback()
    draft = session.exec(found).one()
    session.commit()  # it reads no more, so that others can write
    return draft


def test_the_next_version_begins_with_what_the_last_one_says(curator, second, first, at):
    assert second.number == 2
    seen = curator.get(f"{at}/edit/requirements")
    assert seen.select_one("#requirements-0-title")["value"] == "Focus is not hidden"
    seen = curator.get(f"{at}/edit/rules")
    chosen = seen.select_one("#rules-0-condition-0 option[selected]")
    assert chosen["value"] == "must:user-interface"
    assert not curator.get(f"{at}/edit/about").select("#key"), "the short name stays"


def test_there_is_one_draft_of_a_standard(curator, second, at):
    curator.post(f"{at}/draft")
    assert curator.status == 409
    assert "Continue that draft." in curator.text


def test_no_second_draft_is_begun_before_the_first_version_is_published(curator, make):
    only = make.standard(stage=Stage.DRAFT)
    curator.post(f"/standards/{only.standard_id}/draft")
    assert curator.status == 409
    assert "Its first version is a draft still." in curator.text


def test_publishing_supersedes_the_former_version_at_the_same_moment(
    curator, second, first, at, session
):
    curator.post(f"{at}/publish")
    was, now_ = fresh(session, first), fresh(session, second)
    assert (was.stage, now_.stage) == (Stage.SUPERSEDED, Stage.PUBLISHED)
    assert was.ended_at == now_.published_at
    seen = curator.get(at)
    assert "What changed: Nine points are new." in seen.text
    seen = curator.get(f"{at}/versions/1")
    assert "This is an earlier version." in seen.text
    seen = curator.get(f"{at}/history")
    titles = [one.text for one in seen.select(".moj-timeline__title")]
    assert set(titles[:2]) == {"Version 2 published", "Version 1 superseded"}


def test_a_published_version_never_changes(curator, first, at, session, marketplace, make):
    before = first.model_dump()
    for url in ("edit/version", "edit/requirements", "edit/rules", "discard", "publish"):
        curator.send(f"{at}/{url}", answers()["version"])
        assert curator.status in (404, 409), url
    ctx = marketplace.context(session, make.curator())
    version = queries.versions(ctx, first.standard_id)[0]
    for section in drafts.sections(version).values():
        with pytest.raises(Conflict):
            actions.edit(ctx, version, section, answers()["version"])
    for act in (actions.publish, actions.discard):
        with pytest.raises(Conflict):
            act(ctx, version)
    session.rollback()
    assert fresh(session, first).model_dump() == before
    assert len(session.exec(select(Requirement)).all()) == 1


def test_the_draft_of_the_next_one_changes_nothing_of_what_is_published(
    curator, second, at, browser, make, first
):
    curator.post(f"{at}/edit/about", title="Another name", issuer="W3C", kind="law", link="")
    seen = browser.as_(make.manager(make.supplier())).get(at)
    assert seen.h1.text == "Web accessibility"
    assert "Version 2" not in seen.text
    browser.get(f"{at}/versions/2")
    assert browser.status == 404


def test_publishing_shows_what_is_newly_and_no_longer_caught(curator, second, at, make):
    supplier = make.supplier("Binfold")
    make.product(supplier, name="Rounds", attributes=["user-interface"])
    make.product(supplier, name="Sensors", attributes=["public-realm"])
    curator.send(f"{at}/edit/rules", rule(0, "recommended", "must:public-realm"))
    seen = curator.get(f"{at}/publish")
    said = seen.select_one(".app-card").text
    assert "They catch 1 of 2 listed products. Newly caught: 1. No longer caught: 1." in said
    lists = {
        h.text: h.find_next("ul").get_text(" ", strip=True) for h in seen.select(".app-card h3")
    }
    assert lists == {
        "Newly caught (1)": "Sensors , Binfold: recommended",
        "No longer caught (1)": "Rounds , Binfold",
    }


def test_the_builder_answers_with_what_its_rules_catch(curator, second, at, make):
    make.product(make.supplier("Binfold"), name="Sensors", attributes=["public-realm"])
    typed = rule(0, "mandatory", "must:public-realm")
    seen = curator.send(f"{at}/edit/rules?autosave=true", typed, target="caught")
    assert curator.status == 200
    assert not seen.select("html, form")
    assert "They catch every listed product: 1." in seen.text
    assert "Saved automatically at" in seen.select_one("#saved").text
    wrong = rule(0, "mandatory", "must:health", "not:health")
    seen = curator.send(f"{at}/edit/rules?autosave=true", wrong, target="caught")
    assert "something is wrong with them" in seen.text
    whole = curator.send(f"{at}/edit/rules", {**typed, "do": "try"})
    assert "They catch every listed product: 1." in whole.select_one("#caught").text


def test_a_standard_is_withdrawn_with_a_reason_that_everybody_reads(
    curator, first, at, browser, session
):
    seen = curator.post(f"{at}/withdraw", because=" ")
    assert curator.status == 422
    assert seen.select_one(".govuk-error-summary a[href='#because']")
    curator.post(f"{at}/withdraw", because="Its issuer has ended it.")
    assert fresh(session, first).stage == Stage.WITHDRAWN
    seen = browser.get(at)
    assert (
        "Its issuer has ended it."
        in seen.select_one("#withdrawn-title").find_parent("div").parent.text
    )
    assert "No standard has been published yet." in browser.get("/standards").text
    assert "Web accessibility" in browser.get("/standards/withdrawn").text
    curator.post(f"{at}/withdraw", because="Again")
    assert curator.status == 409


def test_what_was_withdrawn_can_come_back_as_another_version(curator, first, at, news):
    curator.post(f"{at}/withdraw", because="Its issuer has ended it.")
    curator.post(f"{at}/draft")
    fill_in(curator, first.standard_id)
    curator.post(f"{at}/publish")
    news()
    assert "Web accessibility" in curator.get("/standards").text
    assert "No standard has been withdrawn." in curator.get("/standards/withdrawn").text


# ---- Two at once


@pytest.fixture
def race(marketplace):
    """Does things at the same moment, each in a transaction of its own: what each came to."""

    def run(*works):
        start = Barrier(len(works))

        def one(work):
            start.wait(timeout=10)
            with db.writing(marketplace.engine) as session:
                try:
                    work(session)
                    session.commit()
                except Problem as why:
                    return str(why)
            return "done"

        with ThreadPoolExecutor(len(works)) as pool:
            return sorted(pool.map(one, works))

    return run


@pytest.mark.parametrize("attempt", range(5))
def test_two_curators_publish_one_version_once(
    make, marketplace, second, first, session, race, attempt
):
    def publish(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            actions.publish(ctx, queries.draft(ctx, first.standard_id))

        return work

    told = race(publish(make.curator()), publish(make.curator()))
    assert told[-1] == "done"
    assert told[0] in (
        "You cannot publish a standard that is at the stage “published”.",
        "There is no draft of this standard.",
    )
    session.rollback()
    stages = session.exec(select(StandardVersion.number, StandardVersion.stage)).all()
    assert sorted(stages) == [(1, Stage.SUPERSEDED), (2, Stage.PUBLISHED)]
    verbs = session.exec(select(Event.verb)).all()
    assert (verbs.count("standard.publish"), verbs.count("standard.supersede")) == (1, 1)
    assert len(session.exec(select(Requirement)).all()) == 2, "one of each version"


@pytest.mark.parametrize("attempt", range(5))
def test_two_curators_begin_one_next_version(make, marketplace, first, session, race, attempt):
    def begin(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            actions.draft_next(ctx, queries.one(ctx, first.standard_id))

        return work

    told = race(begin(make.curator()), begin(make.curator()))
    assert told == [
        "Somebody has begun the next version already. Continue that draft.",
        "done",
    ]


def test_the_index_is_the_last_word_on_one_published_version(make, first, session):
    again = StandardVersion(standard_id=first.standard_id, number=2, stage=Stage.PUBLISHED)
    session.add(again)
    with pytest.raises(Exception, match=r"(?i)unique"):
        session.commit()
    session.rollback()
