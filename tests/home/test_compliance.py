"""What homes tell of claims, assessments and reliance: to whom it matters, and to nobody else."""

from datetime import timedelta

import pytest

from auth.actor import Role
from marketplace.catalogue.models import ProductEdit, ProductReport
from marketplace.claims.models import (
    Claim,
    Interest,
    Purpose,
    Reliance,
    RelianceStage,
    Stage,
    Visibility,
)
from marketplace.core.times import now
from marketplace.standards.models import Stage as Published
from tests.browser_of_pages import MOST_QUERIES
from tests.claims import rows
from tests.home.test_homes import in_days, items, text
from tests.make import Make

PRIVATE = "Fenwick Private Report 99"


@pytest.fixture
def supplier(make):
    return make.supplier()


@pytest.fixture
def product(make, supplier):
    return make.product(supplier)


def claim(make: Make, title: str, supplier, product=None, stage=Stage.DECLARED, **more) -> Claim:
    held = rows.version(make, title=title, label="", whole_organisation=True)
    return rows.claim(make, held, supplier, product, stage, **more)


def reliance(make: Make, of: Claim, by, **more) -> Reliance:
    about = {"purpose": Purpose.CONTRACT, "reference": "Waste 2027"}
    return make(Reliance(claim_id=of.id, organisation_id=by.id, **(about | more)))


# ---- A supplier


def test_a_manager_sees_what_to_mend_to_renew_and_to_send_by_date(browser, make, supplier, product):
    claim(make, "Half done", supplier, product)
    claim(make, "Firewalls", supplier, product, Stage.MET, ends_on=in_days(20))
    claim(make, "Long to go", supplier, product, Stage.MET, ends_on=in_days(400))
    claim(make, "Gone", supplier, stage=Stage.PARTLY, ends_on=in_days(-2))
    claim(make, "Backups", supplier, product, Stage.FIXING, fix_by=in_days(5))
    claim(make, "Too late", supplier, product, Stage.FIXING, fix_by=in_days(-1))
    claim(make, "Of a rival", make.supplier("Rival"))

    seen = browser.as_(make.manager(supplier)).get("/home")

    assert items(seen, "needs-you") == [
        "Mend: Backups",
        "Renew: Gone",
        "Renew: Firewalls",
        "Finish: Half done",
    ]
    said = text(seen, "needs-you")
    assert "in 5 days LOTI asked for edits to what you claim for Roundwise" in said
    assert "all that Brightwater Systems does no longer counts" in said
    assert items(seen, "coming-up") == ["Backups", "Firewalls"]
    assert items(seen, "yours") == [
        "1 Listed",
        "2 claims met",
        "3 claims not decided yet",
        "1 claim that expires soon",
    ]
    assert "Of a rival" not in seen.text


def test_a_colleague_who_manages_nothing_is_not_asked_to_mend_claims(
    browser, make, supplier, product
):
    claim(make, "Backups", supplier, product, Stage.FIXING, fix_by=in_days(5))

    seen = browser.as_(make.administrator(supplier)).get("/home")

    assert "Backups" not in text(seen, "needs-you")
    assert items(seen, "coming-up") == ["Backups"]


def test_a_claim_that_is_being_renewed_is_not_asked_for_again(browser, make, supplier, product):
    old = claim(make, "Firewalls", supplier, product, Stage.MET, ends_on=in_days(20))
    held = old.version
    rows.claim(make, held, supplier, product, Stage.SUBMITTED, previous_id=old.id)

    seen = browser.as_(make.manager(supplier)).get("/home")

    assert not [one for one in items(seen, "needs-you") if one.startswith("Renew")]


def test_many_claims_of_a_kind_are_told_in_one_line(browser, make, supplier):
    for number in range(6):
        claim(make, f"Standard {number}", supplier)

    seen = browser.as_(make.manager(supplier)).get("/home")

    assert items(seen, "needs-you") == [
        "Finish: Standard 0",
        "Finish: Standard 1",
        "Finish: 4 more claims",
    ]


# ---- LOTI


def test_an_assessor_sees_the_oldest_claim_first_and_none_with_an_interest(
    browser, make, supplier, product
):
    def ago(days):
        return {"submitted_at": now() - timedelta(days=days)}

    assessor = rows.assessor(make)
    claim(make, "Young", supplier, product, Stage.SUBMITTED, **ago(1))
    claim(make, "Old", supplier, product, Stage.SUBMITTED, **ago(4))
    mine = {"assessor_id": assessor.person_id, "assessor_name": assessor.name, "taken_at": now()}
    claim(make, "Mine", supplier, product, Stage.ASSESSING, **ago(3), **mine)
    theirs = {"assessor_id": make.person().id, "assessor_name": "Nadia", "taken_at": now()}
    claim(make, "Hers", supplier, product, Stage.ASSESSING, **ago(5), **theirs)
    claim(make, "Not sent", supplier, product)
    friends = make.supplier("Friends")
    make(Interest(what="A cousin", person_id=assessor.person_id, organisation_id=friends.id))
    claim(make, "Of friends", friends, stage=Stage.SUBMITTED, **ago(9))

    seen = browser.as_(assessor).get("/home")

    assert items(seen, "needs-you") == [
        "Assess: Old, for Roundwise",
        "Assess: Mine, for Roundwise",
        "Assess: Young, for Roundwise",
    ]
    said = text(seen, "needs-you")
    assert "Brightwater Systems sent it 4 days ago, and nobody has it yet" in said
    assert "sent it 3 days ago, and you have it" in said


