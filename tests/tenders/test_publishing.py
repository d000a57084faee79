"""A joint tender from its first word to its publication, as its authorities do it."""

from tests.tenders.drafting import drafted


def test_a_joint_tender_is_written_approved_and_published(browser, make):
    tender = drafted(browser, make)
    tender.ready()
    tender.as_author()
    assert tender.blockers() == []
    tender.publish()
    seen = browser.as_(make.newcomer()).get(f"/tenders/{tender.id}")
    assert browser.status == 200
    assert "Housing repairs scheduling" in seen.select_one("h1").text
    assert "£200,000" in seen.text
