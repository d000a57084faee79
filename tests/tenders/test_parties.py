"""Who takes part: asked, accepted, declined, too late, leading, gone."""

import pytest
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.challenges.models import Level
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Criterion, Party, Tender
from tests.challenges.answers import fresh
from tests.tenders.drafting import Drafted, fine


def test_a_challenge_becomes_a_tender_with_its_commitments_as_invitations(browser, make, session):
    camden, hackney, barnet = (make.authority(name) for name in ("Camden", "Hackney", "Barnet"))
    challenge = make.challenge(camden)
    make.commitment(challenge, hackney, Level.COMMITTED, volume=1900, unit="homes")
    make.commitment(challenge, barnet, Level.WATCHING)
    author = make.author(camden)
    seen = browser.as_(author).get(f"/tenders/new?challenge={challenge.id}")
    assert "These authorities are asked to take part: Hackney." in seen.text
    browser.post("/tenders", title="Trace missed bins", challenge_id=str(challenge.id))
    assert browser.status == 200
    assert fresh(session, challenge).stage == ChallengeStage.TAKEN
    tender = session.exec(select(Tender)).one()
    assert tender.reference in challenge.outcome
    stages = {one.organisation.called: one.stage.value for one in session.exec(select(Party))}
    assert stages == {"Camden": "accepted", "Hackney": "invited"}
    session.rollback()
    browser.post("/tenders", title="Twice", challenge_id=str(challenge.id))
    assert browser.status == 409
    session.rollback()
    assert len(session.exec(select(Tender)).all()) == 1, "both or neither"


def test_whoever_declines_says_why_and_sees_it_no_more(tender: Drafted, make):
    barnet = make.authority("Barnet")
    invited = make.approver(barnet)
    browser = tender.as_author()
    browser.post(f"{tender.work}/parties", authorities=[str(barnet.id)])
    assert "Barnet has not answered the invitation" in tender.blockers()
    browser.as_(invited).post(f"{tender.work}/decline", because=" ")
    assert browser.status == 422
    browser.post(f"{tender.work}/decline", because="We have just bought one.")
    assert browser.status == 200
    browser.get(tender.work)
    assert browser.status == 404
    assert "We have just bought one." in tender.as_author().main(f"{tender.work}/parties").text
    assert "We have just bought one." in browser.main(f"{tender.work}/history").text


def test_nobody_joins_what_has_been_published(published: Drafted, make):
    barnet = make.authority("Barnet")
    browser = published.as_author()
    seen = browser.post(f"{published.work}/parties", authorities=[str(barnet.id)])
    assert browser.status == 409
    assert "section 31" in seen.text


def test_the_lead_is_handed_over_and_the_old_one_publishes_no_more(ready: Drafted, news):
    browser = ready.as_author()
    browser.post(f"{ready.work}/hand-over", to=str(ready.organisations["Hackney"]))
    assert browser.status == 200
    browser.post(f"{ready.work}/publish")
    assert browser.status == 403
    assert "Hackney leads now, no longer Camden" in browser.main(f"{ready.work}/history").text
    news()
    assert "Hackney leads now" in ready.as_approver("Hackney").main("/notifications").text
    assert "changed since" in ready.cell("Hackney", "value"), "the lead answers for the whole"
    assert "✓ Approved" in ready.cell("Camden", "terms")
    ready.approve("Hackney", "value")
    ready.approve("Camden", "value")
    ready.as_author("Hackney").post(f"{ready.work}/publish")
    assert browser.status == 200


def test_whoever_reads_a_published_tender_is_told_who_leads_it_now(published: Drafted):
    browser = published.as_author()
    browser.post(f"{published.work}/hand-over", to=str(published.organisations["Hackney"]))
    assert browser.status == 200
    assert "As published" in published.cell("Camden", "value"), "nobody changes anything there"
    seen = " ".join(browser.as_(VISITOR).main(f"/tenders/{published.id}").text.split())
    assert "Hackney (lead)" in seen
    assert "Camden (lead)" not in seen
    assert "Hackney leads now." in seen


def test_the_lead_does_not_leave(tender: Drafted):
    seen = tender.as_author().post(f"{tender.work}/leave", because="No money")
    assert tender.browser.status == 403
    assert "hand the lead over first" in seen.text


