"""Before a tender is published its panel can be looked at, and says what it waits for."""

from tests.tenders.drafting import drafted


def test_the_evaluation_of_a_draft_waits_for_its_publication(browser, make):
    tender = drafted(browser, make)
    seen = tender.as_author().main(f"{tender.work}/evaluation")
    assert browser.status == 200
    assert "The tender is not published yet" in seen.text
