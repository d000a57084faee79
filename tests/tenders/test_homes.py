"""What waits for an authority in its tenders stands on the home of whoever can do it."""

from tests.tenders.drafting import Drafted


def needs(tender: Drafted, person) -> str:
    page = tender.browser.as_(person).main("/home")
    assert len(tender.browser.queries) <= 10
    return " ".join(page.text.split())


def test_an_approver_reads_which_parts_wait_until_they_are_approved(ready: Drafted):
    approver, author = ready.approvers["Hackney"], ready.authors["Hackney"]
    assert "Read and approve" not in needs(ready, approver)
    terms = {"conditions": "None.", "terms": "Other terms."}
    ready.as_author().post(f"{ready.work}/sections/terms", **terms)
    ready.criterion("Social value", "social-value")
    seen = needs(ready, approver)
    assert "Read and approve" in seen
    assert "These parts wait for Hackney: criteria, terms and dates" in seen
    assert "Read and approve" not in needs(ready, author), "an author cannot approve"
    ready.as_author()
    ready.approve("Hackney", "terms", "criteria")
    assert "Read and approve" not in needs(ready, approver)


def test_an_invitation_waits_for_whoever_can_answer_it(tender: Drafted, make):
    barnet = make.authority("Barnet")
    author, reader = make.author(barnet), make.actor(barnet)
    tender.as_author().post(f"{tender.work}/parties", authorities=[str(barnet.id)])
    assert "Camden asks Barnet to take part" in needs(tender, author)
    assert "Camden asks Barnet" not in needs(tender, reader)
    tender.browser.as_(author).post(f"{tender.work}/accept")
    assert "Camden asks Barnet" not in needs(tender, author)