def test_whoever_leaves_after_publication_is_taken_out_of_what_everybody_sees(
    published: Drafted, make, news
):
    browser = published.browser
    asker, watcher = (make.manager(make.supplier(name)) for name in ("Asks", "Watches"))
    browser.as_(asker).post(f"/tenders/{published.id}/questions", asked="Is a trial possible?")
    browser.as_(watcher).get(f"/tenders/{published.id}")
    browser.post(f"/watch/tender/{published.id}")
    assert "You watch this tender" in browser.text
    published.as_author("Hackney")
    browser.post(f"{published.work}/leave", because="Our budget was cut.")
    assert browser.status == 200
    news()
    for person in (asker, watcher):
        seen = browser.as_(person).main("/notifications").text
        assert "Hackney no longer takes part: Housing repairs scheduling" in seen
        assert "Our budget was cut." in seen
    assert "Housing repairs scheduling" in browser.as_(watcher).main("/saved").text
    seen = " ".join(browser.as_(VISITOR).main(f"/tenders/{published.id}").text.split())
    assert "Hackney no longer takes part. Our budget was cut." in seen
    assert "£100,000" in seen
    assert "Hackney Before: Takes part; 9,000 homes Taken out." in seen
    published.as_author("Hackney").get(published.work)
    assert browser.status == 404


def test_who_stays_need_not_approve_what_the_leaving_of_another_changed(published: Drafted, news):
    published.as_author("Hackney").post(f"{published.work}/leave", because="Our budget was cut.")
    published.as_author()
    assert "As published" in published.cell("Camden", "value")
    assert published.blockers() == []
    news()
    seen = published.as_approver("Camden").main("/home").text
    assert "Approve" not in seen
    published.as_author().post(f"{published.work}/sections/terms", terms="Another term.")
    assert ["terms and dates" in one for one in published.blockers()] == [True]
    published.approve("Camden", "terms")
    browser = published.as_author()
    browser.post(f"{published.work}/amend", reason="A term.", material="false")
    assert browser.status == 200


def test_what_is_being_changed_when_another_leaves_still_has_to_be_approved(published: Drafted):
    browser = published.as_author()
    browser.post(f"{published.work}/sections/lots", no_lots_because="Another reason.", most_lots="")
    published.as_author("Hackney").post(f"{published.work}/leave", because="Our budget was cut.")
    published.as_author()
    assert "As published" in published.cell("Camden", "value")
    assert "changed since" in published.cell("Camden", "lots")


def test_a_copy_has_the_content_and_nobody_elses_share(ready: Drafted, session):
    browser = ready.as_author()
    browser.get(f"/tenders/new?copy={ready.id}")
    browser.post("/tenders", title="The next one", copy_id=str(ready.id))
    assert browser.status == 200
    session.rollback()
    made = session.exec(select(Tender).where(Tender.copied_from_id == ready.id)).one()
    assert (made.scope, made.deadline) == ("Plan, dispatch and report repairs.", None)
    session.rollback()


@pytest.mark.parametrize("manner", ["lots", "alone"])
def test_after_a_tender_that_ended_it_goes_on_with_links_both_ways(
    published: Drafted, make, session, manner
):
    browser, supplier = published.browser, make.manager(make.supplier())
    browser.as_(supplier).post(f"/tenders/{published.id}/questions", asked="Is a trial possible?")
    asked = published.as_author().get(f"{published.work}/questions")
    place = str(asked.select_one("a[href*='/questions/']")["href"])
    browser.post(place, wording="Is a trial possible?", answer="For a month.")
    browser.post(f"{place}/publish")
    browser.post(f"{published.work}/cancel", outcome="No bid was acceptable.")
    seen = published.as_author("Hackney").get(published.work)
    assert "Go on from it" in seen.text
    seen = browser.get(f"/tenders/new?copy={published.id}")
    assert "which has ended" in seen.text
    browser.post("/tenders", title="The next one", copy_id=str(published.id), manner=manner)
    assert browser.status == 200
    session.rollback()
    made = session.exec(select(Tender).where(Tender.continues_id == published.id)).one()
    assert made.organisation_id == published.organisations["Hackney"]
    stages = {
        one.organisation.called: one.stage.value
        for one in session.exec(select(Party).where(Party.tender_id == made.id))
    }
    lots = session.exec(select(Lot).where(Lot.tender_id == made.id)).all()
    session.rollback()
    together = {"Hackney": "accepted", "Camden": "invited"}
    assert stages == (together if manner == "lots" else {"Hackney": "accepted"})
    assert sorted(one.title for one in lots) == (["Camden", "Hackney"] if manner == "lots" else [])
    seen = browser.get(f"/tenders/{made.id}/workspace")
    assert seen.select_one(f"a[href$='/tenders/{published.id}']")
    assert browser.get(published.work).select_one(f"a[href$='/tenders/{made.id}']")
    seen = browser.main(f"/tenders/{made.id}/workspace/questions")
    assert "Is a trial possible?" in seen.text
    assert "For a month." in seen.text
    browser.as_(VISITOR).get(f"/tenders/{published.id}")
    assert str(made.id) not in browser.text, "a draft is linked for those who prepare it alone"
    published.as_author("Hackney").post(f"/tenders/{made.id}/workspace/withdraw", outcome="Not so.")
    browser.post("/tenders", title="The last one", copy_id=str(made.id), manner="alone")
    session.rollback()
    last = session.exec(select(Tender).where(Tender.continues_id == made.id)).one()
    session.rollback()
    seen = browser.main(f"/tenders/{last.id}/workspace/questions")
    assert "Is a trial possible?" in seen.text, "however far back it was answered"
    assert "Answered about Housing repairs scheduling" in seen.text


