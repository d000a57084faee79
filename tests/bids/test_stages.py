"""A competitive flexible procedure: stages that fit, bids sealed by stage, and who goes on."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlmodel import select

from marketplace.bids import opening_actions, queries
from marketplace.bids.models import Bid, Choice
from marketplace.bids.selecting import Said
from marketplace.core.times import in_london, now
from marketplace.tenders import queries as tenders
from marketplace.tenders import rounds
from marketplace.tenders.models import Publication, Tender
from tests.bids.bidding import ANSWER, Bidder, answers, published
from tests.challenges.answers import typed_date
from tests.challenges.test_races import race
from tests.tenders.drafting import Drafted, dates, drafted, in_days

__all__ = ["race"]

FIRST, LAST = str(uuid4()), str(uuid4())


def stage(kind: str, opens: int, closes: int, title: str = "A stage", **more: Any) -> Any:
    return {
        "kind": kind,
        "title": title,
        "asks": "Show what you did.",
        **typed_date("opens_on", in_days(opens)),
        "opens_at": "9am",
        **typed_date("closes_on", in_days(closes)),
        "closes_at": "12 noon",
        **more,
    }


# ---- Stages are set


@pytest.fixture
def flexible(browser, make) -> Drafted:
    made = drafted(browser, make)
    made.as_author().post(f"{made.work}/sections/dates", **dates() | {"route": "flexible"})
    return made


def errors(tender: Drafted, **typed: Any) -> str:
    seen = tender.as_author().post(f"{tender.work}/stages/new", **typed)
    assert tender.browser.status == 422, typed
    assert seen.select_one("#title")["value"] == typed["title"], "nothing is lost"
    return " ".join(one.text for one in seen.select(".govuk-error-message"))


def test_stages_that_overlap_or_do_not_follow_one_another_are_refused_at_the_field(
    flexible: Drafted,
):
    browser, new = flexible.as_author(), f"{flexible.work}/stages/new"
    browser.post(new, **stage("final-tenders", 40, 66, "Final"))
    assert browser.status == 200
    assert "“Final”, which goes from" in errors(flexible, **stage("dialogue", 45, 60))
    assert "must come before “Final”" in errors(flexible, **stage("dialogue", 67, 80))
    assert "come first, but here they come after “Final”" in (
        errors(flexible, **stage("participation", 67, 95))
    )
    assert "Nobody is chosen from a stage of this sort" in (
        errors(flexible, **stage("dialogue", 1, 8, most="2"))
    )
    assert "The stage must end after it begins" in errors(flexible, **stage("dialogue", 9, 8))
    assert "cannot begin before the day you mean to publish" in (
        errors(flexible, **stage("dialogue", 0, 8))
    )
    browser.post(new, **stage("participation", 1, 30, "Requests"))
    assert browser.status == 200
    assert "must come after “Requests”" in errors(
        flexible,
        **stage("dialogue", 1, 1)
        | {
            "opens_at": "7am",
            "closes_at": "8am",
        },
    )
    seen = browser.get(f"{flexible.work}/sections/dates")
    assert [one.text for one in seen.select("main ol a")] == [
        "Requests (requests to take part)",
        "Final (final tenders)",
    ]
    browser.post(str(seen.select("main ol a")[0]["href"]) + "?remove=true")
    assert len(browser.get(f"{flexible.work}/sections/dates").select("main ol a")) == 1


def test_each_stage_has_the_time_that_the_law_gives_and_the_last_ends_at_the_deadline(
    flexible: Drafted,
):
    browser, new = flexible.as_author(), f"{flexible.work}/stages/new"
    assert "The participation period must end on" in (
        errors(flexible, **stage("participation", 1, 25))
    )
    assert "s54(4)" not in (short := errors(flexible, **stage("final-tenders", 1, 25)))
    assert "The tendering period must end on" in short
    browser.post(new, **stage("participation", 1, 27, "Requests"))
    assert "at least 10 days" in errors(flexible, **stage("final-tenders", 28, 37))
    browser.post(new, **stage("final-tenders", 28, 39, "Final"))
    assert browser.status == 200, "only those who were selected tender, so 10 days are enough"
    assert any("Make them the same" in one for one in flexible.blockers())
    flexible.write("dates")
    browser = flexible.as_author()
    browser.post(f"{flexible.work}/sections/dates", **dates(39) | {"route": "flexible"})
    assert not any("Make them the same" in one for one in flexible.blockers())
    assert (
        "Stage 2"
        in browser.main(f"{flexible.work}/read/terms/{flexible.party_id('Camden', 'terms')}").text
    )
    browser.post(f"{flexible.work}/sections/dates", **dates(39))
    assert "Remove the stages, or choose the competitive flexible procedure" in (
        flexible.blockers()
    )


# ---- Suppliers bid


@pytest.fixture
def staged(make, camden, hackney) -> Tender:
    """Published with two stages: requests to take part for ten days, and tenders afterwards."""
    begun = now() - timedelta(days=1)
    made = published(make, camden, hackney, closes_at=begun + timedelta(days=40))
    about = [
        (FIRST, "participation", "Requests", 0, 10),
        (LAST, "final-tenders", "Tenders", 20, 40),
    ]
    made.public_rounds = made.rounds = [
        {
            "id": id,
            "kind": kind,
            "title": title,
            "asks": f"{title}: what do you bring?",
            "opens_at": (begun + timedelta(days=opens)).isoformat(),
            "closes_at": (begun + timedelta(days=closes)).isoformat(),
        }
        for id, kind, title, opens, closes in about
    ]
    make(made)
    publication = make.session.exec(
        select(Publication).where(Publication.tender_id == made.id)
    ).one()
    labels = ("Requests to take part", "Final tenders")
    said = [one | {"kind": label} for one, label in zip(made.rounds, labels, strict=True)]
    terms = {**publication.content["terms"], "rounds": said}
    publication.content = {**publication.content, "terms": terms}
    publication.created_at = begun
    make(publication)
    return make(made)


@pytest.fixture
def bidders(make, browser, staged) -> list[Bidder]:
    names = ("Fern", "Moss")
    return [Bidder(browser, make.manager(make.supplier(one)), staged) for one in names]


def request(bidder: Bidder) -> None:
    """Asks to take part: no prices, no questions but the one of the stage."""
    bidder.start()
    typed = answers()
    for task in ("contact", "consortium", "declaration"):
        bidder.save(task, **typed[task])
    bidder.save("question-1", **{f"answer_{FIRST.replace('-', '')}": "Ten years of this."})
    bidder.submit()


def choosing(tender: Tender) -> str:
    return f"/tenders/{tender.id}/workspace/stages/{FIRST}/choose"


def since(browser: Any, at: str) -> str:
    """What the page knows to be recorded."""
    return str(browser.get(at).select_one("input[name=since]")["value"])


def said_of(session: Any, bidder: Bidder, **parts: str) -> dict[str, str]:
    """What is typed about one bid of the first stage."""
    its = select(Bid.id).where(
        Bid.organisation_id == bidder.actor.organisation_id, Bid.round == FIRST
    )
    [bid] = session.exec(its)
    session.rollback()
    return {f"{part}_{bid.hex}": said for part, said in parts.items()}


def after(days: float) -> Any:
    return time_machine.travel(now() + timedelta(days=days), tick=False)


def opened(bidders: list[Bidder], two: Any) -> None:
    browser, work = bidders[0].browser, f"/tenders/{bidders[0].tender.id}/workspace/bids"
    for who, step in zip(two, ("begin", "open"), strict=True):
        browser.as_(who).post(f"{work}/{step}")
        assert browser.status == 200, browser.text


@pytest.fixture
def two(make, camden, hackney):
    return make.author(camden), make.author(hackney)


def test_bids_are_sealed_by_stage_and_only_those_who_go_on_bid_in_the_next(
    bidders: list[Bidder], two, staged, browser, session, news, make
):
    fern, moss = bidders
    work = f"/tenders/{staged.id}/workspace/bids"
    for bidder in bidders:
        request(bidder)
        assert "Stage: Requests." in bidder.main()
        assert "Give your prices" not in bidder.main()
    browser.as_(two[0]).post(f"{work}/begin")
    assert browser.status == 409, "its time is not over"
    with after(21):
        assert "Only suppliers that go on from the stage “Requests”" in moss.main()
        browser.post(moss.at)
        assert browser.status == 409
    with after(12):
        assert "begins on" in moss.main()
        seen = moss.save("contact", contact_name="Late", contact_email="late@moss.example")
        assert browser.status == 404, "there is no bid in the next stage yet"
        browser.as_(moss.actor).post(
            f"{moss.at}/tasks/contact?stage={FIRST}", contact_name="Late", contact_email="a@b.uk"
        )
        assert browser.status == 409
        assert "Bidding closed on" in browser.text
        opened(bidders, two)
        seen = browser.as_(two[0]).main(work)
        assert "2 bids were opened" in seen.text
        at = choosing(staged)
        for bidder, said, because in ((fern, "true", "Strong."), (moss, "false", "No reference.")):
            typed = said_of(session, bidder, goes_on=said, because=because)
            browser.as_(two[1]).post(at, **typed)
            assert browser.status == 403, "the lead records it"
            for lacking in ("goes_on", "because"):
                less = {name: "" if name.startswith(lacking) else it for name, it in typed.items()}
                browser.as_(two[0]).post(at, **less)
                assert browser.status == 422, lacking
            browser.post(f"/tenders/{staged.id}/workspace/stages/{FIRST}/tell")
            assert browser.status == 409, "not before it is said of each"
            browser.post(at, **typed, since=since(browser, at))
            assert browser.status == 200
            assert because not in bidder.main(f"?stage={FIRST}"), "all are told at one moment"
        browser.as_(two[0]).post(f"/tenders/{staged.id}/workspace/stages/{FIRST}/tell")
        assert browser.status == 200
        news()
        for bidder, because, other in ((fern, "Strong.", "No ref"), (moss, "No ref", "Strong.")):
            assert "It is decided whether you go on" in (
                browser.as_(bidder.actor).main("/notifications").text
            )
            told = bidder.main()
            assert because in told
            assert other not in told
        assert "begins on" in fern.main()
        browser.as_(two[0]).post(at, **said_of(session, moss, goes_on="true", because="Changed."))
        assert browser.status == 409
    with after(21):
        browser.as_(moss.actor).post(moss.at)
        assert browser.status == 409
        assert "does not go on from the stage “Requests”: No reference." in browser.text
        fern.start()
        assert "Give your prices" in fern.main()
        fern.write()
        fern.submit()
        assert "Ten years of this." in fern.main(f"?stage={FIRST}"), "the stage before is kept"
    with after(41):
        opened(bidders, two)
        seen = browser.as_(two[0]).main(work).text
        assert "1 bid was opened. The panel reads each as" in " ".join(seen.split())
    with time_machine.travel(now(), tick=False):
        session.rollback()
        assert len(session.exec(select(Bid)).all()) == 3


def test_what_is_evaluated_are_the_bids_of_the_last_stage(
    bidders, two, staged, marketplace, session
):
    for bidder in bidders:
        request(bidder)
    with after(12):
        opened(bidders, two)
    session.rollback()
    ctx = marketplace.context(session, two[0])
    tender = tenders.one(ctx, staged.id)
    assert queries.bids(ctx, tender) == []
    assert len(queries.bids(ctx, tender, FIRST)) == 2
    assert queries.opening(ctx, tender).stage == "waiting"
    session.rollback()


@pytest.mark.parametrize("attempt", range(2))
def test_two_people_tell_once(bidders, two, staged, marketplace, session, race, attempt):
    request(bidders[0])
    with after(12):
        opened(bidders, two)
        session.rollback()

        def choose(opened_):
            ctx = marketplace.context(opened_, two[0])
            tender = tenders.one(ctx, staged.id)
            [bid] = queries.bids(ctx, tender, FIRST)
            its = rounds.one(tender, FIRST)
            said = {bid.id: Said(goes_on=True, because="Strong.")}
            opening_actions.choose(ctx, tender, its, said, opening_actions.stamp({}))

        def tell(opened_):
            ctx = marketplace.context(opened_, two[0])
            opening_actions.tell(ctx, tenders.one(ctx, staged.id), FIRST)

        assert race(choose, choose) == ["done", "done"]
        assert race(tell, tell)[-1] == "done"
        session.rollback()
        [choice] = session.exec(select(Choice)).all()
        assert choice.stage == "told"
        session.rollback()


def test_the_ends_of_the_stages_are_in_the_calendar_file(browser, staged):
    made = browser.client.get(f"/tenders/{staged.id}/calendar.ics").text
    assert "End of the stage “Requests”" in made.replace("\r\n ", "")
    assert made.count("BEGIN:VEVENT") == 3, "the last stage ends at the deadline"


def test_an_address_of_no_stage_is_not_there(bidders, browser):
    browser.as_(bidders[0].actor).get(f"{bidders[0].at}?stage={uuid4()}")
    assert browser.status == 404


def test_a_bid_of_one_stage_is_no_bid_of_another(bidders, marketplace, staged, session):
    request(bidders[0])
    session.rollback()
    ctx = marketplace.context(session, bidders[0].actor)
    tender = tenders.one(ctx, staged.id)
    assert queries.own(ctx, tender, FIRST)
    assert queries.own(ctx, tender, LAST) is None
    assert ANSWER not in queries.one_own(ctx, tender, FIRST).typed
    assert in_london(queries.one_own(ctx, tender, FIRST).bid.closes_at) < in_london(
        tender.closes_at
    )
    session.rollback()