def test_a_curator_sees_changes_reports_drafts_and_what_ends_that_is_relied_on(
    browser, make, supplier, product
):
    rows.version(make, stage=Published.DRAFT)
    claim(make, "To assess", supplier, product, Stage.SUBMITTED, submitted_at=now())
    ends = claim(make, "Firewalls", supplier, product, Stage.MET, ends_on=in_days(20))
    claim(make, "Relied on by nobody", supplier, product, Stage.MET, ends_on=in_days(20))
    for name in ("Camden", "Hackney"):
        reliance(make, ends, make.authority(name))
    for section in ("service", "prices"):
        make(ProductEdit(section=section, saved_at=now(), product_id=product.id))
    make(ProductReport(message="Wrong area", product_id=product.id))

    seen = browser.as_(make.curator()).get("/home")

    assert items(seen, "needs-you") == [
        "Look at: 2 changes to products",
        "Answer: 1 report about a product",
        "Finish: 1 draft of a standard",
    ]
    assert items(seen, "coming-up") == ["Firewalls, for Roundwise"]
    assert "2 authorities rely on it" in text(seen, "coming-up")


# ---- An authority


@pytest.mark.parametrize(
    ("end", "says"),
    [
        ({"stage": Stage.REVOKED, "because": "Forged"}, "LOTI revoked it: Forged"),
        ({"ends_on": in_days(-1)}, "It expired"),
        ({"stage": Stage.WITHDRAWN}, "Its supplier withdrew the claim"),
    ],
)
def test_an_approver_checks_what_was_relied_on_and_holds_no_more(
    browser, make, supplier, product, end, says
):
    camden = make.authority("Camden")
    held = claim(make, "Firewalls", supplier, product, Stage.MET, ends_on=in_days(400))
    record = reliance(make, held, camden)
    for name, value in end.items():
        setattr(held, name, value)
    held.revoked_at = now() if held.stage == Stage.REVOKED else None
    held.withdrawn_at = now() if held.stage == Stage.WITHDRAWN else None
    make(held)

    seen = browser.as_(make.approver(camden)).get("/home")
    of_others = browser.as_(make.approver(make.authority("Hackney"))).get("/home")
    of_an_evaluator = browser.as_(make.actor(camden, Role.EVALUATOR)).get("/home")
    record.stage, record.ended_at = RelianceStage.ENDED, now()
    make(record)
    once_ended = browser.as_(make.approver(camden)).get("/home")

    assert items(seen, "needs-you") == ["Check: Firewalls, for Roundwise"]
    assert says in text(seen, "needs-you")
    assert "Camden relies on it for a contract: Waste 2027" in text(seen, "needs-you")
    assert "Firewalls" not in of_others.text
    assert "Firewalls" not in text(of_an_evaluator, "needs-you")
    assert "Firewalls" not in once_ended.text


def test_an_authority_sees_what_ends_of_what_it_relies_on_and_of_products_it_uses(
    browser, make, supplier, product
):
    camden = make.authority("Camden")
    make.challenge(camden, closes_on=in_days(90))
    make.use(product, camden)
    claim(make, "Backups", supplier, product, Stage.MET, ends_on=in_days(9))
    elsewhere = make.product(supplier, name="Otherwise")
    relied = claim(make, "Firewalls", supplier, elsewhere, Stage.MET, ends_on=in_days(20))
    reliance(make, relied, camden)
    claim(make, "Neither", supplier, elsewhere, Stage.MET, ends_on=in_days(9))
    claim(make, "Later", supplier, product, Stage.MET, ends_on=in_days(40))

    seen = browser.as_(make.author(camden)).get("/home")

    assert items(seen, "coming-up") == ["Backups", "Firewalls"]
    said = text(seen, "coming-up")
    assert "What LOTI found for Roundwise ends; Camden uses the product" in said
    assert "What LOTI found for Otherwise ends; Camden relies on it" in said


# ---- Everybody


def test_no_home_tells_of_private_evidence(browser, make, supplier, product):
    camden = make.authority("Camden")
    held = claim(make, "Firewalls", supplier, product, Stage.MET, ends_on=in_days(9))
    make.use(product, camden)
    reliance(make, held, camden)
    rows.evidence(make, held, Visibility.ASSESSORS, number=PRIVATE, issuer=PRIVATE)
    sent = claim(make, "Backups", supplier, product, Stage.SUBMITTED, submitted_at=now())
    rows.evidence(make, sent, Visibility.PUBLIC, number=PRIVATE, issuer=PRIVATE)

    told = [
        browser.as_(actor).get("/home").text
        for actor in (
            make.approver(camden),
            make.manager(make.supplier("Rival")),
            make.curator(),
            make.manager(supplier),
        )
    ]

    assert any("Firewalls" in one for one in told)
    assert not any(PRIVATE in one for one in told)


def test_much_to_see_to_costs_no_more_queries(browser, make, supplier, product):
    camden = make.authority("Camden")
    loti = make.actor(make.loti(), Role.ASSESSOR, Role.CURATOR)
    approver = make.actor(camden, Role.APPROVER, Role.ADMINISTRATOR)
    actors = [approver, make.manager(supplier), loti]

    def fill(number: int) -> None:
        for at in range(number):
            soon = claim(make, f"A {at}", supplier, product, Stage.MET, ends_on=in_days(9))
            over = claim(make, f"B {at}", supplier, product, Stage.MET, ends_on=in_days(-9))
            reliance(make, soon, camden)
            reliance(make, over, camden)
            claim(make, f"C {at}", supplier, product, Stage.SUBMITTED, submitted_at=now())
            claim(make, f"D {at}", supplier, product)

    def cost() -> list[int]:
        costs = []
        for actor in actors:
            browser.as_(actor).get("/home")
            costs.append(len(browser.queries))
        return costs

    fill(2)
    few = cost()
    fill(20)

    assert cost() == few
    assert max(few) < MOST_QUERIES, "one more is who is signed in"
