"""Who is told of what, why, and in which words: through the pages where people do it."""

from datetime import timedelta

import pytest

from auth.actor import CLOCK, Role
from marketplace.challenges import actions as challenges
from marketplace.challenges.models import Stage
from marketplace.core import db
from marketplace.core.times import in_london, now
from marketplace.organisations.models import Person
from marketplace.verbs import Verb
from tests.notices.releases import package, release

# ---- Challenges


def test_sending_a_challenge_asks_curators_to_review_it_and_tells_the_other_authors(
    make, camden, happen, reads, told
):
    author, colleague = make.author(camden), make.actor(camden, Role.AUTHOR, name="Amara")
    curator, member = make.curator(), make.actor(camden, name="A member")
    challenge = make.challenge(camden, Stage.DRAFT, title="Missed bins")

    happen(author, Verb.CHALLENGE_SUBMIT, challenge)

    assert told() == {
        "Someone at LOTI": "you are a curator of LOTI",
        "Amara": "you write challenges for Camden",
    }
    (review,) = reads(curator)
    assert review.subject == "Review: Missed bins"
    assert review.body == "Camden sent it to be published. Publish it or ask for edits."
    assert review.href == f"/challenges/{challenge.id}/review"
    assert [line.subject for line in reads(colleague)] == ["Sent to LOTI: Missed bins"]
    assert reads(author) == reads(member) == []


def test_edits_that_loti_asks_for_need_the_authors_until_one_of_them_has_sent_it_again(
    make, camden, browser, news, happen, reads
):
    author, curator = make.author(camden), make.curator()
    challenge = make.challenge(camden, Stage.SUBMITTED, title="Missed bins")

    browser.as_(curator).post(f"/challenges/{challenge.id}/return", message="Say how many homes")
    news()

    (edit,) = reads(author)
    assert edit.subject == "Edit: Missed bins"
    assert edit.body.startswith("LOTI asks for edits: Say how many homes")
    assert edit.href == f"/challenges/{challenge.id}/edit"

    happen(make.author(camden), Verb.CHALLENGE_SUBMIT, challenge)
    assert [line.subject for line in reads(author)] == ["Sent to LOTI: Missed bins"]


def test_publishing_tells_authors_neighbours_and_suppliers_each_in_other_words(
    make, camden, hackney, browser, news, reads, told
):
    author = make.actor(camden, Role.AUTHOR, name="Amara")
    neighbour = make.actor(hackney, Role.APPROVER, name="Joseph")
    make.challenge(hackney, area="waste")
    make.actor(make.authority("Brent"), Role.AUTHOR, name="Elsewhere")
    maker, other = make.supplier("Brightwater"), make.supplier("Parkwell")
    manager = make.actor(maker, Role.MANAGER, name="Dan")
    make.actor(maker, name="No manager")
    make.actor(other, Role.MANAGER, name="Of other work")
    make.product(maker, name="Roundwise", areas=["waste", "parking"])
    make.product(other, name="Parkwise", areas=["parking"])
    challenge = make.challenge(camden, Stage.SUBMITTED, title="Missed bins", area="waste")

    browser.as_(make.curator()).post(f"/challenges/{challenge.id}/approve")
    assert browser.status == 200
    news()

    assert told() == {
        "Amara": "you write challenges for Camden",
        "Joseph": "Hackney has challenges in the area Waste and street cleansing",
        "Dan": "Roundwise is made for the area Waste and street cleansing",
    }
    subjects = [reads(who)[0].subject for who in (author, neighbour, manager)]
    assert subjects == [
        "Published: Missed bins",
        "Say if you need this too: Missed bins",
        "Camden needs this: Missed bins",
    ]
    assert "It is open until the end of" in reads(manager)[0].body
    assert "(UK time)" in reads(manager)[0].body


def test_whoever_belongs_to_two_audiences_is_told_once_in_the_words_of_the_first(
    make, session, camden, hackney, browser, news, reads
):
    make.challenge(hackney, area="waste")
    both = make.author(camden)
    as_hackney = make.member(session.get(Person, both.person_id), hackney, Role.AUTHOR)
    challenge = make.challenge(camden, Stage.SUBMITTED, title="Missed bins", area="waste")

    browser.as_(make.curator()).post(f"/challenges/{challenge.id}/approve")
    news()

    assert [line.subject for line in reads(both)] == ["Published: Missed bins"]
    assert reads(as_hackney) == []


def test_joining_tells_the_authors_and_who_joined_before_but_not_who_did_it(
    make, camden, hackney, browser, news, told
):
    challenge = make.challenge(camden, title="Missed bins")
    make.actor(camden, Role.AUTHOR, name="Amara")
    brent = make.authority("Brent")
    make.commitment(challenge, brent)
    make.actor(brent, Role.APPROVER, name="Of Brent")
    joining = make.approver(hackney)
    make.actor(hackney, Role.AUTHOR, name="Leila")

    browser.as_(joining).post(f"/challenges/{challenge.id}/commitments", level="interested")
    news()

    assert told() == {
        "Amara": "you write challenges for Camden",
        "Of Brent": "Brent takes part",
        "Leila": "Hackney takes part",
    }