@pytest.mark.parametrize(
    ("manner", "theirs"),
    [("together", ["Fit", "Price", "Estates", "Towers"]), ("alone", ["Fit", "Price", "Towers"])],
)
def test_what_is_local_to_an_authority_goes_on_where_it_is_asked_too(
    published: Drafted, session, manner, theirs
):
    browser = published.as_author()
    for title, name in (("Estates", "Camden"), ("Towers", "Hackney")):
        browser.post(
            f"{published.work}/criteria/new",
            title=title,
            kind="quality",
            question="How?",
            organisation_id=str(published.organisations[name]),
        )
        fine(browser)
    browser.post(f"{published.work}/cancel", outcome="No bid was acceptable.")
    published.as_author("Hackney").post(
        "/tenders", title="The next one", copy_id=str(published.id), manner=manner
    )
    session.rollback()
    made = session.exec(select(Tender).where(Tender.continues_id == published.id)).one()
    its = select(Criterion).where(Criterion.tender_id == made.id).order_by(Criterion.position)
    local = {one.title: one.organisation_id for one in session.exec(its)}
    session.rollback()
    hackney = published.organisations["Hackney"]
    assert list(local) == theirs
    assert local["Towers"] == (hackney if manner == "together" else None)
    if manner == "together":
        published.as_author().post(f"/tenders/{made.id}/workspace/decline", because="Not again.")
        session.rollback()
        assert "Estates" not in {one.title for one in session.exec(its)}, "it goes with Camden"
        session.rollback()


def test_separate_tenders_are_begun_for_every_authority_in_one_step(
    published: Drafted, make, session, news
):
    browser = published.as_author("Hackney")
    browser.post(f"{published.work}/own/annex", own_terms="Our own data terms.")
    published.as_author()
    browser.post(f"{published.work}/separate")
    assert browser.status == 409, "it has not ended"
    browser.post(f"{published.work}/cancel", outcome="The boroughs go different ways.")
    published.as_author("Hackney").post(f"{published.work}/separate")
    assert browser.status == 403, "the lead begins them"
    seen = published.as_author().get(published.work)
    assert seen.select_one("a[href$='/workspace/separate']")
    browser.post(f"{published.work}/separate")
    assert browser.status == 200
    session.rollback()
    made = session.exec(select(Tender).where(Tender.continues_id == published.id)).all()
    owners = {one.organisation_id: one for one in made}
    session.rollback()
    assert set(owners) == set(published.organisations.values())
    hackneys = owners[published.organisations["Hackney"]]
    work = f"/tenders/{hackneys.id}/workspace"
    browser.get(work)
    assert browser.status == 404, "what Hackney prepares alone is not Camden's to see"
    published.as_author("Hackney").get(work)
    assert browser.status == 200
    assert "Plan, dispatch and report repairs." in browser.main(f"{work}/sections/scope").text
    assert "Our own data terms." in browser.main(f"{work}/own/annex").text
    assert "Weights" not in " ".join(browser.main(work).text.split()), "they are 100 already"
    seen = browser.get(f"{work}/history")
    assert "Separate tenders begun" in seen.text
    assert seen.select_one(f"a[href='{published.work}/history']")
    assert browser.get(published.work).select_one(f"a[href$='/tenders/{hackneys.id}']")
    news()
    assert "Your own tender was begun" in browser.main("/notifications").text
    published.as_author().post(f"{published.work}/separate")
    assert browser.status == 409
    assert "Every authority has gone on from this tender already." in browser.text
