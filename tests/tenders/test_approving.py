"""Approvals: each of an exact version, and re-opened only for those whom a change concerns."""

from decimal import Decimal

from sqlmodel import select

from marketplace.organisations.models import Membership
from marketplace.tenders.models import Approval
from tests.tenders.drafting import Drafted, drafted

PARTS = ("specification", "lots", "criteria", "terms", "value")


def test_a_change_re_opens_the_part_that_it_is_about_and_no_other(ready: Drafted):
    ready.as_author()
    for name in ("Camden", "Hackney"):
        assert all(ready.cell(name, part).startswith("✓ Approved") for part in PARTS), name
    ready.criterion("Social value", "social-value")
    ready.as_author()
    for name in ("Camden", "Hackney"):
        assert "changed since" in ready.cell(name, "criteria")
        assert "Changed in version 6" in ready.cell(name, "criteria")
        others = set(PARTS) - {"criteria"}
        assert all("✓ Approved" in ready.cell(name, part) for part in others), name
    seen = ready.browser.get(f"{ready.work}/read/criteria/{ready.party_id('Hackney')}")
    assert "What changed since Hackney looked at version" in seen.text
    assert "Social value" in seen.select_one("ins").text


def test_what_is_changed_back_stands_again(ready: Drafted):
    browser = ready.as_author()
    for words in ("Other terms.", "The shared terms."):
        browser.post(f"{ready.work}/sections/terms", conditions="Cyber insurance.", terms=words)
    assert "✓ Approved" in ready.cell("Hackney", "terms")


def test_a_share_concerns_its_own_authority_and_the_lead(browser, make):
    tender = drafted(browser, make, "Camden", "Hackney", "Southwark")
    for name in tender.organisations:
        tender.share(name)
    for name in tender.organisations:
        tender.approve(name, "value")
    tender.share("Southwark", "120,000")
    assert "changed since" in tender.cell("Southwark", "value")
    assert "changed since" in tender.cell("Camden", "value")
    assert "✓ Approved" in tender.cell("Hackney", "value")


def test_a_lot_concerns_the_authorities_that_it_serves_and_the_lead(browser, make):
    tender = drafted(browser, make, "Camden", "Hackney", "Southwark")
    ids = {name: str(id) for name, id in tender.organisations.items()}
    author = tender.as_author()
    for title, names in (("North", ("Camden", "Hackney")), ("South", ("Southwark",))):
        author.post(
            f"{tender.work}/lots/new", title=title, authorities=[ids[name] for name in names]
        )
        assert author.status == 200
    for name in tender.organisations:
        tender.approve(name, "lots")
    lots = tender.as_author().get(f"{tender.work}/sections/lots").select(".app-list__title a")
    south = next(str(one["href"]) for one in lots if "South" in one.text)
    author.post(south, title="South", description="All of it", authorities=[ids["Southwark"]])
    assert "changed since" in tender.cell("Southwark", "lots")
    assert "✓ Approved" in tender.cell("Hackney", "lots")


def test_an_approval_of_what_has_just_been_replaced_shows_the_newer_version(ready: Drafted):
    browser = ready.as_author()
    browser.post(f"{ready.work}/sections/terms", conditions="None.", terms="Version two")
    at = f"{ready.work}/read/terms/{ready.party_id('Hackney')}"
    read = ready.as_approver("Hackney").get(at).select_one("input[name=digest]")["value"]
    ready.as_author().post(f"{ready.work}/sections/terms", conditions="None.", terms="Version 3")
    seen = ready.as_approver("Hackney").post(f"{at}/approve", part="terms", digest=str(read))
    assert browser.status == 409
    assert "appeared while you were reading" in seen.text
    assert "Version 3" in seen.text
    assert "The shared terms." in seen.select_one("del").text + seen.text, "and what it was before"
    assert "changed since" in ready.cell("Hackney", "terms")


def test_a_change_that_is_asked_for_stands_in_the_list_until_there_is_one(ready: Drafted):
    browser = ready.as_approver("Hackney")
    at = f"{ready.work}/read/terms/{ready.party_id('Hackney')}"
    browser.post(f"{at}/object", message=" ")
    assert browser.status == 422
    browser.post(f"{at}/object", message="Add our payment days.")
    assert "Add our payment days." in ready.cell("Hackney", "terms")
    assert "Hackney asked for a change to the terms and dates" in ready.blockers()
    ready.as_author().post(f"{ready.work}/sections/terms", conditions="None.", terms="30 days.")
    assert "Waiting for Hackney approver" in ready.cell("Hackney", "terms")


def test_an_approver_gives_no_more_than_their_limit(tender: Drafted, make, session):
    tender.share("Hackney", "100,000")
    who = tender.approvers["Hackney"]
    member = session.get(Membership, who.membership_id)
    member.value_limit = Decimal(99_999)
    session.commit()
    tender.as_approver("Hackney")
    at = f"{tender.work}/read/value/{tender.party_id('Hackney', 'value')}"
    digest = tender.browser.get(at).select_one("input[name=digest]")["value"]
    seen = tender.browser.post(f"{at}/approve", part="value", digest=str(digest))
    assert tender.browser.status == 403
    assert "You may approve up to £99,999" in seen.text
    session.rollback()
    assert not session.exec(select(Approval)).all()


def test_only_an_approver_of_the_same_authority_approves_for_it(ready: Drafted, make):
    at = f"{ready.work}/read/terms/{ready.party_id('Hackney')}"
    for person in (
        ready.approvers["Camden"],
        ready.authors["Hackney"],
        make.curator(),
    ):
        ready.browser.as_(person).post(f"{at}/approve", part="terms", digest="x")
        assert ready.browser.status == 403, person