def test_leaving_and_changing_are_told_in_words(make, camden, hackney, browser, news, reads):
    author = make.author(camden)
    challenge = make.challenge(camden, title="Missed bins")
    make.commitment(challenge, hackney)
    browser.as_(make.approver(hackney))

    browser.post(f"/challenges/{challenge.id}/commitments/change", level="committed")
    browser.post(f"/challenges/{challenge.id}/commitments/withdraw")
    news()

    left, changed = reads(author)
    assert left.subject == "Hackney no longer takes part: Missed bins"
    assert (changed.subject, changed.body) == (
        "Hackney changed what it said: Missed bins",
        "Hackney is committed.",
    )


def test_the_clock_closes_and_asks_the_authors_what_came_of_it(
    make, marketplace, camden, hackney, news, reads
):
    author, joined = make.author(camden), make.approver(hackney)
    yesterday = in_london(now()).date() - timedelta(days=1)
    challenge = make.challenge(camden, title="Missed bins", closes_on=yesterday)
    make.commitment(challenge, hackney)

    with db.writing(marketplace.engine) as session:
        challenges.close_what_is_over(marketplace.context(session, CLOCK))
        session.commit()
    news()

    assert [line.subject for line in reads(author)] == ["Say what came of it: Missed bins"]
    assert [line.subject for line in reads(joined)] == ["Closed: Missed bins"]


@pytest.mark.parametrize(
    ("verb", "subject"),
    [
        ("take", "Taken into a tender: Missed bins"),
        ("pilot", "Being piloted: Missed bins"),
        ("share", "What was learnt: Missed bins"),
        ("drop", "Dropped: Missed bins"),
        ("withdraw", "Withdrawn: Missed bins"),
    ],
)
def test_what_came_of_it_is_told_to_whoever_joined(
    make, camden, hackney, browser, news, reads, verb, subject
):
    joined = make.approver(hackney)
    challenge = make.challenge(camden, title="Missed bins")
    make.commitment(challenge, hackney)

    browser.as_(make.actor(camden, Role.AUTHOR, name="Amara"))
    browser.post(f"/challenges/{challenge.id}/{verb}", outcome="2026/S 000-031337")
    news()

    (line,) = reads(joined)
    assert line.subject == subject
    assert line.body == "Amara, Camden, says: 2026/S 000-031337"
    assert line.why == "Hackney takes part"


# ---- Products, suppliers and notices


def test_a_product_is_told_to_colleagues_curators_and_those_who_use_it(
    make, camden, browser, news, reads
):
    supplier = make.supplier("Brightwater")
    colleague, curator, user = make.manager(supplier), make.curator(), make.approver(camden)
    product = make.product(supplier, "paused", name="Roundwise")
    make.use(product, camden)
    browser.as_(make.actor(supplier, Role.MANAGER, name="Dan"))

    browser.post(f"/products/{product.id}/publish")
    browser.post(f"/products/{product.id}/retire")
    news()

    retired, listed = reads(colleague)
    assert (listed.subject, listed.body) == (
        "Listed: Roundwise",
        "Dan put it into the catalogue.",
    )
    assert retired.subject == "Retired: Roundwise"
    assert [line.subject for line in reads(curator)] == [
        "New in the catalogue: Roundwise, by Brightwater"
    ]
    (line,) = reads(user)
    assert line.subject == "Retired: Roundwise, by Brightwater"
    assert line.why == "Camden is named as using it"


def test_a_new_supplier_is_told_to_curators_and_a_new_authority_is_not(make, happen, reads):
    curator = make.curator()
    supplier = make.supplier("Brightwater")

    happen(CLOCK, Verb.ORGANISATION_REGISTER, supplier)
    happen(CLOCK, Verb.ORGANISATION_REGISTER, make.authority("Camden"))

    assert [line.subject for line in reads(curator)] == ["New supplier: Brightwater"]


def test_whoever_uploaded_a_file_hears_what_came_of_it(make, camden, browser, news, reads):
    uploader, colleague = make.author(camden), make.author(camden)
    browser.as_(uploader)
    good = package(release(), release("ocid", "ocds-b5fd17-2"))
    for name, content in (("good.json", good), ("bad.json", b"{")):
        browser.post("/notices/import", files={"file": (name, content)})
    news()

    bad, good = sorted(reads(uploader), key=lambda line: line.subject)
    assert bad.subject == "Could not be read: bad.json"
    assert bad.body == "The file is cut short: it ends in the middle of the JSON."
    assert (good.subject, good.body) == ("Read in: good.json", "2 new, 0 updated, 0 refused.")
    assert good.why == "you uploaded the file"
    assert reads(colleague) == []
